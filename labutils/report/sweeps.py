"""What a sweep shows: recorded numbers against each parameter that varies, the most telling first."""

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

from labutils.report.kinds import Lines, Series
from labutils.report.run import Group, Quantity, Row, middle
from labutils.report.words import count, is_number, listed, measure, plain

MOST_SERIES = 6  # in one chart
MOST_PANELS = 3
APART = 5  # times: values without a unit that differ so much stand in panels of their own
SAME = 1e-6  # relative: two names whose values differ by less are one line
HARDLY = 0.15  # of the whole range: medians that move by less hardly move


class Told(NamedTuple):
    """A chart, and how much of the values' range the parameter explains: from 0 to 1."""

    chart: Lines
    weight: float


def by_parameter(group: Group) -> list[Told]:
    """A chart for each parameter that varies and each unit of what was recorded and varies too."""
    charts = []
    varying = [quantity for quantity in group.quantities if quantity not in group.unchanged]
    for parameter in group.varied:
        for unit in dict.fromkeys(quantity.unit for quantity in varying):
            found = [_series(group, parameter, each) for each in varying if each.unit == unit]
            found = _merged([each for each in found if len({repr(x) for x, _ in each.points}) > 1])
            if found:
                charts.append(_told(group, parameter, unit, found))
    return charts


def medians(series: Series) -> list[tuple[Any, float]]:
    """The median for each value of the parameter, in its order.

    >>> medians(Series("a", [(1, 2.0), (1, 4.0), (2, 5.0)]))
    [(1, 3.0), (2, 5.0)]
    """
    by_value: dict[Any, list[float]] = {}
    for x, y in series.points:
        by_value.setdefault(x, []).append(y)
    return [(x, middle(values) or 0.0) for x, values in by_value.items()]


def panels(found: Sequence[Series]) -> list[list[Series]]:
    """The series, those of about one size together: at most three panels, the smallest values last.

    >>> [[each.name for each in panel] for panel in panels([
    ...     Series("a", [(1, 5.0)]), Series("b", [(1, 1e-5)]), Series("c", [(1, 2.0)])])]
    [['a', 'c'], ['b']]
    """
    largest = {each.name: max(abs(y) for _, y in each.points) for each in found}
    groups: list[list[Series]] = []
    for each in sorted(found, key=lambda one: -largest[one.name]):
        near = groups and largest[groups[-1][0].name] < APART * largest[each.name]
        if near or len(groups) == MOST_PANELS:
            groups[-1].append(each)
        else:
            groups.append([each])
    return groups


def _series(group: Group, parameter: str, quantity: Quantity) -> Series:
    """Finite numbers only, in the order of the parameter's values."""
    order = {value: place for place, value in enumerate(group.values(parameter))}
    points = [(row.parameters[parameter], row.number_of(quantity)) for row in _with(group, parameter)]
    there = [(x, y) for x, y in points if y is not None and math.isfinite(y)]
    return Series(quantity.name, sorted(there, key=lambda point: order[point[0]]))


def _with(group: Group, parameter: str) -> list[Row]:
    return [row for row in group.rows if parameter in row.parameters]


def _merged(found: list[Series]) -> list[Series]:
    """Names with the same values become one line."""
    merged: list[Series] = []
    for each in found:
        twin = next((other for other in merged if _same(each, other)), None)
        if twin is None:
            merged.append(each)
        else:
            merged[merged.index(twin)] = Series(twin.own, twin.points, (*twin.alike, each.own))
    return merged


def _same(one: Series, other: Series) -> bool:
    return len(one.points) == len(other.points) and all(
        a == b and math.isclose(y, z, rel_tol=SAME) for (a, y), (b, z) in zip(one.points, other.points, strict=True)
    )


def _told(group: Group, parameter: str, unit: str, found: list[Series]) -> Told:
    ranked = sorted(found, key=_movement, reverse=True)
    shown, left = ranked[:MOST_SERIES], ranked[MOST_SERIES:]
    first = max(shown, key=lambda each: (round(_explained(each), 1), _movement(each)))
    values = [value for value in group.values(parameter) if any(x == value for each in shown for x, _ in each.points)]
    executions = len({row.number for row in _with(group, parameter)})
    scattered = any(len(each.points) > len(medians(each)) for each in shown)
    captions = ["Lines join medians; each dot is one execution."] if scattered else []
    captions += [f"{each.own} stands for {listed(each.alike)} too." for each in shown if " alike)" in each.name]
    captions += [f"Moved less, and not drawn: {listed(each.name for each in left)}."] if left else []
    chart = Lines(
        title=_title(first, parameter, unit),
        finding=f"Against {parameter}, {count(executions, 'execution')}: "
        + "; ".join(_course(each, unit) for each in shown) + ".",
        caption=" ".join(captions), parameter=parameter, values=values, unit=unit, scattered=scattered,
        panels=panels(shown) if not unit else [shown],
    )  # fmt: skip
    return Told(chart, max(map(_explained, shown)))


def _movement(series: Series) -> float:
    """How far the medians move, as a part of the largest."""
    values = [y for _, y in medians(series)]
    largest = max(map(abs, values))
    return (max(values) - min(values)) / largest if largest else 0.0


def _explained(series: Series) -> float:
    """How far the medians move, as a part of how far all values lie apart."""
    values, everything = [y for _, y in medians(series)], [y for _, y in series.points]
    whole = max(everything) - min(everything)
    return (max(values) - min(values)) / whole if whole else 0.0


def _title(series: Series, parameter: str, unit: str) -> str:
    points = medians(series)
    low, high = min(points, key=lambda point: point[1]), max(points, key=lambda point: point[1])
    if _explained(series) < HARDLY:
        return f"{parameter} hardly moves {series.name}: {measure(low[1], unit)} to {measure(high[1], unit)}"
    if all(is_number(x) for x, _ in points) and {low[0], high[0]} == {points[0][0], points[-1][0]}:
        verb = "rises" if high is points[-1] else "falls"
        first, last = points[0], points[-1]
        return (
            f"{series.name} {verb} from {measure(first[1], unit)} to {measure(last[1], unit)} "
            f"as {parameter} goes from {plain(first[0])} to {plain(last[0])}"
        )
    return (
        f"{series.name} is lowest, {measure(low[1], unit)}, with {parameter} = {plain(low[0])}, "
        f"highest, {measure(high[1], unit)}, with {plain(high[0])}"
    )


def _course(series: Series, unit: str) -> str:
    """A series in words: its median at every value, or at both ends and the extremes."""
    points = medians(series)
    if len(points) > 5:
        ends = {0, len(points) - 1, *(points.index(f(points, key=lambda point: point[1])) for f in (min, max))}
        points = [points[place] for place in sorted(ends)]
    return f"{series.name} " + ", ".join(f"{measure(y, unit)} at {plain(x)}" for x, y in points)
