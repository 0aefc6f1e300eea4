"""Names beside dots, placed so that none lies on another, on a dot, or outside the axes."""

import math

from matplotlib.axes import Axes
from matplotlib.text import Annotation, Text
from matplotlib.transforms import Bbox

from labutils.report.kinds import Point
from labutils.show import style

NEAR = 7.0  # pixels: dots that lie so close share one label
FONT = 9.5
# Where a label is tried, as an offset in points from its dot: beside it first, then further and further off.
OFFSETS = [
    (x * reach, y * reach)
    for reach in (1, 2.2, 3.6, 5.2, 7, 9)
    for x, y in ((8, 0), (-8, 0), (0, 9), (0, -9), (7, 8), (-7, 8), (7, -8), (-7, -8))
]


def place_names(axes: Axes, dots: list[tuple[str, Point]]) -> None:
    """Writes every name, one after the other, at the first place that is free; a thin line leads to a distant one."""
    axes.figure.draw_without_rendering()  # settles the axes, so that places can be told in pixels
    at = {name: axes.transData.transform(point) for name, point in dots}
    taken = [Bbox.from_bounds(x - 6, y - 6, 12, 12) for x, y in at.values()]  # dots, then labels
    points = dict(dots)
    for names in _together(at):
        text = "\n".join(names)
        for offset in OFFSETS:
            label = _write(axes, text, points[names[0]], offset)
            box = _box(label)
            free = _inside(box, axes.bbox) and not any(box.overlaps(other) for other in taken)
            others = [at[name] for name in at if name not in names]
            if free and not _crosses(at[names[0]], box, others, taken[len(at) :]):
                break
            label.remove()
        else:
            label = _write(axes, text, points[names[0]], OFFSETS[0])
            box = _box(label)
        taken.append(box)


def _write(axes: Axes, text: str, point: Point, offset: Point) -> Annotation:
    x, y = offset
    far = max(abs(x), abs(y)) > 12
    line = {"arrowstyle": "-", "color": style.MUTED, "linewidth": 0.6, "shrinkA": 0, "shrinkB": 3} if far else None
    label = axes.annotate(
        text, point, offset, textcoords="offset points", fontsize=FONT, arrowprops=line, linespacing=1.1,
        ha="center" if not x else "left" if x > 0 else "right", va="center" if not y else "bottom" if y > 0 else "top",
    )  # fmt: skip
    label.set_in_layout(False)  # else the axes would shrink for it, and every place found before would be wrong
    return label


def _box(label: Annotation) -> Bbox:
    """Of the letters, without the line that leads to them: that begins at a dot."""
    label.get_window_extent()  # puts it in its place
    return Text.get_window_extent(label)


def _together(at: dict[str, Point]) -> list[list[str]]:
    """Names from left to right, those whose dots lie on each other in one group."""
    groups: list[list[str]] = []
    for name in sorted(at, key=lambda each: tuple(at[each])):
        x, y = at[name]
        home = next((g for g in groups if abs(at[g[0]][0] - x) < NEAR and abs(at[g[0]][1] - y) < NEAR), None)
        if home is None:
            groups.append([name])
        else:
            home.append(name)
    return groups


def _crosses(dot: Point, box: Bbox, others: list[Point], labels: list[Bbox]) -> bool:
    """Whether the way from the dot to its label leads over another dot or label."""
    end = min(max(dot[0], box.x0), box.x1), min(max(dot[1], box.y0), box.y1)
    way = [(dot[0] + part * (end[0] - dot[0]), dot[1] + part * (end[1] - dot[1])) for part in (0.2, 0.4, 0.6, 0.8, 1)]
    return any(math.hypot(x - a, y - b) < NEAR for x, y in way for a, b in others) or any(
        label.contains(*point) for point in way for label in labels
    )


def _inside(box: Bbox, frame: Bbox) -> bool:
    return box.x0 >= frame.x0 and box.x1 <= frame.x1 + 4 and box.y0 >= frame.y0 and box.y1 <= frame.y1 + 4
