"""The sub-commands that operate the course: open, list, run, build, figures, doctor."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from labutils.cli.parser import FAILED, PASSED, add_command, near, pairs, positive, read_yaml
from labutils.errors import LabError

if TYPE_CHECKING:
    from labutils.course.catalog import Lab
    from labutils.course.execute import Execution


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
    if options.record and not (options.all and not options.parameters and not options.yaml and not options.quick):
        raise LabError("--record takes the whole course as it is: use it with --all, and without -p and --quick.")
    done = _run(chosen, options)
    told = sys.stderr if options.json else sys.stdout
    if options.json:
        print(json.dumps(console.executions_data(done), indent=1))
    else:
        print()
        console.show_table(console.summary_rows(done))
        print(f"\nexecuted notebooks: {near(done[-1].notebook.parent)}")
    if options.all:
        from labutils.report.page import write_report

        print(f"report: {near(write_report(done[-1].notebook.parent))}", file=told)
    if done[-1].outcome == "interrupted":
        raise KeyboardInterrupt
    if not all(execution.passed for execution in done):
        return FAILED
    if options.record:
        print(f"recorded: {near(runs.record(done))}", file=told)
    return PASSED


def _run(chosen: Sequence[Lab], options: argparse.Namespace) -> list[Execution]:
    """Executes the labs; progress goes to the terminal, or in lines to where no data goes."""
    from labutils.course import console, runs

    values = {**read_yaml(options.yaml), **pairs(options.parameters)}
    settings: dict[str, Any] = {
        "quick": options.quick, "out": options.out, "timeout": options.timeout, "strict": options.strict,
        "warm": not (options.cold or options.record),
    }  # fmt: skip
    if sys.stdout.isatty() and not options.json:
        with console.RichWatcher() as watcher:
            return runs.run_labs(chosen, values, watcher=watcher, **settings)
    watcher = console.PlainWatcher(sys.stderr if options.json else sys.stdout)
    return runs.run_labs(chosen, values, watcher=watcher, **settings)


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
                print(f"{lab.slug} ...")
                print(f"      {near(build.build_lab(lab, timeout=options.timeout))}")
        except LabError as error:
            print(f"labs: {error}", file=sys.stderr)
            code = FAILED
    return code


def figures_command(options: argparse.Namespace) -> int:
    """`labs figures`."""
    from labutils.paths import course_root
    from labutils.show.figures import performance, write_figures, write_gallery

    root = course_root()
    if options.record:
        print(near(performance.record(performance.measure())))
    for path in write_figures(root / "img", options.figures):
        print(near(path))
    print(near(write_gallery(root)))
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
    parser = add_command(
        commands, "open", open_command, "opens the course in JupyterLab", "labs open 06 --port 9000",
        "JupyterLab ended with an error",
    )  # fmt: skip
    parser.add_argument("lab", metavar="LAB", nargs="?", help="the lab to put in front (default: the first)")
    parser.add_argument("--port", type=int, help="the port; default 8888, or the next free one")
    parser.add_argument("--ip", default="127.0.0.1", help="the address to listen on (default: this machine only)")
    parser.add_argument("--no-browser", action="store_true", help="only print the address")


def _register_list(commands: Any) -> None:
    does = "lists the labs: time, memory, parameters"
    parser = add_command(commands, "list", list_command, does, "labs list --markdown")
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="as JSON, with types and ranges of the parameters")
    form.add_argument("--markdown", action="store_true", help="the table for the README")


def _register_run(commands: Any) -> None:
    does = "executes labs in kernels of their own"
    parser = add_command(commands, "run", run_command, does, "labs run 01 06 -p seed 3", "a lab did not pass")
    _add_labs(parser)
    parser.add_argument(
        "-p", dest="parameters", nargs=2, action="append", default=[], metavar=("NAME", "VALUE"),
        help="a parameter's value; with several labs it goes to those that have the parameter",
    )  # fmt: skip
    parser.add_argument("--yaml", type=Path, metavar="FILE", help="values as `name: value` lines; -p goes before them")
    parser.add_argument("--quick", action="store_true", help="start from the labs' quick values, as the tests do")
    parser.add_argument("--cold", action="store_true", help="each lab imports TensorFlow itself (so does --record)")
    parser.add_argument("--strict", action="store_true", help="an exercise without a right answer fails its lab")
    parser.add_argument("--out", type=Path, metavar="DIR", help="where to write (default: build/runs/<time>)")
    parser.add_argument("--record", action="store_true", help="with --all: keep the measured costs for `labs list`")
    parser.add_argument("--json", action="store_true", help="the executions as JSON; progress goes to stderr")


def _register_build(commands: Any) -> None:
    does, failed = "makes notebooks from notebooks/source", "a lab failed, or with --check differs"
    parser = add_command(commands, "build", build_command, does, "labs build 01", failed)
    _add_labs(parser)
    parser.add_argument("--check", action="store_true", help="execute nothing: tell whether notebook and source agree")


def _register_figures(commands: Any) -> None:
    parser = add_command(commands, "figures", figures_command, "draws the pictures of img/", "labs figures 9-process")
    parser.add_argument("figures", metavar="FIGURE", nargs="*", help="a picture's name (default: all)")
    parser.add_argument("--record", action="store_true", help="first measure the times of 4-performance anew")


def _register_doctor(commands: Any) -> None:
    does, failed = "tells whether the course will run here", "it found a problem"
    parser = add_command(commands, "doctor", doctor_command, does, "labs doctor --json", failed)
    parser.add_argument("--json", action="store_true", help="the findings as JSON")


def _add_labs(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("labs", metavar="LAB", nargs="*", help="a lab's number, name or file, such as 01")
    parser.add_argument("--all", action="store_true", help="all labs")
    seconds = "seconds for one cell (default: 600)"
    parser.add_argument("--timeout", type=positive, default=600, metavar="S", help=seconds)


def _chosen(options: argparse.Namespace) -> list[Lab]:
    """The labs that were named, each once, in the order given."""
    from labutils.course import catalog

    if options.all == bool(options.labs):
        raise LabError("Name the labs, or give --all: `labs list` shows which there are.")
    found = catalog.labs() if options.all else [catalog.find_lab(name) for name in options.labs]
    if not found:
        raise LabError("There are no labs yet: notebooks/source is empty.")
    return list({lab.slug: lab for lab in found}.values())


REGISTER = (_register_open, _register_list, _register_run, _register_build, _register_figures, _register_doctor)
