"""The recorded support matrix: which route, quantization and runtime give a right model; kept, read, and as a table."""

from __future__ import annotations

import json
import re
from dataclasses import asdict
from pathlib import Path

from labutils.errors import LabError
from labutils.files import write_whole
from labutils.paths import course_root
from labutils.support.trial import FLEX, LITERT, RIGHT, RUNTIMES, Support, Verdict

FILE = "support.json"


def record(found: Support) -> Path:
    """Keep the verdicts in notebooks/support.json, whole or not at all."""
    return write_whole(course_root() / "notebooks" / FILE, json.dumps(asdict(found), indent=1) + "\n")


def recorded() -> Support:
    """The verdicts that were recorded. Raises LabError where there are none.

    >>> recorded().verdicts["from_keras_model(model)"]["full int8"]["LiteRT"].state
    'right'
    """
    try:
        raw = json.loads((course_root() / "notebooks" / FILE).read_text(encoding="utf-8"))
        verdicts = {
            route: {path: {name: Verdict(**found) for name, found in each.items()} for path, each in paths.items()}
            for route, paths in raw["verdicts"].items()
        }
        return Support(raw["versions"], verdicts)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        raise LabError(f"{FILE} is missing or damaged: make it anew with `labs support --record`.") from None


def table(found: Support) -> list[list[str]]:
    """A heading and a row for each route; cells such as "right" or "wrong 3", whose number is that of the reason.

    >>> table(recorded())[0][:3]
    ['route from a Keras model', 'float', 'dynamic range']
    """
    paths = list(next(iter(found.verdicts.values())))
    marks = {reason: str(number) for number, reason in enumerate(_reasons(found), 1)}
    rows = [[route, *(_cell(cells[path], marks) for path in paths)] for route, cells in found.verdicts.items()]
    return [["route from a Keras model", *paths], *rows]


def reasons(found: Support) -> list[str]:
    """Why LiteRT's verdicts are what they are, with the numbers of the table.

    >>> reasons(recorded())[0]
    '1: the runtime has no Flex delegate.'
    """
    return [f"{number}: {reason}." for number, reason in enumerate(_reasons(found), 1)]


def markdown(found: Support) -> str:
    """The table for the README, with its reasons and versions below."""
    heading, *rows = table(found)
    lines = ["| " + " | ".join(heading) + " |", "|---" * len(heading) + "|"]
    lines += [f"| {_code(route)} | " + " | ".join(map(_bold, cells)) + " |" for route, *cells in rows]
    return "\n".join([*lines, "", "  \n".join(reasons(found)), "", versions(found)])


def versions(found: Support) -> str:
    """Which runtimes were asked, and what the verdicts were found with, in a sentence each."""
    known = ", ".join(f"{name} {number}" for name, number in found.versions.items())
    return f"Asked: {', '.join(RUNTIMES)}. Found with {known}."


def _cell(by_runtime: dict[str, Verdict], marks: dict[str, str]) -> str:
    """What LiteRT does, and what the Flex environment does where only that answers right."""
    first, flexible = by_runtime[LITERT], by_runtime.get(FLEX)
    differs = flexible and flexible.state == RIGHT != first.state
    return " ".join(filter(None, [first.state, marks.get(first.reason), "(Flex: right)" if differs else ""]))


def _reasons(found: Support) -> list[str]:
    every = [each[LITERT] for paths in found.verdicts.values() for each in paths.values()]
    return list(dict.fromkeys(verdict.reason for verdict in every if verdict.state != RIGHT))


def _bold(cell: str) -> str:
    state, *rest = cell.split(" ")
    return cell if state == RIGHT else " ".join([f"**{state}**", *rest])


def _code(route: str) -> str:
    """Names of functions and file types in the type of code.

    >>> _code("... of a .keras file"), _code("model.export, then from_saved_model")
    ('the same of a `.keras` file', '`model.export`, then `from_saved_model`')
    """
    spoken = route.replace("...", "the same")
    return re.sub(r"\w+\([^)]*\)|\w+=|\w+(?:[._]\w+)+|\.\w+", lambda found: f"`{found[0]}`", spoken)
