"""What the page begins with: which labs, how they ended, what it took, where, and with which versions."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from labutils.course.results import NOT_RUN
from labutils.report.run import Row, Run, middle
from labutils.report.words import SIGNS, assigned, count, duration, listed, number, ranges

MOST_LINES = 6  # of one fact


@dataclass(frozen=True)
class Fact:
    """A name, and a line for each thing to say. big: the first line is one that is looked for. wide: a row alone."""

    name: str
    lines: list[str]
    big: bool = False
    wide: bool = False


def title(run: Run) -> str:
    """What the page is about, in one line."""
    executions = count(len(run.rows), "execution")
    done = sum(row.outcome != NOT_RUN for row in run.rows)
    executions = f"{done:,} of {executions}" if done < len(run.rows) else executions
    if not run.several:
        return f"{run.groups[0].title}: {executions}"
    labs = count(len(run.groups), "lab")
    return f"A run of {labs}" if len(run.rows) == len(run.groups) else f"{labs}, {executions}"


def lead(run: Run) -> str:
    """A sentence below the title: the labs, or what varies; and when."""
    when = dates(run)
    if run.several:
        what = listed([group.short.removeprefix("lab ") for group in run.groups], 20)
        what = f"Labs {what}"
    else:
        group = run.groups[0]
        values = (f"{name} in {count(len(group.values(name)), 'value')}" for name in group.varied)
        what = f"What varies: {listed(values)}" if group.varied else "All with the same parameters"
        what = what if len(run.rows) > 1 else assigned(group.constant) or "No parameters"
    return f"{what}. {when}".strip()


def dates(run: Run) -> str:
    """From the first to the last end of an execution, as the machine's clock had it.

    A single day is named once.
    """
    ends = sorted(filter(None, (_date(row.date) for row in run.rows)))
    if not ends:
        return ""
    first, last = ends[0], ends[-1]
    day, clock = f"{first.day} {first:%B %Y}", f"{first:%H:%M}"
    if first.date() != last.date():
        return f"{day}, {clock}, to {last.day} {last:%B %Y}, {last:%H:%M} ({_zone(last)})."
    until = f" to {last:%H:%M}" if f"{last:%H:%M}" != clock else ""
    return f"{day}, {clock}{until} ({_zone(last)})."


def outcomes(run: Run) -> dict[str, int]:
    """How many ended in each way, those that passed first."""
    found = Counter(row.outcome for row in run.rows)
    order = [*SIGNS, *sorted(set(found) - set(SIGNS))]
    return {outcome: found[outcome] for outcome in order if found[outcome]}


def facts(run: Run, folder: str) -> list[Fact]:
    """Times, memory, machines and versions; where there are several of those, which execution had which."""
    found = [
        _times("Time", [row.seconds for row in run.rows]),
        _times("CPU time", [row.cpu_seconds for row in run.rows]),
        _memory(run),
        _exercises(run),
        Fact("Machine", _which(run, lambda row: row.machine), wide=True),
        Fact("Versions", _which(run, _versions), wide=True),
        Fact("Folder", [folder], wide=True),
    ]
    return [fact for fact in found if fact.lines]


def _zone(time: datetime) -> str:
    return time.tzname() or "no time zone"


def _date(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _times(name: str, seconds: list[float | None]) -> Fact:
    there = [each for each in seconds if each is not None]
    half = middle(there)
    lines = [f"{duration(sum(there))} in all", f"{duration(half)} is the median of {len(there):,}"] if there else []
    return Fact(name, lines[: len(there)], big=True)


def _memory(run: Run) -> Fact:
    most = max((row for row in run.rows if row.peak_mb is not None), key=lambda row: row.peak_mb, default=None)
    if most is None:
        return Fact("Peak memory", [])
    where = run.group(most).short if len(run.rows) == len(run.groups) else f"execution {most.number}"
    lines = [f"{number(most.peak_mb)} MB", f"in {where}, all its processes together"]
    return Fact("Peak memory", lines if len(run.rows) > 1 else lines[:1], big=True)


def _exercises(run: Run) -> Fact:
    """How the exercises were answered, over all executions."""
    found = Counter(outcome for row in run.rows for outcome in row.exercises.values())
    order = sorted(found, key=("correct", "not yet", "not tried").index) if set(found) <= _KNOWN else sorted(found)
    return Fact("Exercises", [listed(f"{found[outcome]:,} {outcome}" for outcome in order)] if found else [])


_KNOWN = {"correct", "not yet", "not tried"}


def _versions(row: Row) -> str:
    return ", ".join(f"{name} {version}" for name, version in row.versions.items())


def _which(run: Run, what: Callable[[Row], str]) -> list[str]:
    """What the executions have; where they differ, with the numbers of those that have it."""
    found: dict[str, list[int]] = {}
    for row in run.rows:
        if what(row):
            found.setdefault(what(row), []).append(row.number)
    if len(found) < 2:
        return list(found)
    lines = [f"{text} (executions {ranges(numbers)})" for text, numbers in found.items()]
    left = len(lines) - MOST_LINES
    return [*lines[:MOST_LINES], f"and {left} more"] if left > 0 else lines
