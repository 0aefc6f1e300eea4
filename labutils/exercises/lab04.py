"""The exercises of lab 04: scale and zero point, channels, calibration, what is integer, a repair, and a size."""

from labutils.exercises.exercise import Exercise
from labutils.exercises.judges import calibration, integers, repair, scales, sizes

SCALE_AND_ZERO_POINT = Exercise(
    name="04.scale_and_zero_point",
    prompt="""\
**Exercise 1 · The grid of a range.** The numbers that flow through a model lie between `low` and `high`, two floats
with `low < high`. Write `scale_and_zero_point(low, high)` for int8, asymmetric: -128 stands for the lower end, 127 for
the upper one. The range is first widened to hold 0, so that 0.0 has a stored number of its own. It returns the pair
`(scale, zero_point)`: a float, and an `int` from -128 to 127.""",
    stub="""\
def scale_and_zero_point(low, high):
    ...""",
    hints=(
        "Widen first: `low = min(low, 0)` and `high = max(high, 0)`. Then count the steps from -128 to 127.",
        "There are 255 steps, so `scale = (high - low) / 255`. How many of them lie between `low` and 0?",
        "`-low / scale` steps lie below 0, and `low` is stored as -128: add the two, and `round`.",
    ),
    solution="""\
def scale_and_zero_point(low, high):
    low, high = min(low, 0.0), max(high, 0.0)
    scale = (high - low) / 255
    zero_point = round(-128 - low / scale)
    return scale, max(-128, min(127, zero_point))""",
    explanation="""\
Images are padded with zeros and ReLU makes many: a 0.0 between two stored numbers would be a little off each time.
Widening makes the scale coarser, and rounding the zero point moves the range by half a step at most.""",
    check=scales.scale_and_zero_point,
    symptoms={"ZeroDivisionError": "Widen the range before you divide: `min(low, 0)` and `max(high, 0)`."},
)

PER_CHANNEL = Exercise(
    name="04.per_channel",
    prompt="""\
**Exercise 2 · A scale for each channel.** Write `per_channel(weights)`: it takes a kernel as Keras has it, float32 of
shape (height, width, inputs, outputs), and quantizes it symmetrically, from -127 to 127, with one scale for each output
channel. It returns the pair `(stored, scales)`: int8 of the kernel's shape, and float32 of shape (outputs,). A channel
of zeros stays zeros, and its scale is a number above 0.""",
    stub="""\
def per_channel(weights):
    ...""",
    hints=(
        "The largest absolute value of each output channel: a maximum over all axes but the last.",
        "`np.abs(weights).max(axis=(0, 1, 2))` has the shape (outputs,), and so fits `weights / ...` as it is.",
        "`np.where(largest > 0, largest, 1)` before you divide by 127; then `np.round`, then `.astype(np.int8)`.",
    ),
    solution="""\
import numpy as np


def per_channel(weights):
    largest = np.abs(weights).max(axis=(0, 1, 2))
    scales = np.where(largest > 0, largest, 1) / 127
    stored = np.clip(np.round(weights / scales), -127, 127)
    return stored.astype(np.int8), scales.astype(np.float32)""",
    explanation="""\
Numpy lines up shapes from the last axis, and that is the one of the output channels. Each channel is added up by
itself, so a scale of its own costs the device nothing but a few bytes. A channel whose weights are a hundredth of
another's would get one stored number or two if they shared a scale.""",
    check=scales.per_channel,
    symptoms={"could not be broadcast": "The scales belong to the last axis: take the maximum over the other three."},
)

REPRESENTATIVE = Exercise(
    name="04.representative",
    prompt="""\
**Exercise 3 · Samples for calibration.** Write `representative(images)`: `images` has the shape (n, height, width,
channels), any float type, and is scaled as the model wants it. It returns what `converter.representative_dataset`
takes: a function without arguments. Each call of that function yields every image once, as a list that holds one
float32 array of shape (1, height, width, channels).""",
    stub="""\
def representative(images):
    ...""",
    hints=(
        "A function inside a function: the inner one has the loop and the `yield`, the outer one returns the inner.",
        "`return samples`, without brackets: with brackets it would be a generator, which can be used up only once.",
        "In the loop: `yield [image[np.newaxis].astype(np.float32)]`.",
    ),
    solution="""\
import numpy as np


def representative(images):
    def samples():
        for image in images:
            yield [image[np.newaxis].astype(np.float32)]

    return samples""",
    explanation="""\
The converter calls the function, and runs the float model on what it yields. A list, since a model may have several
inputs; a batch of one, since that is the size of one inference; float32, since the model is not quantized yet.""",
    check=calibration.check,
    symptoms={"is not an iterator": "A loop makes the samples: `for image in images:` and `yield`."},
)

ASSERT_FULLY_INTEGER = Exercise(
    name="04.assert_fully_integer",
    prompt="""\
**Exercise 4 · Integer all through?** Write `assert_fully_integer(content)`: `content` holds the bytes of a `.tflite`
file. It raises an `AssertionError` when anything in it is float, in the inputs, the outputs or any tensor between, and
returns nothing when all is integer, of whatever width. Ask the `Interpreter` of `ai_edge_litert` for its tensors, or
`anatomy` of `labutils.tflite.anatomy`.""",
    stub="""\
def assert_fully_integer(content):
    ...""",
    hints=(
        "`interpreter.get_input_details()` shows the ends of the model only: which call shows every tensor?",
        "`get_tensor_details()` tells the dtype of each tensor under `'dtype'`: a type such as `np.float32`.",
        "Biases are int32 or int64, so ask what a tensor is not: `np.issubdtype(entry['dtype'], np.floating)`.",
    ),
    solution="""\
import numpy as np
from ai_edge_litert.interpreter import Interpreter


def assert_fully_integer(content):
    for entry in Interpreter(model_content=content).get_tensor_details():
        name, dtype = entry["name"], entry["dtype"]
        assert not np.issubdtype(dtype, np.floating), f"{name} is {np.dtype(dtype)}\"""",
    explanation="""\
An operator that has no integer kernel stands between a DEQUANTIZE and a QUANTIZE, so its tensors are float while both
ends of the model are int8. Only a look at every tensor finds it. `labutils.tflite.integer` has a function of this name,
which names the operators as well.""",
    check=integers.check,
    symptoms={
        "Could not open": "The model comes as bytes, not as a path: `Interpreter(model_content=content)`.",
        "ValueError": "What it raises has to be an `AssertionError`: `assert ...`, or `raise AssertionError(...)`.",
        "TypeError": "A dtype of the interpreter is a type, such as `np.float32`: `np.dtype(...)` makes it comparable.",
        "Exception": "What it raises has to be an `AssertionError`: `assert ...`, or `raise AssertionError(...)`.",
        "RuntimeError": "What it raises has to be an `AssertionError`: `assert ...`, or `raise AssertionError(...)`.",
    },
)

REPAIR = Exercise(
    name="04.repair",
    prompt="""\
**Exercise 5 · Repair a model.** `model` is a small Keras model with its weights. Its layer `energy` is
`keras.layers.Activation(keras.ops.square)`, and SQUARE has no integer kernel. Write `repair(model, images)`: it returns
the bytes of a `.tflite` file that is integer all through, takes and returns int8, and answers nearly as the model does.
Calibrate it with `images`, float32 of shape (n, height, width, channels). You may change the model.""",
    stub="""\
def repair(model, images):
    ...""",
    hints=(
        "Which operator that has an integer kernel gives the square of a number as well?",
        "MUL has one. `model.get_layer('energy').activation` can be set to a function of yours, such as `x * x`.",
        "Then convert as in this lab: `optimizations`, `representative_dataset`, `target_spec.supported_ops`, "
        "`inference_input_type` and `inference_output_type`.",
    ),
    solution="""\
import numpy as np
import tensorflow as tf


def repair(model, images):
    model.get_layer("energy").activation = lambda x: x * x
    converter = tf.lite.TFLiteConverter.from_keras_model(model)
    converter.optimizations = [tf.lite.Optimize.DEFAULT]
    converter.representative_dataset = lambda: ([image[np.newaxis]] for image in images)
    converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
    converter.inference_input_type = tf.int8
    converter.inference_output_type = tf.int8
    return converter.convert()""",
    explanation="""\
The same function, said with another operator: no weight changes, nothing is trained again. That is the first thing to
try when an operator stays float. The second is a function that is nearly the same, and then the accuracy has to be
measured again, or the model trained again.""",
    check=repair.check,
    symptoms={
        "Quantization not yet supported for op": "The old quantizer refuses it: leave that setting out, and give the "
        "layer `energy` another activation.",
        "must be specified": "Full integer needs ranges: set `converter.representative_dataset`.",
        "must be tf.float32": "The converter was not told to quantize: set `converter.optimizations`.",
        "object is not callable": "`representative_dataset` is a function, or a lambda, that gives the samples.",
        "You need to provide either a dictionary": "The dataset yields a list, with one array for each "
        "input: `[image[np.newaxis]]`.",
        "Error when deserializing": "A clone is built from the layers' settings, and this function is none: set the "
        "attribute `activation` of the layer instead.",
        "failed to prepare": "The dataset yields images in a batch of one: `[image[np.newaxis]]`.",
        "Got value of type": "The dataset yields float32, as `images` are: calibration runs the float model.",
    },
)

INTEGER_BYTES = Exercise(
    name="04.integer_bytes",
    prompt="""\
**Exercise 6 · Predict an integer file.** Write `integer_bytes(shapes)`: `shapes` is a list of kernels of ordinary
convolutions, each (height, width, inputs, outputs) as Keras has it, and each layer adds a bias of `outputs` numbers. It
returns how many bytes these layers take in a full integer file. Kernels are int8 and biases int32, both quantized per
channel: a bias has as many scales and zero points as its kernel. What one of those takes stands under *Why not a
quarter?* Count these numbers only, no names and no lengths.""",
    stub="""\
def integer_bytes(shapes):
    ...""",
    hints=(
        "A kernel has `height * width * inputs * outputs` weights of one byte. All else goes by the outputs.",
        "A number of a bias takes 4 bytes, a scale 4, a zero point 8; the last two exist for the kernel and the bias.",
        "So for every output channel there are `4 + 2 * (4 + 8)` bytes besides the weights. Add up all layers.",
    ),
    solution="""\
def integer_bytes(shapes):
    total = 0
    for height, width, inputs, outputs in shapes:
        weights = height * width * inputs * outputs
        scales = 2 * outputs * (4 + 8)
        total += weights + 4 * outputs + scales
    return total""",
    explanation="""\
A channel of n weights takes 4n + 4 bytes in a float file and n + 28 here: a quarter only where n is large. With 1,000
weights it is .257; a depthwise channel of 3 by 3 has 9, and shrinks from 40 bytes to 37. For the three convolutions of
the small network it is 16,208, and the tensors of its file, `models.asset("digits_cnn_int8.tflite")`, add up to just
that. Under `quantization` the anatomy counts a little more: scales for what flows between the layers, and lengths.""",
    check=sizes.integer_bytes,
    symptoms={
        "values to unpack": "Each shape has four numbers: `for height, width, inputs, outputs in shapes`.",
        "non-int of type 'tuple'": "`shapes` is a list of shapes: a loop goes through it.",
        "'tuple' and 'int'": "`shapes` is a list of shapes: a loop goes through it.",
        "'int' and 'tuple'": "`shapes` is a list of shapes: a loop goes through it.",
        "has no attribute 'shape'": "The shapes come as plain tuples, without the kernels: unpack their four numbers.",
    },
)

EXERCISES = (SCALE_AND_ZERO_POINT, PER_CHANNEL, REPRESENTATIVE, ASSERT_FULLY_INTEGER, REPAIR, INTEGER_BYTES)
