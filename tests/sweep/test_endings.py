"""Every way in which a point can end, what is tried again, and the same values whichever way it is executed."""

import json
import os
import sys

import pandas as pd
import pytest

from benchmarks.standin import stand_in
from labutils import cli
from labutils.course.execute import execute_lab
from labutils.course.manifest import Rules, read_manifest
from labutils.course.results import read_result, results
from labutils.errors import LabError
from labutils.sweep import drive
from labutils.sweep.cluster import Where, connect
from labutils.sweep.run import Conduct, carry_out, plan
from tests.sweep.conftest import whole

ENDINGS = """
# %% tags=["end"]
import os, signal, time
from pathlib import Path

with open(os.environ["TRIES"], "a") as tries:
    print(seed, file=tries)
if seed == 2:
    raise ValueError("a <b>bad</b> seed: größer als 1")
if seed == 3:
    os._exit(3)
if seed == 4:
    time.sleep(60)
if seed == 5:
    held = bytearray(700_000_000)
    time.sleep(60)
if seed == 6 and scale == 1.0:
    os.kill(os.getppid(), signal.SIGKILL)  # the worker
"""
posix = pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")


@pytest.fixture
def tries(course, monkeypatch):
    """How often each seed was begun, as its cells have noted."""
    path = course / "tries"
    monkeypatch.setenv("TRIES", str(path))
    return lambda: pd.Series(path.read_text().split()).astype(int).value_counts().to_dict()


@posix
def test_each_point_ends_in_its_own_way_and_only_a_dead_worker_is_tried_again(swept, course, tries, capsys):
    swept(ENDINGS)
    rules = ["--time-limit", "12", "--memory-limit", "600MB", "--retries", "1", "--workers", "2"]
    assert cli.main(["sweep", "01", "-g", "seed=1..7", "--out", "out", *rules]) == 1
    out = capsys.readouterr().out
    table = results([course / "out"])
    assert list(table["outcome"]) == ["passed", "failed", "dead kernel", "timeout", "out of memory", "lost", "passed"]
    assert tries() == {1: 1, 2: 1, 3: 1, 4: 1, 5: 1, 6: 2, 7: 1}
    assert list(table["cell"][1:5]) == ["cell 5 (end)"] * 4
    assert table["message"][1] == "ValueError: a <b>bad</b> seed: größer als 1"
    assert "code 3" in table["message"][2] and "after 12 s" in table["message"][3]
    assert "more than 600 MB" in table["message"][4]
    assert table["message"][5].startswith("2 times in a row: its worker died")
    assert "point 2 (seed=2): failed in cell 5 (end): ValueError: a <b>bad</b> seed" in out
    assert "2 passed, 1 failed" in out
    kept = pd.read_csv(course / "out" / "results.csv")
    assert list(kept["outcome"]) == list(table["outcome"])
    assert "größer als 1" in (course / "out" / "report.html").read_text()

    # What failed is executed again only if that is asked for.
    assert cli.main(["sweep", "--resume", "out"]) == 1
    assert tries()[2] == 1
    capsys.readouterr()
    manifest = read_manifest(course / "out")
    source = manifest.lab.notebook if manifest.lab.notebook.exists() else manifest.lab.source
    source.write_text(source.read_text().replace("if seed == ", "if seed == 10 + "))
    assert cli.main(["sweep", "--resume", "out", "--retry-failed", "--json", "--workers", "2"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert [row["outcome"] for row in rows] == ["passed"] * 7
    assert tries() == {1: 1, 2: 2, 3: 2, 4: 2, 5: 2, 6: 3, 7: 1}


def test_fail_fast_ends_with_the_first_failure(swept, course, tries, capsys):
    swept(ENDINGS)
    assert cli.main(["sweep", "01", "-g", "seed=2,7..20", "--out", "out", "--workers", "1", "--fail-fast"]) == 1
    table = results([course / "out"])
    assert table["outcome"][0] == "failed" and set(table["outcome"][1:]) == {"not run"}
    assert "14 not run" in capsys.readouterr().out


def test_without_anything_to_do_no_cluster_is_started(swept, course, tries, monkeypatch):
    manifest = plan(swept(), {"seed": [1]}, out=course / "out")
    carry_out(manifest, Where(1), Conduct(), drive.Watcher())
    monkeypatch.setattr("labutils.sweep.run.connect", None)
    assert carry_out(manifest, Where(1), Conduct(), drive.Watcher()).done == 1


def test_a_worker_that_is_broken_is_tried_again_and_a_full_disk_stops_it_all(swept, course, monkeypatch):
    """What a point meets on its way, without a cluster: the client is played."""
    manifest = plan(swept(), {"seed": [1, 2]}, out=course / "out")
    good = drive.lost_notebook(manifest, 1, "").replace(b'"outcome": "lost"', b'"outcome": "passed"')
    answers = [RuntimeError("disk of the worker full"), good, RuntimeError("a"), RuntimeError("b")]
    state = drive.drive(manifest, [1, 2], Client(answers), drive.Watcher(), retries=1)
    assert (state.done, state.failed) == (2, 1)
    rows = [read_result(manifest.path(number)) for number in (1, 2)]
    assert [row["outcome"] for row in rows] == ["passed", "lost"]
    assert rows[1]["message"] == "2 times in a row: RuntimeError: b"

    def full(path, content):
        raise LabError(f"{path} cannot be written (No space left on device): free it.")

    monkeypatch.setattr(drive, "write_whole", full)
    client = Client([good, good])
    with pytest.raises(LabError, match="No space left"):
        drive.drive(manifest, [1, 2], client, drive.Watcher())
    assert client.cancelled


class Client:
    """One thread, which answers at once, in the order given."""

    status, dashboard_link, cancelled = "running", "", False

    def __init__(self, answers):
        self.answers = iter(answers)

    def nthreads(self):
        return {"worker": 1}

    def submit(self, function, task, key, pure):
        return Future(key, next(self.answers))

    def cancel(self, futures, force):
        self.cancelled = True


class Future:
    def __init__(self, key, answer):
        self.key, self.answer = key, answer

    def add_done_callback(self, callback):
        callback(self)

    def result(self):
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer

    def release(self):
        pass


def test_a_point_finds_its_course_the_second_environment_and_nothing_of_dask(swept, course):
    more = """
# %%
import os

from labutils.legacy.place import folder
from labutils.paths import course_root

record("", flex=str(folder()), lab=course_root().name, threads=os.environ.get("OMP_NUM_THREADS", "none"))
record("", beside=(course_root() / "notebooks" / "data.json").read_text())
record("", hashes=os.environ.get("PYTHONHASHSEED", "none"), lent=os.environ.get("LABS_NURSERY", "none"))
"""
    (course / "notebooks" / "data.json").write_text('{"größe": 1}')
    manifest = plan(swept(more), {"seed": [1]}, out=course / "out")
    (course / "notebooks" / "data.json").unlink()  # the sweep has its own
    carry_out(manifest, Where(1), Conduct(), drive.Watcher())
    row = read_result(manifest.path(1))
    assert row["outcome"] == "passed", row["message"]
    assert row["beside"] == '{"größe": 1}'
    assert row["flex"] == str(course / ".venv-flex") and row["lab"].startswith("labs-point-")
    expected = [os.environ.get(name, "none") for name in ("OMP_NUM_THREADS", "PYTHONHASHSEED")]
    assert [row["threads"], row["hashes"], row["lent"]] == [*expected, "none"]


def test_very_many_points_each_end_once(swept, course):
    """A thousand here, ten thousand in benchmarks/sweeps.py."""
    manifest = plan(swept(), {"seed": list(range(1, 501)), "mode": ["float", "ganz genau"]}, out=course / "out")
    states = []
    watcher = drive.Watcher()
    watcher.changed = lambda state: states.append((state.done, state.running, state.seconds_left))
    with connect(Where(2), {}, warm=False) as client:
        state = drive.drive(manifest, manifest.open_points(), client, watcher, execute=stand_in)
    assert (state.done, state.failed, state.running) == (1000, 0, 0)
    assert [done for done, _, _ in states] == sorted(done for done, _, _ in states)
    assert {running for _, running, _ in states} <= {0, 1, 2} and states[-1][2] == 0
    table = results([manifest.folder])
    assert list(table["point"]) == list(range(1, 1001)) and set(table["outcome"]) == {"passed"}
    assert list(table["parameter.mode"][:2]) == ["float", "ganz genau"]


def test_a_scheduler_that_is_gone_is_one_sentence(swept, course):
    manifest = plan(swept(), {"seed": [1]}, out=course / "out")
    client = Client([ConnectionError("closed")])
    client.status = "closed"
    with pytest.raises(LabError, match="The scheduler is gone: start it again, and resume"):
        drive.drive(manifest, [1], client, drive.Watcher())


@pytest.mark.skipif(sys.platform != "linux", reason="warm kernels are for Linux")
def test_lab_01_records_the_same_warm_and_cold_serial_and_parallel(root, tmp_path, monkeypatch):
    monkeypatch.setenv("LABS_COLD", "0")
    from labutils.course.catalog import find_lab

    lab = find_lab("01")
    values = [{"steps": 60, "seed": seed} for seed in (3, 4)]
    folders = []
    for name, rules in (("warm", Rules()), ("cold", Rules(warm=False))):
        manifest = plan(lab, {"seed": [3, 4]}, {"steps": 60}, rules=rules, out=tmp_path / name)
        carry_out(manifest, Where(2), Conduct(), drive.Watcher())
        folders.append([read_result(manifest.path(number)) for number in (1, 2)])
    serial = []
    for number, each in enumerate(values):
        out = tmp_path / f"serial {number}"
        out.mkdir()
        serial.append(read_result(execute_lab(lab, each, out).notebook))
    names = ("float_file [bytes]", "quantized_file [bytes]", "weight", "bias", "file_answer", "largest_error")
    for found in (*folders, serial):
        assert [row["outcome"] for row in found] == ["passed", "passed"]
        assert [[row[name] for name in names] for row in found] == [[row[name] for name in names] for row in serial]
    assert serial[0]["weight"] != serial[1]["weight"]


def test_a_sweep_of_the_course_that_passes_is_whole(swept, course):
    manifest = plan(swept(), {"seed": [1, 2], "mode": ["ganz genau"]}, out=course / "mit Leerzeichen und Ümläuten")
    carry_out(manifest, Where(1), Conduct(), drive.Watcher())
    whole(manifest.folder)
