"""Hands labs out to students by name: a bundle each, with parameter values of their own, and a key for the teacher.

There are zips only: thirty folders of the same files would take disk and serve nobody. Whatever a zip is called, it
unpacks to one folder with a plain name, such as `labs-01-06`: not every system lets TensorFlow read files from below a
folder with letters of any script.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from labutils.course.catalog import Lab
from labutils.course.grid import parse_axis
from labutils.course.parameters import Value, read_parameters
from labutils.course.students import folder_names
from labutils.course.variants import KEY_FILE, Variant, key_text, lab_axes, make_variants, read_key, sharing
from labutils.errors import LabError
from labutils.files import writable_folder, write_whole
from labutils.handout.bundle import Files, Material, bundle, gather
from labutils.handout.release import Released, bundle_name, notes, ordered
from labutils.handout.release_place import ANOTHER, check_place, refuse_other, stamp_of
from labutils.handout.release_stamp import Stamp, make_stamp, settled
from labutils.handout.release_zip import packed, unpacked
from labutils.paths import course_root

Axes = dict[str, list[Value]]


@dataclass(frozen=True)
class Copy:
    """One student's bundle. variants: by a lab's name, for the labs of which something varies."""

    student: str
    folder: str
    variants: Mapping[str, Variant]

    @property
    def key(self) -> Variant:
        """The row of the key: a parameter is named as exercises are, with the number of its lab: `01.seed`."""
        values = {
            f"{slug[:2]}.{name}": value
            for slug, variant in self.variants.items()
            for name, value in variant.parameters.items()
        }
        return Variant(self.student, self.folder, values)

    def archive(self, out: Path) -> Path:
        """Where its zip is, or will be."""
        return out / f"{self.folder}.zip"

    def files(self, material: Material, stamp: Stamp, before: Stamp | None = None) -> Files:
        """What is in it. before: the stamp that is there already."""
        return bundle(material, settled(replace(stamp, student=self.student), before), self.variants)


def write_releases(
    chosen: Sequence[Lab], students: Sequence[str], out: Path, *, texts: Sequence[str] = (), salt: str = "",
    solutions: bool = False, again: bool = False,
) -> Released:  # fmt: skip
    """Writes a zip for each student into the folder, and last the teacher's key, which is in none of them.

    students: as `labutils.course.students.read_students` gives them. texts: what varies, as in `seed=1..999`, for the
    labs that have such a parameter, instead of what their headers say; a lab of which nothing varies goes out as it
    is. The values are those of `labs variants`. A longer list adds to what is there. Raises LabError, before anything
    is written, where `labutils.handout.release.write_release` would, and for a key that names others.
    """
    chosen, out, root = ordered(chosen), out.expanduser().absolute(), course_root()
    copies = make_copies(chosen, students, texts, salt)
    check_place(out, root)
    if not again:
        _check_key(out / KEY_FILE, [each.key for each in copies])
    material, stamp = gather(root, chosen, solutions), make_stamp(root, chosen, solutions)
    due = [each for each in copies if not _is_there(each, each.archive(out), material, stamp, again)]
    writable_folder(out)
    for each in due:
        write_whole(each.archive(out), packed(each.files(material, stamp), bundle_name(chosen)))
    keys = [each.key for each in copies]
    key = write_whole(out / KEY_FILE, key_text(keys))
    zips = tuple(each.archive(out) for each in copies)
    alike = sharing(keys) if copies[0].variants else None
    return Released(None, zips, key, len(due), len(copies[0].files(material, stamp)), alike, notes(chosen))


def make_copies(
    chosen: Sequence[Lab], students: Sequence[str], texts: Sequence[str] = (), salt: str = ""
) -> list[Copy]:
    """What each student gets of these labs, in the order of the list.

    >>> from labutils.course.catalog import find_lab
    >>> make_copies([find_lab("01"), find_lab("05")], ["Ada"], ["seed=5"])[0].key.parameters["01.seed"]
    5
    """
    made = {lab.slug: make_variants(lab, students, axes, salt) for lab, axes in _varying(chosen, texts)}
    return [
        Copy(student, folder, {slug: variants[number] for slug, variants in made.items()})
        for number, (student, folder) in enumerate(zip(students, folder_names(students), strict=True))
    ]


def _varying(chosen: Sequence[Lab], texts: Sequence[str]) -> list[tuple[Lab, Axes]]:
    """The labs of which something varies, each with what does."""
    given = [(parse_axis(text)[0], text) for text in texts]
    known = {lab.slug: {each.name for each in read_parameters(lab)} for lab in chosen}
    for name, text in given:
        if not any(name in names for names in known.values()):
            lab_axes(chosen[0], [text])  # raises, and says which names there are
    own = {lab.slug: [text for name, text in given if name in known[lab.slug]] for lab in chosen}
    return [(lab, lab_axes(lab, own[lab.slug])) for lab in chosen if own[lab.slug] or lab.variants]


def _check_key(path: Path, keys: Sequence[Variant]) -> None:
    """Raises LabError where there is a key already that the new one does not contain."""
    if not path.exists():
        return
    rows = [{"student": each.student, "folder": each.folder, **each.parameters} for each in keys]
    texts = [{name: str(value) for name, value in row.items()} for row in rows]
    for row in read_key(path):
        if row not in texts:
            cure = "put back who is missing from the list, use the same labs, --salt and -g, give --again"
            raise LabError(f"{path} is of another release: it has {row['student']} otherwise: {cure}, or {ANOTHER}.")


def _is_there(copy: Copy, archive: Path, material: Material, stamp: Stamp, again: bool) -> bool:
    """Whether the zip is as it would be written. Raises LabError where it is another one, unless `again`."""
    if not archive.exists():
        return False
    if unpacked(archive) == copy.files(material, stamp, stamp_of(archive)):
        return True
    if not again:
        refuse_other(archive)
    return False
