"""What the `labs` command shows on a terminal, and in plain lines where there is none or where rich is broken."""

import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any, TextIO

from labutils.course.catalog import Lab, Measured
from labutils.course.execute import Execution
from labutils.course.parameters import Parameter
from labutils.course.runs import Watcher
from labutils.tflite.anatomy import Anatomy, Operator


class PlainWatcher(Watcher):
    """Tells of a run in lines: one when a lab begins, one when it has ended."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self.stream = stream or sys.stdout

    def started(self, lab: Lab, position: int, total: int) -> None:
        print(f"[{position}/{total}] {lab.slug} ...", file=self.stream, flush=True)

    def finished(self, execution: Execution) -> None:
        print(f"      {outcome_line(execution)}", file=self.stream, flush=True)


class RichWatcher(Watcher):
    """Tells of a run on a terminal: a bar that counts the cells, and a line for each lab that has ended."""

    def __init__(self) -> None:
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

        columns = ["{task.description}", BarColumn(), MofNCompleteColumn(), TextColumn("cells"), TimeElapsedColumn()]
        self.progress = Progress(*columns, transient=True)
        self.task = self.progress.add_task("", total=None)

    def __enter__(self) -> "RichWatcher":
        self.progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.progress.stop()

    def started(self, lab: Lab, position: int, total: int) -> None:
        self.progress.remove_task(self.task)
        self.task = self.progress.add_task(f"{position}/{total} {lab.slug}", total=None)

    def cell(self, lab: Lab, number: int, total: int) -> None:
        self.progress.update(self.task, completed=number - 1, total=total)

    def finished(self, execution: Execution) -> None:
        from rich.markup import escape

        colour = "green" if execution.passed else "red"
        self.progress.print(f"[{colour}]{escape(outcome_line(execution))}[/]", soft_wrap=True, highlight=False)


def outcome_line(execution: Execution) -> str:
    """How one execution ended, in one line."""
    where = " in ".join(filter(None, [execution.outcome, execution.cell]))
    line = f"{execution.lab.slug}: {where}"
    return line if execution.passed else f"{line}: {execution.message}"


def summary_rows(executions: Sequence[Execution]) -> list[list[str]]:
    """A table of a run: a heading and a row for each lab."""
    rows = [["lab", "outcome", "seconds", "CPU-s", "peak MB"]]
    for each in executions:
        figures = [f"{each.seconds:.1f}", f"{each.cpu_seconds:.1f}", f"{each.peak_mb:.0f}"]
        rows.append([each.lab.slug, each.outcome, *figures])
    return rows


def executions_data(executions: Sequence[Execution]) -> list[dict[str, Any]]:
    """The executions as data for `labs run --json`."""
    names = ("outcome", "cell", "message", "seconds", "cpu_seconds", "peak_mb", "exercises")
    return [
        {"lab": each.lab.slug, **{name: getattr(each, name) for name in names}, "notebook": str(each.notebook)}
        for each in executions
    ]


def catalog_rows(
    labs: Sequence[Lab], measured: Measured, parameters: Mapping[str, Sequence[Parameter]]
) -> list[list[str]]:
    """A table of the labs: a heading and a row for each."""
    rows = [["lab", "title", "minutes", "CPU-s", "MB", "parameters"]]
    for lab in labs:
        cost = measured.costs.get(lab.slug)
        figures = [f"{cost.cpu_seconds:.0f}", f"{cost.peak_mb:.0f}"] if cost else ["-", "-"]
        names = ", ".join(f"{each.name}={each.default}" for each in parameters[lab.slug])
        rows.append([lab.number, lab.title, str(lab.minutes), *figures, names])
    return rows


def catalog_data(
    labs: Sequence[Lab], measured: Measured, parameters: Mapping[str, Sequence[Parameter]]
) -> dict[str, Any]:
    """The labs as data for `labs list --json`."""
    entries = []
    for lab in labs:
        cost = measured.costs.get(lab.slug)
        entry = {"number": lab.number, "slug": lab.slug, "title": lab.title, "minutes": lab.minutes}
        entry |= {"quick": dict(lab.quick), "measured": asdict(cost) if cost else None}
        entries.append(entry | {"parameters": [asdict(each) for each in parameters[lab.slug]]})
    return {"machine": measured.machine, "date": measured.date, "labs": entries}


def catalog_markdown(labs: Sequence[Lab], measured: Measured) -> str:
    """The table of the labs for the README, and under it where and when it was measured.

    >>> print(catalog_markdown([], Measured()))
    | lab | title | minutes | CPU-seconds | peak memory |
    |---|---|---:|---:|---:|
    <BLANKLINE>
    Not measured yet: `labs run --all --record`.
    """
    lines = ["| lab | title | minutes | CPU-seconds | peak memory |", "|---|---|---:|---:|---:|"]
    for lab in labs:
        cost = measured.costs.get(lab.slug)
        figures = f"{cost.cpu_seconds:.0f} | {cost.peak_mb / 1000:.2f} GB" if cost else "- | -"
        lines.append(f"| [{lab.number}](notebooks/{lab.notebook.name}) | {lab.title} | {lab.minutes} | {figures} |")
    measured_on = f"Measured with `labs run --all --record` on {measured.machine}, {measured.date}."
    return "\n".join([*lines, "", measured_on if measured.costs else "Not measured yet: `labs run --all --record`."])


def show_anatomy(found: Anatomy, name: str) -> None:
    """Prints what a model file holds: its size by part, its signatures, operators and tensors."""
    print(f"{name}: {found.size:,} bytes, {found.parameters:,} constant numbers, {found.description}\n")
    show_table([["part", "bytes"], *([part, str(size)] for part, size in found.bytes_by_part.items())])
    for signature in found.signatures:
        print(f"\nsignature {signature.key}: {', '.join(signature.inputs)} -> {', '.join(signature.outputs)}")
    if found.has_unfrozen_variables:
        print("\nVAR_HANDLE: the weights are not in this file, and what it answers is chance.")
    for graph in found.subgraphs:
        print(f"\ngraph {graph.name}")
        steps = [[str(operator.index), operator.name, *_edges(operator)] for operator in graph.operators]
        show_table([["step", "operator", "reads", "writes"], *steps])
        print()
        heading = ["tensor", "dtype", "shape", "bytes", "name"]
        rows = [[str(t.index), t.dtype, _shape(t.shape), str(t.bytes or "-"), t.name[:60]] for t in graph.tensors]
        show_table([heading, *rows])


def _edges(operator: Operator) -> list[str]:
    return [" ".join(str(i) for i in ends if i >= 0) for ends in (operator.inputs, operator.outputs)]


def _shape(shape: Sequence[int]) -> str:
    return "x".join("?" if size == -1 else str(size) for size in shape) or "scalar"


def show_table(rows: Sequence[Sequence[str]]) -> None:
    """Prints a heading and rows in columns that fit: numbers to the right, the last column without an end."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    numeric = [all(_number(row[column]) for row in rows[1:]) for column in range(len(rows[0]))]
    for row in rows:
        cells = [
            text.rjust(width) if number else text.ljust(width)
            for text, width, number in zip(row, widths, numeric, strict=True)
        ]
        print("  ".join(cells).rstrip())


def _number(text: str) -> bool:
    return text == "-" or text.replace(".", "", 1).isdigit()
