"""Digits turned, sheared, stretched and moved a little at random, so that few images teach more."""

import numpy as np

TURN = 0.2  # radians, either way
SHEAR = 0.2
STRETCH = 0.15  # of each axis by itself
SHIFT = 0.6  # pixels of the 8 x 8 image


def varied(images: np.ndarray, generator: np.random.Generator, size: int) -> np.ndarray:
    """Each digit under an affine map of its own, resampled bilinearly: float32 (n, size, size) from 0 to 16.

    images: (n, 8, 8) from 0 to 16; size: pixels of the result.

    >>> varied(np.full((2, 8, 8), 16, np.uint8), np.random.default_rng(0), 64).shape
    (2, 64, 64)
    """
    n = len(images)
    angle, shear = generator.uniform(-TURN, TURN, n), generator.uniform(-SHEAR, SHEAR, n)
    stretch = generator.uniform(1 - STRETCH, 1 + STRETCH, (2, n))
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    skew = np.array([[stretch[0], np.zeros(n)], [shear, stretch[1]]])
    maps = np.einsum("ijn,jkn->nik", turn, skew)
    return resampled(images, maps, generator.uniform(-SHIFT, SHIFT, (n, 2)), size)


def resampled(images: np.ndarray, maps: np.ndarray, shifts: np.ndarray, size: int) -> np.ndarray:
    """Sample images (n, 8, 8) bilinearly on a grid of size x size points that is mapped about the image's middle.

    maps: (n, 2, 2), shifts: (n, 2), rows before columns, in pixels of the small image; edges are held. Returns float32
    (n, size, size): with maps of one and shifts of zero the same enlargement as `data.for_mobilenet`.

    >>> image = np.arange(64.0).reshape(1, 8, 8)
    >>> bool((resampled(image, np.eye(2)[np.newaxis], np.zeros((1, 2)), 8) == image).all())
    True
    """
    axis = (np.arange(size, dtype=np.float32) + 0.5) * (8 / size) - 4
    grid = np.stack(np.meshgrid(axis, axis, indexing="ij")).reshape(2, -1)
    places = np.clip(np.float32(maps) @ grid + np.float32(shifts)[..., np.newaxis] + 3.5, 0, 7)
    corner = np.minimum(places.astype(np.int32), 6)
    (down, right), (row, column) = (places - corner).swapaxes(0, 1), corner.swapaxes(0, 1)
    first = np.arange(len(images))[:, np.newaxis] * 64 + row * 8 + column  # of the four neighbours, in all pixels
    pixels = np.float32(images).ravel()

    def across(start: np.ndarray) -> np.ndarray:
        left = pixels[start]
        return left + (pixels[start + 1] - left) * right

    top = across(first)
    return (top + (across(first + 8) - top) * down).reshape(-1, size, size)
