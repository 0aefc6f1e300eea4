"""Executes one notebook in a kernel of its own, and tells the ways apart in which that can end."""

import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from labutils.course import source
from labutils.course.catalog import Lab
from labutils.course.parameters import Value
from labutils.course.silence import silenced
from labutils.course.stamp import KEY, outcomes, stamp
from labutils.course.usage import Limits, Usage, Watch
from labutils.errors import LabError
from labutils.files import write_whole

if TYPE_CHECKING:
    from nbformat import NotebookNode

CHATTY = ("papermill", "asyncio", "traitlets")
STARTS = 3  # of a kernel that ends before the first cell: another process may have taken the port that it was given
OnCell = Callable[[int, int], None]  # the cell that starts, counted from 1, and how many there are


@dataclass(frozen=True)
class Ending:
    """How an execution ended, where, and what was said.

    outcome: "passed", "failed", "timeout", "out of memory", "dead kernel" or "interrupted".

    cell: number and name of the cell, as "cell 7 (train)"; None when all passed or no cell had started.
    """

    outcome: str
    cell: str | None = None
    message: str = ""


@dataclass(frozen=True)
class Execution:
    """One executed lab: its ending, what it took, and where the executed notebook is."""

    lab: Lab
    outcome: str
    message: str
    cell: str | None
    seconds: float
    cpu_seconds: float
    peak_mb: float
    notebook: Path
    exercises: Mapping[str, str]  # name -> "correct", "not yet" or "not tried", as the checks found

    @property
    def passed(self) -> bool:
        """Whether every cell was executed, with no error but those that belong to the lesson."""
        return self.outcome == "passed"


def execute_lab(
    lab: Lab, values: Mapping[str, Value], out: Path, *, limits: Limits | None = None, strict: bool = False,
    warm: bool = False, scratch: Path | None = None, variables: Mapping[str, str | None] | None = None,
    on_cell: OnCell | None = None,
) -> Execution:  # fmt: skip
    """Executes the lab's notebook (its source where there is none) with those parameter values, checked already.

    out: an existing folder; the executed notebook is written to it, whole, whatever the outcome, and what the lab
    itself writes goes below `out/files/`. How its exercises were answered stands in its metadata too, by name.
    limits: to time and memory. strict: an exercise without a right answer is an error. warm: the kernel may come from
    a process that holds TensorFlow already, unless the lab is about what is loaded. scratch: where the kernel's own
    files may lie for a while (default: the system's place). variables: more of the kernel's environment; None takes
    one away.
    """
    notebook = read_notebook(lab)
    start = time.perf_counter()
    ending, usage = execute_notebook(
        notebook, lab.notebook.parent, values=values, build=out / "files", limits=limits, strict=strict,
        warm=warm and not lab.cold, scratch=scratch, variables=variables, on_cell=on_cell,
    )  # fmt: skip
    seconds = time.perf_counter() - start
    path = out / lab.notebook.name
    done = Execution(
        lab, ending.outcome, ending.message, ending.cell, seconds, usage.cpu_seconds, usage.peak_mb, path,
        outcomes(notebook),
    )  # fmt: skip
    notebook.metadata[KEY] = stamp(done, values)
    write_whole(path, notebook_text(notebook))
    return done


def execute_notebook(
    notebook: "NotebookNode",
    folder: Path,
    *,
    values: Mapping[str, Value] | None = None,
    build: Path | None = None,
    limits: Limits | None = None,
    strict: bool = False,
    warm: bool = False,
    scratch: Path | None = None,
    variables: Mapping[str, str | None] | None = None,
    on_cell: OnCell | None = None,
) -> tuple[Ending, Usage]:
    """Executes the notebook, in place, with `folder` as its working directory; papermill injects the values.

    build: where labutils.paths.workdir is to write; None for the course's own build/. An execution that was cut off
    leaves its reason in the cell, as an error output.
    """
    from labutils.course import kernel

    kernel.check_kernel()
    place = _Place({cell.get("id"): cell_name(number, cell) for number, cell in enumerate(notebook.cells, 1)}, on_cell)
    codes: list[int] = []
    limits = limits or Limits()
    temporary = tempfile.TemporaryDirectory(prefix="labs-", dir=scratch, ignore_cleanup_errors=True)
    with silenced(*CHATTY), temporary as own, Watch(limits) as watch:
        place.look = watch.look_again
        environment = kernel.kernel_environment(Path(own), build, strict, variables or {})
        manager = kernel.kernel_manager(Path(own), environment, watch.follow, codes.append, warm)
        for _ in range(STARTS):
            codes.clear()
            stopped = _execute(notebook, dict(values or {}), manager, folder, limits.cell, place)
            if not stopped or stopped[0] != "dead kernel" or place.cell is not None or watch.verdict:
                break
    if not stopped:
        return _ending(notebook, place), watch.usage
    outcome, message = watch.verdict if watch.verdict and stopped[0] == "dead kernel" else stopped
    if outcome == "dead kernel" and codes:
        message += f" ({kernel.cause_of_death(codes[0])})"
    if place.cell is not None:
        _mark(place.cell, outcome, message)
    return Ending(outcome, place.name, message), watch.usage


def read_notebook(lab: Lab) -> "NotebookNode":
    """The lab's built notebook, or what its source stands for where it is not built; LabError when it is torn."""
    if not lab.notebook.exists():
        return source.read_source(lab.source)
    import nbformat

    try:
        return nbformat.reads(lab.notebook.read_text(encoding="utf-8"), as_version=4)
    except Exception:  # nbformat raises as many kinds as a file can be wrong in
        raise LabError(f"{lab.notebook.name} is no notebook: build it again with `labs build {lab.number}`.") from None


def notebook_text(notebook: "NotebookNode") -> str:
    """The notebook as the text of an .ipynb file, the same for the same notebook."""
    import nbformat

    return nbformat.writes(notebook).rstrip("\n") + "\n"


def cell_name(number: int, cell: "NotebookNode") -> str:
    """How a message names a cell: its number, and its own tag where it has one."""
    tag = source.own_tag(cell.metadata.get("tags", []))
    return f"cell {number} ({tag})" if tag else f"cell {number}"


class _Place:
    """Where an execution is: nbclient's hooks keep it up to date."""

    def __init__(self, names: dict[str, str], on_cell: OnCell | None) -> None:
        self.names, self.on_cell = names, on_cell
        self.cell: NotebookNode | None = None
        self.total = len(names)
        self.look: Callable[[], None] = lambda: None

    @property
    def name(self) -> str | None:
        return self.name_of(self.cell) if self.cell is not None else None

    def name_of(self, cell: "NotebookNode") -> str:
        return self.names.get(cell.get("id"), "the cell of the values given")

    def started(self, cell: "NotebookNode", cell_index: int) -> None:
        self.cell = cell
        if self.on_cell:
            self.on_cell(cell_index + 1, self.total)

    def executed(self, **_: Any) -> None:
        self.look()


def _execute(
    notebook: "NotebookNode", values: dict[str, Value], manager: type, folder: Path, timeout: int, place: _Place
) -> tuple[str, str] | None:
    """What cut the execution off, as outcome and message; None when it came to its end."""
    from jupyter_client.kernelspec import NoSuchKernel
    from nbclient.exceptions import CellTimeoutError, DeadKernelError
    from papermill.engines import papermill_engines
    from papermill.iorw import load_notebook_node
    from papermill.parameterize import parameterize_notebook

    try:
        ready = load_notebook_node(notebook)
        if values:
            ready = parameterize_notebook(ready, values, kernel_name="python3", language="python")
        notebook.update(ready)
        place.total = len(notebook.cells)
        papermill_engines.execute_notebook_with_engine(
            "nbclient", notebook, "python3", progress_bar=False, autosave_cell_every=0, execution_timeout=timeout,
            kernel_manager_class=manager, resources={"metadata": {"path": str(folder)}},
            on_cell_start=place.started, on_cell_executed=place.executed,
        )  # fmt: skip
    except CellTimeoutError:
        return "timeout", f"it was still running after {timeout} s, the limit for one cell"
    except DeadKernelError:
        return "dead kernel", "the kernel died"
    except NoSuchKernel:
        raise LabError("This Python has no kernel for notebooks: see `labs doctor`.") from None
    except KeyboardInterrupt:
        return "interrupted", "you stopped it"
    except RuntimeError as error:
        return "dead kernel", f"the kernel did not start ({' '.join(str(error).split())[:200]})"
    return None


def _ending(notebook: "NotebookNode", place: _Place) -> Ending:
    """How an execution ended that was not cut off: an error in a cell that is not tagged raises-exception fails it."""
    for cell in notebook.cells:
        if cell.cell_type != "code" or "raises-exception" in cell.metadata.get("tags", []):
            continue
        for output in cell.outputs:
            if output.output_type == "error":
                return Ending("failed", place.name_of(cell), " ".join(f"{output.ename}: {output.evalue}".split())[:300])
    if notebook.metadata.get("papermill", {}).get("exception"):
        return Ending("failed", place.name, "it ended with an error that it did not show")
    return Ending("passed")


def _mark(cell: "NotebookNode", outcome: str, message: str) -> None:
    from nbformat.v4 import new_output

    if cell.cell_type == "code":
        text = f"labs: {outcome}: {message}"
        cell.outputs.append(new_output("error", ename=outcome, evalue=message, traceback=[text]))
