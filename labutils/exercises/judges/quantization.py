"""Judges quantizing and dequantizing by hand. Source: real = scale * (stored - zero point), LiteRT's 8-bit spec."""

from typing import Any

import numpy as np

from labutils.exercises.attempt import kind
from labutils.exercises.compare import Arguments, Misconception, Trial, array_form, element_differs
from labutils.exercises.exercise import NotYet

LOW, HIGH = -128, 127


def _settings(rng: np.random.Generator) -> tuple[float, int]:
    """A scale as models have them, and a zero point well away from 0."""
    return float(rng.uniform(0.02, 0.2)), int(rng.choice([-1, 1]) * rng.integers(10, 60))


def _reals(rng: np.random.Generator) -> list[Arguments]:
    """Real numbers that fit, then numbers of which some do not. None lies near the middle of two stored ones."""
    calls = []
    for reach in (0, 200):
        scale, zero_point = _settings(rng)
        shape = tuple(int(size) for size in rng.integers(3, 7, size=int(rng.integers(2, 4))))
        stored = rng.integers(LOW + 2 - reach, HIGH - 1 + reach, shape)
        stored.flat[:3] = (LOW + 2 - reach, 0, HIGH - 2 + reach)
        off = rng.choice([-1, 1], shape) * rng.uniform(0.1, 0.4, shape)
        calls.append((((stored + off - zero_point) * scale).astype(np.float32), scale, zero_point))
    return calls


def _wrap(numbers: np.ndarray) -> np.ndarray:
    return np.trunc(numbers).astype(np.int64).astype(np.int8)


def _clip(numbers: np.ndarray) -> np.ndarray:
    return _wrap(np.clip(numbers, LOW, HIGH))


_BY_HALVES = "Adding a half and cutting off is rounding for positive numbers only: use `np.round`."
_CUT_OFF = "It cuts the fraction off instead of rounding to the nearest: use `np.round` before the cast."
_NO_CLIP = "It does not clip: numbers beyond -128 or 127 wrap round to the other end. Use `np.clip` before the cast."
_CLIP_EARLY = "It clips before it adds the zero point, which can leave the range again: clip last."

_WRONG_QUANTIZE = (
    Misconception(lambda r, s, z: _wrap(np.round(r / s + z)), _NO_CLIP),
    Misconception(
        lambda r, s, z: _wrap(r / s + z), f"{_CUT_OFF} And it does not clip: numbers out of range wrap round."
    ),
    Misconception(lambda r, s, z: _clip(r / s + z), _CUT_OFF),
    Misconception(lambda r, s, z: _clip(np.floor(r / s + z)), _CUT_OFF),
    Misconception(lambda r, s, z: _clip(np.ceil(r / s + z)), "It rounds up instead of to the nearest: use `np.round`."),
    Misconception(lambda r, s, z: _clip(r / s + z + 0.5), _BY_HALVES),
    Misconception(lambda r, s, z: _clip(np.round(r / s)), "The zero point is missing: add it after the division."),
    Misconception(lambda r, s, z: _clip(np.round(r / s - z)), "It subtracts the zero point: quantizing adds it."),
    Misconception(lambda r, s, z: _clip(np.round(r * s + z)), "It multiplies by the scale: quantizing divides by it."),
    Misconception(
        lambda r, s, z: _clip(np.round((r + z) / s)), "It adds the zero point before the division: divide first."
    ),
    Misconception(lambda r, s, z: _wrap(_clip(np.round(r / s)).astype(np.int64) + z), _CLIP_EARLY),
    Misconception(
        lambda r, s, z: _wrap(np.clip(np.round(r / s + z), 0, 255)),
        "It clips to 0 to 255, as for uint8: int8 holds -128 to 127.",
    ),
    Misconception(
        lambda r, s, z: _wrap(np.clip(np.round(r / s + z), 0, HIGH)),
        "It clips at 0: int8 holds negative numbers, from -128 on.",
    ),
    Misconception(
        lambda r, s, z: _wrap(np.clip(np.round(r / s + z), LOW + 1, HIGH)), "It clips at -127: int8 goes down to -128."
    ),
    Misconception(
        lambda r, s, z: _wrap(np.clip(np.round(r / s + z), LOW, HIGH + 1)),
        "It clips at 128, which int8 cannot hold: 127 is its largest.",
    ),
)


def _int8_form(found: Any, arguments: Arguments) -> None:
    array_form(found, arguments[0].shape)
    if found.dtype == np.uint8:
        raise NotYet("It returns uint8, which holds 0 to 255: int8, from -128 to 127, is asked.")
    if found.dtype != np.int8:
        raise NotYet(f"It returns {kind(found)}: int8 is asked, so end with `.astype(np.int8)`.")


quantize = Trial(
    draw=_reals,
    right=lambda real, scale, zero_point: _clip(np.round(real.astype(np.float64) / scale + zero_point)),
    wrong=_WRONG_QUANTIZE,
    same=np.array_equal,
    form=_int8_form,
    differs=lambda arguments, found, expected: element_differs(
        arguments[0], found, expected, f"scale {arguments[1]:.3g} and zero point {arguments[2]}"
    ),
)


def _stored(rng: np.random.Generator) -> list[Arguments]:
    """Two arrays int8 that reach both ends, with a positive and a negative zero point."""
    calls = []
    for sign in (1, -1):
        scale, zero_point = _settings(rng)
        shape = tuple(int(size) for size in rng.integers(3, 7, size=int(rng.integers(2, 4))))
        stored = rng.integers(LOW, HIGH + 1, shape).astype(np.int8)
        stored.flat[:3] = (LOW, 0, HIGH)
        calls.append((stored, scale, sign * abs(zero_point)))
    return calls


def _real(numbers: np.ndarray) -> np.ndarray:
    return numbers.astype(np.float32)


_OVERFLOW = (
    "The subtraction is done in int8 and wraps round at -128 and 127: make the stored numbers float32 first, "
    "`stored.astype(np.float32)`."
)

_WRONG_DEQUANTIZE = (
    Misconception(lambda q, s, z: _real(s * _wrap(q.astype(np.int64) - z)), _OVERFLOW),
    Misconception(lambda q, s, z: _real(s * (_real(q) + z)), "It adds the zero point: dequantizing subtracts it."),
    Misconception(
        lambda q, s, z: _real(s * _wrap(q.astype(np.int64) + z)),
        "It adds the zero point, and in int8, which wraps round.",
    ),
    Misconception(lambda q, s, z: _real((_real(q) - z) / s), "It divides by the scale: dequantizing multiplies by it."),
    Misconception(lambda q, s, z: _real(s * _real(q)), "The zero point is missing: subtract it first."),
    Misconception(
        lambda q, s, z: _real(s * _real(q) - z), "It multiplies before it subtracts the zero point: subtract first."
    ),
    Misconception(lambda q, s, z: _real(s * (z - _real(q))), "It subtracts the stored number from the zero point."),
    Misconception(
        lambda q, s, z: np.trunc(s * (_real(q) - z)),
        "It cuts off the fraction: real numbers are asked, not whole ones.",
    ),
    Misconception(lambda q, s, z: np.round(s * (_real(q) - z)), "It rounds to whole numbers: real numbers are asked."),
    Misconception(lambda q, s, z: _real(_real(q) - z), "The scale is missing: multiply by it."),
)


def _float32_form(found: Any, arguments: Arguments) -> None:
    array_form(found, arguments[0].shape)
    if found.dtype.kind in "iub":
        raise NotYet(f"It returns whole numbers, {found.dtype}: real numbers are asked, as float32.")
    if found.dtype != np.float32:
        raise NotYet(f"It returns {kind(found)}: float32 is asked, so end with `.astype(np.float32)`.")


def _nearly(found: np.ndarray, expected: np.ndarray) -> bool:
    return bool(np.allclose(found, expected, rtol=1e-4, atol=1e-5))


dequantize = Trial(
    draw=_stored,
    right=lambda stored, scale, zero_point: _real(scale * (stored.astype(np.float64) - zero_point)),
    wrong=_WRONG_DEQUANTIZE,
    same=_nearly,
    form=_float32_form,
    differs=lambda arguments, found, expected: element_differs(
        arguments[0], found, expected, f"scale {arguments[1]:.3g} and zero point {arguments[2]}"
    ),
)
