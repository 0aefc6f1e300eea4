"""Judges what is reckoned about the bytes of an integer file. Source: the schema, where a scale is a float32 and a zero
point an int64; that kernel and bias have both for every channel, tests/exercises/test_facts.py reads in real files.
"""

from collections.abc import Callable

import numpy as np

from labutils.exercises.compare import Arguments, Misconception, Trial, number_form

BIAS, SCALE, ZERO_POINT = 4, 4, 8  # bytes of a number

Shape = tuple[int, int, int, int]  # of a kernel, as Keras has it: height, width, inputs, outputs


def _shapes(rng: np.random.Generator) -> list[Arguments]:
    """Lists of one to five kernels, not all square. In one list two are the same; one has a single output."""
    calls = []
    for count in (1, 3, 4):
        shapes = [_shape(rng) for _ in range(count)]
        if count == 3:
            shapes[1] = (*shapes[1][:3], 1)
        if count == 4:
            shapes.append(shapes[int(rng.integers(count))])
        calls.append((shapes,))
    return calls


def _shape(rng: np.random.Generator) -> Shape:
    height, width = (int(size) for size in rng.choice([1, 3, 5, 7], size=2, replace=False))
    inputs, outputs = (int(size) for size in rng.choice(np.arange(3, 90), size=2, replace=False))
    return height, width, inputs, outputs


def _weights(shape: Shape) -> int:
    return int(np.prod(shape))


def _bytes(shape: Shape, each: int = 1, channel: int = BIAS + 2 * (SCALE + ZERO_POINT)) -> int:
    """each: bytes of a weight. channel: of all that an output channel has besides."""
    return _weights(shape) * each + shape[3] * channel


def _summed(layer: Callable[[Shape], float]) -> Callable[[list[Shape]], float]:
    return lambda shapes: sum(layer(shape) for shape in shapes)


def _channel(count: int, sentence: str) -> Misconception:
    """The idea that an output channel has so many bytes besides its weights."""
    return Misconception(_summed(lambda shape: _bytes(shape, channel=count)), sentence)


_RIGHT = _summed(_bytes)
_AGAIN = "a bias is a tensor with a scale and a zero point for every channel, as the kernel is"

_WRONG = (
    _channel(
        BIAS, "The scales and zero points are missing: where a channel has fewer than 24 weights, they outweigh these."
    ),
    _channel(
        BIAS + SCALE + ZERO_POINT,
        f"The scales and zero points are counted once for every channel: {_AGAIN}, so they count twice.",
    ),
    Misconception(
        _summed(_weights), "Only the weights are counted: what about the biases, the scales and the zero points?"
    ),
    _channel(2 * (SCALE + ZERO_POINT), "The biases are missing: one number for every output channel, an int32."),
    _channel(
        1 + 2 * (SCALE + ZERO_POINT), "It has one byte for a bias: a bias stays a wide integer, int32, of 4 bytes."
    ),
    _channel(
        BIAS + 2 * SCALE,  # the same as no bias at all: 12 bytes either way
        "It has 12 bytes for an output channel besides its weights, which is too few: is each zero point there, with "
        "8 bytes, and the bias, with a scale and a zero point of its own?",
    ),
    _channel(BIAS + 2 * (SCALE + 4), "It has 4 bytes for a zero point: the file keeps it as an int64, in 8 bytes."),
    _channel(
        BIAS + 2 * (SCALE + 1),
        "It has one byte for a zero point: its value would fit, but the file keeps it as an int64, in 8 bytes.",
    ),
    Misconception(
        _summed(lambda shape: _bytes(shape, channel=BIAS) + 2 * (SCALE + ZERO_POINT)),
        "It has one scale and one zero point for a whole tensor: these are quantized per channel, so there is one of "
        "each for every output channel.",
    ),
    Misconception(
        _summed(lambda shape: _bytes(shape, channel=BIAS) + SCALE + ZERO_POINT),
        "It has a single scale and zero point for a layer: per channel means one of each for every output channel, "
        f"and {_AGAIN}.",
    ),
    Misconception(
        _summed(lambda shape: _bytes(shape, channel=BIAS) + 2 * (SCALE + ZERO_POINT) * shape[2]),
        "The scales go by the input channels: they belong to the outputs, the last number of a shape.",
    ),
    Misconception(
        _summed(lambda shape: _bytes(shape, each=4)),
        "It has 4 bytes for a weight, as in the float file: an int8 weight takes one.",
    ),
    Misconception(
        _summed(lambda shape: _bytes(shape, each=4, channel=4)),
        "That is the float file, 4 bytes for every number: here a weight has one byte, and every channel has scales.",
    ),
    Misconception(lambda shapes: 8 * _RIGHT(shapes), "That is in bits: bytes are asked, an eighth of it."),
    Misconception(lambda shapes: _RIGHT(shapes) / 1000, "That is in kilobytes: bytes are asked."),
    Misconception(lambda shapes: _RIGHT(shapes) / 1024, "That is in units of 1,024 bytes: bytes are asked."),
    Misconception(
        _summed(lambda shape: _bytes(shape) - _weights(shape) + _weights(shape[:3])),
        "The weights leave the outputs out: a kernel has `height * width * inputs` weights for *every* output.",
    ),
    Misconception(
        _summed(lambda shape: _bytes((shape[0], *shape[:1], *shape[2:]))),
        "It takes every kernel for a square: height and width are two numbers.",
    ),
    Misconception(
        lambda shapes: _RIGHT(list(set(shapes))),
        "It counts layers of the same shape once: each has weights of its own. Is there a set, `{...}`, or a "
        "dictionary by shape?",
    ),
    Misconception(lambda shapes: _bytes(shapes[0]), "It counts the first layer only: does it return in the loop?"),
    Misconception(lambda shapes: _bytes(shapes[-1]), "It counts the last layer only: does it add them up?"),
)


def _differs(arguments: Arguments, found: float, expected: float) -> str:
    shapes = arguments[0]
    what = f"one layer, {shapes[0]}" if len(shapes) == 1 else f"the {len(shapes)} layers {shapes}"
    return f"For {what}, it gives {float(found):.10g}; {expected} is right."


integer_bytes = Trial(
    draw=_shapes,
    right=_RIGHT,
    wrong=_WRONG,
    same=lambda found, expected: bool(np.isclose(float(found), float(expected), rtol=1e-9)),
    form=number_form,
    differs=_differs,
)
