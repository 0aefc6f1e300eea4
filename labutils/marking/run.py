"""A marking from the beginning, and one that goes on: what `labs mark` calls."""

from __future__ import annotations

import contextlib
import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from labutils.course.catalog import labs
from labutils.course.stamp import machine, versions
from labutils.errors import LabError
from labutils.exercises.catalog import exercises
from labutils.exercises.render import CORRECT, NOT_TRIED
from labutils.files import sole_user, writable_folder
from labutils.marking import doubts
from labutils.marking.fence import Limits
from labutils.marking.markers import Found, Order, judge_here, judge_there
from labutils.marking.marks import Mark, Marked
from labutils.marking.store import Store, now, open_store
from labutils.marking.submissions import Submission, find_submissions, missing
from labutils.sweep.cluster import Where, room_for

BUSY = "another `labs mark` is at work in it: wait for its end"


@dataclass(frozen=True)
class Rules:
    """How a class is marked. labs: the numbers of those that count; none: whatever was handed in. points: of an
    exercise, where it is not 1. students: the list of the class; None where there is none. limits: for one submission.
    """

    labs: tuple[str, ...] = ()
    points: Mapping[str, float] = field(default_factory=dict)
    students: tuple[str, ...] | None = None
    limits: Limits = field(default_factory=Limits)


@dataclass
class Progress:
    """How far a marking is. fence: what of it stands on this machine; empty until that is known."""

    total: int
    done: int = 0
    stopped: int = 0
    unreadable: int = 0
    fence: Mapping[str, bool] = field(default_factory=dict)


class Watcher:
    """What is told of a marking while it goes on; a display overrides what it shows."""

    def changed(self, progress: Progress, marked: Marked | None) -> None:
        """A submission has been marked, or the first host is ready."""


@dataclass(frozen=True)
class Outcome:
    """What a marking came to. marked: all submissions. counting: of each student and lab, the one that counts.

    noticed: sentences for a human eye, about the class; the notes of each of `counting` have those about a student.
    missing: who of the list handed nothing in. fence: what of it stood; empty where nothing had to be judged.
    """

    marked: list[Marked]
    counting: list[Marked]
    noticed: list[str]
    missing: list[str]
    fence: Mapping[str, bool]


def mark(place: Path, out: Path, rules: Rules, where: Where, watcher: Watcher) -> Outcome:
    """Marks what was handed in, in a folder or a zip, into the database of `out`; a marking more, where there is one.

    Raises LabError for a place without submissions, a folder that cannot be written, and where another is at it.
    """
    submissions = _find(place, out, rules)
    out = writable_folder(out)
    with sole_user(out, BUSY), open_store(out) as store:
        store.begin(str(place.absolute()), _as_data(rules), machine(), versions())
        return _carry_out(store, submissions, rules, where, watcher)


def resume(out: Path, where: Where, watcher: Watcher) -> Outcome:
    """Goes on with the last marking of that folder: nothing that it has judged is judged again."""
    if not (out / "marks.sqlite").is_file():
        raise LabError(f"{out} holds no marks: name the folder that `labs mark` was writing to.")
    with sole_user(out, BUSY), open_store(out) as store:
        begun = store.go_on()
        if begun is None:
            raise LabError(f"The last marking of {out} came to its end: mark anew, with the submissions.")
        place, rules = Path(begun[0]), _from_data(begun[1])
        return _carry_out(store, _find(place, out, rules), rules, where, watcher)


def _find(place: Path, out: Path, rules: Rules) -> list[Submission]:
    if out.absolute().is_relative_to(place.absolute()):
        raise LabError(f"{out} is within the submissions: name a folder for the marks that is not.")
    return find_submissions(place, rules.students)


def _carry_out(
    store: Store, submissions: Sequence[Submission], rules: Rules, where: Where, watcher: Watcher
) -> Outcome:
    done, progress = store.done(), Progress(len(submissions))
    todo: dict[int, tuple[Submission, str]] = {}

    def told(fence: Mapping[str, bool]) -> None:
        progress.fence = fence
        watcher.changed(progress, None)

    def add(marked: Marked) -> None:
        store.add(marked)
        progress.done += 1
        progress.unreadable += bool(marked.reason)
        progress.stopped += any(mark.outcome == doubts.STOPPED for mark in marked.marks)
        watcher.changed(progress, marked)

    def orders() -> Iterator[Order]:
        for number, submission in enumerate(submissions):
            content, digest, reason = _content(submission)
            if (submission.file, digest) in done:  # in an earlier call, or twice in one zip
                progress.done += 1
                continue
            done.add((submission.file, digest))
            if reason:
                refused.append(_unmarked(submission, digest, reason))
            else:
                todo[number] = (submission, digest)
                yield Order(number, content, submission.lab[:2] or (rules.labs[0] if len(rules.labs) == 1 else ""))

    refused: list[Marked] = []
    waiting = orders()
    first = next(waiting, None)
    if first is not None:
        every = _chain(first, waiting)
        workers = where.workers or _room()
        answered = judge_there(every, rules.limits, where, told) if where.scheduler else judge_here(
            every, rules.limits, min(workers, len(submissions)), told
        )  # fmt: skip
        with contextlib.closing(answered):
            for number, found in answered:
                add(marked_from(*todo.pop(number), found, rules))
    for each in refused:
        add(each)
    store.end()
    return conclude(store.marked(), missing(submissions, rules.students or ()), progress.fence)


def conclude(marked: Sequence[Marked], absent: Sequence[str], fence: Mapping[str, bool]) -> Outcome:
    """What counts of those submissions, and what a human should look at."""
    best = counting(marked)
    sentences, by_student = doubts.noticed(best)
    tries: Counter[tuple[str, str]] = Counter((each.student, each.lab) for each in marked)
    noted: dict[int, Marked] = {}
    for each in best:
        several = tries[each.student, each.lab]
        more = [f"handed in {several} times: {each.file} counts, as the best of them"] if several > 1 else []
        noted[id(each)] = replace(each, notes=(*each.notes, *more, *by_student.get(each.student, ())))
    every = [noted.get(id(each), each) for each in marked]
    return Outcome(every, list(noted.values()), sentences, list(absent), fence)


def counting(marked: Sequence[Marked]) -> list[Marked]:
    """Of each student and lab the submission with the most points, the last of those; in the order of the first.

    What could not be read counts only where a student has nothing else.
    """
    by_student: dict[str, dict[str, Marked]] = defaultdict(dict)
    for each in marked:
        best = by_student[each.student].get(each.lab)
        if best is None or (not each.reason, each.points) >= (not best.reason, best.points):
            by_student[each.student][each.lab] = each
    found = []
    for of_one in by_student.values():
        readable = [each for each in of_one.values() if not each.reason]
        found += readable or list(of_one.values())[-1:]
    return found


def marked_from(submission: Submission, digest: str, found: Found, rules: Rules) -> Marked:
    """The marks of a submission, from what the host tells of it."""
    number = found["read"]["lab"] if found["read"] else ""
    reason = found["refused"]
    if number and rules.labs and number not in rules.labs:
        reason = f"it is lab {number}, and marked is {', '.join(rules.labs)}: hand in the right one."
    if reason or not found["read"]:
        return _unmarked(submission, digest, reason or "it could not be judged: look at it.", _slug(number))
    marks = [_mark(name, [each for each in found["ended"] if each["exercise"] == name], rules)
             for name in found["read"]["exercises"]]  # fmt: skip
    seconds = round(sum(each["seconds"] for each in found["ended"]), 3)
    marked = Marked(
        submission.student, submission.file, digest, _slug(number), "", tuple(marks),
        (*submission.notes, *found["read"]["notes"]), seconds, now(), versions(),
    )  # fmt: skip
    return replace(marked, notes=(*marked.notes, *doubts.own_notes(marked)))


def _mark(name: str, ended: Sequence[Mapping[str, Any]], rules: Rules) -> Mark:
    """The best of its answers: one that is right, else the last one that is more than a stub."""
    out_of = float(rules.points.get(name, 1))
    right = [each for each in ended if each["outcome"] == CORRECT]
    tried = [each for each in ended if each["outcome"] != NOT_TRIED]
    best = next(iter([*right, *tried, *ended]), None)
    if best is None:
        return Mark(name, doubts.STOPPED, 0.0, out_of, "The time for this notebook was used up by other answers.")
    return Mark(
        name, best["outcome"], out_of if right else 0.0, out_of, best["message"], best["cell"],
        best["code"] if best["outcome"] != NOT_TRIED else "", best["seconds"],
    )  # fmt: skip


def _unmarked(submission: Submission, digest: str, reason: str, lab: str = "") -> Marked:
    return Marked(
        submission.student, submission.file, digest, lab or submission.lab, reason, (), submission.notes, 0.0, now(),
        versions(),
    )  # fmt: skip


def _content(submission: Submission) -> tuple[bytes, str, str]:
    """What it holds, its digest, and why it cannot be judged, where it cannot."""
    reason = submission.reason
    try:
        content = b"" if reason else submission.read()
    except LabError as error:
        content, reason = b"", str(error)
    return content, hashlib.sha256(content or reason.encode()).hexdigest(), reason


def _chain(first: Order, rest: Iterator[Order]) -> Iterator[Order]:
    yield first
    yield from rest


def _slug(number: str) -> str:
    return next((lab.slug for lab in labs() if lab.number == number), "") if number else ""


def _room() -> int:
    import os

    import psutil

    cpus = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return room_for(cpus, psutil.virtual_memory().total)


def checked_points(found: Mapping[str, object]) -> dict[str, float]:
    """Points by exercise; LabError for what is no exercise, or no number of points.

    >>> checked_points({"01.convert": 2})
    {'01.convert': 2.0}
    """
    checked = {}
    for name, points in found.items():
        if name not in exercises():
            raise LabError(f"There are points for {name!r}, which is no exercise: they are called as in `check(...)`.")
        if isinstance(points, bool) or not isinstance(points, int | float) or not 0 <= points < 1000:
            raise LabError(f"{name} cannot be worth {points!r} points: write a number from 0 to 999.")
        checked[name] = float(points)
    return checked


def _as_data(rules: Rules) -> dict[str, Any]:
    return asdict(rules)


def _from_data(data: Mapping[str, Any]) -> Rules:
    students = data["students"]
    return Rules(
        tuple(data["labs"]), data["points"], None if students is None else tuple(students), Limits(**data["limits"])
    )
