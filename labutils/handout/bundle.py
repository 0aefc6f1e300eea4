"""What a release holds: every file by its name in the bundle, in memory, before anything is written."""

from __future__ import annotations

import ast
import copy
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from labutils.course import source
from labutils.course.catalog import Lab
from labutils.course.execute import notebook_text
from labutils.course.normal import LANGUAGE
from labutils.course.stamp import KEY
from labutils.course.variants import Variant, make_over, of_it, pictures, replaced, with_defaults
from labutils.errors import LabError
from labutils.exercises.desk import RELEASE
from labutils.handout import bundle_needs, bundle_readme, release_stamp
from labutils.handout.release_stamp import Stamp
from labutils.models import asset

if TYPE_CHECKING:
    from nbformat import NotebookNode

AS_THEY_ARE = (
    "LICENSE", "LICENSE-CC-BY-4.0", "Makefile", "environment.yml", "labs.py", "pyproject.toml", "requirements.lock",
)  # fmt: skip
WEIGHTS = "labutils/assets"
# Below labutils: what is fetched (each learner fetches it anew), and the weights, of which a release has its own.
LEFT_OUT = ("labutils/assets", "labutils/device/litert_js")
# What is for the teacher alone: whoever hands in need not know what marking looks at. Their commands say so.
TEACHERS = ("labutils/handout", "labutils/marking")
STUB = """\
from labutils.errors import LabError

raise LabError("This command is for the teacher: it works in the whole course, not in a release of some labs.")
"""
WITHHELD = ("solution", "explanation")
Files = dict[str, bytes]


@dataclass(frozen=True)
class Material:
    """What goes out. shared: the files that are the same in every bundle. notebooks: of each lab, without outputs."""

    labs: tuple[Lab, ...]
    shared: Files
    notebooks: Mapping[str, NotebookNode]


def gather(root: Path, labs: Sequence[Lab], solutions: bool) -> Material:
    """Reads the course in that folder for a release of these labs, with or without solutions.

    The notebooks are made from their sources, without outputs: whoever has tried the exercises in the notebooks does
    not hand the answers out, and nothing gives away what a learner is to predict. Raises LabError where a part of the
    course is missing, or solutions are asked for that are not here.
    """
    before = release_stamp.read_stamp(_read(root / RELEASE, optional=True))
    if solutions and before and not before.solutions:
        raise LabError(f"{root} was released without solutions: leave --solutions out, or release from the course.")
    notebooks = {lab.slug: source.read_source(lab.source) for lab in labs}
    for notebook in notebooks.values():
        notebook.metadata["language_info"] = dict(LANGUAGE)
    shared = {name: _read(root / name) for name in AS_THEY_ARE}
    shared |= _code(root, solutions) | _weights(root, labs) | _beside(root, labs) | _pictures(root, labs, notebooks)
    return Material(tuple(labs), shared, notebooks)


def bundle(material: Material, stamp: Stamp, variants: Mapping[str, Variant] | None = None) -> Files:
    """All files of one bundle. variants: by a lab's name, where a student has parameter values of their own."""
    files = dict(material.shared)
    for lab in material.labs:
        variant = (variants or {}).get(lab.slug)
        values = variant.parameters if variant else {}
        notebook = copy.deepcopy(material.notebooks[lab.slug])
        make_over(notebook, values)
        own: dict[str, Any] = {"release": stamp.in_notebook(lab)}
        notebook.metadata[KEY] = own | ({"variant": of_it(lab, variant)} if variant else {})
        text = lab.source.read_text(encoding="utf-8")
        files[f"notebooks/{lab.notebook.name}"] = notebook_text(notebook).encode()
        files[f"notebooks/source/{lab.source.name}"] = with_defaults(text, values).encode()
    files[RELEASE] = stamp.text().encode()
    files["README.md"] = bundle_readme.readme(material.labs, stamp).encode()
    return files


def withhold(text: str, name: str) -> str:
    """A module of exercises, of that name, without its solutions and explanations: empty texts stand in their place.

    Raises LabError where one of them is no text that stands in its place: taking that away would leave the text.

    >>> withhold('E = Exercise(name="1.a", solution="x = 1", explanation="So.", check=c)', "lab01.py")
    'E = Exercise(name="1.a", solution="", explanation="", check=c)'
    """
    calls = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call) and _is_exercise(node)]
    found = [keyword.value for call in calls for keyword in call.keywords if keyword.arg in WITHHELD]
    spelled = all(isinstance(value, ast.Constant) and isinstance(value.value, str) for value in found)
    if not spelled or len(found) != len(WITHHELD) * len(calls):
        cure = "write `solution=` and `explanation=` with their texts into each Exercise"
        raise LabError(f"The solutions of {name} cannot be taken out: {cure}, or release with --solutions.")
    found.sort(key=lambda value: (value.lineno, value.col_offset))
    return replaced(text, [(value, '""') for value in found])


def _is_exercise(call: ast.Call) -> bool:
    function = call.func
    return (function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")) == "Exercise"


def _code(root: Path, solutions: bool) -> Files:
    """labutils without the teacher's rooms. The labs never call much of it, but it is small, and `labs` stays whole."""
    files = {_name(path, root): _read(path) for path in _below(root, root / "labutils")}
    if "labutils/exercises/desk.py" not in files:
        raise LabError(f"{root} holds notebooks but no labutils to hand out: release from a clone of the course.")
    files |= {f"{room}/__init__.py": STUB.encode() for room in TEACHERS}
    for name, content in files.items():
        if not solutions and name.startswith("labutils/exercises/") and name.endswith(".py"):
            files[name] = withhold(content.decode(), Path(name).name).encode()
    return files


def _below(root: Path, folder: Path) -> Iterator[Path]:
    for path in sorted(folder.iterdir()) if folder.is_dir() else []:
        if path.is_dir():
            if path.name != "__pycache__" and path.name[0] != "." and _name(path, root) not in LEFT_OUT + TEACHERS:
                yield from _below(root, path)
        elif path.name[0] != "." and path.suffix not in (".pyc", ".ipynb"):
            yield path


def _name(path: Path, root: Path) -> str:
    return path.relative_to(root).as_posix()


def _weights(root: Path, labs: Sequence[Lab]) -> Files:
    """The weights that the labs read, found whole, and their checksums: then no other is missed."""
    names = bundle_needs.weights(labs)
    sums = _read(root / WEIGHTS / "SHA256SUMS").decode().splitlines()
    kept = [line for line in sums if line.split(maxsplit=1)[-1].lstrip("*") in names]
    files = {f"{WEIGHTS}/{name}": asset(name).read_bytes() for name in names}
    return files | {f"{WEIGHTS}/SHA256SUMS": "".join(f"{line}\n" for line in kept).encode()}


def _beside(root: Path, labs: Sequence[Lab]) -> Files:
    """The data beside the notebooks that the labs read, and for `labs list` what these labs were measured to cost."""
    files = {f"notebooks/{name}": _read(root / "notebooks" / name) for name in bundle_needs.beside(labs)}
    try:
        costs = json.loads(_read(root / "notebooks" / "measured.json", optional=True))
        kept = {name: cost for name, cost in costs.items() if name in ("machine", "date", *(lab.slug for lab in labs))}
    except (ValueError, AttributeError):
        return files
    return files | {"notebooks/measured.json": (json.dumps(kept, indent=1, ensure_ascii=False) + "\n").encode()}


def _pictures(root: Path, labs: Sequence[Lab], notebooks: Mapping[str, NotebookNode]) -> Files:
    """The pictures that the labs show, and their gallery, which the notebooks name and `labs practice` reads."""
    paths = {path.name: path for lab in labs for path in pictures(notebooks[lab.slug], lab)}
    words = source.gallery(root / "img" / "README.md")
    shown = "".join(f"![{words[path.stem]}]({name})\n\n" for name, path in sorted(paths.items()) if path.stem in words)
    head = "# The pictures of these labs\n\nLicence: CC BY 4.0.\n\n"
    files = {f"img/{name}": _read(path) for name, path in paths.items()}
    return files | {"img/README.md": (head + shown).rstrip("\n").encode() + b"\n"}


def _read(path: Path, optional: bool = False) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        if optional:
            return b""
        said = "is missing" if isinstance(error, FileNotFoundError) else f"cannot be read ({error.strerror})"
        raise LabError(f"{path} {said}: release from a whole clone of the course.") from None
