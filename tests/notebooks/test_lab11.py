"""Lab 11: every exhibit is run here once, and stands for itself; what they say is looked up in all its forms."""

import json
import re

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from labutils.course.catalog import find_lab
from labutils.course.execute import execute_notebook
from labutils.course.source import read_source
from labutils.museum import EXHIBITS
from labutils.museum.exhibit import MESSAGE
from labutils.museum.search import search

TOLERANT = "raises-exception"  # a cell with this tag may fail, and the next is run all the same
# The system says these halves, and hands them to any program.
SYSTEMS = {("weights_offline", "last half"), ("missing_delegate", "last half"), ("missing_delegate", "middle")}


def tolerant(notebook):
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.metadata["tags"] = [*cell.metadata.get("tags", []), TOLERANT]
    return notebook


def troubles(notebook) -> dict[str, str]:
    """Each exhibit whose mistake or cure ended with an error, or was not run: what it says."""
    found = {}
    for cell in notebook.cells:
        for tag in cell.metadata.get("tags", []):
            kind, _, name = tag.partition("-")
            if kind not in ("exhibit", "cure") or cell.cell_type != "code":
                continue
            errors = [f"{each.ename}: {each.evalue}" for each in cell.outputs if each.output_type == "error"]
            if errors or cell.execution_count is None:
                found[name.replace("-", "_")] = f"{tag}: {(errors or ['it was not run'])[0]}"
    return found


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """The notebook, executed with its defaults, and all that was said meanwhile."""
    folder = tmp_path_factory.mktemp("museum")
    lab = find_lab("11")
    notebook = tolerant(read_source(lab.source))
    ending, _ = execute_notebook(notebook, lab.notebook.parent, build=folder)
    assert ending.outcome == "passed", ending
    return notebook, json.loads((folder / lab.slug / "messages.json").read_text("utf-8"))


@pytest.mark.parametrize("name", EXHIBITS)
def test_exhibit(name, run):
    """The mistake shows itself as the catalogue says, and the cure cures it."""
    assert troubles(run[0]).get(name) is None


def test_no_cell_writes_logs_and_none_beside_the_exhibits_fails(run):
    for cell in run[0].cells:
        for output in cell.get("outputs", []):
            assert output.get("name") != "stderr", cell.source
            assert output.output_type != "error" or cell.id.startswith(("exhibit-", "cure-")), cell.source


def test_a_changed_exhibit_is_noticed_by_its_own_name(tmp_path):
    """Two exhibits as today, one whose message is another one, one that is silent no more, and one cure that fails."""
    code = {
        "exhibit-no-batch-axis": 'with exhibit("no_batch_axis"):\n    raise ValueError("Cannot set tensor: Dimension '
                                 'mismatch. Got 3 but expected 4 for input 0.")',
        "exhibit-wrong-dtype": 'with exhibit("wrong_dtype"):\n    raise ValueError("give me float32")',
        "exhibit-sgd-lr": 'with exhibit("sgd_lr"):\n    pass',
        "exhibit-scaled-twice": 'with exhibit("scaled_twice"):\n    assert 0.99 < 0.5',
        "exhibit-kept-view": 'with exhibit("kept_view"):\n    '
                             'raise RuntimeError(EXHIBITS["kept_view"].messages[0][14:])',
        "cure-kept-view": "assert 1 == 2",
        "cure-no-batch-axis": "assert 1 == 1",
    }  # fmt: skip
    cells = [new_code_cell(text, metadata={"tags": [tag]}) for tag, text in code.items()]
    before = new_code_cell("from labutils.museum import EXHIBITS, exhibit")
    notebook = tolerant(new_notebook(cells=[before, *cells]))
    ending, _ = execute_notebook(notebook, tmp_path)
    assert ending.outcome == "passed"
    found = troubles(notebook)
    assert set(found) == {"wrong_dtype", "sgd_lr", "scaled_twice", "kept_view"}
    assert "The exhibit wrong_dtype has changed" in found["wrong_dtype"] and "cure-kept-view" in found["kept_view"]


def test_the_committed_notebook_shows_every_message_of_today(run):
    """But for numbers that differ from run to run."""
    committed = nbformat.read(find_lab("11").notebook, as_version=4)
    shown = {tag: text_of(cell) for cell in committed.cells for tag in cell.metadata.get("tags", [])}
    for cell in run[0].cells:
        for tag in cell.metadata.get("tags", []):
            if tag.startswith("exhibit-") and cell.cell_type == "code":
                assert re.sub(r"[\d.e+-]+", "0", text_of(cell)) == re.sub(r"[\d.e+-]+", "0", shown[tag]), tag


def text_of(cell) -> str:
    return "".join(each.get("text", "") for each in cell.get("outputs", []))


def forms(message: str) -> dict[str, str]:
    """A message as people paste it: whole or in part, with the numbers and paths of their own program."""
    length = len(message)
    other_numbers = re.sub(r"\d+", lambda found: str(int(found[0]) * 7 + 3), message)
    return {
        "whole": message,
        "without its type": message.split(": ", 1)[1],
        "first half": message[: length // 2],
        "last half": message[length // 2 :],
        "middle": message[length // 4 : 3 * length // 4],
        "other numbers": other_numbers,
        "another path": re.sub(r"[\w./-]+\.(tflite|h5|keras)", "/home/ann/models/v2/net.tflite", message),
        "capitals": message.upper(),
        "broken into lines": re.sub(r"((?:\S+ ){6})", r"\1\n    ", message),
    }


def says_something(text: str) -> bool:
    """Not a path or a row of numbers alone."""
    return len(re.findall(r"(?<!\S)\W*[A-Za-z]{3,}\W*(?!\S)", text)) >= 2


def test_messages_of_at_least_thirty_kinds_were_provoked(run):
    assert len({each["message"] for said in run[1].values() for each in said}) >= 30
    assert set(run[1]) >= {name for name, each in EXHIBITS.items() if each.kind == MESSAGE}


def names(text: str) -> list[str]:
    return [each.exhibit.name for each in search(text)]


@pytest.mark.parametrize("name", [name for name, each in EXHIBITS.items() if each.messages])
def test_what_it_says_leads_to_it(name, run):
    """In every form; in no form to more exhibits than say the same."""
    alike = [each for each in EXHIBITS.values() if set(each.messages) & set(EXHIBITS[name].messages)]
    for said in run[1][name]:
        for form, text in forms(said["message"]).items():
            if (name, form) in SYSTEMS or not says_something(text):
                continue
            assert name in names(text), (form, text)
        assert len(names(said["message"])) == len(alike), said["message"]
        if said["traceback"]:
            assert name in names(said["traceback"])
            assert len(said["traceback"].splitlines()) > 3


def test_a_traceback_of_jupyter_leads_there_too(run):
    """With colours, and a text before and after it."""
    text = run[1]["wrong_dtype"][0]["traceback"].replace("ValueError", "\x1b[31mValueError\x1b[39m")
    assert names(f"My program ended so:\n\n{text}\n\nWhat is wrong?")[0] == "wrong_dtype"
