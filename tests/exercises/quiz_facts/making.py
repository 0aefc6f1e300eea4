"""Small models for the facts of the quizzes, and their conversion. TensorFlow is imported inside the functions."""

import tempfile
from functools import cache
from pathlib import Path

import numpy as np

from labutils.models import neuron
from labutils.tflite.anatomy import anatomy
from labutils.tflite.quiet import quiet, quiet_failure
from labutils.tflite.runtime import open_model

INT8_ONLY = "TFLITE_BUILTINS_INT8"
INT16 = "EXPERIMENTAL_TFLITE_BUILTINS_ACTIVATIONS_INT16_WEIGHTS_INT8"
BUILTINS, SELECT = "TFLITE_BUILTINS", "SELECT_TF_OPS"


@cache
def tensorflow():
    with quiet():
        import tensorflow
    return tensorflow


def normal(*shape, seed=0):
    return np.random.default_rng(seed).normal(size=shape).astype(np.float32)


def function(body, *shape, batch=1):
    """A concrete function of one float32 input, which is named x."""
    tf = tensorflow()
    with quiet():
        spec = tf.TensorSpec([batch, *shape], tf.float32, name="x")
        return tf.function(body, autograph=False).get_concrete_function(spec)


def convert(concrete, optimize=False, samples=None, sets=(), ends=None, **settings):
    """The bytes of a file. samples: inputs with their batch, to calibrate on. sets: names of operator sets."""
    with quiet_failure():
        converter = tensorflow().lite.TFLiteConverter.from_concrete_functions([concrete])
    return configured(converter, optimize, samples, sets, ends, **settings)


def configured(converter, optimize=False, samples=None, sets=(), ends=None, **settings):
    tf = tensorflow()
    if optimize:
        converter.optimizations = [tf.lite.Optimize.DEFAULT]
    if samples is not None:
        converter.representative_dataset = lambda: ([sample] for sample in samples)
    if sets:
        converter.target_spec.supported_ops = [getattr(tf.lite.OpsSet, name) for name in sets]
    if ends:
        converter.inference_input_type = converter.inference_output_type = tf.as_dtype(ends)
    if settings.pop("float16", False):
        converter.target_spec.supported_types = [tf.float16]
    for name, value in settings.items():
        setattr(converter, name, value)
    with quiet_failure():
        return converter.convert()


def full_integer(concrete, samples, ends="int8"):
    return convert(concrete, optimize=True, samples=samples, sets=[INT8_ONLY], ends=ends)


def graph(content):
    return anatomy(content).subgraphs[0]


def dtype_of_input(content):
    found = graph(content)
    return found.tensors[found.inputs[0]].dtype


def line():
    """The course's neuron, with the numbers of y = 2x - 1."""
    model = neuron()
    model.set_weights([np.array([[2.0]], np.float32), np.array([-1.0], np.float32)])
    return model


def said(call):
    """What a call returns, or the error that it raises."""
    try:
        return call()
    except Exception as error:
        return error


def raised(outcome):
    return isinstance(outcome, Exception)


def answers_at_ten(content):
    return open_model(content).predict(np.array([[10.0]], np.float32)).item()


@cache
def old_route():
    """The line by tf.saved_model.save: what the folder answers to x = 10, and its file, or the error, by path."""
    tf = tensorflow()
    paths = {
        "Float": {},
        "Dynamic range": {"optimize": True},
        "Float16": {"optimize": True, "float16": True},
        "Integer": {"optimize": True, "samples": [np.array([[x]], np.float32) for x in range(5)]},
    }
    with tempfile.TemporaryDirectory() as folder, quiet():
        tf.saved_model.save(line(), folder)
        served = tf.saved_model.load(folder).signatures["serving_default"](tf.constant([[10.0]]))
        files = {
            path: said(lambda s=settings: configured(tf.lite.TFLiteConverter.from_saved_model(folder), **s))
            for path, settings in paths.items()
        }
    return served["output_0"].numpy().item(), files


@cache
def saved_lines():
    """A folder that holds y = slope * x as the versions 1, 2 and 10, and the temporary folder that keeps it alive."""
    tf = tensorflow()

    class Line(tf.Module):
        def __init__(self, slope):
            super().__init__()
            self.slope = tf.Variable(float(slope))

        @tf.function(input_signature=[tf.TensorSpec([None, 1], tf.float32, name="x")])
        def answer(self, x):
            return {"y": self.slope * x}

    kept = tempfile.TemporaryDirectory()
    with quiet():
        for version in (1, 2, 10):
            saved = Line(version)
            tf.saved_model.save(saved, str(Path(kept.name) / str(version)), signatures=saved.answer)
    return Path(kept.name), kept
