"""Ctrl-C at any moment, and more than once: heard where work can be left, and not while things are put in order."""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Iterator
from typing import Any

NUMBERS = (signal.SIGINT, signal.SIGTERM)


class Stopper:
    """Within its block an interruption raises KeyboardInterrupt once, and only while somebody listens.

    One that comes before is kept for the first who listens; those that come after are let pass. Outside the main
    thread, where Python has no signals, it does nothing.
    """

    def __init__(self) -> None:
        self._asked = self._heard = self._listening = False
        self._before: dict[int, Any] = {}

    def __enter__(self) -> Stopper:
        if threading.current_thread() is threading.main_thread():
            self._before = {number: signal.signal(number, self._stop) for number in NUMBERS}
        return self

    def __exit__(self, *_: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    @contextlib.contextmanager
    def listen(self, really: bool = True) -> Iterator[None]:
        """Within this block, an interruption is heard at once; not really: as if the block were not there."""
        before, self._listening = self._listening, really
        try:
            if really and self._asked and not self._heard:
                self._raise()
            yield
        finally:
            self._listening = before and not self._heard

    def _stop(self, *_: object) -> None:
        self._asked = True
        if self._listening and not self._heard:
            self._raise()

    def _raise(self) -> None:
        self._heard = True
        raise KeyboardInterrupt
