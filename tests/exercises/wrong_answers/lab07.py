"""Wrong answers to the exercises of lab 07."""

CHOOSE_PATH = {
    "Select for all": (
        """
def choose_path(lacks_operator, has_data, integers_only):
    if lacks_operator:
        return "select"
    if integers_only:
        return "full_integer" if has_data else None
    return "integer" if has_data else "dynamic_range"
""",
        "no such device runs TensorFlow's operators",
    ),
    "no Select": (
        """
def choose_path(lacks_operator, has_data, integers_only):
    if integers_only:
        return "full_integer" if has_data else None
    return "integer" if has_data else "dynamic_range"
""",
        "leaves the missing operator out",
    ),
    "integers without data": (
        """
def choose_path(lacks_operator, has_data, integers_only):
    if lacks_operator:
        return None if integers_only else "select"
    if integers_only:
        return "full_integer"
    return "integer" if has_data else "dynamic_range"
""",
        "promises integers without data",
    ),
    "dynamic range for an integer device": (
        """
def choose_path(lacks_operator, has_data, integers_only):
    if lacks_operator:
        return None if integers_only else "select"
    if not has_data:
        return "dynamic_range"
    return "full_integer" if integers_only else "integer"
""",
        "the activations of such a file are float",
    ),
    "a float border for an integer device": (
        """
def choose_path(lacks_operator, has_data, integers_only):
    if lacks_operator:
        return None if integers_only else "select"
    if has_data:
        return "integer"
    return None if integers_only else "dynamic_range"
""",
        "its inputs and outputs are float32",
    ),
    "does not ask for the device": (
        'return "select" if lacks_operator else "integer" if has_data else "dynamic_range"',
        "does not ask whether",
    ),
    "always full integer": (
        """
def choose_path(lacks_operator, has_data, integers_only):
    if lacks_operator:
        return None if integers_only else "select"
    if has_data:
        return "full_integer"
    return None if integers_only else "dynamic_range"
""",
        '"integer" keeps the border float',
    ),
    "nothing without data": (
        """
def choose_path(lacks_operator, has_data, integers_only):
    if lacks_operator:
        return None if integers_only else "select"
    if has_data:
        return "full_integer" if integers_only else "integer"
""",
        "dynamic range needs none",
    ),
    "takes data for granted": (
        """
def choose_path(lacks_operator, has_data, integers_only):
    if lacks_operator:
        return None if integers_only else "select"
    return "full_integer" if integers_only else "integer"
""",
        "takes the data for granted",
    ),
    "data the wrong way round": (
        """
def choose_path(lacks_operator, has_data, integers_only):
    if lacks_operator:
        return None if integers_only else "select"
    if integers_only:
        return None if has_data else "full_integer"
    return "dynamic_range" if has_data else "integer"
""",
        "the wrong way round",
    ),
    "another spelling": ('return "full integer"', "no path of this exercise"),
    "a list": ('return ["select"]', "It returns a list"),
    "a truth": ("return lacks_operator and not integers_only", "It returns a bool"),
    "a constant": ('return "integer"', "takes the data for granted"),
    "None written out": ('return "None"', "no path of this exercise"),
}

_KEEP = "return [name for name, own in files.items() if {}]"

PARETO_FRONT = {
    "the smallest": ("return [min(files, key=lambda name: files[name][0])]", "keeps the smallest file alone"),
    "the most accurate": (
        _KEEP.format("own[1] == max(share for _, share in files.values())"),
        "keeps the most accurate files alone",
    ),
    "the dominated": (
        _KEEP.format("any(o != own and o[0] <= own[0] and o[1] >= own[1] for o in files.values())"),
        "These are the dominated ones",
    ),
    "better in both": (
        _KEEP.format("not any(o[0] < own[0] and o[1] > own[1] for o in files.values())"),
        "only when another is better in both",
    ),
    "drops twins": (
        """
def pareto_front(files):
    kept = []
    for name, (size, right) in files.items():
        others = [files[other] for other in files if other != name]
        if not any(s <= size and r >= right for s, r in others):
            kept.append(name)
    return kept
""",
        "it drops both",
    ),
    "accuracy as a cost": (
        _KEEP.format("not any(o != own and o[0] <= own[0] and o[1] <= own[1] for o in files.values())"),
        "takes accuracy for a cost",
    ),
    "size as a merit": (
        _KEEP.format("not any(o != own and o[0] >= own[0] and o[1] >= own[1] for o in files.values())"),
        "takes size for a merit",
    ),
    "all": ("return list(files)", "keeps all files"),
    "compares with itself": (
        _KEEP.format("not any(o[0] <= own[0] and o[1] >= own[1] for o in files.values())"),
        "compared with itself",
    ),
    "the figures": ("return list(files.values())", "is no name of a file"),
    "a dictionary": ("return files", "return the names alone"),
    "one name": ("return min(files)", "return the names, in a list"),
    "how many": ("return len(files)", "return the names, in a list"),
    "forgets return": ("[name for name in files]", "does it end with `return`"),
}

_DETAILS = "i = Interpreter(model_content=model)\n    i.allocate_tensors()\n    ts = i.get_tensor_details()\n    "
_ENDS = "ends = i.get_input_details() + i.get_output_details()\n    "
_SMALL = "(np.int8, np.uint8, np.int32)"
_ANATOMY = (
    "from labutils.tflite.anatomy import anatomy\n    graph = anatomy(model).subgraphs[0]\n    ts = graph.tensors\n    "
)

FITS_EDGE_TPU = {
    "all": ("return len(model) > 0", "It lets every file pass"),
    "none": ("return len(model) < 0", "It lets no file pass"),
    "int8 alone": (f"{_ANATOMY}return all(t.dtype == 'int8' for t in ts)", "It lets no file pass"),
    "the wrong way round": (
        f"{_ANATOMY}return not all(t.dtype in ('int8', 'uint8', 'int32') and -1 not in t.shape for t in ts)",
        "the wrong way round",
    ),
    "forgets uint8": (
        f"{_ANATOMY}return all(t.dtype in ('int8', 'int32') and -1 not in t.shape for t in ts)",
        "refuses a file with uint8",
    ),
    "forgets the sizes": (
        f"{_ANATOMY}return all(t.dtype in ('int8', 'uint8', 'int32') for t in ts)",
        "whose batch is free",
    ),
    "looks at shape": (
        f"{_DETAILS}return all(t['dtype'] in {_SMALL} and -1 not in t['shape'] for t in ts)",
        "`shape` shows a 1",
    ),
    "any integer": (
        f"{_ANATOMY}return not any('float' in t.dtype or -1 in t.shape for t in ts)",
        "an integer, but not of 8 bits",
    ),
    "the sizes alone": (f"{_ANATOMY}return all(-1 not in t.shape for t in ts)", "looks at the sizes alone"),
    "the border alone": (
        f"{_DETAILS}{_ENDS}return all(t['dtype'] in (np.int8, np.uint8) for t in ends)",
        "looks at the border alone, inputs and outputs",
    ),
    "the border alone, with sizes": (
        f"{_DETAILS}{_ENDS}return all(t['dtype'] in {_SMALL} and -1 not in t['shape_signature'] for t in ends)",
        "between, a file can compute in float32",
    ),
    "the input alone": (
        f"{_ANATOMY}return ts[graph.inputs[0]].dtype in ('int8', 'uint8') and -1 not in ts[graph.inputs[0]].shape",
        "It lets a file pass that takes and returns int8",
    ),
    "the weights alone": (
        f"{_ANATOMY}return any(t.dtype == 'int8' for t in ts) and all(-1 not in t.shape for t in ts)",
        "holds int16",
    ),
    "a count": (f"{_ANATOMY}return sum('float' in t.dtype for t in ts)", "return True or False"),
    "forgets return": (f"{_ANATOMY}all(t.dtype == 'int8' for t in ts)", "return True or False"),
    "bytes as a path": ("Interpreter(model)\n    return True", "`Interpreter(model_content=model)`"),
    "asks the bytes": ("return model.get_tensor_details()", "hand them to an `Interpreter`"),
}

_TRACE = (
    "one = tf.TensorSpec([1, *model.input_shape[1:]], tf.float32)\n"
    "    traced = tf.function(lambda x: model(x)).get_concrete_function(one)\n"
    "    c = tf.lite.TFLiteConverter.from_concrete_functions([traced])\n    "
)
_OPTIMIZE = "c.optimizations = [tf.lite.Optimize.DEFAULT]\n    "
_DATA = "c.representative_dataset = lambda: ([x[None]] for x in samples)\n    "
_INTEGERS = "c.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]\n    "
_BORDER = "c.inference_input_type = c.inference_output_type = tf.int8\n    "
_RIGHTLY = f"{_OPTIMIZE}{_DATA}{_INTEGERS}{_BORDER}"
_CONVERT = "return c.convert()"


def _calibrated(samples):
    return f"{_TRACE}{_OPTIMIZE}{_DATA.replace('samples', samples)}{_INTEGERS}{_BORDER}{_CONVERT}"


FOR_EDGE_TPU = {
    "nothing set": (f"{_TRACE}{_CONVERT}", "It is a float file"),
    "no optimizations": (f"{_TRACE}{_DATA}{_CONVERT}", "It is a float file"),
    "weights only": (f"{_TRACE}{_OPTIMIZE}{_CONVERT}", "Only its weights are int8"),
    "float16": (
        f"{_TRACE}{_OPTIMIZE}c.target_spec.supported_types = [tf.float16]\n    {_CONVERT}",
        "Its weights are float16",
    ),
    "no data": (f"{_TRACE}{_OPTIMIZE}{_INTEGERS}{_BORDER}{_CONVERT}", "Integers need ranges"),
    "the data themselves": (
        f"{_TRACE}{_OPTIMIZE}c.representative_dataset = samples\n    {_INTEGERS}{_BORDER}{_CONVERT}",
        "is a function that yields",
    ),
    "a float border": (f"{_TRACE}{_OPTIMIZE}{_DATA}{_INTEGERS}{_CONVERT}", "set inference_input_type and"),
    "a float output": (
        f"{_TRACE}{_OPTIMIZE}{_DATA}{_INTEGERS}c.inference_input_type = tf.int8\n    {_CONVERT}",
        "set inference_output_type to",
    ),
    "a float input": (
        f"{_TRACE}{_OPTIMIZE}{_DATA}{_INTEGERS}c.inference_output_type = tf.int8\n    {_CONVERT}",
        "set inference_input_type to",
    ),
    "16x8": (
        f"{_TRACE}{_OPTIMIZE}{_DATA}c.target_spec.supported_ops = ["
        "tf.lite.OpsSet.EXPERIMENTAL_TFLITE_BUILTINS_ACTIVATIONS_INT16_WEIGHTS_INT8]\n    "
        f"{_CONVERT}",
        "Its activations are int16",
    ),
    "a free batch": (
        f"c = tf.lite.TFLiteConverter.from_keras_model(model)\n    {_RIGHTLY}{_CONVERT}",
        "Its batch is free",
    ),
    "a batch of 4": (
        _TRACE.replace("[1, ", "[4, ")
        + _RIGHTLY.replace("([x[None]] for x in samples)", "([samples[n:n + 4]] for n in range(0, 40, 4))")
        + _CONVERT,
        "takes 4 rows at a time",
    ),
    "samples without a batch": (
        f"{_TRACE}{_OPTIMIZE}c.representative_dataset = lambda: ([x] for x in samples)\n"
        f"    {_INTEGERS}{_BORDER}{_CONVERT}",
        "needs its batch",
    ),
    "calibrated with zeros": (_calibrated("0 * samples"), "its scales do not fit"),
    "calibrated a tenth": (_calibrated("samples / 10"), "its scales do not fit"),
    "calibrated on one": (_calibrated("samples[:1] * 0.05"), "its scales do not fit"),
    "calibrated for 256": (_calibrated("samples * 255"), "what did it see in calibration"),
    "another model": (
        "model = keras.models.clone_model(model)\n"
        "    model.set_weights([np.random.default_rng(1).normal(0, 1, v.shape) for v in model.get_weights()])\n"
        f"    {_TRACE}{_RIGHTLY}{_CONVERT}",
        "another model than the one",
    ),
    "forgets the star": ("return tf.TensorSpec([1, model.input_shape[1:]])", "with a star"),
    "the converter": (f"{_TRACE}{_RIGHTLY}return c", "returns the converter"),
    "forgets the brackets": (f"{_TRACE}{_RIGHTLY}return c.convert", "brackets of `convert()`"),
    "forgets return": (f"{_TRACE}{_RIGHTLY}c.convert()", "return the bytes"),
}

_READ = (
    "from labutils.tflite.anatomy import anatomy\n    found = anatomy(content)\n    graph = found.subgraphs[0]\n    "
    "ts = graph.tensors\n    inputs = [ts[n] for n in graph.inputs]\n    outputs = [ts[n] for n in graph.outputs]\n    "
)
_LOST = "if 'VAR_HANDLE' in found.operators:\n        return 'no weights'\n    "
_FREE = "if any(-1 in t.shape for t in inputs):\n        return 'free size'\n    "
_FLOAT = "if any('float' in t.dtype for t in ts):\n        return 'float inside'\n    "
_FINE = "return 'fine'"


def _float(condition):
    return f"{_READ}{_LOST}{_FREE}if {condition}:\n        return 'float inside'\n    {_FINE}"


def _free(condition):
    return f"{_READ}{_LOST}if {condition}:\n        return 'free size'\n    {_FLOAT}{_FINE}"


def _lost(condition):
    return f"{_READ}if {condition}:\n        return 'no weights'\n    {_FREE}{_FLOAT}{_FINE}"


DIAGNOSE = {
    "all fine": (_FINE, "It says 'fine' of every file"),
    "all float": ("return 'float inside'", "It says 'float inside' of every file"),
    "all free": ("return 'free size'", "It says 'free size' of every file"),
    "all lost": ("return 'no weights'", "It says 'no weights' of every file"),
    "the ends": (_float("any('float' in t.dtype for t in inputs + outputs)"), "It looks for floats at the ends alone"),
    "the input": (_float("'float' in inputs[0].dtype"), "It looks for floats at the input alone"),
    "the first tensor": (_float("'float' in ts[0].dtype"), "It looks for floats at the input alone"),
    "floats first": (f"{_READ}{_FLOAT}{_LOST}{_FREE}{_FINE}", "It looks for floats first"),
    "floats before sizes": (f"{_READ}{_LOST}{_FLOAT}{_FREE}{_FINE}", '"free size" comes before that'),
    "sizes first": (f"{_READ}{_FREE}{_LOST}{_FLOAT}{_FINE}", '"no weights" comes before that'),
    "no look at the weights": (f"{_READ}{_FREE}{_FLOAT}{_FINE}", "It never finds that weights are missing"),
    "searches the bytes": (_lost("b'VAR_HANDLE' in content"), "It never finds that weights are missing"),
    "searches the bytes for a name": (_lost("b'ReadVariableOp' in content"), "It takes a name for an operator"),
    "searches the bytes for a text": ("if 'VAR_HANDLE' in content:\n        return 'no weights'", "not as names: ask"),
    "the weights alone": (f"{_READ}{_LOST}{_FINE}", "It looks for missing weights only"),
    "no look at floats": (f"{_READ}{_LOST}{_FREE}{_FINE}", "It never finds a float"),
    "no look at sizes": (f"{_READ}{_LOST}{_FLOAT}{_FINE}", "It never finds a free size"),
    "shape": (
        _free("any(-1 in d['shape'] for d in Interpreter(model_content=content).get_input_details())"),
        "whose `shape` shows a 1",
    ),
    "the first input": (_free("-1 in inputs[0].shape"), "It looks at the first input alone"),
    "the batch": (_free("any(t.shape[0] == -1 for t in inputs)"), "It looks at the batch alone"),
    "the output": (_free("-1 in outputs[0].shape"), "It looks at the batch alone"),
    "int8 alone": (_float("any(t.dtype != 'int8' for t in ts)"), "It takes int32 for float"),
    "int8 and int32": (_float("any(t.dtype not in ('int8', 'int32') for t in ts)"), "It takes uint8 for float"),
    "no wide integers": (
        _float("any(t.dtype not in ('int8', 'uint8', 'int32') for t in ts)"),
        "It takes int64 for float",
    ),
    "the weights' dtypes": (
        _float("any('float' in t.dtype for t in ts if t.bytes)"),
        "It looks for floats among the weights alone",
    ),
    "one int8 will do": (_float("'int8' not in found.dtypes"), "One int8 tensor is enough"),
    "QUANTIZE and DEQUANTIZE": (
        _float("{'QUANTIZE', 'DEQUANTIZE'} & set(found.operators)"),
        "It looks for QUANTIZE and DEQUANTIZE",
    ),
    "DEQUANTIZE": (_float("'DEQUANTIZE' in found.operators"), "It looks for DEQUANTIZE: a float model"),
    "by size": (_float("len(content) > 5000"), "is right."),
    "another spelling": (f"{_READ}{_LOST}return 'fully integer'", "none of the four texts"),
    "all faults": (f"{_READ}return [n for n in ('free size',) if -1 in inputs[0].shape]", "return one text"),
    "a truth": (f"{_READ}return 'VAR_HANDLE' in found.operators", "It returns a bool"),
    "nothing where fine": (f"{_READ}{_LOST}{_FREE}{_FLOAT}", "For one of the files it returns nothing"),
    "a path": ("return Interpreter(content)", "`Interpreter(model_content=content)`"),
    "asks the bytes": ("return content.operators", "The bytes know nothing"),
    "places for tensors": (f"{_READ}return [n.shape for n in graph.inputs]", "`graph.tensors[place]` is the tensor"),
}

_START = (
    "one = tf.TensorSpec([1, *model.input_shape[1:]], tf.float32)\n"
    "    traced = tf.function(lambda x: model(x)).get_concrete_function(one)\n    "
)
_FILE = """def file(rung):
        c = tf.lite.TFLiteConverter.from_concrete_functions([traced])
        if rung != "float":
            c.optimizations = [tf.lite.Optimize.DEFAULT]
        if rung == "float16":
            c.target_spec.supported_types = [tf.float16]
        if rung == "integer":
            c.representative_dataset = lambda: ([x[None]] for x in samples)
            c.inference_input_type = c.inference_output_type = tf.as_dtype(takes)
        return c.convert()
    """
_FLOATS = '["float", "float16", "dynamic range", "integer"]'
_LADDER = f'rungs = {_FLOATS} if takes == "float32" else ["integer"]\n    '
_FITTING = "files = [f for f in map(file, rungs) if len(f) <= most_bytes]\n    "
_FIRST = "return files[0] if files else None"


def _deliver(start=_START, file=_FILE, ladder=_LADDER, end=_FITTING + _FIRST):
    return f"{start}{file}{ladder}{end}"


def _filed(old, new):
    assert old in _FILE
    return _deliver(file=_FILE.replace(old, new))


def _started(old, new):
    assert old in _START
    return _deliver(start=_START.replace(old, new))


_WITHOUT_DATA = "            c.representative_dataset = lambda: ([x[None]] for x in samples)\n"

DELIVER = {
    "ignores the budget": (_deliver(end="return file(rungs[0])"), "compare `len(content)` with `most_bytes`"),
    "never None": (
        _deliver(end=f"{_FITTING}return files[0] if files else min(map(file, rungs), key=len)"),
        "Where nothing fits it hands over a file",
    ),
    "the smallest": (
        _deliver(end=f"{_FITTING}return min(files, key=len) if files else None"),
        "the float file would have fitted",
    ),
    "no float16": (_deliver(ladder=_LADDER.replace('"float16", ', "")), "the float16 file would have fitted"),
    "no dynamic range": (
        _deliver(ladder=_LADDER.replace('"dynamic range", ', "")),
        "the dynamic range file fits, with about",
    ),
    "no calibrated file for floats": (
        _deliver(ladder=_LADDER.replace(', "integer"]', "]", 1)),
        "the integer file fits, with about",
    ),
    "floats alone": (
        _deliver(end=f"if takes != 'float32':\n        return None\n    {_FITTING}{_FIRST}"),
        "It returns None for a device that takes int8",
    ),
    "a float border": (_filed("tf.as_dtype(takes)", "tf.float32"), "a file has float32 at its border"),
    "int8 for uint8": (
        _filed("tf.as_dtype(takes)", "tf.int8 if takes != 'float32' else tf.float32"),
        "For a device that takes uint8, a file has int8 at its border",
    ),
    "a float output": (_filed("c.inference_output_type = ", ""), "set inference_output_type to tf.int8"),
    "falls back to floats": (
        _deliver(ladder='rungs = ["integer", "dynamic range"] if takes != "float32" else ' + f"{_FLOATS}\n    "),
        "return None where such a file is too large",
    ),
    "a sine inside": (
        _started("lambda x: model(x)", "lambda x: model(x) + 1e-6 * tf.sin(model(x))"),
        "computes in floats between",
    ),
    "a free batch": (_started("[1, *", "[None, *"), "The batch of a file is free"),
    "a batch of 4": (
        _started("[1, *", "[4, *").replace("([x[None]]", "([np.repeat(x[None], 4, 0)]"),
        "takes 4 rows at a time",
    ),
    "no data": (_filed(_WITHOUT_DATA, ""), "Only the integer path may have another border"),
    "calibrated with zeros": (_filed("x[None]", "0 * x[None]"), "its scales do not fit"),
    "calibrated on the first": (_filed("in samples)", "in samples[:5])"), "its scales do not fit"),
    "calibrated for 255": (_filed("x[None]", "x[None] * 255"), "its scales do not fit"),
    "another model": (
        "model = keras.models.clone_model(model)\n"
        "    model.set_weights([np.random.default_rng(1).normal(0, 1, v.shape) for v in model.get_weights()])\n"
        f"    {_deliver()}",
        "another model than the one",
    ),
    "a file from before": (
        _deliver(end=f"kept.extend({_FITTING.split(' = ')[1].strip()})\n    return kept[0] if kept else None"),
        "another model than the one",
    ),
    "a shipped file": ("return shipped", "The batch of a file is free"),
    "the silent route": (
        _filed("_functions([traced])", "_functions([traced], model)"),
        "the list alone",
    ),
    "the silent route, for floats": (
        _filed("_functions([traced])", "_functions([traced], model)")
        .replace(', "integer"]', "]")
        .replace('["integer"]', "[]"),
        "A file holds `VAR_HANDLE`",
    ),
    "a strict budget": (
        _deliver(end=(_FITTING + _FIRST).replace("<=", "<")),
        "which has just as many",
    ),
    "a byte above": (
        _deliver(end=(_FITTING + _FIRST).replace("<= most_bytes", "<= most_bytes + 1")),
        "bytes for a budget of",
    ),
    "the converter": (
        _deliver(file=_FILE.replace("c.convert()", "c"), end="return file(rungs[0])"),
        "returns the converter",
    ),
    "the converter's length": (_filed("c.convert()", "c"), "convert first, and take `len`"),
    "forgets the brackets": (
        _deliver(file=_FILE.replace("c.convert()", "c.convert"), end="return file(rungs[0])"),
        "brackets of `convert()`",
    ),
    "forgets return": (_deliver(end=_FITTING + "files[0] if files else None"), "does it `return` one"),
}

WRONG = {
    "07.choose_path": CHOOSE_PATH,
    "07.pareto_front": PARETO_FRONT,
    "07.fits_edge_tpu": FITS_EDGE_TPU,
    "07.for_edge_tpu": FOR_EDGE_TPU,
    "07.diagnose": DIAGNOSE,
    "07.deliver": DELIVER,
}
