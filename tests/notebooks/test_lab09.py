"""Lab 09 as it is committed: what it found holds, nothing asserts a speed, and its GPU cell does what it says."""

import re

import nbformat
import numpy as np
import pytest
from bs4 import BeautifulSoup

from labutils.course.catalog import find_lab
from labutils.course.source import read_source
from labutils.models import asset
from labutils.tflite import compiled
from labutils.tflite.runtime import open_model
from tests import software_gpu
from tests.notebooks.outputs import said

NO_ADAPTER = "No GPU adapter was found: CompiledModel does not fall back"


@pytest.fixture(scope="module")
def lab():
    return find_lab("09")


@pytest.fixture(scope="module")
def cells(lab):
    """The code of the tagged cells, by tag."""
    found = [cell for cell in read_source(lab.source).cells if cell.cell_type == "code"]
    return {tag: cell.source for cell in found for tag in cell.metadata.get("tags", [])}


@pytest.fixture(scope="module", name="said")
def what_the_cells_said(lab):
    return said(lab.notebook)


@pytest.fixture(scope="module")
def tables(lab):
    """The table of a tagged cell: the first column to the cells of its row, by heading."""
    found = {}
    for cell in nbformat.read(lab.notebook, as_version=4).cells:
        pages = [o.data["text/html"] for o in cell.get("outputs", []) if "text/html" in o.get("data", {})]
        for tag in cell.metadata.get("tags", []) if pages else []:
            page = BeautifulSoup(pages[0], "html.parser")
            lines = [[each.text for each in row.find_all(("th", "td"))] for row in page.find_all("tr")]
            found[tag] = {name: dict(zip(lines[0][1:], values, strict=True)) for name, *values in lines[1:]}
    return found


def test_every_file_reads_digits(said, tables):
    right = [float(row["right"].rstrip("%")) for row in tables["delegate-on-off-table"].values()]
    assert len(right) == 8 and min(right) > 97
    assert said["files-agree"].startswith("within two points of float: float16, dynamic range, full int8")


def test_dynamic_range_alone_is_in_many_pieces(said, tables):
    pieces = {name: int(row["pieces"]) for name, row in tables["delegate-on-off-table"].items()}
    assert [name for name, count in pieces.items() if count > 1] == ["MobileNetV2, dynamic range"]
    assert re.fullmatch(r"\{'DEPTHWISE_CONV_2D': \d+\}", said["dynamic-left"].split("\n")[0].split(": ", 1)[1])


def test_plan_shows_the_pieces(said):
    assert said["nodes"].count("DELEGATE") == said["nodes"].count("L2_NORMALIZATION") == 4
    assert "with XNNPACK: 8 steps, 4 by the delegate, 4 operators taken" in said["plan"]
    assert "1 piece, left to kernels: none" in said["cure"]


def test_arithmetic_is_that_of_the_paper(said):
    assert "300 million multiply-adds in all" in said["work"]


def test_crash_stays_in_the_child(said):
    assert re.match(r"the process (crashed the runtime|made the runtime fail) \(", said["crash"])
    assert said["crash-sentence"].startswith("torn.tflite is truncated or damaged")
    assert "on the processor: answers as before" in said["crash-sentence"]


def test_page_has_no_gpu(said):
    assert all(f"{asked}: {NO_ADAPTER}" in said["gpu-run"] for asked in ("gpu", "gpu or cpu"))
    assert "gpu: False" in said["record"]


def test_every_claim_names_its_source(tables):
    sources = {row["source"] for row in tables["published-table"].values()}
    assert sources == {"TensorFlow Lite, measurement.md", "Coral, Edge TPU performance benchmarks"}
    for row in tables["published-table"].values():
        assert float(row["gain"].split()[0]) == pytest.approx(float(row["ms"]) / float(row["ms there"]), abs=0.05)


def run_gpu_cell(cells, capsys):
    """The lab's own cell on the shipped net, and what it says."""
    picture = np.random.default_rng(0).uniform(-1, 1, (1, 64, 64, 3)).astype(np.float32)
    full = asset("mobilenet_v2_digits.tflite")
    names = {"np": np, "compiled": compiled, "full": full, "picture": picture}
    names["found"] = open_model(full).predict(picture)
    exec(cells["gpu-run"], names)
    return capsys.readouterr().out


@software_gpu.none
def test_gpu_cell_without_an_adapter(cells, capsys, monkeypatch):
    software_gpu.hide_all(monkeypatch)
    assert run_gpu_cell(cells, capsys).count(NO_ADAPTER) == 2


@software_gpu.there
def test_gpu_cell_with_an_adapter(cells, capsys, monkeypatch):
    software_gpu.use(monkeypatch)
    out = run_gpu_cell(cells, capsys)
    assert NO_ADAPTER not in out and len(re.findall(r": [\d.]+ ms, largest difference \de-\d+$", out, re.M)) == 2


def test_nothing_asserts_a_speed(lab):
    for cell in read_source(lab.source).cells:
        for line in cell.source.splitlines() if cell.cell_type == "code" else ():
            assert not re.search(r"assert .*(times|milliseconds|median|latency|\bms\b)", line), line


def test_timings_are_not_compared_by_nbval(lab):
    """A cell that measures, or shows what was measured, has no output that nbval would hold against another run."""
    for cell in read_source(lab.source).cells:
        if "nbval-check-output" in cell.metadata.get("tags", []):
            assert not re.search(r"latency|median|\balone\b|on_off|by_piece|peak|roofs|compiled", cell.source)
