"""Judges pooling in three dimensions, rewritten with builtins: converted without Select, run, and compared."""

from collections.abc import Callable
from functools import partial
from itertools import permutations
from typing import Any

import numpy as np

from labutils.errors import LabError
from labutils.exercises.exercise import NotYet
from labutils.exercises.judges.rewriting import Shape, builtin_file
from labutils.tflite.anatomy import anatomy
from labutils.tflite.runtime import open_model

SIZES = (4, 6, 8)  # of depth, height and width, in some order: even, and more than one pair each
MOST_AXES = 6  # of a tensor in an operator that XNNPACK takes
TOLERANCE = 1e-5  # a largest number is one of the numbers, whatever the way to it


def _blocks(x: np.ndarray) -> np.ndarray:
    """Cut into blocks of 2 x 2 x 2: (batch, depth/2, 2, height/2, 2, width/2, 2, channels)."""
    batch, depth, height, width, channels = x.shape
    return x.reshape(batch, depth // 2, 2, height // 2, 2, width // 2, 2, channels)


def _largest(x: np.ndarray) -> np.ndarray:
    return _blocks(x).max((2, 4, 6))


def _far_apart(x: np.ndarray) -> np.ndarray:
    """Every number compared with the seven that lie half a volume away along one axis or more."""
    batch, depth, height, width, channels = x.shape
    return x.reshape(batch, 2, depth // 2, 2, height // 2, 2, width // 2, channels).max((1, 3, 5))


def _far_planes(x: np.ndarray) -> np.ndarray:
    """As it is right, but in depth."""
    batch, depth, height, width, channels = x.shape
    return x.reshape(batch, 2, depth // 2, height // 2, 2, width // 2, 2, channels).max((1, 4, 6))


# What the whole answer is, where it is not the largest of each block; the likeliest first.
_INSTEAD: tuple[tuple[Callable[[np.ndarray], np.ndarray], str], ...] = (
    (lambda x: _blocks(x).mean((2, 4, 6)), "It gives the mean of each block: its largest number is asked."),
    (
        lambda x: _blocks(x)[:, :, 0].max((3, 5)),
        "It leaves out every other plane: of two planes, the larger numbers count, `tf.maximum`.",
    ),
    (
        lambda x: x[:, ::2, ::2, ::2],
        "It takes the first number of each block, as a stride alone does: the largest of all eight is asked.",
    ),
    (
        _far_planes,
        "In depth it compares planes that lie half the volume apart: in a shape the 2 stands behind the half, "
        "`depth // 2, 2`, so that neighbours meet.",
    ),
    (
        _far_apart,
        "It compares numbers that lie half the volume apart: in a shape each 2 stands behind its half, as in "
        "`depth // 2, 2`, so that neighbours meet.",
    ),
    (
        lambda x: np.maximum(_largest(x), 0),
        "It is right where the largest number is positive: where all eight are negative it gives 0, as if zeros lay "
        "around.",
    ),
    (lambda x: _largest(np.abs(x)), "It compares sizes without their signs: leave `abs` out."),
    (lambda x: _blocks(x).min((2, 4, 6)), "It gives the smallest number of each block: the largest is asked."),
    (lambda x: _blocks(x).sum((2, 4, 6)), "It adds the numbers of each block up: the largest is asked."),
)


def check(pool_volume: Callable[..., Any], rng: np.random.Generator) -> None:
    """Raises NotYet when the function does not convert without Select, or the file gives other numbers."""
    orders = rng.permutation(list(permutations(SIZES)))
    for order in orders[:2]:
        volumes = _volumes(rng, tuple(int(size) for size in order))
        content = builtin_file(pool_volume, volumes.shape, partial(_judge_shape, given=volumes.shape))
        try:
            found = np.asarray(open_model(content).predict(volumes))
        except LabError as error:
            raise NotYet(_broken(content, error)) from None
        _judge_shape(found.shape, volumes.shape)
        _judge(found, volumes)


def _volumes(rng: np.random.Generator, sizes: tuple[int, ...]) -> np.ndarray:
    """float32 (1..3, *sizes, 2..4); in one of the channels every number is negative."""
    channels = int(rng.integers(2, 5))
    level = np.zeros(channels)
    level[rng.integers(channels)] = -6
    volumes = np.clip(rng.normal(0, 1, (int(rng.integers(1, 4)), *sizes, channels)), -4, 4)
    return (volumes + level).astype(np.float32)


def _judge_shape(found: Shape, given: tuple[int, ...]) -> None:
    """Raises NotYet when the shape cannot be that of the pooled volumes; None fits every size."""
    batch, depth, height, width, channels = given
    half = (depth // 2, height // 2, width // 2)
    asked = (batch, *half, channels)
    if len(found) == len(asked) and all(size in (None, right) for size, right in zip(found, asked, strict=True)):
        return
    instead = {
        (batch, depth, *half[1:], channels): "It pools height and width alone: the depth is halved, too.",
        (batch, half[0], height, width, channels): "It pools the depth alone: height and width are halved, too.",
        (batch, depth - 1, height - 1, width - 1, channels): "The blocks overlap: their stride is 2, not 1.",
        (batch * half[0], *half[1:], channels): "Batch and depth are still one axis: end with a `tf.reshape`.",
        (batch * depth, *half[1:], channels): "Only height and width are pooled, and batch and depth are still one "
        "axis: `tf.reshape` brings the five axes back.",
        (batch, channels): "It takes the largest of the whole volume: the largest of each 2 by 2 by 2 block is asked.",
    }
    returns = f"For the shape {given} it returns {found}"
    raise NotYet(f"{returns}. {instead[found]}" if found in instead else f"{returns}: {asked} is asked.")


def _broken(content: bytes, error: LabError) -> str:
    """What to say of a file of builtin operators that does not load or run."""
    axes = max(len(tensor.shape) for graph in anatomy(content).subgraphs for tensor in graph.tensors)
    if axes > MOST_AXES:
        return (
            f"It needs builtin operators only, but its file does not load: it has a tensor of {axes} axes, and XNNPACK "
            f"takes {MOST_AXES} at most. Pool in steps, one axis after the other."
        )
    return f"The file does not work: {error}"


def _judge(found: np.ndarray, volumes: np.ndarray) -> None:
    expected = _largest(volumes)
    if _same(found, expected):
        return
    for other, sentence in _INSTEAD:
        if _same(found, other(volumes)):
            raise NotYet(sentence)
    at = np.unravel_index(int(np.nan_to_num(np.abs(found - expected), nan=np.inf).argmax()), found.shape)
    first = ", ".join(str(place) for place in (at[0], *(2 * place for place in at[1:4]), at[4]))
    raise NotYet(
        f"Of the eight numbers that begin at `x[{first}]` the largest is {expected[at]:.3g}, and the file gives "
        f"{found[at]:.3g}."
    )


def _same(found: np.ndarray, expected: np.ndarray) -> bool:
    return bool(np.allclose(found, expected, rtol=TOLERANCE, atol=TOLERANCE))  # a NaN is not
