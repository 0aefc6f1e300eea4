"""The material of the course: scikit-learn's digits with fixed splits, and a few photographs. Nothing is downloaded."""

from functools import cache
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from labutils.errors import LabError

SPLIT_SIZES = {"train": 1257, "validation": 180, "test": 360}
DIGIT_MAX = 16  # the brightest value of a scikit-learn digit

_SPLIT_SEED = 20  # fixed for good: another value would put test images into the training of the shipped weights
_PHOTOGRAPH_FILES = {
    "grace_hopper": ("matplotlib", "mpl-data/sample_data/grace_hopper.jpg"),
    "china": ("sklearn", "datasets/images/china.jpg"),
    "flower": ("sklearn", "datasets/images/flower.jpg"),
    "chelsea": ("skimage", "data/chelsea.png"),
    "coffee": ("skimage", "data/coffee.png"),
    "astronaut": ("skimage", "data/astronaut.png"),
    "rocket": ("skimage", "data/rocket.jpg"),
}
PHOTOGRAPHS = tuple(_PHOTOGRAPH_FILES)


def digits(split: str) -> tuple[np.ndarray, np.ndarray]:
    """One of the three fixed, stratified splits of scikit-learn's 1,797 handwritten digits.

    split: "train" (1,257 images), "validation" (180) or "test" (360, never used to choose anything).

    Returns images, uint8 (n, 8, 8) from 0 (paper) to 16 (ink), and labels, int64 (n,) from 0 to 9: fresh copies, the
    same in every run whatever numpy's global seed is. Raises LabError for another name.

    Source: E. Alpaydin, C. Kaynak, Optical Recognition of Handwritten Digits, UCI, 1998 (its test part).

    >>> images, labels = digits("test")
    >>> images.shape, images.dtype, labels.shape, labels[:5]
    ((360, 8, 8), dtype('uint8'), (360,), array([8, 2, 9, 2, 2]))
    """
    if split not in SPLIT_SIZES:
        raise LabError(f"The digits have no split {split!r}: choose one of {', '.join(SPLIT_SIZES)}.")
    images, labels = _splits()[split]
    return images.copy(), labels.copy()


@cache
def _splits() -> dict[str, tuple[np.ndarray, np.ndarray]]:
    from sklearn.datasets import load_digits
    from sklearn.model_selection import train_test_split

    bunch = load_digits()
    images, labels = bunch.images.astype(np.uint8), bunch.target.astype(np.int64)

    def cut(indices: np.ndarray, size: int) -> list[np.ndarray]:
        return train_test_split(indices, test_size=size, stratify=labels[indices], random_state=_SPLIT_SEED)

    rest, test = cut(np.arange(len(labels)), SPLIT_SIZES["test"])
    train, validation = cut(rest, SPLIT_SIZES["validation"])
    parts = {"train": train, "validation": validation, "test": test}
    return {name: (images[indices], labels[indices]) for name, indices in parts.items()}


def for_cnn(images: np.ndarray) -> np.ndarray:
    """What `models.digits_cnn` wants: float32 (n, 8, 8, 1) from 0 to 1.

    images: numbers (n, 8, 8) from 0 to 16, as `digits` gives them. Raises LabError for another shape or range.

    >>> for_cnn(np.full((2, 8, 8), 8, np.uint8))[0, 0, 0]
    array([0.5], dtype=float32)
    """
    return _checked(images)[..., np.newaxis] / np.float32(DIGIT_MAX)


def for_mobilenet(images: np.ndarray, size: int = 64) -> np.ndarray:
    """What `models.mobilenet_v2_digits` wants: float32 (n, size, size, 3) from -1 to 1, three equal channels.

    images: numbers (n, 8, 8) from 0 to 16, as `digits` gives them; size: pixels, 8 or more.

    Enlarged bilinearly with half-pixel centres and held edges (as `tf.image.resize` does), by numpy alone: along each
    axis one matrix product, so all images at once. Raises LabError for another shape, range or size.

    >>> for_mobilenet(np.full((2, 8, 8), 16, np.uint8)).shape
    (2, 64, 64, 3)
    """
    if not isinstance(size, int | np.integer) or size < 8:
        raise LabError(f"Digits cannot be enlarged to {size!r} pixels: give a whole number of 8 or more.")
    places = np.clip((np.arange(size) + 0.5) * (8 / size) - 0.5, 0, 7)  # of the new pixels among the old
    weights = np.maximum(0, 1 - np.abs(places[:, np.newaxis] - np.arange(8))).astype(np.float32)  # (size, 8)
    return as_mobilenet_input(weights @ _checked(images) @ weights.T)


def as_mobilenet_input(images: np.ndarray) -> np.ndarray:
    """Digits (n, size, size) from 0 to 16 that already have their size, as float32 (n, size, size, 3) from -1 to 1.

    >>> as_mobilenet_input(np.zeros((2, 64, 64), np.float32)).min()
    np.float32(-1.0)
    """
    scaled = np.clip(images / np.float32(DIGIT_MAX / 2) - 1, -1, 1)  # rounding may overstep by a bit
    return np.repeat(scaled[..., np.newaxis], 3, axis=-1)


def _checked(images: np.ndarray) -> np.ndarray:
    images = np.asarray(images)
    if images.ndim != 3 or images.shape[1:] != (8, 8) or not len(images):
        raise LabError(f"Digits have the shape (n, 8, 8), not {images.shape}: for one image write images[:1].")
    if images.dtype.kind not in "uif" or not (images.min() >= 0 and images.max() <= DIGIT_MAX):
        raise LabError(f"Digits hold numbers from 0 to {DIGIT_MAX}: pass the images as digits() gives them, unscaled.")
    return images.astype(np.float32)


def photograph(name: str) -> np.ndarray:
    """One of the photographs that come inside the wheels of matplotlib, scikit-learn and scikit-image.

    name: one of PHOTOGRAPHS. Returns uint8 (height, width, 3), RGB. Raises LabError for another name, or where an
    installation lacks the file. Only files are read: no network, and none of the three libraries is imported.

    >>> photograph("chelsea").shape
    (300, 451, 3)
    """
    if name not in _PHOTOGRAPH_FILES:
        raise LabError(f"There is no photograph {name!r}: choose one of {', '.join(PHOTOGRAPHS)}.")
    from PIL import Image

    package, inside = _PHOTOGRAPH_FILES[name]
    spec = find_spec(package)
    path = Path(spec.origin).parent / inside if spec else None
    if path is None or not path.is_file():
        raise LabError(f"The photograph {name} is missing from {package}: install that package again, from its wheel.")
    with Image.open(path) as image:
        return np.array(image.convert("RGB"))
