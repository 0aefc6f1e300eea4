"""Sources of an app for a phone, or a script for a Raspberry Pi, around a learner's own model: complete and minimal.

The sources are templates in `templates/`: for each form, what is in `both`, and what is in the folder of the card's
kind. Whatever a file says of the model is taken from the card, and through it from the model itself.
"""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from labutils.device import literals
from labutils.device.card import DRAWING, PHOTOGRAPH, Card, read_card
from labutils.errors import LabError
from labutils.tflite.anatomy import anatomy
from labutils.tflite.files import label, read_model
from labutils.tflite.isolate import probe

TEMPLATES = Path(__file__).parent / "templates"
DTYPES = ("float32", "uint8", "int8")
MODEL = "model.tflite"
CHECKED = "2026-11-24"  # when the versions below were looked up
LITERT = "2.3.0"  # the course's own: see ai-edge-litert in pyproject.toml
# Form -> where the model lies in it.
ASSETS = {"android": "app/src/main/assets", "ios": "Classifier/Resources", "linux": "."}
FORMS = tuple(ASSETS)
VERSIONS: dict[str, dict[str, str]] = {
    # developer.android.com/build/releases/gradle-plugin: AGP 9.4 goes with this Gradle and JDK, and API levels to 37.
    "android": {
        "litert": LITERT, "agp": "9.4.0", "gradle": "9.6.0", "kotlin": "2.4.20", "jdk": "17", "compile_sdk": "36",
    },
    # github.com/google-ai-edge/LiteRT, litert/swift/README.md: Xcode 15, iOS 15; the photo picker needs iOS 16.
    "ios": {"litert": LITERT, "xcode": "15", "ios": "16", "swift": "6.0.3"},
    "linux": {"litert": LITERT},
}  # fmt: skip
# Kind -> API level, Android's name for it. LiteRT 2.3.0 declares 24; ImageDecoder, which turns photographs upright, 28.
OLDEST_ANDROID = {DRAWING: ("24", "7.0"), PHOTOGRAPH: ("28", "9")}
SWIFT_TYPES = {"float32": "Float", "uint8": "UInt8", "int8": "Int8"}


def export(form: str, model: str | Path, folder: str | Path, card: str | Path | None = None) -> Path:
    """Writes the sources of an app with the model into a folder, whole or not at all. Returns the folder.

    form: one of FORMS. model: a .tflite file of an image classifier. card: its card (default: the .json beside it).
    folder: a new one, or an empty one. Raises LabError, in one sentence, for a model that is damaged or not made for
    an app, a card that does not fit it, and a folder that is in use or cannot be written.
    """
    if form not in FORMS:
        raise LabError(f"There is no form {form!r}: choose one of {', '.join(FORMS)}.")
    folder = Path(folder).expanduser().absolute()
    _check_free(folder)
    probe(model)
    return _write(folder, files(form, model, card))


def files(form: str, model: str | Path, card: str | Path | None = None) -> dict[str, bytes]:
    """What an export consists of: content by path, relative to its folder. Raises LabError as `export` does."""
    content, found = read_model(model), read_card(model, card)
    _check(found, label(model), model)
    texts = sources(form, found)
    if form == "linux":
        texts["card.json"] = replace(found, model=MODEL).json()
    else:
        texts[f"{ASSETS[form]}/labels.txt"] = "\n".join(found.labels) + "\n"
    at = (Path(ASSETS[form]) / MODEL).as_posix()
    return {path: text.encode("utf-8") for path, text in texts.items()} | {at: content}


def _check_free(folder: Path) -> None:
    """Raises LabError where the folder is a file, or holds something."""
    if folder.exists() and not folder.is_dir():
        raise LabError(f"{folder} is a file: name a new folder.")
    if folder.is_dir() and any(folder.iterdir()):
        raise LabError(f"{folder} is not empty: name a new folder.")
    if folder.is_dir() and folder.samefile(Path.cwd()):  # it is replaced, and no shell likes that to happen below it
        raise LabError(f"{folder} is the folder that you are in: name a new one.")


def _check(card: Card, name: str, model: str | Path) -> None:
    """Raises LabError for a model that the exported sources cannot run."""
    for port in (card.input, card.output):
        if port.dtype not in DTYPES:
            raise LabError(f"{name} has {port.name} in {port.dtype}: an app needs {', '.join(DTYPES)}, see lab 10.")
        if port.dtype != "float32" and not port.scale:
            raise LabError(f"{name} has {port.name} in {port.dtype} without a scale: convert it as lab 10 does.")
    operators = [operator for graph in anatomy(model).subgraphs for operator in graph.operators]
    foreign = next((each.name for each in operators if each.kind != "builtin"), None)
    if foreign:
        raise LabError(f"{name} has {foreign}, which LiteRT alone does not know: convert with built-ins only.")
    if any("\ud800" <= letter <= "\udfff" for text in (card.name, *card.labels) for letter in text):
        raise LabError(f"The card of {name} has half a character in its name or labels: write it anew, as lab 10 does.")


def sources(form: str, card: Card) -> dict[str, str]:
    """The source texts of an export by their paths, out of the templates: they need the card alone."""
    from jinja2 import ChoiceLoader, DictLoader, Environment, FileSystemLoader, StrictUndefined

    parts = {path.stem: path.read_text("utf-8") for path in (TEMPLATES / "parts").glob("*.jinja")}
    values, texts = _values(form, card), {}
    for root in (TEMPLATES / form / "both", TEMPLATES / form / card.picture.kind):
        environment = Environment(
            loader=ChoiceLoader([DictLoader(parts), FileSystemLoader(root)]), undefined=StrictUndefined,
            trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True, autoescape=False,
        )  # fmt: skip
        names = ("kotlin", "swift", "android", "markdown", "number")
        environment.filters.update({name: getattr(literals, name) for name in names})
        for path in sorted(root.rglob("*.jinja")):
            name = path.relative_to(root).as_posix()
            texts[name.removesuffix(".jinja")] = environment.get_template(name).render(values)
    return texts


def _values(form: str, card: Card) -> dict[str, Any]:
    """What the templates may name."""
    drawing, quantized = card.picture.kind == DRAWING, card.input.dtype != "float32"
    limits = np.iinfo(card.input.dtype) if quantized else None
    min_sdk, android = OLDEST_ANDROID[card.picture.kind]
    return {
        "card": card,
        "title": literals.shown(card.name),
        "slug": literals.slug(card.name),
        "drawing": drawing,
        "side": card.input.shape[1],
        "channels": card.input.shape[3],
        "classes": card.output.shape[1],
        "quantized_in": quantized,
        "quantized_out": card.output.dtype != "float32",
        "input_range": (int(limits.min), int(limits.max)) if limits else (),
        "swift_types": SWIFT_TYPES,
        "versions": VERSIONS[form],
        "min_sdk": min_sdk,
        "android": android,
        "checked": CHECKED,
    }


def _write(folder: Path, contents: dict[str, bytes]) -> Path:
    """Makes the folder beside its place, then renames it: a reader never meets half an export."""
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder.parent, prefix=f".{folder.name}.") as place:
            whole = Path(place) / folder.name
            for name, content in contents.items():
                path = whole / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)
            if folder.is_dir():
                folder.rmdir()  # empty: on Windows nothing can be renamed onto it
            whole.rename(folder)
    except OSError as error:
        raise LabError(f"{folder} cannot be written ({error.strerror}): free it, or name another folder.") from None
    return folder
