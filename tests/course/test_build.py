"""From source to notebook: stable, refusing what would not be, and held together with its source."""

import json
import tempfile
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output

from labutils.course import build, source
from labutils.course.normal import complaints
from labutils.errors import LabError

EVERYTHING = """\
# %% [markdown]
# # Title
# %%
import sys
print("one")
print("two")
sys.stdout.flush()
print("three")
# %% tags=["wrong", "raises-exception"]
from pathlib import Path
Path("no such file").read_text()
# %% tags=["wrong"]
from IPython.display import display
display({"text/plain": "W", "application/vnd.jupyter.widget-view+json": {"model_id": "a"}}, raw=True)
# %%
1 + 1
# %%
1 + 1
# %%
"""


def test_two_builds_give_the_same_bytes(make_lab):
    lab = make_lab(EVERYTHING, quick="{}")
    first = build.build_lab(lab).read_bytes()
    assert build.build_lab(lab).read_bytes() == first
    assert build.drift(lab) is None
    notebook = nbformat.reads(first.decode(), as_version=4)
    nbformat.validate(notebook)
    counts = [cell.execution_count for cell in notebook.cells if cell.cell_type == "code"]
    assert counts == [1, 2, 3, 4, 5, None]
    assert [cell.id for cell in notebook.cells[2:4]] == ["wrong", "wrong-2"]
    assert notebook.cells[5].id == f"{notebook.cells[4].id}-2"
    assert [output.text for output in notebook.cells[1].outputs] == ["one\ntwo\nthree\n"]
    widget = notebook.cells[3].outputs[0].data
    assert set(widget) == {"text/plain", "text/markdown"} and "run this cell" in widget["text/plain"]
    assert set(notebook.metadata) == {"kernelspec", "lab", "language_info"}
    assert str(lab.source.parent.parent.parent) not in first.decode()
    assert "site-packages" not in first.decode() and "papermill" not in first.decode()


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("1/0", "ZeroDivisionError"),
        ("import sys; print('careful', file=sys.stderr)", "stderr"),
        ("object()", "differs from run to run"),
        ("import os; os._exit(1)", "dead kernel"),
    ],
)
def test_what_is_not_fit_to_be_kept_is_refused(make_lab, code, said):
    lab = make_lab(f'# %% tags=["it"]\n{code}\n', quick="{}")
    with pytest.raises(LabError, match=rf"01_count is not built: cell 1 \(it\).*{said}"):
        build.build_lab(lab)
    assert [path.name for path in lab.notebook.parent.iterdir()] == ["source"]


@pytest.mark.parametrize(
    ("text", "stable"),
    [
        ("<Thing at 0x7f3a5c001d90>", False),
        (f"written to {tempfile.gettempdir()}/abc/model", False),
        ("\x1b[32m/home/me/course/build/01\x1b[0m", False),
        ("/home/me/course", False),
        ("build/tmp/model.tflite holds 640x480 pixels, 0x1F, mask 0xff", True),
        ("https://example.org/tmp/page", True),
    ],
)
def test_text_that_differs_from_run_to_run(text, stable):
    cell = new_code_cell("x", outputs=[new_output("stream", name="stdout", text=text)])
    found = list(complaints(new_notebook(cells=[cell]), Path("/home/me/course")))
    assert (found == []) is stable


def test_a_refused_build_leaves_the_old_notebook(make_lab):
    lab = make_lab()
    before = build.build_lab(lab).read_bytes()
    lab = make_lab("# %%\n1/0\n", quick="{}")
    with pytest.raises(LabError):
        build.build_lab(lab)
    assert lab.notebook.read_bytes() == before


def test_a_quick_profile_that_a_run_would_trip_over_is_refused(make_lab):
    with pytest.raises(LabError, match="must be a whole number from 1 to 10"):
        build.build_lab(make_lab(quick="{steps: 99}"))


def test_drift_names_the_cell(make_lab):
    lab = make_lab()
    assert "is not built yet" in build.drift(lab)
    notebook = source.read_source(lab.source)
    lab.notebook.write_text(json.dumps(notebook))
    assert build.drift(lab) is None
    notebook.cells[2].source += " "
    lab.notebook.write_text(json.dumps(notebook))
    assert "cell 3 (count)" in build.drift(lab)
    notebook.cells.pop()
    lab.notebook.write_text(json.dumps(notebook))
    assert "has 2 cells, its source 3" in build.drift(lab)
    assert "another header" in build.drift(make_lab(title="Other"))


def test_ids_do_not_depend_on_the_neighbours(make_lab):
    one = {cell.source: cell.id for cell in source.read_source(make_lab("# %%\na\n# %%\nb\n").source).cells}
    other = {cell.source: cell.id for cell in source.read_source(make_lab("# %%\nnew\n# %%\nb\n").source).cells}
    assert one["b"] == other["b"] != one["a"]
