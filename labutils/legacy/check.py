"""Runs in the second environment: proves that it can do what it is for, and tells its versions.

job.json: {"qat": whether Keras 2 and the optimization toolkit are to be proved as well}. Leaves versions.json.
"""

import json
import os
import platform
import sys
from importlib import metadata
from pathlib import Path


def main(folder: Path) -> None:
    """Converts a model with a TensorFlow operator, runs it, and compares."""
    qat = json.loads((folder / "job.json").read_text())["qat"]
    if qat:
        os.environ["TF_USE_LEGACY_KERAS"] = "1"
    names = ["keras", "numpy", *(["tf-keras", "tensorflow-model-optimization"] if qat else [])]
    versions = {name: metadata.version(name) for name in names}
    versions |= {"python": platform.python_version(), "tensorflow": run_erf()}
    if qat:
        train_one_layer()
    (folder / "versions.json").write_text(json.dumps(versions))


def run_erf() -> str:
    """One operator that only the Flex delegate runs; gives back TensorFlow's version."""
    import numpy as np
    import tensorflow as tf

    @tf.function(input_signature=[tf.TensorSpec([3], tf.float32, name="x")])
    def erf(x):
        return tf.math.erf(x)

    converter = tf.lite.TFLiteConverter.from_concrete_functions([erf.get_concrete_function()])
    converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS, tf.lite.OpsSet.SELECT_TF_OPS]
    content = converter.convert()
    if b"FlexErf" not in content:
        raise RuntimeError("the self-check's model holds no TensorFlow operator")
    interpreter = tf.lite.Interpreter(model_content=content)
    interpreter.allocate_tensors()
    x = np.array([-0.5, 0.0, 2.0], np.float32)
    interpreter.set_tensor(interpreter.get_input_details()[0]["index"], x)
    interpreter.invoke()
    answer = interpreter.get_tensor(interpreter.get_output_details()[0]["index"])
    if np.abs(answer - [-0.520500, 0.0, 0.995322]).max() > 1e-5:
        raise RuntimeError(f"its runtime answers {answer.tolist()} where erf is -0.5205, 0, 0.9953")
    return tf.__version__


def train_one_layer() -> None:
    """Keras 2 and the toolkit work together, with this Python."""
    import numpy as np
    import tensorflow as tf
    import tensorflow_model_optimization as tfmot

    model = tf.keras.Sequential([tf.keras.layers.Dense(2, input_shape=(3,))])
    aware = tfmot.quantization.keras.quantize_model(model)
    aware.compile("sgd", loss="mse")
    aware.fit(np.ones((4, 3), np.float32), np.ones((4, 2), np.float32), verbose=0)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
