"""Our latency beside that of litert-benchmark, the tool that comes with LiteRT, on the same files, taking turns.

The tool rounds to 0.01 ms, which is coarse for the shipped models. So there is a MobileNetV2 of full size, whose
inference takes milliseconds, and for each file a third opinion: `CompiledModel`, by which the tool runs, unrounded.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median

import numpy as np

from labutils import models
from labutils.tflite import compiled
from labutils.tflite.files import write_model
from labutils.tflite.latency import latency
from labutils.tflite.quiet import quiet
from labutils.tflite.runtime import open_model

ROUNDS, RUNS, WARMUP = 7, 100, 10
SHORT_RUNS = 2000  # of the shipped models: about as long as the tool's start
SHIPPED = ("mobilenet_v2_digits.tflite", "digits_cnn.tflite", "digits_cnn_int8.tflite", "neuron.tflite")


def full_size(folder: Path) -> Path:
    """MobileNetV2, alpha 1.0, 224 pixels, converted: untrained, since only its time matters."""
    with quiet():
        import tensorflow as tf

        model = models.mobilenet_v2_digits(weights=None, alpha=1.0, image_size=224)
        content = tf.lite.TFLiteConverter.from_keras_model(model).convert()
    return write_model(folder / "mobilenet_v2_224.tflite", content)


def theirs(path: Path, threads: int, result: Path, runs: int = RUNS) -> float:
    """Median milliseconds of one inference by litert-benchmark."""
    tool = Path(sys.executable).with_name("litert-benchmark")
    command = [tool, "--model", path, "--num_runs", runs, "--warmup_runs", WARMUP, "--result_json", result]
    subprocess.run(list(map(str, [*command, "--num_threads", threads])), check=True, capture_output=True)
    return json.loads(result.read_text())["latency"]["median_ms"]


def ours(path: Path, threads: int, runs: int = RUNS) -> float:
    """Median milliseconds of one inference by labutils.tflite.latency."""
    return latency({"ours": open_model(path, threads=threads).invoke}, runs=runs, warmup=WARMUP)["ours"].median


def through_compiled_model(path: Path, runs: int) -> float:
    """Median milliseconds of one inference and of reading its answer, by CompiledModel in a process of its own."""
    inputs = [np.zeros([abs(n) for n in spec.shape], spec.dtype) for spec in open_model(path).inputs.values()]
    return compiled.run(path, *inputs, runs=runs).latency.median


def large(path: Path, result: Path) -> None:
    for threads in (1, 2):
        pairs = [(ours(path, threads), theirs(path, threads, result)) for _ in range(ROUNDS)]
        ratios = sorted(a / b for a, b in pairs)
        print(
            f"MobileNetV2 1.0, 224 px, {threads} thread(s): ours {median(a for a, _ in pairs):.2f} ms, "
            f"litert-benchmark {median(b for _, b in pairs):.2f} ms; "
            f"ratio {median(ratios):.3f} ({ratios[0]:.3f} to {ratios[-1]:.3f})"
        )


def shipped(result: Path) -> None:
    """The shipped models: three opinions each, and what a call costs where there is next to nothing to compute."""
    for name in SHIPPED:
        path = models.asset(name)
        rounds = [
            (ours(path, 1, SHORT_RUNS), theirs(path, 1, result, SHORT_RUNS), through_compiled_model(path, SHORT_RUNS))
            for _ in range(ROUNDS)
        ]
        a, b, c = (median(column) for column in zip(*rounds, strict=True))
        ratio = f"ratio {a / b:.3f}" if b else "no ratio: rounded to nothing"
        print(f"{name:28} ours {a:.4f} ms, litert-benchmark {b:.2f} ms, {ratio}; CompiledModel {c:.4f} ms")
    calls = latency({"nothing": lambda: None}, runs=SHORT_RUNS)["nothing"].median
    print(f"of each of our figures {1000 * calls:.2f} µs is the call of a Python function and the clock")


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        result = Path(folder) / "result.json"
        large(full_size(Path(folder)), result)
        shipped(result)
