"""Curves and panels: every value is shown, every axis named, nothing lies on anything else."""

import numpy as np
import pytest

from labutils.errors import LabError
from labutils.show import charts, style
from tests.show.layout import faults

ROWS = {
    "as trained": {"thousand parameters": 19.178, "% wrong": 1.11},
    "separable, taught": {"thousand parameters": 3.282, "% wrong": 0},
}


def test_panels_show_each_figure_of_each_model_with_its_unit():
    figure = charts.panels(ROWS, "Costs")
    assert [axes.get_xlabel() for axes in figure.axes] == ["thousand parameters", "% wrong"]
    texts = [[text.get_text() for text in axes.texts] for axes in figure.axes]
    assert [sorted(each) for each in texts] == [["19.2", "3.28"], ["0", "1.11"]]
    assert [label.get_text() for label in figure.axes[0].get_yticklabels()] == list(ROWS)[::-1]


def test_the_marked_model_differs_in_more_than_colour():
    bars = charts.panels(ROWS, "Costs", marked="separable, taught").axes[0].patches
    assert [bar.get_hatch() for bar in bars] == ["//", ""]


@pytest.mark.parametrize("rows, marked", [({}, None), (ROWS, "another")])
def test_panels_refuse_what_is_not_there(rows, marked):
    with pytest.raises(LabError, match="no model yet|another is not there to be marked: there is as trained"):
        charts.panels(rows, "Costs", marked)


def test_panels_have_room_for_ten_models_and_six_figures():
    names = [f"separable 0.{n}, taught" for n in range(10)]
    rows = {name: {f"million multiply-adds {n}": 10.0**n * 1.234 for n in range(6)} for name in names}
    found = faults(charts.panels(rows, "Costs"))
    assert [fault for fault in found if "too small" not in fault] == []  # at 900 pixels; a notebook shows it wider


def test_curves_name_lines_level_and_axes():
    figure = charts.curves([0, 50, 90], {"a": [1, 2, 3], "b": [3, 2, 1]}, ("% zeros", "% right"), "T", (2.5, "control"))
    axes = figure.axes[0]
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("% zeros", "% right")
    assert [text.get_text() for text in axes.get_legend().get_texts()] == ["a", "b", "control"]
    first, second = axes.lines[:2]
    assert first.get_marker() != second.get_marker() and first.get_linestyle() != second.get_linestyle()
    assert first.get_color() == style.BLUE


def test_one_line_of_many_points_has_neither_markers_nor_legend():
    axes = charts.curves(np.arange(100), {"all": np.arange(100)}, ("x", "y"), "T").axes[0]
    assert axes.get_legend() is None and axes.lines[0].get_marker() == "None"
