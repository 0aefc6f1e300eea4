"""How numbers, times, outcomes and lists are put into words on the page."""

import math
import re
from collections.abc import Iterable, Sequence
from typing import Any

# A sign beside each word, never colour alone. All are plain characters that every system's fonts have.
SIGNS = {
    "passed": "✓", "failed": "✗", "timeout": "◔", "out of memory": "▲", "dead kernel": "†", "interrupted": "‖",
    "lost": "?", "not run": "○",
}  # fmt: skip
SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
BYTES = ("bytes", "byte", "B")
SIZES = ((1e9, "GB"), (1e6, "MB"), (1e3, "kB"))  # each from so many bytes on
SHARE = "share"
MISSING = "–"
TIED = "\u00a0"  # a space at which no line ends


def sign(outcome: str) -> str:
    """The sign of an outcome; a dot for one that is not known.

    >>> sign("passed"), sign("failed"), sign("new")
    ('✓', '✗', '•')
    """
    return SIGNS.get(outcome, "•")


def count(number: int, thing: str) -> str:
    """A number of things, in the plural where there is not one.

    >>> count(1, "execution"), count(1200, "execution")
    ('1 execution', '1,200 executions')
    """
    return f"{number:,} {thing}{'' if number == 1 else 's'}"


def duration(seconds: float) -> str:
    """Seconds as a reader says them.

    >>> duration(4.2), duration(200), duration(7500)
    ('4.2 s', '3 min 20 s', '2 h 5 min')
    """
    if seconds < 60:
        return f"{seconds:.3g} s" if seconds < 10 else f"{seconds:.0f} s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{minutes} min {rest} s" if rest else f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if minutes else f"{hours} h"


def number(value: float, digits: int = 3) -> str:
    """A number, rounded to what it is worth; whole ones of up to six digits stand as they are.

    >>> number(1060), number(0.330973), number(1.5e-5), number(1e-6), number(float("inf"))
    ('1,060', '0.331', '1.5·10⁻⁵', '10⁻⁶', 'infinite')
    """
    if not math.isfinite(value):
        return "infinite" if value > 0 else "minus infinite" if value < 0 else "not a number"
    if value == round(value) and abs(value) < 1e6:
        return minus(f"{value:,.0f}")
    if 1e-3 <= abs(value) < 1e6:
        decimals = max(0, digits - 1 - math.floor(math.log10(abs(value))))
        return minus(f"{value:,.{decimals}f}")
    factor, power = f"{value:.{digits - 1}e}".split("e")
    factor = re.sub(r"\.?0+$", "", factor) if "." in factor else factor
    factor = {"1": "", "-1": "-"}.get(factor, f"{factor}·")
    return minus(f"{factor}10") + str(int(power)).translate(SUPERSCRIPTS)


def minus(text: str) -> str:
    """The text with a real minus sign in front of its number."""
    return text.replace("-", "\u2212")


def measure(value: float, unit: str) -> str:
    r"""A measured value with its unit: bytes as kB or MB, a share in percent.

    >>> measure(1654780, "bytes"), measure(0.9833, "share"), measure(0.0486, "ms"), measure(3, "")
    ('1.65\xa0MB', '98.3\xa0%', '0.0486\xa0ms', '3')
    """
    if not math.isfinite(value):
        return number(value)
    if unit in BYTES:
        size, name = next((each for each in SIZES if abs(value) >= each[0]), (1, "bytes"))
        return f"{number(value / size)}{TIED}{name}"
    if unit == SHARE:
        return f"{number(100 * value)}{TIED}%"
    return f"{number(value)}{TIED}{unit}" if unit else number(value)


def plain(value: Any) -> str:
    """A parameter's value, as it is written in Python; a text stands without its quotes.

    >>> plain(200.0), plain(0.03), plain(True), plain("int8")
    ('200', '0.03', 'True', 'int8')
    """
    if isinstance(value, float):
        return f"{value:.0f}" if value.is_integer() and abs(value) < 1e15 else f"{value:.12g}"
    return str(value)


def assigned(values: dict[str, Any]) -> str:
    """Parameters and their values in one line.

    >>> assigned({"steps": 200, "rate": 0.1})
    'steps = 200, rate = 0.1'
    """
    return ", ".join(f"{name} = {plain(value)}" for name, value in values.items())


def listed(names: Iterable[str], most: int = 6) -> str:
    """Names in a row, the last after an "and"; only how many there are beyond `most`.

    >>> listed(["a"]), listed(["a", "b", "c"]), listed("abcdefgh", most=3)
    ('a', 'a, b and c', 'a, b, c and 5 more')
    """
    names = list(names)
    shown = names if len(names) <= most + 1 else [*names[:most], f"{len(names) - most} more"]
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}" if shown else ""


def ranges(numbers: Iterable[int]) -> str:
    """Whole numbers, neighbours drawn together.

    >>> ranges([3, 1, 2, 7])
    '1–3, 7'
    """
    runs: list[list[int]] = []
    for each in sorted(set(numbers)):
        if runs and each == runs[-1][-1] + 1:
            runs[-1].append(each)
        else:
            runs.append([each])
    return ", ".join(f"{run[0]}–{run[-1]}" if len(run) > 2 else ", ".join(map(str, run)) for run in runs)


def column(values: Sequence[Any]) -> list[str]:
    """The cells of a table's column, numbers with so many decimals that they stand below one another.

    >>> column([0.5, 12.5, None]), column([1060, 24]), column(["a", True])
    (['0.500', '12.500', '–'], ['1,060', '24'], ['a', 'True'])
    """
    floats = [float(value) for value in values if is_number(value) and math.isfinite(value)]
    there = sorted(abs(value) for value in floats if value)
    if not there or all(value == round(value) and abs(value) < 1e12 for value in floats):
        return [_cell(value, 0) for value in values]
    if there[0] < 1e-4 or there[-1] >= 1e7:
        return [number(value) if is_number(value) else _cell(value, 0) for value in values]
    middle = there[len(there) // 4]
    # Three digits of most of them, and one at least of the least; not more than five behind the point.
    decimals = max(2 - math.floor(math.log10(middle)), -math.floor(math.log10(there[0])), 0)
    return [_cell(value, min(decimals, 5)) for value in values]


def _cell(value: Any, decimals: int) -> str:
    if value is None:
        return MISSING
    if not is_number(value):
        return str(value)
    return minus(f"{value:,.{decimals}f}") if math.isfinite(value) else number(value)


def is_number(value: Any) -> bool:
    """Whether it is a number to reckon with: True and False are not.

    >>> is_number(1), is_number(True), is_number("1")
    (True, False, False)
    """
    return isinstance(value, int | float) and not isinstance(value, bool)
