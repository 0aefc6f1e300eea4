"""How much processor time and memory a tree of processes takes, watched from outside."""

import threading
from dataclasses import dataclass
from types import TracebackType

PERIOD = 0.15  # seconds between two looks


@dataclass(frozen=True)
class Usage:
    """What a tree of processes took: seconds on a processor, and the peak of the memory of all of them, in MB."""

    cpu_seconds: float = 0.0
    peak_mb: float = 0.0


class Watch:
    """Looks at a process and all its descendants until it is left, then ends the descendants that are still there.

    The figures are lower bounds that miss at most what happened since the last look. A child that lived between two
    looks counts where the system tells its parent's time for its children (Linux); memory shared by two processes
    counts twice.

    >>> import subprocess, sys
    >>> with Watch() as watch:
    ...     child = subprocess.Popen([sys.executable, "-c", "sum(range(10**7))"])
    ...     watch.follow(child.pid)
    ...     code = child.wait()
    >>> watch.usage.peak_mb > 1
    True
    """

    def __init__(self) -> None:
        self._root = None
        self._own: dict[tuple[int, float], float] = {}
        self._seen: dict[tuple[int, float], object] = {}
        self._tree_cpu = self._peak = 0.0
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

    def look(self) -> None:
        """Looks once, now."""
        import psutil

        with self._lock:
            tree = 0.0
            memory = 0
            for process in self._processes():
                try:
                    with process.oneshot():
                        key = (process.pid, process.create_time())
                        times, rss = process.cpu_times(), process.memory_info().rss
                except psutil.Error:
                    continue
                own = times.user + times.system
                self._seen[key] = process
                self._own[key] = max(own, self._own.get(key, 0.0))
                tree += own + getattr(times, "children_user", 0.0) + getattr(times, "children_system", 0.0)
                memory += rss
            self._tree_cpu = max(tree, self._tree_cpu)
            self._peak = max(memory, self._peak)

    @property
    def usage(self) -> Usage:
        """What was seen so far."""
        return Usage(max(self._tree_cpu, sum(self._own.values())), self._peak / 1e6)

    def __enter__(self) -> "Watch":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        import psutil

        self._ended.set()
        if self._thread.ident:
            self._thread.join()
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
