"""Small changes to a solution, one at a time, as a slip of the pen would make them: each must be found by the check."""

import ast
import copy
from collections.abc import Iterator

SWAPS = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.FloorDiv: ast.Div, ast.Pow: ast.Mult,
    ast.Mod: ast.Mult, ast.BitOr: ast.BitAnd, ast.BitAnd: ast.BitOr,
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.And: ast.Or, ast.Or: ast.And,
}  # fmt: skip
NAMES = {"min": "max", "max": "min", "any": "all", "all": "any", "argmax": "argmin", "floor": "ceil", "ceil": "floor",
         "int8": "uint8", "sorted": "reversed", "append": "count"}  # fmt: skip


def mutants(code: str) -> Iterator[tuple[str, str]]:
    """What was changed, and the changed code, for every small change of a solution."""
    tree = ast.parse(code)
    seen = {ast.unparse(tree)}
    for place, node in enumerate(ast.walk(tree)):
        for number, what in enumerate(_changes(node)):
            changed = copy.deepcopy(tree)
            twin = next(each for at, each in enumerate(ast.walk(changed)) if at == place)
            _apply(twin, number)
            text = ast.unparse(ast.fix_missing_locations(changed))
            if text not in seen:
                seen.add(text)
                yield f"{what} in line {getattr(node, 'lineno', 0)}", text


def _changes(node: ast.AST) -> list[str]:
    """The changes that a node allows, in words."""
    return [what for what, _ in _edits(node)]


def _apply(node: ast.AST, number: int) -> None:
    _edits(node)[number][1](node)


def _edits(node: ast.AST) -> list:
    """Changes of a node: what is done, and a function that does it in place."""
    edits = []
    if isinstance(node, ast.Constant) and isinstance(node.value, bool):
        edits.append((f"{node.value} turned", lambda n: setattr(n, "value", not n.value)))
    elif isinstance(node, ast.Constant) and isinstance(node.value, int | float):
        edits += [(f"{node.value} + 1", lambda n: setattr(n, "value", n.value + 1)),
                  (f"{node.value} - 1", lambda n: setattr(n, "value", n.value - 1))]  # fmt: skip
    elif isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value:
        edits.append((f"{node.value!r} misspelt", lambda n: setattr(n, "value", f"{n.value}_")))
    for field in ("op", "ops"):
        held = getattr(node, field, None)
        for at, op in enumerate(held if isinstance(held, list) else [held]):
            if type(op) in SWAPS:
                edits.append((f"{type(op).__name__} swapped", _swap(field, at)))
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not | ast.USub):
        edits.append((f"{type(node.op).__name__} left out", _become_operand))
    if isinstance(node, ast.Name | ast.Attribute):
        field = "id" if isinstance(node, ast.Name) else "attr"
        if getattr(node, field) in NAMES:
            edits.append((f"{getattr(node, field)} swapped", _rename(field)))
    if isinstance(node, ast.Call):
        edits += [(f"{k.arg}= left out", _drop("keywords", at)) for at, k in enumerate(node.keywords) if k.arg]
    if isinstance(node, ast.List) and len(node.elts) > 1:
        edits += [(f"element {at} left out", _drop("elts", at)) for at in range(len(node.elts))]
    if isinstance(node, ast.Return) and node.value is not None:
        edits.append(("nothing returned", lambda n: setattr(n, "value", None)))
    for field in ("body", "orelse"):
        held = getattr(node, field, None)
        if isinstance(held, list) and not isinstance(node, ast.Module):
            edits += [(f"`{ast.unparse(s).splitlines()[0]}` left out", _pass(field, at))
                      for at, s in enumerate(held) if isinstance(s, ast.Assign | ast.AugAssign | ast.Expr)]  # fmt: skip
    return edits


def _swap(field: str, at: int):
    def edit(node):
        held = getattr(node, field)
        if isinstance(held, list):
            held[at] = SWAPS[type(held[at])]()
        else:
            setattr(node, field, SWAPS[type(held)]())

    return edit


def _become_operand(node: ast.UnaryOp) -> None:
    node.op = ast.UAdd() if isinstance(node.op, ast.USub) else node.op
    if isinstance(node.op, ast.Not):
        node.operand = ast.UnaryOp(ast.Not(), node.operand)


def _rename(field: str):
    return lambda node: setattr(node, field, NAMES[getattr(node, field)])


def _drop(field: str, at: int):
    return lambda node: getattr(node, field).pop(at)


def _pass(field: str, at: int):
    return lambda node: getattr(node, field).__setitem__(at, ast.Pass())
