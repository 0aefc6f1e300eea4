"""Judges whether two lists of times are told apart by their middle halves: on lists made for it, in every relation."""

import statistics
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from labutils.exercises.attempt import kind, show
from labutils.exercises.compare import Arguments, Misconception, Trial
from labutils.exercises.exercise import NotYet

FIRST, SECOND, NEITHER = ANSWERS = ("first", "second", "cannot tell")
Times = list[float]
Interval = tuple[float, float]


@dataclass(frozen=True)
class Shape:
    """How a list of times lies: its middle half from low to high, its smallest time, and how many lie far above."""

    low: float
    high: float
    least: float
    far: int = 0

    def times(self, rng: np.random.Generator) -> Times:
        """33 to 45 times, not sorted: 8 to 11 in each quarter, and one more, so that both percentiles are times.

        No time lies close outside the middle half, so that a percentile beside the right one is another number.
        """
        quarter = int(rng.integers(8, 12))
        lower = [self.least, *rng.uniform((self.least + self.low) / 2, self.low - 0.25, quarter - 1)]
        inner = [self.low, *rng.uniform(self.low, self.high, 2 * quarter - 1), self.high]
        upper = rng.uniform(self.high + 0.25, self.high + 0.5, quarter - self.far)
        far = rng.uniform(20, 60, self.far) * self.high
        return rng.permutation([*lower, *inner, *upper, *far]).tolist()


def _pairs(rng: np.random.Generator) -> list[Arguments]:
    """Pairs in every relation, each both ways round; the ends that decide are whole eighths of a millisecond."""
    calls: list[Arguments] = []
    for base, width in ((int(rng.integers(40, 60)), 2), (int(rng.integers(3, 6)), 3)):
        end, gap = base + width, int(rng.integers(2, 6)) / 8
        away = end + 3 * width
        late = (
            # Far apart, but for some times; then a little; then not.
            *[(Shape(away, away + width + 0.25, away - 1), far) for far in (0, 1, 3, 6)],
            (Shape(away, away + width + 0.5, base + 0.5), 0),
            (Shape(end + gap, end + gap + 1, base / 2), 1),
            (Shape(end + 0.0625, end + 1, base + 1), 0),  # by a hair
            (Shape(end, end + 1, base + 1), 0),  # touching
            (Shape(end - 0.125, end + width, base + 0.5), 0),  # overlapping by a hair
            (Shape(base + 0.25, end + 0.5, base - 63 / 64), 0),  # nearly the same
            (Shape(base - 0.25, end + 0.5, base - 1.5), 0),  # one within the other
        )
        for shape, far in late:
            times = Shape(base, end, base - 1, far).times(rng), shape.times(rng)
            calls += [times, times[::-1]]
        calls += _between(rng, base, width)
    return calls


def _between(rng: np.random.Generator, base: float, width: float) -> list[Arguments]:
    """Percentiles between two times, apart as numpy counts them, and not as others do; each both ways round."""
    calls = []
    for step, below, least in ((1, 1.875, 1), (1.5, 2.125, 3)):
        low = base + below
        quick = [base - 1, base, base + 0.5, base + step, base + 2, base + 2 + width]
        late = [low - least, low, low + 1, low + 1.75, low + 2, low + 3]
        times = rng.permutation(quick).tolist(), rng.permutation(late).tolist()
        calls += [times, times[::-1]]
    return calls


def _middle(times: Times) -> Interval:
    low, high = np.percentile(times, [25, 75])
    return float(low), float(high)


def _by(interval: Callable[[Times], Interval], touching: bool = False) -> Callable[[Times, Times], str]:
    """The answer of who compares these intervals. touching: whether they count as apart then."""

    def answer(first: Times, second: Times) -> str:
        (first_low, first_high), (second_low, second_high) = interval(first), interval(second)
        if first_high < second_low or touching and first_high == second_low:
            return FIRST
        if second_high < first_low or touching and second_high == first_low:
            return SECOND
        return NEITHER

    return answer


def _less(value: Callable[[Times], Any]) -> Callable[[Times, Times], str]:
    """The answer of who compares one number of each: the smaller one wins."""
    return _by(lambda times: (float(value(times)),) * 2)


def _ratio(first: Times, second: Times) -> str:
    """The answer of who wants the medians to be a tenth apart."""
    one, other = np.median(first), np.median(second)
    return FIRST if one < 0.9 * other else SECOND if other < 0.9 * one else NEITHER


def _median_outside(first: Times, second: Times) -> str:
    """The answer of who asks whether one's median lies below the other's middle half."""
    if np.median(first) < _middle(second)[0]:
        return FIRST
    return SECOND if np.median(second) < _middle(first)[0] else NEITHER


def _turned(first: Times, second: Times) -> str:
    """The answer of who asks whether an upper end lies above the other's lower end."""
    (first_low, first_high), (second_low, second_high) = _middle(first), _middle(second)
    return FIRST if first_high > second_low else SECOND if second_high > first_low else NEITHER


def _around(value: Callable[[Times], Any], spread: Callable[[Times], Any]) -> Callable[[Times], Interval]:
    return lambda times: (float(value(times) - spread(times)), float(value(times) + spread(times)))


def _unsorted(times: Times) -> Interval:
    """The ends of the middle half of the list as it was measured."""
    held = times[len(times) // 4 : 3 * len(times) // 4]
    return min(held), max(held)


def _exclusive(times: Times) -> Interval:
    low, _, high = statistics.quantiles(times, n=4)
    return low, high


def _place(times: Times) -> Interval:
    ranked = sorted(times)
    return ranked[len(times) // 4], ranked[3 * len(times) // 4]


_right = _by(_middle)
_SWAPPED = {FIRST: SECOND, SECOND: FIRST, NEITHER: NEITHER}

_WRONG = (
    Misconception(
        _less(np.median),
        "It compares medians: one is always smaller, so it names a winner where the middle halves overlap.",
    ),
    Misconception(_less(np.mean), "It compares means: they always name a winner, and one slow run draws a mean up."),
    Misconception(_less(min), "It compares the shortest times: few runs reach those, and one of them may be luck."),
    Misconception(_less(max), "It compares the longest times: one disturbed run decides."),
    Misconception(_less(sum), "It compares the sums: a longer list has a larger sum. Compare the middle halves."),
    Misconception(
        _by(_middle, touching=True), "Where the halves only touch it names a winner: that is an overlap. `<`, not `<=`."
    ),
    Misconception(
        lambda a, b: _SWAPPED[_right(a, b)], "It names the slower one: the quicker one has the smaller times."
    ),
    Misconception(
        _turned,
        "Its comparison is turned round, so overlaps get a winner: the upper end of one has to lie below the lower end "
        "of the other.",
    ),
    Misconception(
        _by(lambda times: (min(times), max(times))),
        "It compares whole ranges: one disturbed run makes them overlap. The middle half goes from 25 % to 75 %.",
    ),
    Misconception(
        _by(lambda times: tuple(np.percentile(times, [10, 90]))),
        "Its range goes from 10 % to 90 %: the middle half goes from 25 % to 75 %.",
    ),
    Misconception(
        _by(lambda times: tuple(np.percentile(times, [5, 95]))),
        "Its range goes from 5 % to 95 %: the middle half goes from 25 % to 75 %.",
    ),
    Misconception(
        _by(lambda times: tuple(np.percentile(times, [0.25, 0.75]))),
        "`np.percentile` counts in per cent: 25 and 75, not 0.25 and 0.75.",
    ),
    Misconception(
        _by(_around(np.mean, np.std)),
        "It goes by mean and standard deviation: one slow run moves both. Take the percentiles.",
    ),
    Misconception(
        _by(_around(np.median, lambda times: np.subtract(*np.percentile(times, [75, 25])))),
        "It goes a whole width of the middle half to both sides of the median: the half itself is meant.",
    ),
    Misconception(
        lambda a, b: FIRST if _right(a, b) == FIRST else NEITHER,
        'It never answers "second": look whether the second one lies below as well.',
    ),
    Misconception(
        lambda a, b: SECOND if _right(a, b) == SECOND else NEITHER,
        'It never answers "first": look whether the first one lies below as well.',
    ),
    Misconception(
        lambda a, b: FIRST if _right(a, b) == FIRST else SECOND,
        'It never answers "cannot tell": that is what is left where neither lies below the other.',
    ),
    Misconception(
        _median_outside,
        "It compares the median of one with the middle half of the other: both middle halves must lie apart.",
    ),
    Misconception(
        _ratio, "It compares medians, and wants a tenth between them: not the distance, the scatter decides."
    ),
    Misconception(
        _less(lambda times: _middle(times)[0]), "It compares the lower ends alone: the quicker one's upper end counts."
    ),
    Misconception(
        _less(lambda times: _middle(times)[1]), "It compares the upper ends alone: the slower one's lower end counts."
    ),
    Misconception(
        _less(lambda times: np.subtract(*np.percentile(times, [75, 25]))),
        "It names the one that scatters less: where the middle halves lie is asked, not how wide they are.",
    ),
    Misconception(
        _by(_unsorted), "It takes the middle of the list as it was measured: sort first, or use `np.percentile`."
    ),
    Misconception(
        _by(_exclusive),
        "Its percentiles are those of `statistics.quantiles`, which lie further out: `np.percentile` is meant.",
    ),
    Misconception(
        _by(_place),
        "It takes a time of the list where a percentile falls between two: `np.percentile` goes between them.",
    ),
    Misconception(lambda a, b: NEITHER, 'It answers "cannot tell" every time, also where the halves lie apart.'),
    Misconception(lambda a, b: FIRST, 'It answers "first" every time.'),
    Misconception(lambda a, b: SECOND, 'It answers "second" every time.'),
)


def _form(found: Any, _: Arguments) -> None:
    asked = '"first", "second" or "cannot tell"'
    if found is None:
        raise NotYet(f"It returns nothing for some lists: {asked} is asked for all. Does each way end with `return`?")
    if not isinstance(found, str):
        raise NotYet(f"It returns {kind(found)}: return a text, {asked}.")
    if found not in ANSWERS:
        raise NotYet(f"It returns {show(found, 40)}: return {asked}.")


def _differs(arguments: Arguments, found: str, expected: str) -> str:
    one, other = (" to ".join(f"{end:.4g}" for end in _middle(times)) for times in arguments)
    return f'For middle halves from {one} and from {other} it says "{found}"; "{expected}" is right.'


clearly_quicker = Trial(
    draw=_pairs,
    right=_right,
    wrong=_WRONG,
    same=lambda found, expected: found == expected,
    form=_form,
    differs=_differs,
)
