"""What every page of the house is made with: templates that escape, a policy that asks nobody, the colours of code."""

from __future__ import annotations

import base64
import hashlib
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jinja2 import Environment

ASSETS = Path(__file__).parent / "assets"
DARK_CODE, LIGHT_CODE = "github-dark", "default"  # styles of pygments, both with enough contrast


def environment(folder: Path) -> Environment:
    """The templates of a folder: all that goes into one is escaped, and a gap that nothing fills is an error."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    return Environment(
        loader=FileSystemLoader(folder), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip


def policy(script: str = "") -> str:
    """Nothing may be loaded, and no script may run but the page's own.

    >>> policy()
    "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
    >>> "script-src 'sha256-" in policy("let x = 1;")
    True
    """
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    own = f"script-src 'sha256-{digest}'; " if script else ""
    return f"default-src 'none'; img-src data:; style-src 'unsafe-inline'; {own}base-uri 'none'; form-action 'none'"


@cache
def style_sheet() -> str:
    """How pages look, in light and dark, on a phone and on paper; and the colours of code."""
    return (ASSETS / "page.css").read_text("utf-8") + code_colours()


def code_colours() -> str:
    """The colours of code, on light and dark ground."""
    from pygments.formatters import HtmlFormatter

    def rules(style: str) -> str:
        found = HtmlFormatter(style=style).get_style_defs(".highlight").splitlines()
        return "\n".join(line for line in found if re.match(r"\.highlight \.\w+ \{", line))

    return f"\n{rules(LIGHT_CODE)}\n@media screen and (prefers-color-scheme: dark) {{\n{rules(DARK_CODE)}\n}}\n"
