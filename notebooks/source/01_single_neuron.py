# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
#   lab:
#     title: A single neuron, from training to a file
#     minutes: 30
#     quick:
#       steps: 200
#     variants:
#       seed: 1..9999
#       question: 6..40
# ---

# %% [markdown]
# # 01 · A single neuron, from training to a file
#
# ![](../img/9-process.png)
#
# The smallest model there is: one layer, one neuron, two numbers. It is large enough to walk the whole road from a
# trained model to a file that a phone can run, and small enough to see every byte of that file. On the way you meet a
# conversion that goes wrong without a word, and learn the one habit that catches it.
#
# **You will be able to**
#
# - train a model in Keras 3, and export it as a SavedModel under a version number;
# - convert it by three routes: from a SavedModel, from the Keras model, from a concrete function;
# - prove that a file computes what its source computes, before you trust it;
# - open a `.tflite` file and say what is in it;
# - recognize a silently wrong file by its operators.
#
# *30 minutes · about 15 seconds of computing · under 1 GB of memory · no network · no GPU*

# %% tags=["parameters"]
seed: int = 7  # seed of every random choice [0..10000]
steps: int = 500  # training steps, one update of the weights each [50..5000]
learning_rate: float = 0.01  # step size of gradient descent [0.001..0.05]
question: float = 10.0  # the x to ask for, outside the training data [-100.0..100.0]

# %% tags=["given"]
from labutils.course.session import check_parameters, record

check_parameters("01", globals())

# %% [markdown]
# TensorFlow writes many log lines when it starts, and the converter writes more. `quiet()` holds them back, and shows
# them only if something fails.

# %% tags=["setup"]
import numpy as np

from labutils import models
from labutils.errors import LabError
from labutils.exercises import check, hint, quiz, solution
from labutils.paths import workdir
from labutils.show import charts, tables, widgets
from labutils.tflite.anatomy import anatomy
from labutils.tflite.parity import parity
from labutils.tflite.quiet import quiet
from labutils.tflite.runtime import open_model

with quiet():
    import keras
    import tensorflow as tf

keras.utils.set_random_seed(seed)
work = workdir("01_single_neuron")

# %% [markdown]
# ## 1 · A task with a known answer
#
# Six points lie on the line *y* = 2*x* − 1. The model is shown the points, not the rule. We know the rule, so at the
# end we can tell a right answer from a wrong one, and that is the reason for such a small task.

# %% tags=["data"]
x = np.array([-1, 0, 1, 2, 3, 4], dtype=np.float32)[:, None]  # shape (6, 1)
y = 2 * x - 1

# %% tags=["model", "nbval-check-output"]
model = keras.Sequential([keras.Input((1,), name="x"), keras.layers.Dense(1, name="y")])
model.compile(optimizer=keras.optimizers.SGD(learning_rate), loss="mean_squared_error")
print("numbers to learn:", model.count_params())

# %% [markdown]
# One `Dense` layer with one unit computes *weight · x + bias*: two numbers to learn. The input has a name of its own,
# `"x"`. Without it Keras makes one up from a counter, and the name in your file would differ from run to run.
#
# **Predict.** After 500 steps of gradient descent on six points, what will the model answer to *x* = 10? Exactly 19?

# %% tags=["train"]
points = tf.data.Dataset.from_tensors((x, y)).repeat(steps)  # one batch of six, many times
model.fit(points, epochs=1, shuffle=False, verbose=0)

weight, bias = (float(value.numpy().squeeze()) for value in model.weights)
print(f"weight {weight:.3f} (rule: 2), bias {bias:.3f} (rule: -1)")

# %% [markdown]
# Most tutorials write `fit(xs, ys, epochs=500)` with two Python lists. Keras 3 refuses lists, and with arrays it starts
# 500 epochs of one step each. Try both on a spare copy, with 20 in place of 500:

# %% tags=["fit-as-in-tutorials"]
from time import perf_counter

spare = keras.models.clone_model(model)
spare.compile(optimizer="sgd", loss="mean_squared_error")
try:
    spare.fit([-1.0, 0.0, 1.0], [-3.0, -1.0, 1.0], epochs=20, verbose=0)
except ValueError as refused:
    print(refused)

spare.fit(x, y, epochs=1, verbose=0)  # the first call traces the model: not timed
start = perf_counter()
spare.fit(x, y, epochs=20, verbose=0)
middle = perf_counter()
spare.fit(points.take(20), epochs=1, shuffle=False, verbose=0)
ratio = (middle - start) / (perf_counter() - middle)
print(f"20 epochs take {ratio:.0f} times as long as 20 steps")

# %% [markdown]
# An epoch has costs of its own, and a step on six numbers costs next to nothing beside them. Now ask the model:

# %% tags=["ask-keras"]
asked = np.array([[question]], dtype=np.float32)
from_keras = float(model(asked).numpy().squeeze())
print(f"Keras answers {from_keras:.4f}; the rule says {2 * question - 1:.4f}")

# %% [markdown]
# Close, and not exact: training stopped on the way. From now on the model, not the rule, is the truth: **a converted
# file is right when it answers what the model answers**, errors included.

# %% [markdown]
# ## 2 · Export a SavedModel, with its version
#
# A SavedModel is a folder that holds the computation and the weights, and needs none of your Python code. It is what
# TensorFlow Serving, TensorFlow.js and the Lite converter all read. The last part of its path is a **version number**:
# Serving loads the highest one it finds, so a new version is a new folder and nothing is overwritten.

# %% tags=["export"]
saved = work / "saved_model" / "1"
with quiet():
    model.export(saved, verbose=False)

parts = sorted(path for path in saved.rglob("*") if path.is_file())
print(*(path.relative_to(work).as_posix() for path in parts), sep="\n")
print(f"{sum(path.stat().st_size for path in parts) / 1000:.0f} kB in all")

# %% [markdown]
# `export` is for deployment: it keeps the forward pass. `model.save("neuron.keras")` is for coming back to: it also
# keeps the layers and the optimizer. Lab 02 uses both.

# %% [markdown]
# ## 3 · Convert, write, read back
#
# The converter is made *from* something; it has settings, which we leave alone until lab 04; `convert()` returns the
# file's content as bytes.

# %% tags=["convert-saved-model"]
converter = tf.lite.TFLiteConverter.from_saved_model(str(saved))
with quiet():
    content = converter.convert()

# %% tags=["write"]
file = work / "neuron.tflite"
file.write_bytes(content)
print(f"{file.name}: {len(content):,} bytes")

# %% [markdown]
# This one file is what goes to Android, iOS, a browser or a microcontroller. To run it we need an interpreter, and not
# TensorFlow any more. Five calls, each explained in lab 06:

# %% tags=["interpret"]
from ai_edge_litert.interpreter import Interpreter

with quiet():
    interpreter = Interpreter(str(file))  # load
    interpreter.allocate_tensors()  # plan and reserve the memory

interpreter.set_tensor(interpreter.get_input_details()[0]["index"], asked)
interpreter.invoke()
from_file = float(interpreter.get_tensor(interpreter.get_output_details()[0]["index"]).squeeze())
print(f"asked for {question:g}:  Keras {from_keras:.4f}   file {from_file:.4f}")

# %% [markdown]
# ## 4 · Parity: the habit that this course rests on
#
# One equal answer proves little. Ask many questions, take the largest difference, and compare it with a tolerance that
# you choose *before* you look. Float32 keeps about seven digits, so we allow 10⁻⁴ on answers of up to 200.

# %% tags=["parity-by-hand"]
questions = np.linspace(-100, 100, 201, dtype=np.float32)[:, None]
expected = model(questions).numpy()
found = open_model(file).predict(questions)  # the five calls above, for many rows

print(f"largest difference, {len(questions)} questions: {np.abs(found - expected).max():.1e}")

# %% [markdown]
# `parity` from `labutils` does the same, and says whether the tolerance is met. You will see it after every conversion
# of this course. In a script, let an `assert` stop you where you might read over a bad figure.

# %% tags=["parity"]
compared = {"SavedModel": parity(file, model, questions, tolerance=1e-4)}
print(compared["SavedModel"])
assert compared["SavedModel"].agrees

# %% [markdown]
# ## 5 · Two more ways in
#
# The converter also starts from the Keras model itself, or from a **concrete function**: a computation traced for one
# fixed kind of input.
#
# ![](../img/10-converter.png)
#
# **Predict.** Do the three files answer alike? Do they have the same size?

# %% tags=["convert-keras"]
converter = tf.lite.TFLiteConverter.from_keras_model(model)
with quiet():
    from_keras_model = converter.convert()

compared["Keras model"] = parity(from_keras_model, model, questions, tolerance=1e-4)
print(compared["Keras model"])

# %% tags=["convert-concrete-function"]
function = tf.function(lambda x: model(x))
concrete = function.get_concrete_function(tf.TensorSpec([None, 1], tf.float32, name="x"))
with quiet():
    converter = tf.lite.TFLiteConverter.from_concrete_functions([concrete])
    from_function = converter.convert()

compared["concrete function"] = parity(from_function, model, questions, tolerance=1e-4)
print(compared["concrete function"])

# %% [markdown]
# Here `quiet()` keeps a piece of bad advice from you: the converter asks for the model as a second argument. With a
# Keras 3 model, following it gives a silently wrong file, for the reason that section 6 explains.

# %% tags=["routes"]
contents = [content, from_keras_model, from_function]
files = dict(zip(compared, contents, strict=True))
table = tables.parities(compared)
table["bytes"] = [f"{len(files[name]):,}" for name in table.index]
keys = {name: [signature.key for signature in anatomy(files[name]).signatures] for name in files}
table["signature"] = [", ".join(keys[name]) or "none" for name in table.index]
assert all(found.agrees for found in compared.values())
table

# %% [markdown]
# All three answer alike. `from_keras_model` first exports, then converts, so every conversion pays for an export
# (`make bench` measures how much). The file from a concrete function has no **signature**: inputs and outputs can be
# found by number only, not by name. Where you have the choice, export once and convert from the SavedModel.

# %% [markdown]
# ## 6 · The route of the old tutorials
#
# For years the way to save a model for conversion was `tf.saved_model.save`. With Keras 3 it still runs, it still warns
# of nothing, and `convert()` returns a file.
#
# **Predict.** What does that file answer to our question?

# %% tags=["old-route"]
old = work / "old_route" / "1"
with quiet():
    tf.saved_model.save(model, str(old))
    wrong = tf.lite.TFLiteConverter.from_saved_model(str(old)).convert()

answer = float(open_model(wrong).predict(asked).squeeze())
print(f"{len(wrong):,} bytes, no error.  Keras {from_keras:.4f}   file {answer:.1e}")

# %% [markdown]
# That is not a badly trained neuron; it is not our neuron at all. Run the cell again and you may see another number. Is
# the SavedModel broken, or the conversion? Ask the SavedModel:

# %% tags=["old-route-saved-model"]
with quiet():
    loaded = tf.saved_model.load(str(old))
    served = loaded.signatures["serving_default"](tf.constant(asked))
from_saved_model = served["output_0"].numpy().item()
print(f"the SavedModel answers {from_saved_model:.4f}")

# %% [markdown]
# The SavedModel is fine; something was lost on the way into the file. So open the files and look at their operators.

# %% tags=["operators", "nbval-check-output"]
print("right:", dict(anatomy(content).operators))
print("wrong:", dict(anatomy(wrong).operators))

# %% [markdown]
# The right file holds one operator, `FULLY_CONNECTED`, with the weights beside it. The wrong one makes two empty
# variables (`VAR_HANDLE`), reads them (`READ_VARIABLE`), and computes with whatever was in that memory.
#
# **Why.** The converter *freezes* a model: it replaces each variable by its value. It looks for TensorFlow's variables
# in the SavedModel's list of parts. Keras 3 wraps each of them in a variable class of its own, `tf.saved_model.save`
# stores that wrapper, and the converter does not look inside. `model.export` lists the variables plainly, so they are
# found.
#
# The default delegate, XNNPACK, does not check the variables; the runtime's own kernels do. Without the delegate the
# same file is refused when it is asked:

# %% tags=["old-route-without-delegate"]
try:
    open_model(wrong, xnnpack=False).predict(asked)
except LabError as refused:
    print(refused)

# %% [markdown]
# There is a quicker way to find out: its operators tell. So `parity` refuses such a file before it compares anything.

# %% tags=["parity-refuses"]
try:
    parity(wrong, model, questions)
except LabError as refused:
    print(refused)

# %% [markdown]
# ## 7 · What is in the file?
#
# **Predict.** Two numbers of four bytes each are what the neuron has learned. How large is the file, and what fills it?

# %% tags=["bytes"]
charts.bytes_by_part(("neuron.tflite", anatomy(file)))

# %% [markdown]
# Eight bytes of weights. The rest describes them: a `.tflite` file is a **FlatBuffer**, a flat layout that is used as
# it lies on disk, with no unpacking. *Layout* is the price: offsets that point from part to part, and padding so that
# each number stands where a processor can read it directly. Does a larger model pay more? Two others that come with the
# course:

# %% tags=["share-of-weights", "nbval-check-output"]
shipped = [models.asset(name) for name in ("digits_cnn.tflite", "mobilenet_v2_digits.tflite")]
for path in shipped:
    found = anatomy(path)
    share = found.bytes_by_part["weights"] / found.size
    print(f"{path.name:27} {found.size:>9,} bytes, weights {share:.0%}")

# %% [markdown]
# The description grows with the number of layers, not of weights: a real model is nearly all weights. Back to ours,
# tensor by tensor:

# %% tags=["tensors"]
tables.tensors(anatomy(file))

# %% [markdown]
# A `?` is a size that is decided at run time, here the batch. The two tensors with bytes are the neuron. They are the
# numbers that training found:

# %% tags=["weights-in-file"]
for tensor in anatomy(file).subgraphs[0].tensors:
    if tensor.bytes:
        print(f"tensor {tensor.index}: {interpreter.get_tensor(tensor.index).squeeze():.6f}")
print(f"Keras:    weight {weight:.6f}, bias {bias:.6f}")

# %% [markdown]
# ## 8 · Can it be made smaller?
#
# The converter can store weights as 8-bit integers; `Optimize.DEFAULT` asks for it.
#
# **Predict.** How many bytes does that save here?

# %% tags=["quantize"]
converter = tf.lite.TFLiteConverter.from_saved_model(str(saved))
converter.optimizations = [tf.lite.Optimize.DEFAULT]
with quiet():
    quantized = converter.convert()

print(f"{len(content):,} bytes before, {len(quantized):,} after")
print("dtypes:", dict(anatomy(quantized).dtypes))

unchanged = parity(quantized, model, questions, tolerance=1e-4)
assert unchanged.agrees
print(unchanged)

# %% [markdown]
# None: the dtypes are as before. The converter leaves tensors of fewer than 1,024 elements as they are, and there was
# little to gain from eight bytes. Lab 04 uses a model that has something to lose.

# %% [markdown]
# ## 9 · Try it
#
# Move the slider. Both answers come from models that are loaded now: Keras in TensorFlow, the file in the interpreter.

# %% tags=["widget"]
import ipywidgets

runtime = open_model(file)


def both_answers(value):
    row = np.array([[value]], dtype=np.float32)
    ours, theirs = model(row).numpy().item(), runtime.predict(row).item()
    rule = 2 * value - 1
    return f"Keras <b>{ours:.4f}</b> &nbsp; file <b>{theirs:.4f}</b> &nbsp; rule {rule:.4f}"


widgets.explore(ipywidgets.FloatSlider(question, min=-100, max=100, step=0.5), both_answers, "x")

# %% tags=["answers"]
ask = np.linspace(-5, 10, 16, dtype=np.float32)[:, None]
answers = {"Keras": model(ask).numpy().ravel(), "file": runtime.predict(ask).ravel()}
charts.line_and_answers(ask.ravel(), 2 * ask.ravel() - 1, answers, "One neuron, asked twice")

# %% [markdown]
# What was measured, by name, for whoever runs this lab many times with other parameters; `labs results` collects it.

# %% tags=["record"]
record("bytes", float_file=len(content), quantized_file=len(quantized))
record("", weight=weight, bias=bias, keras_answer=from_keras, file_answer=from_file)
record("", largest_error=compared["SavedModel"].max_error)

# %% [markdown]
# ## Exercises
#
# Replace each `...` and run the cell, then the one below it: **correct**, **not yet** with a reason, or **not tried**.
# Stuck? `hint("01.convert")` gives one hint at a time, `solution("01.convert")` the answer and why. Unanswered
# exercises stop nothing.

# %% [markdown]
# **Exercise 1 · Convert.** Write `to_tflite(model)`: it takes a Keras model, any Keras model, and returns the bytes of a
# `.tflite` file that computes the same. It writes nothing to disk.

# %% tags=["exercise-to-tflite"]
def to_tflite(model):
    ...

# %% tags=["check-to-tflite"]
check("01.convert", to_tflite)

# %% [markdown]
# **Exercise 2 · The newest version.** A server such as TensorFlow Serving looks into the folder above `1`, `2`, `3` ...
# and loads the newest version. Write `newest_version(names)`: it takes the names in that folder, a list of texts in any
# order, and returns the name with the largest whole number, exactly as it stands in the list. Names that are no whole
# number, such as `latest` or `1.bak`, do not count; if none is left, it returns `None`.

# %% tags=["exercise-newest-version"]
def newest_version(names):
    ...

# %% tags=["check-newest-version"]
check("01.newest_version", newest_version)

# %% [markdown]
# **Exercise 3 · Does it hold its weights?** Write `holds_its_weights(operators)`: it takes the names of a file's
# operators, such as `list(anatomy(path).operators)` gives them, in any order. It returns `False` if the file reads
# variables whose values it does not hold, as the silent route's file does, and `True` otherwise.

# %% tags=["exercise-holds-its-weights"]
def holds_its_weights(operators):
    ...

# %% tags=["check-holds-its-weights"]
check("01.holds_its_weights", holds_its_weights)

# %% [markdown]
# **Exercise 4 · The largest error.** Write `largest_error(expected, found)`: it takes two float32 arrays of the same
# shape, the model's answers and the file's, and returns the largest absolute difference between them, as one number. If
# either array holds a NaN or an infinity, so must the result be: a broken file may not look good.

# %% tags=["exercise-largest-error"]
def largest_error(expected, found):
    ...

# %% tags=["check-largest-error"]
check("01.largest_error", largest_error)

# %% [markdown]
# **Exercise 5 · Predict a size.** Write `weight_bytes(shapes)`: it takes the shapes of a model's float32 weights, a list
# of tuples such as `[tuple(weight.shape) for weight in model.weights]` gives, and returns how many bytes these weights
# take in a file, 4 for each number. The shape `()` is that of a scalar, which is one number. An empty list takes 0.
# When it is right, ask it about your neuron, and compare with the weights of `anatomy(file).bytes_by_part`.

# %% tags=["exercise-weight-bytes"]
def weight_bytes(shapes):
    ...

# %% tags=["check-weight-bytes"]
check("01.weight_bytes", weight_bytes)

# %% [markdown]
# ## Quiz
#
# What is the idea behind it? Choose an answer, and read why it is right, or what it overlooks. You may choose again.

# %% tags=["quiz"]
quiz("01")

# %% [markdown]
# ## What you have seen
#
# - You trained a model whose truth you know, and exported it as `saved_model/1`.
# - Three routes gave three files that agree with the model; the route by way of the SavedModel is the one to keep.
# - You compared on many inputs, with a tolerance set beforehand, instead of trusting that no error means no fault.
# - You opened a file: eight bytes of weights, and a description of about a kilobyte.
# - You know a silently wrong file when you see one: `VAR_HANDLE` among its operators.
#
# **On cards**, to print or to project, the code that matters here ([all pictures](../img/README.md)):
#
# ![](../img/16-example1.png)
#
# ![](../img/12-saved-model.png)
#
# ![](../img/17-example1-2.png)
#
# **Next:** lab 06 looks closely at the interpreter, whose five calls you met in section 3.
