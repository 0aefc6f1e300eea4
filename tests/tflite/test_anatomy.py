"""What anatomy reads from a file is what the interpreter knows of it, and every byte is accounted for."""

import subprocess
import sys

import numpy as np
import pytest

from labutils.models import asset
from labutils.tflite.anatomy import anatomy
from labutils.tflite.runtime import open_model


def test_bytes_add_up(shipped):
    found = anatomy(shipped)
    assert sum(found.bytes_by_part.values()) == found.size == shipped.stat().st_size
    constants = sum(tensor.bytes for tensor in found.subgraphs[0].tensors)  # tensors may share a buffer
    assert 0.99 * constants <= found.bytes_by_part["weights"] <= constants


def test_agrees_with_the_interpreter(shipped):
    graph = anatomy(shipped).subgraphs[0]
    interpreter = open_model(shipped, xnnpack=False).interpreter
    known = {entry["index"]: entry for entry in interpreter.get_tensor_details()}
    for tensor in graph.tensors:
        entry = known[tensor.index]
        assert tensor.name == entry["name"]
        assert np.dtype(tensor.dtype) == np.dtype(entry["dtype"])
        assert list(tensor.shape) == list(entry["shape_signature"])
        scales = tensor.quantization.scales if tensor.quantization else ()
        assert np.allclose(scales, entry["quantization_parameters"]["scales"])
    names = [o["op_name"] for o in interpreter._get_ops_details()]
    assert [o.name for o in graph.operators] == names


def test_neuron_is_eight_bytes_of_weights():
    found = anatomy(asset("neuron.tflite"))
    assert found.bytes_by_part["weights"] == 8 and found.parameters == 2
    assert found.signatures[0].key == "serving_default" and list(found.signatures[0].inputs) == ["x"]
    assert not found.has_unfrozen_variables


def test_integer_model_tells_its_scales():
    tensors = anatomy(asset("digits_cnn_int8.tflite")).subgraphs[0].tensors
    assert {t.dtype for t in tensors} >= {"int8", "int32"} and "float32" not in {t.dtype for t in tensors}
    convolution = next(t for t in tensors if len(t.shape) == 4 and t.bytes)
    assert len(convolution.quantization.scales) == convolution.shape[convolution.quantization.axis]


def test_flex_operator_is_named(tf, tmp_path):
    """A TF Select model is read, though this runtime could not run it."""
    from labutils.tflite.files import ModelFileError
    from labutils.tflite.quiet import quiet

    with quiet():
        concrete = tf.function(tf.math.erf).get_concrete_function(tf.TensorSpec([1, 4], tf.float32))
        converter = tf.lite.TFLiteConverter.from_concrete_functions([concrete])
        converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS, tf.lite.OpsSet.SELECT_TF_OPS]
        content = converter.convert()
    operator = anatomy(content).subgraphs[0].operators[0]
    assert (operator.name, operator.kind) == ("FlexErf", "flex")
    with pytest.raises(ModelFileError, match="lab 05"):
        open_model(content)


@pytest.mark.parametrize("module", ["labutils", "labutils.tflite.anatomy", "labutils.tflite.runtime",
                                    "labutils.tflite.parity", "labutils.tflite.latency", "labutils.show.charts",
                                    "labutils.exercises", "labutils.cli", "labutils.course.execute"])
def test_imports_no_tensorflow(module):
    code = f"import sys, {module}; sys.exit(bool(set(sys.modules) & {{'tensorflow', 'keras'}}))"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0
