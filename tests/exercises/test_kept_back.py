"""Solutions that the teacher has kept back: one sentence in their place, and nothing stops."""

import dataclasses
import json

import pytest

from labutils.errors import LabError
from labutils.exercises import check, desk, hint, solution
from labutils.exercises.catalog import find

SENTENCE = 'The teacher has kept the solutions of this course back: `hint("01.convert")` helps, one step at a time.'


@pytest.fixture(autouse=True)
def no_hints_given(monkeypatch):
    monkeypatch.setattr(desk, "_hints_given", {})


def last_hint(name):
    return [hint(name) for _ in range(4)][-1].text


def test_a_release_without_solutions_says_so(course):
    (course / "release.json").write_text('{"solutions": false}')
    kept = solution("01.convert")
    assert kept.exercise == "01.convert" and kept.code == "" and "converter" not in kept.explanation
    assert repr(kept) == kept._repr_markdown_() == SENTENCE
    assert last_hint("01.convert") == "You have seen all 3: ask your teacher for more."
    assert check("01.newest_version", max).outcome == "not yet"
    with pytest.raises(LabError, match=r"did you mean 01\.convert"):
        solution("01.convrt")


def test_an_exercise_without_its_solution_says_so(monkeypatch):
    monkeypatch.setattr(desk, "find", lambda name: dataclasses.replace(find(name), solution="", explanation=""))
    assert repr(solution("01.convert")) == SENTENCE and "teacher" in last_hint("01.convert")


@pytest.mark.parametrize("content", [None, "torn", "[]", "{}", json.dumps({"solutions": True}), "\xff"])
def test_in_any_other_course_solutions_are_shown(content, course):
    if content is not None:
        (course / "release.json").write_bytes(content.encode("latin-1"))
    assert "from_keras_model" in solution("01.convert").code
    assert 'solution("01.convert")' in last_hint("01.convert")


def test_a_notebook_shows_the_sentence(course):
    from IPython.core.formatters import DisplayFormatter

    (course / "release.json").write_text('{"solutions": false}')
    data, _ = DisplayFormatter().format(solution("01.convert"))
    assert data["text/plain"] == data["text/markdown"] == SENTENCE
