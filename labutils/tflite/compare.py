"""Compares two .tflite files: what they hold, and what they answer."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from labutils.errors import LabError
from labutils.tflite.agreement import UNDECIDED, Agreement, agreement
from labutils.tflite.anatomy import Anatomy, anatomy
from labutils.tflite.files import read_model
from labutils.tflite.isolate import probe
from labutils.tflite.runtime import Model, TensorSpec, open_model
from labutils.tflite.samples import Arrays, Input, Samples, batch_size, given, made_up


@dataclass(frozen=True)
class Comparison:
    """Two files side by side; pairs are (first, second).

    operators, dtypes: name -> how often it occurs, only where that differs; operators_alike: how many operators of
    the first file the second has as well. inputs, outputs: name -> (dtype and shape). agreement: of the second file's
    answers with the first's; undecided where the two cannot be asked the same.
    """

    files: tuple[str, str]
    identical: bool
    bytes: tuple[int, int]
    parameters: tuple[int, int]
    operators: dict[str, tuple[int, int]]
    operators_alike: int
    dtypes: dict[str, tuple[int, int]]
    inputs: tuple[dict[str, str], dict[str, str]]
    outputs: tuple[dict[str, str], dict[str, str]]
    agreement: Agreement

    @property
    def ratio(self) -> float:
        """The second file's size over the first's."""
        return self.bytes[1] / self.bytes[0]


def compare(
    first: str | os.PathLike,
    second: str | os.PathLike,
    data: str | os.PathLike | Arrays | None = None,
    tolerance: float | None = None,
) -> Comparison:
    """Compare two .tflite files, their answers in real numbers.

    data: what both are asked, an .npz file or arrays by input name, rows first; made up from a fixed seed without it.
    tolerance: the largest difference allowed, in the unit of the outputs; None to measure without a verdict.
    Raises ModelFileError for a file that is no model, damaged, or does not run, and LabError for unfit data.

    >>> from labutils.models import asset
    >>> found = compare(asset("digits_cnn.tflite"), asset("digits_cnn_int8.tflite"))
    >>> round(found.ratio, 2), found.dtypes["int8"], found.agreement.verdict
    (0.33, (0, 12), 'measured')
    """
    if tolerance is not None and not 0 <= tolerance < float("inf"):
        raise LabError(f"The tolerance is {tolerance}: give a number from 0.")
    paths = (Path(first), Path(second))
    found = tuple(anatomy(path) for path in paths)
    models = tuple(_opened(path) for path in paths)
    operators = [each.operators for each in found]
    return Comparison(
        files=(str(first), str(second)),
        identical=read_model(paths[0]) == read_model(paths[1]),
        bytes=tuple(each.size for each in found),
        parameters=tuple(each.parameters for each in found),
        operators=_differing(*operators),
        operators_alike=(operators[0] & operators[1]).total(),
        dtypes=_differing(*(each.dtypes for each in found)),
        inputs=tuple(_described(model.inputs) for model in models),
        outputs=tuple(_described(model.outputs) for model in models),
        agreement=_agreement(*found, *models, data, tolerance),
    )


def _opened(path: Path) -> Model:
    probe(path)  # a damaged file may crash the runtime: not this process
    return open_model(path)


def _differing(first: Mapping[str, int], second: Mapping[str, int]) -> dict[str, tuple[int, int]]:
    pairs = {name: (first.get(name, 0), second.get(name, 0)) for name in sorted({*first, *second})}
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


def _described(specs: Mapping[str, TensorSpec]) -> dict[str, str]:
    return {name: f"{spec.dtype.name} {_shape(spec)}" for name, spec in specs.items()}


def _shape(spec: TensorSpec) -> str:
    return "x".join("?" if size == -1 else str(size) for size in spec.shape) or "scalar"


def _agreement(
    found: Anatomy, other: Anatomy, first: Model, second: Model, data: str | os.PathLike | Arrays | None,
    tolerance: float | None,
) -> Agreement:  # fmt: skip
    """The answers of the two, or why they cannot be asked the same."""
    for one, model in ((found, first), (other, second)):
        if one.has_unfrozen_variables:
            return _undecided(f"{model.name} holds VAR_HANDLE: its weights are not in the file, its answers are chance")
        if len(one.signatures) > 1:
            return _undecided(f"{model.name} has the signatures {', '.join(each.key for each in one.signatures)}")
    wanted = [_wanted(model) for model in (first, second)]
    if _free_batch(wanted[0]) != _free_batch(wanted[1]):
        listed = " and ".join("; ".join(map(str, each)) for each in wanted)
        return _undecided(f"the inputs differ ({listed})")
    outputs = [{name: spec.shape[1:] for name, spec in model.outputs.items()} for model in (first, second)]
    if outputs[0] != outputs[1]:
        listed = " and ".join(", ".join(_described(model.outputs)) for model in (first, second))
        return _undecided(f"the outputs differ in name or shape ({listed})")
    samples = _samples(wanted, data)
    return samples if isinstance(samples, Agreement) else agreement(second, _asker(first), samples, tolerance)


def _samples(wanted: list[list[Input]], data: str | os.PathLike | Arrays | None) -> Samples | Agreement:
    """Inputs for both files, in whole batches of either."""
    fixed = [batch_size(each) for each in wanted]
    strict = wanted[1] if fixed[1] and not fixed[0] else wanted[0]
    ranges = [one.range or other.range for one, other in zip(*wanted, strict=True)]
    strict = [replace(each, range=found) for each, found in zip(strict, ranges, strict=True)]
    if all(fixed) and fixed[0] != fixed[1]:
        return _undecided(f"the batches differ ({fixed[0]} and {fixed[1]})")
    if data is not None:
        return given(data, strict)
    try:
        return made_up(strict)
    except LabError as error:
        return _undecided(str(error).rstrip("."))


def _asker(model: Model):  # noqa: ANN202 - a callable for `agreement`
    def answers(samples: Samples) -> dict[str, np.ndarray]:
        try:
            found = model.predict(samples.arrays)
        except (RuntimeError, ValueError) as error:
            raise LabError(f"{model.name} does not answer ({str(error)[:160]}).") from None
        return found if isinstance(found, dict) else {next(iter(model.outputs)): found}

    return answers


def _wanted(model: Model) -> list[Input]:
    """The inputs in real numbers: what is quantized is float32 to whoever asks."""
    return [
        Input(name, spec.shape, "float32" if spec.scale else spec.dtype.name, _range(spec))
        for name, spec in sorted(model.inputs.items())
    ]


def _range(spec: TensorSpec) -> tuple[float, float] | None:
    """The real numbers that a quantized input can hold, from the least to the greatest."""
    if not spec.scale:
        return None
    limits = np.iinfo(spec.dtype)
    low, high = ((stored - spec.zero_point) * spec.scale for stored in (limits.min, limits.max))
    return low, high


def _free_batch(inputs: list[Input]) -> list[Input]:
    """As they are but for the batch: a file with a fixed one can be asked the same as one with a free one."""
    return [Input(each.name, (-1, *(each.shape or ())[1:]), each.dtype) for each in inputs]


def _undecided(reason: str) -> Agreement:
    return Agreement(UNDECIDED, "nothing", f"{reason}.")
