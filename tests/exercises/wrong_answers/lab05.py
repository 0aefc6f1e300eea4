"""Wrong answers to the exercises of lab 05."""

_ANATOMY = "from labutils.tflite.anatomy import anatomy\n    "
_NAMES = f"{_ANATOMY}names = [n for n in anatomy(content).operators if n.startswith('Flex')]\n    "
_GRAPHS = (
    f"{_ANATOMY}steps = [o for g in anatomy(content).subgraphs for o in g.operators if o.kind == 'flex']\n    "
)

FLEX_OPERATORS = {
    "with Flex before": (f"{_NAMES}return sorted(names)", "leaves `Flex` before"),
    "unsorted": (f"{_NAMES}return sorted((n[4:] for n in names), reverse=True)", "their order is not"),
    "as often as they occur": (f"{_GRAPHS}return sorted(o.name[4:] for o in steps)", "as often as it occurs"),
    "a set": (f"{_NAMES}return {{n[4:] for n in names}}", "returns a set"),
    "a counter": (f"{_ANATOMY}return anatomy(content).operators", "returns a Counter"),
    "a number": (f"{_NAMES}return len(names)", "returns an int"),
    "the first graph": (
        f"{_ANATOMY}first = anatomy(content).subgraphs[0].operators\n"
        "    return sorted({o.name[4:] for o in first if o.kind == 'flex'})",
        "looks at the first graph alone",
    ),
    "all that is not builtin": (
        f"{_ANATOMY}steps = [o for g in anatomy(content).subgraphs for o in g.operators]\n"
        "    return sorted({o.name.removeprefix('Flex') for o in steps if o.kind != 'builtin'})",
        "a custom operator: it is no builtin",
    ),
    "all of them": (
        f"{_ANATOMY}return sorted(n.removeprefix('Flex') for n in anatomy(content).operators)",
        "a builtin operator: only",
    ),
    "searches the bytes": (
        "import re\n    return sorted({n.decode() for n in re.findall(rb'Flex([A-Za-z]+)', content)})",
        "only part of a tensor's name",
    ),
    "always empty": ("return list()", "It does not list"),
    "one name only": (f"{_NAMES}return sorted(n[4:] for n in names)[:1]", "It does not list"),
    "prints": (f"{_NAMES}print(names)", "does it end with `return`"),
}

_BEGIN = "converter = tf.lite.TFLiteConverter.from_concrete_functions([function.get_concrete_function()])\n    "
_SETS = "converter.target_spec.supported_ops = [{}]\n    "
_LITE, _BOTH = "tf.lite.OpsSet.TFLITE_BUILTINS", "tf.lite.OpsSet.TFLITE_BUILTINS, tf.lite.OpsSet.SELECT_TF_OPS"
_CONVERT = "return converter.convert()"

WITH_FALLBACK = {
    "builtins only": (_BEGIN + _CONVERT, "name SELECT_TF_OPS beside the"),
    "Select only": (_BEGIN + _SETS.format("tf.lite.OpsSet.SELECT_TF_OPS") + _CONVERT, "name TFLITE_BUILTINS beside"),
    "custom operators": (f"{_BEGIN}converter.allow_custom_ops = True\n    {_CONVERT}", "leave `allow_custom_ops` out"),
    "no list": (
        _BEGIN + "converter.target_spec.supported_ops = tf.lite.OpsSet.SELECT_TF_OPS\n    " + _CONVERT,
        "put the sets into brackets",
    ),
    "a function without a list": (
        "return tf.lite.TFLiteConverter.from_concrete_functions(function.get_concrete_function()).convert()",
        "put the concrete function into brackets",
    ),
    "not traced": (
        "return tf.lite.TFLiteConverter.from_concrete_functions([function]).convert()",
        "has to come from `get_concrete_function()`",
    ),
    "the attribute misplaced": (
        _BEGIN + "converter.supported_ops.append(tf.lite.OpsSet.SELECT_TF_OPS)\n    " + _CONVERT,
        "It is `converter.target_spec.supported_ops`",
    ),
    "returns the converter": (_BEGIN + _SETS.format(_BOTH) + "return converter", "returns the converter"),
    "forgets the brackets": (_BEGIN + _SETS.format(_BOTH) + "return converter.convert", "brackets of `convert()`"),
    "returns nothing": (_BEGIN + _SETS.format(_BOTH) + "converter.convert()", "returns nothing"),
    "another function": (
        "function = tf.function(lambda x: tf.sin(x), input_signature=function.input_signature)\n    "
        + _BEGIN + _SETS.format(_BOTH) + _CONVERT,
        "holds another function",
    ),
    "the first for ever": (
        _BEGIN + _SETS.format(_BOTH) + "kept.append(converter.convert())\n    return kept[0]",
        "holds another function",
    ),
    "a file from before": ("return shipped", "holds another function"),
}  # fmt: skip

_HIDDEN = _BEGIN + _SETS.format(_BOTH) + f"converter.allow_custom_ops = True\n    {_ANATOMY}"
_STEPS = _HIDDEN + "steps = [o for g in anatomy(converter.convert()).subgraphs for o in g.operators]\n    "
_ALL = "{{o.name{}: 'select' if o.kind == 'flex' else 'neither' for o in steps if o.kind != 'builtin'}}"
_BARE = ".removeprefix('Flex')"

MISSING_OPERATORS = {
    "with Flex before": (_STEPS + f"return {_ALL.format('')}", "Leave `Flex` away"),
    "with tf. before": (
        _STEPS + "return {'tf.' + o.name: 'select' for o in steps if o.kind == 'flex'}",
        "Leave `tf.` away",
    ),
    "the kinds": (
        _STEPS + f"return {{o.name{_BARE}: o.kind for o in steps if o.kind != 'builtin'}}",
        "A value is 'flex'",
    ),
    "builtins too": (
        _STEPS + f"return {{o.name{_BARE}: 'select' if o.kind == 'flex' else 'neither' for o in steps}}",
        "as a builtin operator: only what is missing",
    ),
    "Select's only": (
        _STEPS + f"return {{o.name{_BARE}: 'select' for o in steps if o.kind == 'flex'}}",
        "which not even Select has: name all",
    ),
    "the hopeless only": (
        _STEPS + "return {o.name: 'neither' for o in steps if o.kind == 'custom'}",
        "which Select has: name all",
    ),
    "swapped": (
        _STEPS + f"return {_ALL.format(_BARE)}".replace("== 'flex'", "!= 'flex'"),
        "is SELECT_TF_OPS among the sets",
    ),
    "all by Select": (
        _STEPS + f"return {{o.name{_BARE}: 'select' for o in steps if o.kind != 'builtin'}}",
        "is a custom operator",
    ),
    "custom without Select": (
        _STEPS.replace(", tf.lite.OpsSet.SELECT_TF_OPS", "") + f"return {_ALL.format(_BARE)}",
        "is SELECT_TF_OPS among the sets",
    ),
    "no custom": (
        _STEPS.replace("custom_ops = True", "custom_ops = False") + f"return {_ALL.format(_BARE)}",
        "catch what it raises and read it",
    ),
    "the first only": (
        _STEPS + f"found = {_ALL.format(_BARE)}\n    return dict(list(found.items())[:1])",
        "It does not name",
    ),
    "a list": (_STEPS + f"return list({_ALL.format(_BARE)})", "returns a list"),
    "nothing": (_STEPS + f"print({_ALL.format(_BARE)})", "It returns nothing"),
    "always the example": ("return {'Erf': 'select', 'Erfinv': 'neither'}", "which this function does not use"),
}

CUMULATIVE_PRODUCT = {
    "the original": ("return tf.math.cumprod(x, axis=1)", "It needs Cumprod"),
    "logarithms alone": ("return tf.exp(tf.cumsum(tf.math.log(x), axis=1))", "right for positive numbers only"),
    "absolute values": ("return tf.exp(tf.cumsum(tf.math.log(tf.abs(x)), axis=1))", "the signs are lost"),
    "its own sign": (
        "return tf.sign(x) * tf.exp(tf.cumsum(tf.math.log(tf.abs(x)), axis=1))",
        "has the sign of its own number",
    ),
    "zeros left out": (
        "signs = 1 - 2 * tf.math.floormod(tf.cumsum(tf.cast(x < 0, tf.float32), 1), 2)\n"
        "    sizes = tf.where(x == 0, tf.ones_like(x), tf.abs(x))\n"
        "    return signs * tf.exp(tf.cumsum(tf.math.log(sizes), axis=1))",
        "right until a 0 comes",
    ),
    "the sum": ("return tf.cumsum(x, axis=1)", "the running sum"),
    "down the columns": (
        "rows = [x[0]]\n    for n in range(1, x.shape[0]):\n        rows.append(rows[-1] * x[n])\n"
        "    return tf.stack(rows)",
        "down the columns",
    ),
    "exclusive": (
        "columns = [tf.ones_like(x[:, 0])]\n    for n in range(x.shape[1] - 1):\n"
        "        columns.append(columns[-1] * x[:, n])\n    return tf.stack(columns, 1)",
        "lacks the number at its own place",
    ),
    "backwards": (
        "columns = [x[:, -1]]\n    for n in range(x.shape[1] - 2, -1, -1):\n"
        "        columns.append(columns[-1] * x[:, n])\n    return tf.stack(columns[::-1], 1)",
        "from right to left",
    ),
    "the last product": ("return tf.reduce_prod(x, axis=1)", "the same shape is asked"),
    "stacked across": (
        "columns = [x[:, 0]]\n    for n in range(1, x.shape[1]):\n        columns.append(columns[-1] * x[:, n])\n"
        "    return tf.stack(columns)",
        "the same shape is asked",
    ),
    "neighbours only": (
        "return tf.concat([x[:, :1], x[:, 1:] * x[:, :-1]], axis=1)",
        "is right.",
    ),
    "numpy": ("return np.cumprod(x, axis=1)", "numpy needs numbers"),
    "its values": ("return np.cumprod(x.numpy(), axis=1)", "there are no numbers yet"),
    "in place": (
        "for n in range(1, x.shape[1]):\n        x[:, n] = x[:, n] * x[:, n - 1]\n    return x",
        "collect the columns",
    ),
    "a list of columns": ("return tf.unstack(x, axis=1)", "returns a list"),
    "whole numbers": ("return tf.cast(tf.cumsum(x, 1), tf.int32)", "float32 is asked"),
    "forgets return": ("tf.cumsum(x, axis=1)", "does it end with `return`"),
    "asks for the values": (
        "if x[0, 0] < 0:\n        return -x\n    return x",
        "there are no values yet",
    ),
}

WRONG = {
    "05.flex_operators": FLEX_OPERATORS,
    "05.with_fallback": WITH_FALLBACK,
    "05.missing_operators": MISSING_OPERATORS,
    "05.cumulative_product": CUMULATIVE_PRODUCT,
}
