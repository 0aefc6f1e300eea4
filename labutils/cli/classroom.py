"""The sub-command for who teaches a class: variants."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from labutils.cli.parser import PASSED, add_command, near


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
    parser.add_argument(
        "-g", dest="axes", action="append", default=[], metavar="NAME=VALUES",
        help="what varies, instead of what the lab says: seed=1,2,3 or seed=1..999; once for each parameter",
    )  # fmt: skip
    parser.add_argument(
        "--salt", default="", metavar="TEXT", help="another text gives other values: one for each class, kept for later"
    )


REGISTER = (_register_variants,)
