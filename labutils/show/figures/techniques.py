"""The three techniques of optimization, each as what it does to a matrix of weights; and MobileNetV2's block."""

import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from labutils.show import style
from labutils.show.figures.drawing import Canvas, tint
from labutils.show.figures.source import FigureSource

SIDE = 6  # weights along a side of a matrix
CELL = 2.15


def techniques() -> Figure:
    """Before and after, side by side, for quantization, pruning and topology."""
    canvas = Canvas(height=36)
    weights = np.abs(np.random.default_rng(6).normal(size=(SIDE, SIDE)))
    weights /= weights.max()
    few = (np.minimum(np.floor(weights * 4), 3) + 0.5) / 4
    kept = np.where(weights > np.median(weights), weights, 0)
    panels = (
        ("Quantization", "fewer bits for each\nweight: few values", style.BLUE, [weights, few]),
        ("Pruning", "weights that matter\nlittle become zero", style.ORANGE, [weights, kept]),
        ("Topology", "a network that does\nwith fewer weights", style.GREEN, [weights, weights[1:5, 1:5]]),
    )
    for n, (title, note, color, pair) in enumerate(panels):
        x = 1 + 33.25 * n
        canvas.group(x, 1, 31.5, 34, title)
        for left, values in zip((x + 1.2, x + 17.4), pair, strict=True):
            _matrix(canvas, left + (SIDE - len(values)) * CELL / 2, 21, values, color)
        canvas.arrow((x + 14.3, 21), (x + 17.2, 21))
        canvas.words(x + 15.75, 7, note, side="center")
    return canvas.figure


def _matrix(canvas: Canvas, left: float, middle: float, values: np.ndarray, color: str) -> None:
    """Weights as cells, darker where they are larger; a zero is an empty cell with a stroke through it."""
    top = middle + len(values) * CELL / 2
    for (row, column), value in np.ndenumerate(values):
        x, y = left + column * CELL, top - (row + 1) * CELL
        shade = tint(color, 0.15 + 0.85 * value) if value else style.PAPER
        canvas.axes.add_patch(Rectangle((x, y), CELL, CELL, facecolor=shade, edgecolor=style.MUTED, linewidth=0.8))
        if not value:
            canvas.axes.plot([x + 0.5, x + CELL - 0.5], [y + 0.5, y + CELL - 0.5], color=style.MUTED, linewidth=0.8)


def inverted_residual() -> Figure:
    """The block of MobileNetV2, thin at its ends, and the classic block, thin in its middle."""
    canvas = Canvas(height=64)
    canvas.group(1, 1, 58, 62, "Inverted residual (MobileNetV2)")
    canvas.group(61, 1, 38, 62, "Classic residual (ResNet)")
    inverted = ["1 × 1 expand, × 6\nReLU6", "3 × 3 depthwise\nReLU6", "1 × 1 project\nlinear"]
    _block(canvas, 31.5, 5, [(8, "24"), (44, "144 channels"), (44, "144 channels"), (8, "24")], inverted)
    classic = ["1 × 1 reduce\nReLU", "3 × 3\nReLU", "1 × 1 expand\nReLU after +"]
    _block(canvas, 81.5, 64, [(24, "256 channels"), (7, "64"), (7, "64"), (24, "256 channels")], classic)
    return canvas.figure


def _block(canvas: Canvas, middle: float, way: float, tensors: list[tuple[float, str]], steps: list[str]) -> None:
    """Four tensors below each other, as wide as they have channels; three steps between; a shortcut at x = way."""
    height, step = 5.5, 15.2
    tops = [54.5 - n * step for n in range(4)]
    for n, (width, text) in enumerate(tensors):
        color = style.VERMILION if n in (0, 3) else style.BLUE
        canvas.bar(middle - width / 2, tops[n] - height, width, height, text, color)
    for n, text in enumerate(steps):
        canvas.arrow((middle, tops[n] - height), (middle, tops[n + 1]))
        canvas.words(middle + 1.8, tops[n] - height - (step - height) / 2, text)
    sides = [middle - tensors[n][0] / 2 for n in (0, 3)]
    levels = [tops[n] - height / 2 for n in (0, 3)]
    canvas.arrow((sides[0], levels[0]), (way, levels[0]), (way, levels[1]), (sides[1], levels[1]))
    canvas.text(sides[1] - 2.5, levels[1] + 2, "+", 17, style.INK)


FIGURES = {
    "6-techniques": FigureSource(
        techniques,
        "The techniques of optimization",
        "Three panels, each with a matrix of weights before and after. Quantization: fewer bits for each weight, so "
        "that few different values are left. Pruning: weights that matter little become zero. Topology: a network "
        "that does with fewer weights, a smaller matrix.",
    ),
    "inverted-residual": FigureSource(
        inverted_residual,
        "The block of MobileNetV2",
        "Two blocks, drawn as bars whose width stands for channels. The inverted residual goes from 24 channels by "
        "a 1 by 1 expansion to 144, through a 3 by 3 depthwise convolution, and by a linear 1 by 1 projection back "
        "to 24; a shortcut joins the thin ends. The classic residual goes from 256 to 64 and back to 256; its "
        "shortcut joins the wide ends.",
    ),
}
