"""The host: a process that imports TensorFlow once, and then has each submission judged in a fork of its own.

`python -m labutils.marking.host` reads one line of JSON for each submission, and answers with one. It executes nothing
of a student's itself. Where a process cannot be forked safely (macOS, Windows) a fresh one judges each submission.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from labutils.marking import fence
from labutils.marking.marks import STOPPED

FORKS = sys.platform == "linux"
PERIOD = 0.2  # seconds between two looks at what a submission takes
STARTS = 40  # processes for one submission: each answer that ends its own costs one
ALTOGETHER = 10  # times the limit for one answer: what a submission may take
PROCESSES = 64  # of one submission
LOADED = (
    *("numpy", "tensorflow", "keras", "ai_edge_litert.interpreter", "IPython.core.inputtransformer2", "psutil"),
    *("labutils.marking.judge", "labutils.models", "labutils.data", "labutils.tflite.convert", "sklearn.datasets"),
)
# One submission computes on one core, as many are judged at a time; and it is nobody's own environment.
SURROUNDING = {
    "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1", "TF_NUM_INTRAOP_THREADS": "1",
    "TF_NUM_INTEROP_THREADS": "1", "TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": "", "MPLBACKEND": "agg",
    "LABS_PROGRESS": "0", "LABS_STRICT": "0", "PYTHONDONTWRITEBYTECODE": "1",
}  # fmt: skip


@dataclass
class Verdicts:
    """What has been told of one submission so far. current: the answer that is being judged."""

    read: dict[str, Any] | None = None
    refused: str = ""
    ended: list[dict[str, Any]] = field(default_factory=list)
    current: dict[str, Any] | None = None
    since: float = 0.0
    done: bool = False

    def take(self, line: bytes) -> None:
        """Takes in what a process tells; what is no line of ours is passed over."""
        try:
            told = json.loads(line)
            event = told.pop("event")
        except (ValueError, AttributeError, KeyError, TypeError):
            return
        if event == "read":
            self.read = self.read or told
        elif event == "refused":
            self.refused, self.done = str(told.get("why")), True
        elif event == "begin":
            self.current, self.since = told, time.monotonic()
        elif event == "end":
            self.ended.append(told)
            self.current = None
        self.done = self.done or event == "done"

    def stop(self, why: str) -> None:
        """The process has ended where it should not have: the answer that was its last is done with."""
        if self.current is not None:
            seconds = round(time.monotonic() - self.since, 3)
            self.ended.append({**self.current, "outcome": STOPPED, "message": why, "seconds": seconds})
            self.current = None
        elif self.read is None:
            self.refused, self.done = f"{why} It was not even read: hand in a smaller notebook.", True

    @property
    def tried(self) -> dict[str, int]:
        """How many answers to each exercise are done with."""
        names = [each["exercise"] for each in self.ended]
        return {name: names.count(name) for name in names}


def main() -> None:
    """Serves until its input ends."""
    os.environ.update(SURROUNDING)
    settings = json.loads(sys.argv[1])
    fence.adopt()
    answers = os.fdopen(os.dup(1), "w", buffering=1, encoding="utf-8")
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 1)
    if FORKS:
        _load()
    readable = fence.readable_places(Path(__file__).parents[1], *map(Path, settings["readable"]))
    user = fence.stranger(os.getpid() % 4000)
    answers.write(json.dumps({"fence": fence.standing(readable, user)}) + "\n")
    for line in sys.stdin:
        order = json.loads(line)
        with _folder(user) as folder:
            verdicts = judge_submission(order, folder, readable, user)
        found = {"read": verdicts.read, "refused": verdicts.refused, "ended": verdicts.ended}
        answers.write(json.dumps(found) + "\n")


def judge_submission(order: dict[str, Any], folder: Path, readable: Sequence[Path], user: int | None) -> Verdicts:
    """Has all answers of a submission judged, in as many processes as it takes.

    order: "file", "hint" and "notebooks" as `judge` takes them, "limits" as fence.Limits does. folder: for the process.
    """
    verdicts, limits = Verdicts(), fence.Limits(**order["limits"])
    end = time.monotonic() + ALTOGETHER * limits.seconds
    for _ in range(STARTS):
        verdicts.since = time.monotonic()
        process = _fork(order, verdicts.tried, folder, readable, limits, user)
        why = _follow(process, verdicts, limits, end)
        _end_all(process)
        if verdicts.done:
            break
        verdicts.stop(why)
        if time.monotonic() > end:
            break
    return verdicts


def _load() -> None:
    for name in LOADED:
        with contextlib.suppress(ImportError):
            importlib.import_module(name)
    from labutils.exercises.catalog import exercises

    exercises()


@contextlib.contextmanager
def _folder(user: int | None) -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="labs-mark-"))
    try:
        if user is not None:
            os.chown(folder, user, user)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@dataclass
class Process:
    """A process that judges, and the end of the pipe by which it tells."""

    pid: int
    descriptor: int
    started: subprocess.Popen | None = None
    code: int | None = None

    def poll(self) -> int | None:
        """Its exit code, once it has ended; below zero: the signal."""
        if self.started is not None:
            self.code = self.started.poll()
        elif self.code is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            self.code = os.waitstatus_to_exitcode(status) if pid else None
        return self.code


def _fork(
    order: dict[str, Any], tried: dict[str, int], folder: Path, readable: Sequence[Path], limits: fence.Limits,
    user: int | None,
) -> Process:  # fmt: skip
    task = {**order, "tried": tried, "folder": str(folder), "user": user, "readable": list(map(str, readable))}
    if not FORKS:
        command = [sys.executable, "-m", "labutils.marking.host_one", json.dumps(task)]
        started = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        return Process(started.pid, started.stdout.fileno(), started)
    reader, writer = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(reader)
        run_one(task, writer)
    os.close(writer)
    return Process(pid, reader)


def run_one(task: dict[str, Any], writer: int) -> None:
    """Judges one submission in this process, behind the fence, and ends it."""
    from labutils.marking import judge
    from labutils.marking.notebook import Unreadable

    folder = Path(task["folder"])
    file = os.open(task["file"], os.O_RDONLY)
    writer, file = _keep_only(writer, file)
    own = {name: str(folder) for name in ("HOME", "TMPDIR", "TEMP", "TMP", "XDG_CACHE_HOME", "MPLCONFIGDIR")}
    os.environ.update(own | {"LABS_BUILD": str(folder / "build")})
    tempfile.tempdir = None
    os.chdir(folder)
    if hasattr(os, "setsid"):
        os.setsid()
    fence.put_up(folder, [Path(place) for place in task["readable"]], fence.Limits(**task["limits"]), task["user"])
    with os.fdopen(writer, "w", buffering=1, encoding="utf-8") as out, os.fdopen(file, "rb") as content:
        tell = judge.teller(out.write)
        try:
            judge.judge(content.read(), task["hint"], Path(task["notebooks"]), task["tried"], tell)
        except Unreadable as why:
            tell({"event": "refused", "why": str(why)})
        out.flush()
        os._exit(0)


def _keep_only(*descriptors: int) -> list[int]:
    """Closes all else that was inherited; the kept ones are 3, 4, ... from here on."""
    if not FORKS:
        return list(descriptors)
    high = [os.dup2(descriptor, 200 + place) for place, descriptor in enumerate(descriptors)]
    nothing = os.open(os.devnull, os.O_RDWR)
    for number in range(3):
        os.dup2(nothing, number)
    os.closerange(3, 200)
    os.closerange(200 + len(high), 4096)
    kept = [os.dup2(descriptor, 3 + place, inheritable=False) for place, descriptor in enumerate(high)]
    os.closerange(200, 200 + len(high))
    return kept


def _follow(process: Process, verdicts: Verdicts, limits: fence.Limits, end: float) -> str:
    """Takes in what the process tells, until it has nothing more to tell; why it ended, where it should not have."""
    import psutil

    base, looked, rest = psutil.Process().memory_info().rss if FORKS else 0, 0.0, b""
    while not verdicts.done:
        code, data = process.poll(), _read(process.descriptor)
        *lines, rest = (rest + data).split(b"\n")
        for line in lines:
            verdicts.take(line)
        now = time.monotonic()
        if data or verdicts.done:
            continue
        if code is not None:
            return _why_ended(code)
        if now - verdicts.since > limits.seconds or now > end:
            return f"It was still running after {limits.seconds:g} s: which loop never ends?"
        if now - looked > PERIOD:
            looked = now
            if why := _too_much(process.pid, base, limits):
                return why
    return ""


def _read(descriptor: int) -> bytes:
    """What is there, after waiting for a moment."""
    import select

    ready = select.select([descriptor], [], [], PERIOD / 4)[0]
    return os.read(descriptor, 1 << 16) if ready else b""


def _too_much(pid: int, base: int, limits: fence.Limits) -> str:
    import psutil

    memory = count = 0
    with contextlib.suppress(psutil.Error):
        for process in [(root := psutil.Process(pid)), *root.children(recursive=True)]:
            with contextlib.suppress(psutil.Error):
                memory += max(0, process.memory_info().rss - base)
                count += 1
    if memory > limits.memory_mb * 1e6:
        return f"It took more than {limits.memory_mb:,.0f} MB of memory."
    return f"It started more than {PROCESSES} processes." if count > PROCESSES else ""


def _why_ended(code: int) -> str:
    from labutils.course.kernel import cause_of_death

    if code >= 0:
        return f"It ended the process that judged it ({cause_of_death(code)}): no answer needs `exit`."
    return f"It ended the process that judged it ({cause_of_death(code)})."


def _end_all(process: Process) -> None:
    """Ends the process and all that it has left behind: on Linux its orphans have become children of this one."""
    import psutil

    while True:
        children = psutil.Process().children(recursive=True)
        for child in children:
            with contextlib.suppress(psutil.Error):
                child.kill()
        while FORKS:
            try:
                if not os.waitpid(-1, os.WNOHANG)[0]:
                    break
            except ChildProcessError:
                break
        if not children:
            break
        time.sleep(0.005)
    if process.started is not None:
        process.started.wait()
    with contextlib.suppress(OSError):
        os.close(process.descriptor)


if __name__ == "__main__":
    main()
