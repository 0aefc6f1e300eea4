"""Wrong answers that learners give, by exercise: a name, the code, and a phrase that only its own message holds."""

from . import lab01, lab02, lab03, lab04, lab05, lab06, lab07

WRONG = {**lab01.WRONG, **lab02.WRONG, **lab03.WRONG, **lab04.WRONG, **lab05.WRONG, **lab06.WRONG, **lab07.WRONG}
