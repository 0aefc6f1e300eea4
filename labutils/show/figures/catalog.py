"""Which figures there are, what each says in words, and how they are written."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import matplotlib as mpl
from matplotlib.figure import Figure

from labutils.errors import LabError
from labutils.show import style
from labutils.show.figures import diagrams


@dataclass(frozen=True)
class FigureSource:
    """A figure: how it is drawn, and its alternative text, which stands beside it wherever it is shown."""

    draw: Callable[[], Figure]
    alt: str


FIGURES = {
    "2-components": FigureSource(
        diagrams.components,
        "Two areas. On your computer, an arrow leads from a trained model to the converter. From there an arrow leads "
        "to the device: to a .tflite file, then to the interpreter, which gives an answer and may hand work to a "
        "delegate.",
    ),
    "9-process": FigureSource(
        diagrams.process,
        "Five boxes from left to right, joined by arrows: a Keras model is exported as a SavedModel with a version, "
        "the converter freezes and flattens it, a .tflite file is written, the interpreter loads it on the device.",
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
