"""The charts of a run: which there are, in which order, and what is not drawn."""

from dataclasses import dataclass, replace

from labutils.report import sizes, sweeps, times
from labutils.report.kinds import Chart
from labutils.report.run import Group, Run
from labutils.report.words import assigned, is_number, listed, measure

MOST_CHARTS = 12


@dataclass(frozen=True)
class Choice:
    """The charts to draw, by heading; and sentences about what is not drawn."""

    charts: dict[str, list[Chart]]
    sentences: list[str]


def choose(run: Run) -> Choice:
    """At most a dozen charts, none without data."""
    size = [(group, chart) for group in run.groups if (chart := sizes.size_and_accuracy(group))]
    time = [(group, chart) for group in run.groups if not group.varied for chart in times.latencies(group)]
    told = [(group, each) for group in run.groups for each in sweeps.by_parameter(group)]
    cost = times.costs(run)
    room = MOST_CHARTS - len(cost)
    size, size_left = size[:room], size[room:]
    time, time_left = time[: room - len(size)], time[room - len(size) :]
    told, told_left = _weightiest(told, room - len(size) - len(time))
    headings = {
        "Size against accuracy": [_of(run, group, chart) for group, chart in size],
        "Latency": [_of(run, group, chart) for group, chart in time],
        "By parameter": [_of(run, group, each.chart) for group, each in told],
        "Cost": list(cost),
    }
    left = [f"size against accuracy of {group.short}" for group, _ in size_left]
    left += [f"{chart.axis} of {group.short}" for group, chart in time_left]
    left += [f"{_unit(each.chart.unit)} against {each.chart.parameter}" for _, each in told_left]
    sentences = [f"Not drawn, since there would be too many charts: {listed(left, 20)}."] if left else []
    sentences += [sentence for group in run.groups if (sentence := _unchanged(group))]
    return Choice({heading: charts for heading, charts in headings.items() if charts}, sentences)


def _weightiest(
    told: list[tuple[Group, sweeps.Told]], room: int
) -> tuple[list[tuple[Group, sweeps.Told]], list[tuple[Group, sweeps.Told]]]:
    """Those where the parameter explains most, as many as there is room for, in their own order; and the others."""
    best = sorted(range(len(told)), key=lambda place: -told[place][1].weight)[: max(room, 0)]
    return [told[place] for place in sorted(best)], [each for place, each in enumerate(told) if place not in best]


def _of(run: Run, group: Group, chart: Chart) -> Chart:
    """The chart; its title names the lab where there are several."""
    return replace(chart, title=f"{group.short.capitalize()}: {chart.title}") if run.several else chart


def _unchanged(group: Group) -> str:
    """What was the same in every execution, and so has no chart."""
    if not group.varied or not group.unchanged:
        return ""
    texts = [
        f"{each.name} ({measure(value, each.unit)})" if is_number(value) else assigned({each.name: value})
        for each, value in group.unchanged.items()
    ]
    return f"The same in every execution of {group.short}, and so not drawn: {listed(texts, 12)}."


def _unit(unit: str) -> str:
    return f"values in {unit}" if unit else "values without a unit"
