"""Executed notebooks as `labs run` writes them, made without a kernel; and a page, read."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import nbformat
from bs4 import BeautifulSoup, Tag
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from labutils.course.session import MIME
from labutils.course.stamp import KEY

MACHINE = "Linux x86_64, 2 CPUs, Python 3.11.7"
TRACEBACK = [
    "\x1b[31m-----------------\x1b[39m",
    "\x1b[31mValueError\x1b[39m                  Traceback (most recent call last)",
    "\x1b[36mCell\x1b[39m\x1b[36m \x1b[39m\x1b[32mIn[3]\x1b[39m, line 2\n      1 x = 1\n----> 2 train(x)\n",
    "File /opt/lib/python3.11/site-packages/keras/one.py:10, in one(x)\n---> 10 two(x)\n",
    "File /opt/lib/python3.11/site-packages/keras/two.py:20, in two(x)\n---> 20 raise ValueError\n",
    "\x1b[31mValueError\x1b[39m: it diverged",
]


def read(path: Path) -> BeautifulSoup:
    """A page; what stands in its templates is read as a part of it."""
    return BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")


def words(element: Tag) -> str:
    """What an element says, on one line."""
    return " ".join(element.get_text(" ").replace("\xa0", " ").split())


def recorded(values: Mapping[str, Mapping[str, Any]]) -> list[nbformat.NotebookNode]:
    """The outputs of `record(unit, ...)`: unit -> name -> value."""
    return [
        new_output(
            "display_data",
            {MIME: {"unit": unit, "values": dict(own)}, "text/html": f"<table><tr><th>{unit}</th></tr></table>"},
        )
        for unit, own in values.items()
    ]


def write_execution(
    path: Path,
    parameters: Mapping[str, Any] | None = None,
    values: Mapping[str, Mapping[str, Any]] | None = None,
    *,
    outcome: str = "passed",
    cell: str | None = None,
    message: str = "",
    traceback: list[str] | None = None,
    cells: list[nbformat.NotebookNode] | None = None,
    **stamp: Any,
) -> Path:
    """One executed notebook. values: what it recorded. cells: between the first text and the cell that records."""
    middle = cells if cells is not None else [new_code_cell("x = 1\ntrain(x)")]
    if traceback is not None:
        ename, _, evalue = message.partition(": ")
        middle = [*middle, new_code_cell("x = 1\ntrain(x)", outputs=[
            new_output("error", ename=ename, evalue=evalue, traceback=traceback)
        ])]  # fmt: skip
    found = new_notebook(cells=[
        new_markdown_cell("# Counting\n\nOne **word** in bold."),
        new_code_cell("steps: int = 3", metadata={"tags": ["parameters"]}),
        *middle,
        new_code_cell("record(...)", metadata={"tags": ["record"]}, outputs=recorded(values or {})),
    ])  # fmt: skip
    found.metadata[KEY] = {
        "lab": "01_count", "parameters": dict(parameters or {}), "outcome": outcome, "cell": cell, "message": message,
        "seconds": 1.5, "cpu_seconds": 1.25, "peak_mb": 400, "date": "2026-11-24T14:22:34+00:00", "machine": MACHINE,
        "versions": {"numpy": "2.4.6"}, "exercises": {},
    } | stamp  # fmt: skip
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(found, ensure_ascii=False), encoding="utf-8")
    return path


def write_sweep(folder: Path, executions: int = 8) -> Path:
    """A sweep over steps and rate; those with the highest rate fail, the last one is cut off."""
    for number in range(1, executions + 1):
        steps, rate = 50 * 2 ** (number % 4), (0.01, 0.03, 0.1)[number % 3]
        name = folder / "points" / f"{number:05}.ipynb"
        given = {"steps": steps, "rate": rate, "seed": 7}
        if number == executions:
            write_execution(name, given, outcome="timeout", cell="cell 3", message="it was still running after 600 s")
        elif rate == 0.1:
            write_execution(name, given, outcome="failed", cell="cell 4", message="ValueError: it diverged",
                            traceback=TRACEBACK)
        else:
            values = {"bytes": {"file": 1060}, "share": {"right": 1 - 1 / (steps * rate + 2)},
                      "ms": {"median": 0.5 + rate}, "": {"error": 1 / steps + number / 1e4, "kind": "dense"}}
            write_execution(name, given, values, seconds=1 + number / 10)
    return folder
