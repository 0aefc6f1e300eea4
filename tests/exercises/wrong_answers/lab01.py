"""Wrong answers to the exercises of lab 01."""

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

WEIGHT_BYTES = {
    "numbers": ("import math; return sum(map(math.prod, shapes))", "counts the numbers"),
    "two bytes": ("import math; return 2 * sum(map(math.prod, shapes))", "as for float16"),
    "eight bytes": ("import math; return 8 * sum(map(math.prod, shapes))", "as for float64"),
    "numpy's own float": ("return sum(np.zeros(shape).nbytes for shape in shapes)", "as for float64"),
    "bits": ("import math; return 32 * sum(map(math.prod, shapes))", "counts bits"),
    "kilobytes": ("import math; return sum(map(math.prod, shapes)) * 4 / 1000", "gives kilobytes:"),
    "kibibytes": ("import math; return sum(map(math.prod, shapes)) * 4 / 1024", "kilobytes of 1024"),
    "scalars for nothing": (
        "import math; return 4 * sum(math.prod(shape) for shape in shapes if shape)",
        "a scalar as nothing",
    ),
    "starts from zero": (
        "total = 0\n"
        "    for shape in shapes:\n"
        "        numbers = 1 if shape else 0\n"
        "        for size in shape:\n"
        "            numbers *= size\n"
        "        total += 4 * numbers\n"
        "    return total",
        "a scalar as nothing",
    ),
    "kernels only": ("import math; return 4 * sum(math.prod(s) for s in shapes if len(s) >= 2)", "kernels only"),
    "adds the sizes": ("return 4 * sum(sum(shape) for shape in shapes)", "adds the sizes"),
    "multiplies all": (
        "total = 4\n"
        "    for shape in shapes:\n"
        "        for size in shape:\n"
        "            total *= size\n"
        "    return total",
        "with one another",
    ),
    "the first size": ("return 4 * sum(shape[0] if shape else 1 for shape in shapes)", "first size of each shape"),
    "the number of shapes": ("return 4 * len(shapes)", "for each shape:"),
    "the number of sizes": ("return 4 * sum(len(shape) for shape in shapes)", "how many sizes"),
    "each shape once": ("import math; return 4 * sum(map(math.prod, set(shapes)))", "equal shapes once"),
    "the first shape": ("import math; return 4 * math.prod(shapes[0]) if shapes else 0", "first shape only"),
    "the last shape": (
        "import math\n"
        "    total = 0\n"
        "    for shape in shapes:\n"
        "        total = 4 * math.prod(shape)\n"
        "    return total",
        "last shape only",
    ),
    "the largest": ("import math; return 4 * max(map(math.prod, shapes), default=0)", "the largest weights only"),
    "returns in the first round": (
        "import math\n    for shape in shapes:\n        return 4 * math.prod(shape)",
        "stand inside the loop",
    ),
    "hard-coded": ("return 8 if shapes else 0", "is right"),
    "the first answer for ever": (
        "import math; kept.append(4 * sum(map(math.prod, shapes))); return kept[0]",
        "is right",
    ),
    "a list": ("import math; return [4 * math.prod(shape) for shape in shapes]", "return one number"),
    "an array of shapes": ("return 4 * np.array(shapes).prod()", "make no array"),
    "adds tuples": ("return 4 * sum(shapes)", "no number yet"),
    "multiplies tuples": ("total = 1\n    for shape in shapes:\n        total = shape * shape", "no number yet"),
    "trips over a scalar": (
        "total = 0\n"
        "    for shape in shapes:\n"
        "        numbers = shape[0]\n"
        "        for size in shape[1:]:\n"
        "            numbers *= size\n"
        "        total += 4 * numbers\n"
        "    return total",
        "a scalar is empty",
    ),
    "trips over an empty list": (
        "import math\n"
        "    total = math.prod(shapes[0])\n"
        "    for shape in shapes[1:]:\n"
        "        total += math.prod(shape)\n"
        "    return 4 * total",
        "The list may be empty",
    ),
    "takes weights": ("return sum(4 * np.prod(weight.shape) for weight in shapes)", "the shapes themselves"),
    "forgets return": ("import math; 4 * sum(map(math.prod, shapes))", "does it end with `return`"),
}

WRONG = {
    "01.convert": CONVERT,
    "01.newest_version": NEWEST_VERSION,
    "01.holds_its_weights": HOLDS_ITS_WEIGHTS,
    "01.largest_error": LARGEST_ERROR,
    "01.weight_bytes": WEIGHT_BYTES,
}
