"""Executed notebooks as HTML, by nbconvert's own filters: a list of pieces for each cell."""

import base64
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

from nbconvert.filters import Highlight2HTML, ansi2html
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

from labutils.course.execute import cell_name
from labutils.report.clean import clean
from labutils.report.parts import Parts
from labutils.report.pictures import course_picture

WIDGET = "application/vnd.jupyter.widget-view+json"
PICTURES = ("image/svg+xml", "image/png", "image/jpeg", "image/gif", "image/webp")
ORDER = ("text/html", "text/markdown", *PICTURES, "text/latex", "text/plain")  # the first that an output has is shown
LONGEST = 40_000  # letters of one output; a tenth where the page is full
INJECTED = "injected-parameters"
highlight = Highlight2HTML(pygments_lexer="ipython3")


@dataclass(frozen=True)
class Shown:
    """A cell. name: as the messages call it, such as "cell 7 (train)". parts: the names of its pieces, in order."""

    name: str
    parts: list[str]


@dataclass(frozen=True)
class Setting:
    """Where a notebook's pieces go. place: how the page names its file. links: addresses that are in the page."""

    parts: Parts
    place: str
    links: Mapping[str, str]


def read_notebook(path: Path) -> dict[str, Any]:
    """The notebook's JSON, with the lines of each text joined."""
    return _joined(json.loads(path.read_text(encoding="utf-8")))


def show_notebook(notebook: Mapping[str, Any], setting: Setting) -> list[Shown]:
    """Its cells; their pieces are added to those that there are."""
    shown, number = [], 0
    for cell in notebook["cells"]:
        injected = INJECTED in cell.get("metadata", {}).get("tags", [])
        number += not injected
        pieces = [piece for piece in _pieces(cell, setting) if piece]
        if pieces:
            shown.append(Shown("the values given" if injected else cell_name(number, _Cell(cell)), pieces))
    return shown


class _Cell(dict):
    """A cell of plain JSON, as `cell_name` reads one."""

    @property
    def metadata(self) -> dict[str, Any]:
        return self.get("metadata", {})


def _pieces(cell: Mapping[str, Any], setting: Setting) -> Iterator[str]:
    parts, source = setting.parts, cell.get("source", "")
    if cell["cell_type"] == "markdown":
        given = ["markdown", source, cell.get("attachments", {}), sorted(setting.links)]
        yield parts.add(given, lambda: _block("prose", _markdown(source, setting.links, cell.get("attachments"))))
    elif cell["cell_type"] == "code":
        if source.strip():
            yield parts.add(["code", source], lambda: _block("code", highlight(source)))
        for output in _without_breaks(cell.get("outputs", [])):
            yield _output(output, setting)
    elif source.strip():
        yield parts.add(["raw", source], lambda: _block("output", f"<pre>{escape(source)}</pre>"))


def _output(output: Mapping[str, Any], setting: Setting) -> str:
    """The name of the output's piece, "" where it shows nothing."""
    parts = setting.parts
    longest = LONGEST // 10 if parts.full else LONGEST
    if output["output_type"] == "stream":
        text, kind = output.get("text", ""), output.get("name", "stdout")
        render = lambda: _block(f"output {kind}", _text(text, longest))
        return parts.add([kind, text, longest], render) if text.strip() else ""
    if output["output_type"] == "error":
        text = "\n".join(output.get("traceback", [])) or f"{output.get('ename')}: {output.get('evalue')}"
        return parts.add(["error", text, longest], lambda: _block("output error", _text(text, longest)))
    data = output.get("data", {})
    mime = next((each for each in ORDER if each in data), None)
    if WIDGET in data and mime == "text/plain":
        words = "<p class='left-out'>Something to move stands here in the live notebook.</p>"
        return parts.add("widget", lambda: _block("output", words))
    if mime is None:
        return ""
    given = [mime, data[mime]]
    if mime in PICTURES and parts.full and given not in parts:
        words = f"A picture is left out, since the page is long: it is in {setting.place}."
        return parts.add(words, lambda: _block("output", f"<p class='left-out'>{escape(words)}</p>"))
    return parts.add([*given, longest] if mime.startswith("text/") else given,
                     lambda: _block("output", _RENDER[mime](data[mime], mime, setting.links, longest)))


def _markdown(source: str, links: Mapping[str, str], attachments: Mapping[str, Any] | None = None) -> str:
    """Formulas stay as they are written."""
    renderer = IPythonRenderer(escape=False, exclude_anchor_links=True, attachments=dict(attachments or {}))
    return clean(MarkdownWithMath(renderer=renderer).render(source), course_picture, links)


def _text(text: str, longest: int = LONGEST) -> str:
    """A text with the colours of a terminal; its middle is left out where it is very long."""
    cut = len(text) - longest
    if cut > 0:
        half = longest // 2
        text = f"{text[:half]}\n… {cut:,} more letters are in the notebook …\n{text[-half:]}"
    return f"<pre>{ansi2html(text)}</pre>"


def _html(html: str, _: str, links: Mapping[str, str], longest: int) -> str:
    """Cut by leaving it out: half a table is none."""
    if len(html) > 5 * longest and "base64" not in html:
        return "<p class='left-out'>A long output is left out: it is in the notebook.</p>"
    return clean(html, course_picture, links)


def _picture(data: str, mime: str, *_: Any) -> str:
    """As an image, also an SVG: what is in it cannot reach out of it."""
    content = base64.b64encode(data.encode()).decode() if mime == "image/svg+xml" else re.sub(r"\s", "", data)
    return f'<img src="data:{mime};base64,{escape(content)}" alt="A picture that the cell above draws.">'


_RENDER: dict[str, Callable[..., str]] = {
    "text/html": _html,
    "text/markdown": lambda text, _, links, __: _markdown(text, links),
    "text/latex": lambda text, *_: f"<pre>{escape(text)}</pre>",
    "text/plain": lambda text, _, __, longest: _text(text, longest),
    **dict.fromkeys(PICTURES, _picture),
}


def _block(kind: str, html: str) -> str:
    return f'<div class="{escape(kind)}">{html.strip()}</div>'


def _without_breaks(outputs: list[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    """Texts that were printed one after the other as one."""
    last: dict[str, Any] | None = None
    for output in outputs:
        if last and output["output_type"] == "stream" and output.get("name") == last.get("name"):
            last["text"] += output.get("text", "")
            continue
        if last:
            yield last
        last = dict(output) if output["output_type"] == "stream" else None
        if last is None:
            yield output
    if last:
        yield last


def _joined(value: Any, name: str = "") -> Any:
    """Lists of lines as one text, where the format allows both; a traceback stays a list."""
    if isinstance(value, dict):
        return {key: _joined(each, key) for key, each in value.items()}
    if isinstance(value, list):
        texts = (bool(value) or name in ("source", "text")) and all(isinstance(each, str) for each in value)
        return "".join(value) if texts and name not in ("traceback", "tags") else [_joined(each) for each in value]
    return value
