"""What the browser app's server sends back: its files, and short pages of its own, all with the same strict headers."""

from __future__ import annotations

import html
from dataclasses import dataclass
from email.utils import formatdate
from http import HTTPStatus

from labutils.device.serving.door import WAIT

# Features of a browser that a page may ask for; ours may use the camera, and none of the others.
OFF = """
accelerometer autoplay browsing-topics clipboard-read clipboard-write display-capture encrypted-media
fullscreen gamepad geolocation gyroscope hid identity-credentials-get idle-detection local-fonts magnetometer microphone
midi otp-credentials payment picture-in-picture publickey-credentials-create publickey-credentials-get
screen-wake-lock serial storage-access usb window-management xr-spatial-tracking
"""
HEADERS = {
    "Server": "labs",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": ", ".join(["camera=(self)", *(f"{name}=()" for name in OFF.split())]),
    "Cache-Control": "no-store",
    "Connection": "close",
}
MORE = {405: ("Allow", "GET, HEAD"), 429: ("Retry-After", str(WAIT))}
HTML = "text/html; charset=utf-8"


@dataclass(frozen=True)
class File:
    """What is served at a path. kind: its Content-Type. A .gz is sent as it is: the app unpacks it."""

    content: bytes
    kind: str


@dataclass(frozen=True)
class Answer:
    """A status, a body and the headers that only this answer has."""

    status: int
    file: File
    headers: tuple[tuple[str, str], ...] = ()

    def head(self, policy: str) -> bytes:
        """The answer's first lines. policy: the Content-Security-Policy."""
        status = HTTPStatus(self.status)
        fields = [
            *HEADERS.items(),
            ("Content-Security-Policy", policy),
            ("Date", formatdate(usegmt=True)),
            ("Content-Type", self.file.kind),
            ("Content-Length", str(len(self.file.content))),
            *self.headers,
        ]
        lines = [f"HTTP/1.1 {status.value} {status.phrase}", *(f"{name}: {value}" for name, value in fields)]
        return "\r\n".join([*lines, "", ""]).encode("latin-1")


def refusal(status: int, why: str) -> Answer:
    """The answer to a refused request: its sentence, on a page that a phone can show."""
    return Answer(status, page(why), (MORE[status],) if status in MORE else ())


def welcome(name: str, session: str) -> Answer:
    """The answer to a browser that has joined: its cookie, and a page that leads on to the app.

    A page and no redirection: a browser that came here by a link from elsewhere would follow that without the cookie,
    which is SameSite=Strict, but sends it where our own page leads.
    """
    cookie = f"{name}={session}; HttpOnly; SameSite=Strict; Path=/"
    return onward(("Set-Cookie", cookie))


def onward(*headers: tuple[str, str]) -> Answer:
    """The page that leads on to the app."""
    link = '<a href="/">Open the app</a>'
    return Answer(200, page("You have joined.", '<meta http-equiv="refresh" content="0; url=/">', link), headers)


def page(sentence: str, head: str = "", link: str = "") -> File:
    """A page with one sentence. head, link: HTML."""
    text = (
        '<!doctype html>\n<html lang="en">\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"{head}<title>labs app</title>\n<p>{html.escape(sentence)}</p>\n{link}"
    )
    return File(text.encode(), HTML)
