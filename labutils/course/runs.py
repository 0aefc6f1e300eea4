"""Runs several labs, one after the other, into one folder, and records what they cost."""

import datetime
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from labutils.course.catalog import Cost, Lab, measured_path
from labutils.course.execute import Execution, execute_lab
from labutils.course.parameters import Value, check_values, read_parameters, unknown
from labutils.course.stamp import machine
from labutils.course.usage import Limits
from labutils.errors import LabError
from labutils.files import writable_folder, write_whole
from labutils.paths import course_root


class Watcher:
    """What is told of a run while it goes on; a display overrides what it shows."""

    def started(self, lab: Lab, position: int, total: int) -> None:
        """The lab's execution begins: the position-th of so many."""

    def cell(self, lab: Lab, number: int, total: int) -> None:
        """The lab's cell of that number begins."""

    def finished(self, execution: Execution) -> None:
        """The lab's execution has ended."""


def run_labs(
    chosen: Sequence[Lab],
    values: Mapping[str, object] | None = None,
    *,
    quick: bool = False,
    out: Path | None = None,
    timeout: int = 600,
    strict: bool = False,
    warm: bool = True,
    watcher: Watcher | None = None,
) -> list[Execution]:
    """Executes the labs in turn; all is checked before the first kernel starts, and an interruption ends the run.

    values: parameter values; with several labs, each goes to those labs that have such a parameter, and one that no lab
    has is an error. quick: start from the labs' quick profiles. out: where executed notebooks go, and below `files/`
    what the labs write; by default a new folder `build/runs/<time>/`. timeout: seconds for one cell. strict: a lab with
    an exercise that has no right answer fails. warm: several labs share the import of TensorFlow, where the system can;
    the results are the same, the costs are not.
    Raises LabError for values that do not fit and for a folder that cannot be written.
    """
    shares = share_values(chosen, values or {}, quick)
    folder = writable_folder(out) if out else new_folder(course_root() / "build" / "runs")
    watcher = watcher or Watcher()
    done = []
    shared = warm and len(chosen) > 1
    for position, lab in enumerate(chosen, 1):
        watcher.started(lab, position, len(chosen))
        on_cell = lambda number, total, lab=lab: watcher.cell(lab, number, total)
        settings = {"limits": Limits(timeout), "strict": strict, "warm": shared, "on_cell": on_cell}
        done.append(execute_lab(lab, shares[lab.slug], folder, **settings))
        watcher.finished(done[-1])
        if done[-1].outcome == "interrupted":
            break
    return done


def share_values(chosen: Sequence[Lab], values: Mapping[str, object], quick: bool) -> dict[str, dict[str, Value]]:
    """The checked values of each lab, by slug: its quick profile if asked, and those of `values` that it has.

    Raises LabError for a value that does not fit, and for a name that none of the labs has.
    """
    names = {lab.slug: [parameter.name for parameter in read_parameters(lab)] for lab in chosen}
    if len(chosen) > 1:
        everything = sorted({name for known in names.values() for name in known})
        for name in values:
            if name not in everything:
                sentence = unknown(name, everything, "together they have")
                raise LabError(f"None of these labs has the parameter {sentence}")
    shares = {}
    for lab in chosen:
        own = {name: value for name, value in values.items() if len(chosen) == 1 or name in names[lab.slug]}
        shares[lab.slug] = check_values(lab, {**lab.quick, **own} if quick else own)
    return shares


def new_folder(parent: Path) -> Path:
    """A new folder named after the time, counted where two runs start in one second; LabError if it cannot be made."""
    name = datetime.datetime.now().strftime("%Y-%m-%dT%H%M%S")
    writable_folder(parent)
    for count in range(1, 1000):
        folder = parent / (name if count == 1 else f"{name}-{count}")
        try:
            folder.mkdir()
            return folder
        except FileExistsError:
            continue
        except OSError as error:
            raise LabError(f"The folder {folder} cannot be made ({error.strerror}): free it, or give --out.") from None
    raise LabError(f"The folder {parent} is full of runs of this second: give --out.")


def record(executions: Sequence[Execution]) -> Path:
    """Writes what the labs cost to `notebooks/measured.json`; LabError when one of them did not pass."""
    if not all(execution.passed for execution in executions):
        raise LabError("Nothing was recorded, because not every lab passed: mend the lab, and run them all again.")
    costs = {
        each.lab.slug: vars(Cost(round(each.cpu_seconds, 1), round(each.seconds, 1), round(each.peak_mb)))
        for each in executions
    }
    content = {"machine": machine(), "date": datetime.date.today().isoformat(), **costs}
    return write_whole(measured_path(), json.dumps(content, indent=1) + "\n")
