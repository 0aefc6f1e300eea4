"""A run as plain Python: its executions, what varies between those of one lab, and what they recorded."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

from labutils.course.catalog import find_lab
from labutils.course.results import COLUMNS
from labutils.errors import LabError
from labutils.report.words import is_number

if TYPE_CHECKING:
    import pandas as pd

PREFIXES = ("parameter.", "exercise.", "version.")
OTHER = (*COLUMNS, "notebook", "point")  # columns that are not recorded by a lab
RECORDED = re.compile(r"(?P<name>.*?)(?: \[(?P<unit>[^\[\]]*)\])?")


@dataclass(frozen=True, order=True)
class Quantity:
    """What a lab recorded under a name.

    >>> Quantity.of("float_file [bytes]")
    Quantity(name='float_file', unit='bytes')
    """

    name: str
    unit: str = ""

    @classmethod
    def of(cls, column: str) -> Quantity:
        """That of a column of the table of results."""
        found = RECORDED.fullmatch(column)
        return cls(found["name"], found["unit"] or "") if found else cls(column)


@dataclass(frozen=True)
class Row:
    """One execution. seconds, cpu_seconds, peak_mb: None where it was not run. notebook: None where there is none."""

    number: int
    lab: str
    outcome: str
    cell: str
    message: str
    seconds: float | None
    cpu_seconds: float | None
    peak_mb: float | None
    date: str
    machine: str
    parameters: dict[str, Any]
    recorded: dict[Quantity, Any]
    exercises: dict[str, str]
    versions: dict[str, str]
    notebook: Path | None

    @property
    def passed(self) -> bool:
        """Whether every cell was executed without an error."""
        return self.outcome == "passed"

    def number_of(self, quantity: Quantity) -> float | None:
        """The recorded value where it is a number."""
        value = self.recorded.get(quantity)
        return float(value) if is_number(value) else None


@dataclass(frozen=True)
class Group:
    """The executions of one lab."""

    lab: str
    rows: tuple[Row, ...]

    @property
    def short(self) -> str:
        """The lab in two words, as "lab 04"; its name where it has no number."""
        return short_name(self.lab)

    @cached_property
    def title(self) -> str:
        """The lab's number and title, from the course where it is there."""
        try:
            lab = find_lab(self.lab)
        except LabError:
            return self.lab
        return f"Lab {lab.number}, {lab.title}" if lab.slug == self.lab else self.lab

    @cached_property
    def varied(self) -> list[str]:
        """The parameters of which several values occur."""
        return [name for name in self._parameters if len(self.values(name)) > 1]

    @cached_property
    def constant(self) -> dict[str, Any]:
        """The parameters of which one value occurs."""
        return {name: self.values(name)[0] for name in self._parameters if len(self.values(name)) == 1}

    @cached_property
    def quantities(self) -> list[Quantity]:
        """All that was recorded, in the order in which the labs recorded it."""
        return list(dict.fromkeys(quantity for row in self.rows for quantity in row.recorded))

    @cached_property
    def unchanged(self) -> dict[Quantity, Any]:
        """What was recorded alike by several executions, by all that recorded it."""
        found = {}
        for quantity in self.quantities:
            values = [row.recorded[quantity] for row in self.rows if quantity in row.recorded]
            if len(values) > 1 and all(value == values[0] for value in values):
                found[quantity] = values[0]
        return found

    def values(self, parameter: str) -> list[Any]:
        """The values of a parameter that occur, sorted where they can be."""
        found = list(dict.fromkeys(row.parameters[parameter] for row in self.rows if parameter in row.parameters))
        return sorted(found) if all(map(is_number, found)) else found

    def own(self, row: Row) -> dict[str, Any]:
        """Of an execution's parameters, those that vary."""
        return {name: row.parameters[name] for name in self.varied if name in row.parameters}

    @property
    def _parameters(self) -> list[str]:
        return list(dict.fromkeys(name for row in self.rows for name in row.parameters))


@dataclass(frozen=True)
class Run:
    """All executions, in order. folder: what the notebooks' paths are told from."""

    folder: Path
    rows: tuple[Row, ...]

    @cached_property
    def groups(self) -> list[Group]:
        """One for each lab, in order of appearance."""
        labs = dict.fromkeys(row.lab for row in self.rows)
        return [Group(lab, tuple(row for row in self.rows if row.lab == lab)) for lab in labs]

    def group(self, row: Row) -> Group:
        """The one that the execution belongs to."""
        return next(group for group in self.groups if group.lab == row.lab)

    @property
    def several(self) -> bool:
        """Whether there are several labs."""
        return len(self.groups) > 1

    def place(self, row: Row) -> str:
        """Where the executed notebook is, told from the run's folder; "" where there is none."""
        return relative(row.notebook, self.folder) if row.notebook else ""


def read_run(table: pd.DataFrame, folder: Path) -> Run:
    """The executions of a table of `labutils.course.results.results`: by the points of a sweep, else from 1 on."""
    records = table.astype(object).where(table.notna(), None).to_dict("records")
    points = [record.get("point") for record in records]
    numbers = points if None not in points and len(set(points)) == len(points) else range(1, len(records) + 1)
    return Run(folder, tuple(_row(int(number), each) for number, each in zip(numbers, records, strict=True)))


def relative(path: Path, folder: Path) -> str:
    """The path as told from the folder, where it is below it.

    >>> relative(Path("runs/1/points/0001.ipynb"), Path("runs/1"))
    'points/0001.ipynb'
    """
    try:
        return path.resolve().relative_to(folder.resolve()).as_posix()
    except ValueError:
        return str(path)


def short_name(lab: str) -> str:
    """A lab in two words.

    >>> short_name("04_quantization"), short_name("mine")
    ('lab 04', 'mine')
    """
    found = re.match(r"(\d\d)_", lab)
    return f"lab {found[1]}" if found else lab


def middle(values: Iterable[float | None]) -> float | None:
    """The median of those that are there.

    >>> middle([1.0, None, 3.0]), middle([None])
    (2.0, None)
    """
    there = [value for value in values if value is not None]
    return median(there) if there else None


def _row(number: int, record: dict[str, Any]) -> Row:
    there = {name: _native(value) for name, value in record.items() if value is not None}
    parameters, exercises, versions = (
        {name.removeprefix(prefix): value for name, value in there.items() if name.startswith(prefix)}
        for prefix in PREFIXES
    )
    recorded = {
        Quantity.of(name): value
        for name, value in there.items()
        if name not in OTHER and not name.startswith(PREFIXES)
    }
    texts = {name: str(there.get(name, "")) for name in ("lab", "outcome", "cell", "message", "date", "machine")}
    costs = {name: there.get(name) for name in ("seconds", "cpu_seconds", "peak_mb")}
    notebook = Path(str(there["notebook"])) if there.get("notebook") else None
    return Row(
        number=number, **texts, **costs, parameters=parameters, recorded=recorded,
        exercises=exercises, versions=versions, notebook=notebook if notebook and notebook.is_file() else None,
    )  # fmt: skip


def _native(value: Any) -> Any:
    """A value of numpy as one of Python."""
    return value.item() if hasattr(value, "item") else value
