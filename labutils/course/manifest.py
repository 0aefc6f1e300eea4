"""What a sweep is, as it stands in its folder before anything runs: the lab, the grid, and how to execute it.

    sweep.json           the lab's name, the values of each parameter, the rules
    lab/notebooks/       the lab itself: a change to the course does not reach a sweep that has begun
    points/0001.ipynb    the executed notebook of each point, there whole or not at all
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from labutils.course.catalog import Lab, read_lab
from labutils.course.execute import notebook_text, read_notebook
from labutils.course.grid import expand
from labutils.course.parameters import Value
from labutils.errors import LabError
from labutils.files import writable_folder, write_whole

FILE = "sweep.json"
POINTS = "points"


@dataclass(frozen=True)
class Rules:
    """How each point is executed. None: no limit.

    cell_seconds, seconds: for one cell, and for the whole of a point. memory_mb: of all its processes. strict: an
    exercise without a right answer fails it. warm: its kernel may be forked from a process that holds TensorFlow.
    """

    cell_seconds: int = 600
    seconds: float | None = None
    memory_mb: float | None = None
    strict: bool = False
    warm: bool = True


@dataclass(frozen=True)
class Manifest:
    """One sweep. axes: the values of each parameter that varies; fixed: the one value of others; points from 1 on."""

    folder: Path
    slug: str
    axes: Mapping[str, Sequence[Value]]
    fixed: Mapping[str, Value]
    rules: Rules

    @cached_property
    def points(self) -> list[dict[str, Value]]:
        """The values of every point, in order: point 1 stands first."""
        return [{**self.fixed, **varied} for varied in expand(self.axes)]

    @cached_property
    def lab(self) -> Lab:
        """The lab as it was when the sweep began."""
        return read_lab(self.folder / "lab" / "notebooks" / "source" / f"{self.slug}.py")

    def varied(self, number: int) -> dict[str, Value]:
        """Of the values of that point, those that vary."""
        return {name: self.points[number - 1][name] for name in self.axes}

    def path(self, number: int) -> Path:
        """Where the executed notebook of that point is, or will be."""
        width = max(4, len(str(len(self.points))))
        return self.folder / POINTS / f"{number:0{width}}.ipynb"

    def open_points(self) -> list[int]:
        """The points that have no executed notebook yet."""
        there = {path.name for path in (self.folder / POINTS).glob("*.ipynb")}
        return [number for number in self.numbers() if self.path(number).name not in there]

    def numbers(self) -> Iterator[int]:
        """1 to as many as there are."""
        return iter(range(1, len(self.points) + 1))


def write_manifest(
    lab: Lab, axes: Mapping[str, Sequence[Value]], fixed: Mapping[str, Value], rules: Rules, folder: Path
) -> Manifest:
    """Sets a sweep down in an empty folder; `sweep.json` comes last, and with it the sweep is there.

    axes, fixed: checked values. Raises LabError where the folder is not empty or cannot be written.
    """
    if any(folder.iterdir()):
        raise LabError(f"{folder} is not empty: name another folder, or go on with `labs sweep --resume {folder}`.")
    manifest = Manifest(folder, lab.slug, dict(axes), dict(fixed), rules)
    content = {"lab": lab.slug, "points": len(manifest.points), "axes": axes, "fixed": fixed, "rules": asdict(rules)}
    texts = notebook_text(read_notebook(lab)), lab.source.read_text(encoding="utf-8")
    try:
        write_lab(folder / "lab", lab.slug, *texts, files_beside(lab))
        writable_folder(folder / POINTS)
        write_whole(folder / FILE, json.dumps(content, indent=1, ensure_ascii=False) + "\n")
    except BaseException:  # half of it would be in the way of the next attempt
        for name in ("lab", POINTS):
            shutil.rmtree(folder / name, ignore_errors=True)
        raise
    return manifest


def files_beside(lab: Lab) -> dict[str, str]:
    """The data that the course keeps beside its notebooks, and that labs read: text by name."""
    return {path.name: path.read_text(encoding="utf-8") for path in sorted(lab.notebook.parent.glob("*.json"))}


def write_lab(root: Path, slug: str, notebook: str, source: str, beside: Mapping[str, str]) -> Lab:
    """A course of one lab, below that folder: enough to execute it anywhere, and for it to find itself there."""
    sources = writable_folder(root / "notebooks" / "source")
    for name, text in beside.items():
        write_whole(root / "notebooks" / name, text)
    write_whole(root / "notebooks" / f"{slug}.ipynb", notebook)
    return read_lab(write_whole(sources / f"{slug}.py", source))


def is_sweep(folder: Path) -> bool:
    """Whether the folder is a sweep's."""
    return (folder / FILE).is_file()


def read_manifest(folder: Path) -> Manifest:
    """The sweep of that folder; LabError where there is none, or a torn one.

    >>> try:
    ...     read_manifest(Path("no such folder"))
    ... except LabError as error:
    ...     print(str(error)[:32])
    no such folder holds no sweep: n
    """
    try:
        found: dict[str, Any] = json.loads((folder / FILE).read_text(encoding="utf-8"))
        manifest = Manifest(folder, found["lab"], found["axes"], found["fixed"], Rules(**found["rules"]))
        if len(manifest.points) != found["points"]:
            raise ValueError("another grid")
    except (FileNotFoundError, NotADirectoryError):
        raise LabError(f"{folder} holds no sweep: name a folder that `labs sweep` has made.") from None
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        raise LabError(f"{folder / FILE} is torn: begin anew, in another folder.") from None
    return manifest
