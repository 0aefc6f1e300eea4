"""Training: MobileNetV2 for digits, the digits CNN, the neuron. The figures of each are those of training.json."""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import keras
import numpy as np
import tensorflow as tf

from labutils import data, models
from training.augment import varied

BATCH = 64
BATCHNORM_MOMENTUM = 0.9  # Keras's 0.999 needs thousands of steps: before that the model guesses at inference
PEAK_RATE = 3e-3

Examples = tuple[np.ndarray, np.ndarray]
Prepare = Callable[[np.ndarray, np.random.Generator], np.ndarray]


@dataclass(frozen=True)
class Fitted:
    """A trained model with its seed, and its accuracy (0 to 1) and loss on the validation images."""

    seed: int
    model: keras.Model
    validation_accuracy: float
    validation_loss: float


def fit_mobilenet(seed: int, epochs: int, train: Examples, validation: Examples) -> Fitted:
    """Train MobileNetV2 (0.35, 64 px) from random weights on varied digits.

    train, validation: images uint8 (n, 8, 8) from 0 to 16 and labels (n,). About 3 s an epoch on two cores, and half a
    minute to start. The model that comes back is the one that `models.mobilenet_v2_digits` builds, momentum included.
    """
    keras.utils.set_random_seed(seed)
    model = models.mobilenet_v2_digits(weights=None)
    for layer in model.layers:
        if isinstance(layer, keras.layers.BatchNormalization):
            layer.momentum = BATCHNORM_MOMENTUM
    _fit(model, epochs, train, seed, lambda images, g: data.as_mobilenet_input(varied(images, g, size=64)))
    fresh = models.mobilenet_v2_digits(weights=None)
    fresh.set_weights(model.get_weights())
    return _judged(seed, fresh, data.for_mobilenet(validation[0]), validation[1])


def fit_cnn(seed: int, epochs: int, train: Examples, validation: Examples) -> Fitted:
    """Train the digits CNN from random weights; arguments as for `fit_mobilenet`, about 0.2 s an epoch."""
    keras.utils.set_random_seed(seed)
    model = models.digits_cnn()
    _fit(model, epochs, train, seed, lambda images, g: data.for_cnn(varied(images, g, size=8)))
    return _judged(seed, model, data.for_cnn(validation[0]), validation[1])


def fit_neuron() -> keras.Sequential:
    """Train the neuron on six points of y = 2x - 1, in 500 steps over all of them."""
    keras.utils.set_random_seed(0)
    model = models.neuron()
    model.compile(optimizer="sgd", loss="mean_squared_error")
    x = np.array([[-1], [0], [1], [2], [3], [4]], np.float32)
    model.fit(tf.data.Dataset.from_tensors((x, 2 * x - 1)).repeat(500), epochs=1, shuffle=False, verbose=0)
    return model


def _fit(model: keras.Model, epochs: int, train: Examples, seed: int, prepare: Prepare) -> None:
    """Fit with a rate that warms up and then falls along a cosine; every epoch sees every image, varied anew."""
    steps = math.ceil(len(train[1]) / BATCH)
    warmup = epochs * steps // 20
    rate = keras.optimizers.schedules.CosineDecay(
        PEAK_RATE / 10, decay_steps=epochs * steps - warmup, warmup_target=PEAK_RATE, warmup_steps=warmup, alpha=1e-3
    )
    model.compile(keras.optimizers.AdamW(rate, weight_decay=1e-4), loss="sparse_categorical_crossentropy")
    model.fit(_batches(*train, seed, prepare), steps_per_epoch=steps, epochs=epochs, shuffle=False, verbose=0)


def _batches(images: np.ndarray, labels: np.ndarray, seed: int, prepare: Prepare) -> Iterator[Examples]:
    """Batches without end; small ones, since memory for whole epochs would cost more time than the augmentation."""
    generator = np.random.default_rng(seed)
    while True:
        order = generator.permutation(len(labels))
        for start in range(0, len(order), BATCH):
            chosen = order[start : start + BATCH]
            yield prepare(images[chosen], generator), labels[chosen]


def _judged(seed: int, model: keras.Model, inputs: np.ndarray, labels: np.ndarray) -> Fitted:
    probabilities = predicted(model, inputs)
    chosen = probabilities[np.arange(len(labels)), labels]
    loss = float(-np.log(np.maximum(chosen, 1e-7)).mean())
    return Fitted(seed, model, accuracy(probabilities, labels), loss)


def predicted(model: keras.Model, inputs: np.ndarray) -> np.ndarray:
    """The model's outputs for all inputs, at inference: float32 (n, ...)."""
    return model.predict(inputs, batch_size=180, verbose=0)


def accuracy(probabilities: np.ndarray, labels: np.ndarray) -> float:
    """The share of rows (n, 10) whose largest value stands at the label (n,): 0 to 1.

    >>> accuracy(np.eye(10)[[3, 4]], np.array([3, 5]))
    0.5
    """
    return float((probabilities.argmax(axis=1) == labels).mean())
