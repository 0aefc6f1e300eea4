"""The drawing language of the diagrams: boxes, arrows, groups and words on a canvas of 100 units in width."""

from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch, Rectangle

from labutils.show import style

WIDTH_INCHES = 9.0  # 900 pixels where an inch has 100, the width that the text sizes are chosen for
UNIT = 100 / WIDTH_INCHES
POINT = UNIT / 72  # in units
GROUP, TITLE, WORDS, SMALL = 14.0, 15.0, 12.5, 10.0  # the type scale, in points
LINE = 1.35  # from one line to the next, in heights of the type
SHADE = "#F1F4F7"  # behind a group

Point = tuple[float, float]


@dataclass(frozen=True)
class Box:
    """Where a box lies: its lower left corner and its size. Its four sides, as points that arrows begin and end at."""

    x: float
    y: float
    width: float
    height: float

    @property
    def left(self) -> Point:
        return self.x, self.y + self.height / 2

    @property
    def right(self) -> Point:
        return self.x + self.width, self.y + self.height / 2

    @property
    def top(self) -> Point:
        return self.x + self.width / 2, self.y + self.height

    @property
    def bottom(self) -> Point:
        return self.x + self.width / 2, self.y


class Canvas:
    """A diagram. Coordinates: x from 0 to 100 rightward, y from 0 to `height` upward, in the same unit."""

    def __init__(self, height: float) -> None:
        self.figure = Figure(figsize=(WIDTH_INCHES, height / UNIT), facecolor=style.PAPER)
        self.axes: Axes = self.figure.add_axes((0, 0, 1, 1))
        self.axes.set(xlim=(0, 100), ylim=(0, height))
        self.axes.axis("off")

    def box(self, x: float, y: float, width: float, height: float, title: str, note: str = "",
            color: str = style.BLUE) -> Box:
        """A box with its lower left corner at (x, y): a title, and below it a note of one or more lines."""
        patch = FancyBboxPatch((x, y), width, height, boxstyle="round,pad=0,rounding_size=1.2",
                               facecolor=tint(color), edgecolor=color, linewidth=2.4, zorder=1)
        self.axes.add_patch(patch)
        head = TITLE * POINT * LINE * (title.count("\n") + 1)
        foot = WORDS * POINT * LINE * (note.count("\n") + 1) if note else 0
        between = 0.5 if note else 0
        top = y + (height + head + between + foot) / 2
        self.text(x + width / 2, top - head / 2, title, TITLE, style.INK, weight="bold")
        self.text(x + width / 2, top - head - between - foot / 2, note, WORDS, style.INK)
        return Box(x, y, width, height)

    def group(self, x: float, y: float, width: float, height: float, title: str, *, below: bool = False) -> None:
        """A shaded area behind boxes, its title at the upper left; below: at the lower left."""
        patch = FancyBboxPatch((x, y), width, height, boxstyle="round,pad=0,rounding_size=1.5",
                               facecolor=SHADE, edgecolor="none", zorder=0)
        self.axes.add_patch(patch)
        self.text(x + 2, y + 3.2 if below else y + height - 3.2, title, GROUP, style.MUTED, side="left", weight="bold")

    def arrow(self, *points: Point) -> None:
        """An arrow from the first point to the last, in straight lines by way of those between."""
        if len(points) > 2:
            x, y = zip(*points[:-1], strict=True)
            self.axes.plot(x, y, color=style.INK, linewidth=2, solid_joinstyle="round", zorder=0.5)
        look = {"arrowstyle": "-|>", "mutation_scale": 17, "linewidth": 2, "color": style.INK, "zorder": 0.5}
        self.axes.add_patch(FancyArrowPatch(points[-2], points[-1], shrinkA=0, shrinkB=0, **look))

    def chain(self, *boxes: Box) -> None:
        """Arrows from each box to the one on its right."""
        for box, following in zip(boxes, boxes[1:], strict=False):
            self.arrow(box.right, following.left)

    def bar(self, x: float, y: float, width: float, height: float, text: str, color: str) -> None:
        """A filled bar with its lower left corner at (x, y), dark enough for the white text in it."""
        self.axes.add_patch(Rectangle((x, y), width, height, facecolor=color, edgecolor="none", zorder=1))
        self.text(x + width / 2, y + height / 2, text, WORDS, style.PAPER, weight="bold")

    def words(self, x: float, y: float, text: str, color: str = style.INK, **look: str) -> None:
        """Text that begins at x, its middle line at y. side="right": it ends there; side="center": its middle."""
        self.text(x, y, text, WORDS, color, **{"side": "left", **look})

    def text(self, x: float, y: float, text: str, size: float, color: str, *, side: str = "center",
             weight: str = "normal", family: str = "DejaVu Sans") -> None:
        if text:
            self.axes.text(x, y, text, fontsize=size, color=color, weight=weight, ha=side, va="center",
                           family=family, linespacing=LINE, zorder=5)


def tint(color: str, share: float = 0.1) -> tuple[float, ...]:
    """A colour mixed with much white.

    >>> tint("#000000", 0.5)
    (0.5, 0.5, 0.5)
    """
    return tuple(1 - share * (1 - part) for part in to_rgb(color))
