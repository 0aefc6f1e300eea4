"""Wrong answers to the exercises of lab 02."""

SEPARABLE_PARAMETERS = {
    "a standard convolution": ("return kernel * kernel * inputs * outputs", "standard convolution, where"),
    "depthwise only": ("return kernel**2 * inputs", "Only the depthwise step"),
    "pointwise only": ("return inputs * outputs", "Only the pointwise step"),
    "multiplies": ("return (kernel * kernel * inputs) * (inputs * outputs)", "multiplies the two steps"),
    "a bias for every output": ("return kernel * kernel * inputs + inputs * outputs + outputs", "for every output:"),
    "biases in both": ("return (kernel * kernel + 1) * inputs + (inputs + 1) * outputs", "biases in both steps"),
    "swapped": ("return kernel * kernel * outputs + inputs * outputs", "a kernel for every output"),
    "not squared": ("return kernel * inputs + inputs * outputs", "counts once only"),
    "doubled": ("return 2 * kernel * inputs + inputs * outputs", "doubles the kernel"),
    "one kernel for all": ("return kernel * kernel + inputs * outputs", "one kernel for all channels"),
    "pointwise without inputs": ("return kernel * kernel * inputs + outputs", "short of weights"),
    "pointwise with the kernel": ("return kernel**2 * inputs + kernel**2 * inputs * outputs", "kernel of 1 by 1"),
    "the share": ("return 1 / outputs + 1 / kernel**2", "the number itself is asked"),
    "a constant": ("return 423018", "is right"),
    "a pair": ("return kernel * kernel * inputs, inputs * outputs", "return one number"),
    "a text": ("return f'{kernel * kernel * inputs + inputs * outputs:,}'", "return one number"),
    "forgets return": ("kernel * kernel * inputs + inputs * outputs", "does it end with `return`"),
}

_TRACE = (
    "cf = tf.function(lambda x: model(x)).get_concrete_function("
    "tf.TensorSpec([1, *model.input_shape[1:]], tf.float32))\n    "
)
_CONVERTER = f"{_TRACE}converter = tf.lite.TFLiteConverter.from_concrete_functions([cf])\n    "

FIXED_BATCH = {
    "leaves it free": ("return tf.lite.TFLiteConverter.from_keras_model(model).convert()", "still free"),
    "traces a free batch": (
        "cf = tf.function(lambda x: model(x)).get_concrete_function(tf.TensorSpec(model.input_shape))\n"
        "    return tf.lite.TFLiteConverter.from_concrete_functions([cf]).convert()",
        "still free",
    ),
    "resizes an interpreter": (
        "content = tf.lite.TFLiteConverter.from_keras_model(model).convert()\n"
        "    i = Interpreter(model_content=content)\n"
        "    i.resize_tensor_input(i.get_input_details()[0]['index'], [1, *model.input_shape[1:]])\n"
        "    i.allocate_tensors()\n"
        "    return content",
        "Resizing an interpreter",
    ),
    "returns the interpreter": (
        "content = tf.lite.TFLiteConverter.from_keras_model(model).convert()\n"
        "    return Interpreter(model_content=content)",
        "returns an Interpreter: return the bytes",
    ),
    "a batch of 4": (
        _CONVERTER.replace("[1, ", "[4, ") + "return converter.convert()",
        "wants 4 rows at a time",
    ),
    "a batch of 16": (
        _CONVERTER.replace("[1, ", "[16, ") + "return converter.convert()",
        "wants 16 rows at a time",
    ),
    "the model as second argument": (
        f"{_TRACE}return tf.lite.TFLiteConverter.from_concrete_functions([cf], model).convert()",
        "without the model behind it",
    ),
    "the silent route": (
        "import tempfile\n"
        "    with tempfile.TemporaryDirectory() as folder:\n"
        "        tf.saved_model.save(model, folder)\n"
        "        return tf.lite.TFLiteConverter.from_saved_model(folder).convert()",
        "holds `VAR_HANDLE`",
    ),
    "returns the converter": (f"{_CONVERTER}return converter", "returns the converter"),
    "forgets the brackets": (f"{_CONVERTER}return converter.convert", "brackets of `convert()`"),
    "returns the concrete function": (f"{_TRACE}return cf", "returns the concrete function"),
    "returns a Keras model": (
        "image = keras.Input(batch_shape=(1, *model.input_shape[1:]))\n    return keras.Model(image, model(image))",
        "returns a Keras model",
    ),
    "no list": (
        f"{_TRACE}return tf.lite.TFLiteConverter.from_concrete_functions(cf).convert()",
        "put it into brackets",
    ),
    "the function itself": (
        "f = tf.function(lambda x: model(x))\n"
        "    return tf.lite.TFLiteConverter.from_concrete_functions([f]).convert()",
        "has to come from `get_concrete_function`",
    ),
    "forgets the star": ("return tf.TensorSpec([1, model.input_shape[1:]])", "with a star"),
    "adds a tuple": ("return tf.TensorSpec([1] + model.input_shape[1:])", "with a star"),
    "asks the model": ("return model.get_concrete_function(tf.TensorSpec([1, 4]))", "wrap the model"),
    "another model": (
        "model = neuron\n    " + _CONVERTER + "return converter.convert()",
        "another model than the one",
    ),
    "other weights": (
        "old, model = model, keras.models.clone_model(model)\n"
        "    model.set_weights([value + 1 for value in old.get_weights()])\n"
        f"    {_CONVERTER}return converter.convert()",
        "another model than the one",
    ),
    "the first model for ever": (
        f"{_CONVERTER}kept.append(converter.convert())\n    return kept[0]",
        "another model than the one",
    ),
    "a file from before": (
        "from labutils.models import asset; return asset('neuron.tflite').read_bytes()",
        "still free",
    ),
    "quantizes too": (
        f"{_CONVERTER}converter.optimizations = [tf.lite.Optimize.DEFAULT]\n"
        "    converter.target_spec.supported_types = [tf.float16]\n"
        "    return converter.convert()",
        "leave `optimizations`",
    ),
    "writes, returns nothing": (f"{_CONVERTER}converter.convert()", "return the bytes"),
}

_NORMS = "norms = [layer for layer in model.layers if isinstance(layer, keras.layers.BatchNormalization)]\n    "
_ZERO = f"{_NORMS}for layer in norms:\n        layer.momentum = 0\n    "
_EACH = (
    "values = images\n"
    "    for layer in model.layers:\n"
    "        if isinstance(layer, keras.layers.BatchNormalization):\n"
    "            mean, variance = np.mean(values, (0, 1, 2)), np.var(values, (0, 1, 2))\n"
    "            layer.moving_mean.assign({mean})\n"
    "            layer.moving_variance.assign({variance})\n"
    "        values = layer(values)\n"
)

RECALIBRATE = {
    "not in training mode": (f"{_ZERO}model(images)", "only with `training=True`"),
    "training is False": (f"{_ZERO}model(images, training=False)", "only with `training=True`"),
    "predicts": (f"{_ZERO}model.predict(images, verbose=0)", "only with `training=True`"),
    "only sets the momentum": (f"{_ZERO}return model", "only with `training=True`"),
    "momentum at 1": (f"{_ZERO.replace('= 0', '= 1')}model(images, training=True)", "below 1"),
    "momentum as it was": ("model(images, training=True)", "1% of the way"),
    "momentum at a half": (f"{_ZERO.replace('= 0', '= 0.5')}model(images, training=True)", "50% of the way"),
    "ten calls": (
        "for _ in range(10):\n        model(images, training=True)",
        "10% of the way",
    ),
    "fits": (
        "model.compile('sgd', 'mse')\n    model.fit(images, model(images), epochs=1, verbose=0)",
        "`fit` trains",
    ),
    "fits without compiling": ("model.fit(images, images)", "call the model instead"),
    "starts from nothing": (
        f"{_ZERO}model.set_weights([0 * value for value in model.get_weights()])\n    model(images, training=True)",
        "changed weights that were right",
    ),
    "undoes gamma": (
        f"{_ZERO}model(images, training=True)\n"
        "    for layer in norms:\n"
        "        layer.gamma.assign(0 * layer.gamma + 1)",
        "changed weights that were right",
    ),
    "momentum of the first layer only": (
        f"{_NORMS}norms[0].momentum = 0\n    model(images, training=True)",
        "The statistics of `bn_2` went 1%",
    ),
    "stops after the first layer": (
        f"{_NORMS}norms[0].momentum = 0\n    norms[1].momentum = 1\n    model(images, training=True)",
        "`bn_2` is as before",
    ),
    "the last layer only": (
        f"{_NORMS}norms[-1].moving_mean.assign(norms[-1].moving_mean + 1)",
        "`bn_1` is as before",
    ),
    "swapped": (_EACH.format(mean="variance", variance="mean"), "changed places"),
    "the standard deviation": (_EACH.format(mean="mean", variance="np.sqrt(variance)"), "leave out the root"),
    "all at once": (
        f"{_NORMS}found = []\n"
        "    for layer in norms:\n"
        "        values = keras.Model(model.inputs[0], layer.input)(images).numpy()\n"
        "        found.append((values.mean((0, 1, 2)), values.var((0, 1, 2))))\n"
        "    for layer, (mean, variance) in zip(norms, found):\n"
        "        layer.moving_mean.assign(mean)\n"
        "        layer.moving_variance.assign(variance)",
        "was measured before",
    ),
    "the first image": (f"{_ZERO}model(images[:1], training=True)", "not those of all the images"),
    "the first half": (f"{_ZERO}model(images[:12], training=True)", "not those of all the images"),
    "batch by batch": (
        f"{_ZERO}for start in range(0, len(images), 8):\n        model(images[start:start + 8], training=True)",
        "the last counts most",
    ),
    "of the images": (
        f"{_NORMS}norms[0].moving_mean.assign(images.mean((0, 1, 2)))",
        "Each channel has one mean",
    ),
    "a copy": (
        "model = keras.models.clone_model(model)\n    model(images, training=True)\n    return model",
        "puts a copy right",
    ),
    "NaN": (
        f"{_NORMS}for layer in norms:\n        layer.moving_mean.assign(layer.moving_mean * float('nan'))",
        "not those of all the images",
    ),
    "predicts in training": ("model.predict(images, training=True)", "`predict` has no training mode"),
}

_UP = "h, w = -(-height // stride), -(-width // stride)\n    "

MULTIPLY_ADDS = {
    "rounds down": (
        "return (height // stride) * (width // stride) * kernel * kernel * inputs * outputs",
        "output down",
    ),
    "int": (
        "return int(height / stride) * int(width / stride) * kernel**2 * inputs * outputs",
        "output down",
    ),
    "rounds to the nearest": (
        "return round(height / stride) * round(width / stride) * kernel**2 * inputs * outputs",
        "to the nearest",
    ),
    "does not round": (
        "return height / stride * width / stride * kernel**2 * inputs * outputs",
        "does not round",
    ),
    "rounds the pixels up": (
        "import math; return math.ceil(height * width / stride**2) * kernel**2 * inputs * outputs",
        "rounds once",
    ),
    "rounds the pixels down": (
        "return height * width // stride**2 * kernel**2 * inputs * outputs",
        "and rounds down",
    ),
    "no stride": ("return height * width * kernel * kernel * inputs * outputs", "leaves the stride out"),
    "the stride once": (
        "return -(-height * width // stride) * kernel * kernel * inputs * outputs",
        "by the stride once",
    ),
    "the height only": (f"{_UP}return h * width * kernel**2 * inputs * outputs", "Only the height"),
    "the width only": (f"{_UP}return height * w * kernel**2 * inputs * outputs", "Only the width"),
    "a square image": (f"{_UP}return h * h * kernel**2 * inputs * outputs", "for both sides"),
    "valid padding": (
        "h, w = (height - kernel) // stride + 1, (width - kernel) // stride + 1\n"
        "    return h * w * kernel**2 * inputs * outputs",
        "\"valid\" padding",
    ),
    "depthwise": (f"{_UP}return h * w * kernel**2 * inputs", "a depthwise convolution"),
    "no inputs": (f"{_UP}return h * w * kernel**2 * outputs", "leaves the inputs out"),
    "no kernel": (f"{_UP}return h * w * inputs * outputs", "leaves the kernel out"),
    "separable": (f"{_UP}return h * w * (kernel**2 + outputs) * inputs", "depthwise separable"),
    "the kernel once": (f"{_UP}return h * w * kernel * inputs * outputs", "counts once only"),
    "weights": ("return kernel * kernel * inputs * outputs", "number of weights"),
    "twice": (f"{_UP}return 2 * h * w * kernel**2 * inputs * outputs", "one multiply-add"),
    "a bias": (f"{_UP}return h * w * (kernel**2 * inputs + 1) * outputs", "counts the bias"),
    "a constant": ("return 300_000_000", "is right"),
    "the first answer for ever": (
        f"{_UP}kept.append(h * w * kernel**2 * inputs * outputs); return kept[0]",
        "is right",
    ),
    "of stride 2 only": (
        "return -(-height // 2) * -(-width // 2) * kernel**2 * inputs * outputs",
        "and a stride of 3 it gives",
    ),
    "a pair": (f"{_UP}return h * w, kernel**2 * inputs * outputs", "return one number"),
    "a text": (f"{_UP}return f'{{h * w * kernel**2 * inputs * outputs:,}}'", "return one number"),
    "forgets return": (f"{_UP}h * w * kernel**2 * inputs * outputs", "does it end with `return`"),
}

TOP_CLASSES = {
    "ascending": ("return np.argsort(probabilities, axis=1)[:, -k:]", "likeliest comes last"),
    "the least likely": ("return probabilities.argsort()[:, :k]", "the least likely classes"),
    "cuts before turning round": (
        "return np.argsort(probabilities)[:, :k][:, ::-1]",
        "turn round first",
    ),
    "turns the images round": ("return np.argsort(probabilities)[::-1][:, :k]", "puts the last image first"),
    "turns both round": ("return np.argsort(probabilities)[::-1, ::-1][:, :k]", "images are in reverse order"),
    "axis 0": ("return np.argsort(-probabilities, axis=0)[:, :k]", "down the columns"),
    "cuts rows": ("return np.argsort(-probabilities)[:k]", "rows and all classes"),
    "does not cut": ("return np.argsort(-probabilities)", "keep the first"),
    "the values": ("return -np.sort(-probabilities, axis=1)[:, :k]", "the probabilities themselves"),
    "the values as whole numbers": (
        "return -np.sort(-probabilities, axis=1)[:, :k].astype(int)",
        "is right",
    ),
    "flattened": ("return np.argsort(-probabilities, axis=None)[:k]", "as one long row"),
    "flattened, in rows": (
        "return np.argsort(-probabilities.ravel())[: len(probabilities) * k].reshape(-1, k)",
        "is right",
    ),
    "the first row only": ("return np.argsort(-probabilities[0])[:k]", "the classes of one image"),
    "the first row for all": (
        "return np.tile(np.argsort(-probabilities[0])[:k], (len(probabilities), 1))",
        "gets the classes of the first",
    ),
    "a partition": (
        "return np.argpartition(-probabilities, k, axis=1)[:, :k]",
        "their order is not",
    ),
    "a partition from above": (
        "return np.argpartition(probabilities, -k, axis=1)[:, -k:][:, ::-1]",
        "their order is not",
    ),
    "by number": ("return np.sort(np.argsort(-probabilities, axis=1)[:, :k], axis=1)", "sorted by their numbers"),
    "argmax": ("return probabilities.argmax(axis=1)", "one class for each row"),
    "argmax, many times": (
        "return np.repeat(probabilities.argmax(axis=1)[:, None], k, axis=1)",
        "k times",
    ),
    "from 1": ("return np.argsort(-probabilities, axis=1)[:, :k] + 1", "from 1"),
    "from the second": ("return np.argsort(-probabilities, axis=1)[:, 1 : k + 1]", "begins with the second"),
    "one too few": ("return np.argsort(-probabilities, axis=1)[:, 1:k]", "is asked"),
    "always five": ("return np.argsort(-probabilities, axis=1)[:, :5]", "is asked"),
    "ranks": ("return np.argsort(np.argsort(-probabilities))[:, :k]", "ranks of the first k"),
    "transposed": ("return np.argsort(-probabilities, axis=1)[:, :k].T", "transpose it"),
    "as floats": ("return np.argsort(-probabilities, axis=1)[:, :k].astype(float)", "a class is a whole number"),
    "a mask": (
        "return np.ones((len(probabilities), k), bool)",
        "yes and no",
    ),
    "a list": ("return np.argsort(-probabilities, axis=1)[:, :k].tolist()", "return a numpy array"),
    "the first answer for ever": (
        "kept.append(np.argsort(-probabilities, axis=1)); return kept[0][:len(probabilities), :k]",
        "is asked",
    ),
    "a partition down the columns": (
        "return np.argpartition(probabilities, probabilities.shape[1] - 1, axis=0)",
        "is the axis 1",
    ),
    "negates a list": ("return np.argsort(-list(probabilities))[:, :k]", "the array that it is"),
    "forgets return": ("np.argsort(-probabilities, axis=1)[:, :k]", "does it end with `return`"),
}

WRONG = {
    "02.separable_parameters": SEPARABLE_PARAMETERS,
    "02.fixed_batch": FIXED_BATCH,
    "02.recalibrate": RECALIBRATE,
    "02.multiply_adds": MULTIPLY_ADDS,
    "02.top_classes": TOP_CLASSES,
}
