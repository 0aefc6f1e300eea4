"""Wrong answers that learners give, by exercise: a name, the code, and a phrase that only its own message holds."""

CONVERT = {
    "returns the converter": ("return tf.lite.TFLiteConverter.from_keras_model(model)", "returns the converter"),
    "forgets the brackets": (
        "return tf.lite.TFLiteConverter.from_keras_model(model).convert",
        "brackets of `convert()`",
    ),
    "returns a path": ("return 'model.tflite'", "a path or a text"),
    "returns a Path": ("import pathlib; return pathlib.Path('model.tflite')", "a path or a text"),
    "writes, returns nothing": (
        "tf.lite.TFLiteConverter.from_keras_model(model).convert()",
        "no file has to be written",
    ),
    "returns the model": ("return model", "returns a Keras model"),
    "returns garbage": ("return b'0123456789' * 40", "are no .tflite file"),
    "returns nothing at all": ("return b''", "0 bytes are no .tflite file"),
    "returns a damaged file": ("return to_tflite_rightly(model)[:500]", "truncated or damaged"),
    "the silent route": (
        "import tempfile\n"
        "    with tempfile.TemporaryDirectory() as folder:\n"
        "        tf.saved_model.save(model, folder)\n"
        "        return tf.lite.TFLiteConverter.from_saved_model(folder).convert()",
        "the silent route",
    ),
    "another model": (
        "return tf.lite.TFLiteConverter.from_keras_model(neuron).convert()",
        "another model than the one",
    ),
    "a file from before": (
        "from labutils.models import asset; return asset('neuron.tflite').read_bytes()",
        "another model",
    ),
    "the first model for ever": ("kept.append(to_tflite_rightly(model)); return kept[0]", "another model than the one"),
    "other weights": (
        "clone = keras.models.clone_model(model)\n"
        "    clone.set_weights([value + 1 for value in model.get_weights()])\n"
        "    return to_tflite_rightly(clone)",
        "another model than the one",
    ),
    "trains it first": (
        "model.set_weights([0 * v for v in model.get_weights()]); return to_tflite_rightly(model)",
        "another",
    ),
    "float16": (
        "converter = tf.lite.TFLiteConverter.from_keras_model(model)\n"
        "    converter.optimizations = [tf.lite.Optimize.DEFAULT]\n"
        "    converter.target_spec.supported_types = [tf.float16]\n"
        "    return converter.convert()",
        "leave `optimizations`",
    ),
    "asks the model": ("return model.convert()", "cannot convert itself"),
    "calls the class": ("return tf.lite.TFLiteConverter(model).convert()", "not to `TFLiteConverter` itself"),
    "model as a folder": ("return tf.lite.TFLiteConverter.from_saved_model(model).convert()", "takes a folder"),
    "no such folder": (
        "return tf.lite.TFLiteConverter.from_saved_model('nowhere').convert()",
        "`model.export` has written",
    ),
}

NEWEST_VERSION = {
    "compares as text": ("return max((n for n in names if n.isdecimal()), default=None)", "as texts"),
    "last of the list": ("return ([n for n in names if n.isdecimal()] or [None])[-1]", "last version of the list"),
    "last name": ("return names[-1] if names else None", "last name of the list"),
    "last by alphabet": ("return max(names, default=None)", "by alphabet"),
    "sorted": ("return sorted(names)[-1] if names else None", "by alphabet"),
    "smallest": ("return min((n for n in names if n.isdecimal()), key=int, default=None)", "oldest"),
    "trips over names": ("return max(names, key=int)", "Not every name is a number"),
    "trips over none": ("return max((n for n in names if n.isdecimal()), key=int)", "no version is left"),
    "trips over an empty list": ("return sorted((n for n in names if n.isdecimal()), key=int)[-1]", "may be empty"),
    "returns a number": ("return max((int(n) for n in names if n.isdecimal()), default=None)", "returns the number"),
    "rebuilds the name": (
        "found = max((int(n) for n in names if n.isdecimal()), default=None)\n"
        "    return None if found is None else str(found)",
        "as it stands there",
    ),
    "forgets return": ("max((n for n in names if n.isdecimal()), key=int, default=None)", "does it end with `return`"),
    "a made-up name for none": ("return max((n for n in names if n.isdecimal()), key=int, default='1')", "not in"),
    "a list": ("return sorted((n for n in names if n.isdecimal()), key=int)[-1:]", "return one name"),
    "falls back on any name": (
        "return max((n for n in names if n.isdecimal()), key=int, default=names[0] if names else None)",
        "no whole number, so no version",
    ),
    "picks digits out": (
        "digits = lambda n: int(''.join(c for c in n if c.isdecimal()) or 0)\n"
        "    return max((n for n in names if digits(n)), key=digits, default=None)",
        "picks the digits out",
    ),
    "takes floats": (
        "def number(name):\n"
        "        try:\n"
        "            return float(name)\n"
        "        except ValueError:\n"
        "            return None\n"
        "    return max((n for n in names if number(n) is not None), key=float, default=None)",
        "`99999.5`",
    ),
}

HOLDS_ITS_WEIGHTS = {
    "inverted": ("return 'VAR_HANDLE' in operators", "wrong way round"),
    "always yes": ("return True", "yes to every file"),
    "always no": ("return False", "no to every file"),
    "the first only": ("return operators[0] != 'VAR_HANDLE'", "first operator only"),
    "the last only": ("return operators[-1] != 'VAR_HANDLE'", "last operator only"),
    "returns in the first round": (
        "for name in operators:\n        return name != 'VAR_HANDLE'",
        "first operator only",
    ),
    "forgets the end": (
        "for name in operators:\n        if name == 'VAR_HANDLE':\n            return False",
        "does it end with `return`",
    ),
    "returns a number": ("return operators.count('VAR_HANDLE')", "return `True` or `False`"),
    "misspells": ("return 'VARHANDLE' not in operators", "yes to every file"),
}

LARGEST_ERROR = {
    "mean": ("return np.mean(np.abs(expected - found))", "gives the mean:"),
    "signed": ("return np.max(expected - found)", "`np.abs` first"),
    "signed the other way": ("return float((found - expected).max())", "`np.abs` before"),
    "abs too late": ("return abs(np.max(expected - found))", "comes too late, after the maximum:"),
    "abs too late the other way": ("return np.abs(np.max(found - expected))", "too late, after the maximum,"),
    "nanmax": ("return np.nanmax(np.abs(expected - found))", "leaves NaN out"),
    "Python's max": ("return max(np.abs(expected - found).ravel())", "leaves NaN out"),
    "only finite ones": (
        "gap = np.abs(expected - found)\n    return gap[np.isfinite(gap)].max()",
        "leaves NaN and infinity out",
    ),
    "NaN to zero": ("return np.abs(np.nan_to_num(expected) - np.nan_to_num(found, posinf=0)).max()", "It leaves"),
    "relative": ("return np.max(np.abs(expected - found) / np.abs(expected))", "relative to each value"),
    "relative to the largest": ("return np.abs(expected - found).max() / np.abs(expected).max()", "the largest value:"),
    "difference of the largest": ("return abs(expected.max() - found.max())", "largest values of both"),
    "squared": ("return np.max((expected - found) ** 2)", "square of the error"),
    "mean squared": ("return np.mean((expected - found) ** 2)", "mean squared"),
    "smallest": ("return np.min(np.abs(expected - found))", "smallest difference"),
    "no maximum": ("return np.abs(expected - found)", "return one number"),
    "first row only": ("return np.abs(expected - found)[0].max()", "first row only"),
    "a verdict": ("return bool(np.abs(expected - found).max() < 1)", "a yes or no"),
    "forgets return": ("np.abs(expected - found).max()", "does it end with `return`"),
}

_LOAD = "i = Interpreter(model_content=model)\n    "
_LOADED = f"{_LOAD}i.allocate_tensors()\n    "
_IN, _OUT = "i.get_input_details()[0]['index']", "i.get_output_details()[0]['index']"
_SET = f"i.set_tensor({_IN}, x.astype(np.float32))\n    "
_RUN = f"{_LOADED}{_SET}i.invoke()\n    "

ANSWER = {
    "forgets to invoke": (f"{_LOADED}{_SET}return i.get_tensor({_OUT})[0]", "empty until `invoke()`"),
    "forgets to allocate": (
        f"{_LOAD}{_SET}i.invoke()\n    return i.get_tensor({_OUT})[0]",
        "`allocate_tensors()` is missing",
    ),
    "neither sets nor allocates": (
        f"{_LOAD}i.invoke()\n    return i.get_tensor({_OUT})[0]",
        "`allocate_tensors()` is missing",
    ),
    "keeps a view": (f"{_RUN}return i.tensor({_OUT})()[0]", "a view into"),
    "returns the accessor": (f"{_RUN}return i.tensor({_OUT})", "call it, or use `get_tensor"),
    "returns the batch": (f"{_RUN}return i.get_tensor({_OUT})", "a batch of one"),
    "does not cast": (
        f"{_LOADED}i.set_tensor({_IN}, x)\n    i.invoke()\n    return i.get_tensor({_OUT})[0]",
        "`.astype(np.float32)` makes them fit",
    ),
    "the other model": (f"model = shipped\n    {_RUN}return i.get_tensor({_OUT})[0]", "with the shipped model"),
    "the first model for ever": (
        f"kept.append(model); model = kept[0]\n    {_RUN}return i.get_tensor({_OUT})[0]",
        "is the file `model`",
    ),
    "the first answer for ever": (
        f"{_RUN}kept.append(i.get_tensor({_OUT})[0])\n    return kept[0]",
        "not those of this model",
    ),
    "one buffer for all answers": (f"{_RUN}buffer[:] = i.get_tensor({_OUT})[0]\n    return buffer", "view into"),
    "sets zeros": (f"x = np.zeros_like(x)\n    {_RUN}return i.get_tensor({_OUT})[0]", "not those of this model"),
    "scales the image": (f"x = x / 16\n    {_RUN}return i.get_tensor({_OUT})[0]", "not those of this model"),
    "unfilled memory": ("return np.full(10, 3e30, np.float32)", "before `invoke()`"),
    "zeros": ("return np.zeros(10, np.float32)", "before `invoke()`"),
    "NaN": ("return np.full(10, np.nan, np.float32)", "before `invoke()`"),
    "the class": (f"{_RUN}return i.get_tensor({_OUT})[0].argmax()", "return all ten"),
    "a list": (f"{_RUN}return i.get_tensor({_OUT})[0].tolist()", "return a numpy array"),
    "the input": (f"{_RUN}return i.get_tensor({_IN})", "that is the input tensor"),
    "bytes as a path": ("i = Interpreter(model)\n    return i", "`Interpreter(model_content=model)`"),
    "details for an index": (f"{_LOADED}i.set_tensor(i.get_input_details()[0], x)", "meant by its index"),
}

QUANTIZE = {
    "straight to int8": ("return (real / scale + zero_point).astype(np.int8)", "And it does not clip"),
    "cuts off": ("return np.clip(real / scale + zero_point, -128, 127).astype(np.int8)", "before the cast."),
    "floors": (
        "return np.clip(np.floor(real / scale + zero_point), -128, 127).astype(np.int8)",
        "cuts the fraction off",
    ),
    "rounds up": ("return np.clip(np.ceil(real / scale + zero_point), -128, 127).astype(np.int8)", "rounds up"),
    "adds a half": ("return np.clip(real / scale + zero_point + 0.5, -128, 127).astype(np.int8)", "Adding a half"),
    "does not clip": ("return np.round(real / scale + zero_point).astype(np.int8)", "does not clip"),
    "no zero point": ("return np.clip(np.round(real / scale), -128, 127).astype(np.int8)", "zero point is missing"),
    "subtracts it": (
        "return np.clip(np.round(real / scale - zero_point), -128, 127).astype(np.int8)",
        "quantizing adds",
    ),
    "multiplies": ("return np.clip(np.round(real * scale + zero_point), -128, 127).astype(np.int8)", "divides by it"),
    "adds first": ("return np.clip(np.round((real + zero_point) / scale), -128, 127).astype(np.int8)", "divide first"),
    "clips first": ("return (np.clip(np.round(real / scale), -128, 127) + zero_point).astype(np.int8)", "clip last"),
    "clips first, adds int8": (
        "return np.clip(np.round(real / scale), -128, 127).astype(np.int8) + np.int8(zero_point)",
        "clip last",
    ),
    "float": ("return np.clip(np.round(real / scale + zero_point), -128, 127)", "`.astype(np.int8)`"),
    "uint8": ("return np.clip(np.round(real / scale + zero_point), 0, 255).astype(np.uint8)", "returns uint8"),
    "range of uint8": (
        "return np.clip(np.round(real / scale + zero_point), 0, 255).astype(np.int64).astype(np.int8)",
        "0 to 255",
    ),
    "clips at 0": ("return np.clip(np.round(real / scale + zero_point), 0, 127).astype(np.int8)", "clips at 0:"),
    "clips at -127": (
        "return np.clip(np.round(real / scale + zero_point), -127, 127).astype(np.int8)",
        "clips at -127",
    ),
    "clips at 128": (
        "return np.clip(np.round(real / scale + zero_point), -128, 128).astype(np.int64).astype(np.int8)",
        "128, which",
    ),
    "flattens": ("return np.zeros(3, np.int8)", "is asked"),
    "a list": (
        "return np.clip(np.round(real / scale + zero_point), -128, 127).astype(np.int8).tolist()",
        "numpy array",
    ),
    "constant": ("return np.zeros(real.shape, np.int8)", "is right"),
}

DEQUANTIZE = {
    "subtracts in int8": ("return ((stored - zero_point) * scale).astype(np.float32)", "done in int8"),
    "subtracts an int8": (
        "return ((stored - np.int8(zero_point)) * np.float32(scale)).astype(np.float32)",
        "done in int8",
    ),
    "adds": ("return ((stored.astype(np.float32) + zero_point) * scale).astype(np.float32)", "adds the zero point:"),
    "adds in int8": ("return ((stored + zero_point) * scale).astype(np.float32)", "and in int8"),
    "divides": ("return ((stored.astype(np.float32) - zero_point) / scale).astype(np.float32)", "divides by the scale"),
    "no zero point": ("return (stored * scale).astype(np.float32)", "zero point is missing"),
    "scales first": ("return (stored * scale - zero_point).astype(np.float32)", "subtract first"),
    "wrong way round": (
        "return ((zero_point - stored.astype(np.float32)) * scale).astype(np.float32)",
        "from the zero point",
    ),
    "integers": ("return ((stored.astype(np.float32) - zero_point) * scale).astype(np.int32)", "whole numbers, int32"),
    "cut off": ("return np.trunc((stored.astype(np.float32) - zero_point) * scale)", "cuts off the fraction"),
    "rounded": ("return np.round((stored.astype(np.float32) - zero_point) * scale)", "rounds to whole"),
    "no scale": ("return stored.astype(np.float32) - zero_point", "scale is missing"),
    "float64": ("return (stored.astype(np.float64) - zero_point) * scale", "`.astype(np.float32)`"),
    "one number": ("return float(stored.flat[0])", "numpy array of shape"),
    "NaN": ("return np.full(stored.shape, np.nan, np.float32)", "is right"),
}

_BATCH = (
    "i = Interpreter(model_content=model)\n"
    f"    i.resize_tensor_input({_IN}, images.shape)\n"
    "    i.allocate_tensors()\n"
    f"    i.set_tensor({_IN}, images)\n"
    "    i.invoke()\n"
    f"    p = i.get_tensor({_OUT})\n    "
)

ACCURACY = {
    "per cent": (f"{_BATCH}return 100 * (p.argmax(1) == labels).mean()", "per cent"),
    "count": (f"{_BATCH}return (p.argmax(1) == labels).sum()", "counts the right answers"),
    "error rate": (f"{_BATCH}return (p.argmax(1) != labels).mean()", "share of wrong answers"),
    "the first image": (f"{_BATCH}return float(p[0].argmax() == labels[0])", "Only the first image counts"),
    "the first image, divided": (
        f"{_BATCH}return int(p[0].argmax() == labels[0]) / len(labels)",
        "then divided by all",
    ),
    "the first 32": (
        "images, labels = images[:32], labels[:32]\n    " + _BATCH + "return (p.argmax(1) == labels).mean()",
        "first 32",
    ),
    "argmin": (f"{_BATCH}return (p.argmin(1) == labels).mean()", "least likely"),
    "max for argmax": (f"{_BATCH}return (p.max(1) == labels).mean()", "largest probability with the label"),
    "confidence": (f"{_BATCH}return p.max(1).mean()", "how sure the model is"),
    "no axis": (f"{_BATCH}return (p.argmax() == labels).mean()", "one number for all images"),
    "axis 0": (f"{_BATCH}return (p.argmax(0) == labels).mean()", "along axis 1"),
    "everything with everything": (
        f"{_BATCH}return (p.argmax(1)[:, None] == labels).mean()",
        "every answer with every label",
    ),
    "no mean": (f"{_BATCH}return p.argmax(1) == labels", "return one number"),
    "no resize": (
        f"{_LOADED}i.set_tensor({_IN}, images)\n    i.invoke()\n"
        f"    return (i.get_tensor({_OUT}).argmax(1) == labels).mean()",
        "room for one image",
    ),
    "resize without allocate": (
        _BATCH.replace("    i.allocate_tensors()\n", "") + "return 0.5",
        "`allocate_tensors()` is missing",
    ),
    "no invoke": (_BATCH.replace("    i.invoke()\n", "") + "return 0.5", "empty until `invoke()`"),
    "the shipped model": (
        f"model = shipped\n    {_BATCH}return (p.argmax(1) == labels).mean()",
        "asks the shipped model",
    ),
    "a constant": ("return 0.9", "are answered right"),
    "NaN": ("return float('nan')", "are answered right"),
    "forgets return": (f"{_BATCH}(p.argmax(1) == labels).mean()", "does it end with `return`"),
}

WRONG = {
    "01.convert": CONVERT,
    "01.newest_version": NEWEST_VERSION,
    "01.holds_its_weights": HOLDS_ITS_WEIGHTS,
    "01.largest_error": LARGEST_ERROR,
    "06.answer": ANSWER,
    "06.quantize": QUANTIZE,
    "06.dequantize": DEQUANTIZE,
    "06.accuracy": ACCURACY,
}
