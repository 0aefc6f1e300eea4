"""Tiny .tflite files of dense layers, put together from the schema's tables: made anew in milliseconds, no TensorFlow.

Source of the tables and of the operators' versions: schema.fbs, version 3, in the LiteRT repository.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from ai_edge_litert import schema_py_generated as schema

VERSIONS = {"FULLY_CONNECTED": 4, "RESHAPE": 1, "QUANTIZE": 1, "DEQUANTIZE": 3}
SCALE = 0.05  # of whatever is int8
NAMES = {"float32": "int8_kernel", "float16": "int8_kernel_half", "int8": "kernel"}  # a name proves nothing


def dense_file(
    rng: np.random.Generator,
    stored: tuple[str, ...] = ("float32",),
    computes: str = "float32",
    ends: str = "float32",
    flatten: bool = False,
    sizes: tuple[int, int] = (8, 16),
) -> bytes:
    """A file of random sizes and weights, which the interpreter runs.

    stored: the dtype of each layer's weights, float32, float16 or int8. computes: the dtype of what is between, float32
    or, with weights of int8 only, int8. ends: the dtype of input and output. flatten: whether the image is first
    reshaped, for which the file holds an int32 constant. sizes: of image and layers, from the first to below the last.

    >>> from labutils.tflite.anatomy import anatomy
    >>> file = anatomy(dense_file(np.random.default_rng(0), ("int8",)))
    >>> sorted(file.dtypes.items()), dict(file.operators)
    ([('float32', 3), ('int8', 1)], {'FULLY_CONNECTED': 1})
    """
    height, width, *units = (int(size) for size in rng.integers(*sizes, size=2 + len(stored)))
    parts = _Parts(rng)
    first = last = parts.tensor((1, height, width) if flatten else (1, height * width), ends, "image")
    if flatten:
        shape = parts.tensor((2,), "int32", "shape", np.array([1, height * width], np.int32))
        last = parts.step("RESHAPE", [first, shape], (1, height * width), ends)
    last = parts.cast(last, computes)
    for dtype, number in zip(stored, units, strict=True):
        last = parts.dense(last, number, dtype)
    last = parts.cast(last, ends)
    return parts.file(first, last)


class _Parts:
    """Buffers, tensors and operators of a graph in the making. Tensors are meant by their numbers."""

    def __init__(self, rng: np.random.Generator) -> None:
        from ai_edge_litert import schema_py_generated

        self.schema, self.rng = schema_py_generated, rng
        self.buffers = [self.schema.BufferT()]  # the first is empty: that of tensors whose numbers come while it runs
        self.tensors: list[schema.TensorT] = []
        self.operators: list[schema.OperatorT] = []
        self.codes: list[str] = []

    def tensor(self, shape: tuple[int, ...], dtype: str, name: str, values: np.ndarray | None = None) -> int:
        tensor = self.schema.TensorT()
        tensor.shape, tensor.name = np.array(shape, np.int32), name.encode()
        tensor.type = getattr(self.schema.TensorType, dtype.upper())
        if dtype == "int8":
            tensor.quantization = self._scale(SCALE)
        if values is not None:
            buffer = self.schema.BufferT()
            buffer.data = np.frombuffer(values.tobytes(), np.uint8)
            self.buffers.append(buffer)
            tensor.buffer = len(self.buffers) - 1
        self.tensors.append(tensor)
        return len(self.tensors) - 1

    def step(self, code: str, inputs: list[int], shape: tuple[int, ...], dtype: str) -> int:
        """Add an operator with one output, of this shape and dtype, and return the output's number."""
        output = self.tensor(shape, dtype, f"step_{len(self.operators)}")
        operator = self.schema.OperatorT()
        operator.inputs, operator.outputs = np.array(inputs, np.int32), np.array([output], np.int32)
        if code not in self.codes:
            self.codes.append(code)
        operator.opcodeIndex = self.codes.index(code)
        if code == "FULLY_CONNECTED":
            operator.builtinOptionsType = self.schema.BuiltinOptions.FullyConnectedOptions
            operator.builtinOptions = self.schema.FullyConnectedOptionsT()
        self.operators.append(operator)
        return output

    def cast(self, number: int, dtype: str) -> int:
        """The tensor in float32 or int8: itself, where it is that already."""
        tensor = self.tensors[number]
        if tensor.type == getattr(self.schema.TensorType, dtype.upper()):
            return number
        return self.step("QUANTIZE" if dtype == "int8" else "DEQUANTIZE", [number], tuple(tensor.shape), dtype)

    def dense(self, number: int, units: int, stored: str) -> int:
        """A dense layer: in int8 when its input is, else in float32, whatever its weights are stored as."""
        size = int(self.tensors[number].shape[-1])
        whole = self.tensors[number].type == self.schema.TensorType.INT8
        values = self.rng.normal(0, 0.3, (units, size))
        values = np.clip(np.round(values / SCALE), -127, 127) if stored == "int8" else values
        kernel = self.tensor((units, size), stored, NAMES[stored], values.astype(stored))
        added = "int32" if whole else "float16" if stored == "float16" else "float32"
        bias = self.tensor((units,), added, "bias", self.rng.normal(0, 1, units).astype(added))
        if whole:
            self.tensors[bias].quantization = self._scale(SCALE * SCALE)
        if stored == "float16":
            kernel, bias = self.cast(kernel, "float32"), self.cast(bias, "float32")
        return self.step("FULLY_CONNECTED", [number, kernel, bias], (1, units), "int8" if whole else "float32")

    def _scale(self, scale: float) -> schema.QuantizationParametersT:
        found = self.schema.QuantizationParametersT()
        found.scale, found.zeroPoint = np.array([scale], np.float32), np.array([0], np.int64)
        return found

    def file(self, first: int, last: int) -> bytes:
        """The bytes of a file with this graph. first, last: its input and its output."""
        import flatbuffers

        graph, model = self.schema.SubGraphT(), self.schema.ModelT()
        graph.tensors, graph.operators = self.tensors, self.operators
        graph.inputs, graph.outputs = np.array([first], np.int32), np.array([last], np.int32)
        model.version, model.buffers, model.subgraphs = 3, self.buffers, [graph]
        model.operatorCodes = [self._code(name) for name in self.codes]
        builder = flatbuffers.Builder(1024)
        builder.Finish(model.Pack(builder), b"TFL3")
        return bytes(builder.Output())

    def _code(self, name: str) -> schema.OperatorCodeT:
        code = self.schema.OperatorCodeT()
        code.builtinCode = code.deprecatedBuiltinCode = getattr(self.schema.BuiltinOperator, name)
        code.version = VERSIONS[name]
        return code
