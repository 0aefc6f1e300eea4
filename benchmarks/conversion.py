"""The right conversion routes against each other, in turns, on the shipped MobileNetV2."""

import tempfile
from pathlib import Path

from labutils import models
from labutils.tflite.latency import latency
from labutils.tflite.quiet import quiet


def main() -> None:
    with quiet():
        import tensorflow as tf
        from tensorflow.python.framework.convert_to_constants import convert_variables_to_constants_v2 as freeze

        model = models.mobilenet_v2_digits()
        function = tf.function(lambda image: model(image, training=False))
        concrete = function.get_concrete_function(tf.TensorSpec([1, 64, 64, 3], tf.float32, name="image"))
        frozen = freeze(concrete)
    lite = tf.lite.TFLiteConverter
    with tempfile.TemporaryDirectory() as folder:
        saved = str(Path(folder, "1"))
        with quiet():
            model.export(saved, verbose=False)
        rivals = {
            "from_saved_model, exported before": lambda: lite.from_saved_model(saved).convert(),
            "from_keras_model": lambda: lite.from_keras_model(model).convert(),
            "from_concrete_functions": lambda: lite.from_concrete_functions([concrete]).convert(),
            "the same, frozen before": lambda: lite.from_concrete_functions([frozen]).convert(),
        }
        with quiet():
            found = latency(rivals, runs=3, warmup=1)
    first = next(iter(found.values())).median
    for name, times in found.items():
        print(f"{name:36} {times.median / 1000:5.1f} s   {times.median / first:4.2f} times the first")
