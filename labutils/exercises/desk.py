"""What a learner calls: `check`, `hint`, `solution`."""

import json
import os
from dataclasses import dataclass
from typing import Any

import numpy as np

from labutils.errors import LabError
from labutils.exercises import progress
from labutils.exercises.attempt import Attempt, is_stub
from labutils.exercises.catalog import find
from labutils.exercises.exercise import Exercise, NotTried, NotYet
from labutils.exercises.limit import LIMIT, OWN_LIMIT, TooLong, limited
from labutils.exercises.render import CORRECT, NOT_TRIED, NOT_YET, Hint, Result, Solution
from labutils.paths import course_root
from labutils.tflite.quiet import quiet

RELEASE = "release.json"  # at the root of a course that a teacher has handed out: whether solutions are in it

fresh = np.random.default_rng  # called once a check: new inputs every time; the tests put seeded ones in its place
_hints_given: dict[str, int] = {}  # by exercise, in this process


class NotAnswered(LabError):
    """In strict mode: an exercise has no right answer."""


@dataclass(frozen=True, repr=False)
class KeptBack(Solution):
    """What stands in place of a solution that the teacher has kept back: the explanation is one sentence."""

    def __repr__(self) -> str:
        return self.explanation

    def _repr_markdown_(self) -> str:
        return self.explanation


def check(name: str, answer: Any) -> Result:
    """Judge an answer on fresh inputs.

    name: of the exercise, such as "01.convert". answer: the learner's function. Returns a Result, which a notebook
    shows when it is the last line of a cell: "correct", "not yet" with what is wrong, or "not tried" while the stub
    stands (see `is_stub`; also a function of which the first thing to happen is a `raise NotImplementedError`).
    What the function prints meanwhile is not shown; one that does not come to an end is stopped. Raises LabError for
    an unknown name; with the environment variable LABS_STRICT=1 also NotAnswered, unless the answer is correct.

    >>> def newest_version(names):
    ...     ...
    >>> check("01.newest_version", newest_version).outcome
    'not tried'
    >>> check("01.newest_version", max).outcome
    'not yet'
    """
    exercise = find(name)
    if is_stub(answer):
        result = _not_tried(exercise)
    else:
        with quiet():
            result = _judge(exercise, answer)
    progress.note_check(name, result.outcome)
    if _strict() and result.outcome != CORRECT:
        result.show()  # the outcome stands in the notebook, whatever comes of the error
        raise NotAnswered(str(result))
    return result


def hint(name: str) -> Hint:
    """The next hint for an exercise; after the last one, where to go from there. Raises LabError for an unknown name.

    >>> hint("01.convert").number
    1
    """
    exercise = find(name)
    total = len(exercise.hints)
    number = min(_hints_given.get(name, 0) + 1, total + 1)
    _hints_given[name] = number
    if number > total:
        more = "ask your teacher for more" if _kept_back(exercise) else f'`solution("{name}")` shows the answer'
        return Hint(name, number, total, f"You have seen all {total}: {more}.")
    return Hint(name, number, total, exercise.hints[number - 1])


def solution(name: str) -> Solution:
    """The answer to an exercise, with an explanation. Raises LabError for an unknown name.

    Where the teacher has kept the solutions back, it is no error, so that no notebook stops there: a KeptBack says so.

    >>> solution("01.holds_its_weights").exercise
    '01.holds_its_weights'
    """
    exercise = find(name)
    if _kept_back(exercise):
        said = f'The teacher has kept the solutions of this course back: `hint("{name}")` helps, one step at a time.'
        return KeptBack(name, "", said)
    return Solution(name, exercise.solution, exercise.explanation)


def _strict() -> bool:
    """Whether a wrong answer raises: where asked, and where nbgrader executes, which knows no other way to tell."""
    return os.environ.get("LABS_STRICT", "0") not in ("", "0") or "NBGRADER_EXECUTION" in os.environ


def _kept_back(exercise: Exercise) -> bool:
    """Whether the solution was taken out, or the course that we are in was released without solutions.

    The second is so where many share one environment, with all of labutils in it, and each has a release of their own.
    """
    if not exercise.solution:
        return True
    try:
        found = json.loads((course_root() / RELEASE).read_text(encoding="utf-8"))
    except (OSError, ValueError, LabError):
        return False
    return isinstance(found, dict) and found.get("solutions") is False


def _judge(exercise: Exercise, answer: Any) -> Result:
    try:
        with limited():
            exercise.check(Attempt(exercise, answer), fresh())
    except TooLong:
        limits = f"{OWN_LIMIT:.0f} s in its own lines, or {LIMIT:.0f} s in all"
        message = f"`{exercise.function}` was stopped after {limits}: which loop never ends?"
        return Result(exercise.name, NOT_YET, message)
    except NotTried:
        return _not_tried(exercise)
    except NotYet as verdict:
        return Result(exercise.name, NOT_YET, str(verdict))
    return Result(exercise.name, CORRECT, "Right, on inputs that were made up just now.")


def _not_tried(exercise: Exercise) -> Result:
    message = f'Write your answer in place of the `...`, and run both cells. `hint("{exercise.name}")` helps.'
    return Result(exercise.name, NOT_TRIED, message)
