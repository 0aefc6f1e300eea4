"""Stops a learner's function that does not come to an end, and leaves a long conversion alone.

A watcher looks every tenth of a second at what the function is doing. Time in the learner's own lines counts against a
short limit, time in a library (a conversion, an import) against a long one.
"""

import contextlib
import ctypes
import signal
import sys
import sysconfig
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

OWN_LIMIT = 3.0  # seconds in lines of the learner's own, without a break
LIMIT = 120.0  # seconds altogether
TICK = 0.1
PACKAGE = str(Path(__file__).parent.parent)
LIBRARIES = tuple({sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")} | {PACKAGE})


class TooLong(BaseException):
    """The function was stopped. No Exception: an `except Exception` in a learner's loop must not swallow it."""


@contextlib.contextmanager
def limited(own: float = OWN_LIMIT, altogether: float = LIMIT) -> Iterator[None]:
    """Within the block, raises TooLong once the calling thread has been at its own lines, or at all, for too long.

    A loop of Python is stopped within a moment; in the main thread of Linux and macOS a `sleep` is, too. What computes
    in native code is stopped when it comes back.

    >>> try:
    ...     with limited(own=0.2):
    ...         while True:
    ...             pass
    ... except TooLong:
    ...     print("stopped")
    stopped
    """
    done = threading.Event()
    thread = threading.get_ident()
    with _handler() as by_signal:
        watcher = threading.Thread(target=_watch, args=(thread, own, altogether, done, by_signal), daemon=True)
        watcher.start()
        try:
            yield
        finally:
            done.set()
            watcher.join()
            ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), None)  # what has not arrived yet


def _watch(thread: int, own: float, altogether: float, done: threading.Event, by_signal: bool) -> None:
    """Raises TooLong in the thread when its time is up, and again for as long as it goes on."""
    start = entered = time.monotonic()
    while not done.wait(TICK):
        now = time.monotonic()
        if _in_library(sys._current_frames().get(thread)):
            entered = now
        if now - entered > own or now - start > altogether:
            if by_signal:
                signal.pthread_kill(thread, signal.SIGALRM)
            else:
                ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), ctypes.py_object(TooLong))
            # Not again at once: a second one must not meet the way out of `limited`, which ends this watch.
            entered, altogether = now, now - start + own


def _in_library(frame: FrameType | None) -> bool:
    """Whether the line that a thread is at belongs to a library, or to this package, and not to the learner."""
    return frame is None or frame.f_code.co_filename.startswith((*LIBRARIES, "<frozen"))


@contextlib.contextmanager
def _handler() -> Iterator[bool]:
    """Whether a signal can do it: only in the main thread, and not on Windows. Its old handler comes back."""
    if threading.current_thread() is not threading.main_thread() or not hasattr(signal, "SIGALRM"):
        yield False
        return

    def stop(*_: object) -> None:
        raise TooLong

    before = signal.signal(signal.SIGALRM, stop)
    try:
        yield True
    finally:
        signal.signal(signal.SIGALRM, before)
