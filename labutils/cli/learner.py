"""The sub-commands for who learns alone: progress, practice, explain."""

from __future__ import annotations

import argparse
import dataclasses
import json
import sys
from typing import Any

from labutils.cli.parser import FAILED, PASSED, add_command, near
from labutils.errors import LabError


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


def explain_command(options: argparse.Namespace) -> int:
    """`labs explain`."""
    from labutils.museum.shown import answer

    piped = options.message == ["-"]
    text = sys.stdin.buffer.read().decode("utf-8", "replace") if piped else " ".join(options.message)
    if not text.strip():
        raise LabError('There is nothing to explain: give a message, as in labs explain "Dimension mismatch. Got 3".')
    said, count = answer(text)
    print(said)
    return PASSED if count else FAILED


def _register_progress(commands: Any) -> None:
    does = "shows how far you have come, and what is next"
    parser = add_command(commands, "progress", progress_command, does, "labs progress")
    parser.add_argument("--json", action="store_true", help="as JSON")


def _register_practice(commands: Any) -> None:
    does = "copies a lab without its code, to be done from memory"
    parser = add_command(commands, "practice", practice_command, does, "labs practice 04")
    parser.add_argument("lab", metavar="LAB", help="a lab's number, name or file, such as 04")


def _register_explain(commands: Any) -> None:
    does = "names the mistake behind an error message, and its cure"
    example = 'labs explain "Invoke called on model that is not ready."'
    parser = add_command(commands, "explain", explain_command, does, example, "the museum has no such error")
    what = "a message, a part of one, a traceback, or what you see in a few words; - reads it from a pipe"
    parser.add_argument("message", metavar="MESSAGE", nargs="+", help=what)


REGISTER = (_register_progress, _register_practice, _register_explain)
