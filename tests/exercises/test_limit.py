"""Answers that do not come to an end become a sentence; those that only take long, in a library, do not."""

import contextlib
import signal
import threading
import time

import pytest

from labutils.exercises import check
from labutils.exercises.catalog import exercises
from labutils.exercises.limit import TooLong, limited


def spin(*_):
    while True:
        pass


def sleep(*_):
    time.sleep(60)


def swallow(*_):
    while True:
        with contextlib.suppress(Exception):
            time.sleep(0.01)


@pytest.fixture
def impatient(monkeypatch):
    monkeypatch.setattr(limited.__wrapped__, "__defaults__", (0.3, 120.0))


@pytest.mark.parametrize("name", exercises())
def test_every_check_stops_an_endless_answer(tf, name, impatient):
    start = time.monotonic()
    result = check(name, spin)
    assert result.outcome == "not yet" and "which loop never ends?" in result.message
    assert time.monotonic() - start < 5


@pytest.mark.parametrize("endless", [sleep, swallow])
def test_neither_sleep_nor_a_blanket_except_helps(endless, impatient):
    assert "which loop never ends?" in check("01.newest_version", endless).message


def test_it_is_stopped_within_five_seconds_as_it_is():
    start = time.monotonic()
    assert check("01.newest_version", spin).outcome == "not yet"
    assert 2 < time.monotonic() - start < 5


def test_time_in_a_library_counts_against_the_long_limit_alone():
    from concurrent.futures import Future

    with limited(own=0.3), pytest.raises(TimeoutError):
        Future().result(timeout=1.0)  # a second in the standard library
    with pytest.raises(TooLong), limited(own=10, altogether=0.3):
        Future().result(timeout=5)


def test_it_works_outside_the_main_thread():
    seen = []

    def work():
        try:
            with limited(own=0.3):
                spin()
        except TooLong:
            seen.append("stopped")

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    thread.join(10)
    assert seen == ["stopped"]


def test_the_handler_of_the_signal_comes_back():
    before = signal.getsignal(signal.SIGALRM)
    check("01.newest_version", max)
    assert signal.getsignal(signal.SIGALRM) is before
