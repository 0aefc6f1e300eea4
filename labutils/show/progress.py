"""How far a learner has come: by lab, and what is next. In a notebook a table with bars, on a terminal plain lines."""

import html
from dataclasses import dataclass

from labutils.course.catalog import labs
from labutils.errors import LabError
from labutils.exercises import progress as notes
from labutils.exercises.catalog import exercises
from labutils.exercises.quizzes.quiz import questions
from labutils.show import style


@dataclass(frozen=True)
class LabProgress:
    """One lab. since: the day of the first check, "" before it. right and total: of exercises and of questions."""

    number: str
    title: str
    since: str
    right: int
    total: int
    quiz_right: int
    quiz_total: int


@dataclass(frozen=True, repr=False)
class Progress:
    """All labs that have exercises. next: the first exercise that is not correct yet, "" when all are."""

    labs: tuple[LabProgress, ...]
    next: str

    @property
    def advice(self) -> str:
        """What to do now, in a sentence."""
        if not self.next:
            return "Every exercise is correct. Well done."
        number = self.next.split(".")[0]
        title = next((lab.title for lab in self.labs if lab.number == number), "")
        return f"Next: lab {number}, {title}, exercise {self.next}."

    def __repr__(self) -> str:
        lines = [
            f"{lab.number}  {lab.right:2} of {lab.total} exercises, {lab.quiz_right} of {lab.quiz_total} questions"
            f"   {lab.title}{f', begun {lab.since}' if lab.since else ''}"
            for lab in self.labs
        ]
        return "\n".join([*lines, "", self.advice])

    def _repr_html_(self) -> str:
        rows = "".join(
            f"<tr><td>{lab.number}</td><td style='text-align:left'>{html.escape(lab.title)}</td>"
            f"<td>{_bar(lab.right, lab.total)}</td><td>{_bar(lab.quiz_right, lab.quiz_total)}</td>"
            f"<td>{lab.since or '–'}</td></tr>"
            for lab in self.labs
        )
        head = "<tr><th>lab</th><th></th><th>exercises</th><th>quiz</th><th>begun</th></tr>"
        return f"<table>{head}{rows}</table><p>{html.escape(self.advice)}</p>"


def progress() -> Progress:
    """What is noted in build/progress.json, set against what there is. Nothing noted is no error.

    >>> progress().labs[0].number
    '01'
    """
    noted, rows = notes.read(), []
    titles = {lab.number: lab.title for lab in labs()}
    there = [name for name in exercises() if name.split(".")[0] in titles]  # a teacher may hand out some labs only
    for number in sorted({name.split(".")[0] for name in there}):
        names = [name for name in there if name.startswith(f"{number}.")]
        asked = [question.name for question in _questions(number)]
        since = noted["labs"].get(number, {}).get("since", "")
        right, quiz_right = _right(noted["exercises"], names), _right(noted["questions"], asked)
        rows.append(LabProgress(number, titles[number], since, right, len(names), quiz_right, len(asked)))
    open_ones = [name for name in there if not noted["exercises"].get(name, {}).get("right")]
    return Progress(tuple(rows), open_ones[0] if open_ones else "")


def _questions(number: str) -> tuple:
    try:
        return questions(number)
    except LabError:
        return ()


def _right(part: dict, names: list[str]) -> int:
    return sum(bool(part.get(name, {}).get("right")) for name in names)


def _bar(right: int, total: int) -> str:
    """A bar as long as the share, and the count beside it: no meaning by colour alone."""
    share = 100 * right / total if total else 0
    return (
        "<div style='display:flex;align-items:center;gap:0.5em'>"
        "<div style='width:6em;height:0.7em;border:1px solid currentColor'>"
        f"<div style='width:{share:.0f}%;height:100%;background:{style.GREEN}'></div></div>{right} of {total}</div>"
    )
