# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
#   lab:
#     title: Quantization
#     minutes: 90
#     quick:
#       test_images: 120
#       runs: 10
#       epochs: 4
#     variants:
#       seed: 1..9999
#       test_images: 200..360
# ---

# %% [markdown]
# # 04 · Quantization
#
# ![](../img/20-quantization.png)
#
# A weight is a float32: 4 bytes. Stored as an 8-bit integer it needs one. A processor multiplies small integers with
# less energy than floats, and some accelerators can do nothing else. The price is precision. In this lab you quantize
# by hand, then by the converter in six modes, and measure what each saves and costs. Several of the ways that look
# right give a file that is not quantized, or not quite; you learn to catch each.
#
# **You will be able to**
#
# - quantize numbers by hand: scale, zero point, rounding, clipping, per tensor and per channel;
# - convert one model in six modes, and read in the file which numbers became integers;
# - calibrate, and tell data that wreck a model from data that hardly matter;
# - catch the conversions that are silently not what you asked for;
# - choose a mode for a device, and defend the choice with bytes, accuracy and error that you measured.
#
# *90 minutes · less than a minute of computing · 1.2 GB of memory · no network · no GPU*

# %% tags=["parameters"]
calibration_samples: int = 100  # training images that the converter sees [1..1000]
test_images: int = 360  # test images that every file is judged on [60..360]
runs: int = 50  # timed runs of each rival [5..2000]
epochs: int = 15  # passes over the training images for the small CNN [1..100]
qat: bool = False  # quantization-aware training; needs `labs flex install --qat`
seed: int = 4  # seed of every random choice [0..10000]

# %% tags=["given"]
from labutils.course.session import check_parameters, record

check_parameters("04", globals())

# %% tags=["setup"]
import ipywidgets
import numpy as np
import pandas as pd

from labutils import data, models
from labutils.exercises import check, hint, quiz, solution
from labutils.paths import workdir
from labutils.show import charts, quantization, widgets
from labutils.tflite.anatomy import anatomy
from labutils.tflite.latency import latency
from labutils.tflite.quiet import quiet
from labutils.tflite.runtime import open_model

with quiet():
    import keras
    import tensorflow as tf

keras.utils.set_random_seed(seed)
work = workdir("04_quantization")

# %% [markdown]
# ## 1 · What quantizing does to numbers
#
# Begin with real weights: those of the trained MobileNetV2 that ships with the course. A `.tflite` file holds them as
# they are used on the device.

# %% tags=["kernels"]
trained = models.asset("mobilenet_v2_digits.tflite")
steps = anatomy(trained).subgraphs[0].operators
opened = open_model(trained).interpreter
kernels = [
    opened.get_tensor(step.inputs[1])  # inputs of a convolution: image, kernel, bias
    for step in steps
    if step.name in ("CONV_2D", "DEPTHWISE_CONV_2D")
]
kernel = kernels[-1]
print(f"{len(kernels)} kernels; the last has the shape {kernel.shape}")
print(f"{kernel.size:,} weights from {kernel.min():.3f} to {kernel.max():.3f}")

# %% [markdown]
# Eight bits count from -128 to 127. To store a real number, divide it by a **scale**, round, and **clip** to what fits.
# To read it back, multiply. The distance between two neighbours of the grid is the scale.
#
# Weights lie on both sides of 0, so LiteRT quantizes them **symmetrically**: from -127 to 127, and 0 is stored as 0.

# %% tags=["by-hand"]
def quantize(real, scale, zero_point=0, low=-128, high=127):
    return np.clip(np.round(real / scale + zero_point), low, high)


def dequantize(stored, scale, zero_point=0):
    return scale * (stored - zero_point)

# %% [markdown]
# **Predict.** How far off can a weight be afterwards, at worst? And how far off on average?

# %% tags=["symmetric", "nbval-check-output"]
scale = np.abs(kernel).max() / 127
stored = quantize(kernel, scale)
error = np.abs(dequantize(stored, scale) - kernel)
print(f"scale {scale:.5f}, half of it {scale / 2:.5f}")
print(f"largest error {error.max():.5f}, mean error {error.mean():.5f}")

# %% [markdown]
# At worst half the scale, on average a quarter: rounding goes to the nearer neighbour. Five of the weights:

# %% tags=["five-weights", "nbval-check-output"]
few = kernel.ravel()[:5]
kept = quantize(few, scale)
pd.DataFrame({
    "weight": few.round(5),
    "stored": kept.astype(int),
    "read back": dequantize(kept, scale).round(5),
    "error": (dequantize(kept, scale) - few).round(5),
})

# %% [markdown]
# ### A zero point
#
# What flows between the layers, the **activations**, often lies on one side: behind a ReLU6 there is nothing below 0 or
# above 6. A symmetric grid would waste half of its numbers. An **asymmetric** one has a **zero point**: the stored
# number that means 0.0.

# %% tags=["zero-point", "nbval-check-output"]
activations = np.array([0.0, 0.01, 0.8, 3.14, 5.99, 6.0])

for name, unit, zero in (("symmetric", 6 / 127, 0), ("asymmetric", 6 / 255, -128)):
    kept = quantize(activations, unit, zero)
    worst = np.abs(dequantize(kept, unit, zero) - activations).max()
    print(f"{name:10} scale {unit:.4f}: {kept.astype(int)}, largest error {worst:.4f}")

# %% [markdown]
# The grid is twice as fine. And 0.0 is still stored without any error, as -128. That is a rule of the format: images are
# padded with zeros and ReLU makes many, and none of them should drift.
#
# ### Rounding, and what is out of range
#
# A cast to int8, as many tutorials write it, cuts off what stands behind the point, and it lets numbers that do not fit
# wrap round to the other end.

# %% tags=["rounding", "nbval-check-output"]
for name, whole_number in (("rounded", np.round), ("cut off", np.floor)):
    moved = (dequantize(whole_number(kernel / scale), scale) - kernel).mean() / scale
    print(f"{name}: moved by {abs(moved):.3f} of a step on average")

too_large = np.array([130.0, -200.0])
print("clipped:", np.clip(too_large, -128, 127).astype(int))
print("wrapped:", too_large.astype(np.int64).astype(np.int8))

# %% [markdown]
# Errors of rounding cancel out over many weights; those of cutting off all point one way, and add up.
#
# ### One scale for all, or one for each channel
#
# A convolution has one kernel for each output channel. If one channel has large weights and another has small ones, a
# single scale (**per tensor**) is coarse for the small ones. LiteRT gives the kernel of a convolution one scale for
# each channel (**per channel**).

# %% tags=["channels"]
def by_channel(kernel):
    """(channels, weights of each): the channel comes first, but last in a depthwise kernel."""
    ordered = kernel if kernel.shape[0] > 1 else np.moveaxis(kernel, -1, 0)
    return ordered.reshape(len(ordered), -1)


depthwise = by_channel(next(each for each in kernels if each.shape[0] == 1))
quantization.channel_ranges({
    "the first depthwise kernel": depthwise,
    "the last 1 × 1 kernel": by_channel(kernel),
})

# %% [markdown]
# Each bar is one channel; the dashed line is what a single scale has to reach. **Predict.** How many times larger is the
# mean error of the depthwise kernel with a single scale?

# %% tags=["per-channel", "nbval-check-output"]
for name, weights in {"depthwise": depthwise, "1 × 1": by_channel(kernel)}.items():
    one = np.abs(weights).max() / 127
    each = np.abs(weights).max(axis=1, keepdims=True) / 127
    error_one, error_each = (
        np.abs(dequantize(quantize(weights, s), s) - weights).mean() for s in (one, each)
    )
    ratio = f"{error_one / error_each:.1f} ×"
    print(f"{name:10} per tensor {error_one:.5f}, per channel {error_each:.5f}: {ratio}")

# %% [markdown]
# ### Try it
#
# Fewer bits make the grid coarser. A smaller range makes it finer, and clips what lies outside. With 8 bits that hardly
# matters. Which range is best with 3?

# %% tags=["widget-grid"]
def draw_grid(bits, share, asymmetric):
    """The kernel's weights on a grid of so many bits, over this share of their range."""
    half = 2 ** (bits - 1)
    reach = share / 100 * np.abs(kernel).max()
    low, high = (-half, half - 1) if asymmetric else (1 - half, half - 1)
    unit = (share / 100 * np.ptp(kernel) if asymmetric else 2 * reach) / (high - low)
    zero = round(low - share / 100 * kernel.min() / unit) if asymmetric else 0
    restored = dequantize(quantize(kernel, unit, zero, low, high), unit, zero)
    rms = np.sqrt(np.mean((restored - kernel) ** 2))
    levels = dequantize(np.arange(low, high + 1), unit, zero) if bits < 7 else []
    title = f"{bits} bits, scale {unit:.4f}, zero point {zero}: rms error {rms:.5f}"
    return quantization.grid(kernel, restored, levels, title)


controls = {
    "bits": ipywidgets.IntSlider(4, min=2, max=8),
    "share": ipywidgets.IntSlider(100, min=10, max=100, step=5, description="range, %"),
    "asymmetric": ipywidgets.Checkbox(False),
}
widgets.redraw(controls, draw_grid)

# %% [markdown]
# The same without moving anything: which share of the range gives the smallest error?

# %% tags=["best-range", "nbval-check-output"]
def root_mean_square(bits, share):
    high = 2 ** (bits - 1) - 1
    unit = share / 100 * np.abs(kernel).max() / high
    restored = dequantize(quantize(kernel, unit, 0, -high, high), unit)
    return np.sqrt(np.mean((restored - kernel) ** 2))


for bits in (8, 6, 4, 3):
    best = min(range(10, 101, 5), key=lambda share: root_mean_square(bits, share))
    print(f"{bits} bits: {best} % of the range")

# %% [markdown]
# Few bits are better spent where the weights are, even if some are clipped. What to clip is the art of every quantizer;
# for activations it is decided by **calibration**, in sections 5 and 9.
#
# All of it in one picture, for this kernel:
#
# ![](../img/7-quantization.png)
#
# ## 2 · The subject, and the yardstick
#
# The network is the trained MobileNetV2, without its last softmax: it answers with ten **logits**. A softmax hides
# errors (.9999 stays .9999), and we want to see them.

# %% tags=["subject"]
with quiet():
    whole = models.mobilenet_v2_digits()
    head = keras.layers.Dense(10, name="logits")
    logits = head(whole.layers[-2].output)
    head.set_weights(whole.layers[-1].get_weights())
    network = keras.Model(whole.inputs, logits, name="mobilenet_v2_logits")

train_images, train_labels = data.digits("train")
calibration = data.for_mobilenet(train_images[:calibration_samples])

images, labels = (each[:test_images] for each in data.digits("test"))
inputs = data.for_mobilenet(images)
with quiet():
    expected = network.predict(inputs, batch_size=16, verbose=0)
print(f"logits from {expected.min():.1f} to {expected.max():.1f}")

# %% [markdown]
# The network is traced once, for one image at a time, and every conversion starts from that **concrete function**
# (lab 02). Each mode below gets a new converter, so that no setting is left over from the mode before. What you set on
# a converter is the same for `from_saved_model` and `from_keras_model`.

# %% tags=["traced"]
one_image = tf.TensorSpec([1, 64, 64, 3], tf.float32, name="image")
with quiet():
    traced = tf.function(lambda image: network(image)).get_concrete_function(one_image)


def new_converter(function=traced):
    with quiet():  # it advises a second argument, which gives wrong models: lab 01
        return tf.lite.TFLiteConverter.from_concrete_functions([function])

# %% [markdown]
# How good is a file? Bytes; right answers, with the interval in which the true accuracy lies but for one time in 20;
# and how far the logits are from those of Keras. Every file of this lab passes through this cell:

# %% tags=["yardstick"]
from scipy.stats import binomtest


def judge(content):
    answers = open_model(content).predict(inputs)
    right = int((answers.argmax(axis=1) == labels).sum())
    low, high = binomtest(right, len(labels)).proportion_ci(method="wilson")
    return {
        "bytes": len(content),
        "accuracy": right / len(labels),
        "interval": (low, high),
        "as Keras": np.mean(answers.argmax(axis=1) == expected.argmax(axis=1)),
        "mean error": np.abs(answers - expected).mean(),
        "max error": np.abs(answers - expected).max(),
    }

# %% tags=["keep"]
files, figures = {}, {}


def keep(name, content):
    """Judge a file, remember it, and say the essential."""
    assert not anatomy(content).has_unfrozen_variables
    files[name], figures[name] = content, judge(content)
    found = figures[name]
    print(f"{len(content):,} bytes, {len(content) / len(files['float']):.3f} of the float file")
    low, high = found["interval"]
    print(f"{found['accuracy']:.1%} right ({low:.1%} to {high:.1%})", end=", ")
    print(f"as Keras {found['as Keras']:.1%}, logits off by {found['mean error']:.2g} on average")

# %% [markdown]
# And which of its numbers are integers? For every operator: the dtypes of what comes in, of the weights, of what goes
# out.

# %% tags=["dtypes-of"]
def dtypes(content):
    """How many operators there are of each kind and of each combination of dtypes."""
    graph, rows = anatomy(content).subgraphs[0], []
    for step in graph.operators:
        ends = [graph.tensors[index] for index in (*step.inputs[:2], step.outputs[0])]
        weights = ends[1].dtype if len(step.inputs) == 3 else ""
        rows.append((step.name, ends[0].dtype, weights, ends[-1].dtype))
    columns = ["operator", "in", "weights", "out"]
    counted = pd.DataFrame(rows, columns=columns).value_counts(sort=False)
    return counted.rename("how many").reset_index()

# %% [markdown]
# What is there to set? Every mode is a combination of these, and you meet them one at a time:
#
# ![](../img/11-conversion.png)
#
# ### No quantization
#
# The measure of all that follows: a float file.

# %% tags=["float"]
converter = new_converter()
with quiet():
    content = converter.convert()
keep("float", content)
dtypes(content)

# %% [markdown]
# ## 3 · Weights only: dynamic range
#
# One line more. It needs no data. The file keeps the weights as int8; the interpreter quantizes what comes into a layer
# while it runs, by the range that it happens to find (therefore *dynamic*), and gives floats out.

# %% tags=["dynamic-range"]
converter = new_converter()
converter.optimizations = [tf.lite.Optimize.DEFAULT]
with quiet():
    content = converter.convert()
keep("dynamic range", content)
dtypes(content)

# %% [markdown]
# About a third of the bytes for one line, and hardly any error. But look at the table: some layers still have float
# weights. The converter leaves tensors of fewer than 1,024 numbers alone, since they save little.

# %% tags=["small-tensors", "nbval-check-output"]
graph = anatomy(files["dynamic range"]).subgraphs[0]
sizes = {"int8": [], "float32": []}
for step in graph.operators:
    if len(step.inputs) == 3 and step.name != "MEAN":
        weights = graph.tensors[step.inputs[1]]
        sizes[weights.dtype].append(int(np.prod(weights.shape)))
small, large = sizes["float32"], sizes["int8"]
print(f"int8:    {len(large)} kernels, the smallest with {min(large):,} weights")
print(f"float32: {len(small)} kernels, the largest with {max(small):,} weights")

# %% [markdown]
# The neuron of lab 01 has two weights: quantized, it stays as it is.
#
# ### Two flags that do nothing
#
# The course material, and many tutorials, let you choose between *size* and *latency*. **Predict.** How different are
# the three files?

# %% tags=["flags", "nbval-check-output"]
for flag in ("OPTIMIZE_FOR_SIZE", "OPTIMIZE_FOR_LATENCY"):
    converter = new_converter()
    converter.optimizations = [getattr(tf.lite.Optimize, flag)]
    with quiet():
        content = converter.convert()
    print(f"{flag:20} the same bytes as DEFAULT: {content == files['dynamic range']}")
    assert content == files["dynamic range"]

# %% [markdown]
# Byte for byte the same. Both are deprecated: the converter says so in its log, which `quiet()` keeps back here.
#
# ## 4 · Float16
#
# Half the bytes, and floats all the way: 16 bits keep 11 digits of the binary fraction. A GPU computes in float16
# directly; a CPU first makes float32 of it.

# %% tags=["float16"]
converter = new_converter()
converter.optimizations = [tf.lite.Optimize.DEFAULT]
converter.target_spec.supported_types = [tf.float16]
with quiet():
    content = converter.convert()
keep("float16", content)
dtypes(content)

# %% [markdown]
# The `DEQUANTIZE` operators make float32 of the weights, once, when the model is loaded.
#
# ## 5 · Weights and activations: integer
#
# To compute with integers throughout, the scales of the activations have to be known before the first run. The
# converter finds them by **calibration**: it runs the network on samples of yours and records each tensor's range. You
# give it a function that yields them, one list of inputs a time, float32, with the batch axis.

# %% tags=["representative"]
def representative_dataset():
    for image in calibration:
        yield [image[np.newaxis]]

# %% tags=["integer"]
converter = new_converter()
converter.optimizations = [tf.lite.Optimize.DEFAULT]
converter.representative_dataset = representative_dataset
with quiet():
    content = converter.convert()
keep("integer", content)
dtypes(content)

# %% [markdown]
# Integers everywhere, but for the two ends: `QUANTIZE` takes float images in, `DEQUANTIZE` gives float logits out. Your
# app need not change. An operator without an integer kernel would stay float, between two such pairs: the conversion
# goes smoothly, and a device that knows integers only could not run the file.
#
# The scales are in the file now. Did calibration find what section 1 said of ReLU6?

# %% tags=["recorded", "nbval-check-output"]
graph = anatomy(content).subgraphs[0]
step = next(step for step in graph.operators if step.name == "CONV_2D")
for name, index in (("image", step.inputs[0]), ("first activations", step.outputs[0])):
    found = graph.tensors[index].quantization
    low, high = ((end - found.zero_points[0]) * found.scales[0] for end in (-128, 127))
    print(f"{name:18} zero point {found.zero_points[0]:4}, so from {low:.2f} to {high:.2f}")
weights = graph.tensors[step.inputs[1]].quantization
print(f"{'its kernel':18} {len(weights.scales)} scales, zero points {set(weights.zero_points)}")

# %% [markdown]
# It did: one-sided, with 0.0 at the lower end. And finer than from 0 to 6, since no image drives these activations that
# far.
#
# ## 6 · Integers only
#
# For an Edge TPU, or a microcontroller, the ends must be integers too. You restrict the operators to those with integer
# kernels, and set the types of input and output. int8 is the grid inside; uint8 suits cameras, which give bytes from 0
# to 255.

# %% tags=["full-integer"]
for dtype in (tf.int8, tf.uint8):
    converter = new_converter()
    converter.optimizations = [tf.lite.Optimize.DEFAULT]
    converter.representative_dataset = representative_dataset
    converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
    converter.inference_input_type = dtype
    converter.inference_output_type = dtype
    with quiet():
        content = converter.convert()
    print(f"full integer, {dtype.name}")
    keep(f"full integer, {dtype.name}", content)

# %% tags=["full-integer-dtypes"]
dtypes(files["full integer, int8"])

# %% [markdown]
# Now your app has to quantize what it puts in and to read back what comes out: the functions of section 1, with the
# scale and zero point that the file gives. Lab 06 does it by hand, `open_model(...).predict` in the background. Only
# `argmax` needs no scale: the largest stored number is the largest logit.
#
# ### 16 bits for the activations
#
# Between float and int8 there is **16x8**: weights of 8 bits, activations of 16. It is meant for what suffers from 8-bit
# activations, such as sound and images that are improved. Few devices have kernels for it.

# %% tags=["int16x8"]
converter = new_converter()
converter.optimizations = [tf.lite.Optimize.DEFAULT]
converter.representative_dataset = representative_dataset
converter.target_spec.supported_ops = [
    tf.lite.OpsSet.EXPERIMENTAL_TFLITE_BUILTINS_ACTIVATIONS_INT16_WEIGHTS_INT8
]
with quiet():
    content = converter.convert()
keep("16x8", content)

# %% [markdown]
# ## 7 · All of them, side by side

# %% tags=["table"]
table = pd.DataFrame(figures).T
baseline = table["accuracy"]["float"]
for name in ("dynamic range", "float16", "integer", "16x8"):
    assert table["accuracy"][name] >= baseline - 0.01 - 1e-9, name

shown = table.copy()
shown["bytes"] = [f"{size:,}" for size in table["bytes"]]
shown.insert(1, "of float", [f"{size / len(files['float']):.3f}" for size in table["bytes"]])
shown["interval"] = [f"{low:.1%} to {high:.1%}" for low, high in table["interval"]]
for name in ("accuracy", "as Keras"):
    shown[name] = [f"{share:.1%}" for share in table[name]]
for name in ("mean error", "max error"):
    shown[name] = [f"{error:.2g}" for error in table[name]]
shown

# %% [markdown]
# Not one file has lost accuracy that these images could show: the network is sure of its digits, and a logit may be off
# by some before another wins. On harder tasks the order of the errors is the same, and it shows.
#
# ### Why not a quarter?
#
# Eight bits are a quarter of 32, and the guides say "up to 4 times smaller". Our integer file is .39 of the float file.
# **Predict.** What takes the room?

# %% tags=["ratio"]
compared = ("float", "full integer, int8")
charts.bytes_by_part(*((name, anatomy(files[name])) for name in compared))

# %% tags=["ratio-parts", "nbval-check-output"]
before, after = (anatomy(files[name]).bytes_by_part for name in compared)
share = after["quantization"] / sum(after.values())
print(f"weights: {after['weights'] / before['weights']:.3f} of the float ones")
print(f"scales and zero points: {share:.0%} of the integer file")

# %% [markdown]
# The weights did shrink to about a quarter; a bias is kept with 32 bits, so not quite. But every channel of every layer
# now has a scale (4 bytes) and a zero point (8 bytes), and this narrow network has many channels with few weights each.
# Nets with more weights to a channel come nearer to a quarter, as you will see in section 11.
#
# ### And is it quicker?
#
# **Predict.** Order float, dynamic range and full integer by the time of one image. Then look, with XNNPACK, the
# library that LiteRT uses on CPUs by default, and without it.

# %% tags=["latency"]
rivals = {
    f"{name}, {'XNNPACK' if xnnpack else 'without'}": open_model(files[name], xnnpack=xnnpack)
    for xnnpack in (True, False)
    for name in ("float", "dynamic range", "float16", "full integer, int8", "16x8")
    if not (xnnpack and name == "16x8")  # XNNPACK has no kernels for it
}
times = latency({name: rival.invoke for name, rival in rivals.items()}, runs=runs, warmup=3)
shown = {name: found for name, found in times.items() if "16x8" not in name}
charts.latencies(shown, "One image, one thread")

# %% tags=["latency-ratio"]
for name, found in times.items():
    base = times[f"float, {name.split(', ')[-1]}"]
    print(f"{name:32} {found.median:6.2f} ms, {found.median / base.median:5.2f} × float")

# %% [markdown]
# Believe the figures of *your* device only. On the machine that built this page (x86-64, see the README) integer was
# quicker than float with XNNPACK, and dynamic range was slower. Why? Ask the interpreter into how many pieces the graph
# is cut, so that XNNPACK can have its share:

# %% tags=["pieces"]
for name in ("float", "dynamic range", "float16", "full integer, int8", "16x8"):
    nodes = open_model(files[name]).interpreter._get_ops_details()
    pieces = sum(node["op_name"] == "DELEGATE" for node in nodes)
    print(f"{name:20} {pieces} {'piece' if pieces == 1 else 'pieces'}")

# %% [markdown]
# XNNPACK takes the float and the integer graph whole. In the dynamic range file the ten depthwise layers with int8
# weights (see the table in section 3) are not for it: they run by plain kernels in between, and every layer has to find
# the range of what comes in, and quantize it. Of 16x8 XNNPACK takes nothing.
#
# Another processor, another picture. Google's guide names dynamic range 2 to 3 times faster and full integer
# more than 3 times, on CPUs of phones; its table for a Pixel 2 has MobileNetV2 at 89 ms float, 98 ms quantized after
# training, and 54 ms trained with quantization. The published figures do not agree with one another either, so measure.
#
# *Source: LiteRT documentation, "Post-training quantization" and "Model optimization".*
#
# Size, time and accuracy in one chart. A file is worth a thought if no other beats it in all three: it is on the
# **Pareto front**.

# %% tags=["size-accuracy"]
from labutils.show.pareto import Measured, pareto

measured = {}
for name in ("float", "dynamic range", "float16", "full integer, int8"):
    found, milliseconds = figures[name], times[f"{name}, XNNPACK"].median
    measured[name] = Measured(
        found["bytes"], milliseconds, found["accuracy"], *found["interval"]
    )
pareto(measured, title="With XNNPACK, one thread")

# %% [markdown]
# ## 8 · Where the error comes from
#
# The last kernel, before and after:

# %% tags=["histograms"]
content = files["full integer, int8"]
graph = anatomy(content).subgraphs[0]
last = [step for step in graph.operators if step.name == "CONV_2D"][-1]
integers = open_model(content).interpreter.get_tensor(last.inputs[1])
quantization.weights_before_and_after(kernel, integers, "The last 1 × 1 kernel")

# %% [markdown]
# Is that what you would have computed? One scale for each channel, symmetric, rounded:

# %% tags=["same-as-by-hand", "nbval-check-output"]
scales = np.array(graph.tensors[last.inputs[1]].quantization.scales).reshape(-1, 1, 1, 1)
my_scales = np.abs(kernel).max(axis=(1, 2, 3), keepdims=True) / 127
mine = quantize(kernel, my_scales)
print(f"largest difference of the scales: {np.abs(scales / my_scales - 1).max():.0e}")
print(f"stored numbers that are the same: {(mine == integers).mean():.2%}")
assert (mine == integers).mean() > 0.999

# %% [markdown]
# So you have written LiteRT's quantizer for weights. Now the activations. An interpreter that keeps every tensor lets you
# compare step by step, float against integer. This is the idea of LiteRT's *quantization debugger*.

# %% tags=["real-numbers"]
from ai_edge_litert.interpreter import Interpreter, OpResolverType


def real_numbers(machine, tensor):
    stored = machine.get_tensor(tensor.index)
    if tensor.quantization is None or not tensor.quantization.scales:
        return stored
    scale, zero = tensor.quantization.scales[0], tensor.quantization.zero_points[0]
    return dequantize(stored.astype(np.float32), scale, zero)

# %% tags=["every-step"]
def every_step(content, images):
    """What each step gives, as real numbers, and its operator's name; QUANTIZE is left out."""
    with quiet():
        machine = Interpreter(
            model_content=content,
            experimental_preserve_all_tensors=True,
            experimental_op_resolver_type=OpResolverType.BUILTIN_WITHOUT_DEFAULT_DELEGATES,
        )
        machine.allocate_tensors()
    graph = anatomy(content).subgraphs[0]
    steps = [step for step in graph.operators if "QUANTIZE" not in step.name]
    found = [[] for _ in steps]
    for image in images:
        machine.set_tensor(graph.inputs[0], image[np.newaxis])
        machine.invoke()
        for values, step in zip(found, steps, strict=True):
            values.append(real_numbers(machine, graph.tensors[step.outputs[0]]))
    return [np.stack(values) for values in found], [step.name for step in steps]

# %% tags=["error-by-layer"]
sample = inputs[:20]
right, kinds = every_step(files["float"], sample)
errors = {}
for name in ("integer", "16x8", "dynamic range"):
    found, same = every_step(files[name], sample)
    assert same == kinds
    errors[name] = np.array(
        [np.sqrt(np.mean((a - b) ** 2)) / b.std() for a, b in zip(found, right, strict=True)]
    )
quantization.error_by_layer(errors, kinds, "The error grows, and is partly forgotten")

# %% [markdown]
# Each step adds its rounding to what it inherits. Averaging over the image (`MEAN`) and over many weights takes some of
# it away. With 16-bit activations, or float ones, what is left is the error of the 8-bit weights: about a third. So most
# of the integer file's error comes from its activations. That tells you what to try if a file is not good enough: for
# activations 16x8 or better calibration, for weights a layer kept in float.
#
# ## 9 · Calibration
#
# What do the samples matter? The same conversion, with other data. **Predict.** Which of these wreck the model: one
# single sample; ten; only ones; noise; blank paper; images scaled from 0 to 1, though the network wants -1 to 1?

# %% tags=["calibrate"]
def calibrated_on(samples):
    converter = new_converter()
    converter.optimizations = [tf.lite.Optimize.DEFAULT]
    converter.representative_dataset = lambda: ([sample[np.newaxis]] for sample in samples)
    with quiet():
        return converter.convert()


wide = data.for_mobilenet(train_images[:300])
noise = np.random.default_rng(seed).uniform(-1, 1, (100, 64, 64, 3)).astype(np.float32)
studies = {
    "1 sample": wide[:1],
    "10 samples": wide[:10],
    "300 samples": wide,
    "only ones": wide[train_labels[:300] == 1],
    "noise": noise,
    "blank paper": np.full((10, 64, 64, 3), -1, np.float32),
    "wrong range, 0 to 1": (wide[:100] + 1) / 2,
}

# %% tags=["calibration-study"]
study = {f"{calibration_samples} samples, as above": figures["integer"]}
for name, samples in studies.items():
    study[name] = judge(calibrated_on(samples))

accuracies = {name: 100 * found["accuracy"] for name, found in study.items()}
charts.bars(accuracies, "% of test images right", "Calibrated on")

# %% tags=["calibration-table"]
for name in ("blank paper", "wrong range, 0 to 1"):
    assert study[name]["accuracy"] <= baseline - 0.10, name

pd.DataFrame({
    name: {
        "accuracy": f"{found['accuracy']:.1%}",
        "as Keras": f"{found['as Keras']:.1%}",
        "mean error": f"{found['mean error']:.2f}",
        "max error": f"{found['max error']:.1f}",
    }
    for name, found in study.items()
}).T

# %% [markdown]
# How many, and which, matters little for the answers here: even one sample finds most of the ranges, and more samples
# take the error down. Noise makes the ranges too wide and the grid too coarse, and the answers bear it. What wrecks the
# model is blank paper, on which hardly anything flows through the network, and the wrong scaling: most activations are
# then clipped. No warning in either case. So calibrate on what comes out of *the very code* that prepares the images in
# your app, 100 to 500 of them, and judge the file on labelled images.
#
# Look at the column of the largest error: with few samples it is large, because an image that is stronger than
# anything in calibration gets clipped. 16 bits do not help against that: compare 16x8's largest error in section 7.
#
# ## 10 · Silent traps
#
# Seven mistakes, each run. A small dense net is enough for them.

# %% tags=["trap-net"]
source = np.random.default_rng(seed)
inner = tf.constant(source.normal(size=(64, 32)), tf.float32)
outer = tf.constant(source.normal(size=(32, 8)), tf.float32)
samples = source.normal(size=(50, 1, 64)).astype(np.float32)


def dense_net(between):
    """64 numbers in, 8 out, with some operator between the two layers."""
    with quiet():
        return tf.function(
            lambda x: tf.matmul(between(tf.matmul(x, inner)), outer), autograph=False
        ).get_concrete_function(tf.TensorSpec([1, 64], tf.float32, name="x"))

# %% tags=["trap-converter"]
def full_integer(function, dataset):
    """A converter for integers only, of a concrete function."""
    converter = new_converter(function)
    converter.optimizations = [tf.lite.Optimize.DEFAULT]
    converter.representative_dataset = dataset
    converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
    converter.inference_input_type = converter.inference_output_type = tf.int8
    return converter


def good_dataset():
    return ([sample] for sample in samples)


def converted(converter):
    with quiet():
        return converter.convert()

# %% [markdown]
# **1 · A generator that yields nothing.** A path with a typing error, a filter that lets nothing through. You asked for
# int8 in and out:

# %% tags=["trap-empty", "nbval-check-output"]
relu_net = dense_net(tf.nn.relu)
empty = converted(full_integer(relu_net, lambda: iter([])))
print(dict(anatomy(empty).dtypes))
assert "int8" not in anatomy(empty).dtypes

# %% [markdown]
# A float model, with float input, and no warning.
#
# **2 · A dataset, but `optimizations` forgotten.**

# %% tags=["trap-forgotten", "nbval-check-output"]
converter = new_converter(relu_net)
converter.representative_dataset = good_dataset
forgotten = converted(converter)
print(dict(anatomy(forgotten).dtypes))
assert "int8" not in anatomy(forgotten).dtypes

# %% [markdown]
# **3 · An operator without an integer kernel.** The material says that the converter may raise. It does not: the
# operator stays float in the middle of a "full integer" file, whose ends are int8, so that it looks right from outside.

# %% tags=["trap-float-operator"]
stayed = {}
for name, operator in {
    "relu": tf.nn.relu, "gelu": tf.nn.gelu, "silu": tf.nn.silu, "sin": tf.sin, "elu": tf.nn.elu,
    "square": tf.square, "floor": tf.floor, "pow": lambda x: tf.pow(tf.abs(x) + 1, 1.5),
}.items():
    content = converted(full_integer(dense_net(operator), good_dataset))
    graph = anatomy(content).subgraphs[0]
    stayed[name] = {
        "in": graph.tensors[graph.inputs[0]].dtype,
        "out": graph.tensors[graph.outputs[0]].dtype,
        "float inside": ", ".join(
            step.name for step in graph.operators
            if step.name not in ("QUANTIZE", "DEQUANTIZE")
            and graph.tensors[step.outputs[0]].dtype == "float32"
        ),
    }

# %% tags=["trap-float-operator-table", "nbval-check-output"]
assert stayed["sin"] == {"in": "int8", "out": "int8", "float inside": "SIN"}
assert all(stayed[name]["float inside"] for name in ("elu", "square", "floor", "pow"))
assert not any(stayed[name]["float inside"] for name in ("relu", "gelu", "silu"))
pd.DataFrame(stayed).T

# %% [markdown]
# On a CPU such a file runs, on an Edge TPU or a microcontroller it does not, or only in part. Nothing but counting
# shows it: exercise 4 has you write `assert_fully_integer`, and `labutils` has one too.

# %% tags=["assert-fully-integer", "nbval-check-output"]
from labutils.tflite.integer import NotFullyInteger, assert_fully_integer

assert_fully_integer(files["full integer, int8"])
try:
    assert_fully_integer(converted(full_integer(dense_net(tf.sin), good_dataset)))
except NotFullyInteger as problem:
    print(problem)

# %% [markdown]
# **4 · The old quantizer** did raise. You can still ask for it:

# %% tags=["trap-old-quantizer", "nbval-check-output"]
from labutils.tflite.quiet import quiet_failure

converter = full_integer(dense_net(tf.sin), good_dataset)
converter.experimental_new_quantizer = False
try:
    with quiet_failure():
        converter.convert()
except RuntimeError as problem:
    print(str(problem).strip())

# %% [markdown]
# **5 · The wrong dtype** from the generator, which numpy makes without asking; **6 · no dataset** at all; **7 · a
# generator** instead of the function that makes one. These three do raise, so read the messages once:

# %% tags=["trap-raises", "nbval-check-output"]
mistakes = {
    "float64": lambda: ([sample.astype(np.float64)] for sample in samples),
    "uint8": lambda: ([sample.astype(np.uint8)] for sample in samples),
    "no dataset": None,
    "a generator": good_dataset(),
}
for name, dataset in mistakes.items():
    try:
        with quiet_failure():
            full_integer(relu_net, dataset).convert()
        raise AssertionError(name)
    except (ValueError, TypeError) as problem:
        print(f"{name:12} {type(problem).__name__}: {str(problem).strip()}")

# %% [markdown]
# ## 11 · A small network, trained here
#
# The other subject of the course: three convolutions and a dense layer. Train it now, and convert it in every mode by a
# loop.

# %% tags=["cnn-train"]
cnn = models.digits_cnn()
cnn.compile("adam", "sparse_categorical_crossentropy")
cnn_inputs = data.for_cnn(images)
with quiet():
    history = cnn.fit(
        data.for_cnn(train_images), train_labels, batch_size=64, epochs=epochs, verbose=0
    )
    cnn_expected = cnn.predict(cnn_inputs, verbose=0)
print(f"loss {history.history['loss'][0]:.2f} → {history.history['loss'][-1]:.3f}")

# %% tags=["cnn-modes"]
def in_mode(mode, function, samples):
    converter = new_converter(function)
    builtins, spec = tf.lite.OpsSet, converter.target_spec
    if mode != "float":
        converter.optimizations = [tf.lite.Optimize.DEFAULT]
    if mode == "float16":
        spec.supported_types = [tf.float16]
    if mode in ("integer", "full integer", "16x8"):
        converter.representative_dataset = lambda: ([sample[np.newaxis]] for sample in samples)
    if mode == "full integer":
        spec.supported_ops = [builtins.TFLITE_BUILTINS_INT8]
        converter.inference_input_type = converter.inference_output_type = tf.int8
    if mode == "16x8":
        spec.supported_ops = [
            builtins.EXPERIMENTAL_TFLITE_BUILTINS_ACTIVATIONS_INT16_WEIGHTS_INT8
        ]
    return converted(converter)

# %% tags=["cnn-table"]
with quiet():
    cnn_traced = tf.function(lambda image: cnn(image)).get_concrete_function(
        tf.TensorSpec([1, 8, 8, 1], tf.float32, name="image")
    )
cnn_samples = data.for_cnn(train_images[:calibration_samples])
small = {}
for mode in ("float", "dynamic range", "float16", "integer", "full integer", "16x8"):
    content = in_mode(mode, cnn_traced, cnn_samples)
    answers = open_model(content).predict(cnn_inputs)
    small[mode] = {
        "bytes": f"{len(content):,}",
        "weights, bytes": f"{anatomy(content).bytes_by_part['weights']:,}",
        "accuracy": f"{(answers.argmax(axis=1) == labels).mean():.1%}",
        "as Keras": f"{(answers.argmax(axis=1) == cnn_expected.argmax(axis=1)).mean():.1%}",
    }
pd.DataFrame(small).T

# %% [markdown]
# Here the ratio is nearer to a quarter: fewer channels, more weights in each.
#
# ## 12 · Training with quantization in mind
#
# All so far was **post-training** quantization. If it costs too much accuracy, train the network to bear it:
# **quantization-aware training** (QAT) puts a rounding into every layer while it trains, so that the weights settle
# where rounding does little harm. Google's table for a Pixel 2 shows what it is for: MobileNetV1 .709 float, .657
# after training, .70 with QAT. In our case there is nothing to win back.
#
# Its library, `tensorflow-model-optimization`, works with Keras 2 only, so it needs a process and an environment of its
# own, which `labs flex install --qat` makes. Then run the lab with `qat` set to `True`. The essence of what that process
# does, with the weights of the network above:
#
# ```python
# aware = tfmot.quantization.keras.quantize_model(model)        # roundings go in
# aware.compile(optimizer, loss="sparse_categorical_crossentropy")
# aware.fit(images, labels, epochs=3)
#
# converter = tf.lite.TFLiteConverter.from_keras_model(aware)   # no calibration: the ranges were learned
# converter.optimizations = [tf.lite.Optimize.DEFAULT]
# converter.inference_input_type = converter.inference_output_type = tf.int8
# ```

# %% tags=["qat"]
from labutils.tflite.qat import HOW, installed, train

if qat and installed():
    held_images, held_labels = data.digits("validation")
    aware = train(
        cnn.get_weights(), (data.for_cnn(train_images), train_labels),
        (data.for_cnn(held_images), held_labels), epochs=3, seed=seed,
    )
    answers = open_model(aware.model).predict(cnn_inputs)
    print(f"{len(aware.model):,} bytes, {(answers.argmax(axis=1) == labels).mean():.1%} right")
else:
    print(f"not installed: run `{HOW}`" if qat else "not asked for: the parameter qat is False")

# %% [markdown]
# ## 13 · An outlook: four bits
#
# `ai-edge-quantizer`, LiteRT's newer tool, quantizes a finished `.tflite` file, without TensorFlow, by a *recipe*.
# Among its recipes are weights of 4 bits: two in a byte.

# %% tags=["int4"]
from importlib.util import find_spec

if find_spec("ai_edge_quantizer"):
    from ai_edge_quantizer import quantizer, recipe

    (work / "float.tflite").write_bytes(files["float"])
    with quiet():
        tool = quantizer.Quantizer(str(work / "float.tflite"))
        tool.load_quantization_recipe(recipe.dynamic_wi4_afp32())
        content = bytes(tool.quantize().quantized_model)
    keep("4-bit weights", content)
else:
    print("not installed here: pip install ai-edge-quantizer")

# %% [markdown]
# A quarter of the float file at last, and now it costs some answers. The recipes can treat each layer differently, which
# the modes of this lab cannot.

# %% [markdown]
# What was measured, by name, for whoever runs this lab many times with other parameters; `labs results` collects it.

# %% tags=["record"]
def in_letters(name):
    """A mode's name as that of a variable."""
    return "".join(letter if letter.isalnum() else "_" for letter in name).replace("__", "_")


for what, unit in {"bytes": "bytes", "accuracy": "share", "mean error": "logits"}.items():
    key = in_letters(what)
    record(unit, **{f"{key}_{in_letters(name)}": each[what] for name, each in figures.items()})
record("share", **{
    f"accuracy_on_{in_letters(name)}": study[name]["accuracy"] for name in studies
})
record("ms", **{f"latency_{in_letters(name)}": each.median for name, each in times.items()})

# %% [markdown]
# ## Exercises
#
# Replace each `...`, run the cell and then the one below it. `hint("04.assert_fully_integer")` helps, one step at a
# time; `solution("04.assert_fully_integer")` explains.

# %% [markdown]
# **Exercise 1 · The grid of a range.** The numbers that flow through a model lie between `low` and `high`, two floats
# with `low < high`. Write `scale_and_zero_point(low, high)` for int8, asymmetric: -128 stands for the lower end, 127 for
# the upper one. The range is first widened to hold 0, so that 0.0 has a stored number of its own. It returns the pair
# `(scale, zero_point)`: a float, and an `int` from -128 to 127.

# %% tags=["exercise-scale-and-zero-point"]
def scale_and_zero_point(low, high):
    ...

# %% tags=["check-scale-and-zero-point"]
check("04.scale_and_zero_point", scale_and_zero_point)

# %% [markdown]
# **Exercise 2 · A scale for each channel.** Write `per_channel(weights)`: it takes a kernel as Keras has it, float32 of
# shape (height, width, inputs, outputs), and quantizes it symmetrically, from -127 to 127, with one scale for each output
# channel. It returns the pair `(stored, scales)`: int8 of the kernel's shape, and float32 of shape (outputs,). A channel
# of zeros stays zeros, and its scale is a number above 0.

# %% tags=["exercise-per-channel"]
def per_channel(weights):
    ...

# %% tags=["check-per-channel"]
check("04.per_channel", per_channel)

# %% [markdown]
# **Exercise 3 · Samples for calibration.** Write `representative(images)`: `images` has the shape (n, height, width,
# channels), any float type, and is scaled as the model wants it. It returns what `converter.representative_dataset`
# takes: a function without arguments. Each call of that function yields every image once, as a list that holds one
# float32 array of shape (1, height, width, channels).

# %% tags=["exercise-representative"]
def representative(images):
    ...

# %% tags=["check-representative"]
check("04.representative", representative)

# %% [markdown]
# **Exercise 4 · Integer all through?** Write `assert_fully_integer(content)`: `content` holds the bytes of a `.tflite`
# file. It raises an `AssertionError` when anything in it is float, in the inputs, the outputs or any tensor between, and
# returns nothing when all is integer, of whatever width. Ask the `Interpreter` of `ai_edge_litert` for its tensors, or
# `anatomy` of `labutils.tflite.anatomy`.

# %% tags=["exercise-assert-fully-integer"]
def assert_fully_integer(content):
    ...

# %% tags=["check-assert-fully-integer"]
check("04.assert_fully_integer", assert_fully_integer)

# %% [markdown]
# **Exercise 5 · Repair a model.** `model` is a small Keras model with its weights. Its layer `energy` is
# `keras.layers.Activation(keras.ops.square)`, and SQUARE has no integer kernel. Write `repair(model, images)`: it returns
# the bytes of a `.tflite` file that is integer all through, takes and returns int8, and answers nearly as the model does.
# Calibrate it with `images`, float32 of shape (n, height, width, channels). You may change the model.

# %% tags=["exercise-repair"]
def repair(model, images):
    ...

# %% tags=["check-repair"]
check("04.repair", repair)

# %% [markdown]
# **Exercise 6 · Predict an integer file.** Write `integer_bytes(shapes)`: `shapes` is a list of kernels of ordinary
# convolutions, each (height, width, inputs, outputs) as Keras has it, and each layer adds a bias of `outputs` numbers. It
# returns how many bytes these layers take in a full integer file. Kernels are int8 and biases int32, both quantized per
# channel: a bias has as many scales and zero points as its kernel. What one of those takes stands under *Why not a
# quarter?* Count these numbers only, no names and no lengths.

# %% tags=["exercise-integer-bytes"]
def integer_bytes(shapes):
    ...

# %% tags=["check-integer-bytes"]
check("04.integer_bytes", integer_bytes)

# %% [markdown]
# ## Quiz
#
# What is the idea behind it? Choose an answer, and read why it is right, or what it overlooks. You may choose again.

# %% tags=["quiz"]
quiz("04")

# %% [markdown]
# ## What you have seen
#
# - A scale, a zero point, rounding and clipping are all there is to it; your own quantizer gave LiteRT's integers.
# - Six modes of one network: a third to a half of the bytes, the same answers; the dtypes of every operator say which
#   mode a file was made in.
# - One calibration sample or three hundred hardly changed the answers; blank paper and a wrong scaling wrecked them, and
#   nothing warned.
# - An empty generator, a forgotten line and an operator without an integer kernel gave files that were not what you
#   asked for. Counting dtypes caught each.
# - Bytes, accuracy with its interval, error and time stand side by side: with them you can defend a choice.
#
# **On cards**, to print or to project, the code that matters here ([all pictures](../img/README.md)):
#
# ![](../img/21-post-training.png)
#
# ![](../img/22-post-training-int.png)
#
# ![](../img/23-post-training-int.png)
#
# ![](../img/24-full-int.png)
#
# **Next:** lab 05 is about operators that LiteRT does not have; lab 07 chooses the path for a device.
