"""Lab 10 as it is committed: every step says what it must, and what it made is there and right."""

import json
import re

import pytest

from labutils.course.catalog import find_lab
from labutils.course.execute import execute_lab
from tests.notebooks.outputs import said


@pytest.fixture(scope="module")
def lab():
    return find_lab("10")


@pytest.fixture(scope="module", name="said")
def what_the_cells_said(lab):
    return said(lab.notebook)


def test_a_free_batch_is_refused_before_the_browser_sees_it(said):
    assert re.fullmatch(r"the model of [0-9,]+ bytes leaves its batch free: convert it .*\.\n", said["convert-plain"])


def test_the_file_answers_as_the_model(said):
    assert float(re.search(r"the same class on ([0-9.]+)%", said["verify"])[1]) > 97
    assert float(re.search(r"([0-9.]+)% right", said["verify"])[1]) > 95


def test_the_card_is_shown_whole(said):
    assert {"digits.json", "labels.txt"} <= set(said["card"].split())
    shown = json.loads(said["card"][said["card"].index("{") : said["card"].rindex(",")] + "}")
    assert shown["input"]["dtype"] == "uint8" and shown["picture"]["kind"] == "drawing"


def test_without_a_browser_it_waits_and_goes_on(said):
    assert said["parity"] and "Error" not in said["parity"]
    assert "browser: it has answered nothing yet" in said["latency"]


def test_the_app_is_one_small_file_that_asks_nobody(said):
    assert float(re.search(r"digits.html: ([0-9.]+) MB", said["one-file"])[1]) < 4.5
    rules = said["policy"].splitlines()
    assert "default-src 'none'" in rules and not any("http" in rule for rule in rules)
    assert "connect-src" not in said["policy"]  # so default-src holds for it
    assert said["serve"].strip() == "served on this computer, and fetched: True"


def test_projects_are_whole(said):
    for name in ("AndroidManifest.xml", "Classifier.kt", "model.tflite", "labels.txt", "README.md"):
        assert name in said["android"]
    for name in ("Classifier.swift", "model.tflite", "labels.txt", "README.md"):
        assert name in said["ios"]
    assert "CompiledModel.create" in said["android-classifier"]
    assert "from ai_edge_litert.interpreter import Interpreter" in said["linux"]


def test_the_pi_reads_the_digit(said):
    digit = re.search(r"a picture of (\d)", said["linux-run"])[1]
    assert said["linux-run"].splitlines()[1].startswith(f"{digit}: ")


@pytest.mark.parametrize("values", [{"subject": "mobilenet"}, {"border": "float32"}], ids=str)
def test_other_parameters(lab, tmp_path, values):
    done = execute_lab(lab, {**lab.quick, **values}, tmp_path, warm=True)
    assert done.passed, (done.cell, done.message)
