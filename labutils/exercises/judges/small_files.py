"""Tiny .tflite files for checks, made anew each time: a convolution, an activation, a mean, a dense layer.

TensorFlow is imported only inside the functions; a conversion takes a tenth of a second.
"""

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from labutils.tflite.converter import CALIBRATED, Settings, configure

WEIGHTS = 1024  # the converter leaves smaller tensors alone where it quantizes weights only
Ends = tuple[str, str]


def small_file(
    rng: np.random.Generator,
    quantization: str = "none",
    ends: Ends = ("float32", "float32"),
    activation: str = "relu",
    classes: bool = False,
) -> bytes:
    """A file of random sizes and weights. quantization: as in `labs convert`. ends: dtypes of input and output.

    activation: a function of tf.math or tf.nn. classes: whether it returns the index of the largest score.
    """
    shape = tuple(int(size) for size in rng.integers((5, 5, 1), (9, 9, 4)))
    images = rng.normal(0, 1, (8, 1, *shape)).astype(np.float32)
    return calibrated_file(rng, shape, lambda: ([image] for image in images), quantization, ends, activation, classes)


def calibrated_file(
    rng: np.random.Generator,
    shape: tuple[int, ...],
    dataset: Callable[[], Iterable[Any]],
    quantization: str = "integer",
    ends: Ends = ("float32", "float32"),
    activation: str = "relu",
    classes: bool = False,
) -> bytes:
    """As `small_file`, for images of a shape (height, width, channels) and a representative dataset.

    What the dataset raises comes out, as does what the converter raises about it.
    """
    import tensorflow as tf

    specification = tf.TensorSpec([1, *shape], tf.float32, name="image")
    net = tf.function(_net(rng, shape[-1], activation, classes), autograph=False)
    converter = tf.lite.TFLiteConverter.from_concrete_functions([net.get_concrete_function(specification)])
    configure(converter, Settings(quantization), dataset if quantization in CALIBRATED else None)
    converter.inference_input_type, converter.inference_output_type = map(tf.as_dtype, ends)
    return converter.convert()


def _net(rng: np.random.Generator, channels: int, activation: str, classes: bool) -> Callable[[Any], Any]:
    import tensorflow as tf

    filters = -(-WEIGHTS // (9 * channels)) + int(rng.integers(1, 9))
    kernel = tf.constant(rng.normal(0, 0.3, (3, 3, channels, filters)).astype(np.float32))
    dense = tf.constant(rng.normal(0, 0.3, (filters, int(rng.integers(2, 8)))).astype(np.float32))
    between = getattr(tf.math, activation, None) or getattr(tf.nn, activation)

    def net(image: Any) -> Any:
        scores = tf.reduce_mean(between(tf.nn.conv2d(image, kernel, 1, "VALID")), [1, 2]) @ dense
        return tf.argmax(scores, 1) if classes else scores

    return net
