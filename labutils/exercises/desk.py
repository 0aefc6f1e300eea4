"""What a learner calls: `check`, `hint`, `solution`."""

import os
from typing import Any

import numpy as np

from labutils.errors import LabError
from labutils.exercises import progress
from labutils.exercises.attempt import Attempt, is_stub
from labutils.exercises.catalog import find
from labutils.exercises.exercise import Exercise, NotTried, NotYet
from labutils.exercises.limit import LIMIT, OWN_LIMIT, TooLong, limited
from labutils.exercises.render import CORRECT, NOT_TRIED, NOT_YET, Hint, Result, Solution
from labutils.tflite.quiet import quiet

fresh = np.random.default_rng  # called once a check: new inputs every time; the tests put seeded ones in its place
_hints_given: dict[str, int] = {}  # by exercise, in this process


class NotAnswered(LabError):
    """In strict mode: an exercise has no right answer."""


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
    if os.environ.get("LABS_STRICT", "0") not in ("", "0") and result.outcome != CORRECT:
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
        return Hint(name, number, total, f'You have seen all {total}: `solution("{name}")` shows the answer.')
    return Hint(name, number, total, exercise.hints[number - 1])


def solution(name: str) -> Solution:
    """The answer to an exercise, with an explanation. Raises LabError for an unknown name.

    >>> print(solution("01.holds_its_weights").code)
    def holds_its_weights(operators):
        return "VAR_HANDLE" not in operators
    """
    exercise = find(name)
    return Solution(name, exercise.solution, exercise.explanation)


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
