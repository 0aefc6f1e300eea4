"""Lab 09, held against reality. Nothing here is a measured time."""

import os
import sys
from unittest import mock

import numpy as np
import pytest

from labutils.errors import LabError
from labutils.models import asset
from labutils.tflite import compiled
from labutils.tflite.quiet import quiet
from labutils.tflite.runtime import open_model

from .making import convert, function, graph, normal, raised, said, tensorflow

ROUNDS = 400


def slowing_down(order):
    """The times of two equal files on a made-up machine, run in an order: each run takes a thousandth longer."""
    times = {name: [] for name in set(order)}
    for place, name in enumerate(order):
        times[name].append(2.0 * 1.001**place)
    return {name: np.array(each) for name, each in times.items()}


def turns():
    one_by_one, in_turns = slowing_down("a" * ROUNDS + "b" * ROUNDS), slowing_down("ab" * ROUNDS)

    def ratio(times):
        return np.median(times["b"]) / np.median(times["a"])

    assert ratio(one_by_one) > 1.2  # equal files, and one would seem slower
    return {
        "Neither gets slower": all(np.ptp(times) < 0.01 for times in in_turns.values()),
        "Both get slower alike": abs(ratio(in_turns) - 1) < 0.01,
        "The slow runs drop out": all(np.median(times) < 2.02 for times in in_turns.values()),
    }


def pieces(places):
    """How many pieces XNNPACK gets of twelve convolutions, with a normalization after so many of them, each."""

    def body(x):
        tf = tensorflow()
        for done in range(13):
            for _ in range(places.count(done)):
                x = tf.nn.l2_normalize(x, axis=-1)
            if done < 12:
                x = tf.nn.conv2d(x, normal(3, 3, 4, 4, seed=done), 1, "SAME")
        return x

    with quiet():
        nodes = open_model(convert(function(body, 8, 8, 4))).interpreter._get_ops_details()
    names = [node["op_name"] for node in nodes]
    assert names.count("CONV_2D") == 12 and names.count("L2_NORMALIZATION") == 2
    return names.count("DELEGATE")


def split():
    found = {"Side by side in the middle": pieces([6, 6]), "One after each third": pieces([4, 8]),
             "Side by side at the end": pieces([12, 12])}  # fmt: skip
    return {answer: count == min(found.values()) for answer, count in found.items()}


def dynamic_range():
    content = convert(function(lambda x: x @ normal(64, 32), 64), optimize=True)
    tensors, model = graph(content).tensors, open_model(content)
    weights = next(tensor for tensor in tensors if tensor.dtype == "int8")
    unpacked = model.interpreter.get_tensor(weights.index) * np.array(weights.quantization.scales)[:, None]
    inputs = [normal(1, 64, seed=n) * size for n, size in ((1, 0.1), (2, 1), (3, 50))]

    def in_integers(x):
        """The product of x in 256 steps between its own smallest and largest number."""
        low, high = min(x.min(), 0), max(x.max(), 0)
        scale = (high - low) / 255
        steps = np.clip(np.round(x / scale) + np.round(-128 - low / scale), -128, 127)
        return (steps - np.round(-128 - low / scale)) * scale @ unpacked.T

    def like(product):
        """Whether the file answers so, to a hundred-thousandth of the answers' range."""
        return all(np.allclose(model.predict(x), product(x), atol=1e-5 * np.ptp(x @ unpacked.T)) for x in inputs)

    return {
        "The input is quantized in each run": like(in_integers),
        "The weights are unpacked": like(lambda x: x @ unpacked.T),
        "The input is quantized by the scale": any(each.quantization for each in tensors if each is not weights),
    }


def cost(step, *kernel):
    """Of a convolution on 56 x 56 pixels of 64 channels: multiply-adds, weights, numbers that come out, bytes."""
    found = graph(convert(function(lambda x: step(x, normal(*kernel)), 56, 56, 64)))
    operator = found.operators[0]
    assert len(found.operators) == 1
    taken, weights, given = (
        int(np.prod(found.tensors[place].shape)) for place in (*operator.inputs[:2], operator.outputs[0])
    )
    each = np.prod(kernel[:2]) * (1 if operator.name == "DEPTHWISE_CONV_2D" else kernel[2])
    return given * each, weights, given, 4 * (taken + weights + given)


def depthwise():
    nn = tensorflow().nn
    standard = cost(lambda x, kernel: nn.conv2d(x, kernel, 1, "SAME"), 3, 3, 64, 64)
    own = cost(lambda x, kernel: nn.depthwise_conv2d(x, kernel, [1, 1, 1, 1], "SAME"), 3, 3, 64, 1)
    assert standard[0] == 64 * own[0] and standard[1] == 64 * own[1]
    return {
        "It has more weights": own[1] > standard[1],
        "It moves nearly as many bytes": 0.9 < own[3] / standard[3] < 1,
        "It has more outputs": own[2] > standard[2],
    }


def fallback():
    """The neuron, asked in a child process that finds no driver of a GPU."""
    hidden = dict.fromkeys(("VK_ICD_FILENAMES", "VK_DRIVER_FILES"), os.devnull)
    with mock.patch.dict(os.environ, hidden):
        neuron, x = asset("neuron.tflite"), np.array([[10.0]], np.float32)
        found = said(lambda: compiled.run(neuron, x, accelerator="gpu or cpu"))
        alone = compiled.run(neuron, x).outputs[0]
    if not raised(found) and found.adapter:
        pytest.skip(f"{found.adapter} cannot be hidden from the runtime")
    assert alone.item() == pytest.approx(19, abs=0.1)
    return {
        "The processor computes all": not raised(found) and np.allclose(found.outputs[0], alone),
        "It computes nothing": not raised(found) and not np.any(found.outputs[0]),
        "It is refused": isinstance(found, LabError) and "No GPU adapter" in str(found),
    }


def library():
    """A script for the Edge TPU, line by line, up to the one that raises."""
    from ai_edge_litert.interpreter import Interpreter, load_delegate

    held = {}
    script = {
        "load_delegate": lambda: held.update(delegate=load_delegate("libedgetpu.so.1")),
        "Interpreter": lambda: held.update(
            interpreter=Interpreter(str(asset("neuron.tflite")), experimental_delegates=[held["delegate"]])
        ),
        "allocate_tensors": lambda: held["interpreter"].allocate_tensors(),
        "invoke": lambda: held["interpreter"].invoke(),
    }
    # A delegate that was not loaded complains once more when it is thrown away: no concern of this test.
    with quiet(), mock.patch.object(sys, "unraisablehook", lambda _: None):
        stops = next((line for line, step in script.items() if isinstance(said(step), OSError)), "")
    if not stops:
        pytest.skip("the Edge TPU's library is installed here")
    return {
        "In `load_delegate(...)`": stops == "load_delegate",
        "In `allocate_tensors()`": stops == "allocate_tensors",
        "In `interpreter.invoke()`": stops == "invoke",
    }


FACTS = {
    "09.turns": turns,
    "09.split": split,
    "09.dynamic_range": dynamic_range,
    "09.depthwise": depthwise,
    "09.fallback": fallback,
    "09.library": library,
}
