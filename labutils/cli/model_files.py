"""The sub-commands that work on models: inspect, convert, compare, bench."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from labutils.cli.parser import FAILED, PASSED, add_command
from labutils.errors import LabError

if TYPE_CHECKING:
    from labutils.tflite.convert import Conversion

MODES = """\
quantizations:
  none           float32 throughout
  dynamic_range  weights int8, activations float32
  float16        weights float16
  integer        weights and activations int8, float32 where there is no integer kernel
  full_integer   integer kernels only; inputs and outputs as --inference_input_type, --inference_output_type say
  int16x8        activations int16, weights int8
The last three calibrate on --representative_data.

"""


def inspect_command(options: argparse.Namespace) -> int:
    """`labs inspect`."""
    from labutils.course import console
    from labutils.tflite.anatomy import anatomy

    found = anatomy(options.file)
    if options.json:
        print(json.dumps(asdict(found), indent=1))
    else:
        console.show_anatomy(found, options.file.name)
    return PASSED


def convert_command(options: argparse.Namespace) -> int:
    """`labs convert`."""
    from labutils.cli import shown
    from labutils.tflite.agreement import DISAGREES
    from labutils.tflite.converter import ConversionError

    try:
        done = _convert_v1(options) if options.enable_v1_converter else _convert(options)
    except ConversionError as error:
        return _failed(str(error))
    if options.json:
        print(json.dumps(shown.conversion_data(done), indent=1))
    else:
        print("\n".join(shown.conversion_lines(done)))
    warning = shown.float_warning(done)
    if warning:
        print(f"labs: warning: {warning}", file=sys.stderr)
    if done.agreement and done.agreement.verdict == DISAGREES:
        return _failed(f"{done.output} was written, but it does not answer as its source does: do not deliver it.")
    return PASSED


def _convert(options: argparse.Namespace) -> Conversion:
    from labutils.tflite.convert import convert

    if not options.experimental_new_converter:
        raise LabError("The old converter (TOCO) no longer works: leave --experimental_new_converter=false out.")
    if options.saved_model_dir is None and options.keras_model_file is None:
        raise LabError("There is no model to convert: give --saved_model_dir DIR or --keras_model_file FILE.")
    keras_file = options.keras_model_file is not None
    if keras_file and Path(options.keras_model_file).is_dir():
        raise LabError(f"{options.keras_model_file} is a folder: for a SavedModel give --saved_model_dir.")
    if not keras_file and Path(options.saved_model_dir).is_file():
        raise LabError(f"{options.saved_model_dir} is a file: for a Keras file give --keras_model_file.")
    return convert(
        options.keras_model_file if keras_file else options.saved_model_dir,
        options.output_file,
        options.quantization,
        options.representative_data,
        inference_input_type=options.inference_input_type or "float32",
        inference_output_type=options.inference_output_type or "float32",
        new_quantizer=options.experimental_new_quantizer,
        **_shared(options),
    )


def _shared(options: argparse.Namespace) -> dict[str, Any]:
    """What both converters are told of the graph and of the comparison."""
    tags = options.saved_model_tag_set
    return {
        "signature_keys": _parts(options.saved_model_signature_key or ""),
        "tags": None if tags is None else set(_parts(tags)),
        "check": not options.no_parity,
        "parity_data": options.parity_data,
        "tolerance": options.tolerance,
    }


def _convert_v1(options: argparse.Namespace) -> Conversion:
    from labutils.tflite.convert_v1 import convert_v1

    if options.quantization != "none" or options.representative_data:
        raise LabError("The TensorFlow 1 converter has flags of its own for this: see tflite_convert --help.")
    if options.keras_model_file is not None:
        raise LabError("The TensorFlow 1 converter cannot load Keras 3 files: leave --enable_v1_converter out.")
    shared = ("saved_model_dir", "saved_model_tag_set", "saved_model_signature_key", "inference_input_type")
    flags = [f"--{name}={getattr(options, name)}" for name in shared if getattr(options, name) is not None]
    for name in ("experimental_new_converter", "experimental_new_quantizer"):
        value = getattr(options, name)
        flags += [] if value is None else [f"--{name}={str(value).lower()}"]
    source = None if options.saved_model_dir is None else Path(options.saved_model_dir)
    return convert_v1(source, Path(options.output_file), [*flags, *options.handed_on], **_shared(options))


def compare_command(options: argparse.Namespace) -> int:
    """`labs compare`."""
    from labutils.cli import shown
    from labutils.course.console import show_table
    from labutils.tflite.agreement import DISAGREES
    from labutils.tflite.compare import compare

    found = compare(options.first, options.second, options.data, options.tolerance)
    if options.json:
        print(json.dumps(shown.comparison_data(found), indent=1))
    else:
        for table in shown.comparison_tables(found):
            show_table(table)
            print()
        print("\n".join(shown.comparison_lines(found)))
    if options.tolerance is None:
        return PASSED
    if found.agreement.verdict == DISAGREES:
        return _failed(f"{options.second} does not answer as {options.first} does, within {options.tolerance:g}.")
    if found.agreement.parity is None:
        return _failed(f"The tolerance cannot be judged: {found.agreement.reason}")
    return PASSED


def bench_command(options: argparse.Namespace) -> int:
    """`labs bench`."""
    from labutils.cli import shown
    from labutils.course.console import show_table
    from labutils.tflite.bench import bench

    timings = bench(options.files, options.threads, options.runs, options.warmup, not options.no_xnnpack)
    if options.json:
        print(json.dumps(shown.timing_data(timings), indent=1))
        return PASSED
    show_table(shown.timing_rows(timings))
    kernels = "without XNNPACK" if options.no_xnnpack else "with XNNPACK"
    print(f"\n{options.runs} runs each, taking turns, {kernels}; one row at a time; ratio: to the first line.")
    return PASSED


def _failed(sentence: str) -> int:
    print(f"labs: {sentence}", file=sys.stderr)
    return FAILED


def _parts(text: str) -> list[str]:
    return [part for part in text.split(",") if part]


def _register_inspect(commands: Any) -> None:
    does = "tells what a .tflite file holds"
    parser = add_command(commands, "inspect", inspect_command, does, "labs inspect model.tflite")
    parser.add_argument("file", metavar="FILE", type=Path, help="a .tflite file")
    parser.add_argument("--json", action="store_true", help="everything, as JSON")


def _register_convert(commands: Any) -> None:
    parser = add_command(
        commands, "convert", convert_command, "converts a SavedModel or a Keras file, and checks the result",
        "labs convert --keras_model_file model.keras --output_file model.tflite --quantization dynamic_range",
        "the converter failed (nothing written), or the file does not agree (kept)",
    )  # fmt: skip
    parser.epilog = MODES + parser.epilog
    _add_flags_of_tflite_convert(parser)
    own = parser.add_argument_group("more than tflite_convert has")
    own.add_argument("--quantization", default="none", metavar="MODE", help="see below (default: none)")
    own.add_argument(
        "--representative_data", metavar="FILE.npz",
        help="to calibrate on: one array for each input, by its name, rows first; 100 to 500 rows",
    )  # fmt: skip
    for end in ("input", "output"):
        types = "float32, int8 or uint8, with full_integer (default: float32)"
        own.add_argument(f"--inference_{end}_type", metavar="TYPE", help=types)
    own.add_argument("--parity_data", metavar="FILE.npz", help="to compare on; default: the representative data")
    own.add_argument(
        "--tolerance", type=float, metavar="T",
        help="the largest error allowed, in the output's unit (default: 1e-4 without quantization, else none)",
    )  # fmt: skip
    own.add_argument("--no_parity", action="store_true", help="do not compare the file's answers with the model's")
    own.add_argument("--json", action="store_true", help="the report as JSON")


def _add_flags_of_tflite_convert(parser: argparse.ArgumentParser) -> None:
    """The names, types and defaults of `_get_parser(True)` in tensorflow/lite/python/tflite_convert.py."""
    same = parser.add_argument_group("as tflite_convert has them")
    same.add_argument("--output_file", required=True, metavar="FILE", help="the .tflite file to write")
    source = same.add_mutually_exclusive_group()
    source.add_argument("--saved_model_dir", metavar="DIR", help="a SavedModel, as model.export() writes it")
    source.add_argument("--keras_model_file", metavar="FILE", help="a .keras or .h5 file, as model.save() writes it")
    same.add_argument("--saved_model_tag_set", metavar="TAGS", help="tags of its graph, by commas (default: serve)")
    same.add_argument("--saved_model_signature_key", metavar="KEY", help="signatures, by commas (default: all)")
    truth: dict[str, Any] = {"type": _truth, "nargs": "?", "const": True, "metavar": "true|false"}
    same.add_argument("--experimental_new_converter", default=True, help="the old one no longer works", **truth)
    same.add_argument("--experimental_new_quantizer", help="false: the old quantizer, which tells more", **truth)
    same.add_argument(
        "--enable_v1_converter", action="store_true", help="hand all on to tflite_convert, with its TensorFlow 1 flags"
    )


def _truth(text: str) -> bool:
    if text.lower() not in ("true", "false"):
        raise argparse.ArgumentTypeError(f"{text!r} is neither true nor false")
    return text.lower() == "true"


def _register_compare(commands: Any) -> None:
    does, failed = "compares two .tflite files and their answers", "--tolerance was not met"
    parser = add_command(commands, "compare", compare_command, does, "labs compare float.tflite int8.tflite", failed)
    parser.add_argument("first", metavar="A", help="a .tflite file")
    parser.add_argument("second", metavar="B", help="another one")
    parser.add_argument("--data", metavar="FILE.npz", help="what both are asked (default: made up, from a fixed seed)")
    parser.add_argument("--tolerance", type=float, metavar="T", help="the largest difference allowed")
    parser.add_argument("--json", action="store_true", help="everything, as JSON")


def _register_bench(commands: Any) -> None:
    does = "times .tflite files side by side"
    parser = add_command(commands, "bench", bench_command, does, "labs bench float.tflite int8.tflite --threads 1 2")
    parser.add_argument("files", metavar="FILE", nargs="+", help="a .tflite file")
    parser.add_argument("--threads", type=int, nargs="+", default=[1], metavar="N", help="one or several (default: 1)")
    parser.add_argument("--runs", type=int, default=100, metavar="N", help="inferences each (default: 100)")
    parser.add_argument("--warmup", type=int, default=10, metavar="N", help="before that, not counted (default: 10)")
    parser.add_argument("--no-xnnpack", action="store_true", help="without the XNNPACK delegate")
    parser.add_argument("--json", action="store_true", help="the times as JSON, in milliseconds")


REGISTER = (_register_inspect, _register_convert, _register_compare, _register_bench)
