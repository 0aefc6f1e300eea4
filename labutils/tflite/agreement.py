"""Do two models answer the same? The verdict on measured differences, and when no verdict is possible."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import isfinite

import numpy as np

from labutils.errors import LabError
from labutils.tflite.parity import Parity, measured, spread
from labutils.tflite.runtime import Model
from labutils.tflite.samples import Samples

AGREES, DISAGREES, MEASURED, UNDECIDED = "agrees", "does not agree", "measured", "undecided"
CONSTANT = 1e-4  # answers that differ by less than this share of their size hardly differ

Answers = dict[str, np.ndarray]


@dataclass(frozen=True)
class Agreement:
    """Whether two models answer the same.

    verdict: "agrees" or "does not agree" (with the tolerance), "measured" (no tolerance was given), or "undecided".
    inputs: what both were asked. reason: why it is undecided, in a sentence. parity: the differences, where there are
    any; its tolerance is NaN where none was given.
    """

    verdict: str
    inputs: str
    reason: str = ""
    parity: Parity | None = None

    def __str__(self) -> str:
        if self.parity is None:
            return f"{self.verdict}: {self.reason}"
        top1 = "" if self.parity.top1 is None else f", same top-1 on {self.parity.top1:.1%}"
        limit = f", tolerance {self.parity.tolerance:g}" if isfinite(self.parity.tolerance) else ""
        differences = f"max error {self.parity.max_error:.1e}, mean {self.parity.mean_error:.1e}{top1}{limit}"
        return f"{self.verdict}: {differences} on {self.inputs}{'; ' if self.reason else ''}{self.reason}"

    def as_data(self) -> dict[str, object]:
        """For JSON: what is no number (NaN, infinity) is null."""
        found = {} if self.parity is None else vars(self.parity)
        number = lambda value: None if value is None or not isfinite(value) else value
        data = {name: number(found.get(name)) for name in ("max_error", "mean_error", "top1", "rows", "tolerance")}
        return {"verdict": self.verdict, "reason": self.reason, "inputs": self.inputs, **data}


def agreement(
    model: Model, reference: Callable[[Samples], Mapping[str, np.ndarray]], samples: Samples, tolerance: float | None
) -> Agreement:
    """Ask a model and a reference the same, and judge how far the answers are apart.

    reference: from samples to answers (n, ...) by output name; a LabError of its own leaves the matter undecided.
    tolerance: the largest error allowed, in the unit of the outputs; None to measure without a verdict.
    """
    try:
        expected = dict(reference(samples))
        _check_answers(expected, samples.rows)
    except LabError as error:
        return Agreement(UNDECIDED, str(samples), str(error))
    try:
        found = _by_name(model.predict(_for_model(model, samples.arrays)), model, expected)
    except (LabError, RuntimeError, ValueError) as error:  # the source could answer, the file could not
        why = (str(error).splitlines() or [type(error).__name__])[0][:160].rstrip(".")
        return Agreement(DISAGREES, str(samples), f"{model.name} does not answer ({why}).")
    shapes, wanted = ({name: each.shape for name, each in side.items()} for side in (found, expected))
    if shapes != wanted:
        verdict = DISAGREES if shapes.keys() == wanted.keys() else UNDECIDED  # by other names no one can be matched
        reason = f"{model.name} answers {_words(shapes)}, the other {_words(wanted)}."
        return Agreement(verdict, str(samples), reason)
    different = measured(found, expected, float("nan") if tolerance is None else tolerance)
    return _judged(different, expected, str(samples), tolerance)


def _judged(different: Parity, expected: Answers, origin: str, tolerance: float | None) -> Agreement:
    if tolerance is not None and not different.agrees:
        return Agreement(DISAGREES, origin, "", different)
    size = max(float(np.abs(each).max(initial=0)) for each in expected.values())
    if spread(expected) <= (CONSTANT * size if tolerance is None else 2 * tolerance):
        reason = "the answers hardly differ from input to input, so that any file could pass"
        return Agreement(UNDECIDED, origin, reason, different)
    return Agreement(MEASURED if tolerance is None else AGREES, origin, "", different)


def _check_answers(expected: Answers, rows: int) -> None:
    """Raises LabError for answers that nothing can be measured on."""
    for name, value in expected.items():
        if value.dtype.kind not in "fiub":
            raise LabError(f"output {name} holds {value.dtype.name}, not numbers.")
        if not value.ndim or len(value) != rows:
            raise LabError(f"output {name} has the shape {value.shape}: it has no row for each input.")
        if value.dtype.kind == "f" and not np.isfinite(value).all():
            raise LabError("the answers hold NaN or infinity already before the conversion: give other inputs.")


def _for_model(model: Model, arrays: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """The arrays under the model's own names: files of the old converter have no signature, hence other names."""
    if len(arrays) == len(model.inputs) == 1:
        return {next(iter(model.inputs)): next(iter(arrays.values()))}
    return dict(arrays)


def _by_name(answers: object, model: Model, expected: Answers) -> Answers:
    """The model's answers by name; where both have one output only, under the reference's name."""
    found = answers if isinstance(answers, dict) else {next(iter(model.outputs)): answers}
    return {next(iter(expected)): next(iter(found.values()))} if len(found) == len(expected) == 1 else found


def _words(shapes: dict[str, tuple[int, ...]]) -> str:
    return ", ".join(f"{name} {shape}" for name, shape in sorted(shapes.items())) or "nothing"
