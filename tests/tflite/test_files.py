"""A file that is no model is refused in one sentence, and a model is written whole or not at all."""

import pytest

from labutils.errors import LabError
from labutils.models import asset
from labutils.tflite.anatomy import anatomy
from labutils.tflite.files import ModelFileError, write_model
from labutils.tflite.isolate import probe
from labutils.tflite.parity import parity
from labutils.tflite.runtime import open_model

READERS = [anatomy, open_model, probe, lambda path: parity(path, lambda x: x, [[1.0], [2.0]])]


@pytest.fixture(params=["missing", "folder", "empty", "text", "hdf5", "truncated"])
def bad(request, tmp_path):
    """A path to a bad file, and a word of the sentence that it should get."""
    path = tmp_path / "model.tflite"
    content = {
        "empty": b"", "text": b"hello, I am text", "hdf5": b"\x89HDF\r\n\x1a\n" + b"0" * 20,
        "truncated": asset("digits_cnn.tflite").read_bytes()[:5000],
    }
    if request.param in content:
        path.write_bytes(content[request.param])
    if request.param == "folder":
        path.mkdir()
    words = {"missing": "no file", "folder": "folder", "empty": "empty", "hdf5": "HDF5", "truncated": "truncated"}
    return path, words.get(request.param, "no .tflite model")


@pytest.mark.parametrize("reader", READERS, ids=["anatomy", "open_model", "probe", "parity"])
def test_bad_file_gets_a_sentence(reader, bad):
    path, word = bad
    with pytest.raises(ModelFileError, match=word) as caught:
        reader(path)
    sentence = str(caught.value)
    assert "\n" not in sentence and sentence.endswith(".") and path.name in sentence


def test_write_is_whole_or_not_at_all(tmp_path):
    content = asset("neuron.tflite").read_bytes()
    path = write_model(tmp_path / "a.tflite", content)
    assert path.read_bytes() == content
    with pytest.raises(ModelFileError):
        write_model(path, b"nonsense")
    assert path.read_bytes() == content
    with pytest.raises(LabError, match="another folder"):
        write_model(tmp_path / "nowhere" / "a.tflite", content)
    assert [p.name for p in tmp_path.iterdir()] == ["a.tflite"]


def test_probe_survives_a_crash_and_a_hang(monkeypatch):
    """The child process may die by a signal, or never end: the caller gets a sentence either way."""
    path = asset("neuron.tflite")
    import subprocess

    real = subprocess.run

    def run_instead(code):
        return lambda command, **options: real([command[0], "-c", code], **options)

    monkeypatch.setattr(subprocess, "run", run_instead("import os; os.abort()"))
    with pytest.raises(ModelFileError, match="crashed the runtime|made the runtime fail"):
        probe(path)
    monkeypatch.setattr(subprocess, "run", run_instead("import time; time.sleep(60)"))
    with pytest.raises(ModelFileError, match="not done after 0.5 s"):
        probe(path, seconds=0.5)
