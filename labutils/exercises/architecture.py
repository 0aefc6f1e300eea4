"""Judges what is reckoned about a net's layers: how many weights a separable convolution has."""

import numpy as np

from labutils.exercises.compare import Arguments, Misconception, Trial, number_form


def _layers(rng: np.random.Generator) -> list[Arguments]:
    """Three layers: kernel 3, 5, 7 or 9 pixels wide, different numbers of input and output channels."""
    kernels = rng.choice([3, 5, 7, 9], size=3, replace=False)
    return [(int(kernel), *map(int, rng.choice(np.arange(10, 200), size=2, replace=False))) for kernel in kernels]


_WRONG = (
    Misconception(
        lambda k, i, o: k * k * i * o,
        "That is a standard convolution, where each output has a kernel for each input: a separable one does it in two "
        "steps.",
    ),
    Misconception(
        lambda k, i, o: k * k * i,
        "Only the depthwise step is counted: the pointwise one mixes the channels, with `inputs * outputs` weights.",
    ),
    Misconception(
        lambda k, i, o: i * o,
        "Only the pointwise step is counted: before it, every input channel has a kernel of its own.",
    ),
    Misconception(
        lambda k, i, o: k * k * i * i * o, "It multiplies the two steps: each has weights of its own, so add them."
    ),
    Misconception(
        lambda k, i, o: k * k * i + i * o + o, "It counts a bias for every output: here there are no biases."
    ),
    Misconception(
        lambda k, i, o: k * k * i + i + i * o + o, "It counts biases in both steps: here there are no biases."
    ),
    Misconception(
        lambda k, i, o: k * k * o + i * o,
        "It has a kernel for every output: the depthwise step comes first, so it has one for every input.",
    ),
    Misconception(
        lambda k, i, o: k * i + i * o,
        "The kernel counts once only: it is a square, `kernel` pixels wide and as many high.",
    ),
    Misconception(
        lambda k, i, o: 2 * k * i + i * o, "It doubles the kernel: squared is `kernel * kernel`, or `kernel**2`."
    ),
    Misconception(
        lambda k, i, o: k * k + i * o,
        "It has one kernel for all channels: in the depthwise step every input channel has its own.",
    ),
    Misconception(
        lambda k, i, o: k * k * i + o,
        "The pointwise step is short of weights: every output takes from every input, which is `inputs * outputs`.",
    ),
    Misconception(
        lambda k, i, o: k * k * i + k * k * i * o,
        "Its pointwise step has the whole kernel: pointwise means a kernel of 1 by 1.",
    ),
    Misconception(
        lambda k, i, o: 1 / o + 1 / (k * k),
        "That is the share of a standard convolution's weights: the number itself is asked.",
    ),
)

separable_parameters = Trial(
    draw=_layers,
    right=lambda kernel, inputs, outputs: kernel * kernel * inputs + inputs * outputs,
    wrong=_WRONG,
    same=lambda found, expected: bool(np.isclose(float(found), float(expected), rtol=1e-9)),
    form=number_form,
    differs=lambda arguments, found, expected: (
        f"For a kernel of {arguments[0]}, {arguments[1]} inputs and {arguments[2]} outputs it gives "
        f"{float(found):.10g}; {expected} is right."
    ),
)
