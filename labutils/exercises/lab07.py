"""The exercises of lab 07: choose a path, find the front, check a file for a device, make one, find faults, deliver."""

from labutils.exercises.exercise import Exercise
from labutils.exercises.judges import choosing, delivering, diagnosis, edge_tpu

CHOOSE_PATH = Exercise(
    name="07.choose_path",
    prompt="""\
**Exercise 1 · Choose a path.** Write `choose_path(lacks_operator, has_data, integers_only)`, three times True or False:
LiteRT lacks an operator of the model; there are representative data; the device takes integers only. It returns
`"select"`, `"full_integer"`, `"integer"` or `"dynamic_range"`, or None where no path leads on. The device has
Flex wherever floats are allowed, and the float file is too large.""",
    stub="""\
def choose_path(lacks_operator, has_data, integers_only):
    ...""",
    hints=(
        "Walk the picture at the top from its upper end: the missing operator comes first, then the data.",
        "Two ends are None: a missing operator on a device for integers, and such a device without data.",
        'Begin with `if lacks_operator: return None if integers_only else "select"`.',
    ),
    solution="""\
def choose_path(lacks_operator, has_data, integers_only):
    if lacks_operator:
        return None if integers_only else "select"
    if integers_only:
        return "full_integer" if has_data else None
    return "integer" if has_data else "dynamic_range\"""",
    explanation="""\
Each question removes paths: a missing operator leaves Select, integers only leave full integer, and whatever stores
activations as integers needs data. What is None can be mended by work, not by a setting.""",
    check=choosing.choose_path,
)

PARETO_FRONT = Exercise(
    name="07.pareto_front",
    prompt="""\
**Exercise 2 · The front.** Write `pareto_front(files)`: `files` is a dictionary from name to a pair *(kilobytes,
percent right)*. It returns the names of the files on the Pareto front, in any order: those for which no other file is
at least as good in both figures and better in one.""",
    stub="""\
def pareto_front(files):
    ...""",
    hints=(
        "For each file ask: is there another that beats it? Keep it if there is none.",
        "Beats means: not larger, not less right, and not the same in both.",
        "`other != own and other[0] <= own[0] and other[1] >= own[1]`; wrap it in `any(...)` over `files.values()`.",
    ),
    solution="""\
def pareto_front(files):
    def beaten(own):
        return any(o != own and o[0] <= own[0] and o[1] >= own[1] for o in files.values())

    return [name for name, own in files.items() if not beaten(own)]""",
    explanation="""\
Two files with the same figures do not beat each other: both stay. With a third figure, such as milliseconds, the rule
is the same, and the front becomes longer: the more you ask for, the fewer are beaten in everything.""",
    check=choosing.pareto_front,
    symptoms={
        "'tuple' and 'int'": "Each file has two figures: compare `own[0]` and `own[1]` one by one.",
        "unhashable type": "Names are texts: collect the keys of the dictionary.",
    },
)

FITS_EDGE_TPU = Exercise(
    name="07.fits_edge_tpu",
    prompt="""\
**Exercise 3 · Would it fit?** Write `fits_edge_tpu(model)`: `model` holds the bytes of a `.tflite` file. It returns
True when every tensor is int8, uint8 or int32, and no size is free; else False. Leave the operators to the
compiler.""",
    stub="""\
def fits_edge_tpu(model):
    ...""",
    hints=(
        "`anatomy(model)` or an `Interpreter` lists all tensors, each with its dtype and its sizes.",
        'A free size is -1: in `tensor.shape` of the anatomy, in `"shape_signature"` of the interpreter.',
        "`all(tensor.dtype in (...) and -1 not in tensor.shape for tensor in anatomy(model).subgraphs[0].tensors)`.",
    ),
    solution="""\
from labutils.tflite.anatomy import anatomy


def fits_edge_tpu(model):
    allowed = ("int8", "uint8", "int32")
    tensors = anatomy(model).subgraphs[0].tensors
    return all(tensor.dtype in allowed and -1 not in tensor.shape for tensor in tensors)""",
    explanation="""\
The border is not enough: an operator without an integer kernel stays float in silence between two int8 ends. Nor are
the dtypes: a chip that plans its memory at compile time can do nothing with a free batch.""",
    check=edge_tpu.check_fits,
    symptoms={
        "model_path": "The model comes as bytes: `Interpreter(model_content=model)`.",
        "incompatible function arguments": "The model comes as bytes: `Interpreter(model_content=model)`.",
        "Could not open": "The model comes as bytes, not as a path: `Interpreter(model_content=model)`.",
        "has no attribute 'get_tensor_details'": "The bytes know nothing: hand them to an `Interpreter` or `anatomy`.",
    },
)

FOR_EDGE_TPU = Exercise(
    name="07.for_edge_tpu",
    prompt="""\
**Exercise 4 · Make it fit.** Write `for_edge_tpu(model, samples)`: `model` is a Keras model with one input, a free
batch and operators that an Edge TPU has; `samples` is a float32 array of inputs as the device will see them, rows
first. It returns the bytes of a `.tflite` file that the device takes: a batch of 1, integers throughout, int8 or uint8
at its border, with answers nearly those of the model.""",
    stub="""\
def for_edge_tpu(model, samples):
    ...""",
    hints=(
        "Two tasks: fix the batch (exercise 2 of lab 02), and set the converter as in section 6.",
        "`variants.freeze(model)` fixes it; or trace `model` for `tf.TensorSpec([1, *model.input_shape[1:]])`.",
        "Five settings: `optimizations`, `representative_dataset`, `target_spec.supported_ops`, "
        "`inference_input_type`, `inference_output_type`. Each sample needs its batch: `x[None]`.",
    ),
    solution="""\
import tensorflow as tf


def for_edge_tpu(model, samples):
    one = tf.TensorSpec([1, *model.input_shape[1:]], tf.float32)
    traced = tf.function(lambda x: model(x)).get_concrete_function(one)
    converter = tf.lite.TFLiteConverter.from_concrete_functions([traced])
    converter.optimizations = [tf.lite.Optimize.DEFAULT]
    converter.representative_dataset = lambda: ([x[None]] for x in samples)
    converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
    converter.inference_input_type = tf.int8
    converter.inference_output_type = tf.int8
    return converter.convert()""",
    explanation="""\
Forget one of these things and you mostly still get a file, without a word: float, mixed, with a float border, or with a
free batch. So the check that comes after a conversion is part of it. `variants.variant(variants.freeze(model),
"full int8", samples)` is the same in one line.""",
    check=edge_tpu.check_file,
    symptoms={
        "representative_dataset": "Integers need ranges: set `converter.representative_dataset` to a function that "
        "yields the samples, each in a list.",
        "truth value of an array": "`representative_dataset` is a function that yields, not the samples themselves: "
        "`lambda: ([x[None]] for x in samples)`.",
        "not callable": "`representative_dataset` is a function that yields: `lambda: ([x[None]] for x in samples)`.",
        "Dimension mismatch": "Each sample needs its batch: `x[None]` has the shape (1, ...).",
        "dims->size": "Each sample needs its batch: `x[None]` has the shape (1, ...).",
        "Cannot set tensor": "Each sample needs its batch and is float32: `[x[None]]`.",
        "Failed to convert": "Unpack the sizes with a star: `[1, *model.input_shape[1:]]`.",
        "Dimension value must be integer": "Unpack the sizes with a star: `[1, *model.input_shape[1:]]`.",
    },
)

DIAGNOSE = Exercise(
    name="07.diagnose",
    prompt="""\
**Exercise 5 · What is wrong with it?** Others convert, and you receive the files, for a device that takes integers only
and wants fixed sizes. Write `diagnose(content)`: `content` holds the bytes of a `.tflite` file. It returns
`"no weights"` if the file reads variables that are not in it (VAR_HANDLE, as in lab 01), `"free size"` if the batch or
another size of any input is free, `"float inside"` if any tensor is float, and else `"fine"`. If several hold, it is
the first of them in this order. Integers of every width are fine.""",
    stub="""\
def diagnose(content):
    ...""",
    hints=(
        "`anatomy(content)` tells all three: the operators, the shape of every input, the dtype of every tensor.",
        "`anatomy(content).operators` counts by name, `.dtypes` by dtype. A graph's `inputs` are places in its "
        "`tensors`, and a free size is -1 in a tensor's `shape`.",
        "With `graph = anatomy(content).subgraphs[0]` a size is free where "
        "`any(-1 in graph.tensors[place].shape for place in graph.inputs)`. Ask for the weights before.",
    ),
    solution="""\
from labutils.tflite.anatomy import anatomy


def diagnose(content):
    found = anatomy(content)
    graph = found.subgraphs[0]
    if "VAR_HANDLE" in found.operators:
        return "no weights"
    if any(-1 in graph.tensors[place].shape for place in graph.inputs):
        return "free size"
    if any("float" in dtype for dtype in found.dtypes):
        return "float inside"
    return "fine\"""",
    explanation="""\
Every one of these files loads, and none tells its fault by itself. The order is that of the work: without weights the
model has to be converted by another route, which may settle the rest; a size is fixed where the model is traced;
floats go by the converter's settings, or by another operator.""",
    check=diagnosis.check,
    symptoms={
        "model_path": "The file comes as bytes: `Interpreter(model_content=content)`.",
        "incompatible function arguments": "The file comes as bytes: `Interpreter(model_content=content)`.",
        "Could not open": "The file comes as bytes, not as a path: `Interpreter(model_content=content)`.",
        "'bytes' object has no attribute": "The bytes know nothing: hand them to `anatomy` or to an `Interpreter`.",
        "a bytes-like object is required": "The bytes hold builtin operators as numbers, not as names: ask "
        "`anatomy(content).operators`.",
        "'int' object has no attribute": "A graph's `inputs` are places: `graph.tensors[place]` is the tensor.",
    },
)

DELIVER = Exercise(
    name="07.deliver",
    prompt="""\
**Exercise 6 · Deliver.** The whole course in one function. Write `deliver(model, samples, most_bytes, takes)`: `model`
is a trained Keras model with one input and a free batch; `samples` is a float32 array of inputs to calibrate with,
rows first. The device has room for `most_bytes` bytes, and `takes` `"float32"`, `"int8"` or `"uint8"` at both ends.
Return the bytes of a `.tflite` file with that border and a batch of 1, not above `most_bytes`. For float32 it is the
first that fits of the paths float, float16, dynamic range and integer, the most exact one first. A device for int8 or
uint8 takes integers throughout. Return None where nothing fits.""",
    stub="""\
def deliver(model, samples, most_bytes, takes):
    ...""",
    hints=(
        "A ladder: list the paths that the device takes, the most exact one first. Convert by one after the other, and "
        "return the first file that is not too large.",
        "Trace the model for a batch of 1 once, as in exercise 4; make a new converter for every rung. For int8 and "
        "uint8 the ladder has one rung.",
        '`for rung in ("float", "float16", "dynamic range", "integer"):` set the converter by `rung`, '
        "`tf.as_dtype(takes)` at both ends of the last; then `if len(content) <= most_bytes: return content`.",
    ),
    solution="""\
import tensorflow as tf


def deliver(model, samples, most_bytes, takes):
    one = tf.TensorSpec([1, *model.input_shape[1:]], tf.float32)
    traced = tf.function(lambda x: model(x)).get_concrete_function(one)
    ladder = ("float", "float16", "dynamic range", "integer") if takes == "float32" else ("integer",)
    for rung in ladder:
        converter = tf.lite.TFLiteConverter.from_concrete_functions([traced])
        if rung != "float":
            converter.optimizations = [tf.lite.Optimize.DEFAULT]
        if rung == "float16":
            converter.target_spec.supported_types = [tf.float16]
        if rung == "integer":
            converter.representative_dataset = lambda: ([x[None]] for x in samples)
            converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
            converter.inference_input_type = tf.as_dtype(takes)
            converter.inference_output_type = tf.as_dtype(takes)
        content = converter.convert()
        if len(content) <= most_bytes:
            return content
    return None""",
    explanation="""\
Nobody can tell from a model alone which file is the smallest: weights under 1,024 numbers a tensor stay float under
dynamic range, and many channels make an integer file large. So convert and weigh; a conversion of such a net takes a
moment. The order is that of exactness, and None is an answer too: then the model itself has to become smaller.
`variants.variant(variants.freeze(model), path, samples)` converts by one rung in one line.""",
    check=delivering.check,
    symptoms={
        "representative_dataset": "Integers need ranges: set `converter.representative_dataset` to a function that "
        "yields the samples, each in a list.",
        "truth value of an array": "`representative_dataset` is a function that yields, not the samples themselves: "
        "`lambda: ([x[None]] for x in samples)`.",
        "not callable": "`representative_dataset` is a function that yields: `lambda: ([x[None]] for x in samples)`.",
        "Dimension mismatch": "Each sample needs its batch: `x[None]` has the shape (1, ...).",
        "failed to prepare": "Each sample needs its batch: `x[None]` has the shape (1, ...).",
        "dims->size": "Each sample needs its batch: `x[None]` has the shape (1, ...).",
        "Cannot set tensor": "Each sample needs its batch and is float32: `[x[None]]`.",
        "must be tf.float32": "Only the integer path may have another border than float32, and it wants "
        "`optimizations` and a `representative_dataset`.",
        "Dimension value must be integer": "Unpack the sizes with a star: `[1, *model.input_shape[1:]]`.",
        "READ_VARIABLE": "Give `from_concrete_functions` the list alone: with a Keras model behind it the weights are "
        "left out.",
        "object of type 'TFLite": "The converter has no length: convert first, and take `len` of the bytes.",
    },
)

EXERCISES = (CHOOSE_PATH, PARETO_FRONT, FITS_EDGE_TPU, FOR_EDGE_TPU, DIAGNOSE, DELIVER)
