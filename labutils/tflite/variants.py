"""One Keras model, converted by every path of optimization. What all paths have in common is done once.

Lab 07 shows the calls of every path. TensorFlow is imported only inside the functions.
"""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from labutils.errors import LabError
from labutils.tflite.anatomy import anatomy
from labutils.tflite.converter import CALIBRATED, ConversionError, Settings, configure, why_not_converted
from labutils.tflite.quiet import quiet_failure
from labutils.tflite.samples import Arrays, Input, Samples, given

if TYPE_CHECKING:
    import keras

INT8, UINT8 = ("int8", "int8"), ("uint8", "uint8")


@dataclass(frozen=True)
class Path:
    """A path of optimization. settings: what the converter is told; select: TensorFlow's operators are allowed too."""

    settings: Settings
    select: bool = False

    @property
    def calibrates(self) -> bool:
        """Whether it needs representative data."""
        return self.settings.quantization in CALIBRATED


PATHS = {
    "float": Path(Settings()),
    "dynamic range": Path(Settings("dynamic_range")),
    "float16": Path(Settings("float16")),
    "integer": Path(Settings("integer")),
    "full int8": Path(Settings("full_integer", *INT8)),
    "full uint8": Path(Settings("full_integer", *UINT8)),
    "16x8": Path(Settings("int16x8")),
    "Select": Path(Settings(), select=True),
}


@dataclass(frozen=True)
class Frozen:
    """A model whose weights are constants of its graph, with all sizes fixed: what every path starts from.

    inputs: what it wants, in real numbers, the fixed batch first. module: holds the graph. serve: the concrete
    function, which takes the inputs by name and gives `output_0`, `output_1` ... as `model.export` would.
    """

    name: str
    inputs: tuple[Input, ...]
    module: Any
    serve: Any

    def converter(self) -> Any:
        """A new tf.lite.TFLiteConverter for it, nothing set. Its files have a signature, `serving_default`."""
        import tensorflow as tf

        return tf.lite.TFLiteConverter.from_concrete_functions([self.serve], self.module)


def freeze(model: keras.Model, batch: int = 1) -> Frozen:
    """Trace a Keras model for one fixed batch, and make its variables constants.

    batch: rows at a time, at least 1. Raises LabError when other sizes of the model are free, or it cannot be traced.

    >>> from labutils.models import neuron
    >>> str(freeze(neuron()).inputs[0])
    'x: float32 (1, 1)'
    """
    if batch < 1:
        raise LabError(f"batch is {batch}: a file for a device takes at least 1 row at a time.")
    inputs = [Input(each.name, (batch, *each.shape[1:]), each.dtype) for each in model.inputs]
    for each in inputs:
        if None in each.shape:
            raise LabError(f"Input {each.name} of {model.name} has free sizes {each.shape}: fix them in keras.Input.")
    try:
        with quiet_failure():
            module, serve = _frozen(model, inputs)
    except Exception as error:  # tracing runs the model's own code, which may raise anything
        raise LabError(f"{model.name} cannot be frozen ({_first(error)}): does model(inputs) work?") from None
    return Frozen(model.name, tuple(inputs), module, serve)


def _frozen(model: keras.Model, inputs: list[Input]) -> tuple[Any, Any]:
    """A module that holds the frozen graph, and its concrete function, whose inputs have their names."""
    import tensorflow as tf
    from tensorflow.python.framework.convert_to_constants import convert_variables_to_constants_v2

    specs = [tf.TensorSpec(each.shape, each.dtype, name=each.name) for each in inputs]
    call = tf.function(lambda *values: model(values[0] if len(values) == 1 else list(values), training=False))
    graph = convert_variables_to_constants_v2(call.get_concrete_function(*specs))
    module = tf.Module()
    # A module with no variable of its own: the converter would lose those that hang below a Keras model (lab 01).
    module.serve = tf.function(lambda *values: {f"output_{n}": y for n, y in enumerate(graph(*values))})
    return module, module.serve.get_concrete_function(*specs)


def variant(frozen: Frozen, name: str, calibration: np.ndarray | Arrays | None = None) -> bytes:
    """The .tflite file of a frozen model by one of the PATHS.

    calibration: float32 (n, ...), or arrays by input name, for the paths that calibrate; 100 to 500 rows are usual.
    Raises LabError for another name and for missing or unfit data, ConversionError when the converter fails.

    >>> from labutils.models import neuron
    >>> file = variant(freeze(neuron()), "float")
    >>> [each.key for each in anatomy(file).signatures]
    ['serving_default']
    """
    if name not in PATHS:
        raise LabError(f"There is no path {name!r}: choose one of {', '.join(PATHS)}.")
    path = PATHS[name]
    if path.calibrates and calibration is None:
        raise LabError(f"The path {name} calibrates: give it inputs as the device will see them, 100 to 500 of them.")
    samples = _samples(calibration, frozen) if path.calibrates else None
    try:
        with quiet_failure():
            content = _configured(frozen, path, samples).convert()
    except Exception as error:  # as many kinds as a conversion can fail
        raise ConversionError(why_not_converted(frozen.name, error)) from None
    finally:
        gc.collect()  # the converter leaves graphs in circles behind, some 40 MB for a MobileNetV2
    if anatomy(content).has_unfrozen_variables:
        raise ConversionError(f"The file of {frozen.name} holds VAR_HANDLE: its weights are missing; freeze it again.")
    return content


def variants(
    frozen: Frozen, calibration: np.ndarray | Arrays | None = None, names: Iterable[str] = tuple(PATHS)
) -> dict[str, bytes]:
    """The files of several paths by name, in the order asked; arguments and errors as `variant` has them.

    >>> from labutils.models import neuron
    >>> list(variants(freeze(neuron()), names=["float", "float16"]))
    ['float', 'float16']
    """
    return {name: variant(frozen, name, calibration) for name in names}


def code(name: str) -> str:
    """The lines of Python that set a `converter` for a path, as one would write them; `samples` are the inputs.

    >>> print(code("dynamic range"))
    converter.optimizations = [tf.lite.Optimize.DEFAULT]
    """
    if name not in PATHS:
        raise LabError(f"There is no path {name!r}: choose one of {', '.join(PATHS)}.")
    return "\n".join(_lines(PATHS[name])) or "# nothing to set"


def _lines(path: Path) -> Iterator[str]:
    settings, ops = path.settings, "tf.lite.OpsSet"
    if settings.quantization != "none":
        yield "converter.optimizations = [tf.lite.Optimize.DEFAULT]"
    if path.calibrates:
        yield "converter.representative_dataset = lambda: ([x[None]] for x in samples)"
    if settings.quantization == "float16":
        yield "converter.target_spec.supported_types = [tf.float16]"
    if settings.quantization == "full_integer":
        yield f"converter.target_spec.supported_ops = [{ops}.TFLITE_BUILTINS_INT8]"
        yield f"converter.inference_input_type = tf.{settings.inference_input_type}"
        yield f"converter.inference_output_type = tf.{settings.inference_output_type}"
    if settings.quantization == "int16x8":
        yield "converter.target_spec.supported_ops = ["
        yield f"    {ops}.EXPERIMENTAL_TFLITE_BUILTINS_ACTIVATIONS_INT16_WEIGHTS_INT8"
        yield "]"
    if path.select:
        yield f"converter.target_spec.supported_ops = [{ops}.TFLITE_BUILTINS, {ops}.SELECT_TF_OPS]"


def _samples(calibration: np.ndarray | Arrays, frozen: Frozen) -> Samples:
    arrays = calibration if isinstance(calibration, dict) else {frozen.inputs[0].name: calibration}
    return given(arrays, frozen.inputs)


def _configured(frozen: Frozen, path: Path, samples: Samples | None) -> Any:
    converter, batch = frozen.converter(), frozen.inputs[0].shape[0]
    configure(converter, path.settings, samples and (lambda: samples.batches(batch)))
    if path.select:
        import tensorflow as tf

        converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS, tf.lite.OpsSet.SELECT_TF_OPS]
    return converter


def _first(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:160].rstrip(" .")
