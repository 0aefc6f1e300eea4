# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
#   lab:
#     title: The command line
#     minutes: 45
#     cold: true
#     quick:
#       network: digits_cnn
#       calibration: 20
#       runs: 20
#       mistakes: 5
#     variants:
#       calibration: 60..140
# ---

# %% [markdown]
# # 03 · The command line
#
# ![](../img/15-export-savedmodel.png)
#
# Somebody hands you a SavedModel and no code. You cannot ask its author, and you do not want to write a program only to
# look at it. TensorFlow comes with commands for this: one that tells what is inside and asks it questions, one that
# converts. One of them fails on today's versions, and one takes whatever you tell it without listening. You see both,
# understand why, and get a command that does better.
#
# **You will be able to**
#
# - read a SavedModel's signature, and ask it a question, without its code;
# - convert a SavedModel or a Keras file with one line, and quantize it with another;
# - tell a flag that was obeyed from one that was ignored;
# - inspect, compare and time `.tflite` files from a terminal or a script;
# - keep versions side by side, and say which one a server will load.
#
# *45 minutes · about a minute and a half of computing (ten commands load TensorFlow, each anew) · 1.3 GB of memory · no
# network · no GPU*

# %% tags=["parameters"]
network: str = "mobilenet_v2"  # what is handed over {"mobilenet_v2", "digits_cnn", "imagenet"}
calibration: int = 100  # images to calibrate the integers on [5..360]
runs: int = 100  # timed runs of each file [5..2000]
mistakes: int = 6  # how many of the mistakes of section 8 to make [1..7]

# %% tags=["given"]
from labutils.course.session import check_parameters, record

check_parameters("03", globals())

# %% tags=["setup"]
import json
import platform
import sys

import numpy as np

from labutils.exercises import check, hint, quiz, solution
from labutils.paths import workdir
from labutils.show.terminal import terminal
from labutils.tflite.parity import parity

work = workdir("03_command_line")

# %% [markdown]
# The next cell plays the other person, whose program you would not have: it exports a model, saves it as a Keras file,
# converts it, and leaves some images with the model's answers. From there on, nobody looks at its code again.

# %% tags=["their-program"]
their_program = """
import sys
import numpy as np, tensorflow as tf
from labutils import data, models, pretrained
digits, _ = data.digits("test")
if sys.argv[1] == "mobilenet_v2":
    model, images = models.mobilenet_v2_digits(), data.for_mobilenet(digits)
elif sys.argv[1] == "digits_cnn":
    model, images = models.digits_cnn("digits"), data.for_cnn(digits)
else:
    subject = pretrained.load("imagenet", alpha=1.0, image_size=224)
    model, images = subject.model, subject.inputs
    print(subject.note)
model.export("delivered/1", verbose=False)
model.save("delivered.keras")
np.savez("images.npz", image=images[:int(sys.argv[2])])
np.savez("answers.npz", image=images, answer=model.predict(images, verbose=0))
converter = tf.lite.TFLiteConverter.from_saved_model("delivered/1")
open("theirs.tflite", "wb").write(converter.convert())
"""

# %% [markdown]
# It also leaves three versions of something tiny, for section 7: *y* = *slope* · *x*. (A plain `tf.Module`, not a Keras
# model: then `tf.saved_model.save` is right.)

# %% tags=["their-versions"]
their_versions = """
class Line(tf.Module):
    def __init__(self, slope):
        super().__init__()
        self.slope = tf.Variable(float(slope))

    @tf.function(input_signature=[tf.TensorSpec([None], tf.float32, name="x")])
    def answer(self, x):
        return {"y": self.slope * x}

for version in (1, 2, 10):
    line = Line(slope=version)
    tf.saved_model.save(line, f"line/{version}", signatures=line.answer)
"""

# %% [markdown]
# `terminal` runs a command in the lab's folder, and shows the line and what the command says, without TensorFlow's
# logs. To type the lines yourself, open *File › New › Terminal* in JupyterLab and go there with
# `cd build/03_command_line`.

# %% tags=["handed-over"]
(work / "theirs.py").write_text(their_program + their_versions)
ended = terminal(f"python theirs.py {network} {calibration}", work, most=3)
assert ended.code == 0

with np.load(work / "answers.npz") as left:
    images, answers = left["image"], left["answer"]
np.save(work / "three.npy", images[:3])
print("TensorFlow loaded in this notebook:", "tensorflow" in sys.modules)

# %% [markdown]
# ## 1 · What has arrived

# %% tags=["arrived", "nbval-check-output"]
for path in sorted((work / "delivered").rglob("*")):
    if path.is_file():
        print(path.relative_to(work).as_posix())

# %% [markdown]
# - `1` is the **version**: a name that is a number. Section 7 comes to it.
# - `saved_model.pb` is the computation: operators, and which goes to which.
# - `variables/` holds the weights.
# - `fingerprint.pb` identifies the model; you may ignore it.
#
# ## 2 · What does it want, what does it give?
#
# A SavedModel can hold several graphs, told apart by **tags**, and each graph several entries, the **signatures**. Ask
# for all of them:

# %% tags=["show-signature"]
shown = terminal("saved_model_cli show --dir delivered/1 --all", work, most=37)

# %% [markdown]
# Line by line:
#
# - `tag-set: 'serve'`: one graph, for serving. There could be another for training.
# - `signature_def['serving_default']`: the entry that a server takes if you name none, and the converter, too, of what
#   Keras exports. `serve` is Keras's
#   name for the same computation; `__saved_model_init_op` runs once on loading, and takes and gives nothing.
# - `inputs['image']`: the name under which an input is passed, here `image`.
# - `dtype: DT_FLOAT`: 32-bit floats. Cast before you ask.
# - `shape: (-1, …)`: the first size, the batch, is open; then height, width, channels.
# - `name: serving_default_image:0`: what the tensor is called *inside*. You never need it.
# - `outputs['output_0']`: Keras calls its first output so; one number for each class.
# - `Method name`: which kind of request a server accepts, `predict`.
#
# For one signature alone add its names in place of `--all`: `--tag_set serve --signature_def serving_default`.
#
# The model of the written material knows ImageNet: it shows `(-1, 224, 224, 3)` and `(-1, 1000)`. With a network, or the
# weights in Keras's cache, `labs run 03 -p network imagenet` hands you that one (it takes 5 GB).
#
# What the output does *not* tell: whether pixels run from 0 to 1 or from −1 to 1, and which class is number 7. Ask the
# author for these two before anything else.

# %% [markdown]
# ## 3 · Ask it
#
# `run` loads the model and computes. The input comes from a NumPy file; here it holds three images.

# %% tags=["run"]
asked = terminal(
    "saved_model_cli run --dir delivered/1 --tag_set serve --signature_def serving_default"
    " --inputs image=three.npy --outdir answers --overwrite", work, most=8
)

# %% tags=["run-compared"]
from_command = np.load(work / "answers" / "output_0.npy")
difference = np.abs(from_command - answers[:3]).max()
assert difference < 1e-5
print(f"likeliest classes {from_command.argmax(axis=1)}")
print(f"largest difference to the author's own program: {difference:.1e}")

# %% [markdown]
# It answers in another process, which has none of the author's code: that is what a SavedModel is for. It also means
# that a SavedModel is a *program*, and may read and write files when it runs. From a stranger, look first:
# `saved_model_cli scan --dir delivered/1 --tag_set serve` searches for such operators.

# %% [markdown]
# ## 4 · Convert it
#
# One line makes a `.tflite` file of it:

# %% tags=["tflite-convert"]
ended = terminal("tflite_convert --saved_model_dir delivered/1 --output_file model.tflite", work)
print(f"exit code {ended.code}, {(work / 'model.tflite').stat().st_size:,} bytes")

# %% [markdown]
# It says nothing, and that is good. Their program converted, too, with the two lines of Python that you know.
# **Predict.** Did it write the same file?

# %% tags=["same-as-python"]
same = (work / "theirs.tflite").read_bytes() == (work / "model.tflite").read_bytes()
print("same as their Python wrote, byte for byte:", same)
found = parity(work / "model.tflite", answers, images, tolerance=1e-4)
assert same and found.agrees
print(found)

# %% [markdown]
# ### A flag that nobody reads
#
# Older tutorials make the file smaller with `--post_training_quantize`.
#
# **Predict.** How large will this one be?

# %% tags=["ignored-flag"]
ended = terminal(
    "tflite_convert --saved_model_dir delivered/1 --output_file smaller.tflite"
    " --post_training_quantize --as_small_as_you_can", work
)
size, before = ((work / name).stat().st_size for name in ("smaller.tflite", "model.tflite"))
print(f"exit code {ended.code}, {size:,} bytes; without the flags {before:,}")

# %% [markdown]
# Not a byte smaller, and no complaint: not about the flag of TensorFlow 1, which is no more, and not about the one that we
# made up. `tflite_convert` reads the flags that it knows and passes over the rest. So do not trust a flag; trust the
# file.

# %% [markdown]
# ### A flag that fails
#
# The other flag that names a model takes a Keras file.

# %% tags=["keras-model-file-fails"]
ended = terminal(
    "tflite_convert --keras_model_file delivered.keras --output_file from_keras.tflite", work
)

# %% [markdown]
# `'NoneType' object is not callable`: something was called that is not there. The traceback's last lines say what:
# `keras_deps.get_load_model_function()`. TensorFlow does not know Keras; it keeps a place where Keras leaves its loader
# when it is imported. Keras 2 did. Keras 3 does not, so the place is empty, for `.keras` and for `.h5`. The cure is to
# fill it, and then to start the same program:
#
# ```python
# import tensorflow as tf
# from tensorflow.lite.python import tflite_convert
#
# tf.__internal__.register_load_model_function(tf.keras.models.load_model)
# tflite_convert.main()
# ```

# %% [markdown]
# ## 5 · A command that checks
#
# `labs convert` is this course's launcher. It takes the flags of `tflite_convert`, under the same names, loads Keras
# files, refuses what it does not know, and asks model and file the same questions when it is done.

# %% tags=["labs-convert-keras"]
ended = terminal(
    "labs convert --keras_model_file delivered.keras --output_file from_keras.tflite", work
)

# %% [markdown]
# It quantizes, too. `full_integer` turns weights and activations into 8-bit integers; to choose their scales it has to
# see typical inputs, which it takes from an `.npz` file with one array for each input, by name. Lab 04
# explains what happens then.
#
# **Predict.** A float has four bytes, an integer one. Which share of the float file's size is left?

# %% tags=["labs-convert-integer"]
ended = terminal(
    "labs convert --saved_model_dir delivered/1 --output_file integer.tflite"
    " --quantization full_integer --representative_data images.npz", work
)

# %% tags=["integer-share"]
share = (work / "integer.tflite").stat().st_size / (work / "model.tflite").stat().st_size
print(f"{share:.0%} of the float file")

# %% [markdown]
# More than a quarter: scales are stored for every channel, and the description of the net stays as it was. What the
# integers do to the answers stands under *parity*: the largest error of a probability, and how often both choose the
# same class.
#
# `labs convert --help` lists the modes. A float file that does not agree with its source makes the exit code 1, so that
# a script can stop there.

# %% [markdown]
# ## 6 · Look at files
#
# None of these three commands loads TensorFlow; they read the file, or run it with LiteRT.

# %% tags=["labs-inspect"]
ended = terminal("labs inspect integer.tflite", work, most=22)

# %% tags=["labs-compare"]
ended = terminal("labs compare model.tflite integer.tflite --data images.npz", work)

# %% tags=["labs-bench"]
ended = terminal(f"labs bench model.tflite integer.tflite --runs {runs}", work)

# %% [markdown]
# The files take turns, so that a disturbance hits both. Your figures differ from the stored ones: this is your machine,
# and a phone is another one again.
#
# With `--json` each of these commands, and `labs convert`, reports to a program. A script may ask how much an
# integer model has changed the answers, and decide:

# %% tags=["json"]
ended = terminal(
    "labs compare model.tflite integer.tflite --data images.npz --json", work, most=4
)
report = json.loads(ended.out)
agreement = report["agreement"]
print(f"same class on {agreement['top1']:.0%} of {agreement['rows']} images")

# %% [markdown]
# ## 7 · Versions side by side
#
# Why is the folder called `1`? TensorFlow Serving, the server for SavedModels, watches the folder *above* it. Each
# folder in there whose name is a number is a version, and unless told otherwise it serves the newest: the largest
# number. A new model is a new folder; the way back is to delete it.
#
# **Predict.** There are `1`, `2` and `10`, and somebody is still copying `11.part`. Which one is served? Which one comes
# last in the alphabet?

# %% tags=["newest", "nbval-check-output"]
(work / "line" / "11.part").mkdir(exist_ok=True)
names = [path.name for path in (work / "line").iterdir()]
newest = max((name for name in names if name.isdecimal()), key=int)
print("in the alphabet:", sorted(names))
print("the newest:", newest)

# %% [markdown]
# Ask that version what *y* is for *x* = 1. `--input_exprs` takes Python in place of a file:

# %% tags=["newest-answers"]
asked = terminal(
    f"saved_model_cli run --dir line/{newest} --tag_set serve --signature_def serving_default"
    " --input_exprs x=[1.0]", work
)
assert f"[{newest}.]" in asked.out

# %% [markdown]
# As numbers, not as text. And copy a new version under a name that is no number, then rename: nobody ever loads half of
# it.
#
# Serving itself is a program of its own, most often run as a container, and is not part of this course. With Docker
# installed, it would answer like this (not run here):
#
# ```
# docker run -p 8501:8501 -v "$PWD/line:/models/line" -e MODEL_NAME=line tensorflow/serving
# curl -d '{"instances": [1.0]}' http://localhost:8501/v1/models/line:predict
# ```
#
# The converter knows no such rule. It reads the one folder that you name, so name the version.

# %% [markdown]
# ## 8 · Mistakes, each made once
#
# **Predict.** Read each line first. What is wrong with it?

# %% tags=["mistakes"]
target = "--output_file new.tflite"
wrong = [
    f"labs convert --saved_model_dir delivered {target}",
    f"labs convert --saved_model_dir delivered/1 {target} --post_training_quantize",
    f"labs convert --saved_model_dir delivered/1 {target} --quantization full_integer",
    "labs inspect delivered.keras",
    "labs bench model.tflite modle.tflite",
    "saved_model_cli show --dir delivered --tag_set serve",
    "saved_model_cli run --dir delivered/1 --tag_set serve --signature_def serving_default"
    " --inputs picture=three.npy",
]
for line in wrong[:mistakes]:
    terminal(line, work)
    print()

# %% tags=["nothing-written", "nbval-check-output"]
print("new.tflite was written:", (work / "new.tflite").exists())

# %% [markdown]
# The commands of the course say in one sentence what to do, and end with the code 2, before TensorFlow is even loaded.
# TensorFlow's own end in a traceback, whose *last* line is the one to read. (There is one more, which passes an input
# under a wrong name: `wrong[6]`. Its advice, *use --show option*, is old: `show` is a command now.)

# %% [markdown]
# ## 9 · On your system
#
# The commands are the same everywhere; quotes and line ends are not. The way from a SavedModel to a checked integer
# file, on Linux and macOS:
#
# ```sh
# saved_model_cli show --dir delivered/1 --tag_set serve --signature_def serving_default
# tflite_convert --saved_model_dir delivered/1 --output_file model.tflite
# labs convert --saved_model_dir delivered/1 --output_file integer.tflite --quantization full_integer --representative_data images.npz
# labs compare model.tflite integer.tflite --data images.npz
# labs bench model.tflite integer.tflite
# ```
#
# On Windows the same lines work in the Command Prompt and in PowerShell, once the environment is active
# (`.venv\Scripts\activate`). To break a line, end it with `\` on Linux and macOS, with `^` in the Command Prompt, with a
# backtick in PowerShell. A path with spaces needs double quotes on all of them. `saved_model_cli run --inputs` takes
# `name=file`; from an `.npz` it is `"image=images.npz[image]"`, with the quotes, because shells have plans of their own
# for brackets.

# %% tags=["this-system"]
print(f"these lines ran on {platform.system()}")

# %% [markdown]
# What was measured, by name, for whoever runs this lab many times with other parameters; `labs results` collects it.

# %% tags=["record"]
files = {name: work / f"{name}.tflite" for name in ("model", "integer")}
record("bytes", **{f"{name}_file": path.stat().st_size for name, path in files.items()})
record("share", same_class=agreement["top1"])

# %% [markdown]
# ## Exercises
#
# Replace each `...`, run the cell and then the one below it. `hint("03.input_signature")` helps, one step at a time;
# `solution("03.input_signature")` explains.

# %% [markdown]
# **Exercise 1 · The command.** Write `convert_command(saved_model, output)`: it takes the path of a SavedModel's folder
# and the path of the file to be written, two texts, and returns the command that converts the one into the other, as a
# list of words, the way `subprocess.run` takes it. The paths may hold spaces.

# %% tags=["exercise-convert-command"]
def convert_command(saved_model, output):
    ...

# %% tags=["check-convert-command"]
check("03.convert_command", convert_command)

# %% [markdown]
# **Exercise 2 · What does it take?** Write `input_signature(saved_model)`: it takes the path of a SavedModel's folder and
# returns a dictionary with the inputs of its signature `"serving_default"`. A key is the input's name, its value a pair:
# the shape, a tuple with `None` for a size that is free, and the name of the dtype, such as
# `{"image": ((None, 64, 64, 3), "float32")}`.

# %% tags=["exercise-input-signature"]
def input_signature(saved_model):
    ...

# %% tags=["check-input-signature"]
check("03.input_signature", input_signature)

# %% [markdown]
# **Exercise 3 · What has changed?** Write `operator_changes(before, after)`: it takes the operators of two files, as
# `anatomy(file).operators` gives them, each a dictionary from name to number. It returns a dictionary from name to
# difference, `after` minus `before`, of those operators whose number is not the same. One that a file lacks counts 0.

# %% tags=["exercise-operator-changes"]
def operator_changes(before, after):
    ...

# %% tags=["check-operator-changes"]
check("03.operator_changes", operator_changes)

# %% [markdown]
# **Exercise 4 · Was the flag obeyed?** A flag that is passed over leaves a float file, and no word about it. Write
# `was_quantized(content)`: it takes the bytes of a `.tflite` file and returns `True` if some of its weights are stored as
# int8, and `False` if none are, as in a file of float32 or of float16. A weight is a tensor that has bytes in the file;
# `anatomy` of `labutils.tflite.anatomy` takes a file's bytes, too, and tells each tensor's `dtype` and its `bytes`.

# %% tags=["exercise-was-quantized"]
def was_quantized(content):
    ...

# %% tags=["check-was-quantized"]
check("03.was_quantized", was_quantized)

# %% [markdown]
# ## Quiz
#
# What is the idea behind it? Choose an answer, and read why it is right, or what it overlooks. You may choose again.

# %% tags=["quiz"]
quiz("03")

# %% [markdown]
# ## What you have seen
#
# - `saved_model_cli show` told you names, types and shapes of a model that came without code, and `run` made it answer.
# - `tflite_convert` wrote the same bytes as Python does. `--keras_model_file` fails with Keras 3, for want of a loader;
#   `labs convert` brings one, and quantizes, and compares.
# - An unknown flag of `tflite_convert` changes nothing and says nothing: you looked at the file to find out.
# - `labs inspect`, `labs compare` and `labs bench` look at files, for people or, with `--json`, for programs.
# - The newest version is the largest number, 10 after 2.
#
# **On cards**, to print or to project, the commands that matter here ([all pictures](../img/README.md)):
#
# ![](../img/13-saved-model-cli.png)
#
# ![](../img/14-saved-model-result.png)
#
# ![](../img/19-command-lite.png)
#
# **Next:** lab 06 runs such files call by call.
