"""The exercises of the labs: `check` an answer, ask for a `hint`, see the `solution`. Imports no TensorFlow."""

from labutils.exercises.desk import check, hint, solution
from labutils.exercises.exercise import Exercise
from labutils.exercises.render import Hint, Result, Solution

__all__ = ["Exercise", "Hint", "Result", "Solution", "check", "hint", "solution"]
