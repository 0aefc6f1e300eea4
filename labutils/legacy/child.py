"""Runs a script in the second environment, in a child process that may crash or hang without harm."""

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from labutils.errors import LabError

START = Path(__file__).parent / "start.py"
# What would change the child's TensorFlow or Keras, or let this environment's packages into it.
DROPPED = ("PYTHON", "TF_", "TFLITE_", "KERAS_", "XLA_", "VIRTUAL_ENV", "CONDA_")


def run(python: Path, script: Path, folder: Path, seconds: float, what: str = "The script") -> None:
    """Run a script in the second environment; job and answers are files in the folder.

    python: of the environment. script: needs only what is installed there; gets the folder as its argument. seconds:
    after which it is stopped. what: begins the sentences; a name that the script wrote to at.txt takes its place.
    Raises LabError with one sentence when the script raises, crashes, or is not done in time.
    """
    command = [str(python), "-I", str(START), str(script), str(folder)]
    with (folder / "log.txt").open("wb") as log:
        try:
            with running(command, stdin=subprocess.PIPE, stdout=log, stderr=log, env=environment(folder)) as child:
                code = child.wait(timeout=seconds)
        except subprocess.TimeoutExpired:
            late = f"{_at(folder, what)} was not done after {seconds:g} s and was stopped"
            raise LabError(f"{late}: give it less to do, or more seconds.") from None
        except OSError as error:
            cure = "run `labs flex remove` and `labs flex install`"
            raise LabError(f"The Flex environment's Python does not start ({error.strerror}): {cure}.") from None
    if code:
        raise LabError(_why(code, folder, what))


def environment(folder: Path) -> dict[str, str]:
    """The variables that a child gets: this process's, but for those that would change what it does.

    >>> "KERAS_HOME" in environment(Path("somewhere")), "PYTHONPATH" in environment(Path("somewhere"))
    (True, False)
    """
    kept = {name: value for name, value in os.environ.items() if not name.upper().startswith(DROPPED)}
    # A user's ~/.keras/keras.json may choose another backend; logs are of use only to whoever reads log.txt.
    return kept | {"KERAS_HOME": str(folder / "keras"), "TF_CPP_MIN_LOG_LEVEL": "2", "CUDA_VISIBLE_DEVICES": "-1"}


@contextlib.contextmanager
def running(command: list[str], **settings: Any) -> Iterator[subprocess.Popen]:
    """A child at the head of a group of its own; neither it nor what it starts outlives the block, however that ends.

    OSError where there is no such command. Ctrl-C and SIGTERM that come while it starts are heard once it is known:
    else it would be nobody's.
    """
    release = _held_back()
    try:
        child = subprocess.Popen(command, start_new_session=True, **settings)
    except BaseException:
        release()
        raise
    try:
        release()
        yield child
    finally:
        if child.poll() is None:
            if os.name == "posix":
                os.killpg(child.pid, signal.SIGKILL)
            child.kill()
            child.wait()
        if child.stdin:
            child.stdin.close()


def _held_back() -> Callable[[], None]:
    """Has the signals that end a program wait; what it gives back hands them on to whoever handled them before."""
    if threading.current_thread() is not threading.main_thread():
        return lambda: None  # no other thread is interrupted, or may say what a signal does
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    before = {number: handler for number, handler in before.items() if callable(handler)}
    heard: list[int] = []
    for number in before:
        signal.signal(number, lambda number, frame: heard.append(number))

    def release() -> None:
        for number, handler in before.items():
            signal.signal(number, handler)
        for number in heard:
            signal.raise_signal(number)

    return release


def waited(child: subprocess.Popen, tell: Callable[[str], Any] | None) -> int:
    """Wait for a child as long as it takes; its exit code. tell: gets a sign of life each second."""
    start = time.monotonic()
    while True:
        try:
            return child.wait(timeout=1)
        except subprocess.TimeoutExpired:
            if tell:
                tell(f"{time.monotonic() - start:.0f} s")


def _at(folder: Path, what: str) -> str:
    """The name of what the script was at, if it left one."""
    with contextlib.suppress(OSError):
        return (folder / "at.txt").read_text(encoding="utf-8")
    return what


def _why(code: int, folder: Path, what: str) -> str:
    what = _at(folder, what)
    with contextlib.suppress(OSError):
        reason = (folder / "error.txt").read_text(encoding="utf-8").strip(" .")
        return f"{what} does not run in the Flex environment ({reason})."
    if sys.platform != "win32" and code == -signal.SIGKILL:
        return f"{what} was killed in the Flex environment, perhaps for want of memory: close programs, try again."
    ending = signal.Signals(-code).name if code < 0 else f"exit code {code}"
    return f"{what} crashed the Flex environment's runtime ({ending}){_last_line(folder)}: ask it less, or mend it."


def _last_line(folder: Path) -> str:
    """The last that the crashed process said, for the sentence."""
    lines = (folder / "log.txt").read_text(encoding="utf-8", errors="replace").strip().splitlines()
    said = [line for line in lines if "Check failed" in line or "Error" in line or "terminate called" in line]
    return f", saying {said[-1][-160:]!r}" if said else ""
