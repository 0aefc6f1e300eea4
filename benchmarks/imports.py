"""What importing the course's rooms adds to starting Python: medians of child processes that take turns."""

import subprocess
import sys
import time
from statistics import median

ROUNDS = 15
MODULES = ["labutils", "labutils.cli", "labutils.exercises", "labutils.tflite.runtime", "ai_edge_litert.interpreter"]


def seconds(code: str) -> float:
    start = time.perf_counter()
    subprocess.run([sys.executable, "-c", code], check=True)
    return time.perf_counter() - start


def main() -> None:
    codes = {"bare Python": "pass", **{name: f"import {name}" for name in MODULES}}
    taken: dict[str, list[float]] = {name: [] for name in codes}
    for _ in range(ROUNDS):
        for name, code in codes.items():
            taken[name].append(seconds(code))
    bare = median(taken["bare Python"])
    for name, times in taken.items():
        print(f"{name:28} {1000 * median(times):6.0f} ms   {1000 * (median(times) - bare):+6.0f} ms over bare Python")
