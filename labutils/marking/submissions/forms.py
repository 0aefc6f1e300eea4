"""How learning platforms name what they hand out: whose it is, in which try, and what the student had called it.

Each form was looked up in public programs that read it, unless a comment says otherwise. Platforms that are not here
are read like any folder.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from labutils.course.students import plain

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


@dataclass(frozen=True)
class Told:
    """What a platform's name says.

    names: of the student, as the platform has it, the one to show first. key: the platform's number for them, which
    tells two of one name apart. order: sorts one student's tries, the earliest first. rest: the file's own name, ""
    where it is a folder's. counts: whether it is something handed in, and no receipt of the platform's own. title: the
    assignment's, where the name has it.
    """

    names: tuple[str, ...]
    key: str = ""
    order: str = ""
    rest: str = ""
    counts: bool = True
    title: str = ""


def read_form(part: str, is_folder: bool) -> Told | None:
    """What a platform's name of a file or folder says; None where it is none.

    >>> read_form("lovelaceada_LATE_12345_67890_lab-1.ipynb", is_folder=False).names
    ('lovelaceada',)
    >>> read_form("ada.ipynb", is_folder=False)
    """
    for pattern, tell in (*BOTH, *(FOLDERS if is_folder else FILES)):
        if found := pattern.fullmatch(part):
            return tell(found)
    return None


def _moodle(found: re.Match[str]) -> Told:
    """`Ada Lovelace_1234567_assignsubmission_file_`, a folder, or flat with the file's name behind it."""
    name, number = plain(found["name"]), found["number"]
    return Told((name,), number, "", found["rest"] or "", found["kind"] == "file")


def _brightspace(found: re.Match[str]) -> Told:
    """`12345-67890 - Ada Lovelace - Nov 2, 2026 1015 AM`, a folder, or flat with the file's name behind it.

    The folders are sure; the flat form is from memory.
    """
    return Told((plain(found["name"]),), "", _date(found["date"]), found["rest"] or "")


def _canvas(found: re.Match[str]) -> Told:
    """`lovelaceada_LATE_12345_67890_lab-1.ipynb`: last and first name, late or not, user, attachment, and the file.

    What is handed in again has a number behind the file's name.
    """
    stem, dot, ending = found["rest"].rpartition(".")
    stem, ending = (stem, ending) if dot else (ending, "")
    again = re.fullmatch(r"(.+)-(\d{1,3})", stem)
    order = (again[2] if again else "0").zfill(4)
    return Told((found["name"],), found["user"], order, f"{again[1] if again else stem}{dot}{ending}")


def _blackboard(found: re.Match[str]) -> Told:
    """`Assignment_ada_attempt_2026-11-02-10-15-30_lab.ipynb`; without the last part it is the receipt.

    The word `attempt` comes in the language of the platform: Dutch has `poging`. The login may be an address.
    """
    login = found["login"]
    names = (login, login.partition("@")[0]) if "@" in login else (login,)
    receipt = not found["rest"]
    return Told(names, "", found["date"], found["rest"] or "", not receipt, found["title"])


def _ilias(found: re.Match[str]) -> Told:
    """`Lovelace_Ada_ada_12345`, a folder: last name, first name, login, number."""
    last, first, login = (plain(found[part].replace("_", " ")) for part in ("last", "first", "login"))
    return Told((f"{first} {last}", login), found["number"])


def _date(text: str) -> str:
    """`Nov 2, 2026 1015 AM` in an order that sorts; "" where the months are named in another language."""
    found = re.fullmatch(r"(\w{3})\w*\.? (\d{1,2}), (\d{4}) (\d{1,2}):?(\d\d) ([AP])M", text)
    if not found or found[1].casefold() not in MONTHS:
        return ""
    month = MONTHS.index(found[1].casefold()) + 1
    hour = int(found[4]) % 12 + (12 if found[6] == "P" else 0)
    return f"{found[3]}-{month:02}-{int(found[2]):02}-{hour:02}-{found[5]}"


Form = tuple[re.Pattern[str], Callable[[re.Match[str]], Told]]
BOTH: tuple[Form, ...] = (
    (
        re.compile(r"(?P<name>.+?)_(?P<number>\d+)_assignsubmission_(?P<kind>file|onlinetext)(?:_(?P<rest>.*))?", re.S),
        _moodle,
    ),
    (
        re.compile(r"\d+-\d+ - (?P<name>.+?) - (?P<date>\w{3,9}\.? \d.*?\d{4} .*?\d(?: [AP]M)?)(?: - (?P<rest>.+))?"),
        _brightspace,
    ),
)
FILES: tuple[Form, ...] = (
    (
        re.compile(
            r"(?P<title>.+)_(?P<login>[^_]+)_[^\W\d_]+_(?P<date>\d{4}(?:-\d\d){5})(?:_(?P<rest>.+)|\.txt)",
        ),
        _blackboard,
    ),
    (re.compile(r"(?P<name>[^_]+)_(?:LATE_)?(?P<user>\d{3,})_\d{3,}_(?P<rest>.+)"), _canvas),
)
# From a plugin of ILIAS; a first name, and not a login, may have several parts.
FOLDERS: tuple[Form, ...] = (
    (re.compile(r"(?P<last>[^\W\d_][^_]*)_(?P<first>[^\W\d_].*)_(?P<login>[^_\d][^_]*)_(?P<number>\d{3,})"), _ilias),
)
