"""Opens a model file of unknown health in a child process, which may crash or hang without harm."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np

from labutils.tflite.anatomy import anatomy
from labutils.tflite.files import ModelFileError

SECONDS = 30.0


def probe(path: str | os.PathLike, seconds: float = SECONDS) -> None:
    """Read, load, allocate and invoke a model once, on zeros, in a child process.

    Returns None when all went well. Raises ModelFileError with one sentence when the file is no model or is damaged,
    when it crashes the runtime, or when it is not done after so many seconds.

    >>> from labutils.models import asset
    >>> probe(asset("neuron.tflite"))
    """
    path = Path(path)
    anatomy(path)
    command = [sys.executable, "-m", "labutils.tflite.isolate", str(path)]
    try:
        child = subprocess.run(command, capture_output=True, text=True, timeout=seconds, stdin=subprocess.DEVNULL)
    except subprocess.TimeoutExpired:
        raise ModelFileError(f"{path.name} was not done after {seconds:g} s and was stopped: it is damaged.") from None
    if child.returncode == 2:
        raise ModelFileError(child.stderr.strip().splitlines()[-1])
    if child.returncode:
        raise ModelFileError(f"{path.name} {_ending(child.returncode)}: it is damaged; make it again.")


def _ending(code: int) -> str:
    if code < 0:
        return f"crashed the runtime ({signal.Signals(-code).name})"
    return f"made the runtime fail (exit code {code})"


def run_once(path: str | os.PathLike) -> None:
    """Load, allocate and invoke a model in this process, on zeros. Raises ModelFileError."""
    from labutils.tflite.runtime import open_model

    model = open_model(path)
    try:
        for entry in model.interpreter.get_input_details():
            if np.issubdtype(entry["dtype"], np.number):
                model.interpreter.set_tensor(entry["index"], np.zeros(entry["shape"], entry["dtype"]))
        model.invoke()
    except (ValueError, RuntimeError, MemoryError) as error:
        why = str(error).splitlines()[0][:160]
        raise ModelFileError(f"{Path(path).name} loads but does not run ({why}): it is damaged.") from None


if __name__ == "__main__":
    try:
        run_once(sys.argv[1])
    except ModelFileError as error:
        print(error, file=sys.stderr)
        sys.exit(2)
