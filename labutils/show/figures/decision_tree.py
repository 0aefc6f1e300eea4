"""26: the paths in optimization, as questions. They are those of labutils.tflite.choice, in few words."""

from matplotlib.figure import Figure

from labutils.show import style
from labutils.show.figures.drawing import Canvas

# The lowest row: left edge, width, title, note.
LEAVES = (
    (1, 13.8, "collect data", "100 samples,\nthen ask again"),
    (15.9, 10.9, "float16", "weights\nfloat16"),
    (27.9, 17, "dynamic range", "weights\nint8"),
    (46, 12.5, "full uint8", "bytes at\nthe border"),
    (59.6, 12.4, "full int8", "int8\nthroughout"),
    (73.1, 12.3, "16x8", "activations\nint16"),
    (86.6, 12.4, "integer", "int8 inside,\nfloat border"),
)
INTEGERS = "Integers only?"


def paths() -> Figure:
    """Questions from top to bottom, ends in orange, and in red where no path leads on."""
    canvas = Canvas(height=74)
    _trunk(canvas)
    _branches(canvas)
    for left, width, title, note in LEAVES:
        canvas.box(left, 1, width, 11, title, note, style.VERMILION if left == 1 else style.ORANGE)
    return canvas.figure


def _trunk(canvas: Canvas) -> None:
    """From the top: the operators, the float file, the data; what lies to the left and right of the first two."""
    questions = (
        (63, "Operator missing?", "LiteRT has no builtin for it"),
        (46.5, "Float good enough?", "its size and its time"),
        (30, "Data to calibrate?", "as the device will see them"),
    )
    for y, title, note in questions:
        canvas.box(31, y, 30, 10, title, note)
    for y in (63, 46.5):
        canvas.arrow((46, y), (46, y - 6.5))
        canvas.label(47, y - 3, "no")
    canvas.box(8, 46.5, 16, 10, "float", "as trained", style.ORANGE)
    canvas.arrow((31, 51.5), (24, 51.5))
    canvas.label(26, 53.3, "yes")
    canvas.box(68, 63, 18, 10, INTEGERS, "")
    canvas.arrow((61, 68), (68, 68))
    canvas.label(63, 69.8, "yes")
    canvas.box(68, 46.5, 13, 10, "Select", "with Flex", style.ORANGE)
    canvas.box(84, 46.5, 15, 10, "rewrite it", "no path yet", style.VERMILION)
    canvas.arrow((74.5, 63), (74.5, 56.5))
    canvas.label(75.5, 60, "no")
    canvas.path((86, 68), (91.5, 68), (91.5, 56.5))
    canvas.label(87.3, 69.8, "yes")


def _branches(canvas: Canvas) -> None:
    """Below the data: without them to the left, with them to the right."""
    canvas.box(6, 30, 18, 10, INTEGERS, "")
    canvas.arrow((31, 35), (24, 35))
    canvas.label(26.5, 36.8, "no")
    canvas.path((8.1, 30), (8.1, 12))
    canvas.label(9.1, 21, "yes")
    canvas.box(68, 30, 18, 10, INTEGERS, "")
    canvas.arrow((61, 35), (68, 35))
    canvas.label(63, 36.8, "yes")
    _question(canvas, (18, 30), 18.5, "Half is enough?", "no", 1)
    _question(canvas, (72, 30), 46.8, "Unsigned bytes?", "yes", 3)
    _question(canvas, (82, 30), 74, "8 bits too coarse?", "no", 5)


def _question(
    canvas: Canvas, start: tuple[float, float], left: float, title: str, word: str, leaf: int
) -> None:  # fmt: skip
    """The last question of a branch: an arrow to it, with its word; yes to one leaf, no to the next."""
    canvas.box(left, 16.5, 24, 7, title)
    x, y, middle = *start, left + 12
    canvas.path((x, y), (x, y - 3.3), (middle, y - 3.3), (middle, 23.5))
    canvas.label((x + middle) / 2 - 1, y - 1.5, word)
    for number, answer in ((leaf, "yes"), (leaf + 1, "no")):
        below = LEAVES[number][0] + LEAVES[number][1] / 2
        canvas.arrow((below, 16.5), (below, 12))
        canvas.label(below + 1, 14.2, answer)
