"""A lab's parameters: read from its cell, and checked before a kernel starts.

A line of the cell reads `steps: int = 500  # training steps [1..5000]`: name, type (int, float, bool or str), default,
help, and at the end an inclusive range of numbers, or the choices: `{"float", "int8"}`.
"""

import ast
import difflib
import io
import json
import math
import re
import tokenize
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from labutils.course import source
from labutils.course.catalog import Lab
from labutils.errors import LabError

Value = int | float | bool | str
NUMBER = r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?"
LIMITS = re.compile(rf"\[\s*({NUMBER})\s*\.\.\s*({NUMBER})\s*\]$")
CHOICES = re.compile(r"\{([^{}]*)\}$")
KINDS = {"int": "a whole number", "float": "a number", "bool": "true or false", "str": "a text"}


@dataclass(frozen=True)
class Parameter:
    """One parameter: `type` is int, float, bool or str; low and high are inclusive; no choices means any value."""

    name: str
    type: str
    default: Value
    help: str = ""
    low: float | None = None
    high: float | None = None
    choices: tuple[Value, ...] = ()

    @property
    def allowed(self) -> str:
        """What may be given, in words.

        >>> Parameter("steps", "int", 5, low=1, high=9).allowed
        'a whole number from 1 to 9'
        """
        if self.choices:
            return _either([_shown(choice) for choice in self.choices])
        limits = "" if self.low is None else f" from {self.low} to {self.high}"
        return KINDS[self.type] + limits

    def converted(self, value: object) -> Value:
        """The value in the parameter's type; text is read strictly. ValueError when it does not fit or is not allowed.

        >>> Parameter("steps", "int", 5, low=1, high=9).converted("7")
        7
        """
        result = _converted(self.type, value)
        if self.choices and result not in self.choices:
            raise ValueError(value)
        if self.low is not None and not self.low <= result <= self.high:
            raise ValueError(value)
        return result


def read_parameters(lab: Lab) -> tuple[Parameter, ...]:
    """The parameters of the notebook that `labs run` executes: the built one, or the source where it is missing.

    Raises LabError when the notebook cannot be read or its cell breaks the grammar.
    """
    try:
        if not lab.notebook.exists():
            cells = source.read_source(lab.source).cells
        else:
            cells = json.loads(lab.notebook.read_text(encoding="utf-8"))["cells"]
        texts = ["".join(cell["source"]) for cell in cells if "parameters" in cell["metadata"].get("tags", [])]
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        raise LabError(f"{lab.notebook.name} is no notebook: build it again with `labs build {lab.number}`.") from None
    return parse_parameters(texts[0], lab.slug) if texts else ()


def check_values(lab: Lab, values: Mapping[str, object]) -> dict[str, Value]:
    """The values in the types of the lab's parameters, texts converted strictly.

    Raises LabError, in one sentence, for a name that the lab does not have, a wrong type, and a value out of range.
    """
    return check_against(read_parameters(lab), values, lab.number)


def check_against(known: Sequence[Parameter], values: Mapping[str, object], number: str) -> dict[str, Value]:
    """The values in the types of those parameters, which are those of the lab of that number.

    >>> check_against([Parameter("steps", "int", 5)], {"steps": "7"}, "01")
    {'steps': 7}
    """
    parameters = {parameter.name: parameter for parameter in known}
    checked = {}
    for name, value in values.items():
        if name not in parameters:
            raise LabError(f"Lab {number} has no parameter {unknown(name, list(parameters))}")
        try:
            checked[name] = parameters[name].converted(value)
        except ValueError:
            allowed = parameters[name].allowed
            raise LabError(f"Lab {number}: {name} cannot be {_shown(value)}: it must be {allowed}.") from None
    return checked


def unknown(name: str, known: Sequence[str], having: str = "it has") -> str:
    """The end of a sentence about a name that is not known: which names there are, and which one is close.

    >>> unknown("step", ["seed", "steps"])
    "'step': it has seed and steps (did you mean steps?)."
    """
    close = difflib.get_close_matches(name, known, n=1)
    hint = f" (did you mean {close[0]}?)" if close else ""
    return f"{name!r}: {having} {_either(known, 'and') or 'none'}{hint}."


def parse_parameters(text: str, where: str) -> tuple[Parameter, ...]:
    """The parameters that a cell's text declares; `where` names the lab in the LabError of a line that is wrong.

    >>> parse_parameters("steps: int = 500  # training steps [1..5000]", "a lab")[0].high
    5000
    """
    try:
        statements = ast.parse(text).body
        tokens = list(tokenize.generate_tokens(io.StringIO(text).readline))
    except (SyntaxError, tokenize.TokenError):
        raise LabError(f"{where}: the parameters cell is not Python.") from None
    comments = {token.start[0]: token.string.lstrip("# ").strip() for token in tokens if token.type == tokenize.COMMENT}
    found = tuple(_parameter(each, comments.get(each.end_lineno or 0, ""), where) for each in statements)
    names = [parameter.name for parameter in found]
    if len(set(names)) < len(names):
        raise LabError(f"{where}: the parameters cell names a parameter twice.")
    return found


def _parameter(statement: ast.stmt, comment: str, where: str) -> Parameter:
    line = ast.unparse(statement)
    if not (isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name) and statement.value):
        form = "name: type = default  # help [low..high]"
        raise LabError(f"{where}: the parameters cell holds `{line}`: write `{form}`.")
    kind = ast.unparse(statement.annotation)
    if kind not in KINDS:
        raise LabError(f"{where}: the type of `{line}` must be one of {_either(list(KINDS))}.")
    try:
        text, low, high, choices = _bounds(comment, kind)
        draft = Parameter(statement.target.id, kind, 0, text, low, high, choices)
        default = draft.converted(_typed(kind, ast.literal_eval(statement.value)))
        return Parameter(draft.name, kind, default, text, low, high, choices)
    except ValueError:
        raise LabError(f"{where}: `{line}` contradicts its type or range (# {comment}).") from None


def _bounds(comment: str, kind: str) -> tuple[str, float | None, float | None, tuple[Value, ...]]:
    """Help, low, high and choices out of a comment; ValueError when its end looks like a range and is none."""
    if limits := LIMITS.search(comment):
        if kind not in ("int", "float"):
            raise ValueError(comment)
        low, high = (_converted(kind, limit) for limit in limits.groups())
        if low > high:
            raise ValueError(comment)
        return comment[: limits.start()].strip(), low, high, ()
    if listed := CHOICES.search(comment):
        texts = [text.strip() for text in listed[1].split(",")]
        choices = tuple(_converted(kind, re.sub(r"^([\"'])(.*)\1$", r"\2", text)) for text in texts)
        return comment[: listed.start()].strip(), None, None, choices
    if comment.endswith(("]", "}")):
        raise ValueError(comment)
    return comment, None, None, ()


def _converted(kind: str, value: object) -> Value:
    if not isinstance(value, str) or kind == "str":
        return _typed(kind, value)
    if kind == "int" and re.fullmatch(r"[+-]?[0-9]+", value):
        return int(value)
    if kind == "float" and re.fullmatch(NUMBER, value):
        return _typed(kind, float(value))
    if kind == "bool" and value.lower() in ("true", "false"):
        return value.lower() == "true"
    raise ValueError(value)


def _typed(kind: str, value: object) -> Value:
    if kind == "float" and type(value) in (int, float) and math.isfinite(value):
        return float(value)
    if kind != "float" and type(value).__name__ == kind:
        return value
    raise ValueError(value)


def _shown(value: object) -> str:
    text = repr(value) if isinstance(value, str) else str(value).lower() if isinstance(value, bool) else str(value)
    return text if len(text) <= 60 else f"{text[:57]}..."


def _either(names: Sequence[str], word: str = "or") -> str:
    return f" {word} ".join(filter(None, [", ".join(names[:-1]), names[-1]])) if names else ""
