# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
#   lab:
#     title: The interpreter
#     minutes: 45
#     cold: true
#     quick:
#       images: 60
#       runs: 20
#     variants:
#       images: 200..360
# ---

# %% [markdown]
# # 06 · The interpreter
#
# ![](../img/2-components.png)
#
# A converted file does nothing by itself. On a phone, on a Raspberry Pi or in a browser, a small program reads it and
# computes: the **interpreter**. Test with it on your own computer before you deploy: it is the same code. This lab
# starts from files that come with the course, and needs no TensorFlow until its last section.
#
# **You will be able to**
#
# - run any `.tflite` model with five calls, by number and by name;
# - read the interpreter's error messages, and tell the mistakes that give none;
# - feed an integer model by hand: scale, zero point, rounding, clipping;
# - evaluate a whole test set, one image at a time and in batches, and say how sure the figure is;
# - choose threads and delegate by measuring, and notice a damaged file.
#
# *45 minutes · about 15 seconds of computing · under 1 GB of memory · no network · no GPU*

# %% tags=["parameters"]
images: int = 360  # test images to evaluate [10..360]
threads: int = 2  # threads to compare with one [1..16]
runs: int = 200  # timed runs of each rival [5..2000]

# %% tags=["given"]
from labutils.course.session import check_parameters, record

check_parameters("06", globals())

# %% tags=["setup", "nbval-check-output"]
import hashlib
import sys
import threading

import numpy as np
from ai_edge_litert.interpreter import Interpreter, OpResolverType

from labutils import data, models
from labutils.exercises import check, hint, quiz, solution
from labutils.show import charts, tables, widgets
from labutils.tflite.anatomy import anatomy
from labutils.tflite.latency import latency
from labutils.tflite.quiet import quiet
from labutils.tflite.runtime import open_model

print("TensorFlow loaded:", "tensorflow" in sys.modules)

# %% [markdown]
# ## 1 · Five calls
#
# The model: a small convolutional net that reads handwritten digits of 8 × 8 pixels. The image: one from the test set,
# which the model has never seen.

# %% tags=["image"]
pictures, labels = data.digits("test")
pictures, labels = pictures[:images], labels[:images]
inputs = data.for_cnn(pictures)  # float32, 0 to 1, shape (n, 8, 8, 1)
charts.images(pictures[:10], [str(label) for label in labels[:10]])

# %% [markdown]
# **Load** and **allocate**. Loading reads the file's plan; allocating walks through it once and gives the tensors their
# places in one block of memory, the *arena*. With the memory planned beforehand the first answer comes soon, and a
# model whose sizes are all fixed allocates nothing while it runs. `quiet()` holds back one log line, in which the
# runtime says that it found XNNPACK; section 8 comes to it.

# %% tags=["load", "allocate"]
file = str(models.asset("digits_cnn.tflite"))
with quiet():
    interpreter = Interpreter(model_path=file)
    interpreter.allocate_tensors()

# %% [markdown]
# **Details**: what does it want, and what does it give?

# %% tags=["details", "nbval-check-output"]
wants = interpreter.get_input_details()[0]
gives = interpreter.get_output_details()[0]
for key in ("name", "index", "shape", "shape_signature", "dtype", "quantization"):
    print(f"{key:16} {wants[key]!s:32} {gives[key]!s}")

# %% [markdown]
# - `index` is the tensor's number, which the next calls want.
# - `shape` is what is allocated now; `shape_signature` is what the file allows: `-1` may be any number.
# - `dtype` must be met exactly: nothing is converted for you.
# - `quantization` is *(scale, zero point)*. `(0.0, 0)` means not quantized.
#
# **Set**, **invoke**, **get**:

# %% tags=["set-invoke-get"]
interpreter.set_tensor(wants["index"], inputs[:1])
interpreter.invoke()
probabilities = interpreter.get_tensor(gives["index"])

print(f"answer {probabilities.argmax()}, sure to {probabilities.max():.1%}; right: {labels[0]}")

# %% [markdown]
# Those are all the calls there are; Kotlin, Swift, C++ and JavaScript have the same under similar names.
#
# The interpreter is small because it knows few operators. The converter's task was to express the net in these:

# %% tags=["operators"]
from ai_edge_litert.schema_py_generated import BuiltinOperator

known = [name for name in vars(BuiltinOperator) if name.isupper()]
used = anatomy(file).operators
print(f"the file format knows {len(known)} operators; this file uses {len(used)}:")
print(", ".join(used))

# %% [markdown]
# ## 2 · By name: signatures
#
# Numbers change when a model is converted again; names stay. A **signature** is a named entry to the model, and its
# runner sets, resizes, allocates, invokes and gets in one call. (It needs an interpreter to itself: while a runner
# exists, calls by number on the same interpreter are refused, for the reason in section 3.)

# %% tags=["signature"]
with quiet():
    by_name = Interpreter(model_path=file)
    runner = by_name.get_signature_runner("serving_default")

print(by_name.get_signature_list())
answer = runner(image=inputs[:3])  # three images at once: the runner resizes by itself

print({name: values.shape for name, values in answer.items()})
print("answers", answer["output_0"].argmax(axis=1), " right", labels[:3])

# %% [markdown]
# ## 3 · Mistakes, each made once
#
# You will make them anyway, so make them here. `attempt` prints what a call says.
#
# **Predict.** One of these six raises no error. Which?

# %% tags=["attempt"]
def attempt(what, call):
    try:
        call()
        print(f"{what}: no error")
    except (ValueError, RuntimeError) as error:
        print(f"{what}:\n    {' '.join(str(error).split())[:90]}")

# %% tags=["mistakes", "nbval-check-output"]
with quiet():
    new, large = Interpreter(file), Interpreter(str(models.asset("mobilenet_v2_digits.tflite")))
attempt("set before allocate", lambda: new.set_tensor(wants["index"], inputs[:1]))
with quiet():
    new.allocate_tensors(), large.allocate_tensors()

large_gives = large.get_output_details()[0]
attempt("get before invoke", lambda: new.get_tensor(gives["index"]))
attempt("get before invoke, MobileNetV2", lambda: large.get_tensor(large_gives["index"]))
attempt("float64 input", lambda: new.set_tensor(wants["index"], inputs[:1].astype("float64")))
attempt("one image, no batch", lambda: new.set_tensor(wants["index"], inputs[0]))
attempt("two images into room for one", lambda: new.set_tensor(wants["index"], inputs[:2]))

# %% [markdown]
# The quiet one is the dangerous one. Read before `invoke`, and you get whatever lies in the arena: zeros, or the answer
# to the image before. The CNN escapes by chance (its output has no place yet, since its batch is free), and the message
# names the wrong cure: `allocate_tensors` was called, `invoke` was not.
#
# The cures, in order: allocate first; invoke before you read (both); `.astype(np.float32)`; `image[None]` adds the
# batch; resize (section 4).

# %% [markdown]
# ### A view that is kept
#
# `get_tensor` copies. `tensor(index)` returns a function that gives a *view* into the arena, with no copy: quick, and
# tied to the interpreter's memory. While you hold such a view, the interpreter refuses to run, since the memory might
# move under it.

# %% tags=["kept-view"]
view = interpreter.tensor(gives["index"])()
attempt("invoke while a view is held", interpreter.invoke)
del view
interpreter.allocate_tensors()
attempt("invoke once it is gone", interpreter.invoke)

# %% [markdown]
# ### One interpreter, two threads
#
# An interpreter has one arena. Two threads that share it write over each other's inputs.
#
# **Predict.** Two threads ask 300 times each, always for the same two images. How many answers go wrong?

# %% tags=["ask-many"]
def ask_many(machine, row, right, seen):
    """Ask the interpreter 300 times for one image, and note how each call ended."""
    for _ in range(300):
        try:
            machine.set_tensor(wants["index"], inputs[row : row + 1])
            machine.invoke()
            same = np.allclose(machine.get_tensor(gives["index"]), right, atol=1e-5)
            seen.append("right" if same else "wrong answer")
        except (ValueError, RuntimeError):
            seen.append("error")

# %% tags=["two-threads"]
def two_threads(first, second):
    """Image 0 asked of the first interpreter and image 1 of the second, at the same time."""
    seen = []
    rights = [runner(image=inputs[row : row + 1])["output_0"] for row in (0, 1)]
    pairs = zip((first, second), (0, 1), rights, strict=True)
    started = [threading.Thread(target=ask_many, args=(*pair, seen)) for pair in pairs]
    [thread.start() for thread in started]
    [thread.join() for thread in started]
    return {kind: seen.count(kind) for kind in ("right", "error", "wrong answer")}

# %% tags=["threads-mistake"]
with quiet():
    others = [Interpreter(model_path=file) for _ in range(3)]
    [other.allocate_tensors() for other in others]

print("shared:         ", two_threads(others[0], others[0]))
print("one per thread: ", two_threads(others[1], others[2]))

# %% [markdown]
# How many calls fail changes from run to run; now and then none does. Most of those that fail raise an error, because the
# interpreter sees that somebody else holds it. Do not count on that: between your `set_tensor` and your `get_tensor` the
# other thread may have set and invoked, and then you read its answer. (With larger inputs the process itself may die:
# lab 11 shows it.) The cure is one interpreter per thread. They can share the file: it is only read.

# %% [markdown]
# ## 4 · More than one at a time
#
# The batch of this file is free (`-1`), so it can be resized. Resizing changes the plan, so allocate again.

# %% tags=["resize"]
interpreter.resize_tensor_input(wants["index"], [4, 8, 8, 1])
attempt("invoke after resize, no allocate", interpreter.invoke)
with quiet():
    interpreter.allocate_tensors()

interpreter.set_tensor(wants["index"], inputs[:4])
interpreter.invoke()
print("answers", interpreter.get_tensor(gives["index"]).argmax(axis=1), " right", labels[:4])

# %% [markdown]
# A phone that looks at one camera frame at a time has no use for batches, and some accelerators want every size fixed
# when the model is converted. On your computer they save time: you will see in section 7.

# %% [markdown]
# ## 5 · An integer model, by hand
#
# The same net, quantized to 8-bit integers. Its file is about a third of the size, and its input and output are
# integers too.

# %% tags=["integer-details"]
integer_file = str(models.asset("digits_cnn_int8.tflite"))
with quiet():
    integer = Interpreter(model_path=integer_file)
    integer.allocate_tensors()

integer_wants, integer_gives = integer.get_input_details()[0], integer.get_output_details()[0]
scale, zero_point = integer_wants["quantization"]
for name, details in {"input": integer_wants, "output": integer_gives}.items():
    form = "{}: {}, scale {:.6f}, zero point {}"
    print(form.format(name, details["dtype"].__name__, *details["quantization"]))

# %% [markdown]
# Each integer *q* stands for a real number: **real = scale · (q − zero point)**. Our pixels run from 0 to 1 and the
# integers from −128 to 127, so −128 stands for 0 and 127 for 1. The way back: divide by the scale, add the zero point,
# **round** to the nearest integer, and **clip** to what 8 bits can hold.

# %% tags=["quantize-input", "nbval-check-output"]
real = inputs[:1]
stored = np.clip(np.round(real / scale + zero_point), -128, 127).astype(np.int8)

print("real   ", real[0, 2, :, 0])
print("stored ", stored[0, 2, :, 0])

# %% [markdown]
# **Predict.** `astype(np.int8)` alone would cut the fraction off instead of rounding, and many tutorials do just that.
# How often does it give another integer?

# %% tags=["truncate"]
rounded = np.clip(np.round(inputs / scale + zero_point), -128, 127).astype(np.int8)
cut = (inputs / scale + zero_point).astype(np.int8)
wrapped = (np.array([1.1], np.float32) / scale + zero_point).astype(np.int16).astype(np.int8)

print(f"{(rounded != cut).mean():.0%} of all pixels differ when the fraction is cut off")
print(f"1.1, not clipped, becomes {wrapped[0]}: {scale * (wrapped[0] - zero_point):.2f}")

# %% [markdown]
# One step of 256 in a share of the pixels: a small error, for nothing. A number outside the range is worse: without the
# clip it wraps round, and bright becomes black.
#
# Now invoke, and turn the output back into probabilities:

# %% tags=["integer-answer"]
integer.set_tensor(integer_wants["index"], stored)
integer.invoke()
raw = integer.get_tensor(integer_gives["index"])[0]
output_scale, output_zero = integer_gives["quantization"]
probabilities = output_scale * (raw.astype(np.float32) - output_zero)

print("stored       ", raw)
print("probabilities", probabilities.round(2))
print("answer", probabilities.argmax(), " right", labels[0])

# %% [markdown]
# Two things that go wrong in silence: subtracting the zero point *before* `astype` overflows in 8 bits; and feeding
# real numbers that happen to have been cast to `int8` (all 0 or 1) is accepted, since the dtype fits.

# %% tags=["floats-as-integers"]
integer.set_tensor(integer_wants["index"], real.astype(np.int8))  # accepted, and nonsense
integer.invoke()
raw = integer.get_tensor(integer_gives["index"])[0]
lost = output_scale * (raw.astype(np.float32) - output_zero)
print(f"answer {lost.argmax()}, sure to {lost.max():.0%}; right: {labels[0]}")

# %% [markdown]
# ## 6 · Which digits does it get wrong?
#
# One at a time, as a device would see them. From here on `open_model` does the five calls for us, and quantizes where
# the model wants it.

# %% tags=["evaluate-one-at-a-time"]
model = open_model(file)
steps = widgets.progress(range(images), images, "images")
answers = np.array([model.predict(inputs[n : n + 1])[0].argmax() for n in steps])
wrong = np.flatnonzero(answers != labels)
print(f"right: {images - len(wrong)} of {images}")

# %% tags=["wrong-digits"]
shown = np.concatenate([wrong, np.flatnonzero(answers == labels)])[:10]
titles = [f"{labels[n]} read as {answers[n]}" if n in wrong else str(labels[n]) for n in shown]
charts.images(pictures[shown], titles, columns=5, marked=[bool(n in wrong) for n in shown])

# %% [markdown]
# How sure is such a figure? With other test images of the same kind it would have come out a little different. The
# Wilson interval says by how much: if the true accuracy lay outside of it, a result like ours would be rare (1 in 20).

# %% tags=["interval"]
def wilson(right, total, z=1.96):
    share, spread = right / total, z * z / total
    middle = (share + spread / 2) / (1 + spread)
    half = z / (1 + spread) * np.sqrt(share * (1 - share) / total + spread / (4 * total))
    return middle - half, min(1.0, middle + half)


low, high = wilson(images - len(wrong), images)
print(f"accuracy {(images - len(wrong)) / images:.1%}, 95 % interval {low:.1%} to {high:.1%}")

# %% [markdown]
# ## 7 · In batches, and with three models
#
# Given many images, `open_model` resizes, and computes 16 at a time.
#
# **Predict.** Does a batch give other answers than single images? Is it quicker, for each image?

# %% tags=["batches"]
in_batches = model.predict(inputs)
single = np.concatenate([model.predict(inputs[n : n + 1]) for n in range(images)])
assert np.allclose(in_batches, single, atol=1e-5)
print(f"largest difference, batch and single: {np.abs(in_batches - single).max():.1e}")

rivals = {"one at a time": lambda: [model.run(inputs[n : n + 1]) for n in range(images)]}
batched = open_model(file)
rivals["in batches"] = lambda: batched.run(inputs)
per_image = latency(rivals, runs=5, warmup=1)
for name, found in per_image.items():
    print(f"{name}: {1000 * found.median / images:.0f} µs per image")

# %% [markdown]
# The answers are alike. (On another processor the last digit may differ, where the order of additions depends on the
# batch.) Compare the two times: each call of `invoke` from Python costs something, whether it computes one image or
# many. Why not all at once? `make bench` tries several sizes: here, very large batches were slower again.

# %% tags=["three-models"]
for name in ("digits_cnn.tflite", "digits_cnn_int8.tflite", "mobilenet_v2_digits.tflite"):
    path = models.asset(name)
    prepared = data.for_mobilenet(pictures) if "mobilenet" in name else inputs
    right = int((open_model(path).predict(prepared).argmax(axis=1) == labels).sum())
    low, high = wilson(right, images)
    size = f"{path.stat().st_size / 1000:6,.0f} kB"
    print(f"{name:27} {size}   {right} of {images} right, interval {low:.1%} to {high:.1%}")

# %% [markdown]
# Do the intervals overlap? Then these images cannot tell which of the models is better, whatever the order of the three
# figures. The integer file, on the other hand, is smaller beyond doubt.

# %% [markdown]
# ## 8 · Threads and XNNPACK
#
# A **delegate** is code that takes over operators from the interpreter. XNNPACK, a library of fast routines for
# processors, is the one that is on by default. It can be switched off; then the built-in kernels compute.
#
# **Predict.** MobileNetV2, four ways. In which order do they finish?

# %% tags=["threads-and-delegate"]
net = str(models.asset("mobilenet_v2_digits.tflite"))
built_in = OpResolverType.BUILTIN_WITHOUT_DEFAULT_DELEGATES
kernels, machines = {"XNNPACK": OpResolverType.AUTO, "built-in": built_in}, {}
for name, resolver in kernels.items():
    for count in sorted({1, threads}):
        with quiet():
            machine = Interpreter(net, num_threads=count, experimental_op_resolver_type=resolver)
            machine.allocate_tensors()
        machines[f"{name}, {count} thread{'s' * (count > 1)}"] = machine

times = latency({name: machine.invoke for name, machine in machines.items()}, runs=runs)
charts.latencies(times, "MobileNetV2, one 64 × 64 image")

# %% tags=["latency-table"]
tables.latencies(times)

# %% [markdown]
# The rivals took turns, so that a busy moment of the machine hit all of them. Read the box, not only the median: where
# two boxes overlap, the order may turn round next time. Whether a second thread helps depends on the model's size and
# on how many cores are free; on your machine the figures will differ from the ones stored here. Measure on the device
# that you mean. Lab 09 goes further.

# %% [markdown]
# ## 9 · Damaged files
#
# Files are cut off by broken downloads and changed by bad memory. First a file with its last tenth missing:

# %% tags=["truncated"]
content = models.asset("digits_cnn.tflite").read_bytes()
part = content[: len(content) * 9 // 10]
attempt("last tenth missing", lambda: Interpreter(model_content=part))

# %% [markdown]
# Caught. Now a single bit. The weights lie in the file just as they lie in memory, so we can find those of the last
# layer, and flip one bit in the exponent of one of them.
#
# **Predict.** Does the interpreter notice?

# %% tags=["flip"]
last = anatomy(file).subgraphs[0].operators[-2]  # FULLY_CONNECTED: input, weights, bias
weights = interpreter.get_tensor(last.inputs[1])
start = content.find(weights.tobytes())  # where they begin in the file
place = start + 4 * int(weights.argmax()) + 3  # the highest byte of the largest one, a float32

damaged = bytearray(content)
damaged[place] ^= 0b0100_0000  # the highest bit of its exponent
value = np.frombuffer(damaged, "<f4", 1, place - 3)[0]
print(f"1 of {8 * len(content):,} bits flipped: {weights.max():.2f} became {value:.1e}")

# %% tags=["flipped-answers"]
flipped = open_model(bytes(damaged)).predict(inputs).argmax(axis=1)
print("no error")
before = in_batches.argmax(axis=1)
print(f"right before: {(before == labels).mean():.1%}, after: {(flipped == labels).mean():.1%}")

# %% [markdown]
# It loads, it runs, and it is wrong. No interpreter can know which weights you meant. A **checksum** can: keep the
# SHA-256 of a model beside it, and compare before loading.

# %% tags=["checksum", "nbval-check-output"]
lines = (models.ASSETS / "SHA256SUMS").read_text().splitlines()
recorded = dict(line.split()[::-1] for line in lines)["digits_cnn.tflite"]
for name, version in {"as shipped": content, "one bit flipped": bytes(damaged)}.items():
    digest = hashlib.sha256(version).hexdigest()
    print(f"{name:16} {digest[:12]}…  {'agrees' if digest == recorded else 'DIFFERS'}")

# %% [markdown]
# `models.asset`, which has given us every file of this lab, compares each with the list in
# `labutils/assets/SHA256SUMS`. A rare damaged file crashes the runtime, and your kernel with it. Open files from
# strangers in a process of their own: `labutils.tflite.isolate.probe` does.

# %% [markdown]
# ## 10 · Old name, new name
#
# TensorFlow Lite became **LiteRT**. The interpreter that we used comes from the package `ai-edge-litert`; TensorFlow
# still carries the same one as `tf.lite.Interpreter` and warns that it will go. The next cell is the first of this lab
# that loads TensorFlow.
#
# **Predict.** Do the two answer alike?

# %% tags=["side-by-side"]
print("TensorFlow loaded so far:", "tensorflow" in sys.modules)
with quiet():
    import tensorflow as tf

    old = tf.lite.Interpreter(model_path=file)
    old_runner = old.get_signature_runner("serving_default")
    theirs = old_runner(image=inputs)["output_0"]

ours = runner(image=inputs)["output_0"]
assert np.allclose(theirs, ours, atol=1e-5)
print(f"largest difference, {images} images: {np.abs(theirs - ours).max():.1e}")

# %% [markdown]
# LiteRT also has a newer interface, `CompiledModel`, made for accelerators: you say which hardware to use, and it keeps
# inputs and outputs in buffers that the hardware can reach. On a processor it computes the same. (Give it no unchecked
# file: on a truncated one it crashes the process.)

# %% tags=["compiled-model"]
with quiet():
    from ai_edge_litert.compiled_model import CompiledModel

    compiled = CompiledModel.from_file(file)
    buffers_in, buffers_out = compiled.create_input_buffers(0), compiled.create_output_buffers(0)
    buffers_in[0].write(inputs[:1])
    compiled.run_by_index(0, buffers_in, buffers_out)
    newest = buffers_out[0].read(10, np.float32)

print(f"largest difference: {np.abs(newest - single[0]).max():.1e}")

# %% [markdown]
# What was measured, by name, for whoever runs this lab many times with other parameters; `labs results` collects it.

# %% tags=["record"]
record("share", right=1 - len(wrong) / images)
record("µs", one_at_a_time=1000 * per_image["one at a time"].median / images,
       in_batches=1000 * per_image["in batches"].median / images)
record("ms", **{f"way_{number}": each.median for number, each in enumerate(times.values(), 1)})

# %% [markdown]
# ## Exercises
#
# As in every lab: replace each `...`, run the cell and then the one below it. `hint("06.answer")` helps, one step at a
# time; `solution("06.answer")` explains.

# %% [markdown]
# **Exercise 1 · Ask by hand.** Write `answer(model, x)`: `model` holds the bytes of a `.tflite` file, `x` one image of
# shape (1, 8, 8, 1), in any float type. It returns the ten probabilities, an array of shape (10,) that stays as it is
# whatever the interpreter does next. Use the `Interpreter` of `ai_edge_litert`, and the five calls.

# %% tags=["exercise-answer"]
def answer(model, x):
    ...

# %% tags=["check-answer"]
check("06.answer", answer)

# %% [markdown]
# **Exercise 2 · Quantize.** Write `quantize(real, scale, zero_point)`: it takes a float32 array of any shape and returns
# the int8 array that a quantized model stores: divided by the scale, the zero point added, rounded to the nearest whole
# number, and clipped to what int8 can hold.

# %% tags=["exercise-quantize"]
def quantize(real, scale, zero_point):
    ...

# %% tags=["check-quantize"]
check("06.quantize", quantize)

# %% [markdown]
# **Exercise 3 · Dequantize.** Write `dequantize(stored, scale, zero_point)`, the way back: it takes an int8 array of any
# shape and returns the real numbers that it stands for, as float32 of the same shape.

# %% tags=["exercise-dequantize"]
def dequantize(stored, scale, zero_point):
    ...

# %% tags=["check-dequantize"]
check("06.dequantize", dequantize)

# %% [markdown]
# **Exercise 4 · Accuracy.** Write `accuracy(model, images, labels)`: `model` holds the bytes of a `.tflite` file, whose
# batch can be resized; `images` is float32 of shape (n, 8, 8, 1), `labels` has shape (n,). It returns the share of images
# whose likeliest class is the label, a number from 0 to 1. One image at a time, or all in one batch: both are right.

# %% tags=["exercise-accuracy"]
def accuracy(model, images, labels):
    ...

# %% tags=["check-accuracy"]
check("06.accuracy", accuracy)

# %% [markdown]
# **Exercise 5 · The median.** Write `median_latency(run, clock, warmup, runs)`: `run` is a function without arguments,
# such as `interpreter.invoke`, `clock` one that returns the time in seconds, such as `time.perf_counter`. It calls
# `run()` `warmup` times, which do not count, and then `runs` times, each with a reading of `clock()` right before and
# another right after it. It returns the median of these times, in milliseconds.

# %% tags=["exercise-median-latency"]
def median_latency(run, clock, warmup, runs):
    ...

# %% tags=["check-median-latency"]
check("06.median_latency", median_latency)

# %% [markdown]
# ## Quiz
#
# What is the idea behind it? Choose an answer, and read why it is right, or what it overlooks. You may choose again.

# %% tags=["quiz"]
quiz("06")

# %% [markdown]
# ## What you have seen
#
# - Five calls run any model: load, allocate, set, invoke, get; by name it is one call.
# - Most mistakes raise an error that names the cure. Three do not: reading before `invoke`, sharing one interpreter
#   between threads, and feeding cast floats to an integer model.
# - You quantized an input by hand: divide, add, round, clip.
# - You evaluated a test set with its interval, singly and in batches, and found the same answers.
# - You compared threads and delegates side by side, and saw a flipped bit go unnoticed by all but a checksum.
#
# **On cards**, to print or to project, the code that matters here ([all pictures](../img/README.md)):
#
# ![](../img/27-tflite-interpreter.png)
#
# **Next:** lab 01, if you came here first, shows where such files come from.
