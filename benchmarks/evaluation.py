"""Our evaluation of a test set beside the shortest loop that the bare interpreter allows, in turns."""

import numpy as np
from ai_edge_litert.interpreter import Interpreter

from labutils import data
from labutils.models import asset
from labutils.tflite.latency import latency
from labutils.tflite.quiet import quiet
from labutils.tflite.runtime import open_model

REPEATS = 20  # the 360 test images, so many times over: long enough to time


def bare(path, inputs: np.ndarray, batch: int):
    """A function that evaluates all inputs with as little as possible around the interpreter."""
    with quiet():
        interpreter = Interpreter(str(path))
        index, out = interpreter.get_input_details()[0]["index"], interpreter.get_output_details()[0]["index"]
        interpreter.resize_tensor_input(index, [batch, *inputs.shape[1:]])
        interpreter.allocate_tensors()

    def run() -> np.ndarray:
        parts = []
        for start in range(0, len(inputs), batch):
            interpreter.set_tensor(index, inputs[start : start + batch])
            interpreter.invoke()
            parts.append(interpreter.get_tensor(out))
        return np.concatenate(parts)

    return run


def main() -> None:
    images, _ = data.digits("test")
    cases = {
        "digits_cnn.tflite": np.tile(data.for_cnn(images), (REPEATS, 1, 1, 1)),
        "mobilenet_v2_digits.tflite": data.for_mobilenet(images),
    }
    for name, inputs in cases.items():
        model = open_model(asset(name))
        rivals = {f"bare loop, batches of {b}": bare(asset(name), inputs, b) for b in (1, 15, 60, 360)}
        rivals["labutils predict"] = lambda model=model, inputs=inputs: model.predict(inputs)
        found = {k: v.median for k, v in latency(rivals, runs=9, warmup=1).items()}
        best = min(time for rival, time in found.items() if rival.startswith("bare"))
        for rival, time in found.items():
            print(f"{name:28} {rival:28} {len(inputs) / time * 1000:10,.0f} images/s   {best / time:5.0%} of the best")
