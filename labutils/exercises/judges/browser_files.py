"""Files for a browser to take or to refuse: with one fault, with several, or with none, of random sizes and weights.

TensorFlow is imported only inside the functions; a conversion takes a few hundredths of a second.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from labutils.exercises.judges.selecting import BUILTIN, NEITHER, SELECT, to_file
from labutils.exercises.judges.small_files import small_file
from labutils.exercises.judges.sorting import Shelf
from labutils.tflite.converter import Settings, configure

FREE_SIZE, DTYPE, OPERATOR, RUNS = ANSWERS = ("free size", "dtype", "operator", None)
FLOAT32, UINT8, INT8, INT16 = "float32", "uint8", "int8", "int16"
FULL = "full_integer"
FLEX = "FlexErf"  # the name of an input: found in the bytes, it means nothing

Make = Callable[[np.random.Generator], bytes]


def _quantized(quantization: str = FULL, *ends: str, classes: bool = False) -> Make:
    """A file for one image. ends: dtypes of input and output, float32 where they are not given."""
    return lambda rng: small_file(rng, quantization, ends or (FLOAT32, FLOAT32), classes=classes)  # type: ignore[arg-type]


def _image(free: int, ends: str = "") -> Make:
    """A file for an image of which one axis is free. ends: dtype of a full integer file; without it, it is float."""

    def make(rng: np.random.Generator) -> bytes:
        import tensorflow as tf

        height, width, channels, filters, scores = (int(n) for n in rng.integers((4, 4, 1, 8, 3), (9, 9, 4, 40, 9)))
        shape: list[int | None] = [1, height, width, channels]
        samples = [rng.normal(0, 1, shape).astype(np.float32) for _ in range(4)]
        kernel = tf.constant(rng.normal(0, 0.3, (3, 3, channels, filters)).astype(np.float32))
        dense = tf.constant(rng.normal(0, 0.3, (filters, scores)).astype(np.float32))
        shape[free] = None

        def net(image: Any) -> Any:
            return tf.reduce_mean(tf.nn.relu(tf.nn.conv2d(image, kernel, 1, "SAME")), [1, 2]) @ dense

        asked = tf.function(net, autograph=False).get_concrete_function(tf.TensorSpec(shape, tf.float32, name="image"))
        converter = tf.lite.TFLiteConverter.from_concrete_functions([asked])
        if ends:
            configure(converter, Settings(FULL, ends, ends), lambda: ([sample] for sample in samples))
        return converter.convert()

    return make


def _values(
    takes: str = FLOAT32,
    gives: str = FLOAT32,
    rows: int | None = 1,
    between: dict[str, str] | None = None,
    looped: dict[str, str] | None = None,
    second: str = "",
    rows_of_second: int | None = 1,
    classes: bool = False,
    called: str = "values",
) -> Make:
    """A float file for a few numbers, of two dense layers.

    takes, gives: dtypes at its ends. rows: None for a free batch. between: operators of which one stands between the
    layers, looped: of which one is computed in a loop, whose body is a graph of its own. second: dtype of a second
    input, which is added to the scores. classes: whether there is a second output, the largest score's index as int64.
    called: the first input's name.
    """

    def make(rng: np.random.Generator) -> bytes:
        import tensorflow as tf

        width, hidden, scores = (int(size) for size in rng.integers((5, 20, 3), (40, 120, 9)))
        first, last = (tf.constant(rng.normal(0, 0.2, shape).astype(np.float32))
                       for shape in ((width, hidden), (hidden, scores)))  # fmt: skip
        own, inner = (_one_of(rng, pool) for pool in (between, looped))

        def net(values: Any, *more: Any) -> Any:
            x = inner(tf.nn.relu(tf.cast(values, tf.float32) @ first), True)
            x = own(x, False) @ last
            x = x + tf.cast(more[0], tf.float32) if more else x
            found = tf.cast(x, gives)
            return {"scores": found, "winner": tf.argmax(x, 1)} if classes else found

        asked = [tf.TensorSpec([rows, width], takes, name=called)]
        if second:
            asked.append(tf.TensorSpec([rows_of_second, scores], second, name="offset"))
        return to_file(tf.function(net, autograph=False, input_signature=asked), select=True, custom=True)

    return make


def _one_of(rng: np.random.Generator, pool: dict[str, str] | None) -> Callable[[Any, bool], Any]:
    """A function that computes an operator of the pool, in a loop or as it is; nothing without a pool."""
    if not pool:
        return lambda x, _: x
    name = pool[str(rng.choice(list(pool)))]

    def compute(x: Any, in_a_loop: bool) -> Any:
        import tensorflow as tf

        step = getattr(tf.math, name)
        if not in_a_loop:
            return step(x)
        return tf.while_loop(lambda n, _: n < 3, lambda n, y: (n + 1, step(y)), [tf.constant(0), x])[1]

    return compute


# What the answer is, and how a file of that kind is made.
KINDS: dict[str, tuple[str | None, Make]] = {
    "float": (RUNS, _values()),
    "uint8": (RUNS, _quantized(FULL, UINT8, UINT8)),
    "uint8 in": (RUNS, _quantized(FULL, UINT8, FLOAT32)),
    "uint8 out": (RUNS, _quantized(FULL, FLOAT32, UINT8)),
    "dynamic range": (RUNS, _quantized("dynamic_range")),
    "integer": (RUNS, _quantized("integer")),
    "three rows": (RUNS, _values(rows=3)),
    "two inputs": (RUNS, _values(second=UINT8)),
    "looped": (RUNS, _values(looped=BUILTIN)),
    "called Flex": (RUNS, _values(between=BUILTIN, called=FLEX)),
    "free batch": (FREE_SIZE, _values(rows=None)),
    "free height": (FREE_SIZE, _image(1)),
    "free second": (FREE_SIZE, _values(second=FLOAT32, rows_of_second=None)),
    "free, uint8": (FREE_SIZE, _image(0, UINT8)),
    "free and int8": (FREE_SIZE, _image(0, INT8)),
    "free and Flex": (FREE_SIZE, _values(rows=None, between=SELECT)),
    "free, int32 and Flex": (FREE_SIZE, _values("int32", rows=None, between=SELECT)),
    "int8": (DTYPE, _quantized(FULL, INT8, INT8)),
    "int8 in": (DTYPE, _quantized(FULL, INT8, FLOAT32)),
    "int8 out": (DTYPE, _quantized(FULL, FLOAT32, INT8)),
    "int16": (DTYPE, _quantized("int16x8", INT16, INT16)),
    "int32 in": (DTYPE, _values("int32")),
    "bool in": (DTYPE, _values("bool")),
    "float64 in": (DTYPE, _values("float64")),
    "float16 out": (DTYPE, _values(gives="float16")),
    "classes": (DTYPE, _quantized(FULL, UINT8, UINT8, classes=True)),
    "second in": (DTYPE, _values(second="int32")),
    "second out": (DTYPE, _values(classes=True)),
    "int32 and Flex": (DTYPE, _values("int32", between=SELECT)),
    "second out and Flex": (DTYPE, _values(classes=True, between=SELECT)),
    "Flex": (OPERATOR, _values(between=SELECT)),
    "Flex, uint8": (OPERATOR, _values(UINT8, UINT8, between=SELECT)),
    "custom": (OPERATOR, _values(between=NEITHER)),
    "Flex in a loop": (OPERATOR, _values(looped=SELECT)),
}

delivered = Shelf(KINDS).delivered
