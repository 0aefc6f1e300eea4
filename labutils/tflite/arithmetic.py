"""How much an operator has to do: multiply-adds, and the bytes that it must read and write."""

from __future__ import annotations

from dataclasses import dataclass
from math import prod

import numpy as np

from labutils.errors import LabError
from labutils.tflite.anatomy import Operator, Tensor, anatomy
from labutils.tflite.files import ModelSource, label

KERNEL = {"CONV_2D": 1, "DEPTHWISE_CONV_2D": 1, "FULLY_CONNECTED": 1}  # which input holds the weights


@dataclass(frozen=True)
class Work:
    """One operator's work. multiply_adds: each counts once; for an operator without weights, one per element.

    bytes: of its inputs, weights and outputs, each counted once, as if caches were large enough.
    """

    index: int
    name: str
    multiply_adds: int
    bytes: int

    @property
    def intensity(self) -> float:
        """Multiply-adds for each byte moved."""
        return self.multiply_adds / self.bytes


def work(model: ModelSource) -> list[Work]:
    """The work of each operator of a model's first graph, for one inference.

    model: a path or the bytes. Raises LabError where a size is free other than the batch, which counts as 1;
    ModelFileError for a file that is no model.

    Source of the roofline's two quantities: S. Williams, A. Waterman, D. Patterson, Roofline: An Insightful Visual
    Performance Model, Communications of the ACM 52 (2009).

    >>> from labutils.models import asset
    >>> sum(each.multiply_adds for each in work(asset("neuron.tflite")))
    1
    """
    graph = anatomy(model).subgraphs[0]
    for tensor in graph.tensors:
        if -1 in tensor.shape[1:]:
            raise LabError(f"{label(model)} has a tensor with free sizes {tensor.shape}: fix them before you count.")
    return [_work(operator, graph.tensors) for operator in graph.operators]


def _work(operator: Operator, tensors: tuple[Tensor, ...]) -> Work:
    taken = [tensors[index] for index in operator.inputs if index >= 0]
    made = [tensors[index] for index in operator.outputs]
    moved = sum(_elements(each) * _width(each) for each in (*taken, *made))
    return Work(operator.index, operator.name, _multiply_adds(operator, tensors), moved)


def _multiply_adds(operator: Operator, tensors: tuple[Tensor, ...]) -> int:
    out = _elements(tensors[operator.outputs[0]])
    if operator.name not in KERNEL:
        return max(out, *(_elements(tensors[index]) for index in operator.inputs if index >= 0))
    weights = tensors[operator.inputs[KERNEL[operator.name]]].shape
    if operator.name == "DEPTHWISE_CONV_2D":  # (1, height, width, channels): one channel of the input each
        return out * weights[1] * weights[2]
    return out * prod(weights[1:])  # (out, height, width, in), or (out, in)


def _elements(tensor: Tensor) -> int:
    return prod(abs(size) for size in tensor.shape)


def _width(tensor: Tensor) -> float:
    """Bytes of one element; half a byte where two share one."""
    return 0.5 if tensor.dtype in ("int4", "uint4") else np.dtype(tensor.dtype).itemsize
