"""Wrong answers to the exercises of lab 09."""

_WARM = "for run in rivals.values():\n        for _ in range(warmup):\n            run()\n    "
_EMPTY = "times = {name: [] for name in rivals}\n    "
_ROUNDS = "for _ in range(runs):\n        for name, run in rivals.items():\n            "
_START, _RUN = "start = clock()\n            ", "run()\n            "
_STOP = "times[name].append(1000 * (clock() - start))"
_ONE_START = "for _ in range(runs):\n        start = clock()\n        for name, run in rivals.items():\n            "
_TURNS = f"{_WARM}{_EMPTY}{_ROUNDS}{_START}{_RUN}{_STOP}\n    return times"


def _turns(*pairs):
    code = _TURNS
    for old, new in pairs:
        assert old in code, old
        code = code.replace(old, new)
    return code


TAKE_TURNS = {
    "one after the other": (
        _turns((_ROUNDS, "for name, run in rivals.items():\n        for _ in range(runs):\n            ")),
        "It times one rival after the other",
    ),
    "one after the other, each warmed up": (
        f"{_EMPTY}for name, run in rivals.items():\n        for n in range(warmup + runs):\n            {_START}{_RUN}"
        f"{_STOP}\n        times[name] = times[name][warmup:]\n    return times",
        "It times one rival after the other",
    ),
    "in bursts": (
        f"{_WARM}{_EMPTY}left = runs\n    while left:\n        burst = min(2, left)\n        left -= burst\n"
        "        for name, run in rivals.items():\n          for _ in range(burst):\n            "
        f"{_START}{_RUN}{_STOP}\n    return times",
        "Its rounds are not as asked",
    ),
    "there and back": (
        _turns(
            ("for _ in range(runs)", "for n in range(runs)"),
            ("in rivals.items()", "in list(rivals.items())[:: 1 if n % 2 else -1]"),
        ),
        "run in another order",
    ),
    "sorted by name": (_turns(("in rivals.items()", "in sorted(rivals.items())")), "run in another order"),
    "warms up in the rounds": (
        _turns((_WARM, ""), (_START, f"for _ in range(warmup):\n                run()\n            {_START}")),
        "It warms up in every round",
    ),
    "no warm-up": (_turns((_WARM, "")), "of the warm-up come before these"),
    "warms up in rounds, too few": (
        _turns(("for _ in range(warmup)", "for _ in range(1)")),
        "to warm up and",
    ),
    "warm-up is taken from the runs": (
        _turns(("in range(runs)", "in range(runs - warmup)")),
        "of the warm-up come before these",
    ),
    "counts the warm-up": (
        f"{_EMPTY}{_ROUNDS.replace('(runs)', '(warmup + runs)')}{_START}{_RUN}{_STOP}\n    return times",
        "The runs of the warm-up count as well",
    ),
    "counts the warm-up, in seconds": (
        f"{_EMPTY}{_ROUNDS.replace('(runs)', '(warmup + runs)')}{_START}{_RUN}times[name].append(clock() - start)\n"
        "    return times",
        "and it gives seconds",
    ),
    "cuts off the warm-up twice": (
        _turns(("return times", "return {name: each[warmup:] for name, each in times.items()}")),
        "It leaves the warm-up out twice",
    ),
    "drops the first round": (
        _turns(("return times", "return {name: each[1:] for name, each in times.items()}")),
        "It leaves out the first time that counts",
    ),
    "seconds": (_turns(("1000 * ", "")), "It gives seconds"),
    "microseconds": (_turns(("1000 * ", "1e6 * ")), "It gives microseconds"),
    "divides": (_turns(("1000 * (clock() - start)", "(clock() - start) / 1000")), "It divides the seconds by 1000"),
    "one list for all": (
        _turns(("{name: [] for name in rivals}", "dict.fromkeys(rivals, [])")),
        "Every name has the times of all rivals",
    ),
    "the start of the round": (
        _turns((_ROUNDS + _START, _ONE_START)),
        "It reads the start once a round",
    ),
    "a shared reading": (
        _turns(
            (_ROUNDS + _START, _ONE_START),
            (_STOP, "end = clock()\n            times[name].append(1000 * (end - start))\n            start = end"),
        ),
        "It reads `clock` once between two runs",
    ),
    "a chain of readings": (
        _turns(
            (_EMPTY, f"{_EMPTY}start = clock()\n    "),
            (_START, ""),
            (_STOP, "end = clock()\n            times[name].append(1000 * (end - start))\n            start = end"),
        ),
        "It reads `clock` once between two runs",
    ),
    "one start": (
        _turns((_EMPTY, f"{_EMPTY}start = clock()\n    "), (_START, "clock()\n            ")),
        "Every time is counted from the first reading on",
    ),
    "whole rounds": (
        f"{_WARM}{_EMPTY}for _ in range(runs):\n        start = clock()\n        for run in rivals.values():\n"
        "            run()\n        time = clock() - start\n        for name in rivals:\n"
        "            times[name].append(1000 * time / len(rivals))\n    return times",
        "It times whole rounds",
    ),
    "all rounds": (
        f"{_WARM}{_EMPTY}start = clock()\n    {_ROUNDS}{_RUN}pass\n    time = clock() - start\n"
        "    return {name: [1000 * time / runs] * runs for name in rivals}",
        "once before all rounds and once behind them",
    ),
    "runs before it reads": (_turns((_START + _RUN, f"{_RUN}{_START}")), "and not right before and right after"),
    "another clock": (
        "import time\n    " + _turns(("clock()", "time.perf_counter()")),
        "It never reads `clock`",
    ),
    "negative": (_turns(("clock() - start", "start - clock()")), "The times are negative"),
    "sorted times": (
        _turns(("return times", "return {name: sorted(each) for name, each in times.items()}")),
        "Its times are sorted",
    ),
    "inserts in front": (_turns(("append(", "insert(0, ")), "Its times are in reverse"),
    "the last alone": (
        _turns((".append(1000 * (clock() - start))", " = [1000 * (clock() - start)]")),
        "It keeps the time of the last round alone",
    ),
    "a list of one median": (
        _turns(("return times", "return {name: [np.median(each)] for name, each in times.items()}")),
        "It gives the median of each rival",
    ),
    "the medians": (
        _turns(("return times", "return {name: np.median(each) for name, each in times.items()}")),
        "It returns one number for each name",
    ),
    "under other names": (
        _turns(
            (
                "return times",
                "names = list(times)\n    return {name: times[names[place - 1]] for place, name in enumerate(names)}",
            )
        ),
        "under the wrong names",
    ),
    "runs a second": (_turns(("1000 * (clock() - start)", "1 / (clock() - start)")), "It gives runs a second"),
    "a list": (_turns(("return times", "return list(times.values())")), "return a dictionary from each name"),
    "numbers for names": (_turns(("return times", "return dict(enumerate(times.values()))")), "Its dictionary has the"),
    "texts": (
        _turns(("return times", "return {name: [f'{each} ms' for each in times[name]] for name in times}")),
        "return a list of numbers",
    ),
    "forgets the brackets": (_turns((_RUN, "run\n            "), (_WARM, "")), "It never runs a rival"),
    "forgets the clock's brackets": (_turns(("clock()", "clock")), "The clock is read with brackets"),
    "names for functions": (
        _turns((_WARM, "for run in rivals:\n        run()\n    ")),
        "A dictionary's loop gives its names",
    ),
    "forgets items": (_turns(("in rivals.items()", "in rivals")), "without `.items()` there are names alone"),
    "no lists": (_turns((_EMPTY, "times = {}\n    ")), "Each name needs its list"),
    "waits for the clock": (
        _turns(("for _ in range(runs):\n        for", "while clock() > 0:\n        for")),
        "no loop has to wait for the clock",
    ),
    "returns too early": (
        _turns(("\n    return times", "\n        return times")),
        "to warm up and",
    ),
    "forgets return": (_turns(("return times", "times")), "does it end with `return`"),
}

_BOTH = "low_1, high_1 = np.percentile(first, [25, 75])\n    low_2, high_2 = np.percentile(second, [25, 75])\n    "
_ENDS = "return 'first' if high_1 < low_2 else 'second' if high_2 < low_1 else 'cannot tell'"


def _ranged(ends):
    """The answer by another interval: an expression of x."""
    return f"(low_1, high_1), (low_2, high_2) = [{ends} for x in (first, second)]\n    {_ENDS}"


def _lesser(value):
    return f"one, other = [{value} for x in (first, second)]\n    return 'first' if one < other else 'second'"


def _or_neither(value):
    return f"one, other = [{value} for x in (first, second)]\n    " + (
        "return 'first' if one < other else 'second' if other < one else 'cannot tell'"
    )


CLEARLY_QUICKER = {
    "medians": (_lesser("np.median(x)"), "It compares medians"),
    "means": (_lesser("np.mean(x)"), "It compares means"),
    "minima": (_or_neither("min(x)"), "It compares the shortest times"),
    "maxima": (_lesser("max(x)"), "It compares the longest times"),
    "sums": (_lesser("sum(x)"), "It compares the sums"),
    "touching": (_BOTH + _ENDS.replace("<", "<="), "Where the halves only touch"),
    "the slower one": (
        _BOTH + _ENDS.replace("first", "1st").replace("second", "first").replace("1st", "second"),
        "It names the slower one",
    ),
    "turned round": (_BOTH + _ENDS.replace("<", ">"), "Its comparison is turned round"),
    "whole ranges": (_ranged("(min(x), max(x))"), "It compares whole ranges"),
    "10 to 90": (_ranged("np.percentile(x, [10, 90])"), "Its range goes from 10 % to 90 %"),
    "5 to 95": (_ranged("np.percentile(x, [5, 95])"), "Its range goes from 5 % to 95 %"),
    "shares": (_ranged("np.percentile(x, [0.25, 0.75])"), "counts in per cent"),
    "standard deviations": (
        _ranged("(np.mean(x) - np.std(x), np.mean(x) + np.std(x))"),
        "It goes by mean and standard deviation",
    ),
    "a width to both sides": (
        _ranged("np.median(x) + np.diff(np.percentile(x, [25, 75])) * np.array([-1, 1])"),
        "a whole width of the middle half",
    ),
    "never the second": (_BOTH + _ENDS.replace("'second' if high_2 < low_1 else ", ""), 'It never answers "second"'),
    "never the first": (_BOTH + _ENDS.replace("'first' if high_1 < low_2 else ", ""), 'It never answers "first"'),
    "never neither": (_BOTH + "return 'first' if high_1 < low_2 else 'second'", 'It never answers "cannot tell"'),
    "a median outside": (
        _BOTH + "return 'first' if np.median(first) < low_2 else 'second' if np.median(second) < low_1 "
        "else 'cannot tell'",
        "compares the median of one with the middle half of the other",
    ),
    "a tenth": (
        "one, other = np.median(first), np.median(second)\n    return 'first' if one < 0.9 * other else 'second' "
        "if other < 0.9 * one else 'cannot tell'",
        "wants a tenth between them",
    ),
    "lower ends": (_lesser("np.percentile(x, 25)"), "It compares the lower ends alone"),
    "upper ends": (_lesser("np.percentile(x, 75)"), "It compares the upper ends alone"),
    "the narrower one": (_lesser("np.subtract(*np.percentile(x, [75, 25]))"), "names the one that scatters less"),
    "not sorted": (
        _ranged("(min(x[len(x) // 4 : 3 * len(x) // 4]), max(x[len(x) // 4 : 3 * len(x) // 4]))"),
        "the middle of the list as it was measured",
    ),
    "statistics.quantiles": (
        "from statistics import quantiles\n    (low_1, _, high_1), (low_2, _, high_2) = quantiles(first), "
        f"quantiles(second)\n    {_ENDS}",
        "Its percentiles are those of `statistics.quantiles`",
    ),
    "a time of the list": (
        _ranged("(sorted(x)[len(x) // 4], sorted(x)[3 * len(x) // 4])"),
        "It takes a time of the list",
    ),
    "always neither": ("return str('cannot tell')", 'It answers "cannot tell" every time'),
    "always first": ("return str('first')", 'It answers "first" every time'),
    "always second": ("return str('second')", 'It answers "second" every time'),
    "None for neither": (
        f"{_BOTH}if high_1 < low_2:\n        return 'first'\n    if high_2 < low_1:\n        return 'second'",
        "It returns nothing for some lists",
    ),
    "another spelling": (_BOTH + _ENDS.replace("cannot tell", "unclear"), "It returns 'unclear'"),
    "a yes or no": (_BOTH + "return bool(high_1 < low_2)", "It returns a bool"),
    "the list": (_BOTH + "return first if high_1 < low_2 else second", "It returns a list"),
    "compares pairs": (
        "one, other = np.percentile(first, [25, 75]), np.percentile(second, [25, 75])\n"
        "    return 'first' if one < other else 'second'",
        "compare one of them at a time",
    ),
    "a method of arrays": ("return 'first' if first.mean() < second.mean() else 'second'", "takes it as it is"),
    "per mille": (_ranged("np.percentile(x, [250, 750])"), "counts from 0 to 100"),
    "a list minus a number": ("return 'first' if first - 1.5 < second else 'second'", "A list has no arithmetic"),
}

_READ = (
    "import math\n    from labutils.tflite.anatomy import anatomy\n    graph = anatomy(content).subgraphs[0]\n    "
    "size = lambda shape: math.prod(map(abs, shape))\n    total = 0\n    "
)
_NAMES = "('CONV_2D', 'DEPTHWISE_CONV_2D', 'FULLY_CONNECTED')"
_EACH = (
    "for o in graph.operators:\n        if o.name not in {names}:\n            continue\n        "
    "i, w, out = (graph.tensors[n].shape for n in (*o.inputs[:2], o.outputs[0]))\n        "
    "per = size(w[1:3]) if o.name == 'DEPTHWISE_CONV_2D' else size(w[1:])\n        {step}\n    return {end}"
)
_STEP = "total += size(out) * per"


def _counted(step=_STEP, names=_NAMES, end="total"):
    return _READ + _EACH.format(step=step, names=names, end=end)


def _depthwise(term):
    return _counted(f"total += {term} if o.name == 'DEPTHWISE_CONV_2D' else size(out) * per")


def _convolution(term):
    return _counted(f"total += {term} if o.name == 'CONV_2D' else size(out) * per")


MULTIPLY_ADDS = {
    "weights": (_counted("total += size(w)"), "It counts the weights: each is used once for every place"),
    "parameters": ("from labutils.tflite.anatomy import anatomy\n    return anatomy(content).parameters", "is right."),
    "all weights": (_counted("total += size(out) * size(w)"), "It multiplies the output by all weights"),
    "the input's sides": (
        _counted("total += size((*i[:-1], out[-1])) * per"),
        "It goes by the input's height and width",
    ),
    "the input": (_counted("total += size(i) * per"), "It multiplies the numbers of the input"),
    "the output": (_counted("total += size(out)"), "each takes a whole filter"),
    "depthwise as standard": (_depthwise("size(out) * size(w)"), "takes a depthwise convolution for a standard one"),
    "depthwise times inputs": (_depthwise("size(out) * per * i[-1]"), "multiplies the depthwise convolution by its"),
    "one shape for all": (
        _counted("total += size(out) * size(w[1:])"),
        "takes a depthwise convolution for a standard one",
    ),
    "no multiplier": (_depthwise("size(out[:-1]) * i[-1] * per"), "with a multiplier, the output has more of them"),
    "one depthwise channel": (_depthwise("size(out[:-1]) * per"), "it counts one channel"),
    "one filter": (_convolution("size(out[:-1]) * per"), "In a convolution it counts one filter"),
    "no input channels": (_convolution("size(out) * size(w[1:3])"), "it leaves the input channels out"),
    "FLOPs": (_counted("total += 2 * size(out) * per"), "It counts multiplications and additions apart"),
    "biases": (_counted("total += size(out) * (per + 1)"), "It counts the bias"),
    "each bias once": (_counted("total += size(out) * per + out[-1]"), "It counts the bias"),
    "no dense": (_counted(names="('CONV_2D', 'DEPTHWISE_CONV_2D')"), "It leaves out FULLY_CONNECTED"),
    "no depthwise": (_counted(names="('CONV_2D', 'FULLY_CONNECTED')"), "It leaves out DEPTHWISE_CONV_2D"),
    "no convolution": (_counted(names="('DEPTHWISE_CONV_2D', 'FULLY_CONNECTED')"), "It leaves out CONV_2D"),
    "convolutions alone": (_counted(names="('CONV_2D',)"), "It counts CONV_2D alone"),
    "an ending": (_counted(names="[n for n in (o.name,) if n.endswith('CONV_2D')]"), "It leaves out FULLY_CONNECTED"),
    "dense once": (
        _counted("total += size(w) if len(w) == 2 else size(out) * per"),
        "It counts the weights of FULLY_CONNECTED",
    ),
    "a free size": (_counted("total += math.prod(out) * per"), "It multiplies by a free size as it is written"),
    "a free size as 0": (
        _counted("total += max(math.prod(out), 0) * per"),
        "A file with a free size counts as nothing",
    ),
    "no batch": (_counted("total += size(out[1:]) * per"), "It leaves the first size of the output out"),
    "height twice": (
        _counted("total += size(out) * (per if len(w) == 2 else per // w[2] * w[1])"),
        "It takes the height of a kernel for its width",
    ),
    "width twice": (
        _counted("total += size(out) * (per if len(w) == 2 else per // w[1] * w[2])"),
        "It takes the width of a kernel for its height",
    ),
    "a square output": (
        _counted("total += size(out if len(out) == 2 else (out[0], out[1], out[1], out[3])) * per"),
        "It takes the height of an output for its width",
    ),
    "all operators": (
        "from labutils.tflite.arithmetic import work\n    return sum(each.multiply_adds for each in work(content))",
        "It counts other operators as well",
    ),
    "one of each kind": (
        _counted(
            "kinds = {**(kinds if total else {}), o.name: size(out) * per}; total = 1",
            end="sum(kinds.values()) if total else 0",
        ),
        "It counts one operator of each kind",
    ),
    "the first": (_counted(_STEP + "\n        return total"), "It counts the first operator alone"),
    "the last": (_counted("total = size(out) * per"), "It counts the last operator alone"),
    "a product": (
        _counted("total = (total or 1) * size(out) * per", end="total or 1"),
        "It multiplies the operators with one another",
    ),
    "millions": (_counted(end="total / 1e6"), "It gives millions"),
    "names in small letters": (_counted(names="('conv_2d', 'depthwise_conv_2d')"), "It finds 0 in every file"),
    "counts names": (
        "from labutils.tflite.anatomy import anatomy\n    "
        "return sum(o.name == 'CONV_2D' for o in anatomy(content).operators)",
        "the operators themselves are in",
    ),
    "asks the bytes": ("return sum(1 for o in content.operators)", "hand them to `anatomy`"),
    "asks the anatomy": (
        "from labutils.tflite.anatomy import anatomy\n    return anatomy(content).tensors[0].shape[0]",
        "The tensors are those of a graph",
    ),
    "places for tensors": (
        f"{_READ}return sum(o.outputs[0].shape[0] for o in graph.operators)",
        "An operator names its tensors by their places",
    ),
    "all places": (
        f"{_READ}return graph.tensors[graph.operators[0].outputs].shape[0]",
        "An operator names its tensors by their places",
    ),
    "four sizes": (
        _counted("total += out[0] * out[1] * out[2] * out[3] * per"),
        "Shapes and inputs differ",
    ),
    "unpacks four": (_counted("n, h, c, d = out"), "Shapes and inputs differ"),
    "three inputs": (
        f"{_READ}return sum(w for o in graph.operators for x, w, b in [o.inputs])",
        "Shapes and inputs differ",
    ),
    "a path": (
        "from ai_edge_litert.interpreter import Interpreter\n    return Interpreter(content)",
        "`Interpreter(model_content=content)`",
    ),
    "a text": (_counted(end="f'{total:,}'"), "return one number"),
    "by kind": (_counted(end="[total]"), "return one number"),
    "forgets return": (_counted().replace("return total", "total"), "does it end with `return`"),
}

_TIMES = "c, m = 1000 * multiply_adds / peak, 1000 * moved_bytes / bandwidth\n    "
_NAME = "'compute' if c >= m else 'memory'"


def _pair(time="max(c, m)", name=_NAME, times=_TIMES):
    return f"{times}return {time}, {name}"


ROOFLINE = {
    "adds": (_pair("c + m"), "It adds the two times"),
    "the shorter": (_pair("min(c, m)"), "It gives the shorter time"),
    "the shorter, and its name": (_pair("min(c, m)", "'compute' if c <= m else 'memory'"), "and names it"),
    "seconds": (_pair("max(c, m) / 1000"), "It gives seconds"),
    "microseconds": (_pair("max(c, m) * 1000"), "It gives microseconds"),
    "divides by 1000": (_pair("max(c, m) / 1e6"), "It divides the seconds by 1000"),
    "the other name": (_pair(name="'compute' if c < m else 'memory'"), "the name is that of the other"),
    "equal is memory": (
        _pair(name="'compute' if c > m else 'memory'"),
        'Where both take equally long it says "memory"',
    ),
    "computing alone": (_pair("c", "'compute'"), "It looks at computing alone"),
    "memory alone": (_pair("m", "'memory'"), "It looks at memory alone"),
    "always compute": (_pair(name="'compute'"), 'it says "compute" of every operator'),
    "always memory": (_pair(name="'memory'"), 'it says "memory" of every operator'),
    "FLOPs": ("multiply_adds *= 2\n    " + _pair(), "It counts two operations for a multiply-add"),
    "numbers for bytes": ("moved_bytes *= 4\n    " + _pair(), "It counts four bytes for each"),
    "bits": ("moved_bytes *= 8\n    " + _pair(), "It counts in bits"),
    "bits a second": ("bandwidth /= 8\n    " + _pair(), "It counts in bits"),
    "upside down": (
        _pair(times="c, m = 1000 * peak / multiply_adds, 1000 * bandwidth / moved_bytes\n    "),
        "It divides the wrong way round",
    ),
    "upside down, the right name": (
        _pair("1000 * max(peak / multiply_adds, bandwidth / moved_bytes)"),
        "names the bound rightly and divides",
    ),
    "multiplies": (
        _pair(times="c, m = 1000 * multiply_adds * peak, 1000 * moved_bytes * bandwidth\n    "),
        "It multiplies",
    ),
    "crosswise": (
        _pair(times="c, m = 1000 * multiply_adds / bandwidth, 1000 * moved_bytes / peak\n    "),
        "the multiply-adds by the bandwidth",
    ),
    "the rate": (
        _pair("min(peak, multiply_adds / moved_bytes * bandwidth)"),
        "the multiply-adds a second that can be had",
    ),
    "the intensity": (_pair("multiply_adds / moved_bytes"), "It gives the multiply-adds per byte"),
    "compares counts": (
        _pair(name="'compute' if multiply_adds >= moved_bytes else 'memory'"),
        "multiply-adds with bytes",
    ),
    "compares speeds": (_pair(name="'compute' if peak <= bandwidth else 'memory'"), "It compares peak with bandwidth"),
    "the mean": (_pair("(c + m) / 2"), "the mean of the two times"),
    "a pair of times": (f"{_TIMES}return c, m", "The second of its pair is"),
    "the other way round": (f"{_TIMES}return {_NAME}, max(c, m)", "Its pair is the other way round"),
    "another spelling": (_pair(name=_NAME.replace("compute", "compute-bound")), "The second of its pair is"),
    "the time alone": (f"{_TIMES}return max(c, m)", "return a pair"),
    "the name alone": (f"{_TIMES}return {_NAME}", "return a pair"),
    "three values": (f"{_TIMES}return c, m, {_NAME}", "It returns 3 values"),
    "a text for the time": (_pair("f'{max(c, m)} ms'"), "that is the time, a number"),
    "square roots": (_pair("max(c, m) ** 0.5"), "is right."),
    "forgets return": (_pair().replace("return ", ""), "does it end with `return`"),
}

_RUNS = """found, start = [], 0
    for end in range(len(operators) + 1):
        if end == len(operators) or operators[end] not in supported:
            if end - start >= least:
                found.append((start, end))
            start = end + 1
    return found"""


def _runs(*pairs):
    code = _RUNS
    for old, new in pairs:
        assert old in code, old
        code = code.replace(old, new)
    return code


def _after(expression):
    return _runs(("return found", f"return {expression}"))


PARTITIONS = {
    "inclusive": (_runs(("(start, end)", "(start, end - 1)")), "Its ends are those of the last operators"),
    "from 1": (_runs(("(start, end)", "(start + 1, end + 1)")), "It counts the places from 1"),
    "from 1, inclusive": (_runs(("(start, end)", "(start + 1, end)")), "with the end inclusive"),
    "strictly more": (_runs(("start >= least", "start > least")), "It drops stretches of exactly `least`"),
    "one too many": (_runs(("end - start >=", "end - start + 1 >=")), "It counts one operator too many"),
    "ignores least": (_runs(("end - start >= least", "end > start")), "It leaves `least` out"),
    "the first": (_after("found[:1]"), "It gives the first stretch alone"),
    "stops at the first": (
        _runs(
            ("            start = end", "            if end > start:\n                break\n            start = end")
        ),
        "It stops at the first stretch",
    ),
    "the last": (_after("found[-1:]"), "It gives the last stretch alone"),
    "the longest": (_after("sorted(found, key=lambda p: p[0] - p[1])[:1]"), "It gives the longest stretch alone"),
    "forgets the end": (
        _runs(("range(len(operators) + 1)", "range(len(operators))"), ("end == len(operators) or ", "")),
        "A stretch at the end of the chain is forgotten",
    ),
    "forgets a whole chain": (
        _after("[p for p in found if p != (0, len(operators))]"),
        "A chain that is taken as a whole",
    ),
    "forgets the beginning": (_after("[p for p in found if p[0]]"), "A stretch at the beginning of the chain"),
    "one of all": (_after("[(found[0][0], found[-1][1])] if found else []"), "It makes one stretch of all"),
    "closes early": (
        "found, start = [], 0\n    for end, name in enumerate(operators, 1):\n        if name not in supported:\n"
        "            start = end\n        elif end - start == least:\n            found.append((start, end))\n"
        "            start = end\n    return found",
        "It closes a stretch as soon as",
    ),
    "slides": (
        "return [(at, at + least) for at in range(len(operators) - least + 1) "
        "if set(operators[at : at + least]) <= supported]",
        "where `least` fit: they overlap",
    ),
    "by name": (
        "from itertools import groupby\n    found, at = [], 0\n    for name, group in groupby(operators):\n"
        "        length = len(list(group))\n        if name in supported and length >= least:\n"
        "            found.append((at, at + length))\n        at += length\n    return found",
        "It begins a new stretch where the name changes",
    ),
    "the total": (
        _runs(("if end - start >= least", "if end > start and sum(n in supported for n in operators) >= least")),
        "It counts all operators that are taken",
    ),
    "different names": (
        _runs(("end - start >= least", "len(set(operators[start:end])) >= least")),
        "It counts different",
    ),
    "the end": (_runs(("end - start >= least", "end > start and end >= least")), "It compares the end with `least`"),
    "the others": (_runs(("not in", "in")), "It gives the stretches that the delegate does not take"),
    "lengths": (_runs(("(start, end)", "(start, end - start)")), "Its pairs are start and length"),
    "end first": (_runs(("(start, end)", "(end, start)")), "Its pairs are end and start"),
    "by length": (_after("sorted(found, key=lambda p: p[0] - p[1])"), "It sorts the stretches by length"),
    "in reverse": (_runs(("append(", "insert(0, ")), "Its stretches are in reverse"),
    "nothing": (_after("[]"), "It finds no stretch at all"),
    "names": (_runs(("(start, end)", "operators[start]")), "return places"),
    "stretches of names": (_runs(("(start, end)", "tuple(operators[start:end])")), "return places"),
    "a flat list": (_runs(("append(", "extend(")), "each stretch is a pair"),
    "ranges": (_runs(("(start, end)", "range(start, end)")), "each stretch is a pair"),
    "fractions": (_runs(("(start, end)", "(start / 1, end / 1)")), "start and end are whole numbers"),
    "a dictionary": (_after("dict(found)"), "return a list of pairs"),
    "how many": (_after("len(found)"), "return a list of pairs"),
    "beyond the list": (_runs(("end == len(operators) or ", "")), "One step beyond the list"),
    "places in a set": ("return [(0, 1)] if supported[0] == operators[0] else []", "A set has no order"),
    "a slice in a set": ("return [(0, 1)] if operators[:least] in supported else []", "Ask for one name at a time"),
    "everything": ("return [(0, len(operators))]", "It makes one stretch of all"),
    "forgets return": (_runs(("return found", "found")), "It returns nothing"),
}

WRONG = {
    "09.take_turns": TAKE_TURNS,
    "09.clearly_quicker": CLEARLY_QUICKER,
    "09.multiply_adds": MULTIPLY_ADDS,
    "09.roofline": ROOFLINE,
    "09.partitions": PARTITIONS,
}
