"""What a release says of itself: release.json, at its root, where `solution()` finds it."""

from __future__ import annotations

import datetime
import json
import subprocess
import tomllib
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from labutils.course.catalog import Lab
from labutils.errors import LabError


@dataclass(frozen=True)
class Stamp:
    """One release. labs: their names. date: ISO 8601. version: of the course; revision: of its git checkout, or "".

    solutions: whether they are in it. student: whose it is; "" where it is everybody's.
    """

    labs: tuple[str, ...]
    date: str
    version: str
    revision: str
    solutions: bool
    student: str = ""

    def text(self) -> str:
        """The stamp as the text of its file."""
        return json.dumps(asdict(self), indent=1, ensure_ascii=False) + "\n"

    def in_notebook(self, lab: Lab) -> dict[str, str]:
        """What stands in the metadata of a lab's notebook, as `metadata["labutils"]["release"]`."""
        whose = {"student": self.student} if self.student else {}
        return {"lab": lab.slug, "version": self.version, **whose}


def make_stamp(root: Path, labs: Sequence[Lab], solutions: bool) -> Stamp:
    """The stamp of a release that is made now, from the course in that folder."""
    today = datetime.date.today().isoformat()
    return Stamp(tuple(lab.slug for lab in labs), today, _version(root), _revision(root), solutions)


def read_stamp(content: bytes) -> Stamp | None:
    """The stamp that release.json holds; None where it holds none.

    >>> read_stamp(b"{}") is None
    True
    """
    try:
        found: dict[str, Any] = json.loads(content)
        return Stamp(**{**found, "labs": tuple(found["labs"])})
    except (ValueError, KeyError, TypeError):
        return None


def settled(stamp: Stamp, before: Stamp | None) -> Stamp:
    """The stamp, with day and revision of the one before where nothing else differs: the same release is not a new one.

    >>> old = Stamp(("01_x",), "2026-01-01", "0.1", "", False)
    >>> settled(Stamp(("01_x",), "2026-09-09", "0.1", "abc", False), old).date
    '2026-01-01'
    """
    if before is None:
        return stamp
    return before if replace(stamp, date=before.date, revision=before.revision) == before else stamp


def _version(root: Path) -> str:
    try:
        return str(tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"])
    except (OSError, ValueError, KeyError, TypeError):
        raise LabError(f"{root / 'pyproject.toml'} names no version: restore it, and release from there.") from None


def _revision(root: Path) -> str:
    """Of the checkout, short, with "-dirty" behind it where files differ from it; "" where there is none, or no git."""
    if not (root / ".git").exists():  # else git would look for one further up
        return ""
    command = ["git", "-C", str(root), "describe", "--always", "--dirty", "--abbrev=12", "--exclude=*"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=30)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""
