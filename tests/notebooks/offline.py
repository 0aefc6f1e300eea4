"""Runs a command without a network: in a network namespace of its own where the machine allows it, else guarded.

python -m tests.notebooks.offline COMMAND...
"""

import os
import shutil
import socket
import struct
import subprocess
import sys
from pathlib import Path

GUARD = Path(__file__).parent / "guard"  # a sitecustomize that refuses every connection but those to this machine
LOOPBACK_UP = struct.pack("16sh", b"lo", 0x1 | 0x40)  # struct ifreq: name, flags UP and RUNNING
SIOCSIFFLAGS = 0x8914  # Linux: set interface flags


def namespace() -> list[str]:
    """The command words that open a network namespace, or nothing where that is not possible."""
    if not (sys.platform == "linux" and shutil.which("unshare")):
        return []
    for words in (["unshare", "--net"], ["unshare", "--net", "--map-root-user"]):
        if subprocess.run([*words, "true"], capture_output=True).returncode == 0:
            return words
    return []


def command(words: list[str]) -> tuple[list[str], dict[str, str]]:
    """The command without a network, and its environment variables."""
    if cut := namespace():
        return [*cut, sys.executable, "-m", "tests.notebooks.offline", *words], dict(os.environ)
    return words, os.environ | {"PYTHONPATH": str(GUARD)}


def main(words: list[str]) -> None:
    """Inside the namespace: the loopback interface, which kernels talk over, is up; nothing else exists."""
    import fcntl

    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        fcntl.ioctl(control, SIOCSIFFLAGS, LOOPBACK_UP)
    os.execvp(words[0], words)


if __name__ == "__main__":
    main(sys.argv[1:])
