"""What reality says to each question of the quizzes: by name, a function that holds every answer against it.

A function converts, runs or reads something, and returns a dictionary: how an answer begins -> whether it holds.
"""

from . import lab01, lab02, lab03, lab04, lab05, lab06, lab07, lab08, lab09, lab10

LABS = (lab01, lab02, lab03, lab04, lab05, lab06, lab07, lab08, lab09, lab10)
FACTS = {name: fact for lab in LABS for name, fact in lab.FACTS.items()}
