"""The kernel that executes a lab: always the Python of this very environment, silent on the terminal, with no traces.

Imported only where a kernel is about to start: jupyter_client takes a moment.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from jupyter_client import AsyncKernelManager
from jupyter_client.kernelspec import KernelSpecManager
from traitlets import default

from labutils.errors import LabError
from labutils.warm import install

OURS = ("LABS_BUILD", "LABS_NURSERY")  # variables that are not for the kernels of a lab


def kernel_environment(
    scratch: Path, build: Path | None = None, strict: bool = False, more: Mapping[str, str | None] | None = None
) -> dict[str, str]:
    """The environment variables of a lab's kernel.

    The environment's own commands come first on PATH, IPython keeps out of the user's profile (it lives in `scratch`),
    and the labs write below `build` (LABS_BUILD); None stands for the course's own build/. A learner's progress is not
    touched. strict: an exercise without a right answer raises (as it does where LABS_STRICT is set already). more: of
    whoever asks, in place of this process's own; None takes one away.
    """
    given = {**os.environ, **(more or {})}
    variables = {name: value for name, value in given.items() if name not in OURS and value is not None}
    variables |= {"LABS_PROGRESS": "0"} | ({"LABS_STRICT": "1"} if strict else {})
    variables["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), variables.get("PATH", "")])
    variables["IPYTHONDIR"] = str(scratch / "ipython")
    if build:
        variables["LABS_BUILD"] = str(build)
    return variables


def check_kernel() -> None:
    """Raises LabError when this environment has no kernel to run a notebook with."""
    import importlib.util

    if importlib.util.find_spec("ipykernel") is None:
        raise LabError("This Python has no kernel for notebooks (ipykernel is missing): see `labs doctor`.")


def kernel_manager(
    scratch: Path, variables: Mapping[str, str], on_start: Callable[[int], None], on_death: Callable[[int], None],
    warm: bool = False,
) -> type[AsyncKernelManager]:  # fmt: skip
    """A class of kernel managers for nbclient whose kernel runs with those environment variables.

    What the kernel writes past the notebook goes nowhere. Once it runs, on_start gets its process id; should it end by
    itself, on_death gets its exit code (below zero: the signal that ended it). warm: see labutils.warm; where that is
    not possible, or LABS_COLD=1 is set, the kernel starts in the ordinary way.
    """

    class LabKernelManager(AsyncKernelManager):
        shutdown_wait_time = 3.0

        @default("kernel_spec_manager")
        def _this_environment(self) -> KernelSpecManager:
            return KernelSpecManager(kernel_dirs=[], parent=self)

        @default("connection_file")
        def _in_scratch(self) -> str:
            return str(scratch / "connection.json")

        async def start_kernel(self, **options: Any) -> None:
            silent = {"env": dict(variables), "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
            if warm:
                install(self)
            await super().start_kernel(**options | silent)
            on_start(self.provisioner.pid)

        async def is_alive(self) -> bool:
            code = await self.provisioner.poll() if self.has_kernel else None
            if code is not None:
                on_death(code)
            return await super().is_alive()

    return LabKernelManager


def cause_of_death(code: int) -> str:
    """What an exit code tells of a process that ended by itself.

    >>> cause_of_death(3)
    'it ended itself with code 3'
    """
    if code >= 0:
        return f"it ended itself with code {code}"
    name = signal.Signals(-code).name if -code in set(signal.Signals) else f"signal {-code}"
    reasons = {"SIGKILL": ", often for lack of memory", "SIGSEGV": ", a crash in native code"}
    return f"{name}{reasons.get(name, '')}"
