"""Lab 07 as it is committed: its figures hold, its cells say what they must, its devices are chosen for and proven."""

import re

import pytest

from labutils.course.catalog import find_lab
from labutils.course.source import read_source
from labutils.tflite.devices import DEVICES
from labutils.tflite.variants import PATHS
from tests.notebooks.outputs import said


@pytest.fixture(scope="module")
def lab():
    return find_lab("07")


@pytest.fixture(scope="module", name="said")
def what_the_cells_said(lab):
    return said(lab.notebook)


def test_the_parameter_offers_every_device(lab):
    cell = next(cell for cell in read_source(lab.source).cells if "parameters" in cell.metadata.get("tags", []))
    assert set(re.search(r"device: str = .*\{(.*)\}", cell.source)[1].replace('"', "").split(", ")) == set(DEVICES)


def test_every_path_is_taken_and_hardly_wrong(said):
    for tag in ("path-float", "path-weights", "path-float16", "path-integer", "path-16x8", "path-select"):
        right, total = map(int, re.search(r"(\d+) of (\d+) right", said[tag]).groups())
        assert total == 360 and right / total > 0.98, tag
    assert said["path-integers-only"].count("of 360 right") == 2


def test_files_are_within_one_point_of_float(said):
    assert said["accuracy-holds"].startswith("within one point of float: dynamic range, float16, integer, 16x8")


def test_the_table_has_all_paths_and_no_more(said):
    assert all(re.search(rf"^{re.escape(path)}\b", said["table"], re.M) for path in PATHS)
    assert all(re.search(rf"^{re.escape(path)}\b", said["fits-all"], re.M) for path in PATHS)


def test_the_ratio_is_short_of_a_quarter_and_explained(said):
    shares = {line.split()[0]: float(line.split()[-1]) for line in said["ratio"].splitlines()[1:]}
    assert shares["weights"] == pytest.approx(0.26, abs=0.01) and shares["the"] == pytest.approx(0.39, abs=0.01)
    assert shares["quantization"] > 100


def test_without_data_the_converter_says_what_it_needs(said):
    assert "ValueError" in said["path-no-data"] and "representative_dataset" in said["path-no-data"]


def test_select_costs_nothing_until_it_is_needed(said):
    assert "the same operators" in said["path-select"]
    assert "FlexResizeBicubic" in said["path-select-needed"]
    assert "fits a phone without Flex: False" in said["path-select-needed"]


def test_the_edge_tpu_gets_whole_graphs_of_integers_only(said):
    counts = re.findall(r"^(\S.*?) +(\d+) of +(\d+) operators", said["edge-tpu"], re.M)
    assert [path for path, _, _ in counts] == list(PATHS)
    whole = {path for path, mapped, total in counts if mapped == total}
    assert whole == {"full int8", "full uint8"}


def test_nothing_asserts_a_speed(lab):
    for cell in read_source(lab.source).cells:
        for line in cell.source.splitlines() if cell.cell_type == "code" else ():
            assert not re.search(r"assert .*(times|milliseconds|median|\bms\b)", line), line
