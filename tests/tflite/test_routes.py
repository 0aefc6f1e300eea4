"""Which conversion routes give a right model, and which a silently wrong one: an upgrade that changes this fails here.

Each route is asked for y = 2x - 1 on questions whose answers differ widely.
"""

import numpy as np
import pytest

from labutils.tflite.anatomy import anatomy
from labutils.tflite.files import ModelFileError
from labutils.tflite.parity import parity
from labutils.tflite.quiet import quiet
from labutils.tflite.runtime import open_model

QUESTIONS = np.linspace(-100, 100, 41, dtype=np.float32)[:, None]


def concrete_function(tf, model, batch=None):
    function = tf.function(lambda x: model(x))
    return function.get_concrete_function(tf.TensorSpec([batch, 1], tf.float32, name="x"))


def exported(tf, model, folder):
    model.export(folder, verbose=False)
    return tf.lite.TFLiteConverter.from_saved_model(str(folder))


def keras_model(tf, model, folder):
    return tf.lite.TFLiteConverter.from_keras_model(model)


def function_alone(tf, model, folder):
    return tf.lite.TFLiteConverter.from_concrete_functions([concrete_function(tf, model)])


def plain_module(tf, model, folder):
    class Line(tf.Module):
        def __init__(self):
            super().__init__()
            self.weight, self.bias = tf.Variable([[2.0]]), tf.Variable([-1.0])

        @tf.function(input_signature=[tf.TensorSpec([None, 1], tf.float32, name="x")])
        def __call__(self, x):
            return x @ self.weight + self.bias

    line = Line()
    tf.saved_model.save(line, str(folder), signatures=line.__call__)
    return tf.lite.TFLiteConverter.from_saved_model(str(folder))


def frozen(tf, model, folder):
    from tensorflow.python.framework.convert_to_constants import convert_variables_to_constants_v2

    function = convert_variables_to_constants_v2(concrete_function(tf, model, batch=1))
    return tf.lite.TFLiteConverter.from_concrete_functions([function])


def saved_by_tensorflow(tf, model, folder):
    tf.saved_model.save(model, str(folder))
    return tf.lite.TFLiteConverter.from_saved_model(str(folder))


def saved_with_signatures(tf, model, folder):
    tf.saved_model.save(model, str(folder), signatures=concrete_function(tf, model))
    return tf.lite.TFLiteConverter.from_saved_model(str(folder))


def function_and_model(tf, model, folder):
    return tf.lite.TFLiteConverter.from_concrete_functions([concrete_function(tf, model)], model)


@pytest.mark.parametrize("route", [exported, keras_model, function_alone, plain_module, frozen])
def test_right_route(tf, neuron_keras, tmp_path, route):
    with quiet():
        content = route(tf, neuron_keras, tmp_path / "1").convert()
    assert parity(content, neuron_keras, QUESTIONS, tolerance=1e-4).agrees
    assert bool(anatomy(content).signatures) == (route in (exported, keras_model, plain_module))


@pytest.mark.parametrize("route", [saved_by_tensorflow, saved_with_signatures, function_and_model])
def test_silently_wrong_route(tf, neuron_keras, tmp_path, route):
    """The converter raises nothing, and the file holds no weights. If this fails, the route may have been mended."""
    with quiet():
        content = route(tf, neuron_keras, tmp_path / "1").convert()
    assert {"VAR_HANDLE", "READ_VARIABLE"} <= set(anatomy(content).operators)
    assert not np.allclose(open_model(content).predict(QUESTIONS), neuron_keras(QUESTIONS), atol=1)
    with pytest.raises(ModelFileError, match="READ_VARIABLE"):
        open_model(content, xnnpack=False).predict(QUESTIONS)
    with pytest.raises(ModelFileError, match="VAR_HANDLE.*export"):
        parity(content, neuron_keras, QUESTIONS)


def test_the_saved_model_of_the_wrong_route_is_right(tf, neuron_keras, tmp_path):
    with quiet():
        tf.saved_model.save(neuron_keras, str(tmp_path / "1"))
        served = tf.saved_model.load(str(tmp_path / "1")).signatures["serving_default"]
    assert served(tf.constant([[10.0]]))["output_0"].numpy().item() == 19


def test_quantizing_the_neuron_changes_nothing(tf, neuron_keras, tmp_path):
    with quiet():
        plain = exported(tf, neuron_keras, tmp_path / "1").convert()
        converter = tf.lite.TFLiteConverter.from_saved_model(str(tmp_path / "1"))
        converter.optimizations = [tf.lite.Optimize.DEFAULT]
        optimized = converter.convert()
    assert anatomy(optimized).dtypes == anatomy(plain).dtypes and len(optimized) == len(plain)
