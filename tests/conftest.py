"""What many rooms' tests need: the course's root, model files made once, and a wish not to reach the network."""

from pathlib import Path

import numpy as np
import pytest

from labutils.models import asset
from labutils.tflite.quiet import quiet

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT


@pytest.fixture(scope="session")
def tf():
    """TensorFlow, imported once and quietly."""
    with quiet():
        import tensorflow
    return tensorflow


@pytest.fixture(scope="session")
def neuron_keras(tf):
    """A neuron with known numbers: y = 2x - 1, exactly."""
    from labutils.models import neuron

    model = neuron()
    model.set_weights([np.array([[2.0]], np.float32), np.array([-1.0], np.float32)])
    return model


@pytest.fixture(params=["neuron.tflite", "digits_cnn.tflite", "digits_cnn_int8.tflite", "mobilenet_v2_digits.tflite"])
def shipped(request) -> Path:
    return asset(request.param)
