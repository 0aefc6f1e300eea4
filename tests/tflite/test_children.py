"""A child process never outlives the block that it was started for, also where a signal comes while it starts."""

import os
import signal
import subprocess
import sys
import threading
import time

import psutil
import pytest

from labutils.legacy import child
from labutils.legacy.child import running

SLEEPER = [sys.executable, "-c", "import time; time.sleep(60)"]
POSIX = pytest.mark.skipif(os.name == "nt", reason="signals")


def gone(pid: int) -> bool:
    return not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE


class Interrupted(subprocess.Popen):
    """Popen that a signal meets when the child is there, and nobody knows of it yet."""

    number, born = signal.SIGINT, 0

    def __init__(self, *words, **settings):
        super().__init__(*words, **settings)
        type(self).born = self.pid
        signal.raise_signal(self.number)
        time.sleep(0.05)  # Python handles it here at the latest


@pytest.fixture
def interrupted(monkeypatch):
    monkeypatch.setattr(child.subprocess, "Popen", Interrupted)
    return Interrupted


@POSIX
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_while_it_starts_loses_no_child(interrupted, monkeypatch, number):
    def stop(*_):
        raise KeyboardInterrupt

    before = {each: signal.signal(each, stop) for each in (signal.SIGINT, signal.SIGTERM)}
    monkeypatch.setattr(interrupted, "number", number)
    try:
        with pytest.raises(KeyboardInterrupt), running(SLEEPER):
            pytest.fail("the signal was not heard")
        assert gone(interrupted.born)
        assert signal.getsignal(signal.SIGINT) is signal.getsignal(signal.SIGTERM) is stop, "the handlers are as before"
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


@POSIX
def test_what_a_child_started_ends_too():
    program = f"import subprocess, sys; print(subprocess.Popen({SLEEPER!r}).pid, flush=True); sys.stdin.read()"
    with running([sys.executable, "-c", program], stdin=-1, stdout=-1, text=True) as started:
        grandchild = int(started.stdout.readline())
        assert not gone(grandchild)
    started.stdout.close()
    end = time.monotonic() + 5
    while not gone(grandchild) and time.monotonic() < end:
        time.sleep(0.02)
    assert gone(started.pid) and gone(grandchild)


def test_another_thread_may_start_one():
    codes = []

    def start():
        with running([sys.executable, "-c", "raise SystemExit(3)"]) as started:
            codes.append(started.wait())

    thread = threading.Thread(target=start)
    thread.start()
    thread.join()
    assert codes == [3]


def test_no_such_command_is_the_callers_business():
    before = signal.getsignal(signal.SIGINT)
    with pytest.raises(OSError, match="nowhere"), running(["/nowhere/python"]):
        pytest.fail("it started")
    assert signal.getsignal(signal.SIGINT) is before
