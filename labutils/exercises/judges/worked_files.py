"""Files whose multiply-adds are to be counted: convolutions of every kind with odd sizes, dense layers, neither.

TensorFlow is imported only inside the functions; a conversion takes a few hundredths of a second.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from labutils.exercises.judges.sorting import Shelf
from labutils.tflite.converter import CALIBRATED, Settings, configure

Make = Callable[[np.random.Generator], bytes]
Step = Callable[[Any], Any]
Plan = Callable[[np.random.Generator, int], list[Step]]  # the steps of a net, for so many channels
MULTIPLIER = 2


def _sides(rng: np.random.Generator) -> tuple[int, int]:
    """Height and width of a kernel, which is no square."""
    height, width = rng.choice([2, 3, 4, 5], size=2, replace=False)
    return int(height), int(width)


def _weights(rng: np.random.Generator, *shape: int) -> Any:
    import tensorflow as tf

    return tf.constant(rng.normal(0, 0.3, shape).astype(np.float32))


def _convolution(rng: np.random.Generator, channels: int, filters: int, stride: int, padding: str) -> Step:
    import tensorflow as tf

    kernel, bias = _weights(rng, *_sides(rng), channels, filters), _weights(rng, filters)
    return lambda x: tf.nn.relu(tf.nn.bias_add(tf.nn.conv2d(x, kernel, stride, padding), bias))


def _depthwise(rng: np.random.Generator, channels: int, multiplier: int, stride: int, padding: str) -> Step:
    import tensorflow as tf

    kernel = _weights(rng, *_sides(rng), channels, multiplier)
    return lambda x: tf.nn.relu6(tf.nn.depthwise_conv2d(x, kernel, [1, stride, stride, 1], padding))


def _mean(x: Any) -> Any:
    import tensorflow as tf

    return tf.reduce_mean(x, [1, 2])


def _dense(rng: np.random.Generator, inputs: int, outputs: int) -> Step:
    weights, bias = _weights(rng, inputs, outputs), _weights(rng, outputs)
    return lambda x: x @ weights + bias


def _rows(rng: np.random.Generator, inputs: int, outputs: int) -> Step:
    """A dense layer at every pixel by itself: it has the last axis for its inputs."""
    import tensorflow as tf

    weights = _weights(rng, inputs, outputs)
    return lambda x: tf.tensordot(x, weights, 1)


def _size(rng: np.random.Generator) -> int:
    return int(rng.integers(5, 12))


def _all_kinds(rng: np.random.Generator, channels: int) -> list[Step]:
    filters = _size(rng)
    return [
        _convolution(rng, channels, filters, 2, "VALID"),
        _depthwise(rng, filters, 1, 1, "SAME"),
        _mean,
        _dense(rng, filters, _size(rng)),
    ]


def _two_convolutions(rng: np.random.Generator, channels: int) -> list[Step]:
    between, last = int(rng.integers(5, 8)), int(rng.integers(8, 12))
    return [_convolution(rng, channels, between, 3, "SAME"), _convolution(rng, between, last, 1, "VALID")]


def _multiplied(rng: np.random.Generator, channels: int) -> list[Step]:
    return [
        _depthwise(rng, channels, MULTIPLIER, 2, "VALID"),
        _convolution(rng, MULTIPLIER * channels, _size(rng), 1, "SAME"),
    ]


def _dense_layers(rng: np.random.Generator, channels: int) -> list[Step]:
    between = _size(rng)
    return [_mean, _dense(rng, channels, between), lambda x: abs(x), _dense(rng, between, _size(rng))]


def _in_rows(rng: np.random.Generator, channels: int) -> list[Step]:
    return [_rows(rng, channels, _size(rng))]


def _neither(_: np.random.Generator, __: int) -> list[Step]:
    return [lambda x: x * x + x, _mean]


def _file(plan: Plan, batch: int | None = 1, quantization: str = "none") -> Make:
    """A file of a net of these steps, for images that are no squares."""

    def make(rng: np.random.Generator) -> bytes:
        import tensorflow as tf

        side = int(rng.integers(13, 18))  # the other is longer by more than a stride, so that no output is a square
        height, width = (int(each) for each in rng.permutation([side, side + rng.integers(4, 8)]))
        channels = int(rng.integers(3, 5))
        steps = plan(rng, channels)

        def net(image: Any) -> Any:
            for step in steps:
                image = step(image)
            return image

        shape = (height, width, channels)
        traced = tf.function(net, autograph=False).get_concrete_function(tf.TensorSpec([batch, *shape], name="image"))
        samples = [rng.normal(0, 1, (batch or 1, *shape)).astype(np.float32) for _ in range(4)]
        converter = tf.lite.TFLiteConverter.from_concrete_functions([traced])
        dataset = (lambda: ([sample] for sample in samples)) if quantization in CALIBRATED else None
        configure(converter, Settings(quantization), dataset)
        return converter.convert()

    return make


FILES: dict[str, Make] = {
    "all kinds": _file(_all_kinds),
    "convolutions": _file(_two_convolutions),
    "multiplied": _file(_multiplied),
    "dense": _file(_dense_layers),
    "rows": _file(_in_rows),
    "three": _file(_all_kinds, batch=3),
    "free": _file(_all_kinds, batch=None),
    "integer": _file(_all_kinds, quantization="integer"),
    "float16": _file(_two_convolutions, quantization="float16"),
    "neither": _file(_neither),
}

delivered = Shelf({name: (None, make) for name, make in FILES.items()}).delivered
