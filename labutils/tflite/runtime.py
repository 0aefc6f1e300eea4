"""Runs a .tflite model: named inputs and outputs, batches, threads, XNNPACK on or off.

LiteRT (ai-edge-litert) where it is installed, else `tf.lite`: the two have the same interpreter.
Lab 06 shows every call that stands here.
"""

from dataclasses import dataclass
from types import ModuleType
from typing import Any

import numpy as np

from labutils.errors import LabError
from labutils.tflite.anatomy import anatomy
from labutils.tflite.files import ModelFileError, ModelSource, label, read_model
from labutils.tflite.quiet import quiet

SELECT = "Select TensorFlow op"  # begins what the runtime says of a missing Flex delegate
BATCH = 16  # rows at a time: the caches hold their activations; larger batches are slower (make bench: evaluation)


@dataclass(frozen=True)
class TensorSpec:
    """One input or output. shape: -1 where the batch is free. scale, zero_point: 0 where it is not quantized."""

    name: str
    index: int
    shape: tuple[int, ...]
    dtype: np.dtype
    scale: float
    zero_point: int

    def quantize(self, real: np.ndarray) -> np.ndarray:
        """Real numbers to stored ones: divide by the scale, add the zero point, round, clip. Same shape.

        >>> TensorSpec("x", 0, (1,), np.dtype("int8"), 0.5, 10).quantize(np.array([0.0, 1.3, 99.0]))
        array([ 10,  13, 127], dtype=int8)
        """
        real = np.asarray(real)
        if not self.scale:
            return real.astype(self.dtype, copy=False)
        limits = np.iinfo(self.dtype)
        return np.clip(np.round(real / self.scale + self.zero_point), limits.min, limits.max).astype(self.dtype)

    def dequantize(self, stored: np.ndarray) -> np.ndarray:
        """Stored numbers to real ones, float32: scale * (stored - zero point). Same shape."""
        if not self.scale:
            return stored
        return ((stored.astype(np.float32) - self.zero_point) * self.scale).astype(np.float32)


def _interpreter_module() -> ModuleType:
    try:
        from ai_edge_litert import interpreter

        return interpreter
    except ImportError:
        pass
    try:
        from tensorflow import lite

        lite.OpResolverType = lite.experimental.OpResolverType
        return lite
    except ImportError:
        raise LabError("No runtime is installed: run `pip install ai-edge-litert`.") from None


class Model:
    """A model that is loaded and allocated, made by `open_model`. Use one per thread.

    inputs, outputs: name -> TensorSpec; the names are the signature's where the file has one, else the tensors'.
    interpreter: the interpreter itself, for all that this class leaves out.
    """

    def __init__(self, interpreter: Any, name: str, threads: int, xnnpack: bool) -> None:
        self.interpreter, self.name, self.threads, self.xnnpack = interpreter, name, threads, xnnpack
        names = _signature_names(interpreter)
        self.inputs = _specs(interpreter.get_input_details(), names)
        self.outputs = _specs(interpreter.get_output_details(), names)
        self._shapes: dict[str, tuple[int, ...]] = {}  # as last allocated by _invoke

    def __repr__(self) -> str:
        delegate = "XNNPACK" if self.xnnpack else "reference kernels"
        names = f"{', '.join(self.inputs)} -> {', '.join(self.outputs)}"
        return f"<{self.name}: {names}, {self.threads} thread(s), {delegate}>"

    def predict(self, values: Any) -> Any:
        """Real numbers in, real numbers out: quantized on the way in and dequantized on the way out where need be.

        values: an array (n, ...), or a dictionary of them by input name where there are several inputs.
        Returns an array (n, ...), or a dictionary by output name where there are several outputs.
        Raises LabError when a name or a shape does not fit.
        """
        given = self._by_name(values)
        stored = self.run({name: self.inputs[name].quantize(value) for name, value in given.items()})
        if isinstance(stored, dict):
            return {name: self.outputs[name].dequantize(value) for name, value in stored.items()}
        return next(iter(self.outputs.values())).dequantize(stored)

    def run(self, values: Any) -> Any:
        """As `predict`, but with the numbers as the model stores them: the dtypes must be the model's own.

        A model with a fixed batch is invoked as often as it takes; one with a free batch is resized, to at most BATCH
        rows at a time.
        """
        given = self._by_name(values)
        for name, value in given.items():
            self._check(self.inputs[name], value)
        rows = len(next(iter(given.values())))
        free = all(spec.shape[:1] == (-1,) for spec in self.inputs.values())
        step = min(rows, BATCH) if free else self._fixed_batch(rows)
        parts = [self._invoke({n: v[start : start + step] for n, v in given.items()}) for start in range(0, rows, step)]
        joined = {name: np.concatenate([part[name] for part in parts]) for name in self.outputs}
        return joined if len(joined) > 1 else next(iter(joined.values()))

    def invoke(self) -> None:
        """Compute once on what the inputs hold: what a latency measurement times."""
        self.interpreter.invoke()

    def _by_name(self, values: Any) -> dict[str, np.ndarray]:
        if not isinstance(values, dict):
            if len(self.inputs) != 1:
                raise LabError(f"{self.name} has the inputs {', '.join(self.inputs)}: give a dictionary by name.")
            values = {next(iter(self.inputs)): values}
        if values.keys() != self.inputs.keys():
            wanted, found = ", ".join(self.inputs), ", ".join(values) or "nothing"
            raise LabError(f"{self.name} wants the inputs {wanted}, but was given {found}.")
        return {name: np.asarray(value) for name, value in values.items()}

    def _check(self, spec: TensorSpec, value: np.ndarray) -> None:
        if value.dtype != spec.dtype:
            cure = "use predict(), or quantize first" if spec.scale else "use .astype()"
            raise LabError(f"Input {spec.name} of {self.name} wants {spec.dtype}, but was given {value.dtype}: {cure}.")
        if value.ndim != len(spec.shape) or not len(value) or value.shape[1:] != _free(spec.shape[1:], value.shape[1:]):
            wanted = ", ".join("any" if size == -1 else str(size) for size in ("n", *spec.shape[1:]))
            raise LabError(f"Input {spec.name} of {self.name} wants the shape ({wanted}), but was given {value.shape}.")

    def _fixed_batch(self, rows: int) -> int:
        batch = next(iter(self.inputs.values())).shape[0]
        if rows % batch:
            raise LabError(f"{self.name} has a fixed batch of {batch}: {rows} rows do not divide into it.")
        return batch

    def _invoke(self, stored: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
        shapes = {name: value.shape for name, value in stored.items()}
        if shapes != self._shapes:
            self._shapes = {}  # if the resize fails half way, the next call resizes again
            for name, shape in shapes.items():
                self.interpreter.resize_tensor_input(self.inputs[name].index, shape)
            self.interpreter.allocate_tensors()
            self._shapes = shapes
        for name, value in stored.items():
            self.interpreter.set_tensor(self.inputs[name].index, value)
        try:
            self.interpreter.invoke()
        except RuntimeError as error:
            if SELECT in str(error):
                raise ModelFileError(_why_not(self.name, str(error))) from None
            raise ModelFileError(f"{self.name} loads but does not run ({_first_line(str(error))}).") from None
        return {name: self.interpreter.get_tensor(spec.index) for name, spec in self.outputs.items()}


def open_model(model: ModelSource, threads: int = 1, xnnpack: bool = True) -> Model:
    """Load a .tflite model and allocate its tensors.

    model: a path or the bytes. threads: for the kernels, at least 1. xnnpack: False for the reference kernels.
    Raises ModelFileError when the file is missing, no model or damaged, or holds operators this runtime lacks.
    A damaged file from a stranger belongs in `labutils.tflite.isolate.probe`, which opens it in a child process.

    >>> from labutils.models import asset
    >>> neuron = open_model(asset("neuron.tflite"))
    >>> list(neuron.inputs), neuron.predict([[10.0]]).round(0)
    (['x'], array([[19.]], dtype=float32))
    """
    if threads < 1:
        raise LabError(f"threads is {threads}: it must be at least 1.")
    content, lite = read_model(model), _interpreter_module()
    anatomy(model)  # the interpreter itself crashes on some damaged files that this refuses
    kind = lite.OpResolverType.AUTO if xnnpack else lite.OpResolverType.BUILTIN_WITHOUT_DEFAULT_DELEGATES
    try:
        with quiet():
            interpreter = lite.Interpreter(
                model_content=content, num_threads=threads, experimental_op_resolver_type=kind
            )
            interpreter.allocate_tensors()
        return Model(interpreter, label(model), threads, xnnpack)
    except (ValueError, RuntimeError, MemoryError, TypeError) as error:  # TypeError: a name that is no text
        raise ModelFileError(_why_not(label(model), str(error))) from None


def _why_not(name: str, message: str) -> str:
    if SELECT in message:
        return f"{name} holds TensorFlow operators (TF Select), and this runtime has no Flex delegate: see lab 05."
    if "custom op" in message or "unresolved" in message.lower():
        return f"{name} holds an operator that this runtime does not know ({_first_line(message)})."
    return f"{name} does not load ({_first_line(message)}): it is damaged, or not frozen; make it again."


def _first_line(message: str) -> str:
    return (message.strip().splitlines() or ["no reason given"])[0][:160].rstrip(" .")


def _signature_names(interpreter: Any) -> dict[int, str]:
    """Tensor index -> the name that the first signature gives it."""
    signatures = interpreter.get_signature_list()
    if not signatures:
        return {}
    runner = interpreter.get_signature_runner(next(iter(signatures)))
    details = {**runner.get_output_details(), **runner.get_input_details()}
    return {entry["index"]: name for name, entry in details.items()}


def _specs(details: list[dict[str, Any]], names: dict[int, str]) -> dict[str, TensorSpec]:
    specs = {}
    for entry in details:
        name = names.get(entry["index"], entry["name"])
        shape = tuple(int(n) for n in (entry["shape_signature"] if len(entry["shape_signature"]) else entry["shape"]))
        scale, zero_point = entry["quantization"]
        specs[name] = TensorSpec(name, entry["index"], shape, np.dtype(entry["dtype"]), float(scale), int(zero_point))
    return specs


def _free(wanted: tuple[int, ...], given: tuple[int, ...]) -> tuple[int, ...]:
    """The wanted shape with its free sizes filled in from the given one."""
    return tuple(g if w == -1 else w for w, g in zip(wanted, given, strict=True)) if len(wanted) == len(given) else ()
