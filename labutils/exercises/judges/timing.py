"""Judges how a latency is measured: on a made-up machine, whose runs take known times by a clock of its own."""

import re
from typing import Any

import numpy as np

from labutils.exercises.compare import Arguments, Misconception, Trial, close, number_form
from labutils.exercises.exercise import NotYet

LIMIT = 2000  # calls, after which a loop is taken for one without an end


class Endless(Exception):  # noqa: N818 - what a learner reads, by this name
    """The machine has been used far more often than was asked."""


class Machine:
    """Runs that take known times, and a clock that only they move. Both are noted, "r" for a run, "c" for a reading.

    >>> machine = Machine(np.array([8.0, 2.0]), start=5.0)
    >>> before, _, after = machine.clock(), machine.run(), machine.clock()
    >>> round(after - before, 6), machine.log
    (0.008, 'crc')
    """

    def __init__(self, milliseconds: np.ndarray, start: float) -> None:
        self.milliseconds, self.now, self.log = milliseconds, start, ""

    def run(self) -> None:
        """Take the time of the next run, or of the last one, when all are over."""
        place = min(self.log.count("r"), len(self.milliseconds) - 1)
        self._note("r", "run")
        self.now += float(self.milliseconds[place]) / 1000

    def clock(self) -> float:
        """The time in seconds."""
        self._note("c", "clock")
        return self.now

    def _note(self, letter: str, name: str) -> None:
        if len(self.log) >= LIMIT:
            raise Endless(f"{name} is called on and on")
        self.log += letter


def _machines(rng: np.random.Generator) -> list[Arguments]:
    """An odd number of runs, an even one, and one without a warm-up. First runs are slow, and one later run as well."""
    calls = []
    for warmup, runs in (
        (int(rng.integers(2, 6)), 2 * int(rng.integers(4, 8)) + 1),
        (int(rng.integers(2, 6)), 2 * int(rng.integers(4, 8))),
        (0, 2 * int(rng.integers(4, 8)) + 1),
    ):
        times = rng.choice(np.arange(1500, 4000), size=warmup + runs, replace=False) / 500  # 3 to 8 ms, even in µs
        times[:warmup] *= np.linspace(20, 4, warmup)
        times[warmup + int(rng.integers(1, runs - 1))] *= 30
        machine = Machine(times, float(rng.uniform(100, 9000)))
        calls.append((machine.run, machine.clock, warmup, runs))
    return calls


def _timing_form(found: Any, arguments: Arguments) -> None:
    """Refuses what is no number, and what did not run and read the clock as asked."""
    number_form(found, arguments)
    run, _, warmup, runs = arguments
    log = run.__self__.log
    called, read = log.count("r"), log.count("c")
    if not called:
        raise NotYet("It never calls `run`: `run()`, with brackets, is one run.")
    if called == runs and warmup:
        raise NotYet(f"It calls `run` {runs} times in all: the {warmup} of the warm-up come before these, uncounted.")
    if called != warmup + runs:
        raise NotYet(
            f"It calls `run` {called} time{'s' * (called > 1)}: {warmup} to warm up and {runs} to be timed are asked, "
            f"{warmup + runs} in all."
        )
    if not read:
        raise NotYet("It never reads `clock`, so it goes by another one: `clock()` gives the time that is meant.")
    if re.fullmatch(rf"[rc]*?(?:c+rc){{{runs}}}c*", log):
        return
    if read == 2:
        raise NotYet(
            "It reads `clock` once before all runs and once behind them: that gives their sum, or their mean. For a "
            "median each run needs a time of its own."
        )
    if re.fullmatch(rf"[rc]*c(?:rc){{{runs}}}", log):
        raise NotYet(
            "It reads `clock` once between two runs, so what it does there itself is counted with the next: read it "
            "right before each run and again right after it."
        )
    raise NotYet(
        f"It reads `clock` {read} time{'s' * (read > 1)}, and not right before and right after each of the {runs} runs "
        "that count."
    )


def _all(run: Any) -> np.ndarray:
    return run.__self__.milliseconds


def _counted(run: Any, warmup: int) -> np.ndarray:
    return _all(run)[warmup:]


_WRONG = (
    Misconception(
        lambda r, c, w, n: np.median(_counted(r, w)) / 1000,
        "It gives seconds, as the clock does: milliseconds are asked, a thousand times as many.",
    ),
    Misconception(
        lambda r, c, w, n: np.median(_counted(r, w)) * 1000, "It gives microseconds: milliseconds are asked."
    ),
    Misconception(
        lambda r, c, w, n: _counted(r, w).mean(),
        "It gives the mean, which one slow run draws up: the median is the middle of the sorted times.",
    ),
    Misconception(
        lambda r, c, w, n: _counted(r, w).mean() / 1000, "It gives the mean, and in seconds: ask for the median, in ms."
    ),
    Misconception(
        lambda r, c, w, n: np.median(_all(r)),
        "The runs of the warm-up count as well: the first ones are slow, leave their times out.",
    ),
    Misconception(
        lambda r, c, w, n: np.median(_all(r)) / 1000, "The runs of the warm-up count as well, and it gives seconds."
    ),
    Misconception(
        lambda r, c, w, n: _all(r).mean(), "It gives the mean, and of all runs, those of the warm-up among them."
    ),
    Misconception(
        lambda r, c, w, n: np.median(_counted(r, w)[w:]),
        "It leaves the warm-up out twice: its runs were not timed, and then as many times are cut off.",
    ),
    Misconception(
        lambda r, c, w, n: _counted(r, w).min(), "It gives the shortest time, which few runs reach: take the middle."
    ),
    Misconception(lambda r, c, w, n: _counted(r, w).max(), "It gives the longest time: take the middle."),
    Misconception(lambda r, c, w, n: _counted(r, w).sum(), "It gives the sum of all times: the median is asked."),
    Misconception(
        lambda r, c, w, n: _counted(r, w)[n // 2],
        "It takes the middle of the list as it was measured: sort the times first.",
    ),
    Misconception(
        lambda r, c, w, n: np.sort(_counted(r, w))[n // 2],
        "With an even number of runs two times are in the middle, and it takes the longer: the median is their mean.",
    ),
    Misconception(
        lambda r, c, w, n: np.sort(_counted(r, w))[(n - 1) // 2],
        "With an even number of runs two times are in the middle, and it takes the shorter: the median is their mean.",
    ),
    Misconception(lambda r, c, w, n: _counted(r, w)[0], "It gives the first time that counts: take the middle of all."),
    Misconception(lambda r, c, w, n: _counted(r, w)[-1], "It gives the time of the last run: collect all times first."),
    Misconception(
        lambda r, c, w, n: -np.median(_counted(r, w)),
        "The time is negative: subtract the reading before the run from the one after it.",
    ),
    Misconception(
        lambda r, c, w, n: np.median(np.cumsum(_counted(r, w))),
        "Every time is counted from the first reading on: each run has a reading of its own before it.",
    ),
    Misconception(
        lambda r, c, w, n: 1000 / np.median(_counted(r, w)), "It gives runs a second: the time of one run is asked."
    ),
)

median_latency = Trial(
    draw=_machines,
    right=lambda run, clock, warmup, runs: float(np.median(_counted(run, warmup))),
    wrong=_WRONG,
    same=close,
    form=_timing_form,
    differs=lambda arguments, found, expected: (
        f"For {arguments[3]} runs after a warm-up of {arguments[2]} it gives {float(found):.5g}; {expected:.5g} ms is "
        "right."
    ),
)
