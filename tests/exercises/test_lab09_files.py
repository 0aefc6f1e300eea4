"""What the checks of lab 09 take for granted: files to count, a machine for turns, lists of known percentiles."""

from itertools import combinations

import numpy as np
import pytest

from labutils.exercises.judges import counting, quicker, turns, worked_files
from labutils.exercises.judges.timing import LIMIT, Endless
from labutils.tflite.anatomy import anatomy
from labutils.tflite.quiet import quiet

ANSWERS = [counting._total(counting._right), *(wrong.answer for wrong in counting._WRONG)]


@pytest.fixture(scope="module")
def files(tf):
    """Three files of every kind."""
    rng = np.random.default_rng(5)
    with quiet():
        return {name: [make(rng) for _ in range(3)] for name, make in worked_files.FILES.items()}


def shapes(content, kind):
    """Of the operators of a kind: the shapes of input, weights and output."""
    return [each[1:] for each in counting._operators(content) if each[0] == kind]


def test_files_are_what_they_are_called_after(files):
    for name, contents in files.items():
        for content in contents:
            found = anatomy(content)
            batch = found.subgraphs[0].tensors[found.subgraphs[0].inputs[0]].shape[0]
            assert batch == {"three": 3, "free": -1}.get(name, 1)
            assert len(found.subgraphs) == 1 and (not counting._operators(content)) == (name == "neither")
            dtypes = {"int8", "float16"} & set(found.dtypes)
            assert dtypes == {"integer": {"int8"}, "float16": {"float16"}}.get(name, set())
    for content in files["multiplied"]:
        ((taken, weights, given),) = shapes(content, counting.DEPTHWISE)
        assert weights[-1] == given[-1] == worked_files.MULTIPLIER * taken[-1]
    for content in files["rows"]:
        ((_, weights, given),) = shapes(content, counting.DENSE)
        assert len(weights) == 2 and np.prod(given[:-1]) > 100
    for content in files["convolutions"]:
        assert all(w[1] != w[2] and o[1] != o[2] for _, w, o in shapes(content, counting.CONVOLUTION))


def test_the_count_is_how_many_inputs_reach_each_output(files):
    """Of a convolution with stride and "valid" padding, counted from the input: which outputs does a pixel reach?"""
    content = files["all kinds"][0]
    first = anatomy(content).subgraphs[0].operators[0]
    taken, weights, given = shapes(content, counting.CONVOLUTION)[0]
    reached = 0
    for row, column in np.ndindex(taken[1:3]):  # a channel of a pixel reaches what its pixel reaches
        lowest = [max(0, -(-(place - size + 1) // 2)) for place, size in zip((row, column), weights[1:3], strict=True)]
        highest = [min(place // 2, end - 1) for place, end in zip((row, column), given[1:3], strict=True)]
        reached += np.prod([max(0, b - a + 1) for a, b in zip(lowest, highest, strict=True)])
    assert counting._right(first.name, taken, weights, given) == reached * taken[3] * given[3]


def test_files_tell_every_idea_from_every_other(files):
    answers = [[answer(content) for each in files.values() for content in each] for answer in ANSWERS]
    for (_, one), (_, other) in combinations(enumerate(answers), 2):
        assert one != other


def test_a_machine_for_turns_has_one_clock_for_all():
    course = turns.Course({"one": np.array([9.0, 4.0]), "other": np.array([5.0])}, start=100.0)
    for run in (course.rivals["one"], course.rivals["other"], course.rivals["one"], course.rivals["one"]):
        run()
    assert course.clock() == pytest.approx(100 + (9 + 5 + 4 + 4) / 1000) and course.log == "ABAAc"
    with pytest.raises(Endless, match="on and on"):
        for _ in range(LIMIT):
            course.rivals["other"]()


@pytest.mark.parametrize("seed", range(5))
def test_percentiles_are_those_that_were_asked_for(seed):
    shape = quicker.Shape(low=6.0, high=8.0, least=5.0, far=3)
    times = shape.times(np.random.default_rng(seed))
    assert np.percentile(times, [25, 75]).tolist() == [6.0, 8.0]
    assert min(times) == 5.0 and sum(each > 100 for each in times) == 3
    assert quicker._place(times) == (6.0, 8.0) and times != sorted(times)


def test_each_relation_comes_both_ways_round_and_all_verdicts_occur():
    pairs = quicker._pairs(np.random.default_rng(1))
    verdicts = [quicker._right(*pair) for pair in pairs]
    turned = {"first": "second", "second": "first", "cannot tell": "cannot tell"}
    assert set(verdicts) == set(turned)
    assert [turned[verdict] for verdict in verdicts[::2]] == verdicts[1::2]
    assert any(quicker._middle(a)[1] == quicker._middle(b)[0] for a, b in pairs)  # they touch, exactly
