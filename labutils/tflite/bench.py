"""Measures .tflite files against one another: each loaded once, all taking turns."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from labutils.errors import LabError
from labutils.tflite.isolate import probe
from labutils.tflite.latency import Latency, latency
from labutils.tflite.runtime import Model, open_model

THREADS = 64  # more than any machine of a course has: a slip of the keyboard


@dataclass(frozen=True)
class Timing:
    """One file with one number of threads. name: short, and no other file's. ratio: its median over the first's."""

    name: str
    file: str
    threads: int
    bytes: int
    latency: Latency
    ratio: float


def bench(
    files: Sequence[str | os.PathLike],
    threads: Sequence[int] = (1,),
    runs: int = 100,
    warmup: int = 10,
    xnnpack: bool = True,
) -> list[Timing]:
    """Time single inferences of each file with each number of threads; the rivals take turns in short bursts.

    A free batch, or another free size, is measured at 1; the inputs are made up. runs: counted per rival; warmup: not
    counted. xnnpack: False for the kernels without that delegate. Times are of this machine, in milliseconds.
    Raises ModelFileError for a file that does not load and run, LabError for numbers out of range.

    >>> from labutils.models import asset
    >>> [each.threads for each in bench([asset("neuron.tflite")], threads=[1, 2], runs=5)]
    [1, 2]
    """
    _check(files, threads, runs, warmup)
    paths = [Path(file) for file in files]
    for path in dict.fromkeys(paths):
        probe(path)
    names = distinct_names(paths)
    keys = [(place, count) for place in range(len(paths)) for count in threads]
    models = {f"{place} {count}": _filled(paths[place], count, xnnpack) for place, count in keys}
    times = latency({key: model.invoke for key, model in models.items()}, runs, warmup)
    first = times[next(iter(times))].median
    return [
        Timing(names[place], str(files[place]), count, paths[place].stat().st_size, found, found.median / first)
        for (place, count), found in zip(keys, times.values(), strict=True)
    ]


def distinct_names(paths: Sequence[Path]) -> list[str]:
    """What to call each file: as little of its path as tells it from the others; the same file twice is counted.

    >>> distinct_names([Path("a/model.tflite"), Path("b/model.tflite"), Path("other.tflite"), Path("other.tflite")])
    ['a/model.tflite', 'b/model.tflite', 'other.tflite', 'other.tflite (2)']
    """
    whole = [path.resolve().parts for path in paths]
    names = []
    for place, parts in enumerate(whole):
        others = {each for each in whole if each != parts}
        length = 1
        while any(each[-length:] == parts[-length:] for each in others):
            length += 1
        before = whole[:place].count(parts)
        names.append("/".join(parts[-length:]) + (f" ({before + 1})" if before else ""))
    return names


def _check(files: Sequence[object], threads: Sequence[int], runs: int, warmup: int) -> None:
    if not files or not threads:
        raise LabError("There is nothing to measure: name at least one file and one number of threads.")
    for count in threads:
        if not 1 <= count <= THREADS:
            raise LabError(f"The number of threads is {count}: give 1 to {THREADS}.")
    if len(set(threads)) < len(threads):
        raise LabError("A number of threads is given twice: keep one.")
    if runs < 1 or warmup < 0:
        raise LabError(f"The runs are {runs} and the warm-up {warmup}: give at least 1 and 0.")


def _filled(path: Path, threads: int, xnnpack: bool) -> Model:
    """The model with inputs that are no zeros: some kernels are quicker on these."""
    model = open_model(path, threads=threads, xnnpack=xnnpack)
    source = np.random.default_rng(0)
    for entry in model.interpreter.get_input_details():
        kind = np.dtype(entry["dtype"]).kind
        if kind == "f":
            values = source.standard_normal(entry["shape"])
        elif kind in "iu":  # small numbers, which are in range where they are indexes
            values = source.integers(0, 2, entry["shape"])
        else:
            values = np.zeros(entry["shape"])
        if kind in "fiub":
            model.interpreter.set_tensor(entry["index"], values.astype(entry["dtype"]))
    return model
