"""The log of refused requests: one sentence each, and never so many that they flood the terminal."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable

from labutils.device.serving.request import Refused, shown

PERIOD = 60  # seconds, in which a sentence is told once
AT_MOST = 20  # different sentences in a period

Tell = Callable[[str], object]


class Refusals:
    """Tells of refused requests, from one thread. tell: takes a sentence."""

    def __init__(self, tell: Tell, clock: Callable[[], float] = time.monotonic) -> None:
        self._tell, self._clock = tell, clock
        self._told: set[str] = set()
        self._since, self._held = clock(), 0

    def add(self, address: str, refused: Refused) -> None:
        """Tells of a refused request, unless that has been told just now."""
        if self._clock() - self._since >= PERIOD:
            self.close()
            self._since = self._clock()
        about = f" It was {shown(refused.about)}" if refused.about else ""
        sentence = f"Refused for {address} ({refused.status}): {refused.why}{about}"
        if sentence in self._told or len(self._told) >= AT_MOST:
            self._held += 1
            return
        self._told.add(sentence)
        told(self._tell, sentence)

    def close(self) -> None:
        """Ends a period: tells how many requests it kept quiet about."""
        if self._held:
            more = "request was" if self._held == 1 else "requests were"
            told(self._tell, f"{self._held:,} more {more} refused.")
        self._told, self._held = set(), 0


def told(tell: Tell, text: str) -> bool:
    """Tells a text; False where that failed, as where the terminal has no such letters: the server goes on."""
    with contextlib.suppress(Exception):
        tell(text)
        return True
    return False
