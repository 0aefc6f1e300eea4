"""Judges whether the multiply-adds of files are counted that nobody has seen before."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from labutils.exercises.compare import Misconception, number_form
from labutils.exercises.judges.sorting import anatomy_of, judge
from labutils.exercises.judges.worked_files import delivered
from labutils.tflite.anatomy import Anatomy

CONVOLUTION, DEPTHWISE, DENSE = KINDS = ("CONV_2D", "DEPTHWISE_CONV_2D", "FULLY_CONNECTED")
Shape = tuple[int, ...]
Price = Callable[[str, Shape, Shape, Shape], float]  # of an operator: name, shapes of input, weights and output


def multiply_adds(answer: Callable[..., Any], rng: np.random.Generator) -> None:
    """Raises NotYet when the function does not count the multiply-adds of files that it has never seen."""
    files = delivered(rng)
    right = {name: (_total(_right)(content), None) for name, content in files.items()}
    judge(lambda content: _number(answer(content)), files, right, _WRONG, _described)  # type: ignore[arg-type]


def _number(found: Any) -> float:
    """What was returned, as a whole number where it is one. Raises NotYet when it is no number."""
    number_form(found, ())
    value = float(found)
    return int(found) if value.is_integer() else value


def _operators(content: bytes) -> list[tuple[str, Shape, Shape, Shape]]:
    """Of those that count: the name, and the shapes of input, weights and output as they stand in the file."""
    graph = anatomy_of(content).subgraphs[0]
    shapes = [tensor.shape for tensor in graph.tensors]
    return [
        (each.name, shapes[each.inputs[0]], shapes[each.inputs[1]], shapes[each.outputs[0]])
        for each in graph.operators
        if each.name in KINDS
    ]


def _total(price: Price, *kinds: str) -> Callable[[bytes], float]:
    """The answer of who adds up this price over the operators of these kinds, or of all."""
    return lambda content: sum(price(*each) for each in _operators(content) if each[0] in (kinds or KINDS))


def _numbers(shape: Shape) -> int:
    """How many numbers a tensor holds; a free size counts 1."""
    return math.prod(map(abs, shape))


def _filter(name: str, weights: Shape) -> int:
    """The weights of one filter."""
    return math.prod(weights[1:3] if name == DEPTHWISE else weights[1:])


def _right(name: str, taken: Shape, weights: Shape, given: Shape) -> int:
    return _numbers(given) * _filter(name, weights)


def _but(kind: str, price: Price) -> Price:
    """The right price, but for operators of a kind."""
    return lambda name, *shapes: (price if name == kind else _right)(name, *shapes)


def _in_place(sizes: Callable[[Shape, Shape], Shape]) -> Price:
    """The price where another shape stands in the output's place, made from those of input and output."""
    return lambda n, taken, weights, given: _right(n, taken, weights, sizes(taken, given))


def _as_input(taken: Shape, given: Shape) -> Shape:
    """The output's shape, if the input's height and width stayed."""
    return (*taken[:-1], given[-1])


def _side(place: int) -> Price:
    """The price of who takes one side of a kernel for both."""

    def price(name: str, taken: Shape, weights: Shape, given: Shape) -> int:
        if name == DENSE:
            return _right(name, taken, weights, given)
        square = (weights[0], weights[place], weights[place], weights[3])
        return _right(name, taken, square, given)

    return price


def _each_kind_once(content: bytes) -> float:
    """The answer of who keeps one number for each kind, the last."""
    return sum({each[0]: _right(*each) for each in _operators(content)}.values())


def _of_all(content: bytes) -> float:
    """The answer of who counts one multiply-add for each number that another operator takes or gives."""
    graph = anatomy_of(content).subgraphs[0]
    sizes = [_numbers(tensor.shape) for tensor in graph.tensors]
    others = (each for each in graph.operators if each.name not in KINDS)
    return _total(_right)(content) + sum(max(sizes[place] for place in (*o.inputs, *o.outputs)) for o in others)


def _product(content: bytes) -> int:
    return math.prod(_right(*each) for each in _operators(content))


_WRONG = (
    Misconception(
        _total(lambda n, i, w, o: _numbers(w)),
        "It counts the weights: each is used once for every place that its filter is laid on, so the output's size "
        "counts.",
    ),
    Misconception(
        _total(lambda n, i, w, o: _numbers(o) * _numbers(w)),
        "It multiplies the output by all weights: each number of the output comes from one filter alone.",
    ),
    Misconception(
        _total(_in_place(_as_input)),
        "It goes by the input's height and width: stride and padding make the output smaller, and its numbers count.",
    ),
    Misconception(
        _total(lambda n, i, w, o: _numbers(i) * _filter(n, w)),
        "It multiplies the numbers of the input: those of the output count, each is made by one filter.",
    ),
    Misconception(_total(lambda n, i, w, o: _numbers(o)), "It counts the outputs' numbers: each takes a whole filter."),
    Misconception(
        _total(_but(DEPTHWISE, lambda n, i, w, o: _numbers(o) * _numbers(w))),
        "It takes a depthwise convolution for a standard one: there, each output channel looks at one input channel "
        "only, height × width.",
    ),
    Misconception(
        _total(_but(DEPTHWISE, lambda n, i, w, o: _numbers(o) * _numbers(w[1:3]) * i[-1])),
        "It multiplies the depthwise convolution by its input channels: each output channel looks at one of them only.",
    ),
    Misconception(
        _total(_but(DEPTHWISE, lambda n, i, w, o: _numbers(o[:-1]) * i[-1] * _numbers(w[1:3]))),
        "In a depthwise convolution it counts the input's channels: with a multiplier, the output has more of them.",
    ),
    Misconception(
        _total(_but(DEPTHWISE, lambda n, i, w, o: _numbers(o[:-1]) * _numbers(w[1:3]))),
        "In a depthwise convolution it counts one channel: every one of the output's has a filter of its own.",
    ),
    Misconception(
        _total(_but(CONVOLUTION, lambda n, i, w, o: _numbers(o[:-1]) * _numbers(w[1:]))),
        "In a convolution it counts one filter: there is one for each output channel.",
    ),
    Misconception(
        _total(_but(CONVOLUTION, lambda n, i, w, o: _numbers(o) * _numbers(w[1:3]))),
        "In a convolution it leaves the input channels out: a filter looks at all of them.",
    ),
    Misconception(
        _total(lambda n, i, w, o: 2 * _right(n, i, w, o)),
        "It counts multiplications and additions apart: one of each together is one multiply-add.",
    ),
    Misconception(
        _total(lambda n, i, w, o: _right(n, i, w, o) + _numbers(o)),
        "It counts the bias: to add it takes no multiplication.",
    ),
    Misconception(
        _total(lambda n, i, w, o: _right(n, i, w, o) + o[-1]), "It counts the bias: to add it takes no multiplication."
    ),
    Misconception(_total(_right, CONVOLUTION, DEPTHWISE), "It leaves out FULLY_CONNECTED: that works as well."),
    Misconception(_total(_right, CONVOLUTION, DENSE), "It leaves out DEPTHWISE_CONV_2D: that works as well."),
    Misconception(_total(_right, DEPTHWISE, DENSE), "It leaves out CONV_2D: that works most of all."),
    Misconception(_total(_right, CONVOLUTION), "It counts CONV_2D alone: there are two other kinds."),
    Misconception(
        _total(_but(DENSE, lambda n, i, w, o: _numbers(w))),
        "It counts the weights of FULLY_CONNECTED: where that has several rows, the weights are used for each of them.",
    ),
    Misconception(
        _total(lambda n, i, w, o: math.prod(o) * _filter(n, w)),
        "It multiplies by a free size as it is written, -1: that counts as 1.",
    ),
    Misconception(
        _total(lambda n, i, w, o: max(math.prod(o), 0) * _filter(n, w)),
        "A file with a free size counts as nothing: -1 counts as 1.",
    ),
    Misconception(
        _total(lambda n, i, w, o: _right(n, i, w, o[1:])),
        "It leaves the first size of the output out: a file for three images does all the work three times.",
    ),
    Misconception(_total(_side(1)), "It takes the height of a kernel for its width: a kernel need not be a square."),
    Misconception(_total(_side(2)), "It takes the width of a kernel for its height: a kernel need not be a square."),
    Misconception(
        _total(_in_place(lambda i, o: (o[0], o[1], o[1], o[3]) if len(o) == 4 else o)),
        "It takes the height of an output for its width: an image need not be a square.",
    ),
    Misconception(_each_kind_once, "It counts one operator of each kind: a file may have several, add them up."),
    Misconception(
        lambda content: sum(_right(*each) for each in _operators(content)[:1]),
        "It counts the first operator alone: does its `return` stand inside the loop?",
    ),
    Misconception(
        lambda content: sum(_right(*each) for each in _operators(content)[-1:]),
        "It counts the last operator alone: add them up, `+=`.",
    ),
    Misconception(
        _of_all, "It counts other operators as well, such as MEAN or QUANTIZE: three kinds are asked, go by the name."
    ),
    Misconception(_product, "It multiplies the operators with one another: add them up, from 0 on."),
    Misconception(
        lambda content: _total(_right)(content) / 1e6, "It gives millions: the number itself is asked, a whole one."
    ),
    Misconception(lambda _: 0, "It finds 0 in every file: are the names of the operators spelt as in the file?"),
)


def _described(found: Anatomy) -> str:
    """Which operators a file has, and the shapes of their outputs."""
    graph = found.subgraphs[0]
    steps = (f"{each.name} {list(graph.tensors[each.outputs[0]].shape)}" for each in graph.operators)
    return f"with {', '.join(steps)}"
