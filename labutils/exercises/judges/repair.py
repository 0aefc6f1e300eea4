"""Judges a repair: a model that squares, made integer all through. The models are made up anew for every check."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from labutils.errors import LabError
from labutils.exercises.exercise import NotYet
from labutils.exercises.judges.conversion import file_bytes
from labutils.tflite.anatomy import anatomy
from labutils.tflite.integer import NotFullyInteger, assert_fully_integer
from labutils.tflite.runtime import Model, open_model

if TYPE_CHECKING:
    import keras

IMAGES = 40
NEAR = 0.01  # mean error, of the range of the answers; measured: 0.001 to 0.004 when right, 0.03 and more when not

Weights = list[np.ndarray]  # kernel and bias of the convolution, of the dense layer


@dataclass(frozen=True)
class Subject:
    """A Keras model with a layer `energy` that squares, its weights, and images for it, the faintest first."""

    model: keras.Sequential
    weights: Weights
    images: np.ndarray


def _square(values: np.ndarray) -> np.ndarray:
    return values * values


_INSTEAD: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "ReLU": lambda x: np.maximum(x, 0),
    "the absolute value": np.abs,
    "nothing at all": lambda x: x,
    "the square of ReLU": lambda x: np.maximum(x, 0) ** 2,
    "twice the value": lambda x: 2 * x,
}


def check(repair: Callable[..., Any], rng: np.random.Generator) -> None:
    """Raises NotYet when the function does not make models that it has never seen integer all through."""
    for _ in range(2):
        subject = _subject(rng)
        content = file_bytes(repair(subject.model, subject.images))
        try:
            _judge_integer(content)
            _judge_answers(open_model(content), subject)
        except LabError as error:
            raise NotYet(f"The file does not work: {error}") from None


def _judge_integer(content: bytes) -> None:
    found = anatomy(content)
    if found.has_unfrozen_variables:
        raise NotYet("The file holds `VAR_HANDLE`: its weights are missing. Use `from_keras_model`.")
    try:
        assert_fully_integer(found)
    except NotFullyInteger as error:
        if "SQUARE" in found.operators and "for want of" in str(error):
            raise NotYet(
                "The file still computes 1 SQUARE in float32: give the layer `energy` an activation that says the same "
                "with an operator that has an integer kernel."
            ) from None
        raise NotYet(f"{str(error)[0].upper()}{str(error)[1:]}") from None
    graph = found.subgraphs[0]
    ends = {graph.tensors[index].dtype for index in (*graph.inputs, *graph.outputs)}
    if ends != {"int8"}:
        raise NotYet(f"The file takes and returns {' and '.join(sorted(ends))}: int8 is asked, at both ends.")


def _judge_answers(model: Model, subject: Subject) -> None:
    spec = next(iter(model.inputs.values()))
    expected = _answers(subject, _square)
    shapes = [tuple(each.shape[1:]) for each in (spec, *model.outputs.values())]
    if shapes != [subject.images.shape[1:], expected.shape[1:]]:
        raise _another()
    low, high = (spec.scale * (end - spec.zero_point) for end in (-128, 127))
    asked = min(float(subject.images.min()), 0), max(float(subject.images.max()), 0)
    if abs(low - asked[0]) + abs(high - asked[1]) > 0.1 * (asked[1] - asked[0]):
        raise NotYet(
            f"The input was calibrated for {low:.3g} to {high:.3g}, and the images go from {asked[0]:.3g} to "
            f"{asked[1]:.3g}: the representative dataset has to yield them all, as they are."
        )
    found = model.predict(subject.images)
    if _off(found, expected) < NEAR:  # false for a NaN
        return
    for what, function in _INSTEAD.items():
        if _off(found, _answers(subject, function)) < NEAR:
            raise NotYet(
                f"All is integer, but it answers as if {what} stood in the place of the square: "
                "the new activation has to give the same numbers."
            )
    raise _another()


def _off(found: np.ndarray, expected: np.ndarray) -> float:
    return float(np.abs(found - expected).mean() / np.ptp(expected))


def _another() -> NotYet:
    return NotYet(
        "All is integer, but the answers are far from the model's: convert the argument `model`, with its weights, and "
        "let the new activation give the same numbers as the square."
    )


def _answers(subject: Subject, activation: Callable[[np.ndarray], np.ndarray]) -> np.ndarray:
    """What the model answers with this activation, reckoned by numpy."""
    kernel, bias, dense, offset = subject.weights
    windows = np.lib.stride_tricks.sliding_window_view(subject.images, kernel.shape[:2], axis=(1, 2))
    filtered = np.tensordot(windows, kernel, axes=((4, 5, 3), (0, 1, 2))) + bias
    return activation(filtered).mean((1, 2)) @ dense + offset


def _subject(rng: np.random.Generator) -> Subject:
    """All has a name and starts at zero, so that a check moves neither Keras's counters nor its random numbers."""
    import keras

    height, width, channels, filters, scores = (int(n) for n in rng.integers((6, 6, 1, 6, 3), (10, 10, 4, 13, 7)))
    model = keras.Sequential(
        [
            keras.Input((height, width, channels), name="image"),
            keras.layers.Conv2D(filters, 3, kernel_initializer="zeros", name="filters"),
            keras.layers.Activation(keras.ops.square, name="energy"),
            keras.layers.GlobalAveragePooling2D(name="mean"),
            keras.layers.Dense(scores, kernel_initializer="zeros", name="scores"),
        ],
        name="fresh",
    )
    spread = (1 / np.sqrt(9 * channels), 0.3, 1, 0.3)
    weights = [
        rng.normal(0, size, value.shape).astype(np.float32)
        for size, value in zip(spread, model.get_weights(), strict=True)
    ]
    model.set_weights(weights)
    contrast = np.linspace(0.1, 2, IMAGES)[:, None, None, None]  # so that the first few do not stand for all
    images = contrast * rng.normal(rng.uniform(-0.5, 0.5), 1, (IMAGES, height, width, channels))
    return Subject(model, weights, images.astype(np.float32))
