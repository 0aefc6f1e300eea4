"""Judges whether a function knows the files that a browser refuses, and why it does."""

from collections.abc import Callable
from typing import Any

import numpy as np

from labutils.exercises.attempt import kind, show
from labutils.exercises.compare import Misconception
from labutils.exercises.exercise import NotYet
from labutils.exercises.judges.browser_files import (
    ANSWERS,
    DTYPE,
    FLEX,
    FLOAT32,
    FREE_SIZE,
    INT8,
    KINDS,
    OPERATOR,
    UINT8,
    delivered,
)
from labutils.exercises.judges.sorting import anatomy_of, inputs_of, judge, outputs_of
from labutils.tflite.anatomy import Anatomy, Operator, Tensor

Answer = str | None
Fault = Callable[[Anatomy], bool]


def check(refused_by_browser: Callable[..., Any], rng: np.random.Generator) -> None:
    """Raises NotYet when the function does not tell why files are refused that it has never seen."""
    judge(lambda content: _answer(refused_by_browser(content)), delivered(rng), KINDS, WRONG, _described)


def _answer(found: Any) -> Answer:
    """What was returned. Raises NotYet when it is none of the four answers."""
    asked = ", ".join(f'"{answer}"' for answer in ANSWERS if answer)
    if found is not None and not isinstance(found, str):
        raise NotYet(f"It returns {kind(found)}: return one text, the first that holds of {asked}, or None.")
    if found not in ANSWERS:
        raise NotYet(f"It returns {show(found, 40)}: return {asked}, or None, which is no text.")
    return found


def _ends(found: Anatomy) -> list[Tensor]:
    return [*inputs_of(found), *outputs_of(found)]


def _every(found: Anatomy) -> list[Tensor]:
    return [tensor for graph in found.subgraphs for tensor in graph.tensors]


def _steps(found: Anatomy) -> list[Operator]:
    return [operator for graph in found.subgraphs for operator in graph.operators]


def _free(found: Anatomy) -> bool:
    return any(-1 in tensor.shape for tensor in inputs_of(found))


def _beyond(*allowed: str, of: Callable[[Anatomy], list[Tensor]] = _ends) -> Fault:
    """Whether one of these tensors has another dtype than the allowed ones."""
    return lambda found: any(tensor.dtype not in allowed for tensor in of(found))


_dtype = _beyond(FLOAT32, UINT8)


def _foreign(found: Anatomy) -> bool:
    return any(operator.kind != "builtin" for operator in _steps(found))


def _never(_: Anatomy) -> bool:
    return False


def _in_order(*faults: tuple[Answer, Fault]) -> Callable[[bytes], Answer]:
    """The answer of who looks for these faults in this order."""
    return lambda content: next((name for name, holds in faults if holds(anatomy_of(content))), None)


def _by(free: Fault = _free, dtype: Fault = _dtype, foreign: Fault = _foreign) -> Callable[[bytes], Answer]:
    """The answer of who finds the faults in these ways, in the right order."""
    return _in_order((FREE_SIZE, free), (DTYPE, dtype), (OPERATOR, foreign))


right = _by()

_SIZE, _TYPE, _STEP = (FREE_SIZE, _free), (DTYPE, _dtype), (OPERATOR, _foreign)
_FIRST_OF_TWO = "a file may have several, and the second may be the one that is refused."

WRONG = (
    Misconception(lambda _: None, "It returns None for every file, as if a browser ran all: does it `return` a text?"),
    *(
        Misconception(lambda _, answer=answer: answer, f'It says "{answer}" of every file, also of those that run.')
        for answer in ANSWERS
        if answer
    ),
    Misconception(
        _in_order(_TYPE, _SIZE, _STEP),
        'It asks for dtypes first: a file with a free size and int8 at its ends is "free size".',
    ),
    Misconception(
        _in_order(_SIZE, _STEP, _TYPE),
        'It asks for operators before dtypes: a file with int32 at an end and a Flex operator is "dtype".',
    ),
    Misconception(
        _in_order(_STEP, _SIZE, _TYPE),
        "It asks for operators first: sizes come first, then dtypes, then operators.",
    ),
    Misconception(
        _in_order(_TYPE, _STEP, _SIZE),
        "It asks for sizes last: sizes come first, then dtypes, then operators.",
    ),
    Misconception(
        _in_order(_STEP, _TYPE, _SIZE),
        "Its order is the wrong way round: sizes come first, then dtypes, then operators.",
    ),
    Misconception(
        _by(free=_never),
        "It never finds a free size: it is the -1 in the anatomy's `shape`, or in the interpreter's "
        "`shape_signature`, whose `shape` shows a 1.",
    ),
    Misconception(_by(dtype=_never), "It never finds a dtype that a browser refuses: look at inputs and outputs."),
    Misconception(_by(foreign=_never), "It never finds an operator that is not a builtin one."),
    Misconception(_by(dtype=_never, foreign=_never), "It looks at sizes only: dtypes and operators are asked as well."),
    Misconception(
        _by(free=lambda found: -1 in inputs_of(found)[0].shape), f"It looks at the first input's sizes: {_FIRST_OF_TWO}"
    ),
    Misconception(
        _by(free=lambda found: any(tensor.shape[0] == -1 for tensor in inputs_of(found))),
        "It looks at the batch alone: another size of an input, such as a height, can be free as well.",
    ),
    Misconception(
        _by(free=lambda found: any(tensor.shape[0] != 1 for tensor in inputs_of(found))),
        "It refuses a batch of 3: the browser wants sizes that are fixed, whatever they are.",
    ),
    Misconception(
        _by(dtype=_beyond(FLOAT32, UINT8, of=inputs_of)), "It looks at the inputs' dtypes: outputs have some as well."
    ),
    Misconception(
        _by(dtype=_beyond(FLOAT32, UINT8, of=outputs_of)), "It looks at the outputs' dtypes: inputs have some as well."
    ),
    Misconception(
        _by(dtype=_beyond(FLOAT32, UINT8, of=lambda found: [inputs_of(found)[0], outputs_of(found)[0]])),
        f"It looks at the dtypes of the first input and the first output: {_FIRST_OF_TWO}",
    ),
    Misconception(
        _by(dtype=_beyond(FLOAT32, UINT8, of=lambda found: [*inputs_of(found), outputs_of(found)[0]])),
        f"It looks at the first output's dtype: {_FIRST_OF_TWO}",
    ),
    Misconception(
        _by(dtype=_beyond(FLOAT32, UINT8, of=lambda found: [inputs_of(found)[0], *outputs_of(found)])),
        f"It looks at the first input's dtype: {_FIRST_OF_TWO}",
    ),
    Misconception(
        _by(dtype=_beyond(FLOAT32, UINT8, of=_every)),
        "It looks at all tensors: inside, a file may compute in int8 as it likes. Only its ends meet the browser.",
    ),
    Misconception(
        _by(dtype=_beyond(FLOAT32, UINT8, INT8)),
        "It lets int8 pass at the ends: the browser takes bytes without a sign only.",
    ),
    Misconception(_by(dtype=_beyond(FLOAT32)), "It refuses uint8: that is one of the two dtypes that a browser takes."),
    Misconception(_by(dtype=_beyond(UINT8)), "It refuses float32: that is one of the two dtypes that a browser takes."),
    Misconception(
        _by(dtype=_beyond(FLOAT32, UINT8, "float16", "float64")),
        "It lets every float pass: float64 and float16 are refused as well as int8.",
    ),
    Misconception(
        _by(dtype=_beyond(FLOAT32, UINT8, INT8, "int16", "int32", "int64")),
        "It lets every integer pass: of those, only uint8 will do.",
    ),
    Misconception(
        _by(dtype=lambda found: any(tensor.dtype == INT8 for tensor in _ends(found))),
        "It refuses int8 alone: int32, int64, bool and float64 are neither float32 nor uint8, either.",
    ),
    Misconception(
        _by(foreign=lambda found: any(operator.kind == "flex" for operator in _steps(found))),
        "It finds Flex operators, and lets a custom one pass: that is not a builtin one, either.",
    ),
    Misconception(
        _by(foreign=lambda found: any(operator.kind == "custom" for operator in _steps(found))),
        "It finds custom operators, and lets Flex ones pass: `kind` is `flex` there.",
    ),
    Misconception(
        _by(foreign=lambda found: any(operator.kind != "builtin" for operator in found.subgraphs[0].operators)),
        "It looks at the operators of the first graph: the body of a loop is a graph of its own, in the same file.",
    ),
    Misconception(
        _by(foreign=lambda found: _foreign(found) or any(FLEX in tensor.name for tensor in inputs_of(found))),
        f"It takes a name for an operator: an input may be called {FLEX}. Look at the operators.",
    ),
    Misconception(
        _by(
            foreign=lambda found: (
                any(operator.kind == "flex" for operator in _steps(found))
                or any(FLEX in tensor.name for tensor in inputs_of(found))
            )
        ),
        "It searches the bytes for `Flex`: an input may be called so, and a custom operator is not. Look at the kinds "
        "of the operators.",
    ),
)


def _described(found: Anatomy) -> str:
    """What a file has at its ends, and which operators are no builtin ones."""
    ends = [
        f"{word} {', '.join(f'{tensor.dtype} {list(tensor.shape)}' for tensor in side)}"
        for word, side in (("takes", inputs_of(found)), ("gives", outputs_of(found)))
    ]
    foreign = sorted({operator.name for operator in _steps(found) if operator.kind != "builtin"})
    return f"that {' and '.join(ends)}" + (f", and computes {foreign[0]}," if foreign else "")
