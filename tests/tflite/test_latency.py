"""The counting is right; how long anything takes is not asserted."""

import numpy as np
import pytest

from labutils.errors import LabError
from labutils.tflite.latency import BURST, Latency, latency


def test_rivals_take_turns_and_warm_up():
    calls = []
    found = latency({name: lambda name=name: calls.append(name) for name in "ab"}, runs=12, warmup=2)
    assert calls[:4] == ["a", "a", "b", "b"]
    assert calls[4 : 4 + 2 * BURST] == ["a"] * BURST + ["b"] * BURST
    assert calls.count("a") == calls.count("b") == 14
    assert all(len(times.milliseconds) == 12 and (times.milliseconds >= 0).all() for times in found.values())


def test_statistics():
    times = Latency(np.array([1.0, 2, 3, 4, 100]))
    assert (times.median, times.interquartile_range, times.percentile(0)) == (3, 2, 1)
    assert "median 3 ms" in str(times)


def test_bad_numbers():
    with pytest.raises(LabError, match="at least 1"):
        latency({"a": lambda: None}, runs=0)
