"""Judges the bound of the roofline: on operators that compute, or their memory, or both, hold up."""

from collections.abc import Callable
from typing import Any

import numpy as np

from labutils.exercises.attempt import kind, show
from labutils.exercises.compare import Arguments, Misconception, Trial, close
from labutils.exercises.exercise import NotYet

COMPUTE, MEMORY = "compute", "memory"
Answer = tuple[float, str]


def _operators(rng: np.random.Generator) -> list[Arguments]:
    """Two that compute bounds, two that memory bounds, one of both: there a power of two makes both times equal.

    The peak has more operations a second than the bandwidth has bytes, or fewer; so has the operator.
    """
    calls: list[Arguments] = []
    for share in (rng.uniform(1.1, 1.8), rng.uniform(4, 30), 1 / rng.uniform(1.1, 1.8), 1 / rng.uniform(4, 30)):
        peak, bandwidth = (int(size) for size in rng.uniform((3e9, 2e9), (9e11, 9e10)))
        memory = rng.uniform(2e-5, 8e-3)
        calls.append((int(share * memory * peak), int(memory * bandwidth), peak, bandwidth))
    # Of the two devices below, one computes fewer operations than it moves bytes, the other meets few of them.
    calls.append((int(rng.uniform(2e5, 4e5)), int(rng.uniform(6e5, 9e5)), int(rng.uniform(2e8, 4e8)), 2_000_000_000))
    calls.append((int(rng.uniform(6e6, 9e6)), int(rng.uniform(2e6, 4e6)), 900_000_000_000, 8_000_000_000))
    rates = [1000 * int(size) for size in rng.choice(np.arange(3, 900), 2, replace=False)]
    return [*calls, (*(rate << 12 for rate in rates), *(rate << 22 for rate in rates))]


def _times(work: float, moved: float, peak: float, bandwidth: float) -> tuple[float, float]:
    """How long it computes and how long it moves bytes, in milliseconds."""
    return 1000 * work / peak, 1000 * moved / bandwidth


def _bound(work: float, moved: float, peak: float, bandwidth: float) -> str:
    compute, memory = _times(work, moved, peak, bandwidth)
    return COMPUTE if compute >= memory else MEMORY


def _timed(time: Callable[[float, float], float], factor: float = 1) -> Callable[..., Answer]:
    """The answer of who makes the time so from both, and names the bound rightly."""
    return lambda *call: (factor * time(*_times(*call)), _bound(*call))


def _right(*call: float) -> Answer:
    return max(_times(*call)), _bound(*call)


def _only(place: int, name: str) -> Callable[..., Answer]:
    return lambda *call: (_times(*call)[place], name)


def _shorter(*call: float) -> Answer:
    """The answer of who takes the shorter time throughout."""
    compute, memory = _times(*call)
    return min(compute, memory), COMPUTE if compute <= memory else MEMORY


_WRONG = (
    Misconception(
        _timed(lambda c, m: c + m),
        "It adds the two times: computing and moving go on at once, so the longer one counts.",
    ),
    Misconception(_timed(min), "It gives the shorter time: the operator is done when both are, so the longer counts."),
    Misconception(_shorter, "It takes the shorter time, and names it: what takes longer is what bounds."),
    Misconception(_timed(max, 1e-3), "It gives seconds: milliseconds are asked, a thousand times as many."),
    Misconception(_timed(max, 1e3), "It gives microseconds: milliseconds are asked."),
    Misconception(_timed(max, 1e-6), "It divides the seconds by 1000: a second has 1000 milliseconds."),
    Misconception(
        lambda *call: (_right(*call)[0], MEMORY if _right(*call)[1] == COMPUTE else COMPUTE),
        "The time is right, the name is that of the other: what takes longer is what bounds.",
    ),
    Misconception(
        lambda *call: (_right(*call)[0], COMPUTE if _times(*call)[0] > _times(*call)[1] else MEMORY),
        'Where both take equally long it says "memory": "compute" is asked.',
    ),
    Misconception(_only(0, COMPUTE), "It looks at computing alone: the bytes have to be moved as well."),
    Misconception(_only(1, MEMORY), "It looks at memory alone: the multiply-adds have to be done as well."),
    Misconception(
        lambda *call: (_right(*call)[0], COMPUTE), 'The time is right, but it says "compute" of every operator.'
    ),
    Misconception(
        lambda *call: (_right(*call)[0], MEMORY), 'The time is right, but it says "memory" of every operator.'
    ),
    Misconception(
        lambda w, b, p, q: _right(2 * w, b, p, q),
        "It counts two operations for a multiply-add: `peak` is in multiply-adds a second already.",
    ),
    Misconception(
        lambda w, b, p, q: _right(w, 4 * b, p, q), "It counts four bytes for each: `moved_bytes` are bytes already."
    ),
    Misconception(
        lambda w, b, p, q: _right(w, 8 * b, p, q), "It counts in bits: bytes and bytes a second go together."
    ),
    Misconception(
        lambda w, b, p, q: (1000 * max(p / w, q / b), COMPUTE if p / w >= q / b else MEMORY),
        "It divides the wrong way round: the time is the work, divided by the work a second.",
    ),
    Misconception(
        lambda w, b, p, q: (1000 * max(p / w, q / b), _bound(w, b, p, q)),
        "It names the bound rightly and divides the wrong way round: the time is the work, divided by the work a "
        "second.",
    ),
    Misconception(
        lambda w, b, p, q: (1000 * max(w * p, b * q), COMPUTE if w * p >= b * q else MEMORY),
        "It multiplies: the time is the work, divided by the work a second.",
    ),
    Misconception(
        lambda w, b, p, q: (max(1000 * w / q, 1000 * b / p), COMPUTE if w / q >= b / p else MEMORY),
        "It divides the multiply-adds by the bandwidth, and the bytes by the peak: it is the other way round.",
    ),
    Misconception(
        lambda w, b, p, q: (min(p, w / b * q), _bound(w, b, p, q)),
        "It gives the multiply-adds a second that can be had, as the roofline is drawn: the time is asked.",
    ),
    Misconception(
        lambda w, b, p, q: (w / b, _bound(w, b, p, q)),
        "It gives the multiply-adds per byte: they tell what bounds, but the time is asked.",
    ),
    Misconception(
        lambda w, b, p, q: (_right(w, b, p, q)[0], COMPUTE if w >= b else MEMORY),
        "It compares multiply-adds with bytes: how many of each the device does in a second decides as well.",
    ),
    Misconception(
        lambda w, b, p, q: (_right(w, b, p, q)[0], COMPUTE if p <= q else MEMORY),
        "It compares peak with bandwidth: how much of each the operator needs decides as well.",
    ),
    Misconception(_timed(lambda c, m: (c + m) / 2), "It gives the mean of the two times: the longer one counts."),
)


def _form(found: Any, _: Arguments) -> None:
    """Refuses what is no pair of a time and a name."""
    asked = '(milliseconds, "compute" or "memory")'
    if found is None:
        raise NotYet("It returns nothing: does it end with `return`?")
    if not isinstance(found, (tuple, list)) or len(found) != 2:
        raise NotYet(f"It returns {_what(found)}: return a pair, {asked}.")
    time, bound = found
    if isinstance(time, str) and not isinstance(bound, str):
        raise NotYet(f"Its pair is the other way round: {asked}.")
    if isinstance(time, (bool, np.bool_)) or not isinstance(time, (int, float, np.integer, np.floating)):
        raise NotYet(f"The first of its pair is {kind(time)}: that is the time, a number.")
    if not isinstance(bound, str) or bound not in (COMPUTE, MEMORY):
        raise NotYet(f'The second of its pair is {show(bound, 40)}: "compute" or "memory" is asked.')


def _what(found: Any) -> str:
    return f"{len(found)} values" if isinstance(found, (tuple, list)) else kind(found)


def _differs(arguments: Arguments, found: Answer, expected: Answer) -> str:
    work, moved, peak, bandwidth = arguments
    given, right = (f'{float(time):.4g} ms and "{bound}"' for time, bound in (found, expected))
    return (
        f"For {work:,} multiply-adds and {moved:,} bytes, with {peak:,} and {bandwidth:,} a second, it gives {given}; "
        f"{right} is right."
    )


attainable = Trial(
    draw=_operators,
    right=_right,
    wrong=_WRONG,
    same=lambda found, expected: close(float(found[0]), float(expected[0])) and found[1] == expected[1],
    form=_form,
    differs=_differs,
)
