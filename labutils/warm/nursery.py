"""The nursery: a process that imports once, then forks a kernel for each request.

keeper.py runs this file by its path, so that neither labutils nor anything else of the course is in a kernel's
sys.modules. It has one thread of Python's own; what libraries start while they are imported (OpenBLAS) they end and
start anew around a fork themselves. It ends, with its kernels and its folder, when its owner does.
"""

import contextlib
import gc
import importlib
import importlib.util
import json
import os
import select
import shutil
import signal
import socket
import struct
import sys
import warnings
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

LONGEST = 4_000_000  # bytes of a request: an environment can be large
TORN = 2.0  # seconds that a request may take from its first to its last byte
STREAMS = 3  # standard input, output and error
# What a kernel imports while it starts, before it has a backend for Matplotlib; those that are missing are no loss.
KERNEL_PARTS = (
    *("ipykernel.kernelapp", "ipykernel.ipkernel", "ipykernel.zmqshell", "ipykernel.debugger", "IPython"),
    *("IPython.core.completerlib", "IPython.extensions.storemagic", "IPython.core.magics"),
    *("comm", "zmq.asyncio", "tornado.platform.asyncio", "sqlite3"),
)


@dataclass
class Kernel:
    """A forked kernel: its process, the descriptor that watches it, the connection of whoever asked for it.

    bound: it ends with that connection, as whoever asked for it is not the owner of the nursery.
    """

    pid: int
    descriptor: int
    connection: socket.socket
    bound: bool
    ended: bool = False


@dataclass
class Birth:
    """What a forked child has to know to become a kernel."""

    order: dict[str, Any]
    streams: list[int]
    connection: socket.socket
    nursery: int


def main() -> None:
    """Imports, serves, and in a forked child becomes the kernel."""
    settings = json.loads(sys.argv[1])
    owner = os.pidfd_open(settings["owner"])
    if os.getppid() != settings["owner"]:
        leave({}, settings["folder"])
    signal.alarm(settings["limit"])  # an import that hangs does not stay for ever
    newborn = load("newborn")
    traces = preload(newborn, settings["modules"])
    signal.alarm(0)
    birth = Nursery(settings, owner, newborn, traces).serve()
    newborn.become_kernel(birth, traces)


def load(name: str) -> ModuleType:
    """The module in the file of that name beside this one, and no trace of it in sys.modules."""
    specification = importlib.util.spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


def preload(newborn: ModuleType, modules: list[str]) -> Any:
    """Imports the modules as a kernel would, and says what that changed; raises where one cannot be imported."""
    here = str(Path(__file__).parent)
    sys.path[:] = [entry for entry in sys.path if entry != here]
    os.environ["JPY_PARENT_PID"] = str(os.getpid())  # ipykernel reads it once: when it is imported
    traces = newborn.Traces()
    for name in KERNEL_PARTS:
        with contextlib.suppress(ImportError):
            importlib.import_module(name)
    traces.mark()
    # What a kernel has set before its first cell: TensorFlow imports Matplotlib, and asks whether this is interactive.
    if not os.environ.get("MPLBACKEND"):
        os.environ["MPLBACKEND"] = newborn.INLINE
    sys.ps1, sys.ps2, sys.ps3 = newborn.PROMPTS
    for name in modules:
        importlib.import_module(name)
    del sys.ps1, sys.ps2, sys.ps3
    traces.compare()
    gc.collect()
    gc.freeze()  # collections in a kernel leave these objects alone, and so the memory that it shares
    return traces


class Nursery:
    """Takes requests, forks kernels, tells their exit codes, watches the owner."""

    def __init__(self, settings: dict[str, Any], owner: int, newborn: ModuleType, traces: Any) -> None:
        self.owner, self.folder, self.lock = owner, settings["folder"], settings["lock"]
        self.newborn, self.traces, self.pid = newborn, traces, os.getpid()
        self.listener = socket.socket(fileno=settings["listener"])
        self.kernels: dict[int, Kernel] = {}  # by either of their descriptors
        self.poll = select.poll()
        self.poll.register(self.owner, select.POLLIN)
        self.poll.register(self.listener, select.POLLIN)

    def serve(self) -> Birth:
        """Returns in a child, once it has been forked; the nursery itself stays until it leaves."""
        while True:
            for descriptor, _ in self.poll.poll():
                if descriptor == self.owner:
                    leave(self.kernels, self.folder)
                elif descriptor == self.listener.fileno():
                    birth = self.admit()
                    if birth:
                        return birth
                elif descriptor in self.kernels:  # not one that was closed in this very round
                    self.attend(self.kernels[descriptor], descriptor)

    def admit(self) -> Birth | None:
        """Takes one request, and forks; what is no request, or cannot be fulfilled, is sent away."""
        connection, _ = self.listener.accept()
        streams: list[int] = []
        child = False
        try:
            connection.settimeout(TORN)
            order = receive(connection, streams)
            refused = self.newborn.unfit(order, self.traces)
            if refused:
                connection.sendall(json.dumps({"refused": refused}).encode() + b"\n")
                return None
            try:
                child = self.fork(connection, bool(order.get("bound")))
            except OSError as error:
                connection.sendall(json.dumps({"refused": str(error)}).encode() + b"\n")
                return None
            return Birth(order, streams, connection, self.pid) if child else None
        except (OSError, ValueError, KeyError, TypeError):
            connection.close()
            return None
        finally:
            if not child:
                for stream in streams:
                    os.close(stream)

    def fork(self, connection: socket.socket, bound: bool) -> bool:
        """Whether this is the child."""
        with warnings.catch_warnings():  # Python 3.12 warns of threads; these are OpenBLAS's, which looks after them
            warnings.simplefilter("ignore")
            pid = os.fork()
        if pid == 0:
            self.listener.close()
            for kernel in {kernel.pid: kernel for kernel in self.kernels.values()}.values():
                self.forget(kernel)
            os.close(self.owner)
            os.close(self.lock)
            return True
        kernel = Kernel(pid, os.pidfd_open(pid), connection, bound)
        self.kernels |= {kernel.descriptor: kernel, connection.fileno(): kernel}
        self.poll.register(kernel.descriptor, select.POLLIN)
        self.poll.register(connection, 0)  # for its end only: what is said on it is for the child
        return False

    def attend(self, kernel: Kernel, descriptor: int) -> None:
        """Tells that a kernel has ended. Its process id stays its own until nobody asks for it any more."""
        if descriptor == kernel.descriptor:
            self.poll.unregister(kernel.descriptor)
            kernel.ended = True
            found = os.waitid(os.P_PID, kernel.pid, os.WEXITED | os.WNOWAIT)
            code = found.si_status if found.si_code == os.CLD_EXITED else -found.si_status
            with contextlib.suppress(OSError):
                kernel.connection.sendall(json.dumps({"code": code}).encode() + b"\n")
        else:  # whoever asked for it is gone
            self.poll.unregister(descriptor)
            del self.kernels[descriptor]
            kernel.connection.close()
            if kernel.bound:
                end(kernel)
        if kernel.ended and kernel.connection.fileno() < 0:
            os.waitpid(kernel.pid, 0)
            del self.kernels[kernel.descriptor]
            os.close(kernel.descriptor)

    def forget(self, kernel: Kernel) -> None:
        """Closes in a child what belongs to its elder sisters."""
        os.close(kernel.descriptor)
        kernel.connection.close()


def receive(connection: socket.socket, streams: list[int]) -> dict[str, Any]:
    """The request: one line of JSON, with three descriptors, put into `streams`; ValueError for anything else."""
    peer = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
    if struct.unpack("3i", peer)[1] != os.getuid():
        raise ValueError("another user")
    data = b""
    while not data.endswith(b"\n"):
        more, descriptors, *_ = socket.recv_fds(connection, 1 << 16, STREAMS, socket.MSG_CMSG_CLOEXEC)
        streams += descriptors
        data += more
        if not more or len(data) > LONGEST:
            raise ValueError("torn")
    order = json.loads(data)
    if len(streams) != STREAMS or not isinstance(order, dict):
        raise ValueError("not a request")
    return order


def end(kernel: Kernel) -> None:
    """Ends a kernel with its own children."""
    if not kernel.ended:
        for kill in (os.killpg, os.kill):  # one that was born this moment has no group of its own yet
            with contextlib.suppress(OSError):
                kill(kernel.pid, signal.SIGKILL)


def leave(kernels: dict[int, Kernel], folder: str) -> None:
    """Ends the kernels with their own children, and this process."""
    for kernel in kernels.values():
        end(kernel)
    shutil.rmtree(folder, ignore_errors=True)
    os._exit(0)


if __name__ == "__main__":
    main()
