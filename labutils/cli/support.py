"""The sub-command on the support matrix: support."""

from __future__ import annotations

import argparse
from typing import Any

from labutils.cli.parser import PASSED, add_command, near
from labutils.errors import LabError


def support_command(options: argparse.Namespace) -> int:
    """`labs support`."""
    from labutils.course import console
    from labutils.support import record

    if options.markdown and options.record:
        raise LabError("--record measures and --markdown prints what was measured: use one after the other.")
    if options.record:
        return _record()
    found = record.recorded()
    if options.markdown:
        print(record.markdown(found))
        return PASSED
    console.show_table(record.table(found))
    print("\n" + "\n".join([*record.reasons(found), "", record.versions(found)]))
    return PASSED


def _record() -> int:
    from labutils.support import record
    from labutils.support.trial import measure
    from labutils.tflite import flex

    if not flex.installed():
        raise LabError(f"The matrix has a column for the Flex environment: run `{flex.HOW}` first.")
    found = measure(tell=print)
    print(f"\nrecorded: {near(record.record(found))}")
    return PASSED


def _register_support(commands: Any) -> None:
    does = "shows which route, quantization and runtime give a right model"
    parser = add_command(commands, "support", support_command, does, "labs support")
    parser.add_argument("--record", action="store_true", help="try them all anew, about a minute, and keep the result")
    parser.add_argument("--markdown", action="store_true", help="as the README's table")


REGISTER = (_register_support,)
