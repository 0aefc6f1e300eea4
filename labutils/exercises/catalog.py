"""Finds an exercise by its name. A lab's exercises are the EXERCISES of the module labNN beside this one."""

import difflib
import pkgutil
import re
from functools import cache
from importlib import import_module

import labutils.exercises as room
from labutils.errors import LabError
from labutils.exercises.exercise import Exercise


@cache
def labs() -> tuple[str, ...]:
    """The numbers of the labs that have exercises.

    >>> labs()[0]
    '01'
    """
    names = (module.name for module in pkgutil.iter_modules(room.__path__))
    return tuple(sorted(name[3:] for name in names if re.fullmatch(r"lab\d\d", name)))


@cache
def exercises() -> dict[str, Exercise]:
    """Every exercise by name, in the order of the labs.

    >>> exercises()["01.convert"].signature
    'to_tflite(model)'
    """
    found = (exercise for lab in labs() for exercise in import_module(f"labutils.exercises.lab{lab}").EXERCISES)
    return {exercise.name: exercise for exercise in found}


def find(name: str) -> Exercise:
    """The exercise of this name. Raises LabError, with the names that come close, when there is none.

    >>> find("01.convrt")
    Traceback (most recent call last):
    ...
    labutils.errors.LabError: There is no exercise '01.convrt': did you mean 01.convert or 03.convert_command?
    """
    known = exercises()
    if isinstance(name, str) and name in known:
        return known[name]
    if not isinstance(name, str):
        raise LabError(f'An exercise is called by its name in quotes, such as "{next(iter(known))}".')
    close = difflib.get_close_matches(name, known, n=3, cutoff=0.55)
    close += [full for full in known if full not in close and full.split(".")[1] == name.split(".")[-1]]
    cure = f"did you mean {' or '.join(close)}?" if close else f"there are {', '.join(known)}."
    raise LabError(f"There is no exercise {name!r}: {cure}")
