"""A sweep from the beginning, and one that goes on: what `labs sweep` calls, and the public functions `labs` offers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from labutils.course.catalog import Lab, find_lab
from labutils.course.grid import check_axes, expand
from labutils.course.manifest import Manifest, Rules, read_manifest, write_manifest
from labutils.course.parameters import check_values
from labutils.course.results import read_result, results
from labutils.course.runs import new_folder
from labutils.errors import LabError
from labutils.files import sole_user, writable_folder
from labutils.legacy.place import folder as second_environment
from labutils.paths import course_root
from labutils.sweep.cluster import Where, connect, share_of_memory
from labutils.sweep.drive import State, Watcher, drive
from labutils.sweep.stopper import Stopper
from labutils.sweep.task import surrounding_variables

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Conduct:
    """How a sweep meets what goes wrong.

    retries: of a point whose worker has died. fail_fast: the first failure is the end.
    """

    retries: int = 2
    fail_fast: bool = False


def plan(
    lab: Lab, axes: Mapping[str, Sequence[object]], fixed: Mapping[str, object] | None = None, *,
    quick: bool = False, rules: Rules | None = None, out: Path | None = None,
) -> Manifest:  # fmt: skip
    """The sweep over the axes' values, set down in a new folder, `build/sweeps/<time>/` unless `out` names one.

    fixed: one value each for other parameters. quick: those that are not given have their quick values. Raises
    LabError, before anything is written, for whatever does not fit, and names it.
    """
    checked = check_axes(lab, axes)
    if not checked:
        raise LabError("A sweep needs values to vary: give -g NAME=V1,V2,...; one execution is `labs run`.")
    for name in fixed or {}:
        if name in checked:
            raise LabError(f"{name} has several values and one: keep either.")
    expand(checked)  # refuses a grid that is too large
    base = {name: value for name, value in lab.quick.items() if quick and name not in checked}
    values = check_values(lab, {**base, **(fixed or {})})
    folder = writable_folder(out) if out else new_folder(course_root() / "build" / "sweeps")
    return write_manifest(lab, checked, values, rules or Rules(), folder)


def carry_out(
    manifest: Manifest, where: Where, conduct: Conduct, watcher: Watcher, *, retry_failed: bool = False
) -> State:
    """Executes the points of the sweep that are open; retry_failed: those too that have ended without passing.

    Raises LabError where another process is at it, KeyboardInterrupt (once all is put in order) where it was stopped.
    """
    with sole_user(manifest.folder, "another `labs sweep` is at work in it: wait for its end"):
        numbers = manifest.open_points()
        if retry_failed:
            numbers = sorted({*numbers, *failed_points(manifest)})
        if not numbers:
            return State(len(manifest.points), len(manifest.points))
        variables = surrounding_variables()  # before there is a cluster: Dask changes some
        if not where.scheduler:  # a point is executed in a course of its own, which has no second environment
            variables["LABS_FLEX"] = str(second_environment())
        cluster = connect(where, variables, manifest.rules.warm and not manifest.lab.cold)
        how = {"variables": variables, "retries": conduct.retries, "fail_fast": conduct.fail_fast}
        with Stopper() as stopper, stopper.listen(bool(where.scheduler)), cluster as client, stopper.listen():
            return drive(manifest, numbers, client, watcher, **how)


def failed_points(manifest: Manifest) -> list[int]:
    """The points that have ended in another way than passed."""
    there = set(manifest.numbers()) - set(manifest.open_points())
    return sorted(number for number in there if read_result(manifest.path(number))["outcome"] != "passed")


def sweep(
    lab: str, axes: Mapping[str, Sequence[object]], fixed: Mapping[str, object] | None = None, *,
    quick: bool = False, out: str | Path | None = None, where: Where | None = None, rules: Rules | None = None,
    conduct: Conduct | None = None,
) -> pd.DataFrame:  # fmt: skip
    """Executes a lab over a grid of parameter values, and returns one row for each point, as `results` does.

    lab: its number, name or file. axes: name -> values. fixed: one value each for other parameters. where: on this
    machine unless it names a scheduler. In a notebook, its progress is shown below the cell. Called from a script, it
    has to stand below `if __name__ == "__main__":`, since the workers load the script as well.
    """
    from labutils.sweep.shown import fitting_watcher

    where = where or Where()
    rules = rules or Rules(memory_mb=share_of_memory(where))
    folder = Path(out) if out is not None else None
    manifest = plan(find_lab(lab), axes, fixed, quick=quick, rules=rules, out=folder)
    with fitting_watcher() as watcher:
        carry_out(manifest, where, conduct or Conduct(), watcher)
    return results([manifest.folder])


def resume(folder: str | Path, *, where: Where | None = None, conduct: Conduct | None = None) -> pd.DataFrame:
    """Goes on with a sweep that did not come to its end: nothing that is done is done again."""
    from labutils.sweep.shown import fitting_watcher

    manifest = read_manifest(Path(folder))
    with fitting_watcher() as watcher:
        carry_out(manifest, where or Where(), conduct or Conduct(), watcher)
    return results([manifest.folder])
