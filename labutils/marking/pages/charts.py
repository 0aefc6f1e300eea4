"""The charts of a class: outcomes by exercise, points, and the time that judging took. Imported where one is drawn."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from statistics import mean, median

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from matplotlib.ticker import FuncFormatter, MaxNLocator, NullLocator

from labutils.exercises.render import CORRECT, NOT_TRIED, NOT_YET
from labutils.marking.marks import STOPPED, TAMPERED
from labutils.marking.pages.words import amount, short_title, sign
from labutils.report.draw import WIDTH, as_svg
from labutils.report.scales import decades
from labutils.report.words import count, listed, number, plain
from labutils.show import style

# Colour, hatch and word, as everywhere in the course; what was not even tried is bare paper.
LOOKS = {
    CORRECT: (style.GREEN, ""), NOT_YET: (style.ORANGE, "///"), NOT_TRIED: (style.PAPER, ""),
    STOPPED: (style.SKY, "..."), TAMPERED: (style.PURPLE, "xxx"),
}  # fmt: skip
UNKNOWN = (style.MUTED, "++")
LEAST_SHARE = 0.055  # of the width that a number needs to stand in its piece
MOST_BARS = 21  # one for each number of points
BOXED = 8  # so many times make a box; fewer are shown one by one
ROW = 0.52  # inches for an exercise: its title, and the bar below


def outcome_chart(counts: Mapping[str, Mapping[str, int]], key: str) -> str:
    """A bar for each exercise, a piece for each outcome, as an <svg> element.

    counts: by exercise and outcome, how many students. key: what the ids in it begin with.
    """
    return as_svg(lambda: _outcomes(counts), key, outcomes_in_words(counts))


def outcomes_in_words(counts: Mapping[str, Mapping[str, int]]) -> str:
    """The numbers of that chart.

    >>> outcomes_in_words({"01.convert": {"correct": 3, "not yet": 1}})
    'Students by outcome. 1 · Convert: 3 correct and 1 not yet.'
    """
    parts = [f"{short_title(each)}: {listed(f'{n} {outcome}' for outcome, n in found.items())}."
             for each, found in counts.items()]  # fmt: skip
    return " ".join(["Students by outcome.", *parts])


def points_chart(points: Sequence[float], out_of: float, key: str) -> str:
    """How many students have how many points, with the mean and the median. points: of each student."""
    return as_svg(lambda: _points(points, out_of), key, points_in_words(points, out_of))


def points_in_words(points: Sequence[float], out_of: float) -> str:
    """The numbers of that chart.

    >>> points_in_words([5, 5, 2], 5)
    '1 student has 2, 2 students have 5 of 5 points. Mean 4, median 5.'
    """
    parts = [f"{count(n, 'student')} {'has' if n == 1 else 'have'} {name}" for name, n in bins(points, out_of) if n]
    middle = f"Mean {amount(mean(points))}, median {amount(median(points))}."
    return f"{', '.join(parts)} of {amount(out_of)} points. {middle}"


def bins(points: Sequence[float], out_of: float) -> list[tuple[str, int]]:
    """How many students have so many points: one bin for each number of points, ten where that would be too many.

    >>> bins([0, 2, 2], 2)
    [('0', 1), ('1', 0), ('2', 2)]
    """
    top = max([out_of, *points])
    for step in (1, 0.5, 0.25):
        size = round(top / step) + 1
        if size <= MOST_BARS and all(math.isclose(each / step, round(each / step), abs_tol=1e-9) for each in points):
            places = [round(each / step) for each in points]
            return [(amount(step * place), places.count(place)) for place in range(size)]
    places = [min(int(10 * each / top), 9) for each in points]
    names = [f"{amount(top * place / 10)}–{amount(top * (place + 1) / 10)}" for place in range(10)]
    return [(name, places.count(place)) for place, name in enumerate(names)]


def time_chart(seconds: Mapping[str, Sequence[float]], key: str) -> str:
    """How long judging an answer took: a box for each exercise, and dots beyond it. seconds: by exercise."""
    parts = [f"{short_title(each)}: median {number(median(times), 2)} s, longest {number(max(times), 2)} s."
             for each, times in seconds.items()]  # fmt: skip
    return as_svg(lambda: _times(seconds), key, " ".join(["Seconds that judging an answer took.", *parts]))


def _outcomes(counts: Mapping[str, Mapping[str, int]]) -> Figure:
    order = [outcome for outcome in LOOKS if any(outcome in each for each in counts.values())]
    order += sorted({outcome for each in counts.values() for outcome in each} - set(order))
    whole = max(sum(each.values()) for each in counts.values())
    figure, axes = _rows([short_title(each) for each in counts], 0.5 + 0.22 * -(-len(order) // 3))
    for row, (exercise, found) in enumerate(counts.items()):
        start = 0
        for outcome in order:
            color, hatch = LOOKS.get(outcome, UNKNOWN)
            size = found.get(outcome, 0)
            (bar,) = axes.barh(row, size, 0.42, start, color=color, hatch=hatch, edgecolor=style.INK, linewidth=0.6)
            bar.set_gid(f"{exercise}-{outcome}".replace(" ", "-"))
            if size >= LEAST_SHARE * whole:
                box = {"boxstyle": "round,pad=0.18", "facecolor": style.PAPER, "edgecolor": "none"}
                axes.text(start + size / 2, row, f"{size}", ha="center", va="center", fontsize=9, bbox=box)
            start += size
    axes.set(xlim=(0, whole), xlabel="students")
    axes.xaxis.set_major_locator(MaxNLocator(6, integer=True))
    handles = [Patch(facecolor=color, hatch=hatch, edgecolor=style.INK, linewidth=0.6)
               for color, hatch in (LOOKS.get(outcome, UNKNOWN) for outcome in order)]  # fmt: skip
    figure.legend(
        handles,
        [f"{sign(outcome)} {outcome}" for outcome in order],
        loc="outside lower left",
        ncols=3,
        handlelength=1.8,
        columnspacing=1.4,
        borderaxespad=0.1,
    )
    return figure


def _points(points: Sequence[float], out_of: float) -> Figure:
    found = bins(points, out_of)
    figure = Figure((WIDTH, 2.6), layout="constrained")
    axes = figure.subplots()
    bars = axes.bar(range(len(found)), [n for _, n in found], 0.86, color=style.BLUE, edgecolor=style.PAPER)
    for bar, (name, _) in zip(bars, found, strict=True):
        bar.set_gid(f"points-{name}")
    axes.bar_label(bars, [f"{n}" if n else "" for _, n in found], padding=2, fontsize=9)
    most = max(n for _, n in found)
    top = max([out_of, *points]) or 1
    ranges = any("–" in name for name, _ in found)
    scale, shift = (len(found) / top, -0.5) if ranges else ((len(found) - 1) / top, 0)
    for row, (value, name, marker) in enumerate([(mean(points), "mean", "v"), (median(points), "median", "D")]):
        axes.plot(shift + scale * value, (1.3 - 0.11 * row) * most, marker, color=style.VERMILION if row else style.INK,
                  markersize=6, label=f"{name} {amount(value)}")  # fmt: skip
    step = -(-len(found) // 11)
    axes.set_xticks(range(len(found))[::step], [name for name, _ in found][::step], fontsize=8 if ranges else 10,
                    rotation=45 if ranges else 0)  # fmt: skip
    axes.set(xlabel=f"points, of {amount(out_of)}", ylabel="students", ylim=(0, 1.38 * most))
    axes.yaxis.set_major_locator(MaxNLocator(5, integer=True))
    axes.grid(axis="x", visible=False)
    figure.legend(loc="outside lower left", ncols=2, handlelength=1.2, borderaxespad=0.1)
    return figure


def _times(seconds: Mapping[str, Sequence[float]]) -> Figure:
    figure, axes = _rows([short_title(each) for each in seconds], 0.55)
    for row, times in enumerate(seconds.values()):
        if len(times) >= BOXED:
            line = {"color": style.INK, "linewidth": 1.2}
            axes.boxplot([times], positions=[row], widths=0.36, vert=False, patch_artist=True, manage_ticks=False,
                         boxprops={"facecolor": style.SKY, "edgecolor": style.INK}, whiskerprops=line, capprops=line,
                         medianprops={"color": style.INK, "linewidth": 2.2},
                         flierprops={"marker": "o", "markersize": 3.5, "markerfacecolor": style.VERMILION,
                                     "markeredgecolor": "none", "alpha": 0.8})  # fmt: skip
        else:
            axes.plot(times, [row] * len(times), "o", color=style.BLUE, markersize=6, alpha=0.75)
        said = f"median {number(median(times), 2)} s"
        axes.text(1, row - 0.3, said, transform=axes.get_yaxis_transform(), ha="right", va="bottom", fontsize=9,
                  color=style.MUTED)  # fmt: skip
    everything = [each for times in seconds.values() for each in times]
    if decades(everything, 30):
        axes.set_xscale("log")
        axes.xaxis.set_minor_locator(NullLocator())
    else:
        axes.set_xlim(0, 1.05 * max(everything))
        axes.xaxis.set_major_locator(MaxNLocator(6))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: plain(float(f"{value:.6g}"))))
    axes.set_xlabel("seconds for an answer" + (", each mark ten times the last" if decades(everything, 30) else ""))
    return figure


def _rows(names: Sequence[str], below: float) -> tuple[Figure, Axes]:
    """Axes with a row for each name, which stands above its row: so it has the whole width, also on a phone."""
    figure = Figure((WIDTH, ROW * len(names) + below), layout="constrained")
    axes = figure.subplots()
    for row, name in enumerate(names):
        axes.text(0, row - 0.3, name, transform=axes.get_yaxis_transform(), va="bottom", fontsize=9.5, parse_math=False,
                  bbox={"facecolor": style.PAPER, "edgecolor": "none", "pad": 0.6})  # fmt: skip
    axes.set_ylim(len(names) - 0.65, -0.72)
    axes.yaxis.set_visible(False)
    axes.spines["left"].set_visible(False)
    return figure, axes
