"""Every solution with a small slip in it is found by its check; the slips that are not, are judged one by one."""

import pytest

from labutils.exercises import check
from labutils.exercises.catalog import exercises, find

from .mutants import mutants

INDEX = "there is one input and one output, so the last is the first"
ENDS = "a function that ends returns None anyway"
REDUNDANT = "the bound is never reached: the value before it lies within"
# By exercise: slips that the check lets pass, and why it may.
JUDGED = {
    "02.recalibrate": {"`layer.momentum = momentum` left out": "putting it back is a courtesy: it is no weight"},
    "04.assert_fully_integer": {"' is ' misspelt": "the text of the error is up to the learner"},
    "04.per_channel": {"1 + 1 in line 6": "a channel of zeros may have any scale above 0",
                       "127 + 1 in line 7": REDUNDANT,
                       "127 - 1 in line 7": "in float32 the largest weight may come to just below 127"},
    "04.repair": {"supported_ops": "once every operator has an integer kernel, nothing is left float"},
    "04.scale_and_zero_point": {"128 + 1 in line 5": REDUNDANT, "127 + 1 in line 5": REDUNDANT},
    "06.accuracy": {"0 - 1": INDEX},
    "06.answer": {"0 - 1": INDEX},
    "07.deliver": {"'dynamic range' misspelt": "a rung that sets nothing else has no need of its name",
                   "nothing returned in line 22": ENDS,
                   "supported_ops": "its operators all have an integer kernel, so nothing is left float"},
    "07.diagnose": {"0 - 1": "there is one graph, so the last is the first"},
    "07.fits_edge_tpu": {"0 - 1": INDEX},
    "07.for_edge_tpu": {"int8 swapped": "the border may be int8 or uint8",
                        "supported_ops": "its operators all have an integer kernel, so nothing is left float"},
    "08.cluster": {"n_init= left out": "one start of k-means comes near enough as well",
                   "random_state= left out": "whatever the seed, the error is low enough",
                   "1 + 1": "numpy takes any negative size for the one that it is to find out",
                   "4 + 1": "five starts are as good", "4 - 1": "three starts are as good",
                   "0 + 1": "another seed is as good"},
    "09.multiply_adds": {"0 - 1": "there is one graph, and each of these operators has one output",
                         "1 - 1 in line 8": "a depthwise filter's first size is 1, and multiplies by nothing"},
    "10.deploy": {"nothing returned in line 21": ENDS,
                  "supported_ops": "its operators all have an integer kernel, so nothing is left float"},
    "10.one_at_a_time": {"training=": "a Keras model that is called is not in training, unless it is told so"},
    "10.refused_by_browser": {"nothing returned in line 15": ENDS},
}  # fmt: skip
SHARE = 0.9


@pytest.fixture(scope="module")
def tried(tf):
    """By exercise: how many slips there are, and which of them pass as correct."""
    found = {}
    for name in exercises():
        slips = list(mutants(find(name).solution))
        found[name] = len(slips), [what for what, code in slips if passes(name, code)]
    return found


def passes(name: str, code: str) -> bool:
    names = {}
    try:
        exec(compile(code, f"<{name}>", "exec"), names)
    except Exception:
        return False  # the cell itself fails
    return check(name, names[find(name).function]).outcome == "correct"


@pytest.mark.parametrize("name", exercises())
def test_what_passes_has_been_judged(tried, name):
    _, survivors = tried[name]
    judged = JUDGED.get(name, {})
    assert [what for what in survivors if not any(piece in what for piece in judged)] == []


def test_nine_of_ten_slips_are_found(tried):
    total = sum(number for number, _ in tried.values())
    survivors = sum(len(each) for _, each in tried.values())
    assert total > 250 and survivors <= (1 - SHARE) * total


def test_nothing_is_judged_that_does_not_happen(tried):
    for name, judged in JUDGED.items():
        for piece in judged:
            assert any(piece in what for what in tried[name][1]), f"{name}: {piece} does not pass any more"
