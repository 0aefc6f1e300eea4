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
QUEUE = 64  # requests that wait while a nursery imports


class Unavailable(Exception):
    """There will be no warm kernel; the message says why."""


class Nursery:
    """A process that forks kernels of one key. The socket is there from the start: requests wait in its queue."""

    def __init__(self, key: Key) -> None:
        self.key, self.served = key, False
        self.folder, lock = place.make_place()
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

    def stop(self) -> None:
        """Ends the process, its kernels and its folder."""
        self.process.kill()  # it has nothing to put in order, and its kernels end with it
        self.process.wait()
        place.remove(self.folder)

    async def fork(self, order: Mapping[str, Any], streams: Sequence[int]) -> Forked:
        """A kernel that waits for its commit; OSError where the nursery is gone, Unavailable where it refuses."""
        connection = self._connect()
        try:
            loop = asyncio.get_running_loop()
            data = json.dumps(order).encode() + b"\n"
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


_nurseries: dict[Key, Nursery] = {}  # the one used last stands last
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


def _nursery(key: Key) -> Nursery:
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
            nursery = Nursery(key)
        _nurseries[key] = nursery
        return nursery


def _make_room() -> None:
    """Ends the nurseries that were not used for longest and have no kernel, until one more may be started."""
    for key, nursery in list(_nurseries.items()):
        if len(_nurseries) < AT_MOST:
            return
        if not (nursery.alive and _has_children(nursery.process.pid)):
            del _nurseries[key]
            nursery.stop()
    if len(_nurseries) >= AT_MOST:
        raise Unavailable("all nurseries are in use")


def _has_children(pid: int) -> bool:
    with contextlib.suppress(OSError):
        return bool(Path(f"/proc/{pid}/task/{pid}/children").read_text().strip())
    return True  # where the kernel does not tell, better one nursery less


def _drop(nursery: Nursery) -> None:
    """Forgets a nursery that has ended, and for good one that never served; another may have kernels, and stays."""
    with _lock:
        if nursery.served and nursery.alive:
            return
        if _nurseries.get(nursery.key) is nursery:
            del _nurseries[nursery.key]
        if not nursery.served:
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
