"""What the museum shows: its table of contents, and the explanation of an exhibit."""

import html
import textwrap
from dataclasses import dataclass

from labutils.museum.catalog import ROOMS, room_of
from labutils.museum.exhibit import KINDS, Exhibit
from labutils.museum.search import search

UNKNOWN = (
    "The museum has no exhibit for this: paste the message's last line whole, or describe what you see in a few words; "
    "otherwise look in the documentation of the program that says it."
)
SEVERAL = "{} exhibits are near; the first is the likeliest."
WIDTH = 98


@dataclass(frozen=True)
class Contents:
    """The rooms with their exhibits: in a notebook as links, elsewhere as lines."""

    rooms: dict[str, tuple[Exhibit, ...]]

    def __repr__(self) -> str:
        lines = []
        for name, room in self.rooms.items():
            lines += [name, *(f"  {each.title} ({KINDS[each.kind]})" for each in room)]
        return "\n".join(lines)

    def _repr_markdown_(self) -> str:
        heads = "| room | exhibits that say so | that say nothing | that kill the process |\n|---|---|---|---|"
        rows = []
        for name, room in self.rooms.items():
            cells = ["<br>".join(_link(each) for each in room if each.kind == kind) for kind in KINDS]
            rows.append(f"| **{name}** | {' | '.join(cells)} |")
        return "\n".join([heads, *rows])


def contents() -> Contents:
    """The table of contents.

    >>> str(contents()).splitlines()[:2]
    ['Making the model', '  Lists in fit (says so)']
    """
    return Contents(ROOMS)


def explanation(exhibit: Exhibit) -> str:
    """An exhibit in a few lines: title, why, cure, and where to see it."""
    see = f"lab 11, room {room_of(exhibit)}, exhibit {exhibit.name}"
    taught = f"lab {exhibit.lab}, section {exhibit.section}"
    lines = [f"{exhibit.title} ({KINDS[exhibit.kind]})"]
    for head, text in {"why": exhibit.why, "cure": exhibit.cure, "see": see, "taught": taught}.items():
        lines.append(textwrap.fill(text, WIDTH, initial_indent=f"  {head:8}", subsequent_indent=" " * 10,
                                   break_long_words=False, break_on_hyphens=False))  # fmt: skip
    return "\n".join(lines)


def answer(text: str) -> tuple[str, int]:
    """What to say to a message or a description, and how many exhibits fit.

    >>> answer("the weather is fine")[1]
    0
    """
    found = search(text)
    if not found:
        return UNKNOWN, 0
    head = [SEVERAL.format(len(found))] if len(found) > 1 else []
    return "\n\n".join([*head, *(explanation(each.exhibit) for each in found)]), len(found)


def find(text: str) -> None:
    """Print the exhibits that a message, a part of one, a traceback or a description means.

    >>> find("Invoke called on model that is not ready.")  # doctest: +ELLIPSIS
    Invoke after resize (says so)
      why ...
    """
    print(answer(text)[0])


def as_html(text: str) -> str:
    """The same answer for a widget.

    >>> as_html("the weather is fine")[:18]
    '<pre>The museum ha'
    """
    return f"<pre>{html.escape(answer(text)[0])}</pre>"


def _link(exhibit: Exhibit) -> str:
    return f"[{exhibit.title}](#{exhibit.title.replace(' ', '-')})"
