"""Runs a model through LiteRT's `CompiledModel`, on the processor or the GPU, always in a process of its own.

A truncated file, or a driver that fails, takes its process with it: here that is a child, and ends in one sentence.
"""

import os
import re
import signal
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from labutils.errors import LabError
from labutils.tflite.anatomy import anatomy
from labutils.tflite.files import ModelFileError, ModelSource, label, read_model
from labutils.tflite.latency import Latency

ACCELERATORS = {"cpu": ("CPU",), "gpu": ("GPU",), "gpu or cpu": ("GPU", "CPU")}  # what may take an operator, in order
NO_ADAPTER = "No adapters found"  # what the runtime logs where it finds no GPU
NOT_ALL = "ops are not accelerated"  # what it raises where the GPU alone was asked for, and lacks an operator
LACKING = re.compile(r"^(\w+): Operation is not supported", re.MULTILINE)


class NoAcceleratorError(LabError):
    """The machine lacks the hardware that was asked for, or its driver."""


@dataclass(frozen=True)
class Compiled:
    """What came back. outputs: an array for each, in order. adapter: the GPU's name, "" where the log has none.

    whole: whether the accelerator took every operator. latency: None where no runs were asked for.
    """

    outputs: tuple[np.ndarray, ...]
    adapter: str
    whole: bool
    latency: Latency | None


def run(
    model: ModelSource, *inputs: np.ndarray, accelerator: str = "cpu", runs: int = 0, seconds: float = 120.0
) -> Compiled:
    """Compile a model for an accelerator and run it once, in a child process.

    model: a path or the bytes; a free batch is 1. inputs: an array for each, in the order of the graph, with the
    model's own shape and dtype; outputs come in the graph's order, too.
    accelerator: "cpu", "gpu", or "gpu or cpu", where the processor takes what the GPU leaves. runs: so many timed runs
    follow, after a tenth as many that do not count; each ends when the answer has been read. seconds: for all of it.

    Raises NoAcceleratorError where there is no such hardware, ModelFileError for a damaged file, or one that crashes
    the runtime, LabError for arguments that do not fit.

    >>> from labutils.models import asset
    >>> run(asset("neuron.tflite"), np.array([[10.0]], np.float32)).outputs[0].round(0)
    array([[19.]], dtype=float32)
    """
    if accelerator not in ACCELERATORS:
        raise LabError(f"There is no accelerator {accelerator!r}: choose one of {', '.join(ACCELERATORS)}.")
    content = read_model(model)
    wanted = len(anatomy(model).subgraphs[0].inputs)  # refuses most damaged files before they can crash anything
    if wanted != len(inputs):
        raise LabError(f"{label(model)} has {wanted} inputs, and {len(inputs)} arrays were given: give one for each.")
    if runs < 0:
        raise LabError(f"runs is {runs}: give 0 or more.")
    with tempfile.TemporaryDirectory(prefix="labs-compiled-") as name:
        folder = Path(name)
        (folder / "model.tflite").write_bytes(content)
        np.savez(folder / "in.npz", *inputs)
        log = _child(folder, label(model), accelerator, runs, seconds)
        with np.load(folder / "out.npz", allow_pickle=False) as found:
            outputs = tuple(found[f"arr_{n}"] for n in range(len(found.files) - 2))
            times = Latency(found["milliseconds"]) if runs else None
            return Compiled(outputs, _adapter(log), bool(found["whole"]), times)


def _child(folder: Path, name: str, accelerator: str, runs: int, seconds: float) -> str:
    """Let the worker do it, and return its log. Raises what `run` raises."""
    words = [str(folder), "+".join(ACCELERATORS[accelerator]), str(runs)]
    command = [sys.executable, "-m", "labutils.tflite.compiled_worker", *words]
    try:
        child = subprocess.run(
            command, capture_output=True, text=True, errors="replace", timeout=seconds, stdin=subprocess.DEVNULL,
            env=_environment(),
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        raise LabError(f"{name} was not done after {seconds:g} s on the {accelerator}, and was stopped.") from None
    if child.returncode == 0:
        return child.stderr
    if NO_ADAPTER in child.stderr:
        raise NoAcceleratorError(
            "No GPU adapter was found: CompiledModel does not fall back to the processor, whatever else you allow. Ask "
            'for "cpu", or install a Vulkan driver.'
        )
    if child.returncode == 2:
        raise LabError(_why_not(name, (folder / "why.txt").read_text(encoding="utf-8"), child.stderr))
    raise ModelFileError(f"{name} {ending(child.returncode)}: it is damaged, or the accelerator's driver is; try cpu.")


def _why_not(name: str, why: str, log: str) -> str:
    if NOT_ALL in why:
        lacks = ", ".join(dict.fromkeys(LACKING.findall(log))) or "an operator"
        return f'The GPU lacks {lacks} of {name}: allow "gpu or cpu", and the processor computes what is left.'
    return f"{name} was refused ({why.split('└')[-1].strip(' .')}): give it the inputs that it wants, or try cpu."


def ending(code: int) -> str:
    """How a process ended that was not to end so, by its exit code: the words after its name.

    >>> ending(-11)
    'crashed the runtime (SIGSEGV)'
    """
    if code < 0:
        return f"crashed the runtime ({signal.Signals(-code).name})"
    return f"made the runtime fail (exit code {code})"


def _adapter(log: str) -> str:
    """What the log calls the GPU that it has chosen."""
    chosen = [line.split("Selected adapter: ")[1] for line in log.splitlines() if "Selected adapter: " in line]
    return chosen[-1].split(", arch=")[0] if chosen else ""


def _environment() -> dict[str, str]:
    """That of this process, with labutils to be found as it is here."""
    place = str(Path(__file__).parents[2])
    return os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, [place, os.environ.get("PYTHONPATH")]))}
