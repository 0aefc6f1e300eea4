"""The students of a list, and a folder name for each that every system bears."""

import csv
import hashlib
import io
import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from labutils.errors import LabError

COLUMNS = ("student", "name", "id")  # what a header calls the column of the names; the first that is there counts
SEPARATORS = ",;\t"  # of spreadsheets that speak English, of others, and of what is pasted out of them
LONGEST = 40  # characters of a name in a folder's: at most 160 bytes, of the 255 that a file system takes
# Windows keeps these for devices, whatever stands behind a dot; the last two are taken beside the students' folders.
DEVICES = {"CON", "PRN", "AUX", "NUL", *(f"{port}{number}" for port in ("COM", "LPT") for number in range(10))}
TAKEN = {"IMG", "KEY.CSV"}
HASHED = re.compile(r".*-[0-9a-f]{10}|[0-9a-f]{10}", re.DOTALL)


def read_students(path: Path) -> list[str]:
    """The names of a list, in its order: of a CSV file, or of a text with one name a line.

    path: UTF-8, with or without a byte order mark; commas, semicolons or tabs. A first row that has a column called
    student, name or id is the header; without one, the first column counts. Blank lines are passed over. Names come in
    Unicode's composed form (NFC), with single spaces, so that a list gives the same names from whichever system.
    Raises LabError for a file that cannot be read, a name that is there twice, and a list without names.

    >>> import tempfile
    >>> file = Path(tempfile.mkdtemp()) / "names.csv"
    >>> _ = file.write_text("id,name\\n1,Ada\\n2,Zoë\\n", encoding="utf-8")
    >>> read_students(file)
    ['Ada', 'Zoë']
    """
    text = _text(path)
    first = next((line for line in text.splitlines() if line.strip()), "")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(SEPARATORS, key=first.count), strict=True)
    try:
        rows = [(reader.line_num, [plain(cell) for cell in row]) for row in reader]
    except csv.Error as error:
        where = f"Line {reader.line_num} of {path.name}"
        raise LabError(f"{where} is no CSV ({error}): close its quotation marks, or take them out.") from None
    names = _names([(line, row) for line, row in rows if any(row)], path.name)
    for name, count in Counter(names).items():
        if count > 1:
            raise LabError(f"{path.name} has {name!r} twice: keep one, or tell the two apart.")
    if not names:
        raise LabError(f"{path.name} holds no students: write one name a line.")
    return names


def plain(name: str) -> str:
    """The name as it is compared: composed (NFC), with single spaces, and none at its ends.

    >>> plain("  Zoe\u0308   Li ")
    'Zoë Li'
    """
    return " ".join(unicodedata.normalize("NFC", name).split())


def folder_names(students: Sequence[str]) -> list[str]:
    """A folder name for each student: letters and digits of any script, `_` for a space, safe on every system.

    Names are unique also where capitals and ways of composing a letter count for nothing. A name that lost more than
    its spaces gets a short hash behind it, and so do all that would else be alike.

    >>> folder_names(["Zoë Li", "O'Brien", "ada", "Ada"])
    ['Zoë_Li', 'O_Brien-e6e624964c', 'ada-fdee430d40', 'Ada-99a563ab2f']
    """
    shown = [_readable(student) for student in students]
    alike = Counter(_folded(name) for name in shown)
    names = []
    for student, name in zip(students, shown, strict=True):
        clear = name == student.replace(" ", "_") and alike[_folded(name)] == 1 and not HASHED.fullmatch(_folded(name))
        names.append(name if clear else "-".join(filter(None, [name, _hash(student)])))
    return names


def _text(path: Path) -> str:
    if path.is_dir():
        raise LabError(f"{path} is a folder: name the file with the students.")
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise LabError(f"{path} cannot be read ({error.strerror}): name the file with the students.") from None
    except UnicodeDecodeError:
        text = "\0"
    if "\0" in text:
        raise LabError(f"{path.name} is no text in UTF-8: save the list as `CSV UTF-8`.")
    return text


def _names(rows: Sequence[tuple[int, list[str]]], where: str) -> list[str]:
    """The column of the names."""
    header = [cell.casefold() for cell in rows[0][1]] if rows else []
    title = next((column for column in COLUMNS if column in header), None)
    column = header.index(title) if title else 0
    names = []
    for line, row in rows[1:] if title else rows:
        if len(row) <= column or not row[column]:
            raise LabError(f"Line {line} of {where} has no {title or 'name'}: write one, or delete the line.")
        names.append(row[column])
    return names


def _readable(student: str) -> str:
    """What of a name may stand in a folder's: letters, marks, digits, and `.`, `_`, `-` between them."""
    kept = "".join(letter if letter in "._-" or unicodedata.category(letter)[0] in "LMN" else "_" for letter in student)
    name = unicodedata.normalize("NFC", kept)[:LONGEST].strip("._-")
    stem = unicodedata.normalize("NFKC", name).upper()
    return f"_{name}" if stem in TAKEN or stem.partition(".")[0] in DEVICES else name


def _folded(name: str) -> str:
    """Alike for names that some file system takes for one."""
    return unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", name).casefold()).casefold()


def _hash(student: str) -> str:
    return hashlib.sha256(student.encode()).hexdigest()[:10]
