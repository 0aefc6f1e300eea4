"""Every exercise, proven both ways: the stub, the solution, each wrong answer with its own message, and garbage."""

import numpy as np
import pytest

from labutils.exercises import check
from labutils.exercises.catalog import exercises, find
from labutils.exercises.compare import Trial
from labutils.models import asset
from labutils.tflite.quiet import quiet

from .wrong_answers import WRONG

ALL = list(exercises())
QUICK = [name for name in ALL if name != "01.convert"]
MISTAKES = [pytest.param(name, *case, id=f"{name}: {what}") for name in WRONG for what, case in WRONG[name].items()]
OTHER_RIGHT_ANSWERS = {
    "01.convert": """
def to_tflite(model):
    import tempfile
    import tensorflow as tf
    with tempfile.TemporaryDirectory() as folder:
        model.export(folder, verbose=False)
        return tf.lite.TFLiteConverter.from_saved_model(folder).convert()
""",
    "01.newest_version": """
def newest_version(names):
    best = None
    for name in names:
        try:
            number = int(name)
        except ValueError:
            continue
        if best is None or number > int(best):
            best = name
    return best
""",
    "01.holds_its_weights": """
def holds_its_weights(operators):
    for name in operators:
        if name == "VAR_HANDLE":
            return False
    return True
""",
    "01.largest_error": """
def largest_error(expected, found):
    return abs(found - expected).max()
""",
    "06.answer": """
from ai_edge_litert.interpreter import Interpreter
def answer(model, x):
    run = Interpreter(model_content=model).get_signature_runner()
    (found,) = run(image=x.astype("float32")).values()
    return found[0]
""",
    "06.quantize": """
import numpy as np
def quantize(real, scale, zero_point):
    return np.floor(np.minimum(np.maximum(real / scale + zero_point, -128), 127) + 0.5).astype(np.int8)
""",
    "06.dequantize": """
import numpy as np
def dequantize(stored, scale, zero_point):
    return np.float32(scale) * (stored.astype(np.int16) - zero_point)
""",
    "06.accuracy": """
from ai_edge_litert.interpreter import Interpreter
def accuracy(model, images, labels):
    i = Interpreter(model_content=model)
    i.allocate_tensors()
    right = 0
    for k in range(len(images)):
        i.set_tensor(i.get_input_details()[0]["index"], images[k : k + 1])
        i.invoke()
        right += i.get_tensor(i.get_output_details()[0]["index"])[0].argmax() == labels[k]
    return right / len(labels)
""",
}


@pytest.fixture(scope="module")
def tensorflow_names():
    """What a notebook of lab 01 has at hand. TensorFlow is loaded only for the tests that ask for it."""
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
    needs = request.node.callspec.params["name"] == "01.convert"
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


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("code", ["solution", "another way"])
def test_right_answers_are_correct(name, code, names):
    function = define(name, find(name).solution if code == "solution" else OTHER_RIGHT_ANSWERS[name], names)
    result = check(name, function)
    assert result.outcome == "correct", result


@pytest.mark.parametrize(("name", "code", "phrase"), MISTAKES)
def test_wrong_answers_get_their_own_message(name, code, phrase, names):
    result = check(name, define(name, code, names))
    assert result.outcome == "not yet"
    assert phrase in result.message
    assert "\n" not in result.message and len(result.message) < 520


@pytest.mark.parametrize("name", QUICK)
def test_verdicts_do_not_depend_on_luck(name, names):
    for _ in range(2 if name in ("06.answer", "06.accuracy") else 6):
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
