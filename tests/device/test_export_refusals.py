"""What cannot be exported, or not there, is refused in one sentence, and nothing is written."""

from dataclasses import replace
from pathlib import Path

import pytest

from labutils import cli
from labutils.device import exports
from labutils.device.card import Port, read_card
from labutils.device.exports import FORMS, export
from labutils.errors import LabError
from labutils.models import asset
from labutils.tflite.files import ModelFileError
from tests.throwaway import files_of


def spoil(kind: str, whole: Path, folder: Path) -> Path:
    """A model file that cannot be exported."""
    path, card = folder / "m.tflite", folder / "m.json"
    content, text = whole.read_bytes(), whole.with_suffix(".json").read_text("utf-8")
    models = {"truncated model": content[: len(content) // 2], "no model": b"hello, reader", "empty model": b"",
              "free batch": asset("digits_cnn.tflite").read_bytes(),
              "no classifier": asset("neuron.tflite").read_bytes()}
    cards = {"no card": None, "truncated card": text[:100], "not JSON": "{", "a list": "[]", "not UTF-8": b"\xff\xfe",
             "another card": text.replace('"bytes": ', '"bytes": 1'), "no labels": text.replace('"9"', '"8", "9"'),
             "wrong dtype": text.replace('"uint8"', '"int8"'), "wrong scale": text.replace("0.0039", "0.0040"),
             "half a character": text.replace('"9"', '"\\ud800"')}  # fmt: skip
    if kind != "no file":
        path.write_bytes(models.get(kind, content))
    chosen = cards.get(kind, text)
    if chosen is not None:
        card.write_bytes(chosen if isinstance(chosen, bytes) else chosen.encode())
    return path


@pytest.mark.parametrize("kind", [
    "no file", "truncated model", "no model", "empty model", "free batch", "no classifier", "no card", "truncated card",
    "not JSON", "a list", "not UTF-8", "another card", "no labels", "wrong dtype", "wrong scale", "half a character",
])  # fmt: skip
def test_what_cannot_be_exported_is_one_sentence_and_nothing_is_written(cnn_uint8, tmp_path, capsys, kind):
    model = spoil(kind, cnn_uint8, tmp_path)
    form = FORMS[len(kind) % len(FORMS)]
    before = files_of(tmp_path)
    assert cli.main(["export", form, str(model), str(tmp_path / "out/app")]) == 2
    out, err = capsys.readouterr()
    assert out == "" and err.startswith("labs: ") and err.count("\n") == 1 and err.endswith(".\n")
    assert files_of(tmp_path) == before and not (tmp_path / "out").exists()


@pytest.mark.parametrize(("place", "says"), [
    ("full", "is not empty: name a new folder"), ("file", "is a file: name a new folder"),
    ("file/below", "cannot be written"),
])  # fmt: skip
def test_a_folder_in_use_is_left_alone(cnn_uint8, tmp_path, capsys, place, says):
    (tmp_path / "full").mkdir()
    (tmp_path / "full/mine.txt").write_text("mine")
    (tmp_path / "file").write_text("mine")
    before = files_of(tmp_path)
    assert cli.main(["export", "linux", str(cnn_uint8), str(tmp_path / place)]) == 2
    assert says in capsys.readouterr().err and files_of(tmp_path) == before


def test_a_model_that_crashes_the_runtime_is_found_by_a_child_process(cnn_uint8, tmp_path, monkeypatch, capsys):
    def crash(path):
        assert Path(path) == cnn_uint8
        raise ModelFileError("m.tflite crashed the runtime (SIGSEGV): it is damaged; make it again.")

    monkeypatch.setattr(exports, "probe", crash)
    assert cli.main(["export", "android", str(cnn_uint8), str(tmp_path / "app")]) == 2
    assert "SIGSEGV" in capsys.readouterr().err and not any(tmp_path.iterdir())


def test_the_folder_that_one_is_in_is_not_replaced(cnn_uint8, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert cli.main(["export", "linux", str(cnn_uint8), "."]) == 2
    assert "the folder that you are in" in capsys.readouterr().err and not any(tmp_path.iterdir())


def test_an_export_that_breaks_off_leaves_nothing(cnn_uint8, tmp_path, monkeypatch):
    write, calls = Path.write_bytes, []

    def full(path, content):
        calls.append(path)
        if len(calls) == 3:
            raise OSError(28, "No space left on device")
        return write(path, content)

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(LabError, match="app cannot be written .No space left on device.: free it"):
        export("android", cnn_uint8, tmp_path / "app")
    assert len(calls) == 3 and not any(tmp_path.iterdir())


@pytest.mark.parametrize(("port", "says"), [
    (Port("image", (1, 8, 8, 1), "int16", 0.1, 0), "has image in int16: an app needs float32, uint8, int8"),
    (Port("image", (1, 8, 8, 1), "uint8"), "has image in uint8 without a scale"),
])  # fmt: skip
def test_other_dtypes_are_refused(cnn_uint8, tmp_path, monkeypatch, port, says):
    monkeypatch.setattr(exports, "read_card", lambda *_: replace(read_card(cnn_uint8), input=port))
    with pytest.raises(LabError, match=says):
        export("ios", cnn_uint8, tmp_path / "app")
    assert not any(tmp_path.iterdir())


def test_select_operators_are_refused(cnn_uint8, tmp_path, monkeypatch, tf, sources):
    converter = tf.lite.TFLiteConverter.from_saved_model(str(sources / "select"))
    converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS, tf.lite.OpsSet.SELECT_TF_OPS]
    model = tmp_path / "select.tflite"
    model.write_bytes(converter.convert())
    monkeypatch.setattr(exports, "read_card", lambda *_: read_card(cnn_uint8))
    with pytest.raises(LabError, match="has Flex.*, which LiteRT alone does not know"):
        exports.files("linux", model)


def test_a_form_has_to_be_one_of_the_three(cnn_uint8, tmp_path):
    with pytest.raises(LabError, match="There is no form 'windows': choose one of android, ios, linux"):
        export("windows", cnn_uint8, tmp_path / "app")
