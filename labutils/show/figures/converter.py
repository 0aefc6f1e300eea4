"""The converter: what it takes, what it gives, what can be set."""

from matplotlib.figure import Figure

from labutils.show import style
from labutils.show.figures.drawing import WORDS, Canvas
from labutils.show.figures.source import FigureSource

SETTINGS = (
    ("optimizations", "[DEFAULT]: weights of 8 bits", style.BLUE),
    ("representative_dataset", "a generator of samples: activations too", style.BLUE),
    ("target_spec.supported_types", "[float16]: half of the bytes", style.ORANGE),
    ("target_spec.supported_ops", "builtin, integers only, 16x8, Select", style.ORANGE),
    ("inference_input_type", "float32, int8 or uint8", style.GREEN),
    ("inference_output_type", "float32, int8 or uint8", style.GREEN),
    ("allow_custom_ops", "operators that you bring yourself", style.PURPLE),
)


def converter() -> Figure:
    """Three ways in, one file out."""
    canvas = Canvas(height=52)
    ways = [
        canvas.box(1, 36.5 - 17.5 * n, 22, 14, title, note, style.GREEN)
        for n, (title, note) in enumerate((
            ("SavedModel", "a folder with\na version"), ("Keras model", "from memory, or\na .keras file"),
            ("Concrete\nfunction", "traced"),
        ))
    ]  # fmt: skip
    middle = canvas.box(57, 15, 18, 22, "Converter", "settings,\nthen\nconvert()")
    file = canvas.box(81, 17.5, 18, 17, ".tflite file", "bytes, in the\nFlatBuffer\nformat", style.ORANGE)
    calls = ("from_saved_model", "from_keras_model", "from_concrete_functions")
    for way, call, end in zip(ways, calls, (31.5, 26.0, 20.5), strict=True):
        y = way.right[1]
        canvas.text(24.5, y + 2.3, call, WORDS, style.INK, side="left", family="DejaVu Sans Mono")
        points = ((54, y), (54, end)) if y != end else ()
        canvas.arrow(way.right, *points, (57, end))
    canvas.chain(middle, file)
    return canvas.figure


def settings() -> Figure:
    """Each setting of the converter, and what it is for."""
    step = 7.2
    canvas = Canvas(height=step * len(SETTINGS) + 11)
    canvas.group(1, 1, 98, step * len(SETTINGS) + 9, "Set on the converter")
    for n, (name, meaning, color) in enumerate(reversed(SETTINGS)):
        y = 2.5 + n * step
        canvas.box(3, y, 43, 6, "", "", color)
        canvas.text(5, y + 3, name, WORDS, style.INK, side="left", weight="bold", family="DejaVu Sans Mono")
        canvas.words(48, y + 3, meaning)
    return canvas.figure


FIGURES = {
    "10-converter": FigureSource(
        converter,
        "What the converter takes and gives",
        "Three boxes on the left: a SavedModel, a folder with a version; a Keras model, from memory or a .keras "
        "file; a concrete function, traced. Arrows lead from them to the converter, by from_saved_model, "
        "from_keras_model and from_concrete_functions. It has settings, then convert() is called; out comes a "
        ".tflite file, bytes in the FlatBuffer format.",
    ),
    "11-conversion": FigureSource(
        settings,
        "The converter's parameters",
        "A list of what can be set on the converter. optimizations, DEFAULT: weights of 8 bits. "
        "representative_dataset, a generator of samples: activations too. target_spec.supported_types, float16: half "
        "of the bytes. target_spec.supported_ops: builtin, integers only, 16x8, Select. inference_input_type and "
        "inference_output_type: float32, int8 or uint8. allow_custom_ops: operators that you bring yourself.",
    ),
}
