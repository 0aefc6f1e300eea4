"""25: three operators of a model, and what becomes of each: builtin, Select, or neither."""

from matplotlib.figure import Figure

from labutils.show import style
from labutils.show.figures.drawing import Canvas

# Lower edge of the row; in the model; in the file; on the device; its colour.
ROWS = (
    (32, ("x * 2", "a product"), ("MUL", "builtin operator"), ("Interpreter", "has builtin kernels"), style.BLUE),
    (
        18, ("erf(x)", "error function"), ("FlexErf", "allowed by Select"),
        ("Flex delegate", "TensorFlow's own kernels"), style.ORANGE,
    ),
    (
        4, ("erfinv(x)", "its inverse"), ("refused", "Select lacks it too"),
        ("Rewrite it", "from builtin operators"), style.VERMILION,
    ),
)  # fmt: skip


def tf_select() -> Figure:
    """A row for each operator, from left to right; the third can be saved by rewriting alone, and so can the second."""
    canvas = Canvas(height=50)
    for x, y, width, height, title in (
        (1, 1, 25, 48, "In your model"), (34, 1, 27, 48, "In the file"), (68, 16.8, 31, 32.2, "On the device"),
    ):  # fmt: skip
        canvas.group(x, y, width, height, title)
    for y, model, file, device, color in ROWS:
        canvas.box(3, y, 21, 11, *model, color=style.GREEN)
        canvas.box(36, y, 23, 11, *file, color=color)
        canvas.box(70, y, 26, 11, *device, color=style.BLUE if y == 4 else color)
        canvas.arrow((24, y + 5.5), (36, y + 5.5))
        canvas.arrow((59, y + 5.5), (70, y + 5.5))
    canvas.path((47.5, 18), (47.5, 16.5), (64.5, 16.5), (64.5, 12), (70, 12))
    canvas.path((96, 9.5), (97.6, 9.5), (97.6, 37.5), (96, 37.5))
    return canvas.figure
