"""What a lab calls while it is executed: the check of its parameters, and the record of what it measured."""

import numbers
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from labutils.course.catalog import find_lab
from labutils.course.parameters import check_against, read_parameters
from labutils.errors import LabError

MIME = "application/vnd.labutils.record+json"  # under which an executed notebook holds what was measured


def check_parameters(lab: str, names: Mapping[str, Any]) -> None:
    """Refuse what is out of range, whoever has set it: `labs run` has checked already, plain papermill does not.

    lab: its number. names: the notebook's `globals()`. Raises LabError with a sentence that names what is allowed.

    >>> check_parameters("01", {"seed": 7, "steps": 500, "learning_rate": 0.01, "question": 10.0})
    """
    found = find_lab(lab)
    known = read_parameters(found)
    check_against(known, {each.name: names[each.name] for each in known if each.name in names}, found.number)


@dataclass(frozen=True, repr=False)
class Record:
    """Values by name, all in one unit. A notebook shows them as a table, and holds them as data.

    >>> Record("bytes", {"float_file": 1656736})
    float_file: 1656736 bytes
    """

    unit: str
    values: Mapping[str, float | int | str | bool]

    def __repr__(self) -> str:
        return "\n".join(f"{name}: {_short(value)} {self.unit}".rstrip() for name, value in self.values.items())

    def _repr_html_(self) -> str:
        rows = "".join(f"<tr><td>{name}</td><td>{_short(value)}</td></tr>" for name, value in self.values.items())
        return f"<table><tr><th>recorded</th><th>{self.unit}</th></tr>{rows}</table>"

    def _repr_mimebundle_(self, **_: object) -> dict[str, Any]:
        return {MIME: {"unit": self.unit, "values": dict(self.values)}}


def record(unit: str, **values: Any) -> None:
    """Record what was measured: `record("bytes", float_file=1656736)`. `labs results` brings it back as a table.

    unit: of all the values of this call, such as "bytes", "ms", "share"; "" where there is none. values: numbers, of
    numpy too, texts, or True and False. A name that is recorded twice has its last value. Raises LabError for a value
    of another kind.

    >>> record("ms", median=1.5)
    median: 1.5 ms
    """
    from IPython.display import display

    if not re.fullmatch(r"[^\n<>&]{0,30}", unit):
        raise LabError(f"The unit {unit[:40]!r} is no unit: name it in a few letters, such as ms or bytes.")
    if not values:
        raise LabError('Name what you record: record("bytes", float_file=1656736).')
    display(Record(unit, {name: _plain(name, value) for name, value in values.items()}))


def _plain(name: str, value: Any) -> float | int | str | bool:
    """The value as JSON holds it."""
    value = value.item() if hasattr(value, "item") and getattr(value, "size", 1) == 1 else value
    if isinstance(value, bool | str):
        return value
    if isinstance(value, numbers.Integral):
        return int(value)
    if isinstance(value, numbers.Real):
        return float(value)
    raise LabError(f"{name} is a {type(value).__name__}: record single numbers or texts, each by a name of its own.")


def _short(value: Any) -> str:
    return f"{value:.6g}" if isinstance(value, float) else str(value)
