"""Where each student stands: of what somebody handed in for a lab several times, one counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from labutils.course.students import plain
from labutils.marking.marks import OUTCOMES, Mark, Marked


@dataclass(frozen=True)
class Standing:
    """All that one student handed in. attempts: by lab, in order; the one that counts comes first."""

    student: str
    attempts: dict[str, tuple[Marked, ...]]

    @property
    def counted(self) -> dict[str, Marked]:
        """By lab, what counts."""
        return {lab: attempts[0] for lab, attempts in self.attempts.items()}

    @property
    def marked(self) -> bool:
        """Whether there are marks at all."""
        return any(each.marks for each in self.counted.values())

    @property
    def points(self) -> float:
        """Of all labs together."""
        return sum(each.points for each in self.counted.values())


def standings(marked: Sequence[Marked]) -> list[Standing]:
    """One for each student, by name; labs in their order, a file of no known lab last.

    Of several attempts at a lab the one with the most points counts, of equal ones the last.

    >>> mark = lambda points: Mark("01.convert", "correct", points, 2)
    >>> made = [Marked("Ada", f"{n}.ipynb", "", "01_x", "", (mark(n),)) for n in (2, 1)]
    >>> [(each.student, each.counted["01_x"].file) for each in standings(made)]
    [('Ada', '2.ipynb')]
    """
    found: dict[str, list[Marked]] = {}
    for each in marked:
        found.setdefault(plain(each.student), []).append(each)
    return [_standing(found[name]) for name in sorted(found, key=lambda name: (name.casefold(), name))]


def labs(found: Iterable[Standing]) -> list[str]:
    """The labs that there is something of, in their order."""
    return sorted({lab for each in found for lab in each.attempts}, key=_known_first)


def exercises_of(found: Iterable[Standing], lab: str) -> list[str]:
    """The exercises of a lab, in its order."""
    marks = [mark for each in found if lab in each.counted for mark in each.counted[lab].marks]
    return list(dict.fromkeys(mark.exercise for mark in marks))


def answers(found: Iterable[Standing], exercise: str) -> list[tuple[Standing, Mark]]:
    """Every student's mark of an exercise, of those that count."""
    return [(each, mark) for each in found for what in each.counted.values() for mark in what.marks
            if mark.exercise == exercise]  # fmt: skip


def outcome_counts(found: Iterable[Standing], exercise: str) -> dict[str, int]:
    """How many students ended at each outcome, in the order of OUTCOMES; those that occur."""
    counts = Counter(mark.outcome for _, mark in answers(found, exercise))
    order = [*OUTCOMES, *sorted(set(counts) - set(OUTCOMES))]
    return {outcome: counts[outcome] for outcome in order if counts[outcome]}


def _standing(handed: list[Marked]) -> Standing:
    by_lab = {lab: [each for each in handed if each.lab == lab] for lab in {each.lab for each in handed}}
    return Standing(handed[0].student, {lab: _ranked(by_lab[lab]) for lab in sorted(by_lab, key=_known_first)})


def _ranked(attempts: list[Marked]) -> tuple[Marked, ...]:
    """The one that counts, then the others as they came."""
    best = max(range(len(attempts)), key=lambda place: (bool(attempts[place].marks), attempts[place].points, place))
    return (attempts[best], *attempts[:best], *attempts[best + 1 :])


def _known_first(lab: str) -> tuple[bool, str]:
    return not lab, lab
