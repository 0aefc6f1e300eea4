"""The `labs` command: parses, calls one function, prints. Each sub-command is one function and its registration."""

from __future__ import annotations

import argparse
import json
import signal
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, NoReturn

from labutils.errors import LabError

PASSED, FAILED, BAD_INPUT, INTERRUPTED = 0, 1, 2, 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command; gives back its exit code: 0 well, 1 something failed, 2 bad input, 130 interrupted."""
    # jsonschema, which nbformat needs, would else compile a grammar of web addresses for two seconds at every start.
    sys.modules.setdefault("rfc3987_syntax", None)
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
    parser = _Parser(
        prog="labs",
        description="Operates the course: opens its labs, runs them, builds them, and looks after the machine.",
        epilog="examples:\n"
        "  labs open                  JupyterLab with the first lab in front\n"
        "  labs run 01 -p steps 200   one lab, executed with another value\n"
        "  labs run --all --quick     every lab, in brief",
    )
    parser.add_argument("--version", action=_Version, nargs=0, help="show the version and exit")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")
    parser.set_defaults(command=lambda _: parser.print_help() or BAD_INPUT)
    for register in (
        _register_open, _register_list, _register_run, _register_build, _register_inspect, _register_figures,
        _register_doctor,
    ):  # fmt: skip
        register(commands)
    return parser


def open_command(options: argparse.Namespace) -> int:
    """`labs open`."""
    from labutils.course import catalog, launch

    known = catalog.labs()
    if not known:
        raise LabError("There are no labs to open yet: notebooks/source is empty.")
    lab = catalog.find_lab(options.lab) if options.lab else known[0]
    try:
        code = launch.open_lab(lab, port=options.port, ip=options.ip, browser=not options.no_browser)
    except KeyboardInterrupt:
        print("\nClosed.")
        return PASSED
    return PASSED if code == 0 else FAILED


def list_command(options: argparse.Namespace) -> int:
    """`labs list`."""
    from labutils.course import catalog, console, parameters

    known, measured = catalog.labs(), catalog.measured()
    if options.markdown:
        print(console.catalog_markdown(known, measured))
        return PASSED
    declared = {lab.slug: parameters.read_parameters(lab) for lab in known}
    if options.json:
        print(json.dumps(console.catalog_data(known, measured, declared), indent=1))
        return PASSED
    console.show_table(console.catalog_rows(known, measured, declared))
    origin = f"on {measured.machine}, {measured.date}" if measured.costs else "not yet: labs run --all --record"
    print(f"\nminutes: a learner's time. CPU-s and MB: measured {origin}.")
    return PASSED


def run_command(options: argparse.Namespace) -> int:
    """`labs run`."""
    from labutils.course import console, runs

    chosen = _chosen(options)
    if options.record and not (options.all and not options.parameters and not options.quick):
        raise LabError("--record takes the whole course as it is: use it with --all, and without -p and --quick.")
    if options.timeout < 1:
        raise LabError("--timeout needs at least 1 second.")
    values = _pairs(options.parameters)
    settings: dict[str, Any] = {"quick": options.quick, "out": options.out, "timeout": options.timeout}
    if sys.stdout.isatty():
        with console.RichWatcher() as watcher:
            done = runs.run_labs(chosen, values, watcher=watcher, **settings)
    else:
        done = runs.run_labs(chosen, values, watcher=console.PlainWatcher(), **settings)
    print()
    console.show_table(console.summary_rows(done))
    print(f"\nexecuted notebooks: {_near(done[-1].notebook.parent)}")
    if done[-1].outcome == "interrupted":
        raise KeyboardInterrupt
    if not all(execution.passed for execution in done):
        return FAILED
    if options.record:
        print(f"recorded: {_near(runs.record(done))}")
    return PASSED


def build_command(options: argparse.Namespace) -> int:
    """`labs build`."""
    from labutils.course import build

    code = PASSED
    for lab in _chosen(options):
        try:
            if options.check:
                sentence = build.drift(lab)
                print(sentence or f"{lab.notebook.name} says what its source says.")
                code = FAILED if sentence else code
            else:
                print(f"{lab.slug} ...", flush=True)
                print(f"      {_near(build.build_lab(lab, timeout=options.timeout))}", flush=True)
        except LabError as error:
            print(f"labs: {error}", file=sys.stderr)
            code = FAILED
    return code


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


def figures_command(options: argparse.Namespace) -> int:
    """`labs figures`."""
    from labutils.paths import course_root
    from labutils.show.figures import write_figures

    for path in write_figures(course_root() / "img", options.figures):
        print(_near(path))
    return PASSED


def doctor_command(options: argparse.Namespace) -> int:
    """`labs doctor`."""
    from labutils.course import doctor, finding

    findings = doctor.examine()
    problems = sum(each.state == finding.PROBLEM for each in findings)
    if options.json:
        print(json.dumps([asdict(each) for each in findings], indent=1))
    else:
        finding.show_findings(findings)
        print(f"\n{problems or 'no'} problem{'s' * (problems != 1)}")
    return FAILED if problems else PASSED


def _register_open(commands: Any) -> None:
    parser = _add(commands, "open", open_command, "opens the course in JupyterLab", "labs open 06 --port 9000")
    parser.add_argument("lab", metavar="LAB", nargs="?", help="the lab to put in front (default: the first)")
    parser.add_argument("--port", type=int, help="the port; default 8888, or the next free one")
    parser.add_argument("--ip", default="127.0.0.1", help="the address to listen on (default: this machine only)")
    parser.add_argument("--no-browser", action="store_true", help="only print the address")


def _register_list(commands: Any) -> None:
    parser = _add(commands, "list", list_command, "lists the labs: time, memory, parameters", "labs list --markdown")
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="as JSON, with types and ranges of the parameters")
    form.add_argument("--markdown", action="store_true", help="the table for the README")


def _register_run(commands: Any) -> None:
    parser = _add(commands, "run", run_command, "executes labs in kernels of their own", "labs run 01 06 -p seed 3")
    _add_labs(parser)
    parser.add_argument(
        "-p", dest="parameters", nargs=2, action="append", default=[], metavar=("NAME", "VALUE"),
        help="a parameter's value; with several labs it goes to those that have the parameter",
    )  # fmt: skip
    parser.add_argument("--quick", action="store_true", help="start from the labs' quick values, as the tests do")
    parser.add_argument("--out", type=Path, metavar="DIR", help="where to write (default: build/runs/<time>)")
    parser.add_argument("--record", action="store_true", help="with --all: keep the measured costs for `labs list`")


def _register_build(commands: Any) -> None:
    parser = _add(commands, "build", build_command, "makes notebooks from notebooks/source", "labs build 01")
    _add_labs(parser)
    parser.add_argument("--check", action="store_true", help="execute nothing: tell whether notebook and source agree")


def _register_inspect(commands: Any) -> None:
    parser = _add(commands, "inspect", inspect_command, "tells what a .tflite file holds", "labs inspect model.tflite")
    parser.add_argument("file", metavar="FILE", type=Path, help="a .tflite file")
    parser.add_argument("--json", action="store_true", help="everything, as JSON")


def _register_figures(commands: Any) -> None:
    parser = _add(commands, "figures", figures_command, "draws the pictures of img/", "labs figures 9-process")
    parser.add_argument("figures", metavar="FIGURE", nargs="*", help="a picture's name (default: all)")


def _register_doctor(commands: Any) -> None:
    parser = _add(commands, "doctor", doctor_command, "tells whether the course will run here", "labs doctor --json")
    parser.add_argument("--json", action="store_true", help="the findings as JSON")


def _add(
    commands: Any, name: str, command: Callable[[argparse.Namespace], int], does: str, example: str
) -> argparse.ArgumentParser:
    sentence = f"{does[0].upper()}{does[1:]}."
    parser = commands.add_parser(name, help=does, description=sentence, epilog=f"example:\n  {example}")
    parser.set_defaults(command=command)
    return parser


def _add_labs(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("labs", metavar="LAB", nargs="*", help="a lab's number, name or file, such as 01")
    parser.add_argument("--all", action="store_true", help="all labs")
    parser.add_argument("--timeout", type=int, default=600, metavar="S", help="seconds for one cell (default: 600)")


def _chosen(options: argparse.Namespace) -> list:
    """The labs that were named, each once, in the order given."""
    from labutils.course import catalog

    if options.all == bool(options.labs):
        raise LabError("Name the labs, or give --all: `labs list` shows which there are.")
    found = catalog.labs() if options.all else [catalog.find_lab(name) for name in options.labs]
    if not found:
        raise LabError("There are no labs yet: notebooks/source is empty.")
    return list({lab.slug: lab for lab in found}.values())


def _pairs(pairs: Sequence[Sequence[str]]) -> dict[str, str]:
    values = {}
    for name, value in pairs:
        if name in values:
            raise LabError(f"The parameter {name} is given twice: keep one.")
        values[name] = value
    return values


def _stop(*_: object) -> NoReturn:
    raise KeyboardInterrupt


def _near(path: Path) -> Path:
    """The path from here, where it is below; else as it is."""
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path


class _Parser(argparse.ArgumentParser):
    """Keeps the line breaks of examples, and says what is wrong in one sentence."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(formatter_class=argparse.RawDescriptionHelpFormatter, allow_abbrev=False, **settings)

    def error(self, message: str) -> NoReturn:
        print(f"labs: {message[0].upper()}{message[1:]}: see `{self.prog} --help`.", file=sys.stderr)
        sys.exit(BAD_INPUT)


class _Version(argparse.Action):
    """Looks the version up only when it is asked for."""

    def __call__(self, parser: argparse.ArgumentParser, *_: Any) -> NoReturn:
        from importlib.metadata import PackageNotFoundError, version

        try:
            print(f"labs {version('labutils')}")
        except PackageNotFoundError:
            print("labs, not installed")
        sys.exit(PASSED)


if __name__ == "__main__":
    sys.exit(main())
