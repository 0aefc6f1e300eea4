"""Reads a model file and refuses what is none, in one sentence."""

import os
from pathlib import Path

from labutils.errors import LabError
from labutils.files import write_whole

IDENTIFIER = b"TFL3"  # bytes 4 to 8 of every .tflite file; source: file_identifier in LiteRT's schema.fbs
OTHER_FORMATS = {
    b"\x89HDF": "an HDF5 file (a Keras .h5?)",
    b"PK\x03\x04": "a zip archive (a .keras file?)",
}

ModelSource = str | os.PathLike | bytes


class ModelFileError(LabError):
    """A file that is missing, no model, or damaged."""


def label(model: ModelSource) -> str:
    """What to call the model in a message: the file's name, or the number of bytes.

    >>> label("build/neuron.tflite"), label(b"1234")
    ('neuron.tflite', 'the model of 4 bytes')
    """
    if isinstance(model, (bytes, bytearray, memoryview)):
        return f"the model of {len(model):,} bytes"
    return Path(model).name


def read_model(model: ModelSource) -> bytes:
    """The bytes of a .tflite model, given by path or already as bytes.

    Raises ModelFileError when it is missing, a folder, empty, unreadable, or does not begin as a .tflite file does.

    >>> read_model(b"too short")
    Traceback (most recent call last):
    ...
    labutils.tflite.files.ModelFileError: the model of 9 bytes is no .tflite model: ...
    """
    content = bytes(model) if isinstance(model, (bytes, bytearray, memoryview)) else _read_file(Path(model))
    name = label(model)
    if not content:
        raise ModelFileError(f"{name} is empty: write the converter's result to it again.")
    if content[4:8] != IDENTIFIER:
        looks = OTHER_FORMATS.get(content[:4], "something else")
        raise ModelFileError(
            f"{name} is no .tflite model: bytes 4 to 8 are {content[4:8]!r} where {IDENTIFIER!r} should be, so it is "
            f"{looks}. Convert it first, or name another file."
        )
    return content


def _read_file(path: Path) -> bytes:
    if path.is_dir():
        raise ModelFileError(f"{path} is a folder, perhaps a SavedModel: convert it first, then name the .tflite file.")
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise ModelFileError(f"There is no file {path}: run the cell that writes it, or correct the path.") from None
    except OSError as error:
        raise ModelFileError(f"{path} cannot be read ({error.strerror}): check its permissions.") from None


def write_model(path: str | os.PathLike, content: bytes) -> Path:
    """Write a converted model to a file, whole or not at all, and return its path.

    Raises ModelFileError when the bytes are no .tflite model, LabError when the folder cannot be written.

    >>> import tempfile
    >>> from labutils.models import asset
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_model(f"{folder}/neuron.tflite", asset("neuron.tflite").read_bytes()).name
    'neuron.tflite'
    """
    return write_whole(Path(path), read_model(content))
