"""Two files side by side: what differs, and what they answer to the same."""

import numpy as np
import pytest

from labutils import data
from labutils.errors import LabError
from labutils.models import asset
from labutils.tflite.compare import compare
from labutils.tflite.convert import convert
from labutils.tflite.files import ModelFileError

FLOAT, INTEGER = asset("digits_cnn.tflite"), asset("digits_cnn_int8.tflite")


def test_a_file_and_itself():
    found = compare(FLOAT, FLOAT, tolerance=0)
    assert found.identical and found.ratio == 1 and found.operators == found.dtypes == {}
    assert found.operators_alike == 10 and found.agreement.verdict == "agrees" and found.agreement.parity.top1 == 1


def test_float_and_integer_in_real_numbers(tmp_path):
    images = data.for_cnn(data.digits("test")[0])[:50]
    np.savez(tmp_path / "images.npz", image=images)
    found = compare(FLOAT, INTEGER, tmp_path / "images.npz")
    assert not found.identical and 0.3 < found.ratio < 0.4
    assert found.dtypes["int8"] == (0, 12) and found.inputs[1]["image"].startswith("int8")
    assert found.agreement.parity.mean_error < 0.02 and found.agreement.parity.top1 > 0.95
    assert compare(FLOAT, INTEGER, {"image": images}, tolerance=1e-6).agreement.verdict == "does not agree"


def test_made_up_inputs_stay_within_what_an_integer_file_can_hold():
    """Standard normal numbers would be clipped by one file and not by the other."""
    for pair in ((FLOAT, INTEGER), (INTEGER, FLOAT)):
        assert compare(*pair).agreement.parity.top1 > 0.8


def test_other_inputs_leave_the_answers_out(sources, tmp_path):
    found = compare(FLOAT, asset("neuron.tflite"))
    assert found.operators["CONV_2D"] == (3, 0) and "FULLY_CONNECTED" not in found.operators
    assert found.agreement.verdict == "undecided" and "inputs differ" in found.agreement.reason
    sine = convert(sources / "sine", tmp_path / "sine.tflite").output
    fours = convert(sources / "fours", tmp_path / "fours.tflite").output
    two = convert(sources / "two", tmp_path / "two.tflite").output
    constant = convert(sources / "constant", tmp_path / "constant.tflite").output
    assert compare(sine, fours).agreement.parity.rows == 32  # a free and a fixed batch
    assert "inputs differ" in compare(sine, two).agreement.reason
    assert compare(two, two).agreement.parity.max_error == 0
    assert compare(constant, constant, tolerance=0.1).agreement.verdict == "undecided"
    several = convert(sources / "several", tmp_path / "several.tflite").output
    assert "signatures a, b" in compare(sine, several).agreement.reason


def test_a_file_without_its_weights(sources, tf, tmp_path):
    converter = tf.lite.TFLiteConverter.from_saved_model(str(sources / "saved_by_tensorflow"))
    (tmp_path / "wrong.tflite").write_bytes(converter.convert())
    found = compare(asset("neuron.tflite"), tmp_path / "wrong.tflite")
    assert "VAR_HANDLE" in found.agreement.reason and found.operators["VAR_HANDLE"][1] > 0


def test_refusals(tmp_path):
    (tmp_path / "torn.tflite").write_bytes(FLOAT.read_bytes()[:40_000])
    with pytest.raises(ModelFileError, match="truncated"):
        compare(FLOAT, tmp_path / "torn.tflite")
    with pytest.raises(LabError, match=r"wants the shape \(rows, 8, 8, 1\)"):
        compare(FLOAT, INTEGER, {"image": np.ones((2, 8, 8))})
    with pytest.raises(LabError, match="give a number from 0"):
        compare(FLOAT, INTEGER, tolerance=float("inf"))
