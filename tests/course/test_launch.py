"""JupyterLab on the course."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request

import pytest

from labutils.course import launch
from labutils.errors import LabError


@pytest.fixture
def taken():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


@pytest.fixture
def built(make_lab):
    lab = make_lab()
    lab.notebook.write_text('{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}')
    return lab


def test_a_port_that_is_taken(built, taken):
    with pytest.raises(LabError, match=f"Port {taken} on 127.0.0.1 is taken"):
        launch.open_lab(built, port=taken)


def test_the_next_free_port_is_used(taken, monkeypatch):
    monkeypatch.setattr(launch, "FIRST_PORT", taken)
    assert launch.free_port("127.0.0.1") > taken
    monkeypatch.setattr(launch, "PORTS", 1)
    with pytest.raises(LabError, match="is free"):
        launch.free_port("127.0.0.1")


@pytest.mark.parametrize("port", [0, -1, 65536])
def test_what_is_no_port(built, port):
    with pytest.raises(LabError, match="is no port"):
        launch.open_lab(built, port=port)


@pytest.mark.parametrize("ip", ["203.0.113.7", "no.such.host.invalid"])
def test_what_is_no_address_of_this_machine(built, ip):
    with pytest.raises(LabError, match="is no address of this machine"):
        launch.open_lab(built, ip=ip)


def test_a_jupyterlab_that_does_not_start(built, monkeypatch):
    monkeypatch.setattr(launch, "command", lambda *_: [sys.executable, "-c", "raise SystemExit(1)"])
    with pytest.raises(LabError, match="did not start"):
        launch.open_lab(built, port=launch.free_port("127.0.0.1"))


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
def test_the_course_opens_with_its_settings(built, course, tmp_path_factory):
    home = tmp_path_factory.mktemp("home")
    outside = {name: value for name, value in os.environ.items() if not name.startswith(("JUPYTER", "XDG_"))}
    command = [sys.executable, "-m", "labutils.cli", "open", "1", "--no-browser"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=outside | {"HOME": str(home)}) as process:
        try:
            address, token = re.search(r"(http://127\.0\.0\.1:\d+)/lab/tree/notebooks/01_count\.ipynb\?token=(\w+)",
                                       process.stdout.readline()).groups()  # fmt: skip
            opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
            get = lambda path: opener.open(f"{address}{path}?token={token}", timeout=20).read().decode()
            default = lambda plugin, name: json.loads(get(f"/lab/api/settings/@jupyterlab/{plugin}"))["schema"][
                "properties"
            ][name]["default"]
            assert default("apputils-extension:notification", "fetchNews") == "false"
            assert default("apputils-extension:notification", "checkForUpdates") is False
            assert default("extensionmanager-extension:plugin", "enabled") is False
            assert default("notebook-extension:tracker", "windowingMode") == "none"
            page = get("/lab/tree/notebooks/01_count.ipynb")
            settings = json.loads(re.search(r'id="jupyter-config-data"[^>]*>(.*?)</script>', page, re.S)[1])
            assert settings["news"] == {"disabled": True} and settings["extensionManager"]["name"] == "read-only"
            assert settings["treePath"] == "notebooks/01_count.ipynb"
            assert json.loads(get("/api/contents/notebooks"))["type"] == "directory"
            with pytest.raises(urllib.error.HTTPError, match="403"):
                opener.open(f"{address}/api/contents", timeout=20)
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(timeout=20)
    assert process.returncode == 0
    with pytest.raises(OSError):
        socket.create_connection(("127.0.0.1", int(address.rsplit(":", 1)[1])), timeout=2)
    assert not list(home.rglob("*.jupyterlab-settings"))
