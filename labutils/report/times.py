"""Bars: the latencies that a lab recorded, and what each lab's execution cost."""

from labutils.report.kinds import Bars
from labutils.report.run import Group, Run, middle
from labutils.report.words import duration, listed, measure

OF_TIME = {"ms": "milliseconds", "µs": "microseconds", "us": "microseconds", "μs": "microseconds", "s": "seconds"}
KINDS = ("latency_", "milliseconds_", "microseconds_", "ms_", "time_")  # of the names: the axis says so already
MOST_BARS = 14


def latencies(group: Group) -> list[Bars]:
    """One chart for each unit of time in which the lab recorded two values at least."""
    charts = []
    for unit in OF_TIME:
        found = {quantity.name: [] for quantity in group.quantities if quantity.unit == unit}
        for quantity in group.quantities:
            if quantity.unit == unit:
                values = (row.number_of(quantity) for row in group.rows)
                found[quantity.name] = [value for value in values if value is not None]
        found = {name: values for name, values in found.items() if values}
        if len(found) > 1:
            charts.append(_latencies(group, unit, found))
    return charts


def _latencies(group: Group, unit: str, found: dict[str, list[float]]) -> Bars:
    ranked = sorted(found, key=lambda name: middle(found[name]) or 0)
    names, left = ranked[:MOST_BARS], ranked[MOST_BARS:]
    medians = {_short(name): middle(found[name]) for name in names}
    fastest, slowest = list(medians)[0], list(medians)[-1]
    first, last = (measure(medians[name], unit) for name in (fastest, slowest))
    several = max(map(len, found.values()))
    caption = "The bar is the median, a dot one execution. " if several > 1 else ""
    return Bars(
        title=f"{fastest} is the fastest, {first}; {slowest} the slowest, {last}",
        finding=f"{OF_TIME[unit].capitalize()}: "
        + "; ".join(f"{name} {measure(value, unit)}" for name, value in medians.items()) + ".",
        axis=f"{OF_TIME[unit]} ({unit})",
        series={"": {_short(name): found[name] for name in names}},
        caption=caption + (f"Slower, and not drawn: {listed(left)}." if left else ""),
    )  # fmt: skip


def _short(name: str) -> str:
    return next((name.removeprefix(kind) for kind in KINDS if name.startswith(kind) and name != kind), name)


def costs(run: Run) -> list[Bars]:
    """Time and memory of each lab, where there are several."""
    groups = [group for group in run.groups if middle(row.seconds for row in group.rows) is not None]
    if len(groups) < 2:
        return []
    names = {group.lab: group.short for group in groups}
    total = sum(row.seconds or 0 for group in groups for row in group.rows)
    series = {
        "seconds": {names[group.lab]: _there(group, "seconds") for group in groups},
        "CPU-seconds": {names[group.lab]: _there(group, "cpu_seconds") for group in groups},
    }
    memory = {names[group.lab]: _there(group, "peak_mb") for group in groups}
    longest, largest = _largest(series["seconds"]), _largest(memory)
    caption = "Bars are medians." if any(len(group.rows) > 1 for group in groups) else ""
    return [
        Bars(
            title=f"{_capital(longest[0])} takes longest, {duration(longest[1])}; "
            f"all together take {duration(total)}",
            finding="Seconds and CPU-seconds: " + "; ".join(
                f"{name} {middle(values):.3g} and {middle(series['CPU-seconds'][name]) or 0:.3g}"
                for name, values in series["seconds"].items()
            ) + ".",
            axis="seconds (s)", series=series, caption=caption,
        ),
        Bars(
            title=f"{_capital(largest[0])} needs most memory, {largest[1]:,.0f} MB",
            finding="Peak memory in megabytes: "
            + "; ".join(f"{name} {middle(values):,.0f}" for name, values in memory.items() if values) + ".",
            axis="peak memory of all processes, megabytes (MB)", series={"": memory}, caption=caption,
        ),
    ]  # fmt: skip


def _there(group: Group, cost: str) -> list[float]:
    return [getattr(row, cost) for row in group.rows if getattr(row, cost) is not None]


def _largest(values: dict[str, list[float]]) -> tuple[str, float]:
    medians = {name: middle(each) or 0.0 for name, each in values.items()}
    name = max(medians, key=medians.__getitem__)
    return name, medians[name]


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
