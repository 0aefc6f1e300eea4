"""Judges a representative dataset: what it hands to the converter, and a conversion that uses it."""

import inspect
from collections.abc import Callable
from itertools import islice
from typing import Any

import numpy as np

from labutils.exercises.attempt import first_line, kind
from labutils.exercises.exercise import NotYet
from labutils.exercises.judges.small_files import calibrated_file
from labutils.tflite.anatomy import anatomy

MANY = 130  # images of the second call: more than the round number that a learner may stop at

_SCALED = {
    "It divides the images by 255: they are scaled already, hand them on as they are.": lambda x: x / 255,
    "It moves the images to -1 to 1: they are scaled already, hand them on as they are.": lambda x: x / 127.5 - 1,
    "It doubles the images and subtracts 1: they are scaled already, hand them on as they are.": lambda x: 2 * x - 1,
    "It moves the images to 0 to 1: they are scaled already, hand them on as they are.": lambda x: (x + 1) / 2,
    "It multiplies the images by 255: they are scaled already, hand them on as they are.": lambda x: x * 255,
    "It cuts the images to whole numbers, and so most of them are empty: hand them on as they are.": np.trunc,
}


def check(representative: Callable[..., Any], rng: np.random.Generator) -> None:
    """Raises NotYet when the function's functions do not yield the images as a converter needs them."""
    for count, dtype, low in ((int(rng.integers(6, 12)), np.float64, -256), (MANY, np.float32, 0)):
        shape = tuple(int(size) for size in rng.integers((5, 5, 1), (8, 8, 4)))
        images = (rng.integers(low, 257, (count, *shape)) / 256).astype(dtype)  # the same in every float type
        found = _function(representative(images), representative)
        _judge(_samples(found, count), images)
        again = _samples(found, count)
        if len(again) < count:
            raise NotYet(
                f"A second call of the function yields {len(again) or 'nothing'}: its generator is used up. Each call "
                "has to start anew, so begin the loop inside the function."
            )
    _convert(rng, found, images)


def _function(found: Any, answer: Any) -> Callable[[], Any]:
    """What was returned, if a converter can call it."""
    found = getattr(found, "input_gen", found)  # tf.lite.RepresentativeDataset, which the converter takes as well
    if found is None:
        raise NotYet("It returns nothing: does it end by returning the inner function?")
    if inspect.isgenerator(found) and inspect.isgeneratorfunction(getattr(answer, "function", None)):
        raise NotYet(
            "`representative` has a `yield` of its own, so calling it gives a generator. Put the loop into a function "
            "inside it, and return that function, without brackets."
        )
    if inspect.isgenerator(found):
        raise NotYet("It returns a generator: return the function that makes it, without brackets.")
    if not callable(found):
        raise NotYet(f"It returns {kind(found)}: return a function, which the converter calls to get the samples.")
    return found


def _samples(function: Callable[[], Any], count: int) -> list[Any]:
    """What the function yields, a little more than is asked at most."""
    try:
        made = function()
        if made is not None:
            return list(islice(iter(made), count + 5))
    except (Exception, SystemExit) as error:
        cure = " The converter calls it without arguments." if "positional argument" in str(error) else ""
        reason = f"{type(error).__name__}: {first_line(error)}".rstrip(": ")
        raise NotYet(f"The function that it returns stops with {reason}.{cure}") from None
    raise NotYet("The function that it returns gives nothing back: it needs a `yield`, in a loop over the images.")


def _judge(samples: list[Any], images: np.ndarray) -> None:
    if not samples:
        raise NotYet("The function yields nothing: a converter would then write a float model, without a word.")
    rows = [_row(sample, images) for sample in samples]
    if len(rows) > len(images):
        raise NotYet(f"It yields more often than there are images, {len(images)}: once for each is asked.")
    if len(rows) < len(images):
        raise NotYet(f"It yields {len(rows)} of {len(images)} images: the loop has to go through all of them.")
    found, asked = np.concatenate(rows), images.astype(np.float32)
    if sorted(row.tobytes() for row in found) == sorted(row.tobytes() for row in asked):
        return
    for sentence, change in _SCALED.items():
        if np.allclose(found, change(asked), atol=1e-5):
            raise NotYet(sentence)
    if (found == found[0]).all():
        raise NotYet("It yields one and the same image every time: the one that the loop is at is asked.")
    raise NotYet("The numbers that it yields are not those of the images: hand them on as they are.")


def _row(sample: Any, images: np.ndarray) -> np.ndarray:
    """The one image in a sample, float32 of shape (1, height, width, channels)."""
    if isinstance(sample, tuple):
        raise NotYet("It yields a tuple, which a converter reads as a signature and its inputs: yield a list.")
    if isinstance(sample, dict):
        raise NotYet("It yields a dictionary, for which the model needs a signature with that name: yield a list.")
    if not isinstance(sample, list):
        what = kind(sample)
        raise NotYet(f"It yields {what}: yield a list, with an entry for each input of the model, here one.")
    if len(sample) != 1:
        raise NotYet(f"It yields a list of {len(sample)}: a list has an entry for each input, and the model has one.")
    image = np.asarray(sample[0]) if hasattr(sample[0], "dtype") else None
    if image is None:
        raise NotYet(f"The list holds {kind(sample[0])}: an array is asked.")
    if image.shape == images.shape:
        raise NotYet(f"It yields all {len(images)} images at once: one at a time is asked, in a batch of one.")
    if image.shape == images.shape[1:]:
        raise NotYet(f"An image has the shape {image.shape}: the batch axis is missing, as in `image[np.newaxis]`.")
    if image.shape != (1, *images.shape[1:]):
        raise NotYet(f"It yields the shape {image.shape}: {(1, *images.shape[1:])} is asked, a batch of one image.")
    if image.dtype.kind in "iub":
        raise NotYet(f"It yields {image.dtype}: calibration happens on the float model, which wants float32.")
    if image.dtype != np.float32:
        raise NotYet(f"It yields {image.dtype}, and the model's input is float32: use `.astype(np.float32)`.")
    return image


def _convert(rng: np.random.Generator, function: Callable[[], Any], images: np.ndarray) -> None:
    """Raises NotYet when a converter finds other ranges than those of the images."""
    try:
        graph = anatomy(calibrated_file(rng, images.shape[1:], function, "full_integer", ("int8", "int8"))).subgraphs[0]
    except Exception as error:  # the dataset's, or as many kinds as a conversion can fail
        raise NotYet(f"A conversion with it stops with {type(error).__name__}: {first_line(error)}.") from None
    found = graph.tensors[graph.inputs[0]].quantization
    scale = (max(float(images.max()), 0) - min(float(images.min()), 0)) / 255
    if found is None or not np.isclose(found.scales[0], scale, rtol=1e-3):
        raise NotYet("A conversion with it found other ranges than the images have: does each call yield all of them?")
