"""Makes a machine busy on purpose, for a while, to see what a measurement does under it."""

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator

from labutils.errors import LabError

MOST = 16  # processes: enough to be felt on a machine with many processors, and soon ended
SECONDS = 30  # after which a process ends by itself, should nobody have ended it
LOOP = "import sys, time\nprint(1, flush=True)\nend = time.monotonic() + {}\nwhile time.monotonic() < end:\n    pass"


@contextlib.contextmanager
def busy(processes: int | None = None, seconds: float = SECONDS) -> Iterator[None]:
    """Within the block, so many processes compute without pause; they are running when it begins, gone when it ends.

    processes: None for one on each processor, at most 16. seconds: they end by then in any case. Raises LabError for
    another number.

    >>> with busy(1):
    ...     print("somebody else is busy")
    somebody else is busy
    """
    count = min(MOST, os.cpu_count() or 1) if processes is None else processes
    if not 1 <= count <= MOST:
        raise LabError(f"processes is {count}: give 1 to {MOST}.")
    with contextlib.ExitStack() as undo:
        children = [undo.enter_context(_child(seconds)) for _ in range(count)]
        for child in children:
            child.stdout.readline()  # it is up
        yield


@contextlib.contextmanager
def _child(seconds: float) -> Iterator[subprocess.Popen]:
    command = [sys.executable, "-S", "-c", LOOP.format(float(seconds))]
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE) as child:
        try:
            yield child
        finally:
            child.kill()
