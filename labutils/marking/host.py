"""The host: a process that imports TensorFlow once, and then has each submission judged in a fork of its own.

`python -m labutils.marking.host` reads one line of JSON for each submission, and answers with one. It executes nothing
of a student's itself. Where a process cannot be forked safely (macOS, Windows) a fresh one judges each submission.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import os
import secrets
import shutil
import socket
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TextIO

from labutils.marking import fence
from labutils.marking.marks import STOPPED
from labutils.marking.process import Place, end_all, follow, start

STARTS = 40  # processes for one submission: each answer that ends its own costs one
ALTOGETHER = 10  # times the limit for one answer: what a submission may take
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
    """What has been told of one submission so far. secret: what lines begin with. current: what is being judged."""

    secret: str
    read: dict[str, Any] | None = None
    refused: str = ""
    ended: list[dict[str, Any]] = field(default_factory=list)
    current: dict[str, Any] | None = None
    since: float = 0.0
    done: bool = False

    def take(self, line: bytes) -> None:
        """Takes in what a process tells; what is no line of ours is passed over."""
        try:
            told = json.loads(line.decode().removeprefix(self.secret)) if line.startswith(self.secret.encode()) else {}
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
            self.refused, self.done = "it is too large to be read: clear its outputs, and hand it in anew.", True

    @property
    def tried(self) -> dict[str, int]:
        """How many answers to each exercise are done with."""
        names = [each["exercise"] for each in self.ended]
        return {name: names.count(name) for name in names}


def main() -> None:
    """Serves until its input ends; with doors, a fork for each of them serves there, and shares what was imported.

    Its argument: JSON with "readable", folders that a submission may read; "forks", whether it is judged in a fork of
    this process; "doors", descriptors of sockets.
    """
    os.environ.update(SURROUNDING)
    settings = json.loads(sys.argv[1])
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(os.open(os.devnull, os.O_RDWR), 1)
    if settings["forks"]:
        _load()
    readable = fence.readable_places(Path(__file__).parents[1], *map(Path, settings["readable"]))
    standing = fence.standing(readable, fence.stranger(os.getpid() % 4000))
    for number, door in enumerate(settings["doors"], 1):
        if os.fork() == 0:
            fence.end_with_parent()
            for other in settings["doors"][number:]:
                os.close(other)
            with socket.socket(fileno=door) as connection:
                orders, answers = (connection.makefile(mode, encoding="utf-8") for mode in "rw")
                serve(orders, answers, Place(readable, fence.stranger(os.getpid() % 4000), True), standing)
            os._exit(0)
        os.close(door)
    if settings["doors"]:
        sys.stdin.read()  # until whoever started this is gone, or wants no more
        os._exit(0)
    serve(sys.stdin, answers, Place(readable, fence.stranger(os.getpid() % 4000), settings["forks"]), standing)


def serve(orders: TextIO, answers: TextIO, place: Place, standing: dict[str, bool]) -> None:
    """Says what of the fence stands; then answers orders, a line each, until there are no more."""
    fence.adopt()
    print(json.dumps({"fence": standing}), file=answers, flush=True)
    for line in orders:
        order = json.loads(line)
        with _folder(place.user) as folder:
            verdicts = judge_submission(order, folder, place)
        found = {"read": verdicts.read, "refused": verdicts.refused, "ended": verdicts.ended}
        print(json.dumps(found), file=answers, flush=True)


def judge_submission(order: dict[str, Any], folder: Path, place: Place) -> Verdicts:
    """Has all answers of a submission judged, in as many processes as it takes.

    order: "file", "hint" and "notebooks" as `judge` takes them, "limits" as fence.Limits does. folder: for the process.
    """
    verdicts, limits = Verdicts(secrets.token_hex()), fence.Limits(**order["limits"])
    end = time.monotonic() + ALTOGETHER * limits.seconds
    for _ in range(STARTS):
        verdicts.since = time.monotonic()
        process = start({**order, "secret": verdicts.secret, "tried": verdicts.tried, "folder": str(folder)}, place)
        why = follow(process, verdicts, limits, end)
        end_all(process)
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
    gc.collect()
    gc.freeze()  # a collection in a fork leaves these objects alone, and so the memory that it shares


@contextlib.contextmanager
def _folder(user: int | None) -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="labs-mark-"))
    try:
        if user is not None:
            os.chown(folder, user, user)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
