"""Lab 07, held against reality."""

from functools import cache

import numpy as np
from scipy.stats import binomtest

from labutils.tflite.anatomy import anatomy
from labutils.tflite.arena import arena
from labutils.tflite.devices import fits, missing, on_edge_tpu
from labutils.tflite.runtime import open_model

from .making import convert, full_integer, function, graph, normal, old_route, raised, tensorflow


def who_raises():
    return {f"{path}:": raised(outcome) for path, outcome in old_route()[1].items()}


@cache
def with_abs_at(place):
    """Three dense layers, all integer, and an ABS before (0), between (1, 2) or after (3) them."""

    def body(x):
        for n in range(4):
            x = tensorflow().abs(x) if n == place else x
            x = x @ normal(32, 32, seed=n) if n < 3 else x
        return x

    content = full_integer(function(body, 32), normal(20, 1, 32))
    assert dict(anatomy(content).operators) == {"ABS": 1, "FULLY_CONNECTED": 3}
    return content


def edge_tpu_place():
    on_chip = [on_edge_tpu(with_abs_at(place))[0] for place in range(4)]
    return {
        "At the beginning": on_chip[0] < min(on_chip[1:]),
        "At the end": on_chip[3] < min(on_chip[:3]),
        "At any place": len(set(on_chip)) == 1,
    }


def why_uint8():
    first, second = normal(64, 32), normal(32, 8, seed=1)
    concrete = function(lambda x: tensorflow().nn.relu(x @ first) @ second, 64)
    signed, unsigned = (full_integer(concrete, normal(50, 1, 64), ends) for ends in ("int8", "uint8"))
    inputs = normal(200, 64, seed=2)
    expected = np.maximum(inputs @ first, 0) @ second
    error = {file: np.abs(open_model(file).predict(inputs) - expected).mean() for file in (signed, unsigned)}
    found = graph(unsigned)
    kernels = {found.tensors[step.inputs[1]].dtype for step in found.operators if len(step.inputs) == 3}
    assert len(signed) < len(unsigned) and (anatomy(unsigned).operators - anatomy(signed).operators) == {"QUANTIZE": 2}
    return {
        "It is more exact": error[unsigned] < 0.95 * error[signed],
        "Some devices take": fits(unsigned, "browser") and missing(signed, "browser") == "inputs and outputs (int8)",
        "Its weights are unsigned": kernels == {"uint8"},
    }


def equal_counts():
    each = binomtest(358, 360).proportion_ci(method="wilson")
    width = each.high - each.low
    assert (round(each.low, 3), round(each.high, 3)) == (0.98, 0.998)
    return {"Not at all": width == 0, "By one image": 0 < width <= 1 / 360, "By a point": width > 0.01}


def float16_memory():
    first, second = normal(64, 64), normal(64, 64, seed=1)
    concrete = function(lambda x: tensorflow().nn.relu(x @ first) @ second, 64)
    full, half = convert(concrete), convert(concrete, optimize=True, float16=True)
    assert len(half) < 0.6 * len(full) and "DEQUANTIZE" in anatomy(half).operators

    def memory(content):
        return anatomy(content).bytes_by_part["weights"] + arena(content).span

    share = memory(half) / memory(full)
    return {"More": share > 1.1, "Half": share < 0.6, "As much": 0.9 < share < 1.1}


FACTS = {
    "07.who_raises": who_raises,
    "07.edge_tpu_place": edge_tpu_place,
    "07.why_uint8": why_uint8,
    "07.equal_counts": equal_counts,
    "07.float16_memory": float16_memory,
}
