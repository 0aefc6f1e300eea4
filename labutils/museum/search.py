"""Finds the exhibit that a message, a traceback or a description means."""

import difflib
import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from labutils.museum.catalog import EXHIBITS
from labutils.museum.exhibit import Exhibit
from labutils.museum.tidy import lines_of, words

LIKENESS = 0.72  # the share of a message's weight that has to be found again
ALIKE = 0.64  # the same for a description
NEAR = 0.08  # exhibits that are so much behind the best are named too
EXACT = 0.999  # where a message is found again word for word, those that are only near are not
EVIDENCE = 4.6  # the weight that has to be found again, so that "is not" finds nothing
MOST = 4  # exhibits that are named
WINDOWS = (1, 2, 3, 5, 8)  # lines of a traceback that may be one message
TOO_COMMON = {
    "cannot", "connection", "directory", "errno", "error", "file", "no", "or", "refused", "shared", "such",
}  # every program says so  # fmt: skip
STOP = re.compile(
    "an?|and|are|as|at|be|been|but|by|can|do|does|for|from|had|has|have|how|if|in|into|is|its?|my|not|of|on|or|our|so|"
    "than|that|the|then|there|they|this|to|was|we|what|when|where|which|while|who|why|with|you|your|after|gets?|got|"
    "every|each|models?|gives?|tflite"
)


@dataclass(frozen=True)
class Found:
    """An exhibit that fits. likeness: from 0 to 1."""

    exhibit: Exhibit
    likeness: float


def search(text: str) -> list[Found]:
    """The exhibits that a text means, the likeliest first: none, one, or a few that cannot be told apart.

    text: a message, a part of one, a whole traceback, or a description in words.

    >>> [found.exhibit.name for found in search("Quantization not yet supported for op: 'POW'")]
    ['float_among_integers']
    >>> search("the weather is fine")
    []
    """
    best: dict[str, float] = {}
    for name, likeness in [*_by_message(lines_of(text)), *_by_description(text)]:
        best[name] = max(likeness, best.get(name, 0.0))
    if not best:
        return []
    most = max(best.values())
    least = EXACT if most > EXACT else most - NEAR
    names = sorted((name for name in best if best[name] >= least), key=lambda name: -best[name])
    return [Found(EXHIBITS[name], best[name]) for name in names[:MOST]]


@cache
def _messages() -> tuple[tuple[str, list[str]], ...]:
    """Every message of the catalogue in words, under its exhibit's name."""
    return tuple((name, words(text)) for name, each in EXHIBITS.items() for text in each.messages)


@cache
def _descriptions() -> dict[str, set[str]]:
    """The stems of what describes an exhibit."""
    return {name: _stems(f"{name} {each.title} {each.signs} {each.why}") for name, each in EXHIBITS.items()}


@cache
def _weights(of_messages: bool) -> dict[str, float]:
    """A word weighs the more the fewer messages, or descriptions, it stands in; "" stands for an unknown one."""
    documents = [set(each) for _, each in _messages()] if of_messages else list(_descriptions().values())
    counts = Counter(word for each in documents for word in each)
    weights = {word: math.log(1 + len(documents) / count) for word, count in counts.items()}
    low = dict.fromkeys(TOO_COMMON & weights.keys(), 0.5) if of_messages else {}
    return weights | low | {"": math.log(1 + len(documents))}


def _weight(found: Iterable[str], of_messages: bool = True) -> float:
    weights = _weights(of_messages)
    return sum(weights.get(word, weights[""]) for word in found)


def _by_message(lines: Sequence[str]) -> list[tuple[str, float]]:
    """Every exhibit one of whose messages is like a piece of the text."""
    pieces = {
        tuple(words(" ".join(lines[start : start + size])))
        for size in WINDOWS for start in range(max(1, len(lines) - size + 1))
    }  # fmt: skip
    least = 2 if len(lines) == 1 else 4  # of a traceback's many lines some are like anything
    found = []
    for name, message in _messages():
        likeness = max((_likeness(piece, message, least) for piece in pieces), default=0.0)
        if likeness:
            found.append((name, likeness))
    return found


def _likeness(piece: Sequence[str], message: list[str], least: int) -> float:
    """How much of the shorter of two is found again in the other, in the same order; 0 for too little."""
    piece = _whole(piece, message)
    most = min(_weight(piece), _weight(message))
    if not most or _weight(set(piece) & set(message)) < min(EVIDENCE, LIKENESS * most):
        return 0.0
    blocks = difflib.SequenceMatcher(None, piece, message, autojunk=False).get_matching_blocks()
    same = [word for block in blocks if block.size > 1 for word in message[block.b : block.b + block.size]]
    weight = _weight(same)
    likeness = weight / most
    if len(same) < least or weight < EVIDENCE or likeness < LIKENESS:
        return 0.0
    return 0.99 * min(1.0, likeness) + 0.01 * weight / max(_weight(piece), _weight(message))


def _whole(piece: Sequence[str], message: list[str]) -> list[str]:
    """A fragment may begin and end in the middle of a word: with the message's word there, or without it."""
    first, *rest = piece or [""]
    starts = [word for word in message if len(first) > 2 and word.endswith(first)][:1]
    found = [*(starts or [first] * (len(rest) < 2 or first in _weights(True))), *rest]
    if len(found) < 2:
        return found
    *rest, last = found
    ends = [word for word in message if len(last) > 2 and word.startswith(last)][:1]
    return [*rest, *(ends or [last] * (len(rest) < 2 or last in _weights(True)))]


def _by_description(text: str) -> list[tuple[str, float]]:
    """Every exhibit whose description has most of the words of a short text."""
    asked = _stems(text)
    known = {"".join(each.title.lower().split()): name for name, each in EXHIBITS.items()}
    if title := known.get("".join(text.lower().split())):
        return [(title, 1.0)]
    if not 2 <= len(asked) <= 20:
        return []
    found = []
    for name, stems in _descriptions().items():
        same = asked & stems
        likeness = _weight(same, False) / _weight(asked, False)
        if len(same) >= 2 and likeness >= ALIKE:
            found.append((name, 0.99 * likeness))
    return found


def _stems(text: str) -> set[str]:
    plain = re.findall(r"[a-z0-9]+", text.lower().replace("_", " "))
    return {_stem(word) for word in plain if not STOP.fullmatch(word) and len(word) > 1}


def _stem(word: str) -> str:
    for ending in ("ings", "ing", "ed", "es", "s", "e"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word.removesuffix(ending)
    return word
