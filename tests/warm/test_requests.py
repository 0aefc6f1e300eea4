"""What a kernel is asked to be, it is: environment, folder, paths, streams; and signals reach it."""

import asyncio
import os
import signal
import socket
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from labutils.warm import place
from labutils.warm.key import make_key, split_command
from tests.warm.kernels import LIGHT, gone, light_nursery, nurseries, until


def test_environment_folder_and_python_path(start, variables, tmp_path):
    (tmp_path / "mods").mkdir()
    (tmp_path / "mods" / "only_here.py").write_text("x = 'found'\n")
    (tmp_path / "beside.py").write_text("y = 'too'\n")
    variables |= {"GREETING": "hällo", "PYTHONPATH": os.pathsep.join([str(tmp_path / "mods"), "", "mods"])}
    variables.pop("LANG", None)
    codes = [
        "import os, sys; print(os.environ['GREETING'], 'LANG' in os.environ, os.getcwd(), sys.path)",
        "import only_here, beside; print(only_here.x, beside.y)",
        "import subprocess; print(subprocess.run(['sh', '-c', 'echo $GREETING; pwd'], capture_output=True).stdout)",
    ]
    kernel, cold = start(env=variables, cwd=str(tmp_path)), start(None, env=variables, cwd=str(tmp_path))
    assert kernel.warm and not cold.warm
    assert [kernel.run(code) for code in codes] == [cold.run(code) for code in codes]


@pytest.mark.parametrize("place_of", ["cwd", "PYTHONPATH", "sitecustomize"])
def test_a_module_that_stands_in_front_of_an_imported_one(start, variables, tmp_path, place_of):
    name = "sitecustomize" if place_of == "sitecustomize" else "numpy"
    (tmp_path / f"{name}.py").write_text("mine = 1\n")
    if place_of != "cwd":
        variables["PYTHONPATH"] = str(tmp_path)
    kernel = start(env=variables, cwd=str(tmp_path))
    assert not kernel.warm
    assert kernel.run(f"import {name}; print({name}.mine)") == "1"


def test_variables_of_the_interpreter_hold(start, variables):
    variables |= {"PYTHONHASHSEED": "7", "PYTHONOPTIMIZE": "1"}
    code = "import sys; print(hash('warm'), sys.flags.optimize, __debug__)"
    kernel, cold = start(env=variables), start(None, env=variables)
    assert kernel.warm and kernel.run(code) == cold.run(code)


def test_streams(start, tmp_path):
    with (tmp_path / "said").open("w") as file:
        kernel = start(stdout=file, stderr=file)
    kernel.run("import os, sys; print('to the file', file=sys.__stdout__, flush=True)")
    assert kernel.warm
    until(lambda: "to the file" in (tmp_path / "said").read_text())
    assert kernel.run("print(os.read(0, 1))") == "b''"


def test_interrupt(start):
    kernel = start()
    message = kernel.client.execute("print('now', flush=True)\nimport time; time.sleep(60)")
    while kernel.client.get_iopub_msg(timeout=10)["msg_type"] != "stream":
        pass
    kernel.manager.interrupt_kernel()
    reply = kernel.client.get_shell_msg(timeout=10)
    assert reply["parent_header"]["msg_id"] == message
    assert reply["content"]["ename"] == "KeyboardInterrupt"
    until(lambda: kernel.run("print(2)") == "2")  # after an error, a kernel ignores requests for a moment


def test_restart(start):
    kernel = start()
    before = kernel.pid
    kernel.run("x = 1")
    kernel.manager.restart_kernel(now=True)
    kernel.client.wait_for_ready(timeout=30)
    assert kernel.warm and kernel.pid != before and gone(before)
    assert "NameError" in kernel.run("x")


@pytest.mark.parametrize(
    ("death", "code"),
    [("os._exit(3)", 3), ("os.kill(os.getpid(), 9)", -9), ("os.abort()", -signal.SIGABRT), ("exit()", 0)],
)
def test_the_exit_code(start, death, code):
    kernel = start()
    assert kernel.manager.is_alive()
    kernel.client.execute(f"import os; {death}")
    assert kernel.ended() == code
    assert not kernel.manager.is_alive()


def test_an_end_with_all_the_trimmings(start, tmp_path):
    kernel = start()
    kernel.run(f"import atexit, pathlib; atexit.register(pathlib.Path({str(tmp_path / 'bye')!r}).touch)")
    kernel.client.shutdown()
    assert kernel.ended() == 0
    assert (tmp_path / "bye").exists()


@pytest.mark.parametrize("sent", [b"", b"{", b"{}\n", b"[1]\n", b"nonsense\n", b'{"cwd": 3, "env": {}}\n', b"\xff\n"])
def test_a_torn_request_ends_nothing(start, sent):
    kernel = start()
    nursery = light_nursery()
    folder = os.open(nursery.folder, os.O_RDONLY)
    with socket.socket(socket.AF_UNIX) as connection, open(os.devnull, "rb") as nothing:  # noqa: PTH123
        connection.connect(place.socket_path(folder))
        if sent:
            socket.send_fds(connection, [sent], [nothing.fileno()] * 3)
        connection.shutdown(socket.SHUT_WR)
        assert connection.recv(1) == b""
    os.close(folder)
    again = start()
    assert again.warm and nursery.alive and kernel.run("print(1)") == "1"


def test_a_kernel_that_nobody_waits_for_any_more(start, variables):
    start()
    nursery = light_nursery()
    order = {"argv": ["-f", "/nowhere"], "command": ["python"], "cwd": "/", "env": variables}
    # In another thread: the browser tests leave an event loop running in this one.
    with open(os.devnull, "r+b") as nothing, ThreadPoolExecutor(1) as thread:  # noqa: PTH123
        kernel = thread.submit(asyncio.run, nursery.fork(order, [nothing.fileno()] * 3)).result()
    pid = kernel.pid
    assert not gone(pid)
    del kernel
    until(lambda: gone(pid))
    assert nursery.alive and nursery.process.pid in nurseries()


def test_which_commands_are_understood():
    usual = ["-m", "ipykernel_launcher", "-f", "file"]
    assert split_command([sys.executable, "-Xfrozen_modules=off", *usual]) is not None
    assert split_command([sys.executable, "-c", "code", *usual]) is None
    assert split_command([sys.executable, "-m", "other_kernel"]) is None
    assert split_command(["R", "--slave"]) is None


def test_the_key_holds_what_is_read_at_import(variables):
    def key(**changes):
        return make_key((), variables | changes, LIGHT)

    assert key(IPYTHONDIR="elsewhere", LABS_BUILD="b", PYTHONPATH="p") == key()
    names = ["TF_CPP_MIN_LOG_LEVEL", "TF_USE_LEGACY_KERAS", "KERAS_BACKEND", "CUDA_VISIBLE_DEVICES", "OMP_NUM_THREADS"]
    for name in names:
        assert key(**{name: "changed"}) != key()
    before, mask = key(), os.umask(0o77)
    try:
        assert key() != before or mask == 0o77
    finally:
        os.umask(mask)
