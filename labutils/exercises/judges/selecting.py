"""Judges what is said and done about missing operators: in files and functions that are made up for every check.

TensorFlow is imported only inside the functions; a conversion takes a tenth of a second.
"""

import re
from collections import Counter
from collections.abc import Callable
from typing import Any

import numpy as np

from labutils.errors import LabError
from labutils.exercises.attempt import kind, show
from labutils.exercises.exercise import NotYet
from labutils.exercises.judges.conversion import file_bytes
from labutils.tflite.anatomy import anatomy
from labutils.tflite.runtime import open_model

# By TensorFlow's name of the operator, the function of tf.math that gives it.
SELECT = {"Erf": "erf", "Tan": "tan", "Atan": "atan", "Sinh": "sinh", "Cosh": "cosh"}
NEITHER = {"Erfinv": "erfinv", "Asin": "asin", "Acos": "acos", "Digamma": "digamma"}
BUILTIN = {"Sin": "sin", "Cos": "cos", "Tanh": "tanh", "Exp": "exp"}
ALL = SELECT | NEITHER | BUILTIN
PREFIXES = ("Flex", "tf.")


def check_flex_operators(flex_operators: Callable[..., Any], rng: np.random.Generator) -> None:
    """Raises NotYet when the function does not list the Flex operators of files that it has never seen."""
    first, second, third = _some(rng, SELECT, 3)
    own, plain = _some(rng, NEITHER, 1)[0], _some(rng, BUILTIN, 1)[0]
    cases = (  # operators of the graph, of a loop in it, and how the input is called
        ([max(first, second), plain, min(first, second), max(first, second)], [], "x"),
        ([plain], [], f"Flex{third}"),
        ([first, own], [], "x"),
        ([plain], [third], "x"),
    )
    for names, looped, called in cases:
        content = to_file(function(rng, names, looped, called), select=True, custom=True)
        expected = sorted({*names, *looped} & SELECT.keys())
        _judge_list(flex_operators(content), expected, looped)


def _judge_list(found: Any, expected: list[str], looped: list[str]) -> None:
    if found is None:
        raise NotYet("It returns nothing: does it end with `return`?")
    if not isinstance(found, list) or not all(isinstance(name, str) for name in found):
        raise NotYet(f"It returns {kind(found)}: return a list of names, `[]` where no operator is of that kind.")
    if found == expected:
        return
    bare = [name.removeprefix("Flex") for name in found]
    if found != bare and sorted(set(bare)) == expected:
        raise NotYet("It leaves `Flex` before the names: TensorFlow calls the operator `Erf`, not `FlexErf`.")
    if sorted(bare) == expected:
        raise NotYet(f"The names are right, their order is not: `sorted` gives {show(expected)}.")
    if sorted(set(bare)) == expected:
        raise NotYet("It names an operator as often as it occurs: each name once is asked.")
    extra, lacking = sorted(set(bare) - set(expected)), sorted(set(expected) - set(bare))
    if lacking and set(lacking) <= set(looped):
        raise NotYet("It looks at the first graph alone: the body of a loop is a graph of its own, in the same file.")
    if set(extra) & NEITHER.keys():
        raise NotYet(
            f"It lists {extra[0]}, a custom operator: it is no builtin, and it is not TensorFlow's either. "
            "The name of a Flex operator begins with `Flex`."
        )
    if set(extra) & SELECT.keys():
        raise NotYet(
            f"It lists {extra[0]}, which is only part of a tensor's name in this file: look at the operators, not at "
            "all of the bytes."
        )
    if extra:
        raise NotYet(f"It lists {extra[0]}, a builtin operator: only TensorFlow's are asked.")
    raise NotYet(f"It does not list {lacking[0]}, which the file needs.")


def check_with_fallback(with_fallback: Callable[..., Any], rng: np.random.Generator) -> None:
    """Raises NotYet when the function does not convert functions that it has never seen, Select only where needed."""
    builtin = _some(rng, BUILTIN, 2)
    for names in ([*_some(rng, BUILTIN, 1), *_some(rng, SELECT, 1)], builtin):
        asked = function(rng, names)
        content = file_bytes(_called(with_fallback, asked, "name SELECT_TF_OPS beside the builtins"))
        try:
            _judge_kinds(content, names)
            wanted = anatomy(to_file(asked, select=True)).operators
            if anatomy(content).operators != wanted:
                raise _another_function()
            if names is builtin:
                _judge_answers(content, asked, rng)
        except LabError as error:
            raise NotYet(f"The file does not work: {error}") from None


def _judge_kinds(content: bytes, names: list[str]) -> None:
    found = {each.name: each.kind for graph in anatomy(content).subgraphs for each in graph.operators}
    kinds = Counter(found.values())
    if kinds["custom"]:
        raise NotYet(
            f"The file holds {next(name for name in found if found[name] == 'custom')} as a custom operator, for which "
            "nobody has a kernel: leave `allow_custom_ops` out, and allow SELECT_TF_OPS."
        )
    if kinds["flex"] and not kinds["builtin"]:
        raise NotYet(
            "Every operator of the file is TensorFlow's, even those that LiteRT has: name TFLITE_BUILTINS beside "
            "SELECT_TF_OPS."
        )
    if not kinds["flex"] and any(name in SELECT for name in names):
        raise _another_function()


def _judge_answers(content: bytes, asked: Any, rng: np.random.Generator) -> None:
    inputs = rng.uniform(-0.9, 0.9, asked.input_signature[0].shape).astype(np.float32)
    model = open_model(content)
    if [spec.shape for spec in model.inputs.values()] != [inputs.shape]:
        raise _another_function()
    if not np.allclose(model.predict(inputs), asked(inputs).numpy(), atol=1e-4):
        raise _another_function()


def _another_function() -> NotYet:
    return NotYet(
        "The file holds another function than the one it was given: convert the argument `function`, not one of the "
        "notebook and not one from before."
    )


def check_missing_operators(missing_operators: Callable[..., Any], rng: np.random.Generator) -> None:
    """Raises NotYet when the function does not tell which operators are missing, and whether Select has them."""
    builtin = _some(rng, BUILTIN, 2)
    (one, two), (lacking, never) = _some(rng, SELECT, 2), _some(rng, NEITHER, 2)
    for names in ([builtin[0], one, lacking], [two, builtin[1], one], [never], builtin):
        expected = {name: "select" if name in SELECT else "neither" for name in names if name not in BUILTIN}
        found = _called(missing_operators, function(rng, names), "catch what it raises and read it, or allow all")
        _judge_dictionary(found, expected, names)


def _judge_dictionary(found: Any, expected: dict[str, str], names: list[str]) -> None:
    if found is None:
        raise NotYet("It returns nothing: return a dictionary, `{}` where nothing is missing.")
    if not isinstance(found, dict) or not all(isinstance(name, str) for name in found):
        raise NotYet(f"It returns {kind(found)}: return a dictionary from name to `'select'` or `'neither'`.")
    if found == expected:
        return
    for prefix in PREFIXES:
        if any(name.startswith(prefix) for name in found):
            raise NotYet(f"Leave `{prefix}` away before the names: `Erf` is asked.")
    if any(str(value) not in ("select", "neither") for value in found.values()):
        value = next(value for value in found.values() if str(value) not in ("select", "neither"))
        raise NotYet(f"A value is {show(value)}: `'select'` and `'neither'` are asked.")
    extra = sorted(set(found) - set(expected))
    if extra and not {name.title() for name in extra} & set(names):
        raise NotYet(f"It names {extra[0]}, which this function does not use: ask the file or the error, each time.")
    if extra:
        raise NotYet(f"It names {extra[0]}, which LiteRT has as a builtin operator: only what is missing is asked.")
    lacking = sorted(set(expected) - set(found))
    if lacking:
        raise NotYet(
            f"It does not name {lacking[0]}, which {_where(expected[lacking[0]])}: name all that are missing, of "
            "both kinds."
        )
    wrong = next(name for name in expected if found[name] != expected[name])
    if found[wrong] == "neither":
        raise NotYet(f"It says that not even Select has {wrong}, and it does: is SELECT_TF_OPS among the sets?")
    raise NotYet(f"It says that Select has {wrong}, and it has not: a name without `Flex` is a custom operator.")


def _where(value: str) -> str:
    return "Select has" if value == "select" else "not even Select has"


def _called(answer: Callable[..., Any], asked: Any, cure: str) -> Any:
    """What the learner's function returns; a refusal of the converter becomes one sentence, without its paths."""
    try:
        return answer(asked)
    except NotYet as verdict:
        missing = re.findall(r"'tf\.(\w+)' op is neither", str(verdict.__context__))
        if missing:
            raise NotYet(f"The converter refuses {' and '.join(dict.fromkeys(missing))}: {cure}.") from None
        raise


def function(rng: np.random.Generator, names: list[str], looped: list[str] = (), called: str = "x") -> Any:
    """A tf.function of these operators, one after the other, with a shape and a number of its own.

    looped: operators in the body of a loop at the end. called: the name of its input, float32 (1, 2..6).
    """
    import tensorflow as tf

    scale = float(rng.uniform(0.3, 0.9))
    specification = tf.TensorSpec([1, int(rng.integers(2, 7))], tf.float32, name=called)

    def body(count: Any, x: Any) -> Any:
        for name in looped:
            x = getattr(tf.math, ALL[name])(x)
        return count + 1, x

    def chain(x: Any) -> Any:
        for name in names:
            x = getattr(tf.math, ALL[name])(x * scale)
        return tf.while_loop(lambda count, _: count < 3, body, [tf.constant(0), x])[1] if looped else x

    return tf.function(chain, autograph=False, input_signature=[specification])


def to_file(asked: Any, select: bool = False, custom: bool = False) -> bytes:
    """The function's file. select: with TensorFlow operators allowed; custom: with operators that nobody has."""
    import tensorflow as tf

    ops = tf.lite.OpsSet
    converter = tf.lite.TFLiteConverter.from_concrete_functions([asked.get_concrete_function()])
    converter.target_spec.supported_ops = [ops.TFLITE_BUILTINS, *([ops.SELECT_TF_OPS] if select else [])]
    converter.allow_custom_ops = custom
    return converter.convert()


def _some(rng: np.random.Generator, pool: dict[str, str], count: int) -> list[str]:
    return [str(name) for name in rng.choice(list(pool), count, replace=False)]
