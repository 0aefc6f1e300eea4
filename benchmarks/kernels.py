"""Kernels forked from a process that has imported TensorFlow against ordinary ones, in turns."""

import os
import time
from statistics import median

from jupyter_client import KernelManager

from labutils import warm
from labutils.warm.key import possible

ROUNDS = 7
CODE = "import tensorflow"


def seconds(manager: KernelManager) -> tuple[float, float]:
    """Until the kernel answers, and until it has TensorFlow."""
    start = time.perf_counter()
    manager.start_kernel()
    client = manager.client()
    client.start_channels()
    client.wait_for_ready(timeout=60)
    ready = time.perf_counter() - start
    client.execute_interactive(CODE, timeout=60, output_hook=lambda message: None)
    imported = time.perf_counter() - start
    client.stop_channels()
    manager.shutdown_kernel(now=True)
    return ready, imported


def warm_manager() -> KernelManager:
    manager = KernelManager()
    warm.install(manager)
    return manager


def main() -> None:
    if not possible(os.environ):
        print("kernels cannot be started warm here")
        return
    first = seconds(warm_manager())[1]
    taken: dict[str, list[tuple[float, float]]] = {"cold": [], "warm": []}
    for _ in range(ROUNDS):
        taken["cold"].append(seconds(KernelManager()))
        taken["warm"].append(seconds(warm_manager()))
    warm.close()
    found = {name: [median(column) for column in zip(*times, strict=True)] for name, times in taken.items()}
    print(f"the first, with its nursery   {first:5.2f} s")
    for name, (ready, imported) in found.items():
        ratio = imported / found["cold"][1]
        print(f"{name}   ready {ready:5.2f} s   with TensorFlow {imported:5.2f} s   {ratio:4.2f} times cold")
