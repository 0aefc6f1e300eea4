"""Makes and removes the second environment. What counts as installed has passed a check, and a stamp says so, last."""

import contextlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO

from labutils.errors import LabError
from labutils.legacy import place as places
from labutils.legacy.child import run, running, waited
from labutils.legacy.place import FOREIGN, HOW, MARKER, MISSING, STAMP, Found, python_in
from labutils.legacy.planning import Plan, plan

CHECK = Path(__file__).parent / "check.py"
TRIES = 5  # to empty a folder
CHECK_SECONDS = 300  # the first import of TensorFlow on a slow disk
NO_NETWORK = re.compile(
    r"dns error|Connection refused|tcp connect|error sending request|Failed to establish|Name or service not known"
    r"|Temporary failure in name|getaddrinfo|timed out|Timeout|Network is unreachable|ProxyError|RemoteDisconnected"
    r"|Connection aborted|Connection reset|Connection broken|No route to host", re.IGNORECASE,
)  # fmt: skip

Tell = Callable[[str], object]


def install(qat: bool = False, tell: Tell = print) -> Found:
    """Make the second environment, or add to it what is missing, check it, and stamp it.

    qat: also what quantization-aware training needs. tell: gets what will be done before it is done, then each step.
    Raises LabError, one sentence, when it cannot be done: nothing then counts as installed that did not before.
    """
    found = places.look()
    if found.state == FOREIGN:
        raise LabError(found.sentence)
    if found.ready and (found.qat or not qat):
        tell(f"It is there already: {found.folder}. `labs flex status` tells more.")
        return found
    adding = found.ready  # the environment itself is good, and stays so whatever happens
    todo = plan(found.folder, ["qat"] if adding else ["flex", "qat"] if qat else ["flex"])
    for line in todo.lines():
        tell(line)
    try:
        with alone(found.folder):
            now = places.look()
            if (now.ready, now.qat) != (found.ready, found.qat):
                raise Busy(f"Another `labs flex` was at work in {found.folder}: see `labs flex status`, and try again.")
            _make(todo, adding, tell)
            stamp = _stamp(todo, qat, tell)
            part = found.folder / f"{STAMP}.part"
            part.write_text(json.dumps(stamp, indent=1), encoding="utf-8")
            part.replace(found.folder / STAMP)
    except Busy:
        raise
    except BaseException:
        if not adding:
            with contextlib.suppress(LabError):  # what could not be removed has no stamp; the first error counts
                _forget(found.folder)
        raise
    tell(f"Installed in {found.folder}.")
    return places.look()


def remove() -> Path | None:
    """Remove the second environment; its folder, or None where there was none.

    Raises LabError for a folder that `labs flex install` did not make, or one that cannot be removed.
    """
    found = places.look()
    if found.state == MISSING:
        return None
    if found.state == FOREIGN:
        raise LabError(f"{found.folder} was not made by `{HOW}`: it is left as it is; set LABS_FLEX right.")
    _forget(found.folder)
    return found.folder


def _forget(folder: Path) -> None:
    """Remove a folder of ours."""
    with alone(folder):
        clear(folder)
    with contextlib.suppress(OSError):
        (folder / MARKER).unlink()
        folder.rmdir()


class Busy(LabError):
    """Another process is making or removing the environment, or its folder cannot be written."""


@contextlib.contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Mark the folder as ours, and keep any other `labs flex` out of it meanwhile. Raises Busy."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        marker = (folder / MARKER).open("a")
    except OSError as error:
        cure = "make it writable, or name another folder in LABS_FLEX"
        raise Busy(f"{folder} cannot be written ({error.strerror}): {cure}.") from None
    with marker:
        if not _locked(marker):
            raise Busy(f"Another `labs flex` is at work in {folder}: wait until it is done.")
        yield


def _locked(file: IO[str]) -> bool:
    """Locks the file until it is closed, or its process dies; False when another process has it."""
    try:
        if os.name == "nt":
            import msvcrt

            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    except OSError:  # a file system without locks
        return True
    return True


def clear(folder: Path) -> None:
    """Empty a folder of ours but for its marker, the stamp first. Raises LabError when something cannot be removed.

    A process that was just killed may write on for a moment: so it is tried more than once.
    """
    for left in range(TRIES - 1, -1, -1):
        try:
            _empty(folder)
            return
        except OSError as error:
            if not left:
                cure = "close what uses it, and try again"
                raise LabError(f"{error.filename} cannot be removed ({error.strerror}): {cure}.") from None
            time.sleep(0.2)


def _empty(folder: Path) -> None:
    (folder / STAMP).unlink(missing_ok=True)
    for each in folder.iterdir():
        if each.is_dir() and not each.is_symlink():
            shutil.rmtree(each)
        elif each.name != MARKER:
            each.unlink()


def _make(todo: Plan, adding: bool, tell: Tell) -> None:
    """The environment's folder and packages, without the check."""
    python = python_in(todo.folder)
    if not adding:
        tell("making the environment ...")
        clear(todo.folder)
    with tempfile.TemporaryDirectory(prefix="scratch-", dir=todo.folder) as scratch:
        if not adding:
            without_pip = ["--without-pip"] if todo.uv else []
            _call([todo.python, "-I", "-m", "venv", *without_pip, str(todo.folder)], scratch)
        tell("fetching and installing: minutes, on a slow line ...")
        for file in todo.files:
            _call(installer(todo.uv, python, file), scratch)


def installer(uv: str | None, python: Path, pins: Path) -> list[str]:
    """The command that installs a file of pins. Bytecode is compiled at once: TensorFlow then imports faster."""
    same = ["--quiet", "--require-hashes", "--no-deps", "--only-binary", ":all:", "--requirement", str(pins)]
    if uv:
        return [uv, "pip", "install", "--python", str(python), "--compile-bytecode", *same]
    patience = ["--retries", "2", "--timeout", "15"]
    return [str(python), "-I", "-m", "pip", "install", "--no-input", "--disable-pip-version-check", *patience, *same]


def _call(command: list[str], scratch: str) -> None:
    """Run a step of the installation; LabError, one sentence, when it fails. scratch: for its passing files."""
    dropped = ("PYTHON", "VIRTUAL_ENV", "PIP_TARGET", "PIP_USER", "PIP_PREFIX", "PIP_REQUIRE_VIRTUALENV", "UV_PYTHON")
    kept = {name: value for name, value in os.environ.items() if not name.upper().startswith(dropped)}
    # What is killed leaves its passing files behind: they go where they are cleared.
    variables = {"UV_HTTP_RETRIES": "1", "UV_HTTP_CONNECT_TIMEOUT": "10"} | kept
    variables |= dict.fromkeys(("TMPDIR", "TEMP", "TMP"), scratch)
    with tempfile.TemporaryFile() as log:
        with running(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=variables) as child:
            code = waited(child, _sign_of_life if sys.stdout.isatty() else None)
        log.seek(0)
        said = log.read().decode("utf-8", "replace")
    if code:
        raise LabError(why_not(said))


def _sign_of_life(text: str) -> None:
    print(f"\r  {text} ", end="\r", flush=True)


def why_not(said: str) -> str:
    """The failure of an installer in one sentence; said: all that it wrote.

    >>> why_not("OSError: [Errno 28] No space left on device")
    'The disk is full: free some space, then run `labs flex install` again.'
    """
    again = "run `labs flex install` again"
    if "No space left" in said:
        return f"The disk is full: free some space, then {again}."
    if re.search(r"hash mismatch|DO NOT MATCH THE HASHES", said, re.IGNORECASE):
        return (
            f"A package that came is not the pinned one, its checksum differs: ask who runs your mirror, then {again}."
        )
    if NO_NETWORK.search(said):
        return f"The packages cannot be fetched, no package index answers: connect to the network, then {again}."
    lines = [line.strip() for line in said.splitlines() if line.strip()] or ["no reason given"]
    first = next((line for line in lines if line.upper().startswith(("ERROR", "× ", "CAUSE"))), lines[-1])
    return f"The installation failed ({first[:200].rstrip('. ')}): mend that, then {again}."


def _stamp(todo: Plan, qat: bool, tell: Tell) -> dict[str, object]:
    """Runs the self-check in the environment; gives back what the stamp will hold."""
    tell("checking: a model with a TensorFlow operator is converted and run ...")
    with tempfile.TemporaryDirectory() as name:
        exchange = Path(name)
        (exchange / "job.json").write_text(json.dumps({"qat": qat}))
        run(python_in(todo.folder), CHECK, exchange, CHECK_SECONDS, "The self-check")
        versions = json.loads((exchange / "versions.json").read_text())
    digests = {"flex": places.digest("flex"), "qat": places.digest("qat") if qat else ""}
    return {**digests, "versions": versions}
