"""A process that judges one submission: started, followed while it tells, and ended with all that it leaves behind."""

from __future__ import annotations

import contextlib
import json
import os
import queue
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any, NoReturn, Protocol

from labutils.marking import fence

PERIOD = 0.2  # seconds between two looks at what a submission takes
PROCESSES = 64  # of one submission
MOST_FILES = 2000  # that are looked at


@dataclass(frozen=True)
class Place:
    """Where submissions are judged. readable: what they may read. user: whose id they take on, for root. forks: in a
    fork of this process, which has imported all already; otherwise in a fresh one.
    """

    readable: Sequence[Path]
    user: int | None
    forks: bool


class Told(Protocol):
    """What takes in the lines that a process tells. since: when the last of them was about a new answer."""

    done: bool
    since: float

    def take(self, line: bytes) -> None:
        """Takes in a line."""


@dataclass
class Process:
    """A process that judges, and what it has told: pieces of bytes, read by a thread, None at their end."""

    pid: int
    descriptor: int
    folder: Path
    started: subprocess.Popen | None = None
    code: int | None = None
    told: queue.SimpleQueue[bytes | None] = field(default_factory=queue.SimpleQueue)

    def __post_init__(self) -> None:
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def _read(self) -> None:
        with contextlib.suppress(OSError):
            while piece := os.read(self.descriptor, 1 << 16):
                self.told.put(piece)
        self.told.put(None)

    def poll(self) -> int | None:
        """Its exit code, once it has ended; below zero: the signal."""
        if self.started is not None:
            self.code = self.started.poll()
        elif self.code is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            self.code = os.waitstatus_to_exitcode(status) if pid else None
        return self.code

    def close(self) -> None:
        """Once nobody writes any more: no thread is left when the next process is forked."""
        self._thread.join()
        with contextlib.suppress(OSError):
            os.close(self.descriptor)


def start(task: dict[str, Any], place: Place) -> Process:
    """Starts the process. task: as `run_one` takes it, but for the place."""
    folder = Path(task["folder"])
    task = task | {"user": place.user, "readable": list(map(str, place.readable)), "forks": place.forks}
    if not place.forks:
        command = [sys.executable, "-m", "labutils.marking.process", json.dumps(task)]
        started = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        return Process(started.pid, os.dup(started.stdout.fileno()), folder, started)
    reader, writer = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            os.close(reader)
            run_one(task, writer)
        finally:  # whatever happens, it does not go on as a host
            os._exit(1)
    os.close(writer)
    return Process(pid, reader, folder)


def run_one(task: dict[str, Any], writer: int) -> NoReturn:
    """Judges one submission in this process, behind the fence, and ends it."""
    from labutils.marking import judge
    from labutils.marking.notebook import Unreadable

    folder = Path(task["folder"])
    file = os.open(task["file"], os.O_RDONLY)
    if task["forks"]:
        writer, file = _keep_only(writer, file)
    own = {name: str(folder) for name in ("HOME", "TMPDIR", "TEMP", "TMP", "XDG_CACHE_HOME", "MPLCONFIGDIR")}
    os.environ.update(own | {"LABS_BUILD": str(folder / "build")})
    tempfile.tempdir = None
    os.chdir(folder)
    if hasattr(os, "setsid"):
        os.setsid()
    fence.put_up(folder, [Path(place) for place in task["readable"]], fence.Limits(**task["limits"]), task["user"])
    with os.fdopen(writer, "w", buffering=1, encoding="utf-8") as out, os.fdopen(file, "rb") as content:
        tell = judge.teller(out.write, task["secret"])
        try:
            judge.judge(content.read(), task["hint"], Path(task["notebooks"]), task["tried"], tell)
        except Unreadable as why:
            tell({"event": "refused", "why": str(why)})
        out.flush()
        os._exit(0)


def _keep_only(*descriptors: int) -> list[int]:
    """Closes all else that was inherited; the kept ones are 3, 4, ... from here on."""
    high = [os.dup2(descriptor, 200 + place) for place, descriptor in enumerate(descriptors)]
    nothing = os.open(os.devnull, os.O_RDWR)
    for number in range(3):
        os.dup2(nothing, number)
    os.closerange(3, 200)
    os.closerange(200 + len(high), 4096)
    kept = [os.dup2(descriptor, 3 + place, inheritable=False) for place, descriptor in enumerate(high)]
    os.closerange(200, 200 + len(high))
    return kept


def follow(process: Process, told: Told, limits: fence.Limits, end: float) -> str:
    """Takes in what the process tells, until it has nothing more to tell; why it ended, where it should not have."""
    import psutil

    base, looked, rest = psutil.Process().memory_info().rss if process.started is None else 0, 0.0, b""
    while not told.done:
        code = process.poll()
        try:
            piece = process.told.get(timeout=PERIOD / 4)
        except queue.Empty:
            piece = b""
        *lines, rest = (rest + (piece or b"")).split(b"\n")
        for line in lines:
            told.take(line)
        now = time.monotonic()
        if piece or told.done:
            continue
        if code is not None:
            return _why_ended(code)
        if now - told.since > limits.seconds or now > end:
            return f"The answer was still running after {limits.seconds:g} s: which loop never ends?"
        if now - looked > PERIOD:
            looked = now
            if why := _too_much(process.pid, base, limits) or _too_large(process.folder, limits):
                return why
    return ""


def _too_much(pid: int, base: int, limits: fence.Limits) -> str:
    import psutil

    memory = count = 0
    with contextlib.suppress(psutil.Error):
        for process in [(root := psutil.Process(pid)), *root.children(recursive=True)]:
            with contextlib.suppress(psutil.Error):
                memory += max(0, process.memory_info().rss - base)
                count += 1
    if memory > limits.memory_mb * 1e6:
        return f"The answer took more than {limits.memory_mb:,.0f} MB of memory."
    return f"The answer started more than {PROCESSES} processes." if count > PROCESSES else ""


def _too_large(folder: Path, limits: fence.Limits) -> str:
    """Whether its own folder is: looked through as far as that takes no time."""
    size = 0
    for path in islice(folder.rglob("*"), MOST_FILES):
        with contextlib.suppress(OSError):
            size += path.lstat().st_blocks * 512 if hasattr(os, "getuid") else path.lstat().st_size
    return f"The answer wrote more than {limits.disk_mb:,.0f} MB." if size > limits.disk_mb * 1e6 else ""


def _why_ended(code: int) -> str:
    from labutils.course.kernel import cause_of_death

    if code >= 0:
        return f"The answer ended Python, with code {code}: it has to return something, and needs no `exit`."
    return f"The answer ended Python ({cause_of_death(code)})."


def end_all(process: Process) -> None:
    """Ends the process and all that it has left behind: on Linux its orphans have become children of this one."""
    import psutil

    while children := psutil.Process().children(recursive=True):
        for child in children:
            with contextlib.suppress(psutil.Error):
                child.kill()
        if process.started is not None:
            process.started.wait()
        _reap()
        time.sleep(0.002)
    process.close()


def _reap() -> None:
    with contextlib.suppress(ChildProcessError, AttributeError):  # Windows has nothing to reap
        while os.waitpid(-1, os.WNOHANG)[0]:
            continue


if __name__ == "__main__":
    run_one(json.loads(sys.argv[1]), os.dup(1))
