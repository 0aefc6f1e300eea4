"""The table of all executions, and what each lab recorded, ready for the page."""

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from labutils.report.run import Group, Quantity, Row, Run
from labutils.report.words import MISSING, column, is_number, plain, sign

MOST_PRINTED = 9  # columns that a printed page has room for


@dataclass(frozen=True)
class Cell:
    """One cell of the table. link: the execution that it leads to. numeric: it stands to the right."""

    text: str
    numeric: bool = False
    link: int | None = None
    outcome: str = ""


@dataclass(frozen=True)
class Column:
    """The head of a column. printed: whether a printed page has room for it."""

    name: str
    unit: str = ""
    numeric: bool = False
    printed: bool = True


@dataclass(frozen=True)
class Table:
    """Heads, and as many cells in each row."""

    columns: list[Column]
    rows: list[list[Cell]]


@dataclass(frozen=True)
class Recorded:
    """What one lab recorded, by unit: names and values as texts."""

    group: Group
    units: list[tuple[str, list[tuple[str, str]]]]

    @property
    def size(self) -> int:
        """How many values."""
        return sum(len(values) for _, values in self.units)


def executions(run: Run) -> Table:
    """One row each; what was recorded only where there is one lab, since each lab records values of its own."""
    rows = run.rows
    group = run.groups[0]
    columns = [(Column("No.", numeric=True), [Cell(str(r.number), True, _linked(r)) for r in rows])]
    if run.several:
        columns.append((Column("lab"), [Cell(row.lab) for row in rows]))
    parameters = list(dict.fromkeys(name for each in run.groups for name in each.varied))
    columns += [_values(Column(name), [row.parameters.get(name) for row in rows], plain) for name in parameters]
    columns.append((Column("outcome"), [Cell(f"{sign(r.outcome)} {r.outcome}", outcome=r.outcome) for r in rows]))
    columns += [
        _values(Column("time", "s"), [row.seconds for row in rows]),
        _values(Column("CPU time", "s"), [row.cpu_seconds for row in rows]),
        _values(Column("peak memory", "MB"), [row.peak_mb for row in rows]),
    ]
    shown = [] if run.several else [each for each in group.quantities if each not in group.unchanged]
    columns += [_values(_head(each, len(columns) + n), [r.recorded.get(each) for r in rows])
                for n, each in enumerate(shown)]  # fmt: skip
    heads, cells = zip(*columns, strict=True)
    return Table(list(heads), [list(row) for row in zip(*cells, strict=True)])


def recorded(run: Run) -> list[Recorded]:
    """For a run of several labs: what each recorded, where it was executed once."""
    return [found for group in run.groups if run.several and len(group.rows) == 1 and (found := _recorded(group)).size]


def unchanged(group: Group) -> list[tuple[str, str]]:
    """What every execution recorded alike: names and values with their units."""
    return [(each.name, f"{column([value])[0]} {each.unit}".rstrip()) for each, value in group.unchanged.items()]


def csv_link(text: str) -> str:
    """The table of results as an address to download it from.

    >>> csv_link("a")
    'data:text/csv;charset=utf-8;base64,YQ=='
    """
    return "data:text/csv;charset=utf-8;base64," + base64.b64encode(text.encode("utf-8")).decode()


def _recorded(group: Group) -> Recorded:
    values = group.rows[0].recorded
    units = list(dict.fromkeys(quantity.unit for quantity in values))
    return Recorded(group, [(unit, _of_unit(values, unit)) for unit in units])


def _of_unit(values: dict[Quantity, Any], unit: str) -> list[tuple[str, str]]:
    own = {quantity.name: value for quantity, value in values.items() if quantity.unit == unit}
    return list(zip(own, column(list(own.values())), strict=True))


def _linked(row: Row) -> int | None:
    return row.number if row.notebook else None


def _head(quantity: Quantity, place: int) -> Column:
    return Column(quantity.name, quantity.unit, printed=place < MOST_PRINTED)


def _values(head: Column, values: Sequence[Any], text: Any = None) -> tuple[Column, list[Cell]]:
    """A column: numbers to the right, with equal decimals; parameters as they are written."""
    there = [value for value in values if value is not None]
    numeric = bool(there) and all(map(is_number, there))
    texts = column(values) if text is None else [MISSING if value is None else text(value) for value in values]
    return Column(head.name, head.unit, numeric, head.printed), [Cell(each, numeric) for each in texts]
