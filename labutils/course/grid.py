"""Values for parameters, several each: read from the command line and from YAML, checked, and multiplied out.

An axis is written `name=1,2,3`, or `name=1..20` for whole numbers, the last one included; both may be mixed.
"""

import itertools
import math
import re
from collections.abc import Mapping, Sequence

from labutils.course.catalog import Lab
from labutils.course.parameters import Value, check_against, read_parameters
from labutils.errors import LabError

MOST = 100_000  # values of an axis, and points of a grid
RANGE = re.compile(r"([+-]?[0-9]{1,18})\.\.([+-]?[0-9]{1,18})")
LIKE_A_RANGE = re.compile(r"(?=.*[0-9])[0-9.eE+-]*\.\.[0-9.eE+-]*")


def parse_axis(text: str) -> tuple[str, list[str | int]]:
    """The name and the values of `name=v1,v2` or `name=1..20`: numbers of a range as such, all others as their text.

    Raises LabError for a text of another form, for no values, and for a range that runs down or is enormous.

    >>> parse_axis("seed=1..3")
    ('seed', [1, 2, 3])
    >>> parse_axis("alpha=0.35,1.0")
    ('alpha', ['0.35', '1.0'])
    """
    name, equals, values = text.partition("=")
    name = name.strip()
    if not equals or not name.isidentifier():
        raise LabError(f"{_short(text)!r} names no parameter with its values: write -g seed=1,2,3.")
    return name, parse_values(name, values)


def parse_values(name: str, text: str) -> list[str | int]:
    """The values that a text lists for the parameter of that name, as `parse_axis` reads them.

    >>> parse_values("seed", "1..3, 7")
    [1, 2, 3, '7']
    """
    if not text.strip():
        raise _no_values(name)
    found: list[str | int] = []
    for part in text.split(","):
        found += _part(name, part.strip())
        if len(found) > MOST:
            raise LabError(f"{name} has more than {MOST:,} values: give fewer.")
    return found


def read_axes(texts: Sequence[str], from_yaml: Mapping[str, object] | None = None) -> dict[str, list[object]]:
    """The axes by name, as they were written: those of YAML, then those of the texts, which replace YAML's.

    texts: as `parse_axis` reads them. from_yaml: name -> a list of values, or one value, or a text such as "1..20".
    Raises LabError for what is written wrong, and for a name that the texts hold twice.

    >>> read_axes(["seed=5"], {"seed": "1..3", "mode": ["float", "int8"], "steps": 200})
    {'seed': ['5'], 'mode': ['float', 'int8'], 'steps': [200]}
    """
    axes = {str(name): _from_yaml(str(name), value) for name, value in (from_yaml or {}).items()}
    given = set()
    for text in texts:
        name, values = parse_axis(text)
        if name in given:
            raise LabError(f"{name} is given twice: write all its values into one -g.")
        given.add(name)
        axes[name] = list(values)
    return axes


def check_axes(lab: Lab, axes: Mapping[str, Sequence[object]]) -> dict[str, list[Value]]:
    """The axes with every value in the type of the lab's parameter.

    Raises LabError, in one sentence that names it, for the first value or name that does not fit, for a value that is
    there twice once it is converted ("1" and 1), and for an axis without values.
    """
    known = read_parameters(lab)
    checked: dict[str, list[Value]] = {}
    for name, values in axes.items():
        if not values:
            raise _no_values(name)
        converted = [check_against(known, {name: value}, lab.number)[name] for value in values]
        seen: set[Value] = set()
        for value in converted:
            if value in seen:
                raise LabError(f"{name} has {value} twice: keep one.")
            seen.add(value)
        checked[name] = converted
    return checked


def expand(axes: Mapping[str, Sequence[Value]]) -> list[dict[str, Value]]:
    """Every combination of the axes' values, the last axis fastest; no axes make one point, without values.

    Raises LabError, before anything is built, for more than 100,000 points.

    >>> expand({"a": [1, 2], "b": ["x", "y"]})
    [{'a': 1, 'b': 'x'}, {'a': 1, 'b': 'y'}, {'a': 2, 'b': 'x'}, {'a': 2, 'b': 'y'}]
    """
    points = math.prod(len(values) for values in axes.values())
    if points > MOST:
        raise LabError(f"The grid has {points:,} points, more than {MOST:,}: give fewer values.")
    return [dict(zip(axes, values, strict=True)) for values in itertools.product(*axes.values())]


def _part(name: str, part: str) -> list[str | int]:
    """One value, or the numbers of a range."""
    if not part:
        raise LabError(f"{name} has an empty value: write -g {name}=1,2,3, without a comma too many.")
    if not LIKE_A_RANGE.fullmatch(part):
        return [part]
    ends = RANGE.fullmatch(part)
    if not ends:
        raise LabError(f"{name} cannot be the range {_short(part)!r}: a range is of whole numbers, such as 1..20.")
    low, high = int(ends[1]), int(ends[2])
    if high < low:
        raise LabError(f"{name} has a range that runs down, {part}: write {high}..{low}.")
    if high - low >= MOST:
        raise LabError(f"{name} has {high - low + 1:,} values in {part}, more than {MOST:,}: give fewer.")
    return list(range(low, high + 1))


def _from_yaml(name: str, value: object) -> list[object]:
    if value is None:
        raise _no_values(name)
    if isinstance(value, str):
        return list(parse_values(name, value))
    if isinstance(value, Mapping):
        raise LabError(f"{name} holds names instead of values: write a list, such as `{name}: [1, 2, 3]`.")
    return list(value) if isinstance(value, list | tuple) else [value]


def _no_values(name: str) -> LabError:
    return LabError(f"{name} has no values: write -g {name}=1,2,3.")


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:57]}..."
