"""Widgets of the labs. Run without a person (papermill, tests), each shows its first state and stays silent."""

import io
from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeVar

import ipywidgets as W
from IPython.display import display
from matplotlib.figure import Figure

from labutils.show.decision import Walk as Walk  # a module of its own: the tree of lab 07
from labutils.show.duel import Duel as Duel  # likewise: two models against each other, of lab 09

Item = TypeVar("Item")


def explore(x: W.Widget, answer: Callable[[Any], str], label: str) -> W.Widget:
    """A control with its answer, which follows every move. answer: from the control's value to HTML or text."""
    shown = W.HTML()

    def follow(_: object = None) -> None:
        shown.value = answer(x.value)

    x.observe(follow, names="value")
    follow()
    x.description, x.layout.width = label, "60%"
    return W.VBox([x, shown])


def redraw(controls: dict[str, W.Widget], draw: Callable[..., Figure]) -> W.Widget:
    """Controls above a chart that is drawn anew at every move. draw: takes each control's value under its name."""
    shown = W.Image(format="png")

    def follow(_: object = None) -> None:
        buffer = io.BytesIO()
        draw(**{name: control.value for name, control in controls.items()}).savefig(buffer, format="png")
        shown.value = buffer.getvalue()

    for name, control in controls.items():
        control.description = control.description or name
        control.observe(follow, names="value")
    follow()
    return W.VBox([*controls.values(), shown])


def progress(items: Iterable[Item], total: int, what: str) -> Iterator[Item]:
    """Go through the items and show how far one is: a bar that fills, with `what` and the count beside it."""
    bar = W.IntProgress(0, max=total, layout=W.Layout(width="50%"), style={"bar_color": "#0072B2"})
    count = W.Label(f"0 of {total:,} {what}")
    display(W.HBox([bar, count]))
    step = max(1, total // 40)
    for done, item in enumerate(items, 1):
        yield item
        if done % step == 0 or done == total:
            bar.value, count.value = done, f"{done:,} of {total:,} {what}"
