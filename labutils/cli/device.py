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


def export_command(options: argparse.Namespace) -> int:
    """`labs export android`, `ios` and `linux`."""
    from labutils.device.exports import export

    print(near(export(options.form, options.model, options.folder, options.card)))
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
    sources = {
        "android": "the sources of an Android app around an image classifier",
        "ios": "the sources of an iOS app around an image classifier",
        "linux": "a script that runs an image classifier on a Raspberry Pi, or any Linux",
    }
    for form, does in sources.items():
        app = add_command(forms, form, export_command, does, f"labs export {form} model.tflite my_app")
        app.set_defaults(form=form)
        app.add_argument("model", metavar="MODEL", help="a .tflite file, with its card beside it")
        app.add_argument("folder", metavar="DIR", type=Path, help="where to write: a new folder, or an empty one")
        app.add_argument("--card", metavar="FILE", type=Path, help="the model's card (default: MODEL with .json)")


REGISTER = (_register_export,)
