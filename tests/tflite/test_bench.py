"""Latencies of files side by side: every pair of file and threads, and names that tell files apart."""

import shutil
from pathlib import Path

import pytest

from labutils.errors import LabError
from labutils.models import asset
from labutils.tflite.bench import bench, distinct_names
from labutils.tflite.files import ModelFileError

NEURON = asset("neuron.tflite")


def test_every_file_with_every_number_of_threads(tmp_path):
    shutil.copy(NEURON, tmp_path / "neuron.tflite")
    found = bench([NEURON, tmp_path / "neuron.tflite", asset("digits_cnn_int8.tflite")], [1, 2], runs=7, warmup=0)
    assert [each.threads for each in found] == [1, 2] * 3 and found[0].ratio == 1
    names = [each.name for each in found[::2]]
    assert names == ["assets/neuron.tflite", f"{tmp_path.name}/neuron.tflite", "digits_cnn_int8.tflite"]
    assert all(len(each.latency.milliseconds) == 7 and each.bytes == Path(each.file).stat().st_size for each in found)
    assert found[4].ratio == pytest.approx(found[4].latency.median / found[0].latency.median)


def test_names():
    assert distinct_names([Path("x.tflite"), Path("x.tflite"), Path("x.tflite")])[2] == "x.tflite (3)"
    assert distinct_names([Path("a/b/m"), Path("c/b/m"), Path("m2")]) == ["a/b/m", "c/b/m", "m2"]
    assert distinct_names([Path("/m"), Path("/a/m")]) == ["//m", "a/m"]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"threads": [0]}, "threads is 0: give 1 to 64"),
        ({"threads": [1, 1000]}, "threads is 1000"),
        ({"threads": [1, 1]}, "given twice"),
        ({"threads": []}, "nothing to measure"),
        ({"files": []}, "nothing to measure"),
        ({"runs": 0}, "runs are 0"),
        ({"warmup": -1}, "warm-up -1"),
    ],
)
def test_numbers_out_of_range(wrong, said):
    with pytest.raises(LabError, match=said):
        bench(**{"files": [NEURON], **wrong})


def test_a_bad_file_is_refused_before_anything_is_measured(tmp_path):
    (tmp_path / "torn.tflite").write_bytes(NEURON.read_bytes()[:500])
    with pytest.raises(ModelFileError, match="torn.tflite"):
        bench([NEURON, tmp_path / "torn.tflite"])
