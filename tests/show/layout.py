"""What a reader would mark in a drawing: words that are too small, cut off, on each other, over an edge or an arrow."""

from collections.abc import Iterator
from itertools import combinations

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch
from matplotlib.text import Text
from matplotlib.transforms import Bbox

SMALLEST = 11  # pixels, where the figure is 900 pixels wide
TOUCH = 2  # pixels by which the frames of letters side by side may overlap
EDGE = 6  # pixels between words and the edge of their box


def faults(figure: Figure) -> Iterator[str]:
    """A sentence for each fault; pixels are those of a figure 900 pixels wide."""
    figure.set_dpi(900 / figure.get_figwidth())
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    texts = [text for text in figure.findobj(Text) if text.get_visible() and text.get_text().strip()]
    spans = [(text, text.get_window_extent(canvas.get_renderer())) for text in texts]
    for text, span in spans:
        if text.get_fontsize() * figure.dpi / 72 < SMALLEST:
            yield f"{text.get_text()!r} is too small"
        if span.x0 < 0 or span.y0 < 0 or span.x1 > figure.bbox.width or span.y1 > figure.bbox.height:
            yield f"{text.get_text()!r} is cut off"
    for (one, its), (two, other) in combinations(spans, 2):
        shared = Bbox.intersection(its, other)
        if shared is not None and min(shared.width, shared.height) > TOUCH:
            yield f"{one.get_text()!r} is on {two.get_text()!r}"
    yield from _over_edges(figure, spans)
    yield from _over_arrows(figure, spans)


def _over_edges(figure: Figure, spans: list[tuple[Text, Bbox]]) -> Iterator[str]:
    boxes = [patch.get_window_extent() for patch in figure.findobj(FancyBboxPatch)]
    for text, span in spans:
        middle = ((span.x0 + span.x1) / 2, (span.y0 + span.y1) / 2)
        around = [box for box in boxes if box.contains(*middle)]
        if around:
            box = min(around, key=lambda each: each.width * each.height)
            if not (box.x0 + EDGE <= span.x0 and span.x1 <= box.x1 - EDGE and box.y0 <= span.y0 and span.y1 <= box.y1):
                yield f"{text.get_text()!r} goes over the edge of its box"


def _over_arrows(figure: Figure, spans: list[tuple[Text, Bbox]]) -> Iterator[str]:
    for points in _ways(figure):
        for text, span in spans:
            for start, end in zip(points, points[1:], strict=False):
                along = start + np.linspace(0, 1, 60)[:, None] * (end - start)
                if any(span.contains(*point) for point in along):
                    yield f"an arrow crosses {text.get_text()!r}"
                    break


def _ways(figure: Figure) -> Iterator[np.ndarray]:
    """The arrows, and the lines that lead to them: their points in pixels. Lines of charts carry a label."""
    for arrow in figure.findobj(FancyArrowPatch):
        yield arrow.axes.transData.transform(arrow._posA_posB)
    for axes in figure.axes:
        if not axes.axison:
            for line in axes.lines:
                yield line.get_transform().transform(np.column_stack(line.get_data()))


def tilted(figure: Figure) -> Iterator[str]:
    """Arrows that are nearly, and so not quite, straight across or straight down."""
    for arrow in figure.findobj(FancyArrowPatch):
        (x0, y0), (x1, y1) = arrow._posA_posB
        if 0 < min(abs(x1 - x0), abs(y1 - y0)) < 0.05 * max(abs(x1 - x0), abs(y1 - y0)):
            yield f"an arrow from ({x0:.1f}, {y0:.1f}) to ({x1:.1f}, {y1:.1f}) is tilted"
