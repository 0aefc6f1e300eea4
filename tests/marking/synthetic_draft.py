"""What a synthetic submission is made of: the course's own notebook, as a dict that is changed, and what to expect."""

import copy
import json
import random
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from labutils.exercises.catalog import exercises
from labutils.exercises.exercise import Exercise
from tests.exercises.right_answers import RIGHT
from tests.exercises.wrong_answers import WRONG

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
ONLY_IN_TESTS = re.compile(r"\b(kept|buffer|neuron|shipped|to_tflite_rightly|Interpreter)\b")
FLOOD = "@@flood@@"  # stands for what is too large to be kept in memory, until the file is written
Notebook = dict[str, Any]


@dataclass(frozen=True)
class Expected:
    """What marking a submission has to come to.

    student: whose it is, as a list of students has it. file: as told from the folder. kind: what was done to it.
    outcomes: exercise -> those that are right, or None where there are no marks; reason: then a word of why, else None.
    note: a word that a note on it must have, or "".
    """

    student: str
    file: str
    kind: str
    outcomes: Mapping[str, frozenset[str]] | None
    reason: str | None = None
    note: str = ""


@dataclass(frozen=True)
class Surroundings:
    """What hostile answers are aimed at.

    outside: a file that one tries to write. port: of 127.0.0.1, where one tries to connect. prey: a folder of others'
    submissions, which one tries to read. output_mb: what is printed, and kept as output. hostile: whether one tries to
    end every process that it may, which ends a whole session where no fence stands.
    """

    outside: Path
    port: int
    prey: Path
    output_mb: float
    hostile: bool


@dataclass
class Draft:
    """One submission while it is made. content: takes the notebook's place; ending: the file's, where it is another."""

    lab: str
    student: str
    rng: random.Random
    surroundings: Surroundings
    notebook: Notebook = field(default_factory=dict)
    outcomes: dict[str, frozenset[str]] | None = field(default_factory=dict)
    reason: str | None = None
    note: str = ""
    content: bytes | None = None
    ending: str = ".ipynb"
    dated: str = ""  # "first" or "second": of two tries

    def __post_init__(self) -> None:
        self.notebook = copy.deepcopy(base(self.lab))
        if self.rng.random() < 0.5:
            for cell in self.code_cells:
                cell["outputs"], cell["execution_count"] = [], None
        self._ids = {}
        for exercise in self.exercises:
            self.expect(exercise, "not tried")
            for kind, text in (("exercise", exercise.stub), ("check", f'check("{exercise.name}"')):
                (cell,) = (each for each in self.code_cells if "".join(each["source"]).strip().startswith(text.strip()))
                self._ids[exercise.name, kind] = cell["id"]

    @property
    def exercises(self) -> list[Exercise]:
        """Those of the lab."""
        return [each for each in exercises().values() if each.name.startswith(self.lab[:2])]

    @property
    def cells(self) -> list[dict[str, Any]]:
        """Of the notebook."""
        return self.notebook["cells"]

    @property
    def code_cells(self) -> list[dict[str, Any]]:
        """Of the notebook."""
        return [cell for cell in self.cells if cell["cell_type"] == "code"]

    def expect(self, exercise: Exercise, *outcomes: str) -> None:
        """Any of these outcomes is right for the exercise."""
        self.outcomes[exercise.name] = frozenset(outcomes)

    def unmarked(self, content: bytes, reason: str) -> None:
        """The file holds that, and gets no marks, for a reason with that word."""
        self.content, self.reason, self.outcomes = content, reason, None

    def victim(self) -> Exercise:
        """An exercise that is judged quickly."""
        return self.rng.choice(self.exercises[1:])

    def place(self, exercise: Exercise, kind: str = "exercise") -> int:
        """Where the cell of an exercise's answer, or of its check, stands."""
        name = self._ids[exercise.name, kind]
        return next(n for n, cell in enumerate(self.cells) if cell.get("id") == name)

    def write(self, exercise: Exercise, code: str, *outcomes: str) -> None:
        """Puts code into the cell of an exercise's answer."""
        self.cells[self.place(exercise)]["source"] = lines(code)
        if outcomes:
            self.expect(exercise, *outcomes)

    def insert(self, place: int, code: str) -> None:
        """Puts in a code cell before that place."""
        name = f"own-{len(self.cells)}"
        cell = {"cell_type": "code", "id": name, "metadata": {}, "source": lines(code), "outputs": []}
        self.cells.insert(place, {**cell, "execution_count": None})

    def solve(self, *but: Exercise) -> None:
        """Answers all exercises rightly, but for those."""
        for exercise in self.exercises:
            if exercise not in but:
                self.write(exercise, exercise.solution, "correct")

    def wrong(self, exercise: Exercise) -> str:
        """A well-known wrong answer, as a whole cell."""
        answers = [code for code, _ in WRONG[exercise.name].values() if not ONLY_IN_TESTS.search(code)]
        return whole(exercise, self.rng.choice(answers))

    def another(self, exercise: Exercise) -> str:
        """A right answer other than the solution, as a whole cell."""
        return whole(exercise, next(iter(RIGHT[exercise.name].values())))


@cache
def base(lab: str) -> Notebook:
    """The course's own notebook of a lab; not to be changed."""
    return json.loads((NOTEBOOKS / f"{lab}.ipynb").read_text(encoding="utf-8"))


def lines(code: str) -> list[str]:
    """A cell's source as notebooks hold it."""
    return code.splitlines(keepends=True)


def whole(exercise: Exercise, code: str) -> str:
    """A whole cell, of a body or of what is one already."""
    if f"def {exercise.function}" in code:
        return code.strip()
    return f"def {exercise.signature}:\n    {code}"


def within(exercise: Exercise, trap: str) -> str:
    """The solution, with other lines at the start of its function."""
    before, head, body = re.split(rf"(def {exercise.function}\(.*\):\n)", exercise.solution)
    return before + head + "".join(f"    {line}\n" for line in trap.strip().splitlines()) + body
