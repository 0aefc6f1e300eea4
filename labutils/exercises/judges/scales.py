"""Judges scales and zero points that a learner reckons. Source: the 8-bit quantization specification of LiteRT."""

from typing import Any

import numpy as np

from labutils.exercises.attempt import kind, show
from labutils.exercises.compare import Arguments, Misconception, Trial, close
from labutils.exercises.exercise import NotYet

LOW, HIGH = -128, 127
ROUND_OFF = 1e-4  # of a scale: what float32 may change, and a sixtieth of what 256 for 255 does

Pair = tuple[float, float]


def _ranges(rng: np.random.Generator) -> list[Arguments]:
    """Three ranges that hold 0, one above it, one below; no zero point near the middle of two whole numbers."""
    calls: list[Arguments] = []
    while len(calls) < 3:
        low, high = -rng.uniform(0.3, 8), rng.uniform(0.3, 8)
        off = (LOW - low * 255 / (high - low)) % 1
        if 0.1 < off < 0.4 or 0.6 < off < 0.9:
            calls.append((float(low), float(high)))
    near, far = rng.uniform(0.5, 2), rng.uniform(2.5, 6)
    return [*calls, (float(near), float(far)), (-float(far), -float(near))]


def _widened(low: float, high: float) -> Pair:
    return min(low, 0.0), max(high, 0.0)


def _zero_point(low: float, scale: float) -> int:
    return int(np.clip(round(LOW - low / scale), LOW, HIGH))


def _right_pair(low: float, high: float) -> Pair:
    low, high = _widened(low, high)
    scale = (high - low) / 255
    return scale, _zero_point(low, scale)


def _by(steps: float, low: float, high: float) -> Pair:
    """As it is right, but with another number of steps."""
    low, high = _widened(low, high)
    scale = (high - low) / steps
    return scale, _zero_point(low, scale)


def _raw(low: float, high: float) -> Pair:
    scale = (high - low) / 255
    return scale, round(LOW - low / scale)


def _symmetric(low: float, high: float) -> Pair:
    return max(abs(low), abs(high)) / 127, 0


def _with_zero_point(low: float, high: float, way: Any) -> Pair:
    """The right scale, and the zero point by another way: a function of the widened low and the scale."""
    scale = _right_pair(low, high)[0]
    return scale, way(_widened(low, high)[0] / scale)


_WIDEN = "The range is not widened to hold 0: for a range on one side of 0 begin with `min(low, 0)` and `max(high, 0)`."

_WRONG_PAIR = (
    Misconception(lambda low, high: _by(256, low, high), "It divides by 256: 256 numbers have 255 steps between them."),
    Misconception(lambda low, high: _by(254, low, high), "It divides by 254, as for -127 to 127: int8 begins at -128."),
    Misconception(lambda low, high: _by(127, low, high), "It divides by 127: the range has all 255 steps to itself."),
    Misconception(_raw, f"{_WIDEN} Without it the zero point leaves int8."),
    Misconception(lambda low, high: (_raw(low, high)[0], int(np.clip(_raw(low, high)[1], LOW, HIGH))), _WIDEN),
    Misconception(
        _symmetric, "That is symmetric quantization, as for weights: here `low` has its own end, -128, and `high` 127."
    ),
    Misconception(
        lambda low, high: _with_zero_point(low, high, lambda steps: round(-steps)),
        "The zero point is that of uint8, which counts from 0: int8 counts from -128, so that comes to it.",
    ),
    Misconception(
        lambda low, high: _with_zero_point(low, high, lambda steps: round(LOW + steps)),
        "The zero point has a sign wrong: `low` is stored as -128, so 0.0 lies `-low / scale` above that.",
    ),
    Misconception(
        lambda low, high: _with_zero_point(low, high, lambda steps: round(128 + steps)),
        "The zero point has its sign wrong all through: `low` is to be stored as -128, not `high`.",
    ),
    Misconception(
        lambda low, high: _with_zero_point(low, high, lambda steps: int(LOW - steps)),
        "`int` cuts the fraction off: round the zero point to the nearest whole number first.",
    ),
    Misconception(
        lambda low, high: _with_zero_point(low, high, lambda steps: int((LOW - steps) // 1)),
        "The zero point is rounded down: round it to the nearest whole number.",
    ),
    Misconception(
        lambda low, high: _with_zero_point(low, high, lambda steps: 0),
        "The zero point is 0 for every range: it is the stored number that 0.0 gets.",
    ),
    Misconception(
        lambda low, high: _with_zero_point(low, high, lambda steps: LOW),
        "The zero point is -128 for every range: that is right only where `low` is 0.",
    ),
    Misconception(
        lambda low, high: (1 / _right_pair(low, high)[0], _right_pair(low, high)[1]),
        "The scale is upside down: it is the width of one step, in real units.",
    ),
    Misconception(
        lambda low, high: (max(high, 0.0) / 255, _zero_point(min(low, 0.0), _right_pair(low, high)[0])),
        "The scale leaves `low` out: the range goes from `low` to `high`.",
    ),
)


def _pair_form(found: Any, _: Arguments) -> None:
    if found is None:
        raise NotYet("It returns nothing: does it end with `return scale, zero_point`?")
    if not isinstance(found, (tuple, list)) or len(found) != 2:
        raise NotYet(f"It returns {kind(found)}: return two numbers, `return scale, zero_point`.")
    scale, zero_point = (each.item() if isinstance(each, np.generic) else each for each in found)
    if isinstance(scale, int) and isinstance(zero_point, float) and not zero_point.is_integer():
        raise NotYet(f"The two seem to have changed places, {show(found)}: return the scale first.")
    if isinstance(scale, bool) or not isinstance(scale, (int, float)):
        raise NotYet(f"The scale is {kind(scale)}: it is a real number, a `float`.")
    if isinstance(zero_point, float):
        raise NotYet(f"The zero point is {zero_point:.6g}, a float: it is a stored number, so round it to an `int`.")
    if isinstance(zero_point, bool) or not isinstance(zero_point, int):
        raise NotYet(f"The zero point is {kind(zero_point)}: it is a whole number, an `int`.")


def _pair_differs(arguments: Arguments, found: Any, expected: Pair) -> str:
    low, high = arguments
    outside = "" if low <= 0 <= high else " This range does not hold 0, and is widened until it does."
    return (
        f"For {low:.4g} to {high:.4g} it gives the scale {float(found[0]):.5g} and the zero point {found[1]}; "
        f"{expected[0]:.5g} and {expected[1]} are right.{outside}"
    )


scale_and_zero_point = Trial(
    draw=_ranges,
    right=_right_pair,
    wrong=_WRONG_PAIR,
    same=lambda found, expected: close(found[0], expected[0]) and found[1] == expected[1],
    form=_pair_form,
    differs=_pair_differs,
)

Channels = tuple[np.ndarray, np.ndarray]  # stored numbers, scales


def _kernels(rng: np.random.Generator) -> list[Arguments]:
    """Two kernels of which all sizes differ, and whose channels differ up to a hundredfold; one channel is all zeros.

    No weight lies near the middle of two stored numbers. In the first channel a negative weight is the largest.
    """
    calls = []
    for _ in range(2):
        shape = (*(int(size) for size in rng.permutation(np.arange(2, 6))[:3]), int(rng.integers(6, 9)))
        stored = rng.integers(-125, 126, shape)
        off = rng.choice([-1, 1], shape) * rng.uniform(0.1, 0.4, shape)
        scales = 10 ** rng.permutation(np.linspace(-3, -1, shape[3]))
        weights = (stored + off) * scales
        weights[0, 0, 0] = 127 * scales * rng.choice([-1, 1], shape[3])
        weights[0, 0, 0, 0] = -127 * scales[0]
        weights[..., int(rng.choice(np.setdiff1d(np.arange(1, shape[3]), scales.argmax())))] = 0
        calls.append((weights.astype(np.float32),))
    return calls


def _stored(weights: np.ndarray, scales: np.ndarray, how: Any = np.round) -> Channels:
    """Weights by these scales, one a channel, as int8; what does not fit wraps round, as a cast does."""
    with np.errstate(all="ignore"):
        stored = np.nan_to_num(how(weights.astype(np.float64) / scales)).astype(np.int64).astype(np.int8)
    return stored, np.broadcast_to(scales, weights.shape[3:]).astype(np.float32)


def _largest(weights: np.ndarray) -> np.ndarray:
    """max|w| of every output channel; 127 for a channel of zeros, whose scale is then 1."""
    largest = np.abs(weights).max((0, 1, 2)).astype(np.float64)
    return np.where(largest > 0, largest, 127)


def _clipped(steps: np.ndarray) -> np.ndarray:
    return np.clip(np.round(steps), LOW, HIGH)


_ZEROS = (
    "A channel of zeros gets the scale 0, and dividing by it gives no number: give such a channel any scale above 0, "
    "1 for example."
)

_WRONG_CHANNELS = (
    Misconception(
        lambda w: _stored(w, np.abs(w).max() / 127),
        "One scale serves all channels: the weights of small channels fall on a few stored numbers. Take the maximum "
        "over the axes 0, 1 and 2.",
    ),
    Misconception(lambda w: _stored(w, np.abs(w).max((0, 1, 2)) / 127), _ZEROS),
    Misconception(
        lambda w: _stored(w, _largest(w) / 128),
        "It divides by 128, and 128 does not fit int8: the largest weight wraps round to -128. Symmetric is -127 to "
        "127.",
    ),
    Misconception(
        lambda w: _stored(w, _largest(w) / 128, _clipped),
        "It divides by 128: then the largest weight does not fit and is clipped. Symmetric is -127 to 127.",
    ),
    Misconception(
        lambda w: _stored(w, np.ptp(w, (0, 1, 2)) / 255 + (np.ptp(w, (0, 1, 2)) == 0), _clipped),
        "It divides each channel's width by 255, as for asymmetric numbers: symmetric ones need max|w| / 127.",
    ),
    Misconception(
        lambda w: _stored(w, np.where(w.max((0, 1, 2)) > 0, w.max((0, 1, 2)), 127) / 127, _clipped),
        "It takes the largest weight, not the largest absolute value: negative weights beyond it are clipped.",
    ),
    Misconception(
        lambda w: _stored(w, _largest(w) / 127, np.trunc),
        "The cast to int8 cuts the fraction off: `np.round` first.",
    ),
    Misconception(lambda w: _stored(w, _largest(w) / 127, np.floor), "It rounds down: `np.round` takes the nearest."),
    Misconception(
        lambda w: (_stored(w, _largest(w) / 127)[0], (127 / _largest(w)).astype(np.float32)),
        "The scales are upside down: a scale is what one step is worth, max|w| / 127.",
    ),
    Misconception(
        lambda w: (_stored(w, _largest(w) / 127)[0], _largest(w).astype(np.float32)),
        "It returns the largest weights instead of the scales: divide them by 127.",
    ),
    Misconception(
        lambda w: (_stored(w, np.abs(w).max() / 127)[0], (_largest(w) / 127).astype(np.float32)),
        "The scales are right, but the weights are stored by one scale for all channels.",
    ),
)


def _channels_form(found: Any, arguments: Arguments) -> None:
    shape = arguments[0].shape
    if found is None:
        raise NotYet("It returns nothing: does it end with `return stored, scales`?")
    if not isinstance(found, (tuple, list)) or len(found) != 2:
        raise NotYet(f"It returns {kind(found)}: return two arrays, `return stored, scales`.")
    stored, scales = found
    if not isinstance(stored, np.ndarray) or stored.shape != shape:
        raise NotYet(f"The first is {kind(stored)}: the stored numbers, of shape {shape}, are asked.")
    if stored.dtype != np.int8:
        raise NotYet(f"The stored numbers are {stored.dtype}: int8 is asked, so end with `.astype(np.int8)`.")
    _scales_form(scales, shape)


def _scales_form(scales: Any, shape: tuple[int, ...]) -> None:
    size = np.shape(scales) if isinstance(scales, (np.ndarray, np.generic, float)) else None
    if size == ():
        raise NotYet("The scale is one number for the whole kernel: one for each output channel is asked.")
    if size == shape[2:3]:
        raise NotYet(f"There are {shape[2]} scales, one for each input channel: the output channels are the last axis.")
    if size in (shape[:1], shape[1:2]):
        raise NotYet(f"There are {size[0]} scales, one for each row or column of the kernel: the last axis counts.")
    if size == (1, 1, 1, shape[3]):
        raise NotYet(f"The scales have the shape {size}: return them as ({shape[3]},), with `.reshape(-1)`.")
    if not isinstance(scales, np.ndarray) or size != shape[3:]:
        raise NotYet(f"The scales are {kind(scales)}: a float32 array of shape {shape[3:]} is asked.")
    if scales.dtype != np.float32:
        raise NotYet(f"The scales are {scales.dtype}: a file holds them as float32, so `.astype(np.float32)`.")


def _same_channels(found: Channels, expected: Channels) -> bool:
    """Whether both are the same, but that a channel of zeros may have any scale above 0.

    The largest weight of a channel comes to 127.0 or, in float32, just below: whoever cuts off may get 126.
    """
    off = np.abs(found[0].astype(int) - expected[0])
    zeros = (expected[0] == 0).all((0, 1, 2))
    near = np.isclose(found[1], expected[1], rtol=ROUND_OFF, atol=0)
    free = zeros & np.isfinite(found[1]) & (found[1] > 0) & (expected[1] > 0)
    return bool((off <= (np.abs(expected[0].astype(int)) >= 126)).all() and (near | free).all())


def _differ(arguments: Arguments, found: Channels, expected: Channels) -> str:
    held = expected[0].any((0, 1, 2))
    if np.allclose(found[1][held], expected[1][held] * 254 / 255, rtol=ROUND_OFF, atol=0):
        # No Misconception: the largest weight comes to 127.5, and round-off decides what it is stored as.
        return "It spreads 255 steps from -max to max, which puts 0.0 between two of them: divide max|w| by 127."
    scales = ~np.isclose(found[1], expected[1], rtol=ROUND_OFF, atol=0) & held
    channel = int((scales | (found[0] != expected[0]).any((0, 1, 2))).argmax())
    at = (*np.unravel_index(int((found[0] != expected[0])[..., channel].argmax()), found[0].shape[:3]), channel)
    return (
        f"In channel {channel}, where the largest |w| is {np.abs(arguments[0][..., channel]).max():.4g}, the scale is "
        f"{found[1][channel]:.4g} ({expected[1][channel]:.4g} is right), and {arguments[0][at]:.4g} is stored as "
        f"{found[0][at]} ({expected[0][at]} is right)."
    )


per_channel = Trial(
    draw=_kernels,
    right=lambda weights: _stored(weights, _largest(weights) / 127),
    wrong=_WRONG_CHANNELS,
    same=_same_channels,
    form=_channels_form,
    differs=_differ,
)
