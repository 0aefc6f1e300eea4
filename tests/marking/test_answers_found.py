"""Answers are found by the exercise's name, with what they need and nothing else, wherever the cells have got to."""

import json

import pytest

from labutils.exercises.catalog import find
from labutils.marking import judge
from labutils.marking.answers import read_cells
from labutils.marking.doubts import notes_on, shape
from labutils.marking.notebook import Cell, Unreadable, read_notebook

EXERCISE = find("01.newest_version")
RIGHT = EXERCISE.solution


def answers(*cells: str):
    return read_cells([Cell(number, text) for number, text in enumerate(cells, 1)]).answers(EXERCISE)


def outcomes(*cells: str) -> list[str]:
    """What is found of each answer, from the last on."""
    found = read_cells([Cell(number, text) for number, text in enumerate(cells, 1)])
    return [judge.judge_answer(EXERCISE, answer, found).outcome for answer in found.answers(EXERCISE) or [None]]


def test_it_takes_what_the_answer_needs_and_nothing_else():
    found = answers(
        "import os, sys\nLIMIT = 3\nOTHER = expensive()", "def helper(x):\n    return x[:LIMIT]", "train()",
        "def newest_version(names):\n    return helper(names)", "def unrelated():\n    pass",
    )  # fmt: skip
    assert [[each.text.split("\n")[0] for each in answer.statements] for answer in found] == [
        ["LIMIT = 3", "def helper(x):", "def newest_version(names):"]
    ]


def test_it_takes_what_changes_the_data_that_an_answer_needs():
    found = answers(
        "table = {}", "table['a'] = 1", "table.update(b=2)", "print(table)", "fill(table)",
        "def newest_version(names):\n    return table[names]",
    )  # fmt: skip
    texts = [each.text for each in found[0].statements]
    assert texts[:4] == ["table = {}", "table['a'] = 1", "table.update(b=2)", "fill(table)"]


def test_modules_are_not_data_even_if_imported_within_a_block():
    found = answers(
        "with quiet():\n    import numpy as np", "np.random.seed(1)",
        "def newest_version(names):\n    return np.max(names)",
    )  # fmt: skip
    assert len(found[0].statements) == 2


@pytest.mark.parametrize(
    "cells",
    [
        (RIGHT,),
        (RIGHT.replace("newest_version", "mine"), 'check("01.newest_version", mine)'),
        ('check("01.newest_version", mine)', RIGHT.replace("newest_version", "mine")),
        ('check(answer=mine, name="01.newest_version")', RIGHT.replace("newest_version", "mine")),
        ('check("01.newest_version", lambda names: max([n for n in names if n.isdecimal()], key=int, default=None))',),
        ("newest_version = lambda names: best(names)", RIGHT.replace("newest_version", "best")),
        (RIGHT, EXERCISE.stub),
        (EXERCISE.stub, RIGHT),
        (RIGHT, "def newest_version(names):\n    return max(names)"),
        (RIGHT, "def newest_version(names):\n    return ("),
        ("if True:\n    " + RIGHT.replace("\n", "\n    "),),
        ("from functools import partial\nnewest_version = partial(pick, int)",
         "def pick(key, names):\n    return max([n for n in names if n.isdecimal()], key=key, default=None)"),
        ("class Best:\n    def __call__(self, names):\n        return pick(names)\nnewest_version = Best()",
         RIGHT.replace("newest_version", "pick")),
    ],
)  # fmt: skip
def test_a_right_answer_is_found(cells):
    assert "correct" in outcomes(*cells)


@pytest.mark.parametrize(
    ("cells", "outcome"),
    [
        ((), "not tried"),
        ((EXERCISE.stub,), "not tried"),
        (("def newest_version(names):\n    return (",), "not yet"),
        ((EXERCISE.stub, "def newest_version(names):\n    return ("), "not yet"),
        (("newest_version = missing",), "not yet"),
        (("import sys\nnewest_version = sys.exit()",), "not yet"),
        (("while True:\n    newest_version = max",), "not yet"),
        (("check = lambda *given: 'correct'\ncheck('01.newest_version', None)",), "not tried"),
    ],
)
def test_what_is_no_answer(cells, outcome):
    assert outcomes(*cells) == [outcome]


def test_no_more_than_four_answers_are_tried():
    assert len(answers(*[f"def newest_version(names):\n    return {number}" for number in range(9)])) == 4


@pytest.mark.parametrize(
    "content",
    [b"", b"%PDF-1 \xff\xfe", b"<html>", b"{", b"[1, 2]", b'{"cells": 3}', b'{"cells": []}', b"[" * 200_000, b"\x89PN"],
)
def test_what_is_no_notebook_is_a_sentence(content):
    with pytest.raises(Unreadable) as why:
        read_notebook(content)
    assert "hand" in str(why.value) or "nested" in str(why.value)


def test_magics_and_old_formats():
    cells = [
        {"cell_type": "code", "source": "%%time\nx = 1"},
        {"cell_type": "code", "source": ["%matplotlib inline\n", "y = 2"]},
        {"cell_type": "markdown", "source": "z = 3"}, {"cell_type": "code", "source": "%%bash\nls"},
        {"cell_type": "code"}, 7,
    ]  # fmt: skip
    found = read_cells(read_notebook(json.dumps({"cells": cells}).encode()).cells)
    assert {name for each in found.statements for name in each.binds} == {"x", "y"} and not found.broken
    old = {"worksheets": [{"cells": [{"cell_type": "code", "input": "x = 1"}]}]}
    assert read_notebook(b"\xef\xbb\xbf" + json.dumps(old).encode()).cells[0].source == "x = 1"


@pytest.mark.parametrize(
    ("code", "note"),
    [
        ("def check(*given):\n    pass", "has a `check` of its own"),
        ("import labutils.exercises.desk as d\nd._judge = None", "imports `labutils.exercises.desk`"),
        ("from labutils.exercises.lab01 import CONVERT", "imports `labutils.exercises.lab01`"),
        ("import sys\ndef f():\n    return sys._getframe(1)", "looks into the functions that call it"),
        ("from os import fork", "starts processes"),
    ],
)
def test_what_looks_like_tampering_is_noted(code, note):
    assert any(note in each for each in notes_on(read_cells([Cell(1, code)]).statements))


def test_the_course_itself_is_not_suspected(root):
    for path in sorted((root / "notebooks").glob("*.ipynb")):
        notebook = read_notebook(path.read_bytes())
        given = judge.given_cells(root / "notebooks", path.name[:2])
        found = read_cells(notebook.cells, given)
        assert len(given) == len(found.given) and found.statements and not found.own() and not found.broken


def test_what_the_lesson_calls_by_the_same_name_is_no_answer():
    lesson = "def newest_version(names):\n    return 'of the lesson'"
    course = [lesson, EXERCISE.stub]

    def found(*cells: str) -> list[str]:
        read = read_cells([Cell(number, text) for number, text in enumerate(cells, 1)], course)
        return [answer.code for answer in read.answers(EXERCISE)]

    assert found(lesson, EXERCISE.stub) == [EXERCISE.stub]
    assert found(lesson) == []
    assert found(lesson, lesson) == [lesson]  # copied into the stub's place
    assert found(lesson + "  # mine", EXERCISE.stub) == [EXERCISE.stub, lesson]


def test_shapes_of_programs():
    assert shape("def f(a):\n    return a + 1") == shape("def f(a):   # one more\n\n    return (a+1)")
    assert shape("def f(a):\n    return a + 1") != shape("def f(b):\n    return b + 1")
