"""Failures: which are the same, what they share, how much of a traceback is shown."""

from nbformat.v4 import new_code_cell, new_output

from labutils.course.results import results
from labutils.report.failures import MOST_LINES, common, failures, shorten
from labutils.report.notebooks import read_notebook
from labutils.report.run import read_run
from tests.report.made import TRACEBACK, write_execution


def found(folder):
    run = read_run(results([folder]), folder)
    return run, failures(run, {row.number: read_notebook(row.notebook) for row in run.rows})


def failed(path, parameters, message="ValueError: it diverged", cell="cell 4", **more):
    write_execution(path, parameters, outcome="failed", cell=cell, message=message, traceback=TRACEBACK, **more)


def test_another_message_cell_outcome_or_lab_is_another_failure(tmp_path):
    failed(tmp_path / "1.ipynb", {"n": 1})
    failed(tmp_path / "2.ipynb", {"n": 2}, message="ValueError: no")
    failed(tmp_path / "3.ipynb", {"n": 3}, cell="cell 5")
    failed(tmp_path / "4.ipynb", {"n": 4})
    failed(tmp_path / "5.ipynb", {"n": 5}, lab="02_other")
    write_execution(tmp_path / "6.ipynb", {"n": 6}, outcome="timeout", cell="cell 4", message="ValueError: it diverged")
    write_execution(tmp_path / "7.ipynb", {"n": 7})
    _, groups = found(tmp_path)
    assert [[row.number for row in group.rows] for group in groups] == [[1, 4], [2], [3], [6], [5]]
    assert groups[0].traceback.endswith("ValueError: it diverged") and groups[3].traceback == ""


def test_an_error_of_the_lesson_is_not_the_cause(tmp_path):
    lesson = new_output("error", ename="TypeError", evalue="taught", traceback=["TypeError: taught"])
    cells = [new_code_cell("1 + ''", metadata={"tags": ["raises-exception"]}, outputs=[lesson])]
    failed(tmp_path / "1.ipynb", {"n": 1}, cells=cells)
    said = new_output("error", ename="timeout", evalue="too long", traceback=["labs: timeout: too long"])
    write_execution(tmp_path / "2.ipynb", {"n": 2}, outcome="timeout", message="too long",
                    cells=[*cells, new_code_cell("wait()", outputs=[said])])  # fmt: skip
    _, groups = found(tmp_path)
    assert [group.traceback.splitlines()[-1:] for group in groups] == [["ValueError: it diverged"], []]


def test_what_they_have_in_common_is_said(tmp_path):
    for number, (a, b) in enumerate([(1, 1), (1, 2), (2, 1), (2, 2), (3, 1), (3, 2)], 1):
        path, given = tmp_path / f"{number}.ipynb", {"a": a, "b": b, "c": 0}
        if a < 3:
            failed(path, given)
        else:
            write_execution(path, given)
    run, (group,) = found(tmp_path)
    assert group.common == "All have a = 1 or 2, and no other execution has."
    rows = [row for row in run.rows if row.number in (1, 3)]
    assert common(run.groups[0], rows) == (
        "All have a = 1 or 2; so have 2 that ended otherwise. All have b = 1; so have 1 that ended otherwise."
    )
    assert common(run.groups[0], rows[:1]) == ""


def test_a_long_list_of_values_is_no_finding(tmp_path):
    for n in range(9):
        given = {"n": n}
        failed(tmp_path / f"{n}.ipynb", given) if n else write_execution(tmp_path / "0.ipynb", given)
    _, (group,) = found(tmp_path)
    assert len(group.rows) == 8 and group.common == ""


def test_a_traceback_keeps_own_frames_and_the_last_of_each_library():
    assert shorten(TRACEBACK).splitlines() == [
        "Cell In[3], line 2", "      1 x = 1", "----> 2 train(x)",
        "keras/two.py, line 20 (library code, the last of 2 frames)", "ValueError: it diverged",
    ]  # fmt: skip
    standard = ["File ~/.pyenv/versions/3.11.7/lib/python3.11/json/decoder.py:353, in f(self)\n--> 353 x\n", "E: no"]
    assert shorten(standard) == "json/decoder.py, line 353 (library code)\nE: no"
    windows = [r"File C:\Users\a\venv\Lib\site-packages\keras\one.py:7, in f()" "\n", "E: no"]
    assert shorten(windows) == "keras\\one.py, line 7 (library code)\nE: no"
    own = ["File ~/course/labutils/models.py:3, in f()\n----> 3 x\n", "E: no"]
    assert "labutils/models.py:3, in f()\n----> 3 x" in shorten(own)
    assert shorten([]) == ""


def test_a_long_traceback_is_cut():
    lines = shorten(["\n".join(f"line {n}" for n in range(500)), "E: " + "x" * 1000]).splitlines()
    assert len(lines) == MOST_LINES + 1 and lines[0] == "line 0" and lines[-1].endswith("x …")
    assert lines[MOST_LINES // 2] == "… 461 more lines are in the notebook …" and max(map(len, lines)) < 410


def test_a_converters_message_is_told_by_its_essence():
    message = "E: No place.<unknown>:0: error: 'tf.Erf' op is neither\n<unknown>:0: note: called from\n ^"
    assert shorten([message]) == "E: No place.\nerror: 'tf.Erf' op is neither"
