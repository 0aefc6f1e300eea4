"""Whether a file is integer all through: told of real conversions, in a sentence that names what is not."""

import numpy as np
import pytest

from labutils.errors import LabError
from labutils.models import asset
from labutils.tflite.anatomy import Anatomy, Operator, Quantization, Subgraph, Tensor, anatomy
from labutils.tflite.convert import float_operators as as_before
from labutils.tflite.integer import NotFullyInteger, assert_fully_integer, float_operators, float_tensors
from labutils.tflite.quiet import quiet

INT8, FLOAT32 = "int8", "float32"


def converted(tf, function, mode="full_integer", ends=(INT8, INT8), samples=True):
    """A function of an image, as a .tflite file: 1,080 weights and more, so that they are quantized."""
    rng = np.random.default_rng(0)
    images = rng.uniform(-1, 1, (8, 1, 8, 8, 3)).astype(np.float32)
    kernel, dense = (tf.constant(rng.normal(size=size).astype(np.float32)) for size in ((3, 3, 3, 40), (40, 32)))
    body = lambda image: tf.reduce_mean(function(tf.nn.conv2d(image, kernel, 1, "VALID")), [1, 2]) @ dense
    with quiet():
        concrete = tf.function(body).get_concrete_function(tf.TensorSpec([1, 8, 8, 3], tf.float32, name="image"))
        converter = tf.lite.TFLiteConverter.from_concrete_functions([concrete])
        ops = tf.lite.OpsSet
        if mode != "none":
            converter.optimizations = [tf.lite.Optimize.DEFAULT]
        if mode == "float16":
            converter.target_spec.supported_types = [tf.float16]
        if mode in ("integer", "full_integer", "int16x8"):
            converter.representative_dataset = lambda: iter([[image] for image in images] if samples else [])
        if mode in ("full_integer", "int16x8"):
            only = ops.EXPERIMENTAL_TFLITE_BUILTINS_ACTIVATIONS_INT16_WEIGHTS_INT8
            converter.target_spec.supported_ops = [ops.TFLITE_BUILTINS_INT8 if mode == "full_integer" else only]
            converter.inference_input_type, converter.inference_output_type = map(tf.as_dtype, ends)
        return converter.convert()


@pytest.mark.parametrize("ends", [(INT8, INT8), ("uint8", "uint8"), ("uint8", INT8)])
def test_full_integer(tf, ends):
    content = converted(tf, tf.nn.relu, ends=ends)
    assert float_tensors(content) == () and float_operators(anatomy(content)) == {}
    assert assert_fully_integer(content) is None and assert_fully_integer(anatomy(content), io=False) is None


@pytest.mark.parametrize(
    ("ends", "said"),
    [
        ((FLOAT32, FLOAT32), "takes .* and returns .* as float32: set .*input_type and .*output_type to tf.int8."),
        ((INT8, FLOAT32), "but returns .* as float32: set converter.inference_output_type to tf.int8."),
        ((FLOAT32, "uint8"), "but takes image.* as float32: set converter.inference_input_type to tf.int8."),
    ],
)
def test_float_ends(tf, ends, said):
    content = converted(tf, tf.nn.relu, ends=ends)
    with pytest.raises(NotFullyInteger, match=said):
        assert_fully_integer(content)
    assert assert_fully_integer(content, io=False) is None
    found = float_tensors(content)
    assert sorted(end for each in found for end in each.ends) == [
        end for end, dtype in zip(("input", "output"), ends, strict=True) if dtype == FLOAT32
    ]
    assert {(*each.written_by, *each.read_by) for each in found} <= {("QUANTIZE",), ("DEQUANTIZE",)}


def test_names_of_the_signature(sources, tmp_path):
    from labutils.tflite.convert import convert

    done = convert(sources / "cnn", tmp_path / "m.tflite", "integer", sources / "images.npz", check=False)
    with pytest.raises(NotFullyInteger, match="^m.tflite .* takes image as float32 and returns output_0 as float32: "):
        assert_fully_integer(done.output)


@pytest.mark.parametrize(
    ("mode", "said"),
    [
        ("none", r"quantizes nothing, it is a float model \(1 CONV_2D, 1 MEAN, 1 FULLY_CONNECTED\): set converter.opt"),
        ("float16", r"quantizes nothing, its weights are float16 \(1 CONV_2D, .*leave supported_types alone"),
        ("dynamic_range", r"weights alone and computes in float \(1 CONV_2D, .* give a representative_dataset"),
    ],
)
@pytest.mark.parametrize("io", [True, False])
def test_float_inside(tf, mode, said, io):
    content = converted(tf, tf.nn.relu, mode)
    with pytest.raises(NotFullyInteger, match=said) as refusal:
        assert_fully_integer(content, io)
    assert "\n" not in str(refusal.value) and str(refusal.value).endswith(".")


def test_an_empty_dataset_gives_a_float_model_though_int8_was_asked(tf):
    with pytest.raises(NotFullyInteger, match="quantizes nothing, it is a float model"):
        assert_fully_integer(converted(tf, tf.nn.relu, samples=False))


@pytest.mark.parametrize("operator", ["SIN", "POW", "SQUARE", "ELU"])
def test_an_operator_without_an_integer_kernel(tf, operator):
    functions = {"SIN": tf.sin, "POW": lambda x: tf.pow(x, 3.0), "SQUARE": tf.square, "ELU": tf.nn.elu}
    content = converted(tf, functions[operator])
    ends = [anatomy(content).subgraphs[0].tensors[index].dtype for index in (0, -1)]
    assert ends == [INT8, INT8]  # nothing to be seen from outside
    for io in (True, False):
        with pytest.raises(NotFullyInteger, match=rf"still computes in float \(1 {operator}\), for want of an"):
            assert_fully_integer(content, io)
    reads, writes = float_tensors(content)[-2:]
    assert (reads.written_by, reads.read_by, reads.ends) == (("DEQUANTIZE",), (operator,), ())
    assert (writes.written_by, writes.read_by, writes.ends) == ((operator,), ("QUANTIZE",), ())


def test_two_of_a_kind_are_counted(tf):
    content = converted(tf, lambda x: tf.sin(tf.nn.relu(tf.sin(x))) + tf.square(x))
    assert as_before(anatomy(content)) == {"SIN": 2, "SQUARE": 1}
    with pytest.raises(NotFullyInteger, match=r"\(2 SIN, 1 SQUARE\), for want of an integer kernel"):
        assert_fully_integer(content)


def test_sixteen_bits_for_activations(tf):
    content = converted(tf, tf.nn.relu, "int16x8", ends=(FLOAT32, FLOAT32))
    assert assert_fully_integer(content, io=False) is None
    with pytest.raises(NotFullyInteger, match="to tf.int16"):
        assert_fully_integer(content)
    assert assert_fully_integer(converted(tf, tf.nn.relu, "int16x8", ends=("int16", "int16"))) is None


def test_it_is_both_kinds_of_error_and_names_the_file():
    with pytest.raises(AssertionError, match="^neuron.tflite quantizes nothing"):
        assert_fully_integer(asset("neuron.tflite"))
    with pytest.raises(LabError, match="^the model of 1,052 bytes"):
        assert_fully_integer(asset("neuron.tflite").read_bytes())
    with pytest.raises(LabError, match="There is no file"):
        assert_fully_integer("missing.tflite")


def test_a_detour_through_float_with_nothing_on_it():
    """DEQUANTIZE and then QUANTIZE computes nothing in float, and an integer-only device still cannot run it."""
    scale = Quantization((0.1,), (0,), 0)
    tensors = tuple(
        Tensor(n, f"t{n}", (1, 4), dtype, 0, scale if dtype == INT8 else None)
        for n, dtype in enumerate((INT8, FLOAT32, INT8))
    )
    steps = tuple(Operator(n, name, "builtin", 1, (n,), (n + 1,)) for n, name in enumerate(("DEQUANTIZE", "QUANTIZE")))
    found = Anatomy(1, 3, "", (Subgraph("main", tensors, steps, (0,), (2,)),), (), (), {})
    for io in (True, False):
        with pytest.raises(NotFullyInteger, match=r"holds a float inside \(t1: float32, DEQUANTIZE and QUANTIZE\)"):
            assert_fully_integer(found, io)
