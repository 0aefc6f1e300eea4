# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
#   lab:
#     title: MobileNetV2, a network for phones
#     minutes: 60
#     quick:
#       routes: 3
#       examples: 10
#       runs: 20
#     variants:
#       seed: 1..9999
#       examples: 20..40
# ---

# %% [markdown]
# # 02 · MobileNetV2, a network for phones
#
# ![](../img/inverted-residual.png)
#
# The second example is a real network. MobileNetV2 was designed for phones, and much of mobile vision has been built on
# it and its descendants. You take it apart and count what it costs, save it in every form there is, convert
# each of them, and give it a new task. One fault on the way leaves all weights right and every answer wrong.
#
# **You will be able to**
#
# - count the weights and the multiply-adds of a network, and say what makes this one small;
# - save a model as `.keras`, `.h5` and SavedModel, and choose what to convert from;
# - prove on all test images that a file answers as its source does;
# - fix the batch of a file, and say which devices ask for it;
# - give a trained network a new task, and find the fault that hides in BatchNorm.
#
# *60 minutes · about a minute of computing · 1.4 GB of memory · no network · no GPU*

# %% tags=["parameters"]
weights: str = "digits"  # trained on; imagenet is fetched once {"digits", "imagenet"}
alpha: float = 0.35  # width of the network; the digits weights fit 0.35 [0.35..1.4]
image_size: int = 64  # pixels; the digits weights fit 64, imagenet 96 to 224 [64..224]
routes: int = 4  # routes of section 6 to convert by; 3 leaves the .h5 file out [3..4]
examples: int = 30  # pages to learn the new task from [5..300]
runs: int = 100  # timed runs of each rival [5..2000]
seed: int = 7  # seed of every random choice [0..10000]
fetch: str = "nothing"  # a source of section 10 {"nothing", "keras", "kaggle", "huggingface"}

# %% tags=["given"]
from labutils.course.session import check_parameters, record

check_parameters("02", globals())

# %% tags=["setup"]
import numpy as np
import pandas as pd

from labutils import data, models, pretrained
from labutils.exercises import check, hint, quiz, solution
from labutils.paths import workdir
from labutils.show import charts, tables, widgets
from labutils.tflite.anatomy import anatomy
from labutils.tflite.latency import latency
from labutils.tflite.parity import parity
from labutils.tflite.quiet import quiet
from labutils.tflite.runtime import open_model

with quiet():
    import keras
    import tensorflow as tf

keras.utils.set_random_seed(seed)
work = workdir("02_mobilenet_v2")

# %% [markdown]
# ## 1 · The network, and its price
#
# Keras Applications holds the architecture. Without weights it is an empty house; that is enough for counting. `alpha`
# is the **width**: 0.35 keeps about a third of the channels of each layer.

# %% tags=["architecture", "nbval-check-output"]
image = keras.Input((image_size, image_size, 3), name="image")
network = keras.applications.MobileNetV2(
    input_tensor=image, alpha=alpha, weights=None, classes=10
)
print(f"{len(network.layers)} layers, {network.count_params():,} parameters")

# %% [markdown]
# Two prices are paid on a device. **Parameters** take room in the file and in memory. **Multiply-adds** take time: a
# convolution uses each number of its kernel once for every pixel that it puts out.

# %% tags=["multiply-adds"]
import math


def multiply_adds(layer):
    """Multiplications, each with an addition, that one answer costs in this layer."""
    if not hasattr(layer, "kernel"):
        return 0
    height, width = layer.output.shape[1:3] if len(layer.output.shape) == 4 else (1, 1)
    return height * width * math.prod(layer.kernel.shape)

# %% [markdown]
# **Predict.** The network has three kinds of layers with a kernel: 1 × 1 convolutions (and one ordinary 3 × 3 at the
# beginning), *depthwise* 3 × 3 convolutions, and a dense layer at the end. Which kind costs most multiply-adds?

# %% tags=["price-by-kind", "nbval-check-output"]
paid = [layer for layer in network.layers if hasattr(layer, "kernel")]
price = pd.DataFrame(
    [(type(layer).__name__, 1, layer.count_params(), multiply_adds(layer)) for layer in paid],
    columns=["kind", "layers", "parameters", "multiply-adds"],
).groupby("kind").sum()
price.map("{:,}".format)

# %% [markdown]
# The depthwise filters, which look at the neighbourhood of each pixel, cost far less than the 1 × 1 convolutions, which
# mix the channels. That is the idea of the network. To trust the counting, hold it against a published figure: for width 1.0 and 224 pixels the
# authors state 300 million multiply-adds.

# %% tags=["published", "nbval-check-output"]
full = keras.applications.MobileNetV2(input_shape=(224, 224, 3), alpha=1.0, weights=None)
counted = sum(map(multiply_adds, full.layers))
print(f"counted: {counted / 1e6:.0f} million, published: 300 million")

# %% [markdown]
# *Source: M. Sandler et al., MobileNetV2: Inverted Residuals and Linear Bottlenecks, CVPR 2018.*

# %% [markdown]
# ## 2 · A convolution in two steps
#
# An ordinary 3 × 3 convolution does two things at once. It looks at the neighbours of each pixel, and it mixes the
# channels: 3 · 3 · *in* · *out* weights. A **depthwise separable** one does them one after the other: a 3 × 3 filter
# for each channel by itself (*depthwise*: 3 · 3 · *in*), then a 1 × 1 convolution that mixes (*pointwise*: *in* · *out*).
#
# **Predict.** From 64 channels to 128: how many times fewer weights? And how many times quicker?

# %% tags=["separable"]
from keras import layers

x = keras.Input((32, 32, 64), batch_size=1, name="x")
ordinary = keras.Model(x, layers.Conv2D(128, 3, padding="same", use_bias=False)(x))

each_alone = layers.DepthwiseConv2D(3, padding="same", use_bias=False)(x)
separable = keras.Model(x, layers.Conv2D(128, 1, use_bias=False)(each_alone))

# %% [markdown]
# Both are converted by way of a concrete function, and both files are compared with their sources:

# %% tags=["separable-converted"]
def to_file(model):
    """The bytes of a .tflite file, for the one shape that the model's input has."""
    traced = tf.function(lambda x: model(x)).get_concrete_function(
        tf.TensorSpec(model.input_shape, tf.float32, name="x")
    )
    with quiet():
        return tf.lite.TFLiteConverter.from_concrete_functions([traced]).convert()


files = {"ordinary": to_file(ordinary), "separable": to_file(separable)}
sample = np.random.default_rng(seed).normal(size=(1, 32, 32, 64)).astype(np.float32)
for name, model in {"ordinary": ordinary, "separable": separable}.items():
    found = open_model(files[name]).predict(sample)
    assert np.allclose(found, model(sample), atol=1e-4), name

# %% tags=["separable-measured"]
times = latency({name: open_model(files[name]).invoke for name in files}, runs=runs)
price = pd.DataFrame({
    name: {
        "weights": model.count_params(),
        "multiply-adds": sum(map(multiply_adds, model.layers)),
        "bytes of the file": len(files[name]),
        "µs for one image": round(1000 * times[name].median),
    }
    for name, model in {"ordinary": ordinary, "separable": separable}.items()
})
ratio = price["ordinary"] / price["separable"]
price.map("{:,.0f}".format).assign(ratio=ratio.map("{:.1f}".format))

# %% [markdown]
# About eight times fewer weights, and the time follows the multiply-adds, though not exactly: two small steps have to be
# started where there was one, and memory is read and written in between. On another processor the last row differs.
#
# ## 3 · Inverted residuals
#
# The picture at the top shows a block. Here is one, read from the network: it enters thin, is widened six times, is
# filtered while it is wide (which depthwise filters make cheap), and leaves thin.

# %% tags=["block", "nbval-check-output"]
for layer in network.layers:
    if layer.name.startswith("block_4_") and (hasattr(layer, "kernel") or "add" in layer.name):
        shape = " × ".join(map(str, layer.output.shape[1:]))
        print(f"{layer.name:18} {type(layer).__name__:16} {shape:12} {multiply_adds(layer):>7,}")

# %% [markdown]
# `block_4_add` is the shortcut: what came in is added to what goes out, and it joins the *thin* ends. In the networks
# before, shortcuts joined the wide ends: therefore *inverted*. What has to be kept until the addition is thin too, and
# that saves memory on the device. The last convolution has no ReLU after it, since cutting off the negative half would
# lose too much where there are few channels.
#
# What would the blocks cost with ordinary 3 × 3 convolutions, from the wide middle straight to the thin end?

# %% tags=["blocks-compared"]
by_name = {layer.name: layer for layer in network.layers}
blocks = [f"block_{number}" for number in range(1, 17)]
as_built, as_ordinary = [], []
for block in blocks:
    depthwise, project = by_name[f"{block}_depthwise"], by_name[f"{block}_project"]
    as_built.append((multiply_adds(depthwise) + multiply_adds(project)) / 1e6)
    as_ordinary.append(9 * multiply_adds(project) / 1e6)

charts.columns(
    [block.removeprefix("block_") for block in blocks],
    {"ordinary 3 × 3": as_ordinary, "depthwise and 1 × 1, as built": as_built},
    ("block", "million multiply-adds"), "From the wide middle to the thin end",
)

# %% tags=["blocks-ratio", "nbval-check-output"]
print(f"{sum(as_ordinary) / sum(as_built):.1f} times as many, all blocks together")

# %% [markdown]
# Two more dials are left to whoever builds an app: the width, and the size of the image.
#
# **Predict.** Half the pixels in each direction: which share of the multiply-adds? Half the width: which share?

# %% tags=["dials", "nbval-check-output"]
rows = {}
for width in (1.0, 0.5):
    for size in (224, 112):
        net = keras.applications.MobileNetV2((size, size, 3), alpha=width, weights=None)
        cost = sum(map(multiply_adds, net.layers)) / 1e6
        rows[f"width {width}, {size} pixels"] = (f"{net.count_params():,}", f"{cost:.0f}")
pd.DataFrame(rows, index=["parameters", "million multiply-adds"]).T

# %% [markdown]
# A quarter of the pixels costs about a quarter, and not one parameter less: kernels do not know how often they are used.
# (The rest is the dense layer, which each image passes once.) A smaller width saves both. The price is accuracy, which lab 00 has
# looked at.

# %% [markdown]
# ## 4 · The weights, and what it sees
#
# `keras.applications.MobileNetV2()` has `weights="imagenet"` as its default: 14 MB from the network at the first call,
# and an error where there is none. This course ships weights of its own, trained on handwritten digits, and reaches
# for ImageNet's only if you ask: `labs run 02 -p weights imagenet -p alpha 1.0 -p image_size 224`. If they cannot be
# had, the lab says so and goes on with the digits.

# %% tags=["load"]
subject = pretrained.load(weights, alpha, image_size)
model, inputs = subject.model, subject.inputs
print(subject.note)

# %% tags=["predict"]
def ask(model, inputs):
    """What a Keras model answers, 60 images at a time."""
    with quiet():
        return model.predict(inputs, batch_size=60, verbose=0)


answers = ask(model, inputs)
best = answers.argmax(axis=1)
print(f"{answers.shape[0]} images, {answers.shape[1]} probabilities each")

# %% [markdown]
# **Predict.** The shipped network was right on 99 % of digits that it had not seen. What will the others look like?

# %% tags=["grid"]
truth = best if subject.labels is None else subject.labels
wrong = np.flatnonzero(best != truth)
shown = np.concatenate([wrong, np.flatnonzero(best == truth)])[:10]
names = [subject.classes[number] for number in best]
titles = [f"{truth[n]} read as {names[n]}" if n in wrong else names[n] for n in shown]
marked = [bool(n in wrong) for n in shown]
charts.images(subject.pictures[shown], titles, columns=5, marked=marked)

# %% [markdown]
# The crosses mark errors. A network gives a probability for every class, so look at more than the winner:

# %% tags=["top-classes"]
for n in shown[:5]:
    order = answers[n].argsort()[::-1][:5]
    print("   ".join(f"{subject.classes[k]:>3} {answers[n][k]:6.1%}" for k in order))

# %% [markdown]
# Look at any of them. Where is it unsure, and between what?

# %% tags=["widget"]
import ipywidgets


def look(number):
    order = answers[number].argsort()[::-1][:3]
    guesses = [f"<b>{subject.classes[k]}</b> {answers[number][k]:.1%}" for k in order]
    known = "" if subject.labels is None else f" &nbsp; right: {subject.labels[number]}"
    return " &nbsp; ".join(guesses) + known


slider = ipywidgets.IntSlider(int(shown[0]), min=0, max=len(answers) - 1)
widgets.explore(slider, look, "image")

# %% tags=["accuracy"]
from scipy.stats import binomtest


def interval(right, total):
    """Where the true accuracy lies, but for one time in 20: Wilson's, which lab 06 explains."""
    low, high = binomtest(right, total).proportion_ci(method="wilson")
    share = f"{right} of {total} right: {right / total:.1%}"
    return f"{share}, 95 % interval {low:.1%} to {high:.1%}"


if subject.labels is None:
    print("nobody has labelled the photographs: judge for yourself")
else:
    print(interval(len(truth) - len(wrong), len(truth)))

# %% [markdown]
# ## 5 · Four ways to keep it
#
# `.keras` is the format of Keras 3: layers, weights, optimizer, in one zip archive. `.h5` is its predecessor, which
# years of tutorials use; Keras still writes it, with a warning that calls it *legacy*. (`quiet()` holds the warning
# back here.) A SavedModel holds the computation itself and needs no Keras to run.

# %% tags=["save"]
keras_file, h5_file = work / "mobilenet_v2.keras", work / "mobilenet_v2.h5"
with quiet():
    model.save(keras_file)
    model.save(h5_file)

# %% tags=["export"]
from time import perf_counter

saved = work / "mobilenet_v2" / "1"
start = perf_counter()
with quiet():
    model.export(saved, verbose=False)
export_seconds = perf_counter() - start

# %% tags=["sizes"]
def kilobytes(path):
    parts = path.rglob("*") if path.is_dir() else [path]
    return sum(part.stat().st_size for part in parts if part.is_file()) / 1000


forms = {".keras": keras_file, ".h5": h5_file, "SavedModel": saved}
for name, path in forms.items():
    print(f"{name:10} {kilobytes(path):6,.0f} kB")
print(f"the weights alone: {4 * model.count_params() / 1000:,.0f} kB as float32")

# %% [markdown]
# Why is the SavedModel so much larger? `saved_model.pb` holds the computation written out operator by operator, once for
# each way to call it; and `export` lists every variable under two names and stores it under both.
#
# The fourth form has no file at all. A **concrete function** is the computation traced for one kind of input, in memory:

# %% tags=["concrete-function"]
one_image = tf.TensorSpec([1, *model.input_shape[1:]], tf.float32, name="image")
traced = tf.function(lambda image: model(image)).get_concrete_function(one_image)
print(traced.structured_input_signature)

# %% [markdown]
# Whatever is loaded back has to be the model that was saved. Is it?

# %% tags=["load-back"]
with quiet():
    loaded = {
        ".keras": keras.models.load_model(keras_file),
        ".h5": keras.models.load_model(h5_file),
    }

few = inputs[:60]
for name, copy in loaded.items():
    difference = np.abs(ask(copy, few) - answers[:60]).max()
    print(f"{name:7} largest difference {difference:.1e}")
    assert difference < 1e-5

# %% [markdown]
# ## 6 · Four ways to convert it
#
# From the Keras model itself, the one that came back from the `.keras` file; `convert()` returns the bytes, as in lab 01:

# %% tags=["convert-keras-model"]
start = perf_counter()
converter = tf.lite.TFLiteConverter.from_keras_model(loaded[".keras"])
with quiet():
    content = converter.convert()
converted, seconds = {".keras": content}, {".keras": perf_counter() - start}

# %% [markdown]
# A converter for each of the other forms. **Predict.** Which of the four is the slowest? Are the files the same, byte for
# byte?

# %% tags=["convert-routes"]
others = {
    "SavedModel": lambda: tf.lite.TFLiteConverter.from_saved_model(str(saved)),
    "concrete function": lambda: tf.lite.TFLiteConverter.from_concrete_functions([traced]),
    ".h5": lambda: tf.lite.TFLiteConverter.from_keras_model(loaded[".h5"]),
}
for name, make in list(others.items())[: routes - 1]:
    start = perf_counter()
    with quiet():
        converter = make()  # the one before is gone: each holds a copy of the network
        converted[name] = converter.convert()
    seconds[name] = perf_counter() - start

# %% [markdown]
# No conversion without a comparison: every file, on every test image, with a tolerance of 10⁻⁴ for probabilities.

# %% tags=["parity"]
compared = {
    name: parity(content, answers, inputs, tolerance=1e-4) for name, content in converted.items()
}
table = tables.parities(compared)
table["bytes"] = [f"{len(converted[name]):,}" for name in table.index]
table["seconds"] = [f"{seconds[name]:.1f}" for name in table.index]
assert all(found.agrees and found.top1 == 1 for found in compared.values())
table

# %% [markdown]
# All answer as Keras does, on all images, and choose the same class every time. They have the same operators:

# %% tags=["same-operators", "nbval-check-output"]
operators = [anatomy(content).operators for content in converted.values()]
print(*(f"{name} × {count}" for name, count in operators[0].most_common()), sep=", ")
print("the same in every file:", all(found == operators[0] for found in operators))

# %% [markdown]
# Where are the 52 BatchNorm layers? The converter has folded each into the convolution before it, since both only
# multiply and add. The ReLUs are part of their convolutions too: 65 operators are left of 156 layers.
#
# Which of the files are the same, byte for byte?

# %% tags=["same-bytes", "nbval-check-output"]
for name in converted:
    same = [other for other in converted if converted[other] == converted[name] and other != name]
    print(f"{name:18} as {' and '.join(same) or 'no other'}")

# %% [markdown]
# ### Export once, convert often
#
# `from_keras_model` exports to a temporary SavedModel first, at every call. Whoever compares seven quantizations (lab 04)
# converts one model seven times.

# %% tags=["export-once"]
for times in (1, 7):
    often = times * seconds[".keras"]
    once = export_seconds + times * seconds["SavedModel"]
    print(f"{times} conversions: from Keras {often:5.1f} s, exported once {once:5.1f} s")

# %% [markdown]
# The files that differ do so in names and signatures, not in weights. For a single file the way hardly matters; for many,
# export once. The concrete function is cheaper still, because it is traced for a single purpose, and it gives up the
# signature for that.
#
# Write the file, the same as in lab 01:

# %% tags=["write"]
file = work / "mobilenet_v2.tflite"
file.write_bytes(content)
print(f"{file.name}: {file.stat().st_size:,} bytes")

# %% [markdown]
# ## 7 · A fixed batch
#
# Keras leaves the batch open (`None`), and so does the file: it may be resized to any number of images. A camera gives
# one image at a time. `export` takes a signature of its own, with the batch fixed:

# %% tags=["fixed-batch"]
fixed_saved = work / "mobilenet_v2" / "2"
signature = keras.InputSpec(shape=(1, *model.input_shape[1:]), dtype="float32", name="image")
with quiet():
    model.export(fixed_saved, verbose=False, input_signature=[signature])
    fixed = tf.lite.TFLiteConverter.from_saved_model(str(fixed_saved)).convert()

fixed_parity = parity(fixed, answers, inputs, tolerance=1e-4)
assert fixed_parity.agrees
print(fixed_parity)

# %% tags=["shape-signatures"]
from ai_edge_litert.interpreter import Interpreter

for name, content in {"open": converted["SavedModel"], "fixed": fixed}.items():
    with quiet():
        machine = Interpreter(model_content=content)
    wants = machine.get_input_details()[0]
    print(f"{name:6} shape_signature {wants['shape_signature']}")
    try:
        machine.resize_tensor_input(wants["index"], [4, *model.input_shape[1:]], strict=True)
        print("       four images at once: yes")
    except RuntimeError as refused:
        print("       four images at once:", str(refused).split(".")[0])

# %% [markdown]
# `strict=True` asks the interpreter to keep to the signature. Without it a resize is tried, whatever the file says.
#
# Who wants a fixed batch? The GPU and NPU delegates and the Edge TPU compiler plan all memory before the first image,
# and leave out what has open sizes. LiteRT in the browser refuses a file whose batch is open (lab 10). On your
# workstation, for evaluating, the open one is handier. So: fix it for the device, leave it open for the test.

# %% [markdown]
# ## 8 · Right weights, wrong answers
#
# Somebody trained a network, kept "the weights" (`model.trainable_variables`), and loads them into a fresh network. This
# section uses the digits, whatever you chose above.
#
# **Predict.** All that was ever trained is there. How many of the test digits will it read?

# %% tags=["batchnorm-trap"]
good, handed_over = models.mobilenet_v2_digits(), models.mobilenet_v2_digits(weights=None)
for ours, theirs in zip(handed_over.trainable_variables, good.trainable_variables, strict=True):
    ours.assign(theirs)

test_images, test_labels = data.digits("test")
test_inputs = data.for_mobilenet(test_images)


def accuracy(model):
    return float((ask(model, test_inputs).argmax(axis=1) == test_labels).mean())


print(f"handed over: {accuracy(handed_over):.1%} right; chance is 10 %")

# %% [markdown]
# Every trained number is right, and it guesses. What is missing was never trained: each **BatchNorm** layer keeps the
# mean and the variance of what has passed through it. They are *moving averages*, not trainable, and a fresh layer has
# the mean 0 and the variance 1. Look for what differs:

# %% tags=["batchnorm-found"]
pairs = list(zip(handed_over.variables, good.variables, strict=True))
kinds = sorted({ours.path.split("/")[-1] for ours, _ in pairs})
for kind in kinds:
    of_kind = [(ours, theirs) for ours, theirs in pairs if ours.path.endswith(kind)]
    same = sum(np.allclose(ours, theirs) for ours, theirs in of_kind)
    print(f"{kind:16} {same:3} of {len(of_kind)} tensors agree")

# %% [markdown]
# The same happens without anybody losing anything. After a short training the averages have not caught up: with the
# momentum of this network, 0.999, each step moves them by a thousandth. The accuracy during training looks fine, since
# there each batch is normalized by itself; evaluation, and the converted file, use the averages.
#
# **The cure** needs no labels and no training. Set the momentum to 0, show the network some training images once, in
# training mode, and each layer takes the statistics of just those images.

# %% tags=["batchnorm-cured"]
calibration = data.for_mobilenet(data.digits("train")[0][:200])
start = perf_counter()
for layer in handed_over.layers:
    if isinstance(layer, layers.BatchNormalization):
        layer.momentum = 0.0
show = tf.function(lambda images: handed_over({"image": images}, training=True))
show(tf.constant(calibration))

print(f"cured in {perf_counter() - start:.1f} s: {accuracy(handed_over):.1%}")

# %% [markdown]
# Parity would not have found this: the file agrees with its model, and both are wrong. **Parity tells whether the file
# is the model; only labels tell whether the model is any good.** Check both.

# %% [markdown]
# ## 9 · A new task for a trained network
#
# A scanner has turned some pages upside down. Can the network tell, from a single digit? It was never trained for that.
# But what it computes before its last layer, 1,280 numbers that describe an image, may serve for more than one question.
# Keep that part as it is, **frozen**, and train a new last layer on it: **transfer learning**.
#
# We take the digits 3, 4 and 7, because turned by half they are digits no more, and only a few pages of each kind.

# %% tags=["pages"]
def pages(split, count=None):
    """Digits as the scanner sees them, (n, 8, 8), and whether they are turned (n,)."""
    images, labels = data.digits(split)
    upright = images[np.isin(labels, [3, 4, 7])][:count]
    turned = upright[:, ::-1, ::-1]
    return np.concatenate([upright, turned]), np.repeat([0, 1], len(upright))


learn_images, learn_turned = pages("train", examples)
judge_images, judge_turned = pages("test")
middle = len(judge_images) // 2
some = [*range(5), *range(middle, middle + 5)]
charts.images(judge_images[some], ["upright"] * 5 + ["turned"] * 5, columns=5)

# %% [markdown]
# The frozen part is run once over all images: it does not change, so its numbers need not be computed again in every
# step of the training.

# %% tags=["frozen"]
base = keras.Model(model.input, model.layers[-2].output, name="base")
base.trainable = False

size = base.input_shape[1]
learn, judge = (
    ask(base, data.for_mobilenet(images, size)) for images in (learn_images, judge_images)
)
print(f"{learn.shape[0]} images to learn from, each now {learn.shape[1]:,} numbers")

# %% [markdown]
# **Predict.** The rival is the same last layer on the 64 pixels themselves, with no network before it. Which of the two
# learns more from so few pages?

# %% tags=["train-head"]
def trained_head(numbers):
    """A single neuron with a sigmoid, trained to tell turned (1) from upright (0)."""
    keras.utils.set_random_seed(seed)
    head = keras.Sequential([
        keras.Input(numbers.shape[1:], name="features"),
        layers.Dense(1, activation="sigmoid", name="turned"),
    ])
    head.compile(keras.optimizers.Adam(0.01), "binary_crossentropy")
    rows = tf.data.Dataset.from_tensor_slices((numbers, learn_turned))
    head.fit(rows.shuffle(1000, seed=seed).batch(32).repeat(60), epochs=1, verbose=0)
    return head


def count_right(head, numbers):
    return int(((ask(head, numbers)[:, 0] > 0.5) == judge_turned).sum())

# %% tags=["transfer-measured"]
def pixels(images):
    return (images.reshape(len(images), -1) / data.DIGIT_MAX).astype(np.float32)


with quiet():
    head, rival = trained_head(learn), trained_head(pixels(learn_images))

right = {
    "frozen network": count_right(head, judge),
    "pixels alone": count_right(rival, pixels(judge_images)),
}
for name, count in right.items():
    print(f"{name:15} {interval(count, len(judge_turned))}")

# %% [markdown]
# Do the intervals overlap? With many more pages the pixels come closer: set `examples` to 300 and run again. A trained
# network is worth most where you have little.
#
# On the device there must be one file. Join the frozen part and the head, convert by the cheap route, compare:

# %% tags=["transfer-converted"]
scanner = keras.Model(base.input, head(base.output), name="scanner")
seen = tf.function(lambda image: scanner({"image": image})).get_concrete_function(one_image)
with quiet():
    content = tf.lite.TFLiteConverter.from_concrete_functions([seen]).convert()

judge_inputs = data.for_mobilenet(judge_images, size)
agreement = parity(content, ask(scanner, judge_inputs), judge_inputs, tolerance=1e-4)
assert agreement.agrees
print(f"{len(content):,} bytes, {agreement}")

# %% [markdown]
# ## 10 · Where trained models come from
#
# ![](../img/28-running-models.png)
#
# You will rarely train from nothing. Three places to look, each with the code that loads a MobileNetV2:
#
# - **Keras Applications**, part of Keras: a Keras model, ready to be cut and trained further.
# - **Kaggle Models**, the successor of TensorFlow Hub (whose addresses lead there since November 2023): a SavedModel.
# - **Hugging Face**: among much else, the `.tflite` files of the organization `litert-community`, converted already.
#
# All need a network, so nothing is fetched unless you ask: `-p fetch keras`. The last two need a package more:
# `pip install kagglehub` or `pip install huggingface_hub`.

# %% tags=["sources"]
def from_keras():
    return keras.applications.MobileNetV2(weights="imagenet")


def from_kaggle():
    import kagglehub

    return kagglehub.model_download("google/mobilenet-v2/tensorFlow2/100-224-classification")


def from_hugging_face():
    from huggingface_hub import hf_hub_download

    return hf_hub_download("litert-community/MobileNet-v2", "mobilenet_v2.tflite")

# %% tags=["fetch"]
sources = {"keras": from_keras, "kaggle": from_kaggle, "huggingface": from_hugging_face}
if fetch in sources:
    try:
        print(sources[fetch]())
    except Exception as failed:  # no network, no such package: each raises its own
        print(f"{fetch}: {type(failed).__name__}: {str(failed).splitlines()[0][:90]}")
else:
    print("nothing was fetched")

# %% [markdown]
# A Kaggle model comes as a SavedModel. The tutorials put such a one into a Keras model with `hub.KerasLayer`. That
# layer belongs to Keras 2, and Keras 3 refuses it: *Only instances of `keras.Layer` can be added*. Keras 3 has a layer
# of its own for it, here on the SavedModel that we exported:

# %% tags=["saved-model-as-layer"]
with quiet():
    as_layer = keras.layers.TFSMLayer(str(saved), call_endpoint="serving_default")
    entry = keras.Input(model.input_shape[1:], name="image")
    wrapped = keras.Model(entry, as_layer(entry)["output_0"])

difference = np.abs(ask(wrapped, few) - answers[: len(few)]).max()
assert difference < 1e-5
print(f"largest difference: {difference:.1e}")

# %% [markdown]
# Whatever the source: it is somebody else's file until you have compared it. Ask for its inputs, its scaling (0 to 1, or
# −1 to 1?), its classes and their order, and its licence.

# %% [markdown]
# What was measured, by name, for whoever runs this lab many times with other parameters; `labs results` collects it.

# %% tags=["record"]
record("parameters", network=model.count_params())
record("bytes", float_file=file.stat().st_size)
record("", largest_error=max(each.max_error for each in compared.values()))
record("share", right=float((best == truth).mean()))

# %% [markdown]
# ## Exercises
#
# Replace each `...`, run the cell and then the one below it. `hint("02.recalibrate")` helps, one step at a time;
# `solution("02.recalibrate")` explains.

# %% [markdown]
# **Exercise 1 · What separating saves.** A standard convolution with a square kernel has
# `kernel * kernel * inputs * outputs` weights. Write `separable_parameters(kernel, inputs, outputs)`: the number of
# weights of a depthwise separable convolution that takes its place, without biases. `kernel` is its width in pixels,
# `inputs` and `outputs` are numbers of channels.

# %% tags=["exercise-separable-parameters"]
def separable_parameters(kernel, inputs, outputs):
    ...

# %% tags=["check-separable-parameters"]
check("02.separable_parameters", separable_parameters)

# %% [markdown]
# **Exercise 2 · One picture at a time.** Some accelerators want every size known beforehand, and a phone asks about one
# picture at a time. Write `fixed_batch(model)`: it takes a Keras model with one input and a free batch, any such model,
# and returns the bytes of a `.tflite` file whose input has a batch of exactly 1, and which answers as the model does.

# %% tags=["exercise-fixed-batch"]
def fixed_batch(model):
    ...

# %% tags=["check-fixed-batch"]
check("02.fixed_batch", fixed_batch)

# %% [markdown]
# **Exercise 3 · Put the statistics right.** A model has all its trained weights, but the moving means and variances of
# its `BatchNormalization` layers are wrong, as after too short a fine-tuning. Write `recalibrate(model, images)`: it
# gives every such layer the mean and the variance of what it sees when the model gets `images`, float32 of shape
# (n, height, width, channels), all in one batch. It changes the model itself, and no other weight of it.

# %% tags=["exercise-recalibrate"]
def recalibrate(model, images):
    ...

# %% tags=["check-recalibrate"]
check("02.recalibrate", recalibrate)

# %% [markdown]
# **Exercise 4 · What a convolution costs.** Write
# `conv_multiply_adds(height, width, kernel, inputs, outputs, stride)`: the multiply-adds of a standard convolution with
# `"same"` padding and no bias, whose kernel is a square, `kernel` pixels wide. The image that it gets is `height` by
# `width` pixels large; `inputs` and `outputs` are numbers of channels. With a stride of 2, 15 pixels become 8.

# %% tags=["exercise-multiply-adds"]
def conv_multiply_adds(height, width, kernel, inputs, outputs, stride):
    ...

# %% tags=["check-multiply-adds"]
check("02.multiply_adds", conv_multiply_adds)

# %% [markdown]
# **Exercise 5 · The likeliest classes.** Write `top_classes(probabilities, k)`: it takes what a model answers, float32 of
# shape (n, classes) with a row for each image, and returns the numbers of the `k` likeliest classes of each image, the
# likeliest first: an array of whole numbers, of shape (n, k). No two probabilities of a row are the same.

# %% tags=["exercise-top-classes"]
def top_classes(probabilities, k):
    ...

# %% tags=["check-top-classes"]
check("02.top_classes", top_classes)

# %% [markdown]
# ## Quiz
#
# What is the idea behind it? Choose an answer, and read why it is right, or what it overlooks. You may choose again.

# %% tags=["quiz"]
quiz("02")

# %% [markdown]
# ## What you have seen
#
# - You counted parameters and multiply-adds, met the published figure, and saw that mixing channels costs most.
# - `.keras`, `.h5`, SavedModel and concrete function gave four files with the same answers; exporting once is the
#   cheaper way to many.
# - Every file was compared on every image, with a tolerance set beforehand.
# - A file for a device has its batch fixed, one for the workstation has it open.
# - A frozen network learned a new task from a few images, and BatchNorm's averages showed that right weights are not
#   enough.
#
# **On cards**, to print or to project, the code that matters here ([all pictures](../img/README.md)):
#
# ![](../img/18-example2.png)
#
# **Next:** lab 03 does all this without Python code, on the command line.
