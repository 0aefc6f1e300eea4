"""The charts of lab 09 hold what was measured, name their units, and tell series apart without colour."""

import re

import numpy as np
import pytest
from matplotlib.colors import to_hex

from labutils.show import speed
from labutils.tflite.latency import Latency
from tests.show.layout import faults

QUIET, BUSY = Latency(np.array([1.0, 1.1, 1.2])), Latency(np.array([1.0, 1.1, 9.0, 1.3]))
DOTS = [speed.Dot("CONV_2D", 10, 80), speed.Dot("CONV_2D", 12, 90), speed.Dot("ADD", 0.08, 5)]
FIGURES = {
    "in order": lambda: speed.in_order({"quiet": QUIET, "busy": BUSY}),
    "by operator": lambda: speed.by_operator(["CONV_2D", "ADD", "CONV_2D"], [0.2, 0.01, 0.3], "Operators"),
    "added up": lambda: speed.added_up([0.2, 0.1, 0.3], {1: 0.21, 3: 0.58}, "Two methods"),
    "roofline": lambda: speed.roofline(DOTS, 100, {"from a cache": 200, "from memory": 20}),
    "lines": lambda: speed.lines([1, 2, 4], {"a": [3, 2, 1], "b": [4, 4, 4]}, ("batch", "µs an image"), "Batches"),
}


@pytest.mark.parametrize("name", FIGURES)
def test_nothing_is_cut_off_or_on_another(name):
    """Numbers beyond an axis' end are never drawn, nor is the frame of a legend."""
    unseen = r"'[\d.,]+' is cut off|.* goes over the edge of its box"
    assert [fault for fault in faults(FIGURES[name]()) if not re.match(unseen, fault)] == []


@pytest.mark.parametrize("name", FIGURES)
def test_both_axes_say_what_they_show(name):
    axes = FIGURES[name]().axes[0]
    assert axes.get_title(loc="left") and axes.get_xlabel() and axes.get_ylabel()
    unit = {"lines": "µs", "roofline": "billion multiply-adds a second"}.get(name, "milliseconds")
    assert unit in axes.get_ylabel()


def test_every_run_in_its_section():
    axes = FIGURES["in order"]().axes[0]
    dots = [line for line in axes.lines if line.get_marker() == "."]
    assert [list(line.get_xdata()) for line in dots] == [[0, 1, 2], [3, 4, 5, 6]]
    assert [list(line.get_ydata()) for line in dots] == [list(QUIET.milliseconds), list(BUSY.milliseconds)]
    heights = sorted(float(each.get_segments()[0][0][1]) for each in axes.collections)
    assert heights == pytest.approx(sorted([1.1, 1.1, 1.2, 3.1]))  # median and mean of both
    assert {text.get_text() for text in axes.texts} == {"quiet", "busy"}


def test_operators_in_their_places_with_the_sum_of_their_kind():
    axes = FIGURES["by operator"]().axes[0]
    bars = sorted((bar.get_x() + bar.get_width() / 2, bar.get_height()) for bar in axes.patches)
    assert np.allclose(bars, [(0, 0.2), (1, 0.01), (2, 0.3)])
    assert [text.get_text() for text in axes.get_legend().get_texts()] == ["CONV_2D: 0.5 ms", "ADD: 0.01 ms"]
    assert len({(bar.get_hatch(), to_hex(bar.get_facecolor())) for bar in axes.patches}) == 2
    assert len({bar.get_hatch() for bar in axes.patches}) == 2


def test_sums_and_truncated_models():
    line, dots = FIGURES["added up"]().axes[0].lines
    assert np.allclose(line.get_ydata(), [0, 0.2, 0.3, 0.6])
    assert list(zip(dots.get_xdata(), dots.get_ydata(), strict=True)) == [(1, 0.21), (3, 0.58)]


def test_roofs_meet_where_they_must():
    axes = FIGURES["roofline"]().axes[0]
    for line, bandwidth in zip(axes.lines[:2], (200, 20), strict=True):
        x, y = line.get_data()
        assert np.allclose(y, np.minimum(100, bandwidth * x))
    dots = {line.get_label(): line for line in axes.lines[2:]}
    assert list(dots["CONV_2D"].get_xdata()) == [10, 12] and list(dots["ADD"].get_ydata()) == [5]
    assert dots["CONV_2D"].get_marker() != dots["ADD"].get_marker()


def test_lines_have_ticks_where_they_were_measured():
    axes = FIGURES["lines"]().axes[0]
    assert list(axes.get_xticks()) == [1, 2, 4] and axes.get_ylim()[0] == 0
    assert len({line.get_marker() for line in axes.lines}) == 2
