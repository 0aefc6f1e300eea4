"""The notebooks carry every exercise of their lab, exactly as it stands in labutils.exercises."""

from pathlib import Path

import pytest

from labutils.exercises.catalog import exercises, labs

SOURCES = Path(__file__).parents[2] / "notebooks" / "source"
CARRIED = [
    pytest.param(exercise, source, id=f"{exercise.name} in {source.name}")
    for lab in labs()
    for source in sorted(SOURCES.glob(f"{lab}_*.py"))
    for exercise in exercises().values()
    if exercise.name.startswith(f"{lab}.")
]


def cells(source):
    """The code cells of a notebook in the percent format."""
    parts = source.read_text(encoding="utf-8").split("# %%")
    return [part.split("\n", 1)[1].strip() for part in parts[1:] if "[markdown]" not in part.split("\n", 1)[0]]


@pytest.mark.parametrize(("exercise", "source"), CARRIED)
def test_the_notebook_has_the_stub_and_then_the_check(exercise, source):
    found = cells(source)
    assert exercise.stub.strip() in found, f"{source.name} lacks a cell that holds the stub of {exercise.name} alone"
    after = found[found.index(exercise.stub.strip()) + 1]
    call = f'check("{exercise.name}", {exercise.function})'
    assert call in after, f"{source.name} lacks {call} in the cell after the stub"


@pytest.mark.parametrize(("exercise", "source"), CARRIED)
def test_the_notebook_has_the_prompt(exercise, source):
    prose = source.read_text(encoding="utf-8").replace("\n# ", " ").replace("\n#", " ")
    assert " ".join(exercise.prompt.split()) in " ".join(prose.split()), f"{source.name} asks {exercise.name} otherwise"


def test_no_notebook_checks_an_exercise_that_does_not_exist():
    named = {
        line.split('"')[1]
        for source in SOURCES.glob("*.py")
        for cell in cells(source)
        for line in cell.splitlines()
        if line.startswith('check("')
    }
    assert named <= set(exercises())
