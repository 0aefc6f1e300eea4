"""The provisioner: what jupyter_client asks to start a kernel, and to watch and end it."""

import contextlib
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from jupyter_client.provisioning import LocalProvisioner
from traitlets import Float, List, Unicode

from labutils.warm import MODULES
from labutils.warm.forked import Forked
from labutils.warm.key import make_key, possible, split_command

ORDINARY = {"env", "cwd", "stdin", "stdout", "stderr", "independent", "kernel_id", "extra_arguments"}


class WarmProvisioner(LocalProvisioner):
    """Starts kernels warm where it can, and as LocalProvisioner does where it cannot."""

    modules = List(Unicode(), list(MODULES), help="What a nursery imports: third-party modules only.").tag(config=True)
    patience = Float(30.0, help="Seconds to wait for a nursery before an ordinary start.").tag(config=True)

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> dict[str, Any]:
        """Launches a kernel with a command."""
        try:
            kernel = await self._fork(cmd, kwargs)
        except Exception as error:  # none may reach a user who would have got a kernel without this room
            self.log.debug("No warm start: %s: %s", type(error).__name__, error)
            kernel = None
        if kernel is None:
            return await super().launch_kernel(cmd, **kwargs)
        self.process, self.pid, self.pgid = kernel, kernel.pid, kernel.pid
        self.cwd = kwargs.get("cwd", Path.cwd())
        return self.connection_info

    async def _fork(self, cmd: list[str], options: dict[str, Any]) -> Forked | None:
        """The kernel, running; None where these options are none for a warm start."""
        variables = options.get("env")
        variables = dict(os.environ if variables is None else variables)
        parts = split_command(cmd)
        if not possible(variables) or parts is None or set(options) - ORDINARY or options.get("independent"):
            return None
        from labutils.warm import keeper  # of systems that have what it needs

        command, arguments = parts
        folder = str(Path(options.get("cwd") or ".").absolute())
        order = {"argv": arguments, "command": list(cmd), "cwd": folder, "env": variables}
        with _streams(options) as streams:
            if streams is None:
                return None
            kernel = await keeper.fork(make_key(command, variables, self.modules), order, streams, self.patience)
        kernel.commit()
        return kernel


@contextlib.contextmanager
def _streams(options: dict[str, Any]) -> Iterator[list[int] | None]:
    """Descriptors for standard input, output and error, as subprocess.Popen understands the options; None for pipes."""
    nothing = os.open(os.devnull, os.O_RDWR)
    try:
        chosen = []
        for number, name in enumerate(("stdin", "stdout", "stderr")):
            asked = options.get(name)
            if asked is None:
                asked = number if number else nothing  # jupyter_client gives a kernel a closed input
            elif asked == subprocess.DEVNULL:
                asked = nothing
            elif asked == subprocess.STDOUT and number == 2:
                asked = chosen[1]
            elif asked == subprocess.PIPE:
                yield None
                return
            descriptor = asked if isinstance(asked, int) else asked.fileno()
            os.fstat(descriptor)  # a closed one cannot be sent
            chosen.append(descriptor)
        yield chosen
    finally:
        os.close(nothing)
