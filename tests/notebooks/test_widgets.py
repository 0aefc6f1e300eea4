"""A widget lives on when the lab is done: what its callback reads must still be there, and still be the same thing."""

import ast

import pytest

from labutils.course.catalog import labs
from labutils.course.source import read_source


def statements(lab) -> list[ast.stmt]:
    """The lab's code, top to bottom, as one module."""
    return ast.parse(
        "\n\n".join(cell.source for cell in read_source(lab.source).cells if cell.cell_type == "code")
    ).body


def bound(statement: ast.stmt) -> set[str]:
    """The names of the notebook that a statement binds; those inside a function or a comprehension are its own."""
    if isinstance(statement, ast.FunctionDef | ast.ClassDef):
        return {statement.name}
    names, waiting = set(), [statement]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.add(node.id)
        if isinstance(node, ast.Import | ast.ImportFrom):
            names |= {(alias.asname or alias.name).split(".")[0] for alias in node.names}
        if isinstance(node, ast.ExceptHandler) and node.name:
            names.add(node.name)
        own = (ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp, ast.FunctionDef)
        waiting += [child for child in ast.iter_child_nodes(node) if not isinstance(child, own)]
    return names


def read(function: ast.FunctionDef) -> set[str]:
    """The names that a function takes from the notebook."""
    nodes = list(ast.walk(function))
    own = {node.arg for node in nodes if isinstance(node, ast.arg)}
    own |= {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    return {node.id for node in nodes if isinstance(node, ast.Name)} - own


def rebound(body: list[ast.stmt]) -> dict[str, set[str]]:
    """For each widget, by what it calls: the names it needs that are bound anew below it."""
    found = {}
    for place, statement in enumerate(body):
        calls = [node for node in ast.walk(statement) if isinstance(node, ast.Call)]
        if not any(ast.unparse(call.func).startswith("widgets.") for call in calls):
            continue
        functions = {each.name: each for each in body[:place] if isinstance(each, ast.FunctionDef)}
        needed, new = set(), {node.id for node in ast.walk(statement) if isinstance(node, ast.Name)}
        while new:
            needed |= new
            new = {name for each in new & functions.keys() for name in read(functions[each])} - needed
        below = set().union(*map(bound, body[place + 1 :]))
        if hit := needed & below - {"widgets"}:
            found[ast.unparse(statement)] = hit
    return found


@pytest.mark.parametrize("lab", labs(), ids=lambda lab: lab.slug)
def test_nothing_that_a_widget_needs_is_bound_anew_below_it(lab):
    assert rebound(statements(lab)) == {}


def test_the_check_finds_one():
    before = "found = {}\ndef land(name):\n    return found[name]\nwidgets.Walk(land)\n"
    assert rebound(ast.parse(before + "shown = [found for found in ()]").body) == {}
    assert rebound(ast.parse(before + "for found in ():\n    pass").body) == {"widgets.Walk(land)": {"found"}}
