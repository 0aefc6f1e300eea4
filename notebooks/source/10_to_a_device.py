# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
#   lab:
#     title: To a device
#     minutes: 75
#     quick:
#       epochs: 4
#       images: 60
#       samples: 30
#       runs: 10
#     variants:
#       subject: [cnn, mobilenet]
#       border: [uint8, float32]
#       seed: 1..1000
# ---

# %% [markdown]
# # 10 · To a device
#
# ![](../img/29-basic-model-running.png)
#
# Build and train, save and convert, verify, deploy: the whole path of the course, in one go, with a model of your own. The
# device is one that everybody has and that needs no SDK: a **browser**, on a laptop or a phone. At the end you hold an app
# in one file, which you can hand to a friend, and the proof that it computes what this notebook computes.
#
# **You will be able to**
#
# - take a model from training to a file that a device runs, and verify every step;
# - write down what the file itself cannot say: labels, and what black and white are;
# - run the file in a browser, and prove that it answers as the Python interpreter does;
# - carry the same file to Android, iOS, a Raspberry Pi and a microcontroller.
#
# *75 minutes · about a quarter of a minute of computing · 0.9 GB of memory · no network · no GPU · a browser, which you
# are looking through*

# %% tags=["parameters"]
subject: str = "cnn"  # what to build {"cnn", "mobilenet"}
border: str = "uint8"  # dtype of the file's input and output {"uint8", "float32"}
epochs: int = 25  # of training, for the cnn [1..100]
samples: int = 100  # training images to calibrate with [10..500]
images: int = 360  # test images that the file is judged on [20..360]
runs: int = 100  # timed runs [5..2000]
share: bool = False  # offer the app to phones in the same network, until the kernel stops
seed: int = 7  # of the training [0..100000]

# %% tags=["given"]
from labutils.course.session import check_parameters, record

check_parameters("10", globals())

# %% tags=["setup"]
import ipywidgets as W
import numpy as np
from IPython.display import HTML, Markdown, display

from labutils import data, models
from labutils.errors import LabError
from labutils.exercises import check, hint, quiz, solution
from labutils.paths import workdir
from labutils.tflite.anatomy import anatomy
from labutils.tflite.files import write_model
from labutils.tflite.quiet import quiet
from labutils.tflite.runtime import open_model

with quiet():
    import keras
    import tensorflow as tf

folder = workdir("10_to_a_device")

# %% [markdown] tags=["build-intro"]
# ## 1 · Build and train
#
# Lab 02 took a model that somebody had trained. The other way is to build one to measure, for the task and for the
# device. The small CNN has 19,178 parameters and needs seconds to train; here it starts from random weights. (With
# `subject="mobilenet"` you take the MobileNetV2 that comes with the course: it was trained for a quarter of an hour, and
# is not trained again.)

# %% tags=["build"]
SUBJECTS = {  # how to make it, how to prepare a digit for it, what black becomes
    "cnn": (models.digits_cnn, data.for_cnn, 0.0),
    "mobilenet": (models.mobilenet_v2_digits, data.for_mobilenet, -1.0),
}
make, prepare, black = SUBJECTS[subject]
keras.utils.set_random_seed(seed)
with quiet():
    model = make()
print(f"{model.name}: {len(model.layers)} layers, {model.count_params():,} parameters")

# %% tags=["train"]
train, test = (data.digits(split) for split in ("train", "test"))
inputs, labels = prepare(test[0][:images]), test[1][:images]

if subject == "cnn":
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    with quiet():
        model.fit(prepare(train[0]), train[1], epochs=epochs, batch_size=32, verbose=0)
answers = model.predict(inputs, verbose=0)
print(f"{(answers.argmax(axis=1) == labels).mean():.1%} of {len(labels)} test digits right")

# %% [markdown]
# ## 2 · Save
#
# Two forms, for two purposes: a `.keras` file to go on training with, and a SavedModel for whoever has not your code.

# %% tags=["save", "nbval-check-output"]
model.save(folder / "digits.keras")
with quiet():
    model.export(folder / "saved_model" / "1", verbose=False)
for path in sorted(folder.glob("saved_model/1/*")):
    print(path.relative_to(folder).as_posix())

# %% [markdown]
# ## 3 · Convert
#
# What does a browser want of a file? LiteRT.js 2.5.3 wants a **fixed batch**, and **float32 or uint8** at both ends.
# Keras leaves the batch free. **Predict.** What becomes of a model that is converted as it is, when an app is built of it?

# %% tags=["convert-plain"]
from labutils.device.card import make_card

with quiet():
    plain = tf.lite.TFLiteConverter.from_keras_model(model).convert()
try:
    make_card(plain, "0123456789")
except LabError as refused:
    print(refused)

# %% [markdown]
# It is refused here, at your desk. In the browser it would have loaded, and failed at the first picture. So trace the model
# for one picture at a time, and freeze it, as in lab 07: the module gives the file its signature.

# %% tags=["freeze"]
from tensorflow.python.framework.convert_to_constants import convert_variables_to_constants_v2

one_picture = tf.TensorSpec([1, *inputs.shape[1:]], tf.float32, name="image")
with quiet():
    traced = tf.function(lambda image: model(image, training=False))
    graph = convert_variables_to_constants_v2(traced.get_concrete_function(one_picture))
    keeper = tf.Module()
    keeper.serve = tf.function(lambda image: {"probabilities": graph(image)[0]})
    frozen = keeper.serve.get_concrete_function(one_picture)

# %% [markdown]
# With a border of uint8 the whole file computes in integers, and a byte of a camera's picture can go in as it is. For that it
# has to be calibrated; with float32 nothing changes.

# %% tags=["convert"]
converter = tf.lite.TFLiteConverter.from_concrete_functions([frozen], keeper)
if border == "uint8":
    seen = prepare(train[0][:samples])
    converter.optimizations = [tf.lite.Optimize.DEFAULT]
    converter.representative_dataset = lambda: ([picture[None]] for picture in seen)
    converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
    converter.inference_input_type = converter.inference_output_type = tf.uint8
with quiet():
    content = converter.convert()
path = write_model(folder / "digits.tflite", content)
print(f"{path.name}: {len(content):,} bytes, {anatomy(content).operators.total()} operators")

# %% [markdown]
# ## 4 · Verify
#
# Does the file answer as the model does? On inputs whose answers are well spread, as always: the test digits.

# %% tags=["verify"]
kernel = open_model(path)
found = kernel.predict(inputs)
agree = (found.argmax(axis=1) == answers.argmax(axis=1)).mean()
assert not anatomy(path).has_unfrozen_variables
assert agree >= 0.97 and np.abs(found - answers).mean() < 0.01
print(f"the same class on {agree:.1%} of the digits")
print(f"error of a probability: mean {np.abs(found - answers).mean():.0e},",
      f"largest {np.abs(found - answers).max():.0e}")
print(f"{(found.argmax(axis=1) == labels).mean():.1%} right")

# %% [markdown]
# ## 5 · The card
#
# The file knows its shapes, dtypes and scales. It does not know what its numbers *mean*: that class 3 is called "3", that
# black is 0 and white 1 (or −1 and 1), that a drawing has to be cut out and reduced to 8 × 8 cells. Forget that, and
# the model answers all the same, and wrongly. So it goes into a file beside the model: a **card**, and `labels.txt`,
# which other tools read too.

# %% tags=["card"]
from labutils.device.card import write_card

card = make_card(path, labels="0123456789", low=black, high=1.0, kind="drawing", grain=8)
print("written:", *(file.name for file in write_card(card, folder)), "\n")
print(card.json()[:card.json().index('"labels"')], "…")

# %% [markdown]
# **Predict.** Your app takes a uint8 model for one with floats, and hands over 0.0 to 1.0 as bytes: 0 or 1. What does the
# model see?

# %% tags=["card-wrong"]
port = card.input
for real in (0.0, 0.5, 1.0):
    stored = real if port.dtype == "float32" else round(real / port.scale + port.zero_point)
    print(f"real {real:3} is stored as {stored}")

# %% [markdown]
# A number is stored as *real ÷ scale + zero point*, rounded and clipped. Whoever skips that shows the model a black sheet.
#
# ## 6 · In the browser
#
# **LiteRT.js** is LiteRT compiled to WebAssembly: the same file, the same kernels, another processor to run on, the one
# that every browser has. These are the calls; you know them from lab 06 by other names.
#
# ```js
# import {loadLiteRt, loadAndCompile, Tensor} from "@litertjs/core";
#
# await loadLiteRt("wasm/");
# const model = await loadAndCompile("digits.tflite", {accelerator: "wasm"});
# const input = new Tensor(pixels, [1, 8, 8, 1]);  // a Uint8Array or a Float32Array
# const [output] = await model.run([input]);
# const scores = await output.data();
# input.delete();  // WebAssembly has no garbage collector
# output.delete();
# ```
#
# The next cell runs them right here. The kernel hands runtime and model to the page; nothing comes from elsewhere. **Draw
# a digit**, by mouse, finger or arrow keys.

# %% tags=["app"]
from labutils.device.widget import BrowserApp

app = BrowserApp(path, card)
app

# %% [markdown]
# Under the answer stands what the *kernel* says to the same pixels: the browser sends back each picture, just as it went
# into the model, and the Python interpreter computes it once more. That is **parity, live**.
#
# Is your 1 a line without a hook, your 7 one with a bar, and taken for something else? All that the model has ever seen
# are 1,257 digits by 13 people. Draw as they did, and look at *What the model sees*.
#
# Now a proof that does not hang on your hand: the browser is sent twenty test digits, ready-made.
#
# **Predict.** How far will the two be apart?

# %% tags=["parity"]
spec = next(iter(kernel.inputs.values()))
app.classify(spec.quantize(inputs[:20]))  # as the file stores them


def compared():
    """What came back from the browser so far, held against the kernel."""
    back = [answer for answer in app.answers if answer.number is not None]
    if not back:
        return "No browser has answered yet: the twenty digits wait for one."
    same = sum(answer.browser.argmax() == answer.kernel.argmax() for answer in back)
    apart = max(answer.difference for answer in back)
    times = [np.median([getattr(answer, side) for answer in back])
             for side in ("milliseconds", "kernel_milliseconds")]
    return (f"{same} of {len(back)} the same class; largest difference {apart:.2g} ({border})<br>"
            f"median latency: browser {times[0]:.2g} ms, kernel {times[1]:.2g} ms")


said = W.HTML(compared())
app.observe(lambda _: setattr(said, "value", compared()), "answered")
said

# %% [markdown]
# Two programs, two sets of instructions, one file. Integers come out equal, to the last one. Floats differ in the
# last digits, since they are added up in another order. If you find more than 1 or 0.0001 here, one of the two has read
# the card wrongly.
#
# What you drew is here too, as the array that went into the model. Draw something, and run this cell again:

# %% tags=["drawn"]
drawn = [answer for answer in app.answers if answer.number is None]
if drawn:
    print(drawn[-1].input[0, ..., 0].round(2))
else:
    print("nothing has been drawn yet")

# %% [markdown]
# ## 7 · One file
#
# The same app as a page that carries everything: model, card, runtime. It opens by a double click, without a server and
# without a network. **Predict.** How large will it be?

# %% tags=["one-file"]
from labutils.device.app import build_app

page = None
try:
    page = build_app(path, folder / "digits.html")
    whole, model_alone = (size / 1e6 for size in (page.stat().st_size, len(content)))
    print(f"{page.name}: {whole:.1f} MB, of which the model is {model_alone:.2f}")
except LabError as missing:
    print(missing)

# %% [markdown] tags=["private"]
# Nearly all of it is the runtime; a runtime is what an app on a phone carries too. And who can tell that it keeps your
# drawings to itself? You need not trust it. The page forbids itself to ask anybody for anything, and the browser enforces
# that:

# %% tags=["policy", "nbval-check-output"]
import re
from html import unescape

if page:
    policy = re.search(r'Security-Policy" content="([^"]+)"', page.read_text("utf-8"))[1]
    for rule in unescape(policy).split("; "):
        print(re.sub("sha256-[^']+", "sha256-…", rule))

# %% [markdown]
# `default-src 'none'`: no address at all may be asked. Only this page's own script (by its fingerprint) may run, and
# WebAssembly that is built from bytes at hand. Data that cannot leave need no promise.
#
# **Find it** in the file browser on the left: `build/10_to_a_device/digits.html`. Download it, and open it from there; or
# send it to your phone as you send a picture.
#
# ### To a phone by QR code
#
# A phone in the same network can fetch the app from this computer. On a terminal: `labs app serve
# build/10_to_a_device/digits.tflite --lan`. The code holds a token that lets **one** phone in; then a new one is
# shown. Here, set `share = True` in the parameters.

# %% tags=["serve"]
from urllib.request import ProxyHandler, build_opener

from labutils.device.serving.address import qr_svg
from labutils.device.app import SERVED_POLICY, app_files
from labutils.device.serving.server import app_server

try:
    with app_server(app_files(path), policy=SERVED_POLICY, lan=False) as server:
        direct = build_opener(ProxyHandler({}))  # this computer needs no proxy
        body = direct.open(server.url + "model.tflite").read()
        print("served on this computer, and fetched:", body == content)
except LabError as missing:
    print(missing)

# %% tags=["share"]
from contextlib import ExitStack

served = ExitStack()
try:
    if share:
        files = app_files(path)
        server = served.enter_context(app_server(files, policy=SERVED_POLICY, lan=True))
        display(HTML(qr_svg(server.url)))
    else:
        print("share is False: nothing is offered to anybody")
except LabError as refused:  # no network, say
    print(refused)

# %% [markdown]
# On the phone the app cannot open the camera by itself: a browser trusts an address with `http` only on its own computer.
# It asks the phone's camera app for a photograph instead. (`served.close()` ends the offer, and so does the kernel's end.)
#
# ## 8 · Android and iOS
#
# An app from a store carries the model as a **resource**, as the material says, and LiteRT as a library. The sources are
# short; this writes them for *your* model, as a project to open in Android Studio:

# %% tags=["android"]
import shutil

from labutils.device.exports import export


def exported(form):
    """Write the sources for this model anew, and list them."""
    shutil.rmtree(folder / form, ignore_errors=True)
    made = export(form, path, folder / form)
    for file in sorted(each for each in made.rglob("*") if each.is_file()):
        print(f"{file.stat().st_size:>7,}  {file.relative_to(made).as_posix()}")
    return made


android = exported("android")

# %% tags=["android-classifier"]
classifier = next(android.rglob("Classifier.kt")).read_text("utf-8")
Markdown(f"```kotlin\n{classifier}\n```")

# %% [markdown]
# The calls are those of the browser once more: make it from a file, write into the input, run, read the output. The card has
# become constants. Nothing here asks for the Internet: the manifest has no such permission. The same for Xcode:

# %% tags=["ios"]
ios = exported("ios")

# %% [markdown]
# **What was checked, and what was not.** Names, shapes, dtypes, scales and labels in these sources are held against the model
# by the course's tests, and the calls against the official documentation; the README in each folder says which version, and
# when. They were *not built* here: that takes Android Studio, or a Mac with Xcode.
#
# ## 9 · A Raspberry Pi
#
# Any Linux computer runs the file by `ai-edge-litert`, without TensorFlow. The whole program:

# %% tags=["linux"]
linux = exported("linux")
script = (linux / "classify.py").read_text("utf-8")
Markdown(f"```python\n{script}\n```")

# %% tags=["linux-run"]
import sys
from subprocess import run

from PIL import Image

picture = folder / "digit.png"
Image.fromarray((test[0][0] * 15.9).astype(np.uint8)).resize((64, 64), 0).save(picture)
done = run([sys.executable, linux / "classify.py", picture], capture_output=True, text=True)
print(f"a picture of {test[1][0]}:\n{done.stdout if done.returncode == 0 else done.stderr}")

# %% [markdown]
# ## 10 · A microcontroller
#
# It has no files, so the program itself carries the model, as an array. LiteRT for Microcontrollers reads it from flash
# memory. **Predict.** How many times larger is the text than the model?

# %% tags=["microcontroller"]
from labutils.device.c_array import write_c_array

header = write_c_array(path, folder / "digits.h", "digits")
text = header.read_text()
print("\n".join(text.splitlines()[:16]), "\n…")
print(f"{len(text) / len(content):.1f} times as many bytes as the model; compiled, as many")

# %% [markdown]
# Whether it fits is another question: lab 07 proves it for a board with 1 MB of flash and 256 kB of RAM.
#
# ## 11 · The clock
#
# How long does one answer take here, and how long in your browser? Browsers have a coarse clock, so the app runs a quick
# model several times and divides.

# %% tags=["latency"]
from labutils.tflite.latency import latency

milliseconds = latency({"kernel": kernel.invoke}, runs=runs)["kernel"].median
taken = [answer.milliseconds for answer in app.answers]
print(f"kernel  {milliseconds:.3f} ms")
print(f"browser {np.median(taken):.3f} ms" if taken else "browser: it has answered nothing yet")

# %% tags=["record"]
record("bytes", model=len(content))
record("share", accuracy=float((found.argmax(axis=1) == labels).mean()), agreement=float(agree))
record("ms", latency=milliseconds)

# %% [markdown]
# ## Exercises
#
# Replace each `...`, run the cell and then the one below it. `hint("10.one_at_a_time")` helps, one step at a time;
# `solution("10.one_at_a_time")` explains.

# %% [markdown]
# **Exercise 1 · One at a time.** Write `one_at_a_time(model)`: `model` is a Keras model with one input and a free batch. It
# returns the bytes of a float `.tflite` file with a batch of 1, which answers as the model does.

# %% tags=["exercise-one-at-a-time"]
def one_at_a_time(model):
    ...

# %% tags=["check-one-at-a-time"]
check("10.one_at_a_time", one_at_a_time)

# %% [markdown]
# **Exercise 2 · Into the model.** Write `to_stored(pixels, low, high, scale, zero_point)`: `pixels` is a uint8 array, 0 for
# black and 255 for white. The model was trained with `low` for black and `high` for white, and its file takes uint8 with
# this scale and zero point. Return the uint8 array, of the same shape, that goes into the file.

# %% tags=["exercise-to-stored"]
def to_stored(pixels, low, high, scale, zero_point):
    ...

# %% tags=["check-to-stored"]
check("10.to_stored", to_stored)

# %% [markdown]
# **Exercise 3 · Would it run there?** Write `refused_by_browser(content)`: `content` holds the bytes of a `.tflite` file. It
# returns `"free size"` if a size of an input is free, else `"dtype"` if an input or an output is neither float32 nor uint8,
# else `"operator"` if an operator is not a builtin one, and `None` for a file that a browser runs.

# %% tags=["exercise-refused-by-browser"]
def refused_by_browser(content):
    ...

# %% tags=["check-refused-by-browser"]
check("10.refused_by_browser", refused_by_browser)

# %% [markdown]
# **Exercise 4 · Deploy.** The course in one function. Write `deploy(model, samples, most_bytes)`: `model` is a trained Keras
# classifier of square pictures, with a free batch; `samples` is a float32 array of prepared pictures to calibrate with, in
# which black is the smallest number and white the largest. A browser has room for `most_bytes` bytes. Return a pair, the
# bytes of a `.tflite` file that a browser runs, and its card from `make_card`, with the classes' numbers as labels. The file is
# float if that fits, else full integer with uint8 at both ends; return None where neither fits.

# %% tags=["exercise-deploy"]
def deploy(model, samples, most_bytes):
    ...

# %% tags=["check-deploy"]
check("10.deploy", deploy)

# %% [markdown]
# ## Quiz
#
# What is the idea behind it? Choose an answer, and read why it is right, or what it overlooks. You may choose again.

# %% tags=["quiz"]
quiz("10")

# %% [markdown]
# ## What you have seen
#
# - You built and trained a model, saved it, converted it for one picture at a time, and verified each step.
# - A card beside the file says what the file cannot: labels, black and white, how a picture is prepared.
# - The browser ran the same file, and answered the same pixels as the Python interpreter did, to the last step.
# - From one file came an app in one page, projects for Android and iOS, a program for a Raspberry Pi, and an array for a
#   microcontroller.
#
# **Next:** hand `digits.html` to a friend. Then take a model of your own.
