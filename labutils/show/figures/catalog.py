"""Which figures there are, what each says in words, and how they are written."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import matplotlib as mpl
from matplotlib.figure import Figure

from labutils.errors import LabError
from labutils.show import style
from labutils.show.figures import decision_tree, diagrams, operator_sets, platforms, quantization


@dataclass(frozen=True)
class FigureSource:
    """A figure: how it is drawn, and its alternative text, which stands beside it wherever it is shown."""

    draw: Callable[[], Figure]
    alt: str


FIGURES = {
    "1-features": FigureSource(
        platforms.features,
        "Six boxes, each a feature with what is measured of it. Small: bytes of the file and of what runs it. "
        "Quick: time to the first answer and to the next. No connection: a round trip to a server beside none. "
        "Private: an answer from a process that may open no socket. Frugal: bytes of working memory, published "
        "figures for power. Pre-trained models: how many come with Keras and with the course.",
    ),
    "2-components": FigureSource(
        diagrams.components,
        "Two areas. On your computer, an arrow leads from a trained model to the converter. From there an arrow leads "
        "to the device: to a .tflite file, then to the interpreter, which gives an answer and may hand work to a "
        "delegate.",
    ),
    "3-architecture": FigureSource(
        platforms.architecture,
        "Two areas. On your computer, a trained model goes to the converter, which writes a .tflite file. On the "
        "device, the interpreter loads that file; your app asks it and gets the answer. The interpreter runs "
        "operators by kernels on the processor, or hands them to delegates, which use an accelerator.",
    ),
    "9-process": FigureSource(
        diagrams.process,
        "Five boxes from left to right, joined by arrows: a Keras model is exported as a SavedModel with a version, "
        "the converter freezes and flattens it, a .tflite file is written, the interpreter loads it on the device.",
    ),
    "15-export-savedmodel": FigureSource(
        platforms.versions,
        "A folder named after the model holds three folders side by side, named 1, 2 and 3. Each holds "
        "saved_model.pb, variables and fingerprint.pb. An arrow from 3 says that Serving loads the highest; an "
        "arrow from 1 says that the converter reads the one that you name.",
    ),
    "20-quantization": FigureSource(
        quantization.quantization,
        "Above, a line of real numbers, float32; below it, the 256 numbers of int8. The range from low, -2.0, to high, "
        "3.1, lies over -128 to 127. 0.0 falls exactly on the zero point, -28, and is stored without error. -2.7 and "
        "3.8 lie beyond the range: arrows lead them to the ends, -128 and 127; they are clipped. Enlarged, the stored "
        "numbers 21 to 25, read back as 0.98, 1.00, 1.02, 1.04 and 1.06: from one to the next it is the scale, 0.02. "
        "0.975 goes to the nearest, 21; 1.013 to 23; 1.046 to 24. At the foot: stored = round(real ÷ scale) + zero "
        "point, clipped to -128 to 127; read back = scale × (stored - zero point).",
    ),
    "25-tf-select": FigureSource(
        operator_sets.tf_select,
        "Three operators of a model, a row each, followed into the file and onto the device. A product becomes the "
        "builtin operator MUL, for which the interpreter has a kernel. The error function becomes FlexErf, allowed by "
        "Select, and needs the Flex delegate with TensorFlow's own kernels. Its inverse is refused, for Select lacks "
        "it too. Arrows lead from the last two to a box, rewrite it from builtin operators, and from there to the "
        "interpreter.",
    ),
    "26-paths": FigureSource(
        decision_tree.paths,
        "A tree of questions. Is an operator missing in LiteRT? Yes: if the device wants integers only, rewrite the "
        "operator; if not, Select. No: is the float file good enough? Yes: float. No: are there data to calibrate "
        "with? Without data: integers only? Yes: collect data; no: is half the size enough? Yes float16, no dynamic "
        "range. With data: integers only? Yes: unsigned bytes? Yes full uint8, no full int8. Not integers only: are "
        "8 bits too coarse? Yes 16x8, no integer.",
    ),
    "inverted-residual": FigureSource(
        platforms.inverted_residual,
        "Two blocks, drawn as bars whose width stands for channels. The inverted residual goes from 24 channels by "
        "a 1 by 1 expansion to 144, through a 3 by 3 depthwise convolution, and by a linear 1 by 1 projection back "
        "to 24; a shortcut joins the thin ends. The classic residual goes from 256 to 64 and back to 256; its "
        "shortcut joins the wide ends.",
    ),
}


def write_figures(folder: Path, names: Iterable[str] = ()) -> list[Path]:
    """Draw the named figures, or all, into a folder as .png and .svg, and return the .png paths.

    The bytes are the same at every call on one machine. Raises LabError for an unknown name.
    """
    names = list(names) or list(FIGURES)
    for name in names:
        if name not in FIGURES:
            raise LabError(f"There is no figure {name}: there are {', '.join(FIGURES)}.")
    folder.mkdir(parents=True, exist_ok=True)
    return [_write(folder, name) for name in names]


def _write(folder: Path, name: str) -> Path:
    with mpl.rc_context({**style.RC, "svg.hashsalt": name, "svg.fonttype": "path"}):
        figure = FIGURES[name].draw()
        for ending, metadata in (("svg", {"Date": None, "Creator": None}), ("png", {"Software": None})):
            half = folder / f".{name}.part.{ending}"
            figure.savefig(half, format=ending, metadata=metadata, dpi=100)
            half.replace(folder / f"{name}.{ending}")
    return folder / f"{name}.png"
