"""A forked process becomes a kernel: all that a fresh interpreter has of its own, and a fork has not.

nursery.py loads this file by its path.
"""

import ctypes
import importlib
import logging
import os
import random
import signal
import sys
import time
import warnings
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

INLINE = "module://matplotlib_inline.backend_inline"
PROMPTS = ("In : ", "...: ", "Out: ")  # IPython's
DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG of <linux/prctl.h>
CUSTOM = {"sitecustomize", "usercustomize"}  # run by a fresh interpreter before anything else

_prctl = ctypes.CDLL(None, use_errno=True).prctl if sys.platform == "linux" else None


class Traces:
    """What importing changes in the process beyond sys.modules: made at the start, marked once what a kernel imports
    by itself is there, compared at the end.
    """

    def __init__(self) -> None:
        self.environment = dict(os.environ)

    def mark(self) -> None:
        """From here on it is the modules asked for that are imported, as if in a kernel's first cell."""
        self.kernel_names = _top_names()
        self._filters = list(warnings.filters)
        self._handlers = {id(handler) for handler in _handlers()}

    def compare(self) -> None:
        """Keeps what is new, and takes the log handlers away: a kernel that starts would close all it finds."""
        own = {"MPLBACKEND", "JPY_PARENT_PID"}
        new = {name: value for name, value in os.environ.items() if self.environment.get(name) != value}
        self.environment = {name: value for name, value in new.items() if name not in own}
        self.names = _top_names() - self.kernel_names
        old = [place for place, entry in enumerate(warnings.filters) if entry in self._filters]
        self.before, self.after = warnings.filters[: old[0]], warnings.filters[old[-1] + 1 :]
        self.streams = (sys.stdout, sys.stderr)
        self.handlers = [handler for handler in _handlers() if id(handler) not in self._handlers]
        logging._handlerList[:] = [handler for handler in logging._handlerList if handler() not in self.handlers]

    def settle(self) -> None:
        """Has it all where an import in the first cell would have put it, once the kernel has its own streams."""
        for handler in self.handlers:
            logging._addHandlerRef(handler)
            for old, new in zip(self.streams, (sys.stdout, sys.stderr), strict=True):
                if getattr(handler, "stream", None) is old:
                    handler.stream = new
        known = [*self.before, *self.after]
        warnings.filters[:] = [*self.before, *(entry for entry in warnings.filters if entry not in known), *self.after]
        warnings._filters_mutated()  # as warnings.simplefilter does: forget what was decided


def unfit(order: Mapping[str, Any], traces: Traces) -> str | None:
    """Why a kernel of this order would differ from one started in the ordinary way; None where it would not.

    Modules of its folder or its PYTHONPATH may stand in front of one that is imported already.
    """
    folder = Path(order["cwd"])
    if not folder.is_dir() or not os.access(folder, os.R_OK | os.X_OK):
        return f"no folder {folder}"
    # An ordinary kernel imports what is its own before its folder counts; modules on PYTHONPATH come first of all.
    if clash := _modules_in(folder) & traces.names:
        return f"{folder} has a {min(clash)} of its own"
    known = traces.names | traces.kernel_names | CUSTOM
    for entry in _python_path(order["env"], folder):
        if Path(entry).exists() and not Path(entry).is_dir():
            return f"{entry} is no folder"
        if clash := _modules_in(Path(entry)) & known:
            return f"{entry} has a {min(clash)} of its own"
    return None


def become_kernel(birth: Any, traces: Traces) -> None:
    """Turns this process into the kernel of the order, and returns when the kernel ends."""
    try:
        _be_of_its_own(birth.order, birth.streams, birth.nursery, traces)
        _announce(birth.connection)
    except BaseException:  # nobody counts on this process yet: the kernel is started in the ordinary way
        os._exit(1)
    from ipykernel.kernelapp import IPKernelApp

    # What IPKernelApp.launch_instance does, with a look in between.
    app = IPKernelApp.instance()
    app.initialize(None)
    traces.settle()
    app.start()


def _be_of_its_own(order: Mapping[str, Any], streams: Iterable[int], nursery: int, traces: Traces) -> None:
    os.setsid()
    if _prctl(DIE_WITH_PARENT, signal.SIGKILL, 0, 0, 0) or os.getppid() != nursery:
        raise ChildProcessError("the nursery is gone")
    os.chdir(order["cwd"])
    os.environ.clear()
    os.environ.update(traces.environment)
    os.environ.update(order["env"])
    os.environ["JPY_PARENT_PID"] = str(nursery)
    time.tzset()
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    sys.stdout.reconfigure(line_buffering=os.isatty(1))
    _set_path(order, traces)
    launcher = importlib.util.find_spec("ipykernel_launcher").origin
    sys.argv[:] = [launcher, *order["argv"]]
    sys.orig_argv[:] = order["command"]
    _reseed()


def _set_path(order: Mapping[str, Any], traces: Traces) -> None:
    """The same sys.path as in a fresh interpreter started with `-m ipykernel_launcher` once that has run."""
    entries = _python_path(order["env"], Path(order["cwd"]))
    sys.path[:] = dict.fromkeys([*entries, *sys.path])
    importlib.invalidate_caches()


def _reseed() -> None:
    """All randomness that was decided before the fork is decided anew."""
    random.seed()
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed()
    if "multiprocessing.process" in sys.modules:
        sys.modules["multiprocessing.process"].current_process().authkey = os.urandom(32)


def _announce(connection: Any) -> None:
    """Says that it is there, and waits to be wanted: whoever asked may have given up and started another kernel."""
    import json
    import socket

    connection.settimeout(None)
    watch = os.pidfd_open(os.getpid())
    socket.send_fds(connection, [json.dumps({"pid": os.getpid()}).encode() + b"\n"], [watch])
    os.close(watch)
    if not connection.recv(3):
        raise ConnectionError("not wanted any more")
    connection.close()


def _python_path(variables: Mapping[str, str], folder: Path) -> list[str]:
    """The entries of PYTHONPATH as the interpreter has them in sys.path: absolute, none twice."""
    if sys.flags.ignore_environment or not variables.get("PYTHONPATH"):
        return []
    return list(dict.fromkeys(os.path.normpath(folder / entry) for entry in variables["PYTHONPATH"].split(os.pathsep)))


def _modules_in(folder: Path) -> set[str]:
    """The names under which files and packages of the folder can be imported."""
    try:
        entries = list(os.scandir(folder))
    except OSError:
        return set()
    endings = tuple(importlib.machinery.all_suffixes())
    files = {entry.name.split(".")[0] for entry in entries if entry.name.endswith(endings)}
    return files | {entry.name for entry in entries if Path(entry.path, "__init__.py").is_file()}


def _top_names() -> set[str]:
    return {name.split(".")[0] for name in sys.modules} - {"__main__"}


def _handlers() -> list[logging.Handler]:
    return [handler for reference in logging._handlerList if (handler := reference()) is not None]
