"""Writes the pages of a marking: all of them, or none."""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from pathlib import Path

from labutils.errors import LabError
from labutils.files import writable_folder
from labutils.marking.marks import Marked
from labutils.marking.pages.classroom import FOLDER, class_page, file_names
from labutils.marking.pages.feedback import feedback_page
from labutils.marking.pages.shell import GENERATOR
from labutils.marking.pages.standing import standings

CLASS = "class.html"
MARK = f'<meta name="generator" content="{GENERATOR}">'.encode()
HEAD = 2_000  # bytes of a page, among which that stands


def write_pages(
    marked: Sequence[Marked],
    folder: Path,
    missing: Sequence[str] = (),
    noticed: Sequence[str] = (),
    teacher_note: str = "",
) -> list[Path]:
    """Writes `feedback/` with a page for each student, and `class.html`; returns their paths, that of the class last.

    marked: of all students. missing: who handed in nothing. noticed: what else there is to tell the teacher.
    teacher_note: what stands on every student's page. Pages of an earlier marking are taken away; whatever else lies
    in `feedback/` stays. Raises LabError, and leaves everything as it was, where the folder cannot be written.

    >>> import tempfile
    >>> mark = Marked("Ada", "ada.pdf", "", "", "it is no notebook")
    >>> [path.name for path in write_pages([mark], Path(tempfile.mkdtemp()))]
    ['Ada.html', 'class.html']
    """
    folder = writable_folder(folder)
    target = folder / FOLDER
    target = target.resolve() if target.is_symlink() else target
    if target.exists() and not target.is_dir():
        raise LabError(f"{target} is a file, and the students' pages belong there: move it, or name another folder.")
    pages = _pages(marked, teacher_note)
    teacher = class_page(marked, missing=missing, noticed=noticed)
    part = folder / f".pages.{os.getpid()}.part"
    try:
        (part / FOLDER).mkdir(parents=True)
        for name, page in pages.items():
            (part / FOLDER / name).write_text(page, encoding="utf-8", newline="\n")
        (part / CLASS).write_text(teacher, encoding="utf-8", newline="\n")
        _exchange(part, target, folder / CLASS)
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise LabError(f"The pages cannot be written to {folder} ({why}): free it, or name another folder.") from None
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return [*(target / name for name in pages), folder / CLASS]


def _pages(marked: Sequence[Marked], teacher_note: str) -> dict[str, str]:
    """By file name, each of its own student's files only."""
    found = standings(marked)
    names = file_names([standing.student for standing in found])
    return {
        names[standing.student]: feedback_page(
            [each for attempts in standing.attempts.values() for each in attempts], teacher_note
        )
        for standing in found
    }


def _exchange(part: Path, target: Path, teacher: Path) -> None:
    """What was written takes the place of what is there; where a step fails, those before it are taken back."""
    before = target.with_name(f".{FOLDER}.{os.getpid()}.before")
    was_there = target.exists()
    if was_there:
        _copy_others(target, part / FOLDER)
        target.replace(before)
    try:
        (part / FOLDER).replace(target)
        try:
            (part / CLASS).replace(teacher)
        except OSError:
            target.replace(part / FOLDER)
            raise
    except OSError:
        if was_there:
            before.replace(target)
        raise
    shutil.rmtree(before, ignore_errors=True)


def _copy_others(old: Path, new: Path) -> None:
    """Whatever is no page of an earlier marking, and has not the name of a new one, stays in the folder."""
    for path in old.iterdir():
        if _earlier(path) or (new / path.name).exists():
            continue
        if path.is_dir() and not path.is_symlink():
            shutil.copytree(path, new / path.name, symlinks=True)
        else:
            shutil.copy2(path, new / path.name, follow_symlinks=False)


def _earlier(path: Path) -> bool:
    """Whether it is a page that a marking has written."""
    if path.suffix != ".html" or path.is_symlink() or not path.is_file():
        return False
    with path.open("rb") as file:
        return MARK in file.read(HEAD)
