"""Lab 04, held against reality."""

from functools import cache

import numpy as np

from labutils.models import asset
from labutils.tflite.anatomy import anatomy
from labutils.tflite.runtime import open_model

from .making import INT8_ONLY, INT16, convert, dtype_of_input, full_integer, function, graph, normal, tensorflow


def read_back(content, name="CONV_2D"):
    """A layer's weights as the file stores them, turned into real numbers again: output channels first."""
    found = graph(content)
    weights = next(found.tensors[step.inputs[1]] for step in found.operators if step.name == name)
    stored = open_model(content).interpreter.get_tensor(weights.index)
    scales = np.array(weights.quantization.scales, np.float32)
    return stored * scales.reshape(-1, *[1] * (stored.ndim - 1))


def pointwise(kernel):
    """A 1 x 1 convolution of images of 4 x 4 pixels, and samples for it."""
    convolution = tensorflow().nn.conv2d
    inputs = kernel.shape[2]
    return function(lambda x: convolution(x, kernel, 1, "VALID"), 4, 4, inputs), normal(10, 1, 4, 4, inputs)


def outlier():
    even = np.random.default_rng(0).uniform(-1, 1, (1, 1, 40, 32)).astype(np.float32)
    uneven = even.copy()
    uneven[0, 0, 0, 0] = 10

    def errors(kernel):
        right = np.moveaxis(kernel, -1, 0)
        found = np.abs(read_back(full_integer(*pointwise(kernel))) - right)
        return found[0, 0, 0, 1:].mean(), found[1:].mean(), found[0, 0, 0, 0] / 10  # others, other channels, itself

    (own, others, _), (own_after, others_after, itself) = errors(even), errors(uneven)
    coarser, others_coarser, clipped = own_after > 5 * own, others_after > 1.01 * others, itself > 0.1
    return {
        "Those of all channels": others_coarser,
        "None gets coarser: the large": not coarser and clipped,
        "Those of its channel": coarser and not others_coarser and not clipped,
        "None gets coarser: each": not coarser and not clipped,
    }


def bias_scale():
    found = graph(asset("digits_cnn_int8.tflite"))
    layers = [step for step in found.operators if step.name in ("CONV_2D", "FULLY_CONNECTED")]
    assert len(layers) == 4

    def all_have(expected):
        for step in layers:
            taken, weights, bias = (found.tensors[index] for index in step.inputs)
            assert bias.dtype == "int32"
            ends = (taken, weights, found.tensors[step.outputs[0]])
            if not np.allclose(bias.quantization.scales, expected(*(np.array(e.quantization.scales) for e in ends))):
                return False
        return True

    return {
        "The input's scale": all_have(lambda taken, weights, given: taken * weights),
        "The output's scale": all_have(lambda taken, weights, given: given),
        "The scale 1": all_have(lambda taken, weights, given: np.ones(1)),
    }


@cache
def dense(between="relu"):
    """64 numbers in, 8 out, with some operator between two layers, as in lab 04's traps."""
    operator = {"relu": tensorflow().nn.relu, "sin": tensorflow().sin}[between]
    return function(lambda x: operator(x @ normal(64, 32)) @ normal(32, 8, seed=1), 64)


def float_input():
    samples = normal(50, 1, 64)
    none, one = (full_integer(dense(), samples[:count]) for count in (0, 1))
    lacking = full_integer(dense("sin"), samples)
    return {
        "An operator": dtype_of_input(lacking) == "float32",
        "The generator has yielded one": dtype_of_input(one) == "float32",
        "The generator has yielded no": dtype_of_input(none) == "float32",
    }


def clipped():
    faint, bright = normal(50, 1, 64), 5 * normal(200, 64, seed=2)
    expected = np.maximum(bright @ normal(64, 32), 0) @ normal(32, 8, seed=1)

    def error(samples, only=INT8_ONLY):
        content = convert(dense(), optimize=True, samples=samples, sets=[only])
        return np.abs(open_model(content).predict(bright) - expected).mean()

    half = error(faint) / 2
    return {
        "16x8": error(faint, INT16) < half,
        "A few bright": error([*faint, *5 * normal(5, 1, 64, seed=3)]) < half,
        "Ten times": error(normal(500, 1, 64, seed=4)) < half,
    }


def no_data():
    kernel, ordinary = normal(64, 64), normal(20, 64, seed=1)
    content = convert(function(lambda x: x @ kernel, 64), optimize=True)
    weights = read_back(content, "FULLY_CONNECTED").T
    model = open_model(content)

    def error(inputs, with_weights):
        right = inputs @ with_weights
        return np.abs(model.predict(inputs) - right).max() / np.abs(right).max()

    bounded = error(1000 * ordinary, kernel) > 0.5  # a range from the weights would clip such inputs
    as_float = error(ordinary, weights) < 1e-5
    ends = (*graph(content).inputs, *graph(content).outputs)
    stored = [graph(content).tensors[index].quantization for index in ends]
    return {
        "It takes the range": bounded,
        "It needs no range": as_float,
        "It finds the range": stored == [None, None]
        and not as_float
        and not bounded
        and error(ordinary, kernel) < 0.05,
    }


def ratio():
    def share(inputs, outputs):
        concrete, samples = pointwise(normal(1, 1, inputs, outputs))
        before, after = anatomy(convert(concrete)), anatomy(full_integer(concrete, samples))
        scales = after.bytes_by_part["quantization"] - before.bytes_by_part["quantization"]
        return after.size / before.size, scales

    (few, few_scales), (many, many_scales) = share(512, 8), share(8, 512)
    assert many > 0.9  # as the answer's reason says: hardly anything is saved
    return {
        "From 512 to 8": few < many - 0.1 and few_scales < many_scales,
        "From 8 to 512": many < few - 0.1,
        "Neither": abs(few - many) <= 0.1,
    }


FACTS = {
    "04.outlier": outlier,
    "04.bias_scale": bias_scale,
    "04.float_input": float_input,
    "04.clipped": clipped,
    "04.no_data": no_data,
    "04.ratio": ratio,
}
