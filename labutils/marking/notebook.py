"""A notebook that somebody has handed in, read without trust: its code cells, or why there are none."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

TIMED = ("time", "timeit", "capture", "prun")  # cell magics whose cell is Python all the same


class Unreadable(Exception):
    """There is nothing to mark; the message says why, and what to do."""


@dataclass(frozen=True)
class Cell:
    """A code cell. number: among all cells, from 1. source: Python, with the magics of IPython turned into calls."""

    number: int
    source: str


@dataclass(frozen=True)
class HandedIn:
    """A notebook. cells: its code cells, in order. metadata: of the notebook."""

    cells: tuple[Cell, ...]
    metadata: dict[str, Any]


def read_notebook(content: bytes) -> HandedIn:
    """The code cells of an .ipynb file of whatever version; raises Unreadable for what is none.

    >>> read_notebook(b'{"cells": [{"cell_type": "code", "source": ["x = 1"]}]}').cells
    (Cell(number=1, source='x = 1'),)
    """
    if not content.strip():
        raise Unreadable("the file is empty: hand in the notebook itself.")
    try:
        found = json.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise Unreadable("it is no notebook but another kind of file: hand in the .ipynb file.") from None
    except RecursionError:
        raise Unreadable("it is no notebook: its JSON is nested without an end.") from None
    except ValueError:
        raise Unreadable(_torn(content)) from None
    metadata = found.get("metadata") if isinstance(found, dict) else None
    cells = list(_cells(found))
    if not cells:
        raise Unreadable("it is JSON but no notebook, or one without cells: hand in the .ipynb file.")
    code = (Cell(number, _python(_text(cell))) for number, cell in enumerate(cells, 1) if _is_code(cell))
    return HandedIn(tuple(code), metadata if isinstance(metadata, dict) else {})


def _torn(content: bytes) -> str:
    if content.lstrip(b"\xef\xbb\xbf \r\n\t")[:1] == b"{":
        return "the notebook is cut off or damaged: save it again, look at it, and hand it in anew."
    return "it is no notebook but another kind of file: hand in the .ipynb file."


def _cells(found: Any) -> Iterator[Any]:
    """Those of nbformat 4, or of the worksheets of nbformat 3."""
    if not isinstance(found, dict):
        return
    if isinstance(found.get("cells"), list):
        yield from found["cells"]
    sheets = found.get("worksheets")
    for sheet in sheets if isinstance(sheets, list) else []:
        if isinstance(sheet, dict) and isinstance(sheet.get("cells"), list):
            yield from sheet["cells"]


def _is_code(cell: Any) -> bool:
    return isinstance(cell, dict) and cell.get("cell_type") == "code"


def _text(cell: dict[str, Any]) -> str:
    source = cell.get("source", cell.get("input", ""))
    lines = source if isinstance(source, list) else [source]
    return "".join(line for line in lines if isinstance(line, str)).replace("\r\n", "\n").replace("\r", "\n")


def _python(source: str) -> str:
    """The cell as IPython would execute it; one that is timed is its cell all the same."""
    first, _, rest = source.lstrip().partition("\n")
    if first.startswith("%%"):
        words = first[2:].split()
        return f"\n{rest}" if words and words[0] in TIMED else ""
    if not any(line.lstrip().startswith(("%", "!", "?")) or line.rstrip().endswith("?") for line in source.split("\n")):
        return source
    from IPython.core.inputtransformer2 import TransformerManager

    try:
        return TransformerManager().transform_cell(source)
    except SyntaxError:
        return source
