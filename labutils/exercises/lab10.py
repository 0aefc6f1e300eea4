"""The exercises of lab 10: fix a batch, store a picture as a file wants it, know what a browser refuses, deploy."""

from labutils.exercises.exercise import Exercise
from labutils.exercises.judges import deploying, fixed_batch, refusing, storing

_STAR = "Unpack the sizes with a star: `[1, *model.input_shape[1:]]`."
_SHAPE = "The model does not take the shape that it is traced for: that is `[1, *model.input_shape[1:]]`."
_BATCH = "Each sample needs its batch: `x[None]` has the shape (1, ...)."
_YIELDS = "`representative_dataset` is a function that yields: `lambda: ([x[None]] for x in samples)`."
_BYTES = "The file comes as bytes: `Interpreter(model_content=content)`."
_RUNS_NOTHING = "An interpreter loads no such file: `anatomy(content)` reads it, and runs nothing."

ONE_AT_A_TIME = Exercise(
    name="10.one_at_a_time",
    prompt="""\
**Exercise 1 · One at a time.** Write `one_at_a_time(model)`: `model` is a Keras model with one input and a free
batch. It returns the bytes of a float `.tflite` file with a batch of 1, which answers as the model does.""",
    stub="""\
def one_at_a_time(model):
    ...""",
    hints=(
        "Section 3 does it: trace the model for one picture at a time, and hand that to the converter.",
        "`model.input_shape` begins with None, for the batch; `tf.TensorSpec([1, *model.input_shape[1:]])` fixes it.",
        "`tf.function(lambda x: model(x, training=False)).get_concrete_function(...)` traces, and "
        "`tf.lite.TFLiteConverter.from_concrete_functions([...])` takes that, in a list.",
    ),
    solution="""\
import tensorflow as tf


def one_at_a_time(model):
    one = tf.TensorSpec([1, *model.input_shape[1:]], tf.float32)
    traced = tf.function(lambda x: model(x, training=False)).get_concrete_function(one)
    return tf.lite.TFLiteConverter.from_concrete_functions([traced]).convert()""",
    explanation="""\
The trace fixes every size, and so the memory plan. The list stands alone: with the Keras model behind it as second
argument the weights are left out. Section 3 freezes the graph as well, for the sake of a signature with names; the
file answers the same without.""",
    check=fixed_batch.check,
    symptoms={
        "AssignVariableOp": "Traced in training, a model goes on adjusting its statistics: trace "
        "`model(x, training=False)`.",
        "Dimension value must be integer": _STAR,
        "Failed to convert": _STAR,
        "Exception encountered when calling": _SHAPE,
        "not an iterable": "`from_concrete_functions` wants a list: `[traced]`.",
        "object is not iterable": "`from_concrete_functions` wants a list: `[traced]`.",
        "concrete_functions": "`from_concrete_functions` wants concrete functions, in a list: "
        "`[tf.function(...).get_concrete_function(...)]`.",
    },
)

TO_STORED = Exercise(
    name="10.to_stored",
    prompt="""\
**Exercise 2 · Into the model.** Write `to_stored(pixels, low, high, scale, zero_point)`: `pixels` is a uint8 array, 0
for black and 255 for white. The model was trained with `low` for black and `high` for white, and its file takes uint8
with this scale and zero point. Return the uint8 array, of the same shape, that goes into the file.""",
    stub="""\
def to_stored(pixels, low, high, scale, zero_point):
    ...""",
    hints=(
        "Two steps: from bytes to the real numbers that the model was trained with, and from those to what is stored.",
        "`pixels / 255` is a share of white, and white is `high - low` above black. Then real ÷ scale + zero point.",
        "`np.round`, then `np.clip` to 0 to 255, then `.astype(np.uint8)`: a cast alone cuts off, and wraps round.",
    ),
    solution="""\
import numpy as np


def to_stored(pixels, low, high, scale, zero_point):
    real = low + pixels / 255 * (high - low)
    return np.clip(np.round(real / scale + zero_point), 0, 255).astype(np.uint8)""",
    explanation="""\
Four numbers, from two places: `low` and `high` stand on the card, scale and zero point in the file. Where the file
was calibrated with pictures from black to white, all four undo each other, and the bytes come out as they went in: by
luck, not by rule. Every app of the lab computes these two lines, in JavaScript, Kotlin, Swift or Python.""",
    check=storing.to_stored,
    symptoms={
        "out of bounds for uint8": "numpy keeps to bytes where whole numbers meet bytes: divide by 255 first, which "
        "makes real numbers.",
        "converted to Python scalars": "`pixels` is an array: use `np.round`, `np.clip` and `.astype(np.uint8)`.",
        "type numpy.ndarray doesn't define __round__": "`pixels` is an array: use `np.round`.",
        "is ambiguous": "`pixels` is an array: `np.clip` compares all of its numbers at once.",
    },
)

REFUSED_BY_BROWSER = Exercise(
    name="10.refused_by_browser",
    prompt="""\
**Exercise 3 · Would it run there?** Write `refused_by_browser(content)`: `content` holds the bytes of a `.tflite`
file. It returns `"free size"` if a size of an input is free, else `"dtype"` if an input or an output is neither
float32 nor uint8, else `"operator"` if an operator is not a builtin one, and `None` for a file that a browser runs.""",
    stub="""\
def refused_by_browser(content):
    ...""",
    hints=(
        "`anatomy(content)` tells all three, and runs nothing: shapes and dtypes of the ends, kinds of the operators.",
        "A graph's `inputs` and `outputs` are places in its `tensors`. A free size is -1 in a tensor's `shape`. An "
        'operator\'s `kind` is "builtin", "flex" or "custom".',
        "Sizes and dtypes are those of `anatomy(content).subgraphs[0]`, operators those of all `subgraphs`: the body "
        "of a loop is one.",
    ),
    solution="""\
from labutils.tflite.anatomy import anatomy


def refused_by_browser(content):
    graphs = anatomy(content).subgraphs
    main = graphs[0]
    inputs = [main.tensors[place] for place in main.inputs]
    outputs = [main.tensors[place] for place in main.outputs]
    if any(-1 in tensor.shape for tensor in inputs):
        return "free size"
    if any(tensor.dtype not in ("float32", "uint8") for tensor in inputs + outputs):
        return "dtype"
    if any(operator.kind != "builtin" for graph in graphs for operator in graph.operators):
        return "operator"
    return None""",
    explanation="""\
Only the ends meet the browser: inside, a file computes in int8, float16 or what it likes. The order is that of the
work: a size is fixed where the model is traced, a dtype by two settings of the converter, an operator only by another
way to compute it, as in lab 05.""",
    check=refusing.check,
    symptoms={
        "model_path": _BYTES,
        "incompatible function arguments": _BYTES,
        "Could not open": _BYTES,
        "Select TensorFlow op": _RUNS_NOTHING,
        "custom op": _RUNS_NOTHING,
        "'bytes' object has no attribute": "The bytes know nothing: hand them to `anatomy`.",
        "a bytes-like object is required": "The bytes hold builtin operators as numbers, not as names: ask "
        "`anatomy(content).operators`.",
        "'int' object has no attribute": "A graph's `inputs` are places: `graph.tensors[place]` is the tensor.",
        "'Operator' object has no attribute": "An operator has a `name` and a `kind`.",
    },
)

DEPLOY = Exercise(
    name="10.deploy",
    prompt="""\
**Exercise 4 · Deploy.** The course in one function. Write `deploy(model, samples, most_bytes)`: `model` is a trained
Keras classifier of square pictures, with a free batch; `samples` is a float32 array of prepared pictures to calibrate
with, in which black is the smallest number and white the largest. A browser has room for `most_bytes` bytes. Return a
pair, the bytes of a `.tflite` file that a browser runs, and its card from `make_card`, with the classes' numbers as
labels. The file is float if that fits, else full integer with uint8 at both ends; return None where neither fits.""",
    stub="""\
def deploy(model, samples, most_bytes):
    ...""",
    hints=(
        "Trace the model for a batch of 1, convert to float, weigh it; only if it is too large, convert once more.",
        "The second file needs five settings: `optimizations`, `representative_dataset`, `target_spec.supported_ops`, "
        "`inference_input_type`, `inference_output_type`, the last two tf.uint8.",
        "`make_card(content, labels, low=samples.min(), high=samples.max())`, where `labels` are "
        "`[str(n) for n in range(model.output_shape[1])]`.",
    ),
    solution="""\
import tensorflow as tf

from labutils.device.card import make_card


def deploy(model, samples, most_bytes):
    one = tf.TensorSpec([1, *model.input_shape[1:]], tf.float32)
    traced = tf.function(lambda x: model(x)).get_concrete_function(one)
    labels = [str(number) for number in range(model.output_shape[1])]
    for border in (tf.float32, tf.uint8):
        converter = tf.lite.TFLiteConverter.from_concrete_functions([traced])
        if border == tf.uint8:
            converter.optimizations = [tf.lite.Optimize.DEFAULT]
            converter.representative_dataset = lambda: ([x[None]] for x in samples)
            converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
        converter.inference_input_type = border
        converter.inference_output_type = border
        content = converter.convert()
        if len(content) <= most_bytes:
            return content, make_card(content, labels, low=samples.min(), high=samples.max())
    return None""",
    explanation="""\
The card is made from the file that is handed over, after it was chosen: shapes, dtypes and scales of another one
would mislead the app. `make_card` looks the file over by the way, and refuses a free batch. What it cannot know is
`low` and `high`: here the samples tell them, else whoever prepared the training data.""",
    check=deploying.check,
    symptoms={
        "leaves its batch free": "Trace the model for `tf.TensorSpec([1, ...])`, and convert the concrete function.",
        "lacks its weights": "Give `from_concrete_functions` the list alone: with a Keras model behind it the weights "
        "are left out.",
        "READ_VARIABLE": "Give `from_concrete_functions` the list alone: with a Keras model behind it the weights are "
        "left out.",
        "labels were given": "The numbers of the classes are `range(model.output_shape[1])`.",
        "required positional argument: 'labels'": "`make_card` wants the labels: `range(model.output_shape[1])`.",
        "representative_dataset": "Integers need ranges: set `converter.representative_dataset` to a function that "
        "yields the samples, each in a list.",
        "truth value of an array": _YIELDS,
        "not callable": _YIELDS,
        "Dimension mismatch": _BATCH,
        "failed to prepare": _BATCH,
        "dims->size": _BATCH,
        "Cannot set tensor": "Each sample needs its batch and is float32: `[x[None]]`.",
        "must be tf.float32": "uint8 at the border wants `optimizations` and a `representative_dataset`.",
        "Dimension value must be integer": _STAR,
        "Failed to convert": _STAR,
        "Exception encountered when calling": _SHAPE,
        "object of type 'TFLite": "The converter has no length: convert first, and take `len` of the bytes.",
    },
)

EXERCISES = (ONE_AT_A_TIME, TO_STORED, REFUSED_BY_BROWSER, DEPLOY)
