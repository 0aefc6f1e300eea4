"""TF Select models answer as TensorFlow does, in the environment that has Flex; whatever goes wrong is a sentence."""

import json
import os
import time
from pathlib import Path

import numpy as np
import pytest

from labutils.errors import LabError
from labutils.legacy import child, place
from labutils.models import asset
from labutils.tflite import flex
from labutils.tflite.anatomy import anatomy
from labutils.tflite.files import ModelFileError
from labutils.tflite.quiet import quiet

RANDOM = np.random.default_rng(3)
ROWS = RANDOM.standard_normal((5, 3)).astype(np.float32)
IMAGES = RANDOM.random((2, 8, 8, 3)).astype(np.float32)
TEXT = ["Grüße AUS Zürich", "", "ABC", "x" * 300]
SPREAD = 1e-5


def converted(tf, function, *specs):
    graph = tf.function(function, input_signature=specs)
    with quiet():
        converter = tf.lite.TFLiteConverter.from_concrete_functions([graph.get_concrete_function()], tf.Module())
        converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS, tf.lite.OpsSet.SELECT_TF_OPS]
        return converter.convert()


@pytest.fixture(scope="module")
def models(tf):
    """Name -> (model, inputs, what TensorFlow answers, its operators)."""
    rows, text = tf.TensorSpec([None, 3], tf.float32, name="x"), tf.TensorSpec([None], tf.string, name="text")
    images, fours = tf.TensorSpec([None, 8, 8, 3], tf.float32, name="x"), tf.TensorSpec([4, 3], tf.float32, name="x")

    def bicubic(x):
        return tf.image.resize(x, (20, 12), method="bicubic")

    def both(x, k):
        return {"sum": tf.math.erf(x) + tf.cast(k, tf.float32), "tan": tf.tan(x)}

    table = {
        "erf": (tf.math.erf, [rows], ROWS, {"FlexErf"}),
        "bicubic": (bicubic, [images], IMAGES, {"FlexResizeBicubic"}),
        "lower": (tf.strings.lower, [text], TEXT, {"FlexStringLower"}),
        "cumprod": (lambda x: tf.math.cumprod(x, axis=1), [rows], ROWS, {"FlexCumprod"}),
        "four rows": (tf.math.erf, [fours], np.tile(ROWS[:4], (3, 1)), {"FlexErf"}),
        "both": (both, [rows, tf.TensorSpec([None, 3], tf.int64, name="k")], {"k": ROWS > 0, "x": ROWS},
                 {"FlexErf", "FlexTan"}),
    }  # fmt: skip
    found = {}
    for name, (function, specs, inputs, operators) in table.items():
        answer = function(**{n: tf.constant(v) for n, v in inputs.items()}) if name == "both" else function(inputs)
        answer = {n: v.numpy() for n, v in answer.items()} if name == "both" else answer.numpy()
        found[name] = (converted(tf, function, *specs), inputs, answer, operators)
    return found


@pytest.fixture(scope="module")
def answers(flex_environment, models):
    """All of them from one child process."""
    return flex.predict_all({name: (model, inputs) for name, (model, inputs, _, _) in models.items()})


def test_the_models_need_flex(models):
    for model, _, _, operators in models.values():
        assert operators <= set(anatomy(model).operators)


@pytest.mark.parametrize("name", ["erf", "bicubic", "cumprod", "four rows"])
def test_numbers_agree_with_tensorflow(answers, models, name):
    expected = models[name][2]
    assert answers[name].dtype == np.float32 and expected.std() > 0.1
    np.testing.assert_allclose(answers[name], expected, rtol=0, atol=SPREAD)


def test_text_is_the_same(answers, models):
    assert answers["lower"].tolist() == [each.decode() for each in models["lower"][2]]
    assert answers["lower"].dtype.kind == "U"


def test_several_inputs_and_outputs_go_by_name(answers, models):
    assert answers["both"].keys() == {"sum", "tan"}
    for name, value in models["both"][2].items():
        np.testing.assert_allclose(answers["both"][name], value, rtol=1e-6, atol=SPREAD)


def test_one_model_by_path_with_spaces_and_bytes_as_text(flex_environment, models, tmp_path, monkeypatch):
    for name, value in {"PYTHONPATH": str(tmp_path), "TF_USE_LEGACY_KERAS": "1", "KERAS_BACKEND": "jax"}.items():
        monkeypatch.setenv(name, value)
    (tmp_path / "numpy.py").write_text("raise ImportError('the wrong numpy')")
    file = tmp_path / "a model für uns.tflite"
    file.write_bytes(models["lower"][0])
    assert flex.predict(file, np.array([b"AB", "Ç".encode()], object)).tolist() == ["ab", "Ç"]


def test_the_environment_may_be_elsewhere(flex_environment, models, tmp_path, monkeypatch):
    elsewhere = tmp_path / "a class" / "flex"
    elsewhere.parent.mkdir()
    elsewhere.symlink_to(flex_environment, target_is_directory=True)
    monkeypatch.setenv("LABS_FLEX", str(elsewhere))
    assert place.look().folder == elsewhere and flex.installed()
    np.testing.assert_allclose(flex.predict(models["erf"][0], ROWS), models["erf"][2], atol=SPREAD)
    monkeypatch.setenv("LABS_FLEX", str(tmp_path / "nothing"))
    assert not flex.installed()
    with pytest.raises(LabError, match=flex.HOW):
        flex.predict(models["erf"][0], ROWS)


def test_a_look_takes_milliseconds(flex_environment):
    start = time.perf_counter()
    assert all(flex.installed() for _ in range(20))
    assert (time.perf_counter() - start) / 20 < 0.005


def without_options(model):
    """The model with a TensorFlow operator that is not described: the delegate follows a pointer to nowhere."""
    import flatbuffers
    from ai_edge_litert import schema_py_generated as schema

    damaged = schema.ModelT.InitFromObj(schema.Model.GetRootAsModel(bytearray(model), 0))
    damaged.subgraphs[0].operators[0].customOptions = None
    builder = flatbuffers.Builder(1024)
    builder.Finish(damaged.Pack(builder), b"TFL3")
    return bytes(builder.Output())


def test_a_model_that_crashes_is_a_sentence(flex_environment, models):
    model = without_options(models["erf"][0])
    assert anatomy(model).operators == {"FlexErf": 1}
    with pytest.raises(LabError, match=r"^second crashed the Flex environment's runtime \(SIG\w+\).*\.$") as said:
        flex.predict_all({"first": (models["cumprod"][0], ROWS), "second": (model, ROWS)})
    assert "\n" not in str(said.value)


def test_a_model_that_fails_is_a_sentence(flex_environment, tf):
    model = converted(
        tf, lambda x, shape: tf.reshape(tf.math.erf(x), shape),
        tf.TensorSpec([None], tf.float32, name="x"), tf.TensorSpec([2], tf.int32, name="shape"),
    )  # fmt: skip
    with pytest.raises(LabError, match="does not run in the Flex environment .*6 != 20"):
        flex.predict(model, {"x": np.zeros(6), "shape": [4, 5]})


def test_it_is_stopped_in_time_and_leaves_nothing(flex_environment, models, tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with pytest.raises(LabError, match="was not done after 0.3 s"):
        flex.predict(models["erf"][0], ROWS, seconds=0.3)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "was killed .* memory"),
        ("import ctypes; ctypes.string_at(0)", r"crashed .*\(SIGSEGV\)"),
        ("raise ValueError('first line\\nsecond')", r"\(first line\)"),
        ("import sys; sys.exit(7)", "exit code 7"),
        ("import labutils", "No module named 'labutils'"),
    ],
)
def test_every_end_of_a_child_is_a_sentence(flex_environment, tmp_path, code, said):
    (tmp_path / "worker.py").write_text(code)
    with pytest.raises(LabError, match=f"^The script .*{said}"):
        child.run(place.require(), tmp_path / "worker.py", tmp_path, 60)


def test_the_child_ends_with_its_parent(flex_environment, tmp_path):
    (tmp_path / "worker.py").write_text("import time; time.sleep(60)")
    start = [str(place.require()), "-I", str(child.START), str(tmp_path / "worker.py"), str(tmp_path)]
    with child.running(start, stdin=-1, stdout=-3, stderr=-3) as orphan:
        orphan.stdin.close()
        assert orphan.wait(timeout=20) == 3


@pytest.mark.parametrize(
    ("name", "inputs", "said"),
    [
        ("erf", np.zeros((2, 4)), r"\(n, 3\).*\(2, 4\)"),
        ("erf", ["a", "b"], "wants numbers"),
        ("erf", {"y": ROWS}, "wants the inputs x"),
        ("both", ROWS, "wants the inputs x, k|wants the inputs k, x"),
        ("lower", [1, 2], "wants text"),
        ("four rows", ROWS, "fixed batch of 4: 5 rows"),
    ],
)
def test_inputs_that_do_not_fit_cost_no_child(models, monkeypatch, name, inputs, said):
    monkeypatch.setattr(child, "run", None)
    with pytest.raises(LabError, match=said):
        flex.predict_all({name: (models[name][0], inputs)})


def test_what_is_no_model_is_refused():
    with pytest.raises(ModelFileError):
        flex.predict(b"nothing", ROWS)


def made(folder: Path, stamp: dict | str | None, python: bool = True) -> Path:
    """A folder as `labs flex install` leaves it, or as it must not be."""
    place.python_in(folder).parent.mkdir(parents=True)
    (folder / place.MARKER).touch()
    if python:
        place.python_in(folder).write_text("#!/nowhere/at/all\n")
    if stamp is not None:
        (folder / place.STAMP).write_text(stamp if isinstance(stamp, str) else json.dumps(stamp))
    return folder


@pytest.mark.parametrize(
    ("stamp", "python", "state"),
    [
        (None, True, "unfinished"),
        ("{half", True, "unfinished"),
        ({"flex": "of yesterday"}, True, "outdated"),
        ({"flex": place.digest("flex")}, False, "broken"),
        ({"flex": place.digest("flex")}, True, "ready"),
    ],
)
def test_an_environment_counts_only_when_whole(tmp_path, monkeypatch, stamp, python, state):
    monkeypatch.setenv("LABS_FLEX", str(made(tmp_path / "flex", stamp, python)))
    assert (place.look().state, flex.installed(), place.look().qat) == (state, state == "ready", False)
    if state != "ready":
        with pytest.raises(LabError, match=flex.HOW):
            flex.predict(asset("neuron.tflite"), [[1.0]])


@pytest.mark.skipif(os.name == "nt", reason="an .exe cannot be written by hand")
def test_a_python_that_does_not_start_is_a_sentence(tmp_path, monkeypatch):
    monkeypatch.setenv("LABS_FLEX", str(made(tmp_path / "flex", {"flex": place.digest("flex")})))
    with pytest.raises(LabError, match="Python does not start"):
        flex.predict(asset("neuron.tflite"), [[1.0]])


def test_a_relative_folder_counts_from_the_course(course, monkeypatch):
    monkeypatch.delenv("LABS_FLEX", raising=False)
    assert place.folder() == course / ".venv-flex"
    monkeypatch.setenv("LABS_FLEX", "shared/flex")
    monkeypatch.chdir(course / "notebooks")
    assert place.folder() == course / "shared" / "flex"
