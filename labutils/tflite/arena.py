"""Where the runtime's memory plan puts each tensor: the arena, read from the addresses of an allocated interpreter."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from labutils.errors import LabError
from labutils.tflite.anatomy import Subgraph, anatomy
from labutils.tflite.files import ModelSource, label, read_model
from labutils.tflite.quiet import quiet

ALIGNMENT = 128  # bytes; the planner rounds each start up to 64, or more on some processors


@dataclass(frozen=True)
class Place:
    """One tensor in the arena. start, bytes: counted from the arena's beginning.

    first, last: the steps (operators, from 0) between which its content is needed; None for a kernel's scratch space,
    whose step the interpreter does not tell.
    """

    tensor: int
    start: int
    bytes: int
    first: int | None
    last: int | None


@dataclass(frozen=True)
class Arena:
    """The one block of memory that holds a model's activations.

    span: bytes of the block. steps: operators that run in it. places: its tensors, in the order of their numbers.
    """

    span: int
    steps: int
    places: tuple[Place, ...]

    @property
    def tensors(self) -> int:
        return len(self.places)

    @property
    def total(self) -> int:
        """Bytes that all its tensors would need if each had a place of its own."""
        return sum(place.bytes for place in self.places)

    @property
    def busiest(self) -> int:
        """The most bytes that are needed at one step, scratch space left out: its inputs, its outputs, and what waits.

        A plan needs as many, but where a step may write its output over an input that nothing else waits for.
        """
        timed = [place for place in self.places if place.first is not None]
        needed = [sum(p.bytes for p in timed if p.first <= step <= p.last) for step in range(self.steps)]
        return max(needed, default=0)


def arena(model: ModelSource, reuse: bool = True) -> Arena:
    """Allocate a model for a batch of one, without delegates, run it once, and see where its tensors lie.

    model: path or bytes. reuse: False asks the runtime to keep every tensor to the end, as a debugger wants it.
    Tensors outside of the block (constants, variables, sizes known only while it runs) are not counted.
    Raises ModelFileError for a file that is no model, LabError for one that does not run by itself.

    >>> from labutils.models import asset
    >>> found = arena(asset("mobilenet_v2_digits.tflite"))
    >>> found.busiest <= found.span < found.total
    True
    """
    content = read_model(model)
    graph = anatomy(content).subgraphs[0]
    try:
        with quiet():
            blocks = _blocks(_interpreter(content, reuse), {t.index for t in graph.tensors if t.bytes})
    except (ValueError, RuntimeError) as error:
        why = (str(error).strip().splitlines() or ["no reason given"])[0][:160]
        raise LabError(f"{label(model)} does not run without delegates ({why}): its arena cannot be seen.") from None
    held = max(blocks, key=lambda block: sum(size for _, size, _ in block), default=[])
    if not held:
        raise LabError(f"{label(model)} has no tensor in an arena: there is nothing to see.")
    begin = min(address for address, _, _ in held)
    lives = _lives(graph)
    places = [Place(index, address - begin, size, *lives.get(index, (None, None))) for address, size, index in held]
    span = max(place.start + place.bytes for place in places)
    return Arena(span, len(graph.operators), tuple(sorted(places, key=lambda place: place.tensor)))


def _interpreter(content: bytes, reuse: bool) -> Any:
    from ai_edge_litert.interpreter import Interpreter, OpResolverType

    kernels = OpResolverType.BUILTIN_WITHOUT_DEFAULT_DELEGATES
    interpreter = Interpreter(
        model_content=content, experimental_op_resolver_type=kernels, experimental_preserve_all_tensors=not reuse
    )
    for entry in interpreter.get_input_details():
        interpreter.resize_tensor_input(entry["index"], [1 if n == -1 else n for n in entry["shape_signature"]])
    interpreter.allocate_tensors()
    for entry in interpreter.get_input_details():
        interpreter.set_tensor(entry["index"], np.zeros(entry["shape"], entry["dtype"]))
    interpreter.invoke()  # sizes that are computed on the way are settled only now
    return interpreter


def _blocks(interpreter: Any, constants: set[int]) -> list[list[tuple[int, int, int]]]:
    """(address, bytes, tensor) of what the interpreter computes, cut into stretches of memory without a hole."""
    found = []
    for entry in interpreter.get_tensor_details():
        if entry["index"] in constants:  # they lie in the file's own bytes
            continue
        try:
            view = interpreter.tensor(entry["index"])()
        except ValueError:  # no data: a tensor that nothing uses
            continue
        if view.nbytes and view.dtype.kind not in "OSU":
            found.append((view.__array_interface__["data"][0], view.nbytes, entry["index"]))
        del view  # a view that is held keeps the interpreter from running
    blocks: list[list[tuple[int, int, int]]] = []
    end = -1
    for address, size, index in sorted(found):
        if not blocks or address - end > ALIGNMENT:
            blocks.append([])
        blocks[-1].append((address, size, index))
        end = max(end, address + size)
    return blocks


def _lives(graph: Subgraph) -> dict[int, tuple[int, int]]:
    """Tensor -> first and last step that needs it. The runtime keeps inputs and outputs of the graph to the end."""
    end = len(graph.operators) - 1
    lives = dict.fromkeys(graph.inputs, (0, end))
    for operator in graph.operators:
        for index in (*operator.outputs, *operator.inputs):
            first, last = lives.get(index, (operator.index, operator.index))
            lives[index] = (first, max(last, operator.index))
    for index in graph.outputs:
        lives[index] = (lives.get(index, (0, 0))[0], end)
    return lives
