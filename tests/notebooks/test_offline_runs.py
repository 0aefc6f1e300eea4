"""Every lab runs by papermill with its quick profile and no network, and has the shape of a lab."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from labutils.course.catalog import labs
from labutils.errors import LabError
from labutils.exercises.catalog import exercises
from labutils.exercises.catalog import labs as labs_with_exercises
from tests.notebooks import offline

LABS = str(Path(sys.executable).with_name("labs"))
ROOT = Path(__file__).parents[2]
REACH = "import socket; socket.create_connection(('192.0.2.1', 9), timeout=5)"  # an address for documentation only


@pytest.fixture(scope="module")
def runs(tmp_path_factory, root):
    """All labs in brief with the network cut: as they are, and with every exercise solved. Both at the same time."""
    folder = tmp_path_factory.mktemp("runs")
    before = beside(root)
    started = [
        start(root, folder / "untouched"),
        start(solved_course(root, folder / "course"), folder / "solved", "--strict"),
    ]
    ended = []
    for child, out in started:
        output, errors = child.communicate(timeout=1200)
        ended.append((subprocess.CompletedProcess(child.args, child.returncode, output, errors), out))
    assert beside(root) == before, "a lab writes beside its notebook"
    return ended


@pytest.fixture(scope="module")
def run(runs):
    return runs[0]


def start(course: Path, out: Path, *flags: str) -> tuple[subprocess.Popen, Path]:
    words, variables = offline.command([LABS, "run", "--all", "--quick", *flags, "--out", str(out)])
    variables["PYTHONPATH"] = os.pathsep.join(filter(None, [str(ROOT), variables.get("PYTHONPATH")]))
    variables["LABS_COLD"] = "0"
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    return subprocess.Popen(words, cwd=course, env=variables, **pipes), out


def solved_course(root: Path, folder: Path) -> Path:
    """A copy of the course in which the solution stands in the place of every stub."""
    for name in ("notebooks", "img"):
        shutil.copytree(root / name, folder / name)
    stubs = {exercise.stub: exercise.solution for exercise in exercises().values()}
    for lab in labs():
        path = folder / "notebooks" / lab.notebook.name
        notebook = nbformat.read(path, as_version=4)
        for cell in notebook.cells:
            cell.source = stubs.get(cell.source, cell.source)
        nbformat.write(notebook, path)
    return folder


def beside(root: Path) -> set[Path]:
    """All that stands in notebooks/, but for what editors and Jupyter keep there."""
    return {path for path in (root / "notebooks").rglob("*") if ".ipynb_checkpoints" not in path.parts}


def test_the_network_is_cut_indeed(root):
    words, variables = offline.command([sys.executable, "-c", REACH])
    done = subprocess.run(words, cwd=root, env=variables, capture_output=True, text=True, timeout=60)
    assert done.returncode != 0 and "OSError" in done.stderr


def test_guard_refuses_too(root):
    """The way that is used where no namespace can be had."""
    variables = os.environ | {"PYTHONPATH": str(offline.GUARD)}
    done = subprocess.run([sys.executable, "-c", REACH], env=variables, capture_output=True, text=True, timeout=60)
    assert "the network is cut for this test" in done.stderr


def test_all_labs_pass(run):
    done, _ = run
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stderr == ""


@pytest.mark.parametrize("lab", labs(), ids=lambda lab: lab.slug)
@pytest.mark.parametrize(("place", "outcome"), [(0, "not tried"), (1, "correct")])
def test_every_check_finds_what_was_answered(runs, lab, place, outcome):
    """Untouched: no exercise was tried. With the solutions in the stubs' places: every one is correct."""
    notebook = nbformat.read(runs[place][1] / lab.notebook.name, as_version=4)
    names = [name for name in exercises() if name.startswith(f"{lab.number}.")]
    assert dict(notebook.metadata["labutils"]["exercises"]) == dict.fromkeys(names, outcome)


def test_all_labs_pass_with_every_exercise_solved(runs):
    done, _ = runs[1]
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("lab", labs(), ids=lambda lab: lab.slug)
def test_executed_notebook_is_clean(run, lab):
    """The quick values were used, no cell wrote to stderr, and no exercise was answered by magic."""
    notebook = nbformat.read(run[1] / lab.notebook.name, as_version=4)
    text = json.dumps(notebook)
    injected = next(cell for cell in notebook.cells if "injected-parameters" in cell.metadata.get("tags", []))
    for name, value in lab.quick.items():
        written = str(value) if isinstance(value, bool) else json.dumps(value)
        assert f"{name} = {written}" in injected.source
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    assert not [output for output in outputs if output.get("name") == "stderr"]
    assert ("not tried</strong>" in text) == (lab.number in labs_with_exercises())
    assert "not yet</strong>" not in json.dumps(outputs)


@pytest.mark.parametrize("lab", labs(), ids=lambda lab: lab.slug)
def test_notebook_is_what_its_source_builds(lab):
    from labutils.course.build import drift

    assert drift(lab) is None


@pytest.mark.parametrize("lab", labs(), ids=lambda lab: lab.slug)
def test_shape_of_a_lab(lab):
    """Title and picture first, short cells, lines that are not cut off on a laptop, the fixed closing section."""
    cells = nbformat.read(lab.notebook, as_version=4).cells
    assert cells[0].source.startswith(f"# {lab.number} · ") and "![" in cells[0].source
    assert "**You will be able to**" in cells[0].source and "parameters" in cells[1].metadata.tags
    headings = [cell.source.split("\n")[0] for cell in cells if cell.source.startswith("## ")]
    assert headings[-1] == "## What you have seen"
    assert (headings[-3:-1] == ["## Exercises", "## Quiz"]) == (lab.number in labs_with_exercises())
    for cell in cells:
        if cell.cell_type == "code":
            lines = cell.source.split("\n")
            assert len(lines) <= 20 and max(map(len, lines)) <= 98, cell.source
            assert not cell.source.lstrip().startswith(("!", "%"))


def test_lab_06_needs_no_tensorflow_before_it_says_so(run):
    notebook = nbformat.read(run[1] / "06_interpreter.ipynb", as_version=4)
    said = ["".join(o.get("text", "") for o in c.get("outputs", [])) for c in notebook.cells]
    assert sum("TensorFlow loaded: False" in text for text in said) == 1
    assert sum("TensorFlow loaded so far: False" in text for text in said) == 1


def test_unknown_lab_is_refused():
    from labutils.course.catalog import find_lab

    with pytest.raises(LabError, match="01"):
        find_lab("99")
