"""Wrong answers to the exercises of lab 08."""

_COUNT = "n = round(sparsity * weights.size)\n    "
_PLACES = "places = np.argsort(np.abs(weights), axis=None)[:n]\n    "
_ZERO = "pruned = weights.copy()\n    pruned.flat[places] = 0\n    return pruned"
_PRUNE = f"{_COUNT}{_PLACES}{_ZERO}"


def _prune(*pairs):
    code = _PRUNE
    for old, new in pairs:
        assert old in code, old
        code = code.replace(old, new)
    return code


def _threshold(limit, compare="<="):
    return f"m = np.abs(weights)\n    {_COUNT}return np.where(m {compare} {limit}, 0, weights).astype(np.float32)"


_RANK = "rank = lambda w: np.argsort(np.argsort(np.abs(w), axis=None)).reshape(w.shape)\n    "
_EACH = f"{_RANK}cut = lambda w: w * (rank(w) >= round(sparsity * w.size))\n"

PRUNE = {
    "nothing": ("return weights.copy()", "It returns the weights as they were"),
    "forgets the copy": (_prune(("weights.copy()", "weights")), "It changes the array that it is given"),
    "in place, and returns nothing": ("weights[...] = 0", "It changes the array that it is given"),
    "the largest": (_prune(("np.argsort(np.abs(weights), axis=None)[:n]",
                            "np.argsort(np.abs(weights), axis=None)[weights.size - n:]")),
                    "It prunes the largest magnitudes"),
    "the largest, by a minus": (_prune(("np.argsort(np", "np.argsort(-np")), "It prunes the largest magnitudes"),
    "signed": (_prune(("np.abs(weights)", "weights")), "It sorts the signed values"),
    "the share that stays": (_prune(("sparsity *", "(1 - sparsity) *")), "the share that is kept"),
    "an inverted mask": (f"{_PRUNE.replace('return pruned', 'return weights - pruned')}", "the wrong way round"),
    "magnitudes": (_prune(("return pruned", "return np.abs(pruned)")), "have lost their signs"),
    "rounds down": (_prune(("round(", "int(")), "rounds the number of weights down"),
    "rounds up": (_prune(("round(sparsity * weights.size)", "int(np.ceil(sparsity * weights.size))")), "weights up"),
    "a threshold, with its equals": (
        _threshold("(np.sort(m, axis=None)[n - 1] if n else -1)"),
        "it prunes all of them",
    ),
    "a threshold, without its equals": (
        _threshold("(np.sort(m, axis=None)[n] if n < m.size else 9e9)", "<"),
        "it keeps all of them",
    ),
    "a quantile": (_threshold("np.quantile(m, sparsity)"), "the weights up to it are not"),
    "below a quantile": (_threshold("np.quantile(m, sparsity)", "<"), "the weights below it are not"),
    "everything for nothing": (
        f"{_COUNT}{_RANK}return weights * ((rank(weights) >= n) if n else np.float32(0))",
        "With a sparsity of 0 it prunes everything",
    ),
    "a minus before the count": (
        "n = round(sparsity * weights.size)\n    places = np.argsort(-np.abs(weights), axis=None)[-n:]\n    " + _ZERO,
        "With a sparsity of 0 it prunes everything",
    ),
    "row by row": (f"{_EACH}    return np.stack([cut(w) for w in weights]) if weights.ndim > 1 else cut(weights)",
                   "of every row"),
    "channel by channel": (
        f"{_EACH}    return np.stack([cut(w) for w in weights.T]).T if weights.ndim > 1 else cut(weights)"
        .replace("weights.T]", "np.moveaxis(weights, -1, 0)]").replace(").T if", "), 0, -1) if")
        .replace("return np.stack", "return np.moveaxis(np.stack"),
        "of every channel",
    ),
    "zeros apart": (
        _prune(("np.abs(weights)", "np.where(weights == 0, np.inf, np.abs(weights))")),
        "It leaves the zeros out",
    ),
    "a share of the rest": (
        _prune(("np.abs(weights)", "np.where(weights == 0, np.inf, np.abs(weights))"),
               ("* weights.size", "* np.count_nonzero(weights)")),
        "the weights that are not zero yet",
    ),
    "the sparsity as threshold": (_threshold("sparsity", "<"), "takes the sparsity for a threshold"),
    "a share of the largest": (_threshold("sparsity * m.max()", "<"), "a share of the largest magnitude"),
    "a mask": (f"{_PRUNE.replace('return pruned', 'return pruned != 0')}", "It returns a mask"),
    "float64": (_prune(("return pruned", "return pruned.astype(float)")), "the dtype is to stay float32"),
    "flat": (_prune(("return pruned", "return pruned.ravel()")), "It returns the shape"),
    "a list": (_prune(("return pruned", "return pruned.tolist()")), "return a numpy array"),
    "forgets return": (_prune(("return pruned", "pruned")), "does it end with `return`"),
    "places of an axis": (_prune((", axis=None", "")), "within the last axis"),
    "a float for a count": (_prune(("round(sparsity * weights.size)", "sparsity * weights.size")), "is a float: round"),
    "other numbers": (_prune(("return pruned", "return pruned * np.float32(2)")), "a weight becomes zero or stays"),
    "two too many": (_prune(("[:n]", "[: n + 2]")), "are to be."),
    "random ones": (
        _prune(("np.argsort(np.abs(weights), axis=None)", "np.random.default_rng(0).permutation(weights.size)")),
        "the smallest go first",
    ),
    "partition": (
        "n = round(sparsity * weights.size)\n    t = np.partition(np.abs(weights), n, axis=None)[n]\n    "
        "return np.where(np.abs(weights) < t, 0, weights).astype(np.float32)",
        "With a sparsity of 1 there is no weight after",
    ),
    "if": ("return 0 if np.abs(weights) < sparsity else weights", "compare with `np.where"),
}  # fmt: skip

_WAY = "t = min(max((step - first) / (last - first), 0), 1)\n    "


def _curve(form, way=_WAY):
    return f"{way}return {form}"


_CUBIC = "final * (1 - (1 - t) ** 3)"

SCHEDULE = {
    "evenly": (_curve("final * t"), "It grows evenly"),
    "late": (_curve("final * t ** 3"), "cubes the share of the way that is behind"),
    "downwards": (_curve("final * (1 - t) ** 3"), "It falls from `final` to 0"),
    "downwards, late": (_curve("final * (1 - t ** 3)"), "cube `1 - t`"),
    "squares": (_curve("final * (1 - (1 - t) ** 2)"), "It squares"),
    "the fourth power": (_curve("final * (1 - (1 - t) ** 4)"), "the fourth power"),
    "negative before": (
        _curve(_CUBIC, "t = min((step - first) / (last - first), 1)\n    "),
        "Before `first` it gives a negative sparsity",
    ),
    "grows beyond": (
        _curve(_CUBIC, "t = max((step - first) / (last - first), 0)\n    "),
        "Past `last` it goes on growing",
    ),
    "no ends": (_curve(_CUBIC, "t = (step - first) / (last - first)\n    "), "It follows the curve beyond both ends"),
    "0 beyond": (f"if step > last:\n        return 0\n    {_curve(_CUBIC)}", "Past `last` it gives 0"),
    "final before": (f"if step < first:\n        return final\n    {_curve(_CUBIC)}", "Before `first` it gives"),
    "in one step": ("return final if step >= last else 0", "everything in one step, at `last`"),
    "in one step at first": ("return final if step >= first else 0", "everything in one step, at `first`"),
    "cut off": (_curve(_CUBIC, _WAY.replace(" / ", " // ")), "`//`, which cuts the fraction off"),
    "up to 1": (_curve("1 - (1 - t) ** 3"), "multiply by `final`"),
    "what stays": (_curve(f"1 - {_CUBIC}"), "the weights that stay"),
    "per cent": (_curve(f"100 * {_CUBIC}"), "It gives per cent"),
    "brackets": (
        f"if step < first:\n        return 0\n    {_curve('final * 1 - (1 - t) ** 3')} if step < last else final",
        "with its brackets",
    ),
    "from step 0": (_curve(_CUBIC, _WAY.replace("(step - first) / (last - first)", "step / last")), "begins at step 0"),
    "a way of last": (_curve(_CUBIC, _WAY.replace("/ (last - first)", "/ last")), "Its way is `last` steps long"),
    "from the end": (_curve(_CUBIC, _WAY.replace("(step - first)", "(last - step)")), "It falls: cube"),
    "yes or no": (_curve("t > 0"), "return a number"),
    "an array": (_curve("np.array([t])"), "return one number"),
    "forgets return": (_curve(_CUBIC).replace("return ", ""), "does it end with `return`"),
}

_KMEANS = "from sklearn.cluster import KMeans\n    "
_FIT = f"{_KMEANS}f = KMeans(k, n_init=4, random_state=0).fit(weights.reshape(-1, 1))\n    "
_SHARED = "f.cluster_centers_[f.labels_].reshape(weights.shape).astype(np.float32)"
_NEAREST = "return c[np.abs(weights.reshape(-1, 1) - c).argmin(1)].reshape(weights.shape).astype(np.float32)"


def _values(palette):
    return f"c = {palette}\n    {_NEAREST}"


def _shared(*pairs, fit=_FIT):
    code = f"{fit}return {_SHARED}"
    for old, new in pairs:
        assert old in code, old
        code = code.replace(old, new)
    return code


_SLICES = "w = weights if weights.ndim > 1 else weights.reshape(-1, 1)\n    w = w.reshape(-1, w.shape[-1])\n    "

_INDENTED = _shared().replace("\n", "\n    ")

CLUSTER = {
    "as they were": ("return weights.copy()", "It returns the weights as they were"),
    "evenly spaced": (_values("np.linspace(weights.min(), weights.max(), k)"), "Its values are evenly spaced between"),
    "middles of bins": (
        _values("weights.min() + (np.arange(k) + 0.5) / k * np.ptp(weights)"),
        "Its values are evenly spaced between",
    ),
    "symmetric": (
        _values("np.linspace(-np.abs(weights).max(), np.abs(weights).max(), k)"),
        "evenly spaced from -max|w|",
    ),
    "quantiles": (_values("np.quantile(weights, np.linspace(0, 1, k))"), "It takes its values by quantiles"),
    "middle quantiles": (_values("np.quantile(weights, (np.arange(k) + 0.5) / k)"), "It takes its values by quantiles"),
    "means of quantiles": (
        "b = np.searchsorted(np.quantile(weights, np.linspace(0, 1, k + 1)[1:-1]), weights)\n    "
        "return np.array([weights[b == n].mean() for n in range(k)], np.float32)[b]",
        "It takes its values by quantiles",
    ),
    "the mean": ("return np.full_like(weights, weights.mean())", "Every weight becomes the mean of all"),
    "one more": (_shared(("KMeans(k,", "KMeans(k + 1,")), "one too many"),
    "zero apart": (
        _shared((_SHARED, f"np.where(np.abs(weights) < 0.02, 0, {_SHARED}).astype('f4')")),
        "a zero that is kept apart counts too",
    ),
    "two more": (_shared(("KMeans(k,", "KMeans(k + 2,")), "and at most"),
    "2 to the k": (_shared(("KMeans(k,", "KMeans(2 ** k if 2 ** k < 60 else 50,")), "and at most"),
    "two values": (_shared(("KMeans(k,", "KMeans(2,")), "It has only 2 different values"),
    "labels": (_shared((_SHARED, "f.labels_.reshape(weights.shape)")), "numbers of the clusters"),
    "labels as floats": (_shared((_SHARED, "f.labels_.reshape(weights.shape).astype(np.float32)")), "of the clusters"),
    "the values alone": (_shared((_SHARED, "f.cluster_centers_.ravel()")), "values alone"),
    "values and labels": (_shared((_SHARED, "f.cluster_centers_, f.labels_")), "It returns two arrays"),
    "the clustering": (_shared((_SHARED, "f")), "the fitted k-means"),
    "a column": (_shared((".reshape(weights.shape)", "")), "end with `.reshape(weights.shape)`"),
    "float64": (_shared((".astype(np.float32)", "")).replace("reshape(-1, 1))", "reshape(-1, 1).astype(float))"),
                "end with `.astype(np.float32)`"),
    "float16": (_shared(("np.float32", "np.float16")), "end with `.astype(np.float32)`"),
    "rows": (
        f"{_SLICES}{_KMEANS}f = KMeans(k, n_init=4, random_state=0).fit(w)\n    "
        "return f.cluster_centers_[f.labels_].reshape(weights.shape).astype(np.float32)",
        "It clusters whole rows",
    ),
    "columns": (
        f"if weights.ndim == 1:\n        {_INDENTED}\n    {_SLICES}{_KMEANS}"
        "f = KMeans(k, n_init=4, random_state=0).fit(w.T)\n    "
        "return f.cluster_centers_[f.labels_].T.reshape(weights.shape).astype(np.float32)",
        "It clusters whole columns",
    ),
    "each row": (
        f"def one(weights):\n        {_INDENTED}\n    if weights.ndim == 1:\n        return one(weights)\n    "
        "return np.stack([one(w) for w in weights.reshape(-1, weights.shape[-1])]).reshape(weights.shape)",
        "Each of its rows has",
    ),
    "the array as it is": (_shared((".reshape(-1, 1)", "")), "k-means wants one weight a row"),
    "one row": (_shared((".reshape(-1, 1)", ".reshape(1, -1)")), "k-means wants one weight a row"),
    "magnitudes": (_shared(("fit(weights", "fit(np.abs(weights)")), "the signs are lost"),
    "magnitudes and signs": (
        _shared(("fit(weights", "fit(np.abs(weights)"), (_SHARED, f"{_SHARED} * np.sign(weights)")),
        "puts the signs back",
    ),
    "sorted": (_shared((_SHARED, f"np.sort({_SHARED}, axis=None).reshape(weights.shape)")), "do not stand where"),
    "other labels": (
        _shared(("f.labels_]", "np.random.default_rng(0).permutation(f.labels_)]")),
        "do not stand where",
    ),
    "NaN": (_shared((_SHARED, f"np.where(weights > 0.5, np.nan, {_SHARED}).astype('f4')")), "has no mean"),
    "random values": (
        _values("np.random.default_rng(0).choice(weights[np.abs(weights) < 0.1], k)"),
        "more than one start",
    ),
    "forgets return": (_shared(("return ", "")), "does it end with `return`"),
}  # fmt: skip

_NORMS = "norms = np.abs(kernel).sum((0, 1, 2))\n    "
_SORTED = "at = np.sort(np.argsort(norms)[-keep:])\n    "
_CUT = "return kernel[..., at], bias[at], next_kernel[:, :, at]"
_REMOVE = f"{_NORMS}{_SORTED}{_CUT}"


def _remove(*pairs):
    code = _REMOVE
    for old, new in pairs:
        assert old in code, old
        code = code.replace(old, new)
    return code


_RANKING = "np.abs(kernel).sum((0, 1, 2))"

REMOVE_CHANNELS = {
    "the smallest": (_remove(("[-keep:]", "[:keep]")), "It keeps the channels with the smallest norms"),
    "by norm": (_remove(("np.sort(np.argsort(norms)[-keep:])", "np.argsort(norms)[-keep:]")), "in the order of their"),
    "by norm, the largest first": (
        _remove(("np.sort(np.argsort(norms)[-keep:])", "np.argsort(-norms)[:keep]")),
        "in the order of their norms",
    ),
    "L2": (_remove((_RANKING, "(kernel ** 2).sum((0, 1, 2))")), "It goes by the L2 norm"),
    "numpy's norm": (_remove((_RANKING, "np.linalg.norm(kernel.reshape(-1, kernel.shape[3]), axis=0)")), "the L2 norm"),
    "signed": (_remove((_RANKING, "kernel.sum((0, 1, 2))")), "sums the weights with their signs"),
    "the sum's magnitude": (_remove((_RANKING, "np.abs(kernel.sum((0, 1, 2)))")), "the magnitude of the sum"),
    "the largest weight": (_remove((_RANKING, "np.abs(kernel).max((0, 1, 2))")), "the largest single weight"),
    "the largest signed weight": (_remove((_RANKING, "kernel.max((0, 1, 2))")), "signs and all"),
    "the first": (_remove(("np.sort(np.argsort(norms)[-keep:])", "np.arange(keep)")), "keeps the first channels"),
    "the last": (_remove(("np.sort(np.argsort(norms)[-keep:])", "np.arange(len(bias))[-keep:]")), "the last channels"),
    "the bias": (_remove((_RANKING, "np.abs(bias)")), "It goes by the bias"),
    "the next layer": (_remove((_RANKING, "np.abs(next_kernel).sum((0, 1, 3))")), "what the next layer does"),
    "kernel and bias": (_remove((_RANKING, f"{_RANKING} + np.abs(bias)")), "counts the bias into the norm"),
    "another order next": (
        _remove(("next_kernel[:, :, at]", "next_kernel[:, :, np.argsort(norms)[-keep:]]")),
        "stand in another order",
    ),
    "the next layer's first": (_remove(("next_kernel[:, :, at]", "next_kernel[:, :, :keep]")), "Of `next_kernel` it"),
    "the bias's first": (_remove(("bias[at]", "bias[:keep]")), "Of `bias` it keeps the first"),
    "forgets the bias": (_remove(("bias[at]", "bias")), "`bias` still has all"),
    "forgets the next": (_remove(("next_kernel[:, :, at]", "next_kernel")), "`next_kernel` still has all"),
    "forgets the kernel": (_remove(("kernel[..., at], b", "kernel, b")), "`kernel` still has all"),
    "two arrays": (_remove((", next_kernel[:, :, at]", "")), "It returns two arrays"),
    "the kernel alone": (_remove((", bias[at], next_kernel[:, :, at]", "")), "return three arrays"),
    "removes as many": (_remove(("[-keep:]", "[keep:]")), "`keep` is how many stay"),
    "input channels": (
        _remove(("(0, 1, 2)", "(0, 1, 3)"), ("[-keep:]", "[-1:]"), ("kernel[..., at], b", "kernel[:, :, at], b")),
        "`kernel` is cut on axis 2",
    ),
    "rows of the kernel": (_remove(("kernel[..., at], b", "kernel[:1], b")), "`kernel` is cut on axis 0"),
    "the next layer's outputs": (
        _remove(("next_kernel[:, :, at]", "next_kernel[..., :1]")),
        "`next_kernel` is cut on axis 3",
    ),
    "places that are not there": (_remove(("next_kernel[:, :, at]", "next_kernel[at]")), "The places are those"),
    "zeros": (
        f"{_NORMS}at = np.argsort(norms)[:-keep]\n    kernel[..., at], bias[at], next_kernel[:, :, at] = 0, 0, 0\n    "
        "return kernel, bias, next_kernel",
        "It sets channels to zero",
    ),
    "as they were": ("return kernel, bias, next_kernel", "It returns the layers as they were"),
    "float64": (_remove(("kernel[..., at], b", "kernel[..., at].astype(float), b")), "the dtypes are to stay float32"),
    "another bias": (_remove(("bias[at]", "bias[at] * np.float32(2)")), "`bias` does not hold the channels"),
    "a dictionary": (_remove((_CUT, "return {'kernel': kernel[..., at]}")), "return three arrays"),
    "forgets return": (_remove(("return ", "")), "does it end with `return"),
}

_BUDGET = """import gzip
    weights = model.get_weights()
    one = tf.TensorSpec([1, *model.input_shape[1:]], tf.float32)
    traced = tf.function(lambda x: model(x)).get_concrete_function(one)
    def cut(w, share):
        if w.ndim == 1:
            return w
        left = w.copy()
        left.flat[np.argsort(np.abs(w), axis=None)[:round(share * w.size)]] = 0
        return left
    found = None
    for tenths in range(10):
        model.set_weights([cut(w, tenths / 10) for w in weights])
        content = tf.lite.TFLiteConverter.from_concrete_functions([traced]).convert()
        if len(gzip.compress(content, 9)) <= most_bytes:
            found = content
            break
    model.set_weights(weights)
    return found"""


def _budget(*pairs):
    code = _BUDGET
    for old, new in pairs:
        assert old in code, old
        code = code.replace(old, new)
    return code


_CONVERTER = "tf.lite.TFLiteConverter.from_concrete_functions([traced])"
_ALL = (
    "t = np.quantile(np.abs(np.concatenate([w.ravel() for w in weights if w.ndim > 1])), tenths / 10)\n        "
    "model.set_weights([np.where(np.abs(w) < t, 0, w) if w.ndim > 1 else w for w in weights])"
)

FIT_BUDGET = {
    "the file's own size": (_budget(("len(gzip.compress(content, 9))", "len(content)")), "keeps its size"),
    "always None": ("model = None\n    return model", "where the model as it is fits"),
    "leaves it pruned": (_budget(("    model.set_weights(weights)\n    r", "    r")), "It leaves the model pruned"),
    "gives them back only for None": (
        _budget(("found = content\n            break", "return content")),
        "It leaves the model pruned",
    ),
    "as it is": (_budget(("range(10)", "range(1)"), ("if len", "if True or len")), "bytes when it is compressed"),
    "never None": (_budget(("if len", "found = content\n        if len")), "return None"),
    "the most": (_budget(("            break\n", "")), "Begin with the least sparsity"),
    "from above": (_budget(("range(10)", "range(9, -1, -1)")), "Begin with the least sparsity"),
    "begins at 10 %": (_budget(("range(10)", "range(1, 10)")), "Begin with the least sparsity"),
    "ends at 80 %": (_budget(("range(10)", "range(9)")), "90 % sparse, and compressed"),
    "up to 100 %": (_budget(("range(10)", "range(11)")), "one sparsity of 0, 10 ... 90 %"),
    "by 5 %": (_budget(("range(10)", "range(20)"), ("tenths / 10", "tenths / 20")), "one sparsity of 0, 10 ... 90 %"),
    "below, not at": (_budget(("<= most_bytes", "< most_bytes")), "it refuses its own file"),
    "zlib": (_budget(("import gzip", "import gzip, zlib"), ("gzip.compress", "zlib.compress")), "to the byte"),
    "the fastest": (_budget(("(content, 9)", "(content, 1)")), "it refuses its own file"),
    "compressed": (_budget(("found = content", "found = gzip.compress(content, 9)")), "the compressed bytes"),
    "one threshold": (
        _budget(("model.set_weights([cut(w, tenths / 10) for w in weights])", _ALL)),
        "One threshold for all weights",
    ),
    "convolutions alone": (_budget(("if w.ndim == 1", "if w.ndim < 4")), "one kernel is pruned, and another is not"),
    "the first kernel": (_budget(("for w in weights]", "if w is weights[0] else w for w in weights]")), "None"),
    "biases too": (
        _budget(("if w.ndim == 1:\n            return w\n        ", "")),
        "leave the biases as they are",
    ),
    "the largest": (_budget(("np.argsort(np.abs", "np.argsort(-np.abs")), "lacks its largest weights"),
    "signed": (_budget(("np.abs(w)", "w")), "lacks its most negative weights"),
    "random ones": (
        _budget(("np.argsort(np.abs(w), axis=None)", "np.random.default_rng(0).permutation(w.size)")),
        "all of them together",
    ),
    "channel by channel": (
        _budget(("left.flat[np.argsort(np.abs(w), axis=None)[:round(share * w.size)]] = 0",
                 "rank = np.argsort(np.argsort(np.abs(w), axis=-1), axis=-1)\n        "
                 "left[rank < share * w.shape[-1] - 0.5] = 0")),
        "is asked for all of them",
    ),
    "other weights": (
        _budget(("return left", "return left * np.float32(1.5)")),
        "A file holds other weights",
    ),
    "the rest made larger": (
        _budget(("return left", "left[left > np.quantile(w, 0.9)] *= 2\n        return left")),
        "neither zero nor as they were",
    ),
    "a file from before": (_budget(("return found", "kept.append(found)\n    return kept[0]")), "A file holds other"),
    "a shipped file": ("return shipped", "A file holds other weights"),
    "dynamic range": (
        _budget((f"content = {_CONVERTER}.convert()",
                 f"c = {_CONVERTER}\n        c.optimizations = [tf.lite.Optimize.DEFAULT]\n        "
                 "content = c.convert()")),
        "a float file is asked",
    ),
    "the silent route": (_budget(("([traced])", "([traced], model)")), "holds `VAR_HANDLE`"),
    "the converter": (_budget((".convert()", ""), ("if len", "return content\n        if len")), "It returns the conv"),
    "the converter, compressed": (_budget((".convert()", "")), "the bytes that `convert()` gives"),
    "bytes and a number": (
        _budget(("len(gzip.compress(content, 9))", "gzip.compress(content, 9)")),
        "Compare the number of compressed bytes",
    ),
    "the model": ("return model", "It returns a Keras model"),
    "kernels alone": (_budget(("for w in weights]", "for w in weights if w.ndim > 1]")), "wants all arrays"),
    "all at once": (_budget(("[cut(w, tenths / 10) for w in weights]", "cut(weights, 0.1)")), "is a list of arrays"),
    "forgets the star": (_budget(("*model.input_shape", "model.input_shape")), "with a star"),
    "forgets return": (_budget(("return found", "found")), "does it `return` the file"),
}  # fmt: skip

WRONG = {
    "08.prune": PRUNE,
    "08.schedule": SCHEDULE,
    "08.cluster": CLUSTER,
    "08.remove_channels": REMOVE_CHANNELS,
    "08.fit_budget": FIT_BUDGET,
}
