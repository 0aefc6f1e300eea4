"""Our latency beside that of litert-benchmark, the tool that comes with LiteRT, on the same file, taking turns.

The tool rounds to 0.01 ms, so the file is a MobileNetV2 of full size, whose inference takes milliseconds.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median

from labutils import models
from labutils.tflite.files import write_model
from labutils.tflite.latency import latency
from labutils.tflite.quiet import quiet
from labutils.tflite.runtime import open_model

ROUNDS, RUNS, WARMUP = 7, 100, 10


def full_size(folder: Path) -> Path:
    """MobileNetV2, alpha 1.0, 224 pixels, converted: untrained, since only its time matters."""
    with quiet():
        import tensorflow as tf

        model = models.mobilenet_v2_digits(weights=None, alpha=1.0, image_size=224)
        content = tf.lite.TFLiteConverter.from_keras_model(model).convert()
    return write_model(folder / "mobilenet_v2_224.tflite", content)


def theirs(path: Path, threads: int) -> float:
    """Median milliseconds of one inference by litert-benchmark."""
    result = path.with_suffix(".json")
    tool = Path(sys.executable).with_name("litert-benchmark")
    command = [tool, "--model", path, "--num_runs", RUNS, "--warmup_runs", WARMUP, "--result_json", result]
    subprocess.run(list(map(str, [*command, "--num_threads", threads])), check=True, capture_output=True)
    return json.loads(result.read_text())["latency"]["median_ms"]


def ours(path: Path, threads: int) -> float:
    """Median milliseconds of one inference by labutils.tflite.latency."""
    return latency({"ours": open_model(path, threads=threads).invoke}, runs=RUNS, warmup=WARMUP)["ours"].median


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = full_size(Path(folder))
        for threads in (1, 2):
            pairs = [(ours(path, threads), theirs(path, threads)) for _ in range(ROUNDS)]
            ratios = sorted(a / b for a, b in pairs)
            print(
                f"MobileNetV2 1.0, 224 px, {threads} thread(s): ours {median(a for a, _ in pairs):.2f} ms, "
                f"litert-benchmark {median(b for _, b in pairs):.2f} ms; "
                f"ratio {median(ratios):.3f} ({ratios[0]:.3f} to {ratios[-1]:.3f})"
            )
