"""Judges the removal of whole channels. Source: Li and others 2017, Pruning Filters, arXiv:1608.08710."""

from collections.abc import Callable
from typing import Any

import numpy as np

from labutils.exercises.attempt import kind
from labutils.exercises.compare import Arguments, Misconception, Trial
from labutils.exercises.exercise import NotYet

Layers = tuple[np.ndarray, np.ndarray, np.ndarray]
Rank = Callable[[np.ndarray, np.ndarray, np.ndarray], np.ndarray]  # from kernel, bias, next kernel: one score a channel
NAMES = ("kernel", "bias", "next_kernel")


def _calls(rng: np.random.Generator) -> list[Arguments]:
    """Two pairs of layers of which all sizes differ. The channels' L1 norms have another order than all else."""
    calls = []
    for _ in range(2):
        height, width, inputs, following = (int(size) for size in rng.permutation([2, 3, 4, 5]))
        channels = int(rng.integers(8, 12))
        kernel = rng.normal(0, 1, (height, width, inputs, channels))
        kernel *= rng.random(kernel.shape) < rng.permutation(np.linspace(0.15, 1, channels))
        kernel[0, 0, 0] += 0.1
        kernel += 0.3 * np.abs(kernel) * rng.permutation(np.linspace(-1, 1, channels))
        kernel *= rng.permutation(np.linspace(1, 2, channels)) / np.abs(kernel).sum((0, 1, 2))
        bias, after = rng.normal(0, 1, channels), rng.normal(0, 1, (3, 3, channels, following))
        keep = int(rng.integers(3, channels - 3))
        keep += 2 * keep == channels  # else keeping and removing as many would look alike
        calls.append((*(each.astype(np.float32) for each in (kernel, bias, after)), keep))
    return calls


def _norms(kernel: np.ndarray, *_: np.ndarray) -> np.ndarray:
    return np.abs(kernel).sum((0, 1, 2))


def _cut(layers: Layers, places: np.ndarray, others: np.ndarray | None = None) -> Layers:
    """The layers with these channels alone. others: of the next kernel, where they are not the same."""
    kernel, bias, after = layers
    return kernel[..., places], bias[places], after[:, :, places if others is None else others]


def _by(rank: Rank, order: Callable[[np.ndarray, int], np.ndarray] | None = None) -> Callable[..., Layers]:
    """Keeps the channels of the highest rank. order: from the ranks and `keep` to the places, else as they stood."""
    chosen = order or (lambda ranks, keep: np.sort(np.argsort(ranks)[-keep:]))

    def without_channels(kernel: np.ndarray, bias: np.ndarray, after: np.ndarray, keep: int) -> Layers:
        return _cut((kernel, bias, after), chosen(rank(kernel, bias, after), keep))

    return without_channels


_right = _by(_norms)


def _mixed(kernel: np.ndarray, bias: np.ndarray, after: np.ndarray, keep: int) -> Layers:
    places = np.argsort(_norms(kernel))[-keep:]
    return _cut((kernel, bias, after), np.sort(places), places)


def _next_in_front(kernel: np.ndarray, bias: np.ndarray, after: np.ndarray, keep: int) -> Layers:
    return _cut((kernel, bias, after), np.sort(np.argsort(_norms(kernel))[-keep:]), np.arange(keep))


def _bias_in_front(kernel: np.ndarray, bias: np.ndarray, after: np.ndarray, keep: int) -> Layers:
    kernel, _, after = _right(kernel, bias, after, keep)
    return kernel, bias[:keep], after


_ORDER = "The channels that stay are in the order of their norms: keep them as they stood, by sorting the places."

_WRONG = (
    Misconception(
        _by(_norms, lambda ranks, keep: np.sort(np.argsort(ranks)[:keep])),
        "It keeps the channels with the smallest norms: those are to go.",
    ),
    Misconception(_by(_norms, lambda ranks, keep: np.argsort(ranks)[-keep:]), _ORDER),
    Misconception(_by(_norms, lambda ranks, keep: np.argsort(ranks)[::-1][:keep]), _ORDER),
    Misconception(
        _by(lambda kernel, *_: np.sqrt((kernel**2).sum((0, 1, 2)))),
        "It goes by the L2 norm, the root of the sum of squares: L1 is the sum of magnitudes.",
    ),
    Misconception(
        _by(lambda kernel, *_: kernel.sum((0, 1, 2))),
        "It sums the weights with their signs, where plus and minus cancel: sum `np.abs(kernel)`.",
    ),
    Misconception(
        _by(lambda kernel, *_: np.abs(kernel.sum((0, 1, 2)))),
        "It takes the magnitude of the sum, and plus and minus have cancelled before: sum `np.abs(kernel)`.",
    ),
    Misconception(
        _by(lambda kernel, *_: np.abs(kernel).max((0, 1, 2))),
        "It goes by the largest single weight of a channel: L1 is the sum of all its magnitudes.",
    ),
    Misconception(
        _by(lambda kernel, *_: kernel.max((0, 1, 2))),
        "It goes by the largest weight of a channel, signs and all: L1 is the sum of all its magnitudes.",
    ),
    Misconception(
        _by(lambda kernel, *_: -np.arange(kernel.shape[3])),
        "It keeps the first channels, whatever is in them: keep those with the largest norms.",
    ),
    Misconception(
        _by(lambda kernel, *_: np.arange(kernel.shape[3])),
        "It keeps the last channels, whatever is in them: keep those with the largest norms.",
    ),
    Misconception(
        _by(lambda _, bias, after: np.abs(bias)),
        "It goes by the bias: the norm of a channel is that of its kernel.",
    ),
    Misconception(
        _by(lambda kernel, bias, after: np.abs(after).sum((0, 1, 3))),
        "It goes by what the next layer does with a channel: the norm is that of the channel's own kernel.",
    ),
    Misconception(
        _by(lambda kernel, bias, after: _norms(kernel) + np.abs(bias)),
        "It counts the bias into the norm: the norm of a channel is that of its kernel alone.",
    ),
    Misconception(
        _mixed,
        "In `next_kernel` the channels stand in another order than in `kernel`: each meets the weights of another.",
    ),
    Misconception(
        _next_in_front,
        "Of `next_kernel` it keeps the first channels: keep there the same places as in `kernel`.",
    ),
    Misconception(_bias_in_front, "Of `bias` it keeps the first numbers: keep there the same places as in `kernel`."),
)  # fmt: skip


def _form(found: Any, arguments: Arguments) -> None:
    """Refuses what is not three smaller arrays that fit each other."""
    *layers, keep = arguments
    if found is None:
        raise NotYet("It returns nothing: does it end with `return kernel, bias, next_kernel`?")
    if not isinstance(found, (tuple, list)):
        raise NotYet(f"It returns {kind(found)}: return three arrays, `return kernel, bias, next_kernel`.")
    if len(found) == 2:
        raise NotYet("It returns two arrays: bias and next layer are cut as the kernel is, and all three are returned.")
    if len(found) != 3 or not all(isinstance(each, np.ndarray) for each in found):
        raise NotYet(f"It returns a {type(found).__name__}, but not three arrays: `return kernel, bias, next_kernel`.")
    if [each.shape for each in found] == [each.shape for each in layers]:
        _judge_zeros(found)
    for name, each, given, axis in zip(NAMES, found, layers, (3, 0, 2), strict=True):
        _judge_shape(name, each, given, axis, keep)
    if any(each.dtype != np.float32 for each in found):
        raise NotYet(f"It returns {', '.join(str(each.dtype) for each in found)}: the dtypes are to stay float32.")


def _judge_zeros(found: list[np.ndarray]) -> None:
    if (np.abs(found[0]).sum((0, 1, 2)) == 0).any():
        raise NotYet(
            "It sets channels to zero, and leaves them there: the layers compute as much as before. Cut them out, by "
            "the places that stay."
        )
    raise NotYet("It returns the layers as they were: cut the channels out, by the places that stay.")


def _judge_shape(name: str, found: np.ndarray, given: np.ndarray, axis: int, keep: int) -> None:
    """Raises NotYet when an array is cut on another axis, or to another number of channels."""
    asked = tuple(keep if place == axis else size for place, size in enumerate(given.shape))
    if found.shape == asked:
        return
    channels = given.shape[axis]
    if found.shape == given.shape:
        raise NotYet(
            f"`{name}` still has all {channels} channels: it has to lose the same ones, or the layers do not fit."
        )
    removed = tuple(channels - keep if place == axis else size for place, size in enumerate(given.shape))
    if found.shape == removed:
        raise NotYet(f"It removes {keep} of the {channels} channels: `keep` is how many stay.")
    cut = [place for place, size in enumerate(found.shape) if found.ndim == given.ndim and size != given.shape[place]]
    if len(cut) == 1 and cut[0] != axis:
        which = "its outputs are the last axis" if axis == 3 else "the channels that come in are its axis 2"
        raise NotYet(f"`{name}` is cut on axis {cut[0]}, and has the shape {found.shape}: {which}.")
    raise NotYet(f"`{name}` has the shape {found.shape}: {asked} is asked, with {keep} channels.")


def _same(found: Layers, expected: Layers) -> bool:
    return all(one.shape == other.shape and np.allclose(one, other) for one, other in zip(found, expected, strict=True))


def _differs(arguments: Arguments, found: Layers, expected: Layers) -> str:
    name = next(name for name, *pair in zip(NAMES, found, expected, strict=True) if not np.allclose(*pair))
    kernel, _, _, keep = arguments
    places = ", ".join(str(place) for place in np.sort(np.argsort(_norms(kernel))[-keep:]))
    channels = f"of {kernel.shape[3]} those are {places}"
    return f"`{name}` does not hold the channels that are to stay, as they were: {channels}."


without_channels = Trial(draw=_calls, right=_right, wrong=_WRONG, same=_same, form=_form, differs=_differs)
