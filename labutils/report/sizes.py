"""Size against accuracy: recorded values that belong together because they share a stem."""

from collections.abc import Iterable
from typing import NamedTuple

from labutils.report.kinds import Dots, Point
from labutils.report.run import Group, Quantity, Row
from labutils.report.words import BYTES, SHARE, count, is_number, listed, measure, plain

OF_SIZE = ("bytes_", "size_"), ("_bytes", "_size", "_file")
OF_SHARE = ("accuracy_", "right_", "share_"), ("_accuracy", "_right", "_share")
MOST_NAMES = 8  # groups of dots that can be told apart
MOST_VALUES = 6  # of a parameter that has a colour for each


class Pair(NamedTuple):
    """A size and a share of the same thing. stem: what it is called."""

    stem: str
    size: Quantity
    share: Quantity


def pairs(quantities: Iterable[Quantity]) -> list[Pair]:
    """Those of the same stem; or the only size with the only share.

    >>> size, share = Quantity("bytes_float", "bytes"), Quantity("accuracy_float", "share")
    >>> [pair.stem for pair in pairs([size, share, Quantity("bytes_int8", "bytes")])]
    ['float']
    >>> [pair.stem for pair in pairs([Quantity("float_file", "bytes"), Quantity("right", "share")])]
    ['float']
    """
    sizes, shares = [], []
    for quantity in quantities:
        if quantity.unit in BYTES:
            sizes.append(quantity)
        elif quantity.unit == SHARE:
            shares.append(quantity)
    if len(sizes) == len(shares) == 1:
        return [Pair(stem(sizes[0].name, *OF_SIZE), sizes[0], shares[0])]
    known = {stem(share.name, *OF_SHARE): share for share in shares}
    stems = ((stem(size.name, *OF_SIZE), size) for size in sizes)
    return [Pair(name, size, known[name]) for name, size in stems if name in known]


def stem(name: str, prefixes: Iterable[str], suffixes: Iterable[str]) -> str:
    """The name without what says its kind.

    >>> stem("bytes_float", *OF_SIZE), stem("integer_file", *OF_SIZE), stem("bytes", *OF_SIZE)
    ('float', 'integer', 'bytes')
    """
    for prefix in prefixes:
        name = name.removeprefix(prefix)
    for suffix in suffixes:
        name = name.removesuffix(suffix)
    return name


def size_and_accuracy(group: Group) -> Dots | None:
    """One dot a pair; None where they are all of one size."""
    found = {pair.stem: _dots(pair, group) for pair in pairs(group.quantities)}
    found = {name: dots for name, dots in found.items() if dots}
    left = list(found)[MOST_NAMES:] if len(group.rows) > 1 else []
    found = {name: dots for name, dots in found.items() if name not in left}
    everything = [point for dots in found.values() for _, point in dots]
    if len({size for size, _ in everything}) < 2:
        return None
    share = "accuracy" if all(pair.share.name.startswith("accuracy") for pair in pairs(group.quantities)) else "right"
    title, finding = _said(group, found, share)
    groups = {name: [point for _, point in dots] for name, dots in found.items()}
    shade, shades = "", []
    if len(found) == 1 and group.varied:
        groups, shade, shades = _by_parameter(group, next(iter(found.values())))
    return Dots(
        title=title, finding=finding, axes=("size of the file", f"{share}, %"), groups=groups,
        named=len(everything) == len(found), shade=shade, shades=shades, caption=_caption(group, found, left),
    )  # fmt: skip


def _dots(pair: Pair, group: Group) -> list[tuple[Row, Point]]:
    """Bytes and percent of every execution that recorded both."""
    found = ((row, row.recorded.get(pair.size), row.recorded.get(pair.share)) for row in group.rows)
    return [(row, (size, 100 * share)) for row, size, share in found if is_number(size) and is_number(share)]


def _by_parameter(
    group: Group, dots: list[tuple[Row, Point]]
) -> tuple[dict[str, list[Point]], str, list[float]]:
    """The dots of one pair, by the parameter that tells most of them apart: a colour a value, or a scale of colours."""
    name = min(group.varied, key=lambda parameter: _spread(parameter, dots))
    values = [value for value in group.values(name) if any(row.parameters.get(name) == value for row, _ in dots)]
    if len(values) <= MOST_VALUES:
        by_value = {value: [point for row, point in dots if row.parameters.get(name) == value] for value in values}
        return {f"{name} = {plain(value)}": points for value, points in by_value.items()}, "", []
    points = [point for _, point in dots]
    numbers = [row.parameters.get(name) for row, _ in dots]
    return {"": points}, *((name, numbers) if all(map(is_number, numbers)) else ("", []))


def _spread(parameter: str, dots: list[tuple[Row, Point]]) -> float:
    """How far sizes and shares lie apart, among dots with the same value of the parameter: in parts of the whole."""
    total = 0.0
    for axis in (0, 1):
        whole = _span([point[axis] for _, point in dots])
        for value in {row.parameters.get(parameter) for row, _ in dots}:
            own = [point[axis] for row, point in dots if row.parameters.get(parameter) == value]
            total += len(own) * _span(own) / whole if whole else 0
    return total


def _span(values: list[float]) -> float:
    return max(values) - min(values)


def _said(group: Group, found: dict[str, list[tuple[Row, Point]]], share: str) -> tuple[str, str]:
    """Title and finding: the smallest, and the one that is right most often."""
    dots = [(name, row, point) for name, each in found.items() for row, point in each]
    smallest = min(dots, key=lambda dot: (dot[2][0], -dot[2][1]))
    best = max(dots, key=lambda dot: (dot[2][1], -dot[2][0]))

    def put(dot: tuple[str, Row, Point], joint: str) -> str:
        name, row, (size, percent) = dot
        return f"{_called(name, row, found)}{joint}{measure(size, 'bytes')}, {measure(percent / 100, SHARE)}"

    if not _span([dot[2][1] for dot in dots]):
        name, size = _called(*smallest[:2], found), measure(smallest[2][0], "bytes")
        title = f"All are as often right, {measure(best[2][1] / 100, SHARE)}; the smallest is {name}, {size}"
    elif smallest == best:
        title = f"None is smaller, and none more often right, than {put(best, ': ')}"
    else:
        title = f"The smallest is {put(smallest, ': ')}; the smallest of the best is {put(best, ': ')}"
    each = "; ".join(put(dot, " ") for dot in dots) if len(dots) <= 12 else f"{count(len(dots), 'dot')}, {title}"
    return title, f"Size of the file against {share}. {each}."


def _called(name: str, row: Row, found: dict[str, list[tuple[Row, Point]]]) -> str:
    """A dot's name: that of its pair; where there is one pair, the execution."""
    return f"execution {row.number}" if len(found) == 1 else name


def _caption(group: Group, found: dict[str, list[tuple[Row, Point]]], left: list[str]) -> str:
    if len(group.rows) == 1:
        return ""
    executions = len({row.number for dots in found.values() for row, _ in dots})
    return f"A dot for each of {count(executions, 'execution')}." + (f" Not drawn: {listed(left)}." if left else "")
