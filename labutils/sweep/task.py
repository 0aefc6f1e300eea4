"""One point of a sweep, executed wherever a Dask worker is: everything comes with it, and goes back as bytes.

The worker needs labutils and what the labs import, and no folder in common with whoever sent the point.
"""

import os
import sys
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from labutils.course.manifest import Rules, write_lab
from labutils.course.parameters import Value
from labutils.course.usage import Limits
from labutils.errors import LabError

# What may change the outcome: Dask sets some of it for its workers, and a point is to come out as it does here.
SURROUNDING = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS", "PYTHONHASHSEED", "LABS_COLD")
SURROUNDING += ("TF_NUM_INTEROP_THREADS", "TF_NUM_INTRAOP_THREADS", "TF_ENABLE_ONEDNN_OPTS", "CUDA_VISIBLE_DEVICES")


@dataclass(frozen=True)
class Task:
    """A point, ready to travel: the lab's name, notebook and source as texts, its values and rules.

    beside: the data beside the notebook, as text by name. variables: of the kernel's environment, as they are where
    the sweep was started; None is not set there.
    """

    slug: str
    notebook: str
    source: str
    beside: Mapping[str, str]
    values: Mapping[str, Value]
    rules: Rules
    variables: Mapping[str, str | None]


class Broken(RuntimeError):
    """The worker could not execute the point, through no fault of the point; the message says why."""


def execute_point(task: Task) -> bytes:
    """The executed notebook, whatever its outcome; Broken where the worker itself is at fault."""
    from labutils.course.execute import execute_lab

    sys.modules.setdefault("rfc3987_syntax", None)  # two seconds of a worker's start: see labutils.cli.entry
    folder, wanted = _surroundings()
    rules = task.rules
    try:
        with tempfile.TemporaryDirectory(prefix="labs-point-", dir=folder, ignore_cleanup_errors=True) as name:
            root = Path(name)
            out = root / "out"
            out.mkdir()
            done = execute_lab(
                write_lab(root, task.slug, task.notebook, task.source, task.beside), task.values, out,
                limits=Limits(rules.cell_seconds, rules.seconds, rules.memory_mb, wanted), strict=rules.strict,
                warm=rules.warm, scratch=root, variables=task.variables,
            )  # fmt: skip
            return done.notebook.read_bytes()
    except (OSError, LabError) as error:
        raise Broken(" ".join(str(error).split())) from None


def surrounding_variables() -> dict[str, str | None]:
    """What a point's kernel is to find in its environment because it is so here."""
    return {name: os.environ.get(name) for name in SURROUNDING}


def worker_versions() -> dict[str, str]:
    """The packages of a worker that results depend on, by name."""
    from labutils.course.stamp import versions

    return versions()


def _surroundings() -> tuple[str | None, Callable[[], bool] | None]:
    """The worker's own folder, which it clears away however it ends, and whether the point is still asked for."""
    from distributed import get_worker

    try:
        worker = get_worker()
    except ValueError:  # in no worker: called by hand
        return None, None
    key = worker.get_current_task()

    def wanted() -> bool:
        state = worker.state.tasks.get(key)
        return state is not None and state.state != "cancelled"

    return worker.local_directory, wanted
