"""Judges measures of a model: its largest error, its accuracy."""

from typing import Any

import numpy as np

from labutils.exercises.compare import Arguments, Misconception, Trial, close, number_form
from labutils.exercises.judges.inference import fresh_images, fresh_model, probabilities
from labutils.models import asset


def _arrays(rng: np.random.Generator) -> list[Arguments]:
    """Pairs of arrays: all differences upwards, all downwards, both; then a NaN on either side, and an infinity."""
    calls = []
    for direction, others in ((1, (0.1, 1)), (-1, (-1, -0.1)), (int(rng.choice([1, -1])), (-1, 1))):
        shape = (int(rng.integers(5, 12)), int(rng.integers(1, 5)))
        expected = rng.uniform(-8, 8, shape).astype(np.float32)
        found = expected + rng.uniform(*others, shape).astype(np.float32)
        found[_place(rng, shape)] += np.float32(direction * rng.uniform(3, 6))
        calls.append((expected, found))
    for side, value in ((1, np.nan), (0, np.nan), (1, np.inf)):
        pair = [rng.uniform(-1, 1, (9, 1)).astype(np.float32) for _ in range(2)]
        pair[side][_place(rng, (9, 1))] = value
        calls.append(tuple(pair))
    return calls


def _place(rng: np.random.Generator, shape: tuple[int, int]) -> tuple[int, int]:
    """Anywhere but in the first or last row, where Python's own `max` would find a NaN by luck."""
    return int(rng.integers(1, shape[0] - 1)), int(rng.integers(0, shape[1]))


def _error_differs(arguments: Arguments, found: Any, expected: Any) -> str:
    if not np.isfinite(expected):
        return f"It leaves out a NaN or an infinity, and gives {found:.3g}: a broken file would pass."
    return f"For two arrays of shape {arguments[0].shape} it gives {found:.4g}; {expected:.4g} is right."


largest_error = Trial(
    draw=_arrays,
    right=lambda e, f: float(np.abs(e - f).max()),
    wrong=(
        Misconception(
            lambda e, f: float(np.nan_to_num(np.nanmax(np.where(np.isfinite(e - f), np.abs(e - f), np.nan)))),
            "It leaves NaN and infinity out: a file that answers NaN would pass. `np.max` keeps them.",
        ),
        Misconception(
            lambda e, f: float(np.nanmax(np.abs(e - f))),
            "It leaves NaN out: a file that answers NaN would pass. `np.max` keeps it, `np.nanmax` and `max` do not.",
        ),
        Misconception(
            lambda e, f: float(np.abs(e - f)[0].max()), "It looks at the first row only: take the largest of all."
        ),
        Misconception(lambda e, f: float(np.abs(e - f).mean()), "It gives the mean: one bad answer drowns among many."),
        Misconception(
            lambda e, f: float((e - f).max()),
            "The sign is still there, so differences to the other side are missed: take `np.abs` first.",
        ),
        Misconception(
            lambda e, f: float((f - e).max()),
            "The sign is still there, so differences to the other side are missed: take `np.abs` before the maximum.",
        ),
        Misconception(
            lambda e, f: float(abs((e - f).max())),
            "`abs` comes too late, after the maximum: differences to the other side are missed.",
        ),
        Misconception(
            lambda e, f: float(abs((f - e).max())),
            "`abs` comes too late, after the maximum, so differences to the other side are missed.",
        ),
        Misconception(
            lambda e, f: float((np.abs(e - f) / np.abs(e)).max()),
            "It gives the error relative to each value: the absolute difference is asked.",
        ),
        Misconception(
            lambda e, f: float(np.abs(e - f).max() / np.abs(e).max()),
            "It gives the error relative to the largest value: the absolute difference is asked.",
        ),
        Misconception(
            lambda e, f: float(abs(e.max() - f.max())),
            "It compares the largest values of both arrays: take the difference first, then the maximum.",
        ),
        Misconception(lambda e, f: float(((e - f) ** 2).max()), "It gives the square of the error: leave that out."),
        Misconception(
            lambda e, f: float(((e - f) ** 2).mean()), "It gives the mean squared error: ask for the largest."
        ),
        Misconception(lambda e, f: float(np.abs(e - f).min()), "It gives the smallest difference: find the largest."),
    ),
    same=close,
    form=number_form,
    differs=_error_differs,
)


def _batches(rng: np.random.Generator) -> list[Arguments]:
    """A model with images and labels, thrice, each time as many as nobody expects; some of the labels are wrong."""
    calls = []
    for _ in range(3):
        model, images = fresh_model(rng), fresh_images(rng, int(rng.integers(40, 90)))
        surest = probabilities(model, images).max(axis=1).argmax()
        images[[0, surest]] = images[[surest, 0]]  # so that `argmax` over the whole array gives a class, if only one
        labels = probabilities(model, images).argmax(axis=1)
        spoilt = rng.permutation(len(labels))[: int(rng.integers(5, len(labels) // 3))]
        labels[spoilt] = (labels[spoilt] + rng.integers(1, 10, len(spoilt))) % 10
        calls.append((model, images, labels))
    return calls


def _hits(model: bytes, images: np.ndarray, labels: np.ndarray) -> np.ndarray:
    return probabilities(model, images).argmax(axis=1) == labels


_WRONG_ACCURACY = (
    Misconception(
        lambda m, x, y: _hits(asset("digits_cnn.tflite").read_bytes(), x, y).mean(),
        "It asks the shipped model, not the one that it was given: use the argument `model`.",
    ),
    Misconception(lambda m, x, y: 100 * _hits(m, x, y).mean(), "It gives per cent: a share from 0 to 1 is asked."),
    Misconception(lambda m, x, y: _hits(m, x, y).sum(), "It counts the right answers: divide by the number of images."),
    Misconception(
        lambda m, x, y: 1 - _hits(m, x, y).mean(), "It gives the share of wrong answers: count the right ones."
    ),
    Misconception(lambda m, x, y: float(_hits(m, x, y)[0]), "Only the first image counts: go through the whole batch."),
    Misconception(
        lambda m, x, y: _hits(m, x, y)[0] / len(y), "Only the first image is compared, and then divided by all of them."
    ),
    Misconception(
        lambda m, x, y: _hits(m, x, y)[:32].mean(), "Only the first 32 images count: go through the whole batch."
    ),
    Misconception(
        lambda m, x, y: (probabilities(m, x).argmin(axis=1) == y).mean(),
        "It takes the least likely class: `argmax` gives the likeliest.",
    ),
    Misconception(
        lambda m, x, y: (probabilities(m, x).max(axis=1) == y).mean(),
        "It compares the largest probability with the label: `argmax` gives its place, which is the class.",
    ),
    Misconception(
        lambda m, x, y: probabilities(m, x).max(axis=1).mean(),
        "It gives the mean of the largest probabilities, how sure the model is, not how often it is right.",
    ),
    Misconception(
        lambda m, x, y: (probabilities(m, x).argmax() == y).mean(),
        "`argmax` over the whole array gives one number for all images: take it along axis 1.",
    ),
    Misconception(
        lambda m, x, y: (probabilities(m, x).argmax(axis=1)[:, np.newaxis] == y).mean(),
        "It compares every answer with every label: the answers need the shape (n,), as the labels have.",
    ),
)

accuracy = Trial(
    draw=_batches,
    right=lambda model, images, labels: float(_hits(model, images, labels).mean()),
    wrong=_WRONG_ACCURACY,
    same=close,
    form=number_form,
    differs=lambda arguments, found, expected: (
        f"For {len(arguments[2])} images of which {round(expected * len(arguments[2]))} are answered right, "
        f"it gives {float(found):.4g}; {expected:.4g} is right."
    ),
)
