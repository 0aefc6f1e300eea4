"""Where a warm start is not possible there is an ordinary one, and nobody is told."""

import os
import socket
import subprocess
from types import SimpleNamespace

import pytest
from jupyter_client import KernelManager
from jupyter_client.provisioning import KernelProvisionerFactory, LocalProvisioner

from labutils import warm
from labutils.warm import keeper, nursery, place
from tests.warm.kernels import LIGHT, nurseries


@pytest.fixture(autouse=True)
def silence(caplog):
    """Nothing is said, and what was given up is forgotten afterwards."""
    yield
    warm.close()
    assert not [record for record in caplog.records if record.levelname != "DEBUG"]


def refuse(*_, **__):
    raise OSError("refused")


def test_switched_off(start, variables, monkeypatch):
    assert not start(env=variables | {"LABS_COLD": "1"}).warm
    assert start(env=variables | {"LABS_COLD": "0"}).warm
    monkeypatch.setenv("LABS_COLD", "1")
    assert not start(env=variables).warm


def test_no_descriptors_of_processes(start, monkeypatch):
    monkeypatch.delattr(os, "pidfd_open")
    kernel = start()
    assert not kernel.warm and kernel.run("print(1)") == "1"


def test_another_system(start, monkeypatch):
    monkeypatch.setattr("labutils.warm.key.sys.platform", "darwin")
    assert not start().warm


def test_a_module_that_cannot_be_imported(start, folder):
    for _ in range(2):
        assert not start(("no_such_module",)).warm
    assert not [one for one in keeper._nurseries.values() if "no_such_module" in one.key.modules]


def test_a_nursery_that_takes_too_long(start, monkeypatch):
    monkeypatch.setattr(warm.provisioner_class().patience, "default_value", 0.05)
    before = set(nurseries())
    assert not start(("numpy", "json")).warm
    assert set(nurseries()) <= before


@pytest.mark.parametrize("what", ["make_place", "is_private"])
def test_no_folder_to_be_had(start, monkeypatch, what):
    warm.close()
    monkeypatch.setattr(place, what, refuse)
    assert not start().warm


def test_no_process_to_be_had(start, monkeypatch):
    warm.close()
    monkeypatch.setattr(keeper, "subprocess", SimpleNamespace(DEVNULL=subprocess.DEVNULL, Popen=refuse))
    assert not start().warm


def test_a_fork_that_fails(monkeypatch, tmp_path, variables):
    """The nursery says so, and goes on."""
    listener, watched = socket.socket(socket.AF_UNIX), os.open(os.devnull, os.O_RDONLY)
    listener.bind(str(tmp_path / "socket"))
    listener.listen()
    monkeypatch.setattr(os, "fork", refuse)
    settings = {"folder": str(tmp_path), "lock": -1, "listener": listener.detach()}
    home = nursery.Nursery(settings, watched, SimpleNamespace(unfit=lambda *_: None), None)
    with socket.socket(socket.AF_UNIX) as connection, home.listener:
        connection.connect(str(tmp_path / "socket"))
        socket.send_fds(connection, [b"{}\n"], [watched] * 3)
        assert home.admit() is None
        assert connection.recv(100) == b'{"refused": "refused"}\n'
    os.close(watched)


def test_options_that_only_an_ordinary_start_knows(start, tmp_path):
    assert not start(independent=True).warm
    kernel = start(stdout=subprocess.PIPE)
    assert not kernel.warm and kernel.manager.provisioner.process.stdout


def test_an_error_of_an_ordinary_start_stays_one(tmp_path):
    manager = KernelManager()
    warm.install(manager, LIGHT)
    with pytest.raises(FileNotFoundError):
        manager.start_kernel(cwd=str(tmp_path / "nowhere"))


def test_registered_by_name(monkeypatch):
    monkeypatch.setattr(KernelProvisionerFactory, "provisioners", {})
    monkeypatch.setattr(KernelProvisionerFactory, "_instance", None)
    monkeypatch.setenv("JUPYTER_DEFAULT_PROVISIONER_NAME", warm.NAME)
    warm.register()
    manager = KernelManager()
    made = KernelProvisionerFactory.instance().create_provisioner_instance("1", manager.kernel_spec, manager)
    assert type(made) is warm.provisioner_class()
    monkeypatch.setattr(KernelProvisionerFactory, "_instance", None)


def test_a_kernelspec_that_names_a_provisioner_keeps_it():
    manager = KernelManager()
    manager.kernel_spec.metadata["kernel_provisioner"] = {"provisioner_name": "local-provisioner"}
    try:
        warm.install(manager)
        assert manager.provisioner is None
    finally:
        del manager.kernel_spec.metadata["kernel_provisioner"]


def test_the_entry_point_is_the_class(root):
    import tomllib

    groups = tomllib.loads((root / "pyproject.toml").read_text())["project"]["entry-points"]
    (entry,) = groups[KernelProvisionerFactory.GROUP_NAME].items()
    assert entry == (warm.NAME, "labutils.warm.provisioner:WarmProvisioner")
    assert issubclass(warm.provisioner_class(), LocalProvisioner)
