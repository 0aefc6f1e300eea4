"""Draws the charts in the course's style, as SVG that stands in a page and can be read on a phone."""

import io
import re
from collections.abc import Callable
from html import escape

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, FuncFormatter, MaxNLocator, NullLocator

from labutils.report.kinds import Bars, Chart, Dots, Lines
from labutils.report.labels import place_names
from labutils.report.run import middle
from labutils.report.scales import category, decades, factor, geometric, ticks
from labutils.report.sweeps import medians
from labutils.report.words import SHARE, is_number, minus, number, plain
from labutils.show import style

WIDTH = 4.6  # inches: as wide as a phone, so that letters are there as large as they are drawn
MARKERS = "os^DvPX*"
DARK = ("#0072B2", "#B36B00", "#007A58", "#D55E00", "#A8487D", "#2F7FB0", "#857A00", "#52606D")  # on white, as dots
MOST_DRAWN = 1500  # dots as vectors; more become a picture
FONTS = "'DejaVu Sans', Verdana, sans-serif"  # Verdana is as wide, where there is no DejaVu
LONGEST = 26  # letters of a name beside a bar
RC = {
    "font.size": 10, "axes.labelsize": 10, "xtick.labelsize": 10, "ytick.labelsize": 10, "legend.fontsize": 10,
    "svg.fonttype": "none", "axes.edgecolor": "#9AA5B1", "xtick.color": style.INK, "ytick.color": style.INK,
    "lines.linewidth": 1.8, "lines.markersize": 6.5,
}  # fmt: skip


def draw(chart: Chart, key: str) -> str:
    """The chart as an <svg> element without a title: the page sets that.

    key: what the ids in it begin with, so that no two charts of a page share one.
    """
    return as_svg(lambda: _DRAWN[type(chart)](chart), key, chart.finding)


def as_svg(make: Callable[[], Figure], key: str, finding: str) -> str:
    """What `make` draws, in the course's style, as such an element. finding: its words, for who does not see it."""
    with style.styled(), mpl.rc_context({**RC, "svg.hashsalt": key}):
        figure = make()
        file = io.StringIO()
        figure.savefig(file, format="svg", metadata={"Date": None}, dpi=200)
    return _embedded(file.getvalue(), key, finding)


def _embedded(svg: str, key: str, finding: str) -> str:
    """Only the element; as wide as there is room; ids of its own, no style that would reach out of it."""
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r"<metadata>.*?</metadata>\s*|<style type=.*?</style>\s*", "", svg, flags=re.S)
    svg = re.sub(r'\b(id=")|(href="#)|(url\(#)', lambda found: f"{found[0]}{key}-", svg)
    svg = svg.replace("font-family: 'DejaVu Sans'", f"font-family: {FONTS}")
    box = re.search(r'viewBox="[^"]*"', svg)
    head = (
        f'<svg {box[0] if box else ""} role="img" aria-label="{escape(finding)}" xmlns="http://www.w3.org/2000/svg" '
        'xmlns:xlink="http://www.w3.org/1999/xlink" style="stroke-linejoin: round; stroke-linecap: butt">'
    )
    return head + svg[svg.index(">") + 1 :].strip()


def _new(height: float, rows: int = 1) -> tuple[Figure, list[Axes]]:
    figure = Figure((WIDTH, height), layout="constrained")
    grid = figure.subplots(rows, 1, sharex=True, squeeze=False)
    return figure, [row[0] for row in grid]


def _dots(chart: Dots) -> Figure:
    names = list(chart.groups)
    figure, (axes,) = _new(3.3 + 0.22 * (0 if chart.named else -(-len(names) // 2)))
    rasterized = sum(map(len, chart.groups.values())) > MOST_DRAWN
    for place, (name, points) in enumerate(chart.groups.items()):
        x, y = [point[0] for point in points], [point[1] for point in points]
        look = {"s": 46, "linewidth": 0.7, "edgecolor": style.PAPER, "rasterized": rasterized, "zorder": 3}
        if chart.shades:
            drawn = axes.scatter(x, y, c=chart.shades, cmap="cividis", **look)
            figure.colorbar(drawn, ax=axes, label=chart.shade, pad=0.02)
        else:
            one = chart.named or len(names) == 1
            color, marker = (style.BLUE, "o") if one else (DARK[place % 8], MARKERS[place % 8])
            axes.scatter(x, y, color=color, marker=marker, label=name, alpha=1 if one else 0.85, **look)
    sizes = [point[0] for points in chart.groups.values() for point in points]
    _sized(axes, sizes, chart.axes[0])
    axes.set_ylabel(chart.axes[1])
    axes.margins(x=0.2 if chart.named else 0.12)
    _percent(axes, [point[1] for points in chart.groups.values() for point in points])
    if chart.named:
        place_names(axes, [(name, point) for name, points in chart.groups.items() for point in points])
    elif any(names):
        _legend(figure, axes, len(names))
    return figure


def _percent(axes: Axes, values: list[float]) -> None:
    """No more than 100 %, but for the half of a dot; two points up and down where all are the same."""
    low, high = min(values), max(values)
    room = 0.2 * (high - low) or 2
    axes.set_ylim(low - room, min(high + room, 100 + room / 2))


def _sized(axes: Axes, sizes: list[float], label: str) -> None:
    """An axis of bytes, in kilobytes or megabytes."""
    scale, name = factor("bytes", max(sizes))
    if decades(sizes, 30):
        axes.set_xscale("log")
    else:
        axes.xaxis.set_major_locator(MaxNLocator(5))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value * scale:,g}"))
    axes.set_xlabel(f"{label}, {name}")


def _bars(chart: Bars) -> Figure:
    names = list(next(iter(chart.series.values())))[::-1]
    count = len(chart.series)
    figure, (axes,) = _new(0.75 + (0.2 + 0.17 * count) * len(names) + (0.25 if count > 1 else 0))
    thick = 0.72 / count
    longest = max((value for values in chart.series.values() for each in values.values() for value in each), default=1)
    for place, (series, values) in enumerate(chart.series.items()):
        rows = [row + (0.36 - thick / 2 - place * thick) for row in range(len(names))]
        lengths = [middle(values[name]) or 0 for name in names]
        look = {"hatch": style.HATCHES[place], "color": style.CYCLE[place], "edgecolor": style.PAPER}
        bars = axes.barh(rows, lengths, thick, label=series, **look)
        axes.bar_label(bars, [number(length) for length in lengths], padding=4, fontsize=9)
        for row, name in zip(rows, names, strict=True):
            if len(values[name]) > 1:
                axes.plot(values[name], [row] * len(values[name]), "o", color=style.INK, markersize=3, alpha=0.6)
    axes.set_yticks(range(len(names)), [_short(name) for name in names])
    axes.set(xlabel=chart.axis, xlim=(0, 1.2 * longest or 1), ylim=(-0.55, len(names) - 0.45))
    axes.xaxis.set_major_locator(MaxNLocator(5))
    axes.xaxis.set_major_formatter("{x:,g}")
    axes.tick_params(axis="y", length=0)
    axes.grid(axis="y", visible=False)
    if count > 1:
        _legend(figure, axes, count)
    return figure


def _short(name: str) -> str:
    return name if len(name) <= LONGEST else f"{name[: LONGEST - 9]}…{name[-8:]}"


def _lines(chart: Lines) -> Figure:
    everything = [series for panel in chart.panels for series in panel]
    rows = len(chart.panels)
    heights = {1: 2.7, 2: 3.5}.get(rows, 1.5 * rows)
    figure, grid = _new(heights + 0.35 + 0.2 * -(-len(everything) // 2), rows)
    numeric = all(map(is_number, chart.values))
    x = (lambda value: value) if numeric else chart.values.index
    rasterized = sum(len(series.points) for series in everything) > MOST_DRAWN
    for axes, panel in zip(grid, chart.panels, strict=True):
        values = [y for series in panel for _, y in series.points]
        scale, name = factor(chart.unit, max(map(abs, values)))
        for series in panel:
            look = _look(everything.index(series))
            if chart.scattered:
                points = [(x(a), scale * y) for a, y in series.points]
                axes.scatter(*zip(*points, strict=True), s=16, alpha=0.45, linewidth=0, color=look["color"],
                             marker=look["marker"], rasterized=rasterized)
            line = [(x(a), scale * y) for a, y in medians(series)]
            axes.plot(*zip(*line, strict=True), label=series.name, markeredgecolor=style.PAPER, **look)
        _measured(axes, [scale * value for value in values], name, chart.unit)
    _across(grid[-1], chart, numeric)
    if len(everything) > 1:
        _legend(figure, grid[0], len(everything), grid)
    else:
        grid[0].set_ylabel(f"{_short(everything[0].name)}, {name}" if name != "value" else _short(everything[0].name))
    figure.align_ylabels()
    return figure


def _look(place: int) -> dict:
    dashes = ("-", "--", "-.", ":", (0, (6, 1, 1, 1, 1, 1)), (0, (1, 1)))
    return {"color": DARK[place % 8], "marker": MARKERS[place % 8], "linestyle": dashes[place % 6]}


def _measured(axes: Axes, values: list[float], name: str, unit: str) -> None:
    """The vertical axis: logarithmic where the values span decades."""
    axes.set_ylabel(name)
    if unit != SHARE and decades(values, 30):
        axes.set_yscale("log")
        axes.yaxis.set_minor_locator(NullLocator())
    else:
        axes.yaxis.set_major_locator(MaxNLocator(5))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: _mark(value)))
    axes.margins(y=0.1)


def _mark(value: float) -> str:
    """A place on an axis: round, so that it needs no fixed number of digits."""
    return number(value) if value and not 1e-3 <= abs(value) < 1e6 else minus(f"{value:,.6g}")


def _across(axes: Axes, chart: Lines, numeric: bool) -> None:
    """The horizontal axis: the parameter's own values where there is room for them."""
    axes.set_xlabel(chart.parameter)
    if not numeric:
        category(axes, [plain(value) for value in chart.values])
        return
    logarithmic = geometric(chart.values)
    if logarithmic:
        axes.set_xscale("log")
        axes.xaxis.set_minor_locator(NullLocator())
    places = ticks(chart.values, logarithmic)
    if places:
        axes.xaxis.set_major_locator(FixedLocator(places))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: plain(float(f"{value:.6g}"))))


def _legend(figure: Figure, axes: Axes, count: int, grid: list[Axes] | None = None) -> None:
    """Below the axes, where it covers nothing."""
    handles, names = [], []
    for each in grid or [axes]:
        found = each.get_legend_handles_labels()
        handles, names = handles + found[0], names + found[1]
    columns = 1 if max(map(len, names)) > 22 else 2 if max(map(len, names)) > 11 else 3
    figure.legend(handles, names, loc="outside lower left", ncols=min(columns, count), handlelength=2.2,
                  columnspacing=1.2, borderaxespad=0.1)


_DRAWN = {Dots: _dots, Bars: _bars, Lines: _lines}
