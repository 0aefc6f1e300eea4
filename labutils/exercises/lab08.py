"""The exercises of lab 08: prune, by a schedule; share values; remove channels; prune to a budget."""

from labutils.exercises.exercise import Exercise
from labutils.exercises.judges import channels, clustering, pruned_files, pruning, schedule

_ROW = "k-means wants one weight a row: `weights.reshape(-1, 1)`."
_LIST = "`set_weights` wants all arrays of `get_weights()`, biases too, in the same order and shapes."

PRUNE = Exercise(
    name="08.prune",
    prompt="""\
**Exercise 1 · The smallest go.** Write `without_smallest(weights, sparsity)`: `weights` is a float32 array of any
shape, `sparsity` a share from 0 to 1. It returns a new array of the same shape and dtype, in which that share of
the weights is zero, rounded to the nearest whole number of weights: those of the smallest magnitude. All others are
as they were, and so is `weights` itself. Where several have the same magnitude, any of them may go.""",
    stub="""\
def without_smallest(weights, sparsity):
    ...""",
    hints=(
        "Two questions: how many weights go, and where are they? A count is exact, a threshold is not, as soon as two "
        "weights have the same magnitude.",
        "`round(sparsity * weights.size)` is how many. `np.argsort(np.abs(weights), axis=None)` gives the places in "
        "the flat array, the smallest magnitude first.",
        "`pruned = weights.copy()`, then `pruned.flat[places[:count]] = 0`: `.flat` counts through any shape.",
    ),
    solution="""\
import numpy as np


def without_smallest(weights, sparsity):
    count = round(sparsity * weights.size)
    smallest = np.argsort(np.abs(weights), axis=None)[:count]
    pruned = weights.copy()
    pruned.flat[smallest] = 0
    return pruned""",
    explanation="""\
Magnitude is a guess at how much a weight matters, and a cheap one: it needs no data. Zeros from before are the
smallest of all, so pruning twice to the same sparsity changes nothing, and a schedule can call this function step
after step. `[:count]` is right for 0 too, where `[-count:]` or `[count - 1]` would not be.""",
    check=pruning.without_smallest,
    symptoms={
        "out of bounds": "With a sparsity of 1 there is no weight after the last one: take places, "
        "`np.argsort(...)[:count]`.",
        "slice indices must be integers": "`sparsity * weights.size` is a float: round it, and make it an `int`.",
        "only integer scalar arrays": "`round(...)` makes a whole number of `sparsity * weights.size`.",
        "is ambiguous": "`weights` is an array: compare with `np.where(condition, 0, weights)`, not with `if`.",
        "read-only": "Assign to a copy, `weights.copy()`.",
    },
)

SCHEDULE = Exercise(
    name="08.schedule",
    prompt="""\
**Exercise 2 · Little by little.** Write `sparsity_at(step, first, last, final)`: the sparsity that a gradual schedule
asks for at a step of the training. It is 0 before the step `first`, and `final` at `last` and after. In between it is
final · (1 − (1 − t)³), where t is the share of the way from `first` to `last` that is behind (Zhu and Gupta 2017,
arXiv:1710.01878).""",
    stub="""\
def sparsity_at(step, first, last, final):
    ...""",
    hints=(
        "First the share of the way, t: 0 at `first`, 1 at `last`. Then the two ends.",
        "Before `first` t would be negative, after `last` above 1: hold it between 0 and 1, and the formula does the "
        "rest.",
        "`t = (step - first) / (last - first)`, then `t = min(max(t, 0), 1)`.",
    ),
    solution="""\
def sparsity_at(step, first, last, final):
    t = (step - first) / (last - first)
    t = min(max(t, 0), 1)
    return final * (1 - (1 - t) ** 3)""",
    explanation="""\
The curve is steep at first, when many weights hardly matter, and flat at the end, when each one that goes has to be
made up for. Half of the way brings seven eighths of the sparsity; the other half is left for learning.""",
    check=schedule.sparsity_at,
    symptoms={
        "must be real number": "`step` is one number: return one number.",
        "division by zero": "The way is `last - first` long, and `first` may be 0.",
    },
)

CLUSTER = Exercise(
    name="08.cluster",
    prompt="""\
**Exercise 3 · Shared values.** Write `few_values(weights, k)`: `weights` is a float32 array of any shape. It
returns a float32 array of the same shape, in which each weight has become the nearest of at most `k` shared values.
The values are those of k-means on the single weights, or as good: with a squared error not above twice the least
possible.""",
    stub="""\
def few_values(weights, k):
    ...""",
    hints=(
        "scikit-learn's `KMeans` does it, as in the lab. It clusters rows, so each weight has to be a row of its own.",
        "`KMeans(k, n_init=4, random_state=0).fit(weights.reshape(-1, 1))` has `labels_`, one a weight, and "
        "`cluster_centers_`, of shape (k, 1).",
        "`cluster_centers_[labels_]` puts its value in the place of each weight. Then `reshape` to `weights.shape`, "
        "and `astype`.",
    ),
    solution="""\
import numpy as np
from sklearn.cluster import KMeans


def few_values(weights, k):
    found = KMeans(k, n_init=4, random_state=0).fit(weights.reshape(-1, 1))
    shared = found.cluster_centers_[found.labels_]
    return shared.reshape(weights.shape).astype(np.float32)""",
    explanation="""\
k-means puts the values where the weights are, many of them near zero and some for the large ones; evenly spaced
values, as quantization has them, would spend most on ranges where hardly a weight lies. The price is a table: an
integer kernel can compute with evenly spaced numbers, and not with the numbers of clusters. So here the array stays
float32, and what shrinks is its compressed form (Han, Mao and Dally 2016, arXiv:1510.00149).""",
    check=clustering.check,
    symptoms={
        "Expected 2D array": _ROW,
        "Found array with dim": _ROW,
        "should be >= n_clusters": f"It has fewer rows than clusters: {_ROW}",
        "cannot reshape array": "The shared values are as many as the weights: look them up by the labels, "
        "`cluster_centers_[labels_]`, before you reshape.",
        "arrays used as indices must be of integer": "Labels are whole numbers: `labels_`, not the values.",
        "is ambiguous": "`weights` is an array: work on all of its numbers at once.",
    },
)

REMOVE_CHANNELS = Exercise(
    name="08.remove_channels",
    prompt="""\
**Exercise 4 · Whole channels.** Write `without_channels(kernel, bias, next_kernel, keep)` for two convolutions, one
after the other: `kernel` has the shape (height, width, inputs, outputs), `bias` (outputs,), and `next_kernel`, of the
second convolution, (height, width, outputs, others). Keep the `keep` output channels of the first whose kernels have
the largest L1 norm, the sum of magnitudes (Li and others 2017, arXiv:1608.08710), in the order in which they stood.
Return the three smaller arrays, kernel, bias and next kernel, so that the second convolution still fits.""",
    stub="""\
def without_channels(kernel, bias, next_kernel, keep):
    ...""",
    hints=(
        "First one norm for each output channel, which is the last axis of `kernel`; then the places of the largest; "
        "then cut all three arrays at these places.",
        "`np.abs(kernel).sum(axis=(0, 1, 2))` are the norms. `np.argsort` puts the places of the largest last; sort "
        "the places once more.",
        "`kernel[..., places]`, `bias[places]`, and `next_kernel[:, :, places]`: what the first gives out, the second "
        "takes in.",
    ),
    solution="""\
import numpy as np


def without_channels(kernel, bias, next_kernel, keep):
    norms = np.abs(kernel).sum(axis=(0, 1, 2))
    places = np.sort(np.argsort(norms)[-keep:])
    return kernel[..., places], bias[places], next_kernel[:, :, places]""",
    explanation="""\
What is left is an ordinary, smaller net: both convolutions have fewer multiply-adds on every processor, with the
kernels that are there. Single zeros bring that only where a kernel knows how to skip them. A removed channel takes a
slice of the next layer with it, so its answers change, and the net has to be trained on.""",
    check=channels.without_channels,
    symptoms={
        "out of bounds": "The places are those of output channels, the last axis of `kernel` and axis 2 of "
        "`next_kernel`.",
        "boolean index did not match": "The mask has one entry for each output channel: that is the last axis of "
        "`kernel` and axis 2 of `next_kernel`.",
        "only integer scalar arrays": "`keep` is a number of channels, and `np.argsort(...)[-keep:]` their places.",
        "invalid index to scalar": "Sum over the axes 0, 1 and 2: that leaves one norm for each output channel.",
        "truth value of an array": "There is one norm for each channel: sort them all with `np.argsort`.",
    },
)

FIT_BUDGET = Exercise(
    name="08.fit_budget",
    prompt="""\
**Exercise 5 · Prune to a budget.** A download is compressed. Write `prune_to_budget(model, most_bytes)`: `model` is
a trained Keras model with one input. Prune each of its kernels by magnitude, all by the same sparsity, and convert:
return the bytes of a float `.tflite` file of which `gzip.compress(content)` has at most `most_bytes` bytes. The
sparsity is the least of 0, 10, 20 ... 90 % that will do; return None if 90 % is not enough. Biases are not pruned,
and afterwards the model has the weights that it had.""",
    stub="""\
def prune_to_budget(model, most_bytes):
    ...""",
    hints=(
        "A ladder again, as in lab 07: for each sparsity, the smallest first, prune, convert, compress, compare.",
        "`weights = model.get_weights()` once at the beginning; `model.set_weights([...])` for each sparsity, with "
        "`without_smallest` of exercise 1 for arrays of more than one axis; `model.set_weights(weights)` before every "
        "`return`.",
        "`for tenths in range(10):` prune by `tenths / 10`, convert as in the lab, and return the file "
        "`if len(gzip.compress(content)) <= most_bytes`. With `try` and `finally` the weights come back whatever "
        "happens.",
    ),
    solution="""\
import gzip

import numpy as np
import tensorflow as tf


def without_smallest(weights, sparsity):
    smallest = np.argsort(np.abs(weights), axis=None)[: round(sparsity * weights.size)]
    pruned = weights.copy()
    pruned.flat[smallest] = 0
    return pruned


def prune_to_budget(model, most_bytes):
    weights = model.get_weights()
    rows = tf.TensorSpec(model.input_shape, tf.float32)
    traced = tf.function(lambda x: model(x)).get_concrete_function(rows)
    try:
        for tenths in range(10):
            left = [without_smallest(each, tenths / 10) if each.ndim > 1 else each for each in weights]
            model.set_weights(left)
            content = tf.lite.TFLiteConverter.from_concrete_functions([traced]).convert()
            if len(gzip.compress(content)) <= most_bytes:
                return content
    finally:
        model.set_weights(weights)""",
    explanation="""\
The file is as large as ever, since it holds every zero; the download is not. `gzip.compress` does its best by
default, as the lab does with 9. The trace can be made once: a conversion reads the variables as they are at that
moment. Whether the answers are still good enough at that sparsity is another question, and without training between
the steps they soon are not: so weigh accuracy beside bytes, as in lab 07.""",
    check=pruned_files.check,
    symptoms={
        "object of type 'TFLite": "The converter has no length: convert first, and compress the bytes.",
        "a bytes-like object is required": "`gzip.compress` takes the bytes that `convert()` gives.",
        "'bytes' and 'int'": "Compare the number of compressed bytes: `len(gzip.compress(content))`.",
        "set_weights": _LIST,
        "weight shape": _LIST,
        "not compatible with provided weight": _LIST,
        "'list' object has no attribute": "`get_weights()` is a list of arrays: prune one after the other.",
        "inhomogeneous shape": "The weights of a model have many shapes: prune the arrays one after the other.",
        "Dimension value must be integer": "Unpack the sizes with a star: `[1, *model.input_shape[1:]]`.",
    },
)

EXERCISES = (PRUNE, SCHEDULE, CLUSTER, REMOVE_CHANNELS, FIT_BUDGET)
