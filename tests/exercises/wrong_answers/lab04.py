"""Wrong answers to the exercises of lab 04."""

_WIDE = "low, high = min(low, 0), max(high, 0)\n    "
_SCALE = f"{_WIDE}scale = (high - low) / 255\n    "

SCALE_AND_ZERO_POINT = {
    "256 steps": (f"{_WIDE}scale = (high - low) / 256\n    return scale, round(-128 - low / scale)", "divides by 256"),
    "254 steps": (f"{_WIDE}scale = (high - low) / 254\n    return scale, round(-128 - low / scale)", "divides by 254"),
    "127 steps": (
        f"{_WIDE}scale = (high - low) / 127\n    return scale, max(-128, min(127, round(-128 - low / scale)))",
        "divides by 127",
    ),
    "not widened": (
        "scale = (high - low) / 255\n    return scale, max(-128, min(127, round(-128 - low / scale)))",
        "`max(high, 0)`.",
    ),
    "not widened, not clipped": (
        "scale = (high - low) / 255\n    return scale, round(-128 - low / scale)",
        "the zero point leaves int8",
    ),
    "widens one end only": (
        "low = min(low, 0)\n    scale = (high - low) / 255\n    return scale, round(-128 - low / scale)",
        "does not hold 0, and is widened",
    ),
    "symmetric": ("return max(abs(low), abs(high)) / 127, 0", "symmetric quantization"),
    "of uint8": (f"{_SCALE}return scale, round(-low / scale)", "that of uint8"),
    "adds": (f"{_SCALE}return scale, round(-128 + low / scale)", "has a sign wrong"),
    "all signs": (f"{_SCALE}return scale, max(-128, min(127, round(128 + low / scale)))", "its sign wrong all through"),
    "cuts off": (f"{_SCALE}return scale, int(-128 - low / scale)", "`int` cuts"),
    "floors": (f"{_SCALE}return scale, int(np.floor(-128 - low / scale))", "rounded down"),
    "not rounded": (f"{_SCALE}return scale, -128 - low / scale", "so round it to an `int`"),
    "rounded by numpy": (f"{_SCALE}return scale, np.round(-128 - low / scale)", "so round it to an `int`"),
    "zero for every range": (f"{_SCALE}return scale, 0", "0 for every range"),
    "-128 for every range": (f"{_SCALE}return scale, -128", "-128 for every range"),
    "upside down": (f"{_SCALE}return 1 / scale, round(-128 - low / scale)", "upside down"),
    "leaves low out": (f"{_SCALE}return high / 255, round(-128 - low / scale)", "leaves `low` out"),
    "swapped": (f"{_SCALE}return round(-128 - low / scale), scale", "changed places"),
    "the scale alone": (f"{_SCALE}return scale", "return two numbers"),
    "a constant": ("return 0.0078, 0", "are right"),
    "forgets return": (f"{_SCALE}scale, round(-128 - low / scale)", "does it end with"),
    "a text": ("return 'scale', 0", "The scale is a str"),
    "divides by zero": ("scale = max(low, 0)\n    return scale, round(-low / scale)", "Widen the range before"),
    "NaN": ("return float('nan'), 0", "are right"),
}

_LARGEST = "largest = np.abs(weights).max(axis=(0, 1, 2))\n    largest = np.where(largest > 0, largest, 1)\n    "
_END = "\n    return np.round(weights / scales).astype(np.int8), scales.astype(np.float32)"

PER_CHANNEL = {
    "one scale": ("scales = np.abs(weights).max() / 127" + _END, "one number for the whole kernel"),
    "one scale, repeated": (
        "scales = np.full(weights.shape[3], np.abs(weights).max() / 127)" + _END,
        "One scale serves all channels",
    ),
    "one scale for the storing": (
        f"{_LARGEST}scales = largest / 127\n"
        "    return np.round(weights / scales.max()).astype(np.int8), scales.astype(np.float32)",
        "by one scale for all channels",
    ),
    "input channels": (
        "scales = np.abs(weights).max(axis=(0, 1, 3)) / 127\n"
        "    return np.round(weights / scales[:, None]).astype(np.int8), scales",
        "one for each input channel",
    ),
    "the first axis, as in a file": (
        "scales = np.abs(weights).max(axis=(1, 2, 3)) / 127\n"
        "    return np.round(weights / scales[:, None, None, None]).astype(np.int8), scales",
        "one for each row or column",
    ),
    "the wrong axis, not lined up": (
        "scales = np.abs(weights).max(axis=(0, 1, 3)) / 127" + _END,
        "The scales belong to the last axis",
    ),
    "keeps the axes": (
        "largest = np.abs(weights).max(axis=(0, 1, 2), keepdims=True)\n"
        "    scales = np.where(largest > 0, largest, 1) / 127" + _END,
        "`.reshape(-1)`",
    ),
    "zeros": ("scales = np.abs(weights).max(axis=(0, 1, 2)) / 127" + _END, "A channel of zeros gets the scale 0"),
    "128, wraps": (
        f"{_LARGEST}scales = largest / 128\n"
        "    return np.round(weights / scales).astype(np.int16).astype(np.int8), scales",
        "128 does not fit",
    ),
    "128, clips": (
        f"{_LARGEST}scales = largest / 128\n"
        "    return np.clip(np.round(weights / scales), -128, 127).astype(np.int8), scales",
        "does not fit and is clipped",
    ),
    "255 steps": (
        f"{_LARGEST}scales = 2 * largest / 255\n"
        "    return np.round(weights / scales).astype(np.int16).astype(np.int8), scales.astype(np.float32)",
        "puts 0.0 between two of them",
    ),
    "asymmetric": (
        "width = np.ptp(weights, axis=(0, 1, 2))\n    scales = np.where(width > 0, width, 1) / 255\n"
        "    return np.clip(np.round(weights / scales), -128, 127).astype(np.int8), scales",
        "as for asymmetric numbers",
    ),
    "without abs": (
        "largest = weights.max(axis=(0, 1, 2))\n    scales = np.where(largest > 0, largest, 1) / 127\n"
        "    return np.clip(np.round(weights / scales), -128, 127).astype(np.int8), scales",
        "not the largest absolute value",
    ),
    "cuts off": (
        f"{_LARGEST}scales = largest / 127\n    return (weights / scales).astype(np.int8), scales",
        "cuts the fraction off",
    ),
    "floors": (
        f"{_LARGEST}scales = largest / 127\n    return np.floor(weights / scales).astype(np.int8), scales",
        "rounds down",
    ),
    "upside down": (
        f"{_LARGEST}scales = 127 / largest\n    return np.round(weights * scales).astype(np.int8), scales",
        "upside down",
    ),
    "the largest": (
        f"{_LARGEST}return np.round(weights * 127 / largest).astype(np.int8), largest",
        "the largest weights instead",
    ),
    "not cast": (f"{_LARGEST}scales = largest / 127\n    return np.round(weights / scales), scales", "int8 is asked"),
    "float64 scales": (
        f"{_LARGEST}scales = np.float64(largest) / 127\n    return np.round(weights / scales).astype(np.int8), scales",
        "The scales are float64",
    ),
    "a list of scales": (
        f"{_LARGEST}scales = largest / 127\n    return np.round(weights / scales).astype(np.int8), scales.tolist()",
        "The scales are a list",
    ),
    "the stored alone": (f"{_LARGEST}return np.round(weights * 127 / largest).astype(np.int8)", "return two arrays"),
    "swapped": (
        f"{_LARGEST}scales = largest / 127\n    return scales, np.round(weights / scales).astype(np.int8)",
        "the stored numbers, of shape",
    ),
    "all zeros": ("return np.zeros(weights.shape, np.int8), np.ones(weights.shape[3], np.float32)", "is stored as 0"),
}


def _samples(line, returned="samples"):
    return f"def samples():\n        for image in images:\n            {line}\n    return {returned}"


_CAST = "image[np.newaxis].astype(np.float32)"
_YIELD = f"yield [{_CAST}]"

REPRESENTATIVE = {
    "returns the generator": (_samples(_YIELD, "samples()"), "returns a generator: return the function"),
    "is the generator": (f"for image in images:\n        {_YIELD}", "has a `yield` of its own"),
    "returns a list": (f"return [[{_CAST}] for image in images]", "returns a list: return a function"),
    "yields the array": (_samples(f"yield {_CAST}"), "yield a list, with an entry"),
    "yields a tuple": (_samples(f"yield ({_CAST},)"), "yields a tuple"),
    "yields a dictionary": (_samples(f"yield {{'image': {_CAST}}}"), "yields a dictionary"),
    "all at once": ("return lambda: iter([[images.astype(np.float32)]])", "images at once"),
    "all in one list": (f"return lambda: iter([[{_CAST} for image in images]])", "yields a list of"),
    "no batch axis": (_samples("yield [image.astype(np.float32)]"), "the batch axis is missing"),
    "the axis behind": (_samples("yield [image[..., np.newaxis].astype(np.float32)]"), "a batch of one image"),
    "two batch axes": (_samples(f"yield [{_CAST}[np.newaxis]]"), "a batch of one image"),
    "does not cast": (_samples("yield [image[np.newaxis]]"), "It yields float64"),
    "float16": (_samples("yield [image[np.newaxis].astype(np.float16)]"), "It yields float16"),
    "uint8": (_samples("yield [image[np.newaxis].astype(np.uint8)]"), "calibration happens on the float model"),
    "int8": (_samples("yield [(image[np.newaxis] * 127).astype(np.int8)]"), "It yields int8"),
    "cut to whole numbers": (
        _samples("yield [image[np.newaxis].astype(np.int8).astype(np.float32)]"),
        "cuts the images to whole",
    ),
    "yields nothing": ("def samples():\n        return\n        yield\n    return samples", "yields nothing"),
    "forgets to yield": (_samples(f"[{_CAST}]"), "needs a `yield`"),
    "returns in the loop": (_samples(f"return [[{_CAST}]]"), "It yields 1 of"),
    "breaks off": (_samples(f"{_YIELD}\n            break"), "It yields 1 of"),
    "the first hundred": (f"images = images[:100]\n    {_samples(_YIELD)}", "yields 100 of 130"),
    "the first image for ever": (
        _samples("yield [images[:1].astype(np.float32)]"),
        "one and the same image every time",
    ),
    "without an end": (
        f"def samples():\n        while True:\n            for image in images:\n                {_YIELD}\n"
        "    return samples",
        "more often than there are images",
    ),
    "used up": (f"used = ([{_CAST}] for image in images)\n    return lambda: used", "its generator is used up"),
    "divides by 255": (_samples(f"yield [{_CAST} / 255]"), "divides the images by 255"),
    "scales to -1 to 1": (_samples(f"yield [{_CAST} / 127.5 - 1]"), "moves the images to -1 to 1"),
    "doubles": (_samples(f"yield [2 * {_CAST} - 1]"), "doubles the images"),
    "to 0 to 1": (_samples(f"yield [({_CAST} + 1) / 2]"), "moves the images to 0 to 1"),
    "to 0 to 255": (_samples(f"yield [{_CAST} * 255]"), "multiplies the images by 255"),
    "noise": (
        "noise = np.random.default_rng(0).normal(size=images.shape).astype(np.float32)\n"
        "    return lambda: ([image[None]] for image in noise)",
        "not those of the images",
    ),
    "wants an argument": (f"def samples(n):\n        {_YIELD}\n    return samples", "calls it without arguments"),
    "Python lists": (_samples(f"yield [{_CAST}.tolist()]"), "The list holds a list: an array"),
    "forgets to return": (_samples(_YIELD).rsplit("\n", 1)[0], "returning the inner function"),
    "stops half way": (_samples("yield [missing]"), "stops with NameError"),
}

_TENSORS = "for entry in Interpreter(model_content=content).get_tensor_details():\n        "
_ENDS = (
    "i = Interpreter(model_content=content)\n"
    "    for entry in i.get_input_details() + i.get_output_details():\n"
    "        assert entry['dtype'] != np.float32"
)
_ANATOMY = (
    "from labutils.tflite.anatomy import anatomy\n"
    "    found = anatomy(content)\n"
    "    graph = found.subgraphs[0]\n"
    "    names = set(found.operators)\n    "
)

ASSERT_FULLY_INTEGER = {
    "the input": (
        "assert Interpreter(model_content=content).get_input_details()[0]['dtype'] != np.float32",
        "looks at the input alone",
    ),
    "the first tensor": (f"{_TENSORS}assert entry['dtype'] != np.float32\n        return", "or at the first tensor"),
    "the output": (
        "assert Interpreter(model_content=content).get_output_details()[0]['dtype'] != np.float32",
        "looks at the output alone",
    ),
    "the ends": (_ENDS, "looks at inputs and outputs alone"),
    "compares with a text": (f"{_TENSORS}assert entry['dtype'] != 'float32'", "is a type, `np.float32`"),
    "int8 alone": (f"{_TENSORS}assert entry['dtype'] == np.int8", "Their biases are int32"),
    "int8 and int32 alone": (f"{_TENSORS}assert entry['dtype'] in (np.int8, np.int32)", "with uint8 at its ends"),
    "no wide integers": (
        f"{_TENSORS}assert entry['dtype'] in (np.int8, np.uint8, np.int32)",
        "returns the class as int64",
    ),
    "no int16": (f"{_TENSORS}assert entry['dtype'] in (np.int8, np.uint8, np.int32, np.int64)", "with int16 between"),
    "any int8 will do": (
        f"{_ANATOMY}assert {{'int8', 'uint8'}} & set(found.dtypes)",
        "One integer tensor is enough",
    ),
    "the wrong way round": (f"{_ANATOMY}assert 'float32' in found.dtypes", "the wrong way round"),
    "QUANTIZE and DEQUANTIZE": (
        f"{_ANATOMY}assert not names & {{'QUANTIZE', 'DEQUANTIZE'}}",
        "looks for QUANTIZE and DEQUANTIZE",
    ),
    "DEQUANTIZE": (f"{_ANATOMY}assert 'DEQUANTIZE' not in names", "looks for DEQUANTIZE: a float model has none"),
    "float16": (f"{_TENSORS}assert entry['dtype'] != np.float16", "looks for float16 only"),
    "the weights": (
        f"{_ANATOMY}assert not any(t.dtype.startswith('float') for t in graph.tensors if t.bytes)",
        "looks at the weights alone",
    ),
    "leaves the ends out": (
        "from labutils.tflite.integer import assert_fully_integer\n    assert_fully_integer(content, io=False)",
        "leaves the inputs and outputs out",
    ),
    "dynamic range will do": (
        f"{_ANATOMY}floats = {{t.dtype for t in graph.tensors}} >= {{'float32', 'int8'}}\n"
        "    consts = [t.dtype for t in graph.tensors if t.bytes]\n"
        "    crossing = names & {'QUANTIZE', 'DEQUANTIZE'}\n"
        "    assert not ('float32' in found.dtypes and (crossing or 'int8' not in consts))",
        "lets a dynamic-range file pass",
    ),
    "always": ("raise AssertionError('float')", "raises for every file"),
    "never": ("Interpreter(model_content=content)", "raises for no file at all"),
    "returns the verdict": (
        "return all(e['dtype'] != np.float32 for e in Interpreter(model_content=content).get_tensor_details())",
        "let it raise an AssertionError",
    ),
    "another error": (
        f"{_TENSORS}if entry['dtype'] == np.float32:\n            raise ValueError('float')",
        "What it raises has to be an `AssertionError`",
    ),
    "a path": ("Interpreter(content)", "`Interpreter(model_content=content)`"),
    "returns the floats": (
        f"{_ANATOMY}return [t.name for t in graph.tensors if t.dtype == 'float32']",
        "It returns a list",
    ),
}

_SQUARE = "model.get_layer('energy').activation = lambda x: x * x\n    "
_OPTIMIZE = "converter.optimizations = [tf.lite.Optimize.DEFAULT]\n    "
_DATA = "converter.representative_dataset = lambda: ([image[None]] for image in images)\n    "
_OPS = "converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]\n    "
_INT8 = "converter.inference_input_type = converter.inference_output_type = tf.int8\n    "


def _repair(activation=_SQUARE, settings=(_OPTIMIZE, _DATA, _OPS, _INT8), end="return converter.convert()"):
    return f"{activation}converter = tf.lite.TFLiteConverter.from_keras_model(model)\n    {''.join(settings)}{end}"


def _instead(function):
    return _repair(_SQUARE.replace("x * x", function))


def _calibrated(dataset):
    return _repair(settings=(_OPTIMIZE, f"converter.representative_dataset = {dataset}\n    ", _OPS, _INT8))


REPAIR = {
    "leaves the square": (_repair(""), "still computes 1 SQUARE"),
    "another name for it": (_instead("keras.ops.square(x)"), "still computes 1 SQUARE"),
    "a power": (_instead("keras.ops.abs(x) ** 2.5"), "still computes in float (1 POW)"),
    "the old quantizer": (
        _repair("", (_OPTIMIZE, _DATA, _OPS, _INT8, "converter.experimental_new_quantizer = False\n    ")),
        "The old quantizer refuses",
    ),
    "float ends": (_repair(settings=(_OPTIMIZE, _DATA, _OPS)), "takes image as float32 and returns output_0"),
    "a float output": (
        _repair(settings=(_OPTIMIZE, _DATA, _OPS, "converter.inference_input_type = tf.int8\n    ")),
        "returns output_0 as float32: set converter.inference_output_type",
    ),
    "uint8 ends": (_repair(settings=(_OPTIMIZE, _DATA, _OPS, _INT8.replace("int8", "uint8"))), "returns uint8"),
    "16 bits": (
        _repair(
            settings=(
                _OPTIMIZE,
                _DATA,
                _OPS.replace("TFLITE", "EXPERIMENTAL_TFLITE").replace("INT8", "ACTIVATIONS_INT16_WEIGHTS_INT8"),
                _INT8.replace("int8", "int16"),
            )
        ),
        "takes and returns int16",
    ),
    "dynamic range": (_repair(settings=(_OPTIMIZE,)), "give a representative_dataset"),
    "a float model": (_repair(settings=()), "quantizes nothing"),
    "no dataset": (_repair(settings=(_OPTIMIZE, _OPS, _INT8)), "Full integer needs ranges"),
    "no optimizations": (_repair(settings=(_DATA, _OPS, _INT8)), "set `converter.optimizations`"),
    "an empty dataset": (_calibrated("lambda: iter([])"), "quantizes nothing"),
    "a generator": (_calibrated("([image[None]] for image in images)"), "is a function, or a lambda"),
    "bare arrays": (_calibrated("lambda: (image[None] for image in images)"), "The dataset yields a list"),
    "no batch axis": (_calibrated("lambda: ([image] for image in images)"), "in a batch of one"),
    "float64": (_calibrated("lambda: ([image[None].astype(float)] for image in images)"), "yields float32"),
    "one image": (_calibrated("lambda: [[images[:1]]]"), "The input was calibrated for"),
    "scaled images": (_calibrated("lambda: ([image[None] / 255] for image in images)"), "The input was calibrated for"),
    "blank images": (_calibrated("lambda: [[0 * images[:1]]]"), "The input was calibrated for"),
    "ReLU": (_instead("keras.ops.relu(x)"), "as if ReLU stood"),
    "the absolute value": (_instead("keras.ops.abs(x)"), "as if the absolute value stood"),
    "no activation": (_instead("x"), "as if nothing at all stood"),
    "doubles": (_instead("2 * x"), "as if twice the value stood"),
    "half the square": (_instead("0.5 * x * x"), "the same numbers as the square"),
    "other weights": (
        _repair(
            f"{_SQUARE}model.set_weights([value + 1 for value in model.get_weights()])\n    ",
        ),
        "far from the model's",
    ),
    "a plain clone": (_repair("model = keras.models.clone_model(model)\n    "), "A clone is built from"),
    "the silent route": (
        _SQUARE + "import tempfile\n"
        "    with tempfile.TemporaryDirectory() as folder:\n"
        "        tf.saved_model.save(model, folder)\n"
        "        return tf.lite.TFLiteConverter.from_saved_model(folder).convert()",
        "holds `VAR_HANDLE`",
    ),
    "forgets to convert": (_repair(end="return converter"), "returns the converter"),
    "returns the model": (f"{_SQUARE}return model", "returns a Keras model"),
    "a file from before": (
        "from labutils.models import asset; return asset('digits_cnn_int8.tflite').read_bytes()",
        "far from the model's",
    ),
    "the first model for ever": (
        _repair(end="kept.append(converter.convert())\n    return kept[0]"),
        "far from the model's",
    ),
}


def _layers(count, end=""):
    return f"return sum({count} for h, w, i, o in shapes){end}"


INTEGER_BYTES = {
    "no scales": (_layers("h * w * i * o + 4 * o"), "The scales and zero points are missing"),
    "scales of the kernel alone": (_layers("h * w * i * o + 4 * o + 12 * o"), "counted once for every channel"),
    "the weights alone": (_layers("h * w * i * o"), "Only the weights are counted"),
    "no biases": (_layers("h * w * i * o + 2 * 12 * o"), "The biases are missing: one number"),
    "no biases at all": (_layers("h * w * i * o + 12 * o"), "It has 12 bytes for an output channel"),
    "no zero points": (_layers("h * w * i * o + 4 * o + 2 * 4 * o"), "It has 12 bytes for an output channel"),
    "a bias of one byte": (_layers("h * w * i * o + o + 24 * o"), "It has one byte for a bias"),
    "zero points of 4 bytes": (_layers("h * w * i * o + 4 * o + 2 * 8 * o"), "It has 4 bytes for a zero point"),
    "zero points of one byte": (_layers("h * w * i * o + 4 * o + 2 * 5 * o"), "It has one byte for a zero point"),
    "per tensor": (_layers("h * w * i * o + 4 * o + 24"), "for a whole tensor"),
    "per layer": (_layers("h * w * i * o + 4 * o + 12"), "a single scale and zero point for a layer"),
    "per input channel": (_layers("h * w * i * o + 4 * o + 24 * i"), "The scales go by the input channels"),
    "float weights": (_layers("4 * h * w * i * o + 28 * o"), "It has 4 bytes for a weight, as in"),
    "the float file": (_layers("4 * (h * w * i * o + o)"), "That is the float file"),
    "bits": (_layers("8 * (h * w * i * o + 28 * o)"), "That is in bits"),
    "kilobytes": (_layers("h * w * i * o + 28 * o", " / 1000"), "That is in kilobytes"),
    "by 1,024": (_layers("h * w * i * o + 28 * o", " / 1024"), "in units of 1,024 bytes"),
    "one output": (_layers("h * w * i + 28 * o"), "The weights leave the outputs out"),
    "square kernels": (_layers("h * h * i * o + 28 * o"), "takes every kernel for a square"),
    "a set": (
        "return sum(h * w * i * o + 28 * o for h, w, i, o in set(shapes))",
        "layers of the same shape once",
    ),
    "the first layer": (
        "for h, w, i, o in shapes:\n        return h * w * i * o + 28 * o",
        "It counts the first layer only",
    ),
    "the last layer": (
        "for h, w, i, o in shapes:\n        total = h * w * i * o + 28 * o\n    return total",
        "It counts the last layer only",
    ),
    "scales squared": (_layers("h * w * i * o + 28 * o * o"), "is right."),
    "a list": ("return [h * w * i * o + 28 * o for h, w, i, o in shapes]", "return one number"),
    "one shape": ("h, w, i, o = shapes\n    return h * w * i * o + 28 * o", "Each shape has four numbers"),
    "kernels": ("return sum(np.prod(k.shape) + 28 * k.shape[-1] for k in shapes)", "come as plain tuples"),
    "a sum of shapes": ("return sum(shapes)", "a loop goes through it"),
    "forgets return": ("sum(h * w * i * o + 28 * o for h, w, i, o in shapes)", "does it end with `return`"),
}

WRONG = {
    "04.scale_and_zero_point": SCALE_AND_ZERO_POINT,
    "04.per_channel": PER_CHANNEL,
    "04.representative": REPRESENTATIVE,
    "04.assert_fully_integer": ASSERT_FULLY_INTEGER,
    "04.repair": REPAIR,
    "04.integer_bytes": INTEGER_BYTES,
}
