"""What did not pass: equal failures together, each with what it was about and where its error came from."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from labutils.course.results import NOT_RUN
from labutils.report.run import Group, Row, Run
from labutils.report.words import count, listed, plain
from labutils.show.messages import essential

ANSI = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\x07]*\x07")
LIBRARY = re.compile(
    r"File (?P<path>\S*(?:site-packages|dist-packages|/lib/python\d[.\d]*|\\Lib)[/\\]\S+?):(?P<line>\d+)"
)
INSIDE = re.compile(r".*(?:site-packages|dist-packages|python\d[.\d]*|Lib)[/\\]")
MOST_VALUES = 6  # of a parameter, in a sentence
MOST_LINES = 40  # of a traceback
WIDEST = 400  # letters of a line


@dataclass(frozen=True)
class Failure:
    """Executions of one lab that ended in the same way, in the same cell, with the same message.

    common: a sentence on the parameters, "" where there is nothing to say. traceback: of the first of them.
    """

    group: Group
    rows: tuple[Row, ...]
    common: str
    traceback: str

    @property
    def first(self) -> Row:
        """The one that speaks for all."""
        return self.rows[0]


def failures(run: Run, notebooks: Mapping[int, Mapping[str, Any]]) -> list[Failure]:
    """The groups, the largest of each lab first, what was not run last.

    notebooks: those that there are, by the number of the execution.
    """
    found: dict[tuple[str, ...], list[Row]] = {}
    for row in run.rows:
        if not row.passed:
            found.setdefault((row.lab, row.outcome, row.cell, row.message), []).append(row)
    groups = {group.lab: group for group in run.groups}
    order = {lab: place for place, lab in enumerate(groups)}
    ranked = sorted(found.values(), key=lambda rows: (rows[0].outcome == NOT_RUN, order[rows[0].lab], -len(rows)))
    return [
        Failure(groups[rows[0].lab], tuple(rows), common(groups[rows[0].lab], rows), _traceback(rows, notebooks))
        for rows in ranked
    ]


def common(group: Group, rows: list[Row]) -> str:
    """What the parameters of these executions have in common, and whether that sets them apart."""
    if len(rows) < 2:
        return ""
    numbers = {row.number for row in rows}
    sentences = []
    for name in group.varied:
        values = {repr(row.parameters.get(name)): row.parameters.get(name) for row in rows}
        if len(values) >= len(group.values(name)) or len(values) > MOST_VALUES:
            continue
        others = [r for r in group.rows if repr(r.parameters.get(name)) in values and r.number not in numbers]
        words = listed(map(plain, values.values()))
        end = f"; so have {len(others):,} that ended otherwise" if others else ", and no other execution has"
        sentences.append(f"All have {name} = {words.replace(' and ', ' or ')}{end}.")
    return " ".join(sentences)


def shorten(traceback: list[str], limit: int = MOST_LINES) -> str:
    """A traceback as IPython keeps it, without colours; frames of libraries are counted, the last of them is named.

    >>> print(shorten(["Cell In[1], line 1", "File /x/site-packages/a/b.py:3, in f()", "ValueError: no"]))
    Cell In[1], line 1
    a/b.py, line 3 (library code)
    ValueError: no
    """
    kept: list[str] = []
    library: list[re.Match[str]] = []
    for entry in traceback:
        text = ANSI.sub("", entry).strip("\n")
        frame = LIBRARY.match(text.strip())
        if frame:
            library.append(frame)
            continue
        kept += _library(library)
        library = []
        if text.strip(" -") and "Traceback (most recent call last)" not in text:
            kept.append(text)
    kept += _library(library)
    if kept:
        kept[-1] = essential(kept[-1]) or kept[-1]
    return _cut("\n".join(kept), limit)


def _library(frames: list[re.Match[str]]) -> list[str]:
    if not frames:
        return []
    place = INSIDE.sub("", frames[-1]["path"])
    more = f", the last of {count(len(frames), 'frame')}" if len(frames) > 1 else ""
    return [f"{place}, line {frames[-1]['line']} (library code{more})"]


def _cut(text: str, limit: int) -> str:
    lines = [line if len(line) <= WIDEST else f"{line[:WIDEST]} …" for line in text.splitlines()]
    if len(lines) > limit:
        half = limit // 2
        lines = [*lines[:half], f"… {len(lines) - 2 * half} more lines are in the notebook …", *lines[-half:]]
    return "\n".join(lines)


def _traceback(rows: list[Row], notebooks: Mapping[int, Mapping[str, Any]]) -> str:
    """Of the first that has one which says more than the message."""
    for row in rows:
        error = _error(notebooks.get(row.number, {"cells": []}))
        text = shorten(error.get("traceback", []))
        if text and error.get("ename") != row.outcome:  # else it is what `labs run` wrote there: the message
            return text
    return ""


def _error(notebook: Mapping[str, Any]) -> Mapping[str, Any]:
    """The first error that does not belong to the lesson."""
    return next(
        (
            output
            for cell in notebook["cells"]
            if "raises-exception" not in cell.get("metadata", {}).get("tags", [])
            for output in cell.get("outputs", [])
            if output["output_type"] == "error"
        ),
        {},
    )
