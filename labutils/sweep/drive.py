"""Drives a sweep: hands points to the cluster, moves each result into place once it is whole, and loses none."""

from __future__ import annotations

import contextlib
import json
import time
from collections import Counter, deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any

from labutils.course.execute import Execution, notebook_text, read_notebook
from labutils.course.manifest import Manifest, files_beside
from labutils.course.stamp import KEY, stamp
from labutils.errors import LabError
from labutils.files import write_whole
from labutils.sweep.task import Task, execute_point

if TYPE_CHECKING:
    from distributed import Client, Future

BEAT = 0.5  # seconds after which the progress is shown anew, even if nothing has ended
LOST = "lost"  # the outcome of a point whose worker died, or could not execute it, every time
OPEN = ("interrupted",)  # outcomes with which a point has not ended


@dataclass
class State:
    """How far a sweep is. total, done, failed: of all its points; failed ones are done too. running: now."""

    total: int
    done: int = 0
    failed: int = 0
    running: int = 0
    _start: float = field(default_factory=time.monotonic)
    _before: int = 0

    def __post_init__(self) -> None:
        self._before = self.done

    @property
    def seconds_left(self) -> float | None:
        """As long as the rest would take at the pace so far; None before the first point has ended."""
        here = self.done - self._before
        return (time.monotonic() - self._start) / here * (self.total - self.done) if here else None


class Watcher:
    """What is told of a sweep while it goes on; a display overrides what it shows."""

    def begun(self, manifest: Manifest, dashboard: str) -> None:
        """The cluster is there; its dashboard's address, or nothing."""

    def changed(self, state: State) -> None:
        """A point has begun or ended, or half a second has passed."""

    def failed(self, manifest: Manifest, number: int, ending: dict[str, Any]) -> None:
        """That point ended in another way than passed: outcome, cell and message."""


def drive(
    manifest: Manifest, numbers: Iterable[int], client: Client, watcher: Watcher, *,
    variables: Mapping[str, str | None] | None = None, retries: int = 2, fail_fast: bool = False,
    execute: Callable[[Task], bytes] = execute_point,
) -> State:  # fmt: skip
    """Executes those points on the client's cluster; returns when all have ended, or with fail_fast one has failed.

    variables: of the environment of the points' kernels. retries: how often a point is tried again whose worker has
    died; a failing cell is a result, and is not. Raises LabError where a result cannot be written, or the scheduler is
    gone: what has ended by then is in place.
    """
    lab = manifest.lab
    texts = {"notebook": notebook_text(read_notebook(lab)), "source": lab.source.read_text(encoding="utf-8")}
    texts |= {"beside": files_beside(lab)}
    common = {"slug": manifest.slug, **texts, "rules": manifest.rules, "variables": dict(variables or {})}
    return _Drive(manifest, deque(numbers), client, watcher, retries, fail_fast, execute, common).run()


class _Drive:
    def __init__(
        self, manifest: Manifest, todo: deque[int], client: Client, watcher: Watcher, retries: int, fail_fast: bool,
        execute: Callable[[Task], bytes], common: dict[str, Any],
    ) -> None:  # fmt: skip
        self.manifest, self.todo, self.client, self.watcher = manifest, todo, client, watcher
        self.retries, self.fail_fast, self.execute, self.common = retries, fail_fast, execute, common
        self.running: dict[str, tuple[int, Future]] = {}  # by key
        self.ended: SimpleQueue[str] = SimpleQueue()
        self.tries: Counter[int] = Counter()
        self.state = State(len(manifest.points), len(manifest.points) - len(todo))
        self.run_name = f"{manifest.slug}-{time.time_ns():x}"

    def run(self) -> State:
        self.watcher.begun(self.manifest, self.client.dashboard_link)
        try:
            while self.todo or self.running:
                self.fill()
                self.show()
                if not self.take() and self.fail_fast:
                    break
        finally:
            with contextlib.suppress(Exception):  # a scheduler that is gone has nothing left to cancel
                self.client.cancel([future for _, future in self.running.values()], force=True)
        self.show()
        return self.state

    def fill(self) -> None:
        """As many points as there are threads: one more would wait beside another, and die with its worker."""
        if not self.todo:
            return
        for _ in range(self.threads() - len(self.running)):
            if self.todo:
                self.submit(self.todo.popleft())

    def threads(self) -> int:
        if self.client.status not in ("running", "connecting"):
            raise self.gone()
        try:
            return sum(self.client.nthreads().values())
        except (OSError, ValueError, TimeoutError):
            raise self.gone() from None

    def submit(self, number: int) -> None:
        task = Task(values=self.manifest.points[number - 1], **self.common)
        self.tries[number] += 1
        key = f"{self.run_name}-{number}-{self.tries[number]}"
        future = self.client.submit(self.execute, task, key=key, pure=False)
        self.running[key] = (number, future)
        future.add_done_callback(lambda ended: self.ended.put(ended.key))

    def take(self) -> bool:
        """Waits for an end, but not long; False when a point has ended in another way than passed."""
        try:
            key = self.ended.get(timeout=BEAT)
        except Empty:
            return True
        number, future = self.running.pop(key, (0, None))
        if future is None:
            return True
        try:
            content = future.result()
        except Exception as error:  # a dead worker, a broken one, a lost result: all that Dask can raise
            return self.again(number, error)
        finally:
            future.release()
        return self.settle(number, content)

    def again(self, number: int, error: Exception) -> bool:
        """One more try, or, when there have been enough, an end."""
        if self.client.status not in ("running", "connecting"):
            raise self.gone()
        if self.tries[number] <= self.retries:
            self.todo.appendleft(number)
            return True
        lost = f"{self.tries[number]} times in a row: {_why(error)}"
        return self.settle(number, lost_notebook(self.manifest, number, lost))

    def settle(self, number: int, content: bytes) -> bool:
        ending = json.loads(content)["metadata"][KEY]
        if ending["outcome"] in OPEN and self.tries[number] <= self.retries:
            self.todo.appendleft(number)
            return True
        write_whole(self.manifest.path(number), content)
        passed = ending["outcome"] == "passed"
        self.state.done += 1
        self.state.failed += not passed
        if not passed:
            self.watcher.failed(self.manifest, number, ending)
        return passed

    def show(self) -> None:
        self.state.running = len(self.running)
        self.watcher.changed(self.state)

    def gone(self) -> LabError:
        return LabError("The scheduler is gone: start it again, and resume the sweep.")


def lost_notebook(manifest: Manifest, number: int, message: str) -> bytes:
    """The lab's notebook, not executed, with the reason in its stamp."""
    notebook, values = read_notebook(manifest.lab), manifest.points[number - 1]
    lost = Execution(manifest.lab, LOST, message, None, 0.0, 0.0, 0.0, manifest.path(number), {})
    notebook.metadata[KEY] = stamp(lost, values)
    return notebook_text(notebook).encode()


def _why(error: Exception) -> str:
    if type(error).__name__ == "KilledWorker":
        return "its worker died, often for lack of memory"
    return f"{type(error).__name__}: {' '.join(str(error).split())[:200]}"
