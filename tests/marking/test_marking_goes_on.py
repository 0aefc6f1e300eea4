"""A marking that is killed loses nothing, two never write at once, and one more adds to what is there."""

import contextlib
import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
import warnings
import zipfile
from pathlib import Path

import psutil
import pytest

from labutils import cli
from labutils.marking.marks import Mark, Marked
from labutils.marking.pages.standing import standings
from labutils.marking.run import counting
from labutils.marking.store import open_store
from tests.marking.synthetic import make_class

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
SECONDS = 120


@pytest.fixture
def class_of_twelve(tmp_path: Path) -> Path:
    """Twelve submissions without an answer, which are judged in a moment."""
    make_class(tmp_path / "in", 12, kinds=["empty"])
    return tmp_path


def start(place: Path, *words: object) -> subprocess.Popen:
    line = [sys.executable, "-m", "labutils.cli", "mark", str(place), *map(str, words)]
    own = {**os.environ, "TMPDIR": str(place.parent)}  # by which its hosts are known
    return subprocess.Popen(
        line, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True, env=own
    )


def rows(folder: Path, what: str = "count(*)", table: str = "submissions") -> int:
    """Of a database that another process writes to: 0 while it is not there."""
    path = folder / "marks.sqlite"
    if not path.exists():
        return 0
    with contextlib.closing(sqlite3.connect(path)) as database, contextlib.suppress(sqlite3.OperationalError):
        return database.execute(f"SELECT {what} FROM {table}").fetchone()[0]
    return 0


def wait_for(process: subprocess.Popen, folder: Path, count: int) -> None:
    end = time.monotonic() + SECONDS
    while rows(folder) < count and process.poll() is None:
        assert time.monotonic() < end
        time.sleep(0.01)


def hosts(folder: Path) -> list[int]:
    found = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            found += [process.pid] if process.environ().get("HOME", "").startswith(f"{folder}/labs-host-") else []
    return found


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT])
def test_it_is_stopped_in_the_middle_and_goes_on(class_of_twelve, number, capsys):
    place, out = class_of_twelve / "in", class_of_twelve / "marks"
    process = start(place, "-o", out, "--workers", 1)
    wait_for(process, out, 3)
    assert hosts(class_of_twelve)
    process.send_signal(number)
    _, err = process.communicate(timeout=SECONDS)
    assert process.returncode == (-9 if number == signal.SIGKILL else 130) and "Traceback" not in err
    assert number == signal.SIGKILL or f"go on with: labs mark --resume {out}" in err
    before = rows(out)
    assert 3 <= before < 12 and rows(out, "count(ended)", "markings") == 0
    with contextlib.closing(sqlite3.connect(out / "marks.sqlite")) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        whole = "SELECT count(*) FROM submissions s WHERE (SELECT count(*) FROM marks WHERE submission = s.id) != 5"
        assert database.execute(whole).fetchone() == (0,)
    end = time.monotonic() + 20
    while hosts(class_of_twelve) and time.monotonic() < end:
        time.sleep(0.1)
    assert not hosts(class_of_twelve)
    assert cli.main(["mark", "--resume", str(out)]) == 0
    assert "12 students, 12 notebooks with marks" in capsys.readouterr().out
    assert rows(out) == 12 and rows(out, "count(DISTINCT file)") == 12 and rows(out, "max(attempt)") == 1
    assert cli.main(["mark", "--resume", str(out)]) == 2
    assert "came to its end: mark anew" in capsys.readouterr().err


def test_a_second_marker_is_refused_meanwhile(class_of_twelve, capsys):
    place, out = class_of_twelve / "in", class_of_twelve / "marks"
    process = start(place, "-o", out, "--workers", 1)
    wait_for(process, out, 1)
    assert cli.main(["mark", str(place), "-o", str(out)]) == 2
    assert "another `labs mark` is at work in it: wait for its end" in capsys.readouterr().err
    process.communicate(timeout=SECONDS)
    assert process.returncode == 0 and rows(out) == 12 and rows(out, table="markings") == 1


def test_marking_again_adds_and_overwrites_nothing(class_of_twelve, capsys):
    place, out = class_of_twelve / "in", class_of_twelve / "marks"
    assert cli.main(["mark", str(place), "-o", str(out)]) == 0
    (class_of_twelve / "points.yaml").write_text("01.convert: 3\n01.weight_bytes: 0.5\n")
    words = ["mark", str(place), "-o", str(out), "--lab", "01", "--points", str(class_of_twelve / "points.yaml")]
    assert cli.main(words) == 0
    assert rows(out) == 24 and rows(out, "max(attempt)") == 2 and rows(out, "count(ended)", "markings") == 2
    with open_store(out) as store:
        worth = []
        for store.marking in (1, 2):
            worth.append({each.out_of for each in store.marked()})
    assert worth == [{5.0}, {6.5}]
    assert ",6.5," in (out / "marks.csv").read_text("utf-8-sig")
    assert cli.main(["mark", str(place), "-o", str(out), "--lab", "02"]) == 1
    assert "it is lab 01, and marked is 02" in capsys.readouterr().out


def test_a_file_that_is_there_three_times_is_told_once(tmp_path, capsys):
    with warnings.catch_warnings(), zipfile.ZipFile(tmp_path / "in.zip", "w") as archive:
        warnings.simplefilter("ignore")
        for text in ("", " ", "  ", "   "):
            archive.writestr("eve.ipynb", text)
    assert cli.main(["mark", str(tmp_path / "in.zip"), "-o", str(tmp_path / "marks")]) == 1
    out = capsys.readouterr().out
    assert "eve.ipynb is in its zip" in out
    assert rows(tmp_path / "marks", "count(DISTINCT digest)") == rows(tmp_path / "marks")


def test_what_cannot_be_read_never_counts_before_what_can():
    readable = Marked("Ada", "1.ipynb", "a", "01_single_neuron", "", (Mark("01.convert", "not yet", 0, 1),))
    torn = Marked("Ada", "2.ipynb", "b", "01_single_neuron", "the notebook is cut off")
    for order in ([readable, torn], [torn, readable]):
        assert counting(order) == [readable]
        assert standings(order)[0].counted["01_single_neuron"] == readable


def test_a_database_that_cannot_be_used_is_one_sentence(class_of_twelve, capsys):
    place, out = class_of_twelve / "in", class_of_twelve / "marks"
    torn = b"no database at all, but long enough to look like one" * 99
    for content, said in ((torn, "is damaged"), (None, "of another version")):
        out.mkdir(exist_ok=True)
        (out / "marks.sqlite").unlink(missing_ok=True)
        if content is None:
            with contextlib.closing(sqlite3.connect(out / "marks.sqlite")) as database:
                database.execute("PRAGMA user_version = 7")
                database.execute("CREATE TABLE x (y)")
        else:
            (out / "marks.sqlite").write_bytes(content)
        assert cli.main(["mark", str(place), "-o", str(out)]) == 2
        err = capsys.readouterr().err
        assert said in err and "Traceback" not in err and err.count("\n") == 1


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "Name the folder or the zip with the submissions, or --resume DIR"),
        (["nowhere"], "nowhere"),
        (["in", "-o", "in/marks"], "is within the submissions"),
        (["--resume", "in"], "holds no marks"),
        (["in", "--resume", "marks"], "--resume goes on with a marking as it was begun"),
        (["in", "--lab", "77"], "77"),
        (["in", "--students", "nobody.csv"], "nobody.csv cannot be read"),
        (["in", "--points", "bad.yaml"], "There are points for '01.convrt', which is no exercise"),
        (["in", "--points", "worse.yaml"], "01.convert cannot be worth -1 points"),
        (["in", "--points", "none.yaml"], "none.yaml cannot be read"),
        (["in", "--workers", "1", "--scheduler", "tcp://127.0.0.1:1"], "keep one"),
        (["in", "-o", "file"], "is a file: name a folder"),
        (["in", "--scheduler", "tcp://127.0.0.1:1"], "No scheduler answers at tcp://127.0.0.1:1"),
    ],
)
def test_what_is_refused(class_of_twelve, monkeypatch, capsys, words, said):
    monkeypatch.chdir(class_of_twelve)
    Path("bad.yaml").write_text("01.convrt: 2\n")
    Path("worse.yaml").write_text("01.convert: -1\n")
    Path("file").touch()
    where = [] if "-o" in words or "--resume" in words else ["-o", "marks"]
    assert cli.main(["mark", *words, *where]) == 2
    err = capsys.readouterr().err
    assert said in err and "Traceback" not in err and err.count("\n") == 1


def test_a_cluster_marks_as_this_machine_does(tmp_path):
    from distributed import LocalCluster

    expected = make_class(tmp_path / "in", 6, kinds=["half", "not a notebook", "exits"])
    with LocalCluster(n_workers=1, threads_per_worker=2, host="127.0.0.1", dashboard_address=None) as cluster:
        words = ["mark", str(tmp_path / "in"), "-o", str(tmp_path / "there"), "--scheduler", cluster.scheduler_address]
        assert cli.main(words) == 1
    assert cli.main(["mark", str(tmp_path / "in"), "-o", str(tmp_path / "here")]) == 1
    found = []
    for name in ("here", "there"):
        with open_store(tmp_path / name) as store:
            store.marking = 1
            by_file = {each.file: each for each in store.marked()}
        assert set(by_file) == {each.file for each in expected}
        found.append({file: [(mark.exercise, mark.outcome) for mark in each.marks] for file, each in by_file.items()})
    assert found[0] == found[1] and any(found[0].values())
    assert json.dumps(found[0]).count("correct") == sum(
        each.outcomes is not None and list(each.outcomes.values()).count(frozenset({"correct"})) for each in expected
    )
