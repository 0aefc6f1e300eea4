"""What a lab calls while it runs: its parameters are refused whoever has set them, and what it measured is kept."""

import json
import re
import subprocess
import sys

import nbformat
import numpy as np
import pandas as pd
import pytest

from labutils import cli
from labutils.course.catalog import find_lab, labs
from labutils.course.parameters import read_parameters
from labutils.course.results import read_result, results, write_results
from labutils.course.session import MIME, Record, check_parameters, record
from labutils.course.source import read_source
from labutils.errors import LabError

BODY = """
# %% tags=["parameters"]
steps: int = 3  # counts up to here [1..9]
kind: str = "a"  # one of two {"a", "b"}

# %% tags=["given"]
from labutils.course.session import check_parameters, record

check_parameters("01", globals())

# %%
record("bytes", float_file=1000 * steps)
record("", kind=kind, even=steps % 2 == 0)
"""


@pytest.mark.parametrize("lab", labs(), ids=lambda lab: lab.slug)
def test_every_lab_checks_its_parameters_first_and_records(lab):
    cells = [cell for cell in read_source(lab.source).cells if cell.cell_type == "code"]
    tags = [cell.metadata.get("tags", [""])[0] for cell in cells]
    assert tags[:3] == ["parameters", "given", "setup"]
    assert f'check_parameters("{lab.number}", globals())' in cells[1].source
    assert "record(" in cells[tags.index("record")].source
    outputs = next(c for c in nbformat.read(lab.notebook, 4).cells if "record" in c.metadata.get("tags", [])).outputs
    assert outputs and all(MIME in output.data for output in outputs)


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"steps": 10}, "steps cannot be 10: it must be a whole number from 1 to 9"),
        ({"steps": "7"}, None),  # a text that papermill passed on is read as `labs run` reads it
        ({"steps": 2.5}, "steps cannot be 2.5"),
        ({"steps": True}, "steps cannot be true"),
        ({"kind": "c"}, "it must be 'a' or 'b'"),
    ],
)
def test_what_is_out_of_range_is_refused(make_lab, values, said):
    make_lab(BODY)
    names = {"steps": 3, "kind": "a", "other": object()} | values
    if said is None:
        return check_parameters("01", names)
    with pytest.raises(LabError, match=said):
        check_parameters("01", names)
    return None


def test_plain_papermill_is_refused_by_the_notebook_itself(make_lab, course):
    lab = make_lab(BODY)
    assert cli.main(["build", "01"]) == 0
    words = [sys.executable, "-m", "papermill", str(lab.notebook), "out.ipynb", "-p", "steps", "10"]
    done = subprocess.run(words, cwd=course, capture_output=True, text=True, timeout=120)
    assert done.returncode == 1 and "steps cannot be 10: it must be a whole number from 1 to 9" in done.stderr
    done = subprocess.run([*words[:-1], "9"], cwd=course, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    data = [o["data"][MIME] for c in nbformat.read(course / "out.ipynb", 4).cells for o in c.get("outputs", [])]
    assert data[0] == {"unit": "bytes", "values": {"float_file": 9000}}


def test_papermill_shows_the_same_parameters(root):
    words = [sys.executable, "-m", "papermill", "--help-notebook", "notebooks/04_quantization.ipynb"]
    shown = subprocess.run(words, cwd=root, capture_output=True, text=True, timeout=120).stdout
    for each in read_parameters(find_lab("04")):
        assert re.search(rf"{each.name}: {each.type} \(default {each.default}\)", shown), each.name
        assert each.help in " ".join(shown.split())


def test_a_record_holds_plain_values(capsys):
    record("ms", a=np.float32(1.5), b=np.int64(2), c=np.array(3.0), d=True, e="text", f=np.array([4]))
    assert capsys.readouterr().out.splitlines() == ["a: 1.5 ms", "b: 2 ms", "c: 3 ms", "d: True ms", "e: text ms",
                                                    "f: 4 ms"]  # fmt: skip
    page = Record("ms", {"a": 1.5})._repr_html_()
    assert "<td>a</td><td>1.5</td>" in page and "<th>ms</th>" in page


@pytest.mark.parametrize(("unit", "values", "said"), [
    ("ms", {}, "Name what you record"), ("ms", {"a": [1, 2]}, "a is a list"), ("ms", {"a": None}, "a is a NoneType"),
    ("ms", {"a": np.zeros(3)}, "a is a ndarray"), ("<b>", {"a": 1}, "is no unit"), ("x" * 31, {"a": 1}, "is no unit"),
])  # fmt: skip
def test_what_cannot_be_recorded_is_a_sentence(unit, values, said):
    with pytest.raises(LabError, match=said):
        record(unit, **values)


@pytest.fixture
def run(make_lab, course, capsys):
    """Three executions of a lab: two that passed, one that failed."""
    make_lab(BODY)
    for number, words in enumerate((["-p", "steps", "2"], ["-p", "steps", "4", "-p", "kind", "b"])):
        assert cli.main(["run", "01", *words, "--out", f"runs/{number}"]) == 0
    make_lab(BODY + "\n# %%\n1 / 0\n", "02_broken")
    (course / "notebooks" / "source" / "02_broken.py").write_text(
        (course / "notebooks" / "source" / "02_broken.py").read_text().replace('"01", globals', '"02", globals')
    )
    assert cli.main(["run", "02", "--out", "runs/2"]) == 1
    capsys.readouterr()
    return course / "runs"


def test_a_row_for_each_execution(run):
    table = results([run])
    assert list(table["lab"]) == ["01_count", "01_count", "02_broken"]
    assert list(table["outcome"]) == ["passed", "passed", "failed"]
    assert list(table["float_file [bytes]"]) == [2000, 4000, 3000]
    assert list(table["parameter.steps"]) == [2, 4, 3] and list(table["parameter.kind"]) == ["a", "b", "a"]
    assert list(table["kind"]) == ["a", "b", "a"] and list(table["even"]) == [True, True, False]
    assert "ZeroDivisionError" in table["message"][2] and (table["cpu_seconds"] > 0).all()
    assert {"machine", "date", "peak_mb", "version.numpy"} <= set(table.columns)


def test_every_form_holds_the_same(run, capsys, course):
    table = results([run])
    for name in ("r.csv", "r.json"):
        assert cli.main(["results", str(run), "-o", name]) == 0
    again = pd.read_csv(course / "r.csv")
    assert list(again.columns) == list(table.columns) == list(json.loads((course / "r.json").read_text())[0])
    assert list(again["float_file [bytes]"]) == list(table["float_file [bytes]"])
    capsys.readouterr()
    assert cli.main(["results", str(run)]) == 0
    assert capsys.readouterr().out == (course / "r.csv").read_text()


def test_what_there_is_nothing_to_collect_from_is_a_sentence(run, course, capsys):
    (course / "empty").mkdir()
    (course / "plain.ipynb").write_text(nbformat.writes(nbformat.v4.new_notebook()))
    (course / "torn.ipynb").write_text('{"cells": [')
    for name, said in {"empty": "no executed notebooks", "nowhere.ipynb": "There is no file", "plain.ipynb": "was not",
                       "torn.ipynb": "was not executed by `labs run`"}.items():  # fmt: skip
        assert cli.main(["results", name]) == 2
        assert said in capsys.readouterr().err
    assert cli.main(["results", str(run), "-o", "r.xlsx"]) == 2
    assert "choose .csv, .json or .parquet" in capsys.readouterr().err


def test_what_was_executed_by_other_means_is_passed_over_in_a_folder(run, course, capsys):
    (run / "plain.ipynb").write_text(nbformat.writes(nbformat.v4.new_notebook()))
    assert len(results([run])) == 3
    (run / "torn.ipynb").write_text('{"cells": [')
    assert cli.main(["results", str(run)]) == 2
    assert "torn.ipynb was not executed" in capsys.readouterr().err


def test_parquet_without_its_package_is_a_sentence(monkeypatch, tmp_path):
    def missing(*_, **__):
        raise ImportError("pyarrow")

    monkeypatch.setattr(pd.DataFrame, "to_parquet", missing)
    with pytest.raises(LabError, match="pip install pyarrow"):
        write_results(pd.DataFrame({"a": [1]}), tmp_path / "r.parquet")
    monkeypatch.setattr(pd.DataFrame, "to_parquet", lambda *_, **__: b"PAR1")
    assert write_results(pd.DataFrame({"a": [1]}), tmp_path / "r.parquet").read_bytes() == b"PAR1"


def test_params_lists_what_the_cell_says(make_lab, capsys):
    make_lab(BODY, quick="{steps: 2}")
    assert cli.main(["params", "01"]) == 0
    out = capsys.readouterr().out
    assert "steps" in out and "a whole number from 1 to 9" in out and "counts up to here" in out
    assert cli.main(["params", "01", "--json"]) == 0
    first = json.loads(capsys.readouterr().out)[0]
    assert (first["name"], first["default"], first["low"], first["high"], first["quick"]) == ("steps", 3, 1, 9, 2)
    assert cli.main(["params", "99"]) == 2


def test_values_from_yaml_and_those_of_the_line_before_them(make_lab, course, capsys):
    make_lab(BODY)
    (course / "v.yaml").write_text("steps: 5\nkind: b\n")
    assert cli.main(["run", "01", "--yaml", "v.yaml", "-p", "steps", "6", "--out", "out"]) == 0
    row = read_result(course / "out" / "01_count.ipynb")
    assert (row["parameter.steps"], row["parameter.kind"]) == (6, "b")


@pytest.mark.parametrize(("text", "said"), [
    ("steps: 10", "steps cannot be 10"), ("step: 1", "did you mean steps"), ("- 1", "holds no parameters"),
    ("1: 2", "holds no parameters"), ("a: [", "is no YAML"), ("", "holds no parameters"), ("steps: ~", "cannot be"),
])  # fmt: skip
def test_a_yaml_file_that_does_not_fit_is_refused_before_a_kernel_starts(make_lab, course, capsys, text, said):
    make_lab(BODY)
    (course / "v.yaml").write_text(text)
    assert cli.main(["run", "01", "--yaml", "v.yaml", "--out", "out"]) == 2
    assert said in capsys.readouterr().err and not (course / "out").exists()
    assert cli.main(["run", "01", "--yaml", "nowhere.yaml"]) == 2
    assert "cannot be read" in capsys.readouterr().err
