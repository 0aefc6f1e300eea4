"""Judges the choice among paths: by questions, and by which files are dominated. Both by made-up cases."""

from itertools import product
from typing import Any

import numpy as np

from labutils.exercises.attempt import kind, show
from labutils.exercises.compare import Arguments, Misconception, Trial
from labutils.exercises.exercise import NotYet
from labutils.tflite import choice

NAMES = {"Select": "select", "full int8": "full_integer", "integer": "integer", "dynamic range": "dynamic_range"}


def _by_tree(lacks_operator: bool, has_data: bool, integers_only: bool) -> str | None:
    """The tree of the lab, its other questions answered by no."""
    answers = {"lacks_operator": lacks_operator, "has_data": has_data, "integers_only": integers_only}
    return NAMES.get(choice.choose(answers).end)


def _cases(_: np.random.Generator) -> list[Arguments]:
    """All that can be asked."""
    return list(product([False, True], repeat=3))


def _asked(arguments: Arguments) -> str:
    words = ("lacks_operator", "has_data", "integers_only")
    return ", ".join(f"{word}={value}" for word, value in zip(words, arguments, strict=True))


def _path_form(found: Any, _: Arguments) -> None:
    names = ", ".join(f'"{name}"' for name in NAMES.values())
    if found is not None and not isinstance(found, str):
        raise NotYet(f"It returns {kind(found)}: return one of {names}, or None.")
    if found is not None and found not in NAMES.values():
        raise NotYet(f"It returns {show(found, 40)}, no path of this exercise: return one of {names}, or None.")


_RIGHT = _by_tree
choose_path = Trial(
    draw=_cases,
    right=_RIGHT,
    wrong=(
        Misconception(
            lambda o, d, i: "select" if o else _RIGHT(False, d, i),
            "It gives Select to a device that takes integers only: no such device runs TensorFlow's operators. There "
            "is no path then, None.",
        ),
        Misconception(
            lambda o, d, i: _RIGHT(False, d, i),
            "It leaves the missing operator out: without Select such a model is not converted at all.",
        ),
        Misconception(
            lambda o, d, i: "full_integer" if i and not o else _RIGHT(o, d, i),
            "It promises integers without data: a full integer file has to be calibrated. Without data there is no "
            "path, None.",
        ),
        Misconception(
            lambda o, d, i: "dynamic_range" if i and not d and not o else _RIGHT(o, d, i),
            "It gives dynamic range to a device that takes integers only: the activations of such a file are float.",
        ),
        Misconception(
            lambda o, d, i: "integer" if i and d and not o else _RIGHT(o, d, i),
            'It gives "integer" to a device that takes integers only: its inputs and outputs are float32.',
        ),
        Misconception(
            lambda o, d, i: _RIGHT(o, d, False),
            "It does not ask whether the device takes integers only.",
        ),
        Misconception(
            lambda o, d, i: "full_integer" if d and not o else _RIGHT(o, d, i),
            'With data it always returns "full_integer": where floats are allowed, "integer" keeps the border float.',
        ),
        Misconception(
            lambda o, d, i: None if not d and not o else _RIGHT(o, d, i),
            "Without data it finds no path: where floats are allowed, dynamic range needs none.",
        ),
        Misconception(
            lambda o, d, i: _RIGHT(o, True, i),
            "It takes the data for granted: look at `has_data`.",
        ),
        Misconception(
            lambda o, d, i: _RIGHT(o, not d, i),
            "It has the data the wrong way round: calibrated paths need them, dynamic range does not.",
        ),
    ),
    same=lambda a, b: a == b,
    form=_path_form,
    differs=lambda arguments, found, expected: (
        f"For {_asked(arguments)} it returns {show(found, 40)}; {show(expected)} is right."
    ),
)


Files = dict[str, tuple[float, float]]


def _better(one: tuple[float, float], other: tuple[float, float]) -> bool:
    """At least as good in both, and better in one: fewer kilobytes, more right."""
    return one != other and one[0] <= other[0] and one[1] >= other[1]


def _front(files: Files) -> set[str]:
    return {name for name, own in files.items() if not any(_better(other, own) for other in files.values())}


def _files(rng: np.random.Generator) -> list[Arguments]:
    """Two sets of files: some on the front, twins among them, some beaten in one thing only, some in both."""
    calls = []
    for _ in range(2):
        count = int(rng.integers(3, 6))
        sizes = np.cumsum(rng.integers(50, 400, count))
        rights = 80 + np.cumsum(rng.integers(1, 4, count))
        points = [(float(kb), float(share)) for kb, share in zip(sizes, rights, strict=True)]
        middle = points[1]
        beaten = [(middle[0] + 7, middle[1]), (middle[0], middle[1] - 0.5), (points[-1][0] + 90, points[0][1] - 1)]
        every = [*points, middle, *beaten]
        order = rng.permutation(len(every))
        calls.append(({f"file {n + 1}": every[place] for n, place in enumerate(order)},))
    return calls


def _names_form(found: Any, arguments: Arguments) -> None:
    if found is None:
        raise NotYet("It returns nothing: does it end with `return`?")
    if isinstance(found, str) or not isinstance(found, (list, tuple, set, frozenset, dict)):
        raise NotYet(f"It returns {kind(found)}: return the names, in a list or a set.")
    if isinstance(found, dict):
        raise NotYet("It returns a dictionary: return the names alone, in a list or a set.")
    strange = [name for name in found if not isinstance(name, str) or name not in arguments[0]]
    if strange:
        raise NotYet(f"{show(strange[0], 40)} is no name of a file: return the keys of the dictionary.")


def _same_names(found: Any, expected: Any) -> bool:
    return set(found) == set(expected)


def _by(files: Files, keep: Any) -> set[str]:
    return {name for name, own in files.items() if keep(own)}


def _strictly(files: Files) -> set[str]:
    """Beaten only by what is better in both."""
    return {n for n, own in files.items() if not any(o[0] < own[0] and o[1] > own[1] for o in files.values())}


def _without_twins(files: Files) -> set[str]:
    """Whatever is as good as another is thrown out, equals too."""
    return {
        name
        for name, own in files.items()
        if not any(other != name and o[0] <= own[0] and o[1] >= own[1] for other, o in files.items())
    }


pareto_front = Trial(
    draw=_files,
    right=_front,
    wrong=(
        Misconception(
            lambda f: _by(f, lambda own: own[0] == min(kb for kb, _ in f.values())),
            "It keeps the smallest file alone: a larger one stays too, if it is right more often.",
        ),
        Misconception(
            lambda f: _by(f, lambda own: own[1] == max(share for _, share in f.values())),
            "It keeps the most accurate files alone: a less accurate one stays too, if it is smaller.",
        ),
        Misconception(
            lambda f: set(f) - _front(f), "These are the dominated ones: return those that no other beats."
        ),
        Misconception(
            _strictly,
            "It drops a file only when another is better in both: as good in one and better in the other is enough.",
        ),
        Misconception(
            _without_twins,
            "Of two files with the same figures it drops both: neither is better than the other, so both stay.",
        ),
        Misconception(
            lambda f: _front({name: (kb, -share) for name, (kb, share) in f.items()}),
            "It takes accuracy for a cost: more percent right are better.",
        ),
        Misconception(
            lambda f: _front({name: (-kb, share) for name, (kb, share) in f.items()}),
            "It takes size for a merit: fewer kilobytes are better.",
        ),
        Misconception(lambda f: set(f), "It keeps all files: some are beaten by another."),
        Misconception(lambda f: set(), "It keeps no file. Is each compared with itself, and beaten by itself?"),
    ),
    same=_same_names,
    form=_names_form,
    differs=lambda arguments, found, expected: _one_name(arguments[0], set(found), expected),
)


def _one_name(files: Files, found: set[str], expected: set[str]) -> str:
    """The sentence about one name that is missing, or too many."""
    missing, extra = sorted(expected - found), sorted(found - expected)
    if missing:
        kilobytes, share = files[missing[0]]
        return f"{missing[0]!r} ({kilobytes:g} kB, {share:g} %) is missing: no other file beats it."
    kilobytes, share = files[extra[0]]
    other = next(name for name, own in files.items() if _better(own, files[extra[0]]))
    return (
        f"{extra[0]!r} ({kilobytes:g} kB, {share:g} %) is kept, and {other!r} ({files[other][0]:g} kB, "
        f"{files[other][1]:g} %) beats it."
    )
