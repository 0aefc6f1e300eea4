"""How much processor time and memory a tree of processes takes, watched from outside, and the limits to it."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType

PERIOD = 0.15  # seconds between two looks


@dataclass(frozen=True)
class Usage:
    """What a tree of processes took: seconds on a processor, and the peak of the memory of all of them, in MB."""

    cpu_seconds: float = 0.0
    peak_mb: float = 0.0


@dataclass(frozen=True)
class Limits:
    """What an execution may take; None: as much as it likes.

    cell: seconds for one cell. seconds: for the whole. memory_mb: of all its processes together, at any time. wanted:
    asked a few times a second; once it says no, the execution ends.
    """

    cell: int = 600
    seconds: float | None = None
    memory_mb: float | None = None
    wanted: Callable[[], bool] | None = None

    def broken(self, seconds: float, memory_mb: float) -> tuple[str, str] | None:
        """The outcome and the message of an execution that has taken so much; None while it is within its limits.

        >>> Limits(memory_mb=500).broken(3.0, 501.0)
        ('out of memory', 'it took more than 500 MB, the limit for one execution')
        """
        if self.seconds is not None and seconds > self.seconds:
            return "timeout", f"it was still running after {self.seconds:g} s, the limit for one execution"
        if self.memory_mb is not None and memory_mb > self.memory_mb:
            return "out of memory", f"it took more than {self.memory_mb:g} MB, the limit for one execution"
        if self.wanted and not self.wanted():
            return "interrupted", "nobody waits for it any more"
        return None


class Watch:
    """Looks at a process and all its descendants until it is left, then ends the descendants that are still there.

    limits: once they are broken, all of the processes are ended, and `verdict` says which limit it was.

    The figures are lower bounds that miss at most what happened since the last look. A child that lived between two
    looks counts where the system tells its parent's time for its children (Linux). What processes of one program
    map from files, their libraries, counts once there, as the largest has it; other shared memory counts twice.

    >>> import subprocess, sys
    >>> with Watch() as watch:
    ...     child = subprocess.Popen([sys.executable, "-c", "sum(range(3 * 10**7))"])
    ...     watch.follow(child.pid)
    ...     code = child.wait()
    >>> watch.usage.peak_mb > 1
    True
    """

    def __init__(self, limits: Limits | None = None) -> None:
        self.verdict: tuple[str, str] | None = None
        self._limits, self._start, self._looked = limits or Limits(), time.monotonic(), 0.0
        self._root = None
        self._own: dict[tuple[int, float], float] = {}
        self._seen: dict[tuple[int, float], object] = {}
        self._tree_cpu = self._memory = self._peak = 0.0
        self._lock = threading.Lock()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="labs-usage", daemon=True)

    def follow(self, pid: int) -> None:
        """Starts to look at the process of that id."""
        import psutil

        try:
            self._root = psutil.Process(pid)
        except psutil.Error:
            return
        self.look()
        if not self._thread.ident:
            self._thread.start()

    def look_again(self) -> None:
        """Looks now, unless it has just looked: for whoever has many occasions."""
        if time.monotonic() - self._looked > PERIOD / 2:
            self.look()

    def look(self) -> None:
        """Looks once, now."""
        import psutil

        with self._lock:
            self._looked = time.monotonic()
            tree = 0.0
            memory, libraries = 0, {}
            for process in self._processes():
                try:
                    with process.oneshot():
                        key = (process.pid, process.create_time())
                        times, held, program = process.cpu_times(), process.memory_info(), process.cmdline()[:1]
                except psutil.Error:
                    continue
                own = times.user + times.system
                self._seen[key] = process
                self._own[key] = max(own, self._own.get(key, 0.0))
                tree += own + getattr(times, "children_user", 0.0) + getattr(times, "children_system", 0.0)
                shared = getattr(held, "shared", 0)  # where the system tells it: on Linux
                memory += max(0, held.rss - shared)
                libraries[str(program)] = max(libraries.get(str(program), 0), shared)
            self._tree_cpu = max(tree, self._tree_cpu)
            self._memory = memory + sum(libraries.values())
            self._peak = max(self._memory, self._peak)

    @property
    def usage(self) -> Usage:
        """What was seen so far."""
        return Usage(max(self._tree_cpu, sum(self._own.values())), self._peak / 1e6)

    def __enter__(self) -> "Watch":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._ended.set()
        if self._thread.ident:
            self._thread.join()
        self._end()

    def _end(self) -> None:
        import psutil

        for process in self._seen.values():
            try:
                if process.is_running() and process.status() != psutil.STATUS_ZOMBIE:
                    process.kill()
            except psutil.Error:
                continue

    def _processes(self) -> list:
        import psutil

        if self._root is None:
            return []
        try:
            return [self._root, *self._root.children(recursive=True)]
        except psutil.Error:
            return [self._root]

    def _run(self) -> None:
        while not self._ended.wait(PERIOD):
            self.look()
            self.verdict = self.verdict or self._limits.broken(time.monotonic() - self._start, self._memory / 1e6)
            if self.verdict:
                self._end()
