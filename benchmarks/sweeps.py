"""A sweep of lab 01 against a loop of plain papermill over the same points, and what the machinery itself takes."""

import contextlib
import os
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import psutil

from benchmarks.standin import stand_in
from labutils.course.catalog import find_lab
from labutils.course.manifest import read_manifest
from labutils.course.results import results
from labutils.paths import course_root
from labutils.sweep.cluster import Where, connect
from labutils.sweep.drive import Watcher, drive
from labutils.sweep.run import plan

POINTS = 20
MANY = 10_000


class Shared:
    """The processor time of the import that warm kernels share: they would else have it each."""

    def __init__(self) -> None:
        self.seconds, self._ended = 0.0, threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> "Shared":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._ended.wait(0.5):
            for process in psutil.process_iter():
                with contextlib.suppress(psutil.Error, AttributeError):
                    if is_nursery(process) and not is_nursery(process.parent()):  # its kernels have its command line
                        self.seconds = max(self.seconds, sum(process.cpu_times()[:2]))


def is_nursery(process: psutil.Process) -> bool:
    return any(word.endswith("nursery.py") for word in process.cmdline())


def taken(command: list[str], folder: Path) -> tuple[float, float]:
    """Seconds, and seconds of all processors of the machine: nothing of what was started is missed."""
    before, start = busy(), time.perf_counter()
    variables = {**os.environ, "LABS_BUILD": str(folder / "files"), "LABS_PROGRESS": "0"}
    done = subprocess.run(command, cwd=course_root() / "notebooks", env=variables, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    return time.perf_counter() - start, busy() - before


def busy() -> float:
    times = psutil.cpu_times()
    return times.user + times.nice + times.system


def papermill(seed: int, folder: Path) -> list[str]:
    lab = find_lab("01")
    values = [word for name, value in {**lab.quick, "seed": seed}.items() for word in ("-p", name, str(value))]
    out = str(folder / f"{seed}.ipynb")
    return [sys.executable, "-m", "papermill", lab.notebook.name, out, *values, "--no-progress-bar"]


def many(folder: Path) -> None:
    """What the machinery takes for each of very many points, which are executed by a stand-in."""
    start = time.perf_counter()
    manifest = plan(find_lab("01"), {"seed": list(range(1, MANY + 1))}, out=folder)
    planned = time.perf_counter()
    with connect(Where(2), {}, warm=False) as client:
        begun = time.perf_counter()
        drive(manifest, manifest.open_points(), client, Watcher(), execute=stand_in)
        ended = time.perf_counter()
    table = results([folder])
    assert len(table) == MANY and set(table["outcome"]) == {"passed"}
    each = 1000 * (ended - begun) / MANY
    print(f"{MANY:,} points by a stand-in   planned in {planned - start:.1f} s, {each:.1f} ms a point, ", end="")
    print(f"table in {time.perf_counter() - ended:.1f} s")


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        many(Path(name))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        loop = [taken(papermill(seed, folder), folder)[0] for seed in range(1, POINTS // 2 + 1)]
        out = folder / "sweep"
        words = ["sweep", "01", "-g", f"seed=1..{POINTS}", "--quick", "--out", str(out)]
        with Shared() as shared:
            seconds, processor = taken([sys.executable, "-m", "labutils.cli", *words], folder)
        loop += [taken(papermill(seed, folder), folder)[0] for seed in range(POINTS // 2 + 1, POINTS + 1)]
        table = results([out])
        assert len(table) == len(read_manifest(out).points) == POINTS and set(table["outcome"]) == {"passed"}
        own = float(table["cpu_seconds"].sum())
    print(f"{POINTS} points of lab 01, quick profile, {os.cpu_count()} CPUs")
    print(f"a loop of plain papermill   {sum(loop):6.1f} s")
    print(f"labs sweep                  {seconds:6.1f} s   {sum(loop) / seconds:4.1f} times quicker")
    notebooks = own + shared.seconds
    print(f"on processors               {processor:6.1f} s, of which the notebooks' own {notebooks:.1f}")
    more = processor / notebooks - 1
    print(f"  (their cells {own:.1f}, the import that they share {shared.seconds:.1f}): {more:.0%} more")
