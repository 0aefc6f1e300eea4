"""A nursery that is lent: other processes of the user have kernels from it, which end with whoever asked for them."""

import os
import subprocess
import sys
import textwrap

import psutil
import pytest

from labutils import warm
from labutils.warm import keeper, place
from tests.warm.kernels import LIGHT, gone, light_nursery, until

BORROWER = """
    import sys, time
    from jupyter_client import KernelManager
    from labutils import warm
    from labutils.warm import keeper
    from labutils.warm.forked import Forked
    manager = KernelManager()
    warm.install(manager, ("numpy",))
    manager.start_kernel()
    client = manager.client(); client.start_channels(); client.wait_for_ready(timeout=30)
    client.execute_interactive("import subprocess; child = subprocess.Popen(['sleep', '60'])")
    (nursery,) = keeper._nurseries.values()
    print(isinstance(manager.provisioner.process, Forked), nursery.own, manager.provisioner.pid, flush=True)
    END
"""
STAYS, LEAVES = "time.sleep(60)", "manager.shutdown_kernel(); warm.close()"


@pytest.fixture
def borrow(root):
    """Starts a process that borrows, and gives it with whether its kernel is warm, the nursery its own, and the id."""
    started = []

    def borrow(variables, end=STAYS):
        code = textwrap.dedent(BORROWER).replace("END", end)
        process = subprocess.Popen(
            [sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, cwd=root, env={**os.environ, **variables}
        )
        started.append(process)
        is_warm, own, pid = process.stdout.readline().split()
        return process, is_warm == "True", own == "True", int(pid)

    yield borrow
    for process in started:
        process.kill()
        process.wait()
        process.stdout.close()


def test_two_processes_borrow_one_nursery_and_it_ends_with_the_block(borrow):
    with warm.lent(os.environ, LIGHT) as variables:
        nursery = light_nursery()
        found = [borrow(variables)[1:] for _ in range(2)]
        assert [each[:2] for each in found] == [(True, False)] * 2
        assert all(psutil.Process(pid).ppid() == nursery.process.pid for _, _, pid in found)
    assert gone(nursery.process.pid) and not nursery.folder.exists()
    until(lambda: all(gone(pid) for _, _, pid in found))


def test_a_kernel_ends_with_whoever_asked_for_it_and_the_nursery_stays(borrow):
    with warm.lent(os.environ, LIGHT) as variables:
        one, *_, first = borrow(variables)
        *_, second = borrow(variables)
        child = psutil.Process(first).children()[0].pid
        one.kill()
        until(lambda: gone(first) and gone(child))
        assert not gone(second) and light_nursery().alive


def test_whoever_leaves_in_order_does_not_end_it(borrow):
    with warm.lent(os.environ, LIGHT) as variables:
        process, is_warm, own, _ = borrow(variables, LEAVES)
        assert process.wait(20) == 0 and is_warm and not own
        assert light_nursery().alive and borrow(variables)[1:3] == (True, False)


def test_one_that_does_not_fit_or_is_gone_is_passed_over(borrow, tmp_path):
    with warm.lent(os.environ, LIGHT) as variables:
        assert borrow({**variables, "OMP_NUM_THREADS": "7"}, LEAVES)[1:3] == (True, True)
    assert borrow(variables, LEAVES)[1:3] == (True, True)
    digest = variables[keeper.LENT].partition(":")[0]
    assert borrow({keeper.LENT: f"{digest}:{tmp_path}"}, LEAVES)[1:3] == (True, True)  # not a nursery's
    assert borrow({keeper.LENT: "nonsense"}, LEAVES)[1:3] == (True, True)


def test_nothing_is_lent_where_kernels_start_cold():
    with warm.lent({**os.environ, "LABS_COLD": "1"}, LIGHT) as variables:
        assert variables == {}


def test_a_folder_is_held_while_its_process_lives():
    folder, lock = place.make_place()
    assert place.is_held(folder)
    os.close(lock)
    assert not place.is_held(folder)
    place.remove(folder)
    assert not place.is_held(folder)
