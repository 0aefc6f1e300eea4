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

_WARM = "[run() for _ in range(warmup)]\n    "
_TIMED = (
    "times = []\n"
    "    for _ in range(runs):\n"
    "        start = clock()\n"
    "        run()\n"
    "        times.append(1000 * (clock() - start))\n    "
)
_ALL = _TIMED.replace("range(runs)", "range(warmup + runs)")

MEDIAN_LATENCY = {
    "seconds": (f"{_WARM}{_TIMED}return np.median(times) / 1000", "gives seconds, as the clock does"),
    "microseconds": (f"{_WARM}{_TIMED}return np.median(times) * 1000", "gives microseconds"),
    "mean": (f"{_WARM}{_TIMED}return np.mean(times)", "which one slow run draws up"),
    "mean in seconds": (f"{_WARM}{_TIMED}return sum(times) / len(times) / 1000", "and in seconds"),
    "counts the warm-up": (f"{_ALL}return np.median(times)", "The runs of the warm-up count as well: the first"),
    "counts the warm-up, in seconds": (f"{_ALL}return np.median(times) / 1000", "and it gives seconds"),
    "mean of all": (f"{_ALL}return np.mean(times)", "and of all runs"),
    "leaves it out twice": (f"{_WARM}{_TIMED}return np.median(times[warmup:])", "warm-up out twice"),
    "minimum": (f"{_WARM}{_TIMED}return min(times)", "gives the shortest time"),
    "maximum": (f"{_WARM}{_TIMED}return max(times)", "gives the longest time"),
    "sum": (f"{_WARM}{_TIMED}return sum(times)", "sum of all times"),
    "not sorted": (f"{_WARM}{_TIMED}return times[runs // 2]", "sort the times first"),
    "the upper middle": (f"{_WARM}{_TIMED}return sorted(times)[runs // 2]", "takes the longer"),
    "the lower middle": (
        f"{_WARM}{_TIMED}import statistics\n    return statistics.median_low(times)",
        "takes the shorter",
    ),
    "the first": (f"{_WARM}{_TIMED}return times[0]", "the first time that counts"),
    "the last": (f"{_WARM}{_TIMED}return times[-1]", "time of the last run"),
    "negative": (f"{_WARM}{_TIMED}return np.median([-time for time in times])", "is negative"),
    "from the first reading on": (
        f"{_WARM}begun = clock()\n    "
        + _TIMED.replace("start = clock()", "clock()").replace("- start", "- begun")
        + "return np.median(times)",
        "from the first reading on",
    ),
    "runs a second": (f"{_WARM}{_TIMED}return 1000 / np.median(times)", "gives runs a second"),
    "around the whole loop": (
        f"{_WARM}start = clock()\n"
        "    for _ in range(runs):\n"
        "        run()\n"
        "    return 1000 * (clock() - start) / runs",
        "their sum, or their mean",
    ),
    "around all": (
        f"start = clock()\n    {_WARM}[run() for _ in range(runs)]\n    return 1000 * (clock() - start) / runs",
        "their sum, or their mean",
    ),
    "one reading between two runs": (
        f"{_WARM}last, times = clock(), []\n"
        "    for _ in range(runs):\n"
        "        run()\n"
        "        now = clock()\n"
        "        times.append(1000 * (now - last))\n"
        "        last = now\n"
        "    return np.median(times)",
        "once between two runs",
    ),
    "another clock": (
        f"from time import perf_counter as clock\n    {_WARM}{_TIMED}return np.median(times)",
        "goes by another one",
    ),
    "another clock behind": (
        f"import time\n    {_WARM}{_TIMED.replace('(clock()', '(time.perf_counter()')}return np.median(times)",
        "and not right before and right after",
    ),
    "runs outside the readings": (
        f"{_WARM}[run() for _ in range(runs)]\n    {_TIMED.replace('run()', 'pass')}return np.median(times)",
        "and not right before and right after",
    ),
    "no warm-up": (f"{_TIMED}return np.median(times)", "come before these, uncounted"),
    "the warm-up out of the runs": (f"{_TIMED}return np.median(times[warmup:])", "come before these, uncounted"),
    "one run to warm up": (f"run()\n    {_TIMED}return np.median(times)", "in all."),
    "a hundred runs": (f"{_WARM}{_TIMED.replace('(runs)', '(100)')}return np.median(times)", "in all."),
    "one run too few": (f"{_WARM}{_TIMED.replace('(runs)', '(1, runs)')}return np.median(times)", "in all."),
    "runs twice": (
        f"{_WARM}{_TIMED.replace('        run()', '        run(); run()')}return np.median(times)",
        "in all.",
    ),
    "never runs": (
        f"{_WARM.replace('run()', 'run')}{_TIMED.replace(' run()', ' run')}return np.median(times)",
        "never calls `run`",
    ),
    "a constant": (f"{_WARM}{_TIMED}return 5.0", "ms is right"),
    "the first answer for ever": (f"{_WARM}{_TIMED}kept.append(np.median(times)); return kept[0]", "ms is right"),
    "NaN": (f"{_WARM}{_TIMED}return float('nan')", "ms is right"),
    "all times": (f"{_WARM}{_TIMED}return times", "return one number"),
    "does not read the clock": (f"{_WARM}{_TIMED.replace('clock()', 'clock')}return times", "with brackets"),
    "waits for the clock": (
        "end = clock() + 1\n    while clock() < end:\n        pass\n    return 1.0",
        "no loop has to wait",
    ),
    "an empty list": (
        f"import statistics\n    {_WARM}[run() for _ in range(runs)]\n    return statistics.median([])",
        "append a time to it",
    ),
    "loops over a number": ("for _ in runs:\n        run()", "numbers of calls"),
    "calls a result": (f"run = run()\n    {_WARM}return 0", "given to something else"),
    "forgets return": (f"{_WARM}{_TIMED}np.median(times)", "does it end with `return`"),
}

WRONG = {
    "06.answer": ANSWER,
    "06.quantize": QUANTIZE,
    "06.dequantize": DEQUANTIZE,
    "06.accuracy": ACCURACY,
    "06.median_latency": MEDIAN_LATENCY,
}
