"""What a worker of this machine does first: Dask calls `dask_setup` in it."""

import signal
from typing import Any


def dask_setup(worker: Any) -> None:
    """Ctrl-C on the terminal reaches all processes there: it is for the command, which ends its workers itself."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
