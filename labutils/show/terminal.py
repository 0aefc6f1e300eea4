"""Runs a command line from a notebook as a terminal would, and shows what it says without the logs around it."""

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from labutils.errors import LabError

SECONDS = 300
TRACEBACK = "Traceback (most recent call last):"
# How the log lines of absl and TensorFlow begin, and the second lines of those that have two.
LOG = re.compile(
    r"[IWEF]\d{4} |WARNING: All log messages before absl|To enable the following instructions|"
    r"(WARNING|INFO):(tensorflow|absl):|Instructions for updating:|Use `tf\.[\w.]+` instead"
)


@dataclass(frozen=True)
class Ended:
    """How a command ended. code: 0 when all went well. out, err: what it printed, err without logs."""

    code: int
    out: str
    err: str


def terminal(line: str, folder: str | os.PathLike, most: int = 40) -> Ended:
    """Run one command in a folder, and print the line, what it says, and its exit code if that is not 0.

    line: as one would type it, in the quotes of Linux and macOS. Commands of this environment are found first. most:
    lines of its output to show; the rest is counted. Of a traceback only the last line is shown. The folder's full
    path is left out of what is printed. Raises LabError for a command that does not exist or does not end.

    >>> ended = terminal("python -c 'print(6 * 7)'", ".")
    $ python -c 'print(6 * 7)'
    42
    >>> ended.code
    0
    """
    words = shlex.split(line)
    variables = _plain(os.environ)
    command = [_found(words[0], variables["PATH"]), *words[1:]]
    print(f"$ {line}", flush=True)  # first: loading TensorFlow takes seconds
    try:
        done = subprocess.run(
            command, cwd=folder, env=variables, timeout=SECONDS,
            stdin=subprocess.DEVNULL, capture_output=True, encoding="utf-8", errors="replace",
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        raise LabError(f"{words[0]} was not done after {SECONDS} s and was stopped: run it in a terminal.") from None
    ended = Ended(done.returncode, _near(done.stdout, folder), _near(without_logs(done.stderr), folder))
    for said in _shown(ended, most):
        print(said)
    return ended


def without_logs(text: str) -> str:
    """The text without the log lines of TensorFlow.

    >>> without_logs("I0000 00:00:17 port.cc:153] oneDNN is on.\\nError: no such file\\n")
    'Error: no such file\\n'
    """
    return "".join(line for line in text.splitlines(keepends=True) if not LOG.match(line))


def _plain(environment: Mapping[str, str]) -> dict[str, str]:
    """The variables of a command: this environment's folder first, and no colours, which Jupyter asks for."""
    path = os.pathsep.join([str(Path(sys.executable).parent), environment.get("PATH", "")])
    kept = {name: value for name, value in environment.items() if name not in ("FORCE_COLOR", "CLICOLOR_FORCE")}
    return kept | {"PATH": path, "PYTHONUTF8": "1", "NO_COLOR": "1", "PYTHON_COLORS": "0"}


def _found(command: str, path: str) -> str:
    from shutil import which

    found = which(command, path=path)
    if not found:
        raise LabError(f"There is no command {command} here: run `make lab` again, or start with `labs open`.")
    return found


def _near(text: str, folder: str | os.PathLike) -> str:
    whole = str(Path(folder).resolve())
    return text.replace(whole + os.sep, "").replace(whole, ".")


def _shown(ended: Ended, most: int) -> list[str]:
    lines = ended.out.rstrip().splitlines()
    if len(lines) > most:
        lines = [*lines[:most], f"... and {len(lines) - most} lines more"]
    before, mark, trace = ended.err.rstrip().partition(TRACEBACK)
    lines += before.rstrip().splitlines()
    if mark:
        lines += [f"(a traceback of {len(trace.splitlines())} lines, which ends with:)", trace.splitlines()[-1]]
    return [*lines, *([f"[exit code {ended.code}]"] if ended.code else [])]
