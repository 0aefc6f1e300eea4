"""What TensorFlow's converter says of an operator, without the frames of its own code: the lines that help."""

import linecache
import re
from typing import NamedTuple

# "/some/file.py:3:1: note: text", "loc(...): note: text", and "  - /some/file.py:3" of the compatibility checker.
PLACE = re.compile(r"(?P<before>.*?)(?P<path>[^\s:(\"]+\.py):(?P<line>\d+):\d+: (?P<kind>error|note): (?P<text>.*)")
NO_PLACE = re.compile(r"(?P<before>.*?)(?:<[^>]+>:[\d:]+|loc\(.*\)): (?P<kind>error|note): (?P<text>.*)")
FRAME = re.compile(r"\s+- (?P<path>.+\.py):(?P<line>\d+)$")
FIRST = "Could not translate MLIR to FlatBuffer."  # the place follows without a space
CALLED = "called from"
GRAPH = "see current operation:"  # what stands behind it on the same line is one operation, on the next a whole graph
LIBRARIES = ("site-packages", "dist-packages")


class Said(NamedTuple):
    """One line that is worth reading. step: how far it is set in."""

    step: int
    text: str

    def __str__(self) -> str:
        return "  " * self.step + self.text


def essential(message: object) -> str:
    """The lines of a converter's error, or of a compatibility checker's log, that tell about your model.

    message: an exception, or a text. Left out are the frames of library code, the copies of its source lines, and the
    dump of the whole graph at the end; a frame of your own stands with its source line. Texts of any other form come
    back as they are.

    >>> print(essential("No place.<unknown>:0: error: 'tf.Erf' op is neither\\n<unknown>:0: note: called from\\n ^"))
    No place.
    error: 'tf.Erf' op is neither
    """
    found: list[Said] = []
    skipping = False
    for line in str(message).replace(FIRST, f"{FIRST}\n").splitlines():
        place = PLACE.match(line) or NO_PLACE.match(line)
        if place and place["kind"] == "note" and place["text"].strip() == GRAPH:
            break  # the graph itself: hundreds of lines for a real model
        if place or FRAME.match(line):
            skipping = bool(place)  # the source line and the caret that follow
            found += _placed(place) if place else _frame(line)
        elif not (skipping and _is_source(line)) and line.strip():
            skipping = False
            found.append(Said(1 if line.startswith("\t") else 0, line.strip()))
    return "\n".join(map(str, _without_repeats(found)))


def _placed(place: re.Match[str]) -> list[Said]:
    """What a line with a place says: an error, the place itself where it is yours, or a remark."""
    before = [Said(0, place["before"].strip())] if place["before"].strip() else []
    text = place["text"].strip()
    if text.endswith(CALLED):  # it may stand behind a second place
        return before + (_own(place["path"], int(place["line"])) if "path" in place.groupdict() else [])
    if place["kind"] == "error":
        return [*before, Said(0, f"error: {text}")]
    return [*before, Said(1, text)]


def _frame(line: str) -> list[Said]:
    """A frame of the checker, where it is one of yours."""
    frame = FRAME.match(line)
    return _own(frame["path"], int(frame["line"])) if frame else []


def _own(path: str, number: int) -> list[Said]:
    """A source line of yours: IPython keeps the cells where `linecache` finds them."""
    source = linecache.getline(path, number).strip()
    if any(folder in path for folder in LIBRARIES) or not source:
        return []
    return [Said(1, f"line {number}: {source}")]


def _is_source(line: str) -> bool:
    """Whether this is a copy of a source line, or the caret below it."""
    return line.strip() == "^" or line.startswith(" ")


def _without_repeats(found: list[Said]) -> list[Said]:
    """AutoGraph names a line twice, once as written and once as rewritten."""
    return [said for number, said in enumerate(found) if not number or said != found[number - 1]]
