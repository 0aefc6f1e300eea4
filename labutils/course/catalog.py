"""Which labs there are, and what each was measured to cost."""

import difflib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from labutils.course import source
from labutils.errors import LabError
from labutils.paths import course_root


@dataclass(frozen=True)
class Lab:
    """One lab of the course; `minutes` is a learner's time, `quick` the parameter values of the quick profile.

    variants: over which values which parameters may differ from student to student, as `labutils.course.grid` reads it.
    cold: what is loaded when is a part of the lesson, so that its kernel has to start with nothing.
    """

    number: str
    slug: str
    title: str
    minutes: int
    quick: Mapping[str, Any] = field(hash=False)
    source: Path
    notebook: Path
    cold: bool = False
    variants: Mapping[str, Any] = field(default_factory=dict, hash=False)


@dataclass(frozen=True)
class Cost:
    """What one execution of a lab took, with its default parameters."""

    cpu_seconds: float
    seconds: float
    peak_mb: float


@dataclass(frozen=True)
class Measured:
    """What `labs run --all --record` found: where, when, and the cost of each lab by its slug."""

    machine: str = ""
    date: str = ""
    costs: Mapping[str, Cost] = field(default_factory=dict, hash=False)


def labs() -> list[Lab]:
    """All labs, by number, as the headers of `notebooks/source/` state them.

    Raises LabError when a header lacks what a lab needs, or two labs share a number.

    >>> [lab.number for lab in labs()] == sorted(lab.number for lab in labs())
    True
    """
    folder = course_root() / "notebooks"
    found = [read_lab(path) for path in sorted((folder / "source").glob("[0-9][0-9]_*.py"))]
    for one, next_one in zip(found, found[1:], strict=False):
        if one.number == next_one.number:
            raise LabError(f"{one.slug} and {next_one.slug} share the number {one.number}: rename one.")
    return found


def find_lab(name: str) -> Lab:
    """The lab of that number ("01", "1"), slug, file name or path; LabError names the labs that there are.

    >>> try:
    ...     find_lab("no such lab")
    ... except LabError as error:
    ...     print(str(error)[:30])
    There is no lab 'no such lab':
    """
    known = labs()
    stem = Path(name).stem if name.endswith((".py", ".ipynb")) else name
    number = stem.zfill(2) if re.fullmatch(r"[0-9]+", stem) else stem
    for lab in known:
        if number in (lab.number, lab.slug):
            return lab
    close = difflib.get_close_matches(stem.lower(), _names(known), n=1, cutoff=0.6)
    hint = f" (did you mean {_names(known)[close[0]]}?)" if close else ""
    there = ", ".join(lab.slug for lab in known) or "none at all"
    raise LabError(f"There is no lab {name!r}: the labs are {there}{hint}.")


def measured() -> Measured:
    """What `notebooks/measured.json` holds; without the file, or with a torn one, nothing is measured.

    >>> isinstance(measured().costs, dict)
    True
    """
    try:
        content = json.loads(measured_path().read_text(encoding="utf-8"))
        costs = {slug: Cost(**cost) for slug, cost in content.items() if isinstance(cost, dict)}
        numbers = [value for cost in costs.values() for value in vars(cost).values()]
        if not all(isinstance(value, int | float) for value in numbers):
            return Measured()
        return Measured(str(content.get("machine", "")), str(content.get("date", "")), costs)
    except (OSError, ValueError, TypeError, AttributeError):
        return Measured()


def measured_path() -> Path:
    """Where the measured costs are kept."""
    return course_root() / "notebooks" / "measured.json"


def read_lab(path: Path) -> Lab:
    """The lab of a source in `notebooks/source/`; LabError where its header lacks what a lab needs."""
    stated = source.read_header(path).get("lab")
    fits = isinstance(stated, dict) and isinstance(stated.get("title"), str) and isinstance(stated.get("minutes"), int)
    quick = stated.get("quick") or {} if fits else None
    if not isinstance(quick, dict):
        raise LabError(f"The header of {path.name} lacks what a lab needs: `lab:` with title, minutes and quick.")
    notebook = path.parent.parent / f"{path.stem}.ipynb"
    cold = stated.get("cold", False) is True
    variants = stated.get("variants") or {}
    if not isinstance(variants, dict):
        raise LabError(f"The header of {path.name} has variants without names: write a line such as `seed: 1..999`.")
    number, title, minutes = path.stem[:2], stated["title"], stated["minutes"]
    return Lab(number, path.stem, title, minutes, dict(quick), path, notebook, cold, variants)


def _names(known: list[Lab]) -> dict[str, str]:
    return {name: lab.slug for lab in known for name in (lab.slug, lab.slug[3:], lab.title.lower())}
