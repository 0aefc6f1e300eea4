"""A course folder for nbgrader 0.9: each lab an assignment whose exercises nbgrader marks by our own judge.

    nbgrader_config.py                           what nbgrader reads first
    students.csv                                 for `nbgrader db student import`, where students are named
    source/06_interpreter/06_interpreter.ipynb   the lab, with the solutions that nbgrader takes out again
    source/06_interpreter/img/                   the pictures that it shows

A submission is executed with the answers in it, in one process with the judge: whoever wants to can talk the judge
round. `labs mark` keeps the two apart.
"""

from __future__ import annotations

import ast
import csv
import io
import re
import textwrap
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from labutils.course import source
from labutils.course.catalog import Lab, find_lab
from labutils.course.execute import notebook_text, read_notebook
from labutils.course.students import folder_names
from labutils.course.variants import PICTURE, pictures
from labutils.errors import LabError
from labutils.exercises import catalog
from labutils.exercises.exercise import Exercise
from labutils.files import writable_folder, write_whole

if TYPE_CHECKING:
    from nbformat import NotebookNode

CONFIG_FILE, STUDENTS_FILE = "nbgrader_config.py", "students.csv"
POINTS = 1  # that each exercise earns
ELSEWHERE = re.compile(r" \(\[[^\]]*\]\(\.\./[^)]*\)\)")  # "([all pictures](../img/README.md))": no assignment has it
OURS = '"""What nbgrader reads first, written by `labs export nbgrader`'  # how a config of ours begins
CONFIG = (
    OURS
    + '''. Change what you like, but for the stub."""

from pathlib import Path

c = get_config()  # noqa: F821 - nbgrader hands it in
c.CourseDirectory.root = str(Path(__file__).absolute().parent)
c.CourseDirectory.course_id = "on-device-tflite"

# What stands in place of a solution: labutils tells by it that an exercise is not tried.
c.ClearSolutions.code_stub = {"python": "..."}

# Seconds for one cell. Labs train and convert: nbgrader's own 30 are too few.
c.Execute.timeout = 900
# A wrong answer is an error, nothing goes into the course's build/, and no submission finds another's files.
c.Execute.extra_arguments = ["--IPKernelApp.exec_lines=from labutils.handout.nbgrader_kernel import begin; begin()"]

# A test that somebody deleted comes back.
c.OverwriteCells.add_missing_cells = True
'''
)


def chosen_labs(names: Sequence[str] = ()) -> list[Lab]:
    """The labs of those numbers, names or files, each once, by number; without names, all that have exercises.

    Raises LabError for a lab that is not there, or has no exercises.

    >>> [lab.slug for lab in chosen_labs(["6", "01_single_neuron", "06"])]
    ['01_single_neuron', '06_interpreter']
    """
    chosen = {lab.number: lab for lab in map(find_lab, names or catalog.labs())}
    for number, lab in chosen.items():
        if number not in catalog.labs():
            raise LabError(f"Lab {lab.slug} has no exercises to mark: choose from {', '.join(catalog.labs())}.")
    return [chosen[number] for number in sorted(chosen)]


def write_course(folder: Path, labs: Sequence[Lab], students: Sequence[str] = ()) -> Path:
    """Writes the course folder, or adds to one that is there already. Returns it, absolute.

    labs: as `chosen_labs` gives them. students: names, as `labutils.course.students.read_students` gives them; nbgrader
    knows each by the name that `labutils.course.students.folder_names` makes of it. A configuration of ours and an
    assignment that is the same stay as they are. Raises LabError, before anything is written, for a folder that holds
    something else, or an assignment that would be written otherwise.
    """
    folder = folder.expanduser().absolute()
    files = {Path("source", lab.slug, path): content for lab in labs for path, content in assignment(lab).items()}
    _check_folder(folder)
    for path, content in files.items():
        there = folder / path
        if there.is_file() and there.read_bytes() != content:
            again = f"delete {Path('source', path.parts[1])} there, or name another folder"
            raise LabError(f"{there} is not what would be written (changed since, or from another course): {again}.")
    folder = writable_folder(folder)
    if not (folder / CONFIG_FILE).exists():
        write_whole(folder / CONFIG_FILE, CONFIG)  # first: with it, the rest can be written by another attempt
    for path, content in files.items():
        if not (folder / path).exists():
            write_whole(writable_folder((folder / path).parent) / path.name, content)
    if students:
        write_whole(folder / STUDENTS_FILE, students_text(students))
    return folder


def assignment(lab: Lab) -> dict[str, bytes]:
    """What an assignment consists of: content by path, relative to its folder. Raises LabError for a torn notebook,
    and where the course has no solutions.

    >>> sorted(assignment(find_lab("06")))[:2]
    ['06_interpreter.ipynb', 'img/2-components.png']
    """
    notebook = read_notebook(lab)
    found = pictures(notebook, lab)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
        else:
            cell.source = PICTURE.sub(r"](img/\1)", ELSEWHERE.sub("", cell.source))
    for name, exercise in catalog.exercises().items():
        if name.startswith(f"{lab.number}."):
            _make_marked(exercise, notebook)
    notebook.metadata["kernelspec"] = dict(source.KERNELSPEC)
    text = notebook_text(notebook).encode("utf-8")
    return {lab.notebook.name: text, **{f"img/{picture.name}": picture.read_bytes() for picture in found}}


def solution_text(exercise: Exercise) -> str:
    """The solution such that nbgrader leaves our stub of it: all within the function, imports and helpers too.

    >>> print(solution_text(catalog.find("01.largest_error")))
    def largest_error(expected, found):
        ### BEGIN SOLUTION
        import numpy as np
    <BLANKLINE>
        return float(np.max(np.abs(expected - found)))
        ### END SOLUTION
    """
    lines = exercise.solution.strip().splitlines()
    parsed = ast.parse("\n".join(lines)).body
    function = next(node for node in parsed if isinstance(node, ast.FunctionDef) and node.name == exercise.function)
    before = textwrap.indent("\n".join(lines[: function.lineno - 1]).strip(), "    ")
    body = "\n".join(lines[function.body[0].lineno - 1 : function.end_lineno])
    within = "\n\n".join(filter(None, [before, body]))
    first = exercise.stub.strip().splitlines()[0]
    return f"{first}\n    ### BEGIN SOLUTION\n{within}\n    ### END SOLUTION"


def test_text(exercise: Exercise, seen: str) -> str:
    """The cell that nbgrader marks. seen: what students see of it; the rest asks our judge, whatever `check` means.

    >>> print(test_text(catalog.find("01.convert"), 'check("01.convert", to_tflite)'))
    check("01.convert", to_tflite)
    ### BEGIN HIDDEN TESTS
    from labutils import exercises as _exercises
    _verdict = _exercises.check("01.convert", to_tflite)
    _verdict.show()
    assert _verdict.outcome == "correct", _verdict.message
    ### END HIDDEN TESTS
    """
    return f"""\
{seen}
### BEGIN HIDDEN TESTS
from labutils import exercises as _exercises
_verdict = _exercises.check("{exercise.name}", {exercise.function})
_verdict.show()
assert _verdict.outcome == "correct", _verdict.message
### END HIDDEN TESTS"""


test_text.__test__ = False  # no test of pytest's


def grade_id(exercise: str) -> str:
    """What an exercise is called in the gradebook: nbgrader's forms want letters, digits, hyphens and underscores.

    >>> grade_id("06.median_latency")
    '06-median_latency'
    """
    return exercise.replace(".", "-")


def students_text(students: Sequence[str]) -> str:
    """The students as `nbgrader db student import` reads them.

    >>> print(students_text(["Ada", "Zoë Li"]), end="")
    id,first_name,last_name,email
    Ada,,Ada,
    Zoë_Li,,Zoë Li,
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["id", "first_name", "last_name", "email"])
    writer.writerows([name, "", student, ""] for student, name in zip(students, folder_names(students), strict=True))
    return out.getvalue()


def _make_marked(exercise: Exercise, notebook: NotebookNode) -> None:
    """Gives an exercise's two cells what nbgrader wants of them: the test is called 01-convert in its gradebook."""
    if not exercise.solution:
        raise LabError("The solutions were taken out of this course: export from the course that it was released from.")
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    answer = next((cell for cell in cells if cell.source.strip() == exercise.stub.strip()), None)
    check = next((cell for cell in cells if cell.source.startswith(f'check("{exercise.name}"')), None)
    if answer is None or check is None:
        raise LabError(f"The notebook lacks the stub or the check of {exercise.name}: build it again by `labs build`.")
    name = grade_id(exercise.name)
    answer.source = solution_text(exercise)
    answer.metadata["nbgrader"] = _metadata(f"answer-{name}", solution=True, locked=False)
    check.source = test_text(exercise, check.source.strip())
    check.metadata["nbgrader"] = {**_metadata(name, grade=True, locked=True), "points": POINTS}


def _metadata(name: str, *, grade: bool = False, solution: bool = False, locked: bool) -> dict[str, Any]:
    kind = {"grade": grade, "solution": solution, "locked": locked, "task": False}
    return {"schema_version": 3, "grade_id": name, "cell_type": "code", **kind}


def _check_folder(folder: Path) -> None:
    """Raises LabError unless the folder is new, empty, or a course of ours."""
    if folder.name.casefold() == "notebooks":  # with source/ in it, labs below would take it for their own course
        raise LabError(f"{folder} is a name that the course keeps for itself: name a folder such as marking.")
    if folder.is_dir() and any(folder.iterdir()):
        config = folder / CONFIG_FILE
        if not config.is_file() or not config.read_text("utf-8", "replace").startswith(OURS):
            raise LabError(f"{folder} holds other files: name a new folder, or one that this command has written.")
