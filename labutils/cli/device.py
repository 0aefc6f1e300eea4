"""The sub-commands that put a model on a device: export."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from labutils.cli.parser import PASSED, add_command, near


def c_array_command(options: argparse.Namespace) -> int:
    """`labs export c-array`."""
    from labutils.device.c_array import write_c_array

    print(near(write_c_array(options.model, options.output, options.name)))
    return PASSED


def _register_export(commands: Any) -> None:
    does, unnamed = "writes a model in the form that a device's program needs", lambda _: parser.error("name the form")
    parser = add_command(commands, "export", unnamed, does, "labs export c-array model.tflite")
    forms = parser.add_subparsers(title="forms", metavar="FORM")
    does = "a header with the model as an array, for microcontrollers"
    c_array = add_command(forms, "c-array", c_array_command, does, "labs export c-array model.tflite -o model.h")
    c_array.add_argument("model", metavar="MODEL", help="a .tflite file")
    c_array.add_argument("-o", dest="output", metavar="FILE", type=Path, help="where to write (default: NAME.h)")
    c_array.add_argument("--name", help="of the array (default: the model's file name, in letters of C)")


REGISTER = (_register_export,)
