"""Named inputs and outputs, batches, dtypes, and the sentences for what does not fit."""

import threading

import numpy as np
import pytest

from labutils import data
from labutils.errors import LabError
from labutils.models import asset
from labutils.tflite.runtime import TensorSpec, open_model


@pytest.fixture(scope="module")
def digits():
    images, labels = data.digits("test")
    return data.for_cnn(images), labels


def test_neuron_answers_about_nineteen():
    assert abs(open_model(asset("neuron.tflite")).predict([[10.0]]).item() - 19) < 0.2


@pytest.mark.parametrize("xnnpack", [True, False])
@pytest.mark.parametrize("threads", [1, 2])
def test_batch_equals_one_at_a_time(digits, xnnpack, threads):
    model = open_model(asset("digits_cnn.tflite"), threads=threads, xnnpack=xnnpack)
    inputs = digits[0][:20]
    single = np.concatenate([model.predict(inputs[n : n + 1]) for n in range(20)])
    assert np.allclose(model.predict(inputs), single, atol=1e-6)


def test_integer_model_by_hand_equals_predict(digits):
    model = open_model(asset("digits_cnn_int8.tflite"))
    spec, out = model.inputs["image"], next(iter(model.outputs.values()))
    stored = np.clip(np.round(digits[0] / spec.scale + spec.zero_point), -128, 127).astype(np.int8)
    raw = model.run(stored)
    assert raw.dtype == np.int8
    assert np.array_equal((raw.astype(np.float32) - out.zero_point) * np.float32(out.scale), model.predict(digits[0]))
    assert (model.predict(digits[0]).argmax(1) == digits[1]).mean() > 0.95


def test_quantize_rounds_and_clips():
    spec = TensorSpec("x", 0, (1,), np.dtype("uint8"), 0.5, 10)
    assert spec.quantize(np.array([0.24, 0.26, 1e9, -1e9])).tolist() == [10, 11, 255, 0]
    assert spec.dequantize(np.array([0], np.uint8)).tolist() == [-5.0]


@pytest.mark.parametrize(
    ("values", "word"),
    [
        (np.zeros((1, 8, 8)), "shape"),
        (np.zeros((1, 8, 9, 1)), "shape"),
        (np.zeros((0, 8, 8, 1)), "shape"),
        ({"picture": np.zeros((1, 8, 8, 1))}, "image"),
    ],
)
def test_what_does_not_fit_gets_a_sentence(values, word):
    with pytest.raises(LabError, match=word):
        open_model(asset("digits_cnn.tflite")).predict(values)


def test_run_wants_the_exact_dtype():
    with pytest.raises(LabError, match="float64.*astype"):
        open_model(asset("digits_cnn.tflite")).run(np.zeros((1, 8, 8, 1)))
    with pytest.raises(LabError, match="quantize"):
        open_model(asset("digits_cnn_int8.tflite")).run(np.zeros((1, 8, 8, 1), np.float32))
    with pytest.raises(LabError, match="at least 1"):
        open_model(asset("neuron.tflite"), threads=0)


def test_after_a_refused_call_the_next_one_works(digits):
    model = open_model(asset("digits_cnn.tflite"))
    before = model.predict(digits[0][:3])
    with pytest.raises(LabError):
        model.predict(np.zeros((2, 9, 9, 1)))
    assert np.array_equal(model.predict(digits[0][:3]), before)


def test_several_inputs_outputs_and_a_fixed_batch(tf):
    from labutils.tflite.quiet import quiet

    with quiet():
        function = tf.function(lambda a, b: {"total": a + b, "product": a * b})
        spec = [tf.TensorSpec([2, 3], tf.float32, name=name) for name in "ab"]
        concrete = function.get_concrete_function(*spec)
        content = tf.lite.TFLiteConverter.from_concrete_functions([concrete]).convert()
    model = open_model(content)
    assert len(model.inputs) == len(model.outputs) == 2
    a, b = np.arange(12, dtype=np.float32).reshape(4, 3), np.ones((4, 3), np.float32)
    answers = model.predict(dict(zip(model.inputs, (a, b), strict=True)))
    assert sorted(float(v.sum()) for v in answers.values()) == [66.0, 78.0]
    with pytest.raises(LabError, match="dictionary"):
        model.predict(a)
    with pytest.raises(LabError, match="fixed batch of 2"):
        model.predict(dict(zip(model.inputs, (a[:3], b[:3]), strict=True)))


def test_one_model_per_thread_is_right(digits):
    inputs, wrong = digits[0][:2], []

    def ask(row):
        model = open_model(asset("digits_cnn.tflite"))
        right = model.predict(inputs[row : row + 1])
        wrong.extend(n for n in range(200) if not np.array_equal(model.predict(inputs[row : row + 1]), right))

    threads = [threading.Thread(target=ask, args=(row,)) for row in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong
