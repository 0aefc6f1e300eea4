"""Charts of lab 09: single runs in their order, time by operator, the roofline. Each names its units."""

from collections.abc import Sequence
from dataclasses import dataclass

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.figure import Figure

from labutils.show import style
from labutils.tflite.latency import Latency

MARKERS = "os^Dv*PX"  # beside the colour, never colour alone


@dataclass(frozen=True)
class Dot:
    """One operator on the roofline. intensity: multiply-adds a byte. speed: billions of multiply-adds a second."""

    kind: str
    intensity: float
    speed: float


def _figure(size: tuple[float, float]) -> tuple[Figure, Axes]:
    figure, axes = plt.subplots(figsize=size, layout="constrained")
    plt.close(figure)  # a notebook shows a returned figure once
    return figure, axes


def in_order(sections: dict[str, Latency], title: str = "Every single run") -> Figure:
    """A dot for every run, section after section; mean and median of each as lines. Axes: run, milliseconds (log)."""
    with style.styled():
        figure, axes = _figure((9, 3.8))
        start, highest = 0, max(float(each.milliseconds.max()) for each in sections.values())
        for place, (name, times) in enumerate(sections.items()):
            end = start + len(times.milliseconds)
            if place % 2:
                axes.axvspan(start, end, color=style.GRID, alpha=0.5, zorder=0)
            axes.plot(np.arange(start, end), times.milliseconds, ".", color=style.SKY, markersize=3, zorder=1)
            first = {} if place else {"mean": "mean of the section", "median": "median of the section"}
            mean = float(times.milliseconds.mean())
            axes.hlines(mean, start, end, style.VERMILION, "--", zorder=3, label=first.get("mean"))
            axes.hlines(times.median, start, end, style.INK, zorder=3, label=first.get("median"))
            axes.annotate(name, ((start + end) / 2, 2.2 * highest), ha="center", va="center")
            start = end
        axes.set(xlim=(0, start), xlabel="run, in the order in which they were made", title=title)
        axes.set(ylabel="milliseconds (log)")
        _logarithmic(axes.yaxis, 0.7 * min(float(each.milliseconds.min()) for each in sections.values()), 4 * highest)
        figure.legend(loc="outside lower right", ncols=2)
    return figure


def by_operator(names: Sequence[str], milliseconds: Sequence[float], title: str) -> Figure:
    """A column for every operator in the graph's order, colour and hatch by its kind. Axes: place, milliseconds."""
    with style.styled():
        figure, axes = _figure((9, 3.6))
        for place, kind in enumerate(_kinds(names, milliseconds)):
            at = [n for n, name in enumerate(names) if name == kind]
            total = sum(milliseconds[n] for n in at)
            look = {"color": style.CYCLE[place % 7], "hatch": style.HATCHES[place], "edgecolor": style.PAPER}
            axes.bar(at, [milliseconds[n] for n in at], 0.9, linewidth=0.3, label=f"{kind}: {total:.2g} ms", **look)
        axes.set(xlabel="operator, by its place in the graph", ylabel="milliseconds", title=title)
        axes.set(xlim=(-1, len(names)))
        axes.grid(axis="x", visible=False)
        axes.legend()
    return figure


def added_up(singles: Sequence[float], prefixes: dict[int, float], title: str) -> Figure:
    """The singles added up as a line, and the time of the first n together as dots. Axes: operators, milliseconds.

    prefixes: how many operators from the start -> milliseconds.
    """
    with style.styled():
        figure, axes = _figure((8, 3.6))
        axes.plot(np.arange(len(singles) + 1), [0, *np.cumsum(singles)], label="each alone, added up")
        dots = {"color": style.VERMILION, "marker": "o", "linestyle": "none", "label": "the first so many, in one file"}
        axes.plot(list(prefixes), list(prefixes.values()), **dots)
        axes.set(xlabel="operators from the start", ylabel="milliseconds", title=title, xlim=(0, None), ylim=(0, None))
        axes.legend(loc="lower right")
    return figure


def roofline(dots: Sequence[Dot], peak: float, roofs: dict[str, float], title: str = "The roofline") -> Figure:
    """A dot for every operator under the roofs of this machine. Axes: multiply-adds a byte, billions of them a second.

    peak: billions of multiply-adds a second, the flat roof. roofs: name -> gigabytes a second, the slanting ones.
    """
    x = np.geomspace(0.3 * min(dot.intensity for dot in dots), 3 * max(dot.intensity for dot in dots), 200)
    with style.styled():
        figure, axes = _figure((8.5, 5))
        for place, (name, bandwidth) in enumerate(roofs.items()):
            label = f"{name}: {bandwidth:,.0f} GB/s"
            look = {"color": style.MUTED, "linestyle": ("-", "--", ":")[place % 3], "label": label}
            axes.plot(x, np.minimum(peak, bandwidth * x), **look)
        label = f"arithmetic: {peak:,.0f} billion a second"
        axes.annotate(label, (x[-1], 1.15 * peak), ha="right", va="bottom", color=style.MUTED)
        for place, kind in enumerate(_kinds([dot.kind for dot in dots], [1.0] * len(dots))):
            at = [dot for dot in dots if dot.kind == kind]
            look = {"marker": MARKERS[place % 8], "color": style.CYCLE[place % 7], "linestyle": "none", "label": kind}
            axes.plot([d.intensity for d in at], [d.speed for d in at], mec=style.INK, mew=0.5, **look)
        axes.set(xlabel="multiply-adds for each byte moved (log)", title=title)
        axes.set(ylabel="billion multiply-adds a second (log)")
        _logarithmic(axes.xaxis, x[0], x[-1])
        _logarithmic(axes.yaxis, 0.3 * min(dot.speed for dot in dots), 3 * peak)
        axes.legend(loc="lower right", fontsize=10)
    return figure


def lines(x: Sequence[float], series: dict[str, Sequence[float]], labels: tuple[str, str], title: str) -> Figure:
    """Series over the same places on a logarithmic axis. labels: of both axes, with units; the upright one from 0."""
    with style.styled():
        figure, axes = _figure((8, 3.6))
        for place, (name, y) in enumerate(series.items()):
            axes.plot(x, y, marker=MARKERS[place % 8], label=name)
        axes.set_xscale("log", base=2)
        axes.set_xticks(list(x), [f"{each:,g}" for each in x])
        axes.set_xticks([], minor=True)
        highest = max(max(y) for y in series.values())
        axes.set(xlabel=f"{labels[0]} (log)", ylabel=labels[1], title=title, ylim=(0, 1.15 * highest))
        if len(series) > 1:
            axes.legend()
    return figure


def _logarithmic(axis: Axis, low: float, high: float) -> None:
    """A logarithmic scale between two limits, with plain numbers at round places."""
    steps = (1,) if high / low > 300 else (1, 2, 5)
    places = [step * 10.0**power for power in range(-6, 7) for step in steps]
    axis.axes.set(**{f"{axis.axis_name}scale": "log", f"{axis.axis_name}lim": (low, high)})
    axis.set_ticks([place for place in places if low <= place <= high])
    axis.set_ticks([], minor=True)
    axis.set_major_formatter("{x:,g}")


def _kinds(names: Sequence[str], weights: Sequence[float]) -> list[str]:
    """The different names, the heaviest in all first."""
    total: dict[str, float] = {}
    for name, weight in zip(names, weights, strict=True):
        total[name] = total.get(name, 0) + weight
    return sorted(total, key=lambda name: -total[name])
