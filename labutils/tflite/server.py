"""A model behind HTTP on this computer, with a delay that stands for the way there and back."""

import contextlib
import json
import math
import socketserver
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import numpy as np

from labutils.errors import LabError
from labutils.tflite.files import ModelSource
from labutils.tflite.runtime import Model, open_model

ADDRESS = "127.0.0.1"  # nobody else can reach it
LONGEST_MS = 10_000  # of delay: a cell that seems to hang helps nobody
SECONDS = 5  # for a request to arrive
READ_AT_MOST = 16_000_000  # bytes of a wrong request that are read and dropped, so that its sender sees the answer


class Server(ThreadingHTTPServer):
    """A running server, made by `serve`. url: where it listens; wanted: bytes of one question."""

    request_queue_size = 64
    daemon_threads = False  # closing waits for the questions that are being answered

    def __init__(self, model: Model, delay_ms: float) -> None:
        self.model, self.lock = model, threading.Lock()
        self.shape = _question(model)
        self.wanted = 4 * math.prod(self.shape)
        self.delay_ms = delay_ms
        super().__init__((ADDRESS, 0), _Handler)
        self.url = f"http://{ADDRESS}:{self.server_port}/"

    @property
    def delay_ms(self) -> float:
        """Milliseconds by which every answer is held back. May be changed while the server runs."""
        return self._delay_ms

    @delay_ms.setter
    def delay_ms(self, value: float) -> None:
        if not 0 <= value <= LONGEST_MS:  # a NaN is refused as well
            raise LabError(f"A delay of {value} ms cannot be simulated: choose 0 to {LONGEST_MS:,} ms.")
        self._delay_ms = float(value)

    def server_bind(self) -> None:
        """Binds, and asks no name server what this computer is called, as the library's own would."""
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = self.server_address[:2]

    def handle_error(self, request: Any, client_address: Any) -> None:
        """One question failed, most likely because its sender went away: the server goes on, and says nothing."""

    def answer(self, body: bytes) -> list[float]:
        """The model's outputs for one question."""
        row = np.frombuffer(body, "<f4").reshape(1, *self.shape)
        with self.lock:  # an interpreter serves one question at a time
            return np.asarray(self.model.predict(row))[0].ravel().tolist()


class _Handler(BaseHTTPRequestHandler):
    server: Server
    timeout = SECONDS
    disable_nagle_algorithm = True  # else a small answer may wait for the other side's receipt

    def do_POST(self) -> None:
        wanted, length = self.server.wanted, self._length()
        if length != wanted:
            self.rfile.read(min(max(length, 0), READ_AT_MOST))
            said = f"came with {length:,}" if length >= 0 else "does not say how many it has"
            shape = " × ".join(map(str, self.server.shape))
            return self._say(400, error=f"A question has {wanted:,} bytes, float32 of {shape}; this one {said}.")
        body = self.rfile.read(length)
        if len(body) < length:
            return self._say(400, error=f"The question ended after {len(body):,} of {length:,} bytes.")
        if not np.isfinite(np.frombuffer(body, "<f4")).all():
            return self._say(400, error="The question holds a NaN or an infinity: send finite float32 numbers.")
        time.sleep(self.server.delay_ms / 1000)
        return self._say(200, answer=self.server.answer(body))

    def do_GET(self) -> None:
        self._say(405, error="Send a question with POST: the bytes of one float32 input.")

    def log_message(self, *_: object) -> None:
        """Requests are not written to the notebook."""

    def _length(self) -> int:
        """Content-Length, or -1 where it is missing or no number."""
        text = self.headers.get("Content-Length", "")
        return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else -1

    def _say(self, status: int, **content: object) -> None:
        body = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@contextlib.contextmanager
def serve(model: ModelSource, delay_ms: float = 0) -> Iterator[Server]:
    """Serve a .tflite model on 127.0.0.1, at a free port, for as long as the block runs.

    model: path or bytes; it has one float32 input of a known size, and one output. delay_ms: milliseconds by which each
    answer is held back, 0 to 10,000. A question is a POST with the bytes of one input (little-endian float32, no
    batch); the answer is JSON, {"answer": [...]}, or {"error": "..."} with status 400 or 405.
    When the block ends, the port is closed and no thread is left. Raises LabError for a model or a delay that does not
    fit.

    >>> import json, urllib.request
    >>> import numpy as np
    >>> from labutils.models import asset
    >>> direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # this computer needs no proxy
    >>> with serve(asset("neuron.tflite")) as server:
    ...     said = direct.open(server.url, data=np.float32([10]).tobytes()).read()
    >>> round(json.loads(said)["answer"][0])
    19
    """
    server = Server(open_model(model), delay_ms)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), name="serve")
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _question(model: Model) -> tuple[int, ...]:
    """The shape of one input without its batch. Raises LabError where there is none."""
    specs = list(model.inputs.values())
    shape = specs[0].shape[1:]
    alone = len(specs) == len(model.outputs) == 1
    fits = alone and specs[0].dtype == np.float32 and specs[0].shape[0] in (-1, 1) and min(shape, default=0) > 0
    if not fits:
        raise LabError(f"{model.name} cannot be served: it needs one float32 input of a known size, and one output.")
    return shape
