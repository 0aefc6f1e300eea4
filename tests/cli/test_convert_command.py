"""`labs convert`: tflite_convert's flags and more, one sentence for each mistake, nothing half-written."""

import json

import numpy as np
import pytest

from labutils import cli
from labutils.tflite.quiet import quiet
from labutils.tflite.runtime import open_model
from tests.throwaway import files_of


def run(*arguments):
    """The exit code of `labs convert`, also where argparse ends it."""
    try:
        return cli.main(["convert", *map(str, arguments)])
    except SystemExit as end:
        return end.code


@pytest.fixture
def here(sources, tmp_path, monkeypatch):
    """The sources as s/, in an empty working directory."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "s").symlink_to(sources)
    (tmp_path / "folder").mkdir()
    np.save(tmp_path / "array.npy", np.ones(3))
    np.savez(tmp_path / "pickled.npz", image=np.array([{}], dtype=object))
    (tmp_path / "text.npz").write_text("hello, reader")
    return tmp_path


def test_all_flags_of_tflite_convert_are_here(tf):
    from tensorflow.lite.python.tflite_convert import _get_parser

    commands = next(action for action in cli.make_parser()._actions if action.choices).choices
    ours = {option: action for action in commands["convert"]._actions for option in action.option_strings}
    for action in _get_parser(True)._actions:
        for option in action.option_strings:
            assert option in ours, f"{option} is missing"
            assert (ours[option].dest, ours[option].nargs) == (action.dest, action.nargs), option
            assert (ours[option].default, ours[option].required) == (action.default, action.required), option


SAVED, KERAS = ("--output_file", "o.tflite", "--saved_model_dir"), ("--output_file", "o.tflite", "--keras_model_file")
CNN = (*SAVED, "s/cnn")
INTEGER = (*CNN, "--quantization", "integer", "--representative_data")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "--output_file"),
        (("--output_file", "o.tflite"), "no model to convert"),
        ((*CNN, "--keras_model_file", "s/cnn.keras"), "not allowed with"),
        ((*CNN, "--post_training_quantize"), "Unrecognized arguments: --post_training_quantize"),
        ((*CNN, "--experimental_new_quantizer=maybe"), "neither true nor false"),
        ((*CNN, "--experimental_new_converter=false"), "leave --experimental_new_converter=false out"),
        ((*SAVED, "s/nothing"), "There is no model at s/nothing"),
        ((*SAVED, "s/empty"), "holds no saved_model.pb"),
        ((*SAVED, "s/versions"), "versions 1, 12: name the version: s/versions/12"),
        ((*SAVED, "s/torn"), "saved_model.pb is damaged"),
        ((*SAVED, "s/cnn.keras"), "is a file: for a Keras file give --keras_model_file"),
        ((*SAVED, "s/unsigned"), "has no signature"),
        ((*KERAS, "s/nothing.keras"), "There is no model at"),
        ((*KERAS, "s/cnn"), "is a folder: for a SavedModel give --saved_model_dir"),
        ((*KERAS, "s/model.bin"), "no Keras file"),
        ((*KERAS, "s/torn.keras"), "torn.keras is damaged"),
        ((*KERAS, "s/flipped.keras"), "flipped.keras is damaged"),
        ((*KERAS, "s/other.keras"), "config.json is missing"),
        ((*KERAS, "s/text.h5"), "no HDF5 file"),
        ((*KERAS, "s/lambda.keras"), "Lambda layer"),
        ((*KERAS, "s/lambda.h5"), "Lambda layer"),
        ((*KERAS, "s/own.keras"), "code of your own (Own)"),
        ((*KERAS, "s/own.h5"), "code of your own (Custom>Own)"),
        ((*KERAS, "s/cnn.keras", "--saved_model_signature_key", "serve"), "belong to a SavedModel"),
        ((*CNN, "--saved_model_signature_key", "nope"), "there are "),
        ((*CNN, "--saved_model_tag_set", "train"), "give --saved_model_tag_set serve"),
        (("--saved_model_dir", "s/cnn", "--output_file", "no/o.tflite"), "There is no folder no"),
        (("--saved_model_dir", "s/cnn", "--output_file", "folder"), "is a folder: name a file"),
        (("--saved_model_dir", "s/cnn", "--output_file", "array.npy/o.tflite"), "There is no folder array.npy"),
        (("--saved_model_dir", "s/cnn", "--output_file", "/proc/o.tflite"), "/proc"),
        (("--keras_model_file", "s/cnn.keras", "--output_file", "./s/cnn.keras"), "is the model itself"),
        ((*CNN, "--quantization", "int4"), "choose from none, dynamic_range, float16"),
        ((*CNN, "--quantization", "integer"), "give --representative_data"),
        ((*CNN, "--quantization", "float16", "--representative_data", "s/images.npz"), "do nothing for"),
        ((*INTEGER, "nothing.npz"), "does not exist"),
        ((*INTEGER, "folder"), "is a folder"),
        ((*INTEGER, "array.npy"), "one bare array"),
        ((*INTEGER, "pickled.npz"), "no .npz file of plain numbers"),
        ((*INTEGER, "text.npz"), "no .npz file of plain numbers"),
        ((*INTEGER, "s/images.npz", "--inference_input_type", "int8"), "only full_integer changes them"),
        ((*INTEGER, "s/images.npz", "--inference_input_type", "int4"), "no inference type 'int4'"),
        ((*CNN, "--tolerance", "nan"), "give a number from 0"),
        ((*CNN, "--tolerance", "-1"), "give a number from 0"),
        ((*CNN, "--tolerance", "1e-3", "--no_parity"), "--no_parity skips"),
        ((*CNN, "--parity_data", "array.npy"), "one bare array"),
        ((*KERAS, "s/cnn.h5", "--enable_v1_converter"), "cannot load Keras 3 files"),
        ((*CNN, "--enable_v1_converter", "--frob", "3"), "--frob 3 are not tflite_convert's either"),
        ((*CNN, "--enable_v1_converter", "--quantization", "float16"), "flags of its own"),
        (("--enable_v1_converter", "--output_file", "o.tflite"), "one of the arguments --graph_def_file"),
    ],
)
def test_bad_input(here, capfd, arguments, said):
    before = files_of(here)
    assert run(*arguments) == 2
    out, err = capfd.readouterr()
    assert out == "" and said in err, err
    assert err.startswith("labs: ") and err.count("\n") == 1
    assert files_of(here) == before


@pytest.mark.parametrize(
    ("name", "said"), [("select", "no built-in operator for Erf, Tan"), ("saved_by_tensorflow", "model.export()")]
)
def test_what_cannot_be_converted(here, capfd, name, said):
    before = files_of(here)
    assert run(*SAVED, f"s/{name}") == 1
    out, err = capfd.readouterr()
    assert out == "" and said in err and err.startswith("labs: ") and err.count("\n") == 1
    assert files_of(here) == before


def test_the_report(here, capfd):
    assert run(*CNN) == 0
    out, err = capfd.readouterr()
    assert err == "" and len(out.splitlines()) == 5
    assert "SavedModel s/cnn" in out and "CONV_2D x3" in out
    assert "agrees: max error" in out and "on 32 made-up inputs (seed 0)" in out


def test_json_and_data(here, capfd):
    integer = ("--quantization", "full_integer", "--representative_data", "s/images.npz")
    assert run(*CNN, *integer, "--inference_input_type", "uint8", "--json") == 0
    out, err = capfd.readouterr()
    data = json.loads(out)
    assert err == "" and data["bytes"] == (here / "o.tflite").stat().st_size and len(data["sha256"]) == 64
    assert data["quantization"] == "full_integer" and data["float_operators"] == {} and data["seconds"] > 0
    assert data["parity"]["rows"] == 20 and data["parity"]["inputs"] == "20 rows of images.npz"
    assert data["parity"]["tolerance"] is None and data["operators"]["CONV_2D"] == 3


def test_float_operators_are_a_warning(here, capfd):
    np.savez(here / "x.npz", x=np.random.default_rng(0).random((9, 3)))
    integer = ("--quantization", "full_integer", "--representative_data", "x.npz", "--json")
    assert run(*SAVED, "s/sine", *integer) == 0
    out, err = capfd.readouterr()
    assert json.loads(out)["float_operators"] == {"SIN": 1}
    assert err.startswith("labs: warning: 1 operator stayed float32 (SIN)") and err.count("\n") == 1


def test_a_file_that_does_not_agree_is_kept_and_told(here, capfd):
    assert run(*CNN, "--quantization", "dynamic_range", "--tolerance", "1e-9") == 1
    out, err = capfd.readouterr()
    assert "parity        does not agree" in out and (here / "o.tflite").exists()
    assert err.startswith("labs: o.tflite was written, but it does not answer") and err.count("\n") == 1


def test_no_parity(here, capfd):
    assert run(*CNN, "--no_parity") == 0
    assert "not asked for" in capfd.readouterr().out


def test_the_tensorflow_1_converter(here, capfd):
    assert run(*SAVED, "s/neuron", "--enable_v1_converter", "--target_ops", "TFLITE_BUILTINS") == 0
    out, err = capfd.readouterr()
    assert err == "" and "TensorFlow 1 converter" in out and "max error 0.0e+00" in out
    assert open_model("o.tflite").predict([[10.0]]) == pytest.approx(19)
    assert run(*SAVED, "s/neuron", "--enable_v1_converter", "--target_ops", "FROB") == 1
    assert "was not converted (ValueError" in capfd.readouterr().err
    assert run(*SAVED, "s/select", "--enable_v1_converter", "--target_ops", "TFLITE_BUILTINS,SELECT_TF_OPS") == 0
    out, err = capfd.readouterr()
    assert err == "" and "FlexErf" in out and "undecided: o.tflite holds TensorFlow operators" in out


def test_why_this_launcher_exists(tf, sources, tmp_path, monkeypatch):
    """TensorFlow's own command: if this fails, it has been mended, and labs convert can lean on it."""
    from tensorflow.lite.python import tflite_convert
    from tensorflow.python.util import keras_deps

    monkeypatch.setattr(keras_deps, "_KERAS_LOAD_MODEL_FUNCTION", None)
    out = str(tmp_path / "o.tflite")
    line = ["tflite_convert", "--keras_model_file", str(sources / "cnn.keras"), "--output_file", out]
    monkeypatch.setattr("sys.argv", line)
    with quiet(), pytest.raises(TypeError, match="'NoneType' object is not callable"):
        tflite_convert.run_main(None)
    tf.__internal__.register_load_model_function(tf.keras.models.load_model)
    line = ["tflite_convert", "--saved_model_dir", str(sources / "neuron"), "--output_file", out]
    monkeypatch.setattr("sys.argv", [*line, "--experimental_new_converter=false"])
    with quiet(), pytest.raises(AttributeError, match="_funcs"):
        tflite_convert.run_main(None)
    monkeypatch.setattr("sys.argv", [*line, "--quantise_everything"])  # unknown, and ignored
    with quiet():
        tflite_convert.run_main(None)
    assert (tmp_path / "o.tflite").exists()
