"""The converter's messages, reduced to what helps."""

import linecache

import pytest

from labutils.show.messages import essential

LIBRARY = "/somewhere/site-packages/tensorflow/python/framework/func_graph.py"


@pytest.fixture
def cell():
    """A notebook's cell, where IPython puts it."""
    name = "/nowhere/ipykernel_7/123.py"
    linecache.cache[name] = (0, None, ["def f(x):\n", "    return tf.math.erf(x)\n"], name)
    yield name
    del linecache.cache[name]


def test_error_keeps_the_learners_line_and_no_library_frame(cell):
    message = (
        f"Could not translate MLIR to FlatBuffer.{LIBRARY}:1060:1: error: 'tf.Erf' op is neither\n"
        f"    func_outputs = python_func()\n^\n{LIBRARY}:9:1: note: called from\n      return f()\n^\n"
        f"{cell}:2:1: note: called from\n{cell}:2:1: note: called from\n"
        f"{LIBRARY}:1060:1: note: Error code: ERROR_NEEDS_FLEX_OPS\n"
        "<unknown>:0: error: failed while converting: 'main': \nTF Select ops: Erf\n"
        "Details:\n\ttf.Erf(tensor<1xf32>)\n\n"
        '<unknown>:0: note: see current operation: \n"func.func"() <{}> ({\n  %0 = dump\n'
    )
    assert essential(message).splitlines() == [
        "Could not translate MLIR to FlatBuffer.",
        "error: 'tf.Erf' op is neither",
        "  line 2: return tf.math.erf(x)",
        "  Error code: ERROR_NEEDS_FLEX_OPS",
        "error: failed while converting: 'main':",
        "TF Select ops: Erf",
        "Details:",
        "  tf.Erf(tensor<1xf32>)",
    ]


def test_no_place_at_all():
    message = (
        "Could not translate MLIR to FlatBuffer.<frozen runpy>:198:1: error: 'tf.Erf' op is neither\n"
        '<unknown>:0: note: loc(fused["PartitionedCall:", "PartitionedCall"]): called from\n'
    )
    assert essential(message).splitlines()[1:] == ["error: 'tf.Erf' op is neither"]


def test_log_of_the_checker(cell):
    log = f"COMPATIBILITY WARNING: op 'tf.Erf' require(s) it\nOp: tf.Erf\n  - {LIBRARY}:3568\n  - {cell}:2\n"
    assert essential(log).splitlines()[1:] == ["Op: tf.Erf", "  line 2: return tf.math.erf(x)"]


def test_exceptions_and_other_texts():
    assert essential(ValueError("a sentence.\nanother.")) == "a sentence.\nanother."
