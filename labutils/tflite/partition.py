"""What the interpreter will run: which operators XNNPACK has taken, in how many pieces, and which are left over."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from labutils.errors import LabError
from labutils.tflite.anatomy import Anatomy, Operator, anatomy
from labutils.tflite.files import ModelFileError, ModelSource, label, read_model
from labutils.tflite.quiet import quiet_failure

DELEGATE = "DELEGATE"  # the name of the node that stands for a piece of the graph which a delegate computes


@dataclass(frozen=True)
class Step:
    """One node that the interpreter runs. delegated: by XNNPACK. operators: their places in the file's graph."""

    delegated: bool
    operators: tuple[int, ...]


@dataclass(frozen=True)
class Plan:
    """The steps of a model in the order in which they are run. names: of all its operators, by place."""

    steps: tuple[Step, ...]
    names: tuple[str, ...]

    @property
    def partitions(self) -> int:
        """How many pieces of the graph XNNPACK computes."""
        return sum(step.delegated for step in self.steps)

    @property
    def taken(self) -> int:
        """How many operators XNNPACK has taken."""
        return sum(len(step.operators) for step in self.steps if step.delegated)

    @property
    def left(self) -> tuple[str, ...]:
        """The names of the operators that the interpreter's own kernels compute, in order."""
        return tuple(self.names[n] for step in self.steps if not step.delegated for n in step.operators)

    def __str__(self) -> str:
        return " → ".join(
            f"[{', '.join(self.names[n] for n in step.operators)}]" if step.delegated else self.names[step.operators[0]]
            for step in self.steps
        )


def plan(model: ModelSource, xnnpack: bool = True) -> Plan:
    """The plan of a model once its tensors are allocated, with a free batch at 1.

    model: a path or the bytes, with one graph. xnnpack: False for a plan without it. Read from the interpreter's list
    of operators, which is private to LiteRT and may change. Raises ModelFileError for a file that does not load,
    LabError for a model with several graphs.

    >>> from labutils.models import asset
    >>> found = plan(asset("mobilenet_v2_digits.tflite"))
    >>> found.partitions, found.taken, found.left
    (1, 65, ())
    """
    found = anatomy(model)
    if len(found.subgraphs) != 1:
        raise LabError(f"{label(model)} has {len(found.subgraphs)} graphs: only a model with one has a single plan.")
    nodes = _nodes(model, xnnpack)
    names = tuple(operator.name for operator in found.subgraphs[0].operators)
    pieces = [tuple(_taken(node, found)) for node in nodes[len(names) :] if node["op_name"] == DELEGATE]
    inside = {place for piece in pieces for place in piece}
    steps = [Step(True, piece) for piece in pieces] + [Step(False, (n,)) for n in range(len(names)) if n not in inside]
    return Plan(tuple(_in_order(steps, found.subgraphs[0].operators)), names)


def _nodes(model: ModelSource, xnnpack: bool) -> list[dict[str, Any]]:
    """Every node that the interpreter knows: first those of the file, then those that stand for a delegate's pieces."""
    from ai_edge_litert.interpreter import Interpreter, OpResolverType

    kind = OpResolverType.AUTO if xnnpack else OpResolverType.BUILTIN_WITHOUT_DEFAULT_DELEGATES
    try:
        with quiet_failure():
            interpreter = Interpreter(model_content=read_model(model), experimental_op_resolver_type=kind)
            interpreter.allocate_tensors()
            return interpreter._get_ops_details()
    except (ValueError, RuntimeError) as error:
        why = (str(error).strip().splitlines() or ["no reason given"])[0][:120].rstrip(" .")
        raise ModelFileError(f"{label(model)} does not load ({why}): make it again.") from None


def _taken(node: dict[str, Any], found: Anatomy) -> Iterator[int]:
    """The operators behind a delegate's node: back from its outputs, up to the tensors that come from outside."""
    operators = found.subgraphs[0].operators
    maker = {tensor: place for place, operator in enumerate(operators) for tensor in operator.outputs}
    outside, waiting, seen = set(map(int, node["inputs"])), list(map(int, node["outputs"])), set()
    while waiting:
        place = maker[waiting.pop()]
        if place not in seen:
            seen.add(place)
            waiting += [tensor for tensor in operators[place].inputs if tensor in maker and tensor not in outside]
    yield from sorted(seen)


def _in_order(steps: list[Step], operators: tuple[Operator, ...]) -> Iterator[Step]:
    """Each step after those whose results it wants; the earlier in the file first."""
    maker = {tensor: place for place, operator in enumerate(operators) for tensor in operator.outputs}
    done: set[int] = set()
    waiting = sorted(steps, key=lambda step: step.operators[0])
    while waiting:
        for step in waiting:
            wanted = {maker[t] for place in step.operators for t in operators[place].inputs if t in maker}
            if wanted <= done | set(step.operators):
                break
        else:
            raise LabError("The plan goes in a circle: this version of LiteRT lists its nodes in another way.")
        done |= set(step.operators)
        waiting.remove(step)
        yield step
