"""What a chart shows, before it is drawn: dots, bars or lines, each with a title that says what is seen."""

from dataclasses import dataclass, field
from typing import Any

Point = tuple[float, float]
LONGEST = 30  # letters of a name in a legend


@dataclass(frozen=True, kw_only=True)
class Chart:
    """title: what is seen. finding: the same in numbers, for who does not see it. caption: what else is to be said."""

    title: str
    finding: str
    caption: str = ""


@dataclass(frozen=True, kw_only=True)
class Dots(Chart):
    """One dot for each pair of values. groups: the dots by name. named: each name stands at its dot, without a legend.

    shades: the value of a parameter for each dot, where there is one group and its colours tell that value.
    """

    axes: tuple[str, str]
    groups: dict[str, list[Point]]
    named: bool = False
    shades: list[float] = field(default_factory=list)
    shade: str = ""


@dataclass(frozen=True, kw_only=True)
class Bars(Chart):
    """One bar a name and series, as long as the median; a dot for each value where there are several."""

    axis: str
    series: dict[str, dict[str, list[float]]]  # series -> name -> values


@dataclass(frozen=True)
class Series:
    """One recorded name: a value of the parameter and what was recorded with it, for each execution.

    alike: other names with the same values, which this one stands for.
    """

    own: str
    points: list[tuple[Any, float]]
    alike: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """What a legend calls it."""
        joint = " = ".join([self.own, *self.alike])
        return joint if len(joint) <= LONGEST else f"{self.own} (+ {len(self.alike)} alike)"


@dataclass(frozen=True, kw_only=True)
class Lines(Chart):
    """Values against a parameter, a line through the medians. panels: one above the other, each with its own scale.

    values: those of the parameter, in order. unit: of the vertical axes. scattered: show every execution as a dot.
    """

    parameter: str
    values: list[Any]
    unit: str
    panels: list[list[Series]]
    scattered: bool = False
