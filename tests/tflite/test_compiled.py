"""CompiledModel in a child: right answers, every refusal one sentence, and a crash that takes nobody along."""

from types import SimpleNamespace

import numpy as np
import pytest

from labutils.errors import LabError
from labutils.models import asset
from labutils.tflite import compiled
from labutils.tflite.files import ModelFileError
from labutils.tflite.runtime import open_model
from tests import software_gpu

NET = asset("mobilenet_v2_digits.tflite")
NEURON = asset("neuron.tflite")
X = np.array([[10.0]], np.float32)


@pytest.fixture(scope="module")
def picture():
    return np.random.default_rng(0).uniform(-1, 1, (1, 64, 64, 3)).astype(np.float32)


@pytest.fixture(scope="module")
def expected(picture):
    return open_model(NET).predict(picture)


def test_processor_answers_as_the_interpreter(picture, expected):
    found = compiled.run(NET.read_bytes(), picture, runs=20)
    assert np.allclose(found.outputs[0], expected, atol=1e-6)
    assert found.whole and found.adapter == "" and len(found.latency.milliseconds) == 20
    assert (found.latency.milliseconds > 0).all()


def test_integers_go_in_and_out():
    file = asset("digits_cnn_int8.tflite")
    stored = np.random.default_rng(0).integers(-128, 128, (1, 8, 8, 1), dtype=np.int8)
    found = compiled.run(file, stored)
    assert found.latency is None and found.outputs[0].dtype == np.int8
    assert np.abs(found.outputs[0].astype(int) - open_model(file).run(stored).astype(int)).max() <= 1


@pytest.mark.parametrize(
    ("given", "how", "said"),
    [
        ((X,), {"accelerator": "tpu"}, "no accelerator 'tpu': choose one of cpu, gpu, gpu or cpu"),
        ((), {}, "neuron.tflite has 1 inputs, and 0 arrays were given"),
        ((X,), {"runs": -1}, "runs is -1"),
        ((X.astype(float),), {}, r"neuron.tflite was refused \(input x wants float32 \(1, 1\)"),
        ((X.ravel(),), {}, r"but was given float32 \(1,\)\)"),
        ((X,), {"seconds": 0.01}, "neuron.tflite was not done after 0.01 s on the cpu"),
    ],
)
def test_mistakes_are_one_sentence(given, how, said):
    with pytest.raises(LabError, match=said) as refused:
        compiled.run(NEURON, *given, **how)
    assert "\n" not in str(refused.value)


def test_missing_file():
    with pytest.raises(ModelFileError, match="There is no file nowhere.tflite"):
        compiled.run("nowhere.tflite", X)


@pytest.fixture
def torn(tmp_path):
    content = NET.read_bytes()
    path = tmp_path / "torn.tflite"
    path.write_bytes(content[: len(content) * 9 // 10])
    return path


def test_truncated_file_starts_no_child(torn, picture, monkeypatch):
    monkeypatch.setattr(compiled, "_child", lambda *_: pytest.fail("a child was started"))
    with pytest.raises(ModelFileError, match="torn.tflite is truncated or damaged"):
        compiled.run(torn, picture)


def test_crash_is_a_sentence(torn, picture, monkeypatch):
    """What the look beforehand does not notice crashes the child alone."""
    unchecked = SimpleNamespace(subgraphs=[SimpleNamespace(inputs=[0])])
    monkeypatch.setattr(compiled, "anatomy", lambda model: unchecked)
    with pytest.raises(ModelFileError, match="torn.tflite (crashed the runtime|made the runtime fail)") as refused:
        compiled.run(torn, picture)
    assert "\n" not in str(refused.value)


@software_gpu.none
@pytest.mark.parametrize("accelerator", ["gpu", "gpu or cpu"])
def test_without_an_adapter_nothing_falls_back(accelerator, monkeypatch):
    software_gpu.hide_all(monkeypatch)
    with pytest.raises(compiled.NoAcceleratorError, match="No GPU adapter was found.*does not fall back") as refused:
        compiled.run(NEURON, X, accelerator=accelerator)
    assert "\n" not in str(refused.value)


@software_gpu.there
@pytest.mark.parametrize("accelerator", ["gpu", "gpu or cpu"])
def test_gpu_answers_rightly(accelerator, picture, expected, monkeypatch):
    software_gpu.use(monkeypatch)
    found = compiled.run(NET, picture, accelerator=accelerator, runs=3)
    assert np.allclose(found.outputs[0], expected, atol=1e-3)
    assert found.whole and found.adapter and len(found.latency.milliseconds) == 3


@pytest.fixture(scope="module")
def normalizing(tf):
    """A convolution and an operator that the GPU lacks."""
    import keras

    from labutils.tflite.variants import freeze, variant

    keras.utils.set_random_seed(0)
    image = keras.Input((8, 8, 4), name="image")
    x = keras.layers.Conv2D(4, 3, padding="same")(image)
    x = keras.layers.Lambda(lambda x: tf.nn.l2_normalize(x, axis=-1))(x)
    return variant(freeze(keras.Model(image, x, name="normalizing")), "float")


@software_gpu.there
def test_operator_that_the_gpu_lacks(normalizing, monkeypatch):
    software_gpu.use(monkeypatch)
    x = np.random.default_rng(0).uniform(-1, 1, (1, 8, 8, 4)).astype(np.float32)
    with pytest.raises(LabError, match='The GPU lacks L2_NORMALIZATION of .*: allow "gpu or cpu"'):
        compiled.run(normalizing, x, accelerator="gpu")
    found = compiled.run(normalizing, x, accelerator="gpu or cpu")
    assert not found.whole
    assert np.allclose(found.outputs[0], open_model(normalizing).predict(x), atol=1e-3)
