"""The sub-command that marks what a class has handed in."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from labutils.cli.parser import (
    FAILED,
    INTERRUPTED,
    PASSED,
    add_command,
    add_scheduler,
    memory,
    near,
    positive,
    read_yaml,
)
from labutils.errors import LabError

if TYPE_CHECKING:
    from labutils.marking.run import Outcome, Rules, Watcher
    from labutils.sweep.cluster import Where

EXAMPLE = "labs mark submissions.zip --students names.csv -o marks"


def mark_command(options: argparse.Namespace) -> int:
    """`labs mark`."""
    from labutils.marking import shown

    out = options.resume or options.output or _default()
    try:
        with shown.fitting_watcher() as watcher:
            outcome = _marked(options, out, watcher)
    except KeyboardInterrupt:
        print(f"labs: stopped. What is marked is kept; go on with: labs mark --resume {near(out)}", file=sys.stderr)
        return INTERRUPTED
    _write(outcome, out, options.note)
    print("\n".join(shown.summary(outcome)))
    print("\n".join(["", *(str(near(out / name)) for name in ("marks.csv", "marks.sqlite", "class.html", "feedback"))]))
    return FAILED if shown.needs_an_eye(outcome) else PASSED


def _marked(options: argparse.Namespace, out: Path, watcher: Watcher) -> Outcome:
    from labutils.marking.run import mark, resume

    if options.resume:
        if options.submissions or options.output or options.lab or options.students or options.points:
            raise LabError("--resume goes on with a marking as it was begun: leave the submissions and its rules out.")
        return resume(options.resume, _where(options), watcher)
    if not options.submissions:
        raise LabError("Name the folder or the zip with the submissions, or --resume DIR.")
    return mark(options.submissions, out, _rules(options), _where(options), watcher)


def _rules(options: argparse.Namespace) -> Rules:
    from labutils.course.catalog import find_lab
    from labutils.course.students import read_students
    from labutils.marking.fence import Limits
    from labutils.marking.run import Rules, checked_points

    limits = Limits(options.time_limit, options.memory_limit)
    students = tuple(read_students(options.students)) if options.students else None
    points = checked_points(read_yaml(options.points, "points", "01.convert: 2"))
    return Rules(tuple(find_lab(lab).number for lab in options.lab), points, students, limits)


def _where(options: argparse.Namespace) -> Where:
    from labutils.sweep.cluster import Where

    if options.workers and options.scheduler:
        raise LabError("--workers is for this machine, --scheduler for a cluster that is there: keep one.")
    return Where(options.workers, options.scheduler, options.tls_ca_file, options.tls_cert, options.tls_key)


def _write(outcome: Outcome, out: Path, note: str) -> None:
    from labutils.files import write_whole
    from labutils.marking.pages.writing import write_pages
    from labutils.marking.table import marks_text

    write_whole(out / "marks.csv", marks_text(outcome.counting, outcome.missing))
    write_pages(outcome.marked, out, outcome.missing, outcome.noticed, note)


def _default() -> Path:
    from labutils.paths import course_root

    return course_root() / "build" / "marks"


def _register_mark(commands: Any) -> None:
    does = "marks what a class has handed in"
    parser = add_command(commands, "mark", mark_command, does, EXAMPLE, "something needs your eye: a line says what")
    what = "a folder or a zip of notebooks, one per student"
    parser.add_argument("submissions", metavar="SUBMISSIONS", type=Path, nargs="?", help=what)
    where = "where the marks go, beside earlier ones (default: build/marks)"
    parser.add_argument("-o", dest="output", type=Path, metavar="DIR", help=where)
    parser.add_argument("--resume", type=Path, metavar="DIR", help="go on with the marking in that folder")
    rules = parser.add_argument_group("what counts")
    rules.add_argument("--lab", action="append", default=[], metavar="LAB", help="only this lab; as often as you like")
    rules.add_argument("--students", type=Path, metavar="FILE", help="the list of the class, as for `labs variants`")
    does = "YAML, `01.convert: 2` on a line: points of an exercise that is not worth 1"
    rules.add_argument("--points", type=Path, metavar="FILE", help=does)
    rules.add_argument("--note", default="", metavar="TEXT", help="a sentence of yours for every student's page")
    limits = parser.add_argument_group("limits")
    does = "seconds for an answer (default: 60)"
    limits.add_argument("--time-limit", type=positive, default=60, metavar="S", help=does)
    does = "for a submission (default: 3GB)"
    limits.add_argument("--memory-limit", type=memory, default=3000.0, metavar="SIZE", help=does)
    add_scheduler(parser.add_argument_group("where"))


REGISTER = (_register_mark,)
