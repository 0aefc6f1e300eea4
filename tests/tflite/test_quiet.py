"""Logs are held back on success, shown on failure, and the streams come back."""

import logging
import subprocess
import sys

import pytest

NOISE = """
import os, sys, logging
from labutils.tflite.quiet import quiet
print("before")
with quiet():
    print("python noise"); print("python error noise", file=sys.stderr)
    os.write(1, b"native noise\\n"); os.write(2, b"native error noise\\n"); os.system("echo child noise")
    handler = logging.StreamHandler(); kept = sys.stderr
    with quiet():
        print("nested noise")
    {end}
print("after")
handler.stream.write("later, to a stream found inside\\n")
"""


def run(end: str) -> subprocess.CompletedProcess:
    return subprocess.run([sys.executable, "-c", NOISE.replace("{end}", end)], capture_output=True, text=True)


def test_silent_on_success():
    done = run("pass")
    assert (done.returncode, done.stdout, done.stderr) == (0, "before\nafter\n", "later, to a stream found inside\n")


def test_all_is_shown_on_failure():
    done = run("raise ValueError('boom')")
    assert done.returncode == 1 and done.stdout == "before\n"
    for kind in ("python noise", "python error noise", "native noise", "native error noise", "child noise", "boom"):
        assert kind in done.stderr
    assert "nested noise" not in done.stderr, "the inner block did not fail"


def test_levels_come_back():
    from labutils.tflite.quiet import quiet

    logger = logging.getLogger("tensorflow")
    before = logger.level
    with pytest.raises(KeyError), quiet():
        assert logger.level == logging.ERROR
        raise KeyError
    assert logger.level == before
