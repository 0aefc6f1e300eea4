"""The app's server finds its port, answers many at once, ends when it should, and leaves nothing behind."""

import contextlib
import gc
import math
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import warnings
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import pytest

from labutils.device.serving import server as module
from labutils.device.serving.server import File, app_server, serve_until_idle
from labutils.errors import LabError
from tests.wire import ask, connect, received

POLICY = "default-src 'none'"
BIG = bytes(5_000_000)
FILES = {"/": File(b"hello", "text/html"), "/app.js": File(b"let a = 1", "text/javascript")}


@pytest.fixture(scope="module")
def server():
    with app_server(FILES, POLICY, tell=lambda _: None) as running:
        yield running


def test_two_hundred_at_once_are_answered_by_one_thread(server):
    before = threading.active_count()
    gate, most = threading.Barrier(200), []

    def one(number):
        gate.wait(30)
        path = list(FILES)[number % 2]
        most.append(threading.active_count())
        return ask(server, path).body == FILES[path].content

    with ThreadPoolExecutor(200) as pool:
        assert all(pool.map(one, range(200)))
    assert max(most) <= before + 200  # those that asked, and not one more


def test_more_lines_than_it_holds_wait_for_their_turn(monkeypatch):
    monkeypatch.setattr(module, "LINES", 3)
    with contextlib.ExitStack() as lines, app_server(FILES, POLICY) as running:
        silent = [lines.enter_context(connect(running)) for _ in range(3)]
        line = lines.enter_context(connect(running))
        line.sendall(f"GET /app.js HTTP/1.1\r\nHost: 127.0.0.1:{running.port}\r\n\r\n".encode())
        line.settimeout(0.3)
        with pytest.raises(TimeoutError):
            line.recv(1)
        silent[1].close()
        line.settimeout(10)
        assert received(line).body == b"let a = 1"


@pytest.mark.parametrize("ends", [contextlib.nullcontext(), pytest.raises(KeyError)], ids=["well", "with an error"])
def test_nothing_is_left_behind(ends):
    before = set(threading.enumerate())
    with contextlib.ExitStack() as lines:
        with ends, app_server(FILES, POLICY) as running:
            assert ask(running).status == 200
            for _ in range(5):  # lines on which nothing ever comes do not hold it up
                lines.enter_context(connect(running))
            if not isinstance(ends, contextlib.nullcontext):
                raise KeyError
        assert set(threading.enumerate()) == before
        with pytest.raises(OSError):
            connect(running)


def test_it_may_end_while_somebody_comes(capfd, caplog):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", ResourceWarning)
        for number in range(60):
            with contextlib.ExitStack() as lines, app_server(FILES, POLICY) as running:
                for _ in range(number % 6):
                    lines.enter_context(connect(running))
        gc.collect()
    assert [str(each.message) for each in caught] == []  # such as: unclosed socket
    assert capfd.readouterr() == ("", "") and caplog.text == ""


def test_too_many_open_files_are_waited_out(monkeypatch):
    with app_server(FILES, POLICY) as running:
        refusals = iter([OSError(24, "Too many open files")] * 3)
        accept = socket.socket.accept

        def scarce(line):
            for error in refusals:
                raise error
            return accept(line)

        monkeypatch.setattr(socket.socket, "accept", scarce)
        assert ask(running).status == 200


def test_a_large_file_that_nobody_takes_does_not_hold_up_the_end():
    before = set(threading.enumerate())
    with contextlib.ExitStack() as lines:
        with app_server({"/": File(BIG * 10, "text/plain")}, POLICY) as running:
            line = lines.enter_context(connect(running))
            line.sendall(f"GET / HTTP/1.1\r\nHost: 127.0.0.1:{running.port}\r\n\r\n".encode())
            assert line.recv(8) == b"HTTP/1.1"
            assert running.unused == 0
        assert set(threading.enumerate()) == before


def test_the_port_that_was_asked_for_is_used_and_then_free_again():
    with app_server(FILES, POLICY) as running:
        port = running.port
    for _ in range(2):
        with app_server(FILES, POLICY, port=port) as running:
            assert running.url == f"http://127.0.0.1:{port}/" and ask(running).status == 200


def test_a_port_in_use_is_one_sentence(server):
    with pytest.raises(LabError, match=rf"^Port {server.port} is in use: choose another --port, or leave it out\.$"):
        serve_until_idle(FILES, POLICY, port=server.port, tell=print)


@pytest.mark.parametrize("port", [-1, 0, 65536, 10**9])
def test_a_port_that_is_none_is_one_sentence(port):
    with pytest.raises(LabError, match=f"no port {port}: give --port 1024"), app_server(FILES, POLICY, port=port):
        pass


@pytest.mark.parametrize(
    ("error", "says"), [(PermissionError(13, "no"), "--port from 1024"), (OSError(97, "odd"), "odd.*--port")]
)
def test_what_the_system_forbids_is_one_sentence(monkeypatch, error, says):
    def bind(*_):
        raise error

    monkeypatch.setattr(module.socket, "socket", type("Socket", (socket.socket,), {"bind": bind}))
    with pytest.raises(LabError, match=f"80.*{says}"), app_server(FILES, POLICY, port=80):
        pass


def test_an_address_of_another_computer_is_one_sentence():
    with pytest.raises(LabError, match=r"203.0.113.9 is not an address"), app_server({}, POLICY, address="203.0.113.9"):
        pass


def test_it_ends_when_nothing_is_asked_for():
    told = []
    serve_until_idle(FILES, POLICY, idle=0.3, tell=told.append)
    assert len(told) == 2 and told[0].startswith("The app is at http://127.0.0.1:")
    assert told[1] == "The app is closed: nothing was asked for in 0.3 seconds."


def test_what_is_served_keeps_it_open_and_what_is_refused_does_not(monkeypatch):
    now = [0.0]
    monkeypatch.setattr(module, "time", SimpleNamespace(monotonic=lambda: now[0]))
    with app_server(FILES, POLICY, tell=lambda _: None) as running:
        now[0] = 100.0
        assert ask(running, "/no").status == 404 and running.unused == 100
        assert ask(running).status == 200
        wait_for(lambda: running.unused == 0)


@pytest.mark.parametrize("idle", [0, -1, math.nan])
def test_an_idle_time_that_is_none_is_refused(idle):
    with pytest.raises(LabError, match="more than 0"):
        serve_until_idle(FILES, POLICY, idle=idle)


@pytest.mark.skipif(os.name == "nt", reason="Windows sends no SIGINT to one child")
@pytest.mark.parametrize("lan", [False, True])
def test_ctrl_c_is_a_sentence_and_no_failure(root, lan):
    code = (
        "from labutils.device.serving.server import File, serve_until_idle\n"
        f"serve_until_idle({{'/': File(b'x', 'text/plain')}}, 'a', lan={lan}, address='127.0.0.1',"
        " tell=lambda text: print(text, flush=True))\n"
    )
    variables = os.environ | {"PYTHONIOENCODING": "ascii"}  # as on a terminal that has no letters for the QR code
    child = subprocess.Popen([sys.executable, "-c", code], cwd=root, env=variables, text=True,
                             stdout=subprocess.PIPE, stderr=subprocess.PIPE)  # fmt: skip
    first = child.stdout.readline()
    assert first == "This terminal cannot show the QR code.\n" if lan else "http://127.0.0.1:" in first
    if lan:
        assert "/join/" in child.stdout.readline()
    child.send_signal(signal.SIGINT)
    out, err = child.communicate(timeout=20)
    assert (child.returncode, out, err) == (0, "The app is closed: stopped.\n", "")


def wait_for(condition):
    end = time.perf_counter() + 10
    while not condition():
        assert time.perf_counter() < end
        time.sleep(0.01)
