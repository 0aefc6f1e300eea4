"""A widget that walks the tree of lab 07: questions, the settings that they end in, and a button that runs them."""

from __future__ import annotations

import io
from collections.abc import Callable
from html import escape

import ipywidgets as W
from matplotlib.figure import Figure

from labutils.errors import LabError
from labutils.tflite.choice import COLLECT, ENDS, Question, Way, choose, keys
from labutils.tflite.variants import code

Run = Callable[[str], tuple[str, Figure]]

NO_PATH = {
    True: "Without data a device that takes integers only gets no file. 100 samples, unlabelled, are enough: "
    "collect them and ask again.",
    False: "A device that takes integers only runs none of TensorFlow's operators. Write the model anew with operators "
    "that LiteRT has (lab 05 shows how), and ask again.",
}


class Walk(W.VBox):
    """The tree as buttons. Answering a question shows the next one, and the settings at which the answers end.

    run: converts by the path of that name and measures it; returns what to say, one line, and a chart. It is called by
    the button only: run by papermill or a test, the widget shows where "no" to everything ends, and stays silent.
    """

    def __init__(self, run: Run) -> None:
        self.run = run
        self.answers = {key: _switch() for key in keys()}
        self.questions = W.VBox()
        self.end, self.said = W.HTML(), W.HTML()
        self.button = W.Button(description="Convert and measure", button_style="primary", icon="play")
        self.button.layout.width = "14em"
        self.chart = W.Image(format="png", layout=W.Layout(display="none", max_width="100%"))
        for switch in self.answers.values():
            switch.observe(self._follow, names="value")
        self.button.on_click(self._land)
        super().__init__([self.questions, self.end, self.button, self.said, self.chart])
        self._follow()

    @property
    def way(self) -> Way:
        """Where the answers lead now."""
        return choose({key: switch.value for key, switch in self.answers.items()})

    def _follow(self, _: object = None) -> None:
        way = self.way
        self.questions.children = [_row(question, self.answers[question.key]) for question, _ in way.steps]
        self.end.value = _described(way)
        self.button.disabled = not way.leads_on
        self.said.value, self.chart.layout.display = "", "none"

    def _land(self, _: object = None) -> None:
        """Convert, measure, and show where one has landed."""
        self.button.disabled, self.said.value = True, "<i>converting and measuring ...</i>"
        try:
            said, chart = self.run(self.way.end)
        except LabError as error:
            self.said.value = f"<b>{escape(str(error))}</b>"
        else:
            self.said.value = escape(said)
            buffer = io.BytesIO()
            chart.savefig(buffer, format="png")
            self.chart.value, self.chart.layout.display = buffer.getvalue(), None
        finally:
            self.button.disabled = False


def _switch() -> W.ToggleButtons:
    style = {"button_width": "4em", "description_width": "0"}
    return W.ToggleButtons(options=[("no", False), ("yes", True)], style=style, layout=W.Layout(width="11em"))


def _row(question: Question, switch: W.ToggleButtons) -> W.HBox:
    return W.HBox([W.HTML(escape(question.text), layout=W.Layout(width="24em")), switch])


def _described(way: Way) -> str:
    """The end of the way as HTML: its name, what it means, and the lines that set the converter."""
    head = f"<b>→ {escape(way.end)}</b>: {escape(ENDS[way.end])}"
    if not way.leads_on:
        return f"<div style='margin:0.6em 0;line-height:1.5'>{head}<br>{NO_PATH[way.end == COLLECT]}</div>"
    lines = escape(code(way.end))
    return (
        f"<div style='margin:0.6em 0;line-height:1.5'>{head}"
        f"<pre style='margin:0.4em 0;padding:0.6em;background:rgba(127,127,127,0.12)'>{lines}</pre></div>"
    )
