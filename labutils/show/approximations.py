"""A chart of lab 05: a function, what stands in for it, and by how much each is off."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure

from labutils.show import style

FLOOR = 1e-9  # an error of 0 has no place on a logarithmic axis


def errors(x: np.ndarray, truth: np.ndarray, answers: dict[str, np.ndarray], tolerance: float, title: str) -> Figure:
    """Two panels: the function with its stand-ins, and their absolute errors on a logarithmic axis with a tolerance.

    x, truth: (n,), truth in float64. answers: name -> (n,).

    >>> x = np.linspace(0, 1, 5)
    >>> len(errors(x, x**2, {"x to the third": x**3}, 0.1, "Powers").axes)
    2
    """
    lines = ("-", "--", "-.", ":")
    with style.styled():
        figure, (left, right) = plt.subplots(1, 2, figsize=(10, 3.6), layout="constrained")
        left.plot(x, truth, color=style.GRID, linewidth=7, label="the function itself")
        for n, (name, answer) in enumerate(answers.items()):
            look = {"color": style.CYCLE[n], "linestyle": lines[n % len(lines)], "label": name}
            left.plot(x, answer, **look)
            right.plot(x, np.maximum(np.abs(answer - truth), FLOOR), **{**look, "linewidth": 1.3})
        right.axhline(tolerance, color=style.INK, linewidth=1)
        place = {"xytext": (0, 5), "textcoords": "offset points", "ha": "center", "zorder": 5}
        paper = {"facecolor": style.PAPER, "edgecolor": "none", "pad": 1}
        right.annotate(f"tolerance {tolerance:g}", ((x[0] + x[-1]) / 2, tolerance), bbox=paper, **place)
        left.set(xlabel="x", ylabel="value", title=title)
        right.set(xlabel="x", ylabel="absolute error", yscale="log", title="How far off")
        left.legend(loc="upper left", fontsize=9.5)
    plt.close(figure)
    return figure
