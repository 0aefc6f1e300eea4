"""The questions that lead to a path of optimization: the tree that lab 07 draws, and that its widget walks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from labutils.errors import LabError

COLLECT, REWRITE = "collect data", "rewrite operator"  # where no path leads on yet

# What each end of the tree means, in a few words.
ENDS = {
    "float": "as it was trained",
    "dynamic range": "weights int8",
    "float16": "weights float16",
    "integer": "int8 inside, float border",
    "full int8": "int8 throughout",
    "full uint8": "bytes at the border",
    "16x8": "activations int16",
    "Select": "with TensorFlow's operators",
    COLLECT: "100 samples, then ask again",
    REWRITE: "with operators that LiteRT has",
}


@dataclass(frozen=True)
class Question:
    """A question of the tree. key: its name in the answers. text: as asked. yes, no: the next question, or an end."""

    key: str
    text: str
    yes: Question | str
    no: Question | str


def _tree() -> Question:
    integers = "Does the device want integers only?"
    with_data = Question(
        "integers_only", integers,
        yes=Question("unsigned", "Does it want unsigned bytes at the border?", yes="full uint8", no="full int8"),
        no=Question("too_coarse", "Do 8 bits cost too much accuracy?", yes="16x8", no="integer"),
    )  # fmt: skip
    without_data = Question(
        "integers_only", integers,
        yes=COLLECT,
        no=Question("half_is_enough", "Is half the size enough?", yes="float16", no="dynamic range"),
    )  # fmt: skip
    data = Question("has_data", "Do you have representative data?", yes=with_data, no=without_data)
    fine = Question("float_is_fine", "Is the float file good enough?", yes="float", no=data)
    lacking = Question("integers_only", integers, yes=REWRITE, no="Select")
    return Question("lacks_operator", "Does LiteRT lack an operator of the model?", yes=lacking, no=fine)


TREE = _tree()


@dataclass(frozen=True)
class Way:
    """A walk through the tree. steps: questions met, each with its answer. end: a path's name, COLLECT or REWRITE."""

    steps: tuple[tuple[Question, bool], ...]
    end: str

    @property
    def leads_on(self) -> bool:
        """Whether it ends in a path that can be converted by."""
        return self.end not in (COLLECT, REWRITE)


def keys() -> tuple[str, ...]:
    """The names of all questions, in the order in which one meets them.

    >>> keys()[0]
    'lacks_operator'
    """
    return tuple(dict.fromkeys(question.key for question in _questions(TREE)))


def choose(answers: Mapping[str, bool]) -> Way:
    """Walk the tree with these answers, by the questions' keys; those that are not given are "no".

    Raises LabError for a key that no question has.

    >>> choose({"has_data": True, "integers_only": True}).end
    'full int8'
    """
    for key in answers:
        if key not in keys():
            raise LabError(f"The tree does not ask {key!r}: its questions are {', '.join(keys())}.")
    steps, here = [], TREE
    while isinstance(here, Question):
        answer = bool(answers.get(here.key, False))
        steps.append((here, answer))
        here = here.yes if answer else here.no
    return Way(tuple(steps), here)


def _questions(here: Question | str) -> Iterator[Question]:
    if isinstance(here, Question):
        yield here
        yield from _questions(here.yes)
        yield from _questions(here.no)
