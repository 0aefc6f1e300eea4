"""What `labs app build` and `labs app serve` do not take: one sentence, code 2, and nothing written."""

import shutil
from dataclasses import replace

import numpy as np
import pytest

from labutils import cli
from labutils.device.app import LARGEST, check_runs_in_browser
from labutils.device.card import Card, Picture, Port, card_path, make_card, write_card
from labutils.errors import LabError
from labutils.models import asset

DIGITS = "0123456789"


def truncated(path, model):
    path.write_bytes(model.read_bytes()[:-5000])


def flipped(path, model):
    """Every 97th byte of the first half turned round: of several hundred, some are always missed."""
    content = np.frombuffer(model.read_bytes(), np.uint8).copy()
    content[8 : len(content) // 2 : 97] ^= 0xFF
    path.write_bytes(content.tobytes())


def huge(path, model):
    path.write_bytes(model.read_bytes())
    with path.open("r+b") as file:
        file.truncate(LARGEST + 1)
    card = make_card(model, DIGITS)
    path.with_suffix(".json").write_text(card.json().replace(f'"bytes": {card.bytes}', f'"bytes": {LARGEST + 1}'))


FLAWS = {
    "missing": lambda path, model: None,
    "folder": lambda path, model: path.mkdir(),
    "empty": lambda path, model: path.write_bytes(b""),
    "other": lambda path, model: path.write_bytes(b"PK\x03\x04 a Keras file, perhaps"),
    "truncated": truncated,
    "flipped": flipped,
    "huge": huge,
    "free batch": lambda path, model: shutil.copy(asset("digits_cnn.tflite"), path),
    "no picture": lambda path, model: shutil.copy(asset("neuron.tflite"), path),
}
SAID = {"missing": "There is no file", "folder": "is a folder", "empty": "is empty", "other": "is no .tflite model",
        "huge": "quantize it", "free batch": "leaves its batch free"}  # fmt: skip


@pytest.mark.usefixtures("runtime")
@pytest.mark.parametrize("command", ["build", "serve"])
@pytest.mark.parametrize("flaw", FLAWS)
def test_a_bad_model(cnn_uint8, tmp_path, capsys, monkeypatch, flaw, command):
    monkeypatch.chdir(tmp_path)
    model = tmp_path / "bad.tflite"
    shutil.copy(card_path(cnn_uint8), tmp_path / "bad.json")
    FLAWS[flaw](model, cnn_uint8)
    before = sorted(tmp_path.iterdir())
    assert cli.main(["app", command, "bad.tflite"]) == 2
    out, err = capsys.readouterr()
    assert out == "" and err.startswith("labs: ") and err.count("\n") == 1 and SAID.get(flaw, "") in err
    assert sorted(tmp_path.iterdir()) == before


@pytest.mark.parametrize(("side", "dtype"), [("input", "int8"), ("output", "int8"), ("input", "int16")])
def test_dtypes_that_litert_js_refuses_are_named_with_the_cure(cnn_float, side, dtype):
    card = make_card(cnn_float, DIGITS)
    card = replace(card, **{side: replace(getattr(card, side), dtype=dtype)})
    with pytest.raises(LabError, match=f"has {dtype} at its border.*inference_{side}_type = tf.uint8"):
        check_runs_in_browser(cnn_float, card)


def test_operators_of_tensorflow_are_refused(tf, tmp_path):
    keep = tf.Module()
    spec = tf.TensorSpec([1, 4, 4, 1], tf.float32, name="image")
    keep.serve = tf.function(lambda image: tf.math.erf(tf.reshape(image, [1, 16])), input_signature=[spec])
    converter = tf.lite.TFLiteConverter.from_concrete_functions([keep.serve.get_concrete_function()], keep)
    converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS, tf.lite.OpsSet.SELECT_TF_OPS]
    model = tmp_path / "flex.tflite"
    model.write_bytes(converter.convert())
    port = Port("image", (1, 4, 4, 1), "float32")
    card = Card("flex", "flex.tflite", 1000, port, port, Picture("drawing", 0, 1, 4), tuple(DIGITS))
    with pytest.raises(LabError, match="has FlexErf, which LiteRT.js does not know"):
        check_runs_in_browser(model, card)


def test_without_the_runtime_nothing_is_written(cnn_uint8, tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("LABS_LITERT_JS", str(tmp_path / "nowhere"))
    monkeypatch.chdir(tmp_path)
    for command in ("build", "serve"):
        assert cli.main(["app", command, str(cnn_uint8)]) == 2
        assert capsys.readouterr().err.startswith("labs: The browser runtime is not here: run `labs app setup` (")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("runtime")
def test_a_good_one_is_built_where_it_is_said(cnn_uint8, tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert cli.main(["app", "build", str(cnn_uint8)]) == 0
    assert capsys.readouterr().out == "cnn_uint8.html: 3.7 MB, all in one file\n"
    other = write_card(make_card(cnn_uint8, "abcdefghij", name="a <b> & c"), tmp_path)[0]
    assert cli.main(["app", "build", str(cnn_uint8), "--card", str(other), "-o", "b.html"]) == 0
    text = (tmp_path / "b.html").read_text("utf-8")
    assert "<title>a &lt;b&gt; &amp; c" in text and "a <b>" not in text
    assert cli.main(["app", "build", str(cnn_uint8), "-o", "no such folder/app.html"]) == 2
