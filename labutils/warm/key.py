"""What a kernel takes from the process that it is forked from, and so must have in common with it."""

import fnmatch
import hashlib
import os
import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

# Variables that the interpreter, the C library, TensorFlow, Keras or a library below them reads while it is loaded.
# A change later goes unnoticed, so that each set of values needs a nursery of its own. All of PYTHON* is here but
# PYTHONPATH, which the newborn kernel honours itself: PYTHONHASHSEED, PYTHONOPTIMIZE and the rest hold as they should.
READ_AT_IMPORT = (
    *("PYTHON*", "LD_*", "MALLOC_*", "GLIBC_TUNABLES", "LANG", "LANGUAGE", "LC_*", "TZ"),
    *("TF_*", "TF2_*", "TFLITE_*", "KERAS_*", "XLA_*", "CUDA_*", "NVIDIA_*", "TPU_*", "ABSL_*", "GRPC_*"),
    *("OMP_*", "GOMP_*", "KMP_*", "MKL_*", "OPENBLAS_*", "GOTO_*", "BLIS_*", "NUMEXPR_*", "ONEDNN_*", "DNNL_*"),
    *("NPY_*", "NUMPY_*", "SCIPY_*", "SKLEARN_*", "JOBLIB_*", "PROTOCOL_BUFFERS_*", "HDF5_*", "TORCH_*", "JAX_*"),
    *("MPL*", "MATPLOTLIB*", "HOME", "XDG_*", "TMPDIR", "TEMP", "TMP", "PATH"),
)
HANDED_OVER = ("PYTHONPATH",)
LAUNCHER = "ipykernel_launcher"
OPTION = re.compile(r"-(X\S+|[BEIOPqsuv]+)")  # of the interpreter: those that are one word


@dataclass(frozen=True)
class Key:
    """Kernels with the same key can come from the same nursery.

    command: the interpreter with its options. inherited: what a process has from its parent without being told: mask,
    limits, processors, priority.
    """

    command: tuple[str, ...]
    modules: tuple[str, ...]
    variables: tuple[tuple[str, str], ...]
    inherited: tuple

    @property
    def digest(self) -> str:
        """The key in a few letters, for another process to compare with its own."""
        return hashlib.sha256(repr(self).encode()).hexdigest()


def possible(variables: Mapping[str, str]) -> bool:
    """Whether kernels with those variables can be started warm on this system."""
    cold = variables.get("LABS_COLD") or os.environ.get("LABS_COLD")
    there = hasattr(os, "fork") and hasattr(os, "pidfd_open") and Path("/proc/self/fd").is_dir()
    return sys.platform == "linux" and there and cold in (None, "", "0")


def split_command(command: Sequence[str]) -> tuple[tuple[str, ...], list[str]] | None:
    """The command of a kernel, cut into the interpreter with its options and the kernel's arguments.

    None where it is not ipykernel started in the usual way.

    >>> split_command(["python", "-Xfrozen_modules=off", "-m", "ipykernel_launcher", "-f", "c.json"])
    (('python', '-Xfrozen_modules=off'), ['-f', 'c.json'])
    """
    command = [os.path.expanduser(part) for part in command]  # noqa: PTH111  as jupyter_client does
    if "-m" not in command:
        return None
    at = command.index("-m")
    start, name, arguments = command[:at], command[at + 1 : at + 2], command[at + 2 :]
    if name != [LAUNCHER] or not start or not all(OPTION.fullmatch(option) for option in start[1:]):
        return None
    return tuple(start), arguments


def make_key(command: Sequence[str], variables: Mapping[str, str], modules: Sequence[str]) -> Key:
    """The key of a kernel; no command stands for this very interpreter without options."""
    read = {name: value for name, value in variables.items() if name not in HANDED_OVER and _is_read(name)}
    return Key(tuple(command) or (sys.executable,), tuple(modules), tuple(sorted(read.items())), _inherited())


def _is_read(name: str) -> bool:
    return any(fnmatch.fnmatchcase(name, pattern) for pattern in READ_AT_IMPORT)


def _inherited() -> tuple:
    import resource  # not there on Windows, where there are no keys

    status = Path("/proc/self/status").read_text()
    mask = re.search(r"^Umask:\s*(\S+)", status, re.M)  # os.umask would have to set it to tell it
    limits = [resource.getrlimit(getattr(resource, name)) for name in dir(resource) if name.startswith("RLIMIT_")]
    priority = os.getpriority(os.PRIO_PROCESS, 0)
    return (mask and mask[1], tuple(sorted(os.sched_getaffinity(0))), priority, tuple(limits))
