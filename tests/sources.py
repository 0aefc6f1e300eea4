"""Models to convert, good and bad, made once for all tests."""

import zipfile
from pathlib import Path

import numpy as np


def write_sources(tf, neuron, folder: Path) -> None:
    """Writes them all into the folder; neuron: a Keras model with y = 2x - 1."""
    neuron.export(folder / "neuron", verbose=False)
    neuron.export(folder / "versions" / "1", verbose=False)
    neuron.export(folder / "versions" / "12", verbose=False)
    tf.saved_model.save(neuron, str(folder / "saved_by_tensorflow"))
    _write_cnn(folder)
    _write_graphs(tf, folder)
    _write_bad_keras_files(tf, folder)
    images = np.random.default_rng(0).random((20, 8, 8, 1))
    np.savez(folder / "images.npz", image=images.astype(np.float32))


def _write_cnn(folder: Path) -> None:
    import keras

    from labutils.models import digits_cnn

    keras.utils.set_random_seed(1)
    model = digits_cnn()
    for layer in model.layers:  # an untrained net answers nearly the same to all: larger weights spread the answers
        layer.set_weights([3 * each for each in layer.get_weights()])
    model.export(folder / "cnn", verbose=False)
    model.save(folder / "cnn.keras")
    model.save(folder / "cnn.h5")


def _write_graphs(tf, folder: Path) -> None:
    """SavedModels of plain functions."""
    x = tf.TensorSpec([None, 3], tf.float32, name="x")

    class Graphs(tf.Module):
        @tf.function(input_signature=[x])
        def sine(self, x):
            return {"y": 2 * tf.sin(x)}

        @tf.function(input_signature=[x])
        def select(self, x):
            return {"y": tf.math.erf(x) + tf.math.tan(x)}

        @tf.function(input_signature=[x, tf.TensorSpec([None, 3], tf.int32, name="k")])
        def two(self, x, k):
            return {"sum": x + tf.cast(k, tf.float32), "difference": x - tf.cast(k, tf.float32)}

        @tf.function(input_signature=[tf.TensorSpec([4, 3], tf.float32, name="x")])
        def fours(self, x):
            return {"y": x @ tf.reshape(tf.range(9.0), (3, 3))}

        @tf.function(input_signature=[x])
        def constant(self, x):
            return {"y": 0 * x + 1}

        @tf.function(input_signature=[tf.TensorSpec([None, None, None, 1], tf.float32, name="x")])
        def image(self, x):
            return {"y": tf.nn.conv2d(x, tf.ones((3, 3, 1, 1)), 1, "VALID")}

        @tf.function(input_signature=[tf.TensorSpec([None], tf.string, name="x")])
        def text(self, x):
            return {"x": x}

    graphs = Graphs()
    for name in ("sine", "select", "two", "fours", "constant", "text", "image"):
        tf.saved_model.save(graphs, str(folder / name), signatures={"serving_default": getattr(graphs, name)})
    tf.saved_model.save(graphs, str(folder / "several"), signatures={"a": graphs.sine, "b": graphs.constant})
    tf.saved_model.save(graphs, str(folder / "unsigned"))
    (folder / "torn").mkdir()
    (folder / "torn" / "saved_model.pb").write_bytes((folder / "sine" / "saved_model.pb").read_bytes()[:200])
    (folder / "empty").mkdir()


def _write_bad_keras_files(tf, folder: Path) -> None:
    import keras

    @keras.saving.register_keras_serializable()
    class Own(keras.layers.Layer):
        def call(self, x):
            return 2 * x

    for name, layer in (("lambda", keras.layers.Lambda(lambda x: 2 * x)), ("own", Own())):
        model = keras.Sequential([keras.Input((3,), name="x"), layer])
        model.save(folder / f"{name}.keras")
        model.save(folder / f"{name}.h5")
    keras.saving.get_custom_objects().clear()  # as in another process
    whole = (folder / "cnn.keras").read_bytes()
    (folder / "torn.keras").write_bytes(whole[: len(whole) // 2])
    flipped = bytearray(whole)
    flipped[len(whole) // 2] ^= 255
    (folder / "flipped.keras").write_bytes(flipped)
    (folder / "text.h5").write_text("hello, reader")
    (folder / "model.bin").write_bytes(whole)
    with zipfile.ZipFile(folder / "other.keras", "w") as archive:
        archive.writestr("hello.txt", "hello")
