# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
#   lab:
#     title: TF Select, for operators that are missing
#     minutes: 75
#     quick:
#       samples: 40
#       tried: 9
#     variants:
#       seed: 1..9999
# ---

# %% [markdown]
# # 05 · TF Select, for operators that are missing
#
# ![](../img/operator-sets.png)
#
# Your model is trained, you call `convert`, and the converter refuses: an operator is missing. TF Select lets the file
# carry TensorFlow's own operator, and the price is a runtime that carries TensorFlow's kernels. You learn to read the
# refusal, pay that price once and see the model run, and then find out how often you need not pay it: most such models
# can be written with other operators, and stay small.
#
# **You will be able to**
#
# - read the converter's message, and find the line of your model that it means;
# - convert with TF Select, and see in the file which operators need it;
# - say what a Select file costs, where it runs, and what cannot be done with it;
# - rewrite a model with builtin operators, and prove by its error that it is still the same;
# - tell the operators that need Select from those that only used to.
#
# *75 minutes · half a minute of computing · 0.8 GB of memory, 1.2 GB with Flex · no network · no GPU*

# %% tags=["parameters"]
samples: int = 200  # inputs that each rewritten model is compared on [20..5000]
tried: int = 36  # operators that section 9 puts to the test [9..36]
run_flex: bool = True  # run Select models for real, where `labs flex install` has been run
seed: int = 5  # seed of every random choice [0..10000]

# %% tags=["given"]
from labutils.course.session import check_parameters, record

check_parameters("05", globals())

# %% tags=["setup"]
import textwrap

import numpy as np
import pandas as pd

from labutils import data
from labutils.exercises import check, hint, quiz, solution
from labutils.show import approximations, charts, widgets
from labutils.show.messages import essential
from labutils.tflite import devices, flex
from labutils.tflite.anatomy import anatomy
from labutils.tflite.parity import parity
from labutils.tflite.quiet import quiet, quiet_failure
from labutils.tflite.runtime import open_model

with quiet():
    import tensorflow as tf

rng = np.random.default_rng(seed)

# %% [markdown]
# ## 1 · Why the set is small
#
# An operator in a file is only a number. To run it, the runtime needs a **kernel**: code for that operator, for each
# type of numbers, in the binary of every app. So LiteRT has kernels for a chosen set, its **builtin** operators.
#
# **Predict.** TensorFlow has an operator for nearly everything. How many times more does it have than LiteRT?

# %% tags=["operator-sets", "nbval-check-output"]
from ai_edge_litert.schema_py_generated import BuiltinOperator

no_kernels = {"CUSTOM", "DELEGATE", "PLACEHOLDER_FOR_GREATER_OP_CODES"}  # used otherwise
builtin = {name for name in vars(BuiltinOperator) if name.isupper()} - no_kernels
tensorflow = {name for name in dir(tf.raw_ops) if name[0].isupper()}
print(f"builtin in the file format: {len(builtin):,}")
print(f"operators of TensorFlow:    {len(tensorflow):,}")

# %% [markdown]
# Seven times as many. Some of TensorFlow's serve training or reading files, which no device does; the converter
# translates what it can, often one operator into a few others. What is then left over is the subject of this lab.
#
# ## 2 · Three models with an operator too many
#
# Each is ordinary, and does something that belongs to a model: prepare an image, clean a text, compute a probability.

# %% tags=["models"]
@tf.function(input_signature=[tf.TensorSpec([None, 8, 8, 1], tf.float32, name="image")])
def enlarge(image):
    scaled = image / 16.0
    return tf.image.resize(scaled, (32, 32), method="bicubic")


@tf.function(input_signature=[tf.TensorSpec([None], tf.string, name="text")])
def clean(text):
    lower = tf.strings.lower(text)
    return tf.strings.regex_replace(lower, "[^a-z ]", "")


@tf.function(input_signature=[tf.TensorSpec([None, 1], tf.float32, name="x")])
def share_below(x):  # of a normal distribution
    return 0.5 * (1.0 + tf.math.erf(x / 2.0**0.5))

# %% tags=["models-asked"]
models = {"image": enlarge, "text": clean, "numbers": share_below}
asked = {
    "image": data.digits("test")[0][:4, ..., None].astype(np.float32),
    "text": np.array(["Hello, World!", "LiteRT 2 runs.", "small is beautiful"]),
    "numbers": np.array([[-1.96], [0.0], [1.0], [1.96]], np.float32),
}
expected = {name: model(asked[name]).numpy() for name, model in models.items()}
print("image:  ", asked["image"].shape, "→", expected["image"].shape)
print("text:   ", [text.decode() for text in expected["text"]])
print("numbers:", expected["numbers"].ravel().round(3))

# %% [markdown]
# The way to a file is the one from lab 01, by a concrete function:

# %% tags=["to-tflite"]
def to_tflite(function):
    """The bytes of a .tflite file, from a tf.function that has an input signature."""
    traced = function.get_concrete_function()
    with quiet_failure():
        converter = tf.lite.TFLiteConverter.from_concrete_functions([traced])
        return converter.convert()

# %% [markdown]
# **Predict.** Which of the three will convert?

# %% tags=["fails"]
refused = {}
for name, model in models.items():
    try:
        to_tflite(model)
    except Exception as error:
        refused[name] = error
        print(f"{name:8} {type(error).__name__}, {len(str(error).splitlines())} lines")

assert refused.keys() == models.keys()

# %% [markdown]
# None, and each refusal takes a page or two. Nobody reads them, and that is a pity.
#
# ## 3 · The message, line by line
#
# Most of the lines are TensorFlow's own code, and a dump of the graph. `essential` leaves both out:

# %% tags=["message", "nbval-check-output"]
said = essential(refused["text"])
print(said)
assert "TF Select ops: StaticRegexReplace, StringLower" in said

# %% [markdown]
# - **`'tf.StringLower' op is neither a custom op nor a flex op`**: the operator as TensorFlow names it, and that it
#   belongs to no set that you have allowed. (*Flex* is Select's inner name.)
# - **`line …`**: the line of *your* cell that asked for it.
# - **`see current operation`**: the operator with its settings and types, which tells two of a kind apart.
# - **`Error code: ERROR_NEEDS_FLEX_OPS`**: the diagnosis. Select would do. The other code, `ERROR_NEEDS_CUSTOM_OPS`,
#   means that Select would not do either; you will meet it.
# - **`TF Select ops: …`**: all that is missing, in one line. **If you read one line only, read this one.**
#
# ### Ask before you convert
#
# You need not wait for the conversion. A decorator checks a function when it is first called, while you write the
# model. It prints its findings, with file names of this machine; here we take its log instead.

# %% tags=["compatible", "nbval-check-output"]
@tf.lite.experimental.authoring.compatible
@tf.function(input_signature=[tf.TensorSpec([1, 4], tf.float32, name="x")])
def tangents(x):
    doubled = 2.0 * x
    return tf.math.tan(doubled) - tf.math.tanh(x)


with quiet():
    tangents(tf.zeros([1, 4]))
print(essential("\n".join(tangents.get_compatibility_log())))

# %% [markdown]
# One of the two functions is missing, `tan`; `tanh` is a common activation and has its kernel.
#
# ## 4 · Allow TensorFlow's operators
#
# The converter is told which sets it may use. Two of them, in full:

# %% tags=["select"]
traced = clean.get_concrete_function()
with quiet():
    converter = tf.lite.TFLiteConverter.from_concrete_functions([traced])
converter.target_spec.supported_ops = [
    tf.lite.OpsSet.TFLITE_BUILTINS,  # LiteRT's own operators, where there is one
    tf.lite.OpsSet.SELECT_TF_OPS,  # TensorFlow's, for the rest
]
with quiet():
    content = converter.convert()
print(f"{len(content):,} bytes, operators: {', '.join(anatomy(content).operators)}")

# %% [markdown]
# It converts. The same for all three, with the sets as an argument:

# %% tags=["select-all"]
BUILTINS, SELECT = tf.lite.OpsSet.TFLITE_BUILTINS, tf.lite.OpsSet.SELECT_TF_OPS


def to_tflite(function, operator_sets=(BUILTINS,), **settings):
    """As before; settings are attributes of the converter, such as optimizations."""
    traced = function.get_concrete_function()
    with quiet_failure():
        converter = tf.lite.TFLiteConverter.from_concrete_functions([traced])
        converter.target_spec.supported_ops = list(operator_sets)
        for name, value in settings.items():
            setattr(converter, name, value)
        return converter.convert()


select = {name: to_tflite(model, [BUILTINS, SELECT]) for name, model in models.items()}

# %% [markdown]
# A file does not hide what it needs. `anatomy` reads it, and tells the kind of each operator:

# %% tags=["flex-operators", "nbval-check-output"]
rows = [
    (name, operator.name, operator.kind)
    for name, content in select.items()
    for operator in anatomy(content).subgraphs[0].operators
]
pd.DataFrame(rows, columns=["file", "operator", "kind"]).set_index("file")

# %% [markdown]
# Only what was missing is *flex*. Products, sums and quotients are builtin as ever: the converter prefers its own.
#
# ### Select alone
#
# **Predict.** What becomes of the sum and the product if you allow `SELECT_TF_OPS` alone?

# %% tags=["select-alone", "nbval-check-output"]
alone = anatomy(to_tflite(share_below, [SELECT]))
print(*alone.operators, sep=", ")
assert all(operator.kind == "flex" for operator in alone.subgraphs[0].operators)

# %% [markdown]
# All of it goes to TensorFlow, even operators that do nothing. Nothing warns you. **Name both sets.**

# %% [markdown]
# ## 5 · What it costs
#
# **Predict.** How much larger is a Select file than the same model without, if there were one?

# %% tags=["size", "nbval-check-output"]
@tf.function(input_signature=[tf.TensorSpec([None, 1], tf.float32, name="x")])
def hyperbolic(x):  # the same model with a builtin operator in the place of erf
    return 0.5 * (1.0 + tf.math.tanh(x / 2.0**0.5))


without = to_tflite(hyperbolic)
assert parity(without, hyperbolic, asked["numbers"], tolerance=1e-6).agrees
print(f"with Erf by Select: {len(select['numbers']):,} bytes")
print(f"with a builtin:     {len(without):,} bytes")

# %% [markdown]
# Less than a hundred bytes. **The file is not the price; the runtime is.** Whoever runs it needs TensorFlow's kernels
# in the app. LiteRT's guide publishes what that means for Android, with all of Select built in:

# %% tags=["size-runtime"]
published = {"builtin only": [0.796, 0.561], "with Select": [23.0, 8.0]}  # MB
charts.columns(["binary", "app, compressed"], published, ("", "megabytes"),
               "The runtime, published for Android")

# %% [markdown]
# *Source: LiteRT documentation, "Select TensorFlow operators" (`ops_select`), section on metrics: binary 796 kB and
# 23.0 MB, APK 561 kB and 8.0 MB. The same table times a MobileNet at 260.7 ms and 264.5 ms: a model that uses no Select
# operator is not slowed by its presence.*
#
# And on this machine? Here are the libraries behind LiteRT's interpreter, and behind all of TensorFlow:

# %% tags=["size-here"]
from importlib.util import find_spec
from pathlib import Path


def library_megabytes(package, pattern):
    folder = Path(find_spec(package).submodule_search_locations[0])
    return sum(path.stat().st_size for path in folder.rglob(pattern)) / 1e6


litert = library_megabytes("ai_edge_litert", "libpywrap_litert_common*")
whole = library_megabytes("tensorflow", "libtensorflow_*")
print(f"LiteRT's interpreter: {litert:,.0f} MB, TensorFlow's kernels: {whole:,.0f} MB")

# %% [markdown]
# Both hold more than a phone would ship, so only their ratio says something.
#
# ### Its weights can still be made small
#
# Dynamic range (lab 04) turns large weights into int8, and needs no samples. **Predict.** Does it work on a model whose
# operators are partly TensorFlow's?

# %% tags=["mixed", "nbval-check-output"]
weights = tf.constant(rng.normal(0, 0.1, (64, 64)).astype(np.float32))


@tf.function(input_signature=[tf.TensorSpec([None, 64], tf.float32, name="x")])
def layer(x):
    return tf.math.erf(x @ weights)


dynamic = {"optimizations": [tf.lite.Optimize.DEFAULT]}
for name, settings in {"float": {}, "int8 weights": dynamic}.items():
    select[name] = to_tflite(layer, [BUILTINS, SELECT], **settings)
    parts = anatomy(select[name])
    operators = ", ".join(parts.operators)
    print(f"{name:12} {len(select[name]):6,} bytes, {operators}, {dict(parts.dtypes)}")
    asked[name] = rng.normal(0, 1, (8, 64)).astype(np.float32)
    expected[name] = layer(asked[name]).numpy()

# %% [markdown]
# It does: FULLY_CONNECTED gets its int8 weights, and FlexErf beside it stays what it is. Whether the answers are
# still right, only running it can tell.

# %% [markdown]
# ## 6 · Does it run?
#
# **Predict.** You have files, and you have two Python runtimes: LiteRT's, and the interpreter inside TensorFlow itself,
# which surely has TensorFlow's kernels. Which of them runs a Select file?

# %% tags=["refusal", "nbval-check-output"]
from ai_edge_litert.interpreter import Interpreter

for name, runtime in {"LiteRT": Interpreter, "TensorFlow": tf.lite.Interpreter}.items():
    try:
        with quiet_failure():
            machine = runtime(model_content=select["numbers"])
            machine.allocate_tensors()
        raise AssertionError(f"{name} runs it: rewrite this section")
    except RuntimeError as error:
        says = str(error)
        print(f"{name}:\n{textwrap.fill(says, 96)}\n")

assert "Select TensorFlow op" in says and "FlexErf" in says

# %% [markdown]
# Neither. Read the message from its end: *node number 1, FlexErf, failed to prepare*, for want of the **Flex
# delegate**, the part that hands operators to TensorFlow. It is a library of its own: on Android the dependency that
# the message names, on iOS the pod `TensorFlowLiteSelectTfOps`, in C++ a target to link.
#
# Python's packages had it built in, and older tutorials run their Select models just so. Since TensorFlow 2.20 it is
# gone from all of them (google-ai-edge/LiteRT, issue 6458, open when this was written). The conversion does not tell
# you.
#
# ## 7 · Run it for real
#
# An older TensorFlow still carries Flex. It cannot live beside the new one, so it gets an environment of its own:
# `labs flex install` makes it, once, and says first how much it downloads. `flex` starts a child process there, hands
# it the files and the arrays, and brings the answers back.

# %% tags=["flex-run"]
answers = {}
if run_flex and flex.installed():
    questions = {name: (select[name], asked[name]) for name in select}
    answers = flex.predict_all(questions)
    print("answered by an interpreter with Flex:", ", ".join(answers))
else:
    print(f"Not run here. `{flex.HOW}` makes the environment that can; then run this lab again.")

# %% tags=["flex-parity"]
for name, found in answers.items():
    if name == "text":
        assert found.tolist() == [text.decode() for text in expected["text"]]
        print(f"{name:12} the same, letter for letter")
    else:
        tolerance = 0.05 if name == "int8 weights" else 1e-5  # quantized weights are a little off
        error = np.abs(found - expected[name]).max()
        assert error < tolerance, f"{name}: {error}"
        print(f"{name:12} off by {error:.0e} at most, {tolerance} is allowed")
if not answers:
    print("Nothing to compare: no runtime in this environment has answered.")

# %% [markdown]
# Where it has run, the answers are TensorFlow's own, and no wonder: TensorFlow's kernels computed them. (The int8
# weights are off by what quantizing costs.) Where it has not, all that follows works without it: that is the point of
# the next section.

# %% [markdown]
# ## 8 · The better cure
#
# Most missing operators can be put together from builtin ones. The file then runs in every runtime. The price is your
# thought, and proof: a rewritten model is another model until it is measured.
#
# The proof has the same form each time: convert with builtins **only**, run the file, compare with what the original
# operator gives in TensorFlow, and hold the error against a tolerance that you set *before* you look.

# %% tags=["prove"]
proofs, files = {}, {}


def prove(name, rewritten, original, inputs, tolerance):
    """Convert with builtin operators only, and compare the file with the original."""
    files[name] = to_tflite(rewritten)
    parts = anatomy(files[name])
    assert {each.kind for each in parts.subgraphs[0].operators} == {"builtin"}
    proofs[name] = parity(files[name], original(inputs).numpy(), inputs, tolerance)
    assert proofs[name].agrees, proofs[name]
    print(", ".join(f"{each} × {n}" for each, n in parts.operators.items()))

# %% [markdown]
# ### A tangent
#
# The simplest first: tan x = sin x / cos x. Near 90° both sides explode, so we stop at 80°, where tan is about 6.

# %% tags=["tan", "nbval-check-output"]
@tf.function(input_signature=[tf.TensorSpec([None, 1], tf.float32, name="x")])
def tangent(x):
    return tf.sin(x) / tf.cos(x)


angles = rng.uniform(-1.4, 1.4, (samples, 1)).astype(np.float32)
prove("tan", tangent, tf.tan, angles, tolerance=2e-5)

# %% [markdown]
# ### The error function
#
# Some functions have no such formula, but good approximations. `erf` has a famous one, from 1955, printed in every
# handbook since: M. Abramowitz and I. Stegun, *Handbook of Mathematical Functions*, 7.1.26, error at most 1.5 · 10⁻⁷.

# %% tags=["erf-polynomial"]
ONE_NUMBER = [tf.TensorSpec([None, 1], tf.float32, name="x")]


@tf.function(input_signature=ONE_NUMBER)
def erf_polynomial(x):
    t = 1.0 / (1.0 + 0.3275911 * tf.abs(x))
    total = 1.061405429
    for factor in (-1.453152027, 1.421413741, -0.284496736, 0.254829592):
        total = factor + t * total
    return tf.sign(x) * (1.0 - t * total * tf.exp(-x * x))

# %% [markdown]
# Or look for a builtin operator that hides what you need. GELU is an activation, and *is* an error function in
# disguise: gelu(z) = z/2 · (1 + erf(z/√2)). Solve for erf, and mind the division by zero. Third, a cheap one: the
# curve by which GELU is often approximated (Hendrycks and Gimpel, 2016), a tanh.

# %% tags=["erf-others"]
@tf.function(input_signature=ONE_NUMBER)
def erf_by_gelu(x):
    z = x * 2.0**0.5
    tiny = tf.abs(z) < 1e-3
    safe = tf.where(tiny, 1.0, z)
    return tf.where(tiny, 2 / np.pi**0.5 * x, 2.0 * tf.nn.gelu(safe) / safe - 1.0)


@tf.function(input_signature=ONE_NUMBER)
def erf_by_tanh(x):
    return tf.tanh(2 / np.pi**0.5 * x * (1.0 + 0.08943 * x * x))

# %% [markdown]
# **Predict.** float32 has about seven digits. How many are right in each of the three?

# %% tags=["erf-measured"]
import math

x = np.linspace(-4, 4, 801, dtype=np.float32)[:, None]
truth = np.array([math.erf(value) for value in x[:, 0].tolist()])
stand_ins = {"polynomial": erf_polynomial, "by GELU": erf_by_gelu, "by tanh": erf_by_tanh}
erf_files = {name: to_tflite(function) for name, function in stand_ins.items()}
by_name = {name: open_model(file).predict(x)[:, 0] for name, file in erf_files.items()}
approximations.errors(x[:, 0], truth, by_name, 1e-6, "erf, and three stand-ins")

# %% tags=["erf-table"]
pd.DataFrame({
    name: {
        "operators": anatomy(file).operators.total(),
        "bytes": f"{len(file):,}",
        "largest error": f"{np.abs(by_name[name] - truth).max():.0e}",
    }
    for name, file in erf_files.items()
}).T

# %% tags=["erf", "nbval-check-output"]
numbers = rng.uniform(-4, 4, (samples, 1)).astype(np.float32)
prove("erf, polynomial", erf_polynomial, tf.math.erf, numbers, tolerance=1e-6)
prove("erf, by GELU", erf_by_gelu, tf.math.erf, numbers, tolerance=1e-6)
prove("erf, by tanh", erf_by_tanh, tf.math.erf, numbers, tolerance=5e-4)

# %% [markdown]
# Two are as good as float32 gets, and one has three digits and a third of the operators. Three digits may be plenty:
# ask what the number is used for. Move the slider and compare:

# %% tags=["erf-widget"]
import ipywidgets


def at(place):
    """erf at a place, and what each file answers."""
    row = int(np.abs(x[:, 0] - place).argmin())
    said = [f"{name} {answer[row]:.6f} (off by {abs(answer[row] - truth[row]):.0e})"
            for name, answer in by_name.items()]
    return f"erf({place:.2f}) = <b>{truth[row]:.6f}</b><br>" + "<br>".join(said)


slider = ipywidgets.FloatSlider(0.6, min=-4, max=4, step=0.1)
widgets.explore(slider, at, "x")

# %% [markdown]
# ### A product that runs along
#
# `cumprod` needs Select, `cumsum` does not. A logarithm turns products into sums: exp(cumsum(log x)).

# %% tags=["cumprod", "nbval-check-output"]
@tf.function(input_signature=[tf.TensorSpec([None, 6], tf.float32, name="x")])
def running_product(x):
    return tf.exp(tf.cumsum(tf.math.log(x), axis=1))


def cumprod(x):
    return tf.math.cumprod(x, axis=1)


positive = rng.uniform(0.5, 1.5, (samples, 6)).astype(np.float32)
prove("cumprod, positive", running_product, cumprod, positive, tolerance=5e-5)

# %% [markdown]
# It agrees. But a logarithm wants positive numbers, and all our samples were. **Predict.** What does the file answer
# when one is negative: the right product, an error, or *not a number*?

# %% tags=["cumprod-trap"]
row = np.array([[2.0, -3.0, 4.0, 0.5, 1.0, 1.0]], np.float32)
wrong = open_model(files["cumprod, positive"]).predict(row)
print("cumprod in TensorFlow:  ", cumprod(row).numpy()[0])
print("rewritten, TensorFlow:  ", running_product(row).numpy()[0])
print("rewritten, in the file: ", wrong[0])
plain = open_model(files["cumprod, positive"], xnnpack=False)
print("the file, XNNPACK off:  ", plain.predict(row)[0])
assert not np.allclose(wrong, cumprod(row))

# %% [markdown]
# On the processor of this page, the fast kernel of EXP (XNNPACK) makes a clean, wrong 0 out of *not a number*. No
# warning is left that could be seen. **A rewriting has a domain: write it down, and take test inputs from outside it
# too.** In the exercises you find a rewriting for all numbers.
#
# ### Patches of an image
#
# `extract_patches` cuts an image into small windows. A convolution slides a window as well; give it kernels that each
# pick a single pixel of the window, an **identity kernel**, and it hands the windows out unchanged.

# %% tags=["patches", "nbval-check-output"]
photo_spec = tf.TensorSpec([None, 8, 8, 3], tf.float32, name="image")
pick_one = np.eye(3 * 3 * 3, dtype=np.float32).reshape(3, 3, 3, 27)


@tf.function(input_signature=[photo_spec])
def windows(image):
    return tf.nn.conv2d(image, pick_one, strides=1, padding="VALID")


def patches(image):
    return tf.image.extract_patches(image, [1, 3, 3, 1], [1] * 4, [1] * 4, "VALID")


photos = rng.uniform(0, 1, (samples // 10, 8, 8, 3)).astype(np.float32)
prove("extract_patches", windows, patches, photos, tolerance=1e-6)

# %% [markdown]
# ### The image model: bicubic resizing
#
# Every new pixel is a weighted sum of old ones, with the same weights for each column, then for each row. A weighted
# sum is a **matrix product**. And the matrix? Enlarge the identity matrix once, while you convert: the answer holds
# all the weights.

# %% tags=["resize"]
def resize_matrix(old, new, **how):
    """How each of the new pixels along a side mixes the old ones: float32 (new, old)."""
    one_row_each = tf.eye(old)[..., None]
    return tf.image.resize(one_row_each, (new, old), **how)[..., 0].numpy()


mix = resize_matrix(8, 32, method="bicubic")


@tf.function(input_signature=enlarge.input_signature)
def enlarge_rewritten(image):
    return tf.einsum("oh,bhwc,pw->bopc", mix, image / 16.0, mix)

# %% tags=["resize-proved", "nbval-check-output"]
digits = data.digits("test")[0][: min(samples, 360), ..., None].astype(np.float32)
prove("bicubic resize", enlarge_rewritten, enlarge, digits, tolerance=1e-6)

# %% tags=["resize-shown"]
shown = digits[:1]
bilinear = tf.image.resize(shown / 16.0, (32, 32)).numpy()
by_file = open_model(files["bicubic resize"]).predict(shown)
pictures = [each[0, ..., 0] for each in (shown, enlarge(shown).numpy(), by_file, bilinear)]
titles = ["8 × 8", "TensorFlow", "LiteRT", "bilinear", "the matrix"]
charts.images([*pictures, mix], titles, columns=5)

# %% [markdown]
# TensorFlow's picture and the file's are the same. (The matrix has a row for each new pixel: dark where it looks.)
# The fourth is the other way out: RESIZE_BILINEAR is builtin, a little softer, and perhaps good enough; then the
# model should be *trained* with it.
#
# ### The text model
#
# LiteRT has hardly an operator for text. But text is numbers: let the app hand over the **code points** of the
# letters, and the cleaning becomes comparing, adding and picking. (`tf.strings.lower` itself changes A to Z alone.)

# %% tags=["text"]
@tf.function(input_signature=[tf.TensorSpec([None], tf.int32, name="codes")])
def clean_codes(codes):
    capital = (codes >= ord("A")) & (codes <= ord("Z"))
    lower = tf.where(capital, codes + 32, codes)
    keep = ((lower >= ord("a")) & (lower <= ord("z"))) | (lower == ord(" "))
    return tf.boolean_mask(lower, keep)


text_file = to_tflite(clean_codes)
print(", ".join(anatomy(text_file).operators))

# %% tags=["text-proved", "nbval-check-output"]
reader = open_model(text_file)
for text, right in zip(asked["text"], expected["text"], strict=True):
    codes = np.array([ord(letter) for letter in text], np.int32)
    cleaned = "".join(map(chr, reader.predict(codes)))
    assert cleaned == right.decode()
    print(f"{str(text)!r} → {cleaned!r}")

# %% [markdown]
# Or do not bring the text into the model at all: `str.lower` and `re.sub` exist in every language that apps are
# written in. What need not be in the model is the cheapest operator of all.
#
# ### All proofs

# %% tags=["proofs"]
pd.DataFrame({
    name: {"largest error": f"{proof.max_error:.0e}", "tolerance": f"{proof.tolerance:.0e}",
           "inputs": proof.rows, "verdict": "agrees" if proof.agrees else "does not agree"}
    for name, proof in proofs.items()
}).T

# %% [markdown]
# ## 9 · Who needs Select?
#
# Lists of missing operators are all over the web, and most are old: every version brings new builtin operators, and new
# translations. Ask your converter instead. One function each, of what people say needs Select:

# %% tags=["candidates-1"]
vector, matrix = tf.TensorSpec([1, 6], tf.float32), tf.TensorSpec([1, 4, 4], tf.float32)
picture = tf.TensorSpec([1, 8, 8, 3], tf.float32)
volume = tf.TensorSpec([1, 4, 4, 4, 1], tf.float32)
words = tf.TensorSpec([1], tf.string)
candidates = {
    "rfft": (lambda x: tf.abs(tf.signal.rfft(x, [8])), vector),
    "erf": (tf.math.erf, vector),
    "erfinv": (tf.math.erfinv, vector),
    "gelu": (tf.nn.gelu, vector),
    "cumsum": (lambda x: tf.cumsum(x, 1), vector),
    "cumprod": (lambda x: tf.math.cumprod(x, 1), vector),
    "asin": (tf.asin, vector),
    "tan": (tf.tan, vector),
    "sort": (tf.sort, vector),
    "atan": (tf.atan, vector),
    "svd": (lambda x: tf.linalg.svd(x, compute_uv=False), matrix),
    "unique": (lambda x: tf.unique(x[0])[0], vector),
    "conv3d": (lambda x: tf.nn.conv3d(x, tf.ones([2, 2, 2, 1, 1]), [1] * 5, "VALID"), volume),
}

# %% tags=["candidates-2"]
candidates |= {
    "max_pool3d": (lambda x: tf.nn.max_pool3d(x, 2, 2, "VALID"), volume),
    "linalg.solve": (lambda x: tf.linalg.solve(x, x), matrix),
    "log1p": (tf.math.log1p, vector),
    "lgamma": (tf.math.lgamma, vector),
    "linalg.qr": (lambda x: tf.linalg.qr(x)[1], matrix),
    "erfc": (tf.math.erfc, vector),
    "softplus": (tf.nn.softplus, vector),
    "einsum": (lambda x: tf.einsum("bij,bkj->bik", x, x), matrix),
    "linalg.inv": (tf.linalg.inv, matrix),
    "digamma": (tf.math.digamma, vector),
    "stft": (lambda x: tf.abs(tf.signal.stft(x, 4, 2)), vector),
    "top_k": (lambda x: tf.math.top_k(x, 3)[0], vector),
    "dct": (tf.signal.dct, vector),
    "linalg.cross": (lambda x: tf.linalg.cross(x[:, :3], x[:, 3:]), vector),
}

# %% tags=["candidates-3"]
candidates |= {
    "resize bilinear": (lambda x: tf.image.resize(x, (16, 16)), picture),
    "strings.length": (tf.strings.length, words),
    "resize bicubic": (lambda x: tf.image.resize(x, (16, 16), "bicubic"), picture),
    "resize lanczos3": (lambda x: tf.image.resize(x, (16, 16), "lanczos3"), picture),
    "rgb_to_grayscale": (tf.image.rgb_to_grayscale, picture),
    "adjust_contrast": (lambda x: tf.image.adjust_contrast(x, 2.0), picture),
    "resize antialias": (lambda x: tf.image.resize(x, (4, 4), antialias=True), picture),
    "non-max suppression": (
        lambda x: tf.image.non_max_suppression(x[0], tf.reduce_sum(x[0], 1), 2), matrix),
    "crop_and_resize": (
        lambda x: tf.image.crop_and_resize(x, [[0.0, 0.0, 1.0, 1.0]], [0], [4, 4]), picture),
}

# %% [markdown]
# **Predict.** Go through the names, and mark each: *builtin*, *Select*, or *neither*. Then let the converter judge.

# %% tags=["which"]
def needs(function):
    """The smallest set that converts a function, and the file; neither, and the refusal."""
    for name, sets in {"builtin": [BUILTINS], "Select": [BUILTINS, SELECT]}.items():
        try:
            return name, to_tflite(function, sets)
        except Exception as error:
            refusal = error
    return "neither", refusal


every = -(-len(candidates) // tried)  # evenly spread, where fewer are tried
found = {
    name: needs(tf.function(function, input_signature=[spec]))
    for name, (function, spec) in list(candidates.items())[::every]
}

# %% [markdown]
# A file that converts is not yet a file that is right, so those without Select are run and compared:

# %% tags=["which-parity"]
for name, (needed, content) in found.items():
    if needed == "builtin":
        function, spec = candidates[name]
        value = rng.uniform(0.1, 0.9, spec.shape).astype(np.float32)
        assert np.allclose(open_model(content).predict(value), function(value), atol=1e-4), name

# %% tags=["which-table", "nbval-check-output"]
for asked_for in ("builtin", "Select", "neither"):
    names = [name for name, (needed, _) in found.items() if needed == asked_for]
    print(textwrap.fill(f"{asked_for}: {', '.join(names)}", 92, subsequent_indent="    "))

# %% [markdown]
# How many did you have right? **Many of them need nothing at all.** In the last line are those that *even Select
# refuses*: the Flex delegate has a list of its own, which leaves operators out. Surprises hide there: `erf` is
# allowed, and `erfc`, which is 1 − `erf`, is not; and `antialias=True` turns the builtin resizing into something that
# has no place anywhere. Look at one by one:

# %% tags=["which-widget"]
def tell(name):
    """The set that an operator needs, and what stands in the file."""
    needed, result = found[name]
    if needed == "neither":
        lines = [line for line in essential(result).splitlines() if line.startswith("Custom ops")]
        return f"<b>neither</b>: {'; '.join(lines)}"
    return f"<b>{needed}</b>: {len(result):,} bytes, {', '.join(anatomy(result).operators)}"


widgets.explore(ipywidgets.Dropdown(options=list(found)), tell, "operator")

# %% [markdown]
# ### Refused by all
#
# Here is the sentence, with Select allowed:

# %% tags=["refused-by-select", "nbval-check-output"]
for name in ("erfinv", "svd", "resize antialias"):
    function, spec = candidates[name]
    needed, refusal = needs(tf.function(function, input_signature=[spec]))
    assert needed == "neither"
    lines = essential(refusal).splitlines()
    print(f"{name}:", next(line.strip() for line in lines if "Error code" in line))
    print("   ", next(line for line in lines if line.startswith("Custom ops")))

# %% [markdown]
# `ERROR_NEEDS_CUSTOM_OPS`: the other code. For these, rewriting is the only cure without C++, and it works as before.
# An arcsine by the builtin ATAN2, and the antialiased resizing by the same two matrix products:

# %% tags=["refused-rewritten", "nbval-check-output"]
@tf.function(input_signature=ONE_NUMBER)
def arcsine(x):
    return tf.atan2(x, tf.sqrt(1.0 - x * x))


shrink = resize_matrix(8, 4, antialias=True)


@tf.function(input_signature=[photo_spec])
def shrunk(image):
    return tf.einsum("oh,bhwc,pw->bopc", shrink, image, shrink)


def antialiased(image):
    return tf.image.resize(image, (4, 4), antialias=True)


sines = rng.uniform(-1, 1, (samples, 1)).astype(np.float32)
prove("asin", arcsine, tf.asin, sines, tolerance=1e-6)
prove("antialiased resize", shrunk, antialiased, photos, tolerance=1e-6)

# %% [markdown]
# ## 10 · What a Select file cannot do
#
# ### It cannot be calibrated
#
# Integer quantization needs the ranges of the activations, so the converter *runs* the model on your samples (lab 04).
# **Predict.** With what does it run it?

# %% tags=["calibrate", "nbval-check-output"]
def examples():
    for value in np.linspace(-2, 2, 50, dtype=np.float32):
        yield [value.reshape(1, 1)]


quantize = {"optimizations": [tf.lite.Optimize.DEFAULT], "representative_dataset": examples}
try:
    to_tflite(share_below, [BUILTINS, SELECT], **quantize)
    raise AssertionError("it can be calibrated: rewrite this section")
except RuntimeError as error:
    print(str(error).split(".")[0])
    assert "Select TensorFlow op" in str(error)

# %% [markdown]
# With the same runtime, which has no Flex. So a Select model cannot become an integer model here, and an Edge TPU or
# a microcontroller is out of reach; they would not have TensorFlow's kernels anyway. A rewritten model has no such
# trouble:

# %% tags=["calibrate-rewritten"]
quantized = to_tflite(erf_by_tanh, **quantize)
print(", ".join(f"{name} × {n}" for name, n in anatomy(quantized).operators.items()))
agreement = parity(quantized, tf.math.erf, np.clip(numbers, -2, 2), tolerance=0.03)
assert agreement.agrees
print(agreement)

# %% [markdown]
# ### An operator of your own
#
# One setting makes every refusal go away: `allow_custom_ops`. It says: *I will bring a kernel for whatever you do not
# know*.

# %% tags=["custom", "nbval-check-output"]
@tf.function(input_signature=ONE_NUMBER)
def there_and_back(x):
    return tf.math.erfinv(tf.math.erf(x))


custom = to_tflite(there_and_back, [BUILTINS, SELECT], allow_custom_ops=True)
for operator in anatomy(custom).subgraphs[0].operators:
    print(operator.name, operator.kind)

unknown = to_tflite(there_and_back, allow_custom_ops=True)  # without Select
try:
    with quiet_failure():
        Interpreter(model_content=unknown).allocate_tensors()
except RuntimeError as error:
    says = str(error)
    print("\nthe runtime:", says.splitlines()[0])
assert "unresolved custom op: Erf" in says

# %% [markdown]
# The converter is content, and the file is a promise that nobody has kept. Without Select even `Erf` becomes a **custom
# operator**, a bare name. To run it, somebody has to write its kernel in C++ (`TfLiteRegistration`, with `Prepare` and
# `Invoke`) and register it in every app. That is right for an operator that is *yours*, a layer with its own fast code.
# It is wrong as a way to silence the converter.

# %% [markdown]
# ## 11 · When all else fails
#
# So the order is: does it convert? Can it be rewritten, or left to the app? And only then Select. Here are the three
# models before and after, and the devices of lab 07 that would take them, as far as a file can tell:

# %% tags=["last-resort", "nbval-check-output"]
pairs = {
    "image, Select": select["image"], "image, rewritten": files["bicubic resize"],
    "text, Select": select["text"], "text, rewritten": text_file,
    "numbers, Select": select["numbers"], "numbers, rewritten": files["erf, polynomial"],
}
pd.DataFrame({
    name: {
        "bytes": f"{len(content):,}",
        "needs Flex": "yes" if "Flex" in "".join(anatomy(content).operators) else "no",
        "phone without Flex": "yes" if devices.fits(content, "phone-cpu") else "no",
    }
    for name, content in pairs.items()
}).T

# %% [markdown]
# **Select is right** when there is no rewriting that you trust (a QR decomposition, say), when you want to try a
# model on Android, iOS or a server *today* and tidy up later, and when 20 MB do not matter. A build of your own can
# hold just the kernels that your models need, which is much less.
#
# **Select is not right** for an operator with a builtin twin, for what the app can do before or after the model, for
# devices that compute with integers only, and where people run your file in a runtime that you do not choose: as you
# have seen, that runtime may be Python.

# %% [markdown]
# What was measured, by name, for whoever runs this lab many times with other parameters; `labs results` collects it.

# %% tags=["record"]
needed = [each for each, _ in found.values()]
record("operators", builtin=needed.count("builtin"), select=needed.count("Select"),
       neither=needed.count("neither"))
record("bytes", select_file=len(select["numbers"]), rewritten_file=len(files["erf, polynomial"]))
record("", **{f"largest_error_{n}": each.max_error for n, each in enumerate(proofs.values(), 1)})
record("", answered_by_flex=len(answers))

# %% [markdown]
# ## Exercises
#
# Replace each `...`, run the cell and then the one below it. `hint("05.flex_operators")` helps, one step at a time;
# `solution("05.flex_operators")` explains.

# %% [markdown]
# **Exercise 1 · What does this file need?** Somebody hands you a `.tflite` file. Write `flex_operators(content)`:
# `content` holds its bytes. It returns the list of the TensorFlow operators that the file needs, as TensorFlow calls
# them (`Erf`, not `FlexErf`), each once, in the order of `sorted`; an empty list if it needs none.

# %% tags=["exercise-flex-operators"]
def flex_operators(content):
    ...

# %% tags=["check-flex-operators"]
check("05.flex_operators", flex_operators)

# %% [markdown]
# **Exercise 2 · Select as a fallback.** Write `with_fallback(function)`: `function` is a `tf.function` with an input
# signature. It returns the bytes of a `.tflite` file of it, in which an operator is TensorFlow's only where LiteRT has
# none. Do not hide an operator that nobody has.

# %% tags=["exercise-with-fallback"]
def with_fallback(function):
    ...

# %% tags=["check-with-fallback"]
check("05.with_fallback", with_fallback)

# %% [markdown]
# **Exercise 3 · What is missing?** Write `missing_operators(function)`: `function` is a `tf.function` with an input
# signature. It returns a dictionary with TensorFlow's name of every operator that LiteRT lacks: `"select"` if Select
# has it, `"neither"` if not. For 1 + erf(erfinv(x)) that is `{"Erf": "select", "Erfinv": "neither"}`; if nothing is
# missing, it is empty. The function may use several operators of each kind.

# %% tags=["exercise-missing-operators"]
def missing_operators(function):
    ...

# %% tags=["check-missing-operators"]
check("05.missing_operators", missing_operators)

# %% [markdown]
# **Exercise 4 · For all numbers.** Write `cumulative_product(x)` with TensorFlow functions that need builtin operators
# only: `x` is a float32 tensor of shape (rows, columns), both known, with positive and negative numbers and zeros. It
# returns the running product along each row, like `tf.math.cumprod(x, axis=1)`. It is converted without Select, and the
# file is run.

# %% tags=["exercise-cumulative-product"]
def cumulative_product(x):
    ...

# %% tags=["check-cumulative-product"]
check("05.cumulative_product", cumulative_product)

# %% [markdown]
# **Exercise 5 · In three dimensions.** A scan is a volume, and MaxPool3D needs Select. Write `pool_volume(x)` with
# TensorFlow functions that need builtin operators only: `x` is a float32 tensor of shape (batch, depth, height, width,
# channels), all known, with even depth, height and width. It returns what `tf.nn.max_pool3d(x, 2, 2, "VALID")` gives. It
# is converted without Select, and the file is run, with XNNPACK.

# %% tags=["exercise-pool-volume"]
def pool_volume(x):
    ...

# %% tags=["check-pool-volume"]
check("05.pool_volume", pool_volume)

# %% [markdown]
# ## Quiz
#
# What is the idea behind it? Choose an answer, and read why it is right, or what it overlooks. You may choose again.

# %% tags=["quiz"]
quiz("05")

# %% [markdown]
# ## What you have seen
#
# - The converter names what is missing, the line that asked for it, and whether Select would do, in the one line
#   worth reading.
# - With `[TFLITE_BUILTINS, SELECT_TF_OPS]` the three models converted, and `anatomy` showed which operators were
#   TensorFlow's.
# - The file hardly grows, the runtime does; no Python runtime of today carries Flex, such a model cannot be
#   calibrated, and its weights can still be quantized.
# - Tangent, error function, running product, patches, resizing and text were rewritten with builtin operators, each
#   with an error that was measured against a tolerance, one with a domain that must not be left.
# - Many operators of which people say that they need Select need it no longer, and some are refused by Select too.
#
# **On cards**, to print or to project, the code that matters here ([all pictures](../img/README.md)):
#
# ![](../img/25-tfselect.png)
#
# **Next:** lab 06 takes the interpreter apart that said no here; lab 07 puts Select beside all other paths.
