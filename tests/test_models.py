"""labutils.models: the shipped files are whole, and the models in them do what the course says they do."""

import hashlib
import json
import shutil

import numpy as np
import pytest

from labutils import data, models
from labutils.errors import LabError
from labutils.tflite.anatomy import anatomy
from labutils.tflite.parity import parity
from labutils.tflite.runtime import open_model

SHIPPED = {
    "neuron.tflite",
    "digits_cnn.tflite",
    "digits_cnn_int8.tflite",
    "mobilenet_v2_digits.npz",
    "mobilenet_v2_digits.tflite",
    "training.json",
}
FILES = sorted(name for name in SHIPPED if name.endswith(".tflite"))


@pytest.fixture(scope="module")
def mobilenet():
    """The shipped MobileNetV2 in Keras, the test images as it wants them, and what it answers."""
    model = models.mobilenet_v2_digits()
    inputs = data.for_mobilenet(data.digits("test")[0])
    return model, inputs, model.predict(inputs, batch_size=180, verbose=0)


@pytest.fixture
def assets(tmp_path, monkeypatch):
    """A copy of the shipped files that a test may damage."""
    folder = shutil.copytree(models.ASSETS, tmp_path / "assets")
    monkeypatch.setattr(models, "ASSETS", folder)
    return folder


@pytest.fixture(scope="module")
def measured():
    """What the training wrote down."""
    return json.loads(models.asset("training.json").read_text())


def accuracy(answers: np.ndarray) -> float:
    return float((answers.argmax(axis=1) == data.digits("test")[1]).mean())


def test_every_shipped_file_is_on_record():
    lines = (models.ASSETS / "SHA256SUMS").read_text().splitlines()
    digests = dict(reversed(line.split("  ")) for line in lines)
    assert digests.keys() == SHIPPED == {path.name for path in models.ASSETS.iterdir()} - {"SHA256SUMS"}
    for name, digest in digests.items():
        assert hashlib.sha256(models.asset(name).read_bytes()).hexdigest() == digest


@pytest.mark.parametrize("name", ["mobilenet.tflite", "../models.py", "SHA256SUMS", ""])
def test_unknown_asset_names_those_there_are(name):
    with pytest.raises(LabError, match="digits_cnn.tflite"):
        models.asset(name)


def test_damaged_asset(assets):
    path = assets / "digits_cnn.tflite"
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    with pytest.raises(LabError, match="digits_cnn.tflite is damaged: restore it with git checkout"):
        models.asset("digits_cnn.tflite")
    assert models.asset("neuron.tflite").is_file()


def test_missing_asset(assets):
    (assets / "neuron.tflite").unlink()
    with pytest.raises(LabError, match="neuron.tflite is missing: restore"):
        models.asset("neuron.tflite")
    (assets / "SHA256SUMS").unlink()
    with pytest.raises(LabError, match="list of shipped files is missing: restore"):
        models.asset("neuron.tflite")


@pytest.mark.parametrize("name", FILES)
def test_files_hold_their_weights_and_a_signature(name):
    found = anatomy(models.asset(name))
    assert not found.has_unfrozen_variables
    (signature,) = found.signatures
    assert signature.key == "serving_default"
    assert list(signature.inputs) == ["x" if name == "neuron.tflite" else "image"]


def test_weights_are_small_and_in_full_precision():
    path = models.asset("mobilenet_v2_digits.npz")
    assert path.stat().st_size <= 1_700_000
    with np.load(path) as weights:
        assert {values.dtype.name for values in weights.values()} == {"float32"}


def test_mobilenet_is_accurate_in_keras_and_in_the_file(mobilenet, measured):
    _, inputs, answers = mobilenet
    assert accuracy(answers) >= 0.98
    assert accuracy(answers) == pytest.approx(measured["mobilenet_v2_digits"]["test_accuracy"], abs=1e-4)
    found = parity(models.asset("mobilenet_v2_digits.tflite"), answers, inputs, tolerance=1e-4)
    assert found.agrees and found.top1 == 1, found


def test_mobilenet_is_the_one_of_keras(mobilenet):
    import keras

    model, inputs, answers = mobilenet
    plain = keras.applications.MobileNetV2((64, 64, 3), alpha=0.35, weights=None, classes=10)
    models.load_weights(plain, models.asset("mobilenet_v2_digits.npz"))
    assert plain.predict(inputs[:20], verbose=0) == pytest.approx(answers[:20], abs=1e-5)
    assert [tensor.name for tensor in model.inputs] == ["image"]


def test_mobilenet_shipped_by_validation(measured):
    report = measured["mobilenet_v2_digits"]
    tests = [run["test_accuracy"] for run in report["runs"]]
    assert len({run["seed"] for run in report["runs"]}) == 3 and min(tests) >= 0.97
    assert report["test_accuracy_mean"] == pytest.approx(np.mean(tests), abs=1e-4)
    assert report["test_accuracy_range"] == [min(tests), max(tests)]
    best = max(report["runs"], key=lambda run: (run["validation_accuracy"], -run["validation_loss"]))
    assert (report["shipped_seed"], report["test_accuracy"]) == (best["seed"], best["test_accuracy"])


def test_mobilenet_untrained_takes_other_widths_and_sizes():
    model = models.mobilenet_v2_digits(weights=None, alpha=0.5, image_size=32)
    assert model.input_shape == (None, 32, 32, 3) and model.output_shape == (None, 10)


@pytest.mark.parametrize(
    "wrong, cure",
    [
        ({"weights": "imagenet"}, "weights=None"),
        ({"alpha": 1.0}, "alpha=0.35"),
        ({"image_size": 224}, "image_size=64"),
        ({"weights": None, "image_size": 16}, "32 or more"),
        ({"weights": None, "alpha": 0}, "above 0"),
    ],
)
def test_mobilenet_refuses_what_does_not_exist(wrong, cure):
    with pytest.raises(LabError, match=cure):
        models.mobilenet_v2_digits(**wrong)


def test_weights_of_another_model_are_refused_and_change_nothing():
    model = models.digits_cnn()
    before = model.get_weights()
    with pytest.raises(LabError, match="do not fit digits_cnn"):
        models.load_weights(model, models.asset("mobilenet_v2_digits.npz"))
    assert all(np.array_equal(now, then) for now, then in zip(model.get_weights(), before, strict=True))


@pytest.mark.parametrize("name, floor", [("digits_cnn", 0.98), ("digits_cnn_int8", 0.97)])
def test_cnn_files_are_accurate(name, floor, measured):
    answers = open_model(models.asset(f"{name}.tflite")).predict(data.for_cnn(data.digits("test")[0]))
    assert accuracy(answers) >= floor
    assert accuracy(answers) == pytest.approx(measured[name]["test_accuracy"], abs=0.006)  # two images: kernels differ


def test_integer_cnn_is_integer_throughout():
    found = anatomy(models.asset("digits_cnn_int8.tflite"))
    model = open_model(models.asset("digits_cnn_int8.tflite"))
    assert {spec.dtype.name for spec in (*model.inputs.values(), *model.outputs.values())} == {"int8"}
    assert "FLOAT32" not in found.dtypes and "DEQUANTIZE" not in found.operators


def test_cnn_and_neuron_are_as_documented():
    import keras

    cnn = models.digits_cnn()
    convolutions = [layer for layer in cnn.layers if isinstance(layer, keras.layers.Conv2D)]
    assert cnn.count_params() == 19_178 and len(convolutions) == 3
    assert cnn.layers[-1].name == "probabilities" and cnn.inputs[0].name == "image"
    assert models.neuron().count_params() == 2 and models.neuron().inputs[0].name == "x"


def test_cnn_in_keras_is_the_shipped_file():
    inputs = data.for_cnn(data.digits("test")[0])
    answers = models.digits_cnn("digits").predict(inputs, verbose=0)
    found = parity(models.asset("digits_cnn.tflite"), answers, inputs, tolerance=1e-5)
    assert found.agrees and found.top1 == 1
    with pytest.raises(LabError, match='weights="digits"'):
        models.digits_cnn("imagenet")


def test_shipped_neuron_answers_19_for_10():
    assert open_model(models.asset("neuron.tflite")).predict(np.float32([[10]])) == pytest.approx(19, abs=0.1)
