"""The grammar of several values, shared by `labs sweep` and `labs variants`: refused whole, by name, before any run."""

import itertools
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labutils.course.grid import MOST, check_axes, expand, parse_axis, read_axes
from labutils.errors import LabError

NUMBERS = st.integers(-MOST, MOST)


@pytest.mark.parametrize(
    ("text", "axis"),
    [
        ("seed=1", ("seed", ["1"])),
        ("seed=1,2,3", ("seed", ["1", "2", "3"])),
        (" seed = 1 , 2 ", ("seed", ["1", "2"])),
        ("seed=1..3", ("seed", [1, 2, 3])),
        ("seed=5..5", ("seed", [5])),
        ("seed=-2..1", ("seed", [-2, -1, 0, 1])),
        ("seed=1..2,7", ("seed", [1, 2, "7"])),
        ("alpha=0.35,1e-3", ("alpha", ["0.35", "1e-3"])),
        ("mode=a=b,ü", ("mode", ["a=b", "ü"])),
        ("path=../x,e..", ("path", ["../x", "e.."])),
    ],
)
def test_an_axis(text, axis):
    assert parse_axis(text) == axis


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("seed=", "seed has no values: write -g seed=1,2,3."),
        ("seed= ", "seed has no values: write -g seed=1,2,3."),
        ("", "'' names no parameter with its values: write -g seed=1,2,3."),
        ("seed", "'seed' names no parameter with its values: write -g seed=1,2,3."),
        ("=1,2", "'=1,2' names no parameter with its values: write -g seed=1,2,3."),
        ("1..3", "'1..3' names no parameter with its values: write -g seed=1,2,3."),
        ("a b=1", "'a b=1' names no parameter with its values: write -g seed=1,2,3."),
        ("seed=1,,2", "seed has an empty value: write -g seed=1,2,3, without a comma too many."),
        ("seed=1,", "seed has an empty value: write -g seed=1,2,3, without a comma too many."),
        ("seed=3..1", "seed has a range that runs down, 3..1: write 1..3."),
        ("seed=1..100001", "seed has 100,001 values in 1..100001, more than 100,000: give fewer."),
        ("seed=1..100000,5", "seed has more than 100,000 values: give fewer."),
        ("a=0.1..0.5", "a cannot be the range '0.1..0.5': a range is of whole numbers, such as 1..20."),
        ("a=1..", "a cannot be the range '1..': a range is of whole numbers, such as 1..20."),
        ("a=..5", "a cannot be the range '..5': a range is of whole numbers, such as 1..20."),
    ],
)
def test_an_axis_that_is_wrong_is_one_sentence(text, said):
    with pytest.raises(LabError) as error:
        parse_axis(text)
    assert str(error.value) == said


@pytest.mark.parametrize("end", ["1" * 18, "1" * 19, "9" * 5000])
def test_an_enormous_range_is_refused_at_once_and_briefly(end):
    start = time.perf_counter()
    with pytest.raises(LabError) as error:
        parse_axis(f"seed=1..{end}")
    assert time.perf_counter() - start < 0.5 and len(str(error.value)) < 160


@given(NUMBERS, st.integers(0, 300))
def test_a_range_holds_both_of_its_ends(low, more):
    name, values = parse_axis(f"seed={low}..{low + more}")
    assert values == list(range(low, low + more + 1))


@given(st.lists(st.integers(), min_size=1, max_size=20))
def test_listed_numbers_come_back(values):
    assert [int(value) for value in parse_axis("n=" + ",".join(map(str, values)))[1]] == values


def test_what_is_typed_replaces_what_yaml_says():
    axes = read_axes(["seed=1,2", "rate=0.5"], {"mode": "float,int8", "seed": [7, 8], "steps": 3, "on": True})
    assert axes == {"mode": ["float", "int8"], "seed": ["1", "2"], "steps": [3], "on": [True], "rate": ["0.5"]}
    assert list(axes) == ["mode", "seed", "steps", "on", "rate"]
    assert read_axes([], {"seed": "1..3"}) == {"seed": [1, 2, 3]} and read_axes([]) == {}


@pytest.mark.parametrize(
    ("texts", "from_yaml", "said"),
    [
        (["seed=1", "seed=2"], {}, "seed is given twice"),
        ([], {"seed": None}, "seed has no values"),
        ([], {"seed": ""}, "seed has no values"),
        ([], {"seed": {"low": 1}}, "seed holds names instead of values"),
        ([], {"seed": "9..1"}, "runs down"),
    ],
)
def test_axes_that_are_wrong(texts, from_yaml, said):
    with pytest.raises(LabError, match=said):
        read_axes(texts, from_yaml)


def test_every_value_gets_the_type_of_its_parameter(make_lab):
    axes = check_axes(make_lab(), {"steps": ["3", 4], "rate": [1, "0.5"], "mode": ["int8"], "loud": ["true", False]})
    assert axes == {"steps": [3, 4], "rate": [1.0, 0.5], "mode": ["int8"], "loud": [True, False]}
    assert [type(value) for value in axes["rate"]] == [float, float]


@pytest.mark.parametrize(
    ("axes", "said"),
    [
        ({"seed": [1, 2], "steps": [1, 2, 99]}, "Lab 01: steps cannot be 99: it must be a whole number from 1 to 10."),
        ({"steps": ["1", "two"]}, "Lab 01: steps cannot be 'two': it must be a whole number from 1 to 10."),
        (
            {"step": [1]},
            "Lab 01 has no parameter 'step': it has seed, steps, rate, mode and loud (did you mean steps?).",
        ),
        ({"mode": [[]]}, "Lab 01: mode cannot be []: it must be 'float' or 'int8'."),
        ({"seed": ["1", 1]}, "seed has 1 twice: keep one."),
        ({"rate": [0, "0.0"]}, "rate has 0.0 twice: keep one."),
        ({"seed": []}, "seed has no values: write -g seed=1,2,3."),
    ],
)
def test_one_bad_value_refuses_the_grid(make_lab, axes, said):
    with pytest.raises(LabError) as error:
        check_axes(make_lab(), axes)
    assert str(error.value) == said


def test_many_values_are_checked_quickly(make_lab):
    start = time.perf_counter()
    assert len(check_axes(make_lab("# %% tags=[\"parameters\"]\nn: int = 1\n", quick="{}"), {"n": range(20_000)})["n"])
    assert time.perf_counter() - start < 5


@given(st.dictionaries(st.text(min_size=1), st.lists(st.integers(), unique=True, max_size=6), max_size=4))
def test_the_points_are_all_combinations_in_order(axes):
    points = expand(axes)
    assert [tuple(point.values()) for point in points] == list(itertools.product(*axes.values()))
    assert all(list(point) == list(axes) for point in points)


def test_no_axes_make_one_point():
    assert expand({}) == [{}]


def test_too_many_points_are_refused_before_they_are_made():
    assert len(expand({"a": range(MOST)})) == MOST
    axes = {name: range(MOST) for name in "abcdef"}
    start = time.perf_counter()
    with pytest.raises(LabError, match="The grid has 1,0.*,000 points, more than 100,000: give fewer values"):
        expand(axes)
    assert time.perf_counter() - start < 0.5
