"""The drawing language of the diagrams: boxes, arrows, groups and notes on a canvas of 100 units in width."""

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch, Rectangle

from labutils.show import style

WIDTH_INCHES = 9.0  # at 100 dpi: 900 pixels, the width that the text sizes are chosen for
UNIT = 100 / WIDTH_INCHES


class Canvas:
    """A diagram. Coordinates: x from 0 to 100 rightward, y from 0 to `height` upward, in the same unit."""

    def __init__(self, height: float) -> None:
        self.figure = Figure(figsize=(WIDTH_INCHES, height / UNIT), facecolor=style.PAPER)
        self.axes: Axes = self.figure.add_axes((0, 0, 1, 1))
        self.axes.set(xlim=(0, 100), ylim=(0, height))
        self.axes.axis("off")

    def box(self, x: float, y: float, width: float, height: float, title: str, note: str = "",
            color: str = style.BLUE) -> None:
        """A box with its lower left corner at (x, y): a title, and below it a note of one or more lines."""
        patch = FancyBboxPatch((x, y), width, height, boxstyle="round,pad=0,rounding_size=1.2",
                               facecolor=style.PAPER, edgecolor=color, linewidth=2.2, zorder=1)
        self.axes.add_patch(patch)
        middle = x + width / 2
        if not note:
            self._text(middle, y + height / 2, title, 12.5, style.INK, weight="bold")
            return
        self._text(middle, y + height - 3.2, title, 12.5, style.INK, weight="bold")
        self._text(middle, (y + y + height - 5) / 2, note, 10.5, style.MUTED)

    def group(self, x: float, y: float, width: float, height: float, title: str) -> None:
        """A shaded area behind boxes, its title at the upper left."""
        patch = FancyBboxPatch((x, y), width, height, boxstyle="round,pad=0,rounding_size=1.5",
                               facecolor="#F1F4F7", edgecolor="none", zorder=0)
        self.axes.add_patch(patch)
        self.axes.text(x + 2, y + height - 3, title, fontsize=12, color=style.MUTED, va="center", weight="bold")

    def arrow(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        look = {"arrowstyle": "-|>", "mutation_scale": 16, "linewidth": 2, "color": style.INK}
        self.axes.add_patch(FancyArrowPatch(start, end, shrinkA=0, shrinkB=0, **look))

    def path(self, *points: tuple[float, float]) -> None:
        """An arrow that goes from point to point in straight lines."""
        x, y = zip(*points[:-1], strict=True)
        self.axes.plot(x, y, color=style.INK, linewidth=2, solid_joinstyle="round", zorder=0.5)
        self.arrow(points[-2], points[-1])

    def bar(self, x: float, y: float, width: float, height: float, text: str, color: str) -> None:
        """A filled bar with its lower left corner at (x, y), dark enough for the white text in it."""
        self.axes.add_patch(Rectangle((x, y), width, height, facecolor=color, edgecolor="none", zorder=1))
        self._text(x + width / 2, y + height / 2, text, 10.5, style.PAPER, weight="bold")

    def label(self, x: float, y: float, text: str, color: str = style.MUTED) -> None:
        """Text that begins at x, its middle line at y."""
        self.axes.text(x, y, text, fontsize=10.5, color=color, ha="left", va="center", linespacing=1.4, zorder=2)

    def _text(self, x: float, y: float, text: str, size: float, color: str, weight: str = "normal") -> None:
        self.axes.text(x, y, text, fontsize=size, color=color, weight=weight, ha="center", va="center",
                       linespacing=1.4, zorder=2)
