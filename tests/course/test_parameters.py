"""The grammar of a parameters cell, and the checks of values."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labutils.course import parameters
from labutils.course.parameters import Parameter, check_against, parse_parameters
from labutils.errors import LabError

WORDS = st.text(st.characters(categories=["L", "N"], include_characters=" ,.()'="), max_size=40).map(str.strip)
INTEGERS = st.integers(-(10**9), 10**9)
FLOATS = st.floats(-1e9, 1e9).map(lambda value: round(value, 6))


@given(WORDS, INTEGERS, INTEGERS, INTEGERS)
def test_whole_numbers_round_trip(text, a, b, c):
    low, default, high = sorted([a, b, c])
    (found,) = parse_parameters(f"steps: int = {default}  # {text} [{low}..{high}]", "lab")
    assert found == Parameter("steps", "int", default, text, low, high)
    assert check_against([found], {"steps": str(high)}, "01") == {"steps": high}
    for outside in (low - 1, high + 1, str(high + 1)):
        with pytest.raises(LabError, match=f"from {low} to {high}"):
            check_against([found], {"steps": outside}, "01")


@given(WORDS, FLOATS, FLOATS, FLOATS)
def test_numbers_round_trip(text, a, b, c):
    low, default, high = sorted([a, b, c])
    (found,) = parse_parameters(f"rate: float = {default!r}  # {text} [{low!r} .. {high!r}]", "lab")
    assert (found.default, found.low, found.high, found.help) == (default, low, high, text)
    assert found.converted(repr(low)) == low
    for outside in (high + 1, math.nan, math.inf, "nan", "inf", True, None, "1_0", "", " 1"):
        with pytest.raises(ValueError):
            found.converted(outside)


@given(WORDS, st.lists(st.from_regex("[a-z0-9]{1,8}", fullmatch=True), min_size=1, unique=True), st.booleans())
def test_choices_round_trip(text, choices, quoted):
    listed = ", ".join(f'"{each}"' if quoted else each for each in choices)
    (found,) = parse_parameters(f"mode: str = {choices[-1]!r}  # {text} {{{listed}}}", "lab")
    assert (found.choices, found.default, found.help) == (tuple(choices), choices[-1], text)
    with pytest.raises(LabError, match="must be"):
        check_against([found], {"mode": "no such mode"}, "01")


@given(st.text(max_size=60))
def test_any_comment_gives_a_parameter_or_a_sentence(comment):
    line = "".join(each for each in comment if each.isprintable())
    try:
        (found,) = parse_parameters(f"steps: int = 5  # {line}", "lab")
    except LabError as error:
        assert "\n" not in str(error)
    else:
        assert found.converted("5") == 5


@given(st.sampled_from(["int", "float", "bool", "str"]), st.text(max_size=30))
def test_any_text_is_converted_or_refused(kind, text):
    parameter = Parameter("p", kind, 0)
    try:
        assert type(parameter.converted(text)).__name__ == kind
    except ValueError:
        assert kind != "str"


@pytest.mark.parametrize(
    ("kind", "value"),
    [("int", "1.0"), ("int", "x"), ("int", True), ("int", 1.0), ("int", "9" * 9000 + "x"), ("bool", "yes"), ("bool", 1)]
    + [("float", "1,5"), ("str", 3), ("float", "1e999"), ("int", "٣")],
)
def test_types_are_strict(kind, value):
    with pytest.raises(LabError, match="it must be"):
        check_against([Parameter("p", kind, 0)], {"p": value}, "01")


@pytest.mark.parametrize(
    "cell",
    [
        "steps: int = 0  # outside [1..5]",
        "steps: int = 3  # upside down [5..1]",
        "steps: int = 3.5",
        "steps: int = '3'  # a text",
        "mode: str = 'a'  # not a choice {b, c}",
        "mode: str = 'a'  # a range of texts [a..b]",
        "steps: int = 3  # sloppy [1-5]",
        "steps: int = 3  # broken {",
        "steps: int = 3  # broken }",
        "steps: list = []",
        "steps = 3",
        "steps: int",
        "import os",
        "steps: int = (",
        "steps: int = other",
        "rate: float = 1e999",
        "steps: int = 1\nsteps: int = 2",
    ],
)
def test_a_cell_that_contradicts_itself_is_refused(cell):
    if cell.endswith("broken {"):
        assert parse_parameters(cell, "lab")[0].help == "broken {"
        return
    with pytest.raises(LabError, match="^lab: "):
        parse_parameters(cell, "lab")


def test_an_unknown_name_names_the_known_ones(make_lab):
    with pytest.raises(LabError, match=r"it has seed, steps, rate, mode and loud \(did you mean steps\?\)"):
        parameters.check_values(make_lab(), {"step": "1"})


def test_the_built_notebook_comes_before_the_source(make_lab):
    lab = make_lab()
    lab.notebook.write_text(
        '{"cells": [{"metadata": {"tags": ["parameters"]}, "source": ["a: int = 1\\n", "b: int = 2"]}]}'
    )
    assert [each.name for each in parameters.read_parameters(lab)] == ["a", "b"]


@pytest.mark.parametrize("text", ["", "{", "[]", '{"cells": [1]}', "\x00"])
def test_a_torn_notebook_is_a_sentence(make_lab, text):
    lab = make_lab()
    lab.notebook.write_text(text)
    with pytest.raises(LabError, match="build it again"):
        parameters.read_parameters(lab)


def test_a_lab_without_the_cell_has_no_parameters(make_lab):
    lab = make_lab("# %%\n1\n", quick="{}")
    assert parameters.read_parameters(lab) == ()
    with pytest.raises(LabError, match="it has none"):
        parameters.check_values(lab, {"a": 1})
