# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
#   lab:
#     title: On-device AI, measured
#     minutes: 30
#     quick:
#       starts: 1
#       runs: 10
# ---

# %% [markdown]
# # 00 · On-device AI, measured
#
# ![](../img/1-features.png)
#
# Why run a neural network on a phone and not in a data centre? The usual reasons fit on one slide: small, quick, no
# connection, private, frugal. Here you measure them on your own computer, with one real model. Where something cannot be
# measured here, the text says so.
#
# **You will be able to**
#
# - name the parts of TensorFlow Lite, today LiteRT, and say where each of them runs;
# - weigh a model and all that is needed to run it;
# - measure a cold start, the latency of one answer, and a round trip to a server;
# - show that an answer needs no connection;
# - tell what your machine can accelerate, and which lab answers which question.
#
# *30 minutes · about 40 seconds of computing · about 1 GB of memory · no network · no GPU*

# %% tags=["parameters"]
starts: int = 3  # cold starts of each program [1..10]
runs: int = 100  # timed inferences of each rival [5..2000]
delay: int = 100  # milliseconds to the simulated server and back [0..300]

# %% tags=["given"]
from labutils.course.session import check_parameters, record

check_parameters("00", globals())

# %% tags=["setup"]
import subprocess
import sys
from pathlib import Path
from time import perf_counter

import numpy as np

from labutils import data, models
from labutils.paths import workdir
from labutils.show import charts, widgets
from labutils.tflite.latency import latency
from labutils.tflite.quiet import quiet  # holds back log lines
from labutils.tflite.runtime import open_model

work = workdir("00_on_device_ai")
pictures, labels = data.digits("test")  # 360 handwritten digits that no training has seen
images = data.for_mobilenet(pictures)  # float32, -1 to 1, shape (360, 64, 64, 3)
file = models.asset("mobilenet_v2_digits.tflite")

# %% [markdown]
# ## 1 · Small
#
# The model is MobileNetV2, made for phones, in its narrowest published width and trained to read digits. It comes with
# the course as a `.tflite` file, the format that devices run. The file is one half of the weight; the other is the
# program that runs it. TensorFlow can, and so can LiteRT's runtime, the package `ai-edge-litert`.
#
# **Predict.** How large is the file? How many times larger than the runtime is TensorFlow, installed?

# %% tags=["installed"]
from importlib.util import find_spec


def megabytes(path):
    parts = [path] if path.is_file() else [part for part in path.rglob("*") if part.is_file()]
    return sum(part.stat().st_size for part in parts) / 1e6


packages = ("tensorflow", "ai_edge_litert")
folders = {name: Path(find_spec(name).submodule_search_locations[0]) for name in packages}
weights = {"the model": megabytes(file)} | {name: megabytes(at) for name, at in folders.items()}
print(f"ratio of the packages: {weights['tensorflow'] / weights['ai_edge_litert']:.0f}")
charts.bars(weights, "megabytes", "A model, and two packages that run it")

# %% [markdown]
# The smaller package still carries more than an interpreter: a GPU back end, tools, plug-ins of several vendors. An app
# links only what it uses.
#
# Models for devices are light, and *may* be less accurate than those of a data centre. May: it depends on the task. Two
# models that come with the course, on the same images, each with its 95 % interval (lab 06 explains it):
#
# **Predict.** One file is 20 times as large as the other. How much more accurate is it?

# %% tags=["accuracy"]
from scipy.stats import binomtest

for name, inputs in (("digits_cnn", data.for_cnn(pictures)), ("mobilenet_v2_digits", images)):
    path = models.asset(f"{name}.tflite")
    right = int((open_model(path).predict(inputs).argmax(axis=1) == labels).sum())
    low, high = binomtest(right, len(labels)).proportion_ci(method="wilson")
    size = f"{path.stat().st_size / 1000:6,.0f} kB"
    print(f"{name:20} {size}   {right} of {len(labels)} right, interval {low:.1%} to {high:.1%}")

# %% [markdown]
# The intervals overlap: on small digits, 360 images cannot tell the two apart. On a hard task the difference shows. For
# ImageNet, 1,000 classes, the table of [Keras Applications](https://keras.io/api/applications/) gives top-1 accuracy
# and size: MobileNetV2 71.3 % with 14 MB, EfficientNetV2L 85.7 % with 479 MB. These figures are the table's, not ours.

# %% [markdown]
# ## 2 · Quick
#
# An app that is opened should answer at once. So start from nothing: a new process that loads its libraries, loads the
# model, and reads one digit. Here is that program twice, once with TensorFlow and Keras, once with LiteRT alone. Each
# prints its answer and the memory that it holds by then; the time is taken from outside, as a user would.
#
# **Predict.** How many seconds for each? How many megabytes?

# %% tags=["programs"]
(work / "with_tensorflow.py").write_text("""
import sys
import numpy as np, psutil
from labutils import models
model = models.mobilenet_v2_digits()  # imports Keras and TensorFlow, fills in the weights
answer = model(np.load(sys.argv[2])).numpy()
print(np.argmax(answer), psutil.Process().memory_info().rss)
""")
(work / "with_litert.py").write_text("""
import sys
import numpy as np, psutil
from ai_edge_litert.interpreter import Interpreter
interpreter = Interpreter(sys.argv[1])
interpreter.allocate_tensors()
interpreter.set_tensor(interpreter.get_input_details()[0]["index"], np.load(sys.argv[2]))
interpreter.invoke()
answer = interpreter.get_tensor(interpreter.get_output_details()[0]["index"])
print(np.argmax(answer), psutil.Process().memory_info().rss)
""")
np.save(work / "digit.npy", images[:1])

# %% tags=["cold-start"]
def first_answer(program):
    """The answer, the seconds until it stood there, the megabytes that the process then held."""
    command = [sys.executable, work / program, file, work / "digit.npy"]
    start = perf_counter()
    child = subprocess.run(command, capture_output=True, text=True, check=True)
    seconds = perf_counter() - start
    answer, memory = child.stdout.split()[-2:]
    return int(answer), seconds, int(memory) / 1e6


rivals = {"TensorFlow": "with_tensorflow.py", "LiteRT": "with_litert.py"}
seen = {name: [] for name in rivals}
for _ in range(starts):
    for name, program in rivals.items():  # in turns, so that a busy moment hits both
        seen[name].append(first_answer(program))

print("answers:", {name: each[0][0] for name, each in seen.items()}, " right:", labels[0])
charts.cold_starts({name: [found[1:] for found in each] for name, each in seen.items()})

# %% [markdown]
# The answer is the same. TensorFlow brings all that it takes to build and train models, and loads it first; the runtime
# only knows how to run a finished graph.
#
# After the start, what counts is **latency**, the time of one answer. Devices have little processing power, so
# inference must be quick enough for what it serves. A camera with 30 frames a second leaves 1000 / 30 ≈ 33 ms for
# each; whatever keeps up runs in *real time*.
#
# **Predict.** How many milliseconds does MobileNetV2 need for one image, and the small CNN, once they run? (Your
# processor is not a phone's, and 64 × 64 pixels are few: the figures do not carry over, the method does.)

# %% tags=["latency"]
runtime, small = open_model(file), open_model(models.asset("digits_cnn.tflite"))
image, small_image = images[:1], data.for_cnn(pictures[:1])
callers = {"MobileNetV2": lambda: runtime.run(image), "CNN": lambda: small.run(small_image)}
times = latency(callers, runs)
for name, each in times.items():
    print(f"{name}: {each.median:.2g} ms, {each.median / (1000 / 30):.1%} of a frame")
charts.latencies(times, "One image, input and output copied")

# %% [markdown]
# ## 3 · Take, convert, optimize
#
# ![](../img/8-tflite.png)
#
# That file was there already. Where does one come from? You **take** a trained model, existing or your own, **convert**
# it, and **optimize** it. A phone cannot use the Keras model as it stands, since Keras needs Python and TensorFlow.
# `export` writes a SavedModel, the **converter** reads it, and out comes one `.tflite` file. The converter runs where
# you develop, and takes several kinds of model: lab 01 tries them.
#
# Does the file compute what the model computes? *Parity*, the largest difference on the test images, tells.

# %% tags=["convert"]
from labutils.tflite.parity import parity

with quiet():
    import keras
    import tensorflow as tf

    model = models.mobilenet_v2_digits()
    model.export(work / "saved_model" / "1", verbose=False)
    converter = tf.lite.TFLiteConverter.from_saved_model(str(work / "saved_model" / "1"))
    content = converter.convert()

(work / "digits.tflite").write_bytes(content)
expected = model.predict(images, batch_size=60, verbose=0)
print(parity(work / "digits.tflite", expected, images, tolerance=1e-4))

# %% [markdown]
# **Predict.** The same weights in three forms: a `.keras` file, a SavedModel, a `.tflite` file. Which is the largest?

# %% tags=["sizes"]
model.save(work / "digits.keras")
names = {".keras": "digits.keras", "SavedModel": "saved_model", ".tflite": "digits.tflite"}
sizes = {form: megabytes(work / name) for form, name in names.items()}

stored = tf.train.list_variables(str(work / "saved_model" / "1" / "variables" / "variables"))
values = sum("VARIABLE_VALUE" in name for name, _ in stored)
print(f"variables: {len(model.variables)} in the model, {values} in the SavedModel")
charts.bars(sizes, "megabytes", "One model in three forms")

# %% [markdown]
# The SavedModel describes every computation in a general format, and `export` lists each variable under two names: both
# lists are stored. The `.tflite` file holds each weight once, and the forward pass, into which the normalization layers
# have been folded (section 6 lists its operators). So far the compactness cost nothing: the error is float32 rounding.
#
# A first look at the third step: `Optimize.DEFAULT` stores weights as 8-bit integers.
#
# **Predict.** What share of the size is left? How many of the 360 answers change?

# %% tags=["optimize"]
converter.optimizations = [tf.lite.Optimize.DEFAULT]
with quiet():
    optimized = converter.convert()

found = open_model(optimized).predict(images)
changed = int((found.argmax(axis=1) != expected.argmax(axis=1)).sum())
share = len(optimized) / len(content)
print(f"{len(content):,} bytes before, {len(optimized):,} after: {share:.0%}")
print(parity(optimized, expected, images, tolerance=0.1))
print(f"answers that change: {changed} of {len(labels)}")

# %% [markdown]
# A compact file at a small cost: the probabilities move, and you see how far, and how many answers change by it. Lab 04
# does this with care.

# %% [markdown]
# ## 4 · Near
#
# The other way to get an answer is to ask a server. Ours listens on this computer only, runs the same file, and holds
# each answer back for as long as we say, in place of a network. The question is the image's bytes, sent with POST.

# %% tags=["server"]
import json
import urllib.request

from labutils.tflite.server import serve

direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # without a proxy


def ask(server):
    with direct.open(server.url, data=image.tobytes()) as reply:
        return int(np.argmax(json.load(reply)["answer"]))


with serve(file) as server:
    answer = ask(server)
print(f"sent {image.nbytes:,} bytes; the server answers {answer}, right: {labels[0]}")

# %% [markdown]
# **Predict.** With no delay at all, is asking the server as quick as asking the interpreter? From which delay on does
# a camera lose frames?

# %% tags=["round-trips"]
def milliseconds_to_ask(delay_ms, asked=5):
    with serve(file, delay_ms) as server:
        return latency({"server": lambda: ask(server)}, runs=asked, warmup=1)["server"].median


trips = {"on the device": times["MobileNetV2"].median}
for wait in sorted({0, 20, delay}):
    trips[f"server, {wait} ms away"] = milliseconds_to_ask(wait)
frame = (1000 / 30, "one frame at 30 a second")
charts.bars(trips, "milliseconds", "One answer, with a simulated network", frame)

# %% [markdown]
# Here, making a request and reading the reply costs more than the inference itself, before any distance; then the delay
# is added in full. On the device there is no such part: it needs no connection, and goes on in a tunnel. Choose a
# distance:

# %% tags=["widget"]
import ipywidgets


def both_ways(milliseconds):
    here, there = trips["on the device"], milliseconds_to_ask(milliseconds, asked=3)
    verdict = "keeps up with" if there <= 1000 / 30 else "is too slow for"
    times = f"device <b>{here:.2f} ms</b> &nbsp; server <b>{there:.0f} ms</b>"
    return f"{times}: the server {verdict} 30 frames a second"


slider = ipywidgets.IntSlider(delay, min=0, max=300, step=10, continuous_update=False)
widgets.explore(slider, both_ways, "ms away")

# %% [markdown] tags=["power"]
# **Power.** A network costs energy too: a radio must be woken, and stays awake for a while after the last byte. That
# cannot be measured here; it takes a phone and a meter. A study of phones found 4G (LTE) *as much as 23 times less power
# efficient compared with WiFi*, with the long high-power tail as a key contributor (J. Huang et al., *A Close Examination
# of Performance and Power Characteristics of 4G LTE Networks*, MobiSys 2012, abstract). Phones and networks have changed
# since: keep the reason, not the figure.

# %% [markdown]
# ## 5 · Private
#
# What is computed in the process need not leave it. That can be tested: Python reports every use of a socket to an
# *audit hook*, and a hook that raises forbids it. This program forbids itself all of them, tries to reach out, and then
# reads a digit.
#
# **Predict.** Which of the two succeeds?

# %% tags=["private"]
(work / "private.py").write_text("""
import socket, sys
import numpy as np

def forbid(event, arguments):
    if event.startswith("socket."):
        raise PermissionError(f"{event} is forbidden in this process")

sys.addaudithook(forbid)  # cannot be removed again
try:
    socket.create_connection(("192.0.2.1", 443), timeout=5)  # an address kept for examples
except OSError as refused:
    print("reaching out:", refused)

exec(open(sys.argv[3]).read())  # the program with_litert.py
""")
words = [work / "private.py", file, work / "digit.npy", work / "with_litert.py"]
child = subprocess.run([sys.executable, *words], capture_output=True, text=True, check=True)
refused, answered = child.stdout.splitlines()
print(refused, "\nreading a digit:", answered.split()[0], " right:", labels[0])

# %% [markdown]
# It answered without a socket, so the image went nowhere. What does that prove? The hook sees Python's sockets, not those
# that native code might open behind it. The tests of this course are stricter: where Linux permits it, they run every lab
# in a *network namespace* that holds nothing but the machine itself. And privacy is a property of the whole app: the
# interpreter keeps the image to itself, but what your code does with the answer is up to you.

# %% [markdown]
# ## 6 · The parts
#
# ![](../img/3-architecture.png)
#
# Two parts do the work. The **converter** you have used; it lives on your computer. The **interpreter** lives on the
# device. It stays small by knowing a *reduced set of operators*: what a model needs must be expressed in these.

# %% tags=["operators", "nbval-check-output"]
from ai_edge_litert.schema_py_generated import BuiltinOperator

from labutils.tflite.anatomy import anatomy

known = [name for name in vars(BuiltinOperator) if name.isupper()]
used = anatomy(models.asset("mobilenet_v2_digits.tflite")).operators
print(f"the file format knows {len(known)} operators; MobileNetV2 uses {len(used)} of them:")
print(*(f"{name} × {count}" for name, count in used.most_common()), sep=", ")

# %% [markdown]
# Lab 06 looks closer at operators; lab 05 is about those that are missing.
#
# The interpreter is also *less dynamic* with memory than TensorFlow. Before the first run it looks through the graph and
# gives each intermediate result, an **activation**, a place in one block, the **arena**. Once a result is no longer
# needed, its place is given to another. The plan is meant to make loading, starting and running quick.
#
# **Predict.** Side by side, all activations of this model need about a megabyte. How large is the arena?

# %% tags=["arena"]
from labutils.tflite.arena import arena

plan, kept = arena(file), arena(file, reuse=False)
print(f"{plan.tensors} tensors, {plan.total / 1000:,.0f} kB in all")
print(f"arena: {plan.span / 1000:,.0f} kB, {plan.span / plan.total:.0%} of that")
print(f"if every tensor must be kept to the end: {kept.span / 1000:,.0f} kB")
charts.memory_map(plan, f"MobileNetV2: {plan.tensors} tensors in one block")

# %% [markdown]
# Each rectangle is a tensor: its width is how long it is needed, its height how much it holds. The band at the bottom
# is the input, which is kept. The long flat ones are the shortcuts of MobileNetV2's blocks, which wait for their sum.
# The white patch at the left is in use as well: it is scratch space of a kernel, whose step the interpreter does not
# tell. The peak, in the first blocks, decides how much memory a device must have. These places were read from an
# interpreter without delegates; XNNPACK, which is on by default, keeps memory of its own.

# %% [markdown]
# ## 7 · Devices and delegates
#
# LiteRT runs on Android, iOS, Linux, macOS and Windows, on small boards and in browsers; microcontrollers have a
# project of their own. Where a device has an accelerator, libraries for it make inference quicker. A **delegate** is the
# way to them: it takes over all or part of the graph, and computes it in its own way or on other hardware.
#
# ![](../img/5-delegates.png)
#
# XNNPACK is a delegate for the processor. It is on unless you say otherwise, so it can be compared here. The others need
# hardware that your computer may lack; a delegate is a library, so try to load it. The GPU is asked for through
# `CompiledModel`, in a process of its own, since a failing driver can take its process with it.
#
# **Predict.** How many times slower is the model without XNNPACK? Which of the others are refused?

# %% tags=["delegates"]
from ai_edge_litert.interpreter import load_delegate

plain = open_model(file, xnnpack=False)
times = latency({"XNNPACK": runtime.invoke, "built-in kernels": plain.invoke}, runs)
here = {name: f"runs, {each.median:.2g} ms an image" for name, each in times.items()}
ratio = times["built-in kernels"].median / times["XNNPACK"].median
print(f"without XNNPACK an image takes {ratio:.1f} times as long")

with quiet():
    try:
        load_delegate("libedgetpu.so.1")
        here["Edge TPU"] = "its library is installed"
    except (OSError, ValueError) as error:
        here["Edge TPU"] = f"no: {error}"

# %% tags=["what-runs-here"]
import platform
from importlib.metadata import distribution

import pandas as pd

program = """import sys
from ai_edge_litert.compiled_model import CompiledModel, HardwareAccelerator
CompiledModel.from_file(sys.argv[1], hardware_accel=HardwareAccelerator.GPU)"""
child = subprocess.run([sys.executable, "-c", program, file], capture_output=True, text=True)
said = [line.split("] ")[-1] for line in child.stderr.splitlines() if line.startswith("ERROR")]
here["GPU"] = f"no: {said[0] if said else 'no reason given'}" if child.returncode else "compiles"
here["NNAPI"] = "not tried: it exists on Android only"

wheel = distribution("ai-edge-litert").read_text("WHEEL")
print("this runtime was built for", wheel.split("Tag: ")[1].split("\n")[0])
pd.set_option("display.max_colwidth", None)
computer = f"on this computer ({platform.system()}, {platform.machine()})"
pd.DataFrame({computer: here}).rename_axis("hardware or delegate")

# %% [markdown] tags=["performance"]
# How much can it matter? Here is MobileNetV2 in the size in which it was published, on the machine that built this page.
# (int8 are weights and activations of 8 bits, the subject of lab 04.)
#
# ![](../img/4-performance.png)
#
# TensorFlow brings good kernels, too. What makes `predict` slow is everything around them: it is made for many images at a
# time. XNNPACK makes the difference among the bars of LiteRT, and integers make another.

# %% [markdown] tags=["elsewhere"]
# What the last rows of the table would do elsewhere:
#
# - **GPU.** In Kotlin, with the packages `com.google.ai.edge.litert:litert` and `litert-gpu` 2.3.0, as published Android
#   code calls them (read, not run here):
#
#   ```kotlin
#   val model = CompiledModel.create(
#     context.assets, "digits.tflite", CompiledModel.Options(Accelerator.GPU), null)
#   ```
# - **NNAPI**, Android's Neural Networks API, was one door to all accelerators of a phone. *Today it is deprecated, since
#   Android 15*; its migration guide points to the runtime in Google Play services and to the GPU delegate.
# - **Edge TPU.** A small and frugal chip for deep learning: 4 trillion operations a second at 2 watts, by its maker's
#   account. Older material says that it trains, too. *Today: it runs finished models, in 8-bit integers only; on the
#   device, the last layer alone can be trained anew.*
#
# Lab 04 makes such integers; lab 09 measures delegates.

# %% [markdown] tags=["techniques"]
# ## 8 · Start from what exists, then optimize
#
# Optimization is about **size, latency and power**. The techniques, and where you measure them:
#
# ![](../img/6-techniques.png)
#
# | technique | what it does | lab |
# |---|---|---|
# | quantization | stores weights, and perhaps activations, with fewer bits | 04 |
# | pruning | sets weights to zero that matter little | 08 |
# | clustering | lets many weights share a few values | 08 |
# | topology | begins with a more efficient network | 02, 08 |
#
# Few people train from nothing: pre-trained models exist for common tasks. How many come with Keras alone, and what
# comes with this course? (Keras downloads weights on first use; lab 02 uses some that are already here.)

# %% tags=["pretrained"]
builders = [name for name in dir(keras.applications) if name[0].isupper()]
mobile = [name for name in builders if "Mobile" in name]
print(f"keras.applications: {len(builders)} models, for mobile devices {', '.join(mobile)}")
print("with the course:", ", ".join(sorted(path.name for path in models.ASSETS.glob("*.tflite"))))

# %% [markdown]
# ## 9 · Names
#
# In 2024 TensorFlow Lite became **LiteRT**. New: the package `ai-edge-litert`, imported as `ai_edge_litert`, and
# `CompiledModel` beside the interpreter. Unchanged: the file's ending, the four letters inside that say what it is, and
# the converter, which still comes with TensorFlow. So both names will meet you, often on one page.

# %% tags=["names", "nbval-check-output"]
from ai_edge_litert.interpreter import Interpreter

print("bytes 4 to 8 of the file:", content[4:8])
print("runs it:    ", Interpreter.__module__)
print("converts it:", tf.lite.TFLiteConverter.__module__)

# %% [markdown]
# What was measured, by name, for whoever runs this lab many times with other parameters; `labs results` collects it.

# %% tags=["record"]
record("MB", tensorflow=weights["tensorflow"], litert=weights["ai_edge_litert"])
record("bytes", float_file=len(content), optimized_file=len(optimized))
record("ms", xnnpack=times["XNNPACK"].median, builtin_kernels=times["built-in kernels"].median)
record("answers", changed_by_optimizing=changed)

# %% [markdown]
# ## 10 · Where to find what
#
# In one line, what this course is about:
#
# ![](../img/29-basic-model-running.png)
#
# | your question | lab |
# |---|---|
# | How does a trained model become a file, and is it right? | 01 |
# | How do I convert a real, pre-trained network? | 02 |
# | What can I do from the command line? | 03 |
# | How do I make it smaller and quicker, at what cost? | 04 |
# | What if an operator is missing? | 05 |
# | How do I run and test a file before I deploy it? | 06 |
# | Which path through optimization suits me? | 07 |
# | What do pruning and a better topology bring? | 08 |
# | How quick is it, and which delegate helps? | 09 |
# | How does it get onto a phone or into a browser? | 10 |
# | Why does my old code fail, or lie? | 11 |

# %% [markdown]
# Labs 01 to 10 end with exercises and a quiz. What you have answered is noted in the file
# `build/progress.json`, on this computer and nowhere else. How far are you? `labs progress` tells it on a terminal, too.

# %% tags=["progress"]
from labutils.show.progress import progress

progress()

# %% [markdown]
# ## What you have seen
#
# - A converter on your computer, an interpreter on the device, and delegates that take over where there is hardware.
# - You weighed one model in three forms, and two packages that run it; these differ far more than the forms do.
# - You timed a cold start, one answer, and a round trip, in which the request alone cost more than the inference.
# - A process that was forbidden every socket answered all the same.
# - You know what your machine runs and what it refuses, each with its reason, and where to go for the rest.
#
# **Next:** lab 01 takes the smallest model there is through the same steps, slowly, and meets a conversion that goes
# wrong without a word.
