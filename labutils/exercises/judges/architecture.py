"""Judges what is reckoned about a net's layers: weights, multiply-adds, bytes in the file."""

import math
from collections.abc import Iterable
from typing import Any

import numpy as np

from labutils.exercises.attempt import show
from labutils.exercises.compare import Arguments, Misconception, Trial, number_form
from labutils.exercises.exercise import NotYet

Shape = tuple[int, ...]


def _same_count(found: Any, expected: Any) -> bool:
    return bool(np.isclose(float(found), float(expected), rtol=1e-9))


def _layers(rng: np.random.Generator) -> list[Arguments]:
    """Three layers: kernel 3, 5, 7 or 9 pixels wide, different numbers of input and output channels."""
    kernels = rng.choice([3, 5, 7, 9], size=3, replace=False)
    return [(int(kernel), *map(int, rng.choice(np.arange(10, 200), size=2, replace=False))) for kernel in kernels]


_WRONG = (
    Misconception(
        lambda k, i, o: k * k * i * o,
        "That is a standard convolution, where each output has a kernel for each input: a separable one does it in two "
        "steps.",
    ),
    Misconception(
        lambda k, i, o: k * k * i,
        "Only the depthwise step is counted: the pointwise one mixes the channels, with `inputs * outputs` weights.",
    ),
    Misconception(
        lambda k, i, o: i * o,
        "Only the pointwise step is counted: before it, every input channel has a kernel of its own.",
    ),
    Misconception(
        lambda k, i, o: k * k * i * i * o, "It multiplies the two steps: each has weights of its own, so add them."
    ),
    Misconception(
        lambda k, i, o: k * k * i + i * o + o, "It counts a bias for every output: here there are no biases."
    ),
    Misconception(
        lambda k, i, o: k * k * i + i + i * o + o, "It counts biases in both steps: here there are no biases."
    ),
    Misconception(
        lambda k, i, o: k * k * o + i * o,
        "It has a kernel for every output: the depthwise step comes first, so it has one for every input.",
    ),
    Misconception(
        lambda k, i, o: k * i + i * o,
        "The kernel counts once only: it is a square, `kernel` pixels wide and as many high.",
    ),
    Misconception(
        lambda k, i, o: 2 * k * i + i * o, "It doubles the kernel: squared is `kernel * kernel`, or `kernel**2`."
    ),
    Misconception(
        lambda k, i, o: k * k + i * o,
        "It has one kernel for all channels: in the depthwise step every input channel has its own.",
    ),
    Misconception(
        lambda k, i, o: k * k * i + o,
        "The pointwise step is short of weights: every output takes from every input, which is `inputs * outputs`.",
    ),
    Misconception(
        lambda k, i, o: k * k * i + k * k * i * o,
        "Its pointwise step has the whole kernel: pointwise means a kernel of 1 by 1.",
    ),
    Misconception(
        lambda k, i, o: 1 / o + 1 / (k * k),
        "That is the share of a standard convolution's weights: the number itself is asked.",
    ),
)

separable_parameters = Trial(
    draw=_layers,
    right=lambda kernel, inputs, outputs: kernel * kernel * inputs + inputs * outputs,
    wrong=_WRONG,
    same=_same_count,
    form=number_form,
    differs=lambda arguments, found, expected: (
        f"For a kernel of {arguments[0]}, {arguments[1]} inputs and {arguments[2]} outputs it gives "
        f"{float(found):.10g}; {expected} is right."
    ),
)


def _convolutions(rng: np.random.Generator) -> list[Arguments]:
    """Convolutions of stride 2, 3 and 1, on images that are no squares and whose sides the stride does not divide."""
    calls = []
    for stride in (2, 3, 1):
        sides = stride * rng.choice(np.arange(10, 60), size=2, replace=False)
        sides += rng.integers(1, stride, size=2) if stride > 1 else 0
        channels = rng.choice(np.arange(10, 200), size=2, replace=False)
        calls.append((*map(int, sides), int(rng.choice([3, 5, 7])), *map(int, channels), stride))
    return calls


def _up(size: int, stride: int) -> int:
    """The side of the output with "same" padding."""
    return -(-size // stride)


def _pixels(height: int, width: int, stride: int) -> int:
    return _up(height, stride) * _up(width, stride)


_WRONG_MULTIPLY_ADDS = (
    Misconception(
        lambda h, w, k, i, o, s: (h // s) * (w // s) * k * k * i * o,
        'It rounds the sides of the output down: with "same" padding they are rounded up, 15 pixels make 8.',
    ),
    Misconception(
        lambda h, w, k, i, o, s: round(h / s) * round(w / s) * k * k * i * o,
        'It rounds the sides of the output to the nearest: with "same" padding they are rounded up.',
    ),
    Misconception(
        lambda h, w, k, i, o, s: h / s * (w / s) * k * k * i * o,
        "It does not round the sides of the output: an image has whole pixels, so round up.",
    ),
    Misconception(
        lambda h, w, k, i, o, s: _up(h * w, s * s) * k * k * i * o,
        "It rounds once, after multiplying the sides: round each side up by itself.",
    ),
    Misconception(
        lambda h, w, k, i, o, s: h * w // (s * s) * k * k * i * o,
        "It divides the number of pixels, and rounds down: round each side up by itself, then multiply.",
    ),
    Misconception(
        lambda h, w, k, i, o, s: h * w * k * k * i * o,
        "It leaves the stride out, and counts the pixels of the input: the kernel is used once for every pixel of the "
        "output.",
    ),
    Misconception(
        lambda h, w, k, i, o, s: _up(h * w, s) * k * k * i * o,
        "It divides the number of pixels by the stride once: the kernel skips rows and columns, so both sides shrink.",
    ),
    Misconception(
        lambda h, w, k, i, o, s: _up(h, s) * w * k * k * i * o,
        "Only the height shrinks by the stride: the width does as well.",
    ),
    Misconception(
        lambda h, w, k, i, o, s: h * _up(w, s) * k * k * i * o,
        "Only the width shrinks by the stride: the height does as well.",
    ),
    Misconception(
        lambda h, w, k, i, o, s: _up(h, s) ** 2 * k * k * i * o,
        "It takes the height for both sides: an image need not be a square.",
    ),
    Misconception(
        lambda h, w, k, i, o, s: _pixels(h - k + 1, w - k + 1, s) * k * k * i * o,
        'That is "valid" padding, where the kernel stays inside the image: with "same" its middle reaches the edge.',
    ),
    Misconception(
        lambda h, w, k, i, o, s: _pixels(h, w, s) * k * k * i,
        "That is a depthwise convolution, or one of a single output: here every output has a kernel for each input.",
    ),
    Misconception(
        lambda h, w, k, i, o, s: _pixels(h, w, s) * k * k * o,
        "It leaves the inputs out: every output has a kernel for each of them.",
    ),
    Misconception(
        lambda h, w, k, i, o, s: _pixels(h, w, s) * i * o,
        "It leaves the kernel out, as if it were 1 by 1: it has `kernel * kernel` numbers.",
    ),
    Misconception(
        lambda h, w, k, i, o, s: _pixels(h, w, s) * (k * k * i + i * o),
        "That is a depthwise separable convolution: a standard one looks around and mixes in a single step.",
    ),
    Misconception(
        lambda h, w, k, i, o, s: _pixels(h, w, s) * k * i * o,
        "The kernel counts once only: it is a square, so `kernel * kernel`.",
    ),
    Misconception(
        lambda h, w, k, i, o, s: k * k * i * o,
        "That is the number of weights: each of them is used once for every pixel of the output.",
    ),
    Misconception(
        lambda h, w, k, i, o, s: 2 * _pixels(h, w, s) * k * k * i * o,
        "It counts multiplications and additions apart: one of each together is one multiply-add.",
    ),
    Misconception(
        lambda h, w, k, i, o, s: _pixels(h, w, s) * (k * k * i + 1) * o,
        "It counts the bias: to add it takes no multiplication.",
    ),
)

multiply_adds = Trial(
    draw=_convolutions,
    right=lambda height, width, kernel, inputs, outputs, stride: (
        _pixels(height, width, stride) * kernel * kernel * inputs * outputs
    ),
    wrong=_WRONG_MULTIPLY_ADDS,
    same=_same_count,
    form=number_form,
    differs=lambda arguments, found, expected: (
        "For {} by {} pixels, a kernel of {}, {} inputs, {} outputs and a stride of {} it gives ".format(*arguments)
        + f"{float(found):.12g}; {expected} is right."
    ),
)


def _shapes(rng: np.random.Generator) -> list[Arguments]:
    """The weights of two nets, in any order, shapes that occur twice and scalars among them; then no weights."""
    calls: list[Arguments] = []
    for scalars in (2, 0):
        first, second, third, fourth = map(int, rng.choice(np.arange(3, 40), size=4, replace=False))
        kernel = int(rng.choice([3, 5, 7]))
        shapes: list[Shape] = [(kernel, kernel, first, second), (second,), (second,), (third, fourth), (fourth,)]
        shapes += [()] * scalars
        calls.append(([shapes[place] for place in rng.permutation(len(shapes))],))
    return [*calls, ([],)]


def _numbers(shapes: Iterable[Shape]) -> int:
    return sum(map(math.prod, shapes))


def _bytes_form(found: Any, arguments: Arguments) -> None:
    if found is None and not arguments[0]:
        raise NotYet(
            "For an empty list it returns nothing, and 0 is right: does its `return` stand inside the loop? It belongs "
            "behind it."
        )
    number_form(found, arguments)


_WRONG_WEIGHT_BYTES = (
    Misconception(_numbers, "It counts the numbers: each of them, a float32, takes 4 bytes."),
    Misconception(lambda s: 2 * _numbers(s), "It counts 2 bytes a number, as for float16: a float32 takes 4."),
    Misconception(lambda s: 8 * _numbers(s), "It counts 8 bytes a number, as for float64: a float32 takes 4."),
    Misconception(lambda s: 32 * _numbers(s), "It counts bits: a float32 has 32 of them, which are 4 bytes."),
    Misconception(lambda s: 4 * _numbers(s) / 1000, "It gives kilobytes: bytes are asked."),
    Misconception(lambda s: 4 * _numbers(s) / 1024, "It gives kilobytes of 1024 bytes: bytes are asked."),
    Misconception(
        lambda s: 4 * _numbers(shape for shape in s if shape),
        "It counts a scalar as nothing: the shape `()` has no sizes, and holds one number. `math.prod(())` is 1.",
    ),
    Misconception(
        lambda s: 4 * _numbers(shape for shape in s if len(shape) > 1),
        "It counts kernels only: biases, with one size, and scalars are weights, too.",
    ),
    Misconception(
        lambda s: 4 * sum(map(sum, s)), "It adds the sizes of a shape: multiply them, 3 rows of 5 are 15 numbers."
    ),
    Misconception(
        lambda s: 4 * math.prod(map(math.prod, s)),
        "It multiplies the weights with one another: multiply the sizes within a shape, and add up the shapes.",
    ),
    Misconception(
        lambda s: 4 * sum(shape[0] if shape else 1 for shape in s),
        "It takes the first size of each shape only: all its sizes are multiplied.",
    ),
    Misconception(lambda s: 4 * len(s), "It counts 4 bytes for each shape: they are for each number in it."),
    Misconception(
        lambda s: 4 * sum(map(len, s)), "It counts how many sizes a shape has: multiply the sizes themselves."
    ),
    Misconception(
        lambda s: 4 * _numbers(set(s)), "It counts equal shapes once: two weights may well have the same shape."
    ),
    Misconception(lambda s: 4 * _numbers(s[:1]), "It counts the first shape only: go through all of them."),
    Misconception(lambda s: 4 * _numbers(s[-1:]), "It counts the last shape only: add up all of them."),
    Misconception(
        lambda s: 4 * max(map(math.prod, s), default=0), "It counts the largest weights only: add up all of them."
    ),
)

weight_bytes = Trial(
    draw=_shapes,
    right=lambda shapes: 4 * _numbers(shapes),
    wrong=_WRONG_WEIGHT_BYTES,
    same=_same_count,
    form=_bytes_form,
    differs=lambda arguments, found, expected: (
        f"For {show(arguments[0], 160)} it gives {float(found):.10g}; {expected} is right."
    ),
)
