"""Judges a conversion: is it the file of this very model? The models are made up anew for every check."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

import numpy as np

from labutils.errors import LabError
from labutils.exercises.attempt import kind
from labutils.exercises.exercise import NotYet
from labutils.tflite.anatomy import anatomy
from labutils.tflite.files import IDENTIFIER
from labutils.tflite.parity import parity
from labutils.tflite.runtime import open_model

if TYPE_CHECKING:
    import keras

TOLERANCE = 1e-4  # of float32 sums of a dozen terms; other models, and wrong weights, are off by whole units
NEARLY = 0.02  # of the range of the answers: what reduced precision may change
ROWS = 16


@dataclass(frozen=True)
class Subject:
    """A Keras model, inputs for it, and its answers, reckoned by numpy so that nobody can bend them."""

    model: keras.Sequential
    inputs: np.ndarray
    answers: np.ndarray


def _subjects(rng: np.random.Generator) -> list[Subject]:
    """Two small Keras models that differ in layers, shapes and weights. float32 (n, 2..7) to float32 (n, 1..4)."""
    wide = rng.permutation(np.arange(2, 8))
    hidden, last = int(rng.integers(4, 9)), rng.integers(1, 5, size=2)
    return [_subject(rng, [int(wide[0]), int(last[0])]), _subject(rng, [int(wide[1]), hidden, int(last[1])])]


def check(to_tflite: Callable[..., Any], rng: np.random.Generator) -> None:
    """Raises NotYet when the function does not convert models that it has never seen."""
    for subject in _subjects(rng):
        _judge(
            to_tflite(subject.model),
            subject,
            "That is the silent route, `tf.saved_model.save` and then `from_saved_model`: use `from_keras_model`, or "
            "`model.export`.",
        )


def check_fixed_batch(fixed_batch: Callable[..., Any], rng: np.random.Generator) -> None:
    """Raises NotYet when the function does not convert models that it has never seen with a batch of one."""
    for subject in (_image_subject(rng), *_subjects(rng)[:1]):
        found = fixed_batch(subject.model)
        if type(found).__name__ == "ConcreteFunction":
            raise NotYet("It returns the concrete function: hand it to the converter, in a list, and convert.")
        _judge(
            found,
            subject,
            "Give `from_concrete_functions` the list alone, without the model behind it: with a Keras 3 model that "
            "second argument leaves the weights out.",
            _judge_batch,
        )


def _judge(found: Any, subject: Subject, frozen: str, more: Callable[[bytes, Subject], None] = lambda *_: None) -> None:
    """Raises NotYet when what was returned is not the .tflite file of the model.

    frozen: what to say about a file without weights. more: raises NotYet for what else is asked of the file.
    """
    content = file_bytes(found)
    try:
        if anatomy(content).has_unfrozen_variables:
            raise NotYet(f"The file holds `VAR_HANDLE`: its weights are missing, and it answers by chance. {frozen}")
        more(content, subject)
        _judge_answers(content, subject)
    except LabError as error:
        raise NotYet(f"The file does not work: {error}") from None


def _judge_batch(content: bytes, subject: Subject) -> None:
    """Raises NotYet when the file's input takes anything but one row."""
    shape = next(iter(open_model(content).inputs.values())).shape
    if shape[:1] == (-1,):
        raise NotYet(
            "The batch is still free, -1 in `shape_signature`: trace the model for `tf.TensorSpec([1, ...])`. "
            "Resizing an interpreter changes that interpreter, never the file."
        )
    if shape[:1] != (1,):
        raise NotYet(f"The file wants {shape[0] if shape else 'no'} rows at a time: a batch of 1 is asked.")
    if -1 in shape:
        raise NotYet(f"Its input has the shape {shape}, where -1 is free: only the batch of the model is.")


def file_bytes(found: Any) -> bytes:
    """What was returned, as bytes that begin as a .tflite file does. Raises NotYet when it is anything else."""
    name = type(found).__name__
    if found is None:
        raise NotYet("It returns nothing: no file has to be written here, return the bytes that `convert()` gives.")
    if "Converter" in name:
        raise NotYet("It returns the converter, which has not converted yet: call its `convert()`.")
    if isinstance(found, (str, PurePath)):
        raise NotYet("It returns a path or a text: return the bytes themselves, as `convert()` gives them.")
    if callable(found) and hasattr(found, "layers"):
        raise NotYet("It returns a Keras model: hand that to the converter and return what `convert()` gives.")
    if callable(found):
        raise NotYet(f"It returns {kind(found)}: are the brackets of `convert()` missing?")
    if not isinstance(found, (bytes, bytearray)):
        raise NotYet(f"It returns {kind(found)}: return the bytes that `convert()` gives.")
    if found[4:8] != IDENTIFIER:
        raise NotYet(f"These {len(found):,} bytes are no .tflite file: `TFL3` is missing at bytes 4 to 8.")
    return bytes(found)


def _judge_answers(content: bytes, subject: Subject) -> None:
    model = open_model(content)
    shapes = [spec.shape[1:] for spec in (*model.inputs.values(), *model.outputs.values())]
    if shapes != [subject.inputs.shape[1:], subject.answers.shape[1:]]:
        raise _another()
    result = parity(content, subject.answers, subject.inputs, TOLERANCE)
    if result.agrees:
        return
    if result.max_error < NEARLY * np.ptp(subject.answers):
        raise NotYet(
            f"The file answers nearly as the model does (off by {result.max_error:.1g}): "
            "leave `optimizations` and other types out, a plain conversion is asked."
        )
    raise _another()


def _another() -> NotYet:
    return NotYet(
        "The file holds another model than the one it was given: convert the argument `model`, "
        "not a model of the notebook and not one from before."
    )


def _image_subject(rng: np.random.Generator) -> Subject:
    """A small net for images: one convolution of 1 by 1, relu, the mean over all places. Named and started as below."""
    import keras

    shape = (int(rng.integers(4, 8)), int(rng.integers(8, 12)), int(rng.integers(1, 4)))
    layers = [
        keras.Input(shape, name="x"),
        keras.layers.Conv2D(int(rng.integers(2, 6)), 1, activation="relu", kernel_initializer="zeros", name="conv"),
        keras.layers.GlobalAveragePooling2D(name="pool"),
    ]
    model = keras.Sequential(layers, name="fresh")
    kernel, bias = (rng.normal(0, 1, value.shape).astype(np.float32) for value in model.get_weights())
    model.set_weights([kernel, bias])
    inputs = (rng.uniform(-1, 1, (ROWS, *shape)) + rng.uniform(-3, 3, (ROWS, 1, 1, 1))).astype(np.float32)
    return Subject(model, inputs, np.maximum(inputs @ kernel[0, 0] + bias, 0).mean((1, 2)))


def _subject(rng: np.random.Generator, widths: list[int]) -> Subject:
    """Dense layers of these widths, the first being the input's; relu between them.

    Everything has a name and starts at zero, so that a check moves neither Keras's counters nor its random numbers.
    """
    import keras

    layers = [keras.Input((widths[0],), name="x")]
    for number, width in enumerate(widths[1:], 1):
        relu = "relu" if number < len(widths) - 1 else None
        layers.append(keras.layers.Dense(width, activation=relu, kernel_initializer="zeros", name=f"dense_{number}"))
    model = keras.Sequential(layers, name="fresh")
    inputs = rng.uniform(-3, 3, (ROWS, widths[0])).astype(np.float32)
    answers = inputs
    for number, layer in enumerate(model.layers, 1):
        kernel, bias = (rng.normal(0, 1, value.shape).astype(np.float32) for value in layer.get_weights())
        layer.set_weights([kernel, bias])
        answers = answers @ kernel + bias
        if number < len(model.layers):
            answers = np.maximum(answers, 0)
    return Subject(model, inputs, answers)
