"""Reads what a lab is built from: `notebooks/source/NN_slug.py`, in jupytext's percent format."""

import hashlib
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from labutils.errors import LabError

if TYPE_CHECKING:
    from nbformat import NotebookNode

# Tags that speak to a tool; any other tag is the cell's own name.
TOOL_TAG = re.compile(r"(nbval-|hide-|remove-|skip-).*|raises-exception|injected-parameters")
# A picture whose words are not written here: they stand once, beside the picture's source, and in the gallery.
PICTURE = re.compile(r"!\[\]\(\.\./img/([\w-]+)\.png\)")
GALLERY = re.compile(r"!\[(.+)\]\(([\w-]+)\.png\)")
KERNELSPEC = {"display_name": "Python 3", "language": "python", "name": "python3"}


def read_header(path: Path) -> dict[str, Any]:
    """The notebook's metadata as the source's header states it; its entry `lab` holds title, minutes and quick.

    Raises LabError when the header is missing or no YAML. Read without jupytext, whose import takes a second: every
    lab reads headers while it is executed.
    """
    import yaml

    lines = path.read_text(encoding="utf-8").splitlines()
    marks = [number for number, line in enumerate(lines) if line.strip() == "# ---"][:2]
    if len(marks) < 2 or marks[0] != 0:
        raise LabError(f"{path.name} has no header: it must begin with the lines between two `# ---`.")
    text = "\n".join(line.removeprefix("#").removeprefix(" ") for line in lines[1 : marks[1]])
    try:
        found = yaml.safe_load(text)["jupyter"]
        return dict(found)
    except (yaml.YAMLError, KeyError, TypeError, ValueError):
        sentence = f"The header of {path.name} is no YAML with `jupyter:` in it: compare it with another."
        raise LabError(sentence) from None


def read_source(path: Path) -> "NotebookNode":
    """The notebook that the source stands for, not executed: cells with stable ids, kernelspec `python3`.

    The id of a cell is its first own tag; without one, a short hash of its kind and text. Two calls give the same ids.
    A picture of img/ gets its alternative text from the gallery, img/README.md. Raises LabError when the source cannot
    be parsed, or shows a picture that the gallery does not have.
    """
    notebook = _reads(path.read_text(encoding="utf-8"), path)
    notebook.metadata = {"kernelspec": dict(KERNELSPEC), "lab": notebook.metadata.get("lab", {})}
    taken: set[str] = set()
    words = gallery(path.parent.parent.parent / "img" / "README.md")
    for cell in notebook.cells:
        cell.metadata = {name: value for name, value in cell.metadata.items() if name != "lines_to_next_cell"}
        cell.source = cell.source.strip("\n")
        cell.id = unique(cell_id(cell), taken)
        if cell.cell_type == "markdown":
            cell.source = PICTURE.sub(lambda found: _described(found[1], words, path), cell.source)
    return notebook


def gallery(path: Path) -> dict[str, str]:
    """The pictures of the gallery: name -> alternative text. Empty where there is no gallery."""
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    return {name: words for words, name in GALLERY.findall(text)}


def _described(name: str, words: dict[str, str], path: Path) -> str:
    if name not in words:
        raise LabError(f"{path.name} shows the picture {name}, which img/README.md lacks: run `labs figures`.")
    return f"![{words[name]}](../img/{name}.png)"


def own_tag(tags: list[str]) -> str | None:
    """The first tag that names the cell, rather than telling a tool how to treat it.

    >>> own_tag(["nbval-skip", "train"])
    'train'
    """
    return next((tag for tag in tags if not TOOL_TAG.fullmatch(tag)), None)


def cell_id(cell: "NotebookNode") -> str:
    """The id that a cell asks for: its own tag in letters that nbformat allows, else a hash of its kind and text."""
    tag = own_tag(cell.metadata.get("tags", []))
    if tag:
        return re.sub(r"[^A-Za-z0-9_-]+", "-", tag)[:50]
    return hashlib.sha256(f"{cell.cell_type}\n{cell.source}".encode()).hexdigest()[:8]


def unique(wish: str, taken: set[str]) -> str:
    """The wish, or the wish with a counter where it is taken already; what comes back is added to `taken`.

    >>> unique("train", {"train"})
    'train-2'
    """
    name, count = wish, 1
    while name in taken:
        count += 1
        name = f"{wish}-{count}"
    taken.add(name)
    return name


def _reads(text: str, path: Path) -> "NotebookNode":
    import jupytext

    try:
        return jupytext.reads(text, fmt="py:percent")
    except Exception as error:  # jupytext passes on whatever its YAML parser raises
        reason = " ".join(str(error).split())
        raise LabError(f"{path.name} is no jupytext source ({reason[:160]}): mend its header.") from None
