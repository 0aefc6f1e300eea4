"""Finds what a class handed in: in a folder or a zip, however the learning platform has named it.

Whose a file is says, in this order: the platform's name for it, the folder that it is in, its own name, and last what
a variant says of itself. A list of students comes before all guessing: whoever it names is found in any of these.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from labutils.course.catalog import labs
from labutils.errors import LabError
from labutils.marking.submissions.files import is_notebook, look_through
from labutils.marking.submissions.names import Roll, folded
from labutils.marking.submissions.owners import Owner, Piece, owners, read_piece
from labutils.marking.submissions.source import LIMIT, OnDisk, Packed

# What a student hands in who does not know which file the notebook is, the likeliest first.
OTHERS = (
    ".py", ".html", ".htm", ".pdf", ".json", ".txt", ".md", ".docx", ".doc", ".odt", ".rtf", ".pages", ".pptx", ".r",
    ".rmd", ".qmd", ".tex", ".rar", ".7z", ".gz", ".tgz", ".tar", ".png", ".jpg", ".jpeg", ".heic", ".webp",
)  # fmt: skip
RECEIPTS = {"timestamp.txt", "index.html"}  # what platforms put beside, and nobody handed in


@dataclass(frozen=True)
class Submission:
    """One file that somebody handed in.

    student: whose it is. file: what it is, as told from the folder, with slashes; "archive.zip/inner/name.ipynb" out of
    a zip. lab: the lab that its name carries, such as "01_single_neuron"; "" where it carries none. order: sorts one
    student's tries, the earliest first; "" where the platform says nothing. reason: why there is nothing to mark; ""
    where there is. notes: what a human should look at, a sentence each. source: what reads it.
    """

    student: str
    file: str
    lab: str = ""
    order: str = ""
    reason: str = ""
    notes: tuple[str, ...] = ()
    source: OnDisk | Packed | None = field(default=None, repr=False, compare=False)

    def read(self, limit: int = LIMIT) -> bytes:
        """What it holds; read anew every time.

        limit: the most bytes. Raises LabError, with a sentence to give as the reason, for a file that is larger, or
        damaged, encrypted, a link, or gone.
        """
        if self.source is None:
            raise LabError(self.reason or f"{self.file} is not there: ask for it anew.")
        return self.source.read(limit)


def find_submissions(place: Path, students: Sequence[str] | None = None, *, limit: int = LIMIT) -> list[Submission]:
    """What was handed in, by student, in the order of the list, else by name; a student's tries from the earliest on.

    place: a folder or a zip, with zips in it or not. students: their names, as `labutils.course.students.read_students`
    gives them. limit: the most bytes of one file. What cannot be read, or is no notebook, is there with its reason,
    also where it is all that a student handed in. Raises LabError for a place that is missing, empty, or neither.

    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp())
    >>> _ = (folder / "Lovelace_Ada.ipynb").write_text("{}")
    >>> [(each.student, each.file) for each in find_submissions(folder, ["Ada Lovelace", "Zoë Li"])]
    [('Ada Lovelace', 'Lovelace_Ada.ipynb')]
    """
    slugs = [lab.slug for lab in labs()]
    pieces = [read_piece(entry, place, slugs) for entry in look_through(place, limit)]
    pieces = [piece for piece in pieces if _handed_in(piece)]
    if not pieces:
        raise LabError(f"{place} holds no notebooks: name the folder, or the zip, with the submissions.")
    found = owners(pieces, place, None if students is None else Roll(students))
    by_student: dict[str, list[tuple[Piece, Owner]]] = defaultdict(list)
    for piece, owner in zip(pieces, found, strict=True):
        by_student[owner.student].append((piece, owner))
    ranks = {student: rank for rank, student in enumerate(students or ())}
    ordered = sorted(by_student, key=lambda student: (ranks.get(student, len(ranks)), folded(student), student))
    return [submission for student in ordered for submission in _of_one(by_student[student])]


def missing(submissions: Iterable[Submission], students: Sequence[str]) -> list[str]:
    """Who of the list handed nothing in, in the order of the list.

    >>> missing([Submission("Ada", "ada.ipynb")], ["Ada", "Zoë"])
    ['Zoë']
    """
    there = {each.student for each in submissions}
    return [student for student in students if student not in there]


def _handed_in(piece: Piece) -> bool:
    """Whether somebody handed it in: a notebook, what stands for one, or what should have been there."""
    name = (piece.entry.parts or ("",))[-1].casefold()
    if (piece.told and not piece.told.counts) or name in RECEIPTS:
        return False
    return _is_try(piece) or name.endswith(OTHERS) or bool(piece.entry.reason and "." not in name)


def _is_try(piece: Piece) -> bool:
    """Whether it counts by itself, and not only where its owner handed in nothing better."""
    name = (piece.entry.parts or ("",))[-1].casefold()
    return is_notebook(name) or name.endswith(".zip")  # a zip is here only where it could not be opened


def _of_one(files: Sequence[tuple[Piece, Owner]]) -> list[Submission]:
    """The submissions of one student: all tries, or else the one file that is most likely meant to be one."""
    tries = [each for each in files if _is_try(each[0])]
    if tries:
        return [_submission(*each) for each in sorted(tries, key=lambda each: _rank(each[0]))]
    piece, owner = min(files, key=lambda each: (_likely(each[0]), _rank(each[0])))
    name = piece.entry.parts[-1] if piece.entry.parts else ""
    beside = f" ({len(files) - 1} more files beside it)" if len(files) > 1 else ""
    reason = piece.entry.reason or f"{name} is no notebook: hand in the .ipynb file{beside}."
    return [_submission(piece, owner, reason)]


def _submission(piece: Piece, owner: Owner, reason: str = "") -> Submission:
    entry = piece.entry
    order = piece.told.order if piece.told else ""
    return Submission(
        owner.student, "/".join(entry.parts), piece.lab, order, reason or entry.reason, owner.notes, entry.source
    )


def _likely(piece: Piece) -> int:
    name = (piece.entry.parts or ("",))[-1].casefold()
    return next((rank for rank, ending in enumerate(OTHERS) if name.endswith(ending)), len(OTHERS))


def _rank(piece: Piece) -> tuple[object, ...]:
    """By lab, then by the platform's date or number, else by name, in which 10 comes after 9."""
    order = piece.told.order if piece.told else ""
    return piece.lab, order, _natural(piece.stem), _natural("/".join(piece.entry.parts)), piece.entry.reason


def _natural(text: str) -> tuple[tuple[int, int, str], ...]:
    pieces = re.findall(r"\d+|\D+", folded(text))
    return tuple((0, int(piece), "") if piece.isdecimal() and len(piece) < 19 else (1, 0, piece) for piece in pieces)
