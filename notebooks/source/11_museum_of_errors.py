# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
#   lab:
#     title: The museum of errors
#     minutes: 60
#     quick:
#       images: 120
#       calls: 20
#       command_lines: false
# ---

# %% [markdown]
# # 11 · The museum of errors
#
# ![](../img/9-process.png)
#
# This lab is a place to visit, not a path to walk. Each exhibit is one mistake that people make on the way from a model
# to a device: the code as it is written, run, with what it says; why; and the cure, run, with a proof. Some mistakes say
# nothing at all. These are the ones to know.
#
# **You will be able to**
#
# - recognize the usual error messages of Keras, the converter and the interpreter, and cure what is behind them;
# - name the mistakes that raise no error, and the measurement that shows each;
# - open a file that you do not trust without losing your kernel;
# - look a message up: `labs explain` on a terminal, `find` here.
#
# *60 minutes · about 25 seconds of computing · 1.1 GB of memory · no network · no GPU*

# %% tags=["parameters"]
images: int = 360  # test images that answers are judged by [100..360]
calls: int = 50  # calls by each of two threads [20..300]
command_lines: bool = True  # whether to run the commands that load TensorFlow anew

# %% tags=["given"]
from labutils.course.session import check_parameters, record

check_parameters("11", globals())

# %% tags=["setup"]
import hashlib
import json
import subprocess
import sys
from pathlib import Path

import ipywidgets
import numpy as np
from ai_edge_litert.interpreter import Interpreter, load_delegate

from labutils import data, models
from labutils.museum import EXHIBITS, as_html, collected, contents, exhibit, find, heard
from labutils.paths import workdir
from labutils.show import widgets
from labutils.show.terminal import terminal
from labutils.tflite.anatomy import anatomy
from labutils.tflite.quiet import quiet
from labutils.tflite.runtime import open_model

# %% tags=["setup-tensorflow"]
with quiet():
    import keras
    import tensorflow as tf

keras.utils.set_random_seed(11)
work = workdir("11_museum_of_errors")

# %% [markdown]
# ## The plan
#
# **Predict.** Of all the mistakes that you have met or can think of: which share raises no error?

# %% tags=["kinds", "nbval-check-output"]
kinds = [each.kind for each in EXHIBITS.values()]
counts = {kind: kinds.count(kind) for kind in ("message", "silence", "crash")}
print(f"{len(kinds)} exhibits:", counts)

# %% [markdown]
# A third of those collected here: silences, and two that kill the process before it can say anything. Choose a room;
# the links lead there in JupyterLab.

# %% tags=["contents"]
contents()

# %% [markdown]
# Or look up what you see. Any part of a message will do, a whole traceback, or a few words:

# %% tags=["find", "nbval-check-output"]
find("Got value of type FLOAT64 but expected type FLOAT32")

# %% tags=["look-up"]
asked = ipywidgets.Text("the same answer for every image", continuous_update=False)
widgets.explore(asked, as_html, "message")

# %% [markdown]
# ### The material
#
# All exhibits share two models that you know: the neuron *y* = 2*x* − 1, and the small CNN that reads digits, which is
# shipped as a float file and as an integer file.

# %% tags=["material"]
neuron = keras.Sequential([keras.Input((1,), name="x"), keras.layers.Dense(1, name="y")])
neuron.set_weights([np.array([[2.0]]), np.array([-1.0])])  # as if trained to the end
ten = np.array([[10.0]], np.float32)

cnn = models.digits_cnn("digits")
file, integer_file = (str(models.asset(f"digits_cnn{end}.tflite")) for end in ("", "_int8"))
pictures, labels = (each[:images] for each in data.digits("test"))
inputs = data.for_cnn(pictures)  # float32, 0 to 1, shape (n, 8, 8, 1)
seen = data.for_cnn(data.digits("train")[0][:50])  # to calibrate with

# %% tags=["helpers"]
def converted(converter):
    """The file, as bytes."""
    with quiet():
        return converter.convert()


def ready(model):
    """An interpreter of a file, or of its bytes, with its memory planned."""
    with quiet():
        kind = "model_content" if isinstance(model, bytes) else "model_path"
        interpreter = Interpreter(**{kind: model})
        interpreter.allocate_tensors()
    return interpreter

# %% tags=["proofs"]
def agrees(found, wanted):
    """The proof of most cures."""
    apart = np.abs(np.asarray(found) - np.asarray(wanted)).max()
    assert apart <= 1e-5
    print(f"agrees, largest difference {apart:.0e}")


def share_right(model, given=inputs):
    return (open_model(model).predict(given).argmax(axis=1) == labels).mean()

# %% [markdown]
# In each exhibit the mistake stands in a block `with exhibit(...)`, which holds the logs back, prints what is said, and
# complains if it is no longer what this museum knows.
#
# ## 1 · Making the model
#
# ### Lists in fit
#
# The first lines of many tutorials. Keras 2 made arrays of lists; Keras 3 does not guess.

# %% tags=["exhibit-lists-in-fit"]
spare = models.neuron()
spare.compile("sgd", "mean_squared_error")
with exhibit("lists_in_fit"):
    spare.fit([-1.0, 0.0, 1.0], [-3.0, -1.0, 1.0], verbose=0)

# %% tags=["cure-lists-in-fit"]
x, y = (np.array(each, np.float32)[:, None] for each in ([-1, 0, 1], [-3, -1, 1]))
history = spare.fit(x, y, epochs=2, verbose=0).history["loss"]
assert history[1] < history[0]
print(f"loss {history[0]:.2f}, then {history[1]:.2f}")

# %% [markdown]
# ### SGD with lr
#
# `lr` became `learning_rate`; the old name is gone.

# %% tags=["exhibit-sgd-lr"]
with exhibit("sgd_lr"):
    keras.optimizers.SGD(lr=0.01)

# %% tags=["cure-sgd-lr"]
optimizer = keras.optimizers.SGD(learning_rate=0.01)
assert np.isclose(optimizer.learning_rate, 0.01)
print(f"{float(optimizer.learning_rate):.2f}")

# %% [markdown]
# ### Save to a folder
#
# A name without an ending used to mean a SavedModel. `save` now writes one file; `export` writes the folder.

# %% tags=["exhibit-save-to-folder"]
saved = work / "saved_model" / "1"
with exhibit("save_to_folder"):
    neuron.save(saved)

# %% tags=["cure-save-to-folder"]
with quiet():
    neuron.export(saved, verbose=False)
assert (saved / "saved_model.pb").exists()
print(*sorted(path.name for path in saved.iterdir()))

# %% [markdown]
# ### Load a folder
#
# The way back is barred too: an exported model has no layers any more. It can still answer, as a layer.

# %% tags=["exhibit-load-a-folder"]
with exhibit("load_a_folder"):
    keras.models.load_model(saved)

# %% tags=["cure-load-a-folder"]
with quiet():
    layer = keras.layers.TFSMLayer(saved, call_endpoint="serving_default")
    answer = layer(ten)["output_0"]
agrees(answer, 19)

# %% [markdown]
# ### Input without a name
#
# The same code, converted twice. An app that asks for its input by name would find it once.

# %% tags=["exhibit-input-without-name"]
def input_name(**name):
    """Build, convert, and tell what the file calls its input."""
    net = keras.Sequential([keras.Input((1,), **name), keras.layers.Dense(1)])
    content = converted(tf.lite.TFLiteConverter.from_keras_model(net))
    return next(iter(anatomy(content).signatures[0].inputs))


with exhibit("input_without_name"):
    names = [input_name(), input_name()]
    assert names[0] != names[1]
print(*names)

# %% tags=["cure-input-without-name", "nbval-check-output"]
names = [input_name(name="x"), input_name(name="x")]
assert names == ["x", "x"]
print(*names)

# %% [markdown]
# ### A Hub layer in Sequential
#
# `hub.KerasLayer` of `tensorflow_hub` is a layer of Keras 2. That package does not come with this course, so a module of
# our own stands for it: Keras 3 refuses both in the same words, since neither is a `keras.Layer`.

# %% tags=["exhibit-hub-layer"]
class Doubler(tf.Module):
    def __call__(self, x):
        return 2 * x


with exhibit("hub_layer"):
    keras.Sequential([keras.Input((1,)), Doubler()])

# %% tags=["cure-hub-layer"]
class Wrapped(keras.Layer):
    def __init__(self, module):
        super().__init__()
        self.module = module

    def call(self, x):
        return self.module(x)


net = keras.Sequential([keras.Input((1,)), Wrapped(Doubler())])
agrees(net(ten), 20)

# %% [markdown]
# For a SavedModel, which is what Kaggle Models hands out, the layer is `keras.layers.TFSMLayer`, two exhibits above.
#
# ### Weights without a network
#
# `keras.applications.MobileNetV2()` means `weights="imagenet"`, and that means a download by `get_file`. Here `get_file`
# is sent to a port of this computer where nobody answers, so that the exhibit works with and without a network.

# %% tags=["exhibit-weights-offline"]
nobody = "https://localhost:9/weights.h5"
with exhibit("weights_offline"):
    keras.utils.get_file("weights.h5", nobody, cache_dir=str(work), force_download=True)

# %% tags=["cure-weights-offline"]
net = models.digits_cnn(weights=None)  # keras.applications takes weights=None as well
net.set_weights(cnn.get_weights())  # weights that are at hand
agrees(net(inputs[:3]), cnn(inputs[:3]))

# %% [markdown]
# Lab 02 loads MobileNetV2 through `labutils.pretrained`, which looks into the cache and into `LABS_MIRROR`, and says in a
# sentence what it loaded instead.
#
# ## 2 · Converting
#
# ### A Keras file on the command line
#
# `tflite_convert` has a flag for Keras files, and it has failed since Keras 3.

# %% tags=["exhibit-h5-on-the-command-line"]
with quiet():
    neuron.save(work / "neuron.h5")
if command_lines:
    ended = terminal("tflite_convert --keras_model_file neuron.h5 --output_file n.tflite", work)
    heard("h5_on_the_command_line", ended.err.strip().splitlines()[-1])

# %% tags=["cure-h5-on-the-command-line"]
if command_lines:
    ended = terminal("labs convert --keras_model_file neuron.h5 --output_file n.tflite", work)
    assert ended.code == 0
    agrees(open_model(work / "n.tflite").predict(ten), neuron(ten))

# %% [markdown]
# ### A flag that nobody reads
#
# A flag of TensorFlow 1, and one that never existed. The exit code says that all is well.

# %% tags=["exhibit-unknown-flag"]
flags = "--saved_model_dir saved_model/1 --output_file small.tflite --post_training_quantize"
if command_lines:
    ended = terminal(f"tflite_convert {flags} --as_small_as_you_can", work)
    assert ended.code == 0 and "int8" not in anatomy(work / "small.tflite").dtypes
    print("exit code", ended.code)

# %% tags=["cure-unknown-flag"]
ended = terminal(f"labs convert {flags}", work)
assert ended.code == 2

# %% [markdown]
# ### The route of the old tutorials
#
# The museum's most dangerous piece. One layer, one neuron, saved with `tf.saved_model.save`, converted. The right answer
# is 19.

# %% tags=["exhibit-saved-by-tensorflow"]
old = work / "old_route" / "1"
with exhibit("saved_by_tensorflow"):
    tf.saved_model.save(neuron, str(old))
    hollow = tf.lite.TFLiteConverter.from_saved_model(str(old)).convert()
    assert anatomy(hollow).has_unfrozen_variables

print("the file holds", ", ".join(anatomy(hollow).operators))
print(f"for x = 10 it answers {open_model(hollow).predict(ten).item():.1e}")

# %% [markdown]
# The file has places for the weights and no weights: it computes with whatever lies in that memory. The runtime's own
# kernels would notice; XNNPACK, which is on by default, does not look.

# %% tags=["saved-by-tensorflow-noticed"]
from ai_edge_litert.interpreter import OpResolverType

built_in = OpResolverType.BUILTIN_WITHOUT_DEFAULT_DELEGATES
with exhibit("saved_by_tensorflow"):
    plain = Interpreter(model_content=hollow, experimental_op_resolver_type=built_in)
    plain.allocate_tensors()
    plain.invoke()

# %% tags=["cure-saved-by-tensorflow"]
whole = converted(tf.lite.TFLiteConverter.from_saved_model(str(saved)))  # of model.export
assert not anatomy(whole).has_unfrozen_variables
agrees(open_model(whole).predict(ten), neuron(ten))

# %% [markdown]
# ### The model as second argument
#
# From a concrete function the converter asks for "the model" as well, in a log line. Whoever gives it a Keras 3 model
# is back in the exhibit above.

# %% tags=["exhibit-model-beside-function"]
spec = tf.TensorSpec([None, 1], tf.float32, name="x")
concrete = tf.function(lambda x: neuron(x)).get_concrete_function(spec)
with exhibit("model_beside_function"):
    hollow = tf.lite.TFLiteConverter.from_concrete_functions([concrete], neuron).convert()
    assert anatomy(hollow).has_unfrozen_variables
print("the file holds", ", ".join(anatomy(hollow).operators))

# %% tags=["cure-model-beside-function"]
with quiet():
    whole = tf.lite.TFLiteConverter.from_concrete_functions([concrete]).convert()
assert not anatomy(whole).has_unfrozen_variables
agrees(open_model(whole).predict(ten), neuron(ten))

# %% [markdown]
# ### No SavedModel here
#
# A folder is named, but it is the one *above* the version. `saved_model_cli show` says the same, below a long
# traceback.

# %% tags=["exhibit-no-saved-model-here"]
with exhibit("no_saved_model_here"):
    tf.lite.TFLiteConverter.from_saved_model(str(saved.parent))

# %% tags=["cure-no-saved-model-here"]
versions = [path.parent for path in saved.parent.glob("*/saved_model.pb")]
assert versions == [saved]
content = converted(tf.lite.TFLiteConverter.from_saved_model(str(versions[0])))
agrees(open_model(content).predict(ten), neuron(ten))

# %% [markdown]
# ### An operator that LiteRT lacks
#
# LiteRT has sine and cosine, and no tangent.

# %% tags=["exhibit-flex-at-conversion"]
def from_function(function):
    """A converter of a plain function of 64 numbers."""
    spec = tf.TensorSpec([1, 64], tf.float32, name="x")
    with quiet():
        concrete = tf.function(function, autograph=False).get_concrete_function(spec)
        return tf.lite.TFLiteConverter.from_concrete_functions([concrete])


with exhibit("flex_at_conversion"):
    from_function(tf.math.tan).convert()

# %% tags=["cure-flex-at-conversion"]
row = np.linspace(-0.9, 0.9, 64, dtype=np.float32)[None]
rewritten = converted(from_function(lambda x: tf.sin(x) / tf.cos(x)))
agrees(open_model(rewritten).predict(row), np.tan(row))

# %% [markdown]
# The message advises TF Select instead. That converts, and moves the problem to the runtime: see *Flex refused at run
# time*, in room 5.
#
# ### Refused by Select too
#
# Select knows many of TensorFlow's operators, not all.

# %% tags=["exhibit-refused-by-select-too"]
select = [tf.lite.OpsSet.TFLITE_BUILTINS, tf.lite.OpsSet.SELECT_TF_OPS]
converter = from_function(tf.math.asin)
converter.target_spec.supported_ops = select
with exhibit("refused_by_select_too"):
    converter.convert()

# %% tags=["cure-refused-by-select-too"]
rewritten = converted(from_function(lambda x: tf.atan2(x, tf.sqrt(1 - x * x))))
agrees(open_model(rewritten).predict(row), np.arcsin(row))

# %% [markdown]
# ## 3 · Quantizing
#
# A small dense net is enough for most of these, with some random samples to calibrate it.

# %% tags=["dense"]
source = np.random.default_rng(11)
inner, outer = (source.normal(size=shape).astype("float32") for shape in ((64, 32), (32, 8)))
rows = source.normal(size=(50, 1, 64)).astype(np.float32)


def dense(between=tf.nn.relu):
    return from_function(lambda x: tf.matmul(between(tf.matmul(x, inner)), outer))


def integer(converter, dataset):
    """The converter, told to use integer operators."""
    converter.optimizations = [tf.lite.Optimize.DEFAULT]
    converter.representative_dataset = dataset
    converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
    return converter

# %% [markdown]
# ### Full integer without data
#
# Weights are in the model; how large activations become is not.

# %% tags=["exhibit-integer-without-data"]
with exhibit("integer_without_data"):
    integer(dense(), None).convert()

# %% tags=["cure-integer-without-data", "nbval-check-output"]
def samples():
    return ([row] for row in rows)


calibrated = converted(integer(dense(), samples))
assert "int8" in anatomy(calibrated).dtypes
print(dict(anatomy(calibrated).dtypes))

# %% [markdown]
# ### A generator in place of a function
#
# Two brackets too many.

# %% tags=["exhibit-generator-not-function"]
with exhibit("generator_not_function"):
    integer(dense(), samples()).convert()

# %% tags=["cure-generator-not-function"]
assert converted(integer(dense(), samples)) == calibrated
print("the same file as above")

# %% [markdown]
# ### A sample without its list
#
# Two brackets too few: each sample is a *list* of arrays, one for each input of the model.

# %% tags=["exhibit-sample-without-list"]
with exhibit("sample_without_list"):
    integer(dense(), lambda: (row for row in rows)).convert()

# %% tags=["cure-sample-without-list"]
assert converted(integer(dense(), lambda: ([row] for row in rows))) == calibrated
print("the same file again")

# %% [markdown]
# ### An integer border around floats
#
# The ends can be integers only where the inside is.

# %% tags=["exhibit-integer-border-alone"]
converter = dense()
converter.inference_input_type = tf.int8
with exhibit("integer_border_alone"):
    converter.convert()

# %% tags=["cure-integer-border-alone"]
converter = integer(dense(), samples)
converter.inference_input_type = tf.int8
port = next(iter(open_model(converted(converter)).inputs.values()))
assert port.dtype == "int8"
print("input:", port.dtype)

# %% [markdown]
# ### An empty generator
#
# A path with a typing error, a filter that lets nothing through. You asked for integers; look at what the file holds.

# %% tags=["exhibit-empty-generator"]
with exhibit("empty_generator"):
    empty = integer(dense(), lambda: iter([])).convert()
    assert "int8" not in anatomy(empty).dtypes
print(dict(anatomy(empty).dtypes))

# %% tags=["cure-empty-generator"]
count = sum(1 for _ in samples())
assert count == 50  # before you convert
full = converted(integer(dense(), samples))
assert "int8" in anatomy(full).dtypes
print(f"{count} samples,", dict(anatomy(full).dtypes))

# %% [markdown]
# ### Optimizations forgotten
#
# The dataset is there, and nobody asked for quantization.

# %% tags=["exhibit-forgotten-optimizations"]
converter = dense()
converter.representative_dataset = samples
with exhibit("forgotten_optimizations"):
    forgotten = converter.convert()
    assert "int8" not in anatomy(forgotten).dtypes
print(dict(anatomy(forgotten).dtypes), f"{len(forgotten):,} bytes")

# %% tags=["cure-forgotten-optimizations"]
converter.optimizations = [tf.lite.Optimize.DEFAULT]
remembered = converted(converter)
assert "int8" in anatomy(remembered).dtypes and len(remembered) < len(forgotten)
print(dict(anatomy(remembered).dtypes), f"{len(remembered):,} bytes")

# %% [markdown]
# ### A float operator among integers
#
# Older texts say that the converter raises when an operator has no integer kernel. It used to. Today it leaves the
# operator as it is.

# %% tags=["exhibit-float-among-integers"]
from labutils.tflite.integer import assert_fully_integer, float_operators

with exhibit("float_among_integers"):
    mixed = integer(dense(tf.sin), samples).convert()
    assert float_operators(anatomy(mixed)) == {"SIN": 1}
print(", ".join(anatomy(mixed).operators))

# %% [markdown]
# The old quantizer still speaks up, if you ask for it:

# %% tags=["float-among-integers-noticed"]
converter = integer(dense(tf.sin), samples)
converter.experimental_new_quantizer = False
with exhibit("float_among_integers"):
    converter.convert()

# %% tags=["cure-float-among-integers"]
converter = integer(dense(tf.tanh), samples)  # bounded like the sine, and with an integer kernel
converter.inference_input_type = converter.inference_output_type = tf.int8
bounded = converted(converter)
assert_fully_integer(bounded)
print(", ".join(anatomy(bounded).operators))

# %% [markdown]
# ### Calibrated on another range
#
# The CNN takes numbers from 0 to 1. Somebody calibrates it with bytes from 0 to 255.

# %% tags=["exhibit-wrong-calibration-range"]
def calibrated_with(pictures):
    converter = tf.lite.TFLiteConverter.from_keras_model(cnn)
    return integer(converter, lambda: ([picture[None]] for picture in pictures)).convert()


with exhibit("wrong_calibration_range"):
    astray = calibrated_with(255 * seen)
    assert share_right(astray) < 0.5
print(f"right: {share_right(astray):.0%}; float file {share_right(file):.0%}")

# %% tags=["cure-wrong-calibration-range"]
with quiet():
    good = calibrated_with(seen)
assert share_right(good) > 0.95
print(f"right: {share_right(good):.0%}")

# %% [markdown]
# ### Optimize for size
#
# Two flags of former days, still accepted.

# %% tags=["exhibit-size-or-latency"]
def optimized(flag):
    converter = dense()
    converter.optimizations = [flag]
    return converter.convert()


with exhibit("size_or_latency"):
    default, size, latency = (optimized(getattr(tf.lite.Optimize, name)) for name in (
        "DEFAULT", "OPTIMIZE_FOR_SIZE", "OPTIMIZE_FOR_LATENCY"))
    assert default == size == latency
print(f"{len(default):,} bytes, three times the same")

# %% tags=["cure-size-or-latency"]
converter = dense()
converter.optimizations = [tf.lite.Optimize.DEFAULT]
converter.target_spec.supported_types = [tf.float16]  # a path, not a wish
half = converted(converter)
assert len(default) < len(half) < len(forgotten)
print(f"{len(forgotten):,} bytes float, {len(half):,} float16, {len(default):,} dynamic range")

# %% [markdown]
# ### Too small to shrink
#
# The neuron, quantized. Everybody tries it, and wonders.

# %% tags=["exhibit-too-small-to-shrink"]
converter = tf.lite.TFLiteConverter.from_saved_model(str(saved))
with exhibit("too_small_to_shrink"):
    before = converter.convert()
    converter.optimizations = [tf.lite.Optimize.DEFAULT]
    after = converter.convert()
    assert anatomy(after).dtypes == anatomy(before).dtypes
print(f"{len(before):,} bytes before, {len(after):,} after")

# %% tags=["cure-too-small-to-shrink"]
assert inner.size >= 1024 and len(default) < 0.6 * len(forgotten)
before, after = len(forgotten), len(default)
print(f"a layer of {inner.size:,} weights: {before:,} bytes before, {after:,} after")

# %% [markdown]
# ## 4 · Feeding
#
# From here on: the interpreter, with the shipped CNN.

# %% tags=["interpreter"]
interpreter = ready(file)
wants = interpreter.get_input_details()[0]["index"]
gives = interpreter.get_output_details()[0]["index"]


def ask(interpreter, batch):
    interpreter.set_tensor(wants, batch)
    interpreter.invoke()
    return interpreter.get_tensor(gives)


expected = cnn(inputs).numpy()

# %% [markdown]
# ### The wrong dtype
#
# The commonest message of all. NumPy computes in float64 unless told otherwise. A representative dataset of float64
# says the same.

# %% tags=["exhibit-wrong-dtype"]
with exhibit("wrong_dtype"):
    interpreter.set_tensor(wants, pictures[:1, :, :, None] / 16)

# %% tags=["cure-wrong-dtype"]
answer = ask(interpreter, (pictures[:1, :, :, None] / 16).astype(np.float32))
agrees(answer, expected[:1])

# %% [markdown]
# ### One image without a batch
#
# Three axes where the model wants four.

# %% tags=["exhibit-no-batch-axis"]
with exhibit("no_batch_axis"):
    interpreter.set_tensor(wants, inputs[0])

# %% tags=["cure-no-batch-axis"]
agrees(ask(interpreter, inputs[0][None]), expected[:1])

# %% [markdown]
# ### Two images into room for one
#
# The memory is planned for one.

# %% tags=["exhibit-more-than-fits"]
with exhibit("more_than_fits"):
    interpreter.set_tensor(wants, inputs[:2])

# %% tags=["cure-more-than-fits"]
with quiet():
    wider = ready(file)
    wider.resize_tensor_input(wants, [2, 8, 8, 1])
    wider.allocate_tensors()
agrees(ask(wider, inputs[:2]), expected[:2])

# %% [markdown]
# ### An unknown signature
#
# Keras exports `serving_default`; names like `predict` come from elsewhere.

# %% tags=["exhibit-wrong-signature-key"]
by_name = ready(file)
with exhibit("wrong_signature_key"):
    by_name.get_signature_runner("predict")

# %% tags=["cure-wrong-signature-key", "nbval-check-output"]
print(by_name.get_signature_list())
runner = by_name.get_signature_runner("serving_default")
agrees(runner(image=inputs[:2])["output_0"], expected[:2])

# %% [markdown]
# ### A wrong input name
#
# The runner's arguments are the names in the signature, and no others.

# %% tags=["exhibit-wrong-input-name"]
with exhibit("wrong_input_name"):
    runner(picture=inputs[:2])

# %% tags=["cure-wrong-input-name"]
name = next(iter(runner.get_input_details()))
agrees(runner(**{name: inputs[:2]})["output_0"], expected[:2])

# %% [markdown]
# ### Cut off, not rounded
#
# The integer model wants *x ÷ scale + zero point* as int8. Many tutorials write `astype` and nothing else.

# %% tags=["exhibit-cut-not-rounded"]
port = next(iter(open_model(integer_file).inputs.values()))
scale, zero_point = port.scale, port.zero_point
with exhibit("cut_not_rounded"):
    cut = (inputs / scale + zero_point).astype(np.int8)
    rounded = np.clip(np.round(inputs / scale + zero_point), -128, 127).astype(np.int8)
    assert (cut != rounded).mean() > 0.1
print(f"{(cut != rounded).mean():.0%} of all pixels are stored one step off")

# %% tags=["cure-cut-not-rounded"]
back = scale * (rounded.astype(np.float32) - zero_point)
assert np.abs(back - inputs).max() <= scale / 2 + 1e-6
print(f"largest error in steps: rounded {np.abs(back - inputs).max() / scale:.2f},",
      f"cut {np.abs(scale * (cut.astype(np.float32) - zero_point) - inputs).max() / scale:.2f}")

# %% [markdown]
# ### Floats cast to integers
#
# Only the dtype is checked, and it fits. 0.0 to 1.0 becomes 0 or 1, which stand for a grey just above the middle.

# %% tags=["exhibit-cast-not-quantized"]
def ask_integer(stored):
    """The class of each image, from an integer model that is fed by hand."""
    model = ready(integer_file)
    model.resize_tensor_input(model.get_input_details()[0]["index"], stored.shape)
    model.allocate_tensors()
    model.set_tensor(model.get_input_details()[0]["index"], stored)
    model.invoke()
    return model.get_tensor(model.get_output_details()[0]["index"])


with exhibit("cast_not_quantized"):
    lost = ask_integer(inputs.astype(np.int8)).argmax(axis=1)
    assert (lost == labels).mean() < 0.5
print(f"right: {(lost == labels).mean():.0%}")

# %% tags=["cure-cast-not-quantized"]
with quiet():
    stored_answers = ask_integer(rounded)
assert (stored_answers.argmax(axis=1) == labels).mean() > 0.95
print(f"right: {(stored_answers.argmax(axis=1) == labels).mean():.0%}")

# %% [markdown]
# ### The zero point in 8 bits
#
# The way back is *scale · (stored − zero point)*. In int8 the difference may not fit, and NumPy wraps round.

# %% tags=["exhibit-zero-point-in-int8"]
ends = next(iter(open_model(integer_file).outputs.values()))
with exhibit("zero_point_in_int8"):
    wrapped = ends.scale * (stored_answers - np.int8(ends.zero_point))
    assert wrapped.min() < -0.01
print(f"probabilities from {wrapped.min():.2f} to {wrapped.max():.2f}")

# %% tags=["cure-zero-point-in-int8"]
probabilities = ends.scale * (stored_answers.astype(np.float32) - ends.zero_point)
assert probabilities.min() >= 0 and np.allclose(probabilities.sum(axis=1), 1, atol=0.05)
print(f"probabilities from {probabilities.min():.2f} to {probabilities.max():.2f}")

# %% [markdown]
# ### Prepared twice
#
# One function divides by 16, and the one that calls it does so again. The numbers stay legal, and nearly black.

# %% tags=["exhibit-scaled-twice"]
with exhibit("scaled_twice"):
    twice = share_right(file, inputs / 16)
    assert twice < 0.5
print(f"right: {twice:.0%}; largest pixel {(inputs / 16).max():.4f}")

# %% tags=["cure-scaled-twice"]
assert 0.9 < inputs.max() <= 1  # look at the range before you ask
assert share_right(file) > 0.95
print(f"right: {share_right(file):.0%}; largest pixel {inputs.max():.4f}")

# %% [markdown]
# ## 5 · Running
#
# ### Set before allocate
#
# Loading reads the plan; nothing has a place in memory yet.

# %% tags=["exhibit-set-before-allocate"]
with exhibit("set_before_allocate"):
    new = Interpreter(file)
    new.set_tensor(wants, inputs[:1])

# %% tags=["cure-set-before-allocate"]
with quiet():
    new.allocate_tensors()
agrees(ask(new, inputs[:1]), expected[:1])

# %% [markdown]
# ### Read before invoke
#
# The image is set, the answer is read, and the line between is missing. What comes is the answer to the image before.

# %% tags=["exhibit-read-before-invoke"]
ask(new, inputs[:1])
with exhibit("read_before_invoke"):
    new.set_tensor(wants, inputs[1:2])
    stale = new.get_tensor(gives)
    assert np.allclose(stale, expected[:1], atol=1e-5)
print(f"read {stale.argmax()}; right {labels[1]}; the image before {labels[0]}")

# %% tags=["cure-read-before-invoke"]
new.invoke()
fresh = new.get_tensor(gives)
agrees(fresh, expected[1:2])
print(f"read {fresh.argmax()}; right {labels[1]}")

# %% [markdown]
# ### Invoke after resize
#
# A resize needs a new plan, and somebody has to ask for it.

# %% tags=["exhibit-invoke-after-resize"]
with exhibit("invoke_after_resize"):
    new.resize_tensor_input(wants, [3, 8, 8, 1])
    new.invoke()

# %% tags=["cure-invoke-after-resize"]
with quiet():
    new.allocate_tensors()
agrees(ask(new, inputs[:3]), expected[:3])

# %% [markdown]
# ### A view that is kept
#
# `tensor(index)()` is a view into the interpreter's own memory.

# %% tags=["exhibit-kept-view"]
view = interpreter.tensor(gives)()
with exhibit("kept_view"):
    interpreter.invoke()

# %% tags=["cure-kept-view"]
del view
interpreter.invoke()
copy = interpreter.get_tensor(gives)  # a copy: yours, whatever the interpreter does next
later = ask(interpreter, inputs[1:2])
assert copy.argmax() != later.argmax()
print(f"kept {copy.argmax()}, while the interpreter went on to {later.argmax()}")

# %% [markdown]
# ### A runner beside calls by number
#
# The same words, and no view in sight: a signature runner holds some.

# %% tags=["exhibit-runner-held"]
held = ready(file)
runner = held.get_signature_runner("serving_default")
with exhibit("runner_held"):
    held.invoke()

# %% tags=["cure-runner-held"]
by_number = ready(file)  # one for calls by number, one for the runner
numbered, named = ask(by_number, inputs[:1]), runner(image=inputs[:1])["output_0"]
agrees(numbered, named)

# %% [markdown]
# ### One interpreter in two threads
#
# Two threads ask for two batches, over and over. Most calls are refused, and now and then the whole process is killed;
# so this exhibit has processes of its own, three of them.

# %% tags=["two-threads"]
two_threads = """
import sys, threading
import numpy as np
from ai_edge_litert.interpreter import Interpreter

def ready():
    interpreter = Interpreter(sys.argv[1])
    interpreter.resize_tensor_input(0, [50, 8, 8, 1])
    interpreter.allocate_tensors()
    return interpreter
"""

# %% tags=["two-threads-ask"]
two_threads += """
def ask_many(interpreter, batch):
    start.wait()
    for _ in range(int(sys.argv[3])):
        try:
            interpreter.set_tensor(0, batch)
            interpreter.invoke()
            interpreter.get_tensor(interpreter.get_output_details()[0]["index"])
        except (ValueError, RuntimeError) as error:
            errors.append(f"{type(error).__name__}: {' '.join(str(error).split())}")

images, errors, start, first = np.load(sys.argv[2]), [], threading.Barrier(2), ready()
second = first if sys.argv[4] == "shared" else ready()
pairs = [(first, images[:50]), (second, images[50:100])]
threads = [threading.Thread(target=ask_many, args=pair) for pair in pairs]
[thread.start() for thread in threads], [thread.join() for thread in threads]
print(len(errors), *errors[:1])
"""

# %% tags=["exhibit-two-threads"]
np.save(work / "images.npy", inputs)


def in_a_process(program, *words):
    """Run a program in a process of its own."""
    command = [sys.executable, "-c", program, *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True)


runs = [in_a_process(two_threads, file, work / "images.npy", calls, "shared") for _ in range(3)]
count, message = next(run.stdout.strip() for run in runs if ":" in run.stdout).split(" ", 1)
heard("two_threads", message)
failed = int(count) / (2 * calls)
print(message[:92], "…")
print(f"{failed:.0%} of the calls failed; {sum(run.returncode < 0 for run in runs)} of 3 killed")

# %% tags=["cure-two-threads"]
alone = in_a_process(two_threads, file, work / "images.npy", calls, "one each")
assert alone.stdout.strip() == "0"
print("0% of the calls failed")

# %% [markdown]
# ### Flex refused at run time
#
# The converter advised Select, so the tangent went into the file. No Python runtime since TensorFlow 2.20 carries Flex,
# the delegate that would compute it.

# %% tags=["exhibit-flex-at-run-time"]
converter = from_function(tf.math.tan)
converter.target_spec.supported_ops = select
flexible = converted(converter)
print("operators:", ", ".join(anatomy(flexible).operators))
with exhibit("flex_at_run_time"):
    machine = Interpreter(model_content=flexible)
    machine.allocate_tensors()
    machine.invoke()

# %% tags=["cure-flex-at-run-time"]
rewritten = converted(from_function(lambda x: tf.sin(x) / tf.cos(x)))
assert not any(name.startswith("Flex") for name in anatomy(rewritten).operators)
agrees(open_model(rewritten).predict(row), np.tan(row))

# %% [markdown]
# Where the operator cannot be rewritten: lab 05, which runs such files in an environment of their own.
#
# ### An operator that nobody brought
#
# `allow_custom_ops` silences the converter. The runtime asks for the operator.

# %% tags=["exhibit-unresolved-custom-op"]
converter = from_function(tf.math.tan)
converter.allow_custom_ops = True
with exhibit("unresolved_custom_op"):
    custom = converter.convert()
    Interpreter(model_content=custom).allocate_tensors()

# %% tags=["cure-unresolved-custom-op"]
def kinds_of(content):
    return {step.name: step.kind for step in anatomy(content).subgraphs[0].operators}


assert "custom" in kinds_of(custom).values()  # the file tells, before any device does
assert set(kinds_of(rewritten).values()) == {"builtin"}
print(kinds_of(custom), kinds_of(rewritten))

# %% [markdown]
# ### The interpreter under its old name
#
# A warning, not an error: it works, for now.

# %% tags=["exhibit-old-interpreter"]
with exhibit("old_interpreter"):
    theirs = tf.lite.Interpreter(file)
    theirs.allocate_tensors()

# %% tags=["cure-old-interpreter"]
agrees(ask(ready(file), inputs[:1]), ask(theirs, inputs[:1]))

# %% [markdown]
# ## 6 · Files
#
# ### A wrong path
#
# Two letters changed places. The second half of the message is only a consequence.

# %% tags=["exhibit-wrong-path"]
with exhibit("wrong_path"):
    Interpreter("modle.tflite")

# %% tags=["cure-wrong-path"]
assert not Path("modle.tflite").exists() and Path(file).exists()
agrees(ask(ready(file), inputs[:1]), expected[:1])

# %% [markdown]
# ### A folder given to the interpreter
#
# The message speaks of `Mmap`, and of a number that means "not a file".

# %% tags=["exhibit-folder-to-interpreter"]
with exhibit("folder_to_interpreter"):
    Interpreter(str(saved))

# %% tags=["cure-folder-to-interpreter"]
content = converted(tf.lite.TFLiteConverter.from_saved_model(str(saved)))
agrees(open_model(content).predict(ten), 19)

# %% [markdown]
# ### A file of another kind
#
# An `.h5`, a `.keras`, the page of a server that says *not found*: the interpreter has one sentence for all of them.

# %% tags=["exhibit-other-format"]
with exhibit("other_format"):
    Interpreter(str(work / "neuron.h5"))

# %% tags=["cure-other-format", "nbval-check-output"]
for path in (work / "neuron.h5", Path(file)):
    print(f"{path.name:18} {path.read_bytes()[:8]}")
assert Path(file).read_bytes()[4:8] == b"TFL3"

# %% [markdown]
# ### A truncated file
#
# The last tenth is missing, and the sentence is the same again.

# %% tags=["exhibit-truncated-file"]
content = Path(file).read_bytes()
part = content[: len(content) * 9 // 10]
with exhibit("truncated_file"):
    Interpreter(model_content=part)

# %% tags=["cure-truncated-file"]
lines = (models.ASSETS / "SHA256SUMS").read_text().splitlines()
recorded = dict(line.split()[::-1] for line in lines)["digits_cnn.tflite"]
for name, version in {"whole": content, "truncated": part}.items():
    same = hashlib.sha256(version).hexdigest() == recorded
    print(f"{name:10}", "agrees" if same else "DIFFERS")
assert hashlib.sha256(part).hexdigest() != recorded == hashlib.sha256(content).hexdigest()

# %% [markdown]
# ### A runtime that is too old
#
# Operators have versions, and a phone may carry the runtime of some years ago. There is none at hand here; so this file
# is taken apart, made to ask for a version of the future, and put together again.

# %% tags=["future"]
import flatbuffers
from ai_edge_litert import schema_py_generated as schema

parts = schema.ModelT.InitFromPackedBuf(content, 0)
parts.operatorCodes[0].version = 99
builder = flatbuffers.Builder()
builder.Finish(parts.Pack(builder), b"TFL3")
future = bytes(builder.Output())

# %% tags=["exhibit-runtime-too-old"]
with exhibit("runtime_too_old"):
    Interpreter(model_content=future)

# %% tags=["cure-runtime-too-old", "nbval-check-output"]
stored = {each.name.decode(): each.buffer for each in parts.metadata}
needed = bytes(parts.buffers[stored["min_runtime_version"]].data).decode().rstrip("\0")
assert needed.count(".") == 2  # noted by the converter: compare it with the device
agrees(ask(ready(content), inputs[:1]), expected[:1])
print("the file asks for a runtime of", needed, "or later")

# %% [markdown]
# ### A flipped bit
#
# One bit in the exponent of one weight. It loads, and it runs.

# %% tags=["exhibit-flipped-bit"]
kernel = cnn.layers[-1].get_weights()[0].T  # as the file stores it
place = content.find(kernel.tobytes()) + 4 * int(kernel.argmax()) + 3
flipped = bytearray(content)
flipped[place] ^= 0b0100_0000
with exhibit("flipped_bit"):
    after = share_right(bytes(flipped))
    assert after < share_right(file) - 0.05
print(f"right: {share_right(file):.0%} before, {after:.0%} after")

# %% tags=["cure-flipped-bit"]
assert hashlib.sha256(flipped).hexdigest() != recorded
print("DIFFERS from the SHA-256 on record")

# %% [markdown]
# ### A file that crashes the interpreter
#
# One byte of the neuron's file set to 0. In your kernel this would be the end of the kernel, so a child process opens
# it. A negative code is the number of the signal that killed it; 11 is a memory access to nowhere.

# %% tags=["opens"]
opens = """
import sys
from ai_edge_litert.interpreter import Interpreter
Interpreter(sys.argv[1]).allocate_tensors()
"""

# %% tags=["exhibit-crashing-file"]
bad = work / "one_byte.tflite"
one_byte = bytearray(models.asset("neuron.tflite").read_bytes())
one_byte[16] = 0
bad.write_bytes(one_byte)
with exhibit("crashing_file"):
    code = in_a_process(opens, bad).returncode
    assert code not in (0, 1)  # neither an end nor an error of Python
print("exit code", code)

# %% tags=["cure-crashing-file"]
from labutils.errors import LabError
from labutils.tflite.isolate import probe

probe(file)
try:
    probe(bad)
    raise AssertionError("nothing was refused")
except LabError as refused:
    print(refused)

# %% [markdown]
# ### A truncated file in CompiledModel
#
# The interpreter refused the truncated file. The newer interface reads on, past its end, where anything may lie. So
# the file is opened four times, and need not end the same way each time.

# %% tags=["exhibit-crashing-compiled-model"]
compiles = """
import sys
from ai_edge_litert.compiled_model import CompiledModel
CompiledModel.from_file(sys.argv[1])
"""
part_file = work / "part.tflite"
part_file.write_bytes(part)
with exhibit("crashing_compiled_model"):
    codes = [in_a_process(compiles, part_file).returncode for _ in range(4)]
    assert set(codes) - {0, 1}  # neither an end nor an error of Python
print("exit codes", *codes)

# %% tags=["cure-crashing-compiled-model"]
try:
    probe(part_file)
    raise AssertionError("nothing was refused")
except LabError as refused:
    print(refused)
code = in_a_process(compiles, file).returncode
assert code == 0
print("the whole file: exit code", code)

# %% [markdown]
# ## 7 · Elsewhere
#
# ### A free batch in the browser
#
# On your computer an open batch is handy. LiteRT.js and GPU delegates plan all memory beforehand. `make_card`, the first
# step to an app in lab 10, looks before a browser has to.

# %% tags=["exhibit-free-batch-in-browser"]
from labutils.device.card import make_card

with exhibit("free_batch_in_browser"):
    make_card(file, "0123456789")

# %% tags=["cure-free-batch-in-browser"]
def one_at_a_time():
    """A converter of the CNN for one image at a time."""
    spec = tf.TensorSpec([1, 8, 8, 1], tf.float32, name="image")
    with quiet():
        concrete = tf.function(lambda image: cnn(image)).get_concrete_function(spec)
        return tf.lite.TFLiteConverter.from_concrete_functions([concrete])


fixed = converted(one_at_a_time())
shape = make_card(fixed, "0123456789").input.shape
assert shape[0] == 1
print("input:", shape)
agrees(open_model(fixed).predict(inputs), expected)

# %% [markdown]
# ### An int8 border in the browser
#
# The version of LiteRT.js in this course takes floats and unsigned bytes.

# %% tags=["exhibit-integer-border-in-browser"]
from labutils.device.app import check_runs_in_browser


def with_border(kind):
    converter = integer(one_at_a_time(), lambda: ([picture[None]] for picture in seen))
    converter.inference_input_type = converter.inference_output_type = kind
    return converted(converter)


signed = with_border(tf.int8)
with exhibit("integer_border_in_browser"):
    check_runs_in_browser(signed, make_card(signed, "0123456789"))

# %% tags=["cure-integer-border-in-browser"]
unsigned = with_border(tf.uint8)
check_runs_in_browser(unsigned, make_card(unsigned, "0123456789"))
assert share_right(unsigned) > 0.95
print(f"right: {share_right(unsigned):.0%}")

# %% [markdown]
# ### A size that is fixed
#
# `strict=True` makes the interpreter as strict as an accelerator: a size that the file fixes stays fixed.

# %% tags=["exhibit-strict-resize"]
strict = ready(fixed)
with exhibit("strict_resize"):
    strict.resize_tensor_input(wants, [4, 8, 8, 1], strict=True)

# %% tags=["cure-strict-resize"]
with quiet():
    free = ready(file)  # converted with an open batch
    free.resize_tensor_input(wants, [4, 8, 8, 1], strict=True)
    free.allocate_tensors()
agrees(ask(free, inputs[:4]), expected[:4])

# %% [markdown]
# ### More than the buffer holds
#
# `CompiledModel` reserves its buffers once, and an open batch counts as 1.

# %% tags=["exhibit-buffer-too-small"]
with quiet():
    from ai_edge_litert.compiled_model import CompiledModel

    compiled = CompiledModel.from_file(file)
    into, out = compiled.create_input_buffers(0), compiled.create_output_buffers(0)
with exhibit("buffer_too_small"):
    into[0].write(inputs[:2])

# %% tags=["cure-buffer-too-small"]
into[0].write(inputs[:1])
compiled.run_by_index(0, into, out)
agrees(out[0].read(10, np.float32), expected[0])

# %% [markdown]
# ### A delegate that is not there
#
# The library of the Edge TPU, on a computer without one. It is refused clearly, so catching it is safe.

# %% tags=["exhibit-missing-delegate"]
with exhibit("missing_delegate"):
    load_delegate("libedgetpu.so.1")

# %% tags=["cure-missing-delegate"]
with quiet():
    try:
        delegates = [load_delegate("libedgetpu.so.1")]
    except (OSError, ValueError):
        delegates = []  # the processor, by XNNPACK
    machine = Interpreter(file, experimental_delegates=delegates)
    machine.allocate_tensors()
agrees(ask(machine, inputs[:1]), expected[:1])

# %% [markdown]
# ## Take it with you
#
# On a terminal: `labs explain "Invoke called on model that is not ready."`, or the whole traceback through a pipe,
# `python my_program.py 2>&1 | labs explain -`. Everything that this museum has said today, each with its traceback, is in
# `build/11_museum_of_errors/messages.json`.

# %% tags=["messages"]
said = collected()
(work / "messages.json").write_text(json.dumps(said, indent=1), "utf-8")
print(f"{len(EXHIBITS)} exhibits, {sum(map(len, said.values()))} messages")

# %% [markdown]
# What was measured, by name, for whoever runs this lab many times with other parameters; `labs results` collects it.

# %% tags=["record"]
record("exhibits", **counts)
record("share", right=share_right(file), scaled_twice=twice, wrong_range=share_right(astray),
       flipped_bit=after, failed_in_two_threads=failed)

# %% [markdown]
# ## What you have seen
#
# - Most mistakes say so, and the message's first sentence names the place; its advice is not always the best cure.
# - The silent ones share one remedy: measure. Compare the file with the model, count dtypes and operators, look at the
#   range of what goes in, ask about labelled images.
# - A file can kill the process that opens it: look at it from a process of its own, and keep checksums.
# - `labs explain` and `find` lead from a message to its exhibit.
#
# **Next:** whatever brought you here. If it was curiosity, lab 01 begins at the beginning.
