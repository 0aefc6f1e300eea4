"""Workers that die, a command that is killed or interrupted, a disk that is full: nothing is torn, nothing is lost."""

import json
import os
import random
import signal
import subprocess
import sys
import time

import pytest

from tests.sweep.conftest import Sweep, whole

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")


def test_workers_and_the_command_are_killed_and_all_points_end_once(swept, course, monkeypatch):
    """140 points, and 60 more in test_remote.py: five workers are killed at random moments, the command is killed,
    and interrupted, twice in a row."""
    monkeypatch.setenv("LABS_COLD", "0")
    swept()
    out, dice = course / "sweep", random.Random(7)
    run = Sweep("01", "-g", "seed=1..140", "--workers", "2", "--out", str(out), folder=out)
    for number in range(5):
        run.wait_for(dice.randint(6, 12) * (number + 1))
        time.sleep(dice.random() / 2)
        if workers := run.workers():
            dice.choice(workers).send_signal(signal.SIGKILL)
    run.wait_for(70)
    run.kill()
    assert 70 <= run.done() < 140

    run = Sweep("--resume", str(out), "--workers", "2", folder=out)
    run.wait_for(90)
    run.interrupt()
    time.sleep(0.2)
    run.interrupt()
    code, _, said = run.end()
    assert (code, said.count("\n")) == (130, 1)
    assert f"of 140 points are done; go on with: labs sweep --resume {out.name}" in said
    assert 90 <= run.done() < 140

    times = {path: path.stat().st_mtime_ns for path in (out / "points").iterdir()}
    code, said, errors = Sweep("--resume", str(out), "--workers", "2", folder=out).end()
    assert (code, errors) == (0, ""), errors
    assert all(path.stat().st_mtime_ns == then for path, then in times.items())  # nothing that was done is done again
    whole(out)


@pytest.fixture
def small_disk(tmp_path):
    """A file system with room for a few notebooks only."""
    folder = tmp_path / "small disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=160k", "tmpfs", str(folder)]
    if sys.platform != "linux" or subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("to mount a small disk needs Linux and its root")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


def test_a_full_disk_stops_the_sweep_and_tears_nothing(swept, small_disk):
    swept('# %%\nprint("words " * 1000)\n')
    out = small_disk / "sweep"
    code, _, err = Sweep("01", "-g", "seed=1..30", "--workers", "2", "--out", str(out), folder=out).end()
    assert code == 2 and "No space left on device" in err and "Traceback" not in err
    assert err.count("\n") == 1 and "go on with: labs sweep --resume 'small disk/sweep'" in err
    done = [path for path in (out / "points").iterdir() if json.loads(path.read_text())]
    assert 2 < len(done) < 30 and all(path.suffix == ".ipynb" for path in done)

    # Still full: the same sentence, and nothing lost.
    code, _, err = Sweep("--resume", str(out), "--workers", "2", folder=out).end()
    assert code == 2 and "No space left on device" in err
    subprocess.run(["mount", "-o", "remount,size=9m", str(small_disk)], check=True)
    assert Sweep("--resume", str(out), "--workers", "2", folder=out).end()[0] == 0
    whole(out)
