"""Wrong answers that learners give, by exercise: a name, the code, and a phrase that only its own message holds."""

from . import lab01, lab02, lab03, lab04, lab05, lab06, lab07, lab08, lab09, lab10

LABS = (lab01, lab02, lab03, lab04, lab05, lab06, lab07, lab08, lab09, lab10)
WRONG = {name: answers for lab in LABS for name, answers in lab.WRONG.items()}
