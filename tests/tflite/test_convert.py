"""Conversion: the same bytes as the Python route, samples checked, failures in a sentence, agreement told."""

import hashlib

import numpy as np
import pytest

from labutils.errors import LabError
from labutils.tflite.anatomy import anatomy
from labutils.tflite.convert import convert
from labutils.tflite.converter import ConversionError
from labutils.tflite.quiet import quiet
from labutils.tflite.runtime import open_model


def by_hand(tf, path, images, mode, io="float32"):
    """What a reader writes, after LiteRT's post-training quantization guide."""
    if path.is_dir():
        converter = tf.lite.TFLiteConverter.from_saved_model(str(path))
    else:
        converter = tf.lite.TFLiteConverter.from_keras_model(tf.keras.models.load_model(path))
    if mode != "none":
        converter.optimizations = [tf.lite.Optimize.DEFAULT]
    if mode == "float16":
        converter.target_spec.supported_types = [tf.float16]
    if mode in ("integer", "full_integer", "int16x8"):
        converter.representative_dataset = lambda: ([image[None]] for image in images)
    if mode == "full_integer":
        converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
        converter.inference_input_type = converter.inference_output_type = tf.as_dtype(io)
    if mode == "int16x8":
        ops = tf.lite.OpsSet.EXPERIMENTAL_TFLITE_BUILTINS_ACTIVATIONS_INT16_WEIGHTS_INT8
        converter.target_spec.supported_ops = [ops]
    with quiet():
        return converter.convert()


@pytest.fixture(scope="module")
def images(sources):
    return np.load(sources / "images.npz")["image"]


@pytest.mark.parametrize(
    ("name", "mode"),
    [("cnn", mode) for mode in ("none", "dynamic_range", "float16", "integer", "full_integer", "int16x8")]
    + [(name, mode) for name in ("cnn.keras", "cnn.h5") for mode in ("none", "full_integer")],
)
def test_same_bytes_as_the_python_route(tf, sources, images, tmp_path, name, mode):
    data = {"any name": images} if mode in ("integer", "full_integer", "int16x8") else None
    io = {"inference_input_type": "int8", "inference_output_type": "int8"} if mode == "full_integer" else {}
    done = convert(sources / name, tmp_path / "model.tflite", mode, data, **io)
    content = done.output.read_bytes()
    assert content == by_hand(tf, sources / name, images, mode, "int8" if io else "float32")
    assert (done.bytes, done.sha256) == (len(content), hashlib.sha256(content).hexdigest())
    assert done.operators == dict(anatomy(content).operators) and done.signatures == ("serving_default",)
    assert done.agreement.verdict == ("agrees" if mode == "none" else "measured")
    assert done.agreement.parity.top1 > 0.8 and done.agreement.parity.rows == (20 if data else 32)
    assert (not done.float_operators) == (mode in ("integer", "full_integer", "int16x8"))


def test_uint8_ends(sources, images, tmp_path):
    done = convert(sources / "cnn", tmp_path / "m.tflite", "full_integer", sources / "images.npz",
                   inference_input_type="uint8", inference_output_type="int8")  # fmt: skip
    model = open_model(done.output)
    assert model.inputs["image"].dtype == np.uint8 and model.outputs["output_0"].dtype == np.int8


def test_full_integer_that_is_not_full(sources, tmp_path):
    x = {"x": np.random.default_rng(0).random((9, 3))}  # float64 becomes float32
    assert convert(sources / "sine", tmp_path / "m.tflite", "full_integer", x).float_operators == {"SIN": 1}
    with pytest.raises(ConversionError, match="no integer SIN"):
        convert(sources / "sine", tmp_path / "n.tflite", "full_integer", x, new_quantizer=False)
    assert not (tmp_path / "n.tflite").exists()


def test_several_inputs_and_outputs(sources, tmp_path):
    done = convert(sources / "two", tmp_path / "m.tflite")
    assert done.agreement.verdict == "agrees" and set(open_model(done.output).outputs) == {"sum", "difference"}
    x, k = np.ones((5, 3), np.float32), np.arange(15, dtype=np.int32).reshape(5, 3)
    done = convert(sources / "two", tmp_path / "m.tflite", "integer", {"x": x, "k": k})
    assert done.agreement.parity.rows == 5


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"x": np.ones((5, 3), np.float32)}, "wants the inputs k, x, but"),
        ({"x": np.ones((5, 3)), "k": np.ones((5, 3))}, "k is int32, but .* float64"),
        ({"x": np.ones((5, 3)), "k": np.ones((4, 3), np.int32)}, "different numbers of rows"),
        ({"x": np.ones((5, 4)), "k": np.ones((5, 3), np.int32)}, r"wants the shape \(rows, 3\)"),
        ({"x": np.ones(3), "k": np.ones((5, 3), np.int32)}, r"wants the shape \(rows, 3\)"),
        ({"x": np.ones((0, 3)), "k": np.ones((0, 3), np.int32)}, "no rows"),
        ({"x": np.full((5, 3), np.nan), "k": np.ones((5, 3), np.int32)}, "NaN or infinity"),
        ({"x": np.full((5, 3), 1e300), "k": np.ones((5, 3), np.int32)}, "NaN or infinity"),
        ({"x": np.full((5, 3), "a"), "k": np.ones((5, 3), np.int32)}, "x is float32, but"),
    ],
)
def test_samples_that_do_not_fit(sources, tmp_path, data, said):
    with pytest.raises(LabError, match=said):
        convert(sources / "two", tmp_path / "m.tflite", "integer", data)
    assert not list(tmp_path.iterdir())


def test_a_fixed_batch(sources, tmp_path):
    x = np.random.default_rng(0).random((8, 3), np.float32)
    done = convert(sources / "fours", tmp_path / "m.tflite", "integer", {"x": x})
    assert done.agreement.parity.rows == 8 and done.operators["FULLY_CONNECTED"] == 1
    with pytest.raises(LabError, match="fixed batch of 4: the 7 rows"):
        convert(sources / "fours", tmp_path / "m.tflite", "integer", {"x": x[:7]})


def test_no_verdict_where_none_is_possible(sources, tmp_path):
    done = convert(sources / "constant", tmp_path / "m.tflite")
    assert done.agreement.verdict == "undecided" and "hardly differ" in done.agreement.reason
    done = convert(sources / "text", tmp_path / "m.tflite")
    assert done.agreement.verdict == "undecided" and "cannot be made up" in done.agreement.reason
    done = convert(sources / "image", tmp_path / "m.tflite")  # a free size is 1 at loading: too small for this kernel
    assert done.agreement.verdict == "undecided" and "does not load" in done.agreement.reason
    done = convert(sources / "several", tmp_path / "m.tflite")
    assert done.agreement.verdict == "undecided" and done.signatures == ("a", "b")
    assert convert(sources / "several", tmp_path / "m.tflite", signature_keys=["a"]).agreement.verdict == "agrees"
    assert convert(sources / "several", tmp_path / "m.tflite", check=False).agreement is None


def test_what_is_written_by_tensorflow_is_refused(sources, tmp_path):
    with pytest.raises(ConversionError, match=r"tf\.saved_model\.save.*model\.export\(\)"):
        convert(sources / "saved_by_tensorflow", tmp_path / "m.tflite")
    assert not list(tmp_path.iterdir())


def test_an_operator_that_litert_lacks_is_named(sources, tmp_path, capfd):
    (tmp_path / "m.tflite").write_bytes(b"yesterday's")
    with pytest.raises(ConversionError, match="operator for Erf, Tan; .*SELECT_TF_OPS"):
        convert(sources / "select", tmp_path / "m.tflite")
    assert (tmp_path / "m.tflite").read_bytes() == b"yesterday's" and len(list(tmp_path.iterdir())) == 1
    assert capfd.readouterr() == ("", "")


def test_a_file_that_does_not_agree_is_told(sources, images, tmp_path):
    done = convert(sources / "cnn", tmp_path / "m.tflite", "full_integer", {"image": images}, tolerance=1e-9)
    assert done.agreement.verdict == "does not agree" and done.output.exists()
