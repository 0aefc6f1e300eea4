"""Three operators of a model, and what becomes of each: builtin, Select, or neither."""

from matplotlib.figure import Figure

from labutils.show import style
from labutils.show.figures.drawing import Canvas
from labutils.show.figures.source import FigureSource

# Lower edge of the row; in the model; in the file; on the device; its colour.
ROWS = (
    (36, ("x * 2", "a product"), ("MUL", "builtin operator"), ("Interpreter", "has a kernel for it"), style.BLUE),
    (20, ("erf(x)", "error function"), ("FlexErf", "allowed by Select"),
     ("Flex delegate", "TensorFlow's kernels"), style.ORANGE),
    (4, ("erfinv(x)", "its inverse"), ("refused", "Select lacks it too"),
     ("Rewrite it", "with builtin ones"), style.VERMILION),
)  # fmt: skip


def operator_sets() -> Figure:
    """A row for each operator, from left to right; the third can be saved by rewriting alone, and so can the second."""
    canvas = Canvas(height=56)
    for x, y, width, height, title in (
        (1, 1, 25, 54, "In your model"), (32, 1, 28, 54, "In the file"), (66, 18.2, 32.5, 36.8, "On the device"),
    ):  # fmt: skip
        canvas.group(x, y, width, height, title)
    for y, model, file, device, color in ROWS:
        canvas.chain(
            canvas.box(3, y, 21, 12, *model, color=style.GREEN),
            canvas.box(34, y, 24, 12, *file, color=color),
            canvas.box(68, y, 26, 12, *device, color=style.BLUE if y == 4 else color),
        )
    canvas.arrow((46, 20), (46, 18), (63, 18), (63, 13), (68, 13))
    canvas.arrow((94, 10), (96.5, 10), (96.5, 42), (94, 42))
    return canvas.figure


FIGURES = {
    "operator-sets": FigureSource(
        operator_sets,
        "Builtin, Select, or neither",
        "Three operators of a model, a row each, followed into the file and onto the device. A product becomes the "
        "builtin operator MUL, for which the interpreter has a kernel. The error function becomes FlexErf, allowed by "
        "Select, and needs the Flex delegate with TensorFlow's kernels. Its inverse is refused, for Select lacks it "
        "too. Arrows lead from the last two to a box, rewrite it with builtin operators, and from there to the "
        "interpreter.",
    ),
}
