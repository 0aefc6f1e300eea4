"""A cluster that is there already, named by its address: workers are killed in it, and it is gone at times."""

import contextlib
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from labutils import cli
from labutils.course.manifest import read_manifest
from labutils.course.results import results
from tests.sweep.conftest import SECONDS, Sweep, whole

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")


class Cluster:
    """A scheduler and two workers on the loopback address, each in a folder that the command does not know."""

    def __init__(self, folder: Path, scheme: str = "tcp", tls: tuple[str, ...] = ()) -> None:
        self.folder, self.tls, self.scheme = folder, tls, scheme
        folder.mkdir()
        self.scheduler = self.start("scheduler", "--port", "0", "--no-dashboard", "--scheduler-file", "address.json")
        end = time.monotonic() + SECONDS
        while not (folder / "address.json").exists():
            assert time.monotonic() < end and self.scheduler.poll() is None
            time.sleep(0.05)
        self.workers = self.start("worker", "--scheduler-file", "address.json", "--nworkers", "2", "--nthreads", "1")

    @property
    def address(self) -> str:
        import json

        return json.loads((self.folder / "address.json").read_text())["address"]

    def start(self, what: str, *words: str) -> subprocess.Popen:
        line = [sys.executable, "-m", f"distributed.cli.dask_{what}", "--host", f"{self.scheme}://127.0.0.1"]
        with (self.folder / f"{what}.log").open("w") as log:
            own = {**os.environ, "DASK_TEMPORARY_DIRECTORY": str(self.folder)}
            return subprocess.Popen([*line, *words, *self.tls], cwd=self.folder, stdout=log, stderr=log, env=own)

    def processes(self) -> list[psutil.Process]:
        """Those that execute points."""
        workers = []
        for each in psutil.Process(self.workers.pid).children():
            with contextlib.suppress(psutil.Error):
                workers += [each] if "spawn_main" in " ".join(each.cmdline()) else []
        return workers

    def kernels(self) -> list[psutil.Process]:
        kernels = []
        for each in psutil.Process(self.workers.pid).children(recursive=True):
            with contextlib.suppress(psutil.Error):  # one that has ended meanwhile says nothing of the others
                kernels += [each] if "ipykernel_launcher" in " ".join(each.cmdline()) else []
        return kernels

    def end(self) -> None:
        for process in (self.workers, self.scheduler):
            process.terminate()
        for process in (self.workers, self.scheduler):
            process.wait(SECONDS)


@pytest.fixture
def cluster(tmp_path):
    made = Cluster(tmp_path / "cluster")
    yield made
    made.end()


def test_points_are_executed_over_there_while_workers_are_killed_and_the_command_too(swept, course, cluster):
    swept()
    out, dice = course / "sweep", random.Random(5)
    run = Sweep("01", "-g", "seed=1..60", "--scheduler", cluster.address, "--out", str(out), folder=out)
    for number in range(2):
        run.wait_for(8 * (number + 1))
        time.sleep(dice.random() / 2)
        if workers := cluster.processes():
            dice.choice(workers).send_signal(signal.SIGKILL)
    run.wait_for(30)
    run.kill()
    end = time.monotonic() + 20
    while cluster.kernels() and time.monotonic() < end:  # nobody waits for these points any more
        time.sleep(0.1)
    assert not cluster.kernels()
    assert cli.main(["sweep", "--resume", str(out), "--scheduler", cluster.address]) == 0
    whole(out)


def test_a_scheduler_that_dies_loses_nothing(swept, course, cluster, capsys):
    swept()
    out = course / "sweep"
    run = Sweep("01", "-g", "seed=1..40", "--scheduler", cluster.address, "--out", str(out), folder=out)
    run.wait_for(4)
    cluster.scheduler.kill()
    code, _, err = run.end()
    assert code == 2 and "labs: The scheduler is gone: start it again, and resume" in err
    assert "Traceback" not in err
    assert 4 <= run.done() < 40 and len(results([out])) == 40
    assert cli.main(["sweep", "--resume", str(out), "--scheduler", cluster.address]) == 2
    assert "No scheduler answers at tcp://127.0.0.1" in capsys.readouterr().err


def test_a_cluster_that_cannot_be_used_is_one_sentence(swept, course, capsys):
    swept()
    for address, said in (
        ("127.0.0.1:8786", "is no address of a scheduler: write it as tcp://HOST:PORT."),
        ("tcp://127.0.0.1:1", "No scheduler answers at tcp://127.0.0.1:1"),
        ("tls://127.0.0.1:1", "needs --tls-ca-file with a PEM file"),
    ):
        out = f"out-{address[-5:].replace(':', '')}{address[:3]}"
        assert cli.main(["sweep", "01", "-g", "seed=1", "--scheduler", address, "--out", out]) == 2
        err = capsys.readouterr().err
        assert said in err and "Traceback" not in err
        assert read_manifest(course / out).open_points() == [1]


def test_an_encrypted_cluster(swept, course, tmp_path, capsys):
    swept()
    files = certificates(tmp_path)
    tls = tuple(word for name, path in files.items() for word in (f"--tls-{name}", str(path)))
    made = Cluster(tmp_path / "encrypted", "tls", tls)
    try:
        command = ["sweep", "01", "-g", "seed=1..4", "--scheduler", made.address, "--out", "out"]
        assert cli.main([*command, *tls]) == 0
        whole(course / "out")
        other = certificates(tmp_path / "other")
        strange = [word for name, path in other.items() for word in (f"--tls-{name}", str(path))]
        assert cli.main([*command[:-1], "out2", *strange]) == 2
        assert "No scheduler answers" in capsys.readouterr().err
    finally:
        made.end()


def certificates(folder: Path) -> dict[str, Path]:
    """A certificate of its own authority, and its key, made by Dask for the occasion."""
    from distributed.security import Security

    folder.mkdir(exist_ok=True)
    made = Security.temporary()
    texts = {"ca-file": made.tls_ca_file, "cert": made.tls_client_cert, "key": made.tls_client_key}
    for name, text in texts.items():
        (folder / f"{name}.pem").write_text(text)
    return {name: folder / f"{name}.pem" for name in texts}
