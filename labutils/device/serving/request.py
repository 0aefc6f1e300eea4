"""The head of an HTTP request, read strictly: nothing is repaired, decoded or guessed.

Source: RFC 9112 (HTTP/1.1), sections 2 to 5. Stricter than it has to be: lines end in CR LF, and a target is a path.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

LINE_BYTES = 4096  # of the first line
HEAD_BYTES = 32_768  # of all of it: on 127.0.0.1 the cookies of every other server on this computer come along
FIELDS = 100
SHOWN = 60  # characters of a request that a log may show

TOKEN = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
FIRST_LINE = re.compile(rf"({TOKEN}) ([\x21-\x7e]+) HTTP/([0-9])\.[0-9]")
FIELD = re.compile(rf"({TOKEN}):([\t\x20-\x7e\x80-\xff]*)")  # one star a part: nothing to try again and again
TLS = b"\x16\x03"  # how a browser begins that was sent to https


class Refused(Exception):
    """A request that is not answered with a file.

    status: HTTP's. why: a sentence of ours, for the sender and the log. about: what of the request the log shows
    besides; the sender is shown nothing of it.
    """

    def __init__(self, status: int, why: str, about: str = "") -> None:
        super().__init__(why)
        self.status, self.why, self.about = status, why, about


@dataclass(frozen=True)
class Request:
    """A well-formed head. fields: the values of each header, by its name in small letters."""

    method: str
    target: str
    fields: dict[str, tuple[str, ...]]

    def values(self, name: str) -> tuple[str, ...]:
        """The values of a header, none where it did not come."""
        return self.fields.get(name, ())


def head_end(data: bytes | bytearray) -> int:
    r"""Where the head ends in what has come so far; -1 where more has to come.

    Raises Refused as soon as what has come can be no head any more.

    >>> head_end(b"GET / HTTP/1.1\r\nHost:"), head_end(b"GET / HTTP/1.1\r\n\r\n")
    (-1, 14)
    """
    if data.startswith(TLS):
        raise Refused(400, "This server has no https: open the address with http://.")
    line = data.find(b"\r\n")
    if (len(data) if line < 0 else line) > LINE_BYTES:
        raise Refused(414, f"The first line of a request has at most {LINE_BYTES:,} bytes.")
    if data.count(b"\n") != data.count(b"\r\n"):
        raise Refused(400, "The lines of a request end in CR LF.")
    if line >= 0:
        first_line(bytes(data[:line]).decode("latin-1"))  # at once: HTTP/0.9 sends nothing more
    end = data.find(b"\r\n\r\n")
    if (len(data) if end < 0 else end) > HEAD_BYTES:
        raise Refused(431, f"The head of a request has at most {HEAD_BYTES:,} bytes.")
    return end


def first_line(line: str) -> tuple[str, str]:
    """Method and target. Raises Refused.

    >>> first_line("GET /app.js HTTP/1.1")
    ('GET', '/app.js')
    """
    found = FIRST_LINE.fullmatch(line)
    if not found:
        raise Refused(400, "This is no HTTP request.")
    method, target, version = found.groups()
    if version != "1":
        raise Refused(505, "This server speaks HTTP/1.1.")
    return method, target


def parse(head: bytes) -> Request:
    r"""A head, without the empty line that ends it, as a request. Raises Refused for what is none.

    >>> parse(b"GET / HTTP/1.1\r\nHost: a\r\nX-Y:  1 ").fields
    {'host': ('a',), 'x-y': ('1',)}
    """
    line, *rest = head.decode("latin-1").split("\r\n")
    method, target = first_line(line)
    if len(rest) > FIELDS:
        raise Refused(431, f"A request has at most {FIELDS} headers.")
    fields: dict[str, tuple[str, ...]] = {}
    for text in rest:
        found = FIELD.fullmatch(text)
        if not found:
            raise Refused(400, "A header of the request is malformed.")
        name = found[1].lower()
        fields[name] = (*fields.get(name, ()), found[2].strip(" \t"))
    if len(fields.get("host", ())) != 1:
        raise Refused(400, "A request names its host, once.")
    if method in ("GET", "HEAD") and not target.startswith("/"):
        raise Refused(400, "A request asks for a path, which begins with /.")
    return Request(method, target, fields)


def shown(text: str) -> str:
    r"""Text of a stranger as it may stand in a log: short, on one line, without a control character.

    >>> shown("/a\x1b[31m\n")
    '/a?[31m?'
    """
    return re.sub(r"[^\x21-\x7e]", "?", text[:SHOWN]) + ("..." if len(text) > SHOWN else "")
