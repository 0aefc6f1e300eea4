"""Orders for a deployment: classifiers of square pictures, samples, and budgets between the sizes of their files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from labutils.tflite.converter import Settings, configure

if TYPE_CHECKING:
    import keras

FLOAT, INTEGER = "float", "full integer"
ROWS = 40
CLEAREST = 4  # the last samples have all of the contrast


@dataclass(frozen=True)
class Order:
    """What is asked of the function, and what is right.

    samples: float32 (ROWS, side, side, channels), the faintest first; low, high: their smallest and largest number.
    right: the kind of file, or None. size: about how many bytes it has. inputs: fresh ones, as the samples are;
    answers: the model's to them. kernel: of the second convolution.
    """

    model: keras.Model
    samples: np.ndarray
    most_bytes: int
    right: str | None
    size: int
    inputs: np.ndarray
    answers: np.ndarray
    kernel: np.ndarray

    @property
    def ends(self) -> tuple[float, float]:
        return float(self.samples.min()), float(self.samples.max())

    def __str__(self) -> str:
        return f"a budget of {self.most_bytes:,} bytes"


def orders(rng: np.random.Generator) -> list[Order]:
    """A float file, an integer one, none, and an integer one with over ten classes. Budgets lie between the sizes."""
    few, many = (int(count) for count in rng.integers((3, 11), (8, 14)))
    channels = int(rng.choice([1, 3]))
    first, second = (_classifier(rng, channels, few), _classifier(rng, 4 - channels, many))
    sizes, others = (_sizes(model) for model in (first, second))
    return [
        _order(rng, first, _between(rng, sizes[FLOAT], 2 * sizes[FLOAT]), FLOAT, sizes),
        _order(rng, second, _between(rng, others[INTEGER], others[FLOAT]), INTEGER, others),
        _order(rng, first, _between(rng, 1000, sizes[INTEGER] - 1000), None, sizes),
        _order(rng, first, _between(rng, sizes[INTEGER], sizes[FLOAT]), INTEGER, sizes),
    ]


def _between(rng: np.random.Generator, low: int, high: int) -> int:
    """A budget that the converter's ways of naming tensors, some hundred bytes, do not matter for."""
    return int(low + (high - low) * rng.uniform(0.4, 0.6))


def _order(
    rng: np.random.Generator, model: keras.Model, most_bytes: int, right: str | None, sizes: dict[str, int]
) -> Order:
    low, high = -rng.uniform(0.3, 2), rng.uniform(0.4, 3)
    samples, inputs = (_samples(rng, model.input_shape[1:], low, high) for _ in range(2))
    answers, kernel = np.asarray(model(inputs)), model.get_weights()[2]
    return Order(model, samples, most_bytes, right, sizes[right] if right else 0, inputs, answers, kernel)


def _samples(rng: np.random.Generator, shape: tuple[int, ...], low: float, high: float) -> np.ndarray:
    """Pictures about a medium grey, of more and more contrast: the first few do not stand for all."""
    contrast = np.minimum(np.linspace(0.1, ROWS / (ROWS - CLEAREST), ROWS), 1)[:, None, None, None]
    shares = 0.5 + contrast * rng.uniform(-0.5, 0.5, (ROWS, *shape))
    shares[-CLEAREST:, 0, 0], shares[-CLEAREST:, -1, -1] = 0, 1
    return (low + shares * (high - low)).astype(np.float32)


def _classifier(rng: np.random.Generator, channels: int, classes: int) -> keras.Model:
    """A net of two convolutions with random weights. All has a name and started at zero: Keras's own counters stay."""
    import keras

    side, first, second = (int(size) for size in rng.integers((8, 6, 36), (12, 10, 48)))
    layers = [
        keras.Input((side, side, channels), name="image"),
        keras.layers.Conv2D(first, 3, activation="relu", kernel_initializer="zeros", name="first"),
        keras.layers.Conv2D(second, 3, activation="relu", kernel_initializer="zeros", name="second"),
        keras.layers.GlobalAveragePooling2D(name="pool"),
        keras.layers.Dense(classes, kernel_initializer="zeros", name="scores"),
    ]
    model = keras.Sequential(layers, name="fresh")
    model.set_weights([rng.normal(0, 0.3, value.shape).astype(np.float32) for value in model.get_weights()])
    return model


def _sizes(model: keras.Model) -> dict[str, int]:
    """How many bytes the file of each kind has."""
    import tensorflow as tf

    one = tf.TensorSpec([1, *model.input_shape[1:]], tf.float32)
    traced = tf.function(lambda x: model(x), autograph=False).get_concrete_function(one)
    samples = np.linspace(-1, 1, 2 * np.prod(one.shape), dtype=np.float32).reshape(2, *one.shape)
    sizes = {}
    for kind, settings in ((FLOAT, Settings()), (INTEGER, Settings("full_integer", "uint8", "uint8"))):
        converter = tf.lite.TFLiteConverter.from_concrete_functions([traced])
        configure(converter, settings, (lambda: ([x] for x in samples)) if kind == INTEGER else None)
        sizes[kind] = len(converter.convert())
    return sizes
