"""Judges files that were pruned to a budget: the models are made up just now, and so are the budgets."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from labutils.errors import LabError
from labutils.exercises.exercise import NotYet
from labutils.exercises.judges.conversion import file_bytes
from labutils.exercises.judges.edges import just_fits
from labutils.exercises.judges.pruning_orders import Order, compressed, orders
from labutils.tflite.anatomy import anatomy
from labutils.tflite.runtime import open_model

MOST = 9  # tenths of the weights
NEAR = 1e-5  # of the range of the answers
GZIP = b"\x1f\x8b"


@dataclass(frozen=True)
class Delivery:
    """A file that was handed over for an order."""

    order: Order
    content: bytes

    @property
    def size(self) -> int:
        return len(compressed(self.content))

    @cached_property
    def kernels(self) -> list[np.ndarray]:
        """The kernels that the file holds, as Keras has them. Raises NotYet when one is missing."""
        value = open_model(self.content).interpreter.get_tensor
        tensors = [tensor for graph in anatomy(self.content).subgraphs for tensor in graph.tensors if tensor.bytes]
        places = {tensor.shape: tensor.index for tensor in tensors}
        wanted = [np.moveaxis(kernel, -1, 0).shape for kernel in self.order.kernels]  # a file has the outputs first
        if not places.keys() >= set(wanted):
            raise _another()
        return [np.moveaxis(value(places[shape]), 0, -1) for shape in wanted]

    @property
    def shares(self) -> list[float]:
        """The share of zeros in each kernel."""
        return [float((kernel == 0).mean()) for kernel in self.kernels]

    @property
    def tenths(self) -> int:
        return round(10 * self.shares[0])


class Hands:
    """Hands orders to a learner's function, and sees whether it gives the weights back."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self.function, self.spoilt = function, False

    def hand_over(self, order: Order, most_bytes: int) -> bytes | None:
        """The file for a budget, or None. Raises NotYet for what is no file."""
        found = self.function(order.model, most_bytes)
        left = order.model.get_weights()
        if not all(np.array_equal(*pair) for pair in zip(left, order.weights, strict=True)):
            self.spoilt = True
            order.model.set_weights(order.weights)
        if isinstance(found, (bytes, bytearray)) and found[:2] == GZIP:
            raise NotYet("It returns the compressed bytes: compress only to weigh them, and return the file itself.")
        return None if found is None else file_bytes(found)


def check(prune_to_budget: Callable[..., Any], rng: np.random.Generator) -> None:
    """Raises NotYet when the function does not prune models that it has never seen to their budgets."""
    asked, hands = orders(rng), Hands(prune_to_budget)
    given = [*_judged(hands, asked[:2]), *_judged(hands, asked[2:])]  # the first are quick, and tell the most
    if hands.spoilt:
        raise NotYet("It leaves the model pruned: give it its weights back, `model.set_weights(weights)`, in the end.")
    _judge_edge(hands, given[0])


def _judged(hands: Hands, asked: list[Order]) -> list[Delivery]:
    """The files for some orders, of which at least one has a right file. Raises NotYet when they are not right."""
    files = [hands.hand_over(order, order.most_bytes) for order in asked]
    given = [Delivery(*pair) for pair in zip(asked, files, strict=True) if pair[1] is not None]
    try:
        for stage in STAGES:
            for delivery in given:
                stage(delivery)
    except LabError as error:
        raise NotYet(f"A file does not work: {error}") from None
    for order, content in zip(asked, files, strict=True):
        if content is None and order.right == 0:
            raise NotYet(f"It returns None for {order}, where the model as it is fits: does it `return` the file?")
        if content is None and order.right:
            raise NotYet(
                f"It returns None for {order}: {10 * order.right} % sparse, and compressed, the file has about "
                f"{order.size:,}. (The file itself keeps its size.)"
            )
    return given


def _another() -> NotYet:
    return NotYet("A file holds other weights than the model it was ordered for: convert `model`, at every call.")


def _judge_form(delivery: Delivery) -> None:
    found = anatomy(delivery.content)
    if found.has_unfrozen_variables:
        raise NotYet("A file holds `VAR_HANDLE`: its weights are missing. Convert a concrete function by itself.")
    small = {"int8", "uint8", "int16", "float16"} & found.dtypes.keys()
    if small:
        raise NotYet(f"A file holds {' and '.join(sorted(small))}: a float file is asked, so set no `optimizations`.")


def _judge_kept(delivery: Delivery) -> None:
    """Raises NotYet when a weight is neither zero nor as it was."""
    pairs = list(zip(delivery.kernels, delivery.order.kernels, strict=True))
    for found, given in pairs:
        changed = (found != 0) & (found != given)
        if np.mean(changed) > 0.9 * np.mean(found != 0) and changed.any():
            raise _another()
        if changed.any():
            raise NotYet("Some weights in a file are neither zero nor as they were: pruning leaves the others alone.")


def _judge_shares(delivery: Delivery) -> None:
    """Raises NotYet when the kernels do not all have the same sparsity, one of 0, 10 ... 90 %."""
    shares = delivery.shares
    if min(shares) == 0 < max(shares):
        raise NotYet("In a file one kernel is pruned, and another is not: prune every kernel by the same sparsity.")
    zeros = [round(share * kernel.size) for share, kernel in zip(shares, delivery.kernels, strict=True)]
    tenths, sizes = delivery.tenths, [kernel.size for kernel in delivery.kernels]
    if all(abs(count - tenths / 10 * size) < 1.5 for count, size in zip(zeros, sizes, strict=True)) and tenths <= MOST:
        return
    said = " and ".join(f"{share:.0%}" for share in shares)
    parted = [_parted(*pair) for pair in zip(delivery.kernels, delivery.order.kernels, strict=True)]
    gone, kept = (np.abs(np.concatenate(each)) for each in zip(*parted, strict=True))
    if max(shares) - min(shares) > 0.02 and gone.max(initial=0) <= kept.min(initial=np.inf):
        raise NotYet(
            f"The kernels of a file are {said} sparse. One threshold for all weights of a model takes most from the "
            "layer that has the smallest ones: prune each kernel by itself, all by the same sparsity."
        )
    raise NotYet(f"The kernels of a file are {said} sparse: one sparsity of 0, 10 ... 90 % is asked for all of them.")


def _parted(found: np.ndarray, given: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The weights that are gone, and those that were kept, as they were."""
    return given[found == 0], given[found != 0]


def _judge_smallest(delivery: Delivery) -> None:
    """Raises NotYet when other weights than those of the smallest magnitude are zero."""
    wrong = []
    for found, given in zip(delivery.kernels, delivery.order.kernels, strict=True):
        gone, kept = _parted(found, given)
        if gone.size and np.abs(gone).max() > np.abs(kept).min():
            wrong.append((gone, kept))
    if not wrong:
        return
    if all(np.abs(gone).min() >= np.abs(kept).max() for gone, kept in wrong):
        raise NotYet("A file lacks its largest weights: the smallest magnitudes go first.")
    if all(gone.max() <= kept.min() for gone, kept in wrong):
        raise NotYet("A file lacks its most negative weights: sort the magnitudes, `np.abs`, not the signed values.")
    gone, kept = wrong[0]
    raise NotYet(
        f"In a file a weight of magnitude {np.abs(gone).max():.3g} is zero, while one of {np.abs(kept).min():.3g} "
        "stays: rank the weights of a kernel by magnitude, all of them together."
    )


def _judge_answers(delivery: Delivery) -> None:
    """Raises NotYet when the file does not answer as the model does with these kernels and its own biases."""
    order, kernels = delivery.order, iter(delivery.kernels)
    order.model.set_weights([next(kernels) if each.ndim > 1 else each for each in order.weights])
    expected = np.asarray(order.model(order.inputs, training=False))
    order.model.set_weights(order.weights)
    found = open_model(delivery.content).predict(order.inputs)
    if np.shape(found) == expected.shape and np.abs(found - expected).max() < NEAR * np.ptp(expected):
        return
    raise NotYet(
        "The kernels in a file are pruned as they should be, and yet it answers otherwise than the model with these "
        "kernels: leave the biases as they are, and the layers too."
    )


def _judge_budget(delivery: Delivery) -> None:
    order, size = delivery.order, delivery.size
    if size <= order.most_bytes:
        return
    if order.right is None:
        raise NotYet(f"Where not even 90 % is enough it hands over a file, of {size:,} bytes for {order}: return None.")
    raise NotYet(f"It hands over a file that has {size:,} bytes when it is compressed, for {order}.")


def _judge_least(delivery: Delivery) -> None:
    order, tenths = delivery.order, delivery.tenths
    if order.right is not None and tenths > order.right:
        raise NotYet(
            f"For {order} it prunes {10 * tenths} %, where {10 * order.right} % is enough: that file has about "
            f"{order.size:,}, compressed. Begin with the least sparsity, which is none."
        )


STAGES = (
    _judge_form, _judge_kept, _judge_shares, _judge_smallest, _judge_answers, _judge_budget, _judge_least,
)  # fmt: skip


def _judge_edge(hands: Hands, delivery: Delivery) -> None:
    """Raises NotYet when a budget that the compressed file just fills, or just misses, is not kept to the byte."""
    order = delivery.order

    def hand_over(budget: int) -> bytes | None:
        content = hands.hand_over(order, budget)
        return compressed(content) if content else None

    size = just_fits(hand_over, delivery.size, order.most_bytes)
    found = hand_over(size - 1)
    if found is None:
        raise NotYet(f"It returns None for a budget of {size - 1:,} bytes, where a sparser file fits.")
    if len(found) > size - 1:
        raise NotYet(
            f"For a budget of {size - 1:,} bytes it hands over a file that has {len(found):,} compressed: weigh "
            "`gzip.compress(content)`, to the byte."
        )
