"""The teacher's page: how the class did, what it got wrong in the same way, and what needs a human eye."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import mean, median, quantiles
from typing import TYPE_CHECKING
from urllib.parse import quote

from labutils.course.students import folder_names
from labutils.exercises.render import CORRECT, NOT_TRIED
from labutils.marking.marks import OUTCOMES, Marked
from labutils.marking.pages.misconceptions import Misconception, misconceptions
from labutils.marking.pages.shell import OPEN, render
from labutils.marking.pages.standing import Standing, answers, exercises_of, labs, outcome_counts, standings
from labutils.marking.pages.words import amount, day, lab_title, readable, sentence, short_title
from labutils.report.words import count, duration, number

if TYPE_CHECKING:
    from markupsafe import Markup

FOLDER = "feedback"  # beside the class's page
SHOWN = 12  # of a list stand open; the rest is folded


@dataclass(frozen=True)
class Drawn:
    """A chart, with its numbers as a table. rows: first the head."""

    title: str
    svg: Markup
    caption: str = ""
    rows: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True)
class Shown:
    """A misconception as the page shows it."""

    what: Misconception
    code: bool  # whether the answer is short enough for an example


@dataclass(frozen=True)
class Roll:
    """The table of a lab: its exercises, and what one could earn for each."""

    lab: str
    exercises: list[tuple[str, float]]


def class_page(
    marked: Sequence[Marked], out_of: float | None = None, missing: Sequence[str] = (), noticed: Sequence[str] = ()
) -> str:
    """The teacher's page as HTML. Names link to the feedback pages, which `write_pages` puts beside it.

    marked: everything of all students, of one lab or several. out_of: points that a student could earn altogether;
    those of the labs' exercises by default. missing: who handed in nothing. noticed: what else there is to say of the
    whole, a sentence each.

    >>> page = class_page([], missing=["Zoë"])
    >>> "1 missing" in page and "Zoë" in page
    True
    """
    found = standings(marked)
    there = labs(found)
    rolls = [Roll(lab, [(each, _worth(found, each)) for each in exercises_of(found, lab)]) for lab in there]
    rolls = [roll for roll in rolls if roll.exercises]
    whole = out_of if out_of is not None else sum(points for roll in rolls for _, points in roll.exercises)
    wrong = [Shown(each, bool(each.code.strip()) and each.code.count("\n") < OPEN) for each in misconceptions(found)]
    content = {
        "name": _named(there, rolls), "rolls": rolls, "out_of": whole, "day": day([each.date for each in marked]),
        "found": found, "links": links(found), "missing": sorted(map(readable, missing), key=str.casefold),
        "noticed": [sentence(each) for each in noticed], "eye": eye(found), "shown": SHOWN,
        "unmarked": [(each, what) for each in found for what in each.counted.values() if not what.marks],
        "chips": _chips(found, missing), "facts": _facts(found, whole, len(rolls)), "wrong": wrong,
        "charts": _charts(found, rolls, whole), "worth": lambda lab: _sum(rolls, lab),
    }  # fmt: skip
    return render("classroom.html", content, "classroom.js")


def links(found: Sequence[Standing]) -> dict[str, str]:
    """The address of each student's page, as told from the class's page.

    >>> links(standings([Marked("Zoë Li", "a.ipynb", "", "", "it is empty")]))
    {'Zoë Li': 'feedback/Zo%C3%AB_Li.html'}
    """
    return {name: f"{FOLDER}/{quote(file)}" for name, file in file_names([each.student for each in found]).items()}


def file_names(students: Sequence[str]) -> dict[str, str]:
    """The name of each student's page in the folder of feedback.

    >>> file_names(["Ada", "Zoë Li"])
    {'Ada': 'Ada.html', 'Zoë Li': 'Zoë_Li.html'}
    """
    names = folder_names([readable(student) for student in students])
    return {student: f"{name}.html" for student, name in zip(students, names, strict=True)}


def eye(found: Sequence[Standing]) -> list[tuple[str, list[str]]]:
    """By student, the notes of the marking: what a human should look at.

    >>> eye(standings([Marked("Ada", "a.ipynb", "", "01_x", "", notes=("it opens a file",))]))
    [('Ada', ['It opens a file.'])]
    """
    noted = []
    for standing in found:
        says: dict[str, str] = {}  # a note that stands with several labs is said once
        for lab, attempts in standing.attempts.items():
            number = lab_title(lab).partition(" · ")[0]
            several = len(standing.attempts) > 1
            for what in attempts:
                of = "" if what is attempts[0] else f"{what.file}: "
                for note in what.notes:
                    before = f"lab {number}: " if several and lab and f"{number}." not in note else ""
                    says.setdefault(note, f"{before}{of}{sentence(note)}")
        if says:
            noted.append((standing.student, list(says.values())))
    return noted


def spread(points: Sequence[float]) -> str:
    """How far points lie apart, in words; "" where there are not two.

    >>> spread([0, 2, 4, 5]), spread([3])
    ('half of them from 1.5 to 4.25, all from 0 to 5', '')
    """
    if len(points) < 2:
        return ""
    low, _, high = quantiles(points, n=4, method="inclusive")
    half = f"half of them from {amount(low)} to {amount(high)}"
    return f"{half}, all from {amount(min(points))} to {amount(max(points))}"


def _worth(found: Sequence[Standing], exercise: str) -> float:
    return max(mark.out_of for _, mark in answers(found, exercise))


def _sum(rolls: Sequence[Roll], lab: str) -> float:
    return sum(points for roll in rolls if roll.lab == lab for _, points in roll.exercises)


def _chips(found: Sequence[Standing], missing: Sequence[str]) -> list[tuple[str, str, str]]:
    """How many students stand where: the class of the style sheet, the sign, the words."""
    marked = sum(each.marked for each in found)
    counts = [("passed", "✓", marked, "marked"), ("failed", "✗", len(found) - marked, "not markable")]
    counts.append(("not-run", "○", len(missing), "missing"))
    return [(f"is-{kind}", sign, f"{number:,} {word}") for kind, sign, number, word in counts if number]


def _facts(found: Sequence[Standing], out_of: float, parts: int) -> list[tuple[str, str, str]]:
    """Name, value, what else."""
    points = [each.points for each in found if each.marked]
    all_seconds = [what.seconds for each in found for attempts in each.attempts.values() for what in attempts]
    took = sum(all_seconds)
    facts = [("Students", f"{len(found):,}", f"who handed in {count(len(all_seconds), 'file')}")]
    if points:
        of = f"of {amount(out_of)} points" + (f", in {count(parts, 'lab')}" if parts > 1 else "")
        facts += [("Mean", amount(mean(points)), of), ("Median", amount(median(points)), spread(points))]
    if took > 0:
        facts.append(("Marking took", duration(took), f"{number(took / len(all_seconds), 2)} s a file"))
    return facts


def _named(there: Sequence[str], rolls: Sequence[Roll]) -> str:
    """The labs that the page is about."""
    about = [roll.lab for roll in rolls] or [lab for lab in there if lab]
    return lab_title(about[0]) if len(about) == 1 else count(len(about), "lab") if about else ""


def _charts(found: Sequence[Standing], rolls: Sequence[Roll], out_of: float) -> dict[str, list[Drawn]]:
    """By lab: outcomes, points, and the time that judging took, where it took any; first the points of all labs."""
    drawn = {}
    if len(rolls) > 1:
        drawn["All labs together"] = [_points([each.points for each in found if each.marked], out_of, "p")]
    for place, roll in enumerate(rolls):
        marked = [what for each in found if (what := each.counted.get(roll.lab)) and what.marks]
        whole = _sum(rolls, roll.lab) if len(rolls) > 1 else out_of
        of_lab = [_outcomes(found, roll, f"o{place}"), _points([each.points for each in marked], whole, f"p{place}")]
        timed = _timed(found, roll)
        drawn[lab_title(roll.lab)] = [*of_lab, _times(timed, f"t{place}")] if timed else of_lab
    return drawn


def _outcomes(found: Sequence[Standing], roll: Roll, key: str) -> Drawn:
    from markupsafe import Markup

    from labutils.marking.pages.charts import outcome_chart

    counts = {exercise: outcome_counts(found, exercise) for exercise, _ in roll.exercises}
    order = [outcome for outcome in OUTCOMES if any(outcome in each for each in counts.values())]
    rows = [(short_title(name), *(f"{each.get(outcome, 0)}" for outcome in order)) for name, each in counts.items()]
    right = {name: each.get(CORRECT, 0) / sum(each.values()) for name, each in counts.items()}
    hardest = min(right, key=lambda name: right[name])
    few, of = counts[hardest].get(CORRECT, 0), count(sum(counts[hardest].values()), "student")
    caption = f"Fewest right answers: {few} of {of}, {short_title(hardest)}"
    svg = Markup(outcome_chart(counts, key))
    return Drawn("Outcomes by exercise", svg, caption, (("exercise", *order), *rows))


def _points(points: Sequence[float], whole: float, key: str) -> Drawn:
    from markupsafe import Markup

    from labutils.marking.pages.charts import bins, points_chart

    rows = [(name, f"{students}") for name, students in bins(points, whole)]
    caption = f"{count(len(points), 'student')}: {spread(points)}." if len(points) > 1 else ""
    return Drawn("Points", Markup(points_chart(points, whole, key)), caption, (("points", "students"), *rows))


def _timed(found: Sequence[Standing], roll: Roll) -> dict[str, list[tuple[float, str]]]:
    """By exercise, how long each answer took to be judged, and whose it was; what was not tried took no time."""
    timed = {
        exercise: [(mark.seconds, each.student) for each, mark in answers(found, exercise)
                   if mark.outcome != NOT_TRIED and mark.seconds > 0]
        for exercise, _ in roll.exercises
    }  # fmt: skip
    return {exercise: times for exercise, times in timed.items() if times}


def _times(timed: Mapping[str, Sequence[tuple[float, str]]], key: str) -> Drawn:
    from markupsafe import Markup

    from labutils.marking.pages.charts import time_chart

    seconds = {exercise: [each for each, _ in times] for exercise, times in timed.items()}
    slowest = max(timed, key=lambda exercise: max(seconds[exercise]))
    longest, student = max(timed[slowest])
    caption = f"Slowest: {number(longest, 2)} s, {short_title(slowest)}, the answer of {readable(student)}"
    rows = [(short_title(name), number(median(each), 2), number(max(each), 2)) for name, each in seconds.items()]
    svg = Markup(time_chart(seconds, key))
    return Drawn("Time for judging", svg, caption, (("exercise", "median, s", "longest, s"), *rows))
