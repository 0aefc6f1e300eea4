"""What a question of a quiz is: data. One answer is right; every answer, right or wrong, says why."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Answer:
    """One answer. text: what it says. why: a sentence or two, shown to who has chosen it."""

    text: str
    why: str
    right: bool = False


def right(text: str, why: str) -> Answer:
    """The right answer.

    >>> right("It shrinks.", "Weights of 8 bits.").right
    True
    """
    return Answer(text, why, right=True)


def wrong(text: str, why: str) -> Answer:
    """A wrong answer. why: what is mistaken in the idea behind it, not only that it is wrong."""
    return Answer(text, why)


@dataclass(frozen=True)
class Question:
    """A question with 2 to 5 answers, one of them right.

    name: "NN.subject", by which progress and tests find it. text: ends with a question mark. `Code` stands in backticks
    in all texts.
    """

    name: str
    text: str
    answers: tuple[Answer, ...]

    def __post_init__(self) -> None:
        if not 2 <= len(self.answers) <= 5 or sum(answer.right for answer in self.answers) != 1:
            raise ValueError(f"{self.name} needs 2 to 5 answers, one of them right.")

    @property
    def solution(self) -> int:
        """The place of the right answer, from 0."""
        return next(place for place, answer in enumerate(self.answers) if answer.right)
