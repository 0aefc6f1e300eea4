"""What a figure is: how it is drawn, and what stands beside it wherever it is shown."""

from collections.abc import Callable
from dataclasses import dataclass

from matplotlib.figure import Figure


@dataclass(frozen=True)
class FigureSource:
    """A figure. title: its line in the gallery. alt: what it shows, in words. says: the text of a card, else None."""

    draw: Callable[[], Figure]
    title: str
    alt: str
    says: Callable[[], str] | None = None
