"""Where the second environment is, and whether it can be used: told by its stamp alone, with the standard library."""

import hashlib
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from labutils.errors import LabError
from labutils.paths import course_root

HOW = "labs flex install"
QAT_HOW = "labs flex install --qat"
MARKER = ".made-by-labs"  # written first: only a folder that holds it is ever emptied
STAMP = ".labs-ready.json"  # written last, when the self-check has passed
PINS = Path(__file__).parent / "pins"

READY, MISSING, FOREIGN, UNFINISHED, OUTDATED, BROKEN = (
    "ready", "missing", "foreign", "unfinished", "outdated", "broken",
)  # fmt: skip


@dataclass(frozen=True)
class Found:
    """What a look at the folder found. stamp: what the self-check wrote, versions by name; empty unless ready."""

    folder: Path
    state: str
    stamp: dict[str, Any]

    @property
    def ready(self) -> bool:
        return self.state == READY

    @property
    def qat(self) -> bool:
        """Whether it also holds what quantization-aware training needs, as pinned now."""
        return self.ready and self.stamp.get("qat") == digest("qat")

    @property
    def sentence(self) -> str:
        """What is to be said of the state, and what to do where it is not ready."""
        return {
            READY: f"The Flex environment is in {self.folder}.",
            MISSING: f"The Flex environment is not installed: run `{HOW}`.",
            FOREIGN: f"{self.folder} was not made by `{HOW}`: move it away, or name another folder in LABS_FLEX.",
            UNFINISHED: f"The Flex environment in {self.folder} was not finished: run `{HOW}` again.",
            OUTDATED: f"The Flex environment in {self.folder} holds other versions than pinned: run `{HOW}` again.",
            BROKEN: f"The Flex environment in {self.folder} has lost its Python: run `{HOW}` again.",
        }[self.state]


def folder() -> Path:
    """The folder of the second environment: LABS_FLEX, else `.venv-flex` in the course; it need not be there.

    A relative LABS_FLEX counts from the course's folder. Raises LabError where there is neither.

    >>> from unittest import mock
    >>> with mock.patch.dict(os.environ, LABS_FLEX="/srv/class/flex"):
    ...     folder().name
    'flex'
    """
    moved = Path(os.environ.get("LABS_FLEX", "").strip() or ".venv-flex").expanduser()
    return moved if moved.is_absolute() else course_root() / moved


def look(place: Path | None = None) -> Found:
    """What is in the folder, in a few milliseconds: nothing is imported and nothing run.

    >>> look(Path("no such folder")).state
    'missing'
    """
    place = place or folder()
    state, stamp = _state(place)
    return Found(place, state, stamp)


def _state(place: Path) -> tuple[str, dict[str, Any]]:
    if not place.exists() or (place.is_dir() and not any(place.iterdir())):
        return MISSING, {}
    if not (place / MARKER).is_file():
        return FOREIGN, {}
    try:
        stamp = json.loads((place / STAMP).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return UNFINISHED, {}
    if not isinstance(stamp, dict) or stamp.get("flex") != digest("flex"):
        return OUTDATED, {}
    return (READY, stamp) if python_in(place).exists() else (BROKEN, {})


def require(qat: bool = False) -> Path:
    """The Python of the second environment; LabError with the command to run where it cannot be used."""
    found = look()
    if not found.ready:
        raise LabError(found.sentence)
    if qat and not found.qat:
        raise LabError(f"The Flex environment in {found.folder} has no Keras 2 yet: run `{QAT_HOW}`.")
    return python_in(found.folder)


def python_in(place: Path) -> Path:
    """The Python of an environment in that folder."""
    return place / "Scripts" / "python.exe" if os.name == "nt" else place / "bin" / "python"


def pins(name: str) -> Path:
    """The file of pinned packages, "flex" or "qat".

    >>> pins("flex").name
    'flex.lock'
    """
    return PINS / f"{name}.lock"


def digest(name: str) -> str:
    """The SHA-256 of what a file pins, comments left out: an environment is outdated when it changes.

    >>> len(digest("flex"))
    64
    """
    lines = pins(name).read_text(encoding="utf-8").splitlines()
    return hashlib.sha256("\n".join(line for line in lines if not line.lstrip().startswith("#")).encode()).hexdigest()
