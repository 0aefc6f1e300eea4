"""Does the file compute what its source model computes? Asked after every conversion of the course."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from labutils.errors import LabError
from labutils.tflite.anatomy import anatomy
from labutils.tflite.files import ModelFileError, ModelSource, label
from labutils.tflite.runtime import open_model


@dataclass(frozen=True)
class Parity:
    """How a file's answers differ from its source's.

    max_error, mean_error: of the absolute differences. top1: share of rows with the same largest output, None where
    there is only one output. rows: inputs compared. tolerance: what max_error may reach.
    """

    max_error: float
    mean_error: float
    top1: float | None
    rows: int
    tolerance: float

    @property
    def agrees(self) -> bool:
        return self.max_error <= self.tolerance  # a NaN does not agree

    def __str__(self) -> str:
        verdict = "agrees" if self.agrees else "DOES NOT AGREE"
        top1 = "" if self.top1 is None else f", same top-1 on {self.top1:.1%}"
        return (
            f"{verdict}: max error {self.max_error:.1e}, mean {self.mean_error:.1e}{top1} "
            f"({self.rows} inputs, tolerance {self.tolerance:g})"
        )


def measured(found: Mapping[str, np.ndarray], expected: Mapping[str, np.ndarray], tolerance: float) -> Parity:
    """How two sets of answers differ: over all outputs the largest error, the mean one, and the worst top-1.

    found, expected: output name -> real numbers (n, ...), with the same names and shapes; n at least 1.

    >>> measured({"y": np.zeros((2, 1))}, {"y": np.array([[0.0], [0.5]])}, tolerance=0.1).max_error
    0.5
    """
    pairs = [(np.asarray(found[name], np.float64), np.asarray(expected[name], np.float64)) for name in expected]
    with np.errstate(invalid="ignore"):  # infinity less infinity is NaN, and a NaN does not agree
        errors = [np.abs(a - b) for a, b in pairs]
    top1 = [float(np.mean(a.argmax(-1) == b.argmax(-1))) for a, b in pairs if b.ndim > 1 and b.shape[-1] > 1]
    every = np.concatenate([error.ravel() for error in errors])
    return Parity(float(every.max()), float(every.mean()), min(top1, default=None), len(errors[0]), tolerance)


def spread(answers: Mapping[str, np.ndarray]) -> float:
    """How much the answers differ from row to row: the largest range of any number of any output.

    >>> spread({"y": np.array([[1.0, 5.0], [1.0, 7.0]])})
    2.0
    """
    return max(float(np.ptp(np.asarray(each, np.float64), axis=0).max(initial=0)) for each in answers.values())


def parity(
    model: ModelSource, reference: Callable[[np.ndarray], Any] | np.ndarray, inputs: np.ndarray, tolerance: float = 1e-5
) -> Parity:
    """Compare a .tflite model with one output to the model that it was made from.

    model: path or bytes. reference: any callable from inputs to outputs (a Keras model is one), or its outputs.
    inputs: (n, ...) real numbers whose answers differ from one another. tolerance: the largest error allowed, in the
    unit of the output. Raises ModelFileError when the file holds variables without values, and LabError when the
    reference's answers differ so little that agreement would prove nothing.

    >>> from labutils.models import asset
    >>> x = np.linspace(-3, 3, 7, dtype=np.float32)[:, None]
    >>> parity(asset("neuron.tflite"), lambda x: 2 * x - 1, x, tolerance=0.2).agrees
    True
    """
    if anatomy(model).has_unfrozen_variables:
        raise ModelFileError(
            f"{label(model)} holds VAR_HANDLE: its weights are not in the file, and what it answers is chance. "
            "Convert from model.export(), from_keras_model or a concrete function instead."
        )
    expected = np.asarray(reference(inputs) if callable(reference) else reference)
    if np.ptp(expected, axis=0).max() <= 2 * tolerance:
        raise LabError(
            "A file that always answers the same would pass here: choose inputs whose answers differ more, or a "
            "smaller tolerance."
        )
    found = open_model(model).predict(np.asarray(inputs))
    if isinstance(found, dict) or found.shape != expected.shape:
        shape = {n: v.shape for n, v in found.items()} if isinstance(found, dict) else found.shape
        raise LabError(f"{label(model)} answers with the shape {shape}, its source with {expected.shape}.")
    return measured({"answer": found}, {"answer": expected}, tolerance)
