"""Charts and tables hold what was measured; widgets follow."""

import ipywidgets
import numpy as np
import pytest

from labutils.models import asset
from labutils.show import charts, style, tables, widgets
from labutils.tflite.anatomy import anatomy
from labutils.tflite.arena import arena
from labutils.tflite.latency import Latency
from labutils.tflite.parity import Parity


def texts(figure):
    return [text.get_text() for axes in figure.axes for text in axes.texts]


def test_bytes_chart_shows_every_part():
    found = anatomy(asset("neuron.tflite"))
    figure = charts.bytes_by_part(("neuron", found))
    assert sorted(texts(figure)) == sorted(f"{size:,}" for size in found.bytes_by_part.values())
    assert figure.axes[0].get_xlabel() == "bytes"


def test_latency_chart_names_units_and_medians():
    figure = charts.latencies({"a": Latency(np.array([1.0, 2, 3])), "b": Latency(np.array([4.0, 5, 6]))})
    assert "milliseconds" in figure.axes[0].get_xlabel() and sorted(texts(figure)) == ["2 ms", "5 ms"]


def test_short_latencies_are_in_microseconds():
    figure = charts.latencies({"a": Latency(np.array([0.005, 0.006, 0.007])), "b": Latency(np.array([0.04]))})
    assert "microseconds" in figure.axes[0].get_xlabel() and sorted(texts(figure)) == ["40 µs", "6 µs"]
    assert figure.axes[0].get_xlim()[1] == pytest.approx(46)


def test_wrong_pictures_are_marked_without_colour_alone():
    figure = charts.images(np.zeros((3, 8, 8)), ["1", "2", "3"], columns=2, marked=[False, True, False])
    titles = [axes.get_title() for axes in figure.axes]
    assert "✗ 2" in titles and "1" in titles


def test_bars_name_their_unit_and_the_limit():
    figure = charts.bars({"a": 1.5, "b": 1234}, "kilobytes", "Sizes", (100, "one frame"))
    assert figure.axes[0].get_xlabel() == "kilobytes" and sorted(texts(figure)) == ["1,234", "1.5", "one frame"]


def test_cold_starts_show_every_run_and_name_both_units():
    figure = charts.cold_starts({"a": [(1.0, 50), (2.0, 52), (3.0, 51)], "b": [(0.5, 40)]})
    labels = [axes.get_xlabel() for axes in figure.axes]
    assert labels[0].startswith("seconds") and labels[1].startswith("megabytes")
    assert sorted(texts(figure)) == ["0.5", "2", "40", "51"]
    assert sum(len(line.get_xdata()) for line in figure.axes[0].lines) == 4


def test_memory_map_holds_each_tensor_but_scratch():
    found = arena(asset("mobilenet_v2_digits.tflite"))
    figure = charts.memory_map(found, "one block")
    drawn = [(patch.get_y(), patch.get_height()) for patch in figure.axes[0].patches]
    assert drawn == [(p.start / 1000, p.bytes / 1000) for p in found.places if p.first is not None]
    assert "kilobytes" in figure.axes[0].get_ylabel() and "step" in figure.axes[0].get_xlabel()


def test_drawing_leaves_the_readers_style_alone():
    import matplotlib as mpl

    before = mpl.rcParams["font.size"], mpl.rcParams["axes.grid"]
    charts.line_and_answers(np.arange(3), np.arange(3), {"file": np.arange(3)})
    assert before == (mpl.rcParams["font.size"], mpl.rcParams["axes.grid"])


def test_palette_differs_in_lightness():
    """The colours that stand side by side can be told apart in grey."""
    import colorsys

    lightness = [colorsys.rgb_to_hls(*(int(c[i : i + 2], 16) / 255 for i in (1, 3, 5)))[1] for c in style.CYCLE[:2]]
    assert abs(lightness[0] - lightness[1]) > 0.05


def test_tables():
    tensors = tables.tensors(anatomy(asset("digits_cnn_int8.tflite")))
    assert {"scale", "zero point"} <= set(tensors.columns) and "int8" in set(tensors["dtype"])
    assert "scale" not in tables.tensors(anatomy(asset("neuron.tflite"))).columns
    rows = tables.parities({"good": Parity(1e-7, 1e-8, 1.0, 5, 1e-5), "bad": Parity(1, 0.5, 0.2, 5, 1e-5)})
    assert list(rows["verdict"]) == ["agrees", "does not agree"]
    ratio = tables.latencies({"a": Latency(np.array([2.0])), "b": Latency(np.array([3.0]))})["times the first"]
    assert list(ratio) == ["1.00", "1.50"]


def test_explore_follows_the_control():
    slider = ipywidgets.IntSlider(3, min=0, max=10)
    box = widgets.explore(slider, lambda value: f"twice is {2 * value}", "x")
    assert box.children[1].value == "twice is 6"
    slider.value = 5
    assert box.children[1].value == "twice is 10"


@pytest.mark.parametrize("total", [1, 7, 100])
def test_progress_yields_everything_and_ends_full(total, capsys):
    assert list(widgets.progress(range(total), total, "images")) == list(range(total))


def test_an_unknown_figure_is_refused(tmp_path, capsys):
    from labutils import cli

    assert cli.main(["figures", "30-nothing"]) == 2
    out, err = capsys.readouterr()
    assert out == "" and "There is no figure 30-nothing" in err
