"""Judges an operator that is rewritten with builtins: converted without Select, run, compared on made-up numbers."""

import re
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from labutils.errors import LabError
from labutils.exercises.attempt import kind
from labutils.exercises.exercise import NotYet
from labutils.tflite.runtime import open_model

ROWS = 6
POSITIVE, SIGNED, ZERO = slice(0, 2), slice(2, 4), slice(4, 6)  # which rows hold what
TOLERANCE = 1e-4  # of products that are reckoned by logarithms in float32
FEW_AXES = {"Transpose", "StridedSlice", "Slice"}  # LiteRT has them for six axes at most

Shape = tuple[int | None, ...]  # None: not known while the function is traced

# What the whole answer is, where it is not the running product; the likeliest first.
_INSTEAD: dict[str, tuple[Callable[[np.ndarray], np.ndarray], str]] = {
    "sum": (lambda x: np.cumsum(x, 1), "It gives the running sum: a product is asked."),
    "columns": (lambda x: np.cumprod(x, 0), "It multiplies down the columns: along each row, `axis=1`, is asked."),
    "reverse": (lambda x: np.cumprod(x[:, ::-1], 1)[:, ::-1], "It runs from right to left: begin at the left."),
    "exclusive": (
        lambda x: np.concatenate([np.ones_like(x[:, :1]), np.cumprod(x, 1)[:, :-1]], 1),
        "Each product lacks the number at its own place: the first is `x[:, 0]`, not 1.",
    ),
    "absolute": (lambda x: np.abs(np.cumprod(x, 1)), "The sizes are right, the signs are lost: a product of two "
                 "negative numbers is positive, of three negative."),
    "own sign": (
        lambda x: np.abs(np.cumprod(x, 1)) * np.sign(x),
        "Each product has the sign of its own number: all the negative numbers so far count, not the last alone.",
    ),
}  # fmt: skip


def check(cumulative_product: Callable[..., Any], rng: np.random.Generator) -> None:
    """Raises NotYet when the function does not convert without Select, or the file gives other products."""
    for _ in range(2):
        numbers = _numbers(rng)
        content = builtin_file(cumulative_product, numbers.shape, partial(_judge_shape, asked=numbers.shape))
        try:
            with np.errstate(all="ignore"):
                _judge(np.asarray(open_model(content).predict(numbers), np.float64), numbers)
        except LabError as error:
            raise NotYet(f"The file does not work: {error}") from None


def _numbers(rng: np.random.Generator) -> np.ndarray:
    """float32 (6, 4..8): two rows positive, two with negative numbers, two with a zero among them."""
    columns = int(rng.integers(4, 9))
    numbers = rng.uniform(0.4, 1.8, (ROWS, columns))
    numbers[SIGNED, 1:] *= rng.choice([-1, 1], (2, columns - 1))
    numbers[2:6, 0] *= -1
    numbers[2:6, 2] *= -1
    numbers[ZERO, columns // 2] = 0
    return numbers.astype(np.float32)


def builtin_file(answer: Callable[..., Any], shape: Shape, judge_shape: Callable[[Shape], None]) -> bytes:
    """The file of a learner's function of one float32 tensor of this shape, with builtin operators alone.

    judge_shape: raises NotYet for a wrong shape of what the function returns. Raises NotYet when the function does not
    return a float32 tensor, or does not convert without Select.
    """
    import tensorflow as tf

    def traced(x: Any) -> Any:
        found = answer(x)
        if found is None:
            raise NotYet("It returns nothing: does it end with `return`?")
        if not tf.is_tensor(found):
            raise NotYet(f"It returns {kind(found)}: return what TensorFlow's functions give, a tensor.")
        if found.shape.rank is None:
            raise NotYet(
                "TensorFlow cannot tell the shape of what it returns, as with `tf.numpy_function` and "
                "`tf.py_function`: use its own functions alone."
            )
        judge_shape(tuple(found.shape))
        if found.dtype != tf.float32:
            raise NotYet(f"It returns {found.dtype.name}: float32 is asked.")
        return found

    asked = tf.function(traced, autograph=False, input_signature=[tf.TensorSpec(shape, tf.float32, name="x")])
    converter = tf.lite.TFLiteConverter.from_concrete_functions([asked.get_concrete_function()])
    try:
        return converter.convert()
    except Exception as error:  # the converter raises its own kind
        missing = sorted(set(re.findall(r"'tf\.(\w+)' op is neither", str(error))))
        if missing:
            raise NotYet(_refused(missing)) from None
        raise NotYet(f"It does not convert: {str(error).splitlines()[0][:160]}.") from None


def _refused(missing: list[str]) -> str:
    names = ", ".join(missing)
    if set(missing) <= FEW_AXES:
        return f"It needs {names} for more than six axes, and LiteRT has it for six at most: work in steps."
    return f"It needs {names}, which LiteRT has not: use builtin operators only."


def _judge_shape(found: Shape, asked: Shape) -> None:
    if found != asked:
        raise NotYet(f"For the shape {asked} it returns {found}: the same shape is asked.")


def _judge(found: np.ndarray, numbers: np.ndarray) -> None:
    wide = numbers.astype(np.float64)
    expected = np.cumprod(wide, 1)
    if _same(found, expected):
        return
    for other, sentence in _INSTEAD.values():
        if _same(found, other(wide)):
            raise NotYet(sentence)
    if not _same(found[POSITIVE], expected[POSITIVE]):
        raise NotYet(_example(found, expected, numbers, 0))
    if not _same(found[SIGNED], expected[SIGNED]):
        raise NotYet(
            "It is right for positive numbers only: a negative one has no logarithm. Reckon sizes and signs apart, or "
            "do without logarithms."
        )
    raise NotYet(
        "It is right until a 0 comes: from there on every product is 0, neither NaN nor what it was before. "
        + _example(found, expected, numbers, 4)
    )


def _same(found: np.ndarray, expected: np.ndarray) -> bool:
    return bool(np.all(np.abs(found - expected) <= TOLERANCE * np.maximum(1, np.abs(expected))))  # a NaN is not


def _example(found: np.ndarray, expected: np.ndarray, numbers: np.ndarray, row: int) -> str:
    given, got, right = (", ".join(f"{value:.3g}" for value in each[row]) for each in (numbers, found, expected))
    return f"For {given} it gives {got}; {right} is right."
