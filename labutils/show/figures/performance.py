"""Time of one inference by runtime and delegate: measured by `labs figures --record`, kept and drawn in img/."""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from labutils.course.stamp import machine
from labutils.errors import LabError
from labutils.files import write_whole
from labutils.paths import course_root
from labutils.show import style
from labutils.show.figures.drawing import SMALL, WIDTH_INCHES, WORDS
from labutils.show.figures.source import FigureSource

FILE = "performance.json"
PIXELS = 224
RUNS = 60
COLORS = {"float32": (style.BLUE, ""), "int8": (style.ORANGE, "//")}


def measure(runs: int = RUNS, alpha: float = 1.0, pixels: int = PIXELS) -> dict[str, Any]:
    """Milliseconds of MobileNetV2 for one image, each rival in turns: dtype -> runtime -> median, and what ran it.

    Its weights are random: they make no difference to the time. Takes about half a minute, and TensorFlow.
    """
    from labutils.tflite.latency import latency

    rivals = _rivals(alpha, pixels)
    found = latency({f"{dtype}|{name}": run for (dtype, name), run in rivals.items()}, runs=runs, warmup=5)
    times: dict[str, dict[str, float]] = {dtype: {} for dtype in COLORS}
    for dtype, name in rivals:
        times[dtype][name] = round(found[f"{dtype}|{name}"].median, 2)
    return {
        "milliseconds": times,
        "subject": f"MobileNetV2, width {alpha:g}, {pixels} × {pixels} pixels, one image; median of {runs} runs",
        "machine": machine(),
        "date": datetime.date.today().isoformat(),
        "litert": metadata.version("ai-edge-litert"),
    }


def _rivals(alpha: float, pixels: int) -> dict[tuple[str, str], Callable[[], object]]:
    from labutils.models import mobilenet_v2_digits
    from labutils.tflite.quiet import quiet
    from labutils.tflite.runtime import open_model
    from labutils.tflite.variants import freeze, variant

    with quiet():
        import tensorflow as tf

        model = mobilenet_v2_digits(None, alpha, pixels)
        image = np.random.default_rng(0).uniform(-1, 1, (1, pixels, pixels, 3)).astype(np.float32)
        compiled = tf.function(lambda x: model(x, training=False))
        compiled(tf.constant(image))
    frozen = freeze(model)
    files = {"float32": variant(frozen, "float"), "int8": variant(frozen, "full int8", image)}
    rivals: dict[tuple[str, str], Callable[[], object]] = {
        ("float32", "Keras, model.predict"): lambda: model.predict(image, verbose=0),
        ("float32", "TensorFlow, tf.function"): lambda: compiled(tf.constant(image)).numpy(),
    }
    for dtype, content in files.items():
        ways = {"LiteRT, its own kernels": (1, False), "LiteRT, XNNPACK": (1, True),
                "LiteRT, XNNPACK, 2 threads": (2, True)}  # fmt: skip
        for name, (threads, xnnpack) in ways.items():
            rivals[dtype, name] = open_model(content, threads=threads, xnnpack=xnnpack).invoke
    return rivals


def record(found: dict[str, Any]) -> Path:
    """Keep what was measured in img/, whole or not at all."""
    return write_whole(course_root() / "img" / FILE, json.dumps(found, indent=1, ensure_ascii=False) + "\n")


def recorded() -> dict[str, Any]:
    """What was measured last. Raises LabError where there is nothing."""
    try:
        return json.loads((course_root() / "img" / FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise LabError(f"img/{FILE} is missing or damaged: make it anew with `labs figures --record`.") from None


def performance() -> Figure:
    """A bar for each runtime, those of float32 above those of int8, and below it what was measured where."""
    found = recorded()
    times = found["milliseconds"]
    figure = Figure(figsize=(WIDTH_INCHES, 5.4), facecolor=style.PAPER)
    axes = figure.add_axes((0.335, 0.235, 0.64, 0.67))
    _bars(axes, times)
    print_small(figure, f"{found['subject']}. TensorFlow may use all cores, LiteRT one.", _where(found))
    return figure


def _bars(axes: Axes, times: dict[str, dict[str, float]]) -> None:
    rows = [(dtype, name) for dtype in times for name in times[dtype]][::-1]
    widest = max(max(each.values()) for each in times.values())
    for place, (dtype, name) in enumerate(rows):
        color, hatch = COLORS[dtype]
        value = times[dtype][name]
        axes.barh(place, value, 0.62, color=color, hatch=hatch, edgecolor=style.PAPER)
        axes.annotate(f"{value:.1f}", (value + 0.01 * widest, place), va="center", fontsize=WORDS)
    axes.set_yticks(range(len(rows)), [name for _, name in rows], fontsize=WORDS, color=style.INK)
    axes.tick_params(axis="x", labelsize=WORDS)
    axes.set_xlabel("milliseconds", fontsize=WORDS)
    axes.set_title("One inference, by runtime and delegate", fontsize=15)
    axes.set(xlim=(0, 1.1 * widest), ylim=(-0.6, len(rows) - 0.4), xticks=np.linspace(0, widest // 10 * 10, 6))
    axes.grid(axis="y", visible=False)
    for dtype, (color, hatch) in COLORS.items():
        axes.barh([-9], [0], color=color, hatch=hatch, edgecolor=style.PAPER, label=dtype)
    axes.legend(fontsize=WORDS, loc="center right")


def print_small(figure: Figure, *lines: str) -> None:
    """Where the figures come from, at the foot, the last line lowest."""
    for number, line in enumerate(reversed(lines)):
        figure.text(0.015, 0.025 + 0.042 * number, line, fontsize=SMALL, color=style.MUTED)


def _where(found: dict[str, Any]) -> str:
    return f"Measured on {found['machine']}, {found['date']}, LiteRT {found['litert']}. Another machine, other figures."


FIGURES = {
    "4-performance": FigureSource(
        performance,
        "Performance: runtimes and delegates, measured",
        "A bar chart: milliseconds for one inference of MobileNetV2. In float32 five bars: Keras's predict, which "
        "takes by far the longest, TensorFlow's tf.function, LiteRT with its own kernels, with XNNPACK, and with "
        "XNNPACK on two threads. In int8 the three of LiteRT again, each shorter than in float32. Small print names "
        "machine and date.",
    ),
}
