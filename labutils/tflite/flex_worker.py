"""Runs in the Flex environment: answers .tflite models with its interpreter, arrays in, arrays out.

job.json: a list of {"name": of the model, "rows": how many at a time, 0 for all, "outputs": tensor indexes}. For the
model N there are N.tflite and N.in.npz, whose keys are tensor indexes; it leaves N.out.npz, likewise. Text is UTF-8.
"""

import json
import sys
from pathlib import Path

import numpy as np


def main(folder: Path) -> None:
    """Answers every model of the job, one after the other."""
    import tensorflow as tf

    for number, question in enumerate(json.loads((folder / "job.json").read_text(encoding="utf-8"))):
        (folder / "at.txt").write_text(question["name"], encoding="utf-8")
        with np.load(folder / f"{number}.in.npz", allow_pickle=False) as file:
            given = {int(index): file[index] for index in file.files}
        interpreter = tf.lite.Interpreter(model_content=(folder / f"{number}.tflite").read_bytes())
        parts = [ask(interpreter, part, question["outputs"]) for part in cut(given, question["rows"])]
        joined = parts[0] if len(parts) == 1 else {i: np.concatenate([part[i] for part in parts]) for i in parts[0]}
        np.savez(folder / f"{number}.out.npz", **{str(index): value for index, value in joined.items()})


def cut(given: dict[int, np.ndarray], rows: int) -> list[dict[int, np.ndarray]]:
    """The inputs, so many rows at a time; all at once where rows is 0."""
    if not rows:
        return [given]
    count = len(next(iter(given.values())))
    return [{i: value[start : start + rows] for i, value in given.items()} for start in range(0, count, rows)]


def ask(interpreter, given: dict[int, np.ndarray], outputs: list[int]) -> dict[int, np.ndarray]:
    """One inference: tensor index -> array."""
    for entry in interpreter.get_input_details():
        if tuple(entry["shape"]) != given[entry["index"]].shape:
            interpreter.resize_tensor_input(entry["index"], given[entry["index"]].shape)
    interpreter.allocate_tensors()
    for index, value in given.items():
        interpreter.set_tensor(index, encoded(value) if value.dtype.kind == "U" else value)
    interpreter.invoke()
    return {index: decoded(interpreter.get_tensor(index)) for index in outputs}


def encoded(text: np.ndarray) -> np.ndarray:
    """Text as the interpreter takes it: an array of bytes objects."""
    flat = [each.encode("utf-8", "surrogateescape") for each in text.ravel().tolist()]
    return objects(flat, text.shape)


def decoded(value: np.ndarray) -> np.ndarray:
    """What the interpreter gives: numbers as they are, bytes as fixed-width text, which needs no pickle in a file."""
    if value.dtype.kind not in "OS":
        return value
    flat = [each.decode("utf-8", "surrogateescape") for each in value.ravel().tolist()]
    return np.array(flat, np.str_).reshape(value.shape)


def objects(flat: list, shape: tuple) -> np.ndarray:
    """An array of Python objects; numpy alone would make fixed-width bytes of it and cut zeros off."""
    array = np.empty(len(flat), object)
    array[:] = flat
    return array.reshape(shape)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
