"""A model as a C array: microcontrollers have no files, so the program itself has to carry the model.

Source: https://tensorflow.org/lite/microcontrollers/build_convert, "Convert to a C array"; the array here is const, so
that it stays in flash memory, and aligned, as flatbuffers have to be.
"""

import hashlib
import re
from collections.abc import Sequence
from pathlib import Path

from labutils.errors import LabError
from labutils.files import write_whole
from labutils.tflite.anatomy import Tensor, anatomy
from labutils.tflite.files import ModelSource, label, read_model

ALIGNMENT = 16  # bytes: what LiteRT aligns buffers to (schema.fbs, force_align: 16)
A_LINE = 12  # bytes
# Words of C and C++ that no array can be called.
WORDS = """
alignas alignof and asm auto bool break case catch char class const constexpr continue default delete do double else
enum explicit export extern false float for friend goto if inline int long mutable namespace new noexcept not nullptr
operator or private protected public register return short signed sizeof static struct switch template this throw true
try typedef typeid typename union unsigned using virtual void volatile while xor
"""
RESERVED = frozenset(WORDS.split())


def c_array(model: ModelSource, name: str = "model") -> str:
    """The text of a header, for C and C++, that holds the model in `name` and its length in `name_len`.

    Its first lines tell what the model reads and writes, and which operators an op resolver needs. Raises LabError for
    what is no model or no name, for operators of TF Select, which no microcontroller has, and for a file without its
    weights.

    >>> from labutils.models import asset
    >>> print(c_array(asset("neuron.tflite"), "neuron").splitlines()[0])
    /* neuron.tflite as a C array: 1,052 bytes.
    """
    if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", name) or name in RESERVED:
        raise LabError(f"{name!r} can be no name in C: take letters, digits and _, such as my_model.")
    content, found = read_model(model), anatomy(model)
    operators = sorted({operator.name for graph in found.subgraphs for operator in graph.operators})
    select = [each.name for graph in found.subgraphs for each in graph.operators if each.kind == "flex"]
    if select:
        raise LabError(f"{label(model)} has {select[0]}, which no microcontroller has: convert with built-ins only.")
    if found.has_unfrozen_variables:
        raise LabError(f"{label(model)} lacks its weights (VAR_HANDLE): convert it by another route, see lab 01.")
    graph = found.subgraphs[0]
    tensors = {tensor.index: tensor for tensor in graph.tensors}
    lines = [
        f"/* {_comment(label(model))} as a C array: {len(content):,} bytes.",
        f"   SHA-256: {hashlib.sha256(content).hexdigest()}",
        *(f"   reads:  {_described(tensors[index])}" for index in graph.inputs),
        *(f"   writes: {_described(tensors[index])}" for index in graph.outputs),
        f"   operators: {', '.join(operators)} */",
        *_declared(content, name),
    ]
    return "\n".join(lines) + "\n"


def write_c_array(model: str | Path, out: Path | None = None, name: str | None = None) -> Path:
    """Writes the header, whole or not at all, into the working directory unless `out` names a file.

    name: of the array; by default the model's file name, in letters that C allows. Raises LabError as `c_array` does,
    and where the file cannot be written.
    """
    name = name or default_name(model)
    return write_whole(out or Path(f"{name}.h"), c_array(model, name))


def default_name(model: str | Path) -> str:
    """What to call the array of a file.

    >>> default_name("build/digits-cnn.int8.tflite"), default_name("7.tflite")
    ('digits_cnn_int8', 'model_7')
    """
    name = re.sub(r"[^A-Za-z0-9_]+", "_", Path(model).name.removesuffix(".tflite")).strip("_") or "model"
    return name if not name[0].isdigit() and name not in RESERVED else f"model_{name}"


def _declared(content: bytes, name: str) -> list[str]:
    guard = f"{name.upper()}_H_"
    return [
        f"#ifndef {guard}",
        f"#define {guard}",
        "",
        "#ifdef __cplusplus",
        f"alignas({ALIGNMENT})",
        "#else",
        f"_Alignas({ALIGNMENT})",
        "#endif",
        f"static const unsigned char {name}[] = {{",
        *_rows(content),
        "};",
        f"static const unsigned int {name}_len = {len(content)};",
        "",
        f"#endif /* {guard} */",
    ]


def _rows(content: bytes) -> Sequence[str]:
    starts = range(0, len(content), A_LINE)
    return ["  " + " ".join(f"0x{byte:02x}," for byte in content[start : start + A_LINE]) for start in starts]


def _described(tensor: Tensor) -> str:
    text = f"{_comment(tensor.name)}, {tensor.dtype}, {_shape(tensor)}"
    if tensor.quantization and len(tensor.quantization.scales) == 1:
        text += f", real = {tensor.quantization.scales[0]:.9g} * (number - {tensor.quantization.zero_points[0]})"
    return text


def _shape(tensor: Tensor) -> str:
    return "x".join("?" if size == -1 else str(size) for size in tensor.shape) or "scalar"


def _comment(text: str) -> str:
    """The text as it may stand in a comment of C: on one line, and not at its end."""
    return re.sub(r"[^\x20-\x7e]|\*/|/\*|\\", "?", text)
