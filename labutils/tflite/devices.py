"""What a device asks of a model file, and whether a file has it: read from the file, without TensorFlow.

Each device has its sources beside its figures. Most are its makers' words and no measurement of ours: a file that meets
them all still has to be run on the device.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from labutils.errors import LabError
from labutils.tflite.anatomy import Anatomy, Operator, Subgraph, Tensor, anatomy
from labutils.tflite.arena import arena
from labutils.tflite.files import ModelSource
from labutils.tflite.integer import FLOATS
from labutils.tflite.operator_sets import EDGE_TPU, MICRO

WEIGHTED = ("CONV_2D", "DEPTHWISE_CONV_2D", "FULLY_CONNECTED", "TRANSPOSE_CONV")  # weights are their second input


@dataclass(frozen=True)
class Device:
    """What a device asks. None: it does not ask for that.

    title: which one is meant. border: dtypes that inputs and outputs may have. tensors: those that any tensor may
    have. operators: names of the builtin ones it has; None: all. static: every size fixed. widest: how many of an
    activation's sizes, the last ones, may be above 1. unmixed: no float activations with smaller weights. file, arena:
    largest sizes in bytes. sources: where this is published.
    """

    name: str
    title: str
    border: frozenset[str] | None = None
    tensors: frozenset[str] | None = None
    operators: frozenset[str] | None = None
    static: bool = False
    widest: int | None = None
    unmixed: bool = False
    file: int | None = None
    arena: int | None = None
    sources: tuple[str, ...] = ()


@dataclass(frozen=True)
class Requirement:
    """One thing that a device asks, in words, what the file has, and whether that will do."""

    name: str
    needed: str
    found: str
    met: bool


_DEVICES = (
    Device(
        "phone-cpu",
        "a phone's processor, with LiteRT's interpreter as it comes",
        sources=("LiteRT, Operator compatibility; LiteRT, Select TensorFlow operators",),
    ),
    Device(
        "edge-tpu",
        "Coral Edge TPU, the whole graph on it",
        border=frozenset({"int8", "uint8"}),
        tensors=frozenset({"int8", "uint8", "int32"}),  # int32: biases, and constants such as axes
        operators=EDGE_TPU,
        static=True,
        widest=3,
        sources=("Coral, TensorFlow models on the Edge TPU, Model requirements and Supported operations",),
    ),
    Device(
        "microcontroller",
        "Arduino Nano 33 BLE Sense with LiteRT for Microcontrollers",
        operators=MICRO,
        static=True,
        unmixed=True,
        file=1024 * 1024,  # all of its flash memory, which holds the program too
        arena=256 * 1024,  # all of its RAM
        sources=(
            "Arduino, Nano 33 BLE Sense, Tech specs: nRF52840, 1 MB of flash, 256 kB of RAM",
            "tflite-micro, micro_mutable_op_resolver.h; kernels/conv.cc: Hybrid models are not supported; "
            "kernels/dequantize_common.cc: no float16",
        ),
    ),
    Device(
        "browser",
        "LiteRT.js 2.5.3 on WebAssembly",
        border=frozenset({"float32", "uint8"}),
        static=True,
        sources=("measured with @litertjs/core 2.5.3 in Chromium: lab 10",),
    ),
)
DEVICES = {device.name: device for device in _DEVICES}


def device(name: str) -> Device:
    """The device of that name. Raises LabError, which names those that there are.

    >>> device("microcontroller").arena
    262144
    """
    if name not in DEVICES:
        raise LabError(f"There is no device {name!r}: choose one of {', '.join(DEVICES)}.")
    return DEVICES[name]


def requirements(model: ModelSource, name: str) -> tuple[Requirement, ...]:
    """All that a device asks, held against a file.

    model: path or bytes. name: one of DEVICES. Raises ModelFileError for a file that is no model, LabError for a device
    that is not known. Only for a device with little memory the model is run once, for its arena (see `arena`).

    >>> from labutils.models import asset
    >>> for each in requirements(asset("digits_cnn_int8.tflite"), "edge-tpu"):
    ...     print(each.met, each.name, "|", each.found)
    True weights | in the file
    True inputs and outputs | int8
    True all tensors | int32, int8
    False operators | lacking: SHAPE
    False sizes | free: serving_default_image:0, ...
    True activations | at most 3 sizes above 1
    True constants | all weights and biases
    """
    asked, found = device(name), anatomy(model)
    return tuple(_checked(asked, found, model))


def fits(model: ModelSource, name: str) -> bool:
    """Whether a file meets all that a device asks: arguments and errors as `requirements` has them.

    >>> from labutils.models import asset
    >>> fits(asset("mobilenet_v2_digits.tflite"), "phone-cpu"), fits(asset("mobilenet_v2_digits.tflite"), "edge-tpu")
    (True, False)
    """
    return all(each.met for each in requirements(model, name))


def missing(model: ModelSource, name: str) -> str:
    """What a file lacks for a device, names and findings in one line; empty when it fits.

    >>> from labutils.models import asset
    >>> missing(asset("digits_cnn.tflite"), "browser")
    'sizes (free: serving_default_image:0, ...)'
    """
    return "; ".join(f"{each.name} ({each.found})" for each in requirements(model, name) if not each.met)


def on_edge_tpu(model: ModelSource) -> tuple[int, int]:
    """How many operators would run on an Edge TPU, and how many there are.

    The compiler cuts the graph once: all before the first operator that the device lacks runs on it, that one and all
    after it on the processor. A QUANTIZE of float inputs at the beginning is left to the processor as well, uncounted.
    Nothing at all runs there when a size is free.
    Source: Coral, Edge TPU Compiler, "unsupported operation"; how QUANTIZE fares: issue 20 of f0cal/google-coral.

    >>> from labutils.models import asset
    >>> on_edge_tpu(asset("mobilenet_v2_digits.tflite"))
    (0, 65)
    """
    graph = anatomy(model).subgraphs[0]
    asked, steps = device("edge-tpu"), list(graph.operators)
    total = len(steps)
    if _free(graph.tensors):
        return 0, total
    while steps and steps[0].name == "QUANTIZE" and graph.tensors[steps[0].inputs[0]].dtype in FLOATS:
        steps.pop(0)
    mapped = 0
    for step in steps:
        dtypes = {graph.tensors[index].dtype for index in (*step.inputs, *step.outputs) if index != -1}
        if step.name not in asked.operators or not dtypes <= asked.tensors:
            break
        mapped += 1
    return mapped, total


def _checked(asked: Device, found: Anatomy, model: ModelSource) -> Iterator[Requirement]:
    graphs = found.subgraphs
    state = "not in the file (VAR_HANDLE)" if found.has_unfrozen_variables else "in the file"
    yield Requirement("weights", "in the file", state, not found.has_unfrozen_variables)
    if asked.border:
        dtypes = {graphs[0].tensors[index].dtype for index in (*graphs[0].inputs, *graphs[0].outputs)}
        yield _dtypes("inputs and outputs", asked.border, dtypes)
    if asked.tensors:
        yield _dtypes("all tensors", asked.tensors, set(found.dtypes))
    yield _operators(asked, found)
    if asked.static:
        free = [name for graph in graphs for name in _free(graph.tensors)]
        yield Requirement("sizes", "all fixed", _some(free, "free: ") or "all fixed", not free)
    if asked.widest:
        widest = max((_width(tensor) for graph in graphs for tensor in graph.tensors if not tensor.bytes), default=0)
        needed, has = (f"at most {count} sizes above 1" for count in (asked.widest, widest))
        yield Requirement("activations", needed, has, widest <= asked.widest)
        computed = [name for graph in graphs for name in _computed_weights(graph)]
        state = f"{len(computed)} are computed" if computed else "all weights and biases"
        yield Requirement("constants", "all weights and biases", state, not computed)
    if asked.unmixed:
        mixed = sorted({o.name for graph in graphs for o in graph.operators if _is_mixed(o, graph)})
        state = _some(mixed, "mixed: ") or "none"
        yield Requirement("mixed operators", "no floats with smaller weights", state, not mixed)
    if asked.file:
        yield Requirement("file", f"at most {_kb(asked.file)}", _kb(found.size), found.size <= asked.file)
    if asked.arena:
        yield _arena(asked.arena, model)


def _dtypes(name: str, allowed: frozenset[str], dtypes: set[str]) -> Requirement:
    """found: all dtypes when they will do, else those that will not."""
    shown = dtypes - allowed or dtypes
    return Requirement(name, " or ".join(sorted(allowed)), ", ".join(sorted(shown)), dtypes <= allowed)


def _operators(asked: Device, found: Anatomy) -> Requirement:
    foreign = {o.name for graph in found.subgraphs for o in graph.operators if o.kind != "builtin"}
    lacking = foreign | (set(found.operators) - asked.operators if asked.operators is not None else set())
    needed = "only LiteRT's own" if asked.operators is None else f"only the {len(asked.operators)} it has"
    state = _some(sorted(lacking), "lacking: ") or "none lacking"
    return Requirement("operators", needed, state, not lacking)


def _arena(limit: int, model: ModelSource) -> Requirement:
    try:
        span = arena(model).span
    except LabError:
        return Requirement("arena", f"at most {_kb(limit)}", "does not run by itself", False)
    return Requirement("arena", f"at most {_kb(limit)}", _kb(span), span <= limit)


def _is_mixed(operator: Operator, graph: Subgraph) -> bool:
    """Float activations with integer weights, or weights that are kept as float16."""
    first = graph.tensors[operator.inputs[0]] if operator.inputs else None
    if operator.name == "DEQUANTIZE":
        return first.dtype == "float16"
    if operator.name not in WEIGHTED or len(operator.inputs) < 2:
        return False
    return first.dtype in FLOATS and graph.tensors[operator.inputs[1]].dtype != first.dtype


def _computed_weights(graph: Subgraph) -> Iterator[str]:
    for operator in graph.operators:
        if operator.name in WEIGHTED[:3]:
            used = (graph.tensors[index] for index in operator.inputs[1:3] if index != -1)
            yield from (tensor.name for tensor in used if not tensor.bytes)


def _free(tensors: tuple[Tensor, ...]) -> list[str]:
    return [tensor.name for tensor in tensors if -1 in tensor.shape]


def _width(tensor: Tensor) -> int:
    """How many sizes it has from the first that is above 1 on; a free one (-1) is another requirement's matter."""
    leading = next((n for n, size in enumerate(tensor.shape) if size > 1), len(tensor.shape))
    return len(tensor.shape) - leading


def _some(names: list[str], before: str) -> str:
    """The first of the names, shortened; empty without any."""
    return f"{before}{names[0][:40]}{', ...' if len(names) > 1 else ''}" if names else ""


def _kb(count: int) -> str:
    return f"{count / 1000:,.0f} kB"
