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
}
