"""One connection of a server: a request's head comes in, an answer goes out, and neither may take for ever.

The sockets do not block.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterable

from labutils.device.serving.request import Refused, head_end

RETRY_SECONDS = 0.05
HEAD_SECONDS = 10  # for a request to arrive
PART_SECONDS = 30  # for a part of an answer to leave
PART_BYTES = 262_144
LINGER_SECONDS = 1  # in which a sender hears the answer: a line closed while it still sends would lose that


async def accepted(listening: socket.socket) -> tuple[socket.socket, str]:
    """The next connection, and whose it is. Not by sock_accept: that loses one when it is cancelled as one comes."""
    while True:
        try:
            line, peer = listening.accept()
        except BlockingIOError:
            await _readable(listening)
        except OSError:  # its sender is gone already, or this process has too many files open
            await asyncio.sleep(RETRY_SECONDS)
        else:
            line.setblocking(False)
            return line, peer[0]


async def _readable(line: socket.socket) -> None:
    """Waits until something has come."""
    loop = asyncio.get_running_loop()
    come = loop.create_future()
    loop.add_reader(line, lambda: come.done() or come.set_result(None))
    try:
        await come
    finally:
        loop.remove_reader(line)


async def read_head(line: socket.socket) -> bytes | None:
    """The head of a request; None where nothing came, as when a browser connects in advance. Raises Refused."""
    loop, data = asyncio.get_running_loop(), bytearray()
    try:
        async with asyncio.timeout(HEAD_SECONDS):
            while (end := head_end(data)) < 0:
                part = await loop.sock_recv(line, 8192)
                if not part and not data:
                    return None
                if not part:
                    raise Refused(400, "The request broke off.")
                data += part
    except TimeoutError:
        if not data:
            return None
        raise Refused(408, f"The request took more than {HEAD_SECONDS} seconds.") from None
    return bytes(data[:end])


async def send(line: socket.socket, texts: Iterable[bytes]) -> None:
    """Sends all of it. Raises TimeoutError where the other side takes no more."""
    loop = asyncio.get_running_loop()
    for text in map(memoryview, texts):
        for start in range(0, len(text), PART_BYTES):
            async with asyncio.timeout(PART_SECONDS):
                await loop.sock_sendall(line, text[start : start + PART_BYTES])


async def linger(line: socket.socket) -> None:
    """Says that no more comes, and drops what the sender still sends until it has heard that."""
    loop = asyncio.get_running_loop()
    line.shutdown(socket.SHUT_WR)
    async with asyncio.timeout(LINGER_SECONDS):
        while await loop.sock_recv(line, 65536):
            pass
