"""What in a submission, or in a whole class, a human should look at. A doubt is never a mark."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Mapping, Sequence

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
LONG = 150  # characters of an answer's syntax tree, below which two students write the same by themselves


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


def noticed(latest: Sequence[Marked]) -> tuple[list[str], Mapping[str, list[str]]]:
    """What strikes in a class: sentences about all of it, and student -> sentences.

    Identical answers count where they are long enough, and not simply the course's own solution.
    """
    solutions = {(name, _last_definition(exercise.solution)) for name, exercise in exercises().items()}
    alike: dict[tuple[str, str], list[str]] = defaultdict(list)
    for each in latest:
        for mark in each.marks:
            own = shape(mark.code)
            if len(own) > LONG and mark.outcome != NOT_TRIED:
                alike[mark.exercise, own].append(each.student)
    by_student: dict[str, list[str]] = defaultdict(list)
    sentences = []
    copied = {student for answer, students in alike.items() if answer in solutions for student in students}
    if copied:
        every = len({each.student for each in latest})
        sentences.append(f"{len(copied)} of {every} handed in a solution of the course, word for word")
    for answer, students in alike.items():
        together = sorted(set(students))
        if len(together) < 2 or answer in solutions:
            continue
        sentences.append(f"{answer[0]}: the same answer from {', '.join(together)}")
        for student in together:
            others = ", ".join(other for other in together if other != student)
            by_student[student].append(f"the answer to {answer[0]} is the same as that of {others}")
    return sentences, by_student


def _last_definition(code: str) -> str:
    """The shape of the solution's function, without the imports before it."""
    tree = ast.parse(code)
    return shape(ast.unparse(tree.body[-1])) if tree.body else ""
