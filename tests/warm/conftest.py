"""Kernels for the tests of the room: warm ones and cold ones, all gone at the end."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from labutils import warm
from labutils.warm import place
from tests.warm.kernels import LIGHT, Kernel, gone, until


@pytest.fixture(scope="package", autouse=True)
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Where nurseries have their folders; at the end there is none, and no process."""
    folder = tmp_path_factory.mktemp("runtime")
    folder.chmod(0o700)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_RUNTIME_DIR", str(folder))
        patch.setenv("IPYTHONDIR", str(tmp_path_factory.mktemp("ipython")))
        patch.setenv("TF_CPP_MIN_LOG_LEVEL", "3")
        patch.delenv("LABS_COLD", raising=False)
        assert place.base() == folder
        before = {child.pid for child in psutil.Process().children(recursive=True)}
        yield folder
        warm.close()
        until(lambda: all(gone(child.pid) for child in psutil.Process().children(True) if child.pid not in before))
        assert list(folder.iterdir()) == []


@pytest.fixture
def start() -> Iterator[Callable[..., Kernel]]:
    """start(modules=None for cold, **options of start_kernel); the kernels end with the test."""
    kernels: list[Kernel] = []

    def start(modules: tuple[str, ...] | None = LIGHT, **options) -> Kernel:
        kernels.append(Kernel(modules, **options))
        return kernels[-1]

    yield start
    for kernel in kernels:
        kernel.stop()
    assert all(gone(kernel.pid) for kernel in kernels)


@pytest.fixture
def variables() -> dict[str, str]:
    """The environment, to be changed and given to a kernel."""
    return dict(os.environ)
