"""Where a sweep is executed: on a Dask cluster of this machine, made for it, or on one that is there already."""

from __future__ import annotations

import contextlib
import logging
import os
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from labutils.course.silence import silenced
from labutils.errors import LabError
from labutils.sweep.task import worker_versions
from labutils.warm import lent

if TYPE_CHECKING:
    from distributed import Client

CHATTY = ("distributed", "bokeh", "tornado", "asyncio")
PATIENCE = 6  # seconds to wait for a scheduler's answer, and for its first worker
MEMORY = 2e9  # bytes that a worker of this machine should have: the labs take up to 1.5 GB
SCHEMES = ("tcp://", "tls://", "ws://", "wss://", "ucx://")


@dataclass(frozen=True)
class Where:
    """Where to execute. workers: processes of this machine; None: as many as it has room for.

    scheduler: the address of a cluster that is there, such as tcp://10.0.0.5:8786; the tls files, as for `dask worker`,
    go with an address that begins with tls://.
    """

    workers: int | None = None
    scheduler: str | None = None
    tls_ca_file: Path | None = None
    tls_cert: Path | None = None
    tls_key: Path | None = None


@contextlib.contextmanager
def connect(where: Where, variables: Mapping[str, str | None], warm: bool = True) -> Iterator[Client]:
    """A client of the cluster, whose workers have been asked whether they can execute a lab.

    variables: what the kernels will have in their environment. warm: those of this machine share one import of
    TensorFlow.

    What was made for it is ended with it. Raises LabError where there is no such cluster, or no fit worker.
    """
    import distributed.client  # noqa: F401  its import sets the levels of its own logs

    with silenced(*CHATTY), _remote(where) if where.scheduler else _local(where, variables, warm) as client:
        _examine(client, where)
        yield client


def room_for(cpus: int, memory: float) -> int:
    """How many workers a machine with so many CPUs and so much memory, in bytes, has room for.

    >>> room_for(8, 16e9), room_for(8, 6e9), room_for(1, 1e9)
    (8, 3, 1)
    """
    return max(1, min(cpus, int(memory // MEMORY)))


def share_of_memory(where: Where) -> float | None:
    """The MB that a point may take on this machine: nine tenths of it, by the number of workers; None elsewhere."""
    import psutil

    return None if where.scheduler else round(0.9 * psutil.virtual_memory().total / _workers(where) / 1e6)


def _workers(where: Where) -> int:
    import psutil
    from dask.system import CPU_COUNT

    return where.workers or room_for(CPU_COUNT, psutil.virtual_memory().total)


@contextlib.contextmanager
def _local(where: Where, variables: Mapping[str, str | None], warm: bool) -> Iterator[Client]:
    """On the loopback address, encrypted, so that other users of the machine cannot have it execute anything."""
    import dask
    from distributed import Client, LocalCluster
    from distributed.security import Security

    from labutils.course.kernel import kernel_environment

    nursery = lent(kernel_environment(Path(), more=variables)) if warm else nullcontext({})
    with _own_environment(), _scratch() as folder, nursery as told, dask.config.set(_config(folder)):
        cluster = LocalCluster(
            n_workers=_workers(where), threads_per_worker=1, memory_limit=0, local_directory=str(folder),
            host="127.0.0.1", dashboard_address="127.0.0.1:0", protocol="tls://", security=Security.temporary(),
            silence_logs=logging.CRITICAL, preload=["labutils.sweep.preload"], env=told,
        )  # fmt: skip
        try:
            with Client(cluster, set_as_default=False) as client:
                yield client
        finally:
            cluster.close(timeout=20)


def _config(folder: Path) -> dict[str, Any]:
    """The first death of a worker is told at once: how often to try again is decided by whoever asked."""
    return {
        "temporary-directory": str(folder),
        "distributed.scheduler.allowed-failures": 0,
        "distributed.nanny.pre-spawn-environ": {},
    }


@contextlib.contextmanager
def _remote(where: Where) -> Iterator[Client]:
    from distributed import Client

    address = where.scheduler
    if not address.startswith(SCHEMES) or not address.rpartition(":")[2].isdigit():
        raise LabError(f"{address!r} is no address of a scheduler: write it as tcp://HOST:PORT.")
    try:
        client = Client(address, timeout=PATIENCE, security=_security(where), set_as_default=False)
    except (OSError, ValueError, TypeError) as error:
        why = " ".join(str(error).split())[:120]
        raise LabError(f"No scheduler answers at {address} ({why}): start one with `dask scheduler`.") from None
    try:
        yield client
    finally:
        with contextlib.suppress(Exception):  # the scheduler may be gone
            client.close(timeout=5)


def _security(where: Where) -> Any:
    from distributed.security import Security

    if not where.scheduler.startswith(("tls://", "wss://")):
        return None
    files = {"tls_ca_file": where.tls_ca_file, "tls_client_cert": where.tls_cert, "tls_client_key": where.tls_key}
    for name, path in files.items():
        if path is None or not path.is_file():
            option = "--" + name.replace("_client", "").replace("_", "-")
            raise LabError(f"{where.scheduler} needs {option} with a PEM file: {path or 'none was given'}.")
    return Security(require_encryption=True, **{name: str(path) for name, path in files.items()})


def _examine(client: Client, where: Where) -> None:
    """Raises LabError unless there is a worker, and all workers have this labutils."""
    place = where.scheduler or "this machine"
    try:
        client.wait_for_workers(1, timeout=PATIENCE)
    except TimeoutError:
        raise LabError(f"The cluster of {place} has no workers: start one with `dask worker {place}`.") from None
    try:
        found = client.run(worker_versions)
    except Exception as error:  # whatever an import can raise there
        why = f"{type(error).__name__}: {' '.join(str(error).split())[:120]}"
        raise LabError(f"The workers of {place} cannot execute a lab ({why}): install the course there.") from None
    own = worker_versions().get("labutils")
    for address, versions in found.items():
        if versions.get("labutils") != own:
            has = versions.get("labutils", "none")
            raise LabError(f"The worker {address} has labutils {has}, and here is {own}: install the same there.")


@contextlib.contextmanager
def _own_environment() -> Iterator[None]:
    """After the block this process has the environment that it had before: Dask sets variables for its workers here."""
    before = dict(os.environ)
    try:
        yield
    finally:
        for name in set(os.environ) - set(before):
            del os.environ[name]
        os.environ.update(before)


@contextlib.contextmanager
def _scratch() -> Iterator[Path]:
    """A folder for the workers of this machine; one that a killed sweep has left is removed by the next."""
    if sys.platform == "win32":
        with tempfile.TemporaryDirectory(prefix="labs-sweep-", ignore_cleanup_errors=True) as name:
            yield Path(name)
        return
    from labutils.warm import place

    folder, lock = place.make_place("labs-sweep-", Path(tempfile.gettempdir()))
    try:
        yield folder
    finally:
        place.remove(folder)
        os.close(lock)
