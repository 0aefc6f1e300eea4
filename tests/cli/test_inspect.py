"""`labs inspect`: the anatomy on the terminal, and a sentence for whatever is no model."""

import json

import pytest

from labutils import cli
from labutils.models import asset


def test_shows_operators_and_bytes(capsys):
    assert cli.main(["inspect", str(asset("neuron.tflite"))]) == 0
    out = capsys.readouterr().out
    assert "FULLY_CONNECTED" in out and "serving_default: x ->" in out and "1,052 bytes" in out


def test_json_holds_the_same(capsys):
    assert cli.main(["inspect", "--json", str(asset("digits_cnn.tflite"))]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["size"] == sum(found["bytes_by_part"].values()) and len(found["subgraphs"][0]["operators"]) == 10


@pytest.mark.parametrize("kind", ["missing", "folder", "empty", "truncated", "text"])
def test_bad_files(kind, tmp_path, capsys):
    path = tmp_path / "model.tflite"
    if kind == "folder":
        path.mkdir()
    elif kind != "missing":
        part = asset("digits_cnn.tflite").read_bytes()[:40_000]
        path.write_bytes({"empty": b"", "text": b"hello, reader", "truncated": part}[kind])
    assert cli.main(["inspect", str(path)]) == 2
    out, err = capsys.readouterr()
    assert out == "" and err.startswith("labs: ") and err.count("\n") == 1
