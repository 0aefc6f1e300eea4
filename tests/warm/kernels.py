"""Kernels to test with, and what is asked of them."""

import time
from collections.abc import Callable

import psutil
from jupyter_client import KernelManager

from labutils import warm
from labutils.warm import keeper
from labutils.warm.forked import Forked

LIGHT = ("numpy",)  # what the nurseries of most tests import


class Kernel:
    """A running kernel that executes code and says what it printed."""

    def __init__(self, modules: tuple[str, ...] | None, **options) -> None:
        self.manager = KernelManager()
        if modules is not None:
            warm.install(self.manager, modules)
        self.manager.start_kernel(**options)
        self.client = self.manager.client()
        self.client.start_channels()
        self.client.wait_for_ready(timeout=30)

    @property
    def warm(self) -> bool:
        return isinstance(self.manager.provisioner.process, Forked)

    @property
    def pid(self) -> int:
        return self.manager.provisioner.pid

    def run(self, code: str) -> str:
        """What the code printed, and its error."""
        said: list[str] = []

        def hear(message: dict) -> None:
            content = message["content"]
            said.append(content.get("text", "") or "".join(content.get("traceback", [])))

        self.client.execute_interactive(code, output_hook=hear, timeout=60)
        return "".join(said).strip()

    def ended(self) -> int:
        """The exit code, once it has ended by itself."""
        until(lambda: self.manager.provisioner.process.poll() is not None)
        return self.manager.provisioner.process.poll()

    def stop(self) -> None:
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)
        self.manager.cleanup_resources()


def until(true: Callable[[], bool], seconds: float = 10) -> None:
    """Waits for it, but not for ever."""
    limit = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < limit, "it did not come true"
        time.sleep(0.02)


def gone(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def light_nursery() -> keeper.Nursery:
    """The nursery of this process that imported LIGHT and was used last."""
    return [nursery for nursery in keeper._nurseries.values() if nursery.key.modules == LIGHT][-1]


def nurseries() -> list[int]:
    """The processes of the nurseries that this process has started."""
    return [nursery.process.pid for nursery in keeper._nurseries.values()]
