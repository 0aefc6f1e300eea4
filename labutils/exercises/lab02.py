"""The exercises of lab 02: count what convolutions cost, fix a batch, put statistics right, rank classes."""

from labutils.exercises.exercise import Exercise
from labutils.exercises.judges import architecture, conversion, normalization, ranking

SEPARABLE_PARAMETERS = Exercise(
    name="02.separable_parameters",
    prompt="""\
**Exercise 1 · What separating saves.** A standard convolution with a square kernel has
`kernel * kernel * inputs * outputs` weights. Write `separable_parameters(kernel, inputs, outputs)`: the number of
weights of a depthwise separable convolution that takes its place, without biases. `kernel` is its width in pixels,
`inputs` and `outputs` are numbers of channels.""",
    stub="""\
def separable_parameters(kernel, inputs, outputs):
    ...""",
    hints=(
        "A separable convolution is two layers, one after the other: count each, and add.",
        "The depthwise layer has one kernel for each input channel, of `kernel * kernel` weights.",
        "The pointwise layer is a standard convolution with a kernel of 1 by 1: `inputs * outputs` weights.",
    ),
    solution="""\
def separable_parameters(kernel, inputs, outputs):
    depthwise = kernel * kernel * inputs
    pointwise = inputs * outputs
    return depthwise + pointwise""",
    explanation="""\
The depthwise layer looks around in each channel, the pointwise one mixes the channels. As a share of the standard
convolution that is `1 / outputs + 1 / kernel**2`: with a kernel of 3 and many outputs, hardly more than a ninth.""",
    check=architecture.separable_parameters,
)

FIXED_BATCH = Exercise(
    name="02.fixed_batch",
    prompt="""\
**Exercise 2 · One picture at a time.** Some accelerators want every size known beforehand, and a phone asks about one
picture at a time. Write `fixed_batch(model)`: it takes a Keras model with one input and a free batch, any such model,
and returns the bytes of a `.tflite` file whose input has a batch of exactly 1, and which answers as the model does.""",
    stub="""\
def fixed_batch(model):
    ...""",
    hints=(
        "The batch is fixed before the conversion, not after it: by tracing the model for one size.",
        "`tf.function(lambda x: model(x)).get_concrete_function(tf.TensorSpec([1, ...]))` traces it. The sizes behind "
        "the batch are `model.input_shape[1:]`.",
        "`tf.TensorSpec([1, *model.input_shape[1:]], tf.float32)`; then `from_concrete_functions([concrete])`, with "
        "nothing behind the list, and `convert()`.",
    ),
    solution="""\
import tensorflow as tf


def fixed_batch(model):
    shape = [1, *model.input_shape[1:]]
    function = tf.function(lambda x: model(x))
    concrete = function.get_concrete_function(tf.TensorSpec(shape, tf.float32))
    return tf.lite.TFLiteConverter.from_concrete_functions([concrete]).convert()""",
    explanation="""\
A concrete function is traced for one kind of input, so the size is part of the graph, and of the file. The model as a
second argument of `from_concrete_functions`, which the converter itself advises, gives a Keras 3 model without weights.
`resize_tensor_input` changes one interpreter, and no file.""",
    check=conversion.check_fixed_batch,
    symptoms={
        "Dimension value must be integer": "Unpack the sizes with a star: `[1, *model.input_shape[1:]]`.",
        "can only concatenate list": "Unpack the sizes with a star: `[1, *model.input_shape[1:]]`.",
        "'ConcreteFunction' object is not iterable": "`from_concrete_functions` takes a list: put it into brackets.",
        "takes in a list of ConcreteFunction": "What stands in the list has to come from `get_concrete_function`.",
        "has no attribute 'get_concrete_function'": "Only a `tf.function` can be traced: wrap the model in one.",
        "has no attribute 'convert'": "A Keras model cannot convert itself: the converter of `tf.lite` does it.",
    },
)

RECALIBRATE = Exercise(
    name="02.recalibrate",
    prompt="""\
**Exercise 3 · Put the statistics right.** A model has all its trained weights, but the moving means and variances of
its `BatchNormalization` layers are wrong, as after too short a fine-tuning. Write `recalibrate(model, images)`: it
gives every such layer the mean and the variance of what it sees when the model gets `images`, float32 of shape
(n, height, width, channels), all in one batch. It changes the model itself, and no other weight of it.""",
    stub="""\
def recalibrate(model, images):
    ...""",
    hints=(
        "You need not reckon the statistics: a call in training mode does, and moves the layer's own towards them.",
        "How far a call moves them, the layer's `momentum` says: it is the share of the old ones that stays.",
        "For every layer of `model.layers` that is a `keras.layers.BatchNormalization`, set `momentum` to 0; then call "
        "`model(images, training=True)` once.",
    ),
    solution="""\
import keras


def recalibrate(model, images):
    layers = [layer for layer in model.layers if isinstance(layer, keras.layers.BatchNormalization)]
    before = [layer.momentum for layer in layers]
    for layer in layers:
        layer.momentum = 0.0
    model(images, training=True)
    for layer, momentum in zip(layers, before):
        layer.momentum = momentum""",
    explanation="""\
In training mode a layer normalizes with the statistics of the batch, and moves its own by `1 - momentum` of the way:
with 0.99 that takes hundreds of steps, with 0 a single one. No gradient flows, so the weights stay as they are.""",
    check=normalization.check,
    symptoms={
        "You must call `compile()`": "`fit` would train the weights, which are right: call the model instead.",
        "object is not callable": "Call the model itself: `model(images, training=True)`.",
        "unexpected keyword argument 'training'": "`predict` has no training mode: `model(images, training=True)` has.",
        "shape of the target variable": "Each channel has one mean and one variance: not those of the images.",
    },
)

MULTIPLY_ADDS = Exercise(
    name="02.multiply_adds",
    prompt="""\
**Exercise 4 · What a convolution costs.** Write
`conv_multiply_adds(height, width, kernel, inputs, outputs, stride)`: the multiply-adds of a standard convolution with
`"same"` padding and no bias, whose kernel is a square, `kernel` pixels wide. The image that it gets is `height` by
`width` pixels large; `inputs` and `outputs` are numbers of channels. With a stride of 2, 15 pixels become 8.""",
    stub="""\
def conv_multiply_adds(height, width, kernel, inputs, outputs, stride):
    ...""",
    hints=(
        "Each number of the kernel is used once for every pixel that is put out. How many are there of each?",
        "The numbers are those of exercise 1: `kernel * kernel * inputs * outputs`. The stride leaves fewer pixels, in "
        "both directions.",
        "Each side of the output is the side of the input, divided by the stride and rounded up: `math.ceil`.",
    ),
    solution="""\
import math


def conv_multiply_adds(height, width, kernel, inputs, outputs, stride):
    pixels = math.ceil(height / stride) * math.ceil(width / stride)
    return pixels * kernel * kernel * inputs * outputs""",
    explanation="""\
A stride of 2 leaves a quarter of the pixels, so a quarter of the cost, and the same number of weights. That is why nets
shrink the image early: MobileNetV2's first layer has a stride of 2, and all that follow gain by it.""",
    check=architecture.multiply_adds,
)

TOP_CLASSES = Exercise(
    name="02.top_classes",
    prompt="""\
**Exercise 5 · The likeliest classes.** Write `top_classes(probabilities, k)`: it takes what a model answers, float32 of
shape (n, classes) with a row for each image, and returns the numbers of the `k` likeliest classes of each image, the
likeliest first: an array of whole numbers, of shape (n, k). No two probabilities of a row are the same.""",
    stub="""\
def top_classes(probabilities, k):
    ...""",
    hints=(
        "`np.argsort` gives the places of the numbers in sorted order. A place in the row is the class.",
        "It goes up from the smallest, along the last axis. Section 4 turned the order of one row round; here "
        "there are many rows.",
        "`np.argsort(...)[:, ::-1]` turns each row round, or sort `-probabilities`. `[:, :k]` keeps the first k.",
    ),
    solution="""\
import numpy as np


def top_classes(probabilities, k):
    return np.argsort(-probabilities)[:, :k]""",
    explanation="""\
What grows among the negative numbers falls among the probabilities, so the likeliest comes first; `argsort` goes along
the last axis, row by row, unless told otherwise. `np.argpartition` is quicker and finds the same k, but promises no
order: for a small k it can look sorted, by luck.""",
    check=ranking.top_classes,
    symptoms={
        "out of bounds": "Along the columns there are as many places as classes: is the axis 1?",
        "bad operand type for unary -": "Only an array has a minus: leave `probabilities` the array that it is.",
    },
)

EXERCISES = (SEPARABLE_PARAMETERS, FIXED_BATCH, RECALIBRATE, MULTIPLY_ADDS, TOP_CLASSES)
