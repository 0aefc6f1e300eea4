"""Runs in the Flex environment with Keras 2: quantization-aware training of the digits CNN.

job.json: {"epochs", "batch_size", "learning_rate", "seed"}. weights.npz: 0, 1, ... in Keras's order. data.npz: images,
labels, validation_images, validation_labels. Leaves model.tflite, and history.json with a value for each epoch.
"""

import json
import os
import random
import sys
from pathlib import Path

import numpy as np


def main(folder: Path) -> None:
    """Trains, converts, and writes what came out."""
    os.environ["TF_USE_LEGACY_KERAS"] = "1"  # before TensorFlow is imported: the toolkit knows Keras 2 only
    job = json.loads((folder / "job.json").read_text(encoding="utf-8"))
    with np.load(folder / "weights.npz", allow_pickle=False) as file:
        weights = [file[str(number)] for number in range(len(file.files))]
    with np.load(folder / "data.npz", allow_pickle=False) as file:
        data = dict(file)
    content, history = train(weights, data, **job)
    (folder / "model.tflite").write_bytes(content)
    (folder / "history.json").write_text(json.dumps(history), encoding="utf-8")


def train(weights, data, epochs, batch_size, learning_rate, seed):
    """The bytes of a model with integers only, and Keras's history: name -> a value for each epoch."""
    import tensorflow as tf
    import tensorflow_model_optimization as tfmot

    random.seed(seed)  # the three that keras.utils.set_random_seed sets: that of Keras 2 fails on Python 3.12
    np.random.seed(seed)  # noqa: NPY002
    tf.random.set_seed(seed)
    model = digits_cnn(tf.keras)
    model.set_weights(weights)
    aware = tfmot.quantization.keras.quantize_model(model)
    optimizer = tf.keras.optimizers.Adam(learning_rate)
    aware.compile(optimizer, loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    history = aware.fit(
        data["images"], data["labels"], epochs=epochs, batch_size=batch_size, verbose=0,
        validation_data=(data["validation_images"], data["validation_labels"]),
    ).history  # fmt: skip
    converter = tf.lite.TFLiteConverter.from_keras_model(aware)
    converter.optimizations = [tf.lite.Optimize.DEFAULT]
    converter.inference_input_type = converter.inference_output_type = tf.int8
    return converter.convert(), {name: [float(value) for value in values] for name, values in history.items()}


def digits_cnn(keras):
    """As `labutils.models.digits_cnn`, in Keras 2."""
    layers = keras.layers
    return keras.Sequential(
        [
            keras.Input((8, 8, 1), name="image"),
            layers.Conv2D(16, 3, padding="same", activation="relu", name="conv_1"),
            layers.Conv2D(32, 3, padding="same", activation="relu", name="conv_2"),
            layers.MaxPooling2D(name="pool"),
            layers.Conv2D(32, 3, padding="same", activation="relu", name="conv_3"),
            layers.Flatten(name="flatten"),
            layers.Dense(10, activation="softmax", name="probabilities"),
        ],
        name="digits_cnn",
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
