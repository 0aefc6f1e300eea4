"""What TensorFlow's converter is told, and what its failures mean. TensorFlow is imported only inside the functions."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from labutils.errors import LabError
from labutils.tflite.anatomy import anatomy
from labutils.tflite.quiet import quiet_failure
from labutils.tflite.samples import Samples, batch_size
from labutils.tflite.sources import Source, first_line

MODES = ("none", "dynamic_range", "float16", "integer", "full_integer", "int16x8")
CALIBRATED = ("integer", "full_integer", "int16x8")
IO_TYPES = ("float32", "int8", "uint8")


class ConversionError(LabError):
    """The converter, or the check of its result, said no; nothing was written."""


@dataclass(frozen=True)
class Settings:
    """How to convert. inference_*_type: for full_integer alone. new_quantizer: None for the converter's own choice."""

    quantization: str = "none"
    inference_input_type: str = "float32"
    inference_output_type: str = "float32"
    new_quantizer: bool | None = None


def check_settings(settings: Settings, calibrated: bool) -> None:
    """Raises LabError for settings that do not go together. calibrated: whether there are representative data."""
    mode = settings.quantization
    if mode not in MODES:
        raise LabError(f"There is no quantization {mode!r}: choose from {', '.join(MODES)}.")
    if mode in CALIBRATED and not calibrated:
        raise LabError(f"The quantization {mode} calibrates: give --representative_data FILE.npz, 100 to 500 rows.")
    if mode not in CALIBRATED and calibrated:
        cure = f"choose {', '.join(CALIBRATED[:-1])} or {CALIBRATED[-1]}, or use --parity_data"
        raise LabError(f"Representative data do nothing for the quantization {mode}: {cure}.")
    types = (settings.inference_input_type, settings.inference_output_type)
    for name in types:
        if name not in IO_TYPES:
            raise LabError(f"There is no inference type {name!r}: choose from {', '.join(IO_TYPES)}.")
    if mode != "full_integer" and types != ("float32", "float32"):
        raise LabError(f"Inputs and outputs stay float32 with the quantization {mode}: only full_integer changes them.")


def converted(model: Source, settings: Settings, calibration: Samples | None) -> bytes:
    """The converter's file, with its weights. Raises ConversionError, one sentence, for all that it can fail with."""
    try:
        with quiet_failure():
            converter = model.make_converter()
            configure(converter, settings, calibration and _dataset(calibration, batch_size(model.inputs) or 1))
            content = converter.convert()
    except Exception as error:  # the converter raises its own kind, ValueError, RuntimeError, AttributeError ...
        raise ConversionError(why_not_converted(model.path.name, error)) from None
    check_frozen(content, model.path)
    return content


def configure(converter: Any, settings: Settings, dataset: Callable[[], Iterator[dict[str, Any]]] | None) -> None:
    """Put the settings into a tf.lite.TFLiteConverter, as LiteRT's post-training quantization guide does.

    dataset: called by the converter for calibration inputs, a dictionary of arrays for each inference; None without.
    """
    import tensorflow as tf

    mode, ops = settings.quantization, tf.lite.OpsSet
    if mode != "none":
        converter.optimizations = [tf.lite.Optimize.DEFAULT]
    if dataset:
        converter.representative_dataset = dataset
    if mode == "float16":
        converter.target_spec.supported_types = [tf.float16]
    if mode == "full_integer":
        converter.target_spec.supported_ops = [ops.TFLITE_BUILTINS_INT8]
        converter.inference_input_type = tf.as_dtype(settings.inference_input_type)
        converter.inference_output_type = tf.as_dtype(settings.inference_output_type)
    if mode == "int16x8":
        converter.target_spec.supported_ops = [ops.EXPERIMENTAL_TFLITE_BUILTINS_ACTIVATIONS_INT16_WEIGHTS_INT8]
    if settings.new_quantizer is not None:
        converter.experimental_new_quantizer = settings.new_quantizer


def _dataset(calibration: Samples, batch: int) -> Callable[[], Iterator[dict[str, Any]]]:
    return lambda: calibration.batches(batch)


def check_frozen(content: bytes, source: Path) -> None:
    """Raises ConversionError when the weights did not get into the file."""
    if anatomy(content).has_unfrozen_variables:
        raise ConversionError(
            f"{source} was written by tf.saved_model.save, and its weights would not reach the file (VAR_HANDLE): "
            "export the model with model.export() and convert that; nothing was written."
        )


def why_not_converted(name: str, error: Exception) -> str:
    """The converter's failure in one sentence that names what to do."""
    message = str(error)
    missing = set(re.findall(r"'tf\.(\w+)' op is neither", message))
    if missing:
        # All that was left over stands in the graph that the message ends with, not only what it stopped at.
        missing |= set(re.findall(r'"tf\.([A-Z]\w*)"\(', message))
        return (
            f"{name} was not converted: LiteRT has no built-in operator for {', '.join(sorted(missing))}; compute it "
            "from others, or convert in Python with TF Select (SELECT_TF_OPS) for a runtime with the Flex delegate."
        )
    unquantized = re.search(r"Quantization not yet supported for op: '(\w+)'", message)
    if unquantized:
        return (
            f"{name} was not converted: the old quantizer knows no integer {unquantized[1]}; use the new one, without "
            "--experimental_new_quantizer=false, or --quantization integer."
        )
    reason = f"{type(error).__name__}: {first_line(message)}"
    return f"{name} was not converted ({reason}): for a Keras model try model.export() and --saved_model_dir."
