"""Inputs for a model: read from an .npz file and checked against what the model wants, or made up from a fixed seed."""

import os
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from labutils.errors import LabError

ROWS, SEED = 32, 0  # of made-up inputs
FREE = 32  # what a free size that is no batch becomes in made-up inputs

Arrays = Mapping[str, np.ndarray]


@dataclass(frozen=True)
class Input:
    """What a model wants as one input, in real numbers.

    shape: rows first, -1 where the size is free; None: unknown. range: what a quantized input can hold; None: all.
    """

    name: str
    shape: tuple[int, ...] | None
    dtype: str
    range: tuple[float, float] | None = None

    def __str__(self) -> str:
        sizes = "unknown" if self.shape is None else ", ".join("any" if n == -1 else str(n) for n in self.shape)
        return f"{self.name}: {self.dtype} ({sizes})"


@dataclass(frozen=True)
class Samples:
    """Inputs with rows first, by name, and where they come from, in words."""

    arrays: dict[str, np.ndarray]
    origin: str
    made_up: bool = False

    @property
    def rows(self) -> int:
        return len(next(iter(self.arrays.values())))

    def __str__(self) -> str:
        return self.origin if self.made_up else f"{self.rows} rows of {self.origin}"

    def batches(self, size: int) -> Iterator[dict[str, np.ndarray]]:
        """The rows in order, so many at a time (the last time what is left)."""
        for start in range(0, self.rows, size):
            yield {name: value[start : start + size] for name, value in self.arrays.items()}


def batch_size(inputs: Sequence[Input]) -> int | None:
    """The fixed batch that all inputs share, or None where it is free. Raises LabError where there is no such thing.

    >>> batch_size([Input("x", (-1, 3), "float32")]), batch_size([Input("x", (4, 3), "float32")])
    (None, 4)
    """
    shapeless = [each for each in inputs if not each.shape]
    if shapeless or not inputs:
        what = f"input {shapeless[0]}" if shapeless else "no input at all"
        raise LabError(f"The model has {what}, which has no rows: give it a signature whose inputs have a batch.")
    sizes = {each.shape[0] for each in inputs}
    if len(sizes) > 1:
        wanted = "; ".join(map(str, inputs))
        raise LabError(f"The inputs have different batches ({wanted}): give them the same one, free or fixed.")
    size = sizes.pop()
    return None if size == -1 else size


def given(data: str | os.PathLike | Arrays, inputs: Sequence[Input]) -> Samples:
    """The samples of an .npz file, or of arrays by name, once they are found to be what the model wants.

    data: one array per input under its name (any name where there is one input), rows first, no NaN and no infinity;
    float64 becomes float32. Raises LabError, which names file, array and what is wanted.

    >>> given({"anything": np.ones((5, 3))}, [Input("x", (-1, 3), "float32")]).arrays["x"].dtype
    dtype('float32')
    """
    origin = "the given arrays" if isinstance(data, Mapping) else Path(data).name
    arrays = dict(data) if isinstance(data, Mapping) else _read(Path(data))
    if len(arrays) == len(inputs) == 1:
        arrays = {inputs[0].name: next(iter(arrays.values()))}
    if arrays.keys() != {each.name for each in inputs}:
        wanted, found = ", ".join(each.name for each in inputs), ", ".join(arrays) or "nothing"
        raise LabError(f"The model wants the inputs {wanted}, but {origin} holds {found}: name its arrays so.")
    checked = {each.name: _checked(np.asarray(arrays[each.name]), each, origin) for each in inputs}
    rows = {len(value) for value in checked.values()}
    if len(rows) > 1:
        counts = ", ".join(f"{name} {len(value)}" for name, value in checked.items())
        raise LabError(f"The arrays of {origin} have different numbers of rows ({counts}): give one row for each.")
    batch = batch_size(inputs)
    if batch and rows.pop() % batch:
        count = len(next(iter(checked.values())))
        raise LabError(f"The model has a fixed batch of {batch}: the {count} rows of {origin} do not divide into it.")
    return Samples(checked, origin)


def made_up(inputs: Sequence[Input], rows: int = ROWS, seed: int = SEED) -> Samples:
    """Inputs from a fixed seed: standard normal floats, integers from 0 to 255; where the batch is fixed, whole ones.

    An input that is quantized gets numbers from all over its range, and none beyond.

    Raises LabError for inputs that cannot be made up, such as text.

    >>> made_up([Input("x", (-1, 3), "float32")]).arrays["x"].shape
    (32, 3)
    """
    batch = batch_size(inputs) or 1
    rows = -(-rows // batch) * batch
    source = np.random.default_rng(seed)
    arrays = {}
    for each in inputs:
        shape = (rows, *(FREE if size == -1 else size for size in each.shape[1:]))
        arrays[each.name] = _made(source, each, shape)
    return Samples(arrays, f"{rows} made-up inputs (seed {seed})", made_up=True)


def _made(source: np.random.Generator, wanted: Input, shape: tuple[int, ...]) -> np.ndarray:
    kind = np.dtype(wanted.dtype).kind if wanted.dtype in np.sctypeDict else "?"
    if wanted.range:
        return source.uniform(*wanted.range, shape).astype(wanted.dtype)
    if wanted.dtype == "bool":
        return source.integers(0, 2, shape).astype(bool)
    if kind == "f":
        return source.standard_normal(shape).astype(wanted.dtype)
    if kind in "iu":
        high = min(255, np.iinfo(wanted.dtype).max)
        return source.integers(0, high, shape, endpoint=True).astype(wanted.dtype)
    raise LabError(f"Values for input {wanted} cannot be made up: give them as an .npz file.")


def _read(path: Path) -> dict[str, np.ndarray]:
    if not path.is_file():
        state = "is a folder" if path.is_dir() else "does not exist"
        raise LabError(f"The data file {path} {state}: write it with numpy.savez, one array for each input.")
    try:
        file = np.load(path, allow_pickle=False)
        if isinstance(file, np.ndarray):
            raise LabError(f"{path.name} holds one bare array: write it with numpy.savez, named as the input.")
        with file:
            return dict(file)
    except OSError as error:
        raise LabError(f"{path} cannot be read ({error.strerror or 'it is damaged'}): write it anew.") from None
    except (ValueError, EOFError, KeyError, zipfile.BadZipFile, AttributeError, TypeError):
        raise LabError(f"{path.name} is no .npz file of plain numbers: write it with numpy.savez.") from None


def _checked(value: np.ndarray, wanted: Input, origin: str) -> np.ndarray:
    if value.dtype == np.float64 and wanted.dtype == "float32":
        with np.errstate(over="ignore"):  # what does not fit becomes infinity, which is refused below
            value = value.astype(np.float32)
    if value.dtype.name != wanted.dtype:
        cure = f"save it with .astype({wanted.dtype!r})"
        raise LabError(f"Input {wanted.name} is {wanted.dtype}, but {origin} holds {value.dtype.name}: {cure}.")
    fits = wanted.shape is None or (
        value.ndim == len(wanted.shape) > 0
        and all(size in (-1, found) for size, found in zip(wanted.shape[1:], value.shape[1:], strict=True))
    )
    if not fits:
        shape = ", ".join(["rows", *("any" if size == -1 else str(size) for size in (wanted.shape or ())[1:])])
        raise LabError(f"Input {wanted.name} wants the shape ({shape}), but {origin} holds {value.shape}: reshape it.")
    if not len(value):
        raise LabError(f"{origin} holds no rows for {wanted.name}: give at least 1, for calibration 100 or more.")
    if value.dtype.kind == "f" and not np.isfinite(value).all():
        raise LabError(f"{origin} holds NaN or infinity in {wanted.name}: remove these rows, they would spoil it all.")
    return value
