"""Lab 08, held against reality."""

import gzip
from math import prod

import numpy as np

from labutils import data
from labutils.tflite.runtime import open_model

from .making import convert, function, graph, normal, tensorflow


def small_to_zero(weights, share):
    pruned = weights.copy()
    pruned.flat[np.argsort(np.abs(weights), axis=None)[: round(share * weights.size)]] = 0
    return pruned


def dense(kernel):
    return convert(function(lambda x: x @ kernel, len(kernel)))


def pruned_file():
    kernel = normal(64, 256)
    before, after = map(dense, (kernel, small_to_zero(kernel, 0.8)))
    share = len(after) / len(before)
    packed = len(gzip.compress(after, 9)) / len(gzip.compress(before, 9))
    same = 0.99 < share < 1.01
    return {
        "The file has a fifth": share < 0.3,
        "The file keeps its size, and so": same and packed > 0.9,
        "The file keeps its size, and what": same and packed < 0.5,
    }


def convolutions(first, bias, second):
    """A file of two convolutions, for images of 12 x 12."""

    def net(x):
        conv = tensorflow().nn.conv2d
        return conv(conv(x, first, 1, "SAME") + bias, second, 1, "SAME")

    return convert(function(net, 12, 12, first.shape[2]))


def products(content):
    """The multiply-adds of its convolutions, by their shapes: for each number that comes out, one filter."""
    found, total = graph(content), 0
    for step in found.operators:
        if step.name in ("CONV_2D", "DEPTHWISE_CONV_2D"):
            kernel = found.tensors[step.inputs[1]].shape
            out = prod(found.tensors[step.outputs[0]].shape)
            total += out * prod(kernel[1:] if step.name == "CONV_2D" else kernel[1:3])
    return total


def multiplies_zeros(content, channels):
    """Whether it multiplies an infinite number by the zeros that it meets: what is skipped gives no NaN."""
    image = np.full((1, 12, 12, channels), np.inf, np.float32)
    return bool(np.isnan(open_model(content).predict(image)).any())


def structured():
    first, bias, second = np.abs(normal(3, 3, 8, 16)), np.abs(normal(16)), np.abs(normal(3, 3, 16, 8))
    whole = convolutions(first, bias, second)
    silent = np.arange(16) < 8
    files = {
        "90 %": convolutions(small_to_zero(first, 0.9), bias, small_to_zero(second, 0.9)),
        "Half of the channels cut": convolutions(first[:, :, :4, :8], bias[:8], second[:, :, :8, :4]),
        "Half of the channels set": convolutions(np.where(silent, 0, first), np.where(silent, 0, bias), second),
        "All": convolutions(*(np.round(each * 5).clip(0, 15) / 5 for each in (first, bias, second))),
    }
    # All numbers but the zeros are positive, so a NaN can only be infinity times zero.
    assert multiplies_zeros(files["90 %"], 8) and multiplies_zeros(files["Half of the channels set"], 8)
    assert not multiplies_zeros(whole, 8)
    counts = {beginning: products(content) for beginning, content in files.items()}
    assert counts["Half of the channels cut"] == products(whole) / 4
    return {beginning: count == min(counts.values()) for beginning, count in counts.items()}


def shared_values():
    table = normal(16)
    numbers = np.random.default_rng(1).integers(0, 16, 1_000_000)
    kernel = table[numbers]

    def exact(bits):
        """Whether the kernel comes back from so many bits a weight, written one after the other."""
        written = np.packbits((numbers[:, None] >> np.arange(bits)) & 1)
        read = np.unpackbits(written)[: bits * len(kernel)].reshape(-1, bits) @ (1 << np.arange(bits))
        return len(written) <= bits * len(kernel) / 8 and np.array_equal(table[read], kernel)

    fewest = min(bits for bits in (2, 3, 4, 5, 8) if exact(bits))
    return {"4,": fewest == 4, "16,": fewest > 5, "32,": fewest > 5}


def read_right(weights, images, numbers):
    return float((np.argmax(images @ weights, axis=1) == numbers).mean())


def trained(weights, images, numbers, steps, sparsities=()):
    """Softmax regression by gradient descent; each sparsity is pruned to in its turn, and its zeros are held."""
    wanted = np.eye(10)[numbers]
    for step in range(steps):
        if len(sparsities):
            turn = step * len(sparsities) // (steps // 2)
            weights = small_to_zero(weights, sparsities[min(turn, len(sparsities) - 1)])
        scores = images @ weights
        odds = np.exp(scores - scores.max(1, keepdims=True))
        slope = images.T @ (odds / odds.sum(1, keepdims=True) - wanted) / len(images)
        weights = weights - 0.5 * slope * (weights != 0 if len(sparsities) else 1)
    return weights


def gradual():
    images, numbers = (each[:400] for each in data.digits("train"))
    images = images.reshape(len(images), -1) / np.float32(16)
    full = trained(normal(64, 10) * np.float32(0.01), images, numbers, 200)
    steps = 0.9 * (1 - (1 - np.linspace(0.1, 1, 10)) ** 3)
    at_once, untrained = small_to_zero(full, 0.9), full
    for sparsity in steps:
        untrained = small_to_zero(untrained, sparsity)
    gently = small_to_zero(trained(full, images, numbers, 200, steps), 0.9)
    whole, bad, good = (read_right(each, images, numbers) for each in (full, at_once, gently))
    assert whole > 0.9 and good - bad > 0.1
    return {
        "To the order": not np.array_equal(untrained, at_once),
        "To the number": (gently == 0).sum() != (at_once == 0).sum(),
        "To the training": good - read_right(untrained, images, numbers) > 0.1,
    }


def saved(inputs=16, outputs=16, side=12):
    """The share of the multiply-adds that a separable convolution saves, counted in two files."""
    nn = tensorflow().nn
    kernel, each, mixed = normal(3, 3, inputs, outputs), normal(3, 3, inputs, 1), normal(1, 1, inputs, outputs)
    ordinary = function(lambda x: nn.conv2d(x, kernel, 1, "SAME"), side, side, inputs)
    split = function(lambda x: nn.separable_conv2d(x, each, mixed, [1, 1, 1, 1], "SAME"), side, side, inputs)
    return 1 - products(convert(split)) / products(convert(ordinary))


def separable():
    usual = saved()
    least = usual - 0.05
    return {
        "One that has few input": saved(inputs=4) < least,
        "One that has few output": saved(outputs=4) < least,
        "One that looks": saved(side=6) < least,
    }


def soft_targets():
    answers = np.array([0.002, 0.97, 0.02, 0.008])
    teacher = answers ** (1 / 3) / (answers ** (1 / 3)).sum()
    label = np.array([0.0, 1, 0, 0])
    smoothed = np.where(label == 1, teacher.max(), (1 - teacher.max()) / 3)
    others = (label, smoothed)
    tells = {
        "Which of the wrong": lambda given: len(set(given[label == 0])) > 1,
        "That its class": lambda given: given.max() < 1,
        "Which of all": lambda given: given.argmax() == 1 and np.sum(given == given.max()) == 1,
    }
    assert np.array_equal(np.argsort(teacher), np.argsort(answers))
    return {beginning: tell(teacher) and not any(map(tell, others)) for beginning, tell in tells.items()}


FACTS = {
    "08.pruned_file": pruned_file,
    "08.structured": structured,
    "08.shared_values": shared_values,
    "08.gradual": gradual,
    "08.separable": separable,
    "08.soft_targets": soft_targets,
}
