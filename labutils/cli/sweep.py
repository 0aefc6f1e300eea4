"""The sub-commands for many executions at once: sweep, and the report of a run or of a sweep."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from labutils.cli.parser import (
    FAILED,
    INTERRUPTED,
    PASSED,
    add_command,
    add_scheduler,
    count,
    memory,
    near,
    pairs,
    positive,
    read_yaml,
)
from labutils.errors import LabError

if TYPE_CHECKING:
    import pandas as pd

    from labutils.course.manifest import Manifest
    from labutils.sweep.cluster import Where
    from labutils.sweep.drive import State

EXAMPLE = "labs sweep 04 -g calibration_samples=1,10,100 -g seed=1..3 --quick"
MOST_ROWS = 40  # of the table on the terminal; results.csv has all


def sweep_command(options: argparse.Namespace) -> int:
    """`labs sweep`."""
    from labutils.sweep import run, shown

    where = _where(options)
    manifest = _resumed(options) if options.resume else _planned(options, where)
    conduct = run.Conduct(options.retries, options.fail_fast)
    stream = sys.stderr if options.json else None
    try:
        with shown.fitting_watcher(stream) as watcher:
            state = run.carry_out(manifest, where, conduct, watcher, retry_failed=options.retry_failed)
    except (KeyboardInterrupt, LabError) as stop:
        done = len(manifest.points) - len(manifest.open_points())
        how = f"go on with: labs sweep --resume {_quoted(manifest.folder)}"
        so_far = f"{done} of {len(manifest.points)} points are done; {how}"
        if isinstance(stop, LabError):
            raise LabError(f"{stop} {so_far}") from None
        print(f"labs: stopped. {so_far}", file=sys.stderr)
        return INTERRUPTED
    return _end(manifest, state, options)


def report_command(options: argparse.Namespace) -> int:
    """`labs report`."""
    from labutils.report.page import write_report

    print(near(write_report(options.run, options.output)))
    return PASSED


def _planned(options: argparse.Namespace, where: Where) -> Manifest:
    from labutils.course.catalog import find_lab
    from labutils.course.grid import read_axes
    from labutils.course.manifest import Rules
    from labutils.sweep.cluster import share_of_memory
    from labutils.sweep.run import plan

    if not options.lab:
        raise LabError("Name the lab to sweep, such as `labs sweep 01 -g seed=1,2,3`, or --resume DIR.")
    if options.retry_failed:
        raise LabError("--retry-failed goes with --resume DIR: a new sweep has no failures yet.")
    rules = Rules(
        options.timeout, options.time_limit, options.memory_limit or share_of_memory(where), options.strict,
        not options.cold,
    )  # fmt: skip
    axes = read_axes(options.grid, read_yaml(options.yaml))
    fixed = pairs(options.parameters)
    axes = {name: values for name, values in axes.items() if name not in fixed or name in _names(options.grid)}
    return plan(find_lab(options.lab), axes, fixed, quick=options.quick, rules=rules, out=options.out)


def _names(grid: list[str]) -> set[str]:
    return {text.partition("=")[0].strip() for text in grid}


def _resumed(options: argparse.Namespace) -> Manifest:
    from labutils.course.manifest import read_manifest

    given = options.lab or options.grid or options.parameters or options.yaml or options.out
    if given or options.quick or options.strict or options.cold:
        raise LabError("--resume goes on with a sweep as it was planned: leave the lab, its values and rules out.")
    return read_manifest(options.resume)


def _where(options: argparse.Namespace) -> Where:
    from labutils.sweep.cluster import Where

    if options.workers and options.scheduler:
        raise LabError("--workers is for this machine, --scheduler for a cluster that is there: keep one.")
    return Where(options.workers, options.scheduler, options.tls_ca_file, options.tls_cert, options.tls_key)


def _end(manifest: Manifest, state: State, options: argparse.Namespace) -> int:
    """The table on the terminal, `results.csv` and `report.html` in the folder."""
    from labutils.course.results import results, write_results
    from labutils.report.page import write_report

    table = results([manifest.folder])
    kept = write_results(table, manifest.folder / "results.csv")
    report = write_report(manifest.folder)
    if options.json:
        print(table.to_json(orient="records", indent=1))
    else:
        _show(table, manifest)
        print(f"\n{near(kept)}\n{near(report)}")
    return FAILED if state.failed or state.done < state.total or _any_failed(table) else PASSED


def _any_failed(table: pd.DataFrame) -> bool:
    return bool((table["outcome"] != "passed").any())


def _show(table: pd.DataFrame, manifest: Manifest) -> None:
    from labutils.course.console import show_table

    varied = [f"parameter.{name}" for name in manifest.axes]
    rows = [["point", *manifest.axes, "outcome", "seconds", "CPU-s", "peak MB"]]
    for _, row in table.head(MOST_ROWS).iterrows():
        figures = [f"{row.get('seconds', float('nan')):.1f}", f"{row.get('cpu_seconds', float('nan')):.1f}"]
        figures.append(f"{row.get('peak_mb', float('nan')):.0f}")
        rows.append([str(row["point"]), *(str(row[name]) for name in varied), row["outcome"], *figures])
    print()
    show_table(rows)
    if len(table) > MOST_ROWS:
        print(f"... and {len(table) - MOST_ROWS} more")
    counted = table["outcome"].value_counts()
    print("\n" + ", ".join(f"{count} {outcome}" for outcome, count in counted.items()))


def _quoted(folder: Path) -> str:
    import shlex

    return shlex.quote(str(near(folder)))


def _register_sweep(commands: Any) -> None:
    does = "executes a lab over a grid of parameter values"
    parser = add_command(commands, "sweep", sweep_command, does, EXAMPLE, "a point did not pass")
    parser.add_argument("lab", metavar="LAB", nargs="?", help="a lab's number, name or file, such as 01")
    _add_grid(parser)
    _add_where(parser)
    _add_rules(parser)
    again = parser.add_argument_group("going on")
    again.add_argument("--resume", type=Path, metavar="DIR", help="go on with the sweep in that folder")
    again.add_argument("--retry-failed", action="store_true", help="and execute again what did not pass")


def _add_grid(parser: argparse.ArgumentParser) -> None:
    values = parser.add_argument_group("values")
    values.add_argument(
        "-g", dest="grid", action="append", default=[], metavar="NAME=VALUES",
        help="values of a parameter: 1,2,3 or 1..20; with several -g, every combination",
    )  # fmt: skip
    values.add_argument(
        "-p", dest="parameters", nargs=2, action="append", default=[], metavar=("NAME", "VALUE"),
        help="one value for another parameter",
    )  # fmt: skip
    does = "values as `name: [1, 2]` lines; -g and -p go before them"
    values.add_argument("--yaml", type=Path, metavar="FILE", help=does)
    values.add_argument("--quick", action="store_true", help="start from the lab's quick values")
    values.add_argument("--out", type=Path, metavar="DIR", help="where to write (default: build/sweeps/<time>)")
    values.add_argument("--json", action="store_true", help="the table as JSON; progress goes to stderr")


def _add_where(parser: argparse.ArgumentParser) -> None:
    add_scheduler(parser.add_argument_group("where"))


def _add_rules(parser: argparse.ArgumentParser) -> None:
    rules = parser.add_argument_group("rules")
    rules.add_argument("--timeout", type=positive, default=600, metavar="S", help="seconds for one cell (default: 600)")
    rules.add_argument("--time-limit", type=positive, metavar="S", help="seconds for a whole point")
    rules.add_argument("--memory-limit", type=memory, metavar="SIZE", help="of a point, as 2GB (default: its share)")
    tries = "of a point whose worker died (default: 2)"
    rules.add_argument("--retries", type=count, default=2, metavar="N", help=tries)
    ends = rules.add_mutually_exclusive_group()
    ends.add_argument("--keep-going", action="store_true", help="execute all points, whatever fails (the default)")
    ends.add_argument("--fail-fast", action="store_true", help="end with the first point that fails")
    rules.add_argument("--strict", action="store_true", help="an exercise without a right answer fails its point")
    rules.add_argument("--cold", action="store_true", help="each point imports TensorFlow itself")


def _register_report(commands: Any) -> None:
    does = "makes one page of a run or a sweep: charts, failures, notebooks"
    parser = add_command(commands, "report", report_command, does, "labs report build/runs/<time>")
    parser.add_argument("run", metavar="RUN", type=Path, help="the folder of a run or of a sweep")
    where = "where to write (default: RUN/report.html)"
    parser.add_argument("-o", dest="output", metavar="FILE", type=Path, help=where)


REGISTER = (_register_sweep, _register_report)
