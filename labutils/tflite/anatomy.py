"""What a .tflite file holds: operators, tensors, weights, quantization, signatures, and where its bytes go.

Read from the FlatBuffer itself, so it needs neither TensorFlow nor an interpreter and runs nothing of the model.
Source of the field numbers: schema.fbs, version 3, in the LiteRT repository (litert/... tflite/schema).
"""

import struct
from collections import Counter
from dataclasses import dataclass
from functools import cache

import numpy as np

from labutils.tflite import flatbuffer as fb
from labutils.tflite.files import ModelFileError, ModelSource, label, read_model


@dataclass(frozen=True)
class Quantization:
    """real value = scale * (stored value - zero point); one scale per tensor, or one per channel along `axis`."""

    scales: tuple[float, ...]
    zero_points: tuple[int, ...]
    axis: int


@dataclass(frozen=True)
class Tensor:
    """One tensor of a graph. shape: -1 where the size is decided at run time. bytes: of its constant data, else 0."""

    index: int
    name: str
    shape: tuple[int, ...]
    dtype: str
    bytes: int
    quantization: Quantization | None


@dataclass(frozen=True)
class Operator:
    """One node of a graph. kind: builtin, flex (TF Select) or custom. inputs, outputs: tensor indexes, -1: left out."""

    index: int
    name: str
    kind: str
    version: int
    inputs: tuple[int, ...]
    outputs: tuple[int, ...]


@dataclass(frozen=True)
class Signature:
    """A named entry to the model. inputs, outputs: argument name -> tensor index."""

    key: str
    subgraph: int
    inputs: dict[str, int]
    outputs: dict[str, int]


@dataclass(frozen=True)
class Subgraph:
    """A graph of the model; most models have one."""

    name: str
    tensors: tuple[Tensor, ...]
    operators: tuple[Operator, ...]
    inputs: tuple[int, ...]
    outputs: tuple[int, ...]


@dataclass(frozen=True)
class Anatomy:
    """All that `anatomy` found. bytes_by_part: adds up to size; 'layout' is offsets, lengths and padding."""

    size: int
    version: int
    description: str
    subgraphs: tuple[Subgraph, ...]
    signatures: tuple[Signature, ...]
    metadata: tuple[str, ...]
    bytes_by_part: dict[str, int]

    @property
    def operators(self) -> Counter[str]:
        """How often each operator occurs, over all graphs."""
        return Counter(operator.name for graph in self.subgraphs for operator in graph.operators)

    @property
    def dtypes(self) -> Counter[str]:
        """How many tensors have each dtype, over all graphs."""
        return Counter(tensor.dtype for graph in self.subgraphs for tensor in graph.tensors)

    @property
    def parameters(self) -> int:
        """How many numbers the constant tensors hold: weights, biases, and constants such as shapes."""
        held = [tensor for graph in self.subgraphs for tensor in graph.tensors if tensor.bytes]
        return sum(int(np.prod([abs(size) for size in tensor.shape])) for tensor in held)

    @property
    def has_unfrozen_variables(self) -> bool:
        """Whether the graph reads variables whose values are not in the file (VAR_HANDLE)."""
        return "VAR_HANDLE" in self.operators


def anatomy(model: ModelSource) -> Anatomy:
    """Read a .tflite model, given by path or as bytes.

    Raises ModelFileError, with what to do, when the file is missing, no model, truncated or damaged.

    >>> from labutils.models import asset
    >>> neuron = anatomy(asset("neuron.tflite"))
    >>> dict(neuron.operators), neuron.parameters
    ({'FULLY_CONNECTED': 1}, 2)
    >>> neuron.bytes_by_part["weights"]
    8
    """
    content = read_model(model)
    bytemap = fb.ByteMap(content)
    try:
        return _read(bytemap)
    except (fb.Damaged, struct.error, ValueError, IndexError, TypeError, OverflowError) as error:
        raise ModelFileError(
            f"{label(model)} is truncated or damaged ({error}): make it again, and compare its size or checksum."
        ) from None


def _read(bytemap: fb.ByteMap) -> Anatomy:
    bytemap.claim(0, 8, "layout")
    model = fb.Node.root(bytemap, "layout")
    buffers = [_buffer_size(node) for node in model.tables(12, "layout")]
    metadata = [(node.text(4, "names"), node.scalar(6, fb.UINT32)) for node in model.tables(16, "metadata")]
    _name_owners(bytemap, model, {number for _, number in metadata})
    codes = [_operator_code(node) for node in model.tables(6, "operators")]
    subgraphs = tuple(_subgraph(node, codes, buffers) for node in model.tables(8, "layout"))
    if not subgraphs:
        raise fb.Damaged("it has no graph")
    signatures = tuple(_signature(node, subgraphs) for node in model.tables(18, "signatures"))
    return Anatomy(
        size=len(bytemap.content),
        version=model.scalar(4, fb.UINT32),
        description=model.text(10, "metadata"),
        subgraphs=subgraphs,
        signatures=signatures,
        metadata=tuple(name for name, _ in metadata),
        bytes_by_part=bytemap.sizes(),
    )


def _buffer_size(node: fb.Node) -> int:
    """Bytes of a buffer, inside the FlatBuffer or, in files over 2 GB, behind it."""
    inside = len(node.numbers(4, fb.UINT8, "weights"))
    return inside or int(node.scalar(8, fb.UINT64))


def _name_owners(bytemap: fb.ByteMap, model: fb.Node, metadata_buffers: set[int]) -> None:
    """Buffers hold weights, but for those that the metadata points to."""
    for number, node in enumerate(model.tables(12, "layout")):
        if number in metadata_buffers:
            node.numbers(4, fb.UINT8, "metadata")


@cache
def _names(enum: str) -> dict[int, str]:
    """Number -> name of one of the schema's enumerations."""
    from ai_edge_litert import schema_py_generated as schema

    return {value: name for name, value in vars(getattr(schema, enum)).items() if isinstance(value, int)}


def _operator_code(node: fb.Node) -> tuple[str, str, int]:
    """Name, kind and version. Codes up to 127 stand in an older field as well: the larger one holds."""
    code = max(node.scalar(4, fb.INT8), node.scalar(10, fb.INT32))
    custom = node.text(6, "names")
    version = node.scalar(8, fb.INT32, 1)
    name = _names("BuiltinOperator").get(code)
    if name is None:
        raise fb.Damaged(f"it names operator {code}, which does not exist")
    if name != "CUSTOM":
        return name, "builtin", version
    return custom, "flex" if custom.startswith("Flex") else "custom", version


def _subgraph(node: fb.Node, codes: list[tuple[str, str, int]], buffers: list[int]) -> Subgraph:
    tensors = tuple(_tensor(n, t, buffers) for n, t in enumerate(node.tables(4, "tensors")))
    operators = tuple(_operator(n, o, codes) for n, o in enumerate(node.tables(10, "operators")))
    inputs, outputs = (tuple(node.numbers(slot, fb.INT32).tolist()) for slot in (6, 8))
    for index in {*inputs, *outputs, *(i for o in operators for i in (*o.inputs, *o.outputs))}:
        if not -1 <= index < len(tensors):
            raise fb.Damaged(f"it uses tensor {index} of {len(tensors)}")
    return Subgraph(node.text(12, "names"), tensors, operators, inputs, outputs)


def _tensor(index: int, node: fb.Node, buffers: list[int]) -> Tensor:
    shape, signature = (tuple(node.numbers(slot, fb.INT32).tolist()) for slot in (4, 18))
    kind, buffer = node.scalar(6, fb.INT8), node.scalar(8, fb.UINT32)
    dtype = _names("TensorType").get(kind)
    if dtype is None:
        raise fb.Damaged(f"tensor {index} has type {kind}, which does not exist")
    if buffer >= len(buffers):
        raise fb.Damaged(f"tensor {index} uses buffer {buffer} of {len(buffers)}")
    return Tensor(
        index=index,
        name=node.text(10, "names"),
        shape=signature or shape,
        dtype=dtype.lower(),
        bytes=buffers[buffer],
        quantization=_quantization(node.table(12, "quantization")),
    )


def _quantization(node: fb.Node | None) -> Quantization | None:
    if node is None:
        return None
    scales, zero_points = node.numbers(8, fb.FLOAT32), node.numbers(10, fb.INT64)
    for slot in (4, 6):  # the calibrated minimum and maximum, where they were kept
        node.numbers(slot, fb.FLOAT32)
    if not len(scales):
        return None
    return Quantization(tuple(scales.tolist()), tuple(zero_points.tolist()), node.scalar(16, fb.INT32))


def _operator(index: int, node: fb.Node, codes: list[tuple[str, str, int]]) -> Operator:
    code = node.scalar(4, fb.UINT32)
    if code >= len(codes):
        raise fb.Damaged(f"operator {index} uses code {code} of {len(codes)}")
    node.table(12, "operators")
    node.numbers(14, fb.UINT8)
    inputs, outputs = (tuple(node.numbers(slot, fb.INT32).tolist()) for slot in (6, 8))
    if inputs[:1] == (-1,) or -1 in outputs:  # the interpreter follows it into memory that is not there
        raise fb.Damaged(f"operator {index} lacks an input or an output")
    name, kind, version = codes[code]
    return Operator(index, name, kind, version, inputs, outputs)


def _signature(node: fb.Node, subgraphs: tuple[Subgraph, ...]) -> Signature:
    subgraph = node.scalar(12, fb.UINT32)
    if subgraph >= len(subgraphs):
        raise fb.Damaged(f"a signature uses graph {subgraph} of {len(subgraphs)}")
    inputs, outputs = (
        {entry.text(4, "names"): entry.scalar(6, fb.UINT32) for entry in node.tables(slot, "signatures")}
        for slot in (4, 6)
    )
    return Signature(node.text(8, "names"), subgraph, inputs, outputs)
