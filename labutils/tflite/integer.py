"""Is a .tflite file integer all through? Told from the file alone: nothing is run, TensorFlow is not imported."""

from collections import Counter
from dataclasses import dataclass

from labutils.errors import LabError
from labutils.tflite.anatomy import Anatomy, Subgraph, Tensor, anatomy
from labutils.tflite.files import ModelSource, label

FLOATS = {"float16", "float32", "float64", "bfloat16"}
CROSSINGS = {"QUANTIZE", "DEQUANTIZE"}  # they have a float side by nature


class NotFullyInteger(LabError, AssertionError):  # noqa: N818 - what an assertion says, in the course's manner
    """The file holds floats where it must not."""


@dataclass(frozen=True)
class FloatTensor:
    """A tensor of real numbers. written_by, read_by: names of operators. ends: "input", "output", both, or neither,
    of the model itself."""

    tensor: Tensor
    written_by: tuple[str, ...]
    read_by: tuple[str, ...]
    ends: tuple[str, ...]


def float_tensors(model: ModelSource | Anatomy) -> tuple[FloatTensor, ...]:
    """The tensors of a .tflite model that hold floats of any width, with the operators that write and read them.

    model: path, bytes, or what `anatomy` found. Raises ModelFileError when it is missing, no model, or damaged.

    >>> from labutils.models import asset
    >>> float_tensors(asset("digits_cnn_int8.tflite"))
    ()
    >>> [(each.tensor.dtype, each.read_by, each.ends) for each in float_tensors(asset("neuron.tflite"))][0]
    ('float32', ('FULLY_CONNECTED',), ('input',))
    """
    found = _found(model)
    entries = {0, *(signature.subgraph for signature in found.signatures)}
    return tuple(
        _described(graph, tensor, number in entries)
        for number, graph in enumerate(found.subgraphs)
        for tensor in graph.tensors
        if tensor.dtype in FLOATS
    )


def float_operators(found: Anatomy) -> dict[str, int]:
    """How often each operator occurs that reads or writes floats; QUANTIZE and DEQUANTIZE are not counted.

    >>> from labutils.models import asset
    >>> float_operators(anatomy(asset("neuron.tflite"))), float_operators(anatomy(asset("digits_cnn_int8.tflite")))
    ({'FULLY_CONNECTED': 1}, {})
    """
    counts: dict[str, int] = {}
    for graph in found.subgraphs:
        for operator in graph.operators:
            ends = [graph.tensors[index] for index in (*operator.inputs, *operator.outputs) if index >= 0]
            if operator.name not in CROSSINGS and any(tensor.dtype in FLOATS for tensor in ends):
                counts[operator.name] = counts.get(operator.name, 0) + 1
    return counts


def assert_fully_integer(model: ModelSource | Anatomy, io: bool = True) -> None:
    """Return None when a .tflite model holds no float, as an integer-only device demands.

    model: path, bytes, or what `anatomy` found. io: False lets its inputs and outputs be float, when nothing but
    QUANTIZE and DEQUANTIZE touches them. Any width of integer passes: a device may want int8 alone. Raises
    NotFullyInteger, an AssertionError too, with what is float and what to do; ModelFileError when it is no model.

    >>> from labutils.models import asset
    >>> assert_fully_integer(asset("digits_cnn_int8.tflite"))
    >>> assert_fully_integer(asset("neuron.tflite"))
    Traceback (most recent call last):
    ...
    labutils.tflite.integer.NotFullyInteger: neuron.tflite quantizes nothing, it is a float model ...
    """
    found = _found(model)
    name = "the model" if isinstance(model, Anatomy) else label(model)
    tensors, counts = float_tensors(found), float_operators(found)
    if counts:
        raise NotFullyInteger(f"{name} {_computing(found, counts)}")
    inside = [each for each in tensors if not each.ends]
    if inside:
        kinds = f"{inside[0].tensor.dtype}, {' and '.join((*inside[0].written_by, *inside[0].read_by)) or 'unused'}"
        raise NotFullyInteger(f"{name} still holds a float inside ({inside[0].tensor.name}: {kinds}): convert it anew.")
    if io and tensors:
        raise NotFullyInteger(f"{name} is integer inside, but {_at_the_ends(found, tensors)}")


def _found(model: ModelSource | Anatomy) -> Anatomy:
    return model if isinstance(model, Anatomy) else anatomy(model)


def _described(graph: Subgraph, tensor: Tensor, entry: bool) -> FloatTensor:
    """entry: whether the graph's inputs and outputs are those of the model, and not of a branch or a loop."""
    ends = (("input", graph.inputs), ("output", graph.outputs)) if entry else ()
    return FloatTensor(
        tensor,
        written_by=tuple(operator.name for operator in graph.operators if tensor.index in operator.outputs),
        read_by=tuple(operator.name for operator in graph.operators if tensor.index in operator.inputs),
        ends=tuple(end for end, indexes in ends if tensor.index in indexes),
    )


def _computing(found: Anatomy, counts: dict[str, int]) -> str:
    """What to say of a model whose operators compute in float."""
    listed = ", ".join(f"{count} {name}" for name, count in Counter(counts).most_common())
    data = "give a representative_dataset that yields samples"
    weights = {tensor.dtype for tensor in _tensors(found) if tensor.bytes}
    if any(tensor.quantization and not tensor.bytes for tensor in _tensors(found)):
        cure = "rewrite the model with operators that have one"
        return f"still computes in float ({listed}), for want of an integer kernel: {cure}."
    if any(tensor.quantization for tensor in _tensors(found)):
        return f"quantizes its weights alone and computes in float ({listed}): {data}."
    if "float16" in weights:
        return f"quantizes nothing, its weights are float16 ({listed}): leave supported_types alone, and {data}."
    return f"quantizes nothing, it is a float model ({listed}): set converter.optimizations, and {data}."


def _tensors(found: Anatomy) -> list[Tensor]:
    return [tensor for graph in found.subgraphs for tensor in graph.tensors]


def _at_the_ends(found: Anatomy, ends: list[FloatTensor]) -> str:
    """What to say of a model that takes or returns floats and computes in integers."""
    inputs = [each.tensor for each in ends if "input" in each.ends]
    outputs = [each.tensor for each in ends if "output" in each.ends]
    said = [f"takes {_named(found, inputs, 'inputs')}"] if inputs else []
    said += [f"returns {_named(found, outputs, 'outputs')}"] if outputs else []
    settings = ["inference_input_type"] if inputs else []
    settings += ["inference_output_type"] if outputs else []
    wide = any(tensor.dtype == "int16" and not tensor.bytes for tensor in _tensors(found))
    cure = f"set converter.{' and converter.'.join(settings)} to tf.{'int16' if wide else 'int8'}"
    return f"{' and '.join(said)}: {cure}."


def _named(found: Anatomy, tensors: list[Tensor], side: str) -> str:
    """Names as the caller knows them, with their dtypes."""
    known = {index: name for each in found.signatures for name, index in getattr(each, side).items()}
    return ", ".join(f"{known.get(tensor.index, tensor.name)} as {tensor.dtype}" for tensor in tensors)
