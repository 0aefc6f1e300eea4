"""Judges which classes are named the likeliest: on made-up probabilities of which no two in a row are the same."""

from typing import Any

import numpy as np

from labutils.exercises.attempt import show
from labutils.exercises.compare import Arguments, Misconception, Trial, array_form
from labutils.exercises.exercise import NotYet


def _answers(rng: np.random.Generator) -> list[Arguments]:
    """Some of a few classes, one, and very many of a thousand: where k is small, `argpartition` may sort by luck."""
    calls = []
    for k, least in ((int(rng.integers(6, 10)), 20), (1, 20), (int(rng.integers(350, 450)), 1000)):
        rows, classes = int(rng.integers(10, 16)), least + int(rng.integers(0, 20))
        ranks = rng.permuted(np.tile(np.arange(1.0, classes + 1), (rows, 1)), axis=1)
        ranks += rng.uniform(0, 0.4, ranks.shape)
        calls.append(((ranks / ranks.sum(axis=1, keepdims=True)).astype(np.float32), k))
    return calls


def _top(probabilities: np.ndarray, k: int) -> np.ndarray:
    return np.argsort(-probabilities, axis=1)[:, :k]


def _classes_form(found: Any, arguments: Arguments) -> None:
    probabilities, k = arguments
    (rows, classes), asked = probabilities.shape, f"({len(probabilities)}, {k})"
    if isinstance(found, np.ndarray) and found.dtype.kind in "iuf" and found.size:
        if found.shape == (k,) and found.max() >= classes:
            raise NotYet(f"It ranks all rows together, as one long row: rank each by itself, in the shape {asked}.")
        shapes = {
            (k,): f"It returns the shape ({k},), the classes of one image: {asked} is asked, a row for each.",
            (rows,): f"It returns one class for each row, of shape ({rows},): {asked} is asked, also where k is 1.",
            (k, rows): f"It returns the shape ({k}, {rows}): transpose it, a row for each image.",
            (k, classes): f"It keeps {k} rows and all classes: `[:, :k]` keeps all rows, and {k} columns.",
            (rows, classes): f"It returns all {classes} classes of each row: keep the first {k}, `[:, :k]`.",
        }
        if found.shape in shapes:
            raise NotYet(shapes[found.shape])
    array_form(found, (rows, k))
    if found.dtype.kind == "f" and np.isin(found, probabilities).all():
        raise NotYet("It returns the probabilities themselves: their places are the classes, which `np.argsort` gives.")
    if found.dtype.kind == "f":
        raise NotYet(f"It returns {found.dtype} numbers: a class is a whole number.")
    if found.dtype.kind == "b":
        raise NotYet("It returns yes and no: return the numbers of the classes.")


def _row_differs(arguments: Arguments, found: np.ndarray, expected: np.ndarray) -> str:
    """The sentence about the first row that is wrong."""
    row = int((found != expected).any(axis=1).argmax())
    given, right = (show(classes[row].tolist(), 60) for classes in (found, expected))
    if sorted(found[row]) == sorted(expected[row]):
        return f"In row {row} the classes are right, their order is not: it gives {given}; {right} is right."
    return f"For row {row}, with k = {arguments[1]}, it gives {given}; {right} is right."


_WRONG = (
    Misconception(
        lambda p, k: np.argsort(p, axis=1)[:, -k:],
        "The likeliest comes last: `np.argsort` goes up from the smallest. Turn each row round, `[:, ::-1]`.",
    ),
    Misconception(
        lambda p, k: np.argsort(p, axis=1)[:, :k],
        "It gives the least likely classes: `np.argsort` goes up, from the smallest to the largest.",
    ),
    Misconception(
        lambda p, k: np.argsort(p, axis=1)[:, :k][:, ::-1],
        "It cuts off first and turns round then, so the least likely are kept: turn round first.",
    ),
    Misconception(
        lambda p, k: np.argsort(p, axis=1)[::-1][:, :k],
        "`[::-1]` puts the last image first: what is to be turned round is each row, `[:, ::-1]`.",
    ),
    Misconception(
        lambda p, k: np.argsort(p, axis=1)[::-1][:, -k:][:, ::-1],
        "Each row is right, but the images are in reverse order.",
    ),
    Misconception(
        lambda p, k: np.argsort(-p, axis=0)[:, :k],
        "It ranks down the columns, image against image: the classes of one image stand along axis 1.",
    ),
    Misconception(
        lambda p, k: np.repeat(_top(p[:1], k), len(p), axis=0),
        "Every row gets the classes of the first: each has its own.",
    ),
    Misconception(
        lambda p, k: np.repeat(_top(p, 1), k, axis=1),
        "It names the likeliest class k times: the others come behind it.",
    ),
    Misconception(
        lambda p, k: _top(p, k) + 1, "It counts the classes from 1: the first column is class 0."
    ),
    Misconception(
        lambda p, k: _top(p, k + 1)[:, 1:], "It leaves the likeliest class out, and begins with the second."
    ),
    Misconception(
        lambda p, k: np.sort(_top(p, k), axis=1),
        "The classes are sorted by their numbers: sort them by their probabilities.",
    ),
    Misconception(
        lambda p, k: np.argsort(np.argsort(-p, axis=1), axis=1)[:, :k],
        "It gives the ranks of the first k classes: which classes have the first k ranks is asked.",
    ),
)

top_classes = Trial(
    draw=_answers,
    right=_top,
    wrong=_WRONG,
    same=np.array_equal,
    form=_classes_form,
    differs=_row_differs,
)
