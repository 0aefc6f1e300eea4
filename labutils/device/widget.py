"""The browser app in a notebook's cell. The browser computes, the kernel computes the same again, and both are kept.

Model and runtime go to the browser through the kernel, as messages: nothing is served, and nothing is kept in the
notebook but the widget's own code.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import anywidget
import numpy as np
import traitlets

from labutils.device.app import VIEW, WEB, check_runs_in_browser, joined
from labutils.device.card import Card
from labutils.device.litert_js import runtime_files
from labutils.errors import LabError
from labutils.tflite.files import ModelSource, read_model
from labutils.tflite.runtime import open_model


@dataclass(frozen=True)
class Answer:
    """One picture, computed twice. input, browser, kernel: as the model stores them, with a batch of 1.

    milliseconds, kernel_milliseconds: what each took. number: the place of the input among those given to `classify`,
    None for a picture of somebody's.
    """

    input: np.ndarray
    browser: np.ndarray
    kernel: np.ndarray
    milliseconds: float
    kernel_milliseconds: float
    number: int | None = None

    @property
    def difference(self) -> float:
        """The largest difference between the two, in the output's own numbers."""
        return float(np.abs(self.browser.astype(np.float64) - self.kernel).max())


class BrowserApp(anywidget.AnyWidget):
    """A classifier in the browser. answers: what was drawn or sent so far, the oldest first; empty without a browser.

    model: path or bytes, with a batch of 1, and float32 or uint8 at its border. card: what `make_card` gave. `answered`
    counts the answers, and can be observed. Raises LabError for a model that no browser can run; where the runtime is
    missing, the widget says what to do.
    """

    _esm = joined(*VIEW, "widget.js")
    _css = (WEB / "app.css").read_text("utf-8")
    card = traitlets.Unicode().tag(sync=True)
    files = traitlets.List(traitlets.Unicode()).tag(sync=True)
    problem = traitlets.Unicode().tag(sync=True)
    answered = traitlets.Int()

    def __init__(self, model: ModelSource, card: Card) -> None:
        check_runs_in_browser(model, card)
        self._files, problem = {"model.tflite": read_model(model)}, ""
        try:
            self._files |= runtime_files()
        except LabError as missing:
            problem = str(missing)
        self._card, self._kernel = card, open_model(model)
        self.answers: list[Answer] = []
        self._waiting: list[tuple[dict[str, int], list[bytes]]] = []
        self._listened = False  # a browser: what is sent before would be lost
        super().__init__(card=card.json(), files=list(self._files), problem=problem)
        self.on_msg(self._hear)

    def classify(self, inputs: np.ndarray) -> None:
        """Sends inputs to the browser, one by one; their answers come into `answers` while the kernel is idle.

        inputs: (n, height, width, channels), as the model stores them. Raises LabError for another shape or dtype.
        """
        wanted, dtype = self._card.input.shape[1:], self._card.input.dtype
        if inputs.shape[1:] != wanted or inputs.dtype != dtype:
            raise LabError(f"The browser wants {dtype} of the shape (n, {', '.join(map(str, wanted))}): see the card.")
        self._waiting += [({"classify": n}, [np.ascontiguousarray(one).tobytes()]) for n, one in enumerate(inputs)]
        if self._listened:
            self._send_waiting()

    def _send_waiting(self) -> None:
        waiting, self._waiting, self._listened = self._waiting, [], True
        for message, buffers in waiting:
            self.send(message, buffers)

    def _hear(self, _: object, message: dict[str, Any], buffers: Sequence[memoryview]) -> None:
        if (name := message.get("want")) in self._files:
            self.send({"file": name}, [self._files[name]])
        elif "listens" in message:
            self._send_waiting()
        elif "milliseconds" in message:
            self._keep(message, *map(bytes, buffers))

    def _keep(self, message: dict[str, Any], given: bytes, found: bytes) -> None:
        """Computes once more in the kernel what the browser has computed, and shows how far the two differ."""
        taken, gave = self._card.input, self._card.output
        one = np.frombuffer(given, taken.dtype).reshape(taken.shape)
        browser = np.frombuffer(found, gave.dtype).reshape(gave.shape)
        start = time.perf_counter()
        kernel = self._kernel.run(one)
        passed = 1000 * (time.perf_counter() - start)
        answer = Answer(one, browser, kernel, message["milliseconds"], passed, message.get("number"))
        self.answers.append(answer)
        if answer.number is None:
            self.send({"compare": self._compared(answer)})
        self.answered = len(self.answers)

    def _compared(self, answer: Answer) -> str:
        best, same = int(answer.kernel.argmax()), answer.kernel.argmax() == answer.browser.argmax()
        said = f"the largest difference is {answer.difference:.1g}" if same else "the two differ"
        return f"The kernel says {self._card.labels[best]}{' too' if same else ''}: {said}."
