"""HTML out of notebooks, cleaned: only what shows something is kept, and nothing that asks another machine.

What is kept is a list, not what is dropped; the text of the page is then escaped anew, so that it means to a browser
what it meant here. The page's Content-Security-Policy stands behind this as a second wall.
"""

import re
from collections.abc import Callable, Mapping

from bs4 import BeautifulSoup, Tag
from bs4.element import PreformattedString

KEPT = {
    "a", "abbr", "b", "blockquote", "br", "caption", "cite", "code", "col", "colgroup", "dd", "del", "details",
    "dfn", "div", "dl", "dt", "em", "figcaption", "figure", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i",
    "img", "ins", "kbd", "li", "mark", "ol", "p", "pre", "q", "s", "samp", "small", "span", "strong", "sub",
    "summary", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "time", "tr", "tt", "u", "ul", "var",
    "wbr",
}  # fmt: skip
# With all that they hold; of any other element only the tag goes.
DROPPED = [
    "script", "style", "template", "noscript", "iframe", "frame", "object", "embed", "applet", "svg", "math",
    "canvas", "audio", "video", "source", "link", "meta", "base", "head", "title", "form", "input", "button",
    "select", "textarea", "option",
]  # fmt: skip
ATTRIBUTES: Mapping[str, tuple[str, ...]] = {
    "*": ("class", "title", "lang", "dir", "aria-hidden", "style"),
    "a": ("href",), "img": ("src", "alt", "width", "height"), "ol": ("start",), "details": ("open",),
    "td": ("colspan", "rowspan"), "th": ("colspan", "rowspan", "scope"), "col": ("span",), "colgroup": ("span",),
}  # fmt: skip
STYLES = re.compile(
    r"(color|background-color|font(-\w+)*|text-align|text-decoration|vertical-align|white-space|width|max-width|"
    r"(margin|padding|border)(-\w+)*|line-height|display)"
)
PICTURE = re.compile(r"data:image/(png|jpeg|gif|webp|svg\+xml);base64,[A-Za-z0-9+/=\s]+")
WEB = re.compile(r"(https?://|mailto:)", re.I)
DEEPER = 3  # the page has h1 to h3 of its own

Picture = Callable[[str], str | None]  # an image's address -> a data: address, None where there is none


def clean(html: str, picture: Picture = lambda _: None, links: Mapping[str, str] | None = None) -> str:
    """The HTML without scripts, ids, foreign addresses and pictures from elsewhere; headings three steps deeper.

    picture: what stands for the picture of an address; one that has none is told by its alternative text. links:
    addresses that lead to a place in the page; any other that is not on the web becomes plain text.

    >>> clean('<p id="a" onclick="x()">A <script>alert(1)</script><b>b</b></p>')
    '<p>A <b>b</b></p>'
    >>> clean('<img src="https://example.org/a.png" alt="A cat">')
    '<span class="no-picture">[picture: A cat]</span>'
    """
    soup = BeautifulSoup(html, "html.parser")
    for other in soup.find_all(string=lambda text: isinstance(text, PreformattedString)):
        other.extract()  # comments and the like
    for element in soup.find_all(DROPPED):
        element.decompose()
    for element in soup.find_all(True):
        if element.name not in KEPT:
            element.unwrap()
            continue
        _keep_attributes(element)
        if re.fullmatch("h[1-6]", element.name):
            element.name = f"h{min(6, int(element.name[1]) + DEEPER)}"
        elif element.name == "img":
            _picture(soup, element, picture)
        elif element.name == "a":
            _link(element, links or {})
    return soup.decode(formatter="minimal")


def _keep_attributes(element: Tag) -> None:
    allowed = (*ATTRIBUTES["*"], *ATTRIBUTES.get(element.name, ()))
    for name in list(element.attrs):
        if name not in allowed:
            del element[name]
    if "style" in element.attrs:
        kept = [each for each in str(element["style"]).split(";") if _harmless(each)]
        element["style"] = ";".join(each.strip() for each in kept)
        if not kept:
            del element["style"]


def _harmless(declaration: str) -> bool:
    name, _, value = declaration.partition(":")
    return bool(STYLES.fullmatch(name.strip().lower())) and bool(re.fullmatch(r"[\w\s.,#%()'\"!-]+", value)) and (
        not re.search(r"url|image|expression", value, re.I)
    )


def _picture(soup: BeautifulSoup, element: Tag, picture: Picture) -> None:
    address = str(element.get("src", "")).strip()
    found = address if PICTURE.fullmatch(address) else picture(address)
    if found:
        element["src"] = found
        return
    words = soup.new_tag("span", attrs={"class": "no-picture"})
    words.string = f"[picture: {element.get('alt') or 'without words'}]"
    element.replace_with(words)


def _link(element: Tag, links: Mapping[str, str]) -> None:
    address = str(element.get("href", "")).strip()
    if address in links:
        element["href"] = links[address]
    elif WEB.match(address):
        element["rel"] = "noreferrer"
    else:
        element.unwrap()
