"""Judges the answers of one notebook, inside the fence: what is here runs in the same process as a student's code.

It tells what it does as it does it, so that whoever watches knows which answer was the last if the process ends.
"""

from __future__ import annotations

import ast
import builtins
import json
import linecache
import sys
import time
import types
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from labutils.course.stamp import KEY
from labutils.exercises import desk
from labutils.exercises.attempt import first_line
from labutils.exercises.catalog import exercises
from labutils.exercises.exercise import Exercise
from labutils.exercises.limit import TooLong, limited
from labutils.exercises.render import CORRECT, NOT_TRIED, NOT_YET, Result
from labutils.marking.answers import Answer, Found, Statement, labs_asked, read_cells
from labutils.marking.doubts import notes_on
from labutils.marking.marks import TAMPERED
from labutils.marking.notebook import Unreadable, read_notebook
from labutils.tflite.quiet import quiet

Tell = Callable[[dict[str, Any]], None]
Held = list[tuple[Any, str, tuple[Any, ...]]]
LONGEST_MESSAGE, LONGEST_CODE = 2000, 20_000  # characters
HELD = ("numpy", "numpy.linalg", "numpy.testing", "builtins", "json", "math")  # beside labutils, must stay as they are


def judge(content: bytes, hint: str, notebooks: Path, tried: Mapping[str, int], tell: Tell) -> None:
    """Judges the answers that have not been tried, and tells of each; raises Unreadable where there is nothing to do.

    hint: the lab's number, as the file's name has it; "" where it has none. notebooks: the course's own. tried:
    exercise -> how many of its answers are done with.
    """
    notebook = read_notebook(content)
    every = exercises().values()
    number = lab_of(notebook.metadata, labs_asked(read_cells(notebook.cells).statements, every), hint)
    asked = [exercise for exercise in every if exercise.name.startswith(f"{number}.")]
    if not asked:
        why = (
            f"lab {number} has no exercises."
            if number
            else "it is not to be seen which lab it is: hand in the lab's own."
        )
        raise Unreadable(why)
    found = read_cells(notebook.cells, given_cells(notebooks, number))
    notes = notes_on(found.own())
    tell({"event": "read", "lab": number, "exercises": [exercise.name for exercise in asked], "notes": notes})
    before = held()
    for exercise in asked:
        if not _judge_exercise(exercise, found, tried.get(exercise.name, 0), before, tell):
            return  # this process is not to be trusted any more: another goes on
    tell({"event": "done"})


def _judge_exercise(exercise: Exercise, found: Found, tried: int, before: Held, tell: Tell) -> bool:
    """Judges its answers from that one on, until one is right; False where one has changed what judges it."""
    answers: list[Answer | None] = [*found.answers(exercise)] or [None]
    for answer in answers[tried:]:
        about = {"exercise": exercise.name, "cell": answer and answer.cell, "code": answer.code if answer else ""}
        about["code"] = about["code"][:LONGEST_CODE]
        tell({"event": "begin", **about})
        start = time.perf_counter()
        result = judge_answer(exercise, answer, found)
        tampered = changed(before)
        outcome, message = (TAMPERED, tampered) if tampered else (result.outcome, result.message[:LONGEST_MESSAGE])
        seconds = round(time.perf_counter() - start, 3)
        tell({"event": "end", **about, "outcome": outcome, "message": message, "seconds": seconds})
        if tampered or outcome == CORRECT:
            return not tampered
    return True


def lab_of(metadata: Mapping[str, Any], asked: Mapping[str, int], hint: str) -> str:
    """The number of the lab: as the notebook is stamped, else as its checks say, else as its file is called.

    >>> lab_of({}, {"01": 5, "04": 1}, "")
    '01'
    """
    stamp = metadata.get(KEY)
    for kind in ("release", "variant"):
        named = stamp.get(kind, {}) if isinstance(stamp, dict) else {}
        slug = named.get("lab") if isinstance(named, dict) else None
        if isinstance(slug, str) and slug[:2].isdigit():
            return slug[:2]
    return max(asked, key=lambda number: asked[number]) if asked else hint


def judge_answer(exercise: Exercise, answer: Answer | None, found: Found) -> Result:
    """The verdict on one answer; on what there is in its place, where there is none."""
    broken = found.broken_at(exercise)
    if answer is None:
        absent = f"There is no `{exercise.function}` in the notebook."
        return Result(exercise.name, NOT_YET if broken else NOT_TRIED, broken or absent)
    failed: dict[tuple[int, int], str] = {}
    with quiet():
        value = build(answer, failed)
    if value is _Nothing:
        why = next(iter(failed.values()), "it defines nothing")
        return Result(exercise.name, NOT_YET, f"Cell {answer.cell} stops before the answer is there: {why}.")
    result = desk.check(exercise.name, value)
    if result.outcome == NOT_TRIED and broken:
        return Result(exercise.name, NOT_YET, broken)
    if result.outcome == NOT_YET and failed:
        why = "; ".join(f"cell {place[0]} stopped with {text}" for place, text in failed.items())
        return Result(exercise.name, NOT_YET, f"{result.message} (Before that, {why}.)")
    return result


class _Nothing:
    """What `build` gives back where there is no answer."""


def build(answer: Answer, failed: dict[tuple[int, int], str]) -> Any:
    """Executes what the answer needs, in the notebook's order, and gives the answer back.

    What stops is tried once more at the end: what it needs may stand behind it. failed: gets what stops then too.
    """
    module = types.ModuleType("__main__")
    sys.modules["__main__"] = module
    waiting = list(answer.statements)
    for last in (False, True):
        again = []
        for statement in waiting:
            why = _run(statement, vars(module))
            if why and last:
                failed[statement.place] = why
            elif why:
                again.append(statement)
        waiting = again
    if answer.expression is None:
        return vars(module).get(answer.name, _Nothing)
    try:
        return eval(compile(ast.Expression(answer.expression), f"<cell {answer.cell}>", "eval"), vars(module))
    except Exception as error:
        failed[answer.cell, 0] = f"{type(error).__name__}: {first_line(error)}"
        return _Nothing


def _run(statement: Statement, names: dict[str, Any]) -> str:
    """Executes one statement; why it stopped, or nothing."""
    file = f"<cell {statement.place[0]}.{statement.place[1]}>"
    linecache.cache[file] = (len(statement.text), None, statement.text.splitlines(True), file)
    try:
        with limited():
            exec(compile(ast.Module([statement.node], []), file, "exec"), names)
    except TooLong:
        return "a loop that never ends"
    except (Exception, SystemExit) as error:
        return f"{type(error).__name__}: {first_line(error)}".rstrip(": ")
    return ""


def given_cells(notebooks: Path, number: str) -> list[str]:
    """The code cells of the course's own notebook of that lab."""
    try:
        found = next(notebooks.glob(f"{number}_*.ipynb"))
        return [cell.source for cell in read_notebook(found.read_bytes()).cells]
    except (OSError, StopIteration, Unreadable):
        return []


def held() -> Held:
    """All functions and classes that judging rests on, as they are now: what each stands in, its name, its parts."""
    modules = [module for name, module in sys.modules.items() if name.partition(".")[0] == "labutils" or name in HELD]
    owners = [module for module in modules if isinstance(module, types.ModuleType)]
    owners += [
        value
        for module in owners
        for value in vars(module).values()
        if isinstance(value, type) and value.__module__ == module.__name__ and module is not builtins
    ]
    return [(own, key, _parts(value)) for own in owners for key, value in vars(own).items() if callable(value)]


def changed(before: Held) -> str:
    """What is said where one of them is not what it was; "" where all are."""
    for owner, key, parts in before:
        now = _parts(vars(owner).get(key))
        if len(parts) != len(now) or any(a is not b for a, b in zip(parts, now, strict=True)):
            return f"It changes `{owner.__name__}.{key}`, by which answers are judged: leave that as it is."
    return ""


def _parts(value: Any) -> tuple[Any, ...]:
    return (value, value.__code__, value.__defaults__) if isinstance(value, types.FunctionType) else (value,)


def teller(write: Callable[[str], Any], secret: str) -> Tell:
    """Tells by lines of JSON, and only in the process that it was made in: a fork of it has nothing to say.

    secret: what every line begins with, so that nobody tells who does not know it.
    """
    import os

    own = os.getpid()

    def tell(event: dict[str, Any]) -> None:
        if os.getpid() != own:
            os._exit(0)
        write(f"{secret}{json.dumps(event)}\n")

    return tell
