"""Judges how rivals are timed in turns: on a made-up machine, whose runs take known times by a clock of its own."""

import re
from collections.abc import Callable
from typing import Any

import numpy as np

from labutils.exercises.attempt import kind, show
from labutils.exercises.compare import Arguments, Misconception, Trial
from labutils.exercises.exercise import NotYet
from labutils.exercises.judges.timing import LIMIT, Endless

NAMES = ("float", "dynamic range", "integer", "float16")
Times = dict[str, np.ndarray]


class Course:
    """Rivals whose runs take known times, and a clock that only they move. `log` has "c" for a reading of it, and for
    a run the rival's letter: "A" for the first, "B" for the second.

    >>> course = Course({"one": np.array([8.0]), "other": np.array([2.0])}, start=5.0)
    >>> before, _, after = course.clock(), course.rivals["other"](), course.clock()
    >>> round(after - before, 6), course.log
    (0.002, 'cBc')
    """

    def __init__(self, milliseconds: Times, start: float) -> None:
        self.milliseconds, self.now, self.log = milliseconds, start, ""
        # Functions and no methods: copied with the dictionary, they still move this clock.
        self.rivals = {name: self._runner(name, letter) for name, letter in self.letters.items()}

    @property
    def letters(self) -> dict[str, str]:
        """The letter of each name."""
        return {name: chr(ord("A") + place) for place, name in enumerate(self.milliseconds)}

    def clock(self) -> float:
        """The time in seconds."""
        self._note("c", "clock")
        return self.now

    def _runner(self, name: str, letter: str) -> Callable[[], None]:
        times = self.milliseconds[name]

        def run() -> None:
            place = min(self.log.count(letter), len(times) - 1)
            self._note(letter, "run")
            self.now += float(times[place]) / 1000

        return run

    def _note(self, letter: str, name: str) -> None:
        if len(self.log) >= LIMIT:
            raise Endless(f"{name} is called on and on")
        self.log += letter


def _courses(rng: np.random.Generator) -> list[Arguments]:
    """Three rivals, four, and two without a warm-up, in an order that is not the alphabet's. First runs are slow."""
    calls = []
    for rivals, warmup in ((3, int(rng.integers(2, 4))), (4, int(rng.integers(4, 6))), (2, 0)):
        names = rng.permutation(NAMES)[:rivals].tolist()
        if names == sorted(names):
            names.reverse()
        runs = int(rng.integers(6, 10))
        times = rng.choice(np.arange(1500, 4000), size=(rivals, warmup + runs), replace=False) / 500  # 3 to 8 ms
        times[:, :warmup] *= np.linspace(20, 4, warmup)
        course = Course(dict(zip(names, times, strict=True)), float(rng.uniform(100, 9000)))
        calls.append((course.rivals, course.clock, warmup, runs))
    return calls


def _form(found: Any, arguments: Arguments) -> None:
    """Refuses what is no dictionary of times, and what did not run and read the clock as asked."""
    _, clock, warmup, runs = arguments
    course = clock.__self__
    _dictionary(found, tuple(course.milliseconds))
    _runs(course, warmup, runs)
    _readings(course, found, runs)


def _dictionary(found: Any, names: tuple[str, ...]) -> None:
    if found is None:
        raise NotYet("It returns nothing: does it end with `return`?")
    if not isinstance(found, dict):
        raise NotYet(f"It returns {kind(found)}: return a dictionary from each name to the list of its times.")
    if set(found) != set(names):
        raise NotYet(f"Its dictionary has the names {show(list(found), 80)}; {show(list(names), 80)} are asked.")
    for times in found.values():
        if isinstance(times, (int, float, np.number)):
            raise NotYet("It returns one number for each name: the list of all its times is asked, no summary of them.")
        if not isinstance(times, (list, tuple, np.ndarray)):
            raise NotYet(f"For a name it returns {kind(times)}: return the list of its times.")
        if not all(isinstance(each, (int, float, np.number)) for each in times):
            raise NotYet(f"For a name it returns {show(times, 60)}: return a list of numbers, one for each round.")


def _runs(course: Course, warmup: int, runs: int) -> None:
    """Refuses other runs than were asked, or in another order."""
    order = course.log.replace("c", "")
    counts = {name: order.count(letter) for name, letter in course.letters.items()}
    if not order:
        raise NotYet("It never runs a rival: `run()`, with brackets, is one run.")
    if not all(counts.values()):
        raise NotYet(f"It never runs {', '.join(name for name, count in counts.items() if not count)}.")
    if warmup and set(counts.values()) == {runs}:
        raise NotYet(f"It runs each rival {runs} times in all: the {warmup} of the warm-up come before these.")
    if warmup and set(counts.values()) == {runs * (warmup + 1)}:
        raise NotYet("It warms up in every round: once, before all rounds, is asked.")
    for name, count in counts.items():
        if count != warmup + runs:
            raise NotYet(
                f"It runs {name} {count} time{'s' * (count > 1)}: {warmup} to warm up and {runs} to be timed are "
                f"asked, {warmup + runs} in all."
            )
    letters = "".join(course.letters.values())
    rounds = re.findall("." * len(letters), order[-runs * len(letters) :])
    if set(rounds) == {letters}:
        return
    if re.fullmatch("".join(f"{letter}{{{runs},}}" for letter in letters), order[-len("".join(rounds)) :]) or (
        re.fullmatch("".join(f"{letter}{{{warmup + runs}}}" for letter in letters), order)
    ):
        raise NotYet(
            "It times one rival after the other: if the machine slows down meanwhile, the last one pays for it. A "
            "round runs every rival once."
        )
    if all(sorted(each) == sorted(letters) for each in rounds):
        raise NotYet("In a round the rivals run in another order: that of the dictionary is asked, in every round.")
    raise NotYet(
        "Its rounds are not as asked: after the warm-up of all rivals, every round runs each of them once, one after "
        "the other."
    )


def _readings(course: Course, found: dict[str, Any], runs: int) -> None:
    """Refuses readings of the clock elsewhere than right before and right after each run that counts."""
    letters, read = "".join(course.letters.values()), course.log.count("c")
    if not read:
        raise NotYet("It never reads `clock`, so it goes by another one: `clock()` gives the time that is meant.")
    one_round = "".join(f"c+{letter}c" for letter in letters)
    if re.search(rf"(?:{one_round}){{{runs}}}c*$", course.log):
        return
    if read == 2 * runs and re.search(rf"(?:c{letters}c){{{runs}}}$", course.log):
        raise NotYet("It times whole rounds: within a round, each rival needs a time of its own.")
    if read == 2:
        raise NotYet("It reads `clock` once before all rounds and once behind them: each run needs a time of its own.")
    between = "c".join(letters)
    if re.search(rf"(?:c+{between}c){{{runs}}}$", course.log) and _alike(found, _since_round(course, runs)):
        raise NotYet(
            "It reads the start once a round, so each time holds those of the rivals before: every run has a start of "
            "its own."
        )
    if re.search(rf"(?:c*{between}c?){{{runs}}}$", course.log):
        raise NotYet(
            "It reads `clock` once between two runs, so what it does there itself is counted with the next: read it "
            "right before each run and again right after it."
        )
    raise NotYet(
        f"It reads `clock` {read} time{'s' * (read > 1)}, and not right before and right after each run that counts."
    )


def _table(course: Course, runs: int) -> np.ndarray:
    """The times that count, in ms: a row for each rival, a column for each round."""
    return np.array([times[-runs:] for times in course.milliseconds.values()])


def _named(course: Course, rows: Any) -> dict[str, Any]:
    return dict(zip(course.milliseconds, rows, strict=True))


def _since_round(course: Course, runs: int) -> dict[str, Any]:
    """The times of who reads the start once a round."""
    return _named(course, np.cumsum(_table(course, runs), axis=0))


def _idea(answer: Callable[[np.ndarray, Course, int], Any]) -> Callable[..., dict[str, Any]]:
    """The answer of an idea that takes the times that count, a row for each rival, the course, and the warm-up."""
    return lambda rivals, clock, warmup, runs: _named(
        clock.__self__, answer(_table(clock.__self__, runs), clock.__self__, warmup)
    )


def _every(course: Course) -> np.ndarray:
    return np.array(list(course.milliseconds.values()))


def _since_start(times: np.ndarray) -> np.ndarray:
    """Every time counted from the first reading on."""
    return np.cumsum(times.T).reshape(times.T.shape).T


_WRONG = (
    Misconception(
        _idea(lambda t, c, w: t / 1000),
        "It gives seconds, as the clock does: milliseconds are asked, a thousand times as many.",
    ),
    Misconception(_idea(lambda t, c, w: t * 1000), "It gives microseconds: milliseconds are asked."),
    Misconception(_idea(lambda t, c, w: t / 1e6), "It divides the seconds by 1000: a second has 1000 milliseconds."),
    Misconception(
        _idea(lambda t, c, w: _every(c)),
        "The runs of the warm-up count as well: the first ones are slow, leave their times out.",
    ),
    Misconception(
        _idea(lambda t, c, w: _every(c) / 1000), "The runs of the warm-up count as well, and it gives seconds."
    ),
    Misconception(
        _idea(lambda t, c, w: [t.T.ravel()] * len(t)),
        "Every name has the times of all rivals: one list under all names is one list. Make a new one for each, "
        "`{name: [] for name in rivals}`.",
    ),
    Misconception(
        _idea(lambda t, c, w: t[:, w:]),
        "It leaves the warm-up out twice: its runs were not timed, and then as many times are cut off.",
    ),
    Misconception(_idea(lambda t, c, w: t[:, 1:]), "It leaves out the first time that counts: the warm-up is over."),
    Misconception(
        _idea(lambda t, c, w: t[:, -1:]), "It keeps the time of the last round alone: append each to the list."
    ),
    Misconception(_idea(lambda t, c, w: t[:, :1]), "It keeps the time of the first round alone: `return` comes last."),
    Misconception(_idea(lambda t, c, w: np.sort(t)), "Its times are sorted: leave them as they were measured."),
    Misconception(_idea(lambda t, c, w: t[:, ::-1]), "Its times are in reverse: leave them as they were measured."),
    Misconception(
        _idea(lambda t, c, w: -t), "The times are negative: subtract the reading before the run from the one after it."
    ),
    Misconception(
        _idea(lambda t, c, w: _since_start(t)),
        "Every time is counted from the first reading on: each run has a start of its own.",
    ),
    Misconception(
        _idea(lambda t, c, w: np.median(t, axis=1)[:, None]),
        "It gives the median of each rival: all times are asked, no summary of them.",
    ),
    Misconception(
        _idea(lambda t, c, w: np.roll(t, 1, axis=0)), "The times stand under the wrong names, one further in the order."
    ),
    Misconception(_idea(lambda t, c, w: 1000 / t), "It gives runs a second: the time of each run is asked."),
)


def _alike(found: dict[str, Any], expected: dict[str, Any]) -> bool:
    """Whether each name has the same times, to four digits."""
    return found.keys() == expected.keys() and all(
        len(found[name]) == len(times) and np.allclose(np.asarray(found[name], float), times, rtol=1e-4, atol=1e-6)
        for name, times in expected.items()
    )


def _differs(arguments: Arguments, found: dict[str, Any], expected: dict[str, Any]) -> str:
    name = next(name for name in expected if not _alike({name: found[name]}, {name: expected[name]}))
    given, right = (show([round(float(each), 3) for each in times[name]], 60) for times in (found, expected))
    _, _, warmup, runs = arguments
    return f"For {name}, in {runs} rounds after a warm-up of {warmup}, it gives {given}; {right} is right."


take_turns = Trial(
    draw=_courses,
    right=_idea(lambda times, course, warmup: times),
    wrong=_WRONG,
    same=_alike,
    form=_form,
    differs=_differs,
)
