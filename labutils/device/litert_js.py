"""LiteRT.js, which runs a .tflite file in a browser: brought from npm once, kept compressed, never part of the course.

The files lie in litert_js/ beside this module, from where wheels carry them, or where that cannot be written in the
user's cache; LABS_LITERT_JS names another folder. What counts as there has a stamp, and agrees with it.
"""

from __future__ import annotations

import contextlib
import gzip
import hashlib
import io
import json
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from importlib import metadata
from pathlib import Path

from labutils.device.npm import AGAIN, Package, members, mirror, tarballs
from labutils.errors import LabError
from labutils.files import sole_user, writable_folder

CORE = Package(
    "@litertjs/core",
    "2.5.3",
    "sha512-PlGmbMOq9WitX7FO0jhbdJw9GthatsyuCQXjTt/wJZo0FLaw48q4tz8IwqgqCIkviYGr9OFDL1kCnN4nzWoyJQ==",
)
UTILS = Package(  # core imports it
    "@litertjs/wasm-utils",
    "2.5.3",
    "sha512-4fJiw6tBQnIs+0jH/OQ16nYOiSl8/+zZnn5h2ul8aTKHi05sVqZW580Tmk78pC2kT39A9OYBVdFawteZ/sI1kQ==",
)
PACKAGES = (CORE, UTILS)
# Our names of the files, and what they are called in their package. A browser takes `relaxed` where it has the relaxed
# SIMD instructions, else `compat`.
PARTS = {
    "core.js.gz": (CORE.name, "package/dist/index.js"),
    "wasm-utils.js.gz": (UTILS.name, "package/dist/index.js"),
    "relaxed.js.gz": (CORE.name, "package/wasm/litert_wasm_internal.js"),
    "relaxed.wasm.gz": (CORE.name, "package/wasm/litert_wasm_internal.wasm"),
    "compat.js.gz": (CORE.name, "package/wasm/litert_wasm_compat_internal.js"),
    "compat.wasm.gz": (CORE.name, "package/wasm/litert_wasm_compat_internal.wasm"),
}
LICENCE, NOTICE, STAMP = "LICENSE", "NOTICE.txt", "stamp.json"
NAMES = frozenset((*PARTS, LICENCE, NOTICE, STAMP))
BESIDE = Path(__file__).with_name("litert_js")
SCRATCH = ".litert_js-"  # begins the names of passing folders
CURE = "run `labs app setup` (it needs a network once)"
WHOLE, MISSING, OUTDATED, DAMAGED = "whole", "missing", "outdated", "damaged"

Tell = Callable[[str], object]


@dataclass(frozen=True)
class Found:
    """What a look at a folder found. flaw: of a damaged one, in words. files: by name; empty unless it is whole."""

    folder: Path
    state: str
    flaw: str = ""
    files: dict[str, bytes] = field(default_factory=dict, repr=False)

    @property
    def whole(self) -> bool:
        return self.state == WHOLE

    @property
    def sentence(self) -> str:
        """What is to be said of the state, and what to do where it is not whole."""
        return {
            WHOLE: f"The browser runtime is in {self.folder}.",
            MISSING: f"The browser runtime is not here: {CURE}.",
            OUTDATED: f"The browser runtime in {self.folder} is of another version than this course's: {CURE}.",
            DAMAGED: f"The browser runtime in {self.folder} is damaged ({self.flaw}): {CURE}.",
        }[self.state]


def runtime_files() -> dict[str, bytes]:
    """The six compressed files by name, once all of them agree with their stamp. LabError, with the cure, otherwise."""
    found = runtime_state()
    if not found.whole:
        raise LabError(found.sentence)
    return {name: found.files[name] for name in PARTS}


def runtime_state() -> Found:
    """Where the runtime is, or else what is wrong with it; tells by the files alone, in a few milliseconds.

    >>> from unittest import mock
    >>> with mock.patch.dict(os.environ, LABS_LITERT_JS="no such folder"):
    ...     runtime_state().state
    'missing'
    """
    found = [look(folder) for folder in places()]
    return min(found, key=lambda each: (not each.whole, each.state == MISSING))


def places() -> list[Path]:
    """The folders where the runtime may be, the preferred one first."""
    named = os.environ.get("LABS_LITERT_JS", "").strip()
    return [Path(named).expanduser().absolute()] if named else [BESIDE, cache_folder() / "litert_js"]


def cache_folder() -> Path:
    """Where this system keeps what a user's programs can fetch again. By hand: the doctor has no library to ask.

    >>> cache_folder().name
    'labutils'
    """
    home = Path.home()
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA") or home / "AppData" / "Local")
    elif sys.platform == "darwin":
        base = home / "Library" / "Caches"
    else:
        named = Path(os.environ.get("XDG_CACHE_HOME") or ".")
        base = named if named.is_absolute() else home / ".cache"  # relative ones count for nothing, says the standard
    return base / "labutils"


def look(folder: Path) -> Found:
    """What is in a folder: every file is read, and held against the stamp."""
    found = _look(folder)
    return found if found.whole else _look(folder)  # a set-up may just have put another folder in its place


def _look(folder: Path) -> Found:
    try:
        if not folder.is_dir() or not any(folder.iterdir()):
            return Found(folder, MISSING)
        stamp = json.loads((folder / STAMP).read_text(encoding="utf-8"))
        if stamp["packages"] != _pins():
            return Found(folder, OUTDATED)
        files = {name: (folder / name).read_bytes() for name in (*PARTS, LICENCE, NOTICE)}
        spoilt = [name for name, content in files.items() if _sha256(content) != stamp["files"][name]]
    except OSError as error:
        return Found(folder, DAMAGED, f"{Path(error.filename or folder).name}: {error.strerror}")
    except (ValueError, KeyError, TypeError):
        return Found(folder, DAMAGED, f"{STAMP} is none")
    return Found(folder, DAMAGED, f"{spoilt[0]} has changed") if spoilt else Found(folder, WHOLE, "", files)


def setup_runtime(tell: Tell = print, again: bool = False) -> Path:
    """Brings the runtime here unless it is: its folder, whole. Without `again`, no network is needed where it is whole.

    tell: gets what will be done before it is done. Raises LabError, one sentence, when it cannot be done: what was
    there before is then there still.
    """
    found = runtime_state()
    if found.whole and not again:
        return _there(found.folder, tell)
    folder = _place()
    copy = mirror(PACKAGES)
    source = f"out of LABS_MIRROR, {copy}" if copy else "with npm, about 12 MB; this needs a network once"
    tell(f"Fetching {' and '.join(map(str, PACKAGES))} (Apache-2.0) {source}. They go to {folder}.")
    with _alone(folder):
        if not again and look(folder).whole:  # another set-up was quicker
            return _there(folder, tell)
        _fetch(folder)
    tell("The browser runtime is set up: no network is needed for it any more.")
    return folder


def _there(folder: Path, tell: Tell) -> Path:
    tell(f"The browser runtime is there already: {folder}. `labs app setup --again` fetches it anew.")
    return folder


def _place() -> Path:
    """The first of the folders that can be put in place, where a link leads to it; LabError where none can."""
    for place in places():
        folder = place.resolve()
        with contextlib.suppress(LabError):
            writable_folder(folder.parent)
            break
    else:
        raise LabError(f"No folder can be written in {folder.parent}: name another one in LABS_LITERT_JS.")
    return _ours(folder)


def _ours(folder: Path) -> Path:
    """The folder, if it holds nothing but what a set-up puts there: all of it will be replaced. LabError otherwise."""
    if folder.exists() and not folder.is_dir():
        raise LabError(f"{folder} is a file: name a folder in LABS_LITERT_JS.")
    foreign = {each.name for each in folder.iterdir()} - NAMES - {".DS_Store"} if folder.exists() else set()
    if foreign:
        raise LabError(f"{folder} holds other files, such as {min(foreign)}: name a new folder in LABS_LITERT_JS.")
    return folder


@contextlib.contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Keeps other set-ups away, says in one sentence what the disk refuses, and clears away what killed ones left."""
    try:
        with sole_user(folder.parent, "another `labs app setup` is at work there: wait until it is done"):
            for each in folder.parent.glob(f"{SCRATCH}*"):
                if time.time() - each.stat().st_mtime > 3600:  # where there are no locks, a younger one may be in use
                    shutil.rmtree(each, ignore_errors=True)
            yield
    except OSError as error:
        cannot = f"The browser runtime cannot be written to {folder} ({error.strerror or error})"
        raise LabError(f"{cannot}: free some space, or name another folder in LABS_LITERT_JS, then {AGAIN}.") from None


def _fetch(folder: Path) -> None:
    """Puts a whole new folder in place of the old one, if there is one."""
    with tempfile.TemporaryDirectory(prefix=SCRATCH, dir=folder.parent, ignore_cleanup_errors=True) as name:
        scratch = Path(name)
        fetched, new = scratch / "fetched", scratch / "new"
        fetched.mkdir()
        new.mkdir()
        found = tarballs(PACKAGES, fetched)
        parts = {}
        for package in PACKAGES:
            wanted = {part: member for part, (owner, member) in PARTS.items() if owner == package.name}
            contents = members(package, found[package.name], wanted.values())
            parts |= {part: contents[member] for part, member in wanted.items()}
        for part, content in _folder_of(parts).items():
            (new / part).write_bytes(content)
        _swap(new, folder, scratch / "old")


def _folder_of(parts: dict[str, bytes]) -> dict[str, bytes]:
    """All files of the folder by name, the stamp last. parts: the contents of the six, not yet compressed."""
    files = {name: compressed(content) for name, content in parts.items()}
    files |= {LICENCE: licence().encode(), NOTICE: notice().encode()}
    stamp = {
        "packages": _pins(),
        "files": {name: _sha256(content) for name, content in files.items()},
        "unpacked": {name.removesuffix(".gz"): _sha256(content) for name, content in parts.items()},
    }
    return files | {STAMP: (json.dumps(stamp, indent=1) + "\n").encode()}


def _swap(new: Path, folder: Path, old: Path) -> None:
    """Two renames; whatever comes between them, the old folder is put back."""
    try:
        if folder.exists():
            folder.rename(old)
        new.rename(folder)
    except BaseException:
        if old.exists() and not folder.exists():
            old.rename(folder)
        raise


def compressed(content: bytes) -> bytes:
    """The content under gzip, the same bytes whenever and wherever it is made: no time, no system in its header.

    >>> compressed(b"whole")[:10].hex(" ")
    '1f 8b 08 00 00 00 00 00 02 ff'
    """
    out = io.BytesIO()
    with gzip.GzipFile(filename="", mode="wb", compresslevel=9, fileobj=out, mtime=0) as file:
        file.write(content)
    return out.getvalue()


def licence() -> str:
    """The text of the Apache License 2.0, which is also this project's own; the tarballs carry none.

    >>> licence().split()[:4]
    ['Apache', 'License', 'Version', '2.0,']
    """
    with contextlib.suppress(metadata.PackageNotFoundError):
        text = metadata.distribution("labutils").read_text("licenses/LICENSE")
        if text:
            return text
    try:  # a clone that is not installed
        return (Path(__file__).parents[2] / "LICENSE").read_text(encoding="utf-8")
    except OSError:
        raise LabError("The licence's text is not in this installation of labutils: install it anew.") from None


def notice() -> str:
    """What the folder holds, for whoever comes across it, or passes it on."""
    lines = [
        "LiteRT.js: the runtime that runs .tflite models in a browser",
        "",
        "These files come from two packages of npm. Apart from being compressed with gzip and named anew, they are as",
        "published, by the LiteRT project of Google, under the Apache License 2.0, whose text is in LICENSE.",
    ]
    for package in PACKAGES:
        lines += ["", str(package), f"  {package.integrity}"]
        lines += [f"  {part:16} was {member}" for part, (owner, member) in PARTS.items() if owner == package.name]
    lines += ["", "`labs app setup` fetched them, and held each package against the integrity above.", ""]
    return "\n".join(lines)


def _pins() -> dict[str, dict[str, str]]:
    return {each.name: {"version": each.version, "integrity": each.integrity} for each in PACKAGES}


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
