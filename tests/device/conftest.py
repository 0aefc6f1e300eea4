"""Digit classifiers as lab 10 converts them: a batch of one, the card beside the file."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from labutils import data, models
from labutils.device.card import make_card, write_card
from labutils.errors import LabError
from labutils.tflite.quiet import quiet
from labutils.tflite.variants import freeze, variant

SAMPLES = 60  # training images that the quantized ones are calibrated with
PATHS = {"float32": "float", "uint8": "full uint8", "int8": "full int8"}  # by the dtype of their ends


@pytest.fixture(scope="session")
def deliver(tmp_path_factory) -> Callable[[str, str], Path]:
    """Writes a model file with its card into a folder of its own: by the model's name and the dtype of its ends."""
    subjects = {
        "cnn": (models.digits_cnn, data.for_cnn, 0),
        "mobilenet": (models.mobilenet_v2_digits, data.for_mobilenet, -1),
    }
    images = data.digits("train")[0][:SAMPLES]

    def write(name: str, dtype: str) -> Path:
        make, prepare, low = subjects[name]
        with quiet():
            frozen = freeze(make("digits"))
        path = tmp_path_factory.mktemp(f"{name}_{dtype}") / f"{name}_{dtype}.tflite"
        path.write_bytes(variant(frozen, PATHS[dtype], prepare(images)))
        write_card(make_card(path, "0123456789", low=low, high=1, grain=8), path.parent)
        return path

    return write


@pytest.fixture(scope="session")
def cnn_float(deliver) -> Path:
    return deliver("cnn", "float32")


@pytest.fixture(scope="session")
def cnn_uint8(deliver) -> Path:
    return deliver("cnn", "uint8")


@pytest.fixture(scope="session")
def cnn_int8(deliver) -> Path:
    return deliver("cnn", "int8")


@pytest.fixture(scope="session")
def mobilenet_uint8(deliver) -> Path:
    return deliver("mobilenet", "uint8")


@pytest.fixture(scope="session")
def runtime() -> None:
    """LiteRT.js is set up; CI must have it."""
    from labutils.device.litert_js import runtime_files

    try:
        runtime_files()
    except LabError as missing:
        if os.environ.get("CI"):
            pytest.fail(f"CI must have it: {missing}")
        pytest.skip(str(missing))
