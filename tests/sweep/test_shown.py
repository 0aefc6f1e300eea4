"""How far a sweep is: in a notebook, in lines, and interruptions that come at any moment."""

import io
import os
import signal

import nbformat
import pytest
from nbclient import NotebookClient

from labutils.course.manifest import Manifest, Rules
from labutils.course.results import results
from labutils.sweep import shown
from labutils.sweep.drive import State
from labutils.sweep.stopper import Stopper


def test_in_a_notebook_a_bar_moves_below_the_cell(swept, course):
    """The public functions, as a reader calls them; the table is the cell's value."""
    swept()
    cells = [
        "import os\nbefore = dict(os.environ)\nimport labs\n"
        'labs.sweep("01", {"seed": [1, 2], "mode": ["float"]}, {"scale": 2}, out="out", where=labs.Where(workers=1))',
        "print(os.environ == before)",
        'print(labs.parameters("01")[0].allowed)\nprint(labs.write_report("out"))',
    ]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(each) for each in cells])
    place = {"metadata": {"path": str(course)}}
    NotebookClient(notebook, timeout=120, kernel_name="python3", resources=place).execute()
    first, second, third = (cell.outputs for cell in notebook.cells)
    bars = [each for each in first if "<progress" in each.get("data", {}).get("text/html", "")]
    assert len(bars) == 1 and 'max="2" value="2"' in bars[0].data["text/html"]
    assert "2 of 2 done, 0 running, 0 failed" in bars[0].data["text/html"]
    streams = "".join(each.text for each in first if each.output_type == "stream")
    assert "01_count: 2 points (2 seed x 1 mode) into" in streams and "WARNING" not in streams
    assert "passed" in first[-1].data["text/html"]
    assert second[0].text == "True\n"
    said = "".join(each.text for each in third)
    assert said.split("\n") == ["a whole number from 1 to 100000", "out/report.html", ""]
    assert list(results([course / "out"])["parameter.scale"]) == [2.0, 2.0]


def test_lines_tell_of_failures_and_not_too_often(tmp_path):
    said = io.StringIO()
    watcher = shown.LineWatcher(said)
    manifest = Manifest(tmp_path, "01_count", {"seed": list(range(1, 31))}, {}, Rules())
    watcher.begun(manifest, "")
    for done in range(31):
        watcher.changed(State(30, done=done))
        if 0 < done < 30:
            watcher.failed(manifest, done, {"outcome": "failed", "cell": "cell 1", "message": "no"})
    lines = said.getvalue().splitlines()
    assert lines[0].startswith("01_count: 30 points") and lines[-1].startswith("30 of 30 done")
    assert lines.count("Further failures are in the report.") == 1
    assert sum("failed in cell 1: no" in line for line in lines) == shown.TOLD
    assert sum("of 30 done" in line for line in lines) == 2


def test_the_time_left_follows_the_pace():
    state = State(10, done=4)
    assert state.seconds_left is None  # those four were done before
    state.done, state._start = 6, state._start - 20
    assert state.seconds_left == pytest.approx(40, abs=1)


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
def test_an_interruption_is_heard_once_and_where_somebody_listens():
    before = signal.getsignal(signal.SIGINT)
    heard = []
    with Stopper() as stopper:
        os.kill(os.getpid(), signal.SIGINT)  # nobody listens yet: it is kept
        try:
            with stopper.listen():
                heard.append("too far")
        except KeyboardInterrupt:
            heard.append("kept")
        os.kill(os.getpid(), signal.SIGTERM)  # things are put in order
        with stopper.listen():
            os.kill(os.getpid(), signal.SIGINT)  # heard already
    assert heard == ["kept"] and signal.getsignal(signal.SIGINT) is before
    with Stopper() as stopper, pytest.raises(KeyboardInterrupt), stopper.listen():
        os.kill(os.getpid(), signal.SIGINT)
    with Stopper() as stopper, stopper.listen(False):
        os.kill(os.getpid(), signal.SIGINT)
