"""Files that are there whole or not at all."""

import contextlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from labutils.errors import LabError


def write_whole(path: Path, content: str | bytes) -> Path:
    """Writes text or bytes to a file beside the path, then renames it: a reader never meets half a file.

    Raises LabError where the folder cannot be written.

    >>> import tempfile
    >>> write_whole(Path(tempfile.mkdtemp()) / "a.txt", "whole").read_text()
    'whole'
    """
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        part.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)
        part.replace(path)
    except OSError as error:
        raise LabError(f"{path} cannot be written ({error.strerror}): free it, or choose another folder.") from None
    finally:
        part.unlink(missing_ok=True)
    return path


def writable_folder(folder: Path) -> Path:
    """The folder, absolute, made if it is missing and tried out; LabError when it is a file or cannot be written.

    >>> import tempfile
    >>> writable_folder(Path(tempfile.mkdtemp()) / "new").is_dir()
    True
    """
    folder = folder.expanduser().absolute()
    if folder.exists() and not folder.is_dir():
        raise LabError(f"{folder} is a file: name a folder to write to.")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return folder
    except OSError as error:
        raise LabError(f"The folder {folder} cannot be written ({error.strerror}): name another one.") from None


@contextlib.contextmanager
def sole_user(folder: Path, otherwise: str) -> Iterator[None]:
    """Within the block no other process is in such a block for that folder; its end, however it comes, sets it free.

    otherwise: what to say where another process is, after the folder's name. Windows has no such lock: there it holds
    nobody up.

    >>> with sole_user(Path.cwd(), "somebody else is there: wait"):
    ...     pass
    """
    try:
        import fcntl
    except ImportError:
        yield
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise LabError(f"{folder}: {otherwise}.") from None
        yield
    finally:
        os.close(descriptor)
