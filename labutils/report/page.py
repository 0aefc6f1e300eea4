"""One page of a run: it holds all that it shows, and asks no other machine for anything."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from labutils.course.results import results
from labutils.files import write_whole
from labutils.report import summary, tables
from labutils.report.failures import failures
from labutils.report.figures import choose
from labutils.report.kinds import Chart
from labutils.report.parts import Parts
from labutils.report.run import Row, Run, read_run, relative
from labutils.report.shell import ASSETS, environment, policy, style_sheet
from labutils.report.words import assigned, count, duration, sign

if TYPE_CHECKING:
    import pandas as pd


def write_report(run: str | Path, out: str | Path | None = None) -> Path:
    """The page of a run or a sweep, whole or not at all: how it ended, charts, a table, every executed notebook.

    run: a folder of executed notebooks, or one of them. out: the page's file; `report.html` in that folder by default.
    Raises LabError where there is nothing executed, or the file cannot be written.

    >>> from labutils.errors import LabError
    >>> try:
    ...     write_report(Path("no such run"))
    ... except LabError as error:
    ...     print(str(error)[:29])
    There is no file no such run:
    """
    run = Path(run)
    out = Path(out or (run / "report.html" if run.is_dir() else run.with_suffix(".html")))
    return write_whole(out, page(results([run]), run if run.is_dir() else run.parent))


def page(table: pd.DataFrame, folder: Path, limit: int | None = None) -> str:
    """The page's HTML. table: of `labutils.course.results.results`; folder: what its notebooks are told from.

    limit: characters of notebooks, beyond which their pictures are left out.
    """
    from markupsafe import Markup

    run = read_run(table, folder)
    parts = Parts(limit) if limit is not None else Parts()
    script = (ASSETS / "page.js").read_text("utf-8")
    content = _words(run, table, folder) | _notebooks(run, parts) | _charts(run)
    templates = environment(ASSETS)
    templates.globals |= {"sign": sign, "count": count, "assigned": assigned, "cell_id": _cell_id}
    templates.globals["breakable"] = lambda name: Markup("_<wbr>").join(name.split("_"))
    content["contents"] = [(name, words) for name, words in _CONTENTS.items() if content.get(name, True)]
    return templates.get_template("page.html").render(
        **content, run=run, policy=policy(script), script=Markup(script), css=Markup(style_sheet()),
        parts={name: Markup(html) for name, html in parts.html.items()},
    )  # fmt: skip


_CONTENTS = {
    "summary": "Summary", "failures": "What did not pass", "charts": "Charts", "executions": "All executions",
    "notebooks": "Notebooks",
}  # fmt: skip


def _words(run: Run, table: pd.DataFrame, folder: Path) -> dict[str, Any]:
    """All but charts and notebooks."""
    groups = run.groups
    constants = [(group.title, assigned(group.constant)) for group in groups if group.constant]
    if not run.several:
        constants = [("The parameters that do not vary", values) for _, values in constants]
        alike = ", ".join(f"{name} {value}" for name, value in tables.unchanged(groups[0]))
        constants += [("Recorded alike by every execution", alike)] if alike else []
    own = [Run(run.folder, group.rows) for group in groups if run.several and len(group.rows) > 1]
    return {
        "title": summary.title(run), "lead": summary.lead(run), "outcomes": summary.outcomes(run),
        "facts": summary.facts(run, folder.resolve().name), "folder": folder.resolve().name,
        "constants": constants,
        "table": tables.executions(run), "lab_tables": [(each.groups[0], tables.executions(each)) for each in own],
        "recorded": tables.recorded(run), "csv": tables.csv_link(_csv(table, folder)),
        "csv_name": f"{re.sub(r'[^A-Za-z0-9_-]+', '-', folder.resolve().name) or 'run'}.csv",
    }  # fmt: skip


def _csv(table: pd.DataFrame, folder: Path) -> str:
    """The table of results; notebooks are told from the folder, since the page may go elsewhere."""
    places = [relative(Path(place), folder) if isinstance(place, str) and place else "" for place in table["notebook"]]
    return table.assign(notebook=places).to_csv(index=False)


def _notebooks(run: Run, parts: Parts) -> dict[str, Any]:
    """What did not pass comes first: where the page is bounded, its pictures are the last to be left out."""
    from labutils.report.notebooks import Setting, read_notebook, show_notebook

    read: dict[int, dict[str, Any]] = {row.number: read_notebook(row.notebook) for row in run.rows if row.notebook}
    single = {group.lab: group.rows[0] for group in run.groups if run.several and len(group.rows) == 1}
    links = {f"{lab}.ipynb": f"#n{row.number}" for lab, row in single.items()}
    shown = {}
    for row in sorted(run.rows, key=lambda row: row.passed):
        if row.number in read:
            setting = Setting(parts, run.place(row), links)
            cells = show_notebook(read[row.number], setting)
            shown[row.number] = ";".join(f"{_cell_id(cell.name)}:{','.join(cell.parts)}" for cell in cells)
    headings = {row.number: _heading(run, row) for row in run.rows}
    return {"notebooks": shown, "headings": headings, "failures": failures(run, read)}


def _heading(run: Run, row: Row) -> str:
    """An execution in a line."""
    group = run.group(row)
    what = [group.title] if run.several else []
    what += [f"No. {row.number}"] if len(group.rows) > 1 else []
    what += [assigned(group.own(row))] if group.own(row) else []
    what += [duration(row.seconds)] if row.seconds is not None else []
    return " · ".join(what)


def _charts(run: Run) -> dict[str, Any]:
    from markupsafe import Markup

    from labutils.report.draw import draw

    choice = choose(run)
    drawn: dict[str, list[tuple[Chart, Markup]]] = {}
    for heading, charts in choice.charts.items():
        for chart in charts:
            key = f"c{sum(map(len, drawn.values())) + 1}"
            drawn.setdefault(heading, []).append((chart, Markup(draw(chart, key))))
    return {"charts": drawn, "sentences": choice.sentences}


def _cell_id(name: str) -> str:
    """A cell's name without what the page's script divides names by."""
    return re.sub(r"[:;,]", " ", name)
