"""What devices ask is read from the file, and each demand is missed by a file that should miss it."""

import pytest

from labutils.errors import LabError
from labutils.models import asset
from labutils.tflite.anatomy import _names
from labutils.tflite.choice import COLLECT, ENDS, REWRITE, TREE, Question, choose, keys
from labutils.tflite.devices import DEVICES, device, fits, missing, on_edge_tpu, requirements
from labutils.tflite.files import ModelFileError
from labutils.tflite.operator_sets import EDGE_TPU, MICRO
from labutils.tflite.quiet import quiet
from labutils.tflite.variants import PATHS, freeze, variants


@pytest.fixture(scope="module")
def files(tf):
    """MobileNetV2 by every path; untrained would do for the form, but not for 16x8."""
    from labutils import data
    from labutils.models import mobilenet_v2_digits

    with quiet():
        return variants(freeze(mobilenet_v2_digits()), data.for_mobilenet(data.digits("train")[0][:20]))


FITTING = {
    "phone-cpu": set(PATHS),
    "edge-tpu": {"full int8", "full uint8"},
    "microcontroller": {"integer", "full int8", "full uint8", "16x8"},
    "browser": set(PATHS) - {"full int8"},
}


@pytest.mark.parametrize("name", DEVICES)
def test_which_paths_fit_a_device(files, name):
    assert {path for path, content in files.items() if fits(content, name)} == FITTING[name]


@pytest.mark.parametrize(
    ("path", "name", "missed"),
    [
        ("float", "edge-tpu", ["inputs and outputs", "all tensors"]),
        ("16x8", "edge-tpu", ["inputs and outputs", "all tensors", "operators"]),
        ("float", "microcontroller", ["file", "arena"]),
        ("dynamic range", "microcontroller", ["mixed operators", "arena"]),
        ("float16", "microcontroller", ["mixed operators", "arena"]),
        ("full int8", "browser", ["inputs and outputs"]),
    ],
)
def test_what_is_missed(files, path, name, missed):
    assert [each.name for each in requirements(files[path], name) if not each.met] == missed


def test_the_open_batch_is_missed_and_flex_is_foreign(tf):
    import keras

    assert "sizes (free:" in missing(asset("mobilenet_v2_digits.tflite"), "browser")
    small = keras.Input((8, 8, 3), name="small")
    frozen = freeze(keras.Model(small, keras.layers.Resizing(16, 16, interpolation="bicubic")(small)))
    content = variants(frozen, names=["Select"])["Select"]
    for name in DEVICES:
        assert "lacking: FlexResizeBicubic" in missing(content, name)
    assert "arena (does not run by itself)" in missing(content, "microcontroller")


def test_weights_that_are_not_in_the_file(tf, sources):
    with quiet():
        content = tf.lite.TFLiteConverter.from_saved_model(str(sources / "saved_by_tensorflow")).convert()
    assert "weights (not in the file (VAR_HANDLE))" in missing(content, "phone-cpu")


def test_an_operator_that_stays_float_between_integers(tf):
    """The full integer file that is none: SIN stays float, so the Edge TPU gets the part before it."""
    import numpy as np

    from labutils.exercises.judges.small_files import small_file

    with quiet():
        content = small_file(np.random.default_rng(0), "full_integer", ("int8", "int8"), "sin")
    mapped, total = on_edge_tpu(content)
    assert 0 < mapped < total
    assert [each.name for each in requirements(content, "edge-tpu") if not each.met] == ["all tensors", "operators"]


def test_operators_on_an_edge_tpu(files):
    found = {path: on_edge_tpu(content) for path, content in files.items()}
    assert found["full int8"] == (65, 65) and found["full uint8"] == (67, 67)
    assert found["integer"] == (65, 67)  # all but QUANTIZE and DEQUANTIZE, as the compiler's log in issue 20 has it
    assert {found[path][0] for path in ("float", "dynamic range", "float16", "16x8", "Select")} == {0}
    assert on_edge_tpu(asset("digits_cnn_int8.tflite"))[0] == 0  # its batch is free


def test_operator_sets_are_names_of_the_schema():
    known = set(_names("BuiltinOperator").values())
    assert known >= EDGE_TPU and known >= MICRO
    assert "DEQUANTIZE" not in EDGE_TPU and "DEQUANTIZE" in MICRO


def test_every_device_names_its_sources():
    assert set(DEVICES) == {"phone-cpu", "edge-tpu", "microcontroller", "browser"}
    assert all(each.sources and each.title for each in DEVICES.values())


def test_what_is_refused(tmp_path):
    with pytest.raises(LabError, match="no device 'toaster': choose one of phone-cpu, edge-tpu"):
        device("toaster")
    with pytest.raises(LabError, match="no device"):
        requirements(asset("neuron.tflite"), "toaster")
    with pytest.raises(ModelFileError, match="There is no file"):
        fits(tmp_path / "missing.tflite", "phone-cpu")
    with pytest.raises(ModelFileError, match="no .tflite model"):
        on_edge_tpu(b"no model at all")


def ends(here):
    return {here} if isinstance(here, str) else ends(here.yes) | ends(here.no)


def test_the_tree_ends_in_every_path_and_twice_in_work():
    assert ends(TREE) == set(PATHS) | {COLLECT, REWRITE} == set(ENDS)


@pytest.mark.parametrize(
    ("answers", "end"),
    [
        ({}, "dynamic range"),
        ({"half_is_enough": True}, "float16"),
        ({"float_is_fine": True, "has_data": True}, "float"),
        ({"has_data": True}, "integer"),
        ({"has_data": True, "too_coarse": True}, "16x8"),
        ({"has_data": True, "integers_only": True}, "full int8"),
        ({"has_data": True, "integers_only": True, "unsigned": True}, "full uint8"),
        ({"integers_only": True}, COLLECT),
        ({"lacks_operator": True, "has_data": True}, "Select"),
        ({"lacks_operator": True, "integers_only": True}, REWRITE),
    ],
)
def test_ways_through_the_tree(answers, end):
    way = choose(answers)
    assert way.end == end and way.leads_on == (end in PATHS)
    for question, said in way.steps:
        assert isinstance(question, Question) and answers.get(question.key, False) == said


def test_unknown_answers_are_refused():
    with pytest.raises(LabError, match="does not ask 'gpu': its questions are lacks_operator"):
        choose({"gpu": True})
    assert len(keys()) == 7
