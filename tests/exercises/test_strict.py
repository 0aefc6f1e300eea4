"""Outcomes are found by name in what a notebook put out; in strict mode one that is not correct raises."""

import json

import nbformat
import pytest

from labutils.exercises import NotAnswered, check
from labutils.exercises.render import MIME

CELLS = {
    "right": "def newest_version(names):\n    return max([n for n in names if n.isdecimal()], key=int, default=None)",
    "wrong": "def newest_version(names):\n    return max(names, default=None)",
    "stub": "def newest_version(names):\n    ...",
}
BODY = """
# %% tags=["parameters"]
steps: int = 3  # counts up to here [1..9]

# %%
from labutils.exercises import check

# %%
{}

# %%
check("01.newest_version", newest_version)

# %%
print(steps)
"""


@pytest.mark.parametrize("mode", ["", "0"])
def test_without_it_a_check_raises_nothing(monkeypatch, mode):
    monkeypatch.setenv("LABS_STRICT", mode)
    assert check("01.newest_version", max).outcome == "not yet"


@pytest.mark.parametrize(("answer", "said"), [(max, "not yet · 01.newest_version"), (None, "not tried")])
def test_in_strict_mode_it_shows_the_result_and_raises(monkeypatch, capsys, answer, said):
    monkeypatch.setenv("LABS_STRICT", "1")
    with pytest.raises(NotAnswered, match=said):
        check("01.newest_version", answer)
    assert said in capsys.readouterr().out


@pytest.mark.parametrize(("cell", "outcome"), [("right", "correct"), ("wrong", "not yet"), ("stub", "not tried")])
@pytest.mark.parametrize("strict", [False, True])
def test_a_run_holds_each_outcome_by_its_name(make_lab, tmp_path, capsys, cell, outcome, strict):
    from labutils import cli

    make_lab(BODY.format(CELLS[cell]))
    words = ["run", "01", "--json", "--out", str(tmp_path / "out"), *(["--strict"] if strict else [])]
    code = cli.main(words)
    done = json.loads(capsys.readouterr().out)[0]
    fails = strict and cell != "right"
    assert code == fails and done["outcome"] == ("failed" if fails else "passed")
    assert done["exercises"] == {"01.newest_version": outcome}
    if fails:
        assert f"{outcome} · 01.newest_version" in done["message"]
    notebook = nbformat.read(done["notebook"], as_version=4)
    assert notebook.metadata["labutils"]["exercises"] == {"01.newest_version": outcome}
    data = [output["data"][MIME] for c in notebook.cells for output in c.get("outputs", []) if "data" in output]
    assert [(each["exercise"], each["outcome"]) for each in data] == [("01.newest_version", outcome)]
