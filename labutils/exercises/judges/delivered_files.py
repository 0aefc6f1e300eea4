"""Files to be diagnosed, with one fault, with two, or with none, of random sizes and weights.

TensorFlow is imported only inside the functions; a conversion takes a tenth of a second.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from labutils.exercises.judges.integers import NO_INTEGER_KERNEL
from labutils.exercises.judges.small_files import small_file
from labutils.exercises.judges.sorting import Shelf
from labutils.tflite.converter import Settings, configure

NO_WEIGHTS, FREE_SIZE, FLOAT_INSIDE, FINE = ANSWERS = ("no weights", "free size", "float inside", "fine")
INT8, UINT8, FLOAT32 = "int8", "uint8", "float32"
FULL = "full_integer"
SECOND = "ReadVariableOp"  # the name of a second input: found in the bytes, it means nothing

Make = Callable[[np.random.Generator], bytes]


def _plain(**settings: Any) -> Make:
    """A file with one input and fixed sizes. settings: the arguments of small_file."""
    return lambda rng: small_file(rng, **settings)


def _inside(rng: np.random.Generator) -> bytes:
    """A file with int8 at its ends and an operator between them that stays float."""
    return small_file(rng, FULL, (INT8, INT8), str(rng.choice(NO_INTEGER_KERNEL)))


def _two_inputs(free: dict[str, int], quantization: str = FULL) -> Make:
    """A file with two inputs, an image and numbers that are added to the scores. free: an axis by name of an input.

    The sizes are fixed but for these axes. The convolution pads, so that an image of one pixel will do. The second
    input is called as tensors of files without weights are.
    """

    def make(rng: np.random.Generator) -> bytes:
        import tensorflow as tf

        sizes = rng.integers((4, 4, 1, 8, 3), (9, 9, 4, 40, 9))
        height, width, channels, filters, scores = (int(size) for size in sizes)
        shapes = {"image": [1, height, width, channels], SECOND: [1, scores]}
        samples = [[rng.normal(0, 1, shape).astype(np.float32) for shape in shapes.values()] for _ in range(4)]
        kernel = tf.constant(rng.normal(0, 0.3, (3, 3, channels, filters)).astype(np.float32))
        dense = tf.constant(rng.normal(0, 0.3, (filters, scores)).astype(np.float32))
        for name, axis in free.items():
            shapes[name][axis] = None

        def net(image: Any, offset: Any) -> Any:
            return tf.reduce_mean(tf.nn.relu(tf.nn.conv2d(image, kernel, 1, "SAME")), [1, 2]) @ dense + offset

        asked = [tf.TensorSpec(shape, tf.float32, name=name) for name, shape in shapes.items()]
        traced = tf.function(net, autograph=False).get_concrete_function(*asked)
        converter = tf.lite.TFLiteConverter.from_concrete_functions([traced])
        configure(converter, Settings(quantization), (lambda: iter(samples)) if quantization == FULL else None)
        if quantization == FULL:
            converter.inference_input_type = converter.inference_output_type = tf.int8
        return converter.convert()

    return make


def _without_weights(batch: int | None) -> Make:
    """A file by the silent route of Keras 3, which leaves the weights out.

    Everything has a name and starts at zero, so that a check moves neither Keras's counters nor its random numbers. The
    layers are many: else such files, without their weights, would be known by their size.
    """

    def make(rng: np.random.Generator) -> bytes:
        import keras
        import tensorflow as tf

        widths = rng.integers(3, 30, int(rng.integers(4, 8)))
        layers: list[Any] = [keras.Input((int(widths[0]),), name="x")]
        for number, width in enumerate(widths[1:], 1):
            layers.append(keras.layers.Dense(int(width), kernel_initializer="zeros", name=f"dense_{number}"))
        model = keras.Sequential(layers, name="fresh")
        asked = tf.TensorSpec([batch, int(widths[0])], tf.float32, name="x")
        traced = tf.function(lambda x: model(x), autograph=False).get_concrete_function(asked)
        return tf.lite.TFLiteConverter.from_concrete_functions([traced], model).convert()

    return make


# What the answer is, and how a file of that kind is made.
KINDS: dict[str, tuple[str, Make]] = {
    "int8": (FINE, _plain(quantization=FULL, ends=(INT8, INT8))),
    "uint8": (FINE, _plain(quantization=FULL, ends=(UINT8, UINT8))),
    "classes": (FINE, _plain(quantization=FULL, ends=(INT8, INT8), classes=True)),
    "two inputs": (FINE, _two_inputs({})),
    "float": (FLOAT_INSIDE, _plain()),
    "dynamic range": (FLOAT_INSIDE, _plain(quantization="dynamic_range")),
    "float ends": (FLOAT_INSIDE, _plain(quantization="integer")),
    "float output": (FLOAT_INSIDE, _plain(quantization=FULL, ends=(INT8, FLOAT32))),
    "an operator": (FLOAT_INSIDE, _inside),
    "another operator": (FLOAT_INSIDE, _inside),
    "free batch": (FREE_SIZE, _two_inputs({"image": 0, SECOND: 0})),
    "free height": (FREE_SIZE, _two_inputs({"image": 1})),
    "free second": (FREE_SIZE, _two_inputs({SECOND: 0})),
    "free and float": (FREE_SIZE, _two_inputs({"image": 0}, "none")),
    "no weights": (NO_WEIGHTS, _without_weights(1)),
    "no weights, free": (NO_WEIGHTS, _without_weights(None)),
}

delivered = Shelf(KINDS).delivered
