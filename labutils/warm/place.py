"""The folder of a process: the user's own, closed to everybody else, gone when the process is.

The process holds a lock on its folder for as long as it lives, however it ends: a folder that can be locked is stale.
"""

import contextlib
import fcntl
import os
import shutil
import stat
import tempfile
import time
from pathlib import Path

PREFIX = "labs-warm-"
SETTLED = 10.0  # seconds after which a folder that is not locked is stale, and not about to be


def base() -> Path:
    """Where the folders are made: the user's runtime directory where it is a proper one, or that of temporaries."""
    runtime = Path(os.environ.get("XDG_RUNTIME_DIR") or "/nowhere")
    return runtime if is_private(runtime) else Path(tempfile.gettempdir())


def is_private(folder: Path) -> bool:
    """Whether it is a folder, no link, that belongs to this user and is closed to all others."""
    try:
        found = folder.lstat()
    except OSError:
        return False
    return stat.S_ISDIR(found.st_mode) and found.st_uid == os.getuid() and not stat.S_IMODE(found.st_mode) & 0o077


def make_place(prefix: str = PREFIX, parent: Path | None = None) -> tuple[Path, int]:
    """A new folder and a descriptor that holds its lock; stale folders of others that ended are removed first.

    parent: where to make it (default: `base()`). prefix: of its name, the same for all that are cleared away together.
    """
    parent = parent or base()
    sweep(prefix, parent)
    folder = Path(tempfile.mkdtemp(prefix=prefix, dir=parent))  # for the user alone
    try:
        return folder, _lock(folder)
    except OSError:
        remove(folder)
        raise


def sweep(prefix: str, parent: Path) -> None:
    """Removes the folders of processes that were killed."""
    for folder in parent.glob(f"{prefix}*"):
        with contextlib.suppress(OSError):
            if is_private(folder) and time.time() - folder.stat().st_mtime > SETTLED:
                descriptor = _lock(folder)
                remove(folder)
                os.close(descriptor)


def is_held(folder: Path) -> bool:
    """Whether the process whose folder it is lives."""
    try:
        os.close(_lock(folder))
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False


def remove(folder: Path) -> None:
    """Removes the folder; one that is gone already is as good."""
    shutil.rmtree(folder, ignore_errors=True)


def socket_path(descriptor: int) -> str:
    """The address of the socket in the folder of that descriptor: short, as addresses have to be, wherever it is."""
    return f"/proc/self/fd/{descriptor}/socket"


def _lock(folder: Path) -> int:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        raise
    return descriptor
