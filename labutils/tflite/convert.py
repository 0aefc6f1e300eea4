"""Converts a SavedModel or a Keras file to a .tflite file, quantized if asked, and checks what came out.

It does what `tf.lite.TFLiteConverter` does with the same settings, byte for byte, and adds what TensorFlow's own
`tflite_convert` lacks: Keras 3 files, quantization, a file written whole or not at all, and a check of its answers
against the model that it was made from.
"""

import hashlib
import os
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from labutils.errors import LabError
from labutils.tflite.agreement import DISAGREES, UNDECIDED, Agreement, agreement
from labutils.tflite.anatomy import Anatomy, anatomy
from labutils.tflite.converter import Settings, check_settings, converted
from labutils.tflite.files import write_model
from labutils.tflite.integer import float_operators
from labutils.tflite.quiet import quiet_failure
from labutils.tflite.runtime import open_model
from labutils.tflite.samples import Arrays, Samples, given, made_up
from labutils.tflite.sources import Source, check_source, open_source

TOLERANCE = 1e-4  # of the float mode

Data = str | os.PathLike | Arrays


@dataclass(frozen=True)
class Conversion:
    """A file that was converted. bytes: its size. operators, float_operators: how often each occurs; the second only
    those that compute in float32. agreement: of its answers with the source's, None where it was not asked for."""

    source: str
    output: Path
    quantization: str
    signatures: tuple[str, ...]
    bytes: int
    sha256: str
    operators: dict[str, int]
    float_operators: dict[str, int]
    agreement: Agreement | None
    seconds: float


def convert(
    source: str | os.PathLike,
    output: str | os.PathLike,
    quantization: str = "none",
    representative_data: Data | None = None,
    *,
    inference_input_type: str = "float32",
    inference_output_type: str = "float32",
    new_quantizer: bool | None = None,
    signature_keys: Sequence[str] | None = None,
    tags: set[str] | None = None,
    check: bool = True,
    parity_data: Data | None = None,
    tolerance: float | None = None,
) -> Conversion:
    """Convert a SavedModel folder or a Keras file (.keras, .h5) to a .tflite file, and compare the answers of the two.

    quantization: "none", "dynamic_range", "float16", "integer" (weights and activations, float where there is no
    integer kernel), "full_integer" (integer kernels only, as far as the converter keeps to that), or "int16x8".
    representative_data: for the last three; an .npz file or arrays by input name, rows first, one row a sample.
    inference_*_type: for full_integer, "float32", "int8" or "uint8". parity_data: to compare on; without it the
    representative data, else 32 inputs from a fixed seed. tolerance: the largest error allowed, in the unit of the
    output; 1e-4 for "none", else no limit. check=False skips the comparison. Source: LiteRT's post-training guides.

    Raises LabError for what cannot be asked for, and ConversionError when the converter fails or its file would hold no
    weights: nothing is written then. A file that does not agree is written, and told by `agreement`.

    >>> import tempfile
    >>> from labutils.models import neuron
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     neuron().export(f"{folder}/neuron", verbose=False)
    ...     done = convert(f"{folder}/neuron", f"{folder}/neuron.tflite")
    >>> done.operators, done.agreement.verdict
    ({'FULLY_CONNECTED': 1}, 'agrees')
    """
    start, target = time.perf_counter(), Path(output)
    settings = Settings(quantization, inference_input_type, inference_output_type, new_quantizer)
    _check(settings, representative_data, check, parity_data, tolerance)
    model = _opened(Path(source), target, signature_keys, tags)
    calibration = _calibration(model, representative_data)
    samples = given(parity_data, model.inputs) if parity_data is not None else calibration
    content = converted(model, settings, calibration)
    write_model(target, content)
    limit = TOLERANCE if tolerance is None and quantization == "none" else tolerance
    verdict = compare_to_source(model, target, samples, limit) if check else None
    return described(f"{model.kind} {source}", target, quantization, content, verdict, start)


def _opened(path: Path, target: Path, signature_keys: Sequence[str] | None, tags: set[str] | None) -> Source:
    check_source(path)
    check_target(path, target)  # before TensorFlow is imported
    return open_source(path, signature_keys, tags)


def described(
    source: str, target: Path, quantization: str, content: bytes, verdict: Agreement | None, start: float
) -> Conversion:
    """What there is to say of a file that was written. start: time.perf_counter() of the beginning."""
    found = anatomy(content)
    digest = hashlib.sha256(content).hexdigest()
    signatures = tuple(each.key for each in found.signatures)
    return Conversion(
        source, target, quantization, signatures, len(content), digest, dict(found.operators), float_operators(found),
        verdict, time.perf_counter() - start,
    )  # fmt: skip


def check_target(source: Path, target: Path) -> None:
    """Raises LabError unless the file can be written there, and is not the source itself."""
    if target.is_dir():
        raise LabError(f"{target} is a folder: name a file in it, such as {target / 'model.tflite'}")
    if target.resolve() == source.resolve():
        raise LabError(f"{target} is the model itself: give the output another name.")
    if not target.parent.is_dir():
        raise LabError(f"There is no folder {target.parent} to write to: make it first, or choose another.")
    if not os.access(target.parent, os.W_OK):
        raise LabError(f"The folder {target.parent} cannot be written: choose another.")


def compare_to_source(
    model: Source, target: Path, samples: Samples | None, tolerance: float | None
) -> Agreement:
    """The file's answers against its source's; samples are made up where there are none."""
    found = anatomy(target)
    if len(found.signatures) > 1:
        several = ", ".join(each.key for each in found.signatures)
        return Agreement(UNDECIDED, "nothing", f"the file has the signatures {several}: convert one to compare it.")
    try:
        samples = samples or made_up(model.inputs)
    except LabError as error:
        return Agreement(UNDECIDED, "nothing", str(error))
    try:
        with quiet_failure():
            opened = open_model(target)
    except LabError as error:
        return Agreement(UNDECIDED if _may_load_elsewhere(found, model) else DISAGREES, str(samples), str(error))
    return agreement(opened, model.answers, samples, tolerance)


def _may_load_elsewhere(found: Anatomy, model: Source) -> bool:
    """Whether the file needs what this runtime lacks, or sizes: what is free is 1 at loading, too small for some."""
    foreign = any(operator.kind != "builtin" for graph in found.subgraphs for operator in graph.operators)
    return foreign or any(-1 in (each.shape or ())[1:] for each in model.inputs)


def _check(
    settings: Settings, representative: Data | None, check: bool, parity_data: Data | None, tolerance: float | None
) -> None:
    check_settings(settings, calibrated=representative is not None)
    if tolerance is not None and not 0 <= tolerance < float("inf"):
        raise LabError(f"The tolerance is {tolerance}: give a number from 0.")
    if not check and (parity_data is not None or tolerance is not None):
        raise LabError("--no_parity skips the comparison: leave out --parity_data and --tolerance, or leave it out.")


def _calibration(model: Source, data: Data | None) -> Samples | None:
    if data is None:
        return None
    if len(model.signatures) > 1:
        several = ", ".join(model.signatures)
        raise LabError(f"Data calibrate one signature, and there are {several}: name one, --saved_model_signature_key.")
    return given(data, model.inputs)
