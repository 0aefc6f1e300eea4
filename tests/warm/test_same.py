"""A warm kernel is like a cold one, and computes the same."""

import json

import nbclient
import nbformat
import pytest
from jupyter_client import AsyncKernelManager

from labutils import warm
from tests.warm.kernels import Kernel

TRAIN = """
import sys, hashlib
early = "tensorflow" in sys.modules
import numpy as np, tensorflow as tf, keras
keras.utils.set_random_seed(5)
model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(8, "relu"), keras.layers.Dense(1)])
model.compile("adam", "mse")
x = np.random.rand(64, 4).astype("float32")
losses = model.fit(x, x.sum(1), epochs=3, verbose=0).history["loss"]
file = tf.lite.TFLiteConverter.from_keras_model(model).convert()
print(early, [loss.hex() for loss in losses], len(file), hashlib.sha256(file).hexdigest())
"""

STATE = """
import json, logging, os, signal, sys, threading, warnings
import tensorflow as tf, keras, matplotlib.pyplot as plt, asyncio
stream = lambda handler: [type(handler).__name__, type(getattr(handler, "stream", None)).__name__, handler.level]
print(json.dumps({
    "main": [sorted(name for name in vars(sys.modules["__main__"]) if name[:2] == "__"), __name__],
    "argv": [sys.argv[:-1], sys.orig_argv[:-1], sys.executable, str(sys.flags)],
    "path": sys.path, "cwd": os.getcwd(), "session": os.getsid(0) == os.getpgid(0) == os.getpid(),
    "environment": {name: value for name, value in os.environ.items()
                    if name not in ("JPY_PARENT_PID", "PYTEST_CURRENT_TEST")},
    "parent": os.environ["JPY_PARENT_PID"] == str(os.getppid()),
    "signals": {number: str(signal.getsignal(number)).split(" at ")[0] for number in signal.Signals},
    "mask": sorted(signal.pthread_sigmask(signal.SIG_BLOCK, [])), "umask": os.umask(0o22),
    "filters": [[a, b and b.pattern, c.__name__, str(d), e] for a, b, c, d, e in warnings.filters],
    "handlers": [stream(ref()) for ref in logging._handlerList],
    "loggers": sorted([n, x.level, [stream(h) for h in x.handlers]] for n, x in logging.root.manager.loggerDict.items()
                      if isinstance(x, logging.Logger) and (x.handlers or x.level)),
    "root": [stream(handler) for handler in logging.root.handlers],
    "backend": [plt.get_backend(), plt.isinteractive(), str(plt.rcParams)],
    "threads": sorted(thread.name for thread in threading.enumerate() if "Thread-" not in thread.name),
    "loop": [str(type(asyncio.get_event_loop())), str(type(asyncio.get_event_loop_policy()))],
    "streams": [type(x).__name__ for x in (sys.stdin, sys.stdout, sys.stderr, sys.__stdout__)],
    "hooks": [str(hook).split(" at ")[0] for hook in (sys.excepthook, sys.displayhook, sys.breakpointhook)],
    "limits": [sys.getrecursionlimit(), sys.getswitchinterval()],
    "keras": [keras.backend.backend(), keras.config.floatx(), keras.config.is_interactive_logging_enabled()],
    "modules": sorted(sys.modules), "labutils": [name for name in sys.modules if name.startswith("labutils.")],
    "descriptors": [to for to in map(lambda fd: os.path.realpath(f"/proc/self/fd/{fd}"), os.listdir("/proc/self/fd"))
                    if "warm" in to or "pidfd" in to],
}))
"""

DRAW = "import random, numpy, uuid; print([random.random(), numpy.random.rand(), str(uuid.uuid4())])"
DRAW_TF = "import tensorflow as tf, keras; print([float(tf.random.normal([])), float(keras.random.normal([]))])"


@pytest.fixture(scope="module")
def cold_answers():
    """What an ordinary kernel says."""
    kernel = Kernel(None)
    try:
        assert not kernel.warm
        return {"state": json.loads(kernel.run(STATE)), "train": kernel.run(TRAIN).splitlines()}
    finally:
        kernel.stop()


def test_it_computes_the_same(start, cold_answers):
    kernel = start(warm.MODULES)
    assert kernel.warm
    *said, last = kernel.run(TRAIN).splitlines()
    early, numbers = last.split(" ", 1)
    assert early == "True"
    assert numbers == cold_answers["train"][-1].split(" ", 1)[1]
    assert len(said) == len(cold_answers["train"]) - 1  # the same log, but for the names of temporary folders


def test_it_is_the_same_kernel(start, cold_answers):
    kernel = start(warm.MODULES)
    state = json.loads(kernel.run(STATE))
    assert kernel.warm
    for name, value in cold_answers["state"].items():
        assert state[name] == value, name
    assert state["labutils"] == state["descriptors"] == []


def test_two_kernels_draw_different_numbers(start):
    one, other = start(warm.MODULES), start(warm.MODULES)
    assert one.warm and other.warm and one.pid != other.pid
    for code in (DRAW, DRAW_TF):
        ours, theirs = one.run(code).strip("[]").split(", "), other.run(code).strip("[]").split(", ")
        assert len(ours) > 1 and not set(ours) & set(theirs)
    assert one.run("x = 1; print(x)") == "1"
    assert "NameError" in other.run("x")


def test_log_messages_go_to_the_cell(start):
    kernel = start(warm.MODULES)
    assert "look here" in kernel.run("import tensorflow as tf; tf.get_logger().warning('look here')")
    assert "and here" in kernel.run("from absl import logging; logging.warning('and here')")


def test_nbclient_executes_a_notebook_through_it(tmp_path):
    class Warm(AsyncKernelManager):
        async def start_kernel(self, **options):
            warm.install(self, ("numpy",))
            await super().start_kernel(**options)
            kinds.append(type(self.provisioner.process).__name__)

    cells = ["import numpy as np; np.arange(3)", "print(1 + 1)", "import os; os.getcwd()", "1/0"]
    kinds: list[str] = []
    texts = []
    for manager in (Warm, AsyncKernelManager):
        made = [nbformat.v4.new_code_cell(cell, id=f"cell-{number}") for number, cell in enumerate(cells)]
        notebook = nbformat.v4.new_notebook(cells=made)
        nbclient.NotebookClient(
            notebook, allow_errors=True, kernel_manager_class=manager, record_timing=False, kernel_name="python3",
            resources={"metadata": {"path": str(tmp_path)}},
        ).execute()  # fmt: skip
        texts.append(nbformat.writes(notebook))
    assert kinds == ["Forked"]
    assert texts[0] == texts[1]
