"""Every exercise, proven both ways: the stub, the solution, each wrong answer with its own message, and garbage."""

import numpy as np
import pytest

from labutils.exercises import check
from labutils.exercises.catalog import exercises, find
from labutils.exercises.compare import Trial
from labutils.models import asset
from labutils.tflite.quiet import quiet

from .right_answers import RIGHT
from .wrong_answers import WRONG

ALL = list(exercises())
QUICK = [name for name in ALL if name != "01.convert"]
LAB_07 = ("07.fits_edge_tpu", "07.for_edge_tpu", "07.diagnose", "07.deliver")
LAB_08 = ("08.fit_budget",)
LAB_09 = ("09.multiply_adds",)
LAB_10 = ("10.one_at_a_time", "10.refused_by_browser", "10.deploy")
LAB_05 = ("05.flex_operators", "05.with_fallback", "05.missing_operators", "05.cumulative_product", "05.pool_volume")
LAB_04 = ("04.representative", "04.assert_fully_integer", "04.repair")
# What needs TensorFlow.
LATER = (*LAB_07, *LAB_08, *LAB_09, *LAB_10)
KERAS = ("01.convert", "02.fixed_batch", "02.recalibrate", "03.input_signature", *LAB_04, *LAB_05, *LATER)
SLOW = (*KERAS, "06.answer", "06.accuracy")
CONVERTING = ("02.fixed_batch", "04.assert_fully_integer", "04.repair", *LAB_05, *LATER)  # some files a check
SOLVED = [
    pytest.param(name, code, id=f"{name}: {what}")
    for name in ALL
    for what, code in {"solution": find(name).solution, **RIGHT.get(name, {})}.items()
]
MISTAKES = [pytest.param(name, *case, id=f"{name}: {what}") for name in WRONG for what, case in WRONG[name].items()]


@pytest.fixture(scope="module")
def tensorflow_names():
    """What a notebook of the first labs has at hand. TensorFlow is loaded only for the tests that ask for it."""
    with quiet():
        import keras
        import tensorflow as tf

        from labutils.models import neuron

        solved = define("01.convert", find("01.convert").solution, {})
        return {"tf": tf, "keras": keras, "neuron": neuron(), "to_tflite_rightly": solved}


@pytest.fixture
def names(request):
    """The names that wrong answers use besides their arguments."""
    from ai_edge_litert.interpreter import Interpreter

    shared = {"np": np, "Interpreter": Interpreter, "shipped": asset("digits_cnn.tflite").read_bytes()}
    own = {"kept": [], "buffer": np.zeros(10, np.float32)}
    needs = request.node.callspec.params["name"] in KERAS
    return {**shared, **own, **(request.getfixturevalue("tensorflow_names") if needs else {})}


def define(name, code, names):
    """The learner's function: the code of a whole cell, or a body for the stub."""
    if "def " + find(name).function not in code:
        code = f"def {find(name).signature}:\n    {code}\n"
    names = dict(names)
    exec(compile(code, f"<{name}>", "exec"), names)
    return names[find(name).function]


@pytest.mark.parametrize("name", ALL)
def test_stub_is_not_tried(name):
    result = check(name, define(name, find(name).stub, {}))
    assert (result.outcome, result.exercise) == ("not tried", name)


@pytest.mark.parametrize(("name", "code"), SOLVED)
def test_right_answers_are_correct(name, code, names):
    result = check(name, define(name, code, names))
    assert result.outcome == "correct", result


def test_every_exercise_has_another_right_answer_and_six_wrong_ones():
    assert set(RIGHT) == set(WRONG) == set(ALL)
    assert min(len(answers) for answers in WRONG.values()) >= 6


@pytest.mark.parametrize(("name", "code", "phrase"), MISTAKES)
def test_wrong_answers_get_their_own_message(name, code, phrase, names):
    result = check(name, define(name, code, names))
    assert result.outcome == "not yet"
    assert phrase in result.message
    assert "\n" not in result.message and len(result.message) < 520


@pytest.mark.parametrize("name", QUICK)
def test_verdicts_do_not_depend_on_luck(name, names):
    for _ in range(1 if name in CONVERTING else 2 if name in SLOW else 6):
        assert check(name, define(name, find(name).solution, names)).outcome == "correct"
        for what, (code, phrase) in WRONG[name].items():
            result = check(name, define(name, code, {**names, "kept": []}))
            assert result.outcome == "not yet" and phrase in result.message, (what, result)


@pytest.mark.parametrize("name", [name for name in ALL if isinstance(find(name).check, Trial)])
def test_inputs_tell_every_misconception_from_the_right_idea(name):
    trial = find(name).check
    for seed in range(10):
        _, expected, mistaken = trial._telling(np.random.default_rng(seed))
        assert not any(trial._alike(expected, answers) for answers in mistaken)
    sentences = [wrong.sentence for wrong in trial.wrong]
    assert len(sentences) - len(set(sentences)) <= 1  # truncating and flooring share theirs


def fails(*_):
    raise ValueError("nothing <b>good</b>")


class Nasty:
    def __repr__(self):
        raise RuntimeError("no text")

    def __eq__(self, _):
        raise RuntimeError("no equality")

    __hash__ = None


GARBAGE = {
    "a string": lambda *_: "nonsense",
    "a dictionary": lambda *_: {},
    "an object": lambda *_: object(),
    "a nasty object": lambda *_: Nasty(),
    "NaN": lambda *_: float("nan"),
    "an integer": lambda *_: -1,
    "an array of objects": lambda *_: np.array([object()] * 10),
    "an array of texts": lambda *_: np.array(["a"] * 10),
    "NaNs": lambda *_: np.full(10, np.nan, np.float32),
    "an empty array": lambda *_: np.zeros((0, 10), np.float32),
    "complex": lambda *_: 1j,
    "an exception": fails,
    "an exit": lambda *_: exit(3),
    "the first argument": lambda first, *_: first,
    "a class": dict,
    "a method of the wrong arity": "text".startswith,
    "no arguments": lambda: 1,
    "too many arguments": lambda a, b, c, d, e: 1,
    "a generator": lambda *_: (yield 1),
    "no function, a string": "answer",
    "no function, a number": 7,
    "no function, an array": np.zeros(3),
}


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("what", GARBAGE)
def test_garbage_gets_a_sentence(name, what):
    result = check(name, GARBAGE[what])
    assert result.outcome == "not yet"
    assert result.message.endswith((".", "?")) and "\n" not in result.message
