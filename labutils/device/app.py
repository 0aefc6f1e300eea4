"""The browser app: a model, its card and LiteRT.js in one page, or as files for a server. The sources lie in `web/`.

The page has a strict content security policy: it runs its own script and nothing else, and asks nobody for anything.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from dataclasses import asdict
from pathlib import Path

from labutils.device.card import Card, read_card
from labutils.device.litert_js import runtime_files
from labutils.device.serving.server import File
from labutils.errors import LabError
from labutils.files import write_whole
from labutils.tflite.anatomy import anatomy
from labutils.tflite.files import ModelSource, label, read_model
from labutils.tflite.isolate import probe

WEB = Path(__file__).parent / "web"
VIEW = ("prepare.js", "pictures.js", "drawing.js", "engine.js", "view.js")  # each needs only those before it
TAKES = ("float32", "uint8")  # what LiteRT.js passes in and out; of int8 it knows no typed array
LARGEST = 50_000_000  # bytes: a phone's browser gives a page some hundred megabytes, and the model is there thrice
NEAREST = ("relaxed.js.gz", "relaxed.wasm.gz")  # the quicker variant, which not every browser runs
# Base 85 as in Python, without the letters that mean something in HTML.
LETTERS = str.maketrans("<>&", ",.:")

_ASKS_NOBODY = "default-src 'none'; base-uri 'none'; form-action 'none'; img-src data: blob:; media-src blob:"
SERVED_POLICY = (
    f"{_ASKS_NOBODY}; script-src 'self' blob: 'wasm-unsafe-eval'; style-src 'self'; connect-src 'self'; "
    "frame-ancestors 'none'"
)


def build_app(model: str | Path, out: str | Path, card: str | Path | None = None) -> Path:
    """Writes the app of a model as one file, whole or not at all: it opens from a server and by a double click.

    model: a .tflite file with its card beside it, or `card` names that. Raises LabError, one sentence, for a model that
    cannot run in a browser, without a card or the runtime, and where the file cannot be written.
    """
    content, found = _ready(model, card)
    return write_whole(Path(out), page(content, found))


def page(model: bytes, card: Card) -> str:
    """The one-file app: model and runtime stand in the page. It carries the variant that every browser runs."""
    parts = {"model.tflite": model} | {name: each for name, each in runtime_files().items() if name not in NEAREST}
    script, style = joined(*VIEW, "app.js"), (WEB / "app.css").read_text("utf-8")
    policy = f"{_ASKS_NOBODY}; script-src {_hash(script)} blob: 'wasm-unsafe-eval'; style-src {_hash(style)}"
    return _filled(
        card, {"card": asdict(card)}, policy=policy, script=script, style=style,
        carried=[(name, base64.b85encode(content).decode().translate(LETTERS)) for name, content in parts.items()],
    )  # fmt: skip


def app_files(model: str | Path, card: str | Path | None = None) -> dict[str, File]:
    """The app of a model as files for a server, by their paths. Raises LabError as `build_app` does."""
    content, found = _ready(model, card)
    parts = {"model.tflite": content} | runtime_files()
    html = _filled(found, {"card": asdict(found), "files": list(parts)}, policy="", script="", style="", carried=[])
    texts = {"/": (html, "text/html"), "/app.js": (joined(*VIEW, "app.js"), "text/javascript"),
             "/app.css": ((WEB / "app.css").read_text("utf-8"), "text/css")}  # fmt: skip
    files = {path: File(text.encode(), f"{kind}; charset=utf-8") for path, (text, kind) in texts.items()}
    return files | {f"/{name}": File(each, "application/octet-stream") for name, each in parts.items()}


def joined(*names: str) -> str:
    """Source files of `web/` as one module: their imports of each other are left out, each needs only those before.

    >>> "import" in joined("prepare.js"), "function prepare(" in joined("prepare.js")
    (False, True)
    """
    texts = [(WEB / name).read_text("utf-8") for name in names]
    return "\n".join(re.sub(r'^import .* from "\./.*";\n|^export (?!default)', "", text, flags=re.M) for text in texts)


def check_runs_in_browser(model: ModelSource, card: Card) -> None:
    """Raises LabError, with the cure, for a model that LiteRT.js cannot run.

    Source: measured with @litertjs/core 2.5.3, see `labutils.device.litert_js`.
    """
    name = label(model)
    if card.bytes > LARGEST:
        raise LabError(
            f"{name} has {card.bytes:,} bytes, too many for a phone's browser: quantize it to at most {LARGEST:,}."
        )
    for end, setting in ((card.input, "inference_input_type"), (card.output, "inference_output_type")):
        if end.dtype not in TAKES:
            raise LabError(
                f"{name} has {end.dtype} at its border, which LiteRT.js refuses: convert it with "
                f"converter.{setting} = tf.uint8 (or tf.float32)."
            )
    operators = [operator for graph in anatomy(model).subgraphs for operator in graph.operators]
    foreign = next((each.name for each in operators if each.kind != "builtin"), None)
    if foreign:
        raise LabError(f"{name} has {foreign}, which LiteRT.js does not know: convert with built-ins only, see lab 05.")


def _ready(model: str | Path, card: str | Path | None) -> tuple[bytes, Card]:
    """A model's bytes and card, once it has run in a child process, which a damaged file may crash."""
    content = read_model(model)
    if len(content) <= LARGEST:
        probe(model)
    found = read_card(model, card)
    check_runs_in_browser(model, found)
    return content, found


def _filled(card: Card, data: dict, **parts: object) -> str:
    """The page, filled in."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined
    from markupsafe import Markup

    environment = Environment(loader=FileSystemLoader(WEB), autoescape=True, undefined=StrictUndefined)
    environment.keep_trailing_newline = True
    texts = {name: Markup(part) if name in ("script", "style") else part for name, part in parts.items()}
    in_script = json.dumps(data, ensure_ascii=False).replace("<", "\\u003c")
    return environment.get_template("page.html").render(title=card.name, card=Markup(in_script), **texts)


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
