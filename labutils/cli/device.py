"""The sub-command that writes models for devices, and labs for nbgrader: export."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from labutils.cli.parser import PASSED, add_command, near


def c_array_command(options: argparse.Namespace) -> int:
    """`labs export c-array`."""
    from labutils.device.c_array import write_c_array

    print(near(write_c_array(options.model, options.output, options.name)))
    return PASSED


def export_command(options: argparse.Namespace) -> int:
    """`labs export android`, `ios` and `linux`."""
    from labutils.device.exports import export

    print(near(export(options.form, options.model, options.folder, options.card)))
    return PASSED


def nbgrader_command(options: argparse.Namespace) -> int:
    """`labs export nbgrader`."""
    from labutils.course.students import read_students
    from labutils.handout.nbgrader import STUDENTS_FILE, chosen_labs, write_course

    students = read_students(options.students) if options.students else []
    labs = chosen_labs(options.labs)
    folder = write_course(options.folder, labs, students)
    first = f"nbgrader db student import {STUDENTS_FILE}, then " if students else ""
    count = f"{len(labs)} assignment{'s' * (len(labs) != 1)}"
    print(f"{count} in {near(folder)}; there: {first}nbgrader generate_assignment {labs[0].slug}")
    return PASSED


def _register_export(commands: Any) -> None:
    does, unnamed = "writes a model for a device, or labs for nbgrader", lambda _: parser.error("name the form")
    parser = add_command(commands, "export", unnamed, does, "labs export c-array model.tflite")
    forms = parser.add_subparsers(title="forms", metavar="FORM")
    does = "a header with the model as an array, for microcontrollers"
    c_array = add_command(forms, "c-array", c_array_command, does, "labs export c-array model.tflite -o model.h")
    c_array.add_argument("model", metavar="MODEL", help="a .tflite file")
    c_array.add_argument("-o", dest="output", metavar="FILE", type=Path, help="where to write (default: NAME.h)")
    c_array.add_argument("--name", help="of the array (default: the model's file name, in letters of C)")
    sources = {
        "android": "the sources of an Android app around an image classifier",
        "ios": "the sources of an iOS app around an image classifier",
        "linux": "a script that runs an image classifier on a Raspberry Pi, or any Linux",
    }
    for form, does in sources.items():
        app = add_command(forms, form, export_command, does, f"labs export {form} model.tflite my_app")
        app.set_defaults(form=form)
        app.add_argument("model", metavar="MODEL", help="a .tflite file, with its card beside it")
        app.add_argument("folder", metavar="DIR", type=Path, help="where to write: a new folder, or an empty one")
        app.add_argument("--card", metavar="FILE", type=Path, help="the model's card (default: MODEL with .json)")
    _register_nbgrader(forms)


def _register_nbgrader(forms: Any) -> None:
    does, example = "a course folder for nbgrader, with an assignment for each lab", "labs export nbgrader marking"
    course = add_command(forms, "nbgrader", nbgrader_command, does, f"{example} --lab 01 06 --students names.csv")
    course.add_argument("folder", metavar="DIR", type=Path, help="where to write: a new folder, or such a course")
    course.add_argument(
        "--lab", dest="labs", metavar="LAB", nargs="+", action="extend", default=[],
        help="a lab's number, name or file (default: all that have exercises)",
    )  # fmt: skip
    course.add_argument(
        "--students", type=Path, metavar="FILE",
        help="the list: a name a line, or CSV with a column student, name or id",
    )  # fmt: skip


REGISTER = (_register_export,)
