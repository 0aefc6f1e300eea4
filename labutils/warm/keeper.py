"""The nurseries of this process: started when needed, asked for kernels, ended with it."""

import asyncio
import atexit
import contextlib
import json
import os
import socket
import subprocess
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from labutils.warm import place
from labutils.warm.forked import Forked
from labutils.warm.key import Key

SERVER = Path(__file__).with_name("nursery.py")
AT_MOST = 2  # nurseries of one process: each takes the memory of what it imported
LIMIT = 120  # seconds of importing after which a nursery ends by itself
LENT = "LABS_NURSERY"  # the variable that tells a process of a nursery that it may use
QUEUE = 64  # requests that wait while a nursery imports


class Unavailable(Exception):
    """There will be no warm kernel; the message says why."""


class Door:
    """The way to a nursery: the folder with its socket. own: it is this process's."""

    own = True

    def __init__(self, key: Key, folder: Path) -> None:
        self.key, self.folder, self.served = key, folder, False

    async def fork(self, order: Mapping[str, Any], streams: Sequence[int]) -> Forked:
        """A kernel that waits for its commit; OSError where the nursery is gone, Unavailable where it refuses."""
        connection = self._connect()
        try:
            loop = asyncio.get_running_loop()
            data = json.dumps({**order, "bound": not self.own}).encode() + b"\n"
            sent = socket.send_fds(connection, [data], list(streams))
            if rest := data[sent:]:  # to send nothing would fail where a refusal has come already, and the end with it
                await loop.sock_sendall(connection, rest)
            await _readable(connection)
            data, descriptors, *_ = socket.recv_fds(connection, 1 << 16, 1, socket.MSG_CMSG_CLOEXEC)
            answer = json.loads(data or b"{}")
            if "pid" not in answer or not descriptors:
                raise (Unavailable if data else ConnectionResetError)(answer.get("refused", "no kernel came"))
        except BaseException:
            connection.close()  # what was forked meanwhile sees it, and ends
            raise
        self.served = True
        return Forked(answer["pid"], descriptors[0], connection)

    def _connect(self) -> socket.socket:
        if not place.is_private(self.folder):
            raise Unavailable(f"{self.folder} is not this user's own")
        folder = os.open(self.folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            connection.setblocking(False)
            connection.connect(place.socket_path(folder))  # at once, or it raises: never in progress
        except BaseException:
            connection.close()
            raise
        finally:
            os.close(folder)
        return connection


class Nursery(Door):
    """A process that forks kernels of one key. The socket is there from the start: requests wait in its queue."""

    def __init__(self, key: Key) -> None:
        folder, lock = place.make_place()
        super().__init__(key, folder)
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            listener.bind(place.socket_path(lock))
            listener.listen(QUEUE)
            settings = {"modules": key.modules, "owner": os.getpid(), "folder": str(self.folder), "limit": LIMIT}
            settings |= {"listener": listener.fileno(), "lock": lock}
            # A session of its own: Ctrl-C on the terminal is not for it.
            self.process = subprocess.Popen(
                [*key.command, str(SERVER), json.dumps(settings)],
                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                env=dict(key.variables), cwd="/", start_new_session=True, pass_fds=(listener.fileno(), lock),
            )  # fmt: skip
        except BaseException:
            place.remove(self.folder)
            raise
        finally:
            listener.close()
            os.close(lock)

    @property
    def alive(self) -> bool:
        return self.process.poll() is None

    @property
    def in_use(self) -> bool:
        """Whether it has kernels."""
        with contextlib.suppress(OSError):
            children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
            return self.alive and bool(children.read_text().strip())
        return self.alive  # where the kernel does not tell, better one nursery less

    def stop(self) -> None:
        """Ends the process, its kernels and its folder."""
        self.process.kill()  # it has nothing to put in order, and its kernels end with it
        self.process.wait()
        place.remove(self.folder)


class Lent(Door):
    """Another process's nursery, of the same user; its kernels end with whoever asked for them."""

    own = in_use = False

    @property
    def alive(self) -> bool:
        return place.is_private(self.folder) and place.is_held(self.folder)

    def stop(self) -> None:
        """Nothing is to be done: it is not ours."""


_nurseries: dict[Key, Nursery | Lent] = {}  # the one used last stands last
_given_up: set[Key] = set()
_owner = 0  # the process they belong to: one forked from it has none
_lock = threading.RLock()


def prepare(key: Key) -> bool:
    """Whether there is a nursery for the key, started now or before."""
    try:
        _nursery(key)
    except (Unavailable, OSError):
        return False
    return True


async def fork(key: Key, order: Mapping[str, Any], streams: Sequence[int], patience: float) -> Forked:
    """A kernel of that key, waiting for its commit; Unavailable or OSError where none comes within those seconds.

    order: argv, cwd and env of the kernel. streams: descriptors for its standard input, output and error.
    """
    for last in (False, True):
        nursery = _nursery(key)
        try:
            return await asyncio.wait_for(nursery.fork(order, streams), patience)
        except TimeoutError:
            _drop(nursery)
            raise Unavailable(f"the nursery took over {patience} s") from None
        except OSError:
            if nursery.served and nursery.alive or last:
                _drop(nursery)
                raise
            _drop(nursery)  # it has ended, perhaps killed; a new one is worth a try
    raise AssertionError("not reached")


def close() -> None:
    """Ends all nurseries of this process, and their kernels."""
    with _lock:
        if _owner == os.getpid():
            for nursery in _nurseries.values():
                nursery.stop()
        _nurseries.clear()
        _given_up.clear()


def lend(key: Key) -> str:
    """What another process has to find in LENT to use this process's nursery of that key, which is started for it."""
    return f"{key.digest}:{_nursery(key).folder}"


def release(key: Key) -> None:
    """Ends this process's nursery of that key, and its kernels."""
    with _lock:
        if nursery := _nurseries.pop(key, None):
            nursery.stop()


def _lent(key: Key) -> Lent | None:
    """The nursery that this process was lent, where it is one of that key and lives."""
    digest, _, folder = os.environ.get(LENT, "").partition(":")
    if digest != key.digest or not folder:
        return None
    nursery = Lent(key, Path(folder))
    return nursery if nursery.alive else None


def _nursery(key: Key) -> Nursery | Lent:
    global _owner
    with _lock:
        if _owner != os.getpid():
            _nurseries.clear()
            _given_up.clear()
            atexit.unregister(close)
            atexit.register(close)
            _owner = os.getpid()
        nursery = _nurseries.get(key)
        if nursery and not nursery.alive:
            _drop(nursery)
        nursery = _nurseries.pop(key, None)
        if key in _given_up:
            raise Unavailable("its nursery could not be brought up")
        if nursery is None:
            _make_room()
            nursery = _lent(key) or Nursery(key)
        _nurseries[key] = nursery
        return nursery


def _make_room() -> None:
    """Ends the nurseries that were not used for longest and have no kernel, until one more may be started."""
    for key, nursery in list(_nurseries.items()):
        if len(_nurseries) < AT_MOST:
            return
        if not nursery.in_use:
            del _nurseries[key]
            nursery.stop()
    if len(_nurseries) >= AT_MOST:
        raise Unavailable("all nurseries are in use")


def _drop(nursery: Nursery | Lent) -> None:
    """Forgets a nursery that has ended, and for good one that never served; another may have kernels, and stays."""
    with _lock:
        if nursery.served and nursery.alive:
            return
        if _nurseries.get(nursery.key) is nursery:
            del _nurseries[nursery.key]
        if not nursery.served and nursery.own:
            _given_up.add(nursery.key)
        nursery.stop()


async def _readable(connection: socket.socket) -> None:
    loop = asyncio.get_running_loop()
    ready = loop.create_future()
    loop.add_reader(connection, lambda: ready.done() or ready.set_result(None))
    try:
        await ready
    finally:
        loop.remove_reader(connection)
