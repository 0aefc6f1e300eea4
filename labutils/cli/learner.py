"""The sub-commands for who learns alone: progress, practice."""

from __future__ import annotations

import argparse
import dataclasses
import json
from typing import Any

from labutils.cli.parser import PASSED, add_command, near


def progress_command(options: argparse.Namespace) -> int:
    """`labs progress`."""
    from labutils.show.progress import progress

    found = progress()
    print(json.dumps(dataclasses.asdict(found), indent=1) if options.json else found)
    return PASSED


def practice_command(options: argparse.Namespace) -> int:
    """`labs practice`."""
    from labutils.course.catalog import find_lab
    from labutils.course.practice import write_practice

    print(near(write_practice(find_lab(options.lab))))
    return PASSED


def _register_progress(commands: Any) -> None:
    does = "shows how far you have come, and what is next"
    parser = add_command(commands, "progress", progress_command, does, "labs progress")
    parser.add_argument("--json", action="store_true", help="as JSON")


def _register_practice(commands: Any) -> None:
    does = "copies a lab without its code, to be done from memory"
    parser = add_command(commands, "practice", practice_command, does, "labs practice 04")
    parser.add_argument("lab", metavar="LAB", help="a lab's number, name or file, such as 04")


REGISTER = (_register_progress, _register_practice)
