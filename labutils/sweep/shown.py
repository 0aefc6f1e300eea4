"""How far a sweep is: a bar on a terminal, a bar below a notebook's cell, lines elsewhere."""

from __future__ import annotations

import contextlib
import html
import sys
import time
from collections.abc import Iterator
from typing import Any, TextIO

from labutils.course.manifest import Manifest
from labutils.sweep.drive import State, Watcher

PAUSE = 10.0  # seconds between two lines about the progress
TOLD = 20  # failures that are told one by one; the report has all


class LineWatcher(Watcher):
    """Tells of a sweep in lines: one every ten seconds, and one for each failure."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self.stream, self.last, self.told, self.done = stream or sys.stdout, 0.0, 0, -1

    def begun(self, manifest: Manifest, dashboard: str) -> None:
        self.say(opening(manifest, dashboard))

    def changed(self, state: State) -> None:
        pause = time.monotonic() - self.last
        if state.done != self.done and (pause > PAUSE or state.done == state.total):
            self.last, self.done = time.monotonic(), state.done
            self.say(progress_line(state))

    def failed(self, manifest: Manifest, number: int, ending: dict[str, Any]) -> None:
        self.told += 1
        if self.told <= TOLD:
            self.say(failure_line(manifest, number, ending))
        elif self.told == TOLD + 1:
            self.say("Further failures are in the report.")

    def say(self, line: str) -> None:
        print(line, file=self.stream, flush=True)


class RichWatcher(LineWatcher):
    """On a terminal: a bar that stays at the bottom, and the lines above it."""

    def __init__(self) -> None:
        from rich.progress import BarColumn, Progress, TextColumn

        super().__init__()
        self.bar = Progress(BarColumn(), TextColumn("{task.description}"), transient=True)
        self.task = self.bar.add_task("", total=None)

    def __enter__(self) -> RichWatcher:
        self.bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.bar.stop()

    def changed(self, state: State) -> None:
        self.bar.update(self.task, completed=state.done, total=state.total, description=progress_line(state))

    def say(self, line: str) -> None:
        from rich.markup import escape

        self.bar.print(escape(line), soft_wrap=True, highlight=False)


class NotebookWatcher(LineWatcher):
    """Below a cell: a bar that changes in place, with the failures as lines above it."""

    def __init__(self) -> None:
        super().__init__()
        self.shown: Any = None
        self.now = ""

    def changed(self, state: State) -> None:
        from IPython.display import HTML, display

        line = progress_line(state)
        if line == self.now:
            return
        self.now = line
        bar = f'<progress max="{state.total}" value="{state.done}" aria-label="points done"></progress>'
        text = HTML(f"{bar} {html.escape(line)}")
        if self.shown is None:
            self.shown = display(text, display_id=True)
        else:
            self.shown.update(text)


@contextlib.contextmanager
def fitting_watcher(stream: TextIO | None = None) -> Iterator[Watcher]:
    """The display that fits: in a notebook, on a terminal, or elsewhere. stream: for lines, whatever else would fit."""
    if stream is None and "ipykernel" in sys.modules and _in_notebook():
        yield NotebookWatcher()
    elif stream is None and sys.stdout.isatty():
        with RichWatcher() as watcher:
            yield watcher
    else:
        yield LineWatcher(stream)


def opening(manifest: Manifest, dashboard: str) -> str:
    """What a sweep is about to do, in a line.

    >>> from labutils.course.manifest import Rules
    >>> from pathlib import Path
    >>> opening(Manifest(Path("s"), "01_neuron", {"seed": [1, 2], "steps": [50]}, {}, Rules()), "")
    '01_neuron: 2 points (2 seed x 1 steps) into s'
    """
    sizes = " x ".join(f"{len(values)} {name}" for name, values in manifest.axes.items())
    line = f"{manifest.slug}: {len(manifest.points)} points ({sizes}) into {manifest.folder}"
    return f"{line}\ndashboard: {dashboard}" if dashboard else line


def progress_line(state: State) -> str:
    """How far it is, in a line.

    >>> progress_line(State(20, done=5, failed=1, running=2))
    '5 of 20 done, 2 running, 1 failed'
    """
    line = f"{state.done} of {state.total} done, {state.running} running, {state.failed} failed"
    left = state.seconds_left
    return line if not left else f"{line}, {duration(left)} left"


def duration(seconds: float) -> str:
    """A time to come, as exact as it can be known.

    >>> duration(42.4), duration(200), duration(7300)
    ('42 s', '3 min', '2 h 2 min')
    """
    if seconds < 100:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 100 else f"{minutes // 60} h {minutes % 60} min"


def failure_line(manifest: Manifest, number: int, ending: dict[str, Any]) -> str:
    """Which point has failed, where and why."""
    values = ", ".join(f"{name}={value}" for name, value in manifest.varied(number).items())
    where = " in ".join(filter(None, [ending["outcome"], ending["cell"]]))
    return f"point {number} ({values}): {where}: {ending['message']}"


def _in_notebook() -> bool:
    from IPython import get_ipython

    return type(get_ipython()).__name__ == "ZMQInteractiveShell"
