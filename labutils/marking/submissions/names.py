"""Names: as they may be shown, as they are compared, what a file's own name says, and who of a list is meant."""

from __future__ import annotations

import json
import os
import re
import unicodedata
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

from labutils.course.stamp import KEY
from labutils.course.students import folder_names, plain

CONTROLS = {"Cc", "Cs", "Zl", "Zp"}  # kinds of characters that no name shows
TURNS = set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f")  # they show a name in another order
BETWEEN = re.compile(r"[\s_.,;()\[\]+&-]+")
# Words that say what a file or folder is, and not whose; the last ones are also names, or parts of names.
WHAT = """
answer answers archive assignment assignments attempt attempts class classroom collected colab copie copy course
download downloads downloaded exercise exercises export exported file files final finished grade grading group handed
handin hausaufgabe homework hw jupyter kopie lab labs late marking nb notebook notebooks onlinetext pset quiz result
results resubmission round section session sheet solution solutions solved student students submission submissions
submit submitted task tasks test tmp tutorial unit untitled upload uploads v ver version week worksheet zip abgabe
abgaben aufgabe aufgaben blatt
"""
COMMON = set(WHAT.split())
FILLING = {"a", "all", "an", "hand", "in", "my", "new", "of", "ss", "the", "work", "ws"}
NUMBERED = re.compile(r"(?<![^\W\d_])lab[ _-]?0*(\d{1,2})(?!\d)", re.IGNORECASE)
SOMEBODY = re.compile(r"(?:student|participant|user|team|group)[ _-]?\d+", re.IGNORECASE)
DATE = re.compile(r"20\d\d[01]\d[0-3]\d")


def shown(name: str) -> str:
    """A name as it may be printed: composed, without control characters, and without what turns text around.

    >>> shown("a\\nb")
    'a\ufffdb'
    """
    try:
        text = os.fsencode(name).decode("utf-8", "replace")
    except UnicodeEncodeError:  # half of a pair, which a zip may hold
        text = name.encode("utf-8", "replace").decode()
    text = "".join("\ufffd" if unicodedata.category(letter) in CONTROLS else letter for letter in text)
    return unicodedata.normalize("NFC", "".join(letter for letter in text if letter not in TURNS))


def made_for(content: bytes) -> str:
    """The student whose variant of a lab, or whose copy of a release, a notebook says it is; "" where it says nothing.

    >>> made_for(b'{"metadata": {"labutils": {"variant": {"student": "Ada"}}}}')
    'Ada'
    """
    if b'"variant"' not in content and b'"release"' not in content:
        return ""
    try:
        stamp = json.loads(content.decode("utf-8-sig"))["metadata"][KEY]
        student = next(stamp[kind]["student"] for kind in ("variant", "release") if "student" in stamp.get(kind, {}))
    except (ValueError, KeyError, TypeError, AttributeError, StopIteration, RecursionError):
        return ""
    return plain(shown(student)) if isinstance(student, str) else ""


def folded(name: str) -> str:
    """Alike for names that differ in capitals, in how letters are composed, and in `_` for a space.

    >>> folded("Zoe\u0308_Li") == folded("ZOË  LI")
    True
    """
    return plain(unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold()).replace("_", " "))


def lab_named(text: str, slugs: Sequence[str]) -> tuple[str, str]:
    """The lab that a name carries, and the name without it.

    >>> lab_named("Ada 01-single-neuron", ["01_single_neuron"])
    ('01_single_neuron', 'Ada ')
    >>> lab_named("lab1_ada", ["01_single_neuron"])
    ('01_single_neuron', '_ada')
    """
    for slug in slugs:
        pattern = r"[ _-]*".join(map(re.escape, slug.split("_")))
        if found := re.search(pattern, text, re.IGNORECASE):
            return slug, text[: found.start()] + text[found.end() :]
    if found := NUMBERED.search(text):
        slug = next((slug for slug in slugs if slug.startswith(f"{int(found[1]):02}_")), "")
        return slug, text[: found.start()] + text[found.end() :] if slug else text
    return "", text


def own_name(text: str) -> str:
    """What of a name may be a student's: without the words that say what it is, and numbers; "" where nothing is left.

    >>> own_name("Ada Lovelace - final (2)"), own_name("Untitled-1")
    ('Ada Lovelace', '')
    """
    if found := SOMEBODY.search(text):
        return found[0]
    pieces = list(re.finditer(r"[^\s_.,;()\[\]+&-]+", text))
    if all(_says_what(piece[0], COMMON | FILLING) for piece in pieces):
        return ""
    pieces = [piece for piece in pieces if not _says_what(piece[0], COMMON)]
    return plain(text[pieces[0].start() : pieces[-1].end()])


class Roll:
    """The students of a list, found by what platforms and students make of their names."""

    def __init__(self, students: Sequence[str]) -> None:
        self.students = list(students)
        self._levels: list[Mapping[str, set[str]]] = [defaultdict(set) for _ in range(4)]
        for student, folder in zip(students, folder_names(students), strict=True):
            exact = {plain(student), folder}
            loose = {folded(name) for name in exact}
            words = [word for word in BETWEEN.split(folded(student)) if word]
            turned = {"".join(words[number:] + words[:number]) for number in range(max(1, len(words)))}
            for level, keys in enumerate((exact, loose, turned, {_bare(key) for key in turned})):
                for key in keys - {""}:
                    self._levels[level][key].add(student)

    def find(self, name: str) -> str:
        """The student who is called so: by the name, else with words turned round, else without accents; or "".

        >>> Roll(["Ada Lovelace", "Zoë Li"]).find("lovelace_ada"), Roll(["Zoë Li"]).find("Li, Zoe")
        ('Ada Lovelace', 'Zoë Li')
        """
        squeezed = "".join(BETWEEN.split(folded(name)))
        for level, key in zip(self._levels, (plain(name), folded(name), squeezed, _bare(squeezed)), strict=True):
            if len(found := level.get(key, set())) == 1:
                return next(iter(found))
        return ""

    def meant(self, text: str) -> str:
        """The student who is called so, or all of whose names, at least two, stand in a text side by side; or "".

        >>> Roll(["Ada Lovelace"]).meant("lab 1 Ada_Lovelace final")
        'Ada Lovelace'
        """
        if known := self.find(text):
            return known
        words = [word for word in BETWEEN.split(folded(text)) if word][:40]
        for length in range(min(len(words), 8), 1, -1):
            runs = [" ".join(words[start : start + length]) for start in range(len(words) - length + 1)]
            found = {student for run in runs if (student := self.find(run)) and len(student.split()) > 1}
            if found:
                return next(iter(found)) if len(found) == 1 else ""
        return ""


def _says_what(word: str, words: Collection[str]) -> bool:
    """Whether it is one of the words, whatever its number, or a number alone; a long one is a student's."""
    bare = word.casefold().strip("0123456789")
    return bare in words if bare else len(word) < 5 or bool(DATE.fullmatch(word))


def _bare(text: str) -> str:
    """Without accents, and without what is no letter or digit."""
    letters = unicodedata.normalize("NFKD", text)
    return "".join(letter for letter in letters if unicodedata.category(letter)[0] in "LN")
