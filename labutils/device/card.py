"""The card of an image classifier: a small JSON file beside the model that says what an app must know to use it.

The model file itself holds shapes, dtypes and scales, but not what the numbers mean: which number stands for white,
whether a picture is a drawing or a photograph, what the classes are called. All apps of this course read the card.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from labutils.errors import LabError
from labutils.files import write_whole
from labutils.tflite.anatomy import anatomy
from labutils.tflite.files import ModelSource, label, read_model
from labutils.tflite.runtime import TensorSpec, open_model

DRAWING, PHOTOGRAPH = KINDS = ("drawing", "photograph")
CHANNELS = (1, 3)
LARGEST = 1e30  # of a number that stands for white; far from what float32 holds


@dataclass(frozen=True)
class Port:
    """The model's input or output. shape: with its batch of 1. scale, zero_point: 0 where it is not quantized."""

    name: str
    shape: tuple[int, ...]
    dtype: str
    scale: float = 0.0
    zero_point: int = 0


@dataclass(frozen=True)
class Picture:
    """How a picture becomes the model's input.

    kind: "drawing" (bright strokes on black, cut out and centred) or "photograph" (its middle square). low, high: the
    real numbers that stand for black and for white. grain: pixels a side that a drawing is reduced to before it is
    enlarged to the model's size.
    """

    kind: str
    low: float
    high: float
    grain: int


@dataclass(frozen=True)
class Card:
    """What an app must know of a model. model: the file's name. labels: one a class, in the order of the output."""

    name: str
    model: str
    bytes: int
    input: Port
    output: Port
    picture: Picture
    labels: tuple[str, ...]

    def json(self) -> str:
        """The card as the text of its file."""
        text = json.dumps(asdict(self), indent=2, ensure_ascii=False)
        return re.sub(r"\[\s+(-?\d+(?:,\s+-?\d+)*)\s+\]", _on_one_line, text) + "\n"


def make_card(
    model: ModelSource,
    labels: Sequence[str],
    low: float = 0.0,
    high: float = 1.0,
    kind: str = DRAWING,
    grain: int | None = None,
    name: str | None = None,
) -> Card:
    """The card of a model: shapes, dtypes and scales are read from the file, the rest is what the file cannot say.

    model: path or bytes; one input (1, height, width, 1 or 3), height and width equal, one output (1, classes).
    labels: one for each class. low, high: the real numbers for black and white. kind: "drawing" or "photograph".
    grain: for drawings, pixels a side (default: the model's). name: to show (default: the file's, without its ending).
    Raises LabError for a model that is no such classifier, and for labels or numbers that do not fit it.

    >>> from labutils.models import asset
    >>> make_card(asset("digits_cnn.tflite"), "0123456789")
    Traceback (most recent call last):
    ...
    labutils.errors.LabError: digits_cnn.tflite leaves its batch free: convert it with one of 1, as in lab 10.
    """
    taken, given = ports(model)
    file = f"{name or 'model'}.tflite" if isinstance(model, bytes | bytearray | memoryview) else Path(model).name
    card = Card(
        name=name or file.removesuffix(".tflite"),
        model=file,
        bytes=len(read_model(model)),
        input=taken,
        output=given,
        picture=Picture(kind, _plain(low), _plain(high), taken.shape[1] if grain is None else _plain(grain)),
        labels=tuple(map(str, labels)),
    )
    _check(card)
    return card


def ports(model: ModelSource) -> tuple[Port, Port]:
    """The input and the output of a classifier, path or bytes; LabError where the model is no such classifier."""
    if anatomy(model).has_unfrozen_variables:
        raise LabError(f"{label(model)} lacks its weights (VAR_HANDLE): convert it by another route, see lab 01.")
    opened = open_model(model)
    ends = [_port(spec) for side in (opened.inputs, opened.outputs) for spec in side.values()]
    _check_ports(label(model), len(opened.inputs), ends)
    return ends[0], ends[1]


def write_card(card: Card, folder: Path) -> tuple[Path, Path]:
    """Writes the card and the labels beside each other: `<model>.json`, and `labels.txt` with one label a line."""
    path = write_whole(folder / f"{Path(card.model).stem}.json", card.json())
    return path, write_whole(folder / "labels.txt", "\n".join(card.labels) + "\n")


def card_path(model: str | Path) -> Path:
    """Where the card of a model file lies: beside it, with .json for .tflite.

    >>> card_path("build/digits.tflite").name
    'digits.json'
    """
    return Path(model).with_suffix(".json")


def read_card(model: str | Path, card: str | Path | None = None) -> Card:
    """The card of a model file, held against the model: what the two say of shapes, dtypes and scales must agree.

    card: the card's file (default: the .json beside the model). Raises LabError, in one sentence, where the card is
    missing, is no card, or belongs to another model.
    """
    ports(model)  # what is wrong with the model comes first: a card would not mend it
    path = Path(card) if card else card_path(model)
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise LabError(f"There is no card {path}: write one with make_card and write_card, as lab 10 does.") from None
    except (OSError, UnicodeDecodeError) as error:
        raise LabError(f"The card {path} cannot be read ({_why(error)}): write it anew, as lab 10 does.") from None
    found = _parsed(text, path)
    real = make_card(model, found.labels, **asdict(found.picture), name=found.name)
    if (real.input, real.output, real.bytes) != (found.input, found.output, found.bytes):
        raise LabError(f"The card {path} belongs to another model than {label(model)}: write it anew, as lab 10 does.")
    return real


def _parsed(text: str, path: Path) -> Card:
    """The card that a text holds, as far as its form goes."""
    try:
        values: dict[str, Any] = json.loads(text)
        ends = {end: Port(**values[end] | {"shape": tuple(values[end]["shape"])}) for end in ("input", "output")}
        labels = values["labels"]
        if not isinstance(labels, list) or not all(isinstance(each, str) for each in labels):
            raise TypeError("labels are a list of texts")
        parts = ends | {"picture": Picture(**values["picture"]), "labels": tuple(labels)}
        card = Card(**values | parts)
        if not (isinstance(card.name, str) and isinstance(card.model, str)):
            raise TypeError("name and model are texts")
        return card
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise LabError(f"{path} is no card of a model ({_why(error)}): write it anew, as lab 10 does.") from None


def _why(error: Exception) -> str:
    if isinstance(error, KeyError):
        return f"it lacks {error}"
    return (getattr(error, "strerror", None) or str(error)).split("\n")[0][:120] or type(error).__name__


def _on_one_line(numbers: re.Match[str]) -> str:
    return f"[{', '.join(re.findall('-?[0-9]+', numbers[1]))}]"


def _port(spec: TensorSpec) -> Port:
    return Port(spec.name, spec.shape, spec.dtype.name, spec.scale, spec.zero_point)


def _check_ports(name: str, inputs: int, ends: list[Port]) -> None:
    """Raises LabError when a model is no classifier of one picture at a time."""
    if inputs != 1 or len(ends) != 2:
        raise LabError(
            f"{name} has inputs: {inputs}, outputs: {len(ends) - inputs}; an app needs a classifier with one of each."
        )
    (taken, given) = (end.shape for end in ends)
    if -1 in taken[:1]:
        raise LabError(f"{name} leaves its batch free: convert it with one of 1, as in lab 10.")
    if len(taken) != 4 or taken[0] != 1 or taken[1] != taken[2] or taken[1] < 1 or taken[3] not in CHANNELS:
        raise LabError(
            f"{name} takes {_times(taken)}: an app needs 1 x side x side x 1 or 3, one square picture at a time."
        )
    if len(given) != 2 or given[0] != 1 or given[1] < 2:
        raise LabError(f"{name} gives {_times(given)}: an app needs 1 x classes, a number for each class.")


def _plain(number: Any) -> Any:
    """NumPy's numbers as Python's own, which JSON knows; all else as it is."""
    return number.item() if isinstance(number, np.generic) else number


def _times(shape: tuple[int, ...]) -> str:
    return " x ".join("any" if size == -1 else str(size) for size in shape) or "a single number"


def _check(card: Card) -> None:
    """Raises LabError where what the file cannot say is impossible."""
    side, classes, picture = card.input.shape[1], card.output.shape[1], card.picture
    if len(card.labels) != classes:
        raise LabError(f"{card.model} has {classes} classes, and {len(card.labels)} labels were given: give one each.")
    if any(not text.strip() or "\n" in text for text in card.labels):
        raise LabError("A label is empty, or longer than a line: name each class in a few words.")
    if picture.kind not in KINDS:
        raise LabError(f"A picture is no {picture.kind!r}: choose {' or '.join(KINDS)}.")
    numbers = (picture.low, picture.high)
    real = all(isinstance(each, int | float) and abs(each) <= LARGEST for each in numbers)  # false for a NaN
    if not real or picture.low == picture.high:
        raise LabError(f"Black is {picture.low!r} and white is {picture.high!r}: give two different, finite numbers.")
    if not isinstance(picture.grain, int) or not 1 <= picture.grain <= side:
        raise LabError(f"The grain is {picture.grain!r}: give a whole number from 1 to {side}, the model's size.")
