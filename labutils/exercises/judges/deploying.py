"""Judges a deployment: a file that a browser takes, within a budget, and its card. All is made up just now."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from labutils.errors import LabError
from labutils.exercises.attempt import kind, show
from labutils.exercises.exercise import NotYet
from labutils.exercises.judges.budgets import FLOAT, INTEGER, Order, orders
from labutils.exercises.judges.conversion import file_bytes
from labutils.exercises.judges.edges import just_fits
from labutils.exercises.judges.fixed_batch import judge_batch
from labutils.tflite.anatomy import Anatomy, Tensor, anatomy
from labutils.tflite.integer import FLOATS
from labutils.tflite.runtime import open_model

FLOAT32, UINT8, INT8 = "float32", "uint8", "int8"
# Mean error, of the range of the answers. Measured on right files: at most 3e-8 and 0.004.
NEAR = {FLOAT: 1e-5, INTEGER: 0.01}
SAME = 0.05  # up to here nobody asks whether it is another model
CALIBRATED = 0.05  # how far the ends of the input's range may be off, of the range
CARD = ("labutils.device.card", "Card")  # by its name: this room lies below that of the devices


@dataclass(frozen=True)
class Delivery:
    """A file and a card that were handed over for an order."""

    order: Order
    content: bytes
    card: Any

    @cached_property
    def found(self) -> Anatomy:
        return anatomy(self.content)

    @cached_property
    def ends(self) -> tuple[Tensor, Tensor]:
        """The first input and the first output."""
        graph = self.found.subgraphs[0]
        return graph.tensors[graph.inputs[0]], graph.tensors[graph.outputs[0]]

    @cached_property
    def error(self) -> float:
        answers = open_model(self.content).predict(self.order.inputs)
        return float(np.abs(answers - self.order.answers).mean() / np.ptp(self.order.answers))

    @property
    def kind(self) -> str:
        return FLOAT if self.ends[0].dtype == FLOAT32 else INTEGER


def check(deploy: Callable[..., Any], rng: np.random.Generator) -> None:
    """Raises NotYet when the function does not deploy models that it has never seen."""
    asked = orders(rng)
    given: list[Delivery | None] = [None] * len(asked)
    for place in rng.permutation(len(asked)):
        given[place] = _delivered(deploy, asked[place], asked[place].most_bytes)
    if not any(given):
        raise NotYet("It returns None for every model and budget, and most of them have a file: does it `return` one?")
    deliveries = [each for each in given if each]
    try:
        for stage in STAGES:
            for delivery in deliveries:
                stage(delivery)
    except LabError as error:
        raise NotYet(f"A file does not work: {error}") from None
    for order, delivery in zip(asked, given, strict=True):
        if delivery is None and order.right:
            raise NotYet(f"It returns None for {order}: the {order.right} file fits, with about {order.size:,} bytes.")
    for delivery in deliveries[:2]:
        _judge_edge(deploy, delivery)


def _delivered(deploy: Callable[..., Any], order: Order, most_bytes: int) -> Delivery | None:
    """What the function hands over, None or a file with a card. Raises NotYet for anything else."""
    found = deploy(order.model, order.samples, most_bytes)
    if found is None:
        return None
    if isinstance(found, (bytes, bytearray)):
        raise NotYet("It returns the file alone: return a pair, the bytes and the card that `make_card` gives.")
    if not isinstance(found, (tuple, list)) or len(found) != 2:
        raise NotYet(
            f"It returns {kind(found)}: return a pair, the bytes and the card that `make_card` gives, or None."
        )
    content, card = found
    if _is_card(content):
        raise NotYet("The two have changed places: return the bytes first, and then the card.")
    if content is None:
        raise NotYet("It returns a pair with None in it: where nothing fits, return None alone.")
    content = file_bytes(content)
    if not _is_card(card):
        raise NotYet(
            f"The second of the pair is {kind(card)}: return the card as `make_card` gives it, neither its text nor a "
            "file."
        )
    return Delivery(order, content, card)


def _is_card(value: Any) -> bool:
    return (type(value).__module__, type(value).__name__) == CARD


def _judge_form(delivery: Delivery) -> None:
    judge_batch(delivery.found, delivery.order.inputs.shape[1:])


def _judge_model(delivery: Delivery) -> None:
    """Raises NotYet when the file is that of another model."""
    graph, order = delivery.found.subgraphs[0], delivery.order
    shapes = [graph.tensors[place].shape[1:] for place in (*graph.inputs, *graph.outputs)]
    fits = shapes == [order.inputs.shape[1:], order.answers.shape[1:]]
    if fits and (delivery.error < SAME or _holds(delivery, order.kernel)):
        return
    raise NotYet("A file holds another model than the one that was given: convert the argument `model`, at every call.")


def _holds(delivery: Delivery, kernel: np.ndarray) -> bool:
    """Whether a convolution of the file has this kernel, (height, width, inputs, outputs), but for its rounding."""
    graph, value = delivery.found.subgraphs[0], open_model(delivery.content).interpreter.get_tensor
    wanted = np.moveaxis(kernel, -1, 0)  # the file has the output channels first
    for place in (step.inputs[1] for step in graph.operators if step.name == "CONV_2D"):
        tensor = graph.tensors[place]
        scales = np.array(tensor.quantization.scales if tensor.quantization else [1.0])
        if tensor.shape != wanted.shape or scales.size not in (1, len(wanted)) or not tensor.bytes:
            continue
        if np.allclose(value(place) * scales[:, None, None, None], wanted, atol=max(scales.max(), 1e-5)):
            return True
    return False


def _judge_dtypes(delivery: Delivery) -> None:
    """Raises NotYet for what is neither a float file nor full integer with uint8 at both ends."""
    dtypes = tuple(tensor.dtype for tensor in delivery.ends)
    settings = ("inference_input_type", "inference_output_type")
    if INT8 in dtypes:
        raise NotYet(
            f"A file has {INT8} at its border, which a browser refuses: set {' and '.join(settings)} to tf.uint8."
        )
    tensors = [tensor for graph in delivery.found.subgraphs for tensor in graph.tensors]
    if dtypes == (UINT8, UINT8):
        if FLOATS & delivery.found.dtypes.keys():
            raise NotYet(
                "A file is uint8 at its border and computes in floats between: an operator has no integer kernel, or "
                "was kept from it. Convert `model` as it is."
            )
        return
    if any(tensor.dtype == "float16" for tensor in tensors):
        raise NotYet("A file has weights in float16: between float and full integer nothing is asked.")
    if not any(tensor.dtype in (INT8, UINT8) for tensor in tensors):
        return
    if not any(tensor.dtype in (INT8, UINT8) and not tensor.bytes for tensor in tensors):
        raise NotYet(
            "A file has int8 weights and computes in floats, which is dynamic range: calibrate it with `samples` and "
            f"set {' and '.join(settings)} to tf.uint8."
        )
    wrong = [setting for setting, dtype in zip(settings, dtypes, strict=True) if dtype != UINT8]
    raise NotYet(f"A file is integer inside and float at its border: set {' and '.join(wrong)} to tf.uint8.")


def _judge_budget(delivery: Delivery) -> None:
    order, size = delivery.order, len(delivery.content)
    if size <= order.most_bytes:
        return
    if order.right is None:
        raise NotYet(f"Where nothing fits it hands over a file: {size:,} bytes for {order}. Return None there.")
    raise NotYet(f"It hands over {size:,} bytes for {order}: compare `len(content)` with `most_bytes`.")


def _judge_calibration(delivery: Delivery) -> None:
    """Raises NotYet when the input's range is not that of the samples."""
    held = delivery.ends[0].quantization
    if delivery.kind == FLOAT or held is None:
        return
    low, high = (held.scales[0] * (end - held.zero_points[0]) for end in (0, 255))
    least, most = delivery.order.ends
    asked = min(least, 0), max(most, 0)
    if max(abs(low - asked[0]), abs(high - asked[1])) > CALIBRATED * (asked[1] - asked[0]):
        raise NotYet(
            f"A file was calibrated for {low:.3g} to {high:.3g}, and its samples go from {least:.3g} to {most:.3g}: "
            "yield all of `samples`, unchanged. The first few do not stand for the rest."
        )


def _judge_answers(delivery: Delivery) -> None:
    if delivery.error < NEAR[delivery.kind]:  # false for a NaN
        return
    cure = (
        "calibrate with `samples`, all of them and unchanged."
        if delivery.kind == INTEGER
        else "convert `model` as it is."
    )
    raise NotYet(f"The answers of a {delivery.kind} file are off by {delivery.error:.1%} of their range: {cure}")


def _judge_kind(delivery: Delivery) -> None:
    order = delivery.order
    if order.right == FLOAT and delivery.kind != FLOAT:
        raise NotYet(
            f"For {order} it hands over an integer file: the float file would have fitted, with about {order.size:,} "
            "bytes, and it answers as the model does."
        )


def _judge_card(delivery: Delivery) -> None:
    """Raises NotYet when the card is that of another file, or says something wrong of the picture or the classes."""
    card = delivery.card
    try:
        told = [(end.dtype, tuple(end.shape), end.scale, end.zero_point) for end in (card.input, card.output)]
        size, picture, labels = card.bytes, (card.picture.low, card.picture.high), list(card.labels)
    except (AttributeError, TypeError) as error:
        raise NotYet(f"A card is not as `make_card` makes it ({error}): return that of your file.") from None
    if size != len(delivery.content) or told != [_port(tensor) for tensor in delivery.ends]:
        raise NotYet(
            "A card was made for another file than the one beside it: `make_card(content, ...)` for what is returned."
        )
    _judge_picture(picture, delivery.order)
    classes = delivery.order.answers.shape[1]
    if labels != [str(number) for number in range(classes)]:
        raise NotYet(f"The labels are {show(labels, 60)}: the numbers of the classes are asked, 0 to {classes - 1}.")


def _port(tensor: Tensor) -> tuple[str, tuple[int, ...], float, int]:
    held = tensor.quantization
    return tensor.dtype, tensor.shape, held.scales[0] if held else 0.0, held.zero_points[0] if held else 0


def _judge_picture(found: tuple[float, float], order: Order) -> None:
    least, most = order.ends
    asked = f"low is {least:.4g} and high {most:.4g}"
    if np.allclose(found, (least, most), rtol=1e-4):
        return
    if found == (0, 1):
        raise NotYet(f"The card has low and high as they are by default, 0 and 1. In these samples {asked}.")
    if np.allclose(found, (most, least), rtol=1e-4):
        raise NotYet(f"The card has low and high the wrong way round: black is the smallest number, so {asked}.")
    if np.allclose(found, (order.samples[0].min(), order.samples[0].max()), rtol=1e-4):
        raise NotYet(f"The card has low and high of the first sample, which is a faint one. Over all samples {asked}.")
    raise NotYet(f"The card has {found[0]:.4g} for low and {found[1]:.4g} for high. In these samples {asked}.")


STAGES = (
    _judge_form,
    _judge_model,
    _judge_dtypes,
    _judge_budget,
    _judge_calibration,
    _judge_answers,
    _judge_kind,
    _judge_card,
)


def _judge_edge(deploy: Callable[..., Any], delivery: Delivery) -> None:
    """Raises NotYet when a budget that the file just fills, or just misses, is not kept to the byte."""
    order = delivery.order

    def hand_over(budget: int) -> bytes | None:
        found = _delivered(deploy, order, budget)
        return found.content if found else None

    size = just_fits(hand_over, len(delivery.content), order.most_bytes)
    found = _delivered(deploy, order, size - 1)
    if found and len(found.content) > size - 1:
        raise NotYet(f"It hands over a file of {size:,} bytes for a budget of {size - 1:,}.")
    if found is None and delivery.kind == FLOAT:
        raise NotYet(f"It returns None for a budget of {size - 1:,} bytes, where the full integer file fits.")
