"""Which figures there are, in the order of the material, and how they are written."""

import io
from collections.abc import Callable, Iterable
from pathlib import Path

import matplotlib as mpl
import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from labutils.errors import LabError
from labutils.files import write_whole
from labutils.show import style
from labutils.show.figures import (
    cards,
    converter,
    decision_tree,
    operator_sets,
    performance,
    platform,
    quantization,
    rounding,
    techniques,
    workflow,
)
from labutils.show.figures.source import FigureSource

ROOMS = (
    platform, performance, techniques, rounding, workflow, converter, quantization, operator_sets, decision_tree, cards
)  # fmt: skip
INTRODUCTION = """# The pictures

Drawn from source by `labs figures`, each as PNG and as SVG. The numbers are those of the written material. Cards show
code and output of the labs as they are when the picture is drawn; charts show what was measured. Licence: CC BY 4.0.
"""
PIXELS = 1800  # in width: sharp on a projector, and on a phone whose pixels are small
CARRIES = "Description"  # under which a .png carries the text that is drawn on it


def _number(name: str) -> tuple[int, str]:
    first = name.split("-")[0]
    return (int(first) if first.isdecimal() else 99), name


FIGURES: dict[str, FigureSource] = dict(
    sorted((pair for room in ROOMS for pair in room.FIGURES.items()), key=lambda pair: _number(pair[0]))
)


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


def write_gallery(root: Path) -> Path:
    """Write img/README.md of a course: every picture with its title, its words, and the labs that show it."""
    return write_whole(root / "img" / "README.md", gallery(root))


def gallery(root: Path) -> str:
    """The text of img/README.md. root: the course's folder, whose labs are looked through."""
    sources = {path: path.read_text(encoding="utf-8") for path in sorted((root / "notebooks/source").glob("*.py"))}
    parts = [INTRODUCTION]
    for name, figure in FIGURES.items():
        number = name.split("-")[0]
        title = f"{number} · {figure.title}" if number.isdecimal() else figure.title
        shown = [path.stem for path, text in sources.items() if f"(../img/{name}.png)" in text]
        labs = ", ".join(f"[{stem[:2]}](../notebooks/{stem}.ipynb)" for stem in shown)
        parts.append(f"## {title}\n\n![{figure.alt}]({name}.png)\n\n[{name}.svg]({name}.svg) · lab {labs}\n")
    return "\n".join(parts)


def _write(folder: Path, name: str) -> Path:
    with mpl.rc_context({**style.RC, "svg.hashsalt": name, "svg.fonttype": "path"}):
        figure = FIGURES[name].draw()
        write_whole(folder / f"{name}.png", _png(figure, FIGURES[name].says))
        buffer = io.BytesIO()
        figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None})
        write_whole(folder / f"{name}.svg", buffer.getvalue())
    return folder / f"{name}.png"


def _png(figure: mpl.figure.Figure, says: Callable[[], str] | None) -> bytes:
    """The picture in 256 colours, which is all that a drawing needs, and half of the bytes."""
    figure.set_dpi(PIXELS / figure.get_figwidth())
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    picture = Image.fromarray(np.asarray(canvas.buffer_rgba())).convert("RGB").quantize(256, dither=Image.Dither.NONE)
    carried = PngInfo()
    if says:
        carried.add_itxt(CARRIES, says())
    buffer = io.BytesIO()
    picture.save(buffer, "png", optimize=True, pnginfo=carried)
    return buffer.getvalue()
