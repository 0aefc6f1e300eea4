"""The exercises of lab 06: run a model by hand, quantize, dequantize, find a file's accuracy and its time."""

from labutils.exercises.exercise import Exercise
from labutils.exercises.judges import inference, measures, quantization, timing

_CALLS = {
    "Tensor is unallocated": "`allocate_tensors()` is missing: call it after loading, and again after every resize.",
    "not ready": "`allocate_tensors()` is missing: call it after loading, and again after every resize.",
    "Tensor data is null": "The output is empty until `invoke()` has run, whatever the message says about allocating.",
    "Got value of type": "The numbers have another type than the input tensor: `.astype(np.float32)` makes them fit.",
    "Could not open": "The model comes as bytes, not as a path: `Interpreter(model_content=model)`.",
    "incompatible function arguments": "A tensor is meant by its index: `interpreter.get_input_details()[0]['index']`.",
}

ANSWER = Exercise(
    name="06.answer",
    prompt="""\
**Exercise 1 · Ask by hand.** Write `answer(model, x)`: `model` holds the bytes of a `.tflite` file, `x` one image of
shape (1, 8, 8, 1), in any float type. It returns the ten probabilities, an array of shape (10,) that stays as it is
whatever the interpreter does next. Use the `Interpreter` of `ai_edge_litert`, and the five calls.""",
    stub="""\
def answer(model, x):
    ...""",
    hints=(
        "Five calls: load, allocate, set, invoke, get. Each waits for the one before.",
        "`Interpreter(model_content=model)` loads bytes. The model wants float32: `x.astype(np.float32)`.",
        "`get_tensor(index)` returns a copy of shape (1, 10); its only row is `[0]`.",
    ),
    solution="""\
import numpy as np
from ai_edge_litert.interpreter import Interpreter


def answer(model, x):
    interpreter = Interpreter(model_content=model)
    interpreter.allocate_tensors()
    interpreter.set_tensor(interpreter.get_input_details()[0]["index"], x.astype(np.float32))
    interpreter.invoke()
    return interpreter.get_tensor(interpreter.get_output_details()[0]["index"])[0]""",
    explanation="""\
The interpreter casts nothing: the type must be the tensor's own. `get_tensor` copies, so the answer is yours;
`interpreter.tensor(index)()` saves the copy and hands out the interpreter's own memory.""",
    check=inference.check_answer,
    symptoms=_CALLS,
)

QUANTIZE = Exercise(
    name="06.quantize",
    prompt="""\
**Exercise 2 · Quantize.** Write `quantize(real, scale, zero_point)`: it takes a float32 array of any shape and returns
the int8 array that a quantized model stores: divided by the scale, the zero point added, rounded to the nearest whole
number, and clipped to what int8 can hold.""",
    stub="""\
def quantize(real, scale, zero_point):
    ...""",
    hints=(
        "Do it in the order of the sentence, and change the type last.",
        "`.astype(np.int8)` neither rounds nor clips: it cuts the fraction off, and what does not fit wraps round.",
        "`np.round(...)`, then `np.clip(..., -128, 127)`, then `.astype(np.int8)`.",
    ),
    solution="""\
import numpy as np


def quantize(real, scale, zero_point):
    return np.clip(np.round(real / scale + zero_point), -128, 127).astype(np.int8)""",
    explanation="""\
Without rounding every number moves towards zero, half a step on average. Without clipping a value just above
the range becomes one at its lower end: the brightest pixel turns black.""",
    check=quantization.quantize,
    symptoms={"out of bounds": "Convert real numbers to int8 only after the clipping."},
)

DEQUANTIZE = Exercise(
    name="06.dequantize",
    prompt="""\
**Exercise 3 · Dequantize.** Write `dequantize(stored, scale, zero_point)`, the way back: it takes an int8 array of any
shape and returns the real numbers that it stands for, as float32 of the same shape.""",
    stub="""\
def dequantize(stored, scale, zero_point):
    ...""",
    hints=(
        "Undo the steps of `quantize` in the opposite order; nothing has to be rounded or clipped.",
        "What is `np.array([-128], np.int8) - 5`? Try it.",
        "`stored.astype(np.float32)` first, then subtract, then multiply; the result has to be float32.",
    ),
    solution="""\
import numpy as np


def dequantize(stored, scale, zero_point):
    return ((stored.astype(np.float32) - zero_point) * scale).astype(np.float32)""",
    explanation="""\
`real = scale * (stored - zero_point)`. The difference reaches from -255 to 255 and does not fit int8, in which numpy
would calculate: it wraps round without a word. So the stored numbers become float32 first.""",
    check=quantization.dequantize,
)

ACCURACY = Exercise(
    name="06.accuracy",
    prompt="""\
**Exercise 4 · Accuracy.** Write `accuracy(model, images, labels)`: `model` holds the bytes of a `.tflite` file, whose
batch can be resized; `images` is float32 of shape (n, 8, 8, 1), `labels` has shape (n,). It returns the share of images
whose likeliest class is the label, a number from 0 to 1. One image at a time, or all in one batch: both are right.""",
    stub="""\
def accuracy(model, images, labels):
    ...""",
    hints=(
        "Load the model once. In one batch: resize, allocate, set, invoke, get.",
        "`interpreter.resize_tensor_input(index, images.shape)`, and `allocate_tensors()` after it, not before.",
        "The output has the shape (n, 10): `argmax(axis=1)` gives n classes; take the mean of `classes == labels`.",
    ),
    solution="""\
from ai_edge_litert.interpreter import Interpreter


def accuracy(model, images, labels):
    interpreter = Interpreter(model_content=model)
    index = interpreter.get_input_details()[0]["index"]
    interpreter.resize_tensor_input(index, images.shape)
    interpreter.allocate_tensors()
    interpreter.set_tensor(index, images)
    interpreter.invoke()
    probabilities = interpreter.get_tensor(interpreter.get_output_details()[0]["index"])
    return float((probabilities.argmax(axis=1) == labels).mean())""",
    explanation="""\
One resize and one invoke for the whole set: every call has a fixed cost, which the batch pays only once. One image at a
time gives the same number, takes longer, and needs less memory: a phone does it like that.""",
    check=measures.accuracy,
    symptoms={
        **_CALLS,
        "Dimension mismatch": "The tensor still has room for one image: `resize_tensor_input`, then allocate again.",
        "could not be broadcast": "Answers and labels differ in number: take `argmax` along axis 1.",
    },
)

MEDIAN_LATENCY = Exercise(
    name="06.median_latency",
    prompt="""\
**Exercise 5 · The median.** Write `median_latency(run, clock, warmup, runs)`: `run` is a function without arguments,
such as `interpreter.invoke`, `clock` one that returns the time in seconds, such as `time.perf_counter`. It calls
`run()` `warmup` times, which do not count, and then `runs` times, each with a reading of `clock()` right before and
another right after it. It returns the median of these times, in milliseconds.""",
    stub="""\
def median_latency(run, clock, warmup, runs):
    ...""",
    hints=(
        "Two loops, one after the other: the first only calls `run()`, the second also notes down a time in a list.",
        "In the second: `start = clock()`, then `run()`, then append `clock() - start` to the list.",
        "`statistics.median(times)` or `np.median(times)`; a second has 1000 milliseconds.",
    ),
    solution="""\
import statistics


def median_latency(run, clock, warmup, runs):
    for _ in range(warmup):
        run()
    times = []
    for _ in range(runs):
        start = clock()
        run()
        times.append(clock() - start)
    return 1000 * statistics.median(times)""",
    explanation="""\
The first runs fetch memory and fill caches, so they are slow, and they happen once. Later the operating system takes a
run's processor away now and then: one such run moves the mean as far as it likes, and the median hardly at all.
As the clock is an argument, the check could hand over one that goes as it wants.""",
    check=timing.median_latency,
    symptoms={
        "Endless": "`warmup` and `runs` say how often: no loop has to wait for the clock.",
        "for -:": "The clock is read with brackets, `clock()`: without them it is the function itself.",
        "no median for empty data": "The list is empty: append a time to it after each run that counts.",
        "object is not callable": "Is a name such as `run` or `clock` given to something else on the way?",
        "cannot be interpreted as an integer": "`warmup` and `runs` are numbers of calls: `range(runs)`.",
        "'int' object is not iterable": "`warmup` and `runs` are numbers of calls: `range(runs)`.",
    },
)

EXERCISES = (ANSWER, QUANTIZE, DEQUANTIZE, ACCURACY, MEDIAN_LATENCY)
