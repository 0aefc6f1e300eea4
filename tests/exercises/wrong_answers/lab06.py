"""Wrong answers to the exercises of lab 06."""

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
    "06.answer": ANSWER,
    "06.quantize": QUANTIZE,
    "06.dequantize": DEQUANTIZE,
    "06.accuracy": ACCURACY,
}
