"""A lab that takes half a second a point, sweeps of it by the command, and a look at what is left behind."""

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from labutils import warm
from labutils.course.manifest import Manifest, read_manifest
from labutils.course.results import results

LAB = """
# %% tags=["parameters"]
seed: int = 1  # seed of every random choice [1..100000]
scale: float = 1.0  # a factor [0.5..2.0]
mode: str = "float"  # precision {"float", "ganz genau"}

# %% tags=["given"]
from labutils.course.session import check_parameters, record

check_parameters("01", globals())

# %% tags=["work"]
import hashlib

number = int(hashlib.sha256(f"{seed} {scale} {mode}".encode()).hexdigest()[:8], 16)
record("bytes", number=number)
"""
SECONDS = 300


@pytest.fixture
def swept(make_lab: Callable) -> Callable:
    """Writes the lab, with more cells if asked."""
    return lambda more="", **kwargs: make_lab(LAB + more, quick="{seed: 2}", **kwargs)


class Sweep:
    """`labs sweep` as a process group of its own, as a shell would start it."""

    def __init__(self, *words: str, folder: Path, **variables: str) -> None:
        self.folder = folder
        self.process = subprocess.Popen(
            [sys.executable, "-m", "labutils.cli", "sweep", *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            text=True, start_new_session=True, env={**os.environ, **variables},
        )  # fmt: skip

    def done(self) -> int:
        return len(list((self.folder / "points").glob("[0-9]*.ipynb")))

    def wait_for(self, points: int) -> None:
        """Until so many points are done."""
        end = time.monotonic() + SECONDS
        while self.done() < points and self.process.poll() is None:
            assert time.monotonic() < end
            time.sleep(0.02)

    def workers(self) -> list[psutil.Process]:
        """The processes that execute points."""
        try:
            children = psutil.Process(self.process.pid).children()
            return [child for child in children if "spawn_main" in " ".join(child.cmdline())]
        except psutil.Error:
            return []

    def interrupt(self) -> None:
        """As Ctrl-C does: every process of the group gets it."""
        os.killpg(self.process.pid, signal.SIGINT)

    def end(self) -> tuple[int, str, str]:
        out, err = self.process.communicate(timeout=SECONDS)
        return self.process.returncode, out, err

    def kill(self) -> None:
        self.process.kill()
        self.process.communicate(timeout=SECONDS)


def whole(folder: Path) -> Manifest:
    """The sweep, once every point of it stands in the table exactly once, passed, with what it has to have recorded."""
    import hashlib

    manifest = read_manifest(folder)
    table = results([folder])
    assert list(table["point"]) == list(range(1, len(manifest.points) + 1))
    assert list(table["outcome"]) == ["passed"] * len(table)
    for values, number in zip(manifest.points, table["number [bytes]"], strict=True):
        full = {"seed": 1, "scale": 1.0, "mode": "float"} | values
        text = " ".join(str(full[name]) for name in ("seed", "scale", "mode"))
        assert number == int(hashlib.sha256(text.encode()).hexdigest()[:8], 16)
    for path in (folder / "points").iterdir():
        assert json.loads(path.read_text())["metadata"]["labutils"]["outcome"] == "passed"
    return manifest


@pytest.fixture(autouse=True)
def nothing_left(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No process, socket or temporary folder of a sweep outlives its test."""
    temporary, mark = tmp_path_factory.mktemp("temporary"), uuid.uuid4().hex
    monkeypatch.setenv("TMPDIR", str(temporary))
    monkeypatch.setattr(tempfile, "tempdir", None)
    monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)
    monkeypatch.setenv("LABS_TEST", mark)
    yield
    warm.close()
    end = time.monotonic() + 15
    while (new := [*processes(mark), *left_in(temporary)]) and time.monotonic() < end:
        time.sleep(0.1)
    assert not new


def left_in(temporary: Path) -> list[Path]:
    """What lies there of ours. A kernel whose worker is killed while it starts finds its folder gone, and IPython makes
    an empty one in its place. TensorFlow's AutoGraph keeps the bytecode of what it generates in __pycache__.
    """
    return [
        path
        for path in temporary.iterdir()
        if path.name != "__pycache__"
        and not (path.is_dir() and path.name.startswith("tmp") and not any(path.iterdir()))
    ]


def processes(mark: str) -> list[str]:
    """The processes that were started in this test: the mark is in the environment of each, or of its owner."""
    found = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error, OSError):
            line = " ".join(process.cmdline())
            marked = f"LABS_TEST={mark}" in Path(f"/proc/{process.pid}/environ").read_text(errors="replace")
            owner = re.search(r'nursery.py .*"owner": (\d+)', line)  # a nursery has few variables
            orphan = owner is not None and not psutil.pid_exists(int(owner[1]))
            own = process.pid == os.getpid() or (process.ppid() == os.getpid() and "resource_tracker" in line)
            if (marked or orphan) and not own and process.status() != psutil.STATUS_ZOMBIE:
                found.append(f"{process.pid} {line[:200]}")
    return found
