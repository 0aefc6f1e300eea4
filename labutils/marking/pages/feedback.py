"""One student's page: what each answer earned and why, and where to go next. Nothing of anybody else is in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from labutils.exercises.catalog import exercises
from labutils.exercises.render import CORRECT, NOT_TRIED
from labutils.marking.marks import OUTCOMES, STOPPED, TAMPERED, Mark, Marked
from labutils.marking.pages import words
from labutils.marking.pages.sections import SECTIONS
from labutils.marking.pages.shell import OPEN, code, render
from labutils.marking.pages.standing import standings

if TYPE_CHECKING:
    from markupsafe import Markup

_MORE = {
    STOPPED: "An answer is stopped when it runs on without an end, when it wants too much memory or too many "
    "processes, and when it ends Python itself.",
    TAMPERED: "It changed something of the course that judges it, and so nothing can be said about it. If you did not "
    "mean that: use names of your own, and change nothing that you imported.",
}


@dataclass(frozen=True)
class Answer:
    """One exercise as the page shows it. more: what else is to be said. section: of the lab, to be read again."""

    mark: Mark
    anchor: str
    code: Markup | None
    folded: bool
    more: str
    hint: str
    section: str


@dataclass(frozen=True)
class Part:
    """One lab: what counts, its answers, and what else was handed in for it."""

    counted: Marked
    answers: list[Answer]
    outcomes: dict[str, int]
    others: tuple[Marked, ...]


def feedback_page(marked: Sequence[Marked], teacher_note: str = "") -> str:
    """One student's page as HTML: no notes of the marking, no solution, and nothing of another student.

    marked: all that this student handed in, of one lab or several. teacher_note: what the teacher says to everybody;
    a blank line begins a paragraph, `code` is shown as code. Raises ValueError unless all is one student's.

    >>> mark = Mark("01.convert", "not yet", 0, 1, "It returns nothing.", 23, "def to_tflite(model): ...")
    >>> page = feedback_page([Marked("Ada", "ada.ipynb", "", "01_single_neuron", "", (mark,), ("looks odd",))])
    >>> "Exercise 1 · Convert" in page, "looks odd" in page
    (True, False)
    """
    from markupsafe import Markup

    found = standings(marked)
    if len(found) != 1:
        raise ValueError(f"a page is one student's, and these are {len(found)}")
    standing = found[0]
    parts = [_part(attempts) for attempts in standing.attempts.values()]
    there = [part.counted for part in parts if part.counted.marks]
    content = {
        "student": standing.student, "parts": parts, "several": len(parts) > 1,
        "points": standing.points, "out_of": sum(each.out_of for each in there), "there": bool(there),
        "day": words.day([each.date for each in marked]), "note": Markup(words.paragraphs(teacher_note)),
    }  # fmt: skip
    return render("feedback.html", content)


def _part(attempts: Sequence[Marked]) -> Part:
    counted, *others = attempts
    shown = [_answer(mark) for mark in counted.marks]
    found = [mark.outcome for mark in counted.marks]
    return Part(counted, shown, {each: found.count(each) for each in OUTCOMES if each in found}, tuple(others))


def _answer(mark: Mark) -> Answer:
    right = mark.outcome == CORRECT
    known = mark.exercise in exercises() and not right
    hint = f'hint("{mark.exercise}")'
    shown = mark.code.strip() and mark.outcome != NOT_TRIED
    return Answer(
        mark=mark,
        anchor=mark.exercise.replace(".", "-"),
        code=code(mark.code, f"Your answer to {mark.exercise}") if shown else None,
        folded=mark.code.count("\n") >= OPEN,
        more=_MORE.get(mark.outcome, ""),
        hint=hint if known and hint not in mark.message else "",
        section=SECTIONS.get(mark.exercise, "") if known else "",
    )
