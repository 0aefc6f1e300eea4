"""The pieces of all notebooks, each kept once however many executions share it, and bounded in all."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

LIMIT = 40_000_000  # characters of all pieces, from which on further pictures are left out


@dataclass
class Parts:
    """Pieces of HTML by a name made from what they are made of. limit: when they are `full`."""

    limit: int = LIMIT
    html: dict[str, str] = field(default_factory=dict)
    size: int = 0

    @property
    def full(self) -> bool:
        """Whether there is no more room for what takes much."""
        return self.size >= self.limit

    def __contains__(self, source: Any) -> bool:
        return name_of(source) in self.html

    def add(self, source: Any, render: Callable[[], str]) -> str:
        """The name of the piece; it is rendered where it is not there yet.

        >>> parts = Parts()
        >>> parts.add("a", lambda: "<p>a</p>") == parts.add("a", lambda: 1 / 0)
        True
        """
        name = name_of(source)
        if name not in self.html:
            self.html[name] = render()
            self.size += len(self.html[name])
        return name


def name_of(source: Any) -> str:
    """A short name for what a piece is made of; another for anything else.

    >>> name_of("a") == name_of("a"), name_of("a") == name_of("b")
    (True, False)
    """
    text = json.dumps(source, sort_keys=True, ensure_ascii=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:12]
