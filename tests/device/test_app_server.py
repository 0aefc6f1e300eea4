"""The app's server gives its files to this computer and nothing else, whatever is asked for."""

import socket
import string
import urllib.request

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labutils.device.serving import server as module
from labutils.device.serving.server import File, app_server
from tests.wire import ask

POLICY = "default-src 'none'; script-src 'self'"
BIG = bytes(range(256)) * 20_000  # 5 MB: more than a line takes at once
FILES = {
    "/": File(b"<!doctype html><p>hello", "text/html; charset=utf-8"),
    "/app.js": File(b"let a = 1", "text/javascript; charset=utf-8"),
    "/model.tflite": File(BIG, "application/octet-stream"),
    "/empty": File(b"", "text/plain"),
}
HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-embedder-policy": "require-corp",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",
    "connection": "close",
    "server": "labs",
}


@pytest.fixture(scope="module")
def said():
    return []


@pytest.fixture(scope="module")
def server(said):
    with app_server(FILES, POLICY, tell=said.append) as running:
        yield running


@pytest.mark.parametrize("path", FILES)
def test_each_file_comes_whole_and_with_its_type(server, path):
    reply = ask(server, path)
    assert (reply.status, reply.body) == (200, FILES[path].content)
    assert reply.headers["content-type"] == FILES[path].kind
    assert reply.headers["content-length"] == str(len(FILES[path].content))


def test_a_library_can_read_it(server):
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    assert direct.open(server.url + "model.tflite", timeout=10).read() == BIG


@pytest.mark.parametrize("path", FILES)
def test_head_is_get_without_a_body(server, path):
    head, get = ask(server, path, "HEAD"), ask(server, path)
    assert head.body == b"" and head.status == 200
    assert head.headers | {"date": ""} == get.headers | {"date": ""}


@pytest.mark.parametrize(
    ("path", "method", "host", "status"),
    [("/", "GET", None, 200), ("/", "HEAD", None, 200), ("/no", "GET", None, 404), ("/", "POST", None, 405),
     ("/", "GET", "evil.example", 403), ("no", "GET", None, 400), ("/" + "a" * 5000, "GET", None, 414)],
)  # fmt: skip
def test_every_answer_has_the_strict_headers(server, path, method, host, status):
    reply = ask(server, path, method, host)
    assert reply.status == status
    assert HEADERS.items() <= reply.headers.items()
    allowed = dict(each.split("=") for each in reply.headers["permissions-policy"].split(", "))
    assert allowed.pop("camera") == "(self)" and set(allowed.values()) == {"()"}
    assert {"microphone", "geolocation", "usb", "payment"} <= set(allowed)
    assert not [name for name in reply.headers if name.startswith("access-control")]
    assert "set-cookie" not in reply.headers and "Python" not in reply.head


@pytest.mark.parametrize(
    "target",
    ["/app.js?", "/app.js?v=1", "/?", "/app.js#x", "/app.js/", "//app.js", "//", "/./app.js", "/../app.js", "/%61pp.js",
     "/%2e%2e/app.js", "/..%2fapp.js", "/\\app.js", "/..\\app.js", "/app.js%00", "/APP.JS", "/app.js.", "/app.js;a",
     "/etc/passwd", "/../../../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "/server.py", "/join/x", "/.", "/model"],
)  # fmt: skip
def test_what_is_near_a_path_is_not_that_path(server, target):
    assert ask(server, target).status == 404


@settings(max_examples=300, deadline=None)
@given(st.text(string.ascii_letters + string.digits + "/.%\\?#&=:;@~-_*", max_size=40))
def test_nothing_but_the_files_is_ever_served(server, text):
    path = f"/{text}"
    reply = ask(server, path)
    if path in FILES:
        assert reply.body == FILES[path].content
    else:
        assert reply.status == 404 and not any(file.content in reply.body for file in FILES.values() if file.content)


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "CONNECT", "get", "X-Y"])
def test_other_methods_are_refused(server, method):
    reply = ask(server, "/", method)
    assert reply.status == 405 and reply.headers["allow"] == "GET, HEAD"


@pytest.mark.parametrize(
    ("host", "status"),
    [("127.0.0.1:{}", 200), ("localhost:{}", 200), ("LocalHost:{}", 200), ("127.0.0.1", 403), ("localhost", 403),
     ("127.0.0.1:1", 403), ("evil.example", 403), ("evil.example:{}", 403), ("127.0.0.1.evil.example:{}", 403),
     ("127.0.0.1:{}.evil.example", 403), ("127.0.0.1:{}@evil", 403), ("a@127.0.0.1:{}", 403), ("[::1]:{}", 403),
     ("0.0.0.0:{}", 403), ("127.1:{}", 403), ("127.0.0.1:0{}", 403), ("127.0.0.1:{},evil.example", 403), (" ", 403)],
)  # fmt: skip
def test_only_a_page_of_this_computer_may_ask(server, host, status):
    assert ask(server, "/", host=host.format(server.port)).status == status


def test_other_names_are_those_of_the_address_it_listens_at():
    with app_server(FILES, POLICY, lan=True, address="127.0.0.2", tell=lambda _: None) as running:
        path = running.url.removeprefix(f"http://127.0.0.2:{running.port}")
        for host in ("127.0.0.1", "localhost", "127.0.0.3"):
            assert b"not called that" in ask(running, path, host=f"{host}:{running.port}").body
        assert ask(running, path).status == 200


def test_it_listens_at_one_address_only(server):
    with pytest.raises(OSError):
        socket.create_connection(("127.0.0.2", server.port), timeout=2)


@pytest.mark.parametrize("text", ["a\r\nX: 1", "a\nb", "é"])
def test_a_header_of_more_than_a_line_is_refused_before_anything_is_served(text):
    with pytest.raises(ValueError, match="headers"), app_server(FILES, text):
        pass
    with pytest.raises(ValueError, match="headers"), app_server({"/": File(b"", text)}, POLICY):
        pass


def test_a_mistake_of_ours_is_a_sentence_too(monkeypatch, capfd):
    told = []
    with app_server(FILES, POLICY, tell=told.append) as running:
        monkeypatch.setattr(module, "parse", lambda head: 1 / 0)
        assert ask(running).status == 500
        monkeypatch.undo()
        assert ask(running).status == 200
    assert told == ["Refused for 127.0.0.1 (500): The server made a mistake. It was ZeroDivisionError"]
    assert capfd.readouterr() == ("", "")
