"""How far a marking is, and what it came to, in lines."""

from __future__ import annotations

import contextlib
import sys
import time
from collections.abc import Iterator
from statistics import median
from typing import Any, TextIO

from labutils.marking.marks import STOPPED, TAMPERED, Marked
from labutils.marking.run import Outcome, Progress, Watcher

PAUSE = 10.0  # seconds between two lines
MOST = 20  # lines about what a human should look at; class.html has all
OPEN = {
    "network": "cut the network", "files": "keep a submission out of other files",
    "signals": "keep a submission from ending other processes",
}  # fmt: skip


class LineWatcher(Watcher):
    """Tells of a marking in lines: one every ten seconds."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self.stream, self.last = stream or sys.stdout, time.monotonic()

    def changed(self, progress: Progress, marked: Marked | None) -> None:
        if marked is None and (open_places := unfenced(progress)):
            print(open_places, file=sys.stderr, flush=True)
        if time.monotonic() - self.last > PAUSE:
            self.last = time.monotonic()
            print(progress_line(progress), file=self.stream, flush=True)


class BarWatcher(Watcher):
    """A bar on a terminal."""

    def __init__(self, bar: Any) -> None:
        self.bar, self.task = bar, None

    def changed(self, progress: Progress, marked: Marked | None) -> None:
        if marked is None and (open_places := unfenced(progress)):
            self.bar.console.print(open_places)
        if self.task is None:
            self.task = self.bar.add_task("marking", total=progress.total)
        self.bar.update(self.task, completed=progress.done, description=progress_line(progress))


@contextlib.contextmanager
def fitting_watcher() -> Iterator[Watcher]:
    """The display that fits: a bar on a terminal, lines elsewhere."""
    if not sys.stdout.isatty():
        yield LineWatcher()
        return
    from rich.progress import BarColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    with Bar(BarColumn(), TextColumn("{task.description}"), TimeRemainingColumn()) as bar:
        yield BarWatcher(bar)


def progress_line(progress: Progress) -> str:
    """How far it is, in a line.

    >>> progress_line(Progress(30, done=4, unreadable=1))
    '4 of 30 marked, 1 without marks, 0 stopped'
    """
    return (
        f"{progress.done} of {progress.total} marked, {progress.unreadable} without marks, {progress.stopped} stopped"
    )


def unfenced(progress: Progress) -> str:
    """What this machine cannot do to keep a submission within bounds, in a sentence; "" where it can do all.

    >>> unfenced(Progress(1, fence={"network": False, "files": True}))
    'labs: This system cannot cut the network: mark what you do not trust on Linux.'
    """
    missing = [OPEN[name] for name, stands in progress.fence.items() if not stands]
    return f"labs: This system cannot {', or '.join(missing)}: mark what you do not trust on Linux." if missing else ""


def summary(outcome: Outcome) -> list[str]:
    """What a marking came to: how many, their points, and what needs a human eye, line by line.

    >>> summary(Outcome([], [], [], ["Zoë"], {}))
    ['0 students, 0 notebooks with marks', 'handed nothing in: Zoë']
    """
    counting = outcome.counting
    with_marks = [each for each in counting if not each.reason]
    students = {each.student for each in counting}
    lines = [f"{_many(len(students), 'student')}, {_many(len(with_marks), 'notebook')} with marks"]
    if with_marks:
        share = median(each.points / each.out_of if each.out_of else 0.0 for each in with_marks)
        lines[0] += f"; the middle one has {share:.0%} of the points"
    if outcome.missing:
        lines.append(f"handed nothing in: {', '.join(outcome.missing)}")
    look = _to_look_at(outcome)
    if look:
        lines.append(f"{_many(len(look), 'thing')} for you to look at:")
        lines += [f"  {line}" for line in look[:MOST]]
        lines += [f"  ... and {len(look) - MOST} more, in class.html"] if len(look) > MOST else []
    return lines


def needs_an_eye(outcome: Outcome) -> bool:
    """Whether a human should look at something before the marks are given out."""
    return bool(_to_look_at(outcome))


def _to_look_at(outcome: Outcome) -> list[str]:
    """The gravest first: no marks at all, judges that were changed, what was stopped; then all other notes."""
    unmarked = [f"{each.student}: no marks, {each.reason}" for each in outcome.counting if each.reason]
    noted = [(each, note) for each in outcome.marked for note in each.notes]
    grave = [each for each, _ in noted if any(mark.outcome in (STOPPED, TAMPERED) for mark in each.marks)]
    first = [f"{each.student}: {note}" for each, note in noted if each in grave]
    rest = [f"{each.student}: {note}" for each, note in noted if each not in grave and "same answers" not in note]
    return [*unmarked, *first, *outcome.noticed, *rest]


def _many(count: int, what: str) -> str:
    return f"{count} {what}{'s' * (count != 1)}"
