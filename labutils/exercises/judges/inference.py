"""Judges answers of a running model. The model is the digits CNN with its classes in a new order, for every check."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import numpy as np

from labutils.exercises.attempt import kind
from labutils.exercises.compare import array_form
from labutils.exercises.exercise import NotYet
from labutils.models import CLASSES, asset
from labutils.tflite.runtime import open_model

TOLERANCE = 1e-4  # of a probability: what another order of summation may change
APART = 0.2  # how far the answers to two images must be from one another, so that neither passes for the other
FLOATS = (np.float32, np.float64, np.float16)


def fresh_model(rng: np.random.Generator) -> bytes:
    """The shipped digits CNN, its ten classes in a random order: another model in a file of the same size."""
    from ai_edge_litert import schema_py_generated as schema

    content = bytearray(asset("digits_cnn.tflite").read_bytes())
    order = rng.permutation(CLASSES)
    while (order == np.arange(CLASSES)).any():
        order = rng.permutation(CLASSES)
    model = schema.Model.GetRootAs(content, 0)
    graph = model.Subgraphs(0)
    for tensor in (graph.Tensors(index) for index in range(graph.TensorsLength())):
        shape, buffer = tensor.ShapeAsNumpy(), model.Buffers(tensor.Buffer())
        if tensor.ShapeLength() and shape[0] == CLASSES and buffer.DataLength():
            rows = buffer.DataAsNumpy().reshape(CLASSES, -1)  # a view of `content`: the classes' weights, one row each
            rows[:] = rows[order]
    return bytes(content)


def fresh_images(rng: np.random.Generator, count: int) -> np.ndarray:
    """Made-up images, float32 (count, 8, 8, 1) from 0 to 1, to which the digits CNN gives all sorts of answers."""
    coarse = rng.integers(0, 17, (count, 4, 4, 1)).repeat(2, axis=1).repeat(2, axis=2)
    return (coarse / 16).astype(np.float32)  # sixteenths: the same number in every float type


def probabilities(model: bytes, images: np.ndarray) -> np.ndarray:
    """What the model answers, reckoned by the course: float32 (n, 10)."""
    return _probabilities(model, images.astype(np.float32).tobytes())


@lru_cache(maxsize=8)
def _probabilities(model: bytes, images: bytes) -> np.ndarray:
    return open_model(model).predict(np.frombuffer(images, np.float32).reshape(-1, 8, 8, 1))


def check_answer(answer: Callable[..., Any], rng: np.random.Generator) -> None:
    """Raises NotYet when the function does not answer as the model does, for two models and three float types."""
    models, images = [fresh_model(rng), fresh_model(rng)], _images_apart(rng)
    calls = [
        (models[0], images[:1].astype(FLOATS[0])),
        (models[1], images[1:2].astype(FLOATS[1])),
        (models[0], images[2:].astype(FLOATS[2])),
    ]
    kept = []
    for model, image in calls:
        found = answer(model, image)
        _judge_answer(found, model, image)
        kept.append((found, found.copy()))
    if any(not np.array_equal(now, then) for now, then in kept):
        raise _view()


def _images_apart(rng: np.random.Generator) -> np.ndarray:
    """Three images whose answers differ from one another, each sure of one class, and each of another one."""
    shipped = asset("digits_cnn.tflite").read_bytes()
    while True:
        images = fresh_images(rng, 3)
        answers = probabilities(shipped, images)
        if len(set(answers.argmax(1).tolist())) == 3 and answers.max(1).min() > 2 * APART:
            return images


def _judge_answer(found: Any, model: bytes, image: np.ndarray) -> None:
    if callable(found):
        raise NotYet(f"It returns {kind(found)}: call it, or use `get_tensor(index)`.")
    if isinstance(found, (int, np.integer)):
        raise NotYet(f"It returns one whole number, {found}: return all ten probabilities.")
    if isinstance(found, np.ndarray) and found.shape == (1, CLASSES):
        raise NotYet("It returns the shape (1, 10), a batch of one: return its only row, `[0]`, of shape (10,).")
    if isinstance(found, np.ndarray) and found.shape == image.shape:
        raise NotYet("It returns the shape of the image: that is the input tensor, the answer is in the output tensor.")
    array_form(found, (CLASSES,))
    if _is_view(found):
        raise _view()
    expected = probabilities(model, image)[0]
    if np.abs(found - expected).max() <= TOLERANCE:  # false for a NaN
        return
    if np.abs(found - probabilities(asset("digits_cnn.tflite").read_bytes(), image)[0]).max() <= TOLERANCE:
        raise NotYet("It answers with the shipped model, not with the one that it was given: use the argument `model`.")
    if not abs(found.sum() - 1) < 0.01:
        raise NotYet(
            f"These ten numbers add up to {found.sum():.3g}, so they are no probabilities: "
            "before `invoke()` the output tensor holds whatever lay in memory."
        )
    raise NotYet(
        "These are probabilities, but not those of this model for this image: "
        "is the file `model`, and is `x` set before `invoke()` and unchanged?"
    )


def _is_view(array: np.ndarray) -> bool:
    """Whether the numbers lie in the interpreter's memory: the last owner down the line is then no array."""
    owner: Any = array
    while isinstance(owner, np.ndarray):
        owner = owner.base
    return owner is not None and type(owner).__module__.split(".")[0] in ("ai_edge_litert", "tensorflow")


def _view() -> NotYet:
    return NotYet(
        "It returns a view into the interpreter's memory, which the next `invoke()` overwrites: "
        "`get_tensor(index)` gives a copy, or use `.copy()`."
    )
