"""The subjects of the course: a single neuron, a small digits CNN, MobileNetV2 for digits; and the files they ship as.

Keras is imported only by the functions that build a model: `asset` costs next to nothing.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from labutils.errors import LabError

if TYPE_CHECKING:
    import keras

ASSETS = Path(__file__).parent / "assets"
CLASSES = 10


def neuron() -> keras.Sequential:
    """One neuron, untrained: y = weight * x + bias, float32 (n, 1) to float32 (n, 1). 2 parameters.

    >>> neuron().count_params()
    2
    """
    import keras

    return keras.Sequential([keras.Input((1,), name="x"), keras.layers.Dense(1, name="y")], name="neuron")


def digits_cnn(weights: str | None = None) -> keras.Sequential:
    """A small convolutional net for digits: float32 (n, 8, 8, 1) from 0 to 1, to probabilities (n, 10).

    weights: None for random ones, "digits" for those in the shipped digits_cnn.tflite. 19,178 parameters, three of four
    layers convolutions. `data.for_cnn` prepares its input. Raises LabError for other weights.

    >>> digits_cnn().output_shape
    (None, 10)
    """
    if weights not in ("digits", None):
        raise LabError(_no_such_weights(weights))
    import keras
    from keras import layers

    model = keras.Sequential(
        [
            keras.Input((8, 8, 1), name="image"),
            layers.Conv2D(16, 3, padding="same", activation="relu", name="conv_1"),
            layers.Conv2D(32, 3, padding="same", activation="relu", name="conv_2"),
            layers.MaxPooling2D(name="pool"),
            layers.Conv2D(32, 3, padding="same", activation="relu", name="conv_3"),
            layers.Flatten(name="flatten"),
            layers.Dense(CLASSES, activation="softmax", name="probabilities"),
        ],
        name="digits_cnn",
    )
    if weights == "digits":
        model.set_weights(_weights_in_order(asset("digits_cnn.tflite")))
    return model


def _weights_in_order(path: Path) -> list[np.ndarray]:
    """Kernels and biases of a float file's convolutions and dense layers, first layer first, laid out as in Keras."""
    from labutils.tflite.anatomy import anatomy
    from labutils.tflite.runtime import open_model

    value = open_model(path).interpreter.get_tensor
    found = []
    for operator in anatomy(path).subgraphs[0].operators:
        if operator.name in ("CONV_2D", "FULLY_CONNECTED"):
            kernel, bias = (value(index) for index in operator.inputs[1:3])
            found += [np.moveaxis(kernel, 0, -1), bias]  # the file has the output channels first, Keras last
    return found


def _no_such_weights(weights: object) -> str:
    return f'There are no weights {weights!r}: write weights="digits", or weights=None for random ones.'


def mobilenet_v2_digits(weights: str | None = "digits", alpha: float = 0.35, image_size: int = 64) -> keras.Model:
    """MobileNetV2 with ten classes: float32 (n, image_size, image_size, 3) from -1 to 1, to probabilities (n, 10).

    weights: "digits" for those that this project trained and ships (alpha 0.35 and 64 pixels only; `python -m training`
    makes them), None for random ones. alpha: the width multiplier; image_size: pixels, 32 or more.
    `data.for_mobilenet` prepares its input. Raises LabError for what does not exist.

    Source: M. Sandler et al., MobileNetV2: Inverted Residuals and Linear Bottlenecks, CVPR 2018.

    >>> mobilenet_v2_digits().count_params()
    423018
    """
    if weights not in ("digits", None):
        raise LabError(_no_such_weights(weights))
    if weights == "digits" and (alpha, image_size) != (0.35, 64):
        raise LabError("The digits weights fit alpha=0.35 and image_size=64: use these, or weights=None.")
    if not alpha > 0 or image_size < 32:
        raise LabError(f"MobileNetV2 wants alpha above 0 and image_size 32 or more, not {alpha} and {image_size}.")
    import keras

    image = keras.Input((image_size, image_size, 3), name="image")
    model = keras.applications.MobileNetV2(
        input_tensor=image, alpha=alpha, weights=None, classes=CLASSES, name="mobilenet_v2_digits"
    )
    if weights == "digits":
        load_weights(model, asset("mobilenet_v2_digits.npz"))
    return model


def load_weights(model: keras.Model, path: Path) -> None:
    """Fill every variable of the model from an .npz file whose keys are the paths of the variables.

    Raises LabError when the names or the shapes are not those of the model: nothing is then loaded.

    >>> model = mobilenet_v2_digits(weights=None)
    >>> load_weights(mobilenet_v2_digits(weights=None), asset("mobilenet_v2_digits.npz"))
    """
    with np.load(path, allow_pickle=False) as file:
        values = dict(file)
    expected = {variable.path: tuple(variable.shape) for variable in model.variables}
    if expected != {name: value.shape for name, value in values.items()}:
        raise LabError(f"The weights in {path.name} do not fit {model.name}: run make weights to train them anew.")
    for variable in model.variables:
        variable.assign(values[variable.path])


def asset(name: str) -> Path:
    """The path of a file that ships with the course, once its SHA-256 is found to be the one on record.

    name: a file's name in labutils/assets, such as "digits_cnn.tflite". Raises LabError for an unknown name, and for a
    missing or damaged file. Imports neither TensorFlow nor Keras.

    >>> asset("neuron.tflite").suffix
    '.tflite'
    """
    checksums = _checksums()
    if name not in checksums:
        raise LabError(f"No file {name!r} ships with the course: there are {', '.join(sorted(checksums))}.")
    path = ASSETS / name
    if not path.is_file() or hashlib.sha256(path.read_bytes()).hexdigest() != checksums[name]:
        state = "damaged" if path.is_file() else "missing"
        raise LabError(f"The shipped file {name} is {state}: restore it with git checkout labutils/assets.")
    return path


def _checksums() -> dict[str, str]:
    path = ASSETS / "SHA256SUMS"
    if not path.is_file():
        raise LabError("The list of shipped files is missing: restore it with git checkout labutils/assets.")
    lines = (line.split(maxsplit=1) for line in path.read_text().splitlines() if line.strip())
    return {name.lstrip("*"): digest for digest, name in lines}
