# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
#   lab:
#     title: Delegates and speed
#     minutes: 60
#     quick:
#       width: 0.35
#       pixels: 96
#       images: 60
#       samples: 20
#       runs: 20
#     variants:
#       width: [0.5, 0.75, 1.0]
#       images: 200..360
# ---

# %% [markdown]
# # 09 · Delegates and speed
#
# ![](../img/5-delegates.png)
#
# *How quick is it, why, and would other hardware be quicker?* Lab 06 put two medians side by side. Here you learn to
# trust a measurement, look into the graph that a **delegate** leaves behind, take a network apart operator by
# operator, and compare each with what your processor could do at best. At the end you ask for a GPU, and meet an
# honest answer.
#
# **You will be able to**
#
# - measure a latency so that somebody else would find the same, and tell a difference from noise;
# - read which operators a delegate has taken, and explain a model that got slower by quantization;
# - find the operators that cost the time, and say what bounds each: arithmetic or memory;
# - ask for an accelerator, read its refusal, and hold a maker's figure against a measurement.
#
# *60 minutes · about half a minute of computing · 1.5 GB of memory · no network · no GPU*

# %% tags=["parameters"]
width: float = 1.0  # width of the MobileNetV2 that is taken apart {0.35, 0.5, 0.75, 1.0}
pixels: int = 224  # height and width of its images [64..224]
images: int = 360  # test images that the small files are judged on [60..360]
samples: int = 100  # training images to calibrate with [10..500]
threads: int = 2  # threads to compare with one [2..16]
runs: int = 100  # timed runs of each rival [10..1000]
seed: int = 7  # of random weights and inputs [0..1000]

# %% tags=["given"]
from labutils.course.session import check_parameters, record

check_parameters("09", globals())

# %% tags=["setup"]
import subprocess
import sys

import numpy as np
import pandas as pd

from labutils import data, models
from labutils.exercises import check, hint, quiz, solution
from labutils.paths import workdir
from labutils.show import charts, speed, tables, widgets
from labutils.tflite import arithmetic, compiled, partition, variants
from labutils.tflite.latency import latency
from labutils.tflite.quiet import quiet
from labutils.tflite.runtime import open_model

with quiet():
    import keras
    import tensorflow as tf

folder = workdir("09_delegates_and_speed")

# %% [markdown] tags=["one-run"]
# ## 1 · One run is no measurement
#
# The subject: MobileNetV2 for digits, as it ships with the course. **Predict.** The same image, the same file, thirty
# times in a row. How much do the thirty times differ?

# %% tags=["first-runs"]
from time import perf_counter_ns

small = open_model(models.asset("mobilenet_v2_digits.tflite"))
first_runs = []
for _ in range(30):
    start = perf_counter_ns()
    small.invoke()
    first_runs.append((perf_counter_ns() - start) / 1000)

print("µs, the first three:", " ".join(f"{each:.0f}" for each in first_runs[:3]))
print("µs, the last three: ", " ".join(f"{each:.0f}" for each in first_runs[-3:]))

# %% [markdown]
# The first run finds cold caches and pages that were never touched: **warm up**, and do not count it. (Unless the
# first answer is what your user waits for; then measure just that, as lab 00 does.) Later runs still differ. So take
# many, and describe them by numbers that a few odd ones cannot move:

# %% tags=["quantiles"]
quiet_runs = latency({"small": small.invoke}, runs=10 * runs, warmup=20)["small"]
print(quiet_runs)
spread = quiet_runs.milliseconds
print(f"mean {spread.mean():.3g} ms, longest {spread.max():.3g} ms")

# %% [markdown]
# The **median** has half of the runs below it. The **middle half** lies between the 25 % and the 75 % percentile; its
# width is the *interquartile range*. The 95 % percentile is for whoever has to be in time nearly always.
#
# **Predict.** Now we start as many busy processes as there are processors, measure, and end them. Which moves more,
# the mean or the median?

# %% tags=["burst"]
from labutils.tflite.noise import busy

with busy():
    busy_runs = latency({"small": small.invoke}, runs=10 * runs, warmup=20)["small"]
after = latency({"small": small.invoke}, runs=10 * runs, warmup=20)["small"]

means = [each.milliseconds.mean() for each in (quiet_runs, busy_runs)]
print(f"the mean is {means[1] / means[0]:.2f} times that of the quiet section,",
      f"the median {busy_runs.median / quiet_runs.median:.2f} times")
speed.in_order({"quiet": quiet_runs, "busy on purpose": busy_runs, "quiet again": after})

# %% [markdown]
# Most runs of a model as short as this one fit between two interruptions, and cost what they cost before. A few wait
# until the operating system gives the processor back, and these few pull the mean. Load that lasts longer, or that
# shares caches and clock rate, moves the median as well: no statistic repairs a busy machine.
#
# So load has to hit all rivals alike. **Interleave**: a few runs of the one, a few of the other, and round again.
# `latency` does so. What could go wrong without it? Here is one model against *itself*:

# %% tags=["interleaved"]
twin = open_model(models.asset("mobilenet_v2_digits.tflite"))
with busy():
    before = latency({"itself": small.invoke}, runs=10 * runs)["itself"]
then = latency({"twin": twin.invoke}, runs=10 * runs)["twin"]  # the load has ended in between
turns = latency({"itself": small.invoke, "twin": twin.invoke}, runs=10 * runs)

apart = before.milliseconds.mean() / then.milliseconds.mean()
together = turns["itself"].median / turns["twin"].median
print(f"one after the other, means: {apart:.2f} times as long as itself")
print(f"in turns, medians:          {together:.2f} times as long as itself")

# %% [markdown] tags=["real-time"]
# ### Quick enough?
#
# Devices have little processing power, and some answers have to be in time: a camera of 30 frames a second leaves 33
# ms for each. The median says nothing about the frame that is late. Look at the slow end:

# %% tags=["frames"]
budget = 1000 / 30  # ms
for name, times in {"quiet": quiet_runs, "busy": busy_runs}.items():
    half, nearly_all, longest = (times.percentile(share) / budget for share in (50, 99, 100))
    print(f"{name:6} median {half:.1%} of a frame,",
          f"99 % percentile {nearly_all:.1%}, longest {longest:.1%}")

# %% [markdown]
# This net is tiny and your computer is no phone. On a Pixel 2's big core MobileNetV2 in full size took 89 ms in
# float, by LiteRT's page `model_optimization.md`: under 12 frames a second, until it was made integer (54 ms with
# training for it).
#
# ## 2 · A second opinion
#
# LiteRT's Python package brings a tool of its own, `litert-benchmark`. If it and we find the same, both may be right;
# so give it a model that takes its time: MobileNetV2 of the published size. Its weights are random, which times do
# not mind.

# %% tags=["full-size"]
keras.utils.set_random_seed(seed)
rng = np.random.default_rng(seed)
picture = rng.uniform(-1, 1, (1, pixels, pixels, 3)).astype(np.float32)
with quiet():
    large = models.mobilenet_v2_digits(weights=None, alpha=width, image_size=pixels)
    expected = large(picture)

three = ["float", "dynamic range", "full int8"]  # one picture to calibrate with will do
large_files = variants.variants(variants.freeze(large), picture, three)
full = large_files["float"]
found = open_model(full).predict(picture)
assert np.allclose(found, expected, atol=1e-5)
path = folder / "full_size.tflite"
path.write_bytes(full)
print(f"{large.count_params():,} parameters, {len(full):,} bytes")

del large  # its weights are in the files

# %% tags=["tool"]
import json


def tool(path):
    """The median of litert-benchmark in milliseconds, measured by a process of its own."""
    result = folder / "benchmark.json"
    module = "ai_edge_litert.tools.benchmark_litert_model"  # the command litert-benchmark
    command = [sys.executable, "-m", module, "--model", path, "--num_runs", runs]
    command += ["--warmup_runs", 10, "--num_threads", 1, "--result_json", result]
    subprocess.run(list(map(str, command)), check=True, capture_output=True)
    return json.loads(result.read_text())["latency"]["median_ms"]


def side_by_side(path, rounds=5):
    """Our median and the tool's, turn about: the middle one of each."""
    run = open_model(path).invoke
    pairs = [(latency({"": run}, runs=runs)[""].median, tool(path)) for _ in range(rounds)]
    return np.median(pairs, axis=0)

# %% tags=["second-opinion"]
for file in (path, models.asset("mobilenet_v2_digits.tflite"), models.asset("digits_cnn.tflite")):
    ours, theirs = side_by_side(file)
    ratio = f"ratio {ours / theirs:.2f}" if theirs else "no ratio"
    print(f"{file.name:28} ours {ours:.4f} ms, litert-benchmark {theirs:.2f} ms, {ratio}")

# %% [markdown]
# On the large model the two should differ by a few percent. On short ones the tool's two decimals are too coarse: its
# figure for the last may be off by half of itself, or more. What is left is the price of the *call*. The tool runs
# through `CompiledModel`, we through `Interpreter`; how long do they take to do almost nothing?

# %% tags=["call-overhead"]
neuron = open_model(models.asset("neuron.tflite"))  # one multiplication
rivals = {"an empty function": lambda: None, "one neuron, Interpreter": neuron.invoke}
calls = latency(rivals, runs=10 * runs)
x = np.ones((1, 1), np.float32)
through = compiled.run(models.asset("neuron.tflite"), x, runs=10 * runs)  # in a child process
calls["one neuron, CompiledModel, answer read"] = through.latency
for name, times in calls.items():
    print(f"{1000 * times.median:6.2f} µs  {name}")

# %% [markdown]
# Microseconds a call: that matters for a neuron, and hardly for anything larger.

# %% [markdown] tags=["delegate"]
# ## 3 · What a delegate does
#
# The picture at the top: when its tensors are allocated, the interpreter shows the graph to a **delegate**, which
# says what it can compute. Each stretch of such operators is cut out, and one node `DELEGATE` takes its place. Behind
# it may be a GPU, an NPU, or a library for the processor; XNNPACK is one, and on by default.
#
# A net of four convolutions, with a normalization after each: every pixel's 16 numbers are scaled to length 1.

# %% tags=["nets"]
def net(normalize):
    """Four convolutions, and something after each."""
    keras.utils.set_random_seed(seed)
    x = image = keras.Input((32, 32, 16), name="image")
    for _ in range(4):
        x = keras.layers.Conv2D(16, 3, padding="same")(x)
        x = normalize(x)
    return keras.Model(image, x, name="net")


image = rng.uniform(-1, 1, (1, 32, 32, 16)).astype(np.float32)
with quiet():
    one_op = net(keras.layers.Lambda(lambda x: tf.nn.l2_normalize(x, axis=-1)))
    expected = one_op(image)

normalized = variants.variant(variants.freeze(one_op), "float")
assert np.allclose(open_model(normalized).predict(image), expected, atol=1e-5)

# %% [markdown]
# The interpreter lists its nodes: first all of the file, then those that a delegate has put in their place. (The
# underscore says that this call is private and may change.) **Predict.** How many DELEGATE nodes will there be?

# %% tags=["nodes", "nbval-check-output"]
from ai_edge_litert.interpreter import Interpreter

with quiet():
    interpreter = Interpreter(model_content=normalized)
    interpreter.allocate_tensors()

for node in interpreter._get_ops_details():
    print(node["index"], node["op_name"])

# %% [markdown]
# Four: each convolution alone. XNNPACK lacks `L2_NORMALIZATION`, so the graph falls into pieces. `partition.plan`
# puts the list in the order of execution, brackets round what XNNPACK computes:

# %% tags=["plan", "nbval-check-output"]
for name, xnnpack in {"without": False, "with XNNPACK": True}.items():
    plan = partition.plan(normalized, xnnpack)
    by_delegate = f"{plan.partitions} by the delegate, {plan.taken} operators taken"
    print(f"{name}: {len(plan.steps)} steps, {by_delegate}")
    print(f"  {plan}")

# %% [markdown]
# Which operators a delegate has changes with its version: the delegate in the picture leaves `SIN` to a kernel,
# today's XNNPACK takes it. Do not learn lists; count.
#
# ### The cure: other operators
#
# Keras has a layer for the same thing, `UnitNormalization`, made of squares, sums and roots. **Predict.** More
# operators, fewer pieces: is it quicker?

# %% tags=["cure"]
with quiet():
    many_ops = net(keras.layers.UnitNormalization(axis=-1))
rewritten = variants.variant(variants.freeze(many_ops), "float")
assert np.allclose(open_model(rewritten).predict(image), expected, atol=1e-5)

plan = partition.plan(rewritten)
left = ", ".join(plan.left) or "none"
print(f"{len(plan.names)} operators, {plan.partitions} piece, left to kernels: {left}")

# %% tags=["cure-latency"]
def prepared(file, **how):
    """A model with random numbers at its inputs: on zeros some kernels are quicker."""
    model = open_model(file, **how)
    for spec in model.inputs.values():
        real = rng.uniform(-1, 1, [abs(size) for size in spec.shape])
        model.interpreter.set_tensor(spec.index, spec.quantize(real.astype(np.float32)))
    return model


rivals = {"one operator, in pieces": prepared(normalized)}
rivals["many, in one piece"] = prepared(rewritten)
rivals["one operator, no XNNPACK"] = prepared(normalized, xnnpack=False)
cured = latency({name: model.invoke for name, model in rivals.items()}, runs=runs)
charts.latencies(cured, "Two ways to normalize")

# %% [markdown]
# Whether the rewriting pays depends on the kernel that it avoids, so both were measured. Where the delegate is a GPU,
# a piece less is worth much more, as section 8 explains.
#
# ### What does a crossing cost?
#
# To see the price of the pieces alone, take the same operators in the same kernels, once in one piece and once each
# in a piece of its own. An option of the interpreter does that. The chain: 24 convolutions of 1 × 1, on images of
# several sizes.

# %% tags=["chain"]
with quiet():
    x = start_image = keras.Input((4, 4, 8), name="image")
    for _ in range(24):
        x = keras.layers.Conv2D(8, 1)(x)
    chain = variants.variant(variants.freeze(keras.Model(start_image, x, name="chain")), "float")


def in_pieces(side, apart):
    """The chain for images of side × side, in one piece, or in as many as there are operators."""
    with quiet():
        made = Interpreter(
            model_content=chain, num_threads=1, experimental_disable_delegate_node_fusion=apart
        )
        made.resize_tensor_input(made.get_input_details()[0]["index"], [1, side, side, 8])
        made.allocate_tensors()
    return made

# %% tags=["crossings"]
sides, price = [1, 2, 4, 8, 16, 32, 64], {}
for side in sides:
    both = {"one piece": in_pieces(side, False), "24 pieces": in_pieces(side, True)}
    times = latency({name: each.invoke for name, each in both.items()}, runs=2 * runs)
    price[side] = {name: each.median for name, each in times.items()}

saved = price[4]["24 pieces"] - price[4]["one piece"]
print(f"a crossing, on images of 4 × 4: {1e6 * saved / 23:.0f} ns")
ratios = [price[side]["24 pieces"] / price[side]["one piece"] for side in sides]
axes = ("side of the image, pixels", "times as long as in one piece")
speed.lines(sides, {"": ratios}, axes, "The price of 24 pieces")

# %% [markdown]
# On a processor a crossing is a function call: both sides see the same memory. It is felt only where the operators do
# next to nothing. So what a partly taken model loses *here* is that the operators left over run on plainer kernels.
# That is next.

# %% [markdown] tags=["on-and-off"]
# ## 4 · XNNPACK on and off
#
# Hardware acceleration libraries help, says the material. Two nets, four files of each, with and without.
# **Predict.** In which of the eight does XNNPACK help least?

# %% tags=["files"]
names = ["float", "float16", "dynamic range", "full int8"]
pictures, labels = (each[:images] for each in data.digits("test"))
seen = data.digits("train")[0][:samples]
prepare = {"MobileNetV2": data.for_mobilenet, "digits CNN": data.for_cnn}
with quiet():
    nets = {"MobileNetV2": models.mobilenet_v2_digits()}
    nets["digits CNN"] = models.digits_cnn("digits")

files = {}
for net_name, model in nets.items():
    calibration = prepare[net_name](seen)
    for name, content in variants.variants(variants.freeze(model), calibration, names).items():
        files[f"{net_name}, {name}"] = content

# %% tags=["files-agree"]
right = {}
for name, content in files.items():
    net_name = name.split(",")[0]
    answers = open_model(content).predict(prepare[net_name](pictures))
    right[name] = (answers.argmax(axis=1) == labels).mean()
    assert abs(right[name] - right[f"{net_name}, float"]) <= 0.02, name
print("within two points of float:", ", ".join(names[1:]))

# %% tags=["delegate-on-off"]
rivals = {}
for name, content in files.items():
    for xnnpack in (True, False):
        rivals[name, xnnpack] = prepared(content, xnnpack=xnnpack).invoke
on_off = {name: each.median for name, each in latency(rivals, runs=runs).items()}

heights = {"XNNPACK": [], "the interpreter's own kernels": []}
for name in names:
    for heading, xnnpack in zip(heights, (True, False), strict=True):
        heights[heading].append(on_off[f"MobileNetV2, {name}", xnnpack])
figure = charts.columns(names, heights, ("file", "milliseconds"), "MobileNetV2, one digit")
figure.axes[0].margins(y=0.35)  # room for the legend
figure

# %% tags=["delegate-on-off-table"]
rows = {}
for name, content in files.items():
    plan = partition.plan(content)
    rows[name] = {
        "right": f"{right[name]:.1%}",
        "operators": len(plan.names), "taken": plan.taken, "pieces": plan.partitions,
        "XNNPACK, µs": f"{1000 * on_off[name, True]:.1f}",
        "own kernels, µs": f"{1000 * on_off[name, False]:.1f}",
        "gain": f"{on_off[name, False] / on_off[name, True]:.1f} ×",
    }
pd.DataFrame(rows).T

# %% [markdown]
# Read the columns *taken* and *pieces*. One file of MobileNetV2 is in many pieces. What was left out?

# %% tags=["dynamic-left"]
from collections import Counter

plan = partition.plan(files["MobileNetV2, dynamic range"])
print("left to the interpreter:", dict(Counter(plan.left)))
print("\nso many in one piece, and | for one that is left:")
print(" ".join(str(len(step.operators)) if step.delegated else "|" for step in plan.steps))

# %% [markdown]
# Depthwise convolutions with int8 weights and float activations are computed by a kernel of the interpreter, the rest
# by XNNPACK. Whether *that* is why the file is slow, section 6 measures. (Float16 has more operators: they unpack the
# weights to float32. The table says what that costs an answer.)

# %% [markdown] tags=["threads"]
# ## 5 · Threads and batches
#
# **Predict.** Does a second thread halve the time? For both nets?

# %% tags=["threads-latency"]
rivals = {}
for name, content in {"full size": full, "for digits": files["MobileNetV2, float"]}.items():
    for count in (1, threads):
        label = f"{name}, {count} thread{'s' * (count > 1)}"
        rivals[label] = prepared(content, threads=count).invoke
by_threads = latency(rivals, runs=runs)
tables.latencies(by_threads)

# %% [markdown]
# Threads share an operator's work and meet at its end, at every operator. Where an operator takes a few microseconds
# the meeting can cost as much as it saves. Where another program is busy, all threads wait for the one that has to
# wait. And a device's processor has large and small cores, other apps, and a battery: measure there.
#
# A **batch** gives each operator more to do at a time. **Predict.** The time of one image, in batches of 1 to 64?

# %% tags=["batches"]
def batched(size):
    """The shipped file, whose batch is free, for so many images at a time."""
    made = open_model(models.asset("mobilenet_v2_digits.tflite")).interpreter
    with quiet():
        made.resize_tensor_input(made.get_input_details()[0]["index"], [size, 64, 64, 3])
        made.allocate_tensors()
    return made


sizes = [1, 2, 4, 8, 16, 32, 64]
rivals = {size: batched(size).invoke for size in sizes}
in_batches = latency(rivals, runs=max(10, runs // 2), warmup=2)
per_image = [1000 * in_batches[size].median / size for size in sizes]
speed.lines(sizes, {"": per_image}, ("batch size, images", "µs an image"), "Batches")

# %% [markdown]
# On the processor that this page was made on, an image first gets cheaper: what is done once a call is shared. Then the
# activations outgrow the caches, and it turns. A camera app has a batch of 1 anyway; an album sorted overnight has not.

# %% [markdown] tags=["by-operator"]
# ## 6 · Operator by operator
#
# Where do the milliseconds go? LiteRT's C++ tool `benchmark_model` can profile operators; the Python package has no
# such option. We have the file, and cut it up: **each operator becomes a file of its own**, with its weights, and is
# timed alone. `Cutter` does that on the FlatBuffer, without conversion: it is the same operator, not one like it.

# %% tags=["cut"]
from labutils.tflite.cut import Cutter

cutter = Cutter(full)
pieces = [prepared(cutter.cut(n, n)) for n in range(cutter.length)]
print(f"{cutter.length} operators, {cutter.length} files")

operators = partition.plan(full).names
joint = operators.index("ADD")  # where the shortcut ends, one tensor leads on
head, tail = (cutter.cut(*ends) for ends in ((0, joint), (joint + 1, cutter.length - 1)))
assert np.allclose(open_model(tail).predict(open_model(head).predict(picture)), found, atol=1e-5)
print("two halves, one after the other, answer as the whole")

# %% tags=["profile"]
rivals = {"whole": prepared(full).invoke} | {n: piece.invoke for n, piece in enumerate(pieces)}
by_piece = {name: each.median for name, each in latency(rivals, runs=runs).items()}
alone = [by_piece[n] for n in range(cutter.length)]
print(f"all of them alone, added up: {sum(alone) / by_piece['whole']:.2f} times the whole model")
title = f"MobileNetV2, width {width:g}, {pixels} pixels: each operator alone"
speed.by_operator(operators, alone, title)

# %% [markdown]
# Is the method honest? Alone, an operator finds its inputs in the caches and pays a call of its own. So check it by
# another one: **truncated models**, the first 8, 16, 24 ... operators in one file.

# %% tags=["truncated-models"]
ends = list(range(7, cutter.length - 1, 8)) + [cutter.length - 1]
rivals = {end + 1: prepared(cutter.cut(0, end)).invoke for end in ends}
prefixes = {count: each.median for count, each in latency(rivals, runs=runs).items()}
speed.added_up(alone, prefixes, "Two methods, one question")

# %% [markdown]
# The differences between neighbouring dots would be a profile as well, a noisier one: a small difference of two large
# times. Where the dots rise above the line, the whole is more than its parts: alone, an operator's weights stay in the
# cache; together, and on a busy machine, they push one another out, and the last operators have the most weights.
#
# ### Why dynamic range is slow
#
# **Predict.** The same for three files, added up by the kind of operator. Which kind makes dynamic range slow?

# %% tags=["by-kind"]
del pieces  # to give their memory back
kinds, by_kind = ["CONV_2D", "DEPTHWISE_CONV_2D"], {}
for name, content in large_files.items():
    parts, what = Cutter(content), partition.plan(content).names
    rivals = {n: prepared(parts.cut(n, n)).invoke for n in range(parts.length)}
    each = latency(rivals, runs=max(10, runs // 4), warmup=3)
    by_kind[name] = [sum(each[n].median for n in each if what[n] == kind) for kind in kinds]

charts.columns(kinds, by_kind, ("kind of operator", "milliseconds"), "Time by kind of operator")

# %% [markdown]
# On the processor that this page was made on, there it is: not the arithmetic of small integers as such, but the one
# kind of operator that the delegate did not take. Labs 04 and 07 saw only the sum. Go back to the table of section 4:
# the digits CNN has no depthwise convolution. What did dynamic range do for it? And on a device whose delegate takes
# them, the order may turn.

# %% [markdown] tags=["arithmetic"]
# ## 7 · The roofline
#
# Is 0.1 ms long for an operator? That depends on its work. A convolution takes, for each number of its output, as many
# **multiply-adds** as a filter has weights:

# %% tags=["count", "nbval-check-output"]
from labutils.tflite.anatomy import anatomy

graph = anatomy(full).subgraphs[0]
stem = graph.operators[0]
weights, out = graph.tensors[stem.inputs[1]].shape, graph.tensors[stem.outputs[0]].shape
print("filters", weights, " output", out)
print(f"{np.prod(out) * np.prod(weights[1:]):,} multiply-adds")

# %% tags=["work", "nbval-check-output"]
work = arithmetic.work(full)
assert work[0].multiply_adds == np.prod(out) * np.prod(weights[1:])
total = sum(each.multiply_adds for each in work)
moved = sum(each.bytes for each in work)
print(f"{total / 1e6:.0f} million multiply-adds in all, {moved / 1e6:.0f} MB moved")
for kind in ("CONV_2D", "DEPTHWISE_CONV_2D", "ADD"):
    share = sum(each.multiply_adds for each in work if each.name == kind) / total
    print(f"{kind:18} {share:6.1%} of the multiply-adds")

# %% [markdown]
# (M. Sandler et al. give 300 million for the published size. Bytes: inputs, weights and outputs, each once.)
#
# Now compare the shares with the chart of section 6. **Predict.** Which kind takes more of the time than of the
# arithmetic, and why?
#
# Two limits: a processor multiplies only so fast, and memory gives only so many bytes a second. Measure both, with one
# thread. For the first, a large matrix product in LiteRT itself; for the second, copies.

# %% tags=["peak"]
with quiet():
    numbers = keras.Input((384,), name="numbers")
    dense = keras.Model(numbers, keras.layers.Dense(384, use_bias=False)(numbers), name="dense")
    product = prepared(variants.variant(variants.freeze(dense, batch=384), "float"))

best = latency({"": product.invoke}, runs=60)[""].percentile(5)  # a limit: the quickest runs
peak = 384**3 / best / 1e6  # billions of multiply-adds a second
print(f"{peak:.0f} billion multiply-adds a second")

# %% tags=["bandwidth"]
def copying(megabytes, times_over):
    """Gigabytes a second, read and written, when so many megabytes are copied."""
    source = np.ones(int(megabytes * 2**20) // 4, np.float32)
    target = np.zeros_like(source)
    took = latency({"": lambda: np.copyto(target, source)}, runs=times_over)[""].percentile(5)
    return 2 * source.nbytes / took / 1e6


roofs = {"from a cache": copying(0.25, 1000), "from memory": copying(64, 15)}
for name, gigabytes in roofs.items():
    print(f"{name}: {gigabytes:.0f} GB/s")

# %% [markdown]
# The **roofline** puts them into one chart. An operator that does many multiply-adds for each byte can at best reach
# the flat roof; one that does few hangs under a slanting one, however good the multipliers are.

# %% tags=["roofline"]
dots = [
    speed.Dot(each.name, each.intensity, each.multiply_adds / alone[each.index] / 1e6)
    for each in work if each.name in ("CONV_2D", "DEPTHWISE_CONV_2D", "ADD")
]
speed.roofline(dots, peak, roofs)

# %% tags=["roofline-bounds"]
edge = peak / roofs["from memory"]
for kind in ("CONV_2D", "DEPTHWISE_CONV_2D", "ADD"):
    of_kind = [dot for dot in dots if dot.kind == kind]
    left = sum(dot.intensity < edge for dot in of_kind)
    reached = np.median([dot.speed for dot in of_kind]) / peak
    place = f"{left:2} of {len(of_kind)} left of the edge"
    print(f"{kind:18} {place}, median {reached:.0%} of the flat roof")

# %% [markdown]
# The edge is where memory's roof meets the flat one: left of it memory can be the limit, right of it arithmetic.
# Depthwise convolutions and sums do little with each byte, so they reach little of the flat roof, and that is their
# nature. Dots *above* the roof of memory are no mistake: alone, an operator finds its numbers in a cache, whose roof
# is higher. (A dot may even top the flat roof by a hair: our product is good, but not the best that the processor can
# do.)
#
# So to make an operator on the left quicker, move fewer bytes (int8 moves a quarter); on the right, multiply less, or
# by hardware with a higher roof. Which leads to other hardware.

# %% [markdown] tags=["gpu"]
# ## 8 · The GPU
#
# The **GPU delegate** computes with floats of 16 or 32 bits on a graphics processor, through OpenCL, Metal or WebGPU.
# In Python it is asked for by `CompiledModel` and `HardwareAccelerator.GPU`. One precaution first.
#
# **Predict.** What does `CompiledModel` say of a file with its last tenth missing?

# %% tags=["crash"]
torn = folder / "torn.tflite"
torn.write_bytes(full[: len(full) * 9 // 10])
program = """import sys
from ai_edge_litert.compiled_model import CompiledModel
CompiledModel.from_file(sys.argv[1])"""
child = subprocess.run([sys.executable, "-c", program, torn], capture_output=True)
print("the process", compiled.ending(child.returncode))

# %% [markdown]
# Nothing: the process is gone, and with it would be your kernel. So `compiled.run` always works in a child, reads the
# file before it is run, and turns whatever happens into a sentence:

# %% tags=["crash-sentence"]
from labutils.tflite.files import ModelFileError

try:
    compiled.run(torn, picture)
except ModelFileError as refused:
    print(refused)

whole_again = compiled.run(full, picture)
assert np.allclose(whole_again.outputs[0], found, atol=1e-5)
print("the whole file, on the processor: answers as before")

# %% [markdown]
# And now the GPU, if your computer has one, with the answers compared. **Predict.** If it has none, will the
# processor step in?

# %% tags=["gpu-run"]
def on_gpu(accelerator):
    """What comes of asking for a GPU: how it answers, or why it does not."""
    try:
        answer = compiled.run(full, picture, accelerator=accelerator, runs=20)
    except compiled.NoAcceleratorError as missing:
        return str(missing)
    error = np.abs(answer.outputs[0] - found).max()
    assert error < 0.01
    return f"{answer.adapter}: {answer.latency.median:.2f} ms, largest difference {error:.0e}"


gpu_says = {accelerator: on_gpu(accelerator) for accelerator in ("gpu", "gpu or cpu")}
for accelerator, says in gpu_says.items():
    print(f"{accelerator}: {says}")

# %% [markdown]
# There is no silent fallback. "GPU or CPU" means: the processor may compute *operators* that the GPU lacks, not take
# its place. An app has to catch the refusal and ask again, for the processor.
#
# Two traps for whoever does have one. The call `run` only hands work to the GPU and returns; reading the answer
# waits. Time both together, as `compiled.run` does (`litert-benchmark --use_gpu` does not read, and its figure is
# that of handing over). And a crossing is no function call any more: data is copied, and the processor waits. Where
# an operator is missing, section 3's cure is worth more than here.
#
# No GPU, but curious? A software adapter answers rightly, if slowly: on Debian the package `chromium` carries one, and
# `libvulkan1` finds it; start Jupyter with `VK_ICD_FILENAMES=/usr/lib/chromium/vk_swiftshader_icd.json`.

# %% [markdown] tags=["elsewhere"]
# ## 9 · Other hardware
#
# One file, many devices, and for each accelerator a way to reach it. What each needs, by its maker's page:
#
# | accelerator | how it is reached | what it needs |
# |---|---|---|
# | GPU | `CompiledModel`, or the GPU delegate | floats, 32 or 16 bits; a driver |
# | Android's NNAPI | NNAPI delegate | Android 8.1 or later. *Today: deprecated since Android 15* |
# | Apple's Neural Engine | Core ML delegate, in Swift | iOS 12, A12 chip; floats, 32 or 16 bits |
# | Qualcomm's Hexagon, old | Hexagon delegate | Snapdragon of its list; 8-bit integers. *Today its page leads to NNAPI's migration* |
# | Qualcomm's NPU, today | `CompiledModel` and QNN | Snapdragon 8 Gen 1 or later; can be compiled beforehand |
# | Edge TPU | `load_delegate("libedgetpu.so.1")` | 8-bit integers alone, fixed sizes; its own compiler |
#
# Sources: TensorFlow Lite, *Core ML delegate* and *Hexagon delegate*; Android NDK, *NNAPI migration guide*; Google AI
# Edge, *Qualcomm NPU with LiteRT*; Coral, *TensorFlow models on the Edge TPU*.

# %% [markdown] tags=["nnapi"]
# **NNAPI** was to be one door to every accelerator of an Android phone. *Today it is deprecated, since Android 15*:
# its guide sends you to LiteRT in Google Play services, and to the GPU delegate. The material's other back ends stay
# optional as before: a file needs none, and a delegate is asked for when it is run, never when it is converted.
#
# Behind each stands a library. Ask for three of them here:

# %% tags=["load"]
from ai_edge_litert.interpreter import load_delegate

libraries = {"Edge TPU": "libedgetpu.so.1", "Qualcomm QNN": "libQnnTFLiteDelegate.so",
             "Android NNAPI": "libneuralnetworks.so"}
asked = {}
for name, library in libraries.items():
    with quiet():
        try:
            load_delegate(library)
            asked[name] = f"{library} is here"
        except (OSError, ValueError) as error:
            asked[name] = error
for name, answer in asked.items():
    print(f"{name}: {answer}")

# %% [markdown]
# *No such file*: not installed. A `ValueError` would mean that the library is there and refuses, for want of its
# hardware, say. An app catches both, and goes on without.

# %% [markdown] tags=["edge-tpu"]
# **The Edge TPU** was built for deep learning at the edge: small, quick, frugal. The material says that it trains as
# well. *Today's answer, from Coral's own questions and answers: it is made for inference, and only the last layer can
# be trained anew on it.* How frugal? Coral states 4 trillion operations a second at 2 watts, and 2.6 ms for
# MobileNetV2. The rest is arithmetic:

# %% tags=["edge-tpu-energy", "nbval-check-output"]
watts, milliseconds = 2, 2.6  # Coral, FAQ and "Edge TPU performance benchmarks"
used = 2 * 300e6 / (milliseconds / 1000) / 4e12  # a multiply-add is two operations
print(f"at most {watts * milliseconds:.1f} mJ an answer")
print(f"{used:.0%} of the stated operations a second: far from the flat roof there, too")

# %% [markdown] tags=["published"]
# ### Claims and figures
#
# Power cannot be measured here; it takes a device and a meter. These figures are published, and each names its page:

# %% tags=["published-table"]
guide, coral = "TensorFlow Lite, measurement.md", "Coral, Edge TPU performance benchmarks"
figures = [
    ("MobileNet 1.0, float", "Pixel 3", "4 threads", 23.9, "GPU", 6.45, guide),
    ("MobileNet 1.0, float", "Pixel 4", "4 threads", 14.0, "GPU", 9.0, guide),
    ("MobileNet 1.0, float", "Pixel 4", "4 threads", 14.0, "NNAPI", 14.8, guide),
    ("MobileNet 1.0, int8", "Pixel 4", "4 threads", 5.0, "NNAPI", 3.2, guide),
    ("NASNet mobile", "Pixel 3", "4 threads", 56, "NNAPI", 102, guide),
    ("MobileNet 1.0, float", "iPhone XS", "2 threads", 14.8, "GPU", 3.4, guide),
    ("MobileNet v2, int8", "Coral Dev Board", "its processor", 122, "Edge TPU", 2.6, coral),
]
columns = ["model", "device", "processor", "ms", "accelerator", "ms there", "source"]
published = pd.DataFrame(figures, columns=columns)
published["gain"] = (published["ms"] / published["ms there"]).map("{:.1f} ×".format)
published

# %% [markdown]
# *Acceleration helps* is true, and not everywhere: the same GPU delegate gained 3.7 on one phone and 1.6 on the next,
# and two rows got slower by NNAPI. Of power, TensorFlow Lite's page *delegates* says that a Hexagon took up to 75 %
# less in its experiments, and that GPUs are up to 5 times quicker. "Up to" is the best case of its author; yours is
# the one that you measure. (Sending data costs power too: lab 00 has a published figure.)

# %% [markdown] tags=["duel-intro"]
# ## 10 · Your turn
#
# Any two files of this lab, with as many threads as you like. It measures when you press the button. Try one file
# against itself first: that is your noise.

# %% tags=["widget"]
contenders = {**files, "MobileNetV2, full size": full, "normalized, in pieces": normalized,
              "normalized, in one piece": rewritten}
widgets.Duel(contenders)

# %% [markdown]
# What was measured, by name, for whoever runs this lab many times with other parameters; `labs results` collects it.

# %% tags=["record"]
record("ms", quiet_median=quiet_runs.median, busy_median=busy_runs.median,
       quiet_mean=quiet_runs.milliseconds.mean(), busy_mean=busy_runs.milliseconds.mean())
record("ms", whole=by_piece["whole"], operators_added_up=sum(alone))
record("billion multiply-adds a second", peak=peak)
record("GB/s", **{name.replace(" ", "_"): value for name, value in roofs.items()})
record("", gpu=not gpu_says["gpu"].startswith("No GPU"))

# %% [markdown]
# ## Exercises
#
# Replace each `...`, run the cell and then the one below it. `hint("09.take_turns")` helps, one step at a time;
# `solution("09.take_turns")` explains.

# %% [markdown]
# **Exercise 1 · In turns.** Write `take_turns(rivals, clock, warmup, runs)`: `rivals` is a dictionary from a name to
# a function without arguments, such as an `invoke`, and `clock` returns the time in seconds. First each rival runs
# `warmup` times, which do not count. Then come `runs` rounds, in each of which every rival runs once, in the order of
# the dictionary, with a reading of `clock()` right before it and another right after it. Return a dictionary from
# each name to the list of its times that count, in milliseconds, as they were measured.

# %% tags=["exercise-take-turns"]
def take_turns(rivals, clock, warmup, runs):
    ...

# %% tags=["check-take-turns"]
check("09.take_turns", take_turns)

# %% [markdown]
# **Exercise 2 · Clearly quicker.** Write `clearly_quicker(first, second)`: each is a list of times, not sorted, and
# they may differ in length. The middle half of a list reaches from the 25 % percentile to the 75 % percentile, as
# `np.percentile` gives them. Return `"first"` or `"second"`, whichever has its whole middle half below the other's,
# and `"cannot tell"` where the two overlap. Halves that only touch overlap, too.

# %% tags=["exercise-clearly-quicker"]
def clearly_quicker(first, second):
    ...

# %% tags=["check-clearly-quicker"]
check("09.clearly_quicker", clearly_quicker)

# %% [markdown]
# **Exercise 3 · How much work?** Write `multiply_adds(content)`: `content` holds the bytes of a `.tflite` file with
# one graph. Return how many multiply-adds one inference takes in all its operators CONV_2D, DEPTHWISE_CONV_2D and
# FULLY_CONNECTED together, as a whole number. Each number of such an operator's output takes as many multiply-adds as
# one filter has weights: height × width × input channels in a convolution, height × width in a depthwise one, and as
# many as there are inputs in a dense one. A free size counts as 1.

# %% tags=["exercise-multiply-adds"]
def multiply_adds(content):
    ...

# %% tags=["check-multiply-adds"]
check("09.multiply_adds", multiply_adds)

# %% [markdown]
# **Exercise 4 · Under the roofline.** Write `attainable(multiply_adds, moved_bytes, peak, bandwidth)`: an operator
# does so many multiply-adds and moves so many bytes, on a device that does at most `peak` multiply-adds a second and
# moves at most `bandwidth` bytes a second, both at the same time. Return a pair: the least time that the operator
# takes, in milliseconds, and what bounds it, `"compute"` or `"memory"`. Where both take equally long, that is
# `"compute"`.

# %% tags=["exercise-roofline"]
def attainable(multiply_adds, moved_bytes, peak, bandwidth):
    ...

# %% tags=["check-roofline"]
check("09.roofline", attainable)

# %% [markdown]
# **Exercise 5 · Who gets what?** Write `partitions(operators, supported, least)`: `operators` is a list of names in
# the order of execution, one operator feeding the next; `supported` is the set of names that a delegate takes. It
# gets whole stretches of neighbouring operators that it takes, each as long as possible, and none of fewer than
# `least` operators, since handing over costs time. Return the list of these stretches, in order, as pairs `(start,
# end)` of places in `operators`, from 0, the end exclusive as in a slice.

# %% tags=["exercise-partitions"]
def partitions(operators, supported, least):
    ...

# %% tags=["check-partitions"]
check("09.partitions", partitions)

# %% [markdown]
# ## Quiz
#
# What is the idea behind it? Choose an answer, and read why it is right, or what it overlooks. You may choose again.

# %% tags=["quiz"]
quiz("09")

# %% [markdown]
# ## What you have seen
#
# - You warmed up, took many runs in turns, and described them by median and middle half; a burst of load moved the mean, and
#   a second tool gave a second opinion.
# - You read from the interpreter what a delegate had taken, and found the one kind of operator, left to a plainer kernel,
#   that made dynamic range slow.
# - You cut a network into its operators, timed each, and saw in the roofline what bounds it.
# - You asked for a GPU and for other delegates, caught the refusals, and put makers' figures beside each other.
#
# **Next:** lab 10 takes a model of your own all the way to a device.
