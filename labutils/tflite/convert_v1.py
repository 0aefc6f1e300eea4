"""Hands a command line on to the TensorFlow 1 converter within TensorFlow's own `tflite_convert`.

On TensorFlow 2.21 it still converts a SavedModel and a frozen graph; a Keras file it cannot: it asks Keras 2 for a
`call context` that Keras 3 does not have (TypeError: 'NoneType' object is not callable).
"""

import contextlib
import io
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from labutils.errors import LabError
from labutils.tflite.convert import Conversion, Data, check_target, compare_to_source, described
from labutils.tflite.converter import ConversionError, check_frozen, why_not_converted
from labutils.tflite.files import write_model
from labutils.tflite.quiet import quiet_failure
from labutils.tflite.samples import given
from labutils.tflite.sources import check_source, open_source


def convert_v1(
    source: Path | None,
    output: Path,
    flags: Sequence[str],
    *,
    signature_keys: Sequence[str] | None = None,
    tags: set[str] | None = None,
    check: bool = True,
    parity_data: Data | None = None,
    tolerance: float | None = None,
) -> Conversion:
    """Convert with `tflite_convert --enable_v1_converter`, and write its file whole or not at all.

    source: the SavedModel folder that the flags name, None where they name another kind: that is not compared. flags:
    all of the command line but --output_file and --enable_v1_converter. The others: as for
    `convert`, of what is compared. Raises LabError for flags that tflite_convert does not know, and ConversionError
    when it fails.
    """
    start = time.perf_counter()
    if source is not None and check_source(source) != "SavedModel":
        raise LabError("The TensorFlow 1 converter cannot load Keras 3 files: leave --enable_v1_converter out.")
    check_target(source or output.parent, output)
    model = open_source(source, signature_keys, tags) if source and check else None
    samples = given(parity_data, model.inputs) if model and parity_data is not None else None
    with tempfile.TemporaryDirectory(prefix="labs-") as folder:
        written = Path(folder) / output.name
        _run(["--enable_v1_converter", "--output_file", str(written), *flags])
        content = written.read_bytes()
    check_frozen(content, source or output)
    write_model(output, content)
    verdict = compare_to_source(model, output, samples, tolerance) if model else None
    return described(f"TensorFlow 1 converter, {source or 'graph'}", output, "as by its flags", content, verdict, start)


def _run(arguments: list[str]) -> None:
    with quiet_failure():
        import tensorflow as tf
        from tensorflow.lite.python import tflite_convert

        tf.__internal__.register_load_model_function(tf.keras.models.load_model)
    with _parser_errors():
        unknown = tflite_convert._get_parser(False).parse_known_args(arguments)[1]
    if unknown != ["--enable_v1_converter"]:  # which only its other parser knows
        listed = " ".join(flag for flag in unknown if flag != "--enable_v1_converter")
        raise LabError(f"The flags {listed} are not tflite_convert's either, which would ignore them: leave them out.")
    try:
        with quiet_failure(), _command_line(["tflite_convert", *arguments]), _parser_errors():
            tflite_convert.run_main(None)
    except LabError:
        raise
    except Exception as error:
        raise ConversionError(why_not_converted("The model", error)) from None


@contextlib.contextmanager
def _command_line(words: list[str]) -> Iterator[None]:
    """tflite_convert reads sys.argv, and nothing else."""
    before, sys.argv = sys.argv, words
    try:
        yield
    finally:
        sys.argv = before


@contextlib.contextmanager
def _parser_errors() -> Iterator[None]:
    """Makes tflite_convert's usage and exit into one sentence."""
    said = io.StringIO()
    try:
        with contextlib.redirect_stderr(said), contextlib.redirect_stdout(io.StringIO()):
            yield
    except SystemExit:
        last = (said.getvalue().strip().splitlines() or ["it ended"])[-1]
        raise LabError(f"tflite_convert refuses its flags ({last.split('error: ')[-1]}): correct them.") from None
