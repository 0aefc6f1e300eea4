"""The quizzes: complete, fair, clickable, and readable where nothing can be clicked."""

import re
from pathlib import Path

import pytest

from labutils.errors import LabError
from labutils.exercises.catalog import labs
from labutils.exercises.quizzes.question import Question, right, wrong
from labutils.exercises.quizzes.quiz import VIEW, questions, quiz

SOURCES = Path(__file__).parents[2] / "notebooks" / "source"
ALL = [question for lab in labs() for question in questions(lab)]


@pytest.mark.parametrize("lab", labs())
def test_a_quiz_has_four_to_eight_questions_and_its_lab_asks_them(lab):
    assert 4 <= len(questions(lab)) <= 8
    source = next(SOURCES.glob(f"{lab}_*.py")).read_text(encoding="utf-8")
    assert f'\nquiz("{lab}")\n' in source and "# ## Quiz\n" in source


def test_names_are_unique_and_those_of_their_lab():
    names = [question.name for question in ALL]
    assert len(set(names)) == len(names)
    assert all(question.name.startswith(f"{lab}.") for lab in labs() for question in questions(lab))


@pytest.mark.parametrize("question", ALL, ids=lambda question: question.name)
def test_every_answer_says_why(question):
    assert question.text.rstrip("`").endswith("?")
    texts = [answer.text for answer in question.answers]
    assert len(set(texts)) == len(texts)
    for answer in question.answers:
        assert answer.why.endswith((".", "?")) and len(answer.why) > 25
        assert answer.text.count("`") % 2 == answer.why.count("`") % 2 == 0


def test_the_right_answer_cannot_be_told_by_its_place_or_length():
    places = [question.solution / (len(question.answers) - 1) for question in ALL]
    assert 0.25 < sum(places) / len(places) < 0.75
    longest = sum(max(question.answers, key=lambda answer: len(answer.text)).right for question in ALL)
    assert longest < 0.5 * len(ALL)


@pytest.mark.parametrize("lab", ["99", "00", "4", "x", None, "../04"])
def test_another_lab_has_none(lab):
    with pytest.raises(LabError, match="no quiz for lab"):
        quiz(lab)


def test_a_question_needs_one_right_answer():
    for answers in ((wrong("a", "b"), wrong("c", "d")), (right("a", "b"), right("c", "d")), (right("a", "b"),)):
        with pytest.raises(ValueError, match="one of them right"):
            Question("99.x", "Which?", answers)


@pytest.mark.parametrize("lab", labs())
def test_choosing_shows_why_in_words_and_signs(lab):
    one = quiz(lab)
    for row, question in zip(one.widget().children[1:], one.questions, strict=True):
        _, choice, said = row.children
        assert choice.value is None and said.value == ""
        for place, answer in enumerate(question.answers):
            choice.value = place
            assert ("✓" in said.value) == answer.right and ("not quite" in said.value) != answer.right
            first = re.split("[`<&'\"]", answer.why)[0]
            assert first in said.value and "`" not in said.value


def test_it_is_read_where_it_cannot_be_clicked():
    one = quiz("04")
    shown = one._repr_mimebundle_()
    assert VIEW in shown and shown["text/plain"] == repr(one)
    for text in (shown["text/plain"], shown["text/markdown"]):
        for question in one.questions:
            assert question.text in text and all(answer.text in text for answer in question.answers)
    assert "<details><summary>Answers</summary>" in shown["text/markdown"]
    assert one.questions[0].answers[one.questions[0].solution].why[:30] in shown["text/markdown"]
    assert "why" not in dir(one) and not any(a.why in shown["text/plain"] for q in one.questions for a in q.answers)


def test_it_needs_no_widgets(monkeypatch):
    import labutils.exercises.quizzes.quiz as module

    monkeypatch.setattr(module, "find_spec", lambda name: None if name == "ipywidgets" else True)
    assert set(quiz("04")._repr_mimebundle_()) == {"text/plain", "text/markdown"}
