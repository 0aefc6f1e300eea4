"""HTTP as it goes over the line, for requests that no client library would send."""

import socket
from dataclasses import dataclass


@dataclass(frozen=True)
class Reply:
    """What came back. status: 0 where nothing did. headers: a header's last value by its name in small letters."""

    status: int
    headers: dict[str, str]
    body: bytes
    head: str


def connect(server) -> socket.socket:
    return socket.create_connection((server.address, server.port), timeout=10)


def send(server, content: bytes, close: bool = True) -> Reply:
    """The reply to some bytes. close: whether the sender says that no more comes."""
    with connect(server) as line:
        try:
            line.sendall(content)
            if close:
                line.shutdown(socket.SHUT_WR)
        except OSError:
            pass  # the server has heard enough: what it said is still to be read
        return received(line)


def received(line: socket.socket) -> Reply:
    """All that comes, until the other side closes the line."""
    got = b"".join(iter(lambda: line.recv(65536), b""))
    if not got:
        return Reply(0, {}, b"", "")
    head, _, body = got.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    version, status, _ = first.split(" ", 2)
    assert version == "HTTP/1.1"
    return Reply(int(status), {k.lower(): v for k, v in (each.split(": ", 1) for each in lines)}, body, head.decode())


def ask(server, path: str = "/", method: str = "GET", host: str | None = None, **headers: str) -> Reply:
    """The reply to a well-formed request, with the server's own name as its host unless another is given."""
    lines = [f"{method} {path} HTTP/1.1", f"Host: {host or f'{server.address}:{server.port}'}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return send(server, "\r\n".join([*lines, "", ""]).encode("latin-1"), close=False)
