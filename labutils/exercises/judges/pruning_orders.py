"""Orders for pruned files: models, and budgets between the sizes that their files have when they are compressed."""

from __future__ import annotations

import gzip
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import keras

ROWS = 16


@dataclass(frozen=True)
class Order:
    """What is asked of the function, and what is right.

    weights: of the model, as they were. right: the least sparsity that fits, in tenths, or None. size: about how many
    bytes its file has, compressed. inputs: float32, for the answers.
    """

    model: keras.Model
    weights: list[np.ndarray]
    most_bytes: int
    right: int | None
    size: int
    inputs: np.ndarray

    @property
    def kernels(self) -> list[np.ndarray]:
        return [each for each in self.weights if each.ndim > 1]

    def __str__(self) -> str:
        return f"a budget of {self.most_bytes:,} bytes"


def compressed(content: bytes) -> bytes:
    """The bytes of a file as a download would have them."""
    return gzip.compress(content)


def orders(rng: np.random.Generator) -> list[Order]:
    """As it is, pruned a little, pruned as far as may be, and not possible."""
    rows, pictures = _rows(rng), _pictures(rng)
    some = int(rng.integers(2, 5))
    sizes = {tenths: _size(rows, tenths) for tenths in (0, 8, 9)}
    others = {tenths: _size(pictures, tenths) for tenths in (some - 1, some)}
    return [
        _order(rng, rows, sizes[0] * rng.uniform(1.2, 1.6), 0, sizes[0]),
        _order(rng, pictures, _between(rng, others[some], others[some - 1]), some, others[some]),
        _order(rng, rows, _between(rng, sizes[9], sizes[8]), 9, sizes[9]),
        _order(rng, rows, sizes[9] * rng.uniform(0.4, 0.7), None, 0),
    ]


def _between(rng: np.random.Generator, low: int, high: int) -> float:
    """A budget in which a sparsity of five per cent less would fit too: whoever tries that is found out."""
    return low + (high - low) * rng.uniform(0.65, 0.8)


def _order(rng: np.random.Generator, model: keras.Model, most_bytes: float, right: int | None, size: int) -> Order:
    inputs = rng.normal(0, 1, (ROWS, *model.input_shape[1:])).astype(np.float32)
    return Order(model, model.get_weights(), int(most_bytes), right, size, inputs)


def _size(model: keras.Model, tenths: int) -> int:
    """How many bytes the file has, pruned so far and compressed. The names in it may change that by some hundred."""
    import tensorflow as tf

    weights, one = model.get_weights(), tf.TensorSpec([1, *model.input_shape[1:]], tf.float32)
    model.set_weights([_pruned(each, tenths) if each.ndim > 1 else each for each in weights])
    traced = tf.function(lambda x: model(x), autograph=False).get_concrete_function(one)
    content = tf.lite.TFLiteConverter.from_concrete_functions([traced]).convert()
    model.set_weights(weights)
    return len(compressed(content))


def _pruned(kernel: np.ndarray, tenths: int) -> np.ndarray:
    left = kernel.copy()
    left.flat[np.argsort(np.abs(kernel), axis=None)[: round(tenths / 10 * kernel.size)]] = 0
    return left


def _rows(rng: np.random.Generator) -> keras.Model:
    """Two dense layers."""
    import keras

    inputs, hidden, scores = (int(size) for size in rng.integers((30, 90, 9), (45, 120, 14)))
    layers = [
        keras.Input((inputs,), name="x"),
        keras.layers.Dense(hidden, activation="relu", kernel_initializer="zeros", name="hidden"),
        keras.layers.Dense(scores, kernel_initializer="zeros", name="scores"),
    ]
    return _weighted(keras.Sequential(layers, name="fresh"), rng)


def _pictures(rng: np.random.Generator) -> keras.Model:
    """Two convolutions and a dense layer."""
    import keras

    side, channels, first, second = (int(size) for size in rng.integers((8, 1, 12, 26), (12, 4, 17, 33)))
    layers = [
        keras.Input((side, side, channels), name="image"),
        keras.layers.Conv2D(first, 3, activation="relu", kernel_initializer="zeros", name="first"),
        keras.layers.Conv2D(second, 3, activation="relu", kernel_initializer="zeros", name="second"),
        keras.layers.GlobalAveragePooling2D(name="pool"),
        keras.layers.Dense(int(rng.integers(5, 10)), kernel_initializer="zeros", name="scores"),
    ]
    return _weighted(keras.Sequential(layers, name="fresh"), rng)


def _weighted(model: keras.Model, rng: np.random.Generator) -> keras.Model:
    """The model with random weights, of another size in every layer. All has a name: Keras's own counters stay."""
    scales = np.repeat(rng.permutation(np.linspace(0.1, 0.5, len(model.weights) // 2)), 2)
    values = [rng.normal(0, scale, each.shape) for scale, each in zip(scales, model.get_weights(), strict=True)]
    model.set_weights([each.astype(np.float32) for each in values])
    return model
