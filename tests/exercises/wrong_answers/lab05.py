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

_SHAPE = "b, d, h, w, c = x.shape\n    "
_PLANES = f"{_SHAPE}x = tf.nn.max_pool2d(tf.reshape(x, (b * d, h, w, c)), 2, 2, 'VALID')\n    "
_PARTED = "tf.reshape(x, (b, d // 2, 2, h // 2, w // 2, c))"
_EIGHT = "eight = [x[:, i::2, j::2, k::2] for i in (0, 1) for j in (0, 1) for k in (0, 1)]\n    "

POOL_VOLUME = {
    "the original": ("return tf.nn.max_pool3d(x, 2, 2, 'VALID')", "It needs MaxPool3D, which LiteRT has not"),
    "the layer": ("return keras.layers.MaxPooling3D(name='pool')(x)", "It needs MaxPool3D, which LiteRT has not"),
    "eight axes": (
        f"{_SHAPE}return tf.reduce_max(tf.reshape(x, (b, d // 2, 2, h // 2, 2, w // 2, 2, c)), (2, 4, 6))",
        "a tensor of 8 axes, and XNNPACK takes 6",
    ),
    "seven axes": (
        f"{_SHAPE}x = tf.reshape(x, (b * d // 2, 2, h // 2, 2, w // 2, 2, c))\n"
        "    return tf.reshape(tf.reduce_max(x, (1, 3, 5)), (b, d // 2, h // 2, w // 2, c))",
        "a tensor of 7 axes, and XNNPACK takes 6",
    ),
    "transposes eight axes": (
        f"{_SHAPE}x = tf.reshape(x, (b, d // 2, 2, h // 2, 2, w // 2, 2, c))\n"
        "    x = tf.transpose(x, (0, 1, 3, 5, 7, 2, 4, 6))\n"
        "    return tf.reduce_max(tf.reshape(x, (b, d // 2, h // 2, w // 2, c, 8)), -1)",
        "LiteRT has it for six at most",
    ),
    "the mean": (f"{_EIGHT}return tf.add_n(eight) / 8", "the mean of each block"),
    "the mean layer": ("return tf.nn.avg_pool3d(x, 2, 2, 'VALID')", "It needs AvgPool3D"),
    "the sum": (f"{_EIGHT}return tf.add_n(eight)", "adds the numbers of each block up"),
    "the smallest": (f"{_EIGHT}return tf.reduce_min(tf.stack(eight), 0)", "the smallest number of each block"),
    "a stride alone": ("return x[:, ::2, ::2, ::2]", "takes the first number of each block"),
    "every other plane": (f"{_PLANES}return {_PARTED}[:, :, 0]", "leaves out every other plane"),
    "planes far apart": (
        f"{_PLANES}return tf.reduce_max(tf.reshape(x, (b, 2, d // 2, h // 2, w // 2, c)), 1)",
        "In depth it compares planes that lie half",
    ),
    "halves": (
        f"{_SHAPE}x = tf.maximum(x[:, : d // 2], x[:, d // 2 :])\n"
        "    x = tf.maximum(x[:, :, : h // 2], x[:, :, h // 2 :])\n"
        "    return tf.maximum(x[:, :, :, : w // 2], x[:, :, :, w // 2 :])",
        "It compares numbers that lie half the volume apart",
    ),
    "zeros around": (f"{_EIGHT}return tf.nn.relu(tf.reduce_max(tf.stack(eight), 0))", "as if zeros lay around"),
    "sizes": (f"x = tf.abs(x)\n    {_EIGHT}return tf.reduce_max(tf.stack(eight), 0)", "leave `abs` out"),
    "forgets the width": (
        "x = tf.maximum(x[:, ::2], x[:, 1::2])\n    return tf.maximum(x[:, :, ::2], x[:, :, 1::2])[:, :, :, ::2]",
        "Of the eight numbers that begin at",
    ),
    "constant": (
        f"{_SHAPE}return tf.ones((b, d // 2, h // 2, w // 2, c)) + 0 * x[:, ::2, ::2, ::2]",
        "Of the eight numbers that begin at",
    ),
    "the batch mixed in": (
        f"{_SHAPE}x = tf.reshape(x, (d // 2, b, 2, h * w * c))\n"
        "    x = tf.reshape(tf.reduce_max(x, 2), (b, d // 2, h, w, c))\n"
        "    return x[:, :, ::2, ::2]",
        "Of the eight numbers that begin at",
    ),
    "height and width": (
        f"{_PLANES}return tf.reshape(x, (b, d, h // 2, w // 2, c))",
        "It pools height and width alone",
    ),
    "joined planes": (f"{_PLANES}return x", "Only height and width are pooled"),
    "joined volumes": (
        f"{_PLANES}return tf.reduce_max(tf.reshape(x, (b * d // 2, 2, h // 2, w // 2, c)), 1)",
        "Batch and depth are still one axis: end with",
    ),
    "depth": ("return tf.maximum(x[:, ::2], x[:, 1::2])", "It pools the depth alone"),
    "stride 1": (
        "x = tf.maximum(x[:, 1:], x[:, :-1])\n    x = tf.maximum(x[:, :, 1:], x[:, :, :-1])\n"
        "    return tf.maximum(x[:, :, :, 1:], x[:, :, :, :-1])",
        "their stride is 2, not 1",
    ),
    "the whole volume": ("return tf.reduce_max(x, axis=(1, 2, 3))", "the largest of the whole volume"),
    "the channels too": (
        f"{_EIGHT}x = tf.reduce_max(tf.stack(eight), 0)\n    return tf.reduce_max(x, -1)",
        "is asked.",
    ),
    "five axes for max_pool2d": ("return tf.nn.max_pool2d(x, 2, 2, 'VALID')", "It takes four axes"),
    "the 2D layer": ("return keras.layers.MaxPooling2D(name='pool')(x)", "It takes four axes"),
    "sizes of another volume": ("return tf.reshape(x, (1, 2, 7, 11, 13))", "take them from `x.shape`"),
    "unequal halves": ("return tf.maximum(x[:, ::2], x[:, 1:])", "The two halves differ in size"),
    "Python's max": ("return max(x[:, ::2], x[:, 1::2])", "`tf.maximum` compares two tensors"),
    "real sizes": (f"{_SHAPE}return tf.reshape(x, (b, d / 2, -1))", "halve them by `//`"),
    "numpy": ("return np.maximum(x[:, ::2], x[:, 1::2])", "numpy needs numbers"),
    "numpy in the graph": (
        "return tf.numpy_function(lambda v: v[:, ::2, ::2, ::2], [x], tf.float32)",
        "cannot tell the shape of what it returns",
    ),
    "its values": ("return tf.constant(x.numpy())", "there are no numbers yet"),
    "an array's method": ("return x.reshape(-1, 2)", "It is a tensor, no array"),
    "in place": ("x[:, ::2] = tf.maximum(x[:, ::2], x[:, 1::2])\n    return x", "A tensor cannot be changed"),
    "a list": (f"{_EIGHT}return eight", "returns a list"),
    "whole numbers": ("return tf.cast(x[:, ::2, ::2, ::2], tf.int32)", "float32 is asked"),
    "forgets return": ("tf.maximum(x[:, ::2], x[:, 1::2])", "does it end with `return`"),
}

WRONG = {
    "05.flex_operators": FLEX_OPERATORS,
    "05.with_fallback": WITH_FALLBACK,
    "05.missing_operators": MISSING_OPERATORS,
    "05.cumulative_product": CUMULATIVE_PRODUCT,
    "05.pool_volume": POOL_VOLUME,
}
