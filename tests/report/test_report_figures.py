"""Which charts there are, what they say, and that no two names lie on each other."""

import re
from pathlib import Path

import pytest

from labutils.course.results import results
from labutils.report.draw import draw
from labutils.report.figures import MOST_CHARTS, choose
from labutils.report.kinds import Bars, Dots, Lines, Series
from labutils.report.run import Group, Quantity, Run, read_run
from labutils.report.sizes import pairs
from labutils.report.sweeps import by_parameter, medians, panels
from tests.report.made import write_execution


def made(folder: Path, executions: list[tuple[dict, dict]], **stamp) -> Run:
    """A run of one lab: parameters and recorded values of each execution."""
    for number, (parameters, values) in enumerate(executions, 1):
        write_execution(folder / f"{number:03}.ipynb", parameters, values, **stamp)
    return read_run(results([folder]), folder)


def charts(run: Run) -> list:
    return [chart for found in choose(run).charts.values() for chart in found]


def test_pairs_are_found_by_their_stems():
    names = [("bytes_float", "bytes"), ("bytes_int8", "bytes"), ("int8_accuracy", "share"), ("accuracy_float", "share"),
             ("accuracy_on_noise", "share"), ("latency_float", "ms")]  # fmt: skip
    found = pairs([Quantity(*each) for each in names])
    assert [(pair.stem, pair.size.name, pair.share.name) for pair in found] == [
        ("float", "bytes_float", "accuracy_float"), ("int8", "bytes_int8", "int8_accuracy")
    ]  # fmt: skip
    assert [pair.stem for pair in pairs([Quantity("model_file", "bytes"), Quantity("right", "share")])] == ["model"]
    several = [Quantity("a_file", "bytes"), Quantity("b_file", "bytes"), Quantity("same_class", "share")]
    assert pairs(several) == []


def test_a_run_of_several_labs(labs_run):
    found = choose(read_run(results([labs_run]), labs_run)).charts
    assert list(found) == ["Size against accuracy", "Latency", "Cost"]
    (size,) = found["Size against accuracy"]
    assert isinstance(size, Dots) and size.named and size.groups["int8"] == [(644120, 95.0)]
    title = "Lab 04: The smallest is int8: 644 kB, 95 %; the smallest of the best is float16: 879 kB, 98 %"
    assert size.title.replace("\xa0", " ") == title
    assert "float 1.65 MB, 98 %" in size.finding.replace("\xa0", " ")
    latency = found["Latency"]
    assert [chart.axis for chart in latency] == ["milliseconds (ms)", "microseconds (µs)"]
    assert list(latency[0].series[""]) == ["int8", "float16", "float"]
    assert latency[1].title.replace("\xa0", " ") == (
        "Lab 06: in_batches is the fastest, 5.20 µs; one_at_a_time the slowest, 10.9 µs"
    )
    time, memory = found["Cost"]
    assert time.series["CPU-seconds"] == {"lab 04": [19.0], "lab 05": [7.5], "lab 06": [8.5]}
    assert memory.title == "Lab 05 needs most memory, 920 MB"


def test_one_execution_without_pairs_has_no_charts(tmp_path):
    run = made(tmp_path, [({"steps": 1}, {"bytes": {"file": 10}, "": {"kind": "dense", "ok": True}})])
    assert choose(run).charts == {} and choose(run).sentences == []


def test_a_sweep_has_a_chart_for_each_parameter_and_unit(tmp_path):
    run = made(tmp_path, [
        ({"steps": steps, "kind": kind, "seed": 7}, {"ms": {"median": steps / 100 + (kind == "b")},
                                                     "share": {"right": 1 - 1 / steps}, "bytes": {"file": 1060}})
        for steps in (50, 100, 200) for kind in ("a", "b")
    ])  # fmt: skip
    found = charts(run)
    assert all(isinstance(chart, Lines) for chart in found)
    assert {(chart.parameter, chart.unit) for chart in found} == {
        ("steps", "ms"), ("steps", "share"), ("kind", "ms"), ("kind", "share")
    }  # fmt: skip
    share = next(chart for chart in found if (chart.parameter, chart.unit) == ("steps", "share"))
    assert share.title.replace("\xa0", " ") == "right rises from 98 % to 99.5 % as steps goes from 50 to 200"
    assert share.values == [50, 100, 200] and share.scattered and "each dot is one execution" in share.caption
    kinds = next(chart for chart in found if (chart.parameter, chart.unit) == ("kind", "share"))
    assert kinds.title.replace("\xa0", " ") == "kind hardly moves right: 99 % to 99 %"
    assert choose(run).sentences == ["The same in every execution of lab 01, and so not drawn: file (1.06\xa0kB)."]


def test_a_line_without_other_parameters_has_no_dots(tmp_path):
    (chart,) = charts(made(tmp_path, [({"steps": n}, {"ms": {"median": float(5 - n)}}) for n in (1, 2, 3)]))
    assert not chart.scattered and chart.caption == ""
    assert chart.finding.replace("\xa0", " ") == "Against steps, 3 executions: median 4 ms at 1, 3 ms at 2, 2 ms at 3."


def test_values_that_are_missing_or_infinite_are_passed_over(tmp_path):
    values = [{"ms": {"a": 1.0, "b": float("inf")}}, {"ms": {"b": 2.0}}, {"ms": {"a": 3.0, "b": 1.0}},
              {"ms": {"b": float("nan")}}, {}]  # fmt: skip
    run = made(tmp_path, [({"n": n}, each) for n, each in enumerate(values, 1)])
    (chart,) = charts(run)
    assert {each.name: each.points for panel in chart.panels for each in panel} == {
        "a": [(1, 1.0), (3, 3.0)], "b": [(2, 2.0), (3, 1.0)]
    }  # fmt: skip
    assert chart.values == [1, 2, 3] and "<svg" in draw(chart, "k")


def test_at_most_six_lines_and_the_rest_by_name(tmp_path):
    run = made(tmp_path, [({"n": n}, {"ms": {f"v{k}": k * n + 10.0 for k in range(1, 10)}}) for n in (1, 2)])
    (chart,) = charts(run)
    assert sorted(each.name for panel in chart.panels for each in panel) == ["v4", "v5", "v6", "v7", "v8", "v9"]
    assert chart.caption == "Moved less, and not drawn: v3, v2 and v1."


def test_at_most_a_dozen_charts_the_most_telling_ones(tmp_path):
    units = [f"u{k}" for k in range(8)]
    run = made(tmp_path, [
        ({"a": a, "b": b}, {unit: {f"of_{unit}": a + 0.001 * b * (k + 1)} for k, unit in enumerate(units)})
        for a in (1, 2) for b in (1, 2)
    ])  # fmt: skip
    choice = choose(run)
    found = choice.charts["By parameter"]
    assert len(found) == MOST_CHARTS and sum(chart.parameter == "a" for chart in found) == 8
    assert choice.sentences[0] == (
        "Not drawn, since there would be too many charts: values in u0 against b, values in u1 against b, "
        "values in u2 against b and values in u3 against b."
    )


def test_alike_names_are_one_line(tmp_path):
    values = lambda n: {"": {"file_answer": n + 1e-9, "keras_answer": float(n), "error": 1e-5 * n}}
    (chart,) = charts(made(tmp_path, [({"n": n}, values(n)) for n in (1, 2, 3)]))
    assert [[each.name for each in panel] for panel in chart.panels] == [["file_answer = keras_answer"], ["error"]]
    many = Series("a_long_name", [(1, 1.0)], tuple(f"another_long_{k}" for k in range(3)))
    assert many.name == "a_long_name (+ 3 alike)"


def test_a_sweep_of_sizes_has_a_group_for_each_name_or_value(tmp_path):
    both = lambda n: {
        "bytes": {"bytes_a": 1000 + n, "bytes_b": 2000}, "share": {"accuracy_a": 0.9, "accuracy_b": 0.9 + n / 100}
    }  # fmt: skip
    size = charts(made(tmp_path / "1", [({"n": n}, both(n)) for n in (1, 2, 3)]))[0]
    assert isinstance(size, Dots) and not size.named
    assert {name: len(dots) for name, dots in size.groups.items()} == {"a": 3, "b": 3}
    one = lambda n, m: {"bytes": {"file": 1000 * n + m}, "share": {"right": 0.9 + n / 100}}
    size = charts(made(tmp_path / "2", [({"n": n, "m": m}, one(n, m)) for n in (1, 2, 3) for m in (1, 2, 3, 4)]))[0]
    assert list(size.groups) == ["n = 1", "n = 2", "n = 3"]  # it tells the dots apart, m does not
    size = charts(made(tmp_path / "3", [({"n": n}, one(n, 1)) for n in range(1, 10)]))[0]
    assert size.shade == "n" and size.shades == list(range(1, 10)) and "<svg" in draw(size, "k")


def test_medians_and_panels():
    assert medians(Series("a", [("x", 1.0), ("x", 9.0), ("x", 2.0), ("y", 4.0)])) == [("x", 2.0), ("y", 4.0)]
    series = [Series(str(k), [(1, 10.0**-k)]) for k in range(5)]
    assert [[each.name for each in panel] for panel in panels(series)] == [["0"], ["1"], ["2", "3", "4"]]
    assert by_parameter(Group("01_x", ())) == []


@pytest.fixture(scope="module")
def everything(labs_run, sweep) -> list:
    return [chart for folder in (labs_run, sweep) for chart in charts(read_run(results([folder]), folder))]


def test_every_kind_is_drawn_with_words_and_units(everything):
    assert {type(chart) for chart in everything} == {Dots, Bars, Lines}
    for number, chart in enumerate(everything):
        svg = draw(chart, f"c{number}")
        assert svg.startswith("<svg viewBox=") and 'role="img"' in svg and "<style" not in svg
        assert "http:" not in re.sub(r'xmlns(:xlink)?="[^"]*"', "", svg)
        assert all(name.startswith(f"c{number}-") for name in re.findall(r'\bid="([^"]*)"', svg))
        label = re.search(r'aria-label="([^"]*)"', svg)[1]
        assert re.search(r"\d", label) and len(label) > 30
        sizes = [float(size) for size in re.findall(r"font-size: ([\d.]+)px", svg)]
        assert sizes and min(sizes) >= 9
        width = float(re.search(r'viewBox="0 0 ([\d.]+)', svg)[1])
        assert width < 340  # so that on a phone letters are about as large as they are drawn


def test_names_at_dots_do_not_lie_on_each_other():
    from matplotlib.figure import Figure

    from labutils.report.labels import _box, place_names

    sizes = {"float": 1654, "float16": 879, "16x8": 731, "dynamic": 569, "full_int8": 644, "full_uint8": 645, "i": 644}
    figure = Figure((4.6, 3.3), layout="constrained")
    axes = figure.subplots()
    axes.scatter(list(sizes.values()), [98.3] * 7)
    axes.margins(0.2)
    place_names(axes, [(name, (size, 98.3)) for name, size in sizes.items()])
    figure.draw_without_rendering()
    boxes = [_box(text) for text in axes.texts]
    assert sorted("\n".join(text.get_text() for text in axes.texts).split("\n")) == sorted(sizes)
    for number, box in enumerate(boxes):
        assert not any(box.overlaps(other) for other in boxes[:number])
        assert axes.bbox.x0 <= box.x0 and box.x1 <= axes.bbox.x1 + 5
