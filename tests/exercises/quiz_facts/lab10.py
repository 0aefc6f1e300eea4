"""Lab 10, held against reality."""

import base64
import hashlib
import html
import os
import re
from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from labutils.device import app
from labutils.device.c_array import c_array
from labutils.device.card import make_card
from labutils.device.litert_js import runtime_files
from labutils.errors import LabError
from labutils.tflite.anatomy import anatomy
from labutils.tflite.runtime import open_model

from .making import convert, full_integer, function, graph, normal, tensorflow


def classifier(white=1.0):
    """A float file for pictures of 8 x 8 in which white is that number, black being 0."""
    kernel, last = normal(3, 3, 1, 4) / white, normal(4, 10, seed=1)

    def net(x):
        tf = tensorflow()
        return tf.reduce_mean(tf.nn.relu(tf.nn.conv2d(x, kernel, 1, "SAME")), [1, 2]) @ last

    return function(net, 8, 8, 1)


def card():
    """What the file does not say: two files for another white differ in nothing that they tell."""
    one, other = (convert(classifier(white)) for white in (1.0, 255.0))
    shares = np.random.default_rng(2).uniform(0, 1, (5, 8, 8, 1)).astype(np.float32)
    rightly, wrongly = (open_model(other).predict(shares * white) for white in (255, 1))
    assert np.allclose(open_model(one).predict(shares), rightly, atol=1e-5) and not np.allclose(rightly, wrongly)
    found = graph(one)
    taken, given = found.tensors[found.inputs[0]], found.tensors[found.outputs[0]]
    return {
        "How many pixels": taken.shape != (1, 8, 8, 1),
        "How many classes": given.shape != (1, 10),
        "Which numbers": anatomy(one) == anatomy(other) and one != other,
        "Whether it takes": taken.dtype != "float32",
    }


def equal_integers():
    rng = np.random.default_rng(3)
    whole = rng.integers(-128, 128, (200, 64), dtype=np.int32) * rng.integers(-128, 128, (200, 64), dtype=np.int32)
    real = rng.normal(0, 1, (200, 64)).astype(np.float32)
    shuffled = rng.permutation(64)

    def differ(terms):
        """How often the sum is another one in another order: one after the other, as a processor adds."""
        return (np.cumsum(terms, axis=1)[:, -1] != np.cumsum(terms[:, shuffled], axis=1)[:, -1]).mean()

    grid = (np.arange(1, 30) / np.float32(10)).astype(np.float32)
    seen = any(np.rint((x + y) + z) != np.rint(x + (y + z)) for x, y, z in product(grid, repeat=3))
    content = convert(classifier())
    written = base64.b85encode(content).decode().translate(app.LETTERS)
    arrived = base64.b85decode(written.translate({new: old for old, new in app.LETTERS.items()}))
    return {
        "Sums of whole numbers": differ(whole) == 0 < differ(real),
        "Rounding": not seen,
        "Its weights": arrived != content,
    }


def page(size):
    """The app in one file, as it is built, for a model of so many bytes."""
    try:
        runtime_files()
    except LabError as missing:
        if os.environ.get("CI"):
            raise
        pytest.skip(str(missing))
    own = convert(classifier())
    content = own + np.random.default_rng(4).bytes(size - len(own))
    return app.page(content, replace(make_card(own, "0123456789"), bytes=size))


def policy():
    text = page(30_000)
    said = html.unescape(re.search(r'http-equiv="Content-Security-Policy" content="([^"]+)"', text)[1])
    rules = dict(rule.split(" ", 1) for rule in said.split("; "))
    addresses = re.findall(r"\b(?:https?|wss?):|\*|'self'|\w+\.\w+", " ".join(rules.values()))
    fingerprints = {base64.b64encode(hashlib.sha256(each.encode()).digest()).decode()
                    for each in re.findall(r"<script[^>]*>(.*?)</script>", text, re.DOTALL)}  # fmt: skip
    anybody_can_make_it = any(each in rules["script-src"] for each in fingerprints)
    return {
        "Whatever leaves": "upgrade-insecure-requests" in said or "https:" in addresses,
        "The page carries": not anybody_can_make_it,
        "The browser itself": rules["default-src"] == "'none'" and "connect-src" not in rules and not addresses,
    }


def one_file():
    small, large = (len(page(size)) / 1e6 for size in (30_000, 300_000))
    assert 3.5 < small < 4.5
    return {
        "As large": large < 1.02 * small,
        "A tenth": 1.05 < large / small < 1.15,
        "Ten times": large > 5 * small,
    }


def in_c():
    model = full_integer(classifier(), np.abs(normal(20, 1, 8, 8, 1)))
    text = c_array(model)
    held = bytes(int(byte, 16) for byte in re.findall(r"\b0x([0-9a-f]{2}),", text))
    assert 5 < len(text) / len(model) < 7
    assert open_model(held).inputs.keys() == open_model(model).inputs.keys()  # what is in the program, runs
    return {
        "It has no files": held == model and ".tflite" not in text.split("*/")[1],
        "The compiler": held != model,
        "As an array": len(held) < len(model) or len(text) < len(model),
    }


FACTS = {
    "10.card": card,
    "10.equal_integers": equal_integers,
    "10.policy": policy,
    "10.one_file": one_file,
    "10.c_array": in_c,
}
