"""Conversion of the trained models to the files that ship, each compared with its Keras model before it is written."""

import hashlib
import tempfile
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf

from labutils.tflite.parity import Parity, parity
from labutils.tflite.quiet import quiet


class NotAsGood(Exception):
    """A trained or converted model is not what the course needs: nothing of it may ship."""


def converted(model: keras.Model, calibration: np.ndarray | None = None) -> bytes:
    """The model as a .tflite file with the signature serving_default, float32 or in 8-bit integers.

    calibration: inputs (n, ...) as the model wants them, for integers throughout: weights, activations, input, output.
    """
    with tempfile.TemporaryDirectory() as folder, quiet():
        model.export(folder, verbose=False)
        converter = tf.lite.TFLiteConverter.from_saved_model(folder)
        if calibration is not None:
            converter.optimizations = [tf.lite.Optimize.DEFAULT]
            converter.representative_dataset = lambda: ([row[np.newaxis]] for row in calibration)
            converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
            converter.inference_input_type = converter.inference_output_type = tf.int8
        return converter.convert()


def compared(content: bytes, expected: np.ndarray, inputs: np.ndarray, max_error: float, top1: float = 1.0) -> Parity:
    """Compare a converted model's answers with the Keras model's own.

    content: the .tflite file; expected: float32 (n, outputs); max_error: allowed, in the output's unit; top1: share of
    inputs, 0 to 1, that must keep their class. Raises NotAsGood where the file falls short, and LabError where its
    variables are not frozen (VAR_HANDLE).
    """
    found = parity(content, expected, inputs, tolerance=min(max_error, 1e-2))
    if not found.max_error <= max_error or (found.top1 is not None and found.top1 < top1):
        raise NotAsGood(f"The converted model answers otherwise than its source: {found}.")
    return found


def write(path: Path, content: bytes) -> None:
    """Write a file whole or not at all.

    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write(Path(folder) / "a.txt", b"whole")
    ...     [path.name for path in Path(folder).iterdir()]
    ['a.txt']
    """
    half = path.with_name(f".{path.name}.part")
    half.write_bytes(content)
    half.replace(path)


def write_checksums(folder: Path) -> None:
    """Write SHA256SUMS, as `sha256sum -c` reads it, over all other files of the folder."""
    paths = sorted(path for path in folder.iterdir() if path.name != "SHA256SUMS" and not path.name.startswith("."))
    lines = [f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in paths]
    write(folder / "SHA256SUMS", "".join(lines).encode())
