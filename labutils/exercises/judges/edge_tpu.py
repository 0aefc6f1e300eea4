"""Judges two answers about the Edge TPU: whether a file fits it, and a file made for it. All made up just now."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from labutils.errors import LabError
from labutils.exercises.attempt import kind
from labutils.exercises.exercise import NotYet
from labutils.exercises.judges.conversion import file_bytes
from labutils.exercises.judges.small_files import small_file
from labutils.models import asset
from labutils.tflite.anatomy import Anatomy, anatomy
from labutils.tflite.devices import missing, requirements
from labutils.tflite.integer import FLOATS
from labutils.tflite.runtime import open_model

if TYPE_CHECKING:
    import keras

INT8, UINT8, INT16, FLOAT32 = "int8", "uint8", "int16", "float32"
FULL = "full_integer"

# What each kind of file is made from: the arguments of small_file. "free" ships with the course.
FITTING: dict[str, dict[str, Any]] = {
    "int8": {"quantization": FULL, "ends": (INT8, INT8)},
    "uint8": {"quantization": FULL, "ends": (UINT8, UINT8)},
}
UNFIT: dict[str, dict[str, Any]] = {
    "float": {},
    "dynamic": {"quantization": "dynamic_range"},
    "ends": {"quantization": "integer"},
    "output": {"quantization": FULL, "ends": (INT8, FLOAT32)},
    "inside": {"quantization": FULL, "ends": (INT8, INT8), "activation": "sin"},
    "wide": {"quantization": "int16x8", "ends": (INT16, INT16)},
    "free": {},
}
_LET_PASS = {  # the likeliest slip first
    "free": "It lets a file pass whose batch is free, -1 in `shape_signature`. (`shape` shows a 1 there.)",
    "wide": "It lets a file pass that holds int16: an integer, but not of 8 bits. Biases are int32.",
    "inside": "It lets a file pass that takes and returns int8, and floats between: go through all tensors.",
    "output": "It lets a file pass whose output is float32.",
    "ends": "It lets a file pass that takes and returns float32.",
    "dynamic": "It lets a dynamic-range file pass: only its weights are int8.",
    "float": "It lets a float file pass.",
}
_PATTERNS: tuple[tuple[set[str], str], ...] = (  # the files that a wrong idea lets pass, and what to say of it
    (set(), "It lets no file pass, also none that is int8 throughout. Its biases are int32, and that is allowed."),
    ({*FITTING, *UNFIT}, "It lets every file pass, even one of floats."),
    (set(UNFIT), "It is the wrong way round: True is for the files that fit."),
    ({"int8"}, "It refuses a file with uint8 at its border: an Edge TPU takes signed and unsigned bytes."),
    ({"uint8"}, "It refuses a file that is int8 throughout: an Edge TPU takes signed and unsigned bytes."),
    (
        {*FITTING, *UNFIT} - {"free"},
        "It looks at the sizes alone: all tensors have to be int8, uint8 or int32 as well.",
    ),
    (
        {"int8", "uint8", "inside", "free"},
        "It looks at the border alone, inputs and outputs: go through all tensors, and look at their sizes as well.",
    ),
    ({"int8", "uint8", "inside"}, "It looks at the border alone: between, a file can compute in float32."),
)


def check_fits(fits: Callable[..., Any], rng: np.random.Generator) -> None:
    """Raises NotYet when the function does not tell files that fit from those that do not."""
    passed = set()
    every = FITTING | UNFIT
    for name in map(str, rng.permutation(list(every))):
        free = name == "free"
        content = asset("digits_cnn_int8.tflite").read_bytes() if free else small_file(rng, **every[name])
        if _truth(fits(content)):
            passed.add(name)
    if passed == set(FITTING):
        return
    for pattern, sentence in _PATTERNS:
        if passed == pattern:
            raise NotYet(sentence)
    for name, sentence in _LET_PASS.items():
        if name in passed:
            raise NotYet(sentence)
    refused = next(name for name in FITTING if name not in passed)
    raise NotYet(f"It refuses a file that fits, {refused} at its border: biases in int32 are allowed.")


def _truth(found: Any) -> bool:
    if found is None:
        raise NotYet("It returns nothing: return True or False.")
    if not isinstance(found, (bool, np.bool_)):
        raise NotYet(f"It returns {kind(found)}: return True or False.")
    return bool(found)


def check_file(for_edge_tpu: Callable[..., Any], rng: np.random.Generator) -> None:
    """Raises NotYet when the function's file is none that an Edge TPU takes, or does not answer nearly as the model."""
    model, samples = _subject(rng)
    expected, kernel = np.asarray(model(samples)), model.get_weights()[0]
    content = file_bytes(for_edge_tpu(model, samples))
    try:
        _judge_form(content)
        found = open_model(content).predict(samples)
    except LabError as error:
        raise NotYet(f"The file does not work: {error}") from None
    _judge_answers(found, expected, _holds(content, kernel))


def _judge_form(content: bytes) -> None:
    """Raises NotYet when the file lacks what an Edge TPU asks."""
    found = anatomy(content)
    if found.has_unfrozen_variables:
        raise NotYet("The file holds `VAR_HANDLE`: its weights are missing. Convert a concrete function by itself.")
    asked = {each.name: each for each in requirements(content, "edge-tpu")}
    if not asked["all tensors"].met:
        raise NotYet(_precision(found))
    if not asked["inputs and outputs"].met:
        raise NotYet(f"Its inputs and outputs are {asked['inputs and outputs'].found}: int8 or uint8 is asked.")
    if not asked["sizes"].met:
        raise NotYet(
            "Its batch is free, -1 in `shape_signature`: trace the model for `tf.TensorSpec([1, ...])` and convert the "
            "concrete function."
        )
    rows = found.subgraphs[0].tensors[found.subgraphs[0].inputs[0]].shape[0]
    if rows != 1:
        raise NotYet(f"It takes {rows} rows at a time: a batch of 1 is asked.")
    lacking = missing(content, "edge-tpu")
    if lacking:
        raise NotYet(f"The device would refuse it: {lacking}.")


def _precision(found: Anatomy) -> str:
    """What to say of a file with dtypes that the device does not take."""
    tensors = found.subgraphs[0].tensors
    border = {tensors[index] for index in (*found.subgraphs[0].inputs, *found.subgraphs[0].outputs)}
    if any(tensor.dtype == INT16 for tensor in tensors):
        return "Its activations are int16: an Edge TPU wants 8 bits, TFLITE_BUILTINS_INT8."
    if any(tensor.dtype == "float16" for tensor in tensors):
        return "Its weights are float16: leave `supported_types` alone, integers are asked."
    if not any(tensor.dtype == INT8 for tensor in tensors):
        return "It is a float file: without `optimizations`, nothing is quantized, whatever else is set."
    if not any(tensor.dtype == INT8 and not tensor.bytes for tensor in tensors):
        return "Only its weights are int8: give a `representative_dataset`, so that the activations can be, too."
    floats = {tensor for tensor in tensors if tensor.dtype in FLOATS}
    if floats <= border:
        inputs = {tensors[index] for index in found.subgraphs[0].inputs}
        sides = {"inference_input_type" if each in inputs else "inference_output_type" for each in floats}
        return f"It is integer inside, but not at its border: set {' and '.join(sorted(sides))} to tf.int8."
    return "It still holds floats inside: an operator has no integer kernel, or was kept from it."


def _holds(content: bytes, kernel: np.ndarray) -> bool:
    """Whether the file's convolution has this kernel, (height, width, inputs, outputs), but for its rounding."""
    graph, value = anatomy(content).subgraphs[0], open_model(content).interpreter.get_tensor
    places = [operator.inputs[1] for operator in graph.operators if operator.name == "CONV_2D"]
    wanted = np.moveaxis(kernel, -1, 0)  # the file has the output channels first
    for place in places:
        scales, stored = np.array(graph.tensors[place].quantization.scales), value(place)
        if stored.shape != wanted.shape:
            continue
        if np.allclose(stored * scales[:, None, None, None], wanted, atol=scales.max()):
            return True
    return False


def _judge_answers(found: Any, expected: np.ndarray, same_model: bool) -> None:
    if not same_model or isinstance(found, dict) or found.shape != expected.shape:
        raise NotYet("The file holds another model than the one it was given: convert the argument `model`.")
    if np.ptp(found) == 0:
        raise NotYet("The file always answers the same: what did it see in calibration? Take `samples`, as they are.")
    error = float(np.abs(found - expected).mean() / np.ptp(expected))
    if error < 0.06:
        return
    raise NotYet(
        f"Its answers are off by {error:.0%} of their range, though it is the right model: its scales do not fit. "
        "Calibrate with `samples`, unchanged, and with more than a few of them."
    )


def _subject(rng: np.random.Generator) -> tuple[keras.Model, np.ndarray]:
    """A small net for images with a free batch, and 40 samples, float32 (40, height, width, channels)."""
    import keras

    shape = (int(rng.integers(6, 9)), int(rng.integers(9, 12)), int(rng.integers(1, 4)))
    layers = [
        keras.Input(shape, name="image"),
        keras.layers.Conv2D(130, 3, activation="relu", kernel_initializer="zeros", name="conv"),
        keras.layers.GlobalAveragePooling2D(name="pool"),
        keras.layers.Dense(int(rng.integers(3, 7)), kernel_initializer="zeros", name="scores"),
    ]
    model = keras.Sequential(layers, name="fresh")
    model.set_weights([rng.normal(0, 0.3, value.shape).astype(np.float32) for value in model.get_weights()])
    bright = rng.uniform(2, 6, (40, 1, 1, 1)) * rng.choice([-1, 1], (40, 1, 1, shape[2]))
    return model, (rng.uniform(-1, 1, (40, *shape)) + bright).astype(np.float32)
