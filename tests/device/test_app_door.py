"""In the local network a token lets one browser in, once, and its cookie lets it stay; nobody else gets anything."""

import re

import pytest

from labutils.device.serving.door import ADDRESSES, SESSIONS, WAIT, WRONG, Door, cookies_called
from labutils.device.serving.request import Refused
from labutils.device.serving.server import File, app_server, serve_until_idle
from tests.wire import ask

FILES = {"/": File(b"secret page", "text/html"), "/app.js": File(b"secret script", "text/javascript")}


@pytest.fixture
def said():
    return []


@pytest.fixture
def server(said):
    with app_server(FILES, "default-src 'none'", lan=True, address="127.0.0.1", tell=said.append) as running:
        yield running


def way(server) -> str:
    """The path that lets the next browser in."""
    return server.url.removeprefix(server.home[:-1])


def joined(server) -> str:
    """The Cookie header of a browser that has just joined."""
    return ask(server, way(server)).headers["set-cookie"].split(";")[0]


def test_the_address_holds_a_token_that_nobody_guesses(server):
    found = re.fullmatch(r"http://127\.0\.0\.1:\d+/join/([A-Za-z0-9_-]{22})", server.url)
    with app_server(FILES, "a", lan=True, address="127.0.0.1") as other:
        assert found and found[1] not in other.url


def test_a_right_token_gives_a_cookie_and_leads_to_the_app(server):
    reply = ask(server, way(server))
    assert reply.status == 200 and b'<meta http-equiv="refresh" content="0; url=/">' in reply.body
    assert re.fullmatch(
        rf"labs-{server.port}=[A-Za-z0-9_-]{{22}}; HttpOnly; SameSite=Strict; Path=/", reply.headers["set-cookie"]
    )
    cookie = reply.headers["set-cookie"].split(";")[0]
    assert ask(server, "/", Cookie=cookie).body == b"secret page"
    assert ask(server, "/app.js", Cookie=f"a=b; {cookie}; c=d").body == b"secret script"
    assert ask(server, "/no", Cookie=cookie).status == 404


def test_a_token_works_once(server):
    path = way(server)
    assert ask(server, path).status == 200
    again = ask(server, path)
    assert again.status == 403 and b"has been used" in again.body and "set-cookie" not in again.headers
    assert way(server) != path


def test_the_next_token_is_told_with_its_code(server, said):
    joined(server)
    assert said[0] == "127.0.0.1 has joined." and "\u2580" in said[1] and server.url in said[2] and len(said) == 3
    first, second = joined(server), joined(server)
    assert first != second
    assert {ask(server, "/", Cookie=cookie).status for cookie in (first, second)} == {200}


def test_a_head_request_spends_nothing(server):
    path = way(server)
    for _ in range(3):
        reply = ask(server, path, "HEAD")
        assert reply.status == 200 and "set-cookie" not in reply.headers and reply.body == b""
    assert ask(server, "/join/wrong", "HEAD").status == 403
    assert ask(server, path).status == 200


@pytest.mark.parametrize(
    "field", [{"Purpose": "prefetch"}, {"Sec_Purpose": "prefetch;prerender"}, {"X_Moz": "Prefetch"},
              {"X_Purpose": "preview"}]
)  # fmt: skip
def test_a_browser_that_looks_ahead_spends_nothing(server, field):
    path = way(server)
    reply = ask(server, path, **field)
    assert reply.status == 403 and "set-cookie" not in reply.headers
    assert ask(server, path).status == 200


@pytest.mark.parametrize("token", ["", "x", "TOKEN/", "TOKEN?a=b", "TOKENx", "%54OKEN", "../TOKEN", "/TOKEN"])
def test_what_is_not_the_token_is_refused(server, said, token):
    right = way(server).removeprefix("/join/")
    reply = ask(server, "/join/" + token.replace("TOKEN", right))
    assert reply.status == 403 and b"<p>" in reply.body and "set-cookie" not in reply.headers
    assert right not in said[0]  # what is nearly a token stays out of the log
    assert ask(server, way(server)).status == 200


@pytest.mark.parametrize("path", ["/", "/app.js", "/no", "/join", "/JOIN/x", "//", "/model.tflite"])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_without_a_cookie_everything_is_refused(server, path, method):
    reply = ask(server, path, method)
    assert reply.status == 403 and b"secret" not in reply.body and "set-cookie" not in reply.headers


@pytest.mark.parametrize(
    "cookie", ["labs-PORT=", "labs-PORT", "labs-PORT=x", "VALUE", "labs=VALUE", "labs-1=VALUE", "labs-PORT=VALUEx",
               "Labs-PORT=VALUE", 'labs-PORT="VALUE"', "labs-PORT=\xe9"]
)  # fmt: skip
def test_a_cookie_that_is_not_ours_is_none(server, cookie):
    value = joined(server).partition("=")[2]
    assert ask(server, "/", Cookie=cookie.replace("PORT", str(server.port)).replace("VALUE", value)).status == 403


def test_the_cookie_of_another_server_is_none(server):
    with app_server(FILES, "a", lan=True, address="127.0.0.1", tell=lambda _: None) as other:
        cookie = joined(other)
    assert ask(server, "/", Cookie=cookie).status == 403
    assert ask(server, "/", Cookie=f"labs-{server.port}={cookie.partition('=')[2]}").status == 403


def test_who_is_in_needs_no_token(server):
    cookie, path = joined(server), way(server)
    for each in (path, "/join/old"):
        reply = ask(server, each, Cookie=cookie)
        assert reply.status == 200 and b"refresh" in reply.body and "set-cookie" not in reply.headers
    assert way(server) == path


def test_after_many_wrong_tokens_even_the_right_one_is_refused(server, said):
    inside = joined(server)
    assert {ask(server, f"/join/{n}").status for n in range(WRONG)} == {403}
    reply = ask(server, way(server))
    assert reply.status == 429 and b"wait" in reply.body and reply.headers["retry-after"] == str(WAIT)
    assert ask(server, "/", Cookie=inside).status == 200
    assert len(said) < 10  # twenty times the same is told once


def test_an_address_that_guessed_wrong_may_come_back_after_a_while():
    now = [0.0]
    door = Door(lambda: now[0])
    tries(door, "10.0.0.9", WRONG)
    assert status(door, door.token, "10.0.0.9") == 429
    door.check(door.token, "10.0.0.8")  # others are not held up
    now[0] = WAIT - 1
    assert status(door, door.token, "10.0.0.9") == 429
    now[0] = WAIT
    assert door.knows([door.admit(door.token, "10.0.0.9")])


def test_who_has_waited_or_joined_begins_anew():
    now = [0.0]
    door = Door(lambda: now[0])
    tries(door, "10.0.0.9", WRONG)
    now[0] = WAIT
    tries(door, "10.0.0.9", WRONG - 1)
    door.admit(door.token, "10.0.0.9")
    tries(door, "10.0.0.9", WRONG - 1)
    door.check(door.token, "10.0.0.9")


def test_only_so_many_addresses_are_remembered():
    door = Door()
    tries(door, "10.0.0.1", WRONG)
    for number in range(ADDRESSES):
        tries(door, f"other {number}", 1)
    assert len(door._wrong) == ADDRESSES and "10.0.0.1" not in door._wrong


def test_there_are_so_many_sessions_and_no_more(server, said):
    cookies = [joined(server) for _ in range(SESSIONS)]
    assert len(set(cookies)) == SESSIONS
    assert server.url == server.home and "no more devices can join" in said[-1]
    for path in ("/join/", "/join/x"):
        reply = ask(server, path)
        assert reply.status == 403 and b"no more can" in reply.body
    assert {ask(server, "/", Cookie=each).status for each in cookies} == {200}


def test_the_first_invitation_is_told_at_the_start():
    told = []
    serve_until_idle(FILES, "a", lan=True, address="127.0.0.1", idle=0.1, tell=told.append)
    assert "\u2580" in told[0] and "/join/" in told[1] and told[2].startswith("The app is closed") and len(told) == 3


def test_local_servers_have_no_door():
    with app_server(FILES, "a", tell=lambda _: None) as local:
        assert ask(local, "/join/x").status == 404 and local.url == local.home


def test_only_the_first_cookies_of_a_name_are_looked_at():
    assert cookies_called("a", ["a=1;a=2 ; b=3", "a", "ab=4; ba=5; A=6"]) == ["1", "2", ""]
    assert len(cookies_called("a", ["a=1;" * 1000])) == 8


def tries(door, address, count):
    for number in range(count):
        assert status(door, f"wrong {number}", address) == 403


def status(door, token, address):
    with pytest.raises(Refused) as refused:
        door.check(token, address)
    return refused.value.status
