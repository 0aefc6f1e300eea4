"""Cuts a .tflite file: some of its operators as a file of their own, with their weights, to run or to time alone.

The operators, their weights and their options stay as they are: what is timed is what the whole file holds.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import flatbuffers
import numpy as np

from labutils.errors import LabError
from labutils.tflite.anatomy import anatomy
from labutils.tflite.files import ModelSource, label, read_model


def cut(model: ModelSource, first: int, last: int) -> bytes:
    """The operators from the first to the last, both included, of a model's only graph as a .tflite file.

    Its inputs are what they take from before them, its outputs what is used after them. It has no signature.
    first, last: places in the graph, from 0. Raises LabError for places that do not exist and for a model with several
    graphs, ModelFileError for a file that is no model.

    >>> from labutils.models import asset
    >>> anatomy(cut(asset("mobilenet_v2_digits.tflite"), 0, 1)).operators
    Counter({'CONV_2D': 1, 'DEPTHWISE_CONV_2D': 1})
    """
    return Cutter(model).cut(first, last)


class Cutter:
    """A model taken apart once, for many cuts. model: a path or the bytes; errors as `cut` has them.

    >>> from labutils.models import asset
    >>> Cutter(asset("digits_cnn.tflite")).length
    10
    """

    def __init__(self, model: ModelSource) -> None:
        found = anatomy(model)
        if len(found.subgraphs) != 1:
            raise LabError(f"{label(model)} has {len(found.subgraphs)} graphs: only a model with one can be cut.")
        from ai_edge_litert import schema_py_generated as schema

        self._schema, self._name = schema, label(model)
        self._model = schema.ModelT.InitFromPackedBuf(read_model(model), 0)
        self._graph = self._model.subgraphs[0]

    @property
    def length(self) -> int:
        """How many operators there are."""
        return len(self._graph.operators)

    def cut(self, first: int, last: int) -> bytes:
        """As the function `cut`."""
        if not 0 <= first <= last < self.length:
            raise LabError(f"{self._name} has the operators 0 to {self.length - 1}, and not {first} to {last}.")
        kept = self._graph.operators[first : last + 1]
        later = {int(i) for each in self._graph.operators[last + 1 :] for i in each.inputs}
        later |= {int(i) for i in self._graph.outputs}
        made = _in_order(i for each in kept for i in each.outputs)
        taken = _in_order(i for each in kept for i in each.inputs if i >= 0 and i not in made)
        inputs = [i for i in taken if not self._is_constant(i)]
        return self._packed(kept, [*taken, *made], inputs, [i for i in made if i in later])

    def _is_constant(self, index: int) -> bool:
        data = self._model.buffers[self._graph.tensors[index].buffer].data
        return data is not None and len(data) > 0

    def _packed(self, operators: Sequence[Any], tensors: list[int], inputs: list[int], outputs: list[int]) -> bytes:
        """A file with these operators, whose tensors are numbered anew in the order given; -1 stays."""
        schema, new = self._schema, {old: place for place, old in enumerate(tensors)} | {-1: -1}
        buffers, kept = [schema.BufferT()], []
        for index in tensors:
            tensor = _copy(self._graph.tensors[index])
            if self._is_constant(index):
                buffers.append(self._model.buffers[tensor.buffer])
            tensor.buffer = len(buffers) - 1 if self._is_constant(index) else 0
            kept.append(tensor)
        graph, whole = schema.SubGraphT(), schema.ModelT()
        graph.name, graph.tensors, graph.operators = "cut", kept, [_renumbered(each, new) for each in operators]
        graph.inputs, graph.outputs = [new[i] for i in inputs], [new[i] for i in outputs]
        whole.version, whole.description = self._model.version, "cut"
        whole.operatorCodes, whole.subgraphs, whole.buffers = self._model.operatorCodes, [graph], buffers
        builder = flatbuffers.Builder(1024)
        builder.Finish(whole.Pack(builder), b"TFL3")
        return bytes(builder.Output())


def _in_order(indexes: Iterable[int]) -> dict[int, None]:
    return dict.fromkeys(int(index) for index in indexes)


def _copy(table: Any) -> Any:
    """Another object with the same fields."""
    other = type(table)()
    vars(other).update(vars(table))
    return other


def _renumbered(operator: Any, new: dict[int, int]) -> Any:
    other = _copy(operator)
    other.inputs = np.array([new[int(i)] for i in operator.inputs], np.int32)
    other.outputs = np.array([new[int(i)] for i in operator.outputs], np.int32)
    return other
