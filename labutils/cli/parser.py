"""What all sub-commands share: exit codes, how a sub-command is added, and how a wrong command line is refused."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

PASSED, FAILED, BAD_INPUT, INTERRUPTED = 0, 1, 2, 130

Command = Callable[[argparse.Namespace], int]
CUT_OFF = "whoever read the output stopped reading"  # what 1 means where nothing else can fail


class Parser(argparse.ArgumentParser):
    """Keeps the line breaks of examples, and says what is wrong in one sentence."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(formatter_class=argparse.RawDescriptionHelpFormatter, allow_abbrev=False, **settings)

    def error(self, message: str) -> NoReturn:
        print(f"labs: {message[0].upper()}{message[1:]}: see `{self.prog} --help`.", file=sys.stderr)
        sys.exit(BAD_INPUT)

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> tuple[argparse.Namespace, list[str]]:
        """Unknown arguments are refused here, by the sub-command itself, unless it hands them on to another program."""
        options, unknown = super().parse_known_args(args, namespace)
        if unknown and getattr(options, "enable_v1_converter", False):
            options.handed_on = unknown
        elif unknown:
            self.error(f"unrecognized arguments: {' '.join(unknown)}")
        return options, []


def add_command(
    commands: Any, name: str, command: Command, does: str, example: str, failed: str = CUT_OFF
) -> argparse.ArgumentParser:
    """Adds a sub-command. does: its help, one phrase. example: one line. failed: what exit code 1 means."""
    sentence = f"{does[0].upper()}{does[1:]}."
    parser = commands.add_parser(
        name, help=does, description=sentence, epilog=f"example:\n  {example}\n\n{exit_codes(failed)}"
    )
    parser.set_defaults(command=command, handed_on=[])
    return parser


def exit_codes(failed: str) -> str:
    """The exit codes as the end of a help text.

    >>> print(exit_codes("a lab failed"))
    exit codes: 0 all is well, 1 a lab failed, 2 bad input, 130 interrupted
    """
    return f"exit codes: 0 all is well, 1 {failed}, 2 bad input, 130 interrupted"


def near(path: Path) -> Path:
    """The path from here, where it is below; else as it is."""
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path
