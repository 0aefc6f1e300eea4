"""Floats, and the int8 grid that they are stored on. Every number in it follows from LOW and HIGH."""

from matplotlib.figure import Figure
from matplotlib.patches import Polygon

from labutils.show import style
from labutils.show.figures.drawing import Canvas
from labutils.show.figures.source import FigureSource

LOW, HIGH = -2.0, 3.1  # the range; 0.02 a step, so that all labels are short
SCALE = (HIGH - LOW) / 255
ZERO_POINT = round(-128 - LOW / SCALE)
BEYOND = (-2.7, 3.8)
ROUNDED = (0.975, 1.013, 1.046)  # none of them on the grid
NEAR = range(21, 26)  # the stored numbers of the enlarged part
BAND, BEAM, INT = "#DDEBF5", "#E4E8ED", style.BLUE


def quantization() -> Figure:
    """The whole range above, a few neighbours of the grid enlarged below, the formula at the foot."""
    canvas = Canvas(height=73)
    canvas.group(1, 36, 98, 36, "The whole range: 256 stored numbers")
    canvas.group(1, 9, 98, 25, "A few of them, enlarged")
    _whole(canvas, real=58.5, stored=46)
    _enlarged(canvas, real=25.4, stored=16.5)
    _lens(canvas, stored=46, top=34)
    for y, formula in (
        (5.9, "stored = round(real ÷ scale) + zero point, clipped to −128 … 127"),
        (2.1, "read back = scale × (stored − zero point)"),
    ):
        canvas.words(50, y, formula, side="center", weight="bold")
    return canvas.figure


def _at(real: float) -> float:
    """Where a real number lies, from left to right, in the upper part."""
    return 15 + (real - LOW) / (HIGH - LOW) * 70


def _near(real: float) -> float:
    """Where a real number lies in the enlarged part: a step is 14.5 wide."""
    return 24 + (real - SCALE * (NEAR[0] - ZERO_POINT)) / SCALE * 14.5


def _real(stored: int) -> float:
    return SCALE * (stored - ZERO_POINT)


def _whole(canvas: Canvas, real: float, stored: float) -> None:
    """The two lines, one above the other, the range between them shaded; what lies beyond is clipped."""
    band = [(_at(LOW), real), (_at(HIGH), real), (_at(HIGH), stored), (_at(LOW), stored)]
    canvas.axes.add_patch(Polygon(band, facecolor=BAND, edgecolor="none", zorder=0.2))
    _line(canvas, 3, 97, real, style.GREEN)
    _line(canvas, _at(LOW), _at(HIGH), stored, INT)
    for number in range(-128, 128):
        _tick(canvas, _at(_real(number)), stored, 0.9, INT, 0.7)
    canvas.words(3, real + 7, "real numbers, float32", style.GREEN)
    canvas.words(3, stored, "int8", INT)
    for name, value, number in (("low ", LOW, -128), ("", 0.0, ZERO_POINT), ("high ", HIGH, 127)):
        _tick(canvas, _at(value), real, 1.4, style.GREEN, 2)
        _tick(canvas, _at(value), stored, 1.8, INT, 2)
        _text(canvas, _at(value), real + 3.4, name + _signed(value), style.INK)
        _text(canvas, _at(value), stored - 3.6, _signed(number), INT, "bold")
    _text(canvas, _at(0), stored - 6.7, "zero point", style.INK, "bold")
    canvas.arrow((_at(0), real - 0.8), (_at(0), stored + 2))
    _text(canvas, _at(0) + 1.4, (real + stored) / 2 + 0.5, "0.0 is stored\nwithout error", style.INK, side="left")
    for value, end in zip(BEYOND, (LOW, HIGH), strict=True):
        _dot(canvas, _at(value), real, style.VERMILION, "D")
        _text(canvas, _at(value), real + 3.4, _signed(value), style.VERMILION)
        canvas.arrow((_at(value), real - 0.8), (_at(value), stored + 4.5), (_at(end), stored + 1.9))
        _text(canvas, _at(value), real - 4, "clipped", style.VERMILION, side="left" if value < 0 else "right", off=1)


def _enlarged(canvas: Canvas, real: float, stored: float) -> None:
    """Five neighbours of the grid; each real number goes to the nearest."""
    left, right = _near(_real(NEAR[0])) - 7, _near(_real(NEAR[-1])) + 7
    _line(canvas, left, right, real, style.GREEN)
    _line(canvas, left, right, stored, INT)
    canvas.words(3, real, "real", style.GREEN)
    canvas.words(3, stored - 2.6, "stored", INT)
    canvas.words(3, stored - 5.5, "read back as", style.MUTED)
    for number in NEAR:
        x = _near(_real(number))
        _tick(canvas, x, stored, 1.2, INT, 2)
        _text(canvas, x, stored - 2.6, str(number), INT, "bold")
        _text(canvas, x, stored - 5.5, f"{_real(number):.2f}", style.MUTED)
    for value in ROUNDED:
        nearest = _near(_real(round(value / SCALE) + ZERO_POINT))
        _dot(canvas, _near(value), real, style.GREEN, "o")
        _text(canvas, _near(value), real + 2.6, f"{value:.3f}", style.INK)
        canvas.arrow((_near(value), real - 0.8), (nearest, stored + 1.4))
    ends = [_near(_real(number)) for number in NEAR[:2]]
    look = {"arrowstyle": "<|-|>", "color": style.INK, "linewidth": 1.4, "shrinkA": 0, "shrinkB": 0}
    canvas.axes.annotate("", (ends[0], stored + 3.4), (ends[1], stored + 3.4), arrowprops=look)
    _text(canvas, sum(ends) / 2, stored + 5.6, f"scale {SCALE:.2f}", style.INK, "bold")


def _lens(canvas: Canvas, stored: float, top: float) -> None:
    """The enlarged part, framed on the grid, and a beam that widens from there to the top of the lower group."""
    left, right = _at(_real(NEAR[0]) - SCALE / 2), _at(_real(NEAR[-1]) + SCALE / 2)
    frame = [(left, stored - 1.5), (right, stored - 1.5), (right, stored + 1.5), (left, stored + 1.5)]
    canvas.axes.add_patch(Polygon(frame, facecolor="none", edgecolor=style.INK, linewidth=1.2, zorder=3))
    beam = [(left, stored - 1.5), (right, stored - 1.5), (92, top), (8, top)]
    canvas.axes.add_patch(Polygon(beam, facecolor=BEAM, edgecolor="none", zorder=0.3))


def _signed(number: float) -> str:
    """With a minus sign in place of the hyphen."""
    return str(number).replace("-", "−")


def _line(canvas: Canvas, left: float, right: float, y: float, color: str) -> None:
    canvas.axes.plot([left, right], [y, y], color=color, linewidth=2.2, solid_capstyle="butt", zorder=1)


def _tick(canvas: Canvas, x: float, y: float, half: float, color: str, width: float) -> None:
    canvas.axes.plot([x, x], [y - half, y + half], color=color, linewidth=width, solid_capstyle="butt", zorder=1.5)


def _dot(canvas: Canvas, x: float, y: float, color: str, marker: str) -> None:
    canvas.axes.plot([x], [y], marker, color=color, markersize=7.5, markeredgecolor=style.PAPER, zorder=4)


def _text(
    canvas: Canvas, x: float, y: float, text: str, color: str, weight: str = "normal", side: str = "center",
    off: float = 0.0,
) -> None:
    """side: the end of the text that stands at x; off: how far from it."""
    x += {"left": off, "right": -off}.get(side, 0)
    canvas.words(x, y, text, color, weight=weight, side=side)


FIGURES = {
    "20-quantization": FigureSource(
        quantization,
        "Quantization: floats become integers",
        "Above, a line of real numbers, float32; below it, the 256 numbers of int8. The range from low, -2.0, to high, "
        "3.1, lies over -128 to 127. 0.0 falls exactly on the zero point, -28, and is stored without error. -2.7 and "
        "3.8 lie beyond the range: arrows lead them to the ends, -128 and 127; they are clipped. Enlarged, the stored "
        "numbers 21 to 25, read back as 0.98, 1.00, 1.02, 1.04 and 1.06: from one to the next it is the scale, 0.02. "
        "0.975 goes to the nearest, 21; 1.013 to 23; 1.046 to 24. At the foot: stored = round(real ÷ scale) + zero "
        "point, clipped to -128 to 127; read back = scale × (stored - zero point).",
    ),
}
