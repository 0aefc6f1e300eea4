"""What lies in a folder or a zip of submissions, also in zips within: every file's path, and a way to read it.

Whoever handed it in may mean harm: nothing is written, and what cannot be read becomes a reason.
"""

from __future__ import annotations

import contextlib
import io
import os
import stat
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import BinaryIO

from labutils.errors import LabError
from labutils.marking.submissions.names import made_for, shown
from labutils.marking.submissions.source import LIMIT, OnDisk, Packed, opened, read_bounded, read_member, too_large

PEEKED = 16 * 2**20  # bytes of a notebook that is looked into while it is found
LOOKED_THROUGH = 8 * LIMIT  # bytes that are unpacked altogether while submissions are found
MEMBERS = 100_000  # files in one zip
DEPTH = 4  # zips within zips
ENTRY = b"PK\x01\x02"  # how each entry of a zip's table of contents begins
PASSED_OVER = {"__macosx", "__pycache__", "thumbs.db", "desktop.ini", "key.csv"}


@dataclass(frozen=True)
class Entry:
    """A file that was found. parts: of its path from the place on, each as it is shown; zips are folders.

    source: what reads it. reason: why it cannot be read; "" where it can. made_for: the student whose variant of a lab
    it is, where it is a notebook of no great size that says so.
    """

    parts: tuple[str, ...]
    source: OnDisk | Packed
    reason: str = ""
    made_for: str = ""


@dataclass
class Budget:
    """How many bytes may still be unpacked while submissions are found."""

    left: int = LOOKED_THROUGH

    def take(self, size: int) -> bool:
        """Whether that many are left; then they are taken."""
        fits = size <= self.left
        self.left -= size if fits else 0
        return fits


def look_through(place: Path, limit: int = LIMIT) -> Iterator[Entry]:
    """Every file in the folder or zip, but for those that nobody handed in; LabError where the place is neither."""
    if not place.exists():
        raise LabError(f"{place} is not there: name the folder, or the zip, with the submissions.")
    if place.is_dir():
        return _folder(place, limit)
    if place.is_file() and zipfile.is_zipfile(place):
        return _whole(_archive(OnDisk(place.resolve()), (shown(place.name),), limit, Budget(), 0))
    raise LabError(f"{place} is no folder and no whole zip: name the one that holds the submissions.")


def _whole(entries: Iterable[Entry]) -> Iterator[Entry]:
    """What a zip of a class holds; where it cannot be opened, or holds nothing, LabError with the reason."""
    for entry in entries:
        if len(entry.parts) == 1:
            raise LabError(entry.reason)
        yield entry


def is_notebook(name: str) -> bool:
    """Whether a file's name is a notebook's, also where a browser has put another ending behind it.

    >>> is_notebook("a.IPYNB"), is_notebook("a.ipynb.json"), is_notebook("a.py")
    (True, True, False)
    """
    return name.casefold().endswith((".ipynb", ".ipynb.json", ".ipynb.txt"))


def _passed_over(name: str) -> bool:
    """Whether nobody hands in what is called so: hidden, left by a system, or the course's own."""
    return name.startswith((".", "~$")) or name.casefold() in PASSED_OVER or name.casefold().startswith("readme")


def _folder(place: Path, limit: int) -> Iterator[Entry]:
    budget = Budget()
    stack: list[tuple[Path, tuple[str, ...]]] = [(place, ())]
    while stack:
        folder, parts = stack.pop()
        try:
            with os.scandir(folder) as found:
                children = sorted(found, key=lambda child: child.name)
        except OSError as error:
            yield Entry(parts, OnDisk(folder), f"{shown(folder.name)} cannot be opened ({error.strerror}): free it.")
            continue
        for child in children:
            name, path = shown(child.name), folder / child.name
            if _passed_over(name):
                continue
            if child.is_dir(follow_symlinks=False):
                if name != "img":
                    stack.append((path, (*parts, name)))
            elif child.is_symlink() or not child.is_file(follow_symlinks=False):
                yield Entry(
                    (*parts, name), OnDisk(path), f"{name} is a link, or no plain file: put the file itself there."
                )
            elif name.casefold().endswith(".zip"):
                yield from _archive(OnDisk(path), (*parts, name), limit, budget, 0)
            else:
                yield _seen(Entry((*parts, name), OnDisk(path)), limit)


def _seen(entry: Entry, limit: int) -> Entry:
    """The entry of a file on disk: with the reason where it cannot be read, with what a notebook says of itself."""
    try:
        with entry.source.open(limit) as file:
            size = os.fstat(file.fileno()).st_size
            if size > limit:
                raise LabError(too_large(entry.source.name, limit))
            if size > PEEKED or not is_notebook(entry.parts[-1]):
                return entry
            return replace(entry, made_for=made_for(read_bounded(file, entry.source.name, limit)))
    except LabError as why:
        return replace(entry, reason=str(why))


def _archive(
    source: OnDisk | Packed, parts: tuple[str, ...], limit: int, budget: Budget, depth: int
) -> Iterator[Entry]:
    """What a zip holds; also itself, with the reason, where it cannot be opened or holds no notebook."""
    notebooks = 0
    try:
        with source.open(limit) as file:
            _check_count(file, source.name)
            archive = opened(file, source.name)
            _check_apart(archive.infolist(), source.name)
            for entry in _members(archive, source, parts, limit, budget, depth):
                notebooks += is_notebook(entry.parts[-1]) or bool(entry.reason)
                yield entry
        if not notebooks:
            raise LabError(f"{source.name} holds no notebook: hand in the .ipynb file.")
    except LabError as why:
        yield Entry(parts, source, str(why))


def _check_count(file: BinaryIO, name: str) -> None:
    """Raises LabError where a zip's table of contents is longer than that of any class, before memory goes into it."""
    size = file.seek(0, io.SEEK_END)
    file.seek(max(0, size - 64 * 2**20))
    if file.read().count(ENTRY) > MEMBERS:
        raise LabError(f"{name} holds more than {MEMBERS:,} files: ask for the notebook alone.")


def _check_apart(infos: Sequence[zipfile.ZipInfo], name: str) -> None:
    """Raises LabError where files of a zip share their bytes, which makes one of kilobytes unpack to terabytes."""
    places = sorted({(info.header_offset, info.compress_size) for info in infos})
    for (start, size), (following, _) in pairwise(places):
        if start + size > following:
            raise LabError(f"{name} holds files that lie upon one another: ask for it anew.")


def _members(
    archive: zipfile.ZipFile, source: OnDisk | Packed, parts: tuple[str, ...], limit: int, budget: Budget, depth: int
) -> Iterator[Entry]:
    seen: dict[tuple[str, ...], zipfile.ZipInfo] = {}
    for place, info in enumerate(archive.infolist()):
        inner, leads_out = _parts(info)
        if not inner or info.is_dir() or any(map(_passed_over, inner)) or "img" in inner[:-1]:
            continue
        name = inner[-1]
        entry = Entry((*parts, *inner), Packed(source, place, name), _refusal(info, name, leads_out, seen.get(inner)))
        first = seen.setdefault(inner, info)
        if first is not info and (first.CRC, first.file_size) == (info.CRC, info.file_size):
            continue  # packed twice, and the same
        if entry.reason:
            yield entry
        elif name.casefold().endswith(".zip"):
            yield from _nested(entry, info, limit, budget, depth)
        elif is_notebook(name):
            yield _peeked(archive, info, entry, limit, budget)
        else:
            yield entry


def _parts(info: zipfile.ZipInfo) -> tuple[tuple[str, ...], bool]:
    """The parts of a name in a zip, as they are shown, and whether it leads out of the zip."""
    name = info.orig_filename.split("\0")[0]
    if not info.flag_bits & 0x800:  # not marked as UTF-8, and often it is UTF-8 all the same
        with contextlib.suppress(UnicodeError):
            name = name.encode("cp437").decode("utf-8")
    pieces = name.replace("\\", "/").split("/")
    leads_out = name.startswith(("/", "\\")) or ".." in pieces or pieces[0].endswith(":")
    return tuple(shown(piece) for piece in pieces if piece not in ("", ".", "..")), leads_out


def _refusal(info: zipfile.ZipInfo, name: str, leads_out: bool, earlier: zipfile.ZipInfo | None) -> str:
    """Why a file in a zip is not taken; "" where it is."""
    if leads_out:
        return f"{name} has a path that leads out of its zip: ask for it anew."
    if stat.S_ISLNK(info.external_attr >> 16):
        return f"{name} is no file but a link: ask for the file itself."
    if earlier is not None:
        return f"{name} is in its zip twice, with different contents: ask which one counts."
    return ""


def _nested(entry: Entry, info: zipfile.ZipInfo, limit: int, budget: Budget, depth: int) -> Iterator[Entry]:
    name = entry.parts[-1]
    if depth + 1 >= DEPTH:
        yield Entry(entry.parts, entry.source, f"{name} is a zip in a zip in a zip: ask for the notebook alone.")
    elif info.file_size <= limit and not budget.take(info.file_size):
        yield Entry(entry.parts, entry.source, f"{name} unpacks to more than is looked through: ask for the notebook.")
    else:
        yield from _archive(entry.source, entry.parts, limit, budget, depth + 1)


def _peeked(archive: zipfile.ZipFile, info: zipfile.ZipInfo, entry: Entry, limit: int, budget: Budget) -> Entry:
    """The entry of a notebook in a zip, as `_seen` of one on disk."""
    small = info.file_size <= PEEKED and budget.take(info.file_size)
    try:
        if info.file_size > limit:
            raise LabError(too_large(entry.parts[-1], limit))
        return replace(entry, made_for=made_for(read_member(archive, info, entry.parts[-1], limit))) if small else entry
    except LabError as why:
        return replace(entry, reason=str(why))
