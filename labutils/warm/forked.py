"""A forked kernel, seen from the process that asked for it."""

import contextlib
import json
import os
import select
import signal
import socket
import subprocess
import time

PATIENCE = 5.0  # seconds in which a nursery tells the exit code of a kernel that has ended


class Forked:
    """A kernel that is another process's child, with the parts of subprocess.Popen that a provisioner uses.

    It is watched with a descriptor of the process, which no other process can take over as it could the process id. It
    does not run before `commit`; if that never comes, the kernel ends when this object does.
    """

    stdin = stdout = stderr = None

    def __init__(self, pid: int, descriptor: int, connection: socket.socket) -> None:
        self.pid, self._descriptor, self._connection = pid, descriptor, connection
        self.returncode: int | None = None
        self._watch = select.poll()
        self._watch.register(descriptor, select.POLLIN)

    def commit(self) -> None:
        """Lets the kernel run."""
        self._connection.setblocking(True)
        self._connection.sendall(b"go\n")

    def poll(self) -> int | None:
        """The exit code once the kernel has ended (below zero: the signal that ended it), None before."""
        if self.returncode is None and self._watch.poll(0):
            self.returncode = self._told_code()
            self._close()
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """The exit code, once the kernel has ended; subprocess.TimeoutExpired if it has not within those seconds."""
        end = None if timeout is None else time.monotonic() + timeout
        while self.poll() is None:
            left = None if end is None else 1000 * max(0.0, end - time.monotonic())
            if not self._watch.poll(left) and timeout is not None:
                raise subprocess.TimeoutExpired("a warm kernel", timeout)
        return self.returncode

    def send_signal(self, number: int) -> None:
        """Sends a signal to the kernel alone; none to one that has ended."""
        if self.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._descriptor, number)

    def terminate(self) -> None:
        """Sends SIGTERM."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """Sends SIGKILL."""
        self.send_signal(signal.SIGKILL)

    def _told_code(self) -> int:
        """What the nursery says; a kernel whose nursery is gone was killed, as that is how they end then."""
        self._connection.settimeout(PATIENCE)
        try:
            return int(json.loads(self._connection.makefile().readline())["code"])
        except (OSError, ValueError, KeyError):
            return -signal.SIGKILL

    def _close(self) -> None:
        self._connection.close()
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1

    def __del__(self) -> None:
        with contextlib.suppress(Exception):
            self._close()
