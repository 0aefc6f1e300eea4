"""Judges a delivery: the most exact file within a budget, for several devices. All is made up just now."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from labutils.errors import LabError
from labutils.exercises.exercise import NotYet
from labutils.exercises.judges.conversion import file_bytes
from labutils.exercises.judges.edges import just_fits
from labutils.tflite.anatomy import Anatomy, anatomy
from labutils.tflite.converter import CALIBRATED, Settings, configure
from labutils.tflite.integer import FLOATS
from labutils.tflite.runtime import open_model

if TYPE_CHECKING:
    import keras

INT8, UINT8, FLOAT32 = "int8", "uint8", "float32"
FLOAT, FLOAT16, DYNAMIC, INTEGER = RUNGS = ("float", "float16", "dynamic range", "integer")  # the most exact first
# Mean error, of the range of the answers. Measured on right files: 2e-8, 4e-5, 0.0014 and 0.0034 at most.
NEAR = {FLOAT: 1e-5, FLOAT16: 1e-3, DYNAMIC: 0.01, INTEGER: 0.01}
SAME = 0.05  # up to here nobody asks whether it is another model: of those, the nearest was off by 0.099
ROWS = 40

Make = Callable[[np.random.Generator], "keras.Model"]


@dataclass(frozen=True)
class Order:
    """What is asked of the function, and what is right.

    inputs: fresh ones, as `samples` are; answers: the model's to them. right: the most exact rung that fits, or None.
    size: about how many bytes that file has. kernel: of the first layer, (inputs, outputs).
    """

    model: keras.Model
    samples: np.ndarray
    most_bytes: int
    takes: str
    right: str | None
    size: int
    inputs: np.ndarray
    answers: np.ndarray
    kernel: np.ndarray

    def __str__(self) -> str:
        return f"a device that takes {self.takes} and {self.most_bytes:,} bytes"


@dataclass(frozen=True)
class Delivery:
    """A file that was handed over for an order."""

    order: Order
    content: bytes

    @cached_property
    def found(self) -> Anatomy:
        return anatomy(self.content)

    @cached_property
    def answers(self) -> np.ndarray:
        return open_model(self.content).predict(self.order.inputs)

    @cached_property
    def error(self) -> float:
        return float(np.abs(self.answers - self.order.answers).mean() / np.ptp(self.order.answers))

    @cached_property
    def rung(self) -> str:
        """How exactly the file computes, read from its tensors."""
        tensors = [tensor for graph in self.found.subgraphs for tensor in graph.tensors]
        small = [tensor for tensor in tensors if tensor.dtype in (INT8, UINT8, "int16", "int4")]
        if small:
            return DYNAMIC if all(tensor.bytes for tensor in small) else INTEGER
        return FLOAT16 if any(tensor.dtype == "float16" for tensor in tensors) else FLOAT


def check(deliver: Callable[..., Any], rng: np.random.Generator) -> None:
    """Raises NotYet when the function does not deliver the right files for orders that it has never seen."""
    orders = _orders(rng)
    files: list[bytes | None] = [None] * len(orders)
    for place in rng.permutation(len(orders)):
        files[place] = _delivered(deliver, orders[place], orders[place].most_bytes)
    if not any(files):
        raise NotYet("It returns None for every model and budget, and most of them have a file: does it `return` one?")
    given = [Delivery(*pair) for pair in zip(orders, files, strict=True) if pair[1] is not None]
    try:
        for stage in STAGES:
            for delivery in given:
                stage(delivery)
    except LabError as error:
        raise NotYet(f"A file does not work: {error}") from None
    for order, content in zip(orders, files, strict=True):
        if content is None and order.right:
            raise NotYet(f"It returns None for {order}: the {order.right} file fits, with about {order.size:,} bytes.")
    _judge_edge(deliver, given[-1])


def _delivered(deliver: Callable[..., Any], order: Order, most_bytes: int) -> bytes | None:
    found = deliver(order.model, order.samples, most_bytes, order.takes)
    return None if found is None else file_bytes(found)


def _judge_edge(deliver: Callable[..., Any], delivery: Delivery) -> None:
    """Raises NotYet when a budget that the file just fills, or just misses, is not kept to the byte."""
    order = delivery.order
    size = just_fits(lambda budget: _delivered(deliver, order, budget), len(delivery.content), order.most_bytes)
    if len(_delivered(deliver, order, size - 1) or b"") > size - 1:
        raise NotYet(f"It hands over a file of {size:,} bytes for a budget of {size - 1:,}.")


def _judge_form(delivery: Delivery) -> None:
    """Raises NotYet for missing weights and for another batch than 1."""
    if delivery.found.has_unfrozen_variables:
        raise NotYet("A file holds `VAR_HANDLE`: its weights are missing. Convert a concrete function by itself.")
    graph = delivery.found.subgraphs[0]
    rows = {graph.tensors[place].shape[:1] for place in graph.inputs}
    if (-1,) in rows:
        raise NotYet(
            "The batch of a file is free, -1 in `shape_signature`: trace the model for `tf.TensorSpec([1, ...])` and "
            "convert the concrete function."
        )
    if rows != {(1,)}:
        count = next((row[0] for row in rows if row), "no")
        raise NotYet(f"A file takes {count} rows at a time: a batch of 1 is asked.")


def _judge_model(delivery: Delivery) -> None:
    """Raises NotYet when the file is that of another model."""
    graph, order = delivery.found.subgraphs[0], delivery.order
    shapes = [graph.tensors[place].shape[1:] for place in (*graph.inputs, *graph.outputs)]
    fits = shapes == [order.inputs.shape[1:], order.answers.shape[1:]]
    if fits and (delivery.error < SAME or _holds(delivery.content, order.kernel)):
        return
    raise NotYet(
        "A file holds another model than the one it was ordered for: convert the argument `model`, anew at every call."
    )


def _holds(content: bytes, kernel: np.ndarray) -> bool:
    """Whether a fully connected layer of the file has this kernel, but for its rounding."""
    graph, value = anatomy(content).subgraphs[0], open_model(content).interpreter.get_tensor
    for tensor in graph.tensors:
        scales = np.array(tensor.quantization.scales if tensor.quantization else [1.0])
        if not tensor.bytes or tensor.shape != kernel.T.shape or scales.size not in (1, len(kernel.T)):
            continue
        rounding = scales.max() if tensor.quantization else 0.01
        if np.abs(value(tensor.index) * scales[:, None] - kernel.T).max() <= rounding:
            return True
    return False


def _judge_border(delivery: Delivery) -> None:
    graph, takes = delivery.found.subgraphs[0], delivery.order.takes
    ends = {"inference_input_type": graph.inputs, "inference_output_type": graph.outputs}
    dtypes = {side: graph.tensors[places[0]].dtype for side, places in ends.items()}
    wrong = [side for side, dtype in dtypes.items() if dtype != takes]
    if wrong:
        raise NotYet(
            f"For a device that takes {takes}, a file has {dtypes[wrong[0]]} at its border: set {' and '.join(wrong)} "
            f"to tf.{takes}, and return None where such a file is too large."
        )


def _judge_inside(delivery: Delivery) -> None:
    takes = delivery.order.takes
    if takes != FLOAT32 and FLOATS & delivery.found.dtypes.keys():
        raise NotYet(
            f"A file is {takes} at its border and computes in floats between: an operator has no integer kernel, or "
            "was kept from it. Convert `model` as it is."
        )


def _judge_budget(delivery: Delivery) -> None:
    order, size = delivery.order, len(delivery.content)
    if size <= order.most_bytes:
        return
    if order.right is None:
        raise NotYet(f"Where nothing fits it hands over a file: {size:,} bytes for {order}. Return None there.")
    raise NotYet(f"It hands over {size:,} bytes for {order}: compare `len(content)` with `most_bytes`, rung by rung.")


def _judge_answers(delivery: Delivery) -> None:
    if delivery.error < NEAR[delivery.rung]:  # false for a NaN
        return
    cure = "convert `model` as it is."
    if delivery.rung == INTEGER:
        cure = "its scales do not fit. Calibrate with `samples`, all of them and unchanged."
    if np.ptp(delivery.answers) == 0:
        raise NotYet(f"A file always answers the same: {cure}")
    raise NotYet(f"The answers of a file ({delivery.rung}) are off by {delivery.error:.1%} of their range: {cure}")


def _judge_rung(delivery: Delivery) -> None:
    order = delivery.order
    if order.right and RUNGS.index(delivery.rung) > RUNGS.index(order.right):
        raise NotYet(
            f"For {order} it hands over a file of the kind {delivery.rung}: the {order.right} file would have fitted, "
            f"with about {order.size:,} bytes, and answers nearer to the model."
        )


STAGES = (_judge_form, _judge_model, _judge_border, _judge_inside, _judge_budget, _judge_answers, _judge_rung)


def _orders(rng: np.random.Generator) -> list[Order]:
    """Every rung is the only right one at least once; the last order has a file. Budgets lie well between the sizes."""
    wide, heads = _wide(rng), _heads(rng)
    large, small = _sizes(wide(rng)), _sizes(heads(rng))
    beyond = int(large[FLOAT] * rng.uniform(1.2, 2))
    return [
        _order(rng, wide, FLOAT32, _between(rng, large[FLOAT], beyond), FLOAT, large),
        _order(rng, wide, FLOAT32, _between(rng, large[FLOAT16], large[FLOAT]), FLOAT16, large),
        _order(rng, wide, FLOAT32, _between(rng, large[DYNAMIC], large[INTEGER]), DYNAMIC, large),
        _order(rng, heads, FLOAT32, _between(rng, small[INTEGER], small[FLOAT16]), INTEGER, small),
        _order(rng, wide, FLOAT32, _between(rng, 1000, large[DYNAMIC] - 1000), None, large),
        _order(rng, wide, INT8, _between(rng, large[DYNAMIC], large[INTEGER]), None, large),
        _order(rng, wide, INT8, _between(rng, large[INTEGER], large[FLOAT16]), INTEGER, large),
        _order(rng, heads, UINT8, beyond, INTEGER, small),
    ]


def _between(rng: np.random.Generator, low: int, high: int) -> int:
    """A budget that the converter's ways of naming tensors, some hundred bytes, do not matter for."""
    return int(low + (high - low) * rng.uniform(0.4, 0.6))


def _order(
    rng: np.random.Generator, make: Make, takes: str, most_bytes: int, right: str | None, sizes: dict[str, int]
) -> Order:
    """An order with a new model, and samples that differ in contrast, so that the first few do not stand for all."""
    model = make(rng)
    contrast, shift = np.linspace(0.1, 2, ROWS)[:, None], rng.uniform(-0.5, 0.5)
    samples, inputs = (
        (contrast * rng.normal(shift, 1, (ROWS, model.input_shape[1]))).astype(np.float32) for _ in range(2)
    )
    size = sizes[right] if right else 0
    kernel = model.get_weights()[0]
    return Order(model, samples, most_bytes, takes, right, size, inputs, np.asarray(model(inputs)), kernel)


def _sizes(model: keras.Model) -> dict[str, int]:
    """How many bytes the file of each rung has. A border of integers changes that by less than 100."""
    import tensorflow as tf

    one = tf.TensorSpec([1, *model.input_shape[1:]], tf.float32)
    traced = tf.function(lambda x: model(x), autograph=False).get_concrete_function(one)
    sizes = {}
    samples = np.linspace(-1, 1, 2 * one.shape[1], dtype=np.float32).reshape(2, 1, -1)
    for rung, setting in zip(RUNGS, ("none", "float16", "dynamic_range", "integer"), strict=True):
        converter = tf.lite.TFLiteConverter.from_concrete_functions([traced])
        configure(converter, Settings(setting), (lambda: ([x] for x in samples)) if setting in CALIBRATED else None)
        sizes[rung] = len(converter.convert())
    return sizes


def _wide(rng: np.random.Generator) -> Make:
    """Makes models with two large kernels and many channels: dynamic range gives the smallest file."""
    inputs, hidden, scores = (int(size) for size in rng.integers((36, 190, 10), (48, 230, 14)))

    def make(rng: np.random.Generator) -> keras.Model:
        import keras

        layers = [
            keras.Input((inputs,), name="x"),
            keras.layers.Dense(hidden, activation="relu", kernel_initializer="zeros", name="hidden"),
            keras.layers.Dense(scores, kernel_initializer="zeros", name="scores"),
        ]
        return _weighted(keras.Sequential(layers, name="fresh"), rng)

    return make


def _heads(rng: np.random.Generator) -> Make:
    """Makes models with kernels under 1,024 weights, which dynamic range leaves alone: only integer is small."""
    inputs, heads = (int(size) for size in rng.integers((220, 7), (250, 10)))

    def make(rng: np.random.Generator) -> keras.Model:
        import keras

        x = keras.Input((inputs,), name="x")
        scores = [keras.layers.Dense(4, kernel_initializer="zeros", name=f"head_{n}")(x) for n in range(heads)]
        return _weighted(keras.Model(x, keras.layers.Concatenate(name="scores")(scores), name="fresh"), rng)

    return make


def _weighted(model: keras.Model, rng: np.random.Generator) -> keras.Model:
    """The model with random weights. All has a name and started at zero: Keras's own counters and numbers stay."""
    model.set_weights([rng.normal(0, 0.3, value.shape).astype(np.float32) for value in model.get_weights()])
    return model
