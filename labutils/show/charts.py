"""Charts of the labs. Each returns its figure and draws it at once; each names its units."""

from collections.abc import Callable

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from labutils.show import style
from labutils.tflite.anatomy import Anatomy
from labutils.tflite.latency import Latency


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


def latencies(found: dict[str, Latency], title: str = "Time of one inference") -> Figure:
    """A row of dots for every rival, the median as a bar, the middle half as a box. Horizontal axis: milliseconds."""

    def draw(axes: Axes) -> None:
        names = list(found)[::-1]
        box = {"facecolor": style.SKY, "edgecolor": style.BLUE}
        axes.boxplot(
            [found[name].milliseconds for name in names], orientation="horizontal", tick_labels=names, widths=0.55,
            showfliers=False, whis=(5, 95), patch_artist=True, boxprops=box,
            medianprops={"color": style.INK, "linewidth": 3},
        )
        widest = max(found[name].percentile(95) for name in names)
        for row, name in enumerate(names, 1):
            place = (found[name].percentile(95) + 0.015 * widest, row)
            axes.annotate(f"{found[name].median:.3g} ms", place, ha="left", va="center")
        axes.set(xlabel="milliseconds (line: median; box: middle half; whiskers: 5 to 95 %)", title=title)
        axes.set(xlim=(0, 1.15 * widest), ylim=(0.4, len(names) + 0.6))
        axes.grid(axis="y", visible=False)

    return _chart(draw, (8, 1 + 0.75 * len(found)))


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
