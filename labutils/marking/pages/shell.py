"""What both pages are made with: their templates, how code looks, and how a page is closed to the world."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from labutils.exercises.render import inline
from labutils.marking.pages import words
from labutils.report.shell import environment, policy, style_sheet
from labutils.report.words import count, number

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

ASSETS = Path(__file__).parent / "assets"
LONGEST = 8_000  # letters of an answer that a page shows
OPEN = 40  # lines of an answer that stand open; more are folded
GENERATOR = "labs mark"  # how a page of an earlier marking is known


def render(template: str, content: dict[str, Any], script: str = "") -> str:
    """The page. content: what fills the template's gaps; script: the name of the only script that may run in it."""
    from markupsafe import Markup

    code = (ASSETS / script).read_text("utf-8") if script else ""
    css = style_sheet() + (ASSETS / "pages.css").read_text("utf-8")
    html = (
        _templates()
        .get_template(template)
        .render(**content, policy=policy(code), script=Markup(code), css=Markup(css), generator=GENERATOR)
    )
    return words.readable(html)


def code(text: str, label: str) -> Markup:
    """An answer, escaped and coloured; one that is very long is cut. label: what a screen reader calls it.

    >>> "<script>" in code("a = '<script>'", "Your answer")
    False
    """
    from markupsafe import Markup, escape
    from pygments import highlight

    text = text.strip("\n")
    cut = len(text) - LONGEST
    shown = highlight(text[:LONGEST], _lexer(), _formatter()).rstrip("\n")
    left = Markup('<p class="quiet">{} more are in the notebook.</p>').format(count(cut, "letter")) if cut > 0 else ""
    pre = '<pre class="highlight" tabindex="0" role="group" aria-label="{}"><code>{}</code></pre>{}'
    return Markup(pre).format(escape(label), Markup(shown), left)


@cache
def _lexer() -> Any:
    """Of cells: `%%time` and `!pip` are no mistakes there."""
    from pygments.lexers import get_lexer_by_name

    return get_lexer_by_name("ipython3", stripnl=False)


@cache
def _formatter() -> Any:
    from pygments.formatters import HtmlFormatter

    return HtmlFormatter(nowrap=True)


@cache
def _templates() -> Environment:
    from markupsafe import Markup

    made = environment(ASSETS)
    made.globals |= {
        "sign": words.sign, "kind": words.kind, "amount": words.amount, "earned": words.earned, "title": words.title,
        "short_title": words.short_title, "lab_title": words.lab_title, "sentence": words.sentence, "count": count,
        "number": number, "code": code, "file_of": lambda marked: marked.file.replace("\\", "/").rpartition("/")[2],
    }  # fmt: skip
    made.filters["inline"] = lambda text: Markup(inline(text))
    return made
