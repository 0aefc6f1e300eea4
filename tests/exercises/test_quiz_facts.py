"""Every question of the quizzes, held against reality: each of its answers, and the right one alone must hold.

What is found out by a run stands in quiz_facts, by question; what no run can show stands in IDEAS, with the reason.
"""

from importlib import import_module

import pytest

from labutils.exercises.catalog import labs

from .quiz_facts import FACTS

LABS = {lab: import_module(f"labutils.exercises.quizzes.lab{lab}").QUESTIONS for lab in labs()}
QUESTIONS = {question.name: question for questions in LABS.values() for question in questions}
IDEAS = {
    "01.nearer_the_rule": "which of two numbers is the truth is a decision, and the lab's: the model, not the rule",
    "03.no_verdict": "how much error is too much is for whoever uses the model to say",
    "05.ten_models": "an Android app and its Flex library cannot be built here",
    "07.other_machine": "there is no phone here, and a time proves nothing about another machine",
    "10.camera": "there is no phone here, and no network between it and a laptop",
}


@pytest.mark.parametrize("name", FACTS)
def test_reality_gives_the_same_answer(name):
    answers = QUESTIONS[name].answers
    holds = {}
    for beginning, verdict in FACTS[name]().items():
        meant = [place for place, answer in enumerate(answers) if answer.text.startswith(beginning)]
        assert len(meant) == 1, f"{beginning!r} begins {len(meant)} answers"
        holds[meant[0]] = bool(verdict)
    assert holds.keys() == set(range(len(answers))), "each answer is held against reality, also the wrong ones"
    assert [place for place, verdict in holds.items() if verdict] == [QUESTIONS[name].solution]


def test_every_question_is_a_fact_or_says_why_not():
    assert not FACTS.keys() & IDEAS.keys()
    assert FACTS.keys() | IDEAS.keys() == QUESTIONS.keys()
    assert all(IDEAS.values()) and len(FACTS) >= 4 * len(IDEAS)


def test_neither_place_nor_length_gives_the_answer_away():
    """Whoever always takes the first, the last, the longest or the shortest answer is right in less than half."""
    tricks = dict.fromkeys(["first", "last", "longest", "shortest"], 0)
    for question in QUESTIONS.values():
        lengths = [len(answer.text) for answer in question.answers]
        own, last = question.solution, len(lengths) - 1
        tricks["first"] += own == 0
        tricks["last"] += own == last
        tricks["longest"] += lengths[own] == max(lengths)
        tricks["shortest"] += lengths[own] == min(lengths)
        assert max(lengths) - min(lengths) <= 16, f"{question.name}: the answers differ too much in length"
    assert max(tricks.values()) < len(QUESTIONS) / 2, tricks
    for lab, questions in LABS.items():
        assert len({question.solution for question in questions}) >= 3, f"lab {lab}: the place hardly varies"
