"""The sub-commands that hand out: release, and variants."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from labutils.cli.parser import PASSED, add_command, near
from labutils.errors import LabError

if TYPE_CHECKING:
    from labutils.handout.release import Released


def release_command(options: argparse.Namespace) -> int:
    """`labs release`."""
    from labutils.course.catalog import find_lab
    from labutils.handout.release import bundle_name, ordered, write_release
    from labutils.paths import course_root

    if not options.students and (options.salt or options.axes):
        raise LabError("--salt and -g say how students differ: give the list as well, --students names.csv.")
    chosen = ordered([find_lab(name) for name in options.labs])
    out = options.output or course_root() / "build" / "releases" / bundle_name(chosen)
    how = {"solutions": options.solutions, "again": options.again}
    if options.students:
        from labutils.course.students import read_students
        from labutils.handout.release_students import write_releases

        students = read_students(options.students)
        done = write_releases(chosen, students, out, texts=options.axes, salt=options.salt, **how)
    else:
        done = write_release(chosen, out, **how)
    _tell(done, options.solutions)
    return PASSED


def _tell(done: Released, solutions: bool) -> None:
    megabytes = max(path.stat().st_size for path in done.zips) / 1e6
    what = f"{done.files} files, {megabytes:.1f} MB as a zip, {'with' if solutions else 'without'} solutions"
    if done.key:
        count = len(done.zips)
        there = f" ({count - done.new} of them were there already)" if done.new < count else ""
        print(f"{count} zip{'s' * (count != 1)} in {near(done.key.parent)}{there}, the key in {near(done.key)}.")
        print(f"In each: {what}.")
    else:
        print(f"{near(done.zips[0])}{'' if done.new else ' (it was there already)'}, unpacked beside it: {what}.")
    if done.alike:
        print(f"{done.alike} students share all their values with another: give more values by -g.")
    for note in done.notes:
        print(note)


def variants_command(options: argparse.Namespace) -> int:
    """`labs variants`."""
    from labutils.course import variants
    from labutils.course.catalog import find_lab
    from labutils.course.students import read_students
    from labutils.paths import course_root

    lab = find_lab(options.lab)
    axes = variants.lab_axes(lab, options.axes)
    made = variants.make_variants(lab, read_students(options.students), axes, options.salt)
    folder = options.output or course_root() / "build" / "variants" / lab.slug
    key = variants.write_variants(lab, made, folder)
    alike = variants.sharing(made)
    share = f"{alike} of them share all their values with another: give more values by -g" if alike else "no two alike"
    students = f"{len(made)} student{'s' * (len(made) != 1)}"
    print(f"{students} in {near(key.parent)}, the key in {near(key)}; {share}.")
    return PASSED


def _register_release(commands: Any) -> None:
    does, example = "writes what students get of some labs, without solutions", "labs release 01 06 -o handout"
    parser = add_command(commands, "release", release_command, does, example)
    parser.add_argument("labs", metavar="LAB", nargs="+", help="a lab's number, name or file, such as 01")
    where = "where to write a folder and a zip (default: build/releases/labs-...)"
    parser.add_argument("-o", dest="output", type=Path, metavar="DIR", help=where)
    parser.add_argument(
        "--students", type=Path, metavar="FILE",
        help="a zip for each of this list, with values of their own; a name a line, or CSV as for `labs variants`",
    )  # fmt: skip
    parser.add_argument("--solutions", action="store_true", help="leave the exercises' solutions in")
    parser.add_argument("--again", action="store_true", help="replace a release that is there and differs")
    _add_values(parser)


def _register_variants(commands: Any) -> None:
    does, example = "writes a lab for each student, with values of their own", "labs variants 01 --students names.csv"
    parser = add_command(commands, "variants", variants_command, does, example)
    parser.add_argument("lab", metavar="LAB", help="a lab's number, name or file, such as 01")
    parser.add_argument(
        "--students", type=Path, required=True, metavar="FILE",
        help="the list: a name a line, or CSV with a column student, name or id",
    )  # fmt: skip
    parser.add_argument(
        "-o", dest="output", type=Path, metavar="DIR", help="where to write (default: build/variants/<lab>)"
    )
    _add_values(parser)


def _add_values(parser: argparse.ArgumentParser) -> None:
    """What says how the students' values differ."""
    parser.add_argument(
        "-g", dest="axes", action="append", default=[], metavar="NAME=VALUES",
        help="what varies, instead of what the labs say: seed=1,2,3 or seed=1..999; once for each parameter",
    )  # fmt: skip
    parser.add_argument(
        "--salt", default="", metavar="TEXT", help="another text gives other values: one for each class, kept for later"
    )


REGISTER = (_register_release, _register_variants)
