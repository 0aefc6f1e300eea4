"""Cards without a model: what the exported sources, and the preparation of pictures, are made from."""

import math

from labutils.device.card import Card, Picture, Port


def card_of(
    side: int,
    channels: int,
    dtype: str,
    kind: str = "drawing",
    grain: int | None = None,
    low: float = 0.0,
    name: str = "digits",
    labels: tuple[str, ...] = tuple("0123456789"),
) -> Card:
    """A card of a classifier that does not exist; black is `low`, white is 1; quantized as a converter would do it."""
    limits = {"uint8": (255, 0), "int8": (255, -128)}
    steps, least = limits.get(dtype, (0, 0))
    scale = (1 - low) / steps if steps else 0.0
    taken = Port("image", (1, side, side, channels), dtype, scale, math.floor(least - low / scale) if scale else 0)
    given = Port("scores", (1, len(labels)), dtype, 1 / 256 if scale else 0.0, least)
    return Card(name, "m.tflite", 1, taken, given, Picture(kind, low, 1.0, grain or side), labels)
