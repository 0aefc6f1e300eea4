"""What a kernel does first in which nbgrader executes a submission: nbgrader_config.py has it called there."""

import atexit
import os
import shutil
import tempfile


def begin() -> None:
    """A wrong answer is an error, nobody's progress is noted, and files go to a folder that goes with the kernel."""
    build = tempfile.mkdtemp(prefix="labs-nbgrader-")
    atexit.register(shutil.rmtree, build, ignore_errors=True)
    os.environ.update(LABS_STRICT="1", LABS_PROGRESS="0", LABS_BUILD=build)
