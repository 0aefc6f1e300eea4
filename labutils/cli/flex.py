"""The sub-command on the second environment: flex."""

from __future__ import annotations

import argparse
import json
import os
from pathlib import Path
from typing import Any

from labutils.cli.parser import FAILED, PASSED, add_command
from labutils.errors import LabError

ACTIONS = """\
  install  makes a second environment in .venv-flex, with a TensorFlow whose runtime
           has the Flex delegate; says first what it takes, and checks what it made
  status   tells whether it is there, where, what it holds, and its size
  remove   removes it

The variable LABS_FLEX names another folder, such as one that a class shares.

"""


def flex_command(options: argparse.Namespace) -> int:
    """`labs flex`."""
    if options.qat and options.action != "install":
        raise LabError("--qat belongs to `labs flex install`: leave it out.")
    if options.json and options.action != "status":
        raise LabError("--json belongs to `labs flex status`: leave it out.")
    return {"install": _install, "status": _status, "remove": _remove}[options.action](options)


def _install(options: argparse.Namespace) -> int:
    from labutils.legacy import install

    install.install(options.qat)
    return PASSED


def _status(options: argparse.Namespace) -> int:
    from labutils.legacy import place

    found = place.look()
    versions = found.stamp.get("versions", {})
    size = megabytes(found.folder) if found.ready else 0
    if options.json:
        data = {"installed": found.ready, "qat": found.qat, "folder": str(found.folder), "state": found.state}
        print(json.dumps(data | {"versions": versions, "megabytes": size}, indent=1))
    else:
        print(found.sentence)
    if not found.ready:
        return FAILED
    if not options.json:
        print("holds     " + ", ".join(f"{name} {version}" for name, version in sorted(versions.items())))
        print(f"size      {size:,} MB")
        print(f"training  {'ready for quantization-aware training' if found.qat else f'not there: `{place.QAT_HOW}`'}")
    return PASSED


def _remove(options: argparse.Namespace) -> int:
    from labutils.legacy import install

    folder = install.remove()
    print(f"Removed {folder}." if folder else "There is nothing to remove.")
    return PASSED


def megabytes(folder: Path) -> int:
    """What the files below a folder hold together, in megabytes."""
    sizes = [Path(where, name).lstat().st_size for where, _, names in os.walk(folder) for name in names]
    return round(sum(sizes) / 1e6)


def _register_flex(commands: Any) -> None:
    does = "manages the environment that runs TF Select models"
    failed = "`status`: it is not installed"
    parser = add_command(commands, "flex", flex_command, does, "labs flex install", failed)
    parser.epilog = ACTIONS + parser.epilog
    parser.add_argument("action", metavar="ACTION", choices=["install", "status", "remove"], help="see below")
    qat = "with install: also what quantization-aware training needs, Keras 2 (about 15 MB)"
    parser.add_argument("--qat", action="store_true", help=qat)
    parser.add_argument("--json", action="store_true", help="with status: as JSON")


REGISTER = (_register_flex,)
