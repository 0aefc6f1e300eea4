"""Charts of the labs. Each returns its figure and draws it at once; each names its units."""

from collections.abc import Callable, Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.ticker import MaxNLocator

from labutils.show import style
from labutils.show.panels import panels as panels
from labutils.show.pareto import pareto as pareto  # a module of its own: it also tells who is on the front
from labutils.tflite.anatomy import Anatomy
from labutils.tflite.arena import Arena
from labutils.tflite.latency import Latency

MARKED = 40  # lines with more points than that are drawn without markers


def _chart(draw: Callable[[Axes], None], size: tuple[float, float]) -> Figure:
    """Draw in the course's style, and leave showing to the notebook, which shows a returned figure once."""
    with style.styled():
        figure, axes = plt.subplots(figsize=size, layout="constrained")
        draw(axes)
    plt.close(figure)
    return figure


def bytes_by_part(*models: tuple[str, Anatomy]) -> Figure:
    """Where a file's bytes go: one bar a part, one colour and hatch a model. Horizontal axis: bytes."""
    parts = sorted({p for _, a in models for p in a.bytes_by_part}, key=lambda p: models[0][1].bytes_by_part.get(p, 0))
    height = 0.8 / len(models)

    def draw(axes: Axes) -> None:
        for n, (name, found) in enumerate(models):
            sizes = [found.bytes_by_part.get(part, 0) for part in parts]
            places = np.arange(len(parts)) - n * height
            label = f"{name}: {found.size:,} bytes"
            look = {"color": style.CYCLE[n], "hatch": style.HATCHES[n], "edgecolor": style.PAPER, "label": label}
            bars = axes.barh(places, sizes, height, **look)
            axes.bar_label(bars, [f"{size:,}" for size in sizes], padding=4)
        axes.set_yticks(np.arange(len(parts)) - (len(models) - 1) * height / 2, parts)
        axes.set(xlabel="bytes", title="Where the bytes go")
        axes.xaxis.set_major_locator(MaxNLocator(5))
        axes.xaxis.set_major_formatter("{x:,.0f}")
        axes.margins(x=0.12)
        axes.grid(axis="y", visible=False)
        axes.legend(loc="lower right")

    return _chart(draw, (8, 0.6 + 0.45 * len(parts) * max(1, 0.75 * len(models))))


def line_and_answers(
    x: np.ndarray, truth: np.ndarray, answers: dict[str, np.ndarray], title: str = "Asked and answered"
) -> Figure:
    """A line that should be met, and what each model answers: all of shape (n,)."""

    def draw(axes: Axes) -> None:
        axes.plot(x, truth, color=style.GRID, linewidth=6, label="truth", zorder=1)
        for n, (name, y) in enumerate(answers.items()):
            axes.plot(x, y, marker="o+xs^"[n % 5], markersize=11 - 2 * n, linestyle="none", mew=2, label=name)
        axes.set(xlabel="x", ylabel="y", title=title)
        axes.legend()

    return _chart(draw, (7, 3.6))


def curves(
    x: Sequence[float], lines: dict[str, Sequence[float]], labels: tuple[str, str], title: str,
    level: tuple[float, str] | None = None,
) -> Figure:  # fmt: skip
    """One line for each name over the same x, each with its own marker and dashes.

    lines: name -> y, as many as x. labels: of both axes, with their units. level: a dashed line at a height, and what
    it is called.
    """

    def draw(axes: Axes) -> None:
        markers = "" if len(x) > MARKED else "os^Dv"
        for n, (name, y) in enumerate(lines.items()):
            look = {"color": style.CYCLE[n], "linestyle": ("-", "--", ":", "-.")[n % 4]}
            axes.plot(x, y, marker=markers[n % 5] if markers else None, markersize=6, label=name, **look)
        if level:
            axes.axhline(level[0], color=style.MUTED, linewidth=1.2, linestyle=(0, (5, 3)), label=level[1], zorder=1)
        axes.set(xlabel=labels[0], ylabel=labels[1], title=title)
        if len(lines) > 1 or level:
            axes.legend()

    return _chart(draw, (8, 3.8))


def latencies(found: dict[str, Latency], title: str = "Time of one inference") -> Figure:
    """A box for each rival: the median as a line, the middle half, and whiskers that hold 90 % of its runs.

    Horizontal axis: milliseconds, or microseconds where no rival takes 50 of them.
    """
    widest = max(each.percentile(95) for each in found.values())
    unit, sign, scale = ("milliseconds", "ms", 1) if widest >= 0.05 else ("microseconds", "µs", 1000)

    def draw(axes: Axes) -> None:
        names = list(found)[::-1]
        box = {"facecolor": style.SKY, "edgecolor": style.BLUE}
        axes.boxplot(
            [scale * found[name].milliseconds for name in names], orientation="horizontal", tick_labels=names,
            widths=0.55, showfliers=False, whis=(5, 95), patch_artist=True, boxprops=box,
            medianprops={"color": style.INK, "linewidth": 3},
        )
        for row, name in enumerate(names, 1):
            place = (scale * (found[name].percentile(95) + 0.015 * widest), row)
            axes.annotate(f"{scale * found[name].median:.3g} {sign}", place, ha="left", va="center")
        axes.set(xlabel=f"{unit} (line: median; box: middle half; whiskers: 5 to 95 %)", title=title)
        axes.set(xlim=(0, 1.15 * scale * widest), ylim=(0.4, len(names) + 0.6))
        axes.grid(axis="y", visible=False)

    return _chart(draw, (8, 1 + 0.75 * len(found)))


def columns(groups: list[str], values: dict[str, list[float]], labels: tuple[str, str], title: str) -> Figure:
    """Side by side for each group, a column for every series: one colour and hatch a series.

    values: a list as long as groups for each series; labels: of the horizontal axis and, with its unit, the vertical.
    """
    width = 0.8 / len(values)

    def draw(axes: Axes) -> None:
        for n, (name, heights) in enumerate(values.items()):
            look = {"color": style.CYCLE[n], "hatch": style.HATCHES[n], "edgecolor": style.PAPER, "label": name}
            axes.bar(np.arange(len(groups)) + n * width, heights, width, **look)
        axes.set_xticks(np.arange(len(groups)) + (len(values) - 1) * width / 2, groups)
        axes.set(xlabel=labels[0], ylabel=labels[1], title=title)
        axes.grid(axis="x", visible=False)
        axes.legend()

    return _chart(draw, (8, 3.4))


def bars(values: dict[str, float], unit: str, title: str, limit: tuple[float, str] | None = None) -> Figure:
    """One horizontal bar a name, with its value. Horizontal axis: the unit. limit: a line at a value, and its name."""
    widest = max([*values.values(), limit[0] if limit else 0])

    def draw(axes: Axes) -> None:
        _bars(axes, values)
        if limit:
            axes.axvline(limit[0], color=style.VERMILION, linestyle="--")
            place = (limit[0] + 0.01 * widest, len(values) - 0.5)
            axes.annotate(limit[1], place, color=style.VERMILION, va="center")
        axes.set(xlabel=unit, title=title, xlim=(0, 1.15 * widest), ylim=(-0.6, len(values) - (0.2 if limit else 0.4)))

    return _chart(draw, (8, 1.1 + 0.5 * len(values)))


def _bars(axes: Axes, values: dict[str, float]) -> None:
    names = list(values)[::-1]
    held = axes.barh(names, [values[name] for name in names], 0.55, color=style.BLUE)
    axes.bar_label(held, [f"{values[name]:,.3g}" if values[name] < 100 else f"{values[name]:,.0f}" for name in names],
                   padding=4)
    axes.grid(axis="y", visible=False)


def cold_starts(found: dict[str, list[tuple[float, float]]], title: str = "From start to first answer") -> Figure:
    """Two panels, a bar for each name: the median of its runs, and a dot for every run. Axes: seconds, megabytes.

    found: name -> (seconds, megabytes) of each run.
    """
    with style.styled():
        figure, panels = plt.subplots(1, 2, figsize=(9, 1.1 + 0.6 * len(found)), layout="constrained", sharey=True)
        for column, (axes, unit) in enumerate(zip(panels, ("seconds", "megabytes of memory"), strict=True)):
            runs = {name: [run[column] for run in each] for name, each in found.items()}
            _bars(axes, {name: float(np.median(each)) for name, each in runs.items()})
            for row, each in enumerate(list(runs.values())[::-1]):
                axes.plot(each, [row - 0.38] * len(each), "o", color=style.INK, markersize=4)
            axes.set(xlabel=f"{unit} (dots: runs)", xlim=(0, 1.2 * max(map(max, runs.values()))))
        figure.get_layout_engine().set(wspace=0.06)
        figure.suptitle(title, fontsize=12, fontweight="bold", x=0.02, ha="left")
    plt.close(figure)
    return figure


def memory_map(found: Arena, title: str) -> Figure:
    """Where each tensor lies and for how long: a rectangle each. Axes: step of the run, kilobytes from the start.

    A kernel's scratch space is left out, since its step is not known.
    """

    def draw(axes: Axes) -> None:
        for place in found.places:
            if place.first is not None:
                corner, width = (place.first - 0.5, place.start / 1000), place.last - place.first + 1
                look = {"facecolor": style.SKY, "edgecolor": style.BLUE, "linewidth": 0.8}
                axes.add_patch(Rectangle(corner, width, place.bytes / 1000, **look))
        axes.axhline(found.span / 1000, color=style.INK, linestyle="--", linewidth=1)
        axes.set(xlim=(-0.5, found.steps - 0.5), ylim=(0, 1.06 * found.span / 1000), title=title)
        axes.set(xlabel="step (operators, in the order in which they run)", ylabel="kilobytes from the start")
        axes.grid(visible=False)

    return _chart(draw, (9, 4))


def images(pictures: np.ndarray, titles: list[str], columns: int = 10, marked: list[bool] | None = None) -> Figure:
    """A grid of small pictures, (n, height, width[, 3]), each with its title; marked ones get a frame and a cross."""
    rows = -(-len(pictures) // columns)
    width = max(0.9, 0.3 + 0.1 * max(map(len, titles)))  # inches: the titles stand side by side
    with style.styled():
        figure, grid = plt.subplots(
            rows, columns, figsize=(width * columns, 1.3 * rows), layout="constrained", squeeze=False
        )
        for axes in grid.flat:
            axes.axis("off")
        for n, (axes, picture) in enumerate(zip(grid.flat, pictures, strict=False)):
            wrong = bool(marked and marked[n])
            axes.imshow(picture, cmap="gray_r")
            axes.set_title(f"✗ {titles[n]}" if wrong else titles[n], loc="center", fontsize=11,
                           color=style.VERMILION if wrong else style.INK)
    plt.close(figure)
    return figure
