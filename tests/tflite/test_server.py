"""The server answers what the model answers, refuses what is no question, and leaves nothing behind."""

import json
import socket
import threading
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from time import perf_counter

import numpy as np
import pytest

from labutils import data
from labutils.errors import LabError
from labutils.models import asset
from labutils.tflite.runtime import open_model
from labutils.tflite.server import serve

DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))
FILE = "digits_cnn.tflite"
IMAGES = data.for_cnn(data.digits("test")[0][:24])
SIZE = IMAGES[0].nbytes


def ask(server, body):
    return json.loads(DIRECT.open(server.url, data=body, timeout=10).read())["answer"]


def refusal(server, body=None):
    with pytest.raises(urllib.error.HTTPError) as refused:
        DIRECT.open(server.url, data=body, timeout=10)
    return refused.value.code, json.loads(refused.value.read())["error"]


def raw(server, text):
    """What comes back for a request that urllib would not send."""
    with socket.create_connection(("127.0.0.1", server.server_port), timeout=10) as line:
        line.sendall(text)
        line.shutdown(socket.SHUT_WR)
        return b"".join(iter(lambda: line.recv(65536), b"")).decode()


@pytest.fixture(scope="module")
def server():
    with serve(asset(FILE)) as running:
        yield running


def test_answers_are_the_models(server):
    expected = open_model(asset(FILE)).predict(IMAGES)
    found = [ask(server, image.tobytes()) for image in IMAGES]
    np.testing.assert_allclose(found, expected, atol=1e-6)


def test_questions_at_once_each_get_their_own_answer(server):
    expected = open_model(asset(FILE)).predict(IMAGES)
    with ThreadPoolExecutor(12) as pool:
        found = list(pool.map(lambda n: ask(server, IMAGES[n % 24].tobytes()), range(120)))
    np.testing.assert_allclose(found, np.tile(expected, (5, 1)), atol=1e-6)


@pytest.mark.parametrize("size", [0, 1, SIZE - 4, SIZE + 4, 2 * SIZE, 3_000_000])
def test_wrong_sizes_are_refused_in_a_sentence(server, size):
    code, said = refusal(server, b"\0" * size)
    assert code == 400 and f"{SIZE:,} bytes" in said and f"{size:,}" in said and "8 × 8 × 1" in said


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_numbers_that_are_none_are_refused(server, value):
    code, said = refusal(server, np.full(SIZE // 4, value, np.float32).tobytes())
    assert code == 400 and "finite" in said


@pytest.mark.parametrize("length", ["", "-5", "1e3", "²", "9" * 40])
def test_a_length_that_is_none_is_refused(server, length):
    said = raw(server, f"POST / HTTP/1.0\r\nContent-Length: {length}\r\n\r\n".encode())
    assert " 400 " in said.split("\n")[0] and "does not say how many" in said


def test_a_question_that_breaks_off_is_refused(server):
    said = raw(server, f"POST / HTTP/1.0\r\nContent-Length: {SIZE}\r\n\r\nabc".encode())
    assert "ended after 3 of" in said


def test_get_is_told_to_post(server):
    assert refusal(server) == (405, "Send a question with POST: the bytes of one float32 input.")


def test_a_sender_who_goes_away_stops_nothing(server, capfd):
    for _ in range(3):
        socket.create_connection(("127.0.0.1", server.server_port)).close()
    assert len(ask(server, IMAGES[0].tobytes())) == 10
    assert capfd.readouterr() == ("", "")


def test_the_delay_is_at_least_kept_and_can_be_changed():
    with serve(asset(FILE), delay_ms=80) as running:
        start = perf_counter()
        ask(running, IMAGES[0].tobytes())
        middle = perf_counter()
        running.delay_ms = 160
        ask(running, IMAGES[0].tobytes())
        assert middle - start >= 0.08 and perf_counter() - middle >= 0.16


@pytest.mark.parametrize("delay", [-1, 10_001, float("nan"), float("inf")])
def test_delays_out_of_range_are_refused(server, delay):
    with pytest.raises(LabError, match="0 to 10,000 ms"):
        server.delay_ms = delay
    with pytest.raises(LabError, match="0 to 10,000 ms"), serve(asset(FILE), delay):
        pass


def test_nothing_is_left_behind():
    before = set(threading.enumerate())
    with serve(asset(FILE)) as running:
        ask(running, IMAGES[0].tobytes())
        port = running.server_port
    assert set(threading.enumerate()) == before
    with pytest.raises(OSError):
        socket.create_connection(("127.0.0.1", port), timeout=2)


def test_it_stops_when_the_block_fails():
    with pytest.raises(KeyError), serve(asset(FILE)) as running:
        raise KeyError
    with pytest.raises(OSError):
        socket.create_connection(("127.0.0.1", running.server_port), timeout=2)


def test_an_integer_model_is_refused():
    with pytest.raises(LabError, match="one float32 input"), serve(asset("digits_cnn_int8.tflite")):
        pass
