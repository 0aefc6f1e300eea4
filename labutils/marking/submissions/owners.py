"""Whose a file is: what its path says, what it says of itself, and who of a list is meant."""

from __future__ import annotations

import os
import re
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from labutils.course.students import folder_names
from labutils.marking.submissions.files import Entry, is_notebook
from labutils.marking.submissions.forms import Told, read_form
from labutils.marking.submissions.names import Roll, folded, lab_named, own_name

ENDING = re.compile(r"(\.ipynb)?\.[a-z0-9]{1,5}", re.IGNORECASE)
KEPT_APART = "submitted"  # nbgrader: below this folder is one for each student, below that one for each assignment


@dataclass(frozen=True)
class Piece:
    """A file, and what its path says.

    told: what the learning platform says, if one has named it; within: what stands before that. folders: the names
    that those above it, and zips, may give a student, the outermost first; "" where one gives none. stem: its own name,
    without its ending; own: what of that may be a student's name. lab: what its name or a folder's carries; carries:
    whether it is its own.
    """

    entry: Entry
    told: Told | None
    within: tuple[str, ...]
    folders: tuple[str, ...]
    stem: str
    own: str
    lab: str
    carries: bool


@dataclass(frozen=True)
class Owner:
    """Whose a file is, and what a human should look at."""

    student: str
    notes: tuple[str, ...] = ()


def read_piece(entry: Entry, place: Path, slugs: Sequence[str]) -> Piece:
    """What the path of a file says, in that place, which may be a zip."""
    *above, name = entry.parts or (place.name,)
    told, depth = _told(entry.parts, place)
    stem = without_ending(told.rest if told and told.rest else name)
    named, left = lab_named(stem, slugs)
    others = (told.title if told else "", *reversed(above))  # not the whole name: a second try may be called lab-2
    lab = named or next((found for part in others if (found := lab_named(part, slugs)[0])), "")
    folders = [own_name(lab_named(_container(part), slugs)[1]) for part in above]
    if folders and place.is_file():
        folders[0] = ""  # the zip of the class: its name is asked last of all
    return Piece(entry, told, tuple(above[:depth]), tuple(folders), stem, own_name(left), lab, bool(named))


def owners(pieces: Sequence[Piece], place: Path, roll: Roll | None) -> list[Owner]:
    """The owner of each piece, in their order. roll: the students of a list; None where there is none."""
    first = _by_path(pieces, place, roll)
    found = [_compared(piece, owner, roll) for piece, owner in zip(pieces, first, strict=True)]
    if roll:
        return _spelled_alike(found, roll.students)
    spelled = {
        owner.student: better.student
        for piece, owner, better in zip(pieces, first, found, strict=True)
        if better.student == piece.entry.made_for  # files beside such a notebook are the same student's
    }
    found = [replace(owner, student=spelled.get(owner.student, owner.student)) for owner in found]
    return _spelled_alike(found, spelled.values())


def without_ending(name: str) -> str:
    """A file's name without its ending, or the two that a browser makes of a notebook's.

    >>> without_ending("ada.ipynb.json"), without_ending("O. Ada")
    ('ada', 'O. Ada')
    """
    found = ENDING.search(name)
    while found and found.end() < len(name):
        found = ENDING.search(name, found.start() + 1)
    return name[: found.start()] if found and found.start() else name


def _by_path(pieces: Sequence[Piece], place: Path, roll: Roll | None) -> list[Owner]:
    """The owners by what platforms and paths say."""
    numbers: dict[tuple[tuple[str, ...], str], set[str]] = defaultdict(set)
    alike: dict[str, set[tuple[str, ...]]] = defaultdict(set)
    for piece in pieces:
        if piece.told:
            numbers[piece.within, folded(piece.told.names[0])].add(piece.told.key)
        else:
            alike[folded(piece.own)].add(piece.entry.parts[:-1])
    wrapping = _wrapping([piece for piece in pieces if not piece.told])
    apart = _one_folder_each(pieces, wrapping)
    last = own_name(_container(place.name)) if _one_of_each_lab(pieces, wrapping) else ""
    found = []
    for piece in pieces:
        if piece.told:
            twins = len(numbers[piece.within, folded(piece.told.names[0])]) > 1
            found.append(_of_platform(piece.told, twins, roll))
        else:
            guess = _guess(piece, last, wrapping, apart or len(alike[folded(piece.own)]) > 1)
            found.append(_of_path(piece, place, guess, roll))
    return found


def _container(part: str) -> str:
    return part[:-4] if part.casefold().endswith(".zip") else part


def _told(parts: tuple[str, ...], place: Path) -> tuple[Told | None, int]:
    """What the outermost name that is a platform's says, and how many stand before it."""
    for depth, part in enumerate(parts):
        is_file = depth == len(parts) - 1 or part.casefold().endswith(".zip")
        if told := read_form(part, is_folder=not is_file):
            return told if depth == len(parts) - 1 else replace(told, rest=""), depth
    path = (place.name, *parts[:-1])
    if KEPT_APART in path[:-1]:
        depth = path.index(KEPT_APART)
        return Told((path[depth + 1],)), depth
    return None, 0


def _of_platform(told: Told, twins: bool, roll: Roll | None) -> Owner:
    """By the platform's name, with its number where several bear it."""
    names = [f"{told.names[0]} {told.key}", *told.names[1:]] if twins else list(told.names)
    if roll is None:
        return Owner(names[0])
    known = next(filter(None, map(roll.find, names)), "")
    return Owner(known) if known else _stranger(names[0])


def _wrapping(pieces: Sequence[Piece]) -> int:
    """How many folders all have in common, so that they tell nobody apart; 0 where all is one student's."""
    shared = len(os.path.commonprefix([piece.entry.parts[:-1] for piece in pieces]))
    notebooks = _notebooks(pieces)
    told_apart = any(piece.own or _naming(piece, shared) is not None for piece in notebooks)
    return shared if told_apart or not notebooks else 0


def _one_folder_each(pieces: Sequence[Piece], wrapping: int) -> bool:
    """Whether folders are students, and not groups: most hold notebooks of one name, if any that may be a student's."""
    names: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for piece in _notebooks(pieces) or pieces:
        depth = _naming(piece, wrapping)
        if not piece.told and depth is not None and piece.own and not piece.carries:
            names[piece.entry.parts[: depth + 1]].add(folded(piece.own))
    return not names or sum(len(found) > 1 for found in names.values()) * 2 < len(names)


def _notebooks(pieces: Sequence[Piece]) -> list[Piece]:
    return [piece for piece in pieces if is_notebook((piece.entry.parts or ("",))[-1])]


def _naming(piece: Piece, wrapping: int) -> int | None:
    """Which of the folders that not all have in common is the first that may give a student's name."""
    return next((depth for depth, name in enumerate(piece.folders) if name and depth >= wrapping), None)


def _one_of_each_lab(pieces: Sequence[Piece], wrapping: int) -> bool:
    """Whether the files of which nothing says whose they are may be one student's: the place's name is theirs then."""
    silent = [piece for piece in pieces if not piece.told and not piece.own and _naming(piece, wrapping) is None]
    labs = [piece.lab for piece in silent if not piece.entry.made_for]
    return len(set(labs)) == len(labs)


def _guess(piece: Piece, last: str, wrapping: int, by_folder: bool) -> str:
    """By a zip, or a folder where files are called after a lab or alike; else by its name; "" where nothing says.

    last: whom to name where only the place itself says it.
    """
    depth = _naming(piece, wrapping)
    if depth is not None:
        zipped = piece.entry.parts[depth].casefold().endswith(".zip")
        if zipped or by_folder or piece.carries or not piece.own:
            return piece.folders[depth]
    return piece.own or piece.entry.made_for or next(filter(None, piece.folders[:wrapping]), last)


def _of_path(piece: Piece, place: Path, guess: str, roll: Roll | None) -> Owner:
    """By whoever of the list a folder or the name means, else as guessed."""
    name = piece.entry.parts[-1] if piece.entry.parts else place.name
    nobody = Owner(piece.stem.strip() or name, (f"Nothing says whose {name} is.",))
    if roll is None:
        return Owner(guess) if guess else nobody
    above = next(filter(None, map(roll.meant, (*piece.entry.parts[:-1], *piece.folders))), "")
    own = roll.meant(piece.stem) or roll.meant(piece.own)
    if above and own and above != own:
        return Owner(above, (f"The folder says {above}, and the name of {name} says {own}.",))
    known = above or own or ("" if piece.own else roll.find(piece.entry.made_for) or roll.meant(place.name))
    if known:
        return Owner(known)
    return _stranger(guess) if guess else nobody


def _stranger(name: str) -> Owner:
    return Owner(name, (f"{name} is not on the list of students.",))


def _compared(piece: Piece, owner: Owner, roll: Roll | None) -> Owner:
    """The owner, beside what a variant says of itself: it has the name as it is spelled, or it is another's."""
    made_for = piece.entry.made_for
    if not made_for or (roll and roll.find(made_for) == owner.student):
        return owner
    as_folders = (*folder_names([made_for]), *folder_names([made_for] * 2))  # alone, and beside one who is alike
    names = {folded(name) for name in (made_for, *as_folders)}
    if folded(owner.student) in names or Roll([made_for]).find(owner.student):
        return owner if roll else replace(owner, student=made_for)
    note = f"The notebook was made for {made_for}: ask both why {owner.student} hands it in."
    return replace(owner, notes=(*owner.notes, note))


def _spelled_alike(found: Sequence[Owner], settled: Collection[str]) -> list[Owner]:
    """One spelling for each name: the settled one, else one with spaces, if anybody writes it so."""
    known, spellings = set(settled), defaultdict(set)
    for owner in found:
        spellings[folded(owner.student)].add(owner.student)

    def best(student: str) -> str:
        names = spellings[folded(student)]
        if student in known or len(names & known) > 1:
            return student
        return min(names & known or names, key=lambda name: ("_" in name, name))

    return [replace(owner, student=best(owner.student)) for owner in found]
