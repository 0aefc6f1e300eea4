# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
#   lab:
#     title: Pruning, clustering, topology
#     minutes: 75
#     quick:
#       epochs: 3
#       training: 4
#       seeds: 1
#       images: 120
#       runs: 20
#     variants:
#       sparsity: [0.7, 0.75, 0.8, 0.85]
#       clusters: [12, 16, 20, 24]
#       seed: 0..9
# ---

# %% [markdown]
# # 08 · Pruning, clustering, topology
#
# ![](../img/6-techniques.png)
#
# Quantization stores the same net with fewer bits. This lab makes the net itself smaller: it takes weights away
# (**pruning**), lets them share values (**clustering**), or starts from another form (**topology**). All by hand, a
# few lines each on Keras 3, so that you see what each one really saves: bytes on the disk, bytes on the wire, or
# time.
#
# **You will be able to**
#
# - prune a net in one shot and gradually, and say when the second is worth its trouble;
# - tell three sizes apart: the file, the file in an app, and the file on the wire;
# - explain why zeros save no time, and remove channels so that time is saved;
# - share weight values by clustering, and combine it with pruning and quantization;
# - choose a smaller form, and teach it with a larger net's answers.
#
# *75 minutes · about two minutes of computing · 1.2 GB of memory · no network · no GPU*

# %% tags=["parameters"]
sparsity: float = 0.8  # share of each kernel that pruning sets to zero [0.5..0.95]
clusters: int = 16  # values that the weights of a layer share [2..256]
epochs: int = 8  # passes over the training images while pruning [1..40]
training: int = 20  # passes over the training images for a net from nothing [1..60]
seeds: int = 3  # nets of each kind that the teacher teaches [1..5]
images: int = 360  # test images to judge on [60..360]
runs: int = 200  # timed runs of each file [5..2000]
seed: int = 0  # what the random numbers start from [0..9999]

# %% tags=["given"]
from labutils.course.session import check_parameters, record

check_parameters("08", globals())

# %% tags=["setup"]
import gzip
import io
import math
import zipfile

import numpy as np
import pandas as pd
from scipy.stats import binomtest

from labutils import data, models
from labutils.exercises import check, hint, quiz, solution
from labutils.show import charts
from labutils.tflite.latency import latency
from labutils.tflite.quiet import quiet
from labutils.tflite.runtime import open_model
from labutils.tflite.variants import freeze, variant

# %% tags=["setup-keras"]
with quiet():
    import keras
    import tensorflow as tf
    from keras import layers

# %% [markdown]
# ## 1 · Small weights
#
# The subject is the small convolutional net of lab 06, trained on digits of 8 × 8 pixels.

# %% tags=["subject"]
pictures, numbers = data.digits("train")
train_x, train_y = data.for_cnn(pictures), numbers
pictures, numbers = data.digits("test")
test_x, test_y = data.for_cnn(pictures)[:images], numbers[:images]


def right(model):
    """The share of the test images that a Keras model reads right."""
    answers = model(test_x).numpy()
    return float((answers.argmax(axis=1) == test_y).mean())


with quiet():
    trained = models.digits_cnn("digits")
low, high = binomtest(round(right(trained) * images), images).proportion_ci(method="wilson")
print(f"{trained.count_params():,} parameters, {right(trained):.1%} right")
print(f"95 % interval {low:.1%} to {high:.1%}: smaller differences than this are chance")

# %% [markdown]
# Almost all parameters stand in the **kernels** of its four layers; the biases are few, and stay as they are in this
# lab. How large are the numbers in them?

# %% tags=["magnitudes"]
def kernels(model):
    """The kernels of a model, the variables that are worth pruning."""
    return [each for each in model.trainable_variables if each.path.endswith("kernel")]


magnitudes = np.concatenate([np.abs(each.numpy()).ravel() for each in kernels(trained)])
below = 100 * np.arange(magnitudes.size) / magnitudes.size
axes = ("% of the weights are below", "magnitude")
charts.curves(below, {"all kernels": np.sort(magnitudes)}, axes, "The weights by size")

# %% [markdown]
# Many are near zero, and few are large. A weight near zero adds next to nothing to any sum, so why carry it?
#
# ## 2 · One shot
#
# **Magnitude pruning** sets the smallest weights to zero, in each kernel the same share of them. The share of zeros
# is the **sparsity**.

# %% tags=["prune"]
def smallest_to_zero(weights, share):
    """A copy of the array in which this share of the weights, the smallest ones, is zero."""
    pruned = weights.flatten()
    smallest = np.argsort(np.abs(pruned))[: round(share * pruned.size)]
    pruned[smallest] = 0
    return pruned.reshape(weights.shape)


def prune(model, share):
    """Prune every kernel of the model."""
    for kernel in kernels(model):
        kernel.assign(smallest_to_zero(kernel.numpy(), share))

# %% [markdown]
# **Predict.** At which sparsity does the net break: 50 %, 80 %, 95 %?

# %% tags=["one-shot"]
def copy_of(model):
    """A second net with the same weights."""
    with quiet():
        twin = keras.models.clone_model(model)
    twin.set_weights(model.get_weights())
    return twin


shares = sorted({0, 0.3, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, sparsity})
one_shot, shot = {}, copy_of(trained)
for share in shares:
    shot.set_weights(trained.get_weights())
    prune(shot, share)
    one_shot[share] = right(shot)
print("  ".join(f"{share:.0%}: {found:.1%}" for share, found in one_shot.items()))

# %% [markdown]
# Half of the weights were of no use to it. Beyond that it breaks, and it breaks steeply: each lost weight is small,
# but their number is not, and nothing makes up for them.
#
# ## 3 · Gradually
#
# What if the net could make up for what it loses? **Gradual pruning** goes on training, and takes weights away little
# by little: many at first, while there are plenty, then fewer and fewer. The schedule is that of M. Zhu and S. Gupta
# (*To prune, or not to prune*, 2017), a cubic rise to the final sparsity. A Keras callback of a few lines does it:

# %% tags=["gradual"]
class Prune(keras.callbacks.Callback):
    """After every batch, prune to where the schedule stands. It ends halfway through."""

    def __init__(self, final, steps):
        super().__init__()
        self.final, self.last, self.step = final, max(1, steps // 2), 0

    def on_train_batch_end(self, batch, logs=None):
        self.step += 1
        left = 1 - min(1, self.step / self.last)
        prune(self.model, self.final * (1 - left**3))

# %% [markdown]
# To be fair there are two rivals. The **control** is trained for as long and pruned by nothing, because some more
# training might help any net. *One shot, then trained* is pruned at once, and then trained for as long, with the
# zeros held.

# %% tags=["fine-tune"]
def fine_tune(model, callbacks):
    """Train a copy of the model for some more epochs, from the same random numbers each time."""
    keras.utils.set_random_seed(seed)
    tuned = copy_of(model)
    tuned.compile(keras.optimizers.Adam(1e-3), "sparse_categorical_crossentropy")
    tuned.fit(train_x, train_y, batch_size=32, epochs=epochs, verbose=0, callbacks=callbacks)
    return copy_of(tuned)  # without the optimizer, which takes more room than the net


# %% tags=["three-rivals"]
steps = epochs * math.ceil(len(train_x) / 32)
control = fine_tune(trained, [])
pruned, tuned_after_shot = {}, {}
for share in (each for each in shares if each >= 0.5):
    pruned[share] = fine_tune(trained, [Prune(share, steps)])
    shot.set_weights(trained.get_weights())
    prune(shot, share)
    tuned_after_shot[share] = right(fine_tune(shot, [Prune(share, 1)]))

# %% [markdown]
# **Predict.** At 90 %, where one shot leaves a net that guesses: how many digits will the other two read?

# %% tags=["sparsity-chart"]
gradual = {share: right(each) for share, each in pruned.items()}
lines = {
    "one shot": one_shot,
    "one shot, then trained": {0: right(control)} | tuned_after_shot,
    "gradual": {0: right(control)} | gradual,
}
table = pd.DataFrame(lines).sort_index().rename_axis("sparsity")
charts.curves(
    100 * table.index,
    {name: 100 * table[name].interpolate() for name in table},
    ("% of the weights that are zero", "% of the digits right"),
    "How much can be taken away?",
    level=(100 * right(control), f"control, nothing pruned: {right(control):.1%}"),
)

# %% tags=["sparsity-table"]
percent = table.set_axis([f"{share:.0%}" for share in table.index]).map("{:.1%}".format)
percent.replace("nan%", "–")

# %% [markdown]
# Training repairs what one shot destroys, so well that over most of the chart it hardly matters *how* the weights
# were taken away. It is at the edge that the gradual way pays. One shot chooses by the sizes of a net that still had
# all its weights; the gradual way chooses again after each batch, while those that stay take over the work.
#
# All dots were measured on the test images. For a chart that is fine; to choose a sparsity for a net of your own, use
# the validation images, and ask the test images once.

# %% tags=["really-zero"]
for kernel in kernels(pruned[sparsity]):
    zeros = (kernel.numpy() == 0).mean()
    print(f"{kernel.path:24} {kernel.shape!s:16} {zeros:.1%} zeros")
    assert abs(zeros - sparsity) < 0.01

# %% [markdown]
# ## 4 · What is a zero worth?
#
# The zeros are there. **Predict.** How much smaller is the file, how much quicker an answer?

# %% tags=["to-file"]
def to_file(model, path="float"):
    """Convert by a path of lab 07, and hold the file's probabilities against the model's."""
    content = variant(freeze(model), path, train_x[:200])
    apart = np.abs(open_model(content).predict(test_x) - model(test_x).numpy())
    if path == "float":
        assert apart.max() < 1e-4, "the file answers otherwise"
    assert apart.mean() < 0.01, "the file answers otherwise"
    return content


files = {"dense": to_file(control)}
files |= {f"{share:.0%} zeros": to_file(pruned[share]) for share in sorted({0.5, sparsity, 0.9})}

# %% tags=["sizes"]
def in_an_app(content, method):
    """The bytes of an app's archive that holds the model."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", method) as app:
        app.writestr("assets/model.tflite", content)
    return len(archive.getvalue())


def sizes(content):
    """What a model weighs, in bytes, on its way to a device."""
    return {
        "the file": len(content),
        "in an app, as it is": in_an_app(content, zipfile.ZIP_STORED),
        "in an app, packed": in_an_app(content, zipfile.ZIP_DEFLATED),
        "on the wire, gzip": len(gzip.compress(content, 9)),
    }


pd.DataFrame({name: sizes(content) for name, content in files.items()}).map("{:,}".format)

# %% [markdown]
# The file does not shrink by a single byte: a zero takes four of them, like any other number. But it *packs* well,
# and that is all that pruning gives here. Who packs? The download does. An Android app mostly stores its model as it
# is (`noCompress "tflite"` in the build file), to map it into memory without unpacking. A pruned model is quicker to
# download, and takes as much room on the phone.

# %% tags=["latency"]
times = latency({name: open_model(content).invoke for name, content in files.items()}, runs=runs)
charts.latencies(times, "The digits CNN, one image")

# %% [markdown]
# And no time is saved: an operator multiplies by zero as patiently as by anything else. The net has the same *form*,
# so there is the same work to do; the boxes overlap.
#
# ### A file that knows of its zeros
#
# The format can store a tensor *sparse*: the numbers that are not zero, and where they belong. One flag asks for it,
# and it is experimental. It works for the kernels of dense layers, so here is a net that has nothing else.

# %% tags=["dense-net"]
keras.utils.set_random_seed(seed)
wide = keras.Sequential([
    keras.Input((8, 8, 1), name="image"),
    layers.Flatten(),
    layers.Dense(512, activation="relu"),
    layers.Dense(256, activation="relu"),
    layers.Dense(10, activation="softmax"),
], name="wide")
wide.compile(keras.optimizers.Adam(1e-3), "sparse_categorical_crossentropy")
wide.fit(train_x, train_y, batch_size=32, epochs=training, verbose=0)
sparse = fine_tune(wide, [Prune(0.9, steps)])
print(f"dense {right(wide):.1%} right, 90 % zeros {right(sparse):.1%}")

# %% tags=["experimental-sparsity"]
converter = freeze(sparse).converter()
converter.optimizations = [tf.lite.Optimize.EXPERIMENTAL_SPARSITY]
with quiet():
    aware = converter.convert()

dense_files = {"dense": to_file(wide), "zeros": to_file(sparse), "zeros, and the flag": aware}
assert np.allclose(open_model(aware).predict(test_x), sparse(test_x), atol=1e-4)
pd.DataFrame({name: sizes(content) for name, content in dense_files.items()}).map("{:,}".format)

# %% [markdown]
# Now the file itself is smaller, and answers as before. Is it quicker?

# %% tags=["sparse-latency"]
machines = {name: open_model(content).invoke for name, content in dense_files.items()}
sparse_times = latency(machines, runs=runs)
for name, each in sparse_times.items():
    ratio = each.median / sparse_times["dense"].median
    print(f"{name:20} {1000 * each.median:6.1f} µs, {ratio:.2f} times dense")

# %% [markdown]
# What the last line says depends on the runtime: it may compute with the sparse form, or unpack it when it loads.
# Together with quantization it gets stranger:

# %% tags=["sparsity-with-default"]
import textwrap

converter = freeze(sparse).converter()
converter.optimizations = [tf.lite.Optimize.EXPERIMENTAL_SPARSITY, tf.lite.Optimize.DEFAULT]
with quiet():
    both = converter.convert()

print(f"{len(both):,} bytes")
for xnnpack in (True, False):
    try:
        found = open_model(both, xnnpack=xnnpack).predict(test_x).argmax(axis=1)
        said = f"{(found == test_y).mean():.1%} right"
    except Exception as refused:
        said = textwrap.shorten(str(refused).split("(", 1)[-1], 60, placeholder=" …")
    print(f"XNNPACK {'on: ' if xnnpack else 'off:'} {said}")

# %% [markdown]
# The smallest file of all. With XNNPACK, which is on by default, it does not load; without, it runs. A file that
# loads or not depending on a delegate is none to ship: this is what *experimental* means.
#
# ## 5 · Shared values
#
# **Clustering** takes another freedom away: how many different numbers there are. K-means puts the weights of a
# kernel into a few groups of neighbours, and each weight becomes the middle of its group (S. Han et al., *Deep
# Compression*, 2016). Beginning with middles spread evenly keeps the few large weights, which matter most.

# %% tags=["cluster"]
from sklearn.cluster import KMeans


def share_values(weights, count):
    """A copy of the array in which the weights that are not zero have at most so many values."""
    shared = weights.flatten()
    kept = shared != 0  # pruned weights stay pruned
    count = min(count, len(np.unique(shared[kept])))
    middles = np.linspace(shared.min(), shared.max(), count)[:, None]
    found = KMeans(count, init=middles, n_init=1).fit(shared[kept, None])
    shared[kept] = found.cluster_centers_[found.labels_, 0]
    return shared.reshape(weights.shape)


def cluster(model, count):
    """A copy of the model whose kernels share values."""
    clustered = copy_of(model)
    for kernel in kernels(clustered):
        kernel.assign(share_values(kernel.numpy(), count))
    return clustered

# %% tags=["cluster-one"]
last = kernels(trained)[-1].numpy()
shared = share_values(last, clusters)
print(f"{len(np.unique(last)):,} values became {len(np.unique(shared))}:")
print(np.unique(shared).round(2))

# %% [markdown]
# **Predict.** Sixteen values can be told apart by 4 bits instead of 32. Which share of its size does the packed file
# keep? And with four values, how many digits are still read right?

# %% tags=["cluster-counts"]
rows = {"as trained": {"right": right(trained), **sizes(to_file(trained))}}
for count in sorted({64, 32, 16, 8, 4, clusters}, reverse=True):
    clustered = cluster(trained, count)
    rows[f"{count} values"] = {"right": right(clustered), **sizes(to_file(clustered))}
frame = pd.DataFrame(rows).T
frame["share"] = frame["on the wire, gzip"] / frame["on the wire, gzip"].iloc[0]
form = {"right": "{:.1%}", "share": "{:.2f}"} | dict.fromkeys(list(frame)[1:-1], "{:,.0f}")
form = {name: form[name] for name in ("right", "the file", "on the wire, gzip", "share")}
frame[list(form)].apply(lambda column: column.map(form[column.name].format))

# %% [markdown]
# No training, and hardly an error: the net does not mind which of many close numbers it computes with. The file is as
# large as ever, since each weight is still written out as four bytes, and packs well, since gzip has short codes for
# what comes often. Four bits of 32 would be an eighth; gzip, which knows nothing of floats, needs a little more.
#
# ## 6 · All together
#
# Pruned, then clustered, then quantized. **Predict.** Quantization gives the weights 256 values of its own. Does the
# work of the other two survive it?

# %% tags=["together"]
stages = {
    "as trained": control,
    "pruned": pruned[sparsity],
    "clustered": cluster(control, clusters),
    "both": cluster(pruned[sparsity], clusters),
}
rows = {}
for name, model in stages.items():
    for path in ("float", "full int8"):
        content = to_file(model, path)
        found = open_model(content).predict(test_x).argmax(axis=1)
        packed = sizes(content)["on the wire, gzip"]
        rows[name, path] = [len(content), packed, (found == test_y).mean()]
together = pd.DataFrame(rows, index=["the file", "on the wire, gzip", "right"]).T

# %% tags=["together-table"]
together.apply(lambda column: column.map(form[column.name].format))

# %% tags=["together-chart"]
charts.columns(
    list(stages),
    {path: [together.loc[(name, path), "on the wire, gzip"] / 1000 for name in stages]
     for path in ("float", "full int8")},
    ("what was done before", "kilobytes on the wire (gzip)"), "Three techniques, one download",
)  # fmt: skip

# %% [markdown]
# It does. Zeros stay zeros on a symmetric grid, and sixteen values become at most sixteen integers in each channel.
# But the savings do not add up: compare *clustered* as float and as int8. Few values are few values, in floats or in
# bytes, and what gzip has found already, quantization cannot find again. The *file* is another matter: there
# quantization alone counts.
#
# ## 7 · Channels that are really gone
#
# Why did zeros save no time? Because a zero in the midst of a kernel leaves the kernel's shape alone. **Structured
# pruning** removes whole channels: a convolution puts out fewer of them, and the next one takes fewer. What is left
# is dense and ordinary, only thinner.
#
# Which channels? Those whose kernels have the smallest sum of magnitudes (H. Li et al., *Pruning Filters for
# Efficient ConvNets*, 2017). First a net of the same form with any widths, which section 8 needs as well:

# %% tags=["narrow"]
def cnn(widths=(16, 32, 32), convolution=layers.Conv2D):
    """The course's CNN with other widths, or with another kind of convolution after the first."""
    first, second, third = (max(1, round(width)) for width in widths)
    form = {"kernel_size": 3, "padding": "same", "activation": "relu"}
    return keras.Sequential([
        keras.Input((8, 8, 1), name="image"),
        layers.Conv2D(first, **form, name="conv_1"),
        convolution(second, **form, name="conv_2"),
        layers.MaxPooling2D(name="pool"),
        convolution(third, **form, name="conv_3"),
        layers.Flatten(name="flatten"),
        layers.Dense(10, activation="softmax", name="probabilities"),
    ])

# %% tags=["remove-channels"]
def strongest(kernel, count):
    """Which output channels have the largest kernels, in their order."""
    strength = np.abs(kernel).sum(axis=(0, 1, 2))
    return np.sort(np.argsort(strength)[-count:])


def thinner(model, share):
    """A smaller net, made of this share of the channels of each convolution."""
    k1, b1, k2, b2, k3, b3, k4, b4 = model.get_weights()
    keep = [strongest(kernel, round(share * kernel.shape[-1])) for kernel in (k1, k2, k3)]
    small = cnn([len(each) for each in keep])
    spread = k4.reshape(4, 4, k3.shape[-1], 10)  # flattening laid out 4 × 4 places by channels
    small.set_weights([
        k1[..., keep[0]], b1[keep[0]],
        k2[:, :, keep[0]][..., keep[1]], b2[keep[1]],
        k3[:, :, keep[1]][..., keep[2]], b3[keep[2]],
        spread[:, :, keep[2]].reshape(-1, 10), b4,
    ])  # fmt: skip
    return small

# %% [markdown]
# With an output channel three things go: its kernel, its bias, and the part of every kernel of the *next* layer that
# listened to it. **Predict.** Half of the channels everywhere: which share of the multiply-adds is left?

# %% tags=["structured"]
thin = thinner(trained, 0.5)
before = right(thin)
thin = fine_tune(thin, [])
print(f"half of the channels: {before:.1%} right at once, {right(thin):.1%} after training")

# %% tags=["multiply-adds"]
def multiply_adds(model):
    """What one answer costs, layer by layer as in lab 02."""
    total = 0
    for layer in model.layers:
        for weight in layer.weights:
            if len(weight.shape) > 1:  # kernels, and no biases
                places = math.prod(layer.output.shape[1:3]) if len(weight.shape) == 4 else 1
                total += places * math.prod(weight.shape)
    return total


print(f"{multiply_adds(trained):,} multiply-adds became {multiply_adds(thin):,}")

# %% tags=["structured-latency"]
files |= {"half the channels": to_file(thin)}
rivals = ("dense", f"{sparsity:.0%} zeros", "half the channels")
times = latency({name: open_model(files[name]).invoke for name in rivals}, runs=runs)
for name, each in times.items():
    ratio = each.median / times["dense"].median
    took = f"{1000 * each.median:6.1f} µs, {ratio:.2f} of dense"
    print(f"{name:18} {len(files[name]):7,} bytes {took}")

# %% [markdown]
# Both sides of a kernel were halved, so about a quarter of the multiply-adds is left, and this time the file is
# smaller *and* the answer quicker. A zero in a kernel has to be multiplied; a channel that is gone is never met.
#
# The material says that pruning lowers the number of parameters. Of zeros that is true in spirit only, as long as a file
# stores them; of channels it is true to the letter.
#
# ## 8 · Topology
#
# If a thinner net is the aim, why not begin with one? A **topology transform** starts from a more efficient form. Two
# dials, both from the MobileNets of lab 02: the **width multiplier**, which scales the channels of all layers, and
# the **depthwise separable** convolution, which splits looking at neighbours from mixing channels. Each net is
# trained from nothing, with the same images, for the same number of epochs.

# %% tags=["topology"]
WIDTHS = (16, 32, 32)
forms = {
    "width 1.0": cnn,
    "width 0.5": lambda: cnn([0.5 * width for width in WIDTHS]),
    "width 0.35": lambda: cnn([0.35 * width for width in WIDTHS]),
    "separable 1.0": lambda: cnn(WIDTHS, layers.SeparableConv2D),
    "separable 0.5": lambda: cnn([0.5 * width for width in WIDTHS], layers.SeparableConv2D),
}
labels = keras.utils.to_categorical(train_y, 10)


def teach(form, targets, start=seed):
    """A new net of this form, trained to give these targets for the training images."""
    keras.utils.set_random_seed(start)
    student = form()
    student.compile(keras.optimizers.Adam(2e-3), "categorical_crossentropy")
    student.fit(train_x, targets, batch_size=32, epochs=training, verbose=0)
    return copy_of(student)

# %% [markdown]
# **Predict.** *width 0.5* has a third of the parameters of *width 1.0*, *separable 1.0* somewhat more. Which of the
# two needs fewer multiply-adds?

# %% tags=["topology-train"]
nets = {name: teach(form, labels) for name, form in forms.items()}
for name, net in nets.items():
    costs = f"{net.count_params():6,} parameters, {multiply_adds(net):7,} multiply-adds"
    print(f"{name:14} {costs}, {right(net):.1%} right")

# %% [markdown]
# ## 9 · A teacher
#
# Narrow nets lose some accuracy. **Distillation** (G. Hinton et al., *Distilling the Knowledge in a Neural Network*,
# 2015) wins some back: the small net, the *student*, imitates a larger one, the *teacher*. A label says *this is a
# 5*; a teacher says *a 5, a bit like a 9, not at all like a 2*. A well-trained teacher is so sure of itself that the
# rest is hidden; a **temperature** above 1 brings it out. Our teacher is the MobileNetV2 that ships with the course.
# It need not learn any more, so its file will do.

# %% tags=["distil-targets"]
temperature = 3
teacher = models.asset("mobilenet_v2_digits.tflite")
answers = open_model(teacher).predict(data.for_mobilenet(data.digits("train")[0]))
softened = answers ** (1 / temperature)
softened /= softened.sum(axis=1, keepdims=True)

wavering = softened.max(axis=1).argmin()
print("label     ", train_y[wavering])
print("teacher   ", answers[wavering].round(3))
print("softened  ", softened[wavering].round(3))

# %% [markdown]
# That is the image which the teacher is least sure of. Now a question that is rarely asked: would *any* softness do,
# with no teacher at all? So here too is a control: **smoothed labels**, as unsure as the softened teacher on average,
# but of all wrong digits alike.
#
# **Predict.** Labels, smoothed labels, teacher: in which order will their students come out?

# %% tags=["distil"]
doubt = 1 - softened.max(axis=1).mean()
smoothed = (1 - doubt) * labels + doubt * (1 - labels) / 9
lessons = {"labels": labels, "smoothed labels": smoothed, "teacher": softened}
small = forms["separable 0.5"]
taught = {
    name: [teach(small, targets, seed + n) for n in range(seeds)]
    for name, targets in lessons.items()
}
for name, students in taught.items():
    each = [right(student) for student in students]
    singly = "  ".join(f"{found:.1%}" for found in each)
    print(f"{name:16} {np.mean(each):.1%} on average: {singly}")

# %% [markdown]
# The same form, the same images, the same number of steps, and the students of the labels come last. So softness
# helps: a net that is told to be quite sure drives its weights up for the sake of its last few errors. But on these
# digits smoothed labels do about as well as the teacher. Without the control we would have praised the teacher for
# it.
#
# What a teacher gives that no smoothing can are answers *where there are no labels*. Suppose that only 100 of the
# training images had been labelled. (Ours knew all labels when it was trained; in real life you take one that was
# trained on other data.)

# %% tags=["few-labels"]
def teach_few(targets, count):
    """As `teach`, on the first images only, with as many steps in all."""
    keras.utils.set_random_seed(seed)
    student = small()
    student.compile(keras.optimizers.Adam(2e-3), "categorical_crossentropy")
    few = tf.data.Dataset.from_tensor_slices((train_x[:count], targets[:count]))
    batches = few.shuffle(count, seed=seed).repeat().batch(32)
    steps = training * math.ceil(len(train_x) / 32)
    student.fit(batches, steps_per_epoch=steps, shuffle=False, verbose=0)
    return student


few_labels = teach_few(smoothed, 100)
print(f"100 smoothed labels              {right(few_labels):.1%} right")
print(f"the teacher's answers, all images {right(taught['teacher'][0]):.1%} right")

# %% [markdown]
# All this happens in training. The file that comes out is as large and as quick as before: distillation costs nothing
# on the device.
#
# ## 10 · One chart
#
# What this lab has made, by all that a device pays for. Files are float, and take turns at the clock; of the taught
# students it is the first.

# %% tags=["one-chart"]
best = {
    "as trained": control,
    f"pruned, {sparsity:.0%} zeros": pruned[sparsity],
    f"clustered, {clusters} values": stages["clustered"],
    "half the channels": thin,
    **nets,
    "separable 0.5, taught": taught["teacher"][0],
}
made = {name: to_file(net) for name, net in best.items()}
found = {name: open_model(content).predict(test_x) for name, content in made.items()}

best["teacher"] = models.mobilenet_v2_digits(weights=None)  # to count its weights
made["teacher"] = teacher.read_bytes()
mobile_x = data.for_mobilenet(data.digits("test")[0][:images])
found["teacher"] = open_model(made["teacher"]).predict(mobile_x)

# %% tags=["one-chart-draw"]
clock = latency({name: open_model(content).invoke for name, content in made.items()}, runs=runs)


def figures(name):
    """What one model costs and gives."""
    return {
        "thousand parameters": best[name].count_params() / 1e3,
        "million multiply-adds": multiply_adds(best[name]) / 1e6,
        "kB, the file": len(made[name]) / 1e3,
        "kB, gzip": len(gzip.compress(made[name], 9)) / 1e3,
        "µs an answer": 1000 * clock[name].median,
        "% wrong": 100 * (found[name].argmax(axis=1) != test_y).mean(),
    }


rows = {name: figures(name) for name in best if name != "teacher"}
charts.panels(rows, "What each model costs", marked="separable 0.5, taught")

# %% tags=["teacher-beside"]
for what, value in figures("teacher").items():
    print(f"{what:22} teacher {value:10,.1f}   taught {rows['separable 0.5, taught'][what]:8.3g}")

# %% [markdown]
# Pruning and clustering change a single panel, gzip. Removed channels and thinner forms change them all. Two nets
# have exactly the same form, *half the channels* and *width 0.5*: one began as a trained large net, the other from
# nothing. The teacher would have burst the chart, so it stands below it. And mind the last panel: with so few test
# images, errors that differ by a point are alike.
#
# In which order would you use all this? *Start* from an efficient form, *train* it with some softness or a teacher,
# *quantize* it; prune and cluster when the download is what counts.

# %% [markdown]
# What was measured, by name, for whoever runs this lab many times with other parameters; `labs results` collects it.

# %% tags=["record"]
def in_letters(name):
    return name.replace(" ", "_").replace(".", "")


measured = {
    "control": right(control), "one_shot": one_shot[sparsity], "gradual": gradual[sparsity],
    "shot_then_trained": tuned_after_shot[sparsity], "half_the_channels": right(thin),
    "clustered": right(stages["clustered"]), "labels_for_few": right(few_labels),
}  # fmt: skip
measured |= {in_letters(name): right(net) for name, net in nets.items()}
for name, students in taught.items():
    mean = float(np.mean([right(student) for student in students]))
    measured[f"by_{in_letters(name)}"] = mean
record("share", **measured)
packed = sizes(files[f"{sparsity:.0%} zeros"])["on the wire, gzip"]
record("bytes", dense_file=len(files["dense"]), pruned_packed=packed, sparse_file=len(aware))

# %% [markdown]
# ## Exercises
#
# Replace each `...`, run the cell and then the one below it. `hint("08.prune")` helps, one step at a time;
# `solution("08.prune")` explains.

# %% [markdown]
# **Exercise 1 · The smallest go.** Write `without_smallest(weights, sparsity)`: `weights` is a float32 array of any
# shape, `sparsity` a share from 0 to 1. It returns a new array of the same shape and dtype, in which that share of the
# weights is zero, rounded to the nearest whole number of weights: those of the smallest magnitude. All others are as
# they were, and so is `weights` itself. Where several have the same magnitude, any of them may go.

# %% tags=["exercise-prune"]
def without_smallest(weights, sparsity):
    ...

# %% tags=["check-prune"]
check("08.prune", without_smallest)

# %% [markdown]
# **Exercise 2 · Little by little.** Write `sparsity_at(step, first, last, final)`: the sparsity that a gradual schedule
# asks for at a step of the training. It is 0 before the step `first`, and `final` at `last` and after. In between it is
# final · (1 − (1 − t)³), where t is the share of the way from `first` to `last` that is behind (Zhu and Gupta 2017,
# arXiv:1710.01878).

# %% tags=["exercise-schedule"]
def sparsity_at(step, first, last, final):
    ...

# %% tags=["check-schedule"]
check("08.schedule", sparsity_at)

# %% [markdown]
# **Exercise 3 · Shared values.** Write `few_values(weights, k)`: `weights` is a float32 array of any shape. It returns
# a float32 array of the same shape, in which each weight has become the nearest of at most `k` shared values. The
# values are those of k-means on the single weights, or as good: with a squared error not above twice the least
# possible.

# %% tags=["exercise-cluster"]
def few_values(weights, k):
    ...

# %% tags=["check-cluster"]
check("08.cluster", few_values)

# %% [markdown]
# **Exercise 4 · Whole channels.** Write `without_channels(kernel, bias, next_kernel, keep)` for two convolutions, one
# after the other: `kernel` has the shape (height, width, inputs, outputs), `bias` (outputs,), and `next_kernel`, of the
# second convolution, (height, width, outputs, others). Keep the `keep` output channels of the first whose kernels have
# the largest L1 norm, the sum of magnitudes (Li and others 2017, arXiv:1608.08710), in the order in which they stood.
# Return the three smaller arrays, kernel, bias and next kernel, so that the second convolution still fits.

# %% tags=["exercise-remove-channels"]
def without_channels(kernel, bias, next_kernel, keep):
    ...

# %% tags=["check-remove-channels"]
check("08.remove_channels", without_channels)

# %% [markdown]
# **Exercise 5 · Prune to a budget.** A download is compressed. Write `prune_to_budget(model, most_bytes)`: `model` is a
# trained Keras model with one input. Prune each of its kernels by magnitude, all by the same sparsity, and convert:
# return the bytes of a float `.tflite` file of which `gzip.compress(content)` has at most `most_bytes` bytes. The
# sparsity is the least of 0, 10, 20 ... 90 % that will do; return None if 90 % is not enough. Biases are not pruned,
# and afterwards the model has the weights that it had.

# %% tags=["exercise-fit-budget"]
def prune_to_budget(model, most_bytes):
    ...

# %% tags=["check-fit-budget"]
check("08.fit_budget", prune_to_budget)

# %% [markdown]
# ## Quiz
#
# What is the idea behind it? Choose an answer, and read why it is right, or what it overlooks. You may choose again.

# %% tags=["quiz"]
quiz("08")

# %% [markdown]
# ## What you have seen
#
# - One shot took half of the weights without harm; training repaired what more of it destroyed, and only at the edge
#   did the gradual schedule win.
# - Zeros leave the file as large as it was, in an app as well; the download shrinks. A file that knows of its zeros
#   shrinks too, for dense layers.
# - Zeros saved no time, because the net keeps its form. Channels that were removed did.
# - A few shared values for each kernel were enough; they packed well, and survived pruning and quantization.
# - A thinner or separable form costs less of everything. Softer targets made it better; a teacher is worth most where
#   labels are missing.
#
# **Next:** lab 09 asks where the time goes, and who else could do the work.
