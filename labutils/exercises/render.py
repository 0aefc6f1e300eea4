"""How results, hints and solutions look: in a notebook (light or dark, in its own fonts) and as plain text."""

import html
import re
from dataclasses import dataclass

CORRECT, NOT_YET, NOT_TRIED = "correct", "not yet", "not tried"
SYMBOLS = {CORRECT: "✓", NOT_YET: "✗", NOT_TRIED: "○"}
EDGES = {CORRECT: "#009E73", NOT_YET: "#D55E00", NOT_TRIED: "#8A94A0"}  # seen on white and on black alike
HINT_EDGE = "#56B4E9"
MIME = "application/vnd.labutils.exercise+json"  # under which an executed notebook holds an outcome


@dataclass(frozen=True, repr=False)
class Result:
    """What `check` found. outcome: "correct", "not yet" or "not tried". message: one or two sentences.

    >>> Result("01.convert", "not yet", "It returns nothing.")
    ✗ not yet · 01.convert: It returns nothing.
    """

    exercise: str
    outcome: str
    message: str

    def __repr__(self) -> str:
        return f"{SYMBOLS[self.outcome]} {self.outcome} · {self.exercise}: {self.message}"

    def _repr_html_(self) -> str:
        return _box(EDGES[self.outcome], SYMBOLS[self.outcome], self.outcome, self.exercise, self.message)

    def _repr_mimebundle_(self, **_: object) -> dict[str, dict[str, str]]:
        """Beside text and HTML, the outcome as data: found by the exercise's name, wherever the cell has got to."""
        return {MIME: {"exercise": self.exercise, "outcome": self.outcome, "message": self.message}}

    def show(self) -> None:
        """Show it now, in a notebook or on a terminal."""
        from IPython.display import display

        display(self)


@dataclass(frozen=True, repr=False)
class Hint:
    """One hint. number: from 1; past the last one, `text` leads on to the solution.

    >>> Hint("01.convert", 1, 3, "Start with the converter.")
    → hint 1 of 3 · 01.convert: Start with the converter.
    """

    exercise: str
    number: int
    of: int
    text: str

    @property
    def title(self) -> str:
        return f"hint {self.number} of {self.of}" if self.number <= self.of else "no more hints"

    def __repr__(self) -> str:
        return f"→ {self.title} · {self.exercise}: {self.text}"

    def _repr_html_(self) -> str:
        return _box(HINT_EDGE, "→", self.title, self.exercise, self.text)


@dataclass(frozen=True, repr=False)
class Solution:
    """The code that answers an exercise, and why it does."""

    exercise: str
    code: str
    explanation: str

    def __repr__(self) -> str:
        return f"Solution of {self.exercise}\n\n{self.code.strip()}\n\n{self.explanation}"

    def _repr_markdown_(self) -> str:
        return f"**Solution of `{self.exercise}`**\n\n```python\n{self.code.strip()}\n```\n\n{self.explanation}"


def _box(edge: str, symbol: str, title: str, exercise: str, text: str) -> str:
    style = f"border-left: 0.3em solid {edge}; padding: 0.2em 0.9em; margin: 0.2em 0; color: inherit; font: inherit"
    return (
        f'<div role="status" style="{style}">'
        f'<strong><span aria-hidden="true">{symbol}</span> {title}</strong> · <code>{html.escape(exercise)}</code>'
        f"<div>{inline(text)}</div></div>"
    )


def inline(text: str) -> str:
    """Escaped text, with `code` marked as such."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", html.escape(text))
