"""MobileNetV2 with its ImageNet weights where there is a network, with the shipped digits where there is none.

The ImageNet files are those of Keras Applications, in Keras's own cache: whoever has used them before has them here.
`labutils.fetch` says where from: LABS_MIRROR may take the place of the public address.
Keras is imported only by what builds or fetches something.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from labutils import data, models
from labutils.errors import LabError
from labutils.fetch import Unreachable, cached, damaged

if TYPE_CHECKING:
    import keras

WEIGHTS_ADDRESS = "https://storage.googleapis.com/tensorflow/keras-applications/mobilenet_v2/"
INDEX_ADDRESS = "https://storage.googleapis.com/download.tensorflow.org/data/"
INDEX_FILE = "imagenet_class_index.json"
CLASSES = 1000
# Keras accepts alpha 1.3 and 1.4 with every size, but only their 224 pixels were ever published: keras issue 16452.
SIZES = dict.fromkeys((0.35, 0.5, 0.75, 1.0), (96, 128, 160, 192, 224)) | {1.3: (224,), 1.4: (224,)}


@dataclass(frozen=True)
class Subject:
    """A model with its material.

    model: Keras, to probabilities (n, classes). pictures: to look at, uint8 (n, 8, 8) from 0 to 16, or photographs
    (n, image_size, image_size, 3) from 0 to 255. inputs: the same as the model wants them, float32 (n, image_size,
    image_size, 3) from -1 to 1. labels: int64 (n,), or None where nobody has labelled the pictures. classes: the names,
    in the order of the model's output. note: what was loaded, and why.
    """

    model: keras.Model
    pictures: np.ndarray
    inputs: np.ndarray
    labels: np.ndarray | None
    classes: tuple[str, ...]
    note: str


def load(weights: str = "digits", alpha: float = 0.35, image_size: int = 64) -> Subject:
    """The model that these weights fit, with pictures for it.

    weights: "digits" (shipped; alpha 0.35 and 64 pixels only; the 360 test digits) or "imagenet" (downloaded once; the
    photographs of `data.PHOTOGRAPHS`, unlabelled). alpha: the width multiplier; image_size: pixels. Where "imagenet"
    cannot be had, the digits are loaded instead, and `note` says so. Raises LabError for a name, a width or a size that
    does not exist, and for a damaged file in the cache.

    >>> subject = load("digits")
    >>> subject.inputs.shape, subject.classes[:3], subject.note
    ((360, 64, 64, 3), ('0', '1', '2'), 'MobileNetV2 0.35 with 64 pixels, trained on digits, and 360 test digits.')
    """
    if weights == "digits":
        if (alpha, image_size) != (0.35, 64):
            raise LabError('The digits weights fit alpha=0.35 and image_size=64: use these, or weights="imagenet".')
        return _digits()
    if weights != "imagenet":
        raise LabError(f'There are no weights {weights!r}: write weights="digits" or weights="imagenet".')
    try:
        return _imagenet(alpha, image_size)
    except Unreachable as reason:
        return _digits(f"{reason} Used instead: ")


def _digits(before: str = "") -> Subject:
    images, labels = data.digits("test")
    note = f"{before}MobileNetV2 0.35 with 64 pixels, trained on digits, and {len(images)} test digits."
    return Subject(models.mobilenet_v2_digits(), images, data.for_mobilenet(images), labels, tuple("0123456789"), note)


def _imagenet(alpha: float, image_size: int) -> Subject:
    _check_exists(alpha, image_size)
    names = class_names()
    model = mobilenet_v2_imagenet(alpha, image_size)
    pictures = photographs(image_size)
    note = (
        f"MobileNetV2 {float(alpha)} with {image_size} pixels, trained on ImageNet, and {len(pictures)} photographs: "
        "they have no labels."
    )
    return Subject(model, pictures, for_imagenet(pictures), None, names, note)


def photographs(image_size: int) -> np.ndarray:
    """The photographs of `data.PHOTOGRAPHS`, each cut to its middle square: uint8 (7, image_size, image_size, 3).

    image_size: pixels. Bilinear, smoothed before it is made smaller.

    >>> photographs(96).shape
    (7, 96, 96, 3)
    """
    from PIL import Image

    pictures = []
    for name in data.PHOTOGRAPHS:
        photograph = data.photograph(name)
        side = min(photograph.shape[:2])
        top, left = ((size - side) // 2 for size in photograph.shape[:2])
        square = Image.fromarray(photograph[top : top + side, left : left + side])
        pictures.append(np.array(square.resize((image_size, image_size), Image.Resampling.BILINEAR)))
    return np.stack(pictures)


def for_imagenet(pictures: np.ndarray) -> np.ndarray:
    """What `mobilenet_v2_imagenet` wants: uint8 (n, size, size, 3) from 0 to 255, as float32 from -1 to 1.

    >>> for_imagenet(np.full((1, 96, 96, 3), 255, np.uint8)).max()
    np.float32(1.0)
    """
    import keras

    return keras.applications.mobilenet_v2.preprocess_input(pictures.astype(np.float32))


def mobilenet_v2_imagenet(alpha: float, image_size: int) -> keras.Model:
    """MobileNetV2 as trained on ImageNet: float32 (n, size, size, 3) from -1 to 1, to probabilities (n, 1000).

    alpha, image_size: a pair of SIZES. `for_imagenet` prepares its input, which is named "image". Raises LabError for
    a pair that does not exist, for a file that cannot be fetched, and for a damaged one.

    Source: M. Sandler et al., MobileNetV2: Inverted Residuals and Linear Bottlenecks, CVPR 2018; Keras Applications.

    >>> mobilenet_v2_imagenet(1.4, 96)
    Traceback (most recent call last):
    ...
    labutils.errors.LabError: ImageNet weights with alpha=1.4 exist for image_size=224, not 96.
    """
    path = imagenet_weights(alpha, image_size)
    import keras

    image = keras.Input((image_size, image_size, 3), name="image")
    model = keras.applications.MobileNetV2(
        input_tensor=image, alpha=alpha, weights=None, classes=CLASSES, name="mobilenet_v2_imagenet"
    )
    try:
        model.load_weights(path)
    except Exception as error:  # h5py and Keras raise half a dozen kinds for a file that does not fit
        raise damaged(path, f"does not fit alpha={alpha} ({type(error).__name__})") from None
    return model


def imagenet_weights(alpha: float, image_size: int) -> Path:
    """The .h5 file of MobileNetV2's ImageNet weights, classifier included, fetched once into Keras's cache.

    alpha, image_size: a pair of SIZES (each pair was trained by itself: 1.7 to 6.2 million parameters, 7 to 25 MB).
    Without a network the file in the cache is used, and nothing is asked for. Raises LabError for a pair that does not
    exist, for a file that cannot be fetched (Unreachable), and for a damaged one.

    Source: Keras Applications, keras/src/applications/mobilenet_v2.py.

    >>> imagenet_weights(0.9, 224)
    Traceback (most recent call last):
    ...
    labutils.errors.LabError: There are no ImageNet weights with alpha=0.9: choose 0.35, 0.5, 0.75, 1.0, 1.3 or 1.4.
    """
    _check_exists(alpha, image_size)
    name = f"mobilenet_v2_weights_tf_dim_ordering_tf_kernels_{float(alpha)}_{image_size}.h5"
    return cached(name, WEIGHTS_ADDRESS, _flaw_of_weights)


def class_names() -> tuple[str, ...]:
    """The names of ImageNet's 1,000 classes, in the order of the output: fetched once into Keras's cache.

    Spaces stand for the underscores. Raises LabError for a list that cannot be fetched (Unreachable), or is damaged.

    >>> callable(class_names)  # the list itself is not shipped
    True
    """
    entries = json.loads(cached(INDEX_FILE, INDEX_ADDRESS, _flaw_of_index).read_text(encoding="utf-8"))
    return tuple(entries[str(number)][1].replace("_", " ") for number in range(CLASSES))


def _check_exists(alpha: float, image_size: int) -> None:
    if alpha not in SIZES:
        *most, last = map(str, SIZES)
        raise LabError(f"There are no ImageNet weights with alpha={alpha}: choose {', '.join(most)} or {last}.")
    if image_size not in SIZES[alpha]:
        *most, last = map(str, SIZES[alpha])
        sizes = f"{', '.join(most)} or {last}" if most else last
        raise LabError(f"ImageNet weights with alpha={alpha} exist for image_size={sizes}, not {image_size}.")


def _flaw_of_weights(path: Path) -> str:
    """What is wrong with an .h5 file of weights; empty if it opens and lists its layers."""
    import h5py

    try:
        with h5py.File(path, "r") as file:
            weights = "layer_names" in file.attrs or "model_weights" in file  # either layout is Keras's
            return "" if weights else "holds no weights of Keras"
    except OSError:
        return "is no whole .h5 file"


def _flaw_of_index(path: Path) -> str:
    """What is wrong with the list of classes; empty if it names each of the 1,000."""
    try:
        entries = json.loads(path.read_text(encoding="utf-8"))
        whole = all(isinstance(entries[str(number)][1], str) for number in range(CLASSES))
    except (ValueError, LookupError, TypeError):
        whole = False
    return "" if whole else "is no whole list of the 1,000 classes"
