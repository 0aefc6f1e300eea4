# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
#   lab:
#     title: The paths through optimization
#     minutes: 60
#     quick:
#       images: 120
#       samples: 30
#       runs: 10
#     variants:
#       device: [phone-cpu, edge-tpu, microcontroller, browser]
#       images: 200..360
# ---

# %% [markdown]
# # 07 · The paths through optimization
#
# ![](../img/26-optimizing.png)
#
# Lab 04 took quantization apart, lab 05 the operators that are missing. Now you stand where the paths part, and somebody
# asks: *which file do we ship?* You take every path with the same model, put the files side by side, and learn to choose
# one for a device, and to prove that it fits.
#
# **You will be able to**
#
# - convert one model by eight paths, and say what each asks for and what it gives;
# - put size, time and accuracy side by side, and find the files that no other beats;
# - choose a path by a few questions about data, device and operators;
# - prove from the file alone that it meets what a device asks.
#
# *60 minutes · about half a minute of computing · 1.2 GB of memory · no network · no GPU*

# %% tags=["parameters"]
device: str = "phone-cpu"  # {"phone-cpu", "edge-tpu", "microcontroller", "browser"}
data_at_hand: bool = True  # whether the choice may count on images to calibrate with
samples: int = 100  # training images to calibrate with [10..500]
images: int = 360  # test images that every file is judged on [60..360]
runs: int = 100  # timed runs of each file [5..2000]

# %% tags=["given"]
from labutils.course.session import check_parameters, record

check_parameters("07", globals())

# %% tags=["setup"]
import gc

import numpy as np
import pandas as pd
from scipy.stats import binomtest

from labutils import data, models
from labutils.exercises import check, hint, quiz, solution
from labutils.show import charts, pareto, widgets
from labutils.tflite import choice, devices, variants
from labutils.tflite.anatomy import anatomy
from labutils.tflite.integer import float_operators
from labutils.tflite.latency import latency
from labutils.tflite.quiet import quiet
from labutils.tflite.runtime import open_model

with quiet():
    import keras
    import tensorflow as tf

# %% [markdown] tags=["three-prices"]
# ## 1 · Three prices
#
# A file on a device is paid for three times. **Size**: it has to be delivered, stored and loaded. **Latency**: the time of
# one answer. **Power**: what the battery gives for it. Optimization lowers them, and sometimes it costs a fourth thing,
# accuracy.
#
# You measure size, latency and accuracy here. Power needs a meter at the device's battery, so all this lab can give is a
# reason. M. Horowitz (*Computing's Energy Problem*, ISSCC 2014) estimates for a 45 nm chip: an addition of two 32-bit
# floats takes 0.9 pJ, one of two 32-bit integers 0.1 pJ. Small integers are cheap.

# %% tags=["model"]
with quiet():
    model = models.mobilenet_v2_digits()

test_images, labels = (each[:images] for each in data.digits("test"))
inputs = data.for_mobilenet(test_images)
seen = data.for_mobilenet(data.digits("train")[0][:samples])  # to calibrate with
with quiet():
    answers = model.predict(inputs, batch_size=60, verbose=0)
right = (answers.argmax(axis=1) == labels).mean()
print(f"{model.count_params():,} parameters, {right:.1%} right")

# %% [markdown]
# The subject is the MobileNetV2 that ships with the course; it reads digits. What all paths have in common is done once:
# trace the model for one image at a time, and **freeze** it, so that its variables become constants of the graph.

# %% tags=["freeze"]
from tensorflow.python.framework.convert_to_constants import convert_variables_to_constants_v2

one_image = tf.TensorSpec([1, 64, 64, 3], tf.float32, name="image")
with quiet():
    traced = tf.function(lambda image: model(image, training=False))
    graph = convert_variables_to_constants_v2(traced.get_concrete_function(one_image))
    keeper = tf.Module()
    keeper.serve = tf.function(lambda image: {"output_0": graph(image)[0]})
    frozen = keeper.serve.get_concrete_function(one_image)


def new_converter():
    """A converter with nothing set. The module gives the file its signature."""
    return tf.lite.TFLiteConverter.from_concrete_functions([frozen], keeper)

# %% [markdown]
# Lab 01 warned of a Keras model as that second argument: its weights get lost. This module holds no variables at all, so
# nothing can get lost; and `ship` checks all the same. It keeps each file, asks it about all test images, and says what
# became of it.

# %% tags=["ship"]
files, found = {}, {}


def ship(name, converter):
    """Convert, keep the file by its path's name, and compare its answers with the model's."""
    with quiet():
        files[name] = converter.convert()
    gc.collect()  # a conversion leaves a lot of memory behind that only this gives back
    assert not anatomy(files[name]).has_unfrozen_variables
    found[name] = open_model(files[name]).predict(inputs)
    error = np.abs(found[name] - answers)
    right = (found[name].argmax(axis=1) == labels).sum()
    print(f"{len(files[name]):,} bytes, {right} of {len(labels)} right")
    print(f"error of a probability: mean {error.mean():.0e}, largest {error.max():.0e}")

# %% [markdown]
# A prediction for the whole lab, before you begin. **Predict.** Of eight files, which will be the smallest, and which the
# quickest?
#
# ## 2 · No quantization
#
# The first path changes nothing: float32 weights, float32 in between. It asks for nothing and loses nothing, and it is
# the yardstick for all others.

# %% tags=["path-float"]
ship("float", new_converter())
assert np.allclose(found["float"], answers, atol=1e-5)

# %% [markdown]
# ## 3 · Weights only
#
# **Dynamic range**: the weights become int8. What flows between the operators stays float; its range is found anew for
# each answer, hence the name. One line, and no data:

# %% tags=["path-weights"]
converter = new_converter()
converter.optimizations = [tf.lite.Optimize.DEFAULT]
ship("dynamic range", converter)

# %% [markdown]
# The material expects a latency close to that of fixed point. **Predict.** How long does an answer take now, if the float
# file takes 1?

# %% tags=["path-weights-latency"]
def milliseconds(*names):
    """The median time of one answer of each file, the files taking turns."""
    times = latency({name: open_model(files[name]).invoke for name in names}, runs=runs)
    return {name: times[name].median for name in names}


times = milliseconds("float", "dynamic range")
print(f"{times['dynamic range'] / times['float']:.1f} times as long as float")

# %% [markdown]
# On the processor that this page was made on it is *slower*. The operators compute from int8 weights, but must find each
# activation's range and quantize it on the way; for small convolutions that costs more than it saves. On a phone this
# can turn round: LiteRT's guide promises 2 to 3 times quicker. Measure on the device that you mean.
#
# **Float16** is the milder form: half the size, almost no error, and a GPU computes with it directly.

# %% tags=["path-float16"]
converter = new_converter()
converter.optimizations = [tf.lite.Optimize.DEFAULT]
converter.target_spec.supported_types = [tf.float16]
ship("float16", converter)

# %% [markdown]
# ## 4 · Weights and activations
#
# To store the activations as integers too, the converter must know their ranges beforehand. It learns them from
# **representative data**: it runs the model on them and writes the ranges down. They need no labels.

# %% tags=["path-integer"]
converter = new_converter()
converter.optimizations = [tf.lite.Optimize.DEFAULT]
converter.representative_dataset = lambda: ([image[None]] for image in seen)
ship("integer", converter)

# %% tags=["path-integer-operators", "nbval-check-output"]
for name in ("dynamic range", "integer"):
    parts = anatomy(files[name])
    in_float, crossings = float_operators(parts), parts.operators
    print(f"{name}: {sum(in_float.values())} of {parts.operators.total()} operators on floats,",
          f"{crossings['QUANTIZE']} QUANTIZE, {crossings['DEQUANTIZE']} DEQUANTIZE")

# %% [markdown]
# Inside, all is integer. At the border the file still takes and gives float32, so an app need not change: one QUANTIZE
# where the image comes in, one DEQUANTIZE where the answer goes out.
#
# Are 8 bits too coarse for your model? **16x8** gives the activations 16 bits and leaves the weights at 8:

# %% tags=["path-16x8"]
converter = new_converter()
converter.optimizations = [tf.lite.Optimize.DEFAULT]
converter.representative_dataset = lambda: ([image[None]] for image in seen)
converter.target_spec.supported_ops = [
    tf.lite.OpsSet.EXPERIMENTAL_TFLITE_BUILTINS_ACTIVATIONS_INT16_WEIGHTS_INT8
]
ship("16x8", converter)

# %% [markdown]
# ## 5 · No data at hand
#
# Without representative data no activation can be stored as an integer: operators stay float, and that is fine wherever
# floats are allowed. Dynamic range and float16 are then the paths. What if the device takes integers only?
#
# **Predict.** Ask for integer operators, and give no data. What happens?

# %% tags=["path-no-data", "nbval-check-output"]
converter = new_converter()
converter.optimizations = [tf.lite.Optimize.DEFAULT]
converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
try:
    with quiet():
        converter.convert()
except Exception as refused:  # quiet shows no log of a failure that is expected
    print(type(refused).__name__, refused)

# %% [markdown]
# It says what it needs. A hundred inputs as the device will see them are enough here, and nobody has to label them.
#
# ## 6 · Integers only
#
# Edge TPUs and other accelerators compute with integers and nothing else. The target specification asks for integer
# operators only, and the border becomes integer as well: int8, or uint8 if the camera hands over bytes from 0 to 255.

# %% tags=["path-integers-only"]
for kind in (tf.int8, tf.uint8):
    converter = new_converter()
    converter.optimizations = [tf.lite.Optimize.DEFAULT]
    converter.representative_dataset = lambda: ([image[None]] for image in seen)
    converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
    converter.inference_input_type = converter.inference_output_type = kind
    print(f"full {kind.name}:", end=" ")
    ship(f"full {kind.name}", converter)

# %% tags=["integers-only-dtypes", "nbval-check-output"]
for name in ("integer", "full int8", "full uint8", "16x8"):
    held = anatomy(files[name]).dtypes
    print(f"{name:11}", ", ".join(f"{held[dtype]} {dtype}" for dtype in sorted(held)))

# %% [markdown]
# No float is left in the two full ones. (The int32 tensors are biases, and the two sides of a sum need more room than
# its parts; 16x8 has biases of 64 bits.) Lab 04 shows when such a file keeps floats in silence: always look.
#
# ### Up to four times smaller?
#
# An int8 takes a quarter of a float32. **Predict.** Which share of the float file is the full int8 one?

# %% tags=["ratio", "nbval-check-output"]
pair = ("float", "full int8")
parts = pd.DataFrame({name: anatomy(files[name]).bytes_by_part for name in pair})
parts.loc["the whole file"] = parts.sum()
share = parts["full int8"] / parts["float"]
parts.map("{:,.0f}".format).assign(share=share.map("{:.2f}".format))

# %% [markdown]
# The weights alone shrink nearly to the quarter (biases keep 32 bits). What grows is *quantization*: each channel of each
# kernel has a scale and a zero point of its own, and they have to be written down. For a net as thin as this one that is a
# good part of the file. "Up to four times" holds for nets that are mostly weights.

# %% [markdown]
# ## 7 · When an operator is missing
#
# **TF Select** lets a file carry TensorFlow's own operators, for a runtime that has the Flex delegate. It is the path when
# all else fails. What does it cost a model that does not need it?

# %% tags=["path-select"]
select = [tf.lite.OpsSet.TFLITE_BUILTINS, tf.lite.OpsSet.SELECT_TF_OPS]
converter = new_converter()
converter.target_spec.supported_ops = select
ship("Select", converter)
assert anatomy(files["Select"]).operators == anatomy(files["float"]).operators
print(f"{len(files['Select']) - len(files['float'])} bytes more than float, the same operators")

# %% [markdown]
# Nothing: allowing is not using. Now put the enlarging of the 8 × 8 image into the model, and make it *bicubic*, smoother
# than the bilinear one that the lab uses. From here on `variants` does for us what you have seen: `freeze` freezes, `variant` sets a converter for a
# path and converts.

# %% tags=["path-select-needed", "nbval-check-output"]
small = keras.Input((8, 8, 3), name="small_image")
enlarged = keras.layers.Resizing(64, 64, interpolation="bicubic", name="enlarge")(small)
with_resize = variants.freeze(keras.Model(small, model(enlarged), name="with_resize"))
try:
    variants.variant(with_resize, "float")
except variants.ConversionError as refused:
    print(refused)

needs_flex = variants.variant(with_resize, "Select")
print("\noperators of TensorFlow:", [n for n in anatomy(needs_flex).operators if "Flex" in n])
print("fits a phone without Flex:", devices.fits(needs_flex, "phone-cpu"))

# %% [markdown]
# This file converts, and no Python runtime of today runs it: lab 05 gives it one, compares the answers, and shows the better
# cure, to do without the operator. Here that is easy: enlarge bilinearly, which LiteRT knows, or before the model.
#
# ## 8 · Side by side
#
# All eight take turns at the clock. How sure is an accuracy from so few images? `binomtest` gives Wilson's interval, which
# lab 06 explains.

# %% tags=["latency"]
times = milliseconds(*variants.PATHS)


def measured(name):
    """Size, time and accuracy of a file, for the table and the chart."""
    right = int((found[name].argmax(axis=1) == labels).sum())
    low, high = binomtest(right, len(labels)).proportion_ci(method="wilson")
    return pareto.Measured(len(files[name]), times[name], right / len(labels), low, high)

# %% tags=["table"]
rows = {}
for name in variants.PATHS:
    each, parts = measured(name), anatomy(files[name])
    agree = (found[name].argmax(axis=1) == answers.argmax(axis=1)).mean()
    rows[name] = {
        "bytes": f"{each.bytes:,}", "ratio": f"{each.bytes / len(files['float']):.2f}",
        "operators": parts.operators.total(), "on floats": sum(float_operators(parts).values()),
        "right": f"{each.accuracy:.1%}", "95 % interval": f"{each.low:.1%} to {each.high:.1%}",
        "as float": f"{agree:.1%}", "mean error": f"{np.abs(found[name] - answers).mean():.0e}",
        "ms": f"{each.milliseconds:.2f}",
    }
pd.DataFrame(rows).T

# %% [markdown]
# *right*: of the test images. *as float*: the share of images on which the file chooses the same class as the model. *mean
# error*: of a probability. *ms*: the median time of one answer on this machine, one thread. For 16x8 this runtime has only
# plain reference kernels, and it shows.
#
# Look at *right* first. All intervals overlap: on these images **accuracy cannot decide**. The mean error is finer and
# does tell the files apart, and so do bytes and milliseconds.

# %% tags=["accuracy-holds"]
for name in ("dynamic range", "float16", "integer", "16x8"):
    lost = measured("float").accuracy - measured(name).accuracy
    assert abs(lost) <= 0.01, f"{name} lost {lost:.1%}"
print("within one point of float: dynamic range, float16, integer, 16x8")

# %% [markdown]
# A file is **dominated** when another is at least as good in everything and better in something: nobody should ship it
# for its figures. What is left is the **Pareto front**. **Predict.** Which of the eight are on it?

# %% tags=["pareto"]
all_eight = {name: measured(name) for name in variants.PATHS}
print("on the front:", ", ".join(pareto.front(all_eight)))
charts.pareto(all_eight)

# %% [markdown]
# Was your prediction at the beginning right? The smallest file holds int8 weights and nothing else; the calibrated files
# add the scales of their activations, and answer sooner. Files whose dots touch differ by the border only: their order
# on the clock is chance, so the front may show another of them next time.
#
# Why not ship what is on the front, always? Because not every device takes every file, and not everybody has data.
#
# ## 9 · Walk the tree
#
# The picture at the top, with buttons. Answer for a device that you have in mind. The answers end in settings; *Convert
# and measure* runs them on our model, now, and rings the place on the chart where you have landed.

# %% tags=["widget"]
def land(name):
    """Convert by a path and measure: what the widget says, and its chart."""
    files[name] = variants.variant(variants.freeze(model), name, seen)
    found[name] = open_model(files[name]).predict(inputs)
    times.update(milliseconds(name))
    one, chart = measured(name), {each: measured(each) for each in variants.PATHS}
    said = f"{one.bytes:,} bytes, {one.accuracy:.1%} right, {one.milliseconds:.2f} ms"
    return said, charts.pareto(chart, chosen=name)


widgets.Walk(land)

# %% [markdown]
# Two ends of the tree are no paths: a device for integers alone, and no data; or an operator that LiteRT lacks, on such a
# device. No setting helps there, only work: collect, or rewrite.
#
# ## 10 · From a device to a file
#
# The same without a person. What does the device ask of a file? `devices` holds it as plain data, with its sources.

# %% tags=["device"]
asked = devices.device(device)
print(f"{asked.name}: {asked.title}\n")
for each in devices.requirements(files["float"], device):
    print(f"{each.name:20} {each.needed}")
print("\nsource:", "\n        ".join(asked.sources))

# %% [markdown]
# The rule answers the questions of the tree from these data, and is short enough to read. Memory that is counted in
# kilobytes is a reason for integers too.

# %% tags=["rule"]
def answers_for(asked, data_at_hand):
    """The answers that the tree wants, for a device; our model lacks no operator."""
    takes_floats = asked.border is None or "float32" in asked.border
    return {
        "lacks_operator": False,
        "float_is_fine": False,
        "has_data": data_at_hand,
        "integers_only": not takes_floats or asked.arena is not None,
        "unsigned": asked.border is not None and "int8" not in asked.border,
    }


way = choice.choose(answers_for(asked, data_at_hand))
for question, answer in way.steps:
    print(f"{question.text} {'yes' if answer else 'no'}")
print("→", way.end)

# %% [markdown]
# **Predict.** Which of the device's demands would the float file miss? Here is the chosen file, demand by demand. Nothing
# is believed: every line is read from the file; the arena, where memory is scarce, is measured by running it.

# %% tags=["requirements"]
def demands(content, name):
    """What a device asks and what the file has, as a table."""
    rows = [vars(each) for each in devices.requirements(content, name)]
    frame = pd.DataFrame(rows).set_index("name")
    return frame.assign(met=frame["met"].map({True: "yes", False: "NO"}))


chosen = way.end if way.leads_on else "dynamic range"  # what can be had without data
if way.leads_on:
    assert devices.fits(files[chosen], device), devices.missing(files[chosen], device)

demands(files[chosen], device)

# %% [markdown]
# The assertion is the proof, as far as a file can prove anything: these are the makers' words, and the last test is the
# device itself. Run the lab for another one: `labs run 07 -p device microcontroller`, or without data:
# `labs run 07 -p device edge-tpu -p data_at_hand false`.
#
# ### The check list for an Edge TPU
#
# Its compiler goes through the graph from the start, and stops at the first operator that the chip lacks: that one and
# **all after it** run on the processor. So it is worth counting before compiling.
#
# **Predict.** Of the eight files, how many would run on it from beginning to end?

# %% tags=["edge-tpu", "nbval-check-output"]
for name in variants.PATHS:
    mapped, total = devices.on_edge_tpu(files[name])
    print(f"{name:14} {mapped:3} of {total:3} operators")

# %% [markdown]
# Nothing of a file with float activations goes there. The integer file with its float border almost does: QUANTIZE and
# DEQUANTIZE stay behind. (The compiler's own report of such a MobileNetV2, printed in issue 20 of `f0cal/google-coral`,
# says the same: all but these two.)
#
# ### Every file, every device
#
# **Predict.** Which device refuses most of the files? Which file is taken by all?

# %% tags=["fits-all", "nbval-check-output"]
fit = {
    path: {name: "fits" if devices.fits(files[path], name) else "—" for name in devices.DEVICES}
    for path in variants.PATHS
}
pd.DataFrame(fit).T

# %% tags=["missing-all", "nbval-check-output"]
import textwrap

for name in devices.DEVICES:
    refused = [path for path in variants.PATHS if not devices.fits(files[path], name)]
    print(name, "" if refused else "takes them all")
    for path in refused:
        why = devices.missing(files[path], name)
        print(f"    {path:14} {textwrap.shorten(why, 80, placeholder=' …')}")

# %% [markdown]
# One file is taken by all: full uint8, the least common denominator. And read the microcontroller's lines. The float file is
# too large for its flash memory, and its arena for its RAM. Dynamic range would fit into the flash, but its arena holds
# floats, and the kernels there do not mix floats with small weights. Float16 unpacks all its weights into the arena. Only
# calibrated files are left.
#
# The figures are upper limits: the program needs flash and RAM as well, and LiteRT for Microcontrollers plans its arena
# by itself, while ours was measured on this computer. For the browser, 16x8 was not tried: what fits on paper may still
# be refused.

# %% [markdown] tags=["support-matrix"]
# ## 11 · The support matrix
#
# A path is one of three choices. The others are the *route*, how the model reaches the converter (labs 01 and 02), and the
# *runtime*. All routes by all paths were tried on every runtime, and what came of it is kept: *right* is what is
# quantized as asked and answers as Keras does, *wrong* answers wrongly and says nothing, *refused* raises.
#
# **Predict.** On a wrong route, which paths warn you?

# %% tags=["support-matrix-table"]
from labutils.support import record as matrix

tried = matrix.recorded()
heading, *rows = matrix.table(tried)
pd.DataFrame(rows, columns=heading).set_index(heading[0])

# %% tags=["support-reasons"]
print("\n".join([*matrix.reasons(tried), "", matrix.versions(tried)]))

# %% [markdown]
# Four routes lose the weights. The paths that calibrate stop there, because calibration runs the model; the others give
# a file, and the file gives answers. Try one route anew, as `labs support --record` does with all of them:

# %% tags=["support-anew"]
from labutils.support.routes import ROUTES
from labutils.support.trial import measure

route = "from_concrete_functions([f], model)"
anew = measure({route: ROUTES[route]}).verdicts[route]
for path in ("float", "integer"):
    verdict = anew[path]["LiteRT"]
    print(f"{path:8} {verdict.state}: {verdict.reason}")
assert {path: each["LiteRT"] for path, each in anew.items()} == {
    path: each["LiteRT"] for path, each in tried.verdicts[route].items()
}

# %% [markdown]
# What was measured, by name, for whoever runs this lab many times with other parameters; `labs results` collects it.

# %% tags=["record"]
def in_letters(name):
    return name.replace(" ", "_")


for what, unit in {"bytes": "bytes", "accuracy": "share", "milliseconds": "ms"}.items():
    values = {in_letters(path): getattr(measured(path), what) for path in variants.PATHS}
    record(unit, **{f"{what}_{name}": value for name, value in values.items()})
record("", chosen_path=chosen, fits=devices.fits(files[chosen], device))

# %% [markdown]
# ## Exercises
#
# Replace each `...`, run the cell and then the one below it. `hint("07.choose_path")` helps, one step at a time;
# `solution("07.choose_path")` explains.

# %% [markdown]
# **Exercise 1 · Choose a path.** Write `choose_path(lacks_operator, has_data, integers_only)`, three times True or False:
# LiteRT lacks an operator of the model; there are representative data; the device takes integers only. It returns
# `"select"`, `"full_integer"`, `"integer"` or `"dynamic_range"`, or None where no path leads on. The device has
# Flex wherever floats are allowed, and the float file is too large.

# %% tags=["exercise-choose-path"]
def choose_path(lacks_operator, has_data, integers_only):
    ...

# %% tags=["check-choose-path"]
check("07.choose_path", choose_path)

# %% [markdown]
# **Exercise 2 · The front.** Write `pareto_front(files)`: `files` is a dictionary from name to a pair *(kilobytes,
# percent right)*. It returns the names of the files on the Pareto front, in any order: those for which no other file is
# at least as good in both figures and better in one.

# %% tags=["exercise-pareto-front"]
def pareto_front(files):
    ...

# %% tags=["check-pareto-front"]
check("07.pareto_front", pareto_front)

# %% [markdown]
# **Exercise 3 · Would it fit?** Write `fits_edge_tpu(model)`: `model` holds the bytes of a `.tflite` file. It returns
# True when every tensor is int8, uint8 or int32, and no size is free; else False. Leave the operators to the
# compiler.

# %% tags=["exercise-fits-edge-tpu"]
def fits_edge_tpu(model):
    ...

# %% tags=["check-fits-edge-tpu"]
check("07.fits_edge_tpu", fits_edge_tpu)

# %% [markdown]
# **Exercise 4 · Make it fit.** Write `for_edge_tpu(model, samples)`: `model` is a Keras model with one input, a free
# batch and operators that an Edge TPU has; `samples` is a float32 array of inputs as the device will see them, rows
# first. It returns the bytes of a `.tflite` file that the device takes: a batch of 1, integers throughout, int8 or uint8
# at its border, with answers nearly those of the model.

# %% tags=["exercise-for-edge-tpu"]
def for_edge_tpu(model, samples):
    ...

# %% tags=["check-for-edge-tpu"]
check("07.for_edge_tpu", for_edge_tpu)

# %% [markdown]
# **Exercise 5 · What is wrong with it?** Others convert, and you receive the files, for a device that takes integers only
# and wants fixed sizes. Write `diagnose(content)`: `content` holds the bytes of a `.tflite` file. It returns
# `"no weights"` if the file reads variables that are not in it (VAR_HANDLE, as in lab 01), `"free size"` if the batch or
# another size of any input is free, `"float inside"` if any tensor is float, and else `"fine"`. If several hold, it is
# the first of them in this order. Integers of every width are fine.

# %% tags=["exercise-diagnose"]
def diagnose(content):
    ...

# %% tags=["check-diagnose"]
check("07.diagnose", diagnose)

# %% [markdown]
# **Exercise 6 · Deliver.** The whole course in one function. Write `deliver(model, samples, most_bytes, takes)`: `model`
# is a trained Keras model with one input and a free batch; `samples` is a float32 array of inputs to calibrate with,
# rows first. The device has room for `most_bytes` bytes, and `takes` `"float32"`, `"int8"` or `"uint8"` at both ends.
# Return the bytes of a `.tflite` file with that border and a batch of 1, not above `most_bytes`. For float32 it is the
# first that fits of the paths float, float16, dynamic range and integer, the most exact one first. A device for int8 or
# uint8 takes integers throughout. Return None where nothing fits.

# %% tags=["exercise-deliver"]
def deliver(model, samples, most_bytes, takes):
    ...

# %% tags=["check-deliver"]
check("07.deliver", deliver)

# %% [markdown]
# ## Quiz
#
# What is the idea behind it? Choose an answer, and read why it is right, or what it overlooks. You may choose again.

# %% tags=["quiz"]
quiz("07")

# %% [markdown]
# ## What you have seen
#
# - You took eight paths with one model. Each asked for something: nothing, a line, data, an integer border, or a runtime
#   with Flex.
# - Accuracy could not tell the files apart, size and time could; only few of the eight were on the Pareto front.
# - A few questions about operators, data and device led to a path, or to work that no setting saves you.
# - For a device you chose a path by a rule, and proved from the file that it meets every demand.
#
# **Next:** lab 08 makes the model itself smaller before it is converted.
