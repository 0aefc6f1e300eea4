"""The commands that operate the course: bad input is one sentence, exit code 2, and nothing written."""

import json
import subprocess
import sys

import pytest

from labutils import cli
from labutils.course import catalog, stamp
from tests.throwaway import files_of


def run(*arguments):
    """The exit code of the command, also where argparse ends it."""
    try:
        return cli.main(list(arguments))
    except SystemExit as end:
        return end.code


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["run", "99"], "There is no lab '99'"),
        (["run"], "Name the labs"),
        (["run", "01", "--all"], "Name the labs"),
        (["run", "01", "-p", "step", "3"], "did you mean steps?"),
        (["run", "01", "-p", "steps", "three"], "a whole number from 1 to 10"),
        (["run", "01", "-p", "steps", "3.0"], "a whole number from 1 to 10"),
        (["run", "01", "-p", "steps", "99"], "a whole number from 1 to 10"),
        (["run", "01", "-p", "steps", "-1"], "a whole number from 1 to 10"),
        (["run", "01", "-p", "rate", "nan"], "a number from 0.0 to 1.0"),
        (["run", "01", "-p", "mode", "int4"], "'float' or 'int8'"),
        (["run", "01", "-p", "loud", "yes"], "true or false"),
        (["run", "01", "-p", "steps", "3", "-p", "steps", "4"], "given twice"),
        (["run", "01", "-p", "steps"], "expected 2 arguments"),
        (["run", "01", "02", "-p", "nothing", "4"], "None of these labs"),
        (["run", "01", "--out", "a_file"], "is a file"),
        (["run", "01", "--out", "a_file/below"], "cannot be written"),
        (["run", "01", "--timeout", "soon"], "must be a whole number above 0"),
        (["run", "01", "--timeout", "0"], "'0' must be a whole number above 0"),
        (["run", "01", "--record"], "--record takes the whole course"),
        (["run", "--all", "--quick", "--record"], "--record takes the whole course"),
        (["build", "99"], "There is no lab '99'"),
        (["open", "99"], "There is no lab '99'"),
        (["open", "01"], "is not there yet"),
        (["open", "--port", "http"], "invalid int value"),
        (["list", "--json", "--markdown"], "not allowed with"),
        (["frobnicate"], "invalid choice"),
    ],
)
def test_bad_input(make_lab, course, capsys, arguments, said):
    make_lab()
    make_lab("# %%\n1\n", "02_other", quick="{}")
    (course / "a_file").write_text("precious")
    before = files_of(course)
    assert run(*arguments) == 2
    out, err = capsys.readouterr()
    assert out == "" and said in err
    assert err.startswith("labs: ") and err.count("\n") == 1
    assert files_of(course) == before and not (course / "build").exists()


def test_away_from_any_course_the_checkout_is_the_course(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert run("list") == 0


def test_an_empty_course(course, capsys):
    assert run("list") == 0
    assert run("open") == 2 and run("run", "--all") == 2


def test_list(make_lab, course, capsys):
    make_lab()
    make_lab("# %%\n1\n", "02_other", quick="{}")
    cost = {"cpu_seconds": 12.3, "seconds": 20, "peak_mb": 1234}
    catalog.measured_path().write_text(json.dumps({"machine": "a machine", "date": "today", "01_count": cost}))
    assert run("list") == 0
    text = capsys.readouterr().out
    assert "Counting" in text and "steps=3" in text and "1234" in text and "a machine" in text
    assert run("list", "--markdown") == 0
    text = capsys.readouterr().out
    assert "| [01](notebooks/01_count.ipynb) | Counting | 5 | 12 | 1.23 GB |" in text and "| - | - |" in text
    assert run("list", "--json") == 0
    data = json.loads(capsys.readouterr().out)
    assert data["labs"][0]["measured"] == cost and data["labs"][0]["parameters"][1]["high"] == 10


def test_run_tells_by_its_exit_code(make_lab, course, capsys):
    make_lab()
    assert run("run", "01", "--quick", "--out", "here") == 0
    text = capsys.readouterr().out
    assert "01_count: passed" in text and "executed notebooks: here" in text
    assert (course / "here" / "01_count.ipynb").exists() and not (course / "build" / "runs").exists()
    make_lab("# %%\n1/0\n", "02_other", quick="{}")
    assert run("run", "--all", "--record") == 1
    assert "02_other: failed in cell 1: ZeroDivisionError" in capsys.readouterr().out
    assert not catalog.measured_path().exists()


def test_run_as_json_keeps_progress_apart(make_lab, course, capsys):
    make_lab()
    make_lab("# %% tags=[\"oops\"]\n1/0\n", "02_other", quick="{}")
    assert run("run", "--all", "--quick", "--json", "--out", "here") == 1
    out, err = capsys.readouterr()
    first, second = json.loads(out)
    assert (first["lab"], first["outcome"], first["cell"], first["message"]) == ("01_count", "passed", None, "")
    assert second["outcome"] == "failed" and "ZeroDivisionError" in second["message"] and "oops" in second["cell"]
    assert first["seconds"] > 0 and first["cpu_seconds"] > 0 and first["peak_mb"] > 10
    assert (course / first["notebook"]).is_file()
    assert "[1/2] 01_count ..." in err and "02_other: failed" in err
    assert "report: here/report.html\n" in err and "ZeroDivisionError" in (course / "here/report.html").read_text()


def test_record(make_lab, capsys):
    make_lab()
    assert run("run", "--all", "--record") == 0
    assert catalog.measured().machine == stamp.machine()


def test_build_and_check(make_lab, capsys):
    make_lab()
    assert run("build", "01", "--check") == 1
    assert run("build", "01") == 0
    assert run("build", "01", "--check") == 0
    make_lab("# %%\n1/0\n", "02_other", quick="{}")
    assert run("build", "--all") == 1
    assert "labs: Lab 02_other is not built: cell 1" in capsys.readouterr().err


def test_it_starts_without_what_is_heavy():
    heavy = ["papermill", "nbclient", "nbformat", "jupytext", "psutil", "rich", "jupyter_client", "numpy", "tensorflow"]
    code = f"import sys, labutils.cli as c; c.make_parser(); print([m for m in {heavy} if m in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout == "[]\n"
