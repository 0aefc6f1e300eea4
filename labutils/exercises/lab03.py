"""The exercises of lab 03: the command that converts, what a SavedModel takes, what a conversion did."""

from labutils.exercises.exercise import Exercise
from labutils.exercises.judges import command, delivery, saved_model, stored_weights

CONVERT_COMMAND = Exercise(
    name="03.convert_command",
    prompt="""\
**Exercise 1 · The command.** Write `convert_command(saved_model, output)`: it takes the path of a SavedModel's folder
and the path of the file to be written, two texts, and returns the command that converts the one into the other, as a
list of words, the way `subprocess.run` takes it. The paths may hold spaces.""",
    stub="""\
def convert_command(saved_model, output):
    ...""",
    hints=(
        "The first word is the command, `tflite_convert`. Every flag and every path is a word of its own.",
        "Two flags: one says where the SavedModel is, one where the file goes. `tflite_convert --help` lists them.",
        "The flags are `--saved_model_dir` and `--output_file`, each with its path behind it.",
    ),
    solution="""\
def convert_command(saved_model, output):
    return ["tflite_convert", "--saved_model_dir", saved_model, "--output_file", output]""",
    explanation="""\
In a list every word stays whole, whatever it holds; no shell reads it, so nothing has to be quoted. Spell the flags
with care: `tflite_convert` passes over one that it does not know, and says nothing.""",
    check=command.check,
)

INPUT_SIGNATURE = Exercise(
    name="03.input_signature",
    prompt="""\
**Exercise 2 · What does it take?** Write `input_signature(saved_model)`: it takes the path of a SavedModel's folder and
returns a dictionary with the inputs of its signature `"serving_default"`. A key is the input's name, its value a pair:
the shape, a tuple with `None` for a size that is free, and the name of the dtype, such as
`{"image": ((None, 64, 64, 3), "float32")}`.""",
    stub="""\
def input_signature(saved_model):
    ...""",
    hints=(
        "`tf.saved_model.load(path)` has `signatures`, a dictionary by key.",
        "A signature has `structured_input_signature`, a pair: its second part holds the inputs by name.",
        "Each of these is a `TensorSpec`: `tuple(spec.shape)` and `spec.dtype.name` are what is asked.",
    ),
    solution="""\
import tensorflow as tf


def input_signature(saved_model):
    signature = tf.saved_model.load(saved_model).signatures["serving_default"]
    specs = signature.structured_input_signature[1]
    return {name: (tuple(spec.shape), spec.dtype.name) for name, spec in specs.items()}""",
    explanation="""\
A signature takes its inputs by name only, so the first part of the pair, for those without, is empty. `saved_model_cli`
shows the same: there -1 is what `None` is here, and `DT_FLOAT` is float32.""",
    check=saved_model.check,
    symptoms={
        "SavedModel file does not exist": "Open the folder that is given, as it is given.",
        "is not subscriptable": "`tf.saved_model.load` gives an object: its signatures are in `.signatures`.",
        "'TensorShape'": "`tuple(spec.shape)` makes a tuple of a shape.",
        "KeyError": "The signature asked for is called `serving_default`.",
    },
)

OPERATOR_CHANGES = Exercise(
    name="03.operator_changes",
    prompt="""\
**Exercise 3 · What has changed?** Write `operator_changes(before, after)`: it takes the operators of two files, as
`anatomy(file).operators` gives them, each a dictionary from name to number. It returns a dictionary from name to
difference, `after` minus `before`, of those operators whose number is not the same. One that a file lacks counts 0.""",
    stub="""\
def operator_changes(before, after):
    ...""",
    hints=(
        "Which names have to be looked at? An operator may be in one of the two only.",
        "`set(before) | set(after)` holds the names of both, and `before.get(name, 0)` is 0 where there is none.",
        "For each name take `after.get(name, 0) - before.get(name, 0)`, and keep it if it is not 0.",
    ),
    solution="""\
def operator_changes(before, after):
    names = set(before) | set(after)
    changes = {name: after.get(name, 0) - before.get(name, 0) for name in names}
    return {name: change for name, change in changes.items() if change}""",
    explanation="""\
The operators of a file are a `Counter`, and `after - before` looks as if it would do: but a Counter's difference keeps
positive numbers only, so all that a conversion took away would be missing.""",
    check=delivery.changes,
    symptoms={
        "KeyError": "An operator may be missing in one of the two: `.get(name, 0)` counts it as 0.",
        "unsupported operand type": "`before` and `after` are dictionaries: subtract their numbers, name by name.",
    },
)

WAS_QUANTIZED = Exercise(
    name="03.was_quantized",
    prompt="""\
**Exercise 4 · Was the flag obeyed?** A flag that is passed over leaves a float file, and no word about it. Write
`was_quantized(content)`: it takes the bytes of a `.tflite` file and returns `True` if some of its weights are stored as
int8, and `False` if none are, as in a file of float32 or of float16. A weight is a tensor that has bytes in the file;
`anatomy` of `labutils.tflite.anatomy` takes a file's bytes, too, and tells each tensor's `dtype` and its `bytes`.""",
    stub="""\
def was_quantized(content):
    ...""",
    hints=(
        "`anatomy(content)` has `subgraphs`, each with its `tensors`. Which of them have bytes in the file?",
        "Inputs, outputs and what lies between have none: their `bytes` is 0, whatever their `dtype` is.",
        '`any(...)` over all tensors: `tensor.dtype == "int8"`, and `tensor.bytes` is not 0.',
    ),
    solution="""\
from labutils.tflite.anatomy import anatomy


def was_quantized(content):
    tensors = [tensor for graph in anatomy(content).subgraphs for tensor in graph.tensors]
    return any(tensor.dtype == "int8" and tensor.bytes for tensor in tensors)""",
    explanation="""\
Input and output tell nothing: the commonest quantized file takes and returns float32 and stores its weights as int8.
Small weights stay float32 in it, so one int8 tensor is proof enough. The size proves something only beside that of the
float file.""",
    check=stored_weights.check,
    symptoms={
        "has no attribute 'tensors'": "The tensors are in the graphs: `anatomy(content).subgraphs` lists these.",
        "'tuple' object has no attribute": "`subgraphs` and `tensors` are tuples: go through them with `for`.",
        "embedded null": "`content` holds the bytes of the file, and no path.",
        "Could not open": "The file comes as bytes, not as a path: `Interpreter(model_content=content)`.",
        "Tensor data is null": "This tensor has no numbers before `invoke()`, so no bytes in the file.",
    },
)

EXERCISES = (CONVERT_COMMAND, INPUT_SIGNATURE, OPERATOR_CHANGES, WAS_QUANTIZED)
