"""Busy processes are there while they should be, and gone afterwards, whatever happens in between."""

import psutil
import pytest

from labutils.errors import LabError
from labutils.tflite import noise


def children():
    return [each for each in psutil.Process().children() if "monotonic" in " ".join(each.cmdline())]


def test_there_and_gone():
    with noise.busy(2):
        assert len(children()) == 2
    assert children() == []


def test_gone_after_a_failure():
    with pytest.raises(ZeroDivisionError), noise.busy(1):
        raise ZeroDivisionError
    assert children() == []


def test_they_end_by_themselves():
    with noise.busy(1, seconds=0.2):
        (child,) = children()
        assert child.wait(timeout=10) in (0, None)


@pytest.mark.parametrize("processes", [0, 17])
def test_number_out_of_range(processes):
    with pytest.raises(LabError, match=f"processes is {processes}: give 1 to 16"), noise.busy(processes):
        pytest.fail("nothing was refused")
