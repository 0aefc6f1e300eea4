"""What a learner has done, kept in build/progress.json: made by the first check, and by nothing else.

The file is a convenience: whatever is wrong with it, a check goes on. With LABS_PROGRESS=0 it is neither written nor
read: so do `labs run` and `labs build`, whose notebooks are not a learner's.
"""

import datetime
import json
import os
from pathlib import Path
from typing import Any

from labutils.errors import LabError
from labutils.exercises.render import CORRECT, NOT_TRIED
from labutils.files import write_whole
from labutils.paths import course_root

VERSION = 1
FILE = "progress.json"
Notes = dict[str, dict[str, Any]]
PARTS = ("labs", "exercises", "questions")  # by number: since when; by name: outcome and tries; likewise


def path() -> Path:
    """Where it is kept: in LABS_BUILD, or in the course's build/."""
    return Path(os.environ.get("LABS_BUILD") or course_root() / "build") / FILE


def read() -> Notes:
    """What is noted so far. A file that is missing, torn or of another version counts as far as it can be understood.

    >>> sorted(read())
    ['exercises', 'labs', 'questions']
    """
    try:
        found = json.loads(path().read_text(encoding="utf-8")) if _kept() else {}
    except (OSError, ValueError, LabError):
        found = {}
    found = found if isinstance(found, dict) else {}
    return {part: _understood(found.get(part), part) for part in PARTS}


def note_check(name: str, outcome: str) -> None:
    """Note how a check ended. Once correct, an exercise stays so."""

    def change(notes: Notes) -> None:
        _open(notes, name)
        if outcome != NOT_TRIED:
            _count(notes["exercises"], name, outcome == CORRECT)

    _change(change)


def note_question(name: str, right: bool) -> None:
    """Note an answer to a question of a quiz."""

    def change(notes: Notes) -> None:
        _open(notes, name)
        _count(notes["questions"], name, right)

    _change(change)


def _open(notes: Notes, name: str) -> None:
    notes["labs"].setdefault(name.split(".")[0], {"since": datetime.date.today().isoformat()})


def _count(part: dict[str, Any], name: str, right: bool) -> None:
    before = part.get(name, {})
    part[name] = {"right": right or before.get("right", False), "tries": before.get("tries", 0) + 1}


def _change(change: Any) -> None:
    if not _kept():
        return
    try:
        notes = read()
        before = json.dumps(notes)
        change(notes)
        if json.dumps(notes) != before:
            _keep_what_is_torn()
            path().parent.mkdir(parents=True, exist_ok=True)
            write_whole(path(), json.dumps({"version": VERSION, **notes}, indent=1) + "\n")
    except (OSError, LabError):
        return  # a full or read-only disk must not stop a learner


def _kept() -> bool:
    return os.environ.get("LABS_PROGRESS", "1") != "0"


def _keep_what_is_torn() -> None:
    """A file that nobody can read is set aside, not written over."""
    try:
        json.loads(path().read_text(encoding="utf-8"))
    except FileNotFoundError:
        return
    except ValueError:
        path().replace(path().with_suffix(".torn.json"))


def _understood(part: Any, name: str) -> dict[str, Any]:
    """The entries of a part that have the form they should have."""
    if not isinstance(part, dict):
        return {}
    kinds = {"since": str} if name == "labs" else {"right": bool, "tries": int}
    return {
        key: {field: value[field] for field in kinds}
        for key, value in part.items()
        if isinstance(value, dict) and all(isinstance(value.get(field), kind) for field, kind in kinds.items())
    }
