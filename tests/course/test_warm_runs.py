"""`labs run` with warm kernels: the same results as with cold ones, and nothing left behind."""

import json
import sys

import pytest

from labutils import cli, warm
from labutils.course.catalog import find_lab
from labutils.course.execute import execute_lab
from labutils.course.results import read_result

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="warm kernels are for Linux")
LOADED = """
# %%
import sys

from labutils.course.session import record

record("", loaded="tensorflow" in sys.modules)
"""


@pytest.fixture(autouse=True)
def allowed(monkeypatch):
    monkeypatch.setenv("LABS_COLD", "0")
    yield
    warm.close()


def loaded(course, capsys, *words):
    """Whether TensorFlow was there before any cell of each of two labs, run by the command."""
    assert cli.main(["run", "--all", "--json", "--out", "out", *words]) == 0
    return [read_result(course / each["notebook"])["loaded"] for each in json.loads(capsys.readouterr().out)]


def test_several_labs_share_the_import_unless_told_otherwise(make_lab, course, capsys, monkeypatch):
    make_lab(LOADED, "01_one")
    make_lab(LOADED, "02_two")
    assert loaded(course, capsys) == [True, True]
    assert loaded(course, capsys, "--cold") == [False, False]
    monkeypatch.setenv("LABS_COLD", "1")
    assert loaded(course, capsys) == [False, False]


def test_a_lab_about_what_is_loaded_starts_with_nothing(make_lab, course, capsys):
    make_lab(LOADED, "01_one")
    lab = make_lab(LOADED, "02_two")
    lab.source.write_text(lab.source.read_text().replace("quick:", "cold: true\n#     quick:"))
    assert find_lab("02").cold and not find_lab("01").cold
    assert loaded(course, capsys) == [True, False]
    assert [find_lab(number).cold for number in ("01", "02")] == [False, True]


def test_one_lab_alone_does_not_wait_for_a_nursery(make_lab, course, capsys):
    make_lab(LOADED)
    assert loaded(course, capsys) == [False]


def test_lab_01_records_the_same_warm_and_cold(root, tmp_path):
    lab = find_lab("01")
    rows = []
    for number, is_warm in enumerate((False, True, True)):
        out = tmp_path / str(number)
        out.mkdir()
        done = execute_lab(lab, dict(lab.quick), out, warm=is_warm)
        assert done.passed, done.message
        rows.append(read_result(done.notebook))
    names = ("float_file [bytes]", "weight", "bias", "keras_answer", "file_answer", "largest_error")
    assert all([row[name] for name in names] == [rows[0][name] for name in names] for row in rows)
