"""The fence around a process that executes what somebody handed in: put up from within, and never taken down again.

On Linux, with nothing installed and no privileges: limits (setrlimit), no network and no signals to others (seccomp),
no files but its own folder and what Python needs (Landlock, from Linux 5.13 on). What another system lacks is left
out; `standing` tries out what holds.

Sources: the Linux manual pages seccomp(2), landlock(7), prctl(2); <linux/filter.h>, <linux/landlock.h>.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import platform
import struct
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

NO_NEW_PRIVILEGES, SECCOMP, DUMPABLE, DIE_WITH_PARENT, ADOPT = 38, 22, 4, 1, 36  # of prctl
KEEP_POWERS, AMBIENT, READ = 8, 47, 1 << 2
STRANGER = 61_000  # user ids from here on belong to nobody: root's place is taken by one of them
PROCESSES = 256  # of one submission, its threads among them

# Numbers of system calls: x86-64, ARM 64.
MACHINES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}
DENIED = {
    "connect": (42, 203), "ptrace": (101, 117), "process_vm_readv": (310, 270), "process_vm_writev": (311, 271),
    "tkill": (200, 130), "rt_sigqueueinfo": (129, 138), "rt_tgsigqueueinfo": (297, 240), "unshare": (272, 97),
    "setns": (308, 268), "mount": (165, 40), "setpriority": (141, 140), "pidfd_send_signal": (424, 424),
    "io_uring_setup": (425, 425), "pidfd_getfd": (438, 438),
}  # fmt: skip
OWN_ONLY = {"kill": (62, 129), "tgkill": (234, 131), "prlimit64": (302, 261)}  # only with this process's id, or 0
SOCKET = (41, 198)
RESTRICTED = (444, 445, 446)  # landlock_create_ruleset, _add_rule, _restrict_self: the same on both


@dataclass(frozen=True)
class Limits:
    """What the judging of one submission may take.

    seconds: for one answer. memory_mb: beyond what the process has before. file_mb: of any one file that it writes;
    disk_mb: of all that it writes.
    """

    seconds: float = 60.0
    memory_mb: float = 3000.0
    file_mb: float = 100.0
    disk_mb: float = 1000.0


def put_up(folder: Path, readable: Sequence[Path], limits: Limits, user: int | None) -> None:
    """Puts the fence around this process, and all that it will start.

    folder: the only one that it may write to; it belongs to it. readable: beside it, what it may read. user: the id to
    take on, for root. Whatever the system does not offer is passed over.
    """
    _limit(limits)
    if sys.platform != "linux":
        return
    if user is not None:
        _become(user)
    _prctl(DIE_WITH_PARENT, 9)  # after the change, which would undo it
    _prctl(NO_NEW_PRIVILEGES, 1)
    _close_files(folder, readable)
    _close_calls()


def adopt() -> None:
    """From now on, what the descendants of this process leave behind becomes its child, and can be found and ended."""
    if sys.platform == "linux":
        _prctl(ADOPT, 1)


def end_with_parent() -> None:
    """From now on, this process ends when the one that started it does."""
    if sys.platform == "linux":
        _prctl(DIE_WITH_PARENT, 9)


def readable_places(*more: Path) -> list[Path]:
    """What Python and its libraries need to read, and the given folders; nothing that would hold submissions."""
    system = ("/usr", "/lib", "/lib64", "/bin", "/etc", "/proc", "/sys", "/dev", "/opt")
    places = [Path(name) for name in (*system, sys.prefix, sys.base_prefix)]
    return [place for place in dict.fromkeys([*places, *more]) if place.exists()]


def standing(readable: Sequence[Path], user: int | None) -> dict[str, bool]:
    """What of the fence holds on this machine, tried out: "network", "files" and "signals" are closed, or are not."""
    if not hasattr(os, "fork"):
        return {"network": False, "files": False, "signals": False}
    with tempfile.TemporaryDirectory() as inside, tempfile.TemporaryDirectory() as outside:
        secret = Path(outside) / "secret"
        secret.touch()
        secret.chmod(0o644)
        Path(outside).chmod(0o755)
        if user is not None:
            os.chown(inside, user, user)
        reader, writer = os.pipe()
        child = os.fork()
        if child == 0:
            with contextlib.suppress(BaseException):
                put_up(Path(inside), readable, Limits(), user)
                os.write(writer, bytes(_tries(secret)))
            os._exit(0)
        os.close(writer)
        found = os.read(reader, 3)
        os.close(reader)
        os.waitpid(child, 0)
    return dict(zip(("network", "files", "signals"), map(bool, found.ljust(3, b"\0")), strict=True))


def stranger(slot: int) -> int | None:
    """A user id for root to give to a submission; None where root cannot, or somebody else is at work.

    It reads what root reads, as the Python that is needed may lie in root's home; Landlock says what that comes to.
    """
    return STRANGER + slot if sys.platform == "linux" and os.getuid() == 0 and _landlock() > 0 else None


def _become(user: int) -> None:
    """Takes on another user's id, and of all of root's powers keeps that of reading (CAP_DAC_READ_SEARCH)."""
    libc = ctypes.CDLL(None)
    os.setgroups([])
    os.setresgid(user, user, user)
    _prctl(KEEP_POWERS, 1)
    os.setresuid(user, user, user)
    head = ctypes.create_string_buffer(struct.pack("=Ii", 0x20080522, 0))
    powers = ctypes.create_string_buffer(struct.pack("=6I", READ, READ, READ, 0, 0, 0))
    libc.capset(head, powers)
    libc.prctl(AMBIENT, 2, 2, 0, 0)  # also for the programs that it starts
    _prctl(DUMPABLE, 1)  # /proc/self stays its own


def _landlock() -> int:
    """The version of Landlock that this system has; below 1: none."""
    return ctypes.CDLL(None, use_errno=True).syscall(RESTRICTED[0], None, 0, 1)


def _tries(secret: Path) -> list[bool]:
    import socket

    def refused(what: object) -> bool:
        try:
            what()
        except OSError:
            return True
        return False

    network = refused(lambda: socket.socket(socket.AF_INET, socket.SOCK_STREAM).close())
    return [network, refused(secret.read_bytes), refused(lambda: os.kill(os.getppid(), 0))]


def _limit(limits: Limits) -> None:
    try:
        import resource
    except ImportError:  # Windows
        return
    import psutil

    now = psutil.Process().memory_info().vms
    wanted = {
        "RLIMIT_AS": now + int(limits.memory_mb * 1e6), "RLIMIT_FSIZE": int(limits.file_mb * 1e6), "RLIMIT_CORE": 0,
        "RLIMIT_CPU": int(sum(os.times()[:2]) + 20 * limits.seconds), "RLIMIT_NPROC": _own_threads() + PROCESSES,
    }  # fmt: skip
    for name, value in wanted.items():
        if sys.platform == "darwin" and name == "RLIMIT_AS":  # it is there, and stands in the way of everything
            continue
        with contextlib.suppress(OSError, ValueError, AttributeError):
            resource.setrlimit(getattr(resource, name), (value, value))


def _own_threads() -> int:
    """How many threads this user has: the limit counts them all. Root's do not count, as it takes on another id."""
    import psutil

    user, count = os.getuid(), 0
    for process in psutil.process_iter() if user else ():
        with contextlib.suppress(psutil.Error):
            count += process.num_threads() if process.uids().real == user else 0
    return count


def _prctl(option: int, value: int, more: object = 0) -> bool:
    return ctypes.CDLL(None).prctl(option, value, more, 0, 0) == 0


def _close_calls() -> None:
    """A seccomp filter: system calls by which it could reach others say that they are not permitted."""
    which, architecture = MACHINES.get(platform.machine(), (None, 0))
    if which is None:
        return
    load, equal, at_least, leave = 0x20, 0x15, 0x35, 0x06  # of struct bpf: LD|W|ABS, JMP|JEQ|K, JMP|JGE|K, RET|K
    permitted, refused, foreign = 0x7FFF0000, 0x00050000 | 1, 0x00050000 | 38  # ALLOW, ERRNO EPERM, ERRNO ENOSYS
    lines = [
        (load, 0, 0, 4), (equal, 1, 0, architecture), (leave, 0, 0, foreign),
        (load, 0, 0, 0), (at_least, 0, 1, 0x40000000), (leave, 0, 0, foreign),
    ]  # fmt: skip
    for number in (call[which] for call in DENIED.values()):
        lines += [(equal, 0, 1, number), (leave, 0, 0, refused)]
    for number in (call[which] for call in OWN_ONLY.values()):
        lines += [
            (equal, 0, 5, number), (load, 0, 0, 16), (equal, 2, 0, os.getpid()), (equal, 1, 0, 0),
            (leave, 0, 0, refused), (leave, 0, 0, permitted),
        ]  # fmt: skip
    # A socket of the machine's own (AF_UNIX) may be made: pairs of them are pipes. They can connect to nothing.
    lines += [(equal, 0, 3, SOCKET[which]), (load, 0, 0, 16), (equal, 1, 0, 1), (leave, 0, 0, refused)]
    lines += [(leave, 0, 0, permitted)]
    program = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *line) for line in lines))
    head = ctypes.create_string_buffer(struct.pack("HxxxxxxP", len(lines), ctypes.addressof(program)))
    _prctl(SECCOMP, 2, ctypes.cast(head, ctypes.c_void_p))


def _close_files(folder: Path, readable: Sequence[Path]) -> None:
    """A Landlock domain: it may read some places, do anything in its own folder, and nothing elsewhere."""
    create, add, restrict = RESTRICTED
    libc = ctypes.CDLL(None, use_errno=True)
    version = _landlock()
    if version < 1:
        return
    everything = (1 << {1: 13, 2: 14, 3: 15, 4: 15}.get(version, 16)) - 1
    execute, write, read_file, read_folder = 1, 2, 4, 8
    rules = ctypes.create_string_buffer(struct.pack("Q", everything))
    descriptor = libc.syscall(create, rules, 8, 0)
    if descriptor < 0:
        return
    look, file = execute | read_file | read_folder, execute | write | read_file | everything & (1 << 14)
    places = [(place, look) for place in readable] + [(folder, everything), (Path(os.devnull), file)]
    for place, rights in places:
        with contextlib.suppress(OSError):
            opened = os.open(place, os.O_PATH | os.O_CLOEXEC)
            rights = rights if place.is_dir() else rights & file
            rule = ctypes.create_string_buffer(struct.pack("=Qi", rights, opened))
            libc.syscall(add, descriptor, 1, rule, 0)
            os.close(opened)
    libc.syscall(restrict, descriptor, 0)
    os.close(descriptor)
