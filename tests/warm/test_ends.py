"""Nothing outlives its owner, and nothing is left behind."""

import os
import signal
import subprocess
import sys
import textwrap
import time

import psutil
import pytest

from labutils import warm
from labutils.warm import keeper, place
from tests.warm.kernels import LIGHT, gone, light_nursery, nurseries, until

OWNER = """
    import sys, time
    from jupyter_client import KernelManager
    from labutils import warm
    from labutils.warm.forked import Forked
    manager = KernelManager()
    warm.install(manager, ("numpy",))
    manager.start_kernel()
    assert isinstance(manager.provisioner.process, Forked)
    client = manager.client(); client.start_channels(); client.wait_for_ready(timeout=30)
    if "END" != "":
        client.execute_interactive("import subprocess; child = subprocess.Popen(['sleep', '60'])")
    print("ready", flush=True)
    END
"""


@pytest.mark.parametrize("end", ["killed", "at its end"])
def test_the_owner_ends(folder, root, end):
    ours = set(folder.iterdir())
    code = textwrap.dedent(OWNER).replace("END", "time.sleep(60)" if end == "killed" else "")
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, cwd=root) as owner:
        assert owner.stdout.readline() == b"ready\n"
        if end == "killed":
            family = psutil.Process(owner.pid).children(recursive=True)
            assert len(family) == 3  # the nursery, the kernel, its child
            assert len(set(folder.iterdir()) - ours) == 1
            owner.kill()
            until(lambda: all(gone(process.pid) for process in family))
    until(lambda: set(folder.iterdir()) == ours)


def test_the_nursery_is_killed(start):
    kernel = start()
    nursery = light_nursery()
    nursery.process.kill()
    until(lambda: gone(kernel.pid))
    assert kernel.ended() == -signal.SIGKILL
    again = start()
    assert again.warm and again.run("print(1)") == "1"
    assert nursery.process.pid not in nurseries() and not nursery.folder.exists()


def test_a_nursery_that_does_not_answer_keeps_its_kernels(start, monkeypatch):
    kernel = start()
    nursery = light_nursery()
    os.kill(nursery.process.pid, signal.SIGSTOP)
    monkeypatch.setattr(warm.provisioner_class().patience, "default_value", 0.2)
    try:
        assert not start().warm
    finally:
        os.kill(nursery.process.pid, signal.SIGCONT)
    assert kernel.run("print(1)") == "1"
    monkeypatch.undo()
    assert start().warm and light_nursery() is nursery


def test_a_nursery_killed_between_two_looks(start, monkeypatch):
    start()
    nursery = light_nursery()
    nursery.process.kill()
    nursery.process.wait()
    seen = [True]  # by the first look, which comes too early
    alive = property(lambda self: (self is nursery and seen and seen.pop()) or self.process.poll() is None)
    monkeypatch.setattr(keeper.Nursery, "alive", alive)
    assert start().warm and not seen


def test_stale_folders_are_swept(folder):
    stale = folder / f"{place.PREFIX}stale"
    stale.mkdir(0o700)
    (stale / "socket").touch()
    place.sweep(place.PREFIX, place.base())
    assert stale.exists()  # it may be about to be locked
    os.utime(stale, (0, 0))
    held, lock = place.make_place()
    assert not stale.exists()
    os.utime(held, (0, 0))
    place.sweep(place.PREFIX, place.base())
    assert held.exists()  # its nursery lives
    os.close(lock)
    place.sweep(place.PREFIX, place.base())
    assert not held.exists()


def test_only_a_folder_of_ones_own_will_do(folder, tmp_path, monkeypatch, start):
    for mode, private in [(0o700, True), (0o755, False), (0o770, False)]:
        (tmp_path / "it").mkdir(exist_ok=True)
        (tmp_path / "it").chmod(mode)
        assert place.is_private(tmp_path / "it") is private
    (tmp_path / "it").chmod(0o700)
    (tmp_path / "link").symlink_to(tmp_path / "it")
    assert not place.is_private(tmp_path / "link") and not place.is_private(tmp_path / "nothing")
    with monkeypatch.context() as patch:
        patch.setattr(os, "getuid", lambda: 12345)
        assert not place.is_private(tmp_path / "it")
        assert place.base() != folder
    assert start().warm
    nursery = light_nursery()
    nursery.folder.chmod(0o755)
    assert not start().warm
    nursery.folder.chmod(0o700)
    assert start().warm


def test_no_more_nurseries_than_allowed(start, variables):
    one = start(env=variables | {"TF_X": "1"})
    two = start(env=variables | {"TF_X": "2"})
    three = start(env=variables | {"TF_X": "3"})
    assert one.warm and two.warm and not three.warm  # both are in use
    one.manager.shutdown_kernel(now=True)
    assert start(env=variables | {"TF_X": "3"}).warm
    assert len(nurseries()) == keeper.AT_MOST


def test_prepare_and_close(folder, variables):
    before = time.monotonic()
    assert warm.prepare(variables, LIGHT)
    assert time.monotonic() - before < 3
    pids = nurseries()
    assert pids
    warm.close()
    assert all(gone(pid) for pid in pids) and list(folder.iterdir()) == []
    assert not warm.prepare(variables | {"LABS_COLD": "1"}, LIGHT)
