"""What a class got wrong in the same way: messages that differ only in their numbers and examples are one."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from labutils.exercises.render import CORRECT, NOT_TRIED
from labutils.marking.marks import Mark
from labutils.marking.pages.standing import Standing, answers, exercises_of, labs

LONGEST = 1_000  # letters of a message that tell one from another
QUOTED = re.compile(r"(?<!\w)(['\"])(?:\\.|(?!\1)[^\\])*\1(?!\w)")  # not the apostrophe of a word
NUMBER = re.compile(r"(?<![\w.])[-\u2212]?\d+(?:[.,]\d+)*(?:e[+-]?\d+)?\b|\b(?:nan|inf)\b")
VALUES = re.compile(r"[(\[{][#…:,()\[\]{}\s]*(?:[)\]}]|\.\.\.)")  # lists, tuples, sets of what is normalised already


@dataclass(frozen=True)
class Misconception:
    """One thing that was got wrong. message: as one of these students read it. code: of that answer.

    students: who got it wrong in this way, by name.
    """

    exercise: str
    outcome: str
    message: str
    code: str
    students: tuple[str, ...]


def misconceptions(found: Iterable[Standing]) -> list[Misconception]:
    """What was got wrong, the most frequent first: by exercise, outcome and message."""
    found = list(found)
    order = [exercise for lab in labs(found) for exercise in exercises_of(found, lab)]
    grouped: dict[tuple[str, str, str], list[tuple[Standing, Mark]]] = {}
    for exercise in dict.fromkeys(order):
        for standing, mark in answers(found, exercise):
            if mark.outcome not in (CORRECT, NOT_TRIED):
                grouped.setdefault((exercise, mark.outcome, normal(mark.message)), []).append((standing, mark))
    made = [_made(group) for group in grouped.values()]
    return sorted(made, key=lambda each: -len(each.students))  # stable: the order of the labs among equals


def normal(message: str) -> str:
    """The message without its numbers and quoted values: alike for all who got the same thing wrong.

    >>> normal("For ['3', '12'] it returns '3'; '12' is right.")
    'For […] it returns …; … is right.'
    >>> normal("It yields 3 of 12 images.") == normal("It yields 11 of 40 images.")
    True
    """
    text = NUMBER.sub("#", QUOTED.sub("…", " ".join(message[:LONGEST].split())))
    return VALUES.sub("[…]", text)


def _made(group: list[tuple[Standing, Mark]]) -> Misconception:
    """The example is the shortest answer: it shows best what went wrong."""
    mark = min((mark for _, mark in group), key=lambda mark: (not mark.code.strip(), len(mark.code)))
    names = tuple(dict.fromkeys(standing.student for standing, _ in group))
    return Misconception(mark.exercise, mark.outcome, mark.message, mark.code, names)
