"""How a picture becomes the input of an image classifier: the rules that every app of this course follows.

The browser's app (web/prepare.js), the exported apps (templates/) and lab 10 do the same; this module is the reference
that the tests hold them against. All of it is arithmetic in float64; only the last step rounds.

**A drawing**, ink bright (1) on black (0):

1. Ink is every pixel above 0.1. The smallest box that holds all ink is cut out.
2. The box is laid in the middle of a square whose side is the box's longer side, and the square is divided into
   grain x grain cells of equal size. A cell's value is the mean over its area: a pixel that it covers in part counts
   by that part, and what lies outside the box counts as 0. (So proportions are kept, and a small box is enlarged.)
3. Where the model's side is above the grain, the cells are enlarged bilinearly: with half-pixel centres, so that new
   pixel i lies at (i + 0.5) * grain / side - 0.5 among the old, and with held edges, so that it is kept within
   0 and grain - 1.
4. All channels hold the same values.

**A photograph**: the middle square (where it begins at half a pixel, that half counts) is divided into side x side
cells, and each is the mean over its area, as above. A model of one channel gets 0.299 red + 0.587 green + 0.114 blue.

**Both**: real = low + value * (high - low). A float32 model gets that. A quantized one gets
floor(real / scale + zero_point + 0.5), clipped to what its dtype holds. The floor is there on purpose: `round` takes a
half to the even neighbour in Python and NumPy, up in JavaScript and Kotlin, and away from zero in Swift and C; `floor`
is the same everywhere. (Where a sum lies within float64's rounding of such a half, two apps may still differ by one.)
"""

import numpy as np

from labutils.device.card import DRAWING, PHOTOGRAPH, Card
from labutils.errors import LabError

INK = 0.1  # above this a pixel counts as ink, of 1
LUMA = (0.299, 0.587, 0.114)  # what red, green and blue give to brightness (ITU-R BT.601)


def prepare_drawing(grey: np.ndarray, card: Card) -> np.ndarray:
    """A drawing as the model's input, by the rules above: of the card's input shape and dtype, with its batch of 1.

    grey: (height, width), ink bright on black, float from 0 to 1 or uint8 from 0 to 255. Raises LabError for another
    shape or range, for a drawing without ink, and for a card of photographs.

    >>> from labutils.device.card import Card, Picture, Port
    >>> ends = Port("image", (1, 2, 2, 1), "uint8", 1 / 255, 0), Port("scores", (1, 2), "float32")
    >>> card = Card("strokes", "strokes.tflite", 0, *ends, Picture("drawing", 0, 1, grain=2), ("flat", "upright"))
    >>> drawing = np.zeros((9, 9))
    >>> drawing[1:5, 3:5] = 1  # upright: four pixels high, two wide
    >>> prepare_drawing(drawing, card)[0, :, :, 0]
    array([[128, 128],
           [128, 128]], dtype=uint8)
    """
    _check_kind(card, DRAWING)
    box = _cut_out(_from_0_to_1(grey, 2, "a drawing (height, width)"))
    side, grain = card.input.shape[1], card.picture.grain
    step = max(box.shape) / grain
    rows, columns = (coverage(grain, (size - grain * step) / 2, step, size) for size in box.shape)
    cells = rows @ box @ columns.T
    if grain < side:
        enlarge = interpolation(side, grain)
        cells = enlarge @ cells @ enlarge.T
    return _stored(np.repeat(cells[..., np.newaxis], card.input.shape[3], axis=-1), card)


def prepare_photograph(rgb: np.ndarray, card: Card) -> np.ndarray:
    """A photograph as the model's input, by the rules above: of the card's input shape and dtype, with its batch of 1.

    rgb: (height, width, 3), float from 0 to 1 or uint8 from 0 to 255. Raises LabError for another shape or range, and
    for a card of drawings.

    >>> from labutils.device.card import Card, Picture, Port
    >>> ends = Port("image", (1, 1, 1, 3), "float32"), Port("scores", (1, 2), "float32")
    >>> card = Card("colours", "colours.tflite", 0, *ends, Picture("photograph", -1, 1, grain=1), ("warm", "cold"))
    >>> prepare_photograph(np.full((2, 3, 3), (255, 0, 51), np.uint8), card)
    array([[[[ 1. , -1. , -0.6]]]], dtype=float32)
    """
    _check_kind(card, PHOTOGRAPH)
    values = _from_0_to_1(rgb, 3, "a photograph (height, width, 3)")
    if values.shape[2] != 3:
        raise LabError(f"A photograph has three channels, not {values.shape[2]}: convert it to RGB.")
    side, channels = card.input.shape[1], card.input.shape[3]
    planes = np.moveaxis(values, -1, 0) if channels == 3 else (values @ LUMA)[np.newaxis]
    square = min(values.shape[:2])
    rows, columns = (coverage(side, (size - square) / 2, square / side, size) for size in values.shape[:2])
    return _stored(np.stack([rows @ plane @ columns.T for plane in planes], axis=-1), card)


def coverage(cells: int, start: float, step: float, size: int) -> np.ndarray:
    """Which part of each cell each pixel fills: (cells, size). A row adds up to 1, or less at a cell that sticks out.

    cells: how many, side by side from `start`, each `step` pixels wide. size: how many pixels there are.

    >>> coverage(2, 0, 1.5, 3).round(2)
    array([[0.67, 0.33, 0.  ],
           [0.  , 0.33, 0.67]])
    """
    begin = start + np.arange(cells)[:, np.newaxis] * step
    pixel = np.arange(size)
    return np.clip(np.minimum(begin + step, pixel + 1) - np.maximum(begin, pixel), 0, None) / step


def interpolation(cells: int, size: int) -> np.ndarray:
    """How much of each old pixel a new one takes when `size` are enlarged to `cells`: (cells, size), rows add up to 1.

    >>> interpolation(4, 2)
    array([[1.  , 0.  ],
           [0.75, 0.25],
           [0.25, 0.75],
           [0.  , 1.  ]])
    """
    places = np.clip((np.arange(cells) + 0.5) * size / cells - 0.5, 0, size - 1)
    return np.maximum(0, 1 - np.abs(places[:, np.newaxis] - np.arange(size)))


def _check_kind(card: Card, kind: str) -> None:
    if card.picture.kind != kind:
        raise LabError(f"{card.name} takes a {card.picture.kind}, not a {kind}: call prepare_{card.picture.kind}.")


def _from_0_to_1(picture: np.ndarray, axes: int, what: str) -> np.ndarray:
    """The picture in float64, from 0 to 1; LabError where it is none."""
    picture = np.asarray(picture)
    if picture.ndim != axes or not picture.size:
        raise LabError(f"Of the shape {picture.shape} nothing can be prepared: give {what}.")
    if picture.dtype == np.uint8:
        return picture / 255
    if picture.dtype.kind not in "fb" or not (picture.min() >= 0 and picture.max() <= 1):
        raise LabError("A picture holds numbers from 0 to 1, or uint8 from 0 to 255: scale it first.")
    return picture.astype(np.float64)


def _cut_out(grey: np.ndarray) -> np.ndarray:
    """The smallest box that holds all ink."""
    rows, columns = np.nonzero(grey > INK)
    if not rows.size:
        raise LabError(f"Nothing is drawn: no pixel is above {INK}, where 0 is black and 1 is ink.")
    return grey[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]


def _stored(values: np.ndarray, card: Card) -> np.ndarray:
    """Values from 0 to 1, (side, side, channels), as the model stores them."""
    port, low, high = card.input, card.picture.low, card.picture.high
    real = low + values * (high - low)
    if port.dtype == "float32":
        return real.astype(np.float32)[np.newaxis]
    if not port.scale:
        raise LabError(f"{card.model} takes {port.dtype} without a scale: convert it as lab 04 or lab 10 does.")
    limits = np.iinfo(port.dtype)
    return np.clip(np.floor(real / port.scale + port.zero_point + 0.5), limits.min, limits.max).astype(port.dtype)[None]
