"""Axes: in which unit, on which scale, with which places marked."""

import math
import textwrap
from collections.abc import Sequence

from matplotlib.axes import Axes

from labutils.report.words import BYTES, SHARE

NEAREST = 0.11  # of the axis: marks closer than that would run into each other
MOST_MARKS = 7
MOST_NAMES = 14  # set aslant; of more, every second or third is marked
TURNED = 34  # letters of all categories together, from which on they are set aslant


def factor(unit: str, largest: float) -> tuple[float, str]:
    """What values of the unit are multiplied by on an axis, and the axis' name.

    >>> factor("share", 1.0), factor("bytes", 1654780.0), factor("ms", 3.0), factor("", 3.0)
    ((100, '%'), (0.001, 'kB'), (1, 'ms'), (1, 'value'))
    """
    if unit == SHARE:
        return 100, "%"
    if unit in BYTES:
        return (1e-6, "MB") if largest >= 1e7 else (1e-3, "kB") if largest >= 1e4 else (1, "bytes")
    return 1, unit or "value"


def decades(values: Sequence[float], times: float) -> bool:
    """Whether positive values span so many times their least one: on a logarithmic scale they are told apart.

    >>> decades([0.001, 0.01, 0.1], 30), decades([50, 800], 30), decades([0, 100], 30)
    (True, False, False)
    """
    return min(values) > 0 and max(values) / min(values) >= times


def geometric(values: Sequence[float]) -> bool:
    """Whether a parameter's values were chosen by factors: their logarithms lie more evenly than they do.

    >>> geometric([0.003, 0.01, 0.03]), geometric(range(1, 11)), geometric([1, 100]), geometric([0, 1, 10])
    (True, False, True, False)
    """
    if len(values) < 3 or not decades(values, 8):
        return decades(values, 30)

    def uneven(places: list[float]) -> float:
        gaps = [b - a for a, b in zip(places, places[1:], strict=False)]
        return max(gaps) / min(gaps)

    values = sorted(values)
    return uneven([math.log(value) for value in values]) < uneven(values)


def ticks(values: Sequence[float], logarithmic: bool) -> list[float]:
    """The values themselves as marks, where they are few and stand apart; else none.

    >>> ticks([50, 200, 800], logarithmic=False), ticks([1, 2, 100], logarithmic=False)
    ([50, 200, 800], [])
    """
    places = [math.log(value) if logarithmic else value for value in sorted(values)]
    whole = places[-1] - places[0]
    apart = all(b - a >= NEAREST * whole for a, b in zip(places, places[1:], strict=False))
    return list(values) if len(values) <= MOST_MARKS and apart else []


def category(axes: Axes, names: list[str]) -> None:
    """One place for each name; set aslant where they would run into each other."""
    names = [textwrap.shorten(name, 22, placeholder="…") if " " in name else name[:22] for name in names]
    slant = {"rotation": 35, "ha": "right", "rotation_mode": "anchor"} if sum(map(len, names)) > TURNED else {}
    step = -(-len(names) // MOST_NAMES)
    axes.set_xticks(range(0, len(names), step), names[::step], **slant)
    axes.set_xlim(-0.4, len(names) - 0.6)
