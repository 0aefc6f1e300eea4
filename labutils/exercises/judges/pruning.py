"""Judges magnitude pruning: how many weights become zero, which ones, and what is left alone."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from labutils.exercises.attempt import kind
from labutils.exercises.compare import Arguments, Misconception, Trial, array_form
from labutils.exercises.exercise import NotYet


class Lent(np.ndarray):
    """An array of which a learner's function gets copies, and which keeps the last one to see what was done to it."""

    last: np.ndarray

    def __deepcopy__(self, _: object) -> np.ndarray:
        self.last = np.array(self)
        return self.last


def _lent(weights: np.ndarray) -> Lent:
    return np.asarray(weights, np.float32).view(Lent)


def _calls(rng: np.random.Generator) -> list[Arguments]:
    """Arrays of one to four axes; many equal magnitudes, zeros from before, a sparsity of 0 and one of 1."""
    conv = rng.normal(0, 0.3, tuple(map(int, rng.permutation([2, 3, 4, 5]))))
    rows = rng.normal(0.1, 0.3, (int(rng.integers(7, 12)), int(rng.integers(13, 20))))
    steps = rng.choice([0.125, 0.25, 0.5, 0.75], (6, int(rng.integers(9, 14))))
    holes = rng.normal(0, 0.3, int(rng.integers(60, 90)))
    holes[rng.permutation(len(holes))[: len(holes) // 4]] = 0
    mixed = steps * rng.choice([-1, 1], steps.shape)
    shares = zip((conv, rows, mixed, holes), rng.permutation([-0.3, 0.3, 0.2, -0.2]), strict=True)
    calls = [(_lent(weights), _sparsity(rng, weights.size, off)) for weights, off in shares]
    return [*calls, (_lent(rng.permutation(rows)), 0.0), (_lent(rng.permutation(conv)), 1.0)]


def _sparsity(rng: np.random.Generator, size: int, off: float) -> float:
    """A share of the weights that is so far off from a whole number of them."""
    return round((int(size * rng.uniform(0.35, 0.85)) + off) / size, 5)


def _without(weights: np.ndarray, places: np.ndarray) -> np.ndarray:
    left = np.array(weights)
    left.flat[places] = 0
    return left


def _by(measure: Callable[[np.ndarray], np.ndarray], count: Callable[[float], float]) -> Callable[..., np.ndarray]:
    """Prunes as many weights as `count` makes of their exact number, those first of which the measure is smallest."""

    def prune(weights: np.ndarray, sparsity: float) -> np.ndarray:
        order = np.argsort(measure(np.asarray(weights)), axis=None, kind="stable")
        return _without(weights, order[: int(count(sparsity * weights.size))])

    return prune


_right = _by(np.abs, round)


def _inverted(weights: np.ndarray, sparsity: float) -> np.ndarray:
    return np.where(_right(weights, sparsity) == 0, np.asarray(weights), np.float32(0))


def _below(threshold: Callable[[np.ndarray, float], float], equal: bool) -> Callable[..., np.ndarray]:
    """Prunes what is below a threshold on the magnitudes. equal: what just meets it, too."""

    def prune(weights: np.ndarray, sparsity: float) -> np.ndarray:
        magnitudes = np.abs(np.asarray(weights))
        limit = threshold(magnitudes, sparsity)
        return np.where(magnitudes <= limit if equal else magnitudes < limit, np.float32(0), np.asarray(weights))

    return prune


def _last_pruned(magnitudes: np.ndarray, sparsity: float) -> float:
    """The largest magnitude that goes; below all for none."""
    count = round(sparsity * magnitudes.size)
    return float(np.sort(magnitudes, axis=None)[count - 1]) if count else -1.0


def _first_kept(magnitudes: np.ndarray, sparsity: float) -> float:
    count = round(sparsity * magnitudes.size)
    return float(np.sort(magnitudes, axis=None)[count]) if count < magnitudes.size else np.inf


def _each(axis: int) -> Callable[..., np.ndarray]:
    """Prunes the same share of every slice along an axis."""

    def prune(weights: np.ndarray, sparsity: float) -> np.ndarray:
        slices = np.moveaxis(np.array(weights), axis, 0)
        return np.moveaxis(np.stack([_right(each, sparsity) for each in slices]), 0, axis)

    return lambda weights, sparsity: prune(weights, sparsity) if weights.ndim > 1 else _right(weights, sparsity)


def _besides_zeros(weights: np.ndarray, sparsity: float) -> np.ndarray:
    found = np.asarray(weights)
    order = np.argsort(np.where(found == 0, np.inf, np.abs(found)), axis=None, kind="stable")
    return _without(weights, order[: round(sparsity * weights.size)])


def _share_of_the_rest(weights: np.ndarray, sparsity: float) -> np.ndarray:
    """Prunes a share of those weights only that are not zero."""
    found = np.asarray(weights)
    order = np.argsort(np.where(found == 0, np.inf, np.abs(found)), axis=None, kind="stable")
    return _without(weights, order[: round(sparsity * np.count_nonzero(found))])


def _places_of_an_axis(weights: np.ndarray, sparsity: float) -> np.ndarray:
    return _without(weights, np.argsort(np.abs(np.asarray(weights)))[: round(sparsity * weights.size)])


def _all_for_none(weights: np.ndarray, sparsity: float) -> np.ndarray:
    return _right(weights, sparsity if round(sparsity * weights.size) else 1.0)


_TIES = "to be exact, take the places from `np.argsort`, and as many of them as are asked."

_WRONG = (
    Misconception(
        lambda weights, _: np.array(weights),
        "It returns the weights as they were: nothing was pruned in what it returns.",
    ),
    Misconception(
        _by(lambda w: -np.abs(w), round), "It prunes the largest magnitudes: those matter most, so the smallest go."
    ),
    Misconception(
        _by(lambda w: w, round),
        "It sorts the signed values, so that large negative weights go first: sort the magnitudes, `np.abs`.",
    ),
    Misconception(
        lambda w, s: _right(w, 1 - s),
        "It takes the sparsity for the share that is kept: a sparsity of 0.9 leaves one weight in ten.",
    ),
    Misconception(
        _inverted, "It keeps the weights that are to go, and zeroes the others: the mask is the wrong way round."
    ),
    Misconception(
        lambda w, s: np.abs(_right(w, s)),
        "It returns magnitudes: the weights that stay have lost their signs.",
    ),
    Misconception(
        _by(np.abs, math.floor), "It rounds the number of weights down: the nearest whole number is asked, `round`."
    ),
    Misconception(
        _by(np.abs, math.ceil), "It rounds the number of weights up: the nearest whole number is asked, `round`."
    ),
    Misconception(
        _below(_last_pruned, equal=True),
        f"Where several weights have the very magnitude of the threshold, it prunes all of them, too many: {_TIES}",
    ),
    Misconception(
        _below(_first_kept, equal=False),
        f"Where several weights have the very magnitude of the threshold, it keeps all of them, too many: {_TIES}",
    ),
    Misconception(
        _below(lambda m, s: float(np.quantile(m, s)), equal=True),
        f"`np.quantile` gives a threshold, and the weights up to it are not the nearest whole number: {_TIES}",
    ),
    Misconception(
        _below(lambda m, s: float(np.quantile(m, s)), equal=False),
        f"`np.quantile` gives a threshold, and the weights below it are not the nearest whole number: {_TIES}",
    ),
    Misconception(
        _each(0),
        "It prunes the same share of every row: a row of large weights loses what a row of small ones should. Rank all "
        "weights of the array together.",
    ),
    Misconception(
        _each(-1),
        "It prunes the same share of every channel, along the last axis: rank all weights of the array together.",
    ),
    Misconception(
        _besides_zeros,
        "It leaves the zeros out that were there before, and prunes as many others: they are the smallest magnitudes, "
        "so they count.",
    ),
    Misconception(
        _share_of_the_rest,
        "It takes the share of the weights that are not zero yet: the sparsity is a share of all weights.",
    ),
    Misconception(
        _below(lambda m, s: s, equal=False),
        "It takes the sparsity for a threshold: it is a share of the number of weights, whatever their size.",
    ),
    Misconception(
        _below(lambda m, s: s * float(m.max()), equal=False),
        "Its threshold is a share of the largest magnitude: a share of the number of weights is asked.",
    ),
    Misconception(
        _places_of_an_axis,
        "`np.argsort` counts the places within the last axis, unless it is told `axis=None`.",
    ),
    Misconception(
        _all_for_none,
        "With a sparsity of 0 it prunes everything: none is the smallest of no weights, and the index -1 is the last "
        "one.",
    ),
)  # fmt: skip


def _form(found: Any, arguments: Arguments) -> None:
    """Refuses another shape or dtype, and a function that has changed what it was given."""
    weights: Lent = arguments[0]
    if not np.array_equal(weights.last, weights):
        raise NotYet("It changes the array that it is given: begin with a copy, `weights.copy()`, and return that.")
    array_form(found, weights.shape)
    if found.dtype == bool:
        raise NotYet("It returns a mask, True or False: multiply the weights by it, or set those to 0 that it marks.")
    if found.dtype != weights.dtype:
        raise NotYet(f"It returns {kind(found)}: the dtype is to stay {weights.dtype}.")


def _same(found: np.ndarray, expected: np.ndarray) -> bool:
    """Whether both are the same, but that of weights of one magnitude others may be zero."""
    differ = found != expected
    if not differ.any():
        return True
    one, other = found[differ], expected[differ]
    magnitudes = np.abs(np.where(one == 0, other, one))
    traded = ((one == 0) ^ (other == 0)).all() and magnitudes.max() == magnitudes.min()
    return bool(traded and np.count_nonzero(found) == np.count_nonzero(expected))


def _differs(arguments: Arguments, found: np.ndarray, expected: np.ndarray) -> str:
    weights, sparsity = np.asarray(arguments[0]), arguments[1]
    kept = (found != 0) | (weights == 0)
    if (found[kept] != weights[kept]).any():
        place = np.flatnonzero(kept & (found != weights))[0]
        return (
            f"It makes {found.flat[place]:.4g} of the weight {weights.flat[place]:.4g}: a weight becomes zero or stays "
            "as it was."
        )
    zeros, asked = (int((each == 0).sum()) for each in (found, expected))
    if zeros != asked:
        return f"With a sparsity of {sparsity}, of {weights.size} weights {zeros} are zero; {asked} are to be."
    gone, stays = np.abs(weights[found == 0]).max(), np.abs(weights[found != 0]).min()
    return f"A weight of magnitude {gone:.4g} is pruned, while one of {stays:.4g} stays: the smallest go first."


without_smallest = Trial(draw=_calls, right=_right, wrong=_WRONG, same=_same, form=_form, differs=_differs)
