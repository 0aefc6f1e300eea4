"""Judges a float file for one picture or row at a time: is it the model's, whole, and not quantized?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from labutils.errors import LabError
from labutils.exercises.exercise import NotYet
from labutils.exercises.judges.conversion import file_bytes
from labutils.tflite.anatomy import Anatomy, anatomy
from labutils.tflite.runtime import open_model

if TYPE_CHECKING:
    import keras

ROWS = 16
NEAR = 1e-4  # of the range of the answers; measured on right files: 4e-7. Other models are off by a tenth and more
WEIGHTS = 1024  # the converter leaves smaller tensors alone where it quantizes weights only
NO_WEIGHTS = (
    "The file holds `VAR_HANDLE`: its weights are missing, and it answers by chance. Give `from_concrete_functions` "
    "the list alone, or with a module that holds a frozen graph; a Keras 3 model behind it leaves the weights out."
)
FREE = (
    "The batch is still free, -1 in `shape_signature`: trace the model for `tf.TensorSpec([1, ...])` and convert the "
    "concrete function. Resizing an interpreter changes that interpreter, never the file."
)


@dataclass(frozen=True)
class Subject:
    """A Keras model, inputs for it, float32 (ROWS, ...), and its answers to them."""

    model: keras.Sequential
    inputs: np.ndarray
    answers: np.ndarray


def check(one_at_a_time: Callable[..., Any], rng: np.random.Generator) -> None:
    """Raises NotYet when the function does not convert models that it has never seen for one row at a time."""
    for make in map(int, rng.permutation(2)):
        subject = (_normalized, _pictures)[make](rng)
        found = one_at_a_time(subject.model)
        if type(found).__name__ == "ConcreteFunction":
            raise NotYet("It returns the concrete function: hand it to the converter, in a list, and convert.")
        content = file_bytes(found)
        try:
            judge_batch(anatomy(content), subject.inputs.shape[1:])
            _judge_floats(anatomy(content))
            _judge_answers(content, subject)
        except LabError as error:
            raise NotYet(f"The file does not work: {error}") from None


def judge_batch(found: Anatomy, row: tuple[int, ...]) -> None:
    """Raises NotYet when weights are missing, and for another batch than 1. row: the shape of one input."""
    if found.has_unfrozen_variables:
        raise NotYet(NO_WEIGHTS)
    graph = found.subgraphs[0]
    shapes = [graph.tensors[place].shape for place in graph.inputs]
    if any(shape[:1] == (-1,) for shape in shapes):
        raise NotYet(FREE)
    if shapes == [row]:
        raise NotYet(
            f"The file takes {_sizes(row)}, without a batch: it is to take {_sizes((1, *row))}, so trace the model for "
            "`[1, *model.input_shape[1:]]`."
        )
    rows = next((shape[0] for shape in shapes if shape[:1] != (1,) and shape), 1)
    if rows != 1:
        raise NotYet(f"The file takes {rows} at a time: a batch of 1 is asked.")


def _judge_floats(found: Anatomy) -> None:
    """Raises NotYet for a file that is quantized in any way."""
    small = {"int8", "uint8", "int16", "float16"} & found.dtypes.keys()
    if small:
        raise NotYet(
            f"The file holds {' and '.join(sorted(small))}: a float file is asked, so leave `optimizations` and all "
            "that belongs to it out."
        )


def _judge_answers(content: bytes, subject: Subject) -> None:
    opened = open_model(content)
    shapes = [spec.shape[1:] for spec in (*opened.inputs.values(), *opened.outputs.values())]
    if shapes != [subject.inputs.shape[1:], subject.answers.shape[1:]]:
        raise _another()
    if np.abs(opened.predict(subject.inputs) - subject.answers).max() > NEAR * np.ptp(subject.answers):
        raise _another()


def _another() -> NotYet:
    return NotYet(
        "The file does not answer as the model does that it was given: convert the argument `model`, as it is, not a "
        "model of the notebook and not one from before."
    )


def _sizes(shape: tuple[int, ...]) -> str:
    return " x ".join(map(str, shape))


def _pictures(rng: np.random.Generator) -> Subject:
    """A small net for pictures, of which all sizes differ."""
    import keras

    sides, channels = rng.permutation(np.arange(5, 11))[:2], int(rng.integers(1, 4))
    filters = WEIGHTS // (9 * channels) + int(rng.integers(1, 9))
    layers = [
        keras.Input((*map(int, sides), channels), name="image"),
        keras.layers.Conv2D(filters, 3, activation="relu", kernel_initializer="zeros", name="conv"),
        keras.layers.GlobalAveragePooling2D(name="pool"),
        keras.layers.Dense(int(rng.integers(3, 8)), kernel_initializer="zeros", name="scores"),
    ]
    return _subject(keras.Sequential(layers, name="fresh"), rng)


def _normalized(rng: np.random.Generator) -> Subject:
    """A net for rows of numbers with batch normalization, which computes otherwise in training."""
    import keras

    width = int(rng.integers(20, 30))
    layers = [
        keras.Input((width,), name="values"),
        keras.layers.Dense(WEIGHTS // width + 4, activation="relu", kernel_initializer="zeros", name="hidden"),
        keras.layers.BatchNormalization(name="normal"),
        keras.layers.Dense(int(rng.integers(3, 8)), kernel_initializer="zeros", name="scores"),
    ]
    return _subject(keras.Sequential(layers, name="fresh"), rng)


def _subject(model: keras.Sequential, rng: np.random.Generator) -> Subject:
    """The model with random weights. All has a name and started at zero: Keras's own counters and numbers stay."""
    for weight in model.weights:
        values = rng.normal(0, 0.3, weight.shape)
        weight.assign(np.abs(values) + 0.5 if "variance" in weight.path else values)
    inputs = rng.normal(0, 1, (ROWS, *model.input_shape[1:])).astype(np.float32)
    return Subject(model, inputs, np.asarray(model(inputs, training=False)))
