"""Hands labs out to a class: one bundle, as a folder to be looked at, served or copied, and as a zip of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from labutils.course.build import drift
from labutils.course.catalog import Lab, labs
from labutils.files import writable_folder, write_whole
from labutils.handout.bundle import bundle, gather
from labutils.handout.release_place import check_place, holds, refuse_other, stamp_of, write_folder
from labutils.handout.release_stamp import make_stamp, settled
from labutils.handout.release_zip import packed, unpacked
from labutils.paths import course_root


@dataclass(frozen=True)
class Released:
    """What was released. folder: the unpacked bundle, None with students. zips: all of them, in the order of the list.

    key: the teacher's, None without students. new: how many zips were not there already. files: in a bundle. alike:
    how many students share all their values with another; None where nothing varies. notes: what to know, a sentence
    each.
    """

    folder: Path | None
    zips: tuple[Path, ...]
    key: Path | None
    new: int
    files: int
    alike: int | None = None
    notes: tuple[str, ...] = ()


def write_release(chosen: Sequence[Lab], out: Path, *, solutions: bool = False, again: bool = False) -> Released:
    """Writes the bundle of these labs into the folder, as `labs-01-06/` and as `labs-01-06.zip`.

    What is there already and the same is left alone, also where only the day or the git revision differ. Raises
    LabError, before anything is written, where the folder holds other files, or this bundle as it would not be written;
    with `again` the bundle is then replaced, and what has been added to its folder stays.
    """
    chosen, out, root = ordered(chosen), out.expanduser().absolute(), course_root()
    name = bundle_name(chosen)
    folder, archive = out / name, out / f"{name}.zip"
    check_place(out, root)
    material, stamp, before = gather(root, chosen, solutions), make_stamp(root, chosen, solutions), unpacked(archive)
    files = bundle(material, settled(stamp, stamp_of(archive) or stamp_of(folder)))
    others = [archive] if before not in ({}, files) else []
    others += [folder] if stamp_of(folder) and not holds(folder, files) else []
    if others and not again:
        refuse_other(others[0])
    if others:
        files = bundle(material, stamp)  # with the day of today
    writable_folder(out)
    if new := before != files:
        write_whole(archive, packed(files, name))
    stale = [each for each in before.keys() - files.keys() if (folder / each).exists()]
    if stale or not holds(folder, files):
        write_folder(folder, files, stale)
    return Released(folder, (archive,), None, int(new), len(files), None, notes(chosen))


def ordered(chosen: Sequence[Lab]) -> tuple[Lab, ...]:
    """Each lab once, by number."""
    return tuple(sorted({lab.slug: lab for lab in chosen}.values(), key=lambda lab: lab.slug))


def bundle_name(chosen: Sequence[Lab]) -> str:
    """What the bundle of these labs is called: `labs-01-06`; `labs-all` for all of them.

    >>> from labutils.course.catalog import find_lab
    >>> bundle_name([find_lab("01"), find_lab("06")])
    'labs-01-06'
    """
    numbers = [lab.number for lab in chosen]
    every = len(numbers) > 1 and numbers == [lab.number for lab in labs()]
    return "labs-all" if every else "-".join([f"lab{'s' * (len(numbers) > 1)}", *numbers])


def notes(chosen: Sequence[Lab]) -> tuple[str, ...]:
    """What may surprise, a sentence each: a notebook that says something else than its source, which goes out."""
    said = [(lab, drift(lab)) for lab in chosen if lab.notebook.exists()]
    return tuple(f"Lab {lab.number} goes out as its source has it: {found}" for lab, found in said if found)
