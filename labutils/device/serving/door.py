"""Who may come in over the local network: a token lets one browser in, a cookie lets it stay."""

from __future__ import annotations

import hmac
import secrets
import time
from collections.abc import Callable, Iterable

from labutils.device.serving.request import Refused

JOIN = "/join/"  # and then the token
BYTES = 16  # of chance in a token and in a cookie: more than anybody can try
SESSIONS = 64
WRONG = 20  # tokens from one address, then it has to wait
WAIT = 600  # seconds
COOKIES = 8  # of one name that are looked at
ADDRESSES = 1024  # whose wrong tokens are remembered

SCAN = "Scan the QR code that the computer shows now."
SPENT = f"This address has been used, or is mistyped. {SCAN}"
WAITING = "Too many wrong addresses came from this device: wait ten minutes."
FULL = f"{SESSIONS} devices have joined, and no more can: start the app anew."


class Door:
    """The door of one server. token: lets the next browser in, once; "" when all sessions are given away."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.token = secrets.token_urlsafe(BYTES)
        self._clock = clock
        self._sessions: list[str] = []
        self._wrong: dict[str, tuple[int, float]] = {}  # by address: how many, and when the last one came

    def knows(self, cookies: Iterable[str]) -> bool:
        """Whether one of the cookies' values is a session's."""
        same = [_same(cookie, session) for cookie in cookies for session in self._sessions]  # all, whatever comes first
        return True in same

    def check(self, token: str, address: str) -> None:
        """Raises Refused where the token is not the one that lets the next browser in; counts the wrong ones."""
        count, last = self._wrong.get(address, (0, 0.0))
        if count >= WRONG:
            if self._clock() - last < WAIT:
                raise Refused(429, WAITING)
            count = 0
        if not self.token:
            raise Refused(403, FULL)
        if not _same(token, self.token):
            self._wrong.pop(address, None)  # to the end, as the newest
            self._wrong[address] = count + 1, self._clock()
            while len(self._wrong) > ADDRESSES:
                del self._wrong[next(iter(self._wrong))]
            raise Refused(403, SPENT)

    def admit(self, token: str, address: str) -> str:
        """A new session's cookie for the right token, which is spent by that. Raises Refused as `check` does."""
        self.check(token, address)
        self._wrong.pop(address, None)
        self._sessions.append(secrets.token_urlsafe(BYTES))
        self.token = secrets.token_urlsafe(BYTES) if len(self._sessions) < SESSIONS else ""
        return self._sessions[-1]


def _same(one: str, other: str) -> bool:
    """Whether two texts are the same, in a time that does not tell where they differ."""
    return hmac.compare_digest(one.encode("utf-8", "replace"), other.encode())


def cookies_called(name: str, headers: Iterable[str]) -> list[str]:
    """The values that Cookie headers give to a name, the first few: a browser sends one.

    >>> cookies_called("a", ["a=1; b=2", "a=3"])
    ['1', '3']
    """
    pairs = [pair.strip().partition("=") for header in headers for pair in header.split(";")]
    return [value for called, _, value in pairs if called == name][:COOKIES]
