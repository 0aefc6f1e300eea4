"""Several models by several figures: a panel a figure, a row a model, so that a glance along a row weighs one model."""

from collections.abc import Mapping

import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from labutils.errors import LabError
from labutils.show import style

PANEL = 2.05  # inches of width


def panels(rows: Mapping[str, Mapping[str, float]], title: str, marked: str | None = None) -> Figure:
    """One row of bars for each model, one panel for each figure. Horizontal axes: the figures, each with its unit.

    rows: model -> figure with its unit ("kilobytes") -> value of 0 or more, the same figures for every model. marked:
    a model whose bars get another colour and a hatch. Raises LabError for nothing to show, and for a marked model that
    is not among the rows.
    """
    if not rows or (marked is not None and marked not in rows):
        known = ", ".join(rows) or "nothing yet"
        raise LabError(f"{marked} is not there to be marked: there is {known}." if marked else "There is no model yet.")
    names = list(rows)[::-1]
    figures = list(rows[names[0]])
    with style.styled():
        size = (1.9 + PANEL * len(figures), 1.1 + 0.42 * len(names))
        figure, grid = plt.subplots(1, len(figures), figsize=size, layout="constrained", sharey=True, squeeze=False)
        for axes, wanted in zip(grid.flat, figures, strict=True):
            _panel(axes, {name: rows[name][wanted] for name in names}, marked)
            axes.set_xlabel(wanted)
        figure.suptitle(title, fontsize=12, fontweight="bold", x=0.01, ha="left")
    plt.close(figure)
    return figure


def _panel(axes: Axes, values: dict[str, float], marked: str | None) -> None:
    look = [(style.ORANGE, "//") if name == marked else (style.BLUE, "") for name in values]
    held = axes.barh(
        list(values), list(values.values()), 0.6, color=[colour for colour, _ in look], edgecolor=style.PAPER,
        hatch=[hatch for _, hatch in look],
    )  # fmt: skip
    axes.bar_label(held, [_short(value) for value in values.values()], padding=3, fontsize=10)
    axes.set_xlim(0, 1.38 * max(*values.values(), 1e-12))
    axes.tick_params(axis="x", labelbottom=False)  # each bar bears its number
    axes.grid(axis="y", visible=False)


def _short(value: float) -> str:
    """Three figures that count, and no exponent.

    >>> _short(1234567.0), _short(98.055), _short(28.0), _short(0.00512), _short(0)
    ('1,234,567', '98.1', '28.0', '0.00512', '0')
    """
    return f"{value:,.0f}" if value >= 100 or not value else f"{value:#.3g}".rstrip(".")
