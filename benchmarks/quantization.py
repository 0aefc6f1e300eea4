"""The quantizations of the shipped MobileNetV2 against its float file: time of one answer, in turns, and its spread."""

import numpy as np

from labutils import data, models
from labutils.tflite.latency import Latency, latency
from labutils.tflite.quiet import quiet
from labutils.tflite.runtime import open_model
from labutils.tflite.variants import PATHS, freeze, variants

ROUNDS, RUNS = 7, 40
NAMES = [name for name, path in PATHS.items() if not path.select]


def main() -> None:
    with quiet():
        frozen = freeze(models.mobilenet_v2_digits())
        files = variants(frozen, data.for_mobilenet(data.digits("train")[0][:100]), NAMES)
    for title, xnnpack in (("XNNPACK, 1 thread", True), ("without XNNPACK, 1 thread", False)):
        rivals = {name: open_model(content, xnnpack=xnnpack).invoke for name, content in files.items()}
        rounds = [latency(rivals, runs=RUNS, warmup=3) for _ in range(ROUNDS)]
        print(f"{title}: times float, the median of {ROUNDS} rounds, and the smallest and largest")
        for name in NAMES:
            print(f"  {name:14} {_ratio(rounds, name)}")


def _ratio(rounds: list[dict[str, Latency]], name: str) -> str:
    ratios = [each[name].median / each["float"].median for each in rounds]
    own = np.median([each[name].median for each in rounds])
    return f"{np.median(ratios):5.2f}   {min(ratios):5.2f} to {max(ratios):5.2f}   {own:6.2f} ms"
