"""Judges how a picture's bytes become a model's: real = low + pixel / 255 (high - low), and that is stored."""

from collections.abc import Callable
from typing import Any

import numpy as np

from labutils.exercises.attempt import kind
from labutils.exercises.compare import Arguments, Misconception, Trial, array_form, element_differs
from labutils.exercises.exercise import NotYet

WHITE = 255
CLEAR = 0.05  # how far a number has to be from the middle of two stored ones: float32 must not decide

Numbers = np.ndarray


def _pictures(rng: np.random.Generator) -> list[Arguments]:
    """Three pictures: for a file that holds more than black to white, for one that holds less, and low, high as ints.

    No pixel lies near the middle of two stored numbers; each picture has pixels near black and near white.
    """
    low, high = -rng.uniform(0.3, 2, 2), rng.uniform(0.4, 3, 2)
    wide = _settings(float(low[0]), float(high[0]), rng.uniform(1.1, 1.5, 2))
    narrow = _settings(float(low[1]), float(high[1]), rng.uniform(0.5, 0.75, 2))
    signed = _settings(-1, 1, rng.uniform(0.6, 0.85, 2))
    return [(_picture(rng, *settings), *settings) for settings in (wide, narrow, signed)]


def _settings(low: float, high: float, shares: np.ndarray) -> tuple[float, float, float, int]:
    """low, high, scale and zero point of a file that holds these shares of what lies below and above 0."""
    least, most = low * shares[0], high * shares[1]
    scale = float(most - least) / 255
    return low, high, scale, round(-least / scale)


def _picture(rng: np.random.Generator, low: float, high: float, scale: float, zero_point: int) -> Numbers:
    """A uint8 picture (1, side, side, channels)."""
    every = np.arange(WHITE + 1)
    off = (low + every / WHITE * (high - low)) / scale + zero_point
    clear = every[np.abs(off % 1 - 0.5) > CLEAR]
    shape = (1, *[int(rng.integers(5, 9))] * 2, int(rng.choice([1, 3])))
    pixels = rng.choice(clear, shape).astype(np.uint8)
    ends = (clear[0], clear[1], clear[-2], clear[-1])
    pixels.flat[rng.permutation(pixels.size)[: len(ends)]] = ends
    return pixels


def _cast(numbers: Numbers) -> Numbers:
    """As a cast does: the fraction is cut off, and what does not fit wraps round."""
    return np.trunc(numbers).astype(np.int64).astype(np.uint8)


def _clip(numbers: Numbers) -> Numbers:
    return _cast(np.clip(np.round(numbers), 0, 255))


def _real(pixels: Numbers, low: float, high: float) -> Numbers:
    return low + pixels / WHITE * (high - low)


def _by_real(real: Callable[[Numbers, float, float], Numbers]) -> Callable[..., Numbers]:
    """The answer of who reckons the real numbers in this way, and all else rightly."""
    return lambda pixels, low, high, scale, zero_point: _clip(real(pixels, low, high) / scale + zero_point)


def _by_step(step: Callable[[Numbers, float, int], Numbers], end: Callable[[Numbers], Numbers] = _clip) -> Any:
    """The answer of who goes from the right real numbers to stored ones by this step, and ends in that way."""
    return lambda pixels, low, high, scale, zero_point: end(step(_real(pixels, low, high), scale, zero_point))


def _steps(real: Numbers, scale: float, zero_point: int) -> Numbers:
    return real / scale + zero_point


def _in_bytes(pixels: Numbers, low: float, high: float) -> Numbers:
    """Where low and high are whole numbers, numpy multiplies bytes by them as bytes."""
    span = high - low
    return low + (pixels * np.uint8(span) if isinstance(span, int) else pixels * span) / WHITE


right = _by_real(_real)

_NO_CLIP = (
    "It does not clip: what lies below 0 or above 255 wraps round to the other end. Use `np.clip` before the cast."
)
_CUT_OFF = "It cuts the fraction off instead of rounding to the nearest: use `np.round` before the cast."
_NO_SCALE = (
    "It leaves scale and zero point out, so that hardly anything but 0 and 1 goes into the file: the model sees a "
    "black sheet."
)

_WRONG = (
    Misconception(_by_step(_steps, lambda x: _cast(np.round(x))), _NO_CLIP),
    Misconception(_by_step(_steps, _cast), f"{_CUT_OFF} And it does not clip: what is out of range wraps round."),
    Misconception(_by_step(_steps, lambda x: _cast(np.clip(x, 0, 255))), _CUT_OFF),
    Misconception(_by_step(lambda *given: np.ceil(_steps(*given))), "It rounds up: to the nearest, by `np.round`."),
    Misconception(
        _by_real(lambda pixels, low, high: pixels / WHITE),
        "It takes black for 0 and white for 1: this model was trained with `low` and `high`, as its card says.",
    ),
    Misconception(
        _by_real(lambda pixels, low, high: pixels / 127.5 - 1),
        "It takes black for -1 and white for 1: this model was trained with `low` and `high`, as its card says.",
    ),
    Misconception(
        lambda pixels, *_: pixels,
        "It hands the bytes over as they are: that is right only for a scale and a zero point that happen to lead back "
        "to them.",
    ),
    Misconception(
        _by_real(lambda pixels, low, high: pixels),
        "It takes the bytes for the real numbers: black is `low` and white is `high`, so map 0 to 255 there first.",
    ),
    Misconception(
        _by_real(lambda pixels, low, high: low + pixels.astype(float) * (high - low)),
        "It does not divide by 255: a pixel's share of white is `pixels / 255`.",
    ),
    Misconception(
        _by_real(lambda pixels, low, high: low + pixels / 256 * (high - low)),
        "It divides by 256, so that white does not become `high`: 255 is white.",
    ),
    Misconception(
        _by_real(lambda pixels, low, high: high + pixels / WHITE * (low - high)),
        "It shows the negative: `low` is black, which is 0, and `high` is white, which is 255.",
    ),
    Misconception(
        _by_real(lambda pixels, low, high: pixels / WHITE * (high - low)),
        "It forgets to add `low`: the darkest pixel becomes 0.0 instead of `low`.",
    ),
    Misconception(
        _by_real(lambda pixels, low, high: pixels / WHITE * high),
        "It forgets `low`: black becomes 0.0. Go from `low` to `high`.",
    ),
    Misconception(
        _by_real(lambda pixels, low, high: low + pixels / WHITE * high),
        "White becomes `low + high`: the way from black to white is `high - low`.",
    ),
    Misconception(
        _by_real(_in_bytes),
        "It multiplies bytes, and where `low` and `high` are whole numbers the product wraps round at 256: divide by "
        "255 first.",
    ),
    Misconception(_by_step(lambda real, *_: real), _NO_SCALE),
    Misconception(_by_step(lambda real, *_: real, _cast), _NO_SCALE),
    Misconception(_by_step(lambda real, scale, zero: real / scale), "The zero point is missing: add it in the end."),
    Misconception(
        _by_step(lambda real, scale, zero: real / scale - zero), "It subtracts the zero point: storing adds it."
    ),
    Misconception(
        _by_step(lambda real, scale, zero: (real - zero) * scale),
        "That is the way back, from stored to real numbers: divide by the scale, and add the zero point.",
    ),
    Misconception(
        _by_step(lambda real, scale, zero: real * scale + zero),
        "It multiplies by the scale, which is the way back: storing divides by it.",
    ),
    Misconception(
        _by_step(lambda real, scale, zero: (real + zero) / scale),
        "It adds the zero point before the division: divide by the scale first.",
    ),
    Misconception(
        _by_step(_steps, lambda x: _cast(np.clip(np.round(x), -128, 127))),
        "It clips to -128 to 127, as for int8: uint8 holds 0 to 255.",
    ),
)


def _uint8_form(found: Any, arguments: Arguments) -> None:
    array_form(found, arguments[0].shape)
    if found.dtype == np.int8:
        raise NotYet("It returns int8, which holds -128 to 127: uint8, from 0 to 255, is asked.")
    if found.dtype.kind == "f":
        raise NotYet(
            f"It returns {found.dtype}: round, clip, and end with `.astype(np.uint8)`. LiteRT.js would take floats for "
            "another input than the file has."
        )
    if found.dtype != np.uint8:
        raise NotYet(f"It returns {kind(found)}: uint8 is asked, so end with `.astype(np.uint8)`.")


def _differs(arguments: Arguments, found: Numbers, expected: Numbers) -> str:
    pixels, low, high, scale, zero_point = arguments
    settings = f"low {low:.3g}, high {high:.3g}, scale {scale:.3g} and zero point {zero_point}"
    return element_differs(pixels, found, expected, settings)


to_stored = Trial(draw=_pictures, right=right, wrong=_WRONG, same=np.array_equal, form=_uint8_form, differs=_differs)
