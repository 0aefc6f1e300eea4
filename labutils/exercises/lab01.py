"""The exercises of lab 01: convert, know a version, know a broken file, measure a difference, predict a size."""

from labutils.exercises.exercise import Exercise
from labutils.exercises.judges import architecture, conversion, delivery, measures

CONVERT = Exercise(
    name="01.convert",
    prompt="""\
**Exercise 1 · Convert.** Write `to_tflite(model)`: it takes a Keras model, any Keras model, and returns the bytes of a
`.tflite` file that computes the same. It writes nothing to disk.""",
    stub="""\
def to_tflite(model):
    ...""",
    hints=(
        "One of the three routes of this lab starts from the Keras model itself.",
        "`tf.lite.TFLiteConverter.from_keras_model(...)` makes a converter. A converter is not a file yet.",
        "`converter.convert()` returns the bytes: return them.",
    ),
    solution="""\
import tensorflow as tf


def to_tflite(model):
    converter = tf.lite.TFLiteConverter.from_keras_model(model)
    return converter.convert()""",
    explanation="""\
`from_keras_model` exports the model and freezes its variables, so that the weights become part of the file.
`model.export(folder)` and then `from_saved_model(folder)` does as well. With `tf.saved_model.save` in place of `export`
the file has no weights, and nothing says so.""",
    check=conversion.check,
    symptoms={
        "has no attribute 'convert'": "A Keras model cannot convert itself: the converter of `tf.lite` does it.",
        "has no len()": "Give the model to `TFLiteConverter.from_keras_model`, not to `TFLiteConverter` itself.",
        "Expected binary or unicode string": "`from_saved_model` takes a folder: for a model use `from_keras_model`.",
        "SavedModel file does not exist": "`from_saved_model` takes a folder that `model.export` has written.",
    },
)

NEWEST_VERSION = Exercise(
    name="01.newest_version",
    prompt="""\
**Exercise 2 · The newest version.** A server such as TensorFlow Serving looks into the folder above `1`, `2`, `3` ...
and loads the newest version. Write `newest_version(names)`: it takes the names in that folder, a list of texts in any
order, and returns the name with the largest whole number, exactly as it stands in the list. Names that are no whole
number, such as `latest` or `1.bak`, do not count; if none is left, it returns `None`.""",
    stub="""\
def newest_version(names):
    ...""",
    hints=(
        "First keep the names that are whole numbers, then choose among them.",
        "`name.isdecimal()` says whether a text is made of digits only. As texts, `'9' > '10'`; as numbers it is not.",
        "`max(versions, key=int, default=None)` compares values, returns the text itself, and `None` if there is none.",
    ),
    solution="""\
def newest_version(names):
    versions = [name for name in names if name.isdecimal()]
    return max(versions, key=int, default=None)""",
    explanation="""\
`key=int` compares values but returns the name itself, which the path needs: `00000012` is a version, and the folder is
not called `12`. TensorFlow Serving also skips what does not read as a whole number.""",
    check=delivery.versions,
    symptoms={
        "invalid literal for int()": "Not every name is a number: leave the others out before `int`.",
        "max() arg is an empty sequence": "Where no version is left, return `None`: `max` takes a `default`.",
        "max() iterable argument is empty": "Where no version is left, return `None`: `max` takes a `default`.",
        "list index out of range": "The list may be empty, or hold no version: return `None` then.",
    },
)

HOLDS_ITS_WEIGHTS = Exercise(
    name="01.holds_its_weights",
    prompt="""\
**Exercise 3 · Does it hold its weights?** Write `holds_its_weights(operators)`: it takes the names of a file's
operators, such as `list(anatomy(path).operators)` gives them, in any order. It returns `False` if the file reads
variables whose values it does not hold, as the silent route's file does, and `True` otherwise.""",
    stub="""\
def holds_its_weights(operators):
    ...""",
    hints=(
        "Compare the operators of the silent route's file with those of a right one: which name is only in the first?",
        "The name to look for is `VAR_HANDLE`. Python asks with `in` and `not in` whether a list holds it.",
    ),
    solution="""\
def holds_its_weights(operators):
    return "VAR_HANDLE" not in operators""",
    explanation="""\
`VAR_HANDLE` names a variable that lives outside the graph, and `READ_VARIABLE` reads it. A file in which nothing ever
assigns that variable reads memory that nobody filled. In a frozen model the weights are constants: neither occurs.""",
    check=delivery.operators,
)

LARGEST_ERROR = Exercise(
    name="01.largest_error",
    prompt="""\
**Exercise 4 · The largest error.** Write `largest_error(expected, found)`: it takes two float32 arrays of the same
shape, the model's answers and the file's, and returns the largest absolute difference between them, as one number. If
either array holds a NaN or an infinity, so must the result be: a broken file may not look good.""",
    stub="""\
def largest_error(expected, found):
    ...""",
    hints=(
        "Three steps: the difference, without its sign, and the largest of all.",
        "`np.abs(...)` takes the signs away. Do it before you look for the largest.",
        "`np.max` keeps a NaN. `np.nanmax` and Python's own `max` can lose it.",
    ),
    solution="""\
import numpy as np


def largest_error(expected, found):
    return float(np.max(np.abs(expected - found)))""",
    explanation="""\
The mean would hide one wrong answer among a hundred right ones, and a sign would hide every error to one side. A NaN
spreads through `np.max`, and no comparison with a NaN is true: `largest_error(...) <= tolerance` fails then.""",
    check=measures.largest_error,
)

WEIGHT_BYTES = Exercise(
    name="01.weight_bytes",
    prompt="""\
**Exercise 5 · Predict a size.** Write `weight_bytes(shapes)`: it takes the shapes of a model's float32 weights, a list
of tuples such as `[tuple(weight.shape) for weight in model.weights]` gives, and returns how many bytes these weights
take in a file, 4 for each number. The shape `()` is that of a scalar, which is one number. An empty list takes 0.
When it is right, ask it about your neuron, and compare with the weights of `anatomy(file).bytes_by_part`.""",
    stub="""\
def weight_bytes(shapes):
    ...""",
    hints=(
        "How many numbers are in an array of shape (3, 5)? And in all arrays together?",
        "Within a shape the sizes are multiplied, and the shapes are added up. What is the product of no sizes at all?",
        "`math.prod(shape)` multiplies, and gives 1 for `()`; `sum` adds up, and gives 0 for an empty list.",
    ),
    solution="""\
import math


def weight_bytes(shapes):
    return 4 * sum(math.prod(shape) for shape in shapes)""",
    explanation="""\
A converter that is left alone stores weights as they are, 4 bytes for a float32: so you know nearly all of a large
file's size before you convert. `bytes_by_part` may say a little more, as it counts constants such as shapes with the
weights: 12 bytes more for the small net of lab 06, which has 76,712. Layers that it melts into others make it less.""",
    check=architecture.weight_bytes,
    symptoms={
        "inhomogeneous": "Shapes of different lengths make no array: go through them one by one.",
        "and 'tuple'": "A tuple is no number yet: `math.prod(shape)` makes one of it.",
        "by non-int of type 'tuple'": "A tuple is no number yet: `math.prod(shape)` makes one of it.",
        "tuple index out of range": "The shape of a scalar is empty: `math.prod` makes 1 of it.",
        "reduce() of empty": "The shape of a scalar is empty: `math.prod` makes 1 of it.",
        "list index out of range": "The list may be empty: no weights take 0 bytes.",
        "has no attribute 'shape'": "`shapes` holds the shapes themselves, which are tuples, and no weights.",
    },
)

EXERCISES = (CONVERT, NEWEST_VERSION, HOLDS_ITS_WEIGHTS, LARGEST_ERROR, WEIGHT_BYTES)
