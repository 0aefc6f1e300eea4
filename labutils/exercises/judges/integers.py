"""Judges a function that is to raise for every file with a float in it: by files of all kinds, made up just now."""

from collections.abc import Callable
from typing import Any

import numpy as np

from labutils.exercises.attempt import kind
from labutils.exercises.exercise import NotYet
from labutils.exercises.judges.small_files import small_file

INT8, UINT8, FLOAT32 = "int8", "uint8", "float32"

# What each kind of file is made from: the arguments of small_file.
WHOLE: dict[str, dict[str, Any]] = {
    "int8": {"quantization": "full_integer", "ends": (INT8, INT8)},
    "uint8": {"quantization": "full_integer", "ends": (UINT8, UINT8)},
    "classes": {"quantization": "full_integer", "ends": (INT8, INT8), "classes": True},
    "int16": {"quantization": "int16x8", "ends": ("int16", "int16")},
}
FLOAT: dict[str, dict[str, Any]] = {
    "float": {},
    "float16": {"quantization": "float16"},
    "dynamic": {"quantization": "dynamic_range"},
    "ends": {"quantization": "integer"},
    "input": {"quantization": "full_integer", "ends": (FLOAT32, INT8)},
    "output": {"quantization": "full_integer", "ends": (INT8, FLOAT32)},
    "inside": {"quantization": "full_integer", "ends": (INT8, INT8)},
}
NO_INTEGER_KERNEL = ("sin", "cos", "square", "floor", "elu")  # activations that stay float there
KINDS = WHOLE | FLOAT

_INSIDE = "In a file that was asked to be all integer, an operator with no integer kernel stays float in silence"
_WHAT_IT_IS = {  # the likeliest slip first
    "float": "It lets a float model pass: its tensors are float32.",
    "float16": "It lets a model pass whose weights are float16.",
    "dynamic": "It lets a dynamic-range file pass: its weights are int8, but all between the operators is float32.",
    "ends": "It lets a file pass that takes and returns float32, and is integer only between.",
    "input": "It lets a file pass whose input is float32.",
    "output": "It lets a file pass whose output is float32.",
    "inside": f"It lets a file pass that takes and returns int8 and computes in float32 between. {_INSIDE}.",
    "int8": "It raises for a file that is integer all through: int8, with biases in int32.",
    "uint8": "It raises for a file with uint8 at its ends: the QUANTIZE there turns uint8 into int8, with no float.",
    "classes": "It raises for a file that returns the class as int64: that is an integer as well.",
    "int16": "It raises for a file with int16 between the operators and biases in int64: these are integers as well.",
}
_PATTERNS: tuple[tuple[set[str], str], ...] = (  # the files for which a wrong idea raises, and what to say of it
    (
        set(),
        "It raises for no file at all, not even for a float model. Does it compare a type with a text? The "
        'interpreter\'s `"dtype"` is a type, `np.float32`.',
    ),
    (
        set(KINDS),
        "It raises for every file, also for those that are integer all through. Their biases are int32: what is asked "
        "is no float, not int8 alone.",
    ),
    (set(WHOLE), "It is the wrong way round: it raises where all is integer, and lets floats pass."),
    (
        set(FLOAT) - {"output", "inside"},
        "It looks at the input alone, or at the first tensor: go through all tensors before it returns.",
    ),
    (set(FLOAT) - {"input", "inside"}, "It looks at the output alone: go through all tensors."),
    (set(FLOAT) - {"inside"}, f"It looks at inputs and outputs alone. {_INSIDE}: go through all tensors."),
    ({"float", "float16", "dynamic"}, "It looks at the weights alone: what flows between the operators counts too."),
    ({"float", "float16", "dynamic", "inside"}, "It leaves the inputs and outputs out: look there too."),
    ({"float", "float16"}, "One integer tensor is enough for it: not a single one may be float."),
    ({"float16"}, "It looks for float16 only: most floats in these files are float32."),
    (
        {"float16", "ends", "input", "output", "inside", "uint8"},
        "It looks for QUANTIZE and DEQUANTIZE: a float model has neither, and uint8 becomes int8 by a QUANTIZE.",
    ),
    (
        {"float16", "ends", "output", "inside"},
        "It looks for DEQUANTIZE: a float model has none. Look at the dtypes of the tensors.",
    ),
)


def check(assert_fully_integer: Callable[..., Any], rng: np.random.Generator) -> None:
    """Raises NotYet when the function does not tell files with floats from files without."""
    raised = set()
    for name in map(str, rng.permutation(list(KINDS))):
        settings = dict(KINDS[name])
        if name == "inside":
            settings["activation"] = str(rng.choice(NO_INTEGER_KERNEL))
        if _raises(assert_fully_integer, small_file(rng, **settings)):
            raised.add(name)
    if raised == set(FLOAT):
        return
    for pattern, sentence in _PATTERNS:
        if raised == pattern:
            raise NotYet(sentence)
    wrong = raised.symmetric_difference(FLOAT)
    raise NotYet(next(sentence for name, sentence in _WHAT_IT_IS.items() if name in wrong))


def _raises(answer: Callable[..., Any], content: bytes) -> bool:
    """Whether the function raises an AssertionError."""
    try:
        found = answer(content)
    except NotYet as verdict:
        # What the function raised is here no accident but the answer: it stands behind the verdict.
        if isinstance(verdict.__context__, AssertionError):
            return True
        raise
    if found is not None:
        what = found if isinstance(found, (bool, np.bool_)) else kind(found)
        raise NotYet(f"It returns {what}: let it raise an AssertionError where there is a float, and return nothing.")
    return False
