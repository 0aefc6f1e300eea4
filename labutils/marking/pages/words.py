"""How outcomes, points and names are put into words on the pages of a marking."""

from __future__ import annotations

import re
from datetime import datetime
from functools import cache

from labutils.course.catalog import find_lab
from labutils.errors import LabError
from labutils.exercises.catalog import exercises
from labutils.exercises.render import SYMBOLS, inline
from labutils.marking.marks import STOPPED, TAMPERED

SIGNS = {**SYMBOLS, STOPPED: "◔", TAMPERED: "◆"}  # beside each word; plain characters that every system's fonts have
CONTROLS = {code: 0x2400 + code for code in range(32) if chr(code) not in "\t\n\r"} | {127: 0x2421}  # seen, not obeyed
ELSEWHERE = "A file of no known lab"


def sign(outcome: str) -> str:
    """The sign of an outcome; a dot for one that is not known.

    >>> sign("correct"), sign("stopped"), sign("new")
    ('✓', '◔', '•')
    """
    return SIGNS.get(outcome, "•")


def kind(outcome: str) -> str:
    """The outcome as the name of a class of the style sheet, or as a part of an id.

    >>> kind("not yet")
    'is-not-yet'
    """
    return "is-" + re.sub(r"\W+", "-", outcome)


def amount(points: float) -> str:
    """Points, without decimals that say nothing.

    >>> amount(3.0), amount(2.5), amount(1 / 3)
    ('3', '2.5', '0.33')
    """
    return f"{round(points, 2):g}"


def earned(points: float, out_of: float) -> str:
    """Points of points.

    >>> earned(3.5, 5), earned(0, 1)
    ('3.5 of 5 points', '0 of 1 point')
    """
    return f"{amount(points)} of {amount(out_of)} point{'' if out_of == 1 else 's'}"


def title(exercise: str) -> str:
    """What the lab calls an exercise; its name where no lab has it.

    >>> title("01.newest_version"), title("99.none")
    ('Exercise 2 · The newest version', '99.none')
    """
    found = re.match(r"\*\*(.+?)\.?\*\*", exercises()[exercise].prompt) if exercise in exercises() else None
    return found[1] if found else exercise


def short_title(exercise: str) -> str:
    """The same, where little room is.

    >>> short_title("01.newest_version")
    '2 · The newest version'
    """
    return title(exercise).removeprefix("Exercise ")


@cache
def lab_title(lab: str) -> str:
    """A lab's number and title; its name where the course has no such lab.

    >>> lab_title("01_single_neuron")[:20], lab_title("my_lab"), lab_title("")
    ('01 · A single neuron', 'my_lab', 'A file of no known lab')
    """
    if not lab:
        return ELSEWHERE
    try:
        found = find_lab(lab)
    except LabError:
        return lab
    return f"{found.number} · {found.title}"


def day(dates: list[str]) -> str:
    """The day of the latest of some dates in ISO 8601, in words; "" where none can be read.

    >>> day(["2026-11-23T18:00:00+00:00", "2026-11-24T09:30:00+00:00", "soon"]), day([])
    ('24 November 2026', '')
    """
    found = []
    for text in dates:
        try:
            found.append(datetime.fromisoformat(text).replace(tzinfo=None))
        except ValueError:
            continue
    return f"{max(found).day} {max(found):%B %Y}" if found else ""


def sentence(reason: str) -> str:
    """A reason as a sentence of its own; a name that it begins with stays as it is.

    >>> sentence("it is no notebook: its first bytes are a PDF's"), sentence("ada.pdf is no notebook.")
    ("It is no notebook: its first bytes are a PDF's.", 'ada.pdf is no notebook.')
    """
    reason = reason.strip()
    first = reason.partition(" ")[0]
    begun = reason[:1].upper() + reason[1:] if first.isalpha() else reason
    return begun if not begun or begun.endswith((".", "!", "?")) else f"{begun}."


def paragraphs(text: str) -> str:
    """A text as HTML, escaped: a blank line parts paragraphs, `code` is marked.

    >>> paragraphs("Well done.\\n\\nSee `hint`, a < b.")
    '<p>Well done.</p>\\n<p>See <code>hint</code>, a &lt; b.</p>'
    """
    return "\n".join(f"<p>{inline(part.strip())}</p>" for part in re.split(r"\n\s*\n", text) if part.strip())


def readable(text: str) -> str:
    r"""The text as UTF-8 can hold it and a reader can see it: no half of a pair, no character that controls.

    >>> readable("a\x1b[31m\ud800")
    'a␛[31m\\ud800'
    """
    return text.translate(CONTROLS).encode("utf-8", "backslashreplace").decode("utf-8")
