"""The local address is found without a packet, and the QR codes are those of the address, on any background."""

import re
import socket
from xml.etree import ElementTree

import pytest
import segno

from labutils.device.serving import address as module
from labutils.device.serving.address import lan_address, qr_svg, qr_text
from labutils.device.serving.server import app_server
from labutils.errors import LabError

URL = "http://192.168.178.123:54321/join/abcdefghijklmnopqrstuv"


class Line:
    """A socket that knows its own address, and may only connect: nothing is sent."""

    def __init__(self, own):
        self.own = own

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass

    def connect(self, place):
        assert place[0].startswith("192.0.2.")  # RFC 5737: nobody's
        if self.own is None:
            raise OSError(101, "Network is unreachable")

    def getsockname(self):
        return self.own, 1


def found(monkeypatch, own):
    kinds = []
    monkeypatch.setattr(module.socket, "socket", lambda *kind: kinds.append(kind) or Line(own))
    try:
        return lan_address()
    finally:
        assert kinds == [(socket.AF_INET, socket.SOCK_DGRAM)]


def test_the_address_is_that_of_the_way_out(monkeypatch):
    assert found(monkeypatch, "192.168.1.7") == "192.168.1.7"


@pytest.mark.parametrize("own", [None, "127.0.0.1", "127.0.1.1", "0.0.0.0"])
def test_no_network_is_one_sentence(monkeypatch, own):
    with pytest.raises(LabError, match="in no network: connect it to the phone's Wi-Fi, or leave --lan out"):
        found(monkeypatch, own)


def test_the_server_in_the_network_listens_at_that_address(monkeypatch):
    monkeypatch.setattr("labutils.device.serving.server.lan_address", lambda: "127.0.0.2")
    with app_server({}, "a", lan=True) as running:
        assert running.address == "127.0.0.2" and running.url.startswith(f"http://127.0.0.2:{running.port}/join/")


@pytest.mark.parametrize("url", [URL, "http://10.0.0.1:1/join/a", URL * 3])
def test_the_text_is_the_code_with_its_border(url):
    rows = []
    for line in qr_text(url).splitlines():
        letters = re.fullmatch(r"\x1b\[38;5;16;48;5;231m([ \u2580\u2584\u2588]+)\x1b\[0m", line)[1]  # black on white
        rows.append([letter in "\u2580\u2588" for letter in letters])
        rows.append([letter in "\u2584\u2588" for letter in letters])
    code = segno.make(url, error="m", micro=False)
    expected = [[bool(dark) for dark in row] for row in code.matrix_iter(border=4)]
    assert rows[: len(expected)] == expected
    assert not any(map(any, rows[len(expected) :]))


def test_the_code_fits_a_terminal():
    plain = re.sub(r"\x1b\[[0-9;]*m", "", qr_text(URL)).splitlines()
    assert len(plain) <= 23 and max(map(len, plain)) <= 60


def test_the_svg_is_black_on_white_and_says_what_it_is():
    drawn = ElementTree.fromstring(qr_svg(URL))
    assert drawn.get("role") == "img"
    assert drawn.find("title").text == f"QR code of {URL}"
    paths = drawn.findall(".//path")
    assert [(path.get("fill"), path.get("stroke")) for path in paths] == [("#fff", None), (None, "#000")]


def test_the_svg_quotes_what_html_would_read():
    text = qr_svg("http://a/<script>alert(1)</script>&\"'")
    assert "<script" not in text
    assert ElementTree.fromstring(text).find("title").text.endswith("<script>alert(1)</script>&\"'")
