"""What an exercise is: data, and one function that judges an answer."""

import ast
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

MAX_HINTS = 3


class NotYet(Exception):  # noqa: N818 - an outcome, no error: `check` turns it into a Result
    """The answer is wrong; the text is the sentence that the learner reads."""


class NotTried(Exception):  # noqa: N818
    """The answer turns out to be the stub."""


@dataclass(frozen=True)
class Exercise:
    """One exercise of a lab.

    name: "NN.function". prompt: markdown. stub: the cell that a learner fills in, a function whose body is `...`.
    hints: at most three, from a nudge to nearly the answer. solution: code that defines the same function.
    explanation: markdown, why the solution is what it is. check: takes the learner's function, wrapped, and a random
    generator; returns None when the answer is right, raises NotYet when it is not. symptoms: a piece of
    "ErrorType: message" -> the sentence that says what to do about it.
    """

    name: str
    prompt: str
    stub: str
    hints: tuple[str, ...]
    solution: str
    explanation: str
    check: Callable[[Callable[..., Any], np.random.Generator], None]
    symptoms: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not 1 <= len(self.hints) <= MAX_HINTS:
            raise ValueError(f"{self.name} has {len(self.hints)} hints: 1 to {MAX_HINTS} are allowed.")

    @property
    def function(self) -> str:
        """The name of the function that the stub defines."""
        return self._definition.name

    @property
    def parameters(self) -> tuple[str, ...]:
        """The names of the arguments that the stub takes."""
        return tuple(argument.arg for argument in self._definition.args.args)

    @property
    def signature(self) -> str:
        """The stub's first line without `def`: what a learner would write to call it."""
        return f"{self.function}({', '.join(self.parameters)})"

    @property
    def _definition(self) -> ast.FunctionDef:
        return next(node for node in ast.parse(self.stub).body if isinstance(node, ast.FunctionDef))
