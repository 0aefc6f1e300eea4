"""Judges what is read out of a SavedModel. The SavedModels are made up, and saved, for every check."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from labutils.exercises.attempt import kind, show
from labutils.exercises.exercise import NotYet

Specs = dict[str, tuple[tuple[int | None, ...], str]]

NAMES = ("image", "tokens", "age", "mask", "price", "sound", "depth", "x")
DTYPES = ("float32", "int32", "int64", "bool", "uint8")


@dataclass(frozen=True)
class _Saved:
    """A SavedModel: its folder, the inputs and outputs of "serving_default", the inputs of another signature."""

    folder: str
    inputs: Specs
    outputs: Specs
    others: Specs


def check(input_signature: Callable[..., Any], rng: np.random.Generator) -> None:
    """Raises NotYet when the function does not read the inputs of SavedModels that it has never seen."""
    last: Specs | None = None
    with TemporaryDirectory() as parent:
        for number in (1, 2):
            saved = _save(rng, Path(parent) / f"model {rng.integers(1000)}" / str(number))
            found = input_signature(saved.folder)
            _judge_form(found, saved)
            if found != saved.inputs:
                raise NotYet(_why(found, saved, last))
            last = saved.inputs


def _judge_form(found: Any, saved: _Saved) -> None:
    if found is None:
        raise NotYet("It returns nothing: does it end with `return`?")
    if isinstance(found, tuple) and len(found) == 2 and isinstance(found[1], dict):
        raise NotYet("It returns a pair, arguments without and with a name: the dictionary is the second, `[1]`.")
    if not isinstance(found, dict):
        raise NotYet(f"It returns {kind(found)}: return a dictionary.")
    if found and all(isinstance(name, str) and name.endswith(":0") for name in found):
        raise NotYet(
            f"{show(next(iter(found)))} is the name of a tensor inside the graph: the signature calls its inputs "
            f"{' and '.join(saved.inputs)}."
        )
    for name, value in found.items():
        if type(value).__name__ in ("TensorSpec", "TensorInfo", "SymbolicTensor"):
            raise NotYet(f"The value of {show(name)} is {kind(value)}: return its shape and its dtype's name, a pair.")
        if not isinstance(value, (tuple, list)) or len(value) != 2 or all(isinstance(v, int | None) for v in value):
            raise NotYet(f"The value of {show(name)} is {show(value)}: a pair of shape and name of a dtype is asked.")
        _judge_pair(name, *value)


def _judge_pair(name: Any, shape: Any, dtype: Any) -> None:
    if isinstance(shape, str) and isinstance(dtype, tuple):
        raise NotYet("Shape and dtype have changed places: the shape comes first.")
    if not isinstance(shape, tuple):
        raise NotYet(f"The shape of {show(name)} is {kind(shape)}: `tuple(spec.shape)` makes a tuple of it.")
    if -1 in shape:
        raise NotYet(f"The shape of {show(name)} is {show(shape)}: a free size is `None` here, not -1.")
    if not isinstance(dtype, str):
        raise NotYet(f"The dtype of {show(name)} is {kind(dtype)}: its `.name` is a text such as 'float32'.")
    if dtype not in DTYPES:
        raise NotYet(f"The dtype of {show(name)} is {show(dtype)}: `spec.dtype.name` gives a text such as 'float32'.")


def _why(found: Any, saved: _Saved, last: Specs | None) -> str:
    if found == saved.outputs:
        return "Those are the outputs: `structured_input_signature` has the inputs."
    if found == saved.others:
        return 'Those are the inputs of another signature: "serving_default" is asked.'
    if found == last:
        return "It gives the inputs of the SavedModel before: open the folder that is given."
    missing = [name for name in saved.inputs if name not in found]
    if missing and set(found) < set(saved.inputs):
        return f"There are {len(saved.inputs)} inputs, and {' and '.join(map(show, missing))} is missing."
    if set(found) != set(saved.inputs):
        return f"It finds {show(list(found))}: the inputs are called {' and '.join(saved.inputs)}."
    name = next(name for name in saved.inputs if found[name] != saved.inputs[name])
    (shape, dtype), (right, right_dtype) = found[name], saved.inputs[name]
    if shape == tuple(1 if size is None else size for size in right):
        return f"The shape of {show(name)} is {shape}: its batch is free, which is `None`, not 1."
    if shape == tuple(size for size in right if size is not None) or shape == right[1:]:
        return f"The shape of {show(name)} is {shape}: sizes that are free belong to it too, as `None`."
    what, is_right = (shape, right) if shape != right else (dtype, right_dtype)
    return f"For {show(name)} it gives {show(what)}; {show(is_right)} is right."


def _save(rng: np.random.Generator, folder: Path) -> _Saved:
    """A module with a weight and two signatures: two inputs of different dtypes, and a single one under another key."""
    import tensorflow as tf

    names = [str(name) for name in rng.choice(NAMES, size=3, replace=False)]
    dtypes = [str(dtype) for dtype in rng.choice(DTYPES, size=2, replace=False)]
    sizes = [int(size) for size in rng.choice(np.arange(2, 30), size=3, replace=False)]
    shapes = [(None, *sizes[:2]), (None, None) if rng.integers(2) else (None,), (None, sizes[2])]
    module = tf.Module()
    module.weight = tf.Variable(2.0)
    weighed = lambda value: tf.cast(value, tf.float32) * module.weight
    specs = [tf.TensorSpec(*spec) for spec in zip(shapes, [*dtypes, "float32"], names, strict=True)]
    main = tf.function(lambda a, b: {"scores": weighed(a), "kept": b}, input_signature=specs[:2])
    other = tf.function(lambda a: {"scores": weighed(a)}, input_signature=specs[2:])
    module.main, module.other = main, other  # what a SavedModel holds has to hang on the module
    key = str(rng.choice(["classify", "a_first", "serving_old"]))
    signatures = {"serving_default": main.get_concrete_function(), key: other.get_concrete_function()}
    tf.saved_model.save(module, str(folder), signatures=signatures)
    inputs = dict(zip(names, zip(shapes[:2], dtypes, strict=True), strict=False))
    outputs = {"scores": (shapes[0], "float32"), "kept": (shapes[1], dtypes[1])}
    return _Saved(str(folder), inputs, outputs, {names[2]: (shapes[2], "float32")})
