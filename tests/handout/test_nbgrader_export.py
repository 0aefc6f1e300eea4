"""nbgrader's own way through what `labs export nbgrader` writes: from the assignment to marks and feedback."""

import csv
import os
import re
import subprocess
import sys
from pathlib import Path
from unittest import mock

import nbformat
import pytest

from labutils import cli
from labutils.course.catalog import find_lab
from labutils.course.variants import with_defaults
from labutils.exercises import catalog
from labutils.handout import nbgrader as handout
from tests.exercises.wrong_answers import WRONG

LAB = "06_interpreter"
FILE = f"{LAB}.ipynb"
EXERCISES = [name for name in catalog.exercises() if name.startswith("06.")]
WRONG_ONE, SLIP = "06.quantize", "cuts off"  # what the wrong submission has wrong, by its name in WRONG
SLY = "Zoë Sly"  # a name with a space and a letter beyond ASCII
# nbgrader looks for alembic there, which makes its gradebook.
PATH = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
CODE = {name: exercise.solution for name, exercise in catalog.exercises().items()}


def read(path):
    return nbformat.read(path, as_version=4)


def answered(notebook, answers):
    """The notebook with those answers, by exercise, where their stubs stand."""
    for name, code in answers.items():
        stub = catalog.find(name).stub.strip()
        (cell,) = [cell for cell in notebook.cells if cell.source.strip() == stub]
        cell.source = code
    return notebook


def wrong_answer(name=WRONG_ONE, slip=SLIP):
    """A named wrong answer as a learner's cell, with the phrase that only its own message holds."""
    code, phrase = WRONG[name][slip]
    return f"import numpy as np\n\n\ndef {catalog.find(name).signature}:\n    {code}\n", phrase


def write_submissions(released: Path, folder: Path, slug: str = LAB) -> dict[str, Path]:
    """Three students hand in the released notebook, into folder/<student>/<slug>/: right, one answer wrong, empty."""
    right = {name: code for name, code in CODE.items() if name.startswith(slug[:2])}
    answers = {"right": right, "wrong": {**right, WRONG_ONE: wrong_answer()[0]}, "empty": {}}
    written = {}
    for student, given in answers.items():
        own = folder / student / slug
        own.mkdir(parents=True)
        nbformat.write(answered(read(released), given), own / released.name)
        written[student] = own / released.name
    return written


def write_sly_submission(released: Path, folder: Path) -> None:
    """A student says that all is right, and has deleted the test of the last answer, which is wrong as well."""
    notebook = answered(read(released), {WRONG_ONE: wrong_answer()[0] + "\n\ncheck = print"})
    notebook.cells = [cell for cell in notebook.cells if not cell.source.startswith(f'check("{EXERCISES[-1]}"')]
    own = folder / "Zoë_Sly" / LAB
    own.mkdir(parents=True)
    nbformat.write(notebook, own / released.name)


def points(course: Path, slug: str = LAB) -> dict[str, dict[str, float]]:
    """What nbgrader's gradebook says: the points of each exercise, by student."""
    from nbgrader.api import Gradebook

    names = {handout.grade_id(name): name for name in catalog.exercises()}
    found: dict[str, dict[str, float]] = {}
    with mock.patch.dict(os.environ, PATH=PATH), Gradebook(f"sqlite:///{course / 'gradebook.db'}") as book:
        for submission in book.assignment_submissions(slug):
            grades = [grade for notebook in submission.notebooks for grade in notebook.grades]
            found[submission.student.id] = {names[grade.name]: grade.score for grade in grades}
    return found


@pytest.fixture(scope="module")
def nbgrader(tmp_path_factory):
    """Runs nbgrader's command line in a folder, apart from this machine's settings."""
    apart = tmp_path_factory.mktemp("jupyter")
    variables = {f"JUPYTER_{name}_DIR": str(apart / name) for name in ("CONFIG", "DATA", "RUNTIME")}
    (apart / "tmp").mkdir()
    variables |= {
        "IPYTHONDIR": str(apart / "ipython"),
        "TMPDIR": str(apart / "tmp"),
        "PYTHONWARNINGS": "ignore",
        "PATH": PATH,
    }
    ignored = ("LABS_STRICT", "LABS_BUILD", "LABS_PROGRESS")
    environment = {name: value for name, value in os.environ.items() if name not in ignored} | variables

    def run(folder, *arguments):
        line = [sys.executable, "-m", "nbgrader", *arguments]
        done = subprocess.run(line, cwd=folder, env=environment, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr[-3000:]
        return done.stdout

    run.temporary = apart / "tmp"
    return run


@pytest.fixture(scope="module")
def course(tmp_path_factory, nbgrader):
    """A course folder that nbgrader has gone through to the end: assignment, submissions, grades, feedback."""
    folder = tmp_path_factory.mktemp("nbgrader") / "marking"
    names = folder.parent / "names.csv"
    names.write_text(f"name\nright\nwrong\nempty\n{SLY}\n", encoding="utf-8")
    assert cli.main(["export", "nbgrader", str(folder), "--lab", "06", "--students", str(names)]) == 0
    original = folder / "source" / LAB / FILE
    notebook = read(original)  # the quick values, to be done sooner
    (cell,) = [cell for cell in notebook.cells if "parameters" in cell.metadata.get("tags", [])]
    cell.source = with_defaults(cell.source, find_lab("06").quick)
    nbformat.write(notebook, original)
    nbgrader(folder, "db", "student", "import", "students.csv")
    nbgrader(folder, "generate_assignment", LAB)
    released = folder / "release" / LAB / FILE
    write_submissions(released, folder / "submitted")
    write_sly_submission(released, folder / "submitted")
    nbgrader(folder, "autograde", LAB)
    nbgrader(folder, "generate_feedback", LAB)
    nbgrader(folder, "export", "--to", "grades.csv")
    return folder


def test_the_released_notebook_holds_stubs_and_no_solution(course):
    released = course / "release" / LAB
    text = (released / FILE).read_text("utf-8")
    assert "SOLUTION" not in text and "HIDDEN" not in text and "_verdict" not in text
    sources = [cell.source for cell in read(released / FILE).cells]
    for name in EXERCISES:
        exercise = catalog.find(name)
        assert exercise.stub in sources and f'check("{name}", {exercise.function})' in sources
        body = [line for line in exercise.solution.splitlines() if line.startswith("    ")]
        assert max(body, key=len).strip() not in "\n".join(sources)
    assert [path.name for path in (released / "img").iterdir()]


def test_labs_mark_gives_the_same_points(course, tmp_path):
    from labutils.marking.run import Rules, Watcher, mark
    from labutils.sweep.cluster import Where

    outcome = mark(course / "submitted", tmp_path / "marks", Rules(), Where(2), Watcher())
    ours = {each.student: {mark.exercise: mark.points for mark in each.marks} for each in outcome.counting}
    assert ours == points(course)
    sly = next(each for each in outcome.counting if each.student == "Zoë_Sly")
    assert any("has a `check` of its own" in note for note in sly.notes)


def test_marks_are_as_the_answers_deserve(course):
    full, none = dict.fromkeys(EXERCISES, 1.0), dict.fromkeys(EXERCISES, 0.0)
    wanted = {"right": full, "wrong": {**full, WRONG_ONE: 0.0}, "empty": none, "Zoë_Sly": none}
    assert points(course) == wanted


def test_grades_go_out_as_csv(course):
    with (course / "grades.csv").open(encoding="utf-8", newline="") as file:
        rows = {row["student_id"]: row for row in csv.DictReader(file)}
    scores = {student: (float(row["raw_score"]), float(row["max_score"])) for student, row in rows.items()}
    assert scores == {"right": (5, 5), "wrong": (4, 5), "empty": (0, 5), "Zoë_Sly": (0, 5)}
    assert rows["Zoë_Sly"]["last_name"] == SLY


def test_feedback_says_why(course):
    def page(student):
        return (course / "feedback" / student / LAB / f"{LAB}.html").read_text("utf-8")

    assert "not tried" in page("empty") and "not yet" not in page("right")
    assert f"not yet · {WRONG_ONE}" in page("wrong")
    assert re.sub("`", "", wrong_answer()[1]) in re.sub("<[^>]+>|`", "", page("wrong"))


def test_what_was_executed_left_nothing_behind(course, nbgrader):
    assert not list(nbgrader.temporary.glob("labs-nbgrader-*"))
    ours = {"source", "students.csv", handout.CONFIG_FILE}
    theirs = {"release", "submitted", "autograded", "feedback", "gradebook.db", "grades.csv", ".nbgrader.log"}
    assert {path.name for path in course.iterdir()} <= ours | theirs


def test_validate_passes_what_is_right_and_nothing_else(course, nbgrader):
    """As a student asks before handing in: by the released cells, without what was hidden."""
    assert "Success! Your notebook passes all the tests." in nbgrader(
        course, "validate", f"submitted/right/{LAB}/{FILE}"
    )
    told = nbgrader(course, "validate", f"submitted/wrong/{LAB}/{FILE}")
    assert "VALIDATION FAILED ON 1 CELL(S)!" in told and f"not yet · {WRONG_ONE}" in told
