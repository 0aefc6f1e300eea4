"""What in a submission, or in a whole class, a human should look at. A doubt is never a mark."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import combinations

from labutils.exercises.catalog import exercises
from labutils.exercises.render import NOT_TRIED
from labutils.marking.answers import Statement
from labutils.marking.marks import STOPPED, TAMPERED, Marked

JUDGING = ("labutils.exercises", "labutils.marking")  # no answer needs their modules; labs import the first itself
LOOKING = {
    "_getframe": "looks into the functions that call it", "currentframe": "looks into the functions that call it",
    "get_objects": "looks through memory", "get_referrers": "looks through memory",
    "ctypes": "reaches below Python", "__globals__": "reaches into the module of a function",
    "_exit": "ends the process that runs it", "fork": "starts processes", "kill": "sends signals to processes",
    "__code__": "replaces or reads the code of a function", "settrace": "watches the functions that call it",
}  # fmt: skip
SHORT = 60  # characters of an answer that two students may well write by themselves
SEVERAL, MANY = 2, 4  # answers that two students share; students who share one that is then anybody's


def notes_on(statements: Sequence[Statement]) -> list[str]:
    """What looks like tampering in statements that the course itself has not written.

    >>> from labutils.marking.answers import read_cells
    >>> from labutils.marking.notebook import Cell
    >>> notes_on(read_cells([Cell(3, "check = print")]).statements)
    ['cell 3 has a `check` of its own']
    """
    notes = (f"cell {statement.place[0]} {what}" for statement in statements for what in _looks_like(statement))
    return list(dict.fromkeys(notes))


def _looks_like(statement: Statement) -> list[str]:
    found = []
    if "check" in statement.binds and not isinstance(statement.node, ast.Import | ast.ImportFrom):
        found.append("has a `check` of its own")
    for node in ast.walk(statement.node):
        names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        for name in names:
            if name.startswith(JUDGING) and name != "labutils.exercises":
                found.append(f"imports `{name}`, which judges the answers")
        word = getattr(node, "attr", None) or getattr(node, "id", None)
        if word in LOOKING:
            found.append(f"{LOOKING[word]} (`{word}`)")
        elif isinstance(node, ast.Import | ast.ImportFrom):
            found += [f"{LOOKING[each.name]} (`{each.name}`)" for each in node.names if each.name in LOOKING]
    return found


def shape(code: str) -> str:
    """The code without its comments, blanks and docstrings: alike for what is the same program.

    >>> shape("def f(x):\\n    return x  # so") == shape('def f(x):\\n    "Doc."\\n\\n    return (x)')
    True
    """
    try:
        tree = ast.parse(code)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ""
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if isinstance(body, list) and len(body) > 1 and isinstance(node, ast.FunctionDef | ast.ClassDef):
            first = body[0]
            if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
                node.body = body[1:]
    return ast.dump(tree)


def own_notes(marked: Marked) -> list[str]:
    """What the outcomes of one submission say to whoever looks at it."""
    notes = [f"{mark.exercise} was stopped: {mark.message}" for mark in marked.marks if mark.outcome == STOPPED]
    changed = [mark.exercise for mark in marked.marks if mark.outcome == TAMPERED]
    return notes + [f"the answer to {name} changed what judges it" for name in changed]


def noticed(counting: Sequence[Marked]) -> tuple[list[str], Mapping[str, list[str]]]:
    """What strikes in a class: sentences about all of it, and student -> sentences.

    Two students strike who have several answers word for word alike. Not counted is what anybody writes: what is short,
    the course's own solution, and what many have.
    """
    solutions = {(name, _last_definition(exercise.solution)) for name, exercise in exercises().items()}
    students = list(dict.fromkeys(each.student for each in counting))
    alike: dict[tuple[str, str], set[str]] = defaultdict(set)
    for each in counting:
        for mark in each.marks:
            if len(mark.code) > SHORT and mark.outcome != NOT_TRIED:
                alike[mark.exercise, shape(mark.code)].add(each.student)
    copied = {student for answer, who in alike.items() if answer in solutions for student in who}
    sentences = []
    if copied:
        sentences.append(f"{len(copied)} of {len(students)} handed in a solution of the course, word for word")
    common = max(MANY, len(students) / 10)
    together: dict[tuple[str, str], list[str]] = defaultdict(list)
    for answer, who in alike.items():
        if answer not in solutions and len(who) <= common:
            for pair in combinations(sorted(who, key=students.index), 2):
                together[pair].append(answer[0])
    by_student: dict[str, list[str]] = defaultdict(list)
    for (one, other), names in together.items():
        if len(names) >= SEVERAL:
            sentences.append(f"{one} and {other} have the same answers to {', '.join(names)}")
            by_student[one].append(f"the same answers as {other}: {', '.join(names)}")
            by_student[other].append(f"the same answers as {one}: {', '.join(names)}")
    return sentences, by_student


def _last_definition(code: str) -> str:
    """The shape of the solution's function, without the imports before it."""
    tree = ast.parse(code)
    return shape(ast.unparse(tree.body[-1])) if tree.body else ""
