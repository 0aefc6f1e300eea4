"""What `labs doctor` looks at: whether the course will run here, and what to do where it will not.

It needs nothing but the standard library, and never imports what it judges: it is run when things are broken.
"""

from __future__ import annotations

import importlib.util
import os
import platform
import shutil
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from labutils.course import requirements
from labutils.course.finding import OK, PROBLEM, WARNING, Finding
from labutils.device import litert_js
from labutils.errors import LabError
from labutils.legacy import place
from labutils.paths import course_root

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")
WHEELS = {"Linux": ("x86_64", "amd64", "aarch64"), "Darwin": ("arm64",), "Windows": ("amd64", "x86_64")}
MODEL_RUNTIMES = {"ai_edge_litert": "labs that only run a model", "tensorflow": "labs that train or convert"}


@dataclass(frozen=True)
class Machine:
    """What there is to know about a machine without a library."""

    system: str
    processor: str
    python: tuple[int, int, int]
    bits: int
    libc: str
    flags: frozenset[str] | None  # the processor's features; None where they are not cheaply known


def examine() -> list[Finding]:
    """All findings, in the order in which they are best read; a look that breaks becomes a finding itself.

    >>> {finding.state for finding in examine()} <= {"ok", "warning", "problem"}
    True
    """
    machine = this_machine()
    looks: list[Callable[[], list[Finding]]] = [
        lambda: [check_python(machine), check_platform(machine), check_processor(machine)],
        lambda: [check_memory(total_memory())],
        check_course,
        requirements.check_versions,
        lambda: [check_kernel(), *check_runtimes(), check_bytecode()],
        lambda: [check_flex()],
        lambda: [check_browser(), check_browser_runtime()],
    ]
    return [finding for look in looks for finding in _safely(look)]


def this_machine() -> Machine:
    """The machine that this runs on."""
    libc = platform.libc_ver()[0]
    if sys.platform == "linux" and not libc and list(Path("/lib").glob("ld-musl-*")):
        libc = "musl"
    bits = sys.maxsize.bit_length() + 1
    return Machine(platform.system(), platform.machine().lower(), sys.version_info[:3], bits, libc, _flags())


def check_python(machine: Machine) -> Finding:
    """Whether TensorFlow has wheels for this Python.

    >>> check_python(Machine("Linux", "x86_64", (3, 9, 1), 64, "glibc", None)).state
    'problem'
    """
    version = ".".join(map(str, machine.python))
    if machine.bits != 64:
        cure = "install a 64-bit Python 3.11, 3.12 or 3.13"
        return Finding("Python", PROBLEM, f"{version}, {machine.bits} bits", cure)
    if not (3, 11) <= machine.python[:2] <= (3, 13):
        return Finding("Python", PROBLEM, version, "TensorFlow has no wheels for it: install Python 3.11, 3.12 or 3.13")
    return Finding("Python", OK, f"{version}, {sys.executable}")


def check_platform(machine: Machine) -> Finding:
    """Whether TensorFlow has wheels for this system and processor."""
    found = f"{machine.system} {machine.processor}"
    if machine.system == "Darwin" and machine.processor == "x86_64":
        cure = "TensorFlow has no wheels for Intel Macs, nor for a Python under Rosetta: use an arm64 Python, or Linux"
        return Finding("platform", PROBLEM, found, cure)
    if machine.processor not in WHEELS.get(machine.system, ()):
        cure = "TensorFlow has no wheels for it: use Linux x86-64 or arm64, macOS on Apple silicon, or Windows x86-64"
        return Finding("platform", PROBLEM, found, cure)
    if machine.libc == "musl":
        return Finding("platform", PROBLEM, f"{found}, musl", "the wheels need glibc: use Debian, Ubuntu or Fedora")
    return Finding("platform", OK, f"{found} {machine.libc}".strip())


def check_processor(machine: Machine) -> Finding:
    """How many processors there are, and on x86 whether they have the AVX that TensorFlow's wheels are compiled for."""
    count = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    if machine.processor in ("x86_64", "amd64") and machine.flags and "avx" not in machine.flags:
        cure = "TensorFlow's wheels need AVX and abort without it: use another machine, or let the emulator pass it on"
        return Finding("processors", PROBLEM, f"{count}, without AVX", cure)
    if count < 2:
        return Finding("processors", WARNING, "1", "labs take longer, and measurements with two threads show no gain")
    return Finding("processors", OK, str(count))


def check_memory(total: float | None) -> Finding:
    """Whether the memory, in GB, holds a lab beside a browser.

    >>> check_memory(2.0).state
    'problem'
    """
    if total is None:
        return Finding("memory", OK, "not known here")
    if total < 2.5:
        return Finding("memory", PROBLEM, f"{total:.1f} GB", "a lab alone takes up to 1.5 GB: use a machine with 4 GB")
    if total < 3.7:
        return Finding("memory", WARNING, f"{total:.1f} GB", "close other programs, shut down a lab's kernel after it")
    return Finding("memory", OK, f"{total:.1f} GB")


def total_memory() -> float | None:
    """The memory in GB, or less where a container is given less; None where that cannot be told."""
    try:
        sizes = [os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")]
    except (AttributeError, ValueError, OSError):
        try:
            import psutil

            sizes = [psutil.virtual_memory().total]
        except Exception:  # psutil may be broken in any way: that is what requirements say
            return None
    for limit in ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"):
        try:
            sizes.append(int(Path(limit).read_text()))
        except (OSError, ValueError):
            continue
    return min(sizes) / 1e9


def check_course() -> list[Finding]:
    """Whether the course is here, and can write to its build/, with room on the disk."""
    try:
        root = course_root()
    except LabError as error:
        return [Finding("course", PROBLEM, "not found", str(error))]
    free = shutil.disk_usage(root).free / 1e9
    disk = Finding("disk", OK, f"{free:.1f} GB free")
    if free < 1:
        disk = Finding("disk", WARNING, f"{free:.1f} GB free", "free some: the labs and their runs write below build/")
    build = root / "build"
    try:
        build.mkdir(exist_ok=True)
        with tempfile.TemporaryFile(dir=build):
            pass
        writes = Finding("build folder", OK, str(build))
    except OSError as error:
        cure = "labs write there: make it writable, or set LABS_BUILD to another folder"
        writes = Finding("build folder", PROBLEM, f"{build} cannot be written ({error.strerror})", cure)
    return [Finding("course", OK, str(root)), disk, writes]


def check_kernel() -> Finding:
    """Whether JupyterLab will start a kernel of this environment for the name python3."""
    if importlib.util.find_spec("ipykernel") is None:
        return Finding("kernel", PROBLEM, "ipykernel is missing", "run `make lab`, or install requirements.lock")
    try:
        from jupyter_client.kernelspec import KernelSpecManager

        command = KernelSpecManager().get_kernel_spec("python3").argv[0]
    except Exception as error:  # whatever a broken installation raises
        return Finding("kernel", PROBLEM, f"python3 not found ({type(error).__name__})", requirements.CURE)
    own = os.path.normcase(sys.executable)
    if Path(command).is_absolute() and os.path.normcase(command) != own and not _same(command, own):
        cure = "open the labs with `labs open`, which prefers this environment's kernel"
        return Finding("kernel", WARNING, f"python3 is {command}", cure)
    return Finding("kernel", OK, "python3 is this environment's")


def check_runtimes() -> list[Finding]:
    """Which runtimes for models are installed; nothing is imported."""
    findings = []
    for module, used in MODEL_RUNTIMES.items():
        if importlib.util.find_spec(module) is None:
            findings.append(Finding(module, PROBLEM, "missing", f"{used} need it: run `make lab`"))
        else:
            findings.append(Finding(module, OK, f"there, for {used}"))
    return findings


def check_bytecode() -> Finding:
    """Whether TensorFlow's bytecode is compiled; it is not, ever, where PYTHONDONTWRITEBYTECODE stands in the way."""
    spec = importlib.util.find_spec("tensorflow")
    if spec is None or not spec.origin:
        return Finding("bytecode", OK, "nothing to compile")
    if Path(importlib.util.cache_from_source(spec.origin)).exists():
        return Finding("bytecode", OK, "compiled")
    if os.environ.get("PYTHONDONTWRITEBYTECODE"):
        cure = "TensorFlow then takes three times as long to import: `make` compiles it once, at installation"
        return Finding("bytecode", WARNING, "not compiled, and PYTHONDONTWRITEBYTECODE is set", cure)
    return Finding("bytecode", OK, "not compiled yet: the first import of TensorFlow does it")


def check_flex() -> Finding:
    """Whether the second environment is there, which one part of lab 05 uses; a course without it is a whole one."""
    found = place.look()
    if found.ready:
        return Finding("TF Select", OK, f"there, in {found.folder}")
    if found.state == place.MISSING:
        return Finding("TF Select", OK, f"no Flex environment; lab 05 says when `{place.HOW}` is worth it")
    return Finding("TF Select", WARNING, found.sentence)


def check_browser() -> Finding:
    """Whether a Chromium is there for the browser tests; a learner needs none in particular."""
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    return Finding("Chromium", OK, found or "none: `make test` will skip the browser tests; labs need none")


def check_browser_runtime() -> Finding:
    """Whether LiteRT.js is there, for models in a browser; a course without it is a whole one but for that."""
    found = litert_js.runtime_state()
    if found.whole:
        return Finding("LiteRT.js", OK, f"there, in {found.folder}")
    if found.state == litert_js.MISSING:
        return Finding("LiteRT.js", OK, "not there: `labs app setup` fetches it, for models in a browser")
    return Finding("LiteRT.js", WARNING, found.sentence)


def _same(one: str, other: str) -> bool:
    """Whether both are the same file of the same environment; every environment may link to one base Python."""
    return Path(one).parent.resolve() == Path(other).parent.resolve()


def _safely(look: Callable[[], list[Finding]]) -> list[Finding]:
    try:
        return look()
    except Exception as error:  # a broken installation must not stop its own diagnosis
        return [Finding("doctor", WARNING, f"one look failed ({type(error).__name__}: {error})", "please report it")]


def _flags() -> frozenset[str] | None:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="ascii", errors="replace").splitlines()
    except OSError:
        return None
    return next((frozenset(line.split(":", 1)[1].split()) for line in lines if line.startswith("flags")), None)
