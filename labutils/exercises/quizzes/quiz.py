"""The quiz of a lab: widgets to click where there is a person, and the same questions as text where there is none."""

import re
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from labutils.errors import LabError
from labutils.exercises import progress
from labutils.exercises.quizzes.question import Question
from labutils.exercises.render import CORRECT, EDGES, NOT_YET, SYMBOLS, inline

LETTERS = "abcde"
VIEW = "application/vnd.jupyter.widget-view+json"
CALM = """<style>
.labs-quiz > .widget-vbox { margin-bottom: 1em; }
.labs-quiz .widget-radio { width: 100%; max-width: 60em; }
.labs-quiz .widget-radio-box { width: 100%; max-width: none; }
.labs-quiz .widget-radio-box label { white-space: normal; height: auto; line-height: 1.35; margin: 0.25em 0; }
.labs-quiz .widget-html-content { line-height: 1.4; white-space: normal; }
</style>"""


@cache
def questions(lab: str) -> tuple[Question, ...]:
    """The questions of a lab's quiz, by the lab's number. Raises LabError where there is none.

    >>> questions("04")[0].name[:3]
    '04.'
    """
    if not re.fullmatch(r"\d\d", str(lab)) or find_spec(f"labutils.exercises.quizzes.lab{lab}") is None:
        raise LabError(f'There is no quiz for lab {lab!r}: call it by the number of a lab, such as quiz("04").')
    return import_module(f"labutils.exercises.quizzes.lab{lab}").QUESTIONS


def quiz(lab: str) -> "Quiz":
    """The quiz of a lab; a notebook shows it where it is the last line of a cell. Raises LabError for another lab.

    >>> quiz("04").lab
    '04'
    """
    return Quiz(lab, questions(lab))


class Quiz:
    """Questions to answer. In a notebook they can be clicked; as text they have their answers at the end."""

    def __init__(self, lab: str, asked: tuple[Question, ...]) -> None:
        self.lab, self.questions = lab, asked
        self._widget: Any = None

    def answer(self, number: int, place: int) -> str:
        """Answer a question: its feedback as HTML. number: of the question, place: of the answer, both from 0."""
        question = self.questions[number]
        chosen = question.answers[place]
        progress.note_question(question.name, chosen.right)
        state = CORRECT if chosen.right else NOT_YET
        word = "right" if chosen.right else "not quite"
        return (
            f'<div role="status" style="border-left: 0.3em solid {EDGES[state]}; padding: 0.1em 0.9em">'
            f'<strong><span aria-hidden="true">{SYMBOLS[state]}</span> {word}</strong> · {inline(chosen.why)}</div>'
        )

    def widget(self) -> Any:
        """The questions as one widget; made once."""
        if self._widget is None:
            import ipywidgets as W

            rows = [W.HTML(CALM), *(self._row(number) for number in range(len(self.questions)))]
            self._widget = W.VBox(rows)
            self._widget.add_class("labs-quiz")
        return self._widget

    def _row(self, number: int) -> Any:
        import ipywidgets as W

        question = self.questions[number]
        options = [(answer.text.replace("`", ""), place) for place, answer in enumerate(question.answers)]
        choice = W.RadioButtons(options=options, value=None, layout=W.Layout(width="auto"))
        said = W.HTML()

        def follow(change: dict[str, Any]) -> None:
            if change["new"] is not None:
                said.value = self.answer(number, change["new"])

        choice.observe(follow, names="value")
        return W.VBox([W.HTML(f"<strong>{number + 1} · {inline(question.text)}</strong>"), choice, said])

    def markdown(self) -> str:
        """All questions with their answers, and folded away at the end which is right and why."""
        asked, told = [], []
        for number, question in enumerate(self.questions, 1):
            asked.append(f"**{number} · {question.text}**\n")
            asked += [f"- {LETTERS[place]}) {answer.text}" for place, answer in enumerate(question.answers)]
            asked.append("")
            right = question.answers[question.solution]
            told.append(f"{number} {LETTERS[question.solution]}: {right.why}")
        answers = "<br>".join(inline(line) for line in told)
        return "\n".join([*asked, f"<details><summary>Answers</summary>{answers}</details>"])

    def __repr__(self) -> str:
        lines = [f"Quiz of lab {self.lab}"]
        for number, question in enumerate(self.questions, 1):
            lines.append(f"\n{number} · {question.text}")
            lines += [f"   {LETTERS[place]}) {answer.text}" for place, answer in enumerate(question.answers)]
        return "\n".join(lines)

    def _repr_mimebundle_(self, **_: object) -> dict[str, Any]:
        shown = {"text/plain": repr(self), "text/markdown": self.markdown()}
        if find_spec("ipywidgets"):
            shown = {VIEW: self.widget()._repr_mimebundle_()[VIEW], **shown}
        return shown
