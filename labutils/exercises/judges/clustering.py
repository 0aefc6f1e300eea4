"""Judges weights that share a few values: how many there are, and how near they come to what k-means finds."""

from collections.abc import Callable
from typing import Any

import numpy as np

from labutils.exercises.attempt import kind
from labutils.exercises.compare import array_form
from labutils.exercises.exercise import NotYet

# Of the least squared error that k values can have. One start of k-means came to 1.62 at most, ten starts to 1.03.
ALLOWED = 2.0
PLAINLY = 2.4  # what every wrong way has at least, on the weights that are used
DRAWS = 60

Palette = Callable[[np.ndarray, int], np.ndarray]  # from flat weights and k to the values that they are to share


def check(few_values: Callable[..., Any], rng: np.random.Generator) -> None:
    """Raises NotYet when the function does not share values well on weights that it has never seen."""
    shapes = ((int(rng.integers(90, 140)),), (int(rng.integers(11, 15)), int(rng.integers(9, 11))), (3, 3, 2, 7))
    for shape in shapes:
        k = int(rng.integers(4, 8))
        weights = _weights(rng, shape, k)
        _judge(few_values(weights, k), weights, k)


def _weights(rng: np.random.Generator, shape: tuple[int, ...], k: int) -> np.ndarray:
    """Many small weights, some large ones: every wrong way is plainly off, and k-means from an even start is not."""
    for _ in range(DRAWS):
        large = rng.random(shape) < 0.2
        sizes = np.where(large, rng.uniform(0.3, 1.2, shape) * rng.choice([-1, 1], shape, p=[0.3, 0.7]), 0)
        weights = (sizes + rng.normal(0.02, 0.04, shape)).astype(np.float32)
        flat, most = weights.ravel(), least_error(weights, k)
        off = [_error(idea(flat, k), flat) / most for idea, _ in _WRONG]
        if min(off) > PLAINLY and _error(_lloyd(flat, k), flat) < 0.9 * ALLOWED * most:
            break
    return weights


def least_error(weights: np.ndarray, k: int) -> float:
    """The least squared error that k shared values can have, exactly: of sorted numbers, a cluster is a run.

    >>> least_error(np.array([0.0, 1.0, 9.0, 11.0]), 2)
    2.5
    """
    values = np.sort(weights, axis=None).astype(float)
    sums, squares = (np.concatenate([[0], np.cumsum(values**power)]) for power in (1, 2))
    start, end = np.arange(values.size)[:, None], np.arange(1, values.size + 1)
    length = np.maximum(end - start, 1)
    run = np.where(end > start, squares[end] - squares[start] - (sums[end] - sums[start]) ** 2 / length, np.inf)
    best = run[0]
    for _ in range(k - 1):
        before = np.concatenate([[np.inf], best[:-1]])
        best = np.minimum(best, (before[:, None] + run).min(0))
    return float(best[-1])


def _error(found: np.ndarray, flat: np.ndarray) -> float:
    return float(((found - flat) ** 2).sum())


def _nearest(flat: np.ndarray, values: np.ndarray) -> np.ndarray:
    return values[np.abs(flat[:, None] - values).argmin(1)]


def _to(values: Palette) -> Palette:
    """Every weight becomes the nearest of these values."""
    return lambda flat, k: _nearest(flat, values(flat, k)).astype(np.float32)


def _means(edges: Palette) -> Palette:
    """Every weight becomes the mean of its bin."""

    def shared(flat: np.ndarray, k: int) -> np.ndarray:
        bins = np.searchsorted(edges(flat, k), flat)
        return np.array([flat[bins == each].mean() for each in bins], np.float32)

    return shared


def _lloyd(flat: np.ndarray, k: int) -> np.ndarray:
    """Plain k-means from evenly spaced values; a value without weights stays where it is."""
    values = np.linspace(flat.min(), flat.max(), k)
    for _ in range(40):
        nearest = np.abs(flat[:, None] - values).argmin(1)
        values = np.array([flat[nearest == n].mean() if (nearest == n).any() else values[n] for n in range(k)])
    return _nearest(flat, values)


def _middles(flat: np.ndarray, k: int) -> np.ndarray:
    return flat.min() + (np.arange(k) + 0.5) / k * np.ptp(flat)


_EVEN = (
    "Its values are evenly spaced between the smallest weight and the largest, as quantization spaces them: few "
    "of them lie where the weights are. Let k-means move them there."
)
_COUNTS = (
    "It takes its values by quantiles, so that each serves equally many weights: the few large weights, whose errors "
    "are the largest, share one. k-means goes by the squared error."
)
_WRONG: tuple[tuple[Palette, str], ...] = (
    (_to(lambda flat, k: np.linspace(flat.min(), flat.max(), k)), _EVEN),
    (_to(_middles), _EVEN),
    (
        _to(lambda flat, k: np.linspace(-np.abs(flat).max(), np.abs(flat).max(), k)),
        "Its values are evenly spaced from -max|w| to max|w|, as symmetric quantization has them: let k-means move "
        "them to where the weights are.",
    ),
    (_to(lambda flat, k: np.quantile(flat, np.linspace(0, 1, k))), _COUNTS),
    (_to(lambda flat, k: np.quantile(flat, (np.arange(k) + 0.5) / k)), _COUNTS),
    (_means(lambda flat, k: np.quantile(flat, np.linspace(0, 1, k + 1)[1:-1])), _COUNTS),
    (
        lambda flat, _: np.full_like(flat, flat.mean()),
        "Every weight becomes the mean of all: the values are to be those of k clusters.",
    ),
)


def _judge(found: Any, weights: np.ndarray, k: int) -> None:
    """Raises NotYet for too many values, and for values that are much worse than those of k-means."""
    _judge_form(found, weights, k)
    _judge_count(found, weights, k)
    flat, given, least = weights.ravel(), found.ravel(), least_error(weights, k)
    error = _error(given, flat)
    if error <= ALLOWED * least:
        return
    for idea, sentence in _WRONG:
        if np.allclose(given, idea(flat, k), atol=1e-5):
            raise NotYet(sentence)
    _judge_places(given, flat, k, least)
    raise NotYet(
        f"With {k} values the squared error is {error / least:.1f} times what it could be: is it k-means on the single "
        "weights, run until nothing moves, from more than one start (`n_init`)?"
    )


def _judge_form(found: Any, weights: np.ndarray, k: int) -> None:
    if isinstance(found, (tuple, list)) and len(found) == 2 and all(isinstance(each, np.ndarray) for each in found):
        raise NotYet("It returns two arrays: look the values up by the labels, `values[labels]`, and return that.")
    if type(found).__name__.endswith("KMeans"):
        raise NotYet("It returns the fitted k-means: `cluster_centers_[labels_]` are the shared values.")
    if isinstance(found, np.ndarray) and found.size == k and weights.size != k:
        raise NotYet(f"It returns the {k} values alone: every weight is to become its own, in the shape of `weights`.")
    if isinstance(found, np.ndarray) and found.size == weights.size and found.shape != weights.shape:
        raise NotYet(f"It returns the shape {found.shape}: end with `.reshape(weights.shape)`.")
    array_form(found, weights.shape)
    if found.dtype.kind in "iub" or (np.unique(found).size <= k and not (found % 1).any() and np.ptp(found) > 1):
        raise NotYet("It returns the numbers of the clusters: look the values up by them, `values[labels]`.")
    if found.dtype != np.float32:
        raise NotYet(f"It returns {kind(found)}: end with `.astype(np.float32)`.")
    if not np.isfinite(found).all():
        raise NotYet("Some of its values are no numbers: a cluster without weights has no mean, so leave its value.")


def _judge_count(found: np.ndarray, weights: np.ndarray, k: int) -> None:
    """Raises NotYet for more than k values, by what they are."""
    count = np.unique(found).size
    if count <= k:
        return
    if np.array_equal(found, weights):
        raise NotYet("It returns the weights as they were: no two of them share a value.")
    rows = found.reshape(-1, found.shape[-1])
    both = (("rows", rows), ("columns", rows.T)) if found.ndim > 1 else ()
    for name, slices in both:
        if len(np.unique(slices, axis=0)) <= k:
            raise NotYet(
                f"It clusters whole {name}, so that {k} {name} are left and {count} different values: k-means takes a "
                "row for one thing, so give it one weight a row, `weights.reshape(-1, 1)`."
            )
    for name, slices in both:
        if max(np.unique(each).size for each in slices) <= k:
            raise NotYet(f"Each of its {name} has {k} values of its own, together {count}: {k} are asked for all.")
    if np.unique(np.abs(found)).size <= k:
        raise NotYet(f"It clusters magnitudes and puts the signs back: that makes {count} values, and {k} are allowed.")
    if count == k + 1:
        raise NotYet(f"It has {count} different values, one too many: a zero that is kept apart counts too.")
    raise NotYet(f"It has {count} different values, and at most {k} are allowed.")


def _judge_places(given: np.ndarray, flat: np.ndarray, k: int, least: float) -> None:
    """Raises NotYet when the values are good, but not where they are, or too few."""
    values = np.unique(given)
    if given.min() >= 0 > flat.min() and _error(_nearest(np.abs(flat), values), np.abs(flat)) < ALLOWED * least:
        raise NotYet("It clusters magnitudes, and the signs are lost: cluster the weights as they are.")
    if _error(_nearest(flat, values), flat) <= ALLOWED * least:
        raise NotYet(
            "Its values are good, but they do not stand where their weights were: each weight becomes the nearest "
            "value, at its own place."
        )
    if values.size < k - 1:
        raise NotYet(f"It has only {values.size} different values: {k} are allowed, and with them it comes nearer.")
