"""Judges a diagnosis of delivered files: what is wrong with each, if anything."""

from collections.abc import Callable
from typing import Any

import numpy as np

from labutils.exercises.attempt import kind, show
from labutils.exercises.compare import Misconception
from labutils.exercises.exercise import NotYet
from labutils.exercises.judges.delivered_files import (
    ANSWERS,
    FINE,
    FLOAT_INSIDE,
    FREE_SIZE,
    INT8,
    KINDS,
    NO_WEIGHTS,
    SECOND,
    UINT8,
    delivered,
)
from labutils.exercises.judges.sorting import anatomy_of, inputs_of, judge, outputs_of
from labutils.tflite.anatomy import Anatomy
from labutils.tflite.integer import CROSSINGS, FLOATS


def check(diagnose: Callable[..., Any], rng: np.random.Generator) -> None:
    """Raises NotYet when the function does not say what is wrong with files that it has never seen."""
    judge(lambda content: _text(diagnose(content)), delivered(rng), KINDS, WRONG, _described)


def _text(found: Any) -> str:
    """What was returned. Raises NotYet when it is none of the four texts."""
    asked = ", ".join(f'"{answer}"' for answer in ANSWERS)
    if found is None:
        raise NotYet(f"For one of the files it returns nothing: return one of {asked}.")
    if not isinstance(found, str):
        raise NotYet(f"It returns {kind(found)}: return one text, the first that holds of {asked}.")
    if found not in ANSWERS:
        raise NotYet(f"It returns {show(found, 40)}, which is none of the four texts: {asked}.")
    return found


def _any_float(tensors: Any) -> bool:
    return any(tensor.dtype in FLOATS for tensor in tensors)


def _lost(found: Anatomy) -> bool:
    return found.has_unfrozen_variables


def _free(found: Anatomy) -> bool:
    return any(-1 in tensor.shape for tensor in inputs_of(found))


def _float(found: Anatomy) -> bool:
    return bool(FLOATS & found.dtypes.keys())


def _beyond(*allowed: str) -> Callable[[Anatomy], bool]:
    """Whether a tensor has another dtype than these."""
    return lambda found: bool(found.dtypes.keys() - set(allowed))


def _never(_: Anatomy) -> bool:
    return False


def _in_order(*faults: tuple[str, Callable[[Anatomy], bool]]) -> Callable[[bytes], str]:
    """The answer of who looks for these faults in this order."""
    return lambda content: next((name for name, holds in faults if holds(anatomy_of(content))), FINE)


def _by(lost: Any = _lost, free: Any = _free, floats: Any = _float) -> Callable[[bytes], str]:
    """The answer of who finds the faults in these ways, in the right order."""
    return _in_order((NO_WEIGHTS, lost), (FREE_SIZE, free), (FLOAT_INSIDE, floats))


right = _by()

WRONG = (
    *(
        Misconception(lambda _, answer=answer: answer, f"It says {answer!r} of every file, whatever is in it.")
        for answer in reversed(ANSWERS)
    ),
    Misconception(
        _by(floats=lambda found: _any_float((*inputs_of(found), *outputs_of(found)))),
        "It looks for floats at the ends alone: an operator without an integer kernel computes in float between two "
        "int8 ends. Go through all tensors.",
    ),
    Misconception(
        _by(floats=lambda found: _any_float(inputs_of(found))),
        "It looks for floats at the input alone: go through all tensors.",
    ),
    Misconception(
        _in_order((FLOAT_INSIDE, _float), (NO_WEIGHTS, _lost), (FREE_SIZE, _free)),
        'It looks for floats first, and a file that has another fault as well is called "float inside": ask for '
        "weights, then for sizes, then for floats.",
    ),
    Misconception(
        _in_order((NO_WEIGHTS, _lost), (FLOAT_INSIDE, _float), (FREE_SIZE, _free)),
        'A file with floats and a free size is called "float inside": "free size" comes before that.',
    ),
    Misconception(
        _in_order((FREE_SIZE, _free), (NO_WEIGHTS, _lost), (FLOAT_INSIDE, _float)),
        'A file without weights and with a free size is called "free size": "no weights" comes before that.',
    ),
    Misconception(
        _by(lost=_never),
        "It never finds that weights are missing. The bytes hold builtin operators as numbers, not as names: "
        "`anatomy(content).operators` has `VAR_HANDLE`.",
    ),
    Misconception(
        _by(lost=lambda found: any(SECOND in tensor.name for tensor in found.subgraphs[0].tensors)),
        f"It takes a name for an operator: `{SECOND}` is part of a tensor's name in healthy files as well. Look at the "
        "operators.",
    ),
    Misconception(
        _by(free=_never, floats=_never), "It looks for missing weights only: sizes and floats are asked as well."
    ),
    Misconception(_by(floats=_never), "It never finds a float: look at the dtypes of all tensors."),
    Misconception(
        _by(free=_never),
        "It never finds a free size: it is the -1 in the anatomy's `shape`, or in the interpreter's "
        "`shape_signature`, whose `shape` shows a 1.",
    ),
    Misconception(
        _by(free=lambda found: -1 in inputs_of(found)[0].shape),
        "It looks at the first input alone: a file may have several, and the second may be free.",
    ),
    Misconception(
        _by(free=lambda found: any(tensor.shape[:1] == (-1,) for tensor in inputs_of(found))),
        "It looks at the batch alone: another size of an input, such as a height, can be free as well.",
    ),
    Misconception(
        _by(floats=_beyond(INT8, "resource")),
        'It takes int32 for float: biases are int32 in every integer file, and that is "fine".',
    ),
    Misconception(
        _by(floats=_beyond(INT8, "int32")),
        'It takes uint8 for float: a border of uint8 is "fine", since any integer is.',
    ),
    Misconception(
        _by(floats=_beyond(INT8, UINT8, "int32")),
        'It takes int64 for float: a file that returns a class has it, and is "fine".',
    ),
    Misconception(
        _by(floats=lambda found: _any_float(tensor for tensor in found.subgraphs[0].tensors if tensor.bytes)),
        "It looks for floats among the weights alone: what flows between the operators counts as well.",
    ),
    Misconception(
        _by(floats=lambda found: INT8 not in found.dtypes),
        "One int8 tensor is enough for it: not a single tensor may be float.",
    ),
    Misconception(
        _by(floats=lambda found: bool(CROSSINGS & found.operators.keys())),
        "It looks for QUANTIZE and DEQUANTIZE: a float model has neither, and uint8 becomes int8 by a QUANTIZE.",
    ),
    Misconception(
        _by(floats=lambda found: "DEQUANTIZE" in found.operators),
        "It looks for DEQUANTIZE: a float model has none. Look at the dtypes of the tensors.",
    ),
)


def _described(found: Anatomy) -> str:
    """What is wrong with a file, or what it has at its ends."""
    if _lost(found):
        return "with VAR_HANDLE among its operators"
    if _free(found):
        shape = next(tensor.shape for tensor in inputs_of(found) if -1 in tensor.shape)
        return f"with an input of shape {shape}"
    ends = f"that takes {inputs_of(found)[0].dtype}, returns {outputs_of(found)[0].dtype},"
    if _float(found):
        floats = sum(tensor.dtype in FLOATS for tensor in found.subgraphs[0].tensors)
        return f"{ends} and has {floats} float tensor{'s' if floats > 1 else ''}"
    return f"{ends} and has no float, no free size and all its weights"
