"""What executions found: one tidy row for each executed notebook, with its parameters and what it recorded."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from labutils.course.manifest import Manifest, is_sweep, read_manifest
from labutils.course.parameters import read_parameters
from labutils.course.session import MIME
from labutils.course.stamp import KEY
from labutils.errors import LabError
from labutils.files import write_whole

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = ("lab", "outcome", "cell", "message", "seconds", "cpu_seconds", "peak_mb", "date", "machine")
NOT_RUN = "not run"  # the outcome of a point of a sweep that has no executed notebook yet


def read_result(path: Path) -> dict[str, Any]:
    """One executed notebook as a row: how it ended, `parameter.NAME`, `NAME [unit]` for each value, `version.NAME`.

    Raises LabError for a file that `labs run` has not written.
    """
    try:
        notebook = json.loads(path.read_text(encoding="utf-8"))
        run = notebook["metadata"][KEY]
        cells, _ = notebook["cells"], run["lab"]
    except FileNotFoundError:
        raise LabError(f"There is no file {path}: name an executed notebook, or the folder of a run.") from None
    except (OSError, ValueError, KeyError, TypeError):
        raise LabError(f"{path.name} was not executed by `labs run`: there is nothing to collect.") from None
    row = {name: run.get(name) for name in COLUMNS}
    row |= {f"parameter.{name}": value for name, value in run.get("parameters", {}).items()}
    for cell in cells:
        for output in cell.get("outputs", []):
            found = output.get("data", {}).get(MIME, {})
            unit = f" [{found['unit']}]" if found.get("unit") else ""
            row |= {f"{name}{unit}": value for name, value in found.get("values", {}).items()}
    row |= {f"exercise.{name}": outcome for name, outcome in run.get("exercises", {}).items()}
    row |= {f"version.{name}": version for name, version in run.get("versions", {}).items()}
    return {**row, "notebook": str(path)}


def results(runs: Iterable[str | Path]) -> pd.DataFrame:
    """One row for every executed notebook of some runs, in the order given, then by name.

    runs: executed notebooks; folders of them, such as `build/runs/<time>`, in which notebooks that were executed by
    other means are passed over; and folders of sweeps, with a row for every point, run or not. What only some of the
    labs have is missing (NaN) in the rows of the others. Raises LabError where there is nothing to collect.
    """
    import pandas as pd

    rows = [row for run in runs for row in _rows(Path(run))]
    if not rows:
        raise LabError("There are no executed notebooks: name the folder of a run, such as build/runs/<time>.")
    return pd.DataFrame(rows)


def write_results(table: pd.DataFrame, path: Path) -> Path:
    """Write the table as .csv, .json (a list of rows) or .parquet, by the file's ending, whole or not at all.

    Raises LabError for another ending, and for .parquet where pyarrow is not installed.
    """
    ending = path.suffix.lower()
    if ending == ".csv":
        return write_whole(path, table.to_csv(index=False))
    if ending == ".json":
        return write_whole(path, table.to_json(orient="records", indent=1) + "\n")
    if ending != ".parquet":
        raise LabError(f"{path.name} ends with {ending or 'nothing'}: choose .csv, .json or .parquet.")
    try:
        return write_whole(path, table.to_parquet(index=False))
    except ImportError:
        raise LabError("Parquet needs a package more: `pip install pyarrow`, or choose .csv.") from None


def _rows(run: Path) -> list[dict[str, Any]]:
    if is_sweep(run):
        return _points(read_manifest(run))
    if not run.is_dir():
        return [read_result(run)]
    found = sorted(path for path in run.rglob("*.ipynb") if ".ipynb_checkpoints" not in path.parts)
    return [read_result(path) for path in found if not _by_other_means(path)]


def _points(sweep: Manifest) -> list[dict[str, Any]]:
    """A row for each point of a sweep, whether it has an executed notebook yet or not."""
    missing, defaults = set(sweep.open_points()), {each.name: each.default for each in read_parameters(sweep.lab)}
    rows = []
    for number, values in enumerate(sweep.points, 1):
        if number in missing:
            given = {f"parameter.{name}": value for name, value in {**defaults, **values}.items()}
            row = {"lab": sweep.slug, "outcome": NOT_RUN, **given, "notebook": ""}
        else:
            row = read_result(sweep.path(number))
        rows.append({"point": number, **row})
    return rows


def _by_other_means(path: Path) -> bool:
    """Whether it is a whole notebook that no `labs run` has stamped; a torn one is for `read_result` to refuse."""
    try:
        return not json.loads(path.read_text(encoding="utf-8")).get("metadata", {}).get(KEY, {}).get("lab")
    except (OSError, ValueError, AttributeError):
        return False
