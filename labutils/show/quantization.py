"""Charts of quantization: the grid and its error, ranges by channel, weights before and after, the error by layer."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from labutils.show import style

BINS = 121
BEHIND = {"color": style.SKY, "edgecolor": "none"}


def grid(real: np.ndarray, restored: np.ndarray, levels: np.ndarray, title: str) -> Figure:
    """Numbers and the grid that they are rounded to, and how far each is moved. Axes: value, count; value, error.

    real, restored: before and after quantizing, any shape, the same for both. levels: the values of the grid.
    """
    real, restored = np.ravel(real), np.ravel(restored)
    with style.styled():
        figure, (above, below) = plt.subplots(2, 1, figsize=(8, 4.6), layout="constrained", sharex=True)
        above.hist(real, bins=BINS, **BEHIND)
        for level in levels:
            above.axvline(level, color=style.BLUE, linewidth=0.8)
        above.set(ylabel="how many", title=title)
        above.grid(visible=False)
        below.plot(real, restored - real, ".", color=style.VERMILION, markersize=2, rasterized=True)
        below.set(xlabel="value before (lines: the grid that is left)", ylabel="error")
        widest = max(np.abs(restored - real).max(), 1e-9)
        below.set(ylim=(-1.15 * widest, 1.15 * widest))
    plt.close(figure)
    return figure


def channel_ranges(kernels: dict[str, np.ndarray]) -> Figure:
    """The largest weight of every channel, smallest channel first, a panel for each kernel. Axes: channel, |weight|.

    kernels: name -> (channels, numbers of each). The dashed line is the largest of all, which one scale has to reach.
    """
    with style.styled():
        figure, panels = plt.subplots(1, len(kernels), figsize=(9, 3.2), layout="constrained", squeeze=False)
        for axes, (name, kernel) in zip(panels[0], kernels.items(), strict=True):
            largest = np.sort(np.abs(kernel).max(axis=1))
            axes.bar(np.arange(len(largest)), largest, 1.0, color=style.BLUE)
            axes.axhline(largest[-1], color=style.VERMILION, linestyle="--", linewidth=1.5)
            axes.set(xlabel="channel, by its largest weight", title=name, xlim=(-0.5, len(largest) - 0.5))
            axes.grid(axis="x", visible=False)
        panels[0][0].set(ylabel="largest |weight|")
    plt.close(figure)
    return figure


def weights_before_and_after(real: np.ndarray, stored: np.ndarray, title: str) -> Figure:
    """Histograms of a kernel: the real numbers left, the stored integers right. Axes: weight or integer, count."""
    with style.styled():
        figure, (before, after) = plt.subplots(1, 2, figsize=(9, 3.2), layout="constrained", sharey=False)
        before.hist(np.ravel(real), bins=BINS, **BEHIND)
        before.set(xlabel="weight, float32", ylabel="how many", title=f"{title}: before")
        before.xaxis.set_major_locator(MaxNLocator(5))
        values, counts = np.unique(stored, return_counts=True)
        after.bar(values, counts, 1.0, color=style.BLUE)
        after.set(xlabel="stored number, int8", title=f"after: {len(values)} different numbers", xlim=(-132, 132))
        for axes in (before, after):
            axes.grid(axis="x", visible=False)
    plt.close(figure)
    return figure


def error_by_layer(errors: dict[str, np.ndarray], kinds: list[str], title: str) -> Figure:
    """How far each step's answers are off, a line for each file and a mark for each kind of step.

    errors: name -> (steps,), as a share of what the step's numbers vary. kinds: the operator of each step. Axes: step
    in the order of computing, percent.
    """
    marks = dict(zip(dict.fromkeys(kinds), "oxs^Dv", strict=False))

    with style.styled():
        figure, axes = plt.subplots(figsize=(9, 3.8), layout="constrained")
        for n, (name, each) in enumerate(errors.items()):
            percent = 100 * np.asarray(each)
            axes.plot(percent, color=style.CYCLE[n], linestyle=("-", "--", ":", "-.")[n % 4], linewidth=1.5, label=name)
            for kind, mark in marks.items():
                at = [step for step, found in enumerate(kinds) if found == kind]
                axes.plot(at, percent[at], mark, color=style.CYCLE[n], markersize=4.5)
        for kind, mark in marks.items():
            axes.plot([], [], mark, color=style.INK, label=kind)
        axes.set(xlabel="step, in the order of computing", ylabel="error, % of the spread", title=title, ylim=(0, None))
        axes.legend(loc="center left", bbox_to_anchor=(1, 0.5), fontsize=9)
    plt.close(figure)
    return figure
