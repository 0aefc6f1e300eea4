"""Whatever comes over the line ends in a status or a closed line, is told in a sentence, and the server goes on."""

import re
import socket
import threading
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from labutils.device.serving import connection
from labutils.device.serving.answer import refusal
from labutils.device.serving.refusals import AT_MOST, PERIOD, Refusals, told
from labutils.device.serving.request import FIELDS, HEAD_BYTES, LINE_BYTES, Refused, Request, head_end, parse
from labutils.device.serving.server import File, app_server
from tests.wire import Reply, ask, connect, received, send

FILES = {"/": File(b"hello", "text/plain")}
HOST = b"Host: 127.0.0.1:PORT\r\n"
GET = b"GET / HTTP/1.1\r\n" + HOST
FULL = GET + b"\r\n"


@pytest.fixture
def said():
    return []


@pytest.fixture
def server(said):
    with app_server(FILES, "default-src 'none'", tell=said.append) as running:
        yield running
        assert ask(running).body == b"hello"  # it went on, whatever came


def sent(server, content: bytes, close: bool = True) -> Reply:
    return send(server, content.replace(b"PORT", str(server.port).encode()), close)


MALFORMED = {
    "empty line": b"\r\n\r\n",
    "one word": b"GET\r\n\r\n",
    "HTTP/0.9": b"GET /\r\n",
    "HTTP/0.9 with a head": b"GET /\r\n" + HOST + b"\r\n",
    "no version": b"GET / \r\n" + HOST + b"\r\n",
    "another protocol": b"GET / FTP/1.1\r\n" + HOST + b"\r\n",
    "version in small letters": b"GET / http/1.1\r\n" + HOST + b"\r\n",
    "long version": b"GET / HTTP/1.11\r\n" + HOST + b"\r\n",
    "four words": b"GET / / HTTP/1.1\r\n" + HOST + b"\r\n",
    "two spaces": b"GET  / HTTP/1.1\r\n" + HOST + b"\r\n",
    "tabs": b"GET\t/\tHTTP/1.1\r\n" + HOST + b"\r\n",
    "space first": b" GET / HTTP/1.1\r\n" + HOST + b"\r\n",
    "vertical tab": b"GET\x0b/\x0bHTTP/1.1\r\n" + HOST + b"\r\n",
    "NUL in the path": b"GET /\x00 HTTP/1.1\r\n" + HOST + b"\r\n",
    "escape in the path": b"GET /\x1b[31m HTTP/1.1\r\n" + HOST + b"\r\n",
    "letters beyond ASCII": "GET /ä HTTP/1.1\r\n".encode() + HOST + b"\r\n",
    "method of signs": b"G(T / HTTP/1.1\r\n" + HOST + b"\r\n",
    "absolute target": b"GET http://127.0.0.1:PORT/ HTTP/1.1\r\n" + HOST + b"\r\n",
    "another's absolute target": b"GET http://evil.example/ HTTP/1.1\r\n" + HOST + b"\r\n",
    "path without slash": b"GET index.html HTTP/1.1\r\n" + HOST + b"\r\n",
    "star": b"GET * HTTP/1.1\r\n" + HOST + b"\r\n",
    "backslash": b"GET \\ HTTP/1.1\r\n" + HOST + b"\r\n",
    "no host": b"GET / HTTP/1.1\r\n\r\n",
    "no host, HTTP/1.0": b"GET / HTTP/1.0\r\n\r\n",
    "two hosts": GET + HOST + b"\r\n",
    "two different hosts": GET + b"Host: evil.example\r\n\r\n",
    "no colon": GET + b"Accept\r\n\r\n",
    "space before the colon": GET + b"Accept : a\r\n\r\n",
    "no name": GET + b": a\r\n\r\n",
    "folded header": GET + b"Accept: a\r\n b\r\n\r\n",
    "NUL in a header": GET + b"Accept: a\x00b\r\n\r\n",
    "CR in a header": GET + b"Accept: a\rb\r\n\r\n",
    "escape in a header": GET + b"Accept: \x1b]0;x\x07\r\n\r\n",
    "spaces and then a NUL": GET + b"Accept:" + b" " * 30_000 + b"\x00\r\n\r\n",
    "bare LF": FULL.replace(b"\r\n", b"\n"),
    "one bare LF": GET + b"Accept: a\nB: c\r\n\r\n",
    "broken off in the line": b"GET / HT",
    "broken off in the head": GET,
    "https": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 500,
    "noise": bytes(range(256)) * 8,
}


@pytest.mark.parametrize("content", MALFORMED.values(), ids=MALFORMED)
def test_what_is_malformed_is_refused(server, said, content, capfd):
    reply = sent(server, content)
    assert reply.status == 400 and reply.headers["content-security-policy"]
    assert len(said) == 1 and said[0].startswith("Refused for 127.0.0.1 (400): ")
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("content", [b"GET / HTTP/2.0\r\n", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", b"GET / HTTP/0.9\r\n",
                                     b"GET / HTTP/9.9\r\n"])  # fmt: skip
def test_other_versions_are_refused(server, content):
    assert sent(server, content + HOST + b"\r\n").status == 505


@pytest.mark.parametrize("version", [b"1.0", b"1.1", b"1.2"])
def test_versions_of_http_1_are_answered(server, version):
    assert sent(server, FULL.replace(b"1.1", version, 1)).status == 200


def test_http_0_9_gets_its_answer_at_once(server):
    assert sent(server, b"GET /\r\n", close=False).status == 400


def test_bare_line_feeds_get_their_answer_at_once(server, said):
    assert sent(server, FULL.replace(b"\r\n", b"\n"), close=False).status == 400
    assert "CR LF" in said[0]


def test_who_comes_with_https_is_told_so(server, said):
    assert b"http://" in sent(server, MALFORMED["https"], close=False).body
    assert "no https" in said[0]


SIZES = {
    "line": (b"GET /" + b"a" * LINE_BYTES + b" HTTP/1.1\r\n" + HOST + b"\r\n", 414),
    "line of a million": (b"GET /" + b"a" * 1_000_000, 414),
    "head": (GET + b"A: " + b"a" * HEAD_BYTES + b"\r\n\r\n", 431),
    "head that never ends": (GET + b"A: " + b"a" * 900_000, 431),
    "one header too many": (GET + b"A: b\r\n" * FIELDS + b"\r\n", 431),
    "thousands of headers": (GET + b"A: b\r\n" * 4000 + b"\r\n", 431),
    "hundreds of thousands of headers": (GET + b"A: b\r\n" * 150_000 + b"\r\n", 431),
    "as many headers as may be": (GET + b"A: b\r\n" * (FIELDS - 1) + b"\r\n", 200),
    "many cookies of others": (GET + b"Cookie: " + b"labs-1=a; " * 3000 + b"\r\n\r\n", 200),
}


@pytest.mark.parametrize(("content", "status"), SIZES.values(), ids=SIZES)
def test_sizes_have_a_limit(server, content, status):
    assert sent(server, content, close=False).status == status


@pytest.mark.parametrize(
    "after", [FULL, b"GARBAGE" * 10_000, b"\x00" * 5000, b"POST / HTTP/1.1\r\n\r\n", FULL * 300], ids=len
)
def test_what_follows_a_request_is_dropped(server, said, after):
    reply = sent(server, FULL + after, close=False)
    assert (reply.status, reply.body) == (200, b"hello")
    assert said == []


@pytest.mark.parametrize(
    "field", [b"Content-Length: 5\r\n", b"Transfer-Encoding: chunked\r\n", b"Expect: 100-continue\r\n",
              b"Range: bytes=0-1\r\n", b"Connection: keep-alive\r\n", b"Upgrade: websocket\r\n", b"X-Odd: \xff\r\n"]
)  # fmt: skip
def test_headers_that_ask_for_more_change_nothing(server, field):
    reply = sent(server, GET + field + b"\r\n", close=False)
    assert (reply.status, reply.body) == (200, b"hello")


@pytest.mark.parametrize("content", [b"GET", GET, GET + b"Accept: a"])
def test_a_slow_sender_is_sent_away(monkeypatch, server, said, content):
    monkeypatch.setattr(connection, "HEAD_SECONDS", 0.2)
    assert sent(server, content, close=False).status == 408
    assert len(said) == 1 and "(408)" in said[0]


def test_a_sender_of_single_letters_is_sent_away(monkeypatch, server):
    monkeypatch.setattr(connection, "HEAD_SECONDS", 0.3)
    done = threading.Event()
    with connect(server) as line:

        def trickle():
            while not done.wait(0.02):
                try:
                    line.send(b"a")
                except OSError:
                    return

        thread = threading.Thread(target=trickle)
        thread.start()
        reply = received(line)
        done.set()
        thread.join()
    assert reply.status == 408


@pytest.mark.parametrize("end", ["close", "wait"])
def test_a_line_on_which_nothing_comes_is_closed_without_a_word(monkeypatch, server, said, end):
    monkeypatch.setattr(connection, "HEAD_SECONDS", 0.2)
    assert sent(server, b"", close=end == "close").status == 0
    assert said == []


def test_a_slow_sender_holds_nobody_up(server):
    lines = [connect(server) for _ in range(50)]
    for line in lines:
        line.sendall(b"GET / HT")
    assert ask(server).body == b"hello"
    for line in lines:
        line.close()


def test_a_sender_who_resets_the_line_is_nothing_to_tell(server, said, capfd):
    for content in (b"", b"GET / HT", FULL.replace(b"PORT", str(server.port).encode())):
        line = connect(server)
        line.sendall(content)
        line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")
        line.close()
    assert ask(server).status == 200
    assert said == [] and capfd.readouterr() == ("", "")


def test_who_takes_nothing_is_left(monkeypatch):
    monkeypatch.setattr(connection, "PART_SECONDS", 0.2)
    with app_server({"/": File(bytes(50_000_000), "text/plain")}, "a") as running, connect(running) as line:
        line.sendall(FULL.replace(b"PORT", str(running.port).encode()))
        assert line.recv(8) == b"HTTP/1.1"
        for _ in range(1000):
            if running.unused > 0:
                return
            time.sleep(0.01)
    pytest.fail("it still waits")


@pytest.mark.parametrize(
    ("content", "about"),
    [
        (b"GET /" + b"%0a" * 900 + b" HTTP/1.1\r\n" + HOST + b"\r\n", "/%0a%0a"),
        (b"GET / HTTP/1.1\r\nHost: a\tb\xffc\r\n\r\n", "a?b?c"),
        (b"GET / HTTP/1.1\r\nHost: " + b"a" * 5000 + b"\r\n\r\n", "aaa..."),
        (b"EVIL / HTTP/1.1\r\n" + HOST + b"\r\n", "EVIL"),
    ],
)
def test_the_log_shows_what_was_asked_for_briefly(server, said, content, about):
    reply = sent(server, content)
    assert len(said) == 1 and about in said[0] and len(said[0]) < 200
    assert said[0].isprintable() and said[0].isascii()
    assert about.encode() not in reply.body  # the sender is told nothing of what it sent


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=300), st.sampled_from([b"", b"GET ", b"GET / HTTP/1.1\r\n", GET, GET + b"Accept: ", FULL]))
def test_noise_is_answered_or_refused(server, said, noise, start):
    said.clear()
    assert sent(server, start + noise).status in (0, 200, 400, 403, 404, 405, 431, 505)
    assert all(each.isprintable() and each.isascii() and re.match(r"Refused for |\d+ more ", each) for each in said)


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=200), st.sampled_from([b"", b"GET / HTTP/1.1\r\n", b"GET / HTTP/1.1\r\nHost: a\r\n"]))
def test_a_head_is_a_request_or_refused(noise, start):
    try:
        end = head_end(start + noise + b"\r\n\r\n")
        request = parse((start + noise + b"\r\n\r\n")[:end])
    except Refused as refused:
        assert refused.status in (400, 414, 431, 505)
    else:
        assert isinstance(request, Request) and len(request.values("host")) == 1


def test_what_is_told_is_told_once_a_minute():
    lines, now = [], [0.0]
    log = Refusals(lines.append, lambda: now[0])
    for _ in range(1000):
        log.add("10.0.0.1", Refused(404, "No such file.", "/a"))
    log.add("10.0.0.2", Refused(404, "No such file.", "/a"))
    assert lines == [f"Refused for 10.0.0.{n} (404): No such file. It was /a" for n in (1, 2)]
    now[0] = PERIOD
    for _ in range(2):
        log.add("10.0.0.1", Refused(404, "No such file.", "/a"))
    assert lines[2:] == ["999 more requests were refused.", lines[0]]
    log.close()
    assert lines[4:] == ["1 more request was refused."]


def test_a_flood_of_different_requests_is_told_in_a_few_lines():
    lines = []
    log = Refusals(lines.append)
    for number in range(5000):
        log.add("10.0.0.1", Refused(404, "No such file.", f"/{number}"))
    assert len(lines) == AT_MOST
    log.close()
    assert lines[AT_MOST:] == [f"{5000 - AT_MOST:,} more requests were refused."]


def test_what_was_not_told_is_counted_at_the_end():
    lines = []
    with app_server(FILES, "a", tell=lines.append) as running:
        for _ in range(3):
            ask(running, "/no")
    assert len(lines) == 2 and lines[1] == "2 more requests were refused."


def test_a_sentence_is_text_and_no_html():
    assert b"a &lt;b&gt; c" in refusal(400, "a <b> c").file.content


def test_a_terminal_that_fails_stops_nothing():
    def tell(_):
        raise BrokenPipeError

    assert told(tell, "a") is False and told(lambda _: None, "a") is True
    with app_server(FILES, "a", tell=tell) as running:
        assert ask(running, "/no").status == 404
        assert ask(running).status == 200
