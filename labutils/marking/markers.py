"""Who judges: hosts of this machine, one for each worker, or those of a Dask cluster that is there."""

from __future__ import annotations

import contextlib
import json
import queue
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from labutils.errors import LabError
from labutils.marking.fence import Limits
from labutils.paths import course_root

if TYPE_CHECKING:
    from distributed import Client, Future

    from labutils.sweep.cluster import Where

FORKS = sys.platform == "linux"  # elsewhere a process that has imported TensorFlow cannot be forked safely
TRIES = 2  # of a submission whose host has died
BEAT = 0.5  # seconds after which a scheduler that is silent is looked at
STANDING = ("network", "files", "signals")


@dataclass(frozen=True)
class Order:
    """A submission to be judged. number: by which it is known. content: of the notebook. hint: the lab's number."""

    number: int
    content: bytes
    hint: str = ""


Found = dict[str, Any]  # "read", "refused" and "ended", as the host tells them
Answered = Iterator[tuple[int, Found]]


class Host:
    """One host process. It serves one submission at a time; `ask` starts it where it is not there, or has died.

    forks: each submission is judged in a fork of it, where that can be; otherwise in a process of its own.
    """

    def __init__(self, limits: Limits, forks: bool = FORKS) -> None:
        self.limits, self.forks, self._notebooks = limits, forks, str(course_root() / "notebooks")
        self._folder = tempfile.TemporaryDirectory(prefix="labs-host-", ignore_cleanup_errors=True)
        Path(self._folder.name).chmod(0o711)  # who judges for root is another user, and has to get to its own folder
        self._process: subprocess.Popen[str] | None = None
        self._orders: TextIO | None = None
        self._answers: TextIO | None = None
        self.fence = dict.fromkeys(STANDING, False)

    @property
    def folder(self) -> str:
        """Where it and its submissions keep their files."""
        return self._folder.name

    def ready(self) -> None:
        """Starts it unless it is there."""
        for last in (False, True):
            if self._orders is not None:
                return
            try:
                self.start()
            except LabError:  # somebody may have ended it, for want of memory
                self.end()
                if last:
                    raise

    def start(self) -> None:
        """Starts a process of its own, and waits until it is ready."""
        self._process = start_host(self._notebooks, self.folder, self.forks)
        self.meet(self._process.stdin, self._process.stdout)

    def meet(self, orders: TextIO, answers: TextIO) -> None:
        """Has its process behind those two, and waits until it is ready."""
        ready = answers.readline()
        if not ready:
            raise LabError("The process that judges does not start: see `labs doctor`.")
        self.fence = json.loads(ready)["fence"]
        self._orders, self._answers = orders, answers

    def ask(self, order: Order) -> Found:
        """What it finds; a reason, where it dies over it."""
        file = Path(self.folder) / "submission.ipynb"
        file.write_bytes(order.content)
        task = {"file": str(file), "hint": order.hint, "notebooks": self._notebooks, "limits": asdict(self.limits)}
        for _ in range(TRIES):
            self.ready()
            with contextlib.suppress(OSError, ValueError):
                self._orders.write(json.dumps(task) + "\n")
                self._orders.flush()
                return json.loads(self._answers.readline())
            self.end()
        return {"read": None, "refused": "judging it ended the process that judges: look at it.", "ended": []}

    def end(self) -> None:
        """Ends the process, and what it judges."""
        process, streams = self._process, [self._orders, self._answers]
        if process is not None:
            process.kill()
            process.wait()
            streams += [process.stdin, process.stdout]
        for stream in streams:
            with contextlib.suppress(OSError, AttributeError, ValueError):
                stream.close()
        self._process = self._orders = self._answers = None

    def close(self) -> None:
        """Ends it, and takes its folder away."""
        self.end()
        self._folder.cleanup()


def start_host(notebooks: str, folder: str, forks: bool, doors: Sequence[int] = ()) -> subprocess.Popen[str]:
    """Starts the process. notebooks: what submissions may read. folder: its home. doors: where its forks serve."""
    settings = {"readable": [notebooks], "forks": forks, "doors": list(doors)}
    more = {"pass_fds": doors} if doors else {}
    return subprocess.Popen(
        [sys.executable, "-m", "labutils.marking.host", json.dumps(settings)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, encoding="utf-8",
        start_new_session=True, env=_environment(folder), cwd=folder, **more,
    )  # fmt: skip


@contextlib.contextmanager
def several_hosts(limits: Limits, count: int) -> Iterator[list[Host]]:
    """So many hosts: where processes can be forked, forks of one that has imported TensorFlow for all of them."""
    hosts = [Host(limits) for _ in range(count)]
    mother = None
    try:
        if FORKS and count > 1:
            pairs = [socket.socketpair() for _ in hosts]
            mother = start_host(
                str(course_root() / "notebooks"), hosts[0].folder, True, [out.fileno() for _, out in pairs]
            )
            for host, (own, other) in zip(hosts, pairs, strict=True):
                other.close()
                with own:
                    host.meet(own.makefile("w", encoding="utf-8"), own.makefile("r", encoding="utf-8"))
        yield hosts
    finally:
        if mother is not None:
            mother.kill()
            mother.wait()
            mother.stdin.close()
            mother.stdout.close()
        for host in hosts:
            host.close()


def judge_here(orders: Iterable[Order], limits: Limits, workers: int, told: Callable[[dict], None]) -> Answered:
    """Has them judged by so many hosts of this machine; yields what each found, in the order in which they end.

    told: gets what of the fence stands, once.
    """
    crew = _Crew(iter(orders))
    with several_hosts(limits, workers) as hosts:
        threads = [threading.Thread(target=crew.work, args=(host,), daemon=True) for host in hosts]
        try:
            for thread in threads:
                thread.start()
            yield from crew.answers(workers, told)
        finally:
            crew.stop.set()
            for host in hosts:
                host.end()
            for thread in threads:
                thread.join()


class _Crew:
    """Threads that share a list of orders, each with a host of its own."""

    def __init__(self, todo: Iterator[Order]) -> None:
        self.stop, self._todo, self._lock = threading.Event(), todo, threading.Lock()
        self._ended: queue.SimpleQueue[tuple[Any, Any]] = queue.SimpleQueue()

    def work(self, host: Host) -> None:
        """What one thread does."""
        try:
            host.ready()
            self._ended.put(("fence", host.fence))
            while not self.stop.is_set():
                with self._lock:
                    order = next(self._todo, None)
                if order is None:
                    break
                self._ended.put((order.number, host.ask(order)))
            self._ended.put(("end", None))
        except BaseException as error:  # it is told where the others are waited for
            self._ended.put(("error", error))

    def answers(self, workers: int, told: Callable[[dict], None]) -> Answered:
        """What they found, until all have ended."""
        fence = False
        while workers:
            what, found = self._ended.get()
            if what == "error":
                raise found
            if what == "end":
                workers -= 1
            elif what != "fence":
                yield what, found
            elif not fence:
                fence = True
                told(found)


def judge_there(orders: Iterable[Order], limits: Limits, where: Where, told: Callable[[dict], None]) -> Answered:
    """The same on a Dask cluster: submissions travel as bytes, and no more of them at once than have a place there."""
    from labutils.sweep.cluster import connect

    with connect(where, {}, warm=False) as client:
        yield from _judge_there(client, iter(orders), limits, told)


def _judge_there(client: Client, todo: Iterator[Order], limits: Limits, told: Callable[[dict], None]) -> Answered:
    running: dict[str, tuple[Order, int, Future]] = {}
    ended: queue.SimpleQueue[str] = queue.SimpleQueue()
    fence = False

    def submit(order: Order | None, tries: int = 1) -> None:
        if order is not None:
            future = client.submit(judge_on_worker, order, limits, pure=False)
            running[future.key] = (order, tries, future)
            future.add_done_callback(lambda done: ended.put(done.key))

    for _ in range(2 * sum(client.nthreads().values())):
        submit(next(todo, None))
    while running:
        try:
            order, tries, future = running.pop(ended.get(timeout=BEAT))
        except queue.Empty:
            if client.status not in ("running", "connecting"):
                raise LabError("The scheduler is gone: start it again, and go on with --resume.") from None
            continue
        found = {"read": None, "refused": "its worker died over it, every time: look at it.", "ended": []}
        if future.status == "finished":
            found, standing = future.result()
            if not fence:
                told(standing)
            fence = True
        elif tries <= TRIES:
            submit(order, tries + 1)
            continue
        future.release()
        yield order.number, found
        submit(next(todo, None))


_hosts: dict[int, Host] = {}  # of a Dask worker, by its thread: they end with it


def judge_on_worker(order: Order, limits: Limits) -> tuple[Found, dict[str, bool]]:
    """What a Dask worker does with a submission."""
    thread = threading.get_ident()
    host = _hosts.get(thread)
    if host is None or host.limits != limits:
        if host is not None:
            host.close()
        host = _hosts[thread] = Host(limits)
    found = host.ask(order)
    return found, host.fence


def _environment(folder: str) -> dict[str, str]:
    """A private home, and nothing of this user's that Python, TensorFlow or Matplotlib would heed."""
    import os

    kept = ("PATH", "LD_LIBRARY_PATH", "LANG", "LC_ALL", "TZ", "SYSTEMROOT", "PYTHONPATH", "VIRTUAL_ENV")
    variables = {name: os.environ[name] for name in kept if name in os.environ}
    return variables | dict.fromkeys(("HOME", "TMPDIR", "TEMP", "TMP", "MPLCONFIGDIR", "XDG_CACHE_HOME"), folder)
