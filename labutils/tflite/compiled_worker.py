"""The child of `compiled`: compiles model.tflite of a folder, answers in.npz, and leaves out.npz there.

Where the runtime refuses it leaves why.txt, in one line, and ends with code 2; it may also crash.
"""

import sys
from pathlib import Path
from time import perf_counter_ns

import numpy as np


def main(folder: Path, accelerators: list[str], runs: int) -> None:
    """Compile, run once, and time so many runs more."""
    from ai_edge_litert.compiled_model import CompiledModel, HardwareAccelerator

    asked = HardwareAccelerator(0)
    for name in accelerators:
        asked |= HardwareAccelerator[name]
    model = CompiledModel.from_file(str(folder / "model.tflite"), hardware_accel=asked)
    key = next(iter(model.get_signature_list()))
    names = model.get_signature_list()[key]
    wants, gives = model.get_input_tensor_details(key), model.get_output_tensor_details(key)
    taken, made = model.create_input_buffers(0), model.create_output_buffers(0)
    with np.load(folder / "in.npz", allow_pickle=False) as given:
        for place, name in enumerate(names["inputs"]):
            taken[place].write(_checked(given[f"arr_{place}"], name, wants[name]))
    model.run_by_index(0, taken, made)
    outputs = [_read(buffer, gives[name]) for buffer, name in zip(made, names["outputs"], strict=True)]

    def answer() -> None:
        """Run, and read the answer: a GPU is only told to begin by `run`, and reading waits for it."""
        model.run_by_index(0, taken, made)
        for buffer, name in zip(made, names["outputs"], strict=True):
            _read(buffer, gives[name])

    times = [_timed(answer) for _ in range(runs + runs // 10)][runs // 10 :]
    found = {"whole": model.is_fully_accelerated(), "milliseconds": np.array(times) / 1e6}
    np.savez(folder / "out.npz", *outputs, **found)


def _timed(call) -> int:
    start = perf_counter_ns()
    call()
    return perf_counter_ns() - start


def _checked(value: np.ndarray, name: str, detail: dict) -> np.ndarray:
    shape = tuple(detail["shape"])
    if value.dtype != np.dtype(detail["dtype"]) or value.shape != shape:
        raise ValueError(f"input {name} wants {detail['dtype']} {shape}, but was given {value.dtype} {value.shape}.")
    return np.ascontiguousarray(value)


def _read(buffer, detail: dict) -> np.ndarray:
    shape = tuple(detail["shape"])
    return buffer.read(int(np.prod(shape)), np.dtype(detail["dtype"]).type).reshape(shape)


if __name__ == "__main__":
    try:
        main(Path(sys.argv[1]), sys.argv[2].split("+"), int(sys.argv[3]))
    except (ValueError, RuntimeError, KeyError, StopIteration) as error:
        (Path(sys.argv[1]) / "why.txt").write_text(" ".join(str(error).split())[-300:], encoding="utf-8")
        sys.exit(2)
