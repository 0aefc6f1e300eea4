"""The paths in optimization, as questions. They are those of labutils.tflite.choice, in few words."""

from matplotlib.figure import Figure

from labutils.show import style
from labutils.show.figures.drawing import Box, Canvas, Point
from labutils.show.figures.source import FigureSource

WIDTH, HIGH, LOW = 26.5, 11.0, 8.0  # of a question; height of one with a note; of one without
MIDDLE, RIGHT, FAR = 36.5, 66.5, 83.5  # where the columns begin; the first begins at 1
LEAF = 15.5


def paths() -> Figure:
    """Questions from top to bottom, no leading on; yes to the right, where each ends in a path, or in red in none."""
    canvas = Canvas(height=104)
    missing = canvas.box(1, 92, WIDTH, HIGH, "Operator missing?", "in LiteRT")
    fine = canvas.box(1, 74, WIDTH, HIGH, "Float is fine?", "its size, its time")
    calibrate = canvas.box(1, 52, WIDTH, HIGH, "Data at hand?", "as the device sees")
    integers = canvas.box(1, 28, WIDTH, LOW, "Integers only?", "")
    coarse = canvas.box(1, 13.5, WIDTH, LOW, "8 bits too coarse?", "")
    for above, below, word in (
        (missing, fine, "no"), (fine, calibrate, "no"), (calibrate, integers, "yes"), (integers, coarse, "no"),
    ):  # fmt: skip
        canvas.arrow(above.bottom, below.top)
        canvas.words(above.bottom[0] + 1.2, (above.bottom[1] + below.top[1]) / 2, word)
    leaf = _leaf(canvas, 6.5, 0.5, "integer", "")
    canvas.arrow(coarse.bottom, leaf.top)
    canvas.words(coarse.bottom[0] + 1.2, (coarse.bottom[1] + leaf.top[1]) / 2, "no")
    _yes(canvas, coarse.right, _leaf(canvas, MIDDLE, 13, "16x8", ""))
    _yes(canvas, fine.right, _leaf(canvas, MIDDLE, 74.5, "float", "as trained"))
    alone = canvas.box(MIDDLE, 93.5, WIDTH - 2.5, LOW, "Integers only?", "")
    _yes(canvas, missing.right, alone)
    _fork(canvas, alone, 91, ("rewrite", "no path yet", "Select", "with Flex"), stop=True)
    without = canvas.box(MIDDLE, 59.5, WIDTH - 2.5, LOW, "Integers only?", "")
    canvas.arrow(calibrate.right, (32, calibrate.right[1]), (32, without.left[1]), without.left)
    canvas.words(28.3, calibrate.right[1] - 2.6, "no")
    stop = _leaf(canvas, RIGHT, 58.5, "collect", "100 samples", style.VERMILION)
    _yes(canvas, without.right, stop)
    half = canvas.box(MIDDLE, 44, WIDTH - 2.5, LOW, "Half is enough?", "")
    canvas.arrow(without.bottom, half.top)
    canvas.words(without.bottom[0] + 1.2, 55.6, "no")
    _fork(canvas, half, 43, ("float16", "weights", "dynamic\nrange", ""))
    unsigned = canvas.box(MIDDLE, 28, WIDTH - 2.5, LOW, "Unsigned bytes?", "")
    _yes(canvas, integers.right, unsigned)
    _fork(canvas, unsigned, 27, ("full uint8", "throughout", "full int8", "throughout"))
    return canvas.figure


def _leaf(canvas: Canvas, x: float, y: float, title: str, note: str, color: str = style.ORANGE) -> Box:
    return canvas.box(x, y, LEAF, 10 if note or "\n" in title else LOW, title, note, color)


def _yes(canvas: Canvas, start: Point, to: Box) -> None:
    canvas.arrow(start, (to.left[0], start[1]))
    canvas.words((start[0] + to.left[0]) / 2, start[1] + 2.2, "yes", side="center")


def _fork(canvas: Canvas, question: Box, y: float, leaves: tuple[str, str, str, str], stop: bool = False) -> None:
    """Two leaves on the right of a question: yes to the near one, no around it to the far one."""
    near = _leaf(canvas, RIGHT, y, *leaves[:2], color=style.VERMILION if stop else style.ORANGE)
    far = _leaf(canvas, FAR, y, *leaves[2:])
    _yes(canvas, question.right, near)
    x, level = question.right[0] - 4, y - 3.2
    canvas.arrow((x, question.y), (x, level), (far.bottom[0], level), far.bottom)
    canvas.words(x + 1.2, level + 1.9, "no")


FIGURES = {
    "26-optimizing": FigureSource(
        paths,
        "The paths in optimization",
        "A tree of questions. Is an operator missing in LiteRT? Yes: if the device wants integers only, rewrite the "
        "operator, there is no path yet; if not, Select, with Flex. No: is the float file fine, its size and its time? "
        "Yes: float. No: are there data at hand, as the device sees them? Without data: integers only? Yes: collect "
        "100 samples; no: is half the size enough? Yes float16, no dynamic range. With data: integers only? Yes: "
        "unsigned bytes? Yes full uint8, no full int8. Not integers only: are 8 bits too coarse? Yes 16x8, no integer.",
    ),
}
