"""Judges whether an answer tells files with int8 weights from others: by files that are made up for every check."""

from collections.abc import Callable
from typing import Any

import numpy as np

from labutils.exercises.compare import yes_no_form
from labutils.exercises.exercise import NotYet
from labutils.exercises.judges.dense_files import dense_file

# What each kind of file is made from: the arguments of dense_file.
QUANTIZED: dict[str, dict[str, Any]] = {
    "dynamic": {"stored": ("int8",)},
    "integer": {"stored": ("int8",), "computes": "int8"},
    "full": {"stored": ("int8",), "computes": "int8", "ends": "int8"},
    "mixed": {"stored": ("float32", "int8")},
}
OTHERS: dict[str, dict[str, Any]] = {
    "float": {"sizes": (3, 5)},  # the smallest file of all: size tells nothing
    "float16": {"stored": ("float16",)},
    "shape": {"flatten": True},
    "border": {"ends": "int8"},
}
_EVERY = QUANTIZED | OTHERS
_BORDER = "It looks at the border alone: a file can take and return float32 and hold int8, or the other way round."
_INT32 = "It takes int32 for quantized: shapes are int32 in every file, also in one of floats."
_PATTERNS: tuple[tuple[set[str], str], ...] = (  # the files that a wrong idea says yes to, and what to say of it
    (set(), "It says no to every file, also to those with int8 weights. One tensor is enough: biases are never int8."),
    (set(_EVERY), "It says yes to every file, also to one of floats: look at the tensors' `dtype`."),
    (set(OTHERS), "It is the wrong way round: `True` is for the files that hold int8."),
    ({"full", "border"}, _BORDER),
    (
        {*QUANTIZED, "border"},
        "It counts tensors that have no bytes in the file: one has int8 at its border, and its weights are float32.",
    ),
    (
        {"integer", "full", "border"},
        "It misses a file that computes in float32 and only stores its weights as int8, the commonest of all: look at "
        "the weights, the tensors that have bytes in the file.",
    ),
    ({"integer", "full", "shape"}, "It looks for int32: biases are int32 in a quantized file, and shapes in any."),
    ({*QUANTIZED, "border", "shape"}, f"{_INT32} And it counts tensors that have no bytes in the file."),
    ({*QUANTIZED, "shape"}, _INT32),
    ({*QUANTIZED, "float16"}, "It takes float16 for quantized: the flag asks for int8."),
    (
        {*QUANTIZED, "float16", "shape"},
        "It takes everything that is not float32 for quantized: shapes are int32, and float16 is not int8.",
    ),
    (
        {*QUANTIZED, "float16", "shape", "border"},
        "It says yes wherever a tensor is not float32, input and output among them: ask for int8, and for bytes.",
    ),
    (
        set(QUANTIZED) - {"mixed"},
        "It misses a file of which only some weights are int8, which is usual: the converter leaves small ones alone. "
        "Go through all tensors.",
    ),
    (
        {"integer", "border"},
        "It looks for QUANTIZE among the operators: a file of int8 throughout has none, nor one that only stores int8.",
    ),
    (
        {"integer", "border", "float16"},
        "It looks for DEQUANTIZE among the operators: a float16 file has it, too, and many a quantized one has not.",
    ),
    (
        {"float", "shape", "border", "mixed", "float16"},
        "It searches for a word: in these files a float tensor is called `int8_kernel`. A name proves nothing, the "
        "`dtype` does.",
    ),
)
_ONE_KIND = {  # the likeliest slip first; says yes to, or no to, this kind
    "border": "It says yes to a file whose input is int8 and whose weights are float32: weights have bytes in it.",
    "shape": f"It says yes to a file of float32 weights. {_INT32}",
    "float16": "It says yes to a float16 file, which holds no int8.",
    "float": "It says yes to a file in which all is float32.",
    "dynamic": "It says no to a file that stores int8 weights, and takes and returns float32.",
    "mixed": "It says no to a file of which only some weights are int8: any is enough.",
    "integer": "It says no to a file that computes in int8 between a float32 input and output.",
    "full": "It says no to a file that is int8 throughout.",
}


def check(was_quantized: Callable[..., Any], rng: np.random.Generator) -> None:
    """Raises NotYet when the function does not tell files with int8 weights from those without."""
    files = {name: dense_file(rng, **_EVERY[name]) for name in map(str, rng.permutation(list(_EVERY)))}
    said_yes = set()
    for name, content in files.items():
        found = was_quantized(content)
        yes_no_form(found, (content,))
        if found:
            said_yes.add(name)
    if said_yes == set(QUANTIZED):
        return
    for pattern, sentence in _PATTERNS:
        if said_yes == pattern:
            raise NotYet(sentence)
    if _smaller(files, said_yes):
        raise NotYet("It goes by the size, which says nothing without the file before: look at the tensors' `dtype`.")
    raise NotYet(next(sentence for name, sentence in _ONE_KIND.items() if (name in said_yes) != (name in QUANTIZED)))


def _smaller(files: dict[str, bytes], names: set[str]) -> bool:
    """Whether these files are all smaller than the others."""
    some, others = ([len(files[name]) for name in files if (name in names) is inside] for inside in (True, False))
    return max(some) < min(others)
