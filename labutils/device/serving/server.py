"""The browser app's HTTP server: serves a few files from memory, on this computer or to the phones in its network.

It has one thread, in which asyncio looks after all connections, so that slow ones hold nobody up. It reads no file, and
what is asked for is looked up as it came, in a dict: there is no path to escape from.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import math
import os
import socket
import threading
import time
from collections.abc import Iterator, Mapping
from functools import partial

from labutils.device.serving.address import lan_address, qr_text
from labutils.device.serving.answer import Answer, File, onward, refusal, welcome
from labutils.device.serving.connection import accepted, linger, read_head, send
from labutils.device.serving.door import JOIN, SCAN, Door, cookies_called
from labutils.device.serving.refusals import Refusals, Tell, told
from labutils.device.serving.request import Refused, Request, parse
from labutils.errors import LabError

LOCAL = "127.0.0.1"  # nobody else can reach it
LINES = 100  # connections at a time; others wait
OURS = "The server made a mistake."
PREFETCH = ("purpose", "sec-purpose", "x-purpose", "x-moz")  # a browser that only looks ahead says so in one of these


class AppServer:
    """A running server, made by `app_server`. address, port: where it listens. home: the app's address in a browser."""

    def __init__(
        self, files: Mapping[str, File], policy: str, port: int | None, lan: bool, address: str, tell: Tell
    ) -> None:
        self._files, self._policy, self._tell = dict(files), policy, tell
        if not all(text.isascii() and text.isprintable() for text in (policy, *(each.kind for each in files.values()))):
            raise ValueError("A policy and the kinds of files are headers: printable ASCII, on one line.")
        self._socket = _listening(address, port)
        self.address, self.port = self._socket.getsockname()
        self.home = f"http://{self.address}:{self.port}/"
        names = [self.address] if lan else [self.address, "localhost"]
        self._hosts = {f"{name}:{self.port}" for name in names} | ({*names} if self.port == 80 else set())
        self._door = Door() if lan else None
        self._cookie = f"labs-{self.port}"  # cookies know no ports: another server here needs another name
        self._refusals = Refusals(tell)
        self._busy, self._last = 0, time.monotonic()

    @property
    def url(self) -> str:
        """What to open in a browser. In the local network it lets one browser in, and is another one after that."""
        return f"{self.home[:-1]}{JOIN}{self._door.token}" if self._door and self._door.token else self.home

    @property
    def unused(self) -> float:
        """Seconds since something was last served; refused requests do not count."""
        return 0.0 if self._busy else time.monotonic() - self._last

    def invite(self) -> None:
        """Tells where the app is, for the local network with its QR code."""
        if not self._door:
            told(self._tell, f"The app is at {self.url} (Ctrl-C ends it).")
            return
        if not self._door.token:
            told(self._tell, "All sessions are given away: no more devices can join.")
            return
        if not told(self._tell, qr_text(self.url)):
            told(self._tell, "This terminal cannot show the QR code.")
        told(self._tell, f"For one device in this network: {self.url} (Ctrl-C ends the app).")

    async def run(self) -> None:
        """Answers until it is cancelled."""
        free = asyncio.Semaphore(LINES)
        try:
            with self._socket:
                async with asyncio.TaskGroup() as group:
                    while True:
                        await free.acquire()
                        line, address = await accepted(self._socket)
                        task = group.create_task(self._serve(line, address))
                        task.add_done_callback(partial(_ended, line, free))
        finally:
            self._refusals.close()

    async def _serve(self, line: socket.socket, address: str) -> None:
        """One connection: one request, one answer. Whatever comes of it stays here."""
        request, served = None, False
        with contextlib.suppress(Exception):  # most likely its sender went away, or takes nothing
            line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            try:
                head = await read_head(line)
                if head is None:
                    return
                request = parse(head)
                answer, served = self._answer(request, address), True
            except Refused as refused:
                self._refusals.add(address, refused)
                answer = refusal(refused.status, refused.why)
            except OSError:
                return
            except Exception as error:  # of ours: it is told in a sentence, and the server goes on
                self._refusals.add(address, Refused(500, OURS, type(error).__name__))
                answer = refusal(500, OURS)
            bare = request is not None and request.method == "HEAD"
            with self._use() if served else contextlib.nullcontext():
                await send(line, [answer.head(self._policy), b"" if bare else answer.file.content])
            await linger(line)

    @contextlib.contextmanager
    def _use(self) -> Iterator[None]:
        """Within the block something is being served."""
        self._busy += 1
        try:
            yield
        finally:
            self._busy, self._last = self._busy - 1, time.monotonic()

    def _answer(self, request: Request, address: str) -> Answer:
        """The answer to a well-formed request. Raises Refused."""
        if request.values("host")[0].lower() not in self._hosts:
            raise Refused(403, "The app is not called that: open the address that the computer shows.",
                          request.values("host")[0])  # fmt: skip
        if request.method not in ("GET", "HEAD"):
            raise Refused(405, "Only GET and HEAD are answered.", request.method)
        if self._door:
            joining = self._pass(self._door, request, address)
            if joining:
                return joining
        if request.target not in self._files:
            raise Refused(404, "The app has no such file.", request.target)
        return Answer(200, self._files[request.target])

    def _pass(self, door: Door, request: Request, address: str) -> Answer | None:
        """What a browser at the door is answered; None where it is in and asks for a file. Raises Refused."""
        inside = door.knows(cookies_called(self._cookie, request.values("cookie")))
        if not request.target.startswith(JOIN):
            if not inside:
                raise Refused(403, f"This device has not joined. {SCAN}")
            return None
        if inside:
            return onward()
        token = request.target.removeprefix(JOIN)
        if request.method == "HEAD":  # of a preview: it is told whether the address is right, and spends nothing
            door.check(token, address)
            return onward()
        if any(word in value.lower() for name in PREFETCH for value in request.values(name)
               for word in ("prefetch", "preview")):  # fmt: skip
            raise Refused(403, "This address works once, and not in advance.")
        session = door.admit(token, address)
        told(self._tell, f"{address} has joined.")
        self.invite()
        return welcome(self._cookie, session)


@contextlib.contextmanager
def app_server(
    files: Mapping[str, File],
    policy: str,
    *,
    port: int | None = None,
    lan: bool = False,
    address: str | None = None,
    tell: Tell = print,
) -> Iterator[AppServer]:
    """Serves files on 127.0.0.1, or in the local network, for as long as the block runs.

    files: what is served, by its path, such as "/" or "/app.js"; nothing else is. policy: the Content-Security-Policy
    of every answer. port: by default a free one. lan: whether to serve in the local network; then `url` lets one
    browser in, which gets a cookie, and the next needs the next `url`. address: to listen at (default: 127.0.0.1, with
    lan the computer's own). tell: is told of each refused request, and with lan who has joined and the next QR code;
    called from another thread.
    When the block ends, the port is closed and no thread is left. Raises LabError where there is no network, or the
    port cannot be had.

    >>> import urllib.request
    >>> direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # this computer needs no proxy
    >>> with app_server({"/": File(b"hello", "text/plain")}, "default-src 'none'") as server:
    ...     direct.open(server.url).read()
    b'hello'
    """
    address = address or (lan_address() if lan else LOCAL)
    server = AppServer(files, policy, port, lan, address, tell)
    loop = asyncio.SelectorEventLoop()  # on every system: `accepted` needs its add_reader
    task = loop.create_task(server.run())
    thread = threading.Thread(target=_until_done, args=(loop, task), name="labs app")
    thread.start()
    try:
        yield server
    finally:
        loop.call_soon_threadsafe(task.cancel)
        thread.join()
        loop.close()


def serve_until_idle(
    files: Mapping[str, File],
    policy: str,
    *,
    port: int | None = None,
    lan: bool = False,
    idle: float = 1800,
    address: str | None = None,
    tell: Tell = print,
) -> None:
    """Serves files as `app_server` does, until Ctrl-C or until nothing was served for `idle` seconds.

    Tells at its beginning where the app is, and at its end why it ends. Raises LabError as `app_server` does, and for
    an idle time that is none.
    """
    if not idle > 0:  # nor a NaN
        raise LabError(f"An idle time of {idle:g} seconds is none: give more than 0.")
    try:
        with app_server(files, policy, port=port, lan=lan, address=address, tell=tell) as server:
            server.invite()
            while server.unused < idle:
                time.sleep(min(0.2, idle / 4))
        why = f"nothing was asked for in {_span(idle)}"
    except KeyboardInterrupt:
        why = "stopped"
    told(tell, f"The app is closed: {why}.")


def _span(seconds: float) -> str:
    """A time in words.

    >>> _span(1800), _span(60), _span(1.5)
    ('30 minutes', '1 minute', '1.5 seconds')
    """
    number, unit = (seconds / 60, "minute") if seconds >= 60 else (seconds, "second")
    return f"{number:g} {unit}{'' if math.isclose(number, 1) else 's'}"


def _ended(line: socket.socket, free: asyncio.Semaphore, _: object) -> None:
    """Closes a connection, also one that was cancelled before it began, and makes room for another."""
    line.close()
    free.release()


def _until_done(loop: asyncio.AbstractEventLoop, task: asyncio.Task[None]) -> None:
    """Runs a task in this thread until it is cancelled."""
    with contextlib.suppress(asyncio.CancelledError):
        loop.run_until_complete(task)


def _listening(address: str, port: int | None) -> socket.socket:
    """A socket that listens. Raises LabError, with the cure, where it cannot."""
    if port is not None and not 1 <= port <= 65535:
        raise LabError(f"There is no port {port}: give --port 1024 to 65535, or leave it out.")
    line = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        # On Windows SO_REUSEADDR would share the port with whoever has it.
        line.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE if os.name == "nt" else socket.SO_REUSEADDR, 1)
        line.bind((address, port or 0))
        line.listen(256)
        line.setblocking(False)
        return line
    except OSError as error:
        line.close()
        reasons = {
            errno.EADDRINUSE: f"Port {port} is in use: choose another --port, or leave it out.",
            errno.EACCES: f"Port {port} is not allowed here: choose a --port from 1024 up, or leave it out.",
            errno.EADDRNOTAVAIL: f"{address} is not an address of this computer: leave it out.",
        }
        why = f"Nothing can listen at {address}, port {port or 'any'} ({error.strerror}): choose another --port."
        raise LabError(reasons.get(error.errno or 0, why)) from None
