"""The sub-commands for who runs labs headless: params, results."""

from __future__ import annotations

import argparse
import dataclasses
import json
from pathlib import Path
from typing import Any

from labutils.cli.parser import PASSED, add_command, near
from labutils.course.catalog import find_lab


def params_command(options: argparse.Namespace) -> int:
    """`labs params`."""
    from labutils.course import console
    from labutils.course.parameters import read_parameters

    lab = find_lab(options.lab)
    known = read_parameters(lab)
    if options.json:
        print(json.dumps([{**dataclasses.asdict(each), "quick": lab.quick.get(each.name)} for each in known], indent=1))
        return PASSED
    rows = [["parameter", "default", "quick", "may be", "what it is"]]
    for each in known:
        quick = str(lab.quick[each.name]) if each.name in lab.quick else ""
        rows.append([each.name, str(each.default), quick, each.allowed, each.help])
    console.show_table(rows)
    return PASSED


def results_command(options: argparse.Namespace) -> int:
    """`labs results`."""
    from labutils.course import results

    table = results.results(options.runs)
    if options.output:
        print(near(results.write_results(table, options.output)))
    else:
        print(table.to_csv(index=False), end="")
    return PASSED


def _register_params(commands: Any) -> None:
    parser = add_command(commands, "params", params_command, "lists the parameters of a lab", "labs params 04")
    parser.add_argument("lab", metavar="LAB", help="a lab's number, name or file, such as 04")
    parser.add_argument("--json", action="store_true", help="as JSON")


def _register_results(commands: Any) -> None:
    does = "collects what executed labs recorded into one table"
    parser = add_command(commands, "results", results_command, does, "labs results build/runs -o results.csv")
    parser.add_argument("runs", metavar="RUN", nargs="+", type=Path, help="an executed notebook, or a folder of them")
    ends = ".csv, .json or .parquet (default: CSV to the terminal)"
    parser.add_argument("-o", dest="output", metavar="FILE", type=Path, help=f"where to write: {ends}")


REGISTER = (_register_params, _register_results)
