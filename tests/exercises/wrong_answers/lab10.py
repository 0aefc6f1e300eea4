"""Wrong answers to the exercises of lab 10."""

_TRACE = (
    "one = tf.TensorSpec([1, *model.input_shape[1:]], tf.float32)\n"
    "    traced = tf.function(lambda x: model(x, training=False)).get_concrete_function(one)\n    "
)
_CONVERTER = "c = tf.lite.TFLiteConverter.from_concrete_functions([traced])\n    "
_OPTIMIZE = "c.optimizations = [tf.lite.Optimize.DEFAULT]\n    "
_CONVERT = "return c.convert()"
_PLAIN = f"{_TRACE}{_CONVERTER}{_CONVERT}"
_OTHER = (
    "model = keras.models.clone_model(model)\n"
    "    model.set_weights([np.random.default_rng(1).uniform(0.1, 1, v.shape) for v in model.get_weights()])\n    "
)


def _one(old, new):
    assert old in _PLAIN
    return _PLAIN.replace(old, new)


ONE_AT_A_TIME = {
    "as it is": (
        "return tf.lite.TFLiteConverter.from_keras_model(model).convert()",
        "The batch is still free",
    ),
    "traced with a free batch": (_one("[1, *", "[None, *"), "The batch is still free"),
    "resizes an interpreter": (
        "content = tf.lite.TFLiteConverter.from_keras_model(model).convert()\n"
        "    i = Interpreter(model_content=content)\n"
        "    i.resize_tensor_input(i.get_input_details()[0]['index'], (1, *model.input_shape[1:]))\n"
        "    i.allocate_tensors()\n    return content",
        "Resizing an interpreter changes that interpreter",
    ),
    "a batch of 4": (_one("[1, *", "[4, *"), "The file takes 4 at a time"),
    "no batch at all": (
        _one("[1, *model.input_shape[1:]]", "model.input_shape[1:]").replace("model(x,", "model(x[None],"),
        "without a batch",
    ),
    "the silent route": (_one("_functions([traced])", "_functions([traced], model)"), "The file holds `VAR_HANDLE`"),
    "in training": (_one("training=False", "training=True"), "Traced in training"),
    "dynamic range": (_one(_CONVERTER, _CONVERTER + _OPTIMIZE), "The file holds int8: a float file is asked"),
    "float16": (
        _one(_CONVERTER, f"{_CONVERTER}{_OPTIMIZE}c.target_spec.supported_types = [tf.float16]\n    "),
        "The file holds float16: a float file is asked",
    ),
    "integer": (
        _one(
            _CONVERTER,
            f"{_CONVERTER}{_OPTIMIZE}c.representative_dataset = lambda: ("
            "[np.ones((1, *model.input_shape[1:]), np.float32)] for _ in range(3))\n    ",
        ),
        "The file holds int8: a float file is asked",
    ),
    "another model": (_OTHER + _PLAIN, "does not answer as the model does"),
    "a softmax more": (_one("model(x, training=False)", "tf.nn.softmax(model(x))"), "does not answer as the model"),
    "a file from before": (
        _PLAIN.replace("return c.convert()", "kept.append(c.convert())\n    return kept[0]"),
        "does not answer as the model does",
    ),
    "a shipped file": ("return shipped", "The batch is still free"),
    "forgets the star": (_one("*model.input_shape", "model.input_shape"), "with a star"),
    "forgets the list": (_one("([traced])", "(traced)"), "wants a list"),
    "the traced function": (f"{_TRACE}return traced", "returns the concrete function"),
    "the converter": (f"{_TRACE}{_CONVERTER}return c", "returns the converter"),
    "forgets the brackets": (f"{_TRACE}{_CONVERTER}return c.convert", "brackets of `convert()`"),
    "forgets return": (f"{_TRACE}{_CONVERTER}c.convert()", "return the bytes"),
    "a path": ("return 'digits.tflite'", "return the bytes themselves"),
    "the model": ("return model", "It returns a Keras model"),
}

_REAL = "(low + pixels / 255 * (high - low))"
_END = "return np.clip(np.round({} / scale + zero_point), 0, 255).astype(np.uint8)"


def _stored(real=_REAL, step="{} / scale + zero_point", clip="np.clip(np.round({}), 0, 255)", dtype="uint8"):
    return f"return {clip.format(step.format(real))}.astype(np.{dtype})"


TO_STORED = {
    "cuts off": (_stored(clip="np.clip({}, 0, 255)"), "cuts the fraction off instead"),
    "floors": (_stored(clip="np.clip(np.floor({}), 0, 255)"), "cuts the fraction off instead"),
    "rounds up": (_stored(clip="np.clip(np.ceil({}), 0, 255)"), "It rounds up"),
    "does not clip": (_stored(clip="np.round({}).astype(np.int64)"), "It does not clip"),
    "a cast alone": (_stored(clip="({}).astype(np.int64)"), "And it does not clip"),
    "0 to 1": (_stored("pixels / 255"), "takes black for 0 and white for 1"),
    "-1 to 1": (_stored("(pixels / 127.5 - 1)"), "takes black for -1 and white for 1"),
    "the bytes": ("return pixels", "It hands the bytes over as they are"),
    "bytes for real numbers": (_stored("pixels"), "takes the bytes for the real numbers"),
    "does not divide": (_stored("(low + pixels.astype(float) * (high - low))"), "does not divide by 255"),
    "whole numbers": (_stored("(low + pixels * (high - low))"), "divide by 255 first, which makes real numbers"),
    "multiplies bytes": (_stored("(low + pixels * (high - low) / 255)"), "the product wraps round at 256"),
    "256": (_stored("(low + pixels / 256 * (high - low))"), "It divides by 256"),
    "the negative": (_stored("(high + pixels / 255 * (low - high))"), "It shows the negative"),
    "forgets low": (_stored("(pixels / 255 * (high - low))"), "It forgets to add `low`"),
    "high alone": (_stored("(pixels / 255 * high)"), "It forgets `low`: black becomes 0.0"),
    "low and high": (_stored("(low + pixels / 255 * high)"), "White becomes `low + high`"),
    "the real numbers": (_stored(step="{}"), "leaves scale and zero point out"),
    "the real numbers, cast": (f"return {_REAL}.astype(np.int64).astype(np.uint8)", "leaves scale and zero point out"),
    "no zero point": (_stored(step="{} / scale"), "The zero point is missing"),
    "subtracts it": (_stored(step="{} / scale - zero_point"), "It subtracts the zero point"),
    "the way back": (_stored(step="({} - zero_point) * scale"), "That is the way back"),
    "multiplies": (_stored(step="{} * scale + zero_point"), "multiplies by the scale"),
    "adds first": (_stored(step="({} + zero_point) / scale"), "before the division"),
    "as for int8": (
        _stored(clip="np.clip(np.round({}), -128, 127)", dtype="int64)  # ").replace(")  # )", ").astype(np.uint8)"),
        "as for int8: uint8 holds 0 to 255",
    ),
    "int8": (_stored(clip="np.clip(np.round({}), -128, 127)", dtype="int8"), "It returns int8"),
    "floats": (_stored(dtype="float32"), "It returns float32: round, clip"),
    "real numbers": (f"return {_REAL}", "It returns float64: round, clip"),
    "int64": (_stored(dtype="int64"), "end with `.astype(np.uint8)`"),
    "one long row": (f"{_stored()}.ravel()", "It returns the shape"),
    "a list": (f"{_stored()}.tolist()", "return a numpy array"),
    "Python's round": (_stored(clip="np.clip(round({}), 0, 255)"), "use `np.round`"),
    "Python's min": (_stored(clip="min(max(np.round({}), 0), 255)"), "compares all of its numbers at once"),
    "for one number": (_stored(clip="int(np.round({}))"), "is an array: use"),
    "forgets return": (_stored().removeprefix("return "), "does it end with `return`"),
}

_READ = (
    "from labutils.tflite.anatomy import anatomy\n    graphs = anatomy(content).subgraphs\n    graph = graphs[0]\n    "
    "ts = graph.tensors\n    inputs = [ts[n] for n in graph.inputs]\n    outputs = [ts[n] for n in graph.outputs]\n    "
    "steps = [o for g in graphs for o in g.operators]\n    "
)
_SIZE = "any(-1 in t.shape for t in inputs)"
_TYPE = "any(t.dtype not in ('float32', 'uint8') for t in inputs + outputs)"
_STEP = "any(o.kind != 'builtin' for o in steps)"


def _asked(*pairs):
    steps = (f"if {condition}:\n        return {answer!r}\n    " for answer, condition in pairs)
    return f"{_READ}{''.join(steps)}return"


def _by(size=_SIZE, dtype=_TYPE, step=_STEP):
    return _asked(("free size", size), ("dtype", dtype), ("operator", step))


_S, _T, _O = ("free size", _SIZE), ("dtype", _TYPE), ("operator", _STEP)

REFUSED_BY_BROWSER = {
    "None": ("content = bytes(content)", "It returns None for every file"),
    "always size": ("return 'free size'", 'It says "free size" of every file'),
    "always dtype": ("return 'dtype'", 'It says "dtype" of every file'),
    "always operator": ("return 'operator'", 'It says "operator" of every file'),
    "dtypes first": (_asked(_T, _S, _O), "It asks for dtypes first"),
    "operators before dtypes": (_asked(_S, _O, _T), "It asks for operators before dtypes"),
    "operators first": (_asked(_O, _S, _T), "It asks for operators first"),
    "sizes last": (_asked(_T, _O, _S), "It asks for sizes last"),
    "the wrong way round": (_asked(_O, _T, _S), "Its order is the wrong way round"),
    "no look at sizes": (_asked(_T, _O), "It never finds a free size"),
    "shape": (
        _by(size="any(-1 in ts[n].shape[1:] for n in ())"),
        "whose `shape` shows a 1",
    ),
    "no look at dtypes": (_asked(_S, _O), "It never finds a dtype"),
    "no look at operators": (_asked(_S, _T), "It never finds an operator"),
    "sizes alone": (_asked(_S), "It looks at sizes only"),
    "the first input's size": (_by(size="-1 in inputs[0].shape"), "It looks at the first input's sizes"),
    "the batch": (_by(size="any(t.shape[0] == -1 for t in inputs)"), "It looks at the batch alone"),
    "the output's size": (_by(size="any(-1 in t.shape for t in outputs)"), "It looks at the batch alone"),
    "a batch of 1": (_by(size="any(t.shape[0] != 1 for t in inputs)"), "It refuses a batch of 3"),
    "the inputs' dtypes": (_by(dtype=_TYPE.replace(" + outputs", "")), "It looks at the inputs' dtypes"),
    "the outputs' dtypes": (_by(dtype=_TYPE.replace("inputs + ", "")), "It looks at the outputs' dtypes"),
    "the first ones' dtypes": (
        _by(dtype=_TYPE.replace("inputs + outputs", "(inputs[0], outputs[0])")),
        "It looks at the dtypes of the first input and the first output",
    ),
    "the first output's dtype": (
        _by(dtype=_TYPE.replace("+ outputs", "+ outputs[:1]")),
        "It looks at the first output's dtype",
    ),
    "the first input's dtype": (
        _by(dtype=_TYPE.replace("inputs +", "inputs[:1] +")),
        "It looks at the first input's dtype",
    ),
    "all tensors": (
        _by(dtype=_TYPE.replace("inputs + outputs", "ts")),
        "Only its ends meet the browser",
    ),
    "int8 too": (_by(dtype=_TYPE.replace("'uint8'", "'uint8', 'int8'")), "It lets int8 pass at the ends"),
    "float32 alone": (_by(dtype=_TYPE.replace(", 'uint8'", ",")), "It refuses uint8"),
    "uint8 alone": (_by(dtype=_TYPE.replace("'float32', ", "").replace("'uint8'", "'uint8',")), "It refuses float32"),
    "any float": (
        _by(dtype="any('float' not in t.dtype and t.dtype != 'uint8' for t in inputs + outputs)"),
        "It lets every float pass",
    ),
    "any integer": (
        _by(dtype="any('int' not in t.dtype and t.dtype != 'float32' for t in inputs + outputs)"),
        "It lets every integer pass",
    ),
    "int8 alone": (_by(dtype="any(t.dtype == 'int8' for t in inputs + outputs)"), "It refuses int8 alone"),
    "Flex alone": (_by(step="any(o.name.startswith('Flex') for o in steps)"), "and lets a custom one pass"),
    "custom alone": (_by(step="any(o.kind == 'custom' for o in steps)"), "and lets Flex ones pass"),
    "the first graph": (_by(step="any(o.kind != 'builtin' for o in graph.operators)"), "operators of the first graph"),
    "a name among the operators": (_by(step="b'FlexErf' in content or " + _STEP), "It takes a name for an operator"),
    "searches the bytes": (_by(step="b'Flex' in content"), "It searches the bytes for `Flex`"),
    "searches the bytes for a text": ("return 'operator' if 'Flex' in content else None", "not as names: ask"),
    "asks the bytes": ("return content.operators", "hand them to `anatomy`"),
    "a path": ("return Interpreter(content)", "`Interpreter(model_content=content)`"),
    "runs it": (
        "i = Interpreter(model_content=content)\n    i.allocate_tensors()",
        "An interpreter loads no such file",
    ),
    "places for tensors": (f"{_READ}return [n.shape for n in graph.inputs]", "`graph.tensors[place]` is the tensor"),
    "an operator's code": (f"{_READ}return any(o.builtin for o in steps)", "An operator has a `name` and a `kind`"),
    "another spelling": ("return 'free batch'", "or None, which is no text"),
    "None as a text": ("return 'None'", "or None, which is no text"),
    "a truth": (f"{_READ}return {_SIZE}", "It returns a bool"),
    "all faults": ("return ['free size', 'dtype']", "return one text"),
    "by size": (f"{_READ}return 'dtype' if len(content) > 5000 else None", "is right."),
}

_START = (
    "one = tf.TensorSpec([1, *model.input_shape[1:]], tf.float32)\n"
    "    traced = tf.function(lambda x: model(x)).get_concrete_function(one)\n"
    "    labels = [str(n) for n in range(model.output_shape[1])]\n"
    "    ends = {'low': float(samples.min()), 'high': float(samples.max())}\n    "
)
_FILE = """def file(integer):
        c = tf.lite.TFLiteConverter.from_concrete_functions([traced])
        if integer:
            c.optimizations = [tf.lite.Optimize.DEFAULT]
            c.representative_dataset = lambda: ([x[None]] for x in samples)
            c.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
            c.inference_input_type = tf.uint8
            c.inference_output_type = tf.uint8
        return c.convert()
    from labutils.device.card import make_card
    """
_LADDER = """for content in map(file, (False, True)):
        if len(content) <= most_bytes:
            return content, make_card(content, labels, **ends)"""
_DEPLOY = f"{_START}{_FILE}{_LADDER}"
_DATA = "            c.representative_dataset = lambda: ([x[None]] for x in samples)\n"
_INPUT, _OUTPUT = (f"            c.inference_{end}_type = tf.uint8\n" for end in ("input", "output"))


def _deploy(*pairs):
    code = _DEPLOY
    for old, new in pairs:
        assert old in code, old
        code = code.replace(old, new)
    return code


DEPLOY = {
    "a free batch": (_deploy(("[1, *", "[None, *")), "Trace the model for `tf.TensorSpec([1, ...])`"),
    "from Keras": (
        _deploy(("from_concrete_functions([traced])", "from_keras_model(model)")),
        "Trace the model for `tf.TensorSpec([1, ...])`",
    ),
    "a free batch and another's card": (
        _deploy(
            ("from_concrete_functions([traced])", "from_keras_model(model)"),
            ("return content, make_card(", "return content, make_card(fixed or "),
            ("for content in", "traced_1 = tf.lite.TFLiteConverter.from_concrete_functions([traced])\n"
             "    fixed = traced_1.convert()\n    for content in"),
        ),
        "The batch is still free",
    ),
    "a batch of 4": (
        _deploy(("[1, *", "[4, *"), ("([x[None]]", "([np.repeat(x[None], 4, 0)]")),
        "an app needs 1 x side x side",
    ),
    "the silent route": (_deploy(("([traced])", "([traced], model)")), "with a Keras model behind it the weights"),
    "ignores the budget": (_deploy(("if len(content) <= most_bytes", "if content")), "compare `len(content)` with"),
    "float alone": (_deploy(("(False, True)", "(False,)")), "the full integer file fits, with about"),
    "integer alone": (_deploy(("(False, True)", "(True,)")), "the float file would have fitted"),
    "the smaller one": (_deploy(("(False, True)", "(True, False)")), "the float file would have fitted"),
    "never None": (
        _DEPLOY + "\n    return content, make_card(content, labels, **ends)",
        "Where nothing fits it hands over a file",
    ),
    "a pair of None": (_DEPLOY + "\n    return None, None", "where nothing fits, return None alone"),
    "always None": (_deploy(("return content, make_card", "make_card")), "It returns None for every model"),
    "a strict budget": (_deploy(("<= most_bytes", "< most_bytes")), "which has just as many: that fits"),
    "a byte above": (_deploy(("<= most_bytes", "<= most_bytes + 1")), "bytes for a budget of"),
    "kilobytes": (_deploy(("len(content) <=", "len(content) // 1024 <=")), "compare `len(content)` with"),
    "int8": (
        _deploy(("_input_type = tf.uint8", "_input_type = tf.int8"),
                ("_output_type = tf.uint8", "_output_type = tf.int8")),
        "A file has int8 at its border",
    ),
    "an int8 output": (_deploy(("_output_type = tf.uint8", "_output_type = tf.int8")), "A file has int8 at its border"),
    "a float border": (
        _deploy((_INPUT, ""), (_OUTPUT, "")),
        "float at its border: set inference_input_type and inference_output_type",
    ),
    "a float output": (_deploy((_OUTPUT, "")), "float at its border: set inference_output_type to"),
    "a float input": (_deploy((_INPUT, "")), "float at its border: set inference_input_type to"),
    "dynamic range": (_deploy((_DATA, ""), (_INPUT, ""), (_OUTPUT, "")).replace(
        "            c.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]\n", ""),
        "which is dynamic range",
    ),
    "float16": (_deploy((_DATA, ""), (_INPUT, ""), (_OUTPUT, "")).replace(
        "supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]", "supported_types = [tf.float16]"),
        "A file has weights in float16",
    ),
    "a sine inside": (
        _deploy(("lambda x: model(x)", "lambda x: model(x) + 1e-7 * tf.sin(model(x))"),
                ("TFLITE_BUILTINS_INT8", "TFLITE_BUILTINS")),
        "computes in floats between",
    ),
    "no data": (_deploy((_DATA, "")), "Integers need ranges"),
    "no data, all operators": (
        _deploy((_DATA, ""), ("            c.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]\n", "")),
        "uint8 at the border wants",
    ),
    "no optimizations": (
        _deploy(("            c.optimizations = [tf.lite.Optimize.DEFAULT]\n", "")),
        "uint8 at the border wants",
    ),
    "the data themselves": (
        _deploy(("lambda: ([x[None]] for x in samples)", "samples")),
        "is a function that yields",
    ),
    "samples without a batch": (_deploy(("x[None]", "x")), "Each sample needs its batch"),
    "the first sample": (_deploy(("in samples)", "in samples[:1])")), "yield all of `samples`, unchanged"),
    "the first five": (_deploy(("in samples)", "in samples[:5])")), "The first few do not stand for the rest"),
    "calibrated with zeros": (_deploy(("x[None]", "0 * x[None]")), "yield all of `samples`, unchanged"),
    "calibrated for 255": (_deploy(("x[None]", "x[None] * 255")), "yield all of `samples`, unchanged"),
    "calibrated with 0 to 1": (
        _deploy(("x[None]", "(x[None] - samples.min()) / np.ptp(samples)")),
        "A file was calibrated for 0 to 1",
    ),
    "calibrated with two dots": (
        _deploy(("lambda: ([x[None]] for x in samples)", "lambda: iter([[dots]])"),
                ("def file(", "dots = 0 * samples[:1]\n    dots.flat[[0, -1]] = *ends.values(),\n    def file(")),
        "The answers of a full integer file are off by",
    ),
    "another model": (
        "model = keras.models.clone_model(model)\n"
        "    model.set_weights([np.random.default_rng(1).normal(0, 1, v.shape) for v in model.get_weights()])\n"
        f"    {_DEPLOY}",
        "another model than the one",
    ),
    "nearly the model": (_deploy(("lambda x: model(x)", "lambda x: model(x) * 1.01")), "The answers of a float file"),
    "low and high left out": (_deploy((", **ends", "")), "low and high as they are by default, 0 and 1"),
    "low and high swapped": (
        _deploy(("'low': float(samples.min()), 'high': float(samples.max())",
                 "'low': float(samples.max()), 'high': float(samples.min())")),
        "low and high the wrong way round",
    ),
    "low and high of a sample": (_deploy(("samples.m", "samples[0].m")), "low and high of the first sample"),
    "-1 and 1": (_deploy(("float(samples.min())", "-1.0"), ("float(samples.max())", "1.0")), "The card has -1 for low"),
    "0 and 255": (_deploy(("float(samples.min())", "0"), ("float(samples.max())", "255")), "The card has 0 for low"),
    "low left out": (_deploy(("'low': float(samples.min()), ", "")), "The card has 0 for low"),
    "ten labels": (_deploy(("range(model.output_shape[1])", "range(10)")), "labels were given"),
    "a text of labels": (_deploy(("labels, **", "''.join(labels), **")), "labels were given"),
    "labels from 1": (_deploy(("[str(n)", "[str(n + 1)")), "the numbers of the classes are asked, 0 to"),
    "labels with a word": (_deploy(("str(n)", "f'class {n}'")), "the numbers of the classes are asked, 0 to"),
    "no labels": (_deploy(("labels, **", "**")), "`make_card` wants the labels"),
    "the float file's card": (
        _deploy(("make_card(content,", "make_card(file(False),")),
        "A card was made for another file",
    ),
    "the first card": (
        _deploy(("return content, make_card(content, labels, **ends)",
                 "kept.append(make_card(content, labels, **ends)); return content, kept[0]")),
        "A card was made for another file",
    ),
    "the file alone": (_deploy((", make_card(content, labels, **ends)", "")), "It returns the file alone"),
    "the card first": (
        _deploy(("return content, make_card(content, labels, **ends)",
                 "return make_card(content, labels, **ends), content")),
        "The two have changed places",
    ),
    "the card's text": (_deploy(("**ends)", "**ends).json()")), "The second of the pair is a str"),
    "a dictionary for a card": (
        _deploy(("make_card(content, labels, **ends)", "dict(ends, labels=labels)")),
        "The second of the pair is a dict",
    ),
    "half a card": (
        _deploy(("make_card(content, labels, **ends)",
                 "__import__('dataclasses').replace(make_card(content, labels, **ends), picture=None)")),
        "A card is not as `make_card` makes it",
    ),
    "three": (_deploy(("**ends)", "**ends), labels")), "It returns a tuple: return a pair"),
    "a path": (_deploy(("return content,", "return 'digits.tflite',")), "return the bytes themselves"),
    "the converter's length": (_deploy(("c.convert()", "c")), "convert first, and take `len`"),
    "forgets the star": (_deploy(("*model.input_shape", "model.input_shape")), "with a star"),
}  # fmt: skip

WRONG = {
    "10.one_at_a_time": ONE_AT_A_TIME,
    "10.to_stored": TO_STORED,
    "10.refused_by_browser": REFUSED_BY_BROWSER,
    "10.deploy": DEPLOY,
}
