"""Judges which stretches of a chain of operators a delegate gets: on chains made up for it."""

from collections.abc import Callable, Set
from itertools import groupby
from typing import Any

import numpy as np

from labutils.exercises.attempt import kind, show
from labutils.exercises.compare import Arguments, Misconception, Trial
from labutils.exercises.exercise import NotYet

TAKEN = ("CONV_2D", "DEPTHWISE_CONV_2D", "ADD", "MUL", "MEAN", "RESHAPE")
LACKING = ("CUMSUM", "TOPK_V2", "GATHER_ND", "UNIQUE")
Stretch = tuple[int, int]
Names = list[str]


def _chains(rng: np.random.Generator) -> list[Arguments]:
    """Chains that begin and end on either side; one of one stretch, one of none; one with an empty list."""
    least = int(rng.integers(3, 5))
    lengths: list[list[int]] = [  # of stretches, taken and lacking in turns; the first is taken
        [least + 2, 1, least - 1, 2, least, 1, 1, 1, least + 1],
        [0, 2, least, 1, least + 3, 1, 1, 1, least - 1, 2],
        [1, 3, least - 1, 1, least + 1],
        [least + 4],
        [least - 1],
        [0, 4],
        [],
    ]
    calls = [(_chain(rng, each), frozenset(TAKEN), least) for each in lengths]
    return [*calls, (_chain(rng, [2, 1, 1, 2, 3]), frozenset(TAKEN), 1)]


def _chain(rng: np.random.Generator, lengths: list[int]) -> Names:
    """Names in stretches of these lengths; among the taken ones the first name comes twice in a row."""
    names: Names = []
    for place, length in enumerate(lengths):
        pool = LACKING if place % 2 else TAKEN
        stretch = [str(name) for name in rng.choice(pool, max(length, 1))]
        if length > 1:
            stretch[1] = stretch[0]
        names += stretch[:length]
    return names


def _stretches(taken: list[bool]) -> list[Stretch]:
    """Where the stretches of True begin and end."""
    edges = [0, *(place for place in range(1, len(taken)) if taken[place] != taken[place - 1]), len(taken)]
    return [(a, b) for a, b in zip(edges, edges[1:], strict=False) if b > a and taken[a]]


def _all(operators: Names, supported: Set[str]) -> list[Stretch]:
    return _stretches([name in supported for name in operators])


def _partitions(operators: Names, supported: Set[str], least: int) -> list[Stretch]:
    return [each for each in _all(operators, supported) if each[1] - each[0] >= least]


def _shifted(start: int, end: int) -> Callable[..., list[Stretch]]:
    return lambda *call: [(a + start, b + end) for a, b in _partitions(*call)]


def _if_longer(how_many: Callable[[Names, int, int], int]) -> Callable[..., list[Stretch]]:
    """The answer of who compares another number with the least one."""
    return lambda o, s, n: [(a, b) for a, b in _all(o, s) if how_many(o, a, b) >= n]


def _closed_by_a_gap(operators: Names, supported: Set[str], least: int) -> list[Stretch]:
    """The answer of who closes a stretch only at an operator that is not taken."""
    return [each for each in _partitions(operators, supported, least) if each[1] < len(operators)]


def _joined(operators: Names, supported: Set[str], least: int) -> list[Stretch]:
    """The answer of who hands over everything from the first stretch to the last."""
    found = _partitions(operators, supported, least)
    return [(found[0][0], found[-1][1])] if found else []


def _in_pieces(operators: Names, supported: Set[str], least: int) -> list[Stretch]:
    """The answer of who closes a stretch as soon as it has the least length."""
    return [(at, at + least) for a, b in _all(operators, supported) for at in range(a, b - least + 1, least)]


def _sliding(operators: Names, supported: Set[str], least: int) -> list[Stretch]:
    """The answer of who finds a stretch of the least length at every place."""
    return [(at, at + least) for a, b in _all(operators, supported) for at in range(a, b - least + 1)]


def _by_name(operators: Names, supported: Set[str], least: int) -> list[Stretch]:
    """The answer of who begins a new stretch where the name changes."""
    found, at = [], 0
    for name, group in groupby(operators):
        length = len(list(group))
        if name in supported and length >= least:
            found.append((at, at + length))
        at += length
    return found


def _total(operators: Names, supported: Set[str], least: int) -> list[Stretch]:
    """The answer of who compares the number of all operators that are taken."""
    return _all(operators, supported) if sum(name in supported for name in operators) >= least else []


def _gaps(operators: Names, supported: Set[str], least: int) -> list[Stretch]:
    return [(a, b) for a, b in _stretches([name not in supported for name in operators]) if b - a >= least]


def _longest(*call: Any) -> list[Stretch]:
    found = _partitions(*call)
    return [max(found, key=lambda each: each[1] - each[0])] if found else []


_WRONG = (
    Misconception(_shifted(0, -1), "Its ends are those of the last operators themselves: exclusive is one beyond."),
    Misconception(_shifted(1, 1), "It counts the places from 1: the first operator stands at place 0."),
    Misconception(_shifted(1, 0), "It counts from 1, with the end inclusive: count from 0, the end exclusive."),
    Misconception(
        _if_longer(lambda o, a, b: b - a - 1),
        "It drops stretches of exactly `least` operators: they are worth it, `>=`, not `>`.",
    ),
    Misconception(
        _if_longer(lambda o, a, b: b - a + 1), "It counts one operator too many: a stretch has `end - start` of them."
    ),
    Misconception(
        lambda o, s, n: _all(o, s), "It leaves `least` out: a stretch of fewer operators stays with the processor."
    ),
    Misconception(
        lambda *call: _partitions(*call)[:1],
        "It gives the first stretch alone, as an Edge TPU takes it: this delegate takes all that are long enough.",
    ),
    Misconception(
        lambda o, s, n: [each for each in _all(o, s)[:1] if each in _partitions(o, s, n)],
        "It stops at the first stretch, whether it is long enough or not: go through the whole chain.",
    ),
    Misconception(
        lambda *call: _partitions(*call)[-1:], "It gives the last stretch alone: append each of them to a list."
    ),
    Misconception(_longest, "It gives the longest stretch alone: all that have at least `least` operators are asked."),
    Misconception(
        _closed_by_a_gap,
        "A stretch at the end of the chain is forgotten: the end of the list closes a stretch as well.",
    ),
    Misconception(
        lambda *call: _partitions(*call) if _partitions(*call)[:1] != [(0, len(call[0]))] else [],
        "A chain that is taken as a whole is forgotten: then there is one stretch from beginning to end.",
    ),
    Misconception(
        lambda *call: [each for each in _partitions(*call) if each[0] > 0],
        "A stretch at the beginning of the chain is forgotten: place 0 is a place as well.",
    ),
    Misconception(
        _joined, "It makes one stretch of all, with what lies between: an operator that is not taken divides them."
    ),
    Misconception(
        _in_pieces, "It closes a stretch as soon as it has `least` operators: it is to be as long as possible."
    ),
    Misconception(
        _sliding, "It begins a stretch at each place where `least` fit: they overlap. Each is as long as possible."
    ),
    Misconception(
        _by_name, "It begins a new stretch where the name changes: neighbours with other names go over together."
    ),
    Misconception(
        _total, "It counts all operators that are taken against `least`: each stretch has to have as many by itself."
    ),
    Misconception(
        _if_longer(lambda o, a, b: len(set(o[a:b]))),
        "It counts different names: two CONV_2D in a stretch are two operators.",
    ),
    Misconception(_if_longer(lambda o, a, b: b), "It compares the end with `least`: the length is `end - start`."),
    Misconception(_gaps, "It gives the stretches that the delegate does not take: those that it takes are asked."),
    Misconception(
        lambda *call: [(a, b - a) for a, b in _partitions(*call)],
        "Its pairs are start and length: start and end are asked.",
    ),
    Misconception(lambda *call: [(b, a) for a, b in _partitions(*call)], "Its pairs are end and start: start first."),
    Misconception(
        lambda *call: sorted(_partitions(*call), key=lambda each: each[0] - each[1]),
        "It sorts the stretches by length: they are asked in the order of execution.",
    ),
    Misconception(lambda *call: _partitions(*call)[::-1], "Its stretches are in reverse: in order is asked."),
    Misconception(lambda *call: [], "It finds no stretch at all: does anything get appended to the list?"),
)


def _form(found: Any, _: Arguments) -> None:
    """Refuses what is no list of pairs of whole numbers."""
    if found is None:
        raise NotYet("It returns nothing: return a list, an empty one where the delegate gets nothing.")
    if not isinstance(found, (list, tuple)):
        raise NotYet(f"It returns {kind(found)}: return a list of pairs (start, end).")
    for each in found:
        if isinstance(each, str):
            raise NotYet(f"Its list holds {show(each, 40)}: return places, as pairs (start, end), not names.")
        if isinstance(each, (int, np.integer)):
            raise NotYet(f"Its list holds {each}: each stretch is a pair (start, end).")
        if isinstance(each, (list, tuple)) and any(isinstance(part, str) for part in each):
            raise NotYet(f"Its list holds {show(each, 40)}: return places, as pairs (start, end), not names.")
        if not isinstance(each, (list, tuple)) or len(each) != 2:
            raise NotYet(f"Its list holds {show(each, 40)}: each stretch is a pair (start, end).")
        if not all(isinstance(part, (int, np.integer)) and not isinstance(part, bool) for part in each):
            raise NotYet(f"Its list holds {show(each, 40)}: start and end are whole numbers.")


def _same(found: Any, expected: list[Stretch]) -> bool:
    return [tuple(each) for each in found] == expected


def _differs(arguments: Arguments, found: Any, expected: list[Stretch]) -> str:
    operators, supported, least = arguments
    chain = "".join("x" if name in supported else "-" for name in operators) or "an empty list"
    given, right = (show([tuple(map(int, each)) for each in pairs], 60) for pairs in (found, expected))
    return f"For {chain}, where x is taken and - is not, and at least {least}, it gives {given}; {right} is right."


partitions = Trial(
    draw=_chains,
    right=_partitions,
    wrong=_WRONG,
    same=_same,
    form=_form,
    differs=_differs,
)
