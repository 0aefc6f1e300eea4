"""Judges answers about what is delivered: versions in a folder, operators in a file, and how these changed."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np

from labutils.exercises.attempt import kind, show
from labutils.exercises.compare import Arguments, Misconception, Trial, yes_no_form
from labutils.exercises.exercise import NotYet

NAMES_ONLY = ("latest", ".tmp", "assets", "variables", "old", "backup")
NOT_VERSIONS = ("latest", "1.bak", ".tmp", "v70000", "7-old", "assets", "99999.5", "temp-20000", "zz_30000")


def _versions(rng: np.random.Generator) -> list[Arguments]:
    """Folders with versions of one to four digits among other names; no version at all; versions with leading zeros."""
    calls: list[Arguments] = []
    for padded in (False, False, True):
        numbers = [int(rng.integers(low, high)) for low, high in ((2, 10), (10, 100), (100, 1000), (1000, 10000))]
        some = rng.choice(numbers, size=int(rng.integers(2, 5)), replace=False)
        names = [str(number).zfill(int(rng.integers(5, 9)) if padded else 0) for number in some]
        names += rng.choice(NOT_VERSIONS, size=int(rng.integers(2, 6)), replace=False).tolist()
        calls.append((rng.permutation(names).tolist(),))
    return [*calls, (rng.choice(NAMES_ONLY, size=3, replace=False).tolist(),), ([],)]


def _newest(names: list[str], pick: Callable[[list[str]], str], numbers_only: bool = True) -> str | None:
    left = [name for name in names if name.isdecimal()] if numbers_only else names
    return pick(left) if left else None


def _looks_like_a_number(name: str) -> bool:
    return name.replace(".", "", 1).isdecimal()


def _digits(name: str) -> int:
    return int("".join(letter for letter in name if letter.isdecimal()) or 0)


def _version_form(found: Any, arguments: Arguments) -> None:
    names = arguments[0]
    if isinstance(found, (int, np.integer)) and not isinstance(found, bool):
        raise NotYet(f"It returns the number {found}: return the name, a text such as `'{found}'`.")
    if found is None and any(name.isdecimal() for name in names):
        raise NotYet(f"For {show(names)} it returns nothing: does it end with `return`?")
    if found is not None and not isinstance(found, str):
        raise NotYet(f"It returns {kind(found)}: return one name of the list, or `None`.")
    if found is not None and found not in names:
        raise NotYet(f"It returns {show(found)}, which is not in {show(names)}: return the name as it stands there.")


versions = Trial(
    draw=_versions,
    right=lambda names: _newest(names, lambda left: max(left, key=int)),
    wrong=(
        Misconception(
            lambda names: _newest(names, max),
            "It compares the names as texts, where `'9'` comes after `'10'`: compare their values.",
        ),
        Misconception(
            lambda names: _newest(names, lambda left: left[-1]),
            "It takes the last version of the list: the list is in no particular order.",
        ),
        Misconception(
            lambda names: _newest(names, lambda left: left[-1], False),
            "It takes the last name of the list, whatever it is: the list is in no particular order.",
        ),
        Misconception(
            lambda names: _newest(names, max, False),
            "It takes the last name by alphabet: only names that are whole numbers are versions.",
        ),
        Misconception(
            lambda names: max((name for name in names if _looks_like_a_number(name)), key=float, default=None),
            "It takes `99999.5` for a version: only whole numbers are.",
        ),
        Misconception(
            lambda names: max((name for name in names if _digits(name)), key=_digits, default=None),
            "It picks the digits out of names such as `v70000`: the whole name must be a number.",
        ),
        Misconception(
            lambda names: _newest(names, lambda left: min(left, key=int)),
            "It gives the oldest version: the newest has the largest number.",
        ),
    ),
    same=lambda found, expected: found == expected,
    form=_version_form,
    differs=lambda arguments, found, expected: (
        f"For {show(arguments[0], 160)} it returns {show(found)}; {show(expected)} is right."
        + ("" if found is None or found.isdecimal() else f" {show(found)} is no whole number, so no version.")
    ),
)


OPERATORS = ("FULLY_CONNECTED", "RESHAPE", "CONV_2D", "RELU", "MAX_POOL_2D", "SOFTMAX", "ADD", "MUL", "ASSIGN_VARIABLE")


def _operator_lists(rng: np.random.Generator) -> list[Arguments]:
    """Three lists without VAR_HANDLE and three with it: in front, in the middle, at the end. In any order."""
    lists = [_operators(rng) for _ in range(6)]
    for names, place in zip(lists[:3], (0, int(rng.integers(1, 3)), None), strict=True):
        names.insert(int(rng.integers(1, len(names))), "READ_VARIABLE")
        names.insert(len(names) if place is None else place, "VAR_HANDLE")
    return [(lists[index],) for index in rng.permutation(len(lists))]


def _operators(rng: np.random.Generator) -> list[str]:
    return rng.choice(OPERATORS[:-1], size=int(rng.integers(3, 8))).tolist()


operators = Trial(
    draw=_operator_lists,
    right=lambda operators: "VAR_HANDLE" not in operators,
    wrong=(
        Misconception(
            lambda operators: "VAR_HANDLE" in operators,
            "It is the wrong way round: `VAR_HANDLE` means that the weights are *not* in the file.",
        ),
        Misconception(lambda operators: True, "It says yes to every file: look for `VAR_HANDLE`."),
        Misconception(lambda operators: False, "It says no to every file: one without `VAR_HANDLE` holds its weights."),
        Misconception(
            lambda operators: operators[0] != "VAR_HANDLE",
            "It looks at the first operator only: `VAR_HANDLE` may stand anywhere.",
        ),
        Misconception(
            lambda operators: operators[-1] != "VAR_HANDLE",
            "It looks at the last operator only: `VAR_HANDLE` may stand anywhere.",
        ),
    ),
    same=lambda found, expected: bool(found) is bool(expected),
    form=yes_no_form,
    differs=lambda arguments, found, expected: f"For {show(arguments[0], 160)} it gives {found}; {expected} is right.",
)


def _operator_counts(rng: np.random.Generator) -> list[Arguments]:
    """Two pairs of counts: one operator as before, one more, one less often, one only before, one only after."""
    calls: list[Arguments] = []
    for _ in range(2):
        same, more, less, gone, new = rng.permutation(OPERATORS)[:5].tolist()
        few, many, other = (int(number) for number in rng.choice(np.arange(2, 30), size=3, replace=False))
        few, many = sorted((few, many))
        before = {same: other, more: few, less: many + 1, gone: int(rng.integers(1, 9))}
        after = {same: other, more: many, less: few, new: int(rng.integers(10, 19))}
        calls.append((_shuffled(rng, before), _shuffled(rng, after)))
    return calls


def _shuffled(rng: np.random.Generator, counts: dict[str, int]) -> Counter[str]:
    """The same counts in another order, as `anatomy(file).operators` gives them: a Counter."""
    return Counter({name: counts[name] for name in rng.permutation(list(counts)).tolist()})


def _changes(before: Counter[str], after: Counter[str], names: Iterable[str], zeros: bool = False) -> dict[str, int]:
    found = {name: after[name] - before[name] for name in names}
    return {name: number for name, number in found.items() if number or zeros}


def _changes_form(found: Any, _: Arguments) -> None:
    if found is None:
        raise NotYet("It returns nothing: does it end with `return`?")
    if isinstance(found, (set, list, tuple)) and all(isinstance(name, str) for name in found):
        raise NotYet("It returns the names alone: return a dictionary of name and difference.")
    if not isinstance(found, Mapping):
        raise NotYet(f"It returns {kind(found)}: return a dictionary of name and difference.")
    for name, number in found.items():
        if isinstance(number, (bool, np.bool_)):
            raise NotYet(f"The value of {show(name)} is {number}, a yes or no: the difference is asked, a number.")
        if isinstance(number, (tuple, list)):
            raise NotYet(f"The value of {show(name)} is {show(number)}: return one number, after minus before.")
        if not isinstance(number, (int, float, np.integer)):
            raise NotYet(f"The value of {show(name)} is {kind(number)}: return a whole number, after minus before.")


changes = Trial(
    draw=_operator_counts,
    right=lambda before, after: _changes(before, after, before | after),
    wrong=(
        Misconception(
            lambda before, after: _changes(after, before, before | after),
            "The signs are the wrong way round: what was added is positive, so subtract `before` from `after`.",
        ),
        Misconception(
            lambda before, after: _changes(before, after, before | after, zeros=True),
            "It keeps operators whose number did not change: leave out those with a difference of 0.",
        ),
        Misconception(
            lambda before, after: dict(after - before),
            "It loses what became fewer: a Counter's `-` keeps positive numbers only. Subtract name by name.",
        ),
        Misconception(
            lambda before, after: dict(before - after),
            "It keeps only what became fewer, and as a positive number: a Counter's `-` drops all others.",
        ),
        Misconception(
            lambda before, after: _changes(before, after, before & after),
            "It leaves out operators that are in one of the two only: the other then counts 0.",
        ),
        Misconception(
            lambda before, after: _changes(before, after, before & after, zeros=True),
            "It goes through operators that are in both, and keeps even those that did not change.",
        ),
        Misconception(
            lambda before, after: _changes(before, after, after),
            "It leaves out operators that were there before and are gone: go through the names of both.",
        ),
        Misconception(
            lambda before, after: _changes(before, after, before),
            "It leaves out operators that are new: go through the names of both.",
        ),
        Misconception(
            lambda before, after: _changes(before, after, after, zeros=True),
            "It goes through the names of `after` only, and keeps even those that did not change.",
        ),
        Misconception(
            lambda before, after: _changes(before, after, before, zeros=True),
            "It goes through the names of `before` only, and keeps even those that did not change.",
        ),
        Misconception(
            lambda before, after: {n: abs(d) for n, d in _changes(before, after, before | after).items()},
            "It takes the signs away: an operator that is gone has a negative difference.",
        ),
        Misconception(
            lambda before, after: {name: after[name] for name in _changes(before, after, before | after)},
            "It gives the new numbers: the differences are asked.",
        ),
    ),
    same=lambda found, expected: dict(found) == expected,
    form=_changes_form,
    differs=lambda arguments, found, expected: _change_differs(dict(found), expected),
)


def _change_differs(found: dict[str, Any], expected: dict[str, int]) -> str:
    for name in sorted({*map(str, found), *expected}):
        if found.get(name) != expected.get(name):
            right = f"{expected[name]:+}" if name in expected else "nothing"
            return f"For {name} it gives {show(found[name]) if name in found else 'nothing'}; {right} is right."
    return f"It gives {show(found)}; {show(expected)} is right."
