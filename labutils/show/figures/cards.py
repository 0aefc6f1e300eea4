"""Cards: code and output of the labs, taken from the executed notebooks by the tags of their cells."""

import re
from dataclasses import dataclass
from functools import partial

from matplotlib.figure import Figure
from pygments.lexer import Lexer
from pygments.lexers import BashSessionLexer, PythonLexer, TextLexer
from pygments.token import Comment, Generic, Keyword, Name, Number, String, Token

from labutils.errors import LabError
from labutils.paths import course_root
from labutils.show import style
from labutils.show.figures.drawing import POINT, SMALL, Canvas
from labutils.show.figures.source import FigureSource

LARGEST = 15.0  # points, of short lines
WIDE = 94.0  # room for the longest line, in units
ADVANCE = 1233 / 2048  # width of a letter of DejaVu Sans Mono, in heights of the type
LEADING = 1.4  # from line to line, likewise
# Colour and weight of a token; each also differs in weight or slant from plain code, or stands in quotes.
LOOK = {
    Keyword: ("#00528A", "bold", "normal"),
    Name.Decorator: ("#7A3E6C", "bold", "normal"),
    Comment: (style.MUTED, "normal", "italic"),
    String: ("#8F3E00", "normal", "normal"),
    Number: ("#006B4E", "normal", "normal"),
    Generic.Prompt: ("#00528A", "bold", "normal"),
}


@dataclass(frozen=True)
class Part:
    """Lines of a tagged cell of a lab: all of them, or those from one that holds `start` to one that holds `end`.

    printed: what the cell printed when the notebook was built, in place of its code.
    """

    lab: str
    tag: str
    start: str = ""
    end: str = ""
    printed: bool = False

    def text(self) -> str:
        """The lines as they stand in the notebook. Raises LabError where there is no such cell or line."""
        lines = self._cell().split("\n")
        first = _place(lines, self.start, 0, self)
        last = _place(lines, self.end, first, self) if self.end else len(lines) - 1
        return "\n".join(lines[first : last + 1]).strip("\n")

    def _cell(self) -> str:
        import nbformat

        for path in sorted((course_root() / "notebooks").glob(f"{self.lab}_*.ipynb")):
            for cell in nbformat.read(path, as_version=4).cells:
                if self.tag in cell.metadata.get("tags", []):
                    return "".join(out.get("text", "") for out in cell.outputs) if self.printed else cell.source
        raise LabError(f"Lab {self.lab} has no cell with the tag {self.tag}: name another in {__name__}.")


def _place(lines: list[str], text: str, first: int, part: Part) -> int:
    found = [number for number, line in enumerate(lines) if number >= first and text in line]
    if not found:
        raise LabError(f"Cell {part.tag} of lab {part.lab} has no line with {text!r}: correct {__name__}.")
    return found[0]


@dataclass(frozen=True)
class Card:
    """What is on a card: parts of labs, and which language they are in: python, shell or text."""

    parts: tuple[Part, ...]
    language: str = "python"

    def text(self) -> str:
        """All parts, as they are drawn. Commands are broken before their flags where they are long."""
        texts = [part.text() for part in self.parts]
        if self.language == "shell":
            return "\n".join(map(broken, texts))
        return "\n\n".join(texts)

    def where(self) -> str:
        """The cells that it was taken from."""
        labs = list(dict.fromkeys(part.lab for part in self.parts))
        tags = {lab: ", ".join(dict.fromkeys(p.tag for p in self.parts if p.lab == lab)) for lab in labs}
        what = "Printed by" if all(part.printed for part in self.parts) and self.language == "text" else "From"
        return f"{what} lab " + "; lab ".join(f"{lab}: {tags[lab]}" for lab in labs)


def broken(line: str, width: int = 64) -> str:
    """A command in several lines, each but the last with a backslash, as one may type it.

    >>> print(broken("$ labs convert --keras_model_file model.keras", width=30))
    $ labs convert \\
        --keras_model_file model.keras
    """
    if len(line) <= width:
        return line
    return " \\\n    ".join(re.split(r" (?=--)", line))


LEXERS: dict[str, type[Lexer]] = {"python": PythonLexer, "shell": BashSessionLexer, "text": TextLexer}


def draw(card: Card, title: str) -> Figure:
    """The card: its title, the lines in the type of code, and where they were taken from."""
    text = card.text()
    lines = text.split("\n")
    size = min(LARGEST, WIDE / (ADVANCE * POINT * max(map(len, lines))))
    step = size * LEADING * POINT
    canvas = Canvas(height=len(lines) * step + 15)
    height = canvas.axes.get_ylim()[1]
    canvas.group(1, 1, 98, height - 2, title)
    canvas.text(97, 3.4, card.where(), SMALL, style.MUTED, side="right")
    x, y = 3.0, height - 9 - step * 0.7  # the line that the letters stand on
    column = 0
    for kind, piece in LEXERS[card.language](stripnl=False).get_tokens(text):
        color, weight, slant = _look(kind)
        for number, run in enumerate(piece.split("\n")):
            if number:
                y, column = y - step, 0
            if run.strip():
                canvas.axes.text(
                    x + column * ADVANCE * size * POINT, y, run, fontsize=size, color=color, weight=weight, style=slant,
                    family="DejaVu Sans Mono", ha="left", va="baseline", zorder=5, parse_math=False,
                )  # fmt: skip
            column += len(run)
    return canvas.figure


def _look(kind: Token) -> tuple[str, str, str]:
    while kind is not None:
        if kind in LOOK:
            return LOOK[kind]
        kind = kind.parent
    return style.INK, "normal", "normal"


def _figure(title: str, alt: str, *parts: Part, language: str = "python") -> FigureSource:
    card = Card(parts, language)
    return FigureSource(partial(draw, card, title), title, alt, says=card.text)


FIGURES = {
    "12-saved-model": _figure(
        "Export a SavedModel",
        "Three lines of code: a path that ends in saved_model/1, and model.export to that path, quietly.",
        Part("01", "export", end="model.export"),
    ),
    "13-saved-model-cli": _figure(
        "Ask what a SavedModel wants",
        "A command: saved_model_cli show, with the folder delivered/1, and all of its signatures.",
        Part("03", "show-signature", end="$", printed=True), language="shell",
    ),
    "14-saved-model-result": _figure(
        "What it answers",
        "The signature serving_default as saved_model_cli prints it: an input named image, 32-bit floats of shape "
        "(-1, 64, 64, 3); an output named output_0 of shape (-1, 10); method name tensorflow/serving/predict.",
        Part("03", "show-signature", start="['serving_default']", end="Method name", printed=True), language="text",
    ),
    "16-example1": _figure(
        "Example 1: one neuron, trained",
        "Code: six points on the line y = 2x - 1; a Sequential model of one Dense layer with one unit, compiled with "
        "SGD and the mean squared error; 500 steps on one batch by fit.",
        Part("01", "data"), Part("01", "model", end="compile"), Part("01", "train", end="model.fit"),
    ),
    "17-example1-2": _figure(
        "Example 1: converted and written",
        "Code: TFLiteConverter.from_saved_model, then convert(), and write_bytes into neuron.tflite.",
        Part("01", "convert-saved-model"), Part("01", "write", end="write_bytes"),
    ),
    "18-example2": _figure(
        "Example 2: MobileNetV2",
        "Code: the trained network is loaded, saved as a .keras file and as an .h5 file, converted by "
        "TFLiteConverter.from_keras_model, and written as mobilenet_v2.tflite.",
        Part("02", "load", end="model, inputs"), Part("02", "save"),
        Part("02", "convert-keras-model", start="converter =", end="content ="), Part("02", "write", end="write_bytes"),
    ),
    "19-command-lite": _figure(
        "Convert from the command line",
        "Three commands: tflite_convert of a SavedModel; labs convert of a Keras file; labs convert of the SavedModel "
        "with full integer quantization and representative data.",
        *(Part("03", tag, end="$", printed=True)
          for tag in ("tflite-convert", "labs-convert-keras", "labs-convert-integer")), language="shell",
    ),
    "21-post-training": _figure(
        "Post-training quantization: weights",
        "Code: a converter from a SavedModel, its optimizations set to a list of Optimize.DEFAULT, then convert().",
        Part("01", "quantize", end="convert()"),
    ),
    "22-post-training-int": _figure(
        "Weights and activations",
        "Code: optimizations set to DEFAULT, representative_dataset set to a generator function, then convert().",
        Part("04", "integer", end="convert()"),
    ),
    "23-post-training-int": _figure(
        "The data for calibration",
        "Code: training images, scaled as the network wants them; a generator that yields them one at a time, in a "
        "list, with the batch axis.",
        Part("04", "subject", start="train_images", end="calibration ="), Part("04", "representative"),
    ),
    "24-full-int": _figure(
        "Integers only",
        "Code: for int8 and for uint8 a converter with optimizations DEFAULT, the representative dataset, "
        "supported_ops set to TFLITE_BUILTINS_INT8, and inference_input_type and inference_output_type set to that "
        "type.",
        Part("04", "full-integer", end="convert()"),
    ),
    "25-tfselect": _figure(
        "TF Select",
        "Code: a converter from a concrete function; supported_ops lists TFLITE_BUILTINS, LiteRT's own operators, and "
        "SELECT_TF_OPS, TensorFlow's for the rest; then convert().",
        Part("05", "select", end="convert()"),
    ),
    "27-tflite-interpreter": _figure(
        "The interpreter",
        "Code: an Interpreter from a file, allocate_tensors, the details of input and output, set_tensor, invoke, "
        "get_tensor.",
        Part("06", "load"), Part("06", "details", end="gives ="), Part("06", "set-invoke-get", end="get_tensor"),
    ),
}
