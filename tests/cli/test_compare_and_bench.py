"""`labs compare` and `labs bench`: tables, JSON, exit codes, and a sentence for each mistake."""

import json

import numpy as np
import pytest

from labutils import cli
from labutils.models import asset
from tests.throwaway import files_of

NEURON, FLOAT, INTEGER = (asset(f"{name}.tflite") for name in ("neuron", "digits_cnn", "digits_cnn_int8"))


def run(*arguments):
    """The exit code of the command, also where argparse ends it."""
    try:
        return cli.main([*map(str, arguments)])
    except SystemExit as end:
        return end.code


def test_compare_shows_what_differs(capfd):
    assert run("compare", FLOAT, INTEGER) == 0
    out, err = capfd.readouterr()
    assert err == "" and "(x0.326)" in out and "10 operators in both" in out and "byte-identical" not in out
    assert "answers measured: max error" in out and "tensors  int8" in out and "CONV_2D" not in out
    assert run("compare", FLOAT, FLOAT, "--tolerance", "0") == 0
    assert "10 operators in both, byte-identical\nanswers agrees: max error 0.0e+00" in capfd.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [((FLOAT, INTEGER, "--tolerance", "1e-9"), "within 1e-09"), ((FLOAT, NEURON, "--tolerance", "1"), "inputs differ")],
)
def test_a_tolerance_that_is_not_met(capfd, arguments, said):
    assert run("compare", *arguments, "--json") == 1
    out, err = capfd.readouterr()
    assert json.loads(out)["agreement"]["verdict"] in ("does not agree", "undecided")
    assert err.startswith("labs: ") and said in err and err.count("\n") == 1


def test_compare_as_json(tmp_path, capfd):
    np.savez(tmp_path / "x.npz", image=np.random.default_rng(0).random((6, 8, 8, 1)))
    assert run("compare", FLOAT, INTEGER, "--data", tmp_path / "x.npz", "--json") == 0
    found = json.loads(capfd.readouterr().out)
    assert found["bytes"] == [FLOAT.stat().st_size, INTEGER.stat().st_size] and found["ratio"] < 0.4
    assert found["agreement"]["rows"] == 6 and found["agreement"]["inputs"] == "6 rows of x.npz"
    assert found["operators_alike"] == 10 and found["dtypes"]["int8"] == [0, 12] and found["identical"] is False


def test_bench(capfd):
    assert run("bench", FLOAT, INTEGER, "--threads", 1, 2, "--runs", 3, "--warmup", 0, "--no-xnnpack") == 0
    out, err = capfd.readouterr()
    lines = out.splitlines()
    assert err == "" and " ".join(lines[0].split()) == "file threads median ms middle half ms 95 % ms ratio bytes"
    assert [line.split()[1] for line in lines[1:5]] == ["1", "2", "1", "2"] and " 1.00 " in lines[1]
    assert "3 runs each, taking turns, without XNNPACK" in lines[-1]


def test_bench_as_json(capfd):
    assert run("bench", NEURON, "--runs", 4, "--json") == 0
    found = json.loads(capfd.readouterr().out)[0]
    assert found["runs"] == 4 and found["threads"] == 1 and found["ratio"] == 1 and found["bytes"] == 1052
    assert 0 < found["p25_ms"] <= found["median_ms"] <= found["p75_ms"] <= found["p95_ms"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("compare", FLOAT), "required: B"),
        (("compare", FLOAT, "nothing.tflite"), "There is no file nothing.tflite"),
        (("compare", FLOAT, "."), "is a folder"),
        (("compare", FLOAT, "torn.tflite"), "truncated or damaged"),
        (("compare", FLOAT, INTEGER, "--tolerance", "soon"), "invalid float value"),
        (("compare", FLOAT, INTEGER, "--tolerance", "-1"), "give a number from 0"),
        (("compare", FLOAT, INTEGER, "--data", "torn.tflite"), "no .npz file of plain numbers"),
        (("compare", FLOAT, INTEGER, "--data", "nothing.npz"), "does not exist"),
        (("bench",), "required: FILE"),
        (("bench", "nothing.tflite"), "There is no file nothing.tflite"),
        (("bench", NEURON, "torn.tflite"), "truncated or damaged"),
        (("bench", NEURON, "--threads", "0"), "give 1 to 64"),
        (("bench", NEURON, "--threads", "one"), "invalid int value"),
        (("bench", NEURON, "--threads", "2", "2"), "given twice"),
        (("bench", NEURON, "--runs", "0"), "give at least 1 and 0"),
        (("bench", NEURON, "--warmup", "-1"), "give at least 1 and 0"),
    ],
)
def test_bad_input(tmp_path, monkeypatch, capfd, arguments, said):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "torn.tflite").write_bytes(FLOAT.read_bytes()[:40_000])
    before = files_of(tmp_path)
    assert run(*arguments) == 2
    out, err = capfd.readouterr()
    assert out == "" and said in err, err
    assert err.startswith("labs: ") and err.count("\n") == 1
    assert files_of(tmp_path) == before
