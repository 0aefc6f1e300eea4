"""Lab 05: what its cells find is what its text says. Its code is run here once, without Flex, and looked into."""

import linecache
import warnings

import matplotlib as mpl
import nbformat
import numpy as np
import pytest

from labutils.course.catalog import find_lab
from labutils.tflite.anatomy import anatomy
from labutils.tflite.quiet import quiet

BUILTIN = {
    "rfft", "gelu", "cumsum", "sort", "unique", "conv3d", "log1p", "lgamma", "softplus", "einsum", "stft", "top_k",
    "resize bilinear", "rgb_to_grayscale", "non-max suppression",
}  # fmt: skip
SELECT = {
    "erf", "cumprod", "tan", "atan", "max_pool3d", "linalg.qr", "linalg.inv", "dct", "strings.length", "resize bicubic",
    "adjust_contrast", "crop_and_resize",
}  # fmt: skip
NEITHER = {
    "erfinv", "asin", "svd", "linalg.solve", "erfc", "digamma", "linalg.cross", "resize lanczos3", "resize antialias",
}  # fmt: skip
# Tag of a cell -> what stands in its committed output.
SAID = {
    "fails": ["image    ConverterError", "text     ConverterError", "numbers  ConverterError"],
    "message": [
        "error: 'tf.StringLower' op is neither a custom op nor a flex op", "lower = tf.strings.lower(text)",
        "Error code: ERROR_NEEDS_FLEX_OPS", "TF Select ops: StaticRegexReplace, StringLower",
    ],
    "compatible": ["op 'tf.Tan' require(s) \"Select TF Ops\"", "line 5: return tf.math.tan(doubled)"],
    "select": ["FlexStringLower, FlexStaticRegexReplace"],
    "select-alone": ["FlexMul", "FlexErf", "FlexAddV2"],
    "mixed": ["int8 weights  5,960 bytes, FULLY_CONNECTED, FlexErf"],
    "refusal": ["LiteRT:\nSelect TensorFlow op(s)", "TensorFlow:\nSelect TensorFlow op(s)", "(FlexErf) failed"],
    "flex-run": ["answered by an interpreter with Flex: image, text, numbers, float, int8 weights"],
    "flex-parity": ["the same, letter for letter"],
    "cumprod-trap": ["rewritten, TensorFlow:   [ 2. nan"],
    "refused-by-select": ["ERROR_NEEDS_CUSTOM_OPS", "Custom ops: Svd", "Custom ops: ScaleAndTranslate"],
    "calibrate": ["Select TensorFlow op(s), included in the given model, is(are) not supported"],
    "custom": ["FlexErf flex", "Erfinv custom", "Encountered unresolved custom op: Erf."],
}  # fmt: skip


@pytest.fixture(scope="module")
def cells():
    """The code cells of the committed notebook that have a tag, by it."""
    found = {}
    for cell in nbformat.read(find_lab("05").notebook, as_version=4).cells:
        tags = [tag for tag in cell.metadata.get("tags", []) if tag != "nbval-check-output"]
        if cell.cell_type == "code" and tags:
            found[tags[0]] = cell
    return found


@pytest.fixture(scope="module")
def lab(cells):
    """The names that the lab's cells define, run in brief and without Flex; exercises are left out."""
    names = {"__name__": "lab05"}
    with mpl.rc_context({"backend": "agg"}), warnings.catch_warnings(action="ignore"), quiet():
        for tag, cell in cells.items():
            if not tag.startswith(("exercise-", "check-")):
                run(tag, cell.source, names)
            if tag == "parameters":
                names |= {"samples": 40, "run_flex": False}
    return names


def run(tag, source, names):
    """As in a notebook: the source stands where TensorFlow and the message's reader look for it."""
    place = f"/nowhere/lab05-{tag}.py"
    linecache.cache[place] = (len(source), None, source.splitlines(keepends=True), place)
    exec(compile(source, place, "exec"), names)


@pytest.mark.parametrize("tag", SAID)
def test_committed_output_says_so(tag, cells):
    said = "".join(output.get("text", "") for output in cells[tag].outputs)
    for phrase in SAID[tag]:
        assert phrase in said


def test_all_three_models_are_refused_and_select_converts_them(lab):
    assert set(lab["refused"]) == set(lab["models"]) == {"image", "text", "numbers"}
    kinds = {
        name: {each.kind for each in anatomy(content).subgraphs[0].operators}
        for name, content in lab["select"].items()
    }
    assert kinds == {
        "image": {"builtin", "flex"}, "text": {"flex"}, "numbers": {"builtin", "flex"},
        "float": {"builtin", "flex"}, "int8 weights": {"builtin", "flex"},
    }  # fmt: skip


def test_which_set_each_operator_needs(lab):
    found = {need: {name for name, (needed, _) in lab["found"].items() if needed == need}
             for need in ("builtin", "Select", "neither")}  # fmt: skip
    assert found == {"builtin": BUILTIN, "Select": SELECT, "neither": NEITHER}


def test_every_rewriting_is_proved_without_select(lab):
    assert len(lab["proofs"]) == 9
    for name, proof in lab["proofs"].items():
        assert proof.agrees and proof.tolerance <= 5e-4, name
        assert {each.kind for each in anatomy(lab["files"][name]).subgraphs[0].operators} == {"builtin"}
    assert lab["proofs"]["extract_patches"].max_error == 0


def test_the_rewritten_product_leaves_its_domain_unnoticed(lab):
    assert np.isnan(lab["running_product"](lab["row"]).numpy()[0, 1:]).all()
    assert not np.allclose(lab["wrong"], lab["cumprod"](lab["row"]))


def test_allowing_select_alone_makes_all_of_it_flex(lab):
    assert all(name.startswith("Flex") for name in lab["alone"].operators)


def test_without_flex_nothing_is_answered(lab):
    assert lab["answers"] == {}


def test_with_flex_the_answers_are_tensorflows(lab, cells, flex_environment):
    """The cells themselves assert the tolerances."""
    names = {**lab, "run_flex": True}
    for tag in ("flex-run", "flex-parity"):
        run(tag, cells[tag].source, names)
    assert set(names["answers"]) == set(lab["select"])
