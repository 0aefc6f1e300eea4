"""The charts of lab 04 hold what they were given, and the chart with controls is drawn anew at every move."""

import ipywidgets
import matplotlib.pyplot as plt
import numpy as np

from labutils.show import quantization, widgets

WEIGHTS = np.linspace(-1, 1, 101)


def test_grid_shows_the_levels_and_the_error():
    restored = np.round(WEIGHTS * 2) / 2
    above, below = quantization.grid(WEIGHTS, restored, np.arange(-1, 1.1, 0.5), "a title").axes
    assert [line.get_xdata()[0] for line in above.lines] == [-1, -0.5, 0, 0.5, 1]
    np.testing.assert_allclose(below.lines[0].get_ydata(), restored - WEIGHTS)
    assert above.get_title(loc="left") == "a title" and "error" in below.get_ylabel()


def test_grid_without_any_error_has_an_axis_all_the_same():
    below = quantization.grid(WEIGHTS, WEIGHTS, [], "exact").axes[1]
    assert below.get_ylim()[0] < 0 < below.get_ylim()[1]


def test_channel_ranges_are_sorted_and_reach_the_line():
    kernel = np.array([[1.0, -4.0], [0.5, 0.25], [2.0, 2.0]])
    axes = quantization.channel_ranges({"kernel": kernel}).axes[0]
    assert [bar.get_height() for bar in axes.patches] == [0.5, 2.0, 4.0]
    assert axes.lines[0].get_ydata()[0] == 4.0


def test_weights_after_count_every_stored_number():
    after = quantization.weights_before_and_after(WEIGHTS, np.array([-1, 0, 0, 5], np.int8), "kernel").axes[1]
    assert [bar.get_height() for bar in after.patches] == [1, 2, 1]
    assert "3 different" in after.get_title(loc="left")


def test_error_by_layer_is_in_percent_and_names_every_kind():
    figure = quantization.error_by_layer({"int8": np.array([0.01, 0.02])}, ["CONV_2D", "ADD"], "t")
    axes = figure.axes[0]
    np.testing.assert_allclose(axes.lines[0].get_ydata(), [1, 2])
    assert [text.get_text() for text in axes.get_legend().get_texts()] == ["int8", "CONV_2D", "ADD"]


def test_redraw_follows_every_control_and_leaves_no_figure_open():
    seen = []

    def draw(bits, wide):
        seen.append((bits, wide))
        return quantization.grid(WEIGHTS, np.round(WEIGHTS * bits) / bits, [], str(bits))

    controls = {"bits": ipywidgets.IntSlider(3, min=1, max=8), "wide": ipywidgets.Checkbox(False)}
    box = widgets.redraw(controls, draw)
    first = bytes(box.children[-1].value)
    controls["bits"].value = 5
    controls["wide"].value = True
    assert seen == [(3, False), (5, False), (5, True)]
    assert first.startswith(b"\x89PNG") and bytes(box.children[-1].value) != first
    assert controls["bits"].description == "bits" and not plt.get_fignums()
