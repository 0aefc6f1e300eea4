"""Keeps the logs of TensorFlow, the converter and the runtime back, and shows them only when something fails."""

import contextlib
import io
import logging
import os
import sys
import tempfile
from collections.abc import Iterator
from typing import BinaryIO, TextIO

LOGGERS = ("tensorflow", "absl", "jax")  # Python loggers that the converter and Keras write to


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """Run a block without its logs: Python's prints and warnings, loggers, and what native code writes.

    Native code (absl, XNNPACK, CUDA probing) writes straight to the file descriptors 1 and 2 and knows no log level,
    so both descriptors lead to a temporary file meanwhile. If the block raises, all that was held back is written to
    standard error and the exception goes on. Blocks may be nested; threads that write meanwhile are quiet too.

    >>> with quiet():
    ...     print("hundreds of lines")
    """
    with tempfile.TemporaryFile(buffering=0) as held, contextlib.ExitStack() as undo:
        undo.enter_context(_descriptors(held))
        undo.enter_context(_python_streams(held))
        undo.enter_context(_loggers())
        try:
            yield
        except BaseException as error:
            undo.close()
            if not isinstance(error, KeyboardInterrupt):
                _show(held)
            raise


@contextlib.contextmanager
def quiet_failure() -> Iterator[None]:
    """As `quiet`, for a block whose exceptions the caller turns into a sentence: its logs are then not shown either.

    >>> with quiet_failure():
    ...     print("hundreds of lines"), 1 / 0
    Traceback (most recent call last):
    ...
    ZeroDivisionError: division by zero
    """
    failure = None
    with quiet():
        try:
            yield
        except Exception as error:
            failure = error
    if failure is not None:
        raise failure


@contextlib.contextmanager
def _descriptors(held: BinaryIO) -> Iterator[None]:
    """Lead the descriptors 1 and 2 to the file, and back."""
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(Exception):
            stream.flush()
    saved = {}
    for number in (1, 2):
        with contextlib.suppress(OSError):  # a process may have been started without them
            saved[number] = os.dup(number)
            os.dup2(held.fileno(), number)
    try:
        yield
    finally:
        for number, copy in saved.items():
            os.dup2(copy, number)
            os.close(copy)


class _Relay(io.TextIOBase):
    """A text stream that leads to the file while the block runs, and to the stream that it stands for afterwards.

    Afterwards matters: what is imported within the block (absl, for one) keeps the stream it found, for good.
    """

    def __init__(self, held: BinaryIO, stream: TextIO) -> None:
        self.held: BinaryIO | None = held
        self.stream = stream

    def write(self, text: str) -> int:
        if self.held is None:
            return self.stream.write(text)
        self.held.write(text.encode("utf-8", "replace"))
        return len(text)

    def flush(self) -> None:
        (self.held or self.stream).flush()

    @property
    def encoding(self) -> str:
        return getattr(self.stream, "encoding", None) or "utf-8"


@contextlib.contextmanager
def _python_streams(held: BinaryIO) -> Iterator[None]:
    """Lead sys.stdout and sys.stderr to the file: in a notebook they are no descriptors."""
    out, err = _Relay(held, sys.stdout), _Relay(held, sys.stderr)
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            yield
    finally:
        out.held = err.held = None


@contextlib.contextmanager
def _loggers() -> Iterator[None]:
    """Raise the level of the loggers whose handlers keep a stream of their own."""
    levels = {name: logging.getLogger(name).level for name in LOGGERS}
    for name in LOGGERS:
        logging.getLogger(name).setLevel(logging.ERROR)
    try:
        yield
    finally:
        for name, level in levels.items():
            logging.getLogger(name).setLevel(level)


def _show(held: BinaryIO) -> None:
    held.seek(0)
    text = held.read().decode("utf-8", "replace").strip()
    if text:
        print(f"--- held back while quiet ---\n{text}\n--- end ---", file=sys.stderr)
