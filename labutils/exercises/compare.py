"""Judges answers on made-up inputs, and recognises a wrong idea by what it answers to them."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np

from labutils.exercises.attempt import kind, show
from labutils.exercises.exercise import NotYet

DRAWS = 60  # how often inputs are made up anew before two ideas that answer alike are taken for the same

Arguments = tuple[Any, ...]
Same = Callable[[Any, Any], bool]


@dataclass(frozen=True)
class Misconception:
    """A wrong idea. answer: what it returns for the same arguments. sentence: names the idea and the cure."""

    answer: Callable[..., Any]
    sentence: str


@dataclass(frozen=True)
class Trial:
    """How an exercise is tried.

    draw: makes up the arguments of several calls. right: the answer to a call, reckoned by the course.
    wrong: the misconceptions, the likeliest first. same: whether two answers are the same.
    form: raises NotYet when an answer has the wrong type, dtype or shape; takes the answer and the arguments.
    differs: the sentence for a wrong answer that no misconception explains; takes arguments, found and right answer.
    """

    draw: Callable[[np.random.Generator], list[Arguments]]
    right: Callable[..., Any]
    wrong: tuple[Misconception, ...]
    same: Same
    form: Callable[[Any, Arguments], None]
    differs: Callable[[Arguments, Any, Any], str]

    def __call__(self, attempt: Callable[..., Any], rng: np.random.Generator) -> None:
        """Try a learner's function. Raises NotYet with what is wrong."""
        calls, expected, mistaken = self._telling(rng)
        found = []
        for arguments in calls:
            found.append(attempt(*arguments))
            self.form(found[-1], arguments)
        fits = [self.same(*pair) for pair in zip(found, expected, strict=True)]
        if all(fits):
            return
        first = fits.index(False)
        # First a wrong idea that explains every answer, then one that explains all as far as the first slip.
        for upto in (len(calls), first + 1):
            for wrong, answers in zip(self.wrong, mistaken, strict=True):
                if self._alike(found[:upto], answers[:upto]):
                    raise NotYet(wrong.sentence)
        raise NotYet(self.differs(calls[first], found[first], expected[first]))

    def _telling(self, rng: np.random.Generator) -> tuple[list[Arguments], list[Any], list[list[Any]]]:
        """Calls to which the right idea and each wrong one answer differently, with all these answers."""
        for _ in range(DRAWS):
            calls = self.draw(rng)
            expected = [self.right(*arguments) for arguments in calls]
            mistaken = [[wrong.answer(*arguments) for arguments in calls] for wrong in self.wrong]
            if not any(self._alike(a, b) for a, b in combinations([expected, *mistaken], 2)):
                break
        return calls, expected, mistaken

    def _alike(self, some: list[Any], others: list[Any]) -> bool:
        return all(self.same(*pair) for pair in zip(some, others, strict=True))


def number_form(found: Any, _: Arguments) -> None:
    """Refuses what is not one real number."""
    if found is None:
        raise NotYet("It returns nothing: does it end with `return`?")
    if isinstance(found, (bool, np.bool_)):
        raise NotYet(f"It returns {found}, a yes or no: return a number.")
    if isinstance(found, (int, float, np.integer, np.floating)):
        return
    if isinstance(found, np.ndarray) and found.shape == () and found.dtype.kind in "iuf":
        return
    raise NotYet(f"It returns {kind(found)}: return one number, a `float`.")


def yes_no_form(found: Any, _: Arguments) -> None:
    """Refuses what is not a yes or a no."""
    if found is None:
        raise NotYet("It returns nothing: does it end with `return`?")
    if not isinstance(found, (bool, np.bool_)):
        raise NotYet(f"It returns {kind(found)}: return `True` or `False`.")


def array_form(found: Any, shape: tuple[int, ...]) -> None:
    """Refuses what is not a numeric array of this shape."""
    if found is None:
        raise NotYet("It returns nothing: does it end with `return`?")
    if not isinstance(found, np.ndarray):
        raise NotYet(f"It returns {kind(found)}: return a numpy array of shape {shape}.")
    if found.dtype.kind not in "iufb":
        raise NotYet(f"It returns {kind(found)}: return an array of numbers.")
    if found.shape != shape:
        raise NotYet(f"It returns the shape {found.shape}: {shape} is asked.")


def close(found: Any, expected: Any) -> bool:
    """Whether two real numbers are the same to four digits; all that is not finite counts as the same.

    >>> close(1.00001, 1.0), close(float("nan"), float("inf")), close(1.0, float("nan"))
    (True, True, False)
    """
    if not np.isfinite(expected) or not np.isfinite(found):
        return not np.isfinite(expected) and not np.isfinite(found)
    return bool(np.isclose(float(found), float(expected), rtol=1e-4, atol=1e-9))


def element_differs(values: np.ndarray, found: np.ndarray, expected: np.ndarray, settings: str) -> str:
    """The sentence about the element where two arrays of one shape differ most. settings: of the call, in words."""
    error = np.nan_to_num(np.abs(found.astype(float) - expected.astype(float)), nan=np.inf, posinf=np.inf)
    at = np.unravel_index(int(error.argmax()), error.shape)
    given, got, right = (show(array[at].item()) for array in (values, found, expected))
    return f"For {given}, with {settings}, it gives {got}; {right} is right."
