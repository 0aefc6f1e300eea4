"""The plan names every operator once, in an order in which it can be run, and says whose it is."""

import pytest

from labutils.models import asset
from labutils.tflite.anatomy import anatomy
from labutils.tflite.files import ModelFileError
from labutils.tflite.partition import plan

ALL = ("neuron.tflite", "digits_cnn.tflite", "digits_cnn_int8.tflite", "mobilenet_v2_digits.tflite")


def check(model, found):
    """Every operator once; whatever one reads was made before it, or within its own step."""
    operators = anatomy(model).subgraphs[0].operators
    assert sorted(n for step in found.steps for n in step.operators) == list(range(len(operators)))
    makers = {tensor: n for n, each in enumerate(operators) for tensor in each.outputs}
    done = set()
    for step in found.steps:
        assert step.delegated or len(step.operators) == 1
        wanted = {makers[t] for n in step.operators for t in operators[n].inputs if t in makers}
        done |= set(step.operators)
        assert wanted <= done


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("xnnpack", [True, False])
def test_every_operator_has_its_step(name, xnnpack):
    found = plan(asset(name), xnnpack)
    check(asset(name), found)
    assert found.taken + len(found.left) == len(found.names)
    assert xnnpack or (found.partitions, found.taken) == (0, 0)


def test_free_batch_breaks_the_graph():
    """What asks for the batch at run time is no operator of XNNPACK's."""
    found = plan(asset("digits_cnn.tflite"))
    assert found.partitions == 2 and "SHAPE" in found.left
    assert str(found).count("[") == 2 and " → SHAPE → " in str(found)


@pytest.fixture(scope="module")
def nets(tf):
    """Three convolutions, with another operator after each."""
    import keras

    from labutils.tflite.variants import freeze, variant

    def net(function):
        image = x = keras.Input((8, 8, 4), name="image")
        for _ in range(3):
            x = keras.layers.Lambda(function)(keras.layers.Conv2D(4, 3, padding="same")(x))
        return variant(freeze(keras.Model(image, x, name="net")), "float")

    return {"SIGN": net(tf.sign), "TANH": net(tf.tanh), "CUMSUM": net(lambda x: tf.cumsum(x, axis=1))}


@pytest.mark.parametrize("lacking", ["SIGN", "CUMSUM"])
def test_operator_that_xnnpack_lacks(nets, lacking):
    found = plan(nets[lacking])
    check(nets[lacking], found)
    assert found.partitions == 3 and found.left == (lacking,) * 3
    assert str(found).startswith(f"[CONV_2D] → {lacking} → [CONV_2D]")


def test_operator_that_it_has(nets):
    found = plan(nets["TANH"])
    assert (found.partitions, found.taken, found.left) == (1, 6, ())


def test_damaged_file(tmp_path):
    (tmp_path / "torn.tflite").write_bytes(asset("digits_cnn.tflite").read_bytes()[:-500])
    with pytest.raises(ModelFileError, match="torn.tflite"):
        plan(tmp_path / "torn.tflite")
