"""A widget that measures two models against each other, live: choose both, choose threads, press the button."""

from __future__ import annotations

import io
import os
from collections.abc import Callable
from html import escape

import ipywidgets as W

from labutils.errors import LabError
from labutils.show import charts
from labutils.tflite.files import ModelSource
from labutils.tflite.latency import Latency, latency
from labutils.tflite.runtime import open_model

Measure = Callable[[ModelSource, ModelSource, int, bool], tuple[Latency, Latency]]

RUNS = 100
MOST_THREADS = 8


def measure(first: ModelSource, second: ModelSource, threads: int, xnnpack: bool) -> tuple[Latency, Latency]:
    """Time single inferences of two models that take turns, 100 each. Errors as `open_model` has them."""
    rivals = [open_model(each, threads=threads, xnnpack=xnnpack).invoke for each in (first, second)]
    found = latency({"first": rivals[0], "second": rivals[1]}, runs=RUNS)
    return found["first"], found["second"]


class Duel(W.VBox):
    """Two of the files by name, threads, XNNPACK or not, and a button. It measures when the button is pressed only.

    files: what can be chosen, by name: paths or bytes, at least one. measure: another way to time a pair, for tests.
    Raises LabError without files. Run by papermill or a test, it shows its controls and stays silent.
    """

    def __init__(self, files: dict[str, ModelSource], measure: Measure = measure) -> None:
        if not files:
            raise LabError("There is no file to measure: give at least one by name.")
        self.files, self.measure = files, measure
        names = list(files)
        self.first = W.Dropdown(options=names, value=names[0], description="first")
        self.second = W.Dropdown(options=names, value=names[-1], description="second")
        most = max(1, min(MOST_THREADS, os.cpu_count() or 1))
        self.threads = W.ToggleButtons(options=range(1, most + 1), description="threads", style={"button_width": "3em"})
        self.xnnpack = W.Checkbox(value=True, description="with XNNPACK")
        self.button = W.Button(description="Measure", button_style="primary", icon="play")
        self.said = W.HTML()
        self.chart = W.Image(format="png", layout=W.Layout(display="none", max_width="100%"))
        self.button.on_click(self._run)
        choices = [W.HBox([self.first, self.second]), W.HBox([self.threads, self.xnnpack])]
        super().__init__([*choices, self.button, self.said, self.chart])

    def _run(self, _: object = None) -> None:
        """Measure the pair, and show both."""
        self.button.disabled, self.said.value = True, "<i>measuring ...</i>"
        self.chart.layout.display = "none"
        try:
            self._show(self.measure(*(self.files[each.value] for each in (self.first, self.second)),
                                    self.threads.value, self.xnnpack.value))  # fmt: skip
        except LabError as error:
            self.said.value = f"<b>{escape(str(error))}</b>"
        finally:
            self.button.disabled = False

    def _show(self, pair: tuple[Latency, Latency]) -> None:
        one, other = self.first.value, self.second.value
        names = (one, f"{other}, once more" if one == other else other)
        ratio = pair[1].median / pair[0].median
        self.said.value = escape(f"{names[1]} takes {ratio:.2f} times as long as {names[0]} (medians).")
        kernels = "XNNPACK" if self.xnnpack.value else "the interpreter's own kernels"
        title = f"{self.threads.value} thread{'s' * (self.threads.value > 1)}, {kernels}"
        buffer = io.BytesIO()
        charts.latencies(dict(zip(names, pair, strict=True)), title).savefig(buffer, format="png")
        self.chart.value, self.chart.layout.display = buffer.getvalue(), None
