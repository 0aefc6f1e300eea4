"""Judges whether the statistics of BatchNormalization were put right, in models that are made up for every check."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from labutils.exercises.exercise import NotYet

if TYPE_CHECKING:
    import keras

EPSILON = 1e-3  # Keras's, in every BatchNormalization
OFF_MEAN, OFF_VARIANCE = 0.15, 0.2  # in standard deviations; of the logarithm: what many small steps may leave

Statistics = tuple[np.ndarray, np.ndarray]  # mean and variance, by channel


@dataclass(frozen=True)
class _Subject:
    """A model of convolutions and BatchNormalization, and images for it.

    right: the statistics that each layer should have, reckoned by numpy. early: what each would have if all were taken
    before any was put right. before: the wrong ones that it has.
    """

    model: keras.Sequential
    images: np.ndarray
    right: list[Statistics]
    early: list[Statistics]
    before: list[Statistics]


def check(recalibrate: Callable[..., Any], rng: np.random.Generator) -> None:
    """Raises NotYet when the function does not put right the statistics of models that it has never seen."""
    for blocks, untouched in ((2, True), (3, False)):
        subject = _subject(rng, blocks, untouched)
        trained = [(variable, variable.numpy()) for variable in subject.model.trainable_variables]
        state = [(layer.moving_mean, layer.moving_variance) for layer in _norms(subject.model)]
        returned = recalibrate(subject.model, subject.images)
        if any(not np.array_equal(variable.numpy(), before) for variable, before in trained):
            raise NotYet(
                "It changed weights that were right: `fit` trains. A call with `training=True` moves the statistics, "
                "and nothing else."
            )
        found = [(mean.numpy(), variance.numpy()) for mean, variance in state]
        _judge(found, subject, returned)


def _judge(found: list[Statistics], subject: _Subject, returned: Any) -> None:
    fits = [_same(*pair) for pair in zip(found, subject.right, strict=True)]
    if all(fits):
        return
    kept = [_equal(*pair) for pair in zip(found, subject.before, strict=True)]
    if all(kept):
        if hasattr(returned, "layers") and returned is not subject.model:
            raise NotYet("It puts a copy right: the model that was given is as before, and that one is asked.")
        raise NotYet(
            "The statistics are as before: a call moves them only with `training=True`, and only if `momentum` is "
            "below 1."
        )
    if any(kept):
        name = f"bn_{kept.index(True) + 1}"
        raise NotYet(f"Not every layer was put right: `{name}` is as before. Go through all of `model.layers`.")
    wrong = fits.index(False)
    _judge_slip(wrong, found[wrong], subject)
    if fits[0] and _equal(found[1], subject.early[1], 0.01):
        raise NotYet(
            "`bn_1` is right, but `bn_2` was measured before: it saw inputs that `bn_1` had normalized wrongly. "
            "Go from front to back, or let one call do it."
        )
    raise NotYet(
        f"The statistics of `bn_{wrong + 1}` are not those of all the images: give them in one call, "
        "with `momentum` at 0. With several calls, the last counts most."
    )


def _judge_slip(number: int, found: Statistics, subject: _Subject) -> None:
    """The slips that the first wrong layer shows: what the layers behind it have depends on it."""
    right, before = subject.right[number], subject.before[number]
    if _equal(found, (right[1], right[0]), 0.02):
        raise NotYet("Mean and variance have changed places.")
    if _equal(found, (right[0], np.sqrt(right[1])), 0.02):
        raise NotYet("The standard deviation stands where the variance belongs: leave out the root.")
    way = np.concatenate(right) - np.concatenate(before)
    went = np.concatenate(found) - np.concatenate(before)
    share = float(way @ went / (way @ way))
    if 1e-4 < share < 0.9 and np.linalg.norm(went - share * way) < 0.05 * np.linalg.norm(went):
        raise NotYet(
            f"The statistics of `bn_{number + 1}` went {share:.0%} of the way: `momentum` is the share of the old ones "
            "that stays, so set it to 0, in every layer, for the one call."
        )


def _same(found: Statistics, right: Statistics) -> bool:
    off = np.abs(found[0] - right[0]) / np.sqrt(right[1])
    with np.errstate(all="ignore"):
        ratio = np.abs(np.log(found[1] / right[1]))
    return bool((off < OFF_MEAN).all() and (ratio < OFF_VARIANCE).all())  # false for a NaN


def _equal(some: Statistics, others: Statistics, tolerance: float = 1e-6) -> bool:
    return all(np.allclose(a, b, rtol=tolerance, atol=tolerance) for a, b in zip(some, others, strict=True))


def _norms(model: keras.Sequential) -> list[keras.layers.BatchNormalization]:
    return [layer for layer in model.layers if layer.name.startswith("bn_")]


def _subject(rng: np.random.Generator, blocks: int, untouched: bool) -> _Subject:
    """Blocks of convolution, BatchNormalization, relu. untouched: the statistics are zeros and ones, else other ones.

    The later images are brighter than the earlier ones, so that some of them do not stand for all.
    """
    images = rng.normal(0, 0.4, (24, 10, 10, 3)) + np.linspace(-0.6, 0.6, 24)[:, None, None, None]
    images = images.astype(np.float32)
    channels = rng.choice(np.arange(4, 9), size=blocks, replace=False)
    model = _model([int(number) for number in channels])
    right, early, before = [], [], []
    ours = theirs = images
    for number, norm in enumerate(_norms(model), 1):
        convolution = model.get_layer(f"conv_{number}")
        kernel = rng.normal(0, 1.5, convolution.kernel.shape).astype(np.float32)
        convolution.set_weights([kernel])
        gamma, beta = rng.uniform(0.5, 2, norm.gamma.shape), rng.uniform(-0.5, 1, norm.gamma.shape)
        wrong = (norm.moving_mean.numpy(), norm.moving_variance.numpy())
        if not untouched:
            wrong = tuple(rng.uniform(*span, norm.gamma.shape).astype(np.float32) for span in ((2, 4), (9, 16)))
        norm.set_weights([gamma, beta, *wrong])
        ours, theirs = _convolve(ours, kernel), _convolve(theirs, kernel)
        right.append(_statistics(ours))
        early.append(_statistics(theirs))
        before.append(wrong)
        ours = _normalize(ours, right[-1], gamma, beta)
        theirs = _normalize(theirs, wrong, gamma, beta)
    return _Subject(model, images, right, early, before)


def _model(channels: list[int]) -> keras.Sequential:
    """All has a name and starts at zero, so that a check moves neither Keras's counters nor its random numbers."""
    import keras

    layers = [keras.Input((10, 10, 3), name="image")]
    for number, size in enumerate(channels, 1):
        layers += [
            keras.layers.Conv2D(size, 3, use_bias=False, kernel_initializer="zeros", name=f"conv_{number}"),
            keras.layers.BatchNormalization(name=f"bn_{number}"),
            keras.layers.ReLU(name=f"relu_{number}"),
        ]
    layers.append(keras.layers.GlobalAveragePooling2D(name="pool"))
    return keras.Sequential(layers, name="fresh")


def _convolve(images: np.ndarray, kernel: np.ndarray) -> np.ndarray:
    windows = np.lib.stride_tricks.sliding_window_view(images, kernel.shape[:2], axis=(1, 2))  # (n, h, w, c, 3, 3)
    return np.tensordot(windows, kernel, axes=((4, 5, 3), (0, 1, 2)))


def _statistics(values: np.ndarray) -> Statistics:
    return values.mean((0, 1, 2)), values.var((0, 1, 2))


def _normalize(values: np.ndarray, statistics: Statistics, gamma: np.ndarray, beta: np.ndarray) -> np.ndarray:
    mean, variance = statistics
    return np.maximum((values - mean) / np.sqrt(variance + EPSILON) * gamma + beta, 0)
