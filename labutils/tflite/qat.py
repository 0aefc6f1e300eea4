"""Quantization-aware training, in a child process with Keras 2: the toolkit for it does not know Keras 3.

Source: tensorflow_model_optimization, "Quantization aware training in Keras example"; `labs flex install --qat`
installs it beside the Flex runtime. What is trained is the small digits CNN, from weights that you give.
"""

import json
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from labutils.errors import LabError
from labutils.legacy import child, place

HOW = place.QAT_HOW  # what to run where it is missing
SECONDS = 300.0
WORKER = Path(__file__).parent / "qat_worker.py"
# The weights of labutils.models.digits_cnn, in Keras's order: kernel and bias of each layer.
SHAPES = ((3, 3, 1, 16), (16,), (3, 3, 16, 32), (32,), (3, 3, 32, 32), (32,), (512, 10), (10,))

Split = tuple[np.ndarray, np.ndarray]


@dataclass(frozen=True)
class Trained:
    """What came out. model: the bytes of a .tflite file, int8 throughout. The rest: one value for each epoch.

    loss and accuracy: of the training split, with quantization simulated; validation_*: of the validation split.
    """

    model: bytes
    loss: tuple[float, ...]
    accuracy: tuple[float, ...]
    validation_loss: tuple[float, ...]
    validation_accuracy: tuple[float, ...]


def installed() -> bool:
    """Whether the environment is there with Keras 2 and the toolkit. Takes a few milliseconds and runs nothing.

    >>> installed() in (True, False)
    True
    """
    return place.look().qat


def train(
    weights: Sequence[np.ndarray],
    train: Split,
    validation: Split,
    epochs: int = 3,
    *,
    batch_size: int = 32,
    learning_rate: float = 1e-4,
    seed: int = 0,
    seconds: float = SECONDS,
) -> Trained:
    """Fine-tune the digits CNN with quantization simulated, and convert it to a file with integers only.

    weights: of `labutils.models.digits_cnn`, as its get_weights() gives them. train, validation: images, float32
    (n, 8, 8, 1) from 0 to 1 as `data.for_cnn` gives them, and labels, integers (n,). epochs, batch_size: at least 1.
    seconds: after which the child process is stopped.
    Raises LabError where the environment is not installed (it names the command), what is given does not fit, or
    the child process fails.

    >>> train([], (np.zeros((1, 8, 8, 1)), np.zeros(1)), (np.zeros((1, 8, 8, 1)), np.zeros(1)))
    Traceback (most recent call last):
    ...
    labutils.errors.LabError: The digits CNN has 8 arrays of weights, not 0: give model.get_weights() of it.
    """
    job = {"epochs": epochs, "batch_size": batch_size, "learning_rate": learning_rate, "seed": seed}
    arrays = _weights(weights)
    data = {**_split("train", train), **_split("validation", validation, "validation_")}
    if epochs < 1 or batch_size < 1 or not learning_rate > 0:
        raise LabError(f"epochs {epochs}, batch_size {batch_size}, learning_rate {learning_rate}: all above 0, please.")
    python = place.require(qat=True)
    with tempfile.TemporaryDirectory(prefix="labs-qat-") as name:
        folder = Path(name)
        (folder / "job.json").write_text(json.dumps(job), encoding="utf-8")
        np.savez(folder / "weights.npz", **{str(number): array for number, array in enumerate(arrays)})
        np.savez(folder / "data.npz", **data)
        child.run(python, WORKER, folder, seconds, "Quantization-aware training")
        history = json.loads((folder / "history.json").read_text(encoding="utf-8"))
        curves = (tuple(history[name]) for name in ("loss", "accuracy", "val_loss", "val_accuracy"))
        return Trained((folder / "model.tflite").read_bytes(), *curves)


def _weights(weights: Sequence[np.ndarray]) -> list[np.ndarray]:
    arrays = [np.asarray(each, np.float32) for each in weights]
    if len(arrays) != len(SHAPES):
        raise LabError(
            f"The digits CNN has {len(SHAPES)} arrays of weights, not {len(arrays)}: give model.get_weights() of it."
        )
    for number, (array, shape) in enumerate(zip(arrays, SHAPES, strict=True)):
        if array.shape != shape:
            raise LabError(f"Array {number} of the weights has the shape {array.shape}, where digits_cnn has {shape}.")
    return arrays


def _split(name: str, split: Split, prefix: str = "") -> dict[str, np.ndarray]:
    images, labels = np.asarray(split[0]), np.asarray(split[1])
    if images.shape[1:] != (8, 8, 1) or labels.shape != images.shape[:1] or not len(labels):
        raise LabError(
            f"{name} holds images {images.shape} and labels {labels.shape}: give data.for_cnn(images), (n, 8, 8, 1), "
            "and one label for each."
        )
    if images.min() < 0 or images.max() > 1:
        raise LabError(f"The images of {name} go beyond 0 to 1: prepare them with data.for_cnn.")
    return {f"{prefix}images": images.astype(np.float32), f"{prefix}labels": labels.astype(np.int64)}
