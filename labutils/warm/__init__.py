"""Warm kernels: Jupyter kernels forked from a process that has already imported TensorFlow.

A *nursery* is a silent process that imports what many kernels import anyway, third-party modules only, and then forks
one kernel for each request. The kernel behaves as one started in the ordinary way (same argv, environment, working
directory, signals, randomness of its own), and `import tensorflow` finds the module there. Whatever stands in the way
of a warm start (no Linux, LABS_COLD=1, a module that cannot be imported, ...) leads to an ordinary start, silently.

This room uses nothing of labutils. Where its entry point is installed, JUPYTER_DEFAULT_PROVISIONER_NAME=labs-warm is
all that is needed; elsewhere `register()` stands in for the entry point, and `install(manager)` serves one manager.

>>> from jupyter_client import AsyncKernelManager
>>> manager = AsyncKernelManager()
>>> install(manager)  # before its start_kernel
>>> type(manager.provisioner).__name__
'WarmProvisioner'
"""

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jupyter_client import KernelManager

    from labutils.warm.provisioner import WarmProvisioner

NAME = "labs-warm"  # of the provisioner, as JUPYTER_DEFAULT_PROVISIONER_NAME and a kernelspec call it
MODULES = ("numpy", "tensorflow", "keras")  # what a nursery imports unless told otherwise


def provisioner_class() -> type["WarmProvisioner"]:
    """The class of provisioners that start kernels warm where they can."""
    from labutils.warm.provisioner import WarmProvisioner

    return WarmProvisioner


def register() -> None:
    """Makes `labs-warm` known to jupyter_client in this process, where its entry point is not installed."""
    from importlib.metadata import EntryPoint

    from jupyter_client.provisioning import KernelProvisionerFactory as Factory

    entry = EntryPoint(NAME, "labutils.warm.provisioner:WarmProvisioner", Factory.GROUP_NAME)
    Factory.provisioners.setdefault(NAME, entry)


def install(manager: "KernelManager", modules: Sequence[str] = MODULES) -> None:
    """Has this manager, sync or async, start its kernel warm; call it before start_kernel.

    A kernelspec that names a provisioner keeps it, and so does a manager whose kernel was started before.
    """
    spec = manager.kernel_spec
    if manager.provisioner is None and spec and "provisioner_name" not in spec.metadata.get("kernel_provisioner", {}):
        manager.provisioner = provisioner_class()(
            kernel_id=manager.kernel_id or "", kernel_spec=spec, parent=manager, modules=list(modules)
        )


def prepare(variables: Mapping[str, str], modules: Sequence[str] = MODULES) -> bool:
    """Starts a nursery for kernels of this very Python with those variables, and does not wait for it.

    Says whether there is one, coming up or there already. Worth a call where a kernel will be wanted in a second.
    """
    from labutils.warm import keeper
    from labutils.warm.key import make_key, possible

    return possible(variables) and keeper.prepare(make_key((), variables, modules))


@contextlib.contextmanager
def lent(variables: Mapping[str, str], modules: Sequence[str] = MODULES) -> Iterator[dict[str, str]]:
    """Within the block, other processes of this user may have kernels with those variables forked from one nursery.

    Yields what is to be added to their environment; nothing where kernels cannot be started warm. A kernel ends with
    the process that asked for it, and all end with this one.
    """
    from labutils.warm.key import make_key, possible

    if not possible(variables) or not prepare(variables, modules):
        yield {}
        return
    from labutils.warm import keeper

    key = make_key((), variables, modules)
    try:
        yield {keeper.LENT: keeper.lend(key)}
    finally:
        keeper.release(key)


def close() -> None:
    """Ends all nurseries of this process, and their kernels; the end of the process does so too."""
    from labutils.warm import keeper

    keeper.close()
