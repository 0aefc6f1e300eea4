"""Runs models with TensorFlow operators (TF Select), which need the Flex delegate, in the environment that has it.

No Python runtime since TensorFlow 2.20 has that delegate: `labs flex install` makes a second environment with an older
one, and a child process there gets the arrays by file. Source: https://github.com/google-ai-edge/LiteRT/issues/6458
"""

import json
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from labutils.errors import LabError
from labutils.legacy import child, place
from labutils.tflite.anatomy import Subgraph, Tensor, anatomy
from labutils.tflite.files import ModelSource, label, read_model
from labutils.tflite.runtime import TensorSpec

HOW = place.HOW  # what to run where the environment is missing
SECONDS = 180.0  # importing TensorFlow takes most of it, once
WORKER = Path(__file__).parent / "flex_worker.py"

Answers = np.ndarray | dict[str, np.ndarray]


def installed() -> bool:
    """Whether the environment is there and has passed its check. Takes a few milliseconds and runs nothing.

    >>> installed() in (True, False)
    True
    """
    return place.look().ready


def predict(model: ModelSource, inputs: Any, seconds: float = SECONDS) -> Answers:
    """What a model with TensorFlow operators answers, computed in the Flex environment; any .tflite model will do.

    model: path or bytes. inputs: real numbers (n, ...) or text, str or bytes; a dictionary by name where there are
    several inputs. seconds: after which the child process is stopped.
    Returns an array, or a dictionary by name where there are several outputs: real numbers, or text as numpy's str.
    Raises LabError where the environment is not installed (it names the command), the inputs do not fit, or the model
    does not run, crashes, or is not done in time; ModelFileError for a file that is no model.

    >>> from labutils.models import asset
    >>> predict(asset("neuron.tflite"), [[10.0]]) if installed() else HOW  # doctest: +SKIP
    array([[18.98]], dtype=float32)
    """
    return predict_all({label(model): (model, inputs)}, seconds)[label(model)]


def predict_all(questions: Mapping[str, tuple[ModelSource, Any]], seconds: float = SECONDS) -> dict[str, Answers]:
    """As `predict`, for several models in one child process: TensorFlow is imported once.

    questions: name -> (model, inputs); the names are yours, and come back with the answers.

    >>> predict_all({})
    {}
    """
    if not questions:
        return {}
    asked = {name: _question(name, model, inputs) for name, (model, inputs) in questions.items()}
    python = place.require()
    with tempfile.TemporaryDirectory(prefix="labs-flex-") as name:
        folder = Path(name)
        for number, question in enumerate(asked.values()):
            (folder / f"{number}.tflite").write_bytes(question.content)
            np.savez(folder / f"{number}.in.npz", **{str(index): array for index, array in question.stored.items()})
        job = [question.job(name) for name, question in asked.items()]
        (folder / "job.json").write_text(json.dumps(job), encoding="utf-8")
        child.run(python, WORKER, folder, seconds, "The model")
        return {name: question.answers(folder / f"{n}.out.npz") for n, (name, question) in enumerate(asked.items())}


@dataclass(frozen=True)
class _Question:
    """One model and what it is asked. stored: tensor index -> array as the model stores it. rows: at a time, 0: all."""

    content: bytes
    stored: dict[int, np.ndarray]
    outputs: dict[str, TensorSpec]
    rows: int

    def job(self, name: str) -> dict[str, Any]:
        return {"name": name, "rows": self.rows, "outputs": [spec.index for spec in self.outputs.values()]}

    def answers(self, file: Path) -> Answers:
        with np.load(file, allow_pickle=False) as arrays:
            found = {name: spec.dequantize(arrays[str(spec.index)]) for name, spec in self.outputs.items()}
        return found if len(found) > 1 else next(iter(found.values()))


def _question(name: str, model: ModelSource, inputs: Any) -> _Question:
    """Model and inputs, checked here: a mistake costs no start of TensorFlow."""
    content, found = read_model(model), anatomy(model)
    graph = found.subgraphs[0]
    signature = next((each for each in found.signatures if each.subgraph == 0), None)
    wanted = _specs(graph, signature.inputs if signature else _tensor_names(graph, graph.inputs))
    outputs = _specs(graph, signature.outputs if signature else _tensor_names(graph, graph.outputs))
    given = inputs if isinstance(inputs, Mapping) else {next(iter(wanted)): inputs} if len(wanted) == 1 else {}
    if given.keys() != wanted.keys():
        named = ", ".join(map(str, given)) or "something without a name"
        raise LabError(f"{name} wants the inputs {', '.join(wanted)}, by name, but was given {named}.")
    stored = {spec.index: _stored(name, spec, given[key]) for key, spec in wanted.items()}
    return _Question(content, stored, outputs, _rows(name, list(wanted.values()), stored))


def _tensor_names(graph: Subgraph, indexes: tuple[int, ...]) -> dict[str, int]:
    return {graph.tensors[index].name: index for index in indexes}


def _specs(graph: Subgraph, names: dict[str, int]) -> dict[str, TensorSpec]:
    return {name: _spec(name, graph.tensors[index]) for name, index in names.items()}


def _spec(name: str, tensor: Tensor) -> TensorSpec:
    try:
        dtype = np.dtype(object if tensor.dtype == "string" else tensor.dtype)
    except TypeError:
        raise LabError(f"{name} holds {tensor.dtype}, which no array holds: give the model another end.") from None
    scheme = tensor.quantization
    scale, zero_point = (scheme.scales[0], scheme.zero_points[0]) if scheme else (0.0, 0)
    return TensorSpec(name, tensor.index, tensor.shape, dtype, scale, zero_point)


def _stored(model: str, spec: TensorSpec, value: Any) -> np.ndarray:
    """The value as the model stores it, text as fixed-width str; LabError where it does not fit."""
    text = spec.dtype == object
    array = _text(model, spec, value) if text else np.asarray(value)
    if not text and array.dtype.kind not in "fiub":
        raise LabError(f"Input {spec.name} of {model} wants numbers, {spec.dtype}, but was given {array.dtype}.")
    if spec.shape and (array.ndim != len(spec.shape) or any(
        size not in (-1, found) for size, found in zip(spec.shape[1:], array.shape[1:], strict=True)
    )):  # fmt: skip
        wanted = ", ".join("any" if size == -1 else str(size) for size in ("n", *spec.shape[1:]))
        raise LabError(f"Input {spec.name} of {model} wants the shape ({wanted}), but was given {array.shape}.")
    return array if text else spec.quantize(array)


def _text(model: str, spec: TensorSpec, value: Any) -> np.ndarray:
    items = np.asarray(value, object)
    flat = [each.decode("utf-8", "surrogateescape") if isinstance(each, bytes) else each for each in items.ravel()]
    if not all(isinstance(each, str) for each in flat):
        raise LabError(f"Input {spec.name} of {model} wants text, but was given {np.asarray(value).dtype}.")
    return np.array(flat, np.str_).reshape(items.shape)


def _rows(model: str, specs: list[TensorSpec], stored: dict[int, np.ndarray]) -> int:
    """How many rows at a time: as many as the fixed batch has, 0 where it is free or just as large."""
    sizes = {(spec.shape[0], len(stored[spec.index])) for spec in specs if spec.shape and spec.shape[0] != -1}
    if all(batch == count for batch, count in sizes):
        return 0
    (batch, count), *others = sizes
    if others or not count or count % batch:
        raise LabError(f"{model} has a fixed batch of {batch}: {count} rows do not divide into it.")
    return batch
