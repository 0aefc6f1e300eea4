"""Files that the course does not ship: fetched once into Keras's own cache, from the public address or from a copy.

LABS_MIRROR, a folder or an http(s) address, takes the place of the public address: one download for a whole class.
What is in the cache is not asked for again, and no network is missed then.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import socket
import tempfile
import threading
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

from labutils.errors import LabError

PATIENCE = 8  # seconds that an address may stay silent

FlawOf = Callable[[Path], str]


class Unreachable(LabError):
    """A file that is neither in the cache nor to be had: no network, no mirror, or the mirror lacks it."""


def cache_folder() -> Path:
    """Where Keras keeps the files of its applications: `$KERAS_HOME/models`, `~/.keras/models` without KERAS_HOME.

    Where that cannot be written, Keras uses `.keras` in the folder for temporary files; so does this.

    >>> cache_folder().name
    'models'
    """
    home = Path(os.environ.get("KERAS_HOME") or "~/.keras").expanduser()
    with contextlib.suppress(OSError):
        home.mkdir(parents=True, exist_ok=True)
    if not os.access(home, os.W_OK):
        home = Path("/tmp" if Path("/tmp").is_dir() else tempfile.gettempdir()) / ".keras"
    return home / "models"


def cached(name: str, public: str, flaw_of: FlawOf) -> Path:
    """The file of this name in Keras's cache, fetched if it is missing.

    name: of the file, at its origin and in the cache. public: the address that it follows, with a slash at the end.
    flaw_of: says what is wrong with a file, in words such as "is no whole .h5 file"; empty if nothing is. Raises
    Unreachable for a file that cannot be fetched, and LabError for one in the cache that has a flaw.

    >>> from unittest import mock
    >>> with mock.patch.dict(os.environ, LABS_MIRROR="nowhere"):
    ...     cached("model.h5", "https://example.org/", lambda path: "")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    ...
    labutils.fetch.Unreachable: model.h5 cannot be fetched (the folder lacks it): put it into LABS_MIRROR, nowhere, ...
    """
    path = cache_folder() / name
    if not path.is_file():
        return _fetch(path, public, flaw_of)
    if flaw := flaw_of(path):
        raise damaged(path, flaw)
    return path


def _fetch(path: Path, public: str, flaw_of: FlawOf) -> Path:
    """Fetch a file under a passing name; it gets its own only when it is whole: no interruption leaves half of one."""
    import keras

    mirror = os.environ.get("LABS_MIRROR", "").strip()
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        origin = _mirror_address(mirror, path.name) if mirror else public + path.name
        with _patience(), contextlib.redirect_stdout(io.StringIO()):
            _await_answer(origin)
            keras.utils.get_file(
                part.name, origin, cache_dir=str(path.parent.parent), cache_subdir=path.parent.name, force_download=True
            )
        if flaw := flaw_of(part):
            raise OSError(f"what came {flaw}")
        part.replace(path)
    except Exception as error:  # get_file raises a bare Exception, the network half a dozen others
        cure = f"put it into LABS_MIRROR, {mirror}" if mirror else "connect once, set LABS_MIRROR"
        raise Unreachable(f"{path.name} cannot be fetched ({_reason(error)}): {cure}, or use weights=digits.") from None
    finally:
        part.unlink(missing_ok=True)
    return path


def _mirror_address(mirror: str, name: str) -> str:
    if mirror.startswith(("http://", "https://", "file://")):
        return f"{mirror.rstrip('/')}/{name}"
    file = Path(mirror).expanduser().resolve() / name
    if not file.is_file():
        raise OSError("the folder lacks it")
    return file.as_uri()


@contextlib.contextmanager
def _patience() -> Iterator[None]:
    """Sockets made meanwhile give up after PATIENCE seconds of silence."""
    before = socket.getdefaulttimeout()
    socket.setdefaulttimeout(PATIENCE)
    try:
        yield
    finally:
        socket.setdefaulttimeout(before)


def _await_answer(address: str) -> None:
    """Raises OSError when nothing at all answers within PATIENCE seconds.

    The timeout of a socket counts for each address of a host anew, and not for its name: where packets are dropped,
    these would add up to minutes. A thread that is not waited for puts an end to it.
    """
    failures: list[Exception] = []
    done = threading.Event()

    def knock() -> None:
        try:
            urllib.request.urlopen(urllib.request.Request(address, method="HEAD")).close()
        except urllib.error.HTTPError:
            pass  # it is there; what it lacks, the download will say
        except Exception as error:
            failures.append(error)
        done.set()

    threading.Thread(target=knock, daemon=True).start()
    if not done.wait(PATIENCE):
        raise OSError(f"no answer within {PATIENCE} seconds")
    if failures:
        raise failures[0]


def _reason(error: Exception) -> str:
    """The last part of a failure's message: without the address, which get_file and urllib put in front."""
    text = " ".join(str(getattr(error, "reason", None) or error).split()) or type(error).__name__
    text = text.split(": ", 1)[-1].removeprefix("None -- ")
    return re.sub(r"^\[Errno -?\d+\] ", "", text)[:120].rstrip(". ")


def damaged(path: Path, flaw: str) -> LabError:
    """The error for a file in the cache that is no good, with the cure.

    >>> str(damaged(Path("model.h5"), "is no whole .h5 file"))
    'The file model.h5 is no whole .h5 file: delete this file, and it is fetched anew.'
    """
    return LabError(f"The file {path} {flaw}: delete this file, and it is fetched anew.")
