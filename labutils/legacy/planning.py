"""What an installation will take: the packages, the megabytes, a Python that fits, room on the disk."""

import os
import platform
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from labutils.errors import LabError
from labutils.legacy.place import pins

PYTHONS = ((3, 11), (3, 12))
# Megabytes to fetch, and on the disk. The first was measured; the others add up the sizes of the wheels.
SIZES = {"linux x86_64": (310, 1400), "linux": (340, 1700), "darwin": (340, 1600), "win32": (480, 1900)}


@dataclass(frozen=True)
class Plan:
    """What is going to be installed where, and with what.

    python: the one to begin with. uv: the command's path, or None where pip does it. packages: name -> version.
    fetch, disk: megabytes, about.
    """

    folder: Path
    python: str
    uv: str | None
    files: tuple[Path, ...]
    packages: dict[str, str]
    fetch: int
    disk: int

    def lines(self) -> Iterator[str]:
        """The plan in a few lines."""
        chief = [name for name in self.packages if name.startswith("tensorflow-cpu") or name == "tensorflow"]
        chief += [name for name in ("tf-keras", "tensorflow-model-optimization") if name in self.packages]
        rest = len(self.packages) - len(chief)
        named = ", ".join(f"{name} {self.packages[name]}" for name in chief)
        yield f"packages  {named}, and {rest} more, all pinned, checksums compared"
        yield f"size      about {self.fetch:,} MB to fetch, {self.disk:,} MB on the disk"
        yield f"where     {self.folder}"
        yield f"with      {'uv' if self.uv else 'pip'}, {self.python}"


def plan(place: Path, names: Iterable[str]) -> Plan:
    """What installing these files of pins ("flex", "qat") into the folder will take.

    Raises LabError where no Python fits, the platform has no such TensorFlow, or the disk has no room.
    """
    files = tuple(pins(name) for name in names)
    uv = shutil.which("uv")
    python = find_python(with_pip=uv is None)
    packages = {name: version for file in files for name, version in pinned(file, python_version(python)).items()}
    whole = pins("flex") in files
    fetch, disk = _sizes() if whole else (3, 15)
    free = shutil.disk_usage(_existing(place)).free // 1_000_000
    if free < fetch + disk:
        where = f"{free:,} MB are free where {place} is to be"
        raise LabError(f"{where}, and {fetch + disk:,} MB are needed: free some, or set LABS_FLEX to another disk.")
    return Plan(place, python, uv, files, packages, fetch, disk)


def _sizes() -> tuple[int, int]:
    machine = platform.machine().lower()
    if sys.platform == "darwin" and machine == "x86_64":
        raise LabError("No TensorFlow with the Flex delegate is pinned for Intel Macs: use an arm64 Python, or Linux.")
    return SIZES.get(f"{sys.platform} {machine}") or SIZES.get(sys.platform) or SIZES["linux"]


def find_python(with_pip: bool) -> str:
    """A Python 3.11 or 3.12 that can make an environment: the course's own, else one on the PATH.

    with_pip: whether it must be able to bring pip along. Raises LabError where there is none.

    >>> sys.version_info >= (3, 13) or Path(find_python(with_pip=False)).is_absolute()
    True
    """
    names = ["python3.12", "python3.11", "python3", "python"]
    found = [sys.executable, *filter(None, map(shutil.which, names))]
    if os.name == "nt" and (launcher := shutil.which("py")):
        found += [path for version in ("-3.12", "-3.11") if (path := _said(launcher, version, "print(sys.executable)"))]
    modules = "venv, ensurepip" if with_pip else "venv"
    test = f"import {modules}; print(sys.version_info[:2] in {PYTHONS} and sys.maxsize > 2**32)"
    for path in found:
        if _said(path, "-I", test) == "True":
            return path
    own = platform.python_version()
    raise LabError(
        f"TF Select needs Python 3.11 or 3.12 (with venv), and none is here beside {own}: install one so that "
        "python3.12 is on the PATH, then run `labs flex install` again."
    )


def python_version(python: str) -> str:
    """The version of a Python, such as 3.11.7."""
    return _said(python, "-I", "print('%d.%d.%d' % sys.version_info[:3])")


def _said(command: str, flag: str, code: str) -> str:
    """What a Python prints for a line of code; empty when it fails: on the PATH may stand what only looks like one."""
    try:
        done = subprocess.run(
            [command, flag, "-c", f"import sys; {code}"],
            capture_output=True, text=True, timeout=20, stdin=subprocess.DEVNULL,
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""


def pinned(file: Path, python: str) -> dict[str, str]:
    """Name -> version of what a file of pins installs on this platform with that version of Python.

    >>> pinned(pins("qat"), "3.11.7")["tensorflow-model-optimization"]
    '0.8.1'
    """
    from packaging.requirements import Requirement

    versions = {"python_full_version": python, "python_version": ".".join(python.split(".")[:2])}
    lines = [line.rstrip("\\ ") for line in file.read_text(encoding="utf-8").splitlines() if re.match(r"\w", line)]
    found = [Requirement(line) for line in lines]
    kept = [each for each in found if each.marker is None or each.marker.evaluate(versions)]
    return {each.name: str(each.specifier).removeprefix("==") for each in kept}


def _existing(place: Path) -> Path:
    """The folder, or the nearest one above it that is there."""
    return next(each for each in (place, *place.absolute().parents) if each.is_dir())
