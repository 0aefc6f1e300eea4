"""What an executed notebook says of its execution, in its metadata: enough to make a row of it anywhere."""

from __future__ import annotations

import contextlib
import datetime
import os
import platform
from collections.abc import Mapping
from importlib import metadata
from typing import TYPE_CHECKING, Any

from labutils.course.parameters import Value, read_parameters
from labutils.exercises.render import MIME

if TYPE_CHECKING:
    from nbformat import NotebookNode

    from labutils.course.execute import Execution

KEY = "labutils"  # of the notebook's metadata
VERSIONED = ("tensorflow", "tensorflow-cpu", "keras", "ai-edge-litert", "numpy", "labutils")


def stamp(done: Execution, values: Mapping[str, Value]) -> dict[str, Any]:
    """The lab, its parameters, how it ended, what it took, where and when, and how its exercises were answered."""
    defaults = {each.name: each.default for each in read_parameters(done.lab)}
    return {
        "lab": done.lab.slug,
        "parameters": {**defaults, **values},
        "outcome": done.outcome, "cell": done.cell, "message": done.message,
        "seconds": round(done.seconds, 2), "cpu_seconds": round(done.cpu_seconds, 2), "peak_mb": round(done.peak_mb),
        "date": datetime.datetime.now().astimezone().isoformat(timespec="seconds"),
        "machine": machine(),
        "versions": versions(),
        "exercises": dict(done.exercises),
    }  # fmt: skip


def versions() -> dict[str, str]:
    """The packages that results depend on most, by name; one that is not installed is left out."""
    found = {}
    for name in VERSIONED:
        with contextlib.suppress(metadata.PackageNotFoundError):
            found[name] = metadata.version(name)
    return found


def machine() -> str:
    """This machine in a few words, for figures that depend on it.

    >>> "Python" in machine()
    True
    """
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return f"{platform.system()} {platform.machine()}, {cores} CPUs, Python {platform.python_version()}"


def outcomes(notebook: NotebookNode) -> dict[str, str]:
    """How the exercises of an executed notebook were answered, by name: what its outputs hold, in whichever cell."""
    found = (
        output.data[MIME]
        for cell in notebook.cells
        for output in cell.get("outputs", [])
        if MIME in output.get("data", {})
    )
    return {each["exercise"]: each["outcome"] for each in found}
