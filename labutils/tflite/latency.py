"""How long does one inference take? Warm-up, many runs, robust statistics, and rivals measured side by side."""

from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter_ns

import numpy as np

from labutils.errors import LabError

BURST = 5  # runs in a row before the next rival has its turn


@dataclass(frozen=True)
class Latency:
    """Times of single runs, in milliseconds, in the order in which they were taken."""

    milliseconds: np.ndarray

    @property
    def median(self) -> float:
        return float(np.median(self.milliseconds))

    def percentile(self, share: float) -> float:
        """The time that this share of the runs (0..100) stays below, in milliseconds."""
        return float(np.percentile(self.milliseconds, share))

    @property
    def interquartile_range(self) -> float:
        """The width of the middle half of the times, in milliseconds."""
        return self.percentile(75) - self.percentile(25)

    def __str__(self) -> str:
        return (
            f"median {self.median:.3g} ms, middle half {self.percentile(25):.3g} to {self.percentile(75):.3g} ms, "
            f"95 % below {self.percentile(95):.3g} ms ({len(self.milliseconds)} runs)"
        )


def latency(
    rivals: dict[str, Callable[[], object]], runs: int = 100, warmup: int = 10
) -> dict[str, Latency]:
    """Time each rival, a function without arguments such as `model.invoke`, on its own calls only.

    The rivals take turns in short bursts, so that whatever disturbs the machine disturbs them alike. runs: counted per
    rival, at least 1; warmup: runs before that, not counted. Raises LabError for a number out of range.

    >>> times = latency({"empty": lambda: None}, runs=20)
    >>> len(times["empty"].milliseconds), times["empty"].median < 1
    (20, True)
    """
    if runs < 1 or warmup < 0:
        raise LabError(f"runs is {runs} and warmup {warmup}: at least 1 and 0 are needed.")
    for run in rivals.values():
        for _ in range(warmup):
            run()
    taken: dict[str, list[int]] = {name: [] for name in rivals}
    while min(map(len, taken.values()), default=runs) < runs:
        for name, run in rivals.items():
            for _ in range(min(BURST, runs - len(taken[name]))):
                start = perf_counter_ns()
                run()
                taken[name].append(perf_counter_ns() - start)
    return {name: Latency(np.array(times) / 1e6) for name, times in taken.items()}
