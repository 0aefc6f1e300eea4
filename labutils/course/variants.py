"""The same lab with other values for every student, so that answers differ, and can be marked.

A student needs the course (a clone, and its environment) and the folder that was written for them, put into the clone
beside `notebooks/`: there the lab finds its pictures, in ../img, and labutils finds the lab that it checks against.
"""

import ast
import csv
import hashlib
import io
import json
import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from labutils.course.catalog import Lab
from labutils.course.execute import notebook_text, read_notebook
from labutils.course.grid import check_axes, read_axes
from labutils.course.parameters import Value, read_parameters
from labutils.course.stamp import KEY
from labutils.course.students import folder_names, plain
from labutils.errors import LabError
from labutils.files import writable_folder, write_whole

if TYPE_CHECKING:
    from nbformat import NotebookNode

KEY_FILE = "key.csv"
PICTURE = re.compile(r"\]\(\.\./img/([^()/\\]+\.png)\)")
FORMULA = re.compile(r"'*[=+\-@＝＋－＠]")  # how a cell begins that a spreadsheet would run, or that we have disarmed


@dataclass(frozen=True)
class Variant:
    """What one student gets: the folder's name, and the values of all parameters of the lab."""

    student: str
    folder: str
    parameters: Mapping[str, Value]


def lab_axes(lab: Lab, texts: Sequence[str] = ()) -> dict[str, list[Value]]:
    """The parameters that vary, each with its possible values: those of the texts, else those of the lab's header.

    texts: as `labutils.course.grid.parse_axis` reads them. Raises LabError for a value that the lab does not allow, and
    where nothing varies.
    """
    axes = check_axes(lab, read_axes(texts, {} if texts else lab.variants))
    if not axes:
        example = "write -g NAME=VALUES, such as -g seed=1..999"
        raise LabError(f"Lab {lab.number} names no parameters that vary: {example} (see `labs params {lab.number}`).")
    return axes


def choose(slug: str, student: str, axes: Mapping[str, Sequence[Value]], salt: str = "") -> dict[str, Value]:
    """The student's value of each axis, which depends on nothing but these: no other student, axis, or machine.

    It is the one at SHA-256 of the JSON list [salt, slug, student, name], as a whole number, modulo how many there are.

    >>> choose("01_single_neuron", "Ada", {"seed": range(1, 1000)})
    {'seed': 743}
    """
    student = plain(student)
    return {name: values[_number(salt, slug, student, name) % len(values)] for name, values in axes.items()}


def make_variants(
    lab: Lab, students: Sequence[str], axes: Mapping[str, Sequence[Value]], salt: str = ""
) -> list[Variant]:
    """The variant of each student, in the order given; a parameter that does not vary has its default.

    students: as `labutils.course.students.read_students` gives them, none twice.
    """
    defaults = {each.name: each.default for each in read_parameters(lab)}
    return [
        Variant(student, folder, {**defaults, **choose(lab.slug, student, axes, salt)})
        for student, folder in zip(students, folder_names(students), strict=True)
    ]


def sharing(variants: Sequence[Variant]) -> int:
    """How many students have all their values in common with another.

    >>> sharing([Variant(name, name, {"seed": seed}) for name, seed in [("a", 1), ("b", 2), ("c", 1)]])
    2
    """
    counts = Counter(tuple(each.parameters.items()) for each in variants)
    return sum(count for count in counts.values() if count > 1)


def with_defaults(text: str, values: Mapping[str, Value]) -> str:
    """A parameters cell with other defaults; annotations, comments, and defaults that are right stay as they are.

    >>> with_defaults("steps: int = 500  # training steps [1..5000]", {"steps": 7})
    'steps: int = 7  # training steps [1..5000]'
    """
    changes = []
    for statement in ast.parse(text).body:
        if not (isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name) and statement.value):
            continue
        name = statement.target.id
        if name in values and repr(ast.literal_eval(statement.value)) != repr(values[name]):
            changes.append((statement.value, _literal(values[name])))
    return replaced(text, changes)


def replaced(text: str, changes: Sequence[tuple[ast.expr, str]]) -> str:
    """Python with other texts in place of some of its expressions; whatever stands around them stays as it is.

    changes: expressions of `ast.parse(text)`, none within another, in the order in which they stand.

    >>> text = "a = f(1)  # one"
    >>> replaced(text, [(ast.parse(text).body[0].value.args[0], "2")])
    'a = f(2)  # one'
    """
    lines = text.encode().split(b"\n")  # bytes, because that is what Python's parser counts columns in
    for old, new in reversed(changes):
        before, after = lines[old.lineno - 1][: old.col_offset], lines[old.end_lineno - 1][old.end_col_offset :]
        lines[old.lineno - 1 : old.end_lineno] = [before + new.encode() + after]
    return b"\n".join(lines).decode()


def key_text(variants: Sequence[Variant]) -> str:
    """The teacher's key as CSV: student, folder, and a column for each parameter.

    It begins with a byte order mark, so that a spreadsheet shows names in any script. What a spreadsheet would take
    for a formula has an apostrophe before it; `read_key` takes it off again.
    """
    names = list(variants[0].parameters) if variants else []
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["student", "folder", *names])
    for each in variants:
        writer.writerow([disarmed(cell) for cell in (each.student, each.folder, *each.parameters.values())])
    return "\ufeff" + out.getvalue()


def read_key(path: Path) -> list[dict[str, str]]:
    """The rows of a key, by column, as texts; LabError where it is none."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
        rows = list(csv.DictReader(io.StringIO(text, newline=""), strict=True))
    except OSError as error:
        raise LabError(f"{path} cannot be read ({error.strerror}): name the key of some variants.") from None
    except (UnicodeDecodeError, csv.Error):
        rows = []
    if not rows or not {"student", "folder"} <= rows[0].keys():
        raise LabError(f"{path} is no key of variants: write it anew with `labs variants`.")
    return [{name: armed(value or "") for name, value in row.items() if name} for row in rows]


def write_variants(lab: Lab, variants: Sequence[Variant], folder: Path) -> Path:
    """Writes each student's notebook, below them the pictures of the lab, and last the key, whose path comes back.

    The notebook is the course's, without outputs; its parameters cell has the student's values as defaults, and its
    metadata say whose it is. What is there already and the same is left alone, so that a longer list adds to it.
    Raises LabError, before anything is written, for a folder that holds something else: other files, another lab's
    variants, or such as this list does not give, be it that somebody has worked in one.
    """
    notebook = read_notebook(lab)
    texts = {each.folder: _text(notebook, lab, each) for each in variants}
    folder = folder.expanduser()
    if folder.is_dir():
        _check_folder(folder, lab, texts)
    folder = writable_folder(folder)
    for name, text in texts.items():
        own = writable_folder(folder / name)
        if not (own / lab.notebook.name).exists():
            write_whole(own / lab.notebook.name, text)
    for picture in pictures(notebook, lab):
        write_whole(writable_folder(folder / "img") / picture.name, picture.read_bytes())
    return write_whole(folder / KEY_FILE, key_text(variants))


def make_over(notebook: "NotebookNode", values: Mapping[str, Value]) -> None:
    """Takes all outputs out of the notebook, in place, and makes those values the defaults of its parameters."""
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
            if "parameters" in cell.metadata.get("tags", []):
                cell.source = with_defaults(cell.source, values)


def of_it(lab: Lab, variant: Variant) -> dict[str, Any]:
    """What the metadata of a student's notebook say of it: the lab, the student, and the values of all parameters.

    They stand in `metadata["labutils"]["variant"]`.
    """
    return {"lab": lab.slug, "student": variant.student, "parameters": dict(variant.parameters)}


def pictures(notebook: "NotebookNode", lab: Lab) -> list[Path]:
    """The pictures that the lab shows and the course has."""
    texts = [cell.source for cell in notebook.cells if cell.cell_type == "markdown"]
    names = sorted({name for text in texts for name in PICTURE.findall(text)})
    paths = [lab.notebook.parent.parent / "img" / name for name in names]
    return [path for path in paths if path.is_file()]


def _number(*parts: str) -> int:
    """A large number that looks like chance; parts in a JSON list, so that ("a", "bc") is not ("ab", "c")."""
    return int.from_bytes(hashlib.sha256(json.dumps(parts).encode()).digest(), "big")


def _literal(value: Value) -> str:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str) else repr(value)


def disarmed(cell: Value) -> Value:
    """The cell as a spreadsheet takes it for a text; `armed` undoes it.

    >>> disarmed("=1+1"), disarmed("Ada")
    ("'=1+1", 'Ada')
    """
    return f"'{cell}" if isinstance(cell, str) and FORMULA.match(cell) else cell


def armed(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and FORMULA.match(cell) else cell


def _text(notebook: "NotebookNode", lab: Lab, variant: Variant) -> str:
    """The student's notebook; the one that is given is made over, for no copy is needed."""
    make_over(notebook, variant.parameters)
    notebook.metadata[KEY] = {"variant": of_it(lab, variant)}
    return notebook_text(notebook)


def _check_folder(folder: Path, lab: Lab, texts: Mapping[str, str]) -> None:
    """Raises LabError unless the folder is empty or holds some of these variants, as they would be written."""
    another = "name another folder with -o"
    found = {path: _variant_of(path) for path in sorted(folder.glob("*/*.ipynb"))}
    for variant in found.values():
        if variant and variant.get("lab") != lab.slug:
            raise LabError(f"{folder} holds variants of lab {variant.get('lab')}: {another}.")
    if not any(found.values()):
        files = (path for path in folder.rglob("*") if path.is_file() and not path.name.startswith("."))
        if other := next(files, None):
            raise LabError(f"{folder} holds other files, such as {other.name}: {another}.")
    for path, variant in found.items():
        name = unicodedata.normalize("NFC", path.parent.name)  # a Mac may spell a name in another way than we did
        if path.name == lab.notebook.name and (variant or name in texts):
            _check_same(path, name, texts, another)


def _check_same(path: Path, name: str, texts: Mapping[str, str], another: str) -> None:
    if name not in texts:
        raise LabError(f"{path.parent} is no folder of this list: put back who is missing from it, or {another}.")
    if path.read_bytes() != texts[name].encode():
        why = "changed since, or made with another --salt, -g or course"
        raise LabError(f"{path} is not what would be written ({why}): delete its folder, or {another}.")


def _variant_of(path: Path) -> dict[str, Any] | None:
    """What a notebook's metadata say of the variant it is; None where it is none."""
    try:
        variant = json.loads(path.read_text(encoding="utf-8"))["metadata"][KEY]["variant"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return variant if isinstance(variant, dict) else None
