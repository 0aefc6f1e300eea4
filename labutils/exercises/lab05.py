"""The exercises of lab 05: Flex operators in a file, Select as a fallback, what is missing, and two rewritings."""

from labutils.exercises.exercise import Exercise
from labutils.exercises.judges import pooling, rewriting, selecting

FLEX_OPERATORS = Exercise(
    name="05.flex_operators",
    prompt="""\
**Exercise 1 · What does this file need?** Somebody hands you a `.tflite` file. Write `flex_operators(content)`:
`content` holds its bytes. It returns the list of the TensorFlow operators that the file needs, as TensorFlow calls them
(`Erf`, not `FlexErf`), each once, in the order of `sorted`; an empty list if it needs none.""",
    stub="""\
def flex_operators(content):
    ...""",
    hints=(
        "`anatomy(content)` tells the name and the kind of every operator. A file may hold more than one graph.",
        "`anatomy(content).operators` counts the operators of all graphs, by name. Which names are TensorFlow's?",
        "Those that begin with `Flex`: `name.removeprefix('Flex')` cuts it off. Custom operators have other names.",
    ),
    solution="""\
from labutils.tflite.anatomy import anatomy


def flex_operators(content):
    names = anatomy(content).operators
    return sorted(name.removeprefix("Flex") for name in names if name.startswith("Flex"))""",
    explanation="""\
In the file a Flex operator is a custom operator whose name begins with `Flex`; the delegate looks for just that. A loop
or a branch is a graph of its own, and can be the only place where such an operator stands. Searching the bytes for
`Flex` would also find the name of a tensor.""",
    check=selecting.check_flex_operators,
)

WITH_FALLBACK = Exercise(
    name="05.with_fallback",
    prompt="""\
**Exercise 2 · Select as a fallback.** Write `with_fallback(function)`: `function` is a `tf.function` with an input
signature. It returns the bytes of a `.tflite` file of it, in which an operator is TensorFlow's only where LiteRT has
none. Do not hide an operator that nobody has.""",
    stub="""\
def with_fallback(function):
    ...""",
    hints=(
        "One setting of the converter says which sets of operators it may use: `target_spec.supported_ops`.",
        "It takes a list. With SELECT_TF_OPS alone, everything becomes TensorFlow's.",
        "`[tf.lite.OpsSet.TFLITE_BUILTINS, tf.lite.OpsSet.SELECT_TF_OPS]`, and leave `allow_custom_ops` as it is.",
    ),
    solution="""\
import tensorflow as tf


def with_fallback(function):
    concrete = function.get_concrete_function()
    converter = tf.lite.TFLiteConverter.from_concrete_functions([concrete])
    converter.target_spec.supported_ops = [
        tf.lite.OpsSet.TFLITE_BUILTINS,
        tf.lite.OpsSet.SELECT_TF_OPS,
    ]
    return converter.convert()""",
    explanation="""\
With both sets named, in any order, the converter prefers its own operators, one by one. A function that needs no
TensorFlow operator comes out without any, so allowing Select costs nothing until it is used; but then look into the
file, because nothing else tells you that it was.""",
    check=selecting.check_with_fallback,
    symptoms={
        "'OpsSet' object is not iterable": "`supported_ops` takes a list: put the sets into brackets.",
        "has no attribute 'supported_ops'": "It is `converter.target_spec.supported_ops`.",
        "object is not iterable": "`from_concrete_functions` takes a list: put the concrete function into brackets.",
        "takes in a list of ConcreteFunction": "What stands in the list has to come from `get_concrete_function()`.",
        "takes in a list": "What stands in the list has to come from `get_concrete_function()`.",
    },
)

MISSING_OPERATORS = Exercise(
    name="05.missing_operators",
    prompt="""\
**Exercise 3 · What is missing?** Write `missing_operators(function)`: `function` is a `tf.function` with an input
signature. It returns a dictionary with TensorFlow's name of every operator that LiteRT lacks: `"select"` if Select has
it, `"neither"` if not. For 1 + erf(erfinv(x)) that is `{"Erf": "select", "Erfinv": "neither"}`; if nothing is missing,
it is empty. The function may use several operators of each kind.""",
    stub="""\
def missing_operators(function):
    ...""",
    hints=(
        "With which settings does the converter refuse nothing? The kinds in that file then tell all that is asked.",
        "Allow both sets *and* custom operators: what LiteRT has is builtin, what Select has is flex, the rest custom.",
        "`for graph in anatomy(content).subgraphs: for operator in graph.operators:` has `operator.name` and "
        "`operator.kind`.",
    ),
    solution="""\
import tensorflow as tf

from labutils.tflite.anatomy import anatomy


def missing_operators(function):
    concrete = function.get_concrete_function()
    converter = tf.lite.TFLiteConverter.from_concrete_functions([concrete])
    sets = [tf.lite.OpsSet.TFLITE_BUILTINS, tf.lite.OpsSet.SELECT_TF_OPS]
    converter.target_spec.supported_ops = sets
    converter.allow_custom_ops = True
    missing = {}
    for graph in anatomy(converter.convert()).subgraphs:
        for operator in graph.operators:
            if operator.kind == "flex":
                missing[operator.name.removeprefix("Flex")] = "select"
            if operator.kind == "custom":
                missing[operator.name] = "neither"
    return missing""",
    explanation="""\
Here the setting that hides refusals is used to find them: nobody will run this file, it is only read. The converter's
error says the same, under `TF Select ops:` and `Custom ops:`, and its `errors` hold the name and the code of each.""",
    check=selecting.check_missing_operators,
    symptoms={
        "takes in a list": "What stands in the list has to come from `get_concrete_function()`.",
        "object is not iterable": "`from_concrete_functions` takes a list: put the concrete function into brackets.",
        "has no attribute 'errors'": "Only the converter's own error has `errors`: nothing was refused here.",
    },
)

CUMULATIVE_PRODUCT = Exercise(
    name="05.cumulative_product",
    prompt="""\
**Exercise 4 · For all numbers.** Write `cumulative_product(x)` with TensorFlow functions that need builtin operators
only: `x` is a float32 tensor of shape (rows, columns), both known, with positive and negative numbers and zeros. It
returns the running product along each row, like `tf.math.cumprod(x, axis=1)`. It is converted without Select, and the
file is run.""",
    stub="""\
def cumulative_product(x):
    ...""",
    hints=(
        "Two ways: reckon sizes and signs apart; or multiply the columns one after the other, and put them together.",
        "The size is the running product of `tf.abs(x)`. The sign is minus where the count of negative numbers so far "
        "is odd: a `tf.cumsum`. Or `tf.unstack(x, axis=1)` gives the columns.",
        "Columns: begin with the first, multiply by the next in a `for` loop, collect in a list, and end with "
        "`tf.stack(products, axis=1)`.",
    ),
    solution="""\
import tensorflow as tf


def cumulative_product(x):
    columns = tf.unstack(x, axis=1)
    products = [columns[0]]
    for column in columns[1:]:
        products.append(products[-1] * column)
    return tf.stack(products, axis=1)""",
    explanation="""\
The loop runs while the function is traced: what is left in the file is a row of MUL between one UNPACK and one PACK. It
is exact, for all numbers, and its length grows with the columns. For many columns take
`tf.exp(tf.cumsum(tf.math.log(tf.abs(x)), axis=1))` with the sign from a second `cumsum`: log 0 is minus infinity, and
its exponential is 0 again.""",
    check=rewriting.check,
    symptoms={
        "Cannot convert a symbolic": "numpy needs numbers, and while the function is traced there are none: use `tf`.",
        "symbolic": "While the function is traced there are no values yet: use TensorFlow's functions, without `if`.",
        "has no attribute 'numpy'": "While the function is traced there are no numbers yet: stay with `tf`.",
        "does not support item assignment": "A tensor cannot be changed: collect the columns, then `tf.stack`.",
    },
)

_FOUR_AXES = "It takes four axes: join batch and depth into one by `tf.reshape`, and part them afterwards."

POOL_VOLUME = Exercise(
    name="05.pool_volume",
    prompt="""\
**Exercise 5 · In three dimensions.** A scan is a volume, and MaxPool3D needs Select. Write `pool_volume(x)` with
TensorFlow functions that need builtin operators only: `x` is a float32 tensor of shape (batch, depth, height, width,
channels), all known, with even depth, height and width. It returns what `tf.nn.max_pool3d(x, 2, 2, "VALID")` gives. It
is converted without Select, and the file is run, with XNNPACK.""",
    stub="""\
def pool_volume(x):
    ...""",
    hints=(
        "The largest of eight numbers is the largest of largest ones: one axis after the other will do.",
        "`x[:, ::2]` has the even planes, `x[:, 1::2]` the odd ones: `tf.maximum` of the two halves the depth.",
        "Do the same for the height, `x[:, :, ::2]` and `x[:, :, 1::2]`, and for the width.",
    ),
    solution="""\
import tensorflow as tf


def pool_volume(x):
    x = tf.maximum(x[:, ::2], x[:, 1::2])
    x = tf.maximum(x[:, :, ::2], x[:, :, 1::2])
    return tf.maximum(x[:, :, :, ::2], x[:, :, :, 1::2])""",
    explanation="""\
The file holds six STRIDED_SLICE and three MAXIMUM, and the numbers are those of MaxPool3D to the last bit. Height and
width could be pooled at once by `tf.nn.max_pool2d`, with batch and depth joined into one axis by `tf.reshape`. A single
`tf.reduce_max` over a `tf.reshape` to eight axes needs builtin operators only as well, and is right without XNNPACK;
with it the file does not load, since XNNPACK takes six axes at most. So run what you convert.""",
    check=pooling.check,
    symptoms={
        "Cannot convert a symbolic": "numpy needs numbers, and while the function is traced there are none: use `tf`.",
        "as a Python `bool`": "Python's `max` and `if` need numbers, and while the function is traced there are none: "
        "`tf.maximum` compares two tensors.",
        "has no attribute 'numpy'": "While the function is traced there are no numbers yet: stay with `tf`.",
        "has no attribute 'reshape'": "It is a tensor, no array: `tf.reshape(x, ...)`.",
        "must be rank 4": _FOUR_AXES,
        "expected ndim=4": _FOUR_AXES,
        "Dimensions must be equal": "The two halves differ in size: one begins at 0, the other at 1, and both go by 2.",
        "evenly divisible": "The sizes do not fit: take them from `x.shape`, every time.",
        "Cannot reshape": "The sizes do not fit: take them from `x.shape`, every time.",
        "has DataType float32 not in list": "Sizes are whole numbers: halve them by `//`.",
        "does not support item assignment": "A tensor cannot be changed: make a new one, by `tf.maximum`.",
    },
)

EXERCISES = (FLEX_OPERATORS, WITH_FALLBACK, MISSING_OPERATORS, CUMULATIVE_PRODUCT, POOL_VOLUME)
