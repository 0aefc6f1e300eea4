"""Parity tells equal from different, and refuses comparisons that would prove nothing."""

import numpy as np
import pytest

from labutils import data
from labutils.errors import LabError
from labutils.models import asset
from labutils.tflite.parity import Parity, parity
from labutils.tflite.runtime import open_model

X = np.linspace(-5, 5, 11, dtype=np.float32)[:, None]


def test_agrees_with_itself_and_not_with_another():
    neuron = open_model(asset("neuron.tflite"))
    assert parity(asset("neuron.tflite"), neuron.predict, X).max_error == 0
    other = parity(asset("neuron.tflite"), neuron.predict(X) + 0.5, X)
    assert not other.agrees and other.max_error == pytest.approx(0.5, abs=1e-5) and "DOES NOT" in str(other)


def test_integer_model_against_float_reference():
    images = data.for_cnn(data.digits("test")[0])
    found = parity(asset("digits_cnn_int8.tflite"), open_model(asset("digits_cnn.tflite")).predict, images, 0.3)
    assert 0 < found.mean_error < 0.02 and found.top1 > 0.97


def test_nan_never_agrees():
    assert not Parity(float("nan"), float("nan"), None, 1, 1.0).agrees


def test_refuses_what_proves_nothing():
    with pytest.raises(LabError, match="differ more"):
        parity(asset("neuron.tflite"), lambda x: x, np.ones((5, 1), np.float32))
    with pytest.raises(LabError, match="shape"):
        parity(asset("neuron.tflite"), np.arange(22.0).reshape(11, 2), X)
