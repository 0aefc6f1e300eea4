"""Finds the answers in a notebook: by the exercise's name, and with each all that it needs, and nothing else.

An answer is what was handed to `check("NN.name", answer)`, or else what bears the name of the exercise's function. It
may stand in any cell, more than once, behind or before what it needs. Nothing is executed here.
"""

from __future__ import annotations

import ast
import re
import symtable
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from labutils.exercises.exercise import Exercise
from labutils.marking.notebook import Cell

MOST = 4  # of the answers to one exercise that are tried, from the last one on
ASKING = {"check", "hint", "solution", "quiz", "record", "print", "display"}  # calls that change nothing


@dataclass(frozen=True)
class Statement:
    """One statement at the top level of a cell. place: the cell's number, and the statement's within it."""

    place: tuple[int, int]
    node: ast.stmt
    text: str
    binds: frozenset[str]
    uses: frozenset[str]
    changes: frozenset[str]  # names of what it may change without binding it anew
    data: frozenset[str]  # names of what it binds that can be changed later: no function, class, or module
    checks: tuple[tuple[str, ast.expr], ...]  # the exercises that it has checked, each with what it hands over


@dataclass(frozen=True)
class Answer:
    """One answer to an exercise. name: what it is called once `statements` have been executed, in their order.

    expression: it, where it has no name. cell: where it stands. code: as it stands there.
    """

    cell: int
    code: str
    statements: tuple[Statement, ...]
    name: str = ""
    expression: ast.expr | None = None


@dataclass
class Found:
    """What stands in a notebook. broken: cell -> why it is no Python, and its text. given: the cells of the course."""

    statements: list[Statement] = field(default_factory=list)
    broken: dict[int, tuple[str, str]] = field(default_factory=dict)
    given: set[int] = field(default_factory=set)

    def answers(self, exercise: Exercise) -> list[Answer]:
        """The answers to an exercise, from the last one on; what the lesson itself calls by that name is none.

        >>> from labutils.exercises.catalog import find
        >>> cells = [Cell(1, "newest_version = best"), Cell(2, "def best(names):\\n    return max(names)")]
        >>> answer = read_cells(cells).answers(find("01.newest_version"))[0]
        >>> answer.cell, [statement.text for statement in answer.statements]
        (1, ['newest_version = best', 'def best(names):\\n    return max(names)'])
        """
        found = _answers(self.statements, exercise)
        return [each for each in found if each.cell not in self.given or each.code == exercise.stub.strip()][:MOST]

    def own(self) -> list[Statement]:
        """The statements that the course has not written."""
        return [statement for statement in self.statements if statement.place[0] not in self.given]

    def broken_at(self, exercise: Exercise) -> str:
        """The sentence about the last cell that is no Python and seems to hold the answer; "" where there is none."""
        wanted = re.compile(rf"\b(def\s+{exercise.function}\b|{exercise.function}\s*=|{re.escape(exercise.name)}\b)")
        cells = [number for number, (_, text) in self.broken.items() if wanted.search(text)]
        return f"Cell {cells[-1]} is no Python ({self.broken[cells[-1]][0]}): mend it, and run it." if cells else ""


def read_cells(cells: Sequence[Cell], course: Iterable[str] = ()) -> Found:
    """The statements of the cells, and which cells hold none that Python could read.

    course: the cells of the course's own notebook. One that is there more often was copied, and is somebody's own.
    """
    found, left = Found(), Counter(course)
    for cell in cells:
        if left[cell.source]:
            left[cell.source] -= 1
            found.given.add(cell.number)
        try:
            found.statements += _statements(cell)
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            line = f"line {error.lineno}: " if isinstance(error, SyntaxError) and error.lineno else ""
            found.broken[cell.number] = (f"{line}{getattr(error, 'msg', None) or error}", cell.source)
    return found


def labs_asked(statements: Sequence[Statement], exercises: Iterable[Exercise]) -> dict[str, int]:
    """How much in the statements points to which lab, by its number: exercises that are checked, or answered."""
    counts: dict[str, int] = defaultdict(int)
    functions = {exercise.function: exercise.name for exercise in exercises}
    for statement in statements:
        answered = [functions[name] for name in statement.binds if name in functions]
        for name in (*answered, *(name for name, _ in statement.checks)):
            counts[name.partition(".")[0]] += 1
    return dict(counts)


def _statements(cell: Cell) -> list[Statement]:
    tree = ast.parse(cell.source)
    lines = cell.source.split("\n")
    found = []
    for number, node in enumerate(tree.body):
        first = min([node.lineno, *(each.lineno for each in getattr(node, "decorator_list", []))])
        text = ast.get_source_segment(cell.source, node) or ""
        if first < node.lineno:
            text = "\n".join(lines[first - 1 : node.end_lineno])
        binds, uses = _names(text)
        data = {each.id for each in _walk(node) if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store)}
        about = binds, uses, _changed(node), frozenset(data), tuple(_checked(node))
        found.append(Statement((cell.number, number), node, text, *about))
    return found


def _names(text: str) -> tuple[frozenset[str], frozenset[str]]:
    """The global names that a statement binds, and those that it uses, also later, inside its functions."""
    binds, uses, tables = set(), set(), [symtable.symtable(text, "cell", "exec")]
    top = tables[0]
    while tables:
        table = tables.pop()
        tables += table.get_children()
        for symbol in table.get_symbols():
            if table is not top and not symbol.is_global():
                continue
            if symbol.is_assigned() or symbol.is_imported() or symbol.is_namespace():
                binds.add(symbol.get_name())
            if symbol.is_referenced():
                uses.add(symbol.get_name())
    return frozenset(binds), frozenset(uses)


def _changed(node: ast.stmt) -> frozenset[str]:
    """Names of what the statement may change: it assigns to a part of it, calls a method of it, or hands it over."""
    changed = set()
    for each in _walk(node):
        if isinstance(each, ast.Attribute | ast.Subscript) and isinstance(each.ctx, ast.Store | ast.Del):
            changed.add(_root(each))
        elif isinstance(each, ast.Expr) and isinstance(each.value, ast.Call) and not _asks(each.value):
            parts = [each.value.func, *each.value.args, *(word.value for word in each.value.keywords)]
            changed |= {_root(part) for part in parts}
    return frozenset(changed - {""})


def _walk(node: ast.AST) -> Iterator[ast.AST]:
    """The node and all in it that is executed with it: not what stands inside functions."""
    yield node
    for child in ast.iter_child_nodes(node):
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            yield from _walk(child)


def _root(node: ast.AST) -> str:
    while isinstance(node, ast.Attribute | ast.Subscript | ast.Call):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else ""


def _asks(call: ast.Call) -> bool:
    return isinstance(call.func, ast.Name) and call.func.id in ASKING


def _checked(statement: ast.stmt) -> Iterator[tuple[str, ast.expr]]:
    """The exercises that a statement has checked, each with what it hands over."""
    for node in _walk(statement):
        if not isinstance(node, ast.Call) or _last(node.func) != "check":
            continue
        given = dict(zip(("name", "answer"), node.args, strict=False))
        given |= {word.arg: word.value for word in node.keywords if word.arg}
        name = given.get("name")
        if isinstance(name, ast.Constant) and isinstance(name.value, str) and "answer" in given:
            yield name.value, given["answer"]


def _last(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


def _answers(statements: Sequence[Statement], exercise: Exercise) -> list[Answer]:
    """What was handed to its check, the last first; then what bears the name of its function."""
    names, answers = [], []
    for statement in reversed(statements):
        for name, handed in statement.checks:
            if name != exercise.name:
                continue
            if isinstance(handed, ast.Name):
                names.append(handed.id)
            elif not isinstance(handed, ast.Constant):
                needed = _needed(statements, _names(ast.unparse(handed))[1])
                answers.append(Answer(statement.place[0], statement.text, needed, expression=handed))
    for name in dict.fromkeys([*names, exercise.function]):
        binding = [statement for statement in statements if name in statement.binds]
        for statement in reversed(binding):
            others = {other.place for other in binding} - {statement.place}
            needed = _needed(statements, frozenset({name}), others)
            answers.append(Answer(statement.place[0], statement.text, needed, name=name))
    return answers


def _needed(
    statements: Sequence[Statement], names: frozenset[str], without: set[tuple[int, int]] = frozenset()
) -> tuple[Statement, ...]:
    """The statements that make those names what they are, in the order of the notebook, and all that these need."""
    kept = {each.place: each for each in statements if _imports_all(each.node)}
    data = {name for each in statements for name in each.data}
    known: set[str] = set()
    open_names = set(names)
    while open_names:
        known |= open_names
        wanted = open_names
        for each in statements:
            if each.place not in without and (each.binds | each.changes & data) & wanted:
                kept[each.place] = each
        open_names = {name for each in kept.values() for name in each.uses} - known
    return tuple(kept[place] for place in sorted(kept))


def _imports_all(node: ast.stmt) -> bool:
    return isinstance(node, ast.ImportFrom) and node.names[0].name == "*"
