"""The folder that releases are written to: what may be there already, and how an older release is replaced."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterable
from pathlib import Path

from labutils.course.variants import KEY_FILE
from labutils.errors import LabError
from labutils.exercises.desk import RELEASE
from labutils.files import writable_folder, write_whole
from labutils.handout.bundle import Files
from labutils.handout.release_stamp import Stamp, read_stamp
from labutils.handout.release_zip import one_file

ANOTHER = "name another folder with -o"


def check_place(out: Path, root: Path) -> None:
    """Raises LabError unless the folder is missing, or holds nothing but releases and their key.

    root: of the course.
    """
    if out.is_relative_to(root / "labutils"):
        raise LabError(f"{out} is within labutils, and would be handed out itself: {ANOTHER}.")
    if not out.is_dir():
        return
    for path in sorted(out.iterdir()):
        empty = path.is_dir() and not any(path.iterdir())
        if not (path.name.startswith(".") or path.name == KEY_FILE or empty or stamp_of(path)):
            raise LabError(f"{out} holds other files, such as {path.name}: {ANOTHER}.")


def refuse_other(path: Path) -> None:
    """Raises the LabError about a release that is there already, and not as it would be written."""
    why = "changed since, or of another course, list or options"
    raise LabError(f"{path} is not what would be written ({why}): give --again to replace it, or {ANOTHER}.")


def stamp_of(path: Path) -> Stamp | None:
    """What the release at that path, a folder or a zip, says of itself; None where there is none.

    >>> stamp_of(Path("no such.zip")) is None
    True
    """
    if not path.is_dir():
        return read_stamp(one_file(path, RELEASE)) if path.suffix == ".zip" else None
    with contextlib.suppress(OSError):
        return read_stamp((path / RELEASE).read_bytes())
    return None


def holds(folder: Path, files: Files) -> bool:
    """Whether the folder has all these files as they are; what else there is does not count."""
    try:
        return all((folder / name).read_bytes() == content for name, content in files.items())
    except OSError:
        return False


def write_folder(folder: Path, files: Files, stale: Iterable[str] = ()) -> None:
    """Writes the files: into a new folder, which is there whole or not at all, or over an older release.

    stale: names of files of the older release that are no longer part of it. Whatever else has been put into it, such
    as an environment, stays. Raises LabError where it cannot be written.
    """
    if folder.is_dir() and any(folder.iterdir()):
        _remove(folder, stale)
        _write_files(folder, files)
        return
    part = folder.with_name(f".{folder.name}.{os.getpid()}.part")
    try:
        _write_files(part, files)
        if folder.is_dir():
            folder.rmdir()
        part.rename(folder)
    except OSError as error:
        raise LabError(f"{folder} cannot be written ({error.strerror}): free it, or {ANOTHER}.") from None
    finally:
        shutil.rmtree(part, ignore_errors=True)


def _remove(folder: Path, names: Iterable[str]) -> None:
    """Deletes those files, and each folder that is then empty."""
    for name in names:
        path = folder / name
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            raise LabError(f"{path} cannot be deleted ({error.strerror}): free it, or {ANOTHER}.") from None
        for parent in path.parents[: len(path.relative_to(folder).parts) - 1]:
            with contextlib.suppress(OSError):
                parent.rmdir()


def _write_files(folder: Path, files: Files) -> None:
    for parent in sorted({(folder / name).parent for name in files}):
        writable_folder(parent)
    for name, content in files.items():
        write_whole(folder / name, content)
