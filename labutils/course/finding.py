"""What `labs doctor` found, and how it is shown. Runs on old Pythons too: it is there to say that they are too old."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass

OK, WARNING, PROBLEM = "ok", "warning", "problem"
COLOURS = {OK: "green", WARNING: "yellow", PROBLEM: "bold red"}


@dataclass(frozen=True)
class Finding:
    """What was looked at, how it is ("ok", "warning", "problem"), what was found, and the cure where one is needed."""

    name: str
    state: str
    found: str
    cure: str = ""


def show_findings(findings: Sequence[Finding]) -> None:
    """Prints what the doctor found, each cure under its finding; coloured on a terminal that can."""
    width = max(len(finding.name) for finding in findings)
    for finding in findings:
        _print_coloured(finding.state, f"{finding.state:8}", f"{finding.name:{width}}  {finding.found}")
        if finding.cure:
            print(f"{'':8} {'':{width}}  -> {finding.cure}")


def _print_coloured(state: str, mark: str, text: str) -> None:
    if sys.stdout.isatty():
        try:
            from rich.console import Console
            from rich.markup import escape

            coloured = f"[{COLOURS[state]}]{mark}[/] {escape(text)}"
            Console().print(coloured, soft_wrap=True, highlight=False)
            return
        except Exception:  # a broken rich must not silence the doctor
            pass
    print(f"{mark} {text}")
