"""Files side by side by size, time and accuracy, and which of them no other beats: the Pareto front."""

from collections.abc import Mapping
from dataclasses import dataclass

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.figure import Figure

from labutils.errors import LabError
from labutils.show import style

CLOSE = 0.06  # of the width or height: points nearer than that share a label
SIDES = ((0, 13, "bottom"), (0, -13, "top"))  # above a point, below it


@dataclass(frozen=True)
class Measured:
    """What a file costs and gives. bytes: of the file. milliseconds: of one answer, the median. accuracy: 0 to 1.

    low, high: the interval of the accuracy.
    """

    bytes: int
    milliseconds: float
    accuracy: float
    low: float
    high: float


def front(found: Mapping[str, Measured]) -> list[str]:
    """The files that no other beats: none is as good in size, time and accuracy and better in one of them.

    >>> a, b, c = Measured(10, 2.0, 0.9, 0, 1), Measured(20, 1.0, 0.9, 0, 1), Measured(20, 2.0, 0.9, 0, 1)
    >>> front({"a": a, "b": b, "c": c})
    ['a', 'b']
    """
    costs = {name: (each.bytes, each.milliseconds, -each.accuracy) for name, each in found.items()}
    return [name for name, own in costs.items() if not any(_beats(other, own) for other in costs.values())]


def _beats(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    return one != other and all(a <= b for a, b in zip(one, other, strict=True))


def pareto(found: Mapping[str, Measured], chosen: str | None = None, title: str = "Eight paths") -> Figure:
    """Two panels over the size: time below, accuracy with its interval above. Filled: on the front, which a line joins.

    chosen: gets a ring. Axes: kilobytes (logarithmic), percent, milliseconds (logarithmic). Raises LabError for
    nothing to show and for a chosen name that was not measured.
    """
    if not found or (chosen is not None and chosen not in found):
        known = ", ".join(found) or "nothing yet"
        raise LabError(f"{chosen} was not measured: there is {known}." if chosen else "There is nothing to show yet.")
    best = front(found)
    with style.styled():
        figure, (above, below) = plt.subplots(
            2, 1, figsize=(9, 5.4), layout="constrained", sharex=True, height_ratios=(1, 1.45)
        )
        _panel(above, found, best, chosen, {name: 100 * each.accuracy for name, each in found.items()})
        for name, each in found.items():
            look = style.BLUE if name in best else style.MUTED
            above.vlines(each.bytes / 1000, 100 * each.low, 100 * each.high, color=look, linewidth=2, zorder=1)
        below.set_yscale("log")
        _panel(below, found, best, chosen, {name: each.milliseconds for name, each in found.items()})
        _label(below, found, chosen)
        _axes(above, below, found)
        above.set_title(f"{title} (filled: on the Pareto front)")
    plt.close(figure)
    return figure


def _panel(axes: Axes, found: Mapping[str, Measured], best: list[str], chosen: str | None, y: dict[str, float]) -> None:
    """One dot a file, the front joined."""
    for name, each in found.items():
        filled = name in best
        look = {"facecolor": style.BLUE if filled else style.PAPER, "edgecolor": style.BLUE if filled else style.MUTED}
        axes.scatter(each.bytes / 1000, y[name], s=70, linewidth=2, zorder=3 + filled, **look)
        if name == chosen:
            ring = {"facecolor": "none", "edgecolor": style.VERMILION, "linewidth": 3}
            axes.scatter(each.bytes / 1000, y[name], s=330, zorder=6, **ring)
    line = sorted(best, key=lambda name: found[name].bytes)
    axes.plot([found[n].bytes / 1000 for n in line], [y[n] for n in line], "--", color=style.BLUE, linewidth=1.5)


def _label(axes: Axes, found: Mapping[str, Measured], chosen: str | None) -> None:
    """Names beside the dots; those that lie on each other share one label, neighbours stand above and below in turn."""
    for number, names in enumerate(_together(found)):
        first = found[names[0]]
        x, y, vertical = SIDES[number % 2]
        bold = "bold" if chosen in names else "normal"
        axes.annotate(
            ", ".join(names), (first.bytes / 1000, first.milliseconds), (x, y), textcoords="offset points",
            ha="center", va=vertical, weight=bold, zorder=5,
        )  # fmt: skip


def _together(found: Mapping[str, Measured]) -> list[list[str]]:
    """Names in the order of size, those whose dots lie on each other in one group."""
    sizes, times = (np.log([getattr(each, field) for each in found.values()]) for field in ("bytes", "milliseconds"))
    wide, high = (max(float(np.ptp(values)), 0.1) * CLOSE for values in (sizes, times))
    place = dict(zip(found, zip(sizes, times, strict=True), strict=True))

    def near(name: str, other: str) -> bool:
        (x, y), (other_x, other_y) = place[name], place[other]
        return abs(x - other_x) < wide and abs(y - other_y) < 2 * high

    groups: list[list[str]] = []
    for name in sorted(found, key=lambda each: found[each].bytes):
        home = next((group for group in groups if near(name, group[0])), None)
        if home is None:
            groups.append([name])
        else:
            home.append(name)
    return groups


def _axes(above: Axes, below: Axes, found: Mapping[str, Measured]) -> None:
    """Both scales logarithmic, with plain numbers at round places."""
    kilobytes = [each.bytes / 1000 for each in found.values()]
    times = [each.milliseconds for each in found.values()]
    below.set_xscale("log")
    _round_ticks(below.xaxis, 0.85 * min(kilobytes), 1.18 * max(kilobytes), (1, 1.5, 2, 3, 5, 7))
    _round_ticks(below.yaxis, 0.4 * min(times), 3 * max(times), (1, 2, 5))
    below.set(xlabel="kilobytes of the file: smaller to the left", ylabel="milliseconds an answer")
    above.set(ylabel="% right (95 % interval)")


def _round_ticks(axis: Axis, low: float, high: float, steps: tuple[float, ...]) -> None:
    places = [step * 10.0**power for power in range(-4, 7) for step in steps]
    axis.axes.set(**{f"{axis.axis_name}lim": (low, high)})
    axis.set_ticks([place for place in places if low <= place <= high])
    axis.set_ticks([], minor=True)
    axis.set_major_formatter("{x:,g}")
