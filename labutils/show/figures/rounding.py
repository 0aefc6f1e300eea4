"""What rounding does to real weights: the grid of a few bits, and the error of more. Computed when it is drawn."""

import numpy as np
from matplotlib.figure import Figure

from labutils.models import asset
from labutils.show import style
from labutils.show.figures.drawing import WIDTH_INCHES, WORDS
from labutils.show.figures.performance import print_small
from labutils.show.figures.source import FigureSource
from labutils.tflite.anatomy import anatomy
from labutils.tflite.runtime import open_model

MODEL = "mobilenet_v2_digits.tflite"
FEW = 4  # bits of the grid that is shown
BITS = range(2, 9)


def kernel() -> np.ndarray:
    """The weights of the last 1 × 1 convolution of the course's MobileNetV2, float32 (channels, weights of each)."""
    step = [each for each in anatomy(asset(MODEL)).subgraphs[0].operators if each.name == "CONV_2D"][-1]
    weights = open_model(asset(MODEL)).interpreter.get_tensor(step.inputs[1])
    return weights.reshape(len(weights), -1)


def error(weights: np.ndarray, bits: int, per_channel: bool) -> float:
    """Root mean square of what symmetric rounding moves the weights by, in percent of their own spread."""
    largest = np.abs(weights).max(axis=1, keepdims=True) if per_channel else np.abs(weights).max()
    scale = largest / (2 ** (bits - 1) - 1)
    moved = np.round(weights / scale) * scale - weights
    return float(100 * np.sqrt(np.mean(moved**2)) / weights.std())


def rounding() -> Figure:
    """Left: the weights and the grid of 4 bits. Right: the error by bits, with one scale and with one a channel."""
    weights = kernel()
    figure = Figure(figsize=(WIDTH_INCHES, 4.9), facecolor=style.PAPER)
    left, right = figure.add_axes((0.1, 0.255, 0.37, 0.645)), figure.add_axes((0.6, 0.255, 0.38, 0.645))
    left.hist(weights.ravel(), bins=101, color=style.SKY)
    half = 2 ** (FEW - 1) - 1
    for level in np.abs(weights).max() / half * np.arange(-half, half + 1):
        left.axvline(level, color=style.BLUE, linewidth=1.4)
    left.set_title(f"The grid of {FEW} bits", fontsize=15)
    left.set_xlabel("weight (lines: what can be stored)", fontsize=WORDS)
    left.set_ylabel("thousand weights", fontsize=WORDS)
    left.set(xticks=[-0.2, -0.1, 0, 0.1, 0.2], yticks=[0, 1000, 2000, 3000], yticklabels=range(4))
    left.grid(visible=False)
    for per_channel, name, color, mark in ((False, "one scale for all", style.ORANGE, "s--"),
                                           (True, "one for each channel", style.BLUE, "o-")):  # fmt: skip
        found = [error(weights, bits, per_channel) for bits in BITS]
        right.plot(list(BITS), found, mark, color=color, label=name, markersize=7)
    right.set(yscale="log", xticks=list(BITS), yticks=[1, 10, 100], yticklabels=["1 %", "10 %", "100 %"])
    right.set_title("The error of rounding", fontsize=15)
    right.set_xlabel("bits of a weight", fontsize=WORDS)
    right.set_ylabel("of the weights' spread", fontsize=WORDS)
    right.minorticks_off()
    right.legend(fontsize=WORDS)
    for axes in (left, right):
        axes.tick_params(labelsize=WORDS)
    print_small(
        figure, f"The {weights.size:,} weights of the last 1 × 1 convolution of {MODEL}, trained by this",
        "project; rounded when the figure is drawn. Error: root mean square.",
    )  # fmt: skip
    return figure


FIGURES = {
    "7-quantization": FigureSource(
        rounding,
        "Quantization: the grid and its error, measured",
        "Two charts of the weights of a convolution. Left, their histogram, a bell around 0, with the 15 values that 4 "
        "bits can store as lines. Right, the error of rounding against the bits of a weight, from 2 to 8: it about "
        "halves with every bit, and is always smaller with one scale for each channel than with one scale for all.",
    ),
}
