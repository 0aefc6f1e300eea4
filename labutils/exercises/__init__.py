"""The exercises of the labs: `check`, `hint`, `solution`, and a `quiz`. Imports no TensorFlow."""

from labutils.exercises.desk import NotAnswered, check, hint, solution
from labutils.exercises.exercise import Exercise
from labutils.exercises.quizzes.quiz import Quiz, quiz
from labutils.exercises.render import Hint, Result, Solution

__all__ = ["Exercise", "Hint", "NotAnswered", "Quiz", "Result", "Solution", "check", "hint", "quiz", "solution"]
