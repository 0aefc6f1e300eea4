"""The whole command line: its parser, and what becomes of whatever goes wrong."""

from __future__ import annotations

import argparse
import io
import signal
import sys
from collections.abc import Sequence
from typing import Any, NoReturn

from labutils.cli import (
    app,
    classroom,
    course,
    device,
    engineer,
    flex,
    learner,
    marking,
    model_files,
    support,
    sweep,
)
from labutils.cli.parser import BAD_INPUT, FAILED, INTERRUPTED, PASSED, Parser, exit_codes
from labutils.errors import LabError


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command; gives back its exit code: 0 well, 1 something failed, 2 bad input, 130 interrupted."""
    # jsonschema, which nbformat needs, would else compile a grammar of web addresses for two seconds at every start.
    sys.modules.setdefault("rfc3987_syntax", None)
    if isinstance(sys.stdout, io.TextIOWrapper):  # who reads from a pipe gets each line when it is said
        sys.stdout.reconfigure(line_buffering=True)
    before = signal.signal(signal.SIGTERM, _stop)  # kernels are ended before we are
    try:
        options = make_parser().parse_args(arguments)
        return options.command(options)
    except LabError as error:
        print(f"labs: {error}", file=sys.stderr)
        return BAD_INPUT
    except KeyboardInterrupt:
        print("labs: stopped.", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:  # the reader of our output has had enough, as in `labs list | head -1`
        sys.stderr.close()
        return FAILED
    finally:
        signal.signal(signal.SIGTERM, before)


def make_parser() -> argparse.ArgumentParser:
    """The parser of the whole command line."""
    parser = Parser(
        prog="labs",
        description="Operates the course: opens its labs, runs them, builds them, and looks after the machine.\n"
        "Converts models; tells what a .tflite file holds, what it answers, and how long it takes.",
        epilog="examples:\n"
        "  labs open                  JupyterLab with the first lab in front\n"
        "  labs run 01 -p steps 200   one lab, executed with another value\n"
        "  labs run --all --quick     every lab, in brief\n"
        "  labs inspect model.tflite  what a model file holds\n\n" + exit_codes("something failed: a line says what"),
    )
    parser.add_argument("--version", action=_Version, nargs=0, help="show the version and exit")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")
    parser.set_defaults(command=lambda _: parser.print_help() or BAD_INPUT)
    rooms = (course, engineer, sweep, learner, classroom, marking, model_files, device, app, flex, support)
    for register in (each for room in rooms for each in room.REGISTER):
        register(commands)
    return parser


def _stop(*_: object) -> NoReturn:
    raise KeyboardInterrupt


class _Version(argparse.Action):
    """Looks the version up only when it is asked for."""

    def __call__(self, parser: argparse.ArgumentParser, *_: Any) -> NoReturn:
        from importlib.metadata import PackageNotFoundError, version

        try:
            print(f"labs {version('labutils')}")
        except PackageNotFoundError:
            print("labs, not installed")
        sys.exit(PASSED)
