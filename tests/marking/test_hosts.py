"""The processes that judge: what their fence holds, what becomes of one that dies, and a system that cannot fork."""

import os
import platform
import signal
import sys
import threading
from pathlib import Path

import psutil
import pytest

from labutils.marking import fence
from labutils.marking.fence import Limits
from labutils.marking.markers import Host, Order, several_hosts
from tests.marking.synthetic import make_class

LINUX = sys.platform == "linux" and platform.machine() in fence.MACHINES


def one(folder: Path, kind: str) -> Order:
    make_class(folder / "in", 1, kinds=[kind])
    (path,) = (path for path in (folder / "in").rglob("*") if path.is_file())
    return Order(1, path.read_bytes(), "01")


def outcomes(found: dict) -> list[str]:
    return [each["outcome"] for each in found["ended"]]


@pytest.mark.skipif(not LINUX, reason="seccomp and Landlock are Linux's")
def test_the_fence_stands_on_linux(fenced):
    assert fenced["network"] and fenced["signals"]
    if tuple(map(int, platform.release().split("-")[0].split(".")[:2])) >= (5, 13):
        enabled = Path("/sys/kernel/security/lsm")
        assert fenced["files"] or (enabled.exists() and "landlock" not in enabled.read_text())


@pytest.mark.skipif(not LINUX, reason="seccomp and Landlock are Linux's")
def test_what_the_fence_closes_and_what_it_leaves_open(tmp_path):
    """In a child: each line of `tries` raises OSError, each of `works` does not."""
    import socket

    (tmp_path / "others").mkdir()
    (tmp_path / "others" / "secret").write_text("x")
    own = tmp_path / "own"
    own.mkdir()
    for path in (tmp_path, own):
        path.chmod(0o777)
    tries = {
        "read": (tmp_path / "others" / "secret").read_text, "list": lambda: list((tmp_path / "others").iterdir()),
        "write": lambda: (tmp_path / "new").write_text("x"), "remove": (tmp_path / "others" / "secret").unlink,
        "internet": lambda: socket.create_connection(("127.0.0.1", 9)),
        "datagram": lambda: socket.socket(socket.AF_INET6, socket.SOCK_DGRAM),
        "kill all": lambda: os.kill(-1, 0), "kill its parent": lambda: os.kill(os.getppid(), 0),
        "another's memory": lambda: os.open(f"/proc/{os.getppid()}/mem", os.O_RDONLY),
        "another's variables": Path(f"/proc/{os.getppid()}/environ").read_bytes,
        "large file": lambda: (own / "large").write_bytes(bytes(2_000_000)),
    }  # fmt: skip
    works = {
        "own file": lambda: (own / "x").write_text("x"), "own folder": lambda: (own / "sub").mkdir(),
        "nothing": lambda: Path(os.devnull).write_text("x"), "a pair": socket.socketpair,
        "itself": lambda: os.kill(os.getpid(), 0), "python": lambda: list(Path(sys.prefix).iterdir()),
    }  # fmt: skip
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        said = []
        try:
            user = fence.stranger(7)
            if user is not None:
                os.chown(own, user, user)
            fence.put_up(own, fence.readable_places(), Limits(file_mb=1), user)
            for group in (tries, works):
                for name, what in group.items():
                    try:
                        what()
                        said.append(f"{name}: done")
                    except OSError:
                        said.append(f"{name}: refused")
        finally:
            os.write(writer, "\n".join(said).encode())
            os._exit(0)
    os.close(writer)
    said = os.fdopen(reader).read().splitlines()
    os.waitpid(child, 0)
    assert said == [f"{name}: refused" for name in tries] + [f"{name}: done" for name in works]


def test_a_host_that_is_killed_is_started_anew(tmp_path):
    order = one(tmp_path, "right")
    with several_hosts(Limits(), 2) as hosts:
        assert outcomes(hosts[0].ask(order)) == ["correct"] * 5
        servers = [each for each in psutil.Process().children(recursive=True) if _serves(each)]
        kill = threading.Timer(0.2, lambda: [each.send_signal(signal.SIGKILL) for each in servers])
        kill.start()
        assert outcomes(hosts[0].ask(order)) == ["correct"] * 5  # by another process
        assert outcomes(hosts[1].ask(order)) == ["correct"] * 5
    assert not [each for each in psutil.Process().children(recursive=True) if _serves(each)]


def _serves(process: psutil.Process) -> bool:
    return "labutils.marking.host" in " ".join(process.cmdline())


def test_a_submission_that_always_kills_its_host_ends_with_a_reason(tmp_path):
    host, order = Host(Limits()), one(tmp_path, "right")
    done = threading.Event()

    def hunt() -> None:
        while not done.wait(0.05):
            process = host._process
            if process is not None and host._answers is not None and psutil.Process(process.pid).children():
                process.kill()

    hunter = threading.Thread(target=hunt)
    try:
        hunter.start()
        found = host.ask(order)
    finally:
        done.set()
        hunter.join()
        host.close()
    assert found == {"read": None, "refused": "judging it ended the process that judges: look at it.", "ended": []}


def test_without_forks_each_submission_has_a_fresh_process(tmp_path):
    host = Host(Limits(seconds=40), forks=False)
    try:
        assert outcomes(host.ask(one(tmp_path / "right", "right"))) == ["correct"] * 5
        found = outcomes(host.ask(one(tmp_path / "loop", "endless answer: asleep")))
        assert sum(each == "correct" for each in found) == 4 and {"stopped", "not yet"} & set(found)
    finally:
        host.close()


def test_hosts_leave_nothing_behind(tmp_path, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    with several_hosts(Limits(), 2) as hosts:
        hosts[1].ask(one(tmp_path, "empty"))
    assert [path.name for path in tmp_path.iterdir()] == ["in"]
