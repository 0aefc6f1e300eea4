"""Right answers other than the solutions: by exercise, a name and the code."""

RIGHT = {
    "01.convert": {
        "another way": """
def to_tflite(model):
    import tempfile
    import tensorflow as tf
    with tempfile.TemporaryDirectory() as folder:
        model.export(folder, verbose=False)
        return tf.lite.TFLiteConverter.from_saved_model(folder).convert()
""",
    },
    "01.newest_version": {
        "another way": """
def newest_version(names):
    best = None
    for name in names:
        try:
            number = int(name)
        except ValueError:
            continue
        if best is None or number > int(best):
            best = name
    return best
""",
    },
    "01.holds_its_weights": {
        "another way": """
def holds_its_weights(operators):
    for name in operators:
        if name == "VAR_HANDLE":
            return False
    return True
""",
    },
    "01.largest_error": {
        "another way": """
def largest_error(expected, found):
    return abs(found - expected).max()
""",
    },
    "01.weight_bytes": {
        "in a loop": """
def weight_bytes(shapes):
    total = 0
    for shape in shapes:
        numbers = 1
        for size in shape:
            numbers *= size
        total += 4 * numbers
    return total
""",
        "numpy": "return sum(np.prod(shape) * np.dtype(np.float32).itemsize for shape in shapes)",
        "arrays": "return sum(np.empty(shape, np.float32).nbytes for shape in shapes)",
    },
    "02.separable_parameters": {
        "factored out": "return inputs * (kernel**2 + outputs)",
        "a float": "return float(kernel * kernel * inputs + inputs * outputs)",
    },
    "02.fixed_batch": {
        "another Input": """
def fixed_batch(model):
    image = keras.Input(batch_shape=(1, *model.input_shape[1:]))
    return tf.lite.TFLiteConverter.from_keras_model(keras.Model(image, model(image))).convert()
""",
        "an exported signature": """
def fixed_batch(model):
    import tempfile
    with tempfile.TemporaryDirectory() as folder:
        shape = (1, *model.input_shape[1:])
        model.export(folder, verbose=False, input_signature=[keras.InputSpec(shape=shape, dtype="float32")])
        return tf.lite.TFLiteConverter.from_saved_model(folder).convert()
""",
        "an input signature": """
def fixed_batch(model):
    @tf.function(input_signature=[tf.TensorSpec((1,) + model.input_shape[1:])])
    def run(x):
        return model(x, training=False)
    return tf.lite.TFLiteConverter.from_concrete_functions([run.get_concrete_function()]).convert()
""",
    },
    "02.recalibrate": {
        "many calls": """
def recalibrate(model, images):
    for layer in model.layers:
        if hasattr(layer, "momentum"):
            layer.momentum = 0.9
    for _ in range(60):
        model(images, training=True)
""",
        "layer by layer": """
def recalibrate(model, images):
    values = images
    for layer in model.layers:
        if isinstance(layer, keras.layers.BatchNormalization):
            values = np.asarray(values)
            layer.moving_mean.assign(values.mean((0, 1, 2)))
            layer.moving_variance.assign(values.var((0, 1, 2)))
        values = layer(values)
    return model
""",
        "freezes the rest": """
def recalibrate(model, images):
    for layer in model.layers:
        if isinstance(layer, keras.layers.BatchNormalization):
            layer.momentum = 0
        else:
            layer.trainable = False
    model(images, training=True)
""",
        "leaves momentum at 0": """
def recalibrate(model, images):
    for layer in model.layers:
        layer.momentum = 0
    return model(images, training=True)
""",
        "in mixed small batches": """
def recalibrate(model, images):
    for layer in model.layers:
        layer.momentum = 0.9
    order = np.random.default_rng(4)
    for _ in range(60):
        model(images[order.permutation(len(images))[:16]], training=True)
""",
    },
    "02.multiply_adds": {
        "without math": """
def conv_multiply_adds(height, width, kernel, inputs, outputs, stride):
    rows, columns = -(-height // stride), (width + stride - 1) // stride
    return kernel**2 * inputs * outputs * rows * columns
""",
        "numpy": """
def conv_multiply_adds(height, width, kernel, inputs, outputs, stride):
    return np.prod(np.ceil(np.array([height, width]) / stride)) * kernel * kernel * inputs * outputs
""",
        "by counting": """
def conv_multiply_adds(height, width, kernel, inputs, outputs, stride):
    pixels = len(range(0, height, stride)) * len(range(0, width, stride))
    return pixels * kernel * kernel * inputs * outputs
""",
    },
    "02.top_classes": {
        "turned round": "return np.argsort(probabilities, axis=1)[:, ::-1][:, :k]",
        "cut, then turned round": "return probabilities.argsort()[:, -k:][:, ::-1].astype(np.int32)",
        "row by row": """
def top_classes(probabilities, k):
    found = []
    for row in probabilities:
        found.append(sorted(range(len(row)), key=lambda number: row[number], reverse=True)[:k])
    return np.array(found)
""",
        "a partition, sorted": """
def top_classes(probabilities, k):
    some = np.argpartition(probabilities, -k, axis=1)[:, -k:]
    order = np.argsort(-np.take_along_axis(probabilities, some, axis=1), axis=1)
    return np.take_along_axis(some, order, axis=1)
""",
    },
    "03.convert_command": {
        "joined by =": 'return ["tflite_convert", f"--saved_model_dir={saved_model}", f"--output_file={output}"]',
        "the other way round": 'return ("tflite_convert", "--output_file", output, "--saved_model_dir", saved_model)',
        "more flags": """return [
        "tflite_convert", "--saved_model_dir", saved_model, "--output_file", output,
        "--saved_model_signature_key=serving_default", "--saved_model_tag_set", "serve",
    ]""",
        "split at the quotes": """
def convert_command(saved_model, output):
    import shlex
    text = f"tflite_convert --saved_model_dir {shlex.quote(saved_model)} --output_file {shlex.quote(output)}"
    return shlex.split(text)
""",
        "by its module": """
def convert_command(saved_model, output):
    import sys
    module = "tensorflow.lite.python.tflite_convert"
    return [sys.executable, "-m", module, "--saved_model_dir", saved_model, "--output_file", output]
""",
        "in a folder": """
def convert_command(saved_model, output):
    from pathlib import Path
    return [Path(".venv/bin/tflite_convert"), "--saved_model_dir", Path(saved_model), "--output", output]
""",
        "labs convert": """
def convert_command(saved_model, output):
    return ["labs", "convert", "--saved_model_dir", saved_model, f"--output_file={output}", "--no_parity"]
""",
    },
    "03.input_signature": {
        "the wrapped function": """
def input_signature(saved_model):
    run = tf.saved_model.load(saved_model).signatures["serving_default"]
    found = {}
    for spec in run.structured_input_signature[1].values():
        found[spec.name] = (tuple(spec.shape.as_list()), spec.dtype.name)
    return found
""",
        "the tensors": """
def input_signature(saved_model):
    run = tf.saved_model.load(saved_model).signatures["serving_default"]
    tensors = [tensor for tensor in run.inputs if tensor.dtype != tf.resource]
    return {tensor.name.split(":")[0]: (tuple(tensor.shape), tensor.dtype.name) for tensor in tensors}
""",
        "the protocol buffer": """
def input_signature(saved_model):
    from tensorflow.python.tools import saved_model_utils
    graph = saved_model_utils.get_meta_graph_def(saved_model, "serve")
    found = {}
    for name, info in graph.signature_def["serving_default"].inputs.items():
        shape = tuple(None if size.size == -1 else size.size for size in info.tensor_shape.dim)
        found[name] = (shape, tf.as_dtype(info.dtype).name)
    return found
""",
    },
    "03.operator_changes": {
        "a Counter's subtract": """
def operator_changes(before, after):
    found = after.copy()
    found.subtract(before)
    return {name: number for name, number in found.items() if number != 0}
""",
        "a Counter": """
def operator_changes(before, after):
    from collections import Counter
    left = Counter(after)
    left.subtract(before)
    return Counter({name: number for name, number in left.items() if number})
""",
        "by hand": """
def operator_changes(before, after):
    found = {}
    for name in [*before, *after]:
        if before[name] != after[name]:
            found[name] = after[name] - before[name]
    return found
""",
    },
    "03.was_quantized": {
        "the schema": """
def was_quantized(content):
    from ai_edge_litert import schema_py_generated as schema
    model = schema.Model.GetRootAs(content)
    for number in range(model.SubgraphsLength()):
        graph = model.Subgraphs(number)
        for index in range(graph.TensorsLength()):
            tensor = graph.Tensors(index)
            if tensor.Type() == schema.TensorType.INT8 and model.Buffers(tensor.Buffer()).DataLength():
                return True
    return False
""",
        "the interpreter": """
def was_quantized(content):
    interpreter = Interpreter(model_content=content)
    for tensor in interpreter.get_tensor_details():
        if tensor["dtype"] is np.int8:
            try:
                interpreter.get_tensor(tensor["index"])  # before allocating only what the file holds can be read
                return True
            except ValueError:
                pass
    return False
""",
        "by the weights' scales": """
def was_quantized(content):
    from labutils.tflite.anatomy import anatomy
    (graph,) = anatomy(content).subgraphs
    return np.any([each.dtype == "int8" for each in graph.tensors if each.bytes and each.quantization])
""",
    },
    "04.scale_and_zero_point": {
        "from the upper end": """
def scale_and_zero_point(low, high):
    low, high = min(low, 0), max(high, 0)
    scale = (high - low) / 255
    return np.float32(scale), np.int32(np.round(127 - high / scale))
""",
    },
    "04.per_channel": {
        "channel by channel": """
def per_channel(weights):
    stored, scales = np.zeros(weights.shape, np.int8), np.ones(weights.shape[-1], np.float32)
    for channel in range(weights.shape[-1]):
        largest = np.abs(weights[..., channel]).max()
        if largest:
            scales[channel] = largest / 127
        stored[..., channel] = np.round(weights[..., channel] / scales[channel])
    return stored, scales
""",
        "a little above zero": """
def per_channel(weights):
    scales = np.maximum(np.abs(weights).max((0, 1, 2)), 1e-9) / 127
    return np.rint(weights / scales).astype("int8"), scales.astype("float32")
""",
    },
    "04.representative": {
        "a lambda": "return lambda: ([image[None].astype(np.float32)] for image in images)",
        "a list of samples": "return lambda: [[image[None].astype(np.float32)] for image in images]",
        "tensors": """
def representative(images):
    def samples():
        for image in tf.data.Dataset.from_tensor_slices(images.astype("float32")).batch(1):
            yield [image]
    return samples
""",
        "in another order": """
def representative(images):
    def samples():
        for n in np.random.default_rng(1).permutation(len(images)):
            yield [np.float32(images[n : n + 1])]
    return tf.lite.RepresentativeDataset(samples)
""",
    },
    "04.assert_fully_integer": {
        "anatomy": """
def assert_fully_integer(content):
    from labutils.tflite.anatomy import anatomy
    found = [name for name in anatomy(content).dtypes if "float" in name]
    if found:
        raise AssertionError(f"The file holds {found}")
""",
        "allocated": """
def assert_fully_integer(content):
    i = Interpreter(model_content=content)
    i.allocate_tensors()
    assert not [e["name"] for e in i.get_tensor_details() if np.dtype(e["dtype"]).kind == "f"]
""",
        "the course's own": """
def assert_fully_integer(content):
    from labutils.tflite.integer import assert_fully_integer as whole
    whole(content)
""",
    },
    "04.repair": {
        "a clone": """
def repair(model, images):
    def other(layer):
        if layer.name == "energy":
            return keras.layers.Lambda(lambda x: x**2, name="energy")
        return layer.__class__.from_config(layer.get_config())
    copy = keras.models.clone_model(model, clone_function=other)
    copy.set_weights(model.get_weights())
    converter = tf.lite.TFLiteConverter.from_keras_model(copy)
    converter.optimizations = [tf.lite.Optimize.DEFAULT]
    converter.representative_dataset = lambda: ([image[None]] for image in images)
    converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
    converter.inference_input_type = converter.inference_output_type = tf.int8
    return converter.convert()
""",
        "a concrete function": """
def repair(model, images):
    def run(x):
        for layer in model.layers:
            x = keras.ops.multiply(x, x) if layer.name == "energy" else layer(x)
        return x
    traced = tf.function(run).get_concrete_function(tf.TensorSpec((1, *images.shape[1:])))
    converter = tf.lite.TFLiteConverter.from_concrete_functions([traced])
    converter.optimizations = [tf.lite.Optimize.DEFAULT]
    converter.representative_dataset = lambda: ([image[None]] for image in images[::-1])
    converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
    converter.inference_input_type = converter.inference_output_type = tf.int8
    return converter.convert()
""",
    },
    "04.integer_bytes": {
        "by numpy": """
def integer_bytes(shapes):
    sizes = np.array(shapes)
    return sizes.prod(axis=1).sum() + 28 * sizes[:, 3].sum()
""",
        "a dictionary of layers": """
def integer_bytes(shapes):
    layers = {n: np.prod(shape[:3]) * shape[3] + 4 * shape[3] for n, shape in enumerate(shapes)}
    return float(sum(layers.values()) + 2 * sum(shape[-1] * (4 + 8) for shape in shapes))
""",
    },
    "05.flex_operators": {
        "by kind": """
def flex_operators(content):
    from labutils.tflite.anatomy import anatomy
    found = set()
    for graph in anatomy(content).subgraphs:
        found |= {step.name[4:] for step in graph.operators if step.kind == "flex"}
    return sorted(found)
""",
        "by the schema": """
def flex_operators(content):
    from ai_edge_litert import schema_py_generated as schema
    model = schema.ModelT.InitFromObj(schema.Model.GetRootAs(content))
    codes = [code.customCode.decode() for code in model.operatorCodes if code.customCode]
    used = {step.opcodeIndex for graph in model.subgraphs for step in graph.operators}
    assert used
    return sorted({code[4:] for code in codes if code.startswith("Flex")})
""",
    },
    "05.with_fallback": {
        "the other order": """
def with_fallback(function):
    converter = tf.lite.TFLiteConverter.from_concrete_functions([function.get_concrete_function()])
    converter.target_spec.supported_ops = {tf.lite.OpsSet.SELECT_TF_OPS, tf.lite.OpsSet.TFLITE_BUILTINS}
    return converter.convert()
""",
        "only when refused": """
def with_fallback(function):
    converter = tf.lite.TFLiteConverter.from_concrete_functions([function.get_concrete_function()], tf.Module())
    try:
        return converter.convert()
    except Exception:
        converter.target_spec.supported_ops.add(tf.lite.OpsSet.SELECT_TF_OPS) if isinstance(
            converter.target_spec.supported_ops, set
        ) else converter.target_spec.supported_ops.append(tf.lite.OpsSet.SELECT_TF_OPS)
        return converter.convert()
""",
    },
    "05.missing_operators": {
        "from the message": """
def missing_operators(function):
    converter = tf.lite.TFLiteConverter.from_concrete_functions([function.get_concrete_function()])
    found = {}
    try:
        converter.convert()
    except Exception as error:
        for line in str(error).splitlines():
            for begin, value in (("TF Select ops: ", "select"), ("Custom ops: ", "neither")):
                if line.startswith(begin):
                    found |= dict.fromkeys(line[len(begin):].split(", "), value)
    return found
""",
        "from its errors": """
def missing_operators(function):
    converter = tf.lite.TFLiteConverter.from_concrete_functions([function.get_concrete_function()])
    try:
        converter.convert()
        return {}
    except Exception as error:
        kinds = {1: "select", 2: "neither"}
        return {e.operator.name[3:]: kinds[e.error_code] for e in error.errors if e.error_code in kinds}
""",
    },
    "05.cumulative_product": {
        "sizes and signs": """
def cumulative_product(x):
    odd = tf.math.floormod(tf.cumsum(tf.cast(x < 0, tf.float32), axis=1), 2.0)
    return (1 - 2 * odd) * tf.exp(tf.cumsum(tf.math.log(tf.abs(x)), axis=1))
""",
        "a triangle": """
def cumulative_product(x):
    size = x.shape[1]
    triangle = np.tril(np.ones((size, size), bool))
    return tf.reduce_prod(tf.where(triangle, x[:, None, :], 1.0), axis=2)
""",
    },
    "05.pool_volume": {
        "planes by max_pool2d": """
def pool_volume(x):
    batch, depth, height, width, channels = x.shape
    planes = tf.nn.max_pool2d(tf.reshape(x, (batch * depth, height, width, channels)), 2, 2, "VALID")
    pairs = tf.reshape(planes, (batch, depth // 2, 2, height // 2, width // 2, channels))
    return tf.reduce_max(pairs, axis=2)
""",
        "pairs, three times": """
def pool_volume(x):
    batch, depth, height, width, channels = x.shape
    x = tf.reduce_max(tf.reshape(x, (-1, 2, height * width * channels)), 1)
    x = tf.reduce_max(tf.reshape(x, (-1, 2, width * channels)), 1)
    x = tf.reduce_max(tf.reshape(x, (-1, 2, channels)), 1)
    return tf.reshape(x, (batch, depth // 2, height // 2, width // 2, channels))
""",
        "all eight stacked": """
def pool_volume(x):
    eight = [x[:, i::2, j::2, k::2] for i in (0, 1) for j in (0, 1) for k in (0, 1)]
    return tf.reduce_max(tf.stack(eight), axis=0)
""",
        "volume by volume": """
def pool_volume(x):
    def one(volume):
        return keras.ops.max_pool(tf.maximum(volume[::2], volume[1::2]), 2)
    return tf.map_fn(one, x)
""",
    },
    "06.answer": {
        "another way": """
from ai_edge_litert.interpreter import Interpreter
def answer(model, x):
    run = Interpreter(model_content=model).get_signature_runner()
    (found,) = run(image=x.astype("float32")).values()
    return found[0]
""",
    },
    "06.quantize": {
        "another way": """
import numpy as np
def quantize(real, scale, zero_point):
    return np.floor(np.minimum(np.maximum(real / scale + zero_point, -128), 127) + 0.5).astype(np.int8)
""",
    },
    "06.dequantize": {
        "another way": """
import numpy as np
def dequantize(stored, scale, zero_point):
    return np.float32(scale) * (stored.astype(np.int16) - zero_point)
""",
    },
    "06.accuracy": {
        "another way": """
from ai_edge_litert.interpreter import Interpreter
def accuracy(model, images, labels):
    i = Interpreter(model_content=model)
    i.allocate_tensors()
    right = 0
    for k in range(len(images)):
        i.set_tensor(i.get_input_details()[0]["index"], images[k : k + 1])
        i.invoke()
        right += i.get_tensor(i.get_output_details()[0]["index"])[0].argmax() == labels[k]
    return right / len(labels)
""",
    },
    "06.median_latency": {
        "numpy": """
def median_latency(run, clock, warmup, runs):
    for _ in range(warmup):
        run()
    times = np.empty(runs)
    for n in range(runs):
        before = clock()
        run()
        after = clock()
        times[n] = 1000 * (after - before)
    return np.median(times)
""",
        "times the warm-up, too, and leaves it out": """
def median_latency(run, clock, warmup, runs):
    times = []
    for _ in range(warmup + runs):
        start = clock()
        run()
        times.append(clock() - start)
    times = sorted(times[warmup:])
    return 500 * (times[runs // 2] + times[(runs - 1) // 2])
""",
        "a clock of its own besides": """
def median_latency(run, clock, warmup, runs):
    import time
    begun, first = time.perf_counter(), clock()
    [run() for _ in range(warmup)]
    pairs = [(clock(), run(), clock()) for _ in range(runs)]
    print(time.perf_counter() - begun, clock() - first)
    return float(np.percentile([after - before for before, _, after in pairs], 50)) * 1e3
""",
    },
    "07.choose_path": {
        "a table": """
def choose_path(lacks_operator, has_data, integers_only):
    if lacks_operator and integers_only or integers_only and not has_data:
        return None
    if lacks_operator:
        return "select"
    return {(True, True): "full_integer", (True, False): "integer", (False, False): "dynamic_range"}[
        has_data, integers_only
    ]
""",
    },
    "07.pareto_front": {
        "a sweep, as a set": """
def pareto_front(files):
    best, kept = -1, set()
    for size in sorted({size for size, _ in files.values()}):
        top = max(right for kb, right in files.values() if kb == size)
        if top > best:
            best = top
            kept |= {name for name, own in files.items() if own == (size, top)}
    return kept
""",
    },
    "07.fits_edge_tpu": {
        "by the interpreter": """
def fits_edge_tpu(model):
    interpreter = Interpreter(model_content=model)
    for tensor in interpreter.get_tensor_details():
        if tensor["dtype"] not in (np.int8, np.uint8, np.int32) or -1 in tensor["shape_signature"]:
            return False
    return True
""",
    },
    "07.for_edge_tpu": {
        "the helpers": """
def for_edge_tpu(model, samples):
    from labutils.tflite import variants
    return variants.variant(variants.freeze(model), "full uint8", samples)
""",
        "another Input": """
def for_edge_tpu(model, samples):
    image = keras.Input(batch_shape=(1, *model.input_shape[1:]))
    converter = tf.lite.TFLiteConverter.from_keras_model(keras.Model(image, model(image)))
    converter.optimizations = [tf.lite.Optimize.DEFAULT]
    def dataset():
        for n in range(len(samples)):
            yield [samples[n : n + 1]]
    converter.representative_dataset = dataset
    converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
    converter.inference_input_type = tf.uint8
    converter.inference_output_type = tf.int8
    return converter.convert()
""",
    },
    "07.diagnose": {
        "by the interpreter": """
def diagnose(content):
    i = Interpreter(model_content=content)
    tensors = i.get_tensor_details()
    if any(tensor["dtype"] == np.object_ for tensor in tensors):
        return "no weights"
    if any(-1 in tensor["shape_signature"] for tensor in i.get_input_details()):
        return "free size"
    floats = any(np.issubdtype(tensor["dtype"], np.floating) for tensor in tensors)
    return "float inside" if floats else "fine"
""",
        "the course's own": """
def diagnose(content):
    from labutils.tflite.anatomy import anatomy
    from labutils.tflite.integer import float_tensors
    found = anatomy(content)
    if found.has_unfrozen_variables:
        return "no weights"
    if -1 in sum((tensor.shape for graph in found.subgraphs for tensor in graph.tensors), ()):
        return "free size"
    return "float inside" if float_tensors(found) else "fine"
""",
    },
    "07.deliver": {
        "the helpers": """
def deliver(model, samples, most_bytes, takes):
    from labutils.tflite import variants
    paths = ["float", "float16", "dynamic range", "integer"] if takes == "float32" else [f"full {takes}"]
    frozen = variants.freeze(model)
    files = (variants.variant(frozen, path, samples) for path in paths)
    return next((file for file in files if len(file) <= most_bytes), None)
""",
        "another Input, all files first": """
def deliver(model, samples, most_bytes, takes):
    image = keras.Input(batch_shape=(1, *model.input_shape[1:]))
    fixed = keras.Model(image, model(image))
    def file(*types, data=None, optimize=True):
        converter = tf.lite.TFLiteConverter.from_keras_model(fixed)
        converter.optimizations = [tf.lite.Optimize.DEFAULT] if optimize else []
        converter.target_spec.supported_types = list(types)
        converter.representative_dataset = data
        if data is not None:
            converter.inference_input_type = converter.inference_output_type = tf.as_dtype(takes)
        return converter.convert()
    files = [file(data=lambda: ([samples[n : n + 1]] for n in range(len(samples))))]
    if takes == "float32":
        files = [file(optimize=False), file(tf.float16), file(), *files]
    fitting = [content for content in files if len(content) <= most_bytes]
    return fitting[0] if fitting else None
""",
    },
    "08.prune": {
        "a mask of ranks": """
def without_smallest(weights, sparsity):
    flat = np.abs(weights).reshape(-1)
    kept = np.ones(flat.size, bool)
    kept[np.argpartition(flat, range(flat.size))[: int(np.floor(sparsity * flat.size + 0.5))]] = False
    return np.where(kept.reshape(weights.shape), weights, np.float32(0))
""",
        "Python alone": """
def without_smallest(weights, sparsity):
    left = weights.ravel().tolist()
    for place in sorted(range(len(left)), key=lambda n: (abs(left[n]), -n))[: round(sparsity * len(left))]:
        left[place] = 0.0
    return np.array(left, weights.dtype).reshape(weights.shape)
""",
    },
    "08.schedule": {
        "by cases": """
def sparsity_at(step, first, last, final):
    if step < first:
        return 0
    if step >= last:
        return final
    left = (last - step) / (last - first)
    return final - final * left**3
""",
        "numpy": """
def sparsity_at(step, first, last, final):
    return final * (1 - np.interp(step, [first, last], [1, 0]) ** 3)
""",
    },
    "08.cluster": {
        "as the lab does": """
def few_values(weights, k):
    from sklearn.cluster import KMeans
    flat = weights.flatten()
    middles = np.linspace(flat.min(), flat.max(), k)[:, None]
    found = KMeans(k, init=middles, n_init=1).fit(flat[:, None])
    return found.cluster_centers_[found.predict(flat[:, None]), 0].reshape(weights.shape)
""",
        "by hand": """
def few_values(weights, k):
    values = np.linspace(weights.min(), weights.max(), k)
    for _ in range(100):
        nearest = np.abs(weights[..., None] - values).argmin(-1)
        for n in range(k):
            if (nearest == n).any():
                values[n] = weights[nearest == n].mean()
    return values[np.abs(weights[..., None] - values).argmin(-1)].astype(np.float32)
""",
    },
    "08.remove_channels": {
        "by deleting": """
def without_channels(kernel, bias, next_kernel, keep):
    norms = [np.linalg.norm(kernel[..., n].ravel(), 1) for n in range(len(bias))]
    gone = sorted(range(len(bias)), key=lambda n: norms[n])[: len(bias) - keep]
    return [np.delete(each, gone, axis) for each, axis in ((kernel, 3), (bias, 0), (next_kernel, 2))]
""",
        "a mask": """
def without_channels(kernel, bias, next_kernel, keep):
    norms = np.einsum("hwio->o", np.abs(kernel))
    stays = norms >= np.sort(norms)[-keep]
    return kernel[:, :, :, stays], bias[stays], next_kernel[:, :, stays, :]
""",
    },
    "08.fit_budget": {
        "the most at first, on a copy": """
def prune_to_budget(model, most_bytes):
    import gzip
    twin, best = keras.models.clone_model(model), None
    for tenths in range(9, -1, -1):
        twin.set_weights(model.get_weights())
        for layer in twin.layers:
            if layer.get_weights():
                kernel, bias = layer.get_weights()
                flat = kernel.reshape(-1)
                flat[np.argsort(np.abs(flat))[: int(tenths * flat.size / 10 + 0.5)]] = 0
                layer.set_weights([kernel, bias])
        content = tf.lite.TFLiteConverter.from_keras_model(twin).convert()
        if len(gzip.compress(content)) > most_bytes:
            break
        best = content
    return best
""",
        "the helpers, step after step": """
def prune_to_budget(model, most_bytes):
    import gzip
    from labutils.tflite import variants
    kept = [each.numpy() for each in model.trainable_variables]
    found = None
    for sparsity in np.arange(0, 1, 0.1):
        for each in model.trainable_variables:
            if each.path.endswith("kernel"):
                values = each.numpy()
                ranks = np.argsort(np.argsort(np.abs(values), None)).reshape(values.shape)
                each.assign(np.where(ranks < round(sparsity * values.size), 0, values))
        content = variants.variant(variants.freeze(model), "float")
        if len(gzip.compress(content, 9)) <= most_bytes:
            found = content
            break
    for each, value in zip(model.trainable_variables, kept):
        each.assign(value)
    return found
""",
    },
    "09.take_turns": {
        "times the warm-up too": """
def take_turns(rivals, clock, warmup, runs):
    times = {}
    for _ in range(warmup + runs):
        for name in rivals:
            before = clock()
            rivals[name]()
            after = clock()
            times.setdefault(name, []).append((after - before) * 1e3)
    return {name: np.array(each[warmup:]) for name, each in times.items()}
""",
        "a table": """
def take_turns(rivals, clock, warmup, runs):
    def timed(run):
        start = clock()
        run()
        return 1000 * (clock() - start)
    for _ in range(warmup):
        for run in rivals.values():
            run()
    rounds = [[timed(run) for run in rivals.values()] for _ in range(runs)]
    return {name: [each[place] for each in rounds] for place, name in enumerate(rivals)}
""",
    },
    "09.clearly_quicker": {
        "quantiles": """
def clearly_quicker(first, second):
    (a, b), (c, d) = (np.quantile(times, (0.25, 0.75)) for times in (first, second))
    return "cannot tell" if max(a, c) <= min(b, d) else "first" if b < c else "second"
""",
        "the standard library": """
def clearly_quicker(first, second):
    from statistics import quantiles
    halves = {name: quantiles(times, n=4, method="inclusive")
              for name, times in (("first", first), ("second", second))}
    low, high = sorted(halves, key=lambda name: halves[name][0])
    return low if halves[low][2] < halves[high][0] else "cannot tell"
""",
    },
    "09.multiply_adds": {
        "the interpreter's details": """
def multiply_adds(content):
    from ai_edge_litert.interpreter import OpResolverType
    interpreter = Interpreter(
        model_content=content, experimental_op_resolver_type=OpResolverType.BUILTIN_WITHOUT_DEFAULT_DELEGATES
    )
    interpreter.allocate_tensors()
    shapes = {tensor["index"]: tensor["shape"] for tensor in interpreter.get_tensor_details()}
    total = 0
    for operator in interpreter._get_ops_details():
        if operator["op_name"] in ("CONV_2D", "DEPTHWISE_CONV_2D", "FULLY_CONNECTED"):
            weights, output = shapes[operator["inputs"][1]], shapes[operator["outputs"][0]]
            own = weights[1:3] if operator["op_name"].startswith("DEPTH") else weights[1:]
            total += np.prod(output) * np.prod(own)
    return total
""",
        "the course's own": """
def multiply_adds(content):
    from labutils.tflite.arithmetic import KERNEL, work
    return sum(each.multiply_adds for each in work(content) if each.name in KERNEL)
""",
        "kind by kind": """
def multiply_adds(content):
    from labutils.tflite.anatomy import anatomy
    graph = anatomy(content).subgraphs[0]
    total = 0.0
    for operator in graph.operators:
        shapes = [[max(size, 1) for size in graph.tensors[place].shape]
                  for place in (*operator.inputs[:2], *operator.outputs)]
        if operator.name == "FULLY_CONNECTED":
            outputs, inputs = shapes[1]
            total += np.prod(shapes[0]) / inputs * inputs * outputs
        elif operator.name in ("CONV_2D", "DEPTHWISE_CONV_2D"):
            batch, height, width, channels = shapes[2]
            _, kernel_height, kernel_width, inputs = shapes[1]
            inputs = inputs if operator.name == "CONV_2D" else 1
            total += batch * height * width * channels * kernel_height * kernel_width * inputs
    return total
""",
    },
    "09.roofline": {
        "by the ridge": """
def attainable(multiply_adds, moved_bytes, peak, bandwidth):
    if multiply_adds / moved_bytes >= peak / bandwidth:
        return [multiply_adds / peak * 1e3, "compute"]
    return [moved_bytes / bandwidth * 1e3, "memory"]
""",
        "by the largest": """
def attainable(multiply_adds, moved_bytes, peak, bandwidth):
    times = {"compute": multiply_adds / (peak / 1000), "memory": moved_bytes / (bandwidth / 1000)}
    bound = max(times, key=times.get)
    return np.float64(times[bound]), bound
""",
    },
    "09.partitions": {
        "groups": """
def partitions(operators, supported, least):
    from itertools import groupby
    found = []
    for taken, group in groupby(range(len(operators)), key=lambda place: operators[place] in supported):
        places = list(group)
        if taken and len(places) >= least:
            found.append([places[0], places[-1] + 1])
    return found
""",
        "edges": """
def partitions(operators, supported, least):
    taken = np.array([False, *(name in supported for name in operators), False]).astype(int)
    starts, ends = np.flatnonzero(np.diff(taken) == 1), np.flatnonzero(np.diff(taken) == -1)
    return tuple((a, b) for a, b in zip(starts, ends) if b - a >= least)
""",
    },
    "10.one_at_a_time": {
        "the helpers": """
def one_at_a_time(model):
    from labutils.tflite import variants
    return variants.variant(variants.freeze(model), "float")
""",
        "another Input": """
def one_at_a_time(model):
    image = keras.Input(batch_shape=(1, *model.input_shape[1:]))
    return tf.lite.TFLiteConverter.from_keras_model(keras.Model(image, model(image))).convert()
""",
        "as section 3 does": """
def one_at_a_time(model):
    from tensorflow.python.framework.convert_to_constants import convert_variables_to_constants_v2
    one = tf.TensorSpec([1, *model.input_shape[1:]], tf.float32, name="image")
    traced = tf.function(lambda image: model(image, training=False))
    graph = convert_variables_to_constants_v2(traced.get_concrete_function(one))
    keeper = tf.Module()
    keeper.serve = tf.function(lambda image: {"probabilities": graph(image)[0]})
    frozen = keeper.serve.get_concrete_function(one)
    return bytearray(tf.lite.TFLiteConverter.from_concrete_functions([frozen], keeper).convert())
""",
    },
    "10.to_stored": {
        "adds a half": """
def to_stored(pixels, low, high, scale, zero_point):
    real = low + (high - low) * (pixels.astype(np.float32) / 255)
    return np.clip(np.floor(real / scale + zero_point + 0.5), 0, 255).astype("uint8")
""",
        "a table": """
def to_stored(pixels, low, high, scale, zero_point):
    table = [round((low + n / 255 * (high - low)) / scale + zero_point) for n in range(256)]
    return np.array([min(max(n, 0), 255) for n in table], np.uint8)[pixels]
""",
        "by interpolation": """
def to_stored(pixels, low, high, scale, zero_point):
    stored = np.rint(np.interp(pixels, [0, 255], [low, high]) / scale) + zero_point
    return np.maximum(0, np.minimum(stored, 255)).astype(np.uint8)
""",
    },
    "10.refused_by_browser": {
        "the course's own": """
def refused_by_browser(content):
    from labutils.tflite.anatomy import anatomy
    from labutils.tflite.devices import requirements
    lacking = {each.name for each in requirements(content, "browser") if not each.met}
    if "sizes" in lacking:
        return "free size"
    if "inputs and outputs" in lacking:
        return "dtype"
    kinds = {operator.kind for graph in anatomy(content).subgraphs for operator in graph.operators}
    return "operator" if kinds != {"builtin"} else None
""",
        "the schema": """
def refused_by_browser(content):
    from ai_edge_litert import schema_py_generated as schema
    model = schema.ModelT.InitFromObj(schema.Model.GetRootAs(content))
    graph = model.subgraphs[0]
    for place in graph.inputs:
        signature = graph.tensors[place].shapeSignature
        if signature is not None and -1 in list(signature):
            return "free size"
    takes = (schema.TensorType.FLOAT32, schema.TensorType.UINT8)
    if not all(graph.tensors[place].type in takes for place in [*graph.inputs, *graph.outputs]):
        return "dtype"
    custom = schema.BuiltinOperator.CUSTOM
    return "operator" if any(code.builtinCode == custom for code in model.operatorCodes) else None
""",
    },
    "10.deploy": {
        "the helpers": """
def deploy(model, samples, most_bytes):
    from labutils.device.card import make_card
    from labutils.tflite import variants
    ends = float(samples.min()), float(samples.max())
    for path in ("float", "full uint8"):
        content = variants.variant(variants.freeze(model), path, samples)
        if len(content) <= most_bytes:
            return [content, make_card(content, range(model.output_shape[1]), *ends, kind="photograph", name="it")]
""",
        "another Input, by a file": """
def deploy(model, samples, most_bytes):
    import tempfile
    from pathlib import Path
    from labutils.device.card import make_card
    image = keras.Input(batch_shape=(1, *model.input_shape[1:]))
    fixed = keras.Model(image, model(image))
    labels = list(map(str, range(model.output_shape[-1])))
    plain, small = (tf.lite.TFLiteConverter.from_keras_model(fixed) for _ in range(2))
    small.optimizations = [tf.lite.Optimize.DEFAULT]
    small.representative_dataset = lambda: ([samples[n : n + 1]] for n in range(len(samples)))
    small.inference_input_type = small.inference_output_type = tf.uint8
    fitting = [content for content in (plain.convert(), small.convert()) if len(content) <= most_bytes]
    if not fitting:
        return None
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "digits.tflite"
        path.write_bytes(fitting[0])
        return fitting[0], make_card(path, labels, low=samples.min().item(), high=samples.max().item(), grain=4)
""",
    },
}
