"""What all sub-commands share: exit codes, how a sub-command is added, and how a wrong command line is refused."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NoReturn

from labutils.errors import LabError

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


def positive(text: str) -> int:
    """A whole number above zero, as the type of an option.

    >>> positive("2")
    2
    """
    number = int(text) if re.fullmatch("[0-9]{1,9}", text) else 0
    if not number:
        raise argparse.ArgumentTypeError(f"{text!r} must be a whole number above 0")
    return number


def count(text: str) -> int:
    """A whole number, or none, as the type of an option.

    >>> count("0")
    0
    """
    return 0 if text == "0" else positive(text)


def memory(text: str) -> float:
    """An amount of memory in MB, as the type of an option; a number alone is of MB.

    >>> memory("2GB"), memory("500 MB"), memory("1GiB")
    (2000.0, 500.0, 1073.741824)
    """
    found = re.fullmatch(r"\s*([0-9]+(?:\.[0-9]+)?)\s*([MG]i?B?)?\s*", text, re.IGNORECASE)
    units = {"m": 1.0, "mi": 1.048576, "g": 1000.0, "gi": 1073.741824}
    size = float(found[1]) * units[(found[2] or "m").lower().removesuffix("b")] if found else 0.0
    if not size:
        raise argparse.ArgumentTypeError(f"{text!r} must be an amount of memory, such as 2GB")
    return size


def add_scheduler(where: Any) -> None:
    """Adds to a group of options what says where work is done: on this machine, or on a cluster."""
    where.add_argument("--workers", type=positive, metavar="N", help="processes of this machine (default: what fits)")
    where.add_argument("--scheduler", metavar="ADDRESS", help="a Dask cluster that is there, as tcp://HOST:PORT")
    for name, what in (("ca-file", "of the authority"), ("cert", "of this client"), ("key", "of its key")):
        where.add_argument(f"--tls-{name}", type=Path, metavar="FILE", help=f"for tls://HOST:PORT, the PEM file {what}")


def read_yaml(path: Path | None, what: str = "parameters", line: str = "steps: 200") -> dict[str, object]:
    """Values out of a YAML file: a mapping from name to value; no file, no values.

    what: its values are, and an example of a line, for whoever names another file.
    """
    if path is None:
        return {}
    import yaml

    try:
        found = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise LabError(f"{path} cannot be read ({error.strerror}): name a YAML file of {what}.") from None
    except (UnicodeDecodeError, yaml.YAMLError):
        raise LabError(f"{path} is no YAML: write lines such as `{line}`.") from None
    if not isinstance(found, dict) or not all(isinstance(name, str) for name in found):
        raise LabError(f"{path} holds no {what}: write lines such as `{line}`.")
    return found


def pairs(given: Sequence[Sequence[str]]) -> dict[str, str]:
    """Parameter values that were given as NAME VALUE; LabError for a name that is there twice.

    >>> pairs([["steps", "200"]])
    {'steps': '200'}
    """
    values = {}
    for name, value in given:
        if name in values:
            raise LabError(f"The parameter {name} is given twice: keep one.")
        values[name] = value
    return values
