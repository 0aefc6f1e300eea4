"""Opens the course in JupyterLab, set up for a newcomer and for a machine without a network."""

import contextlib
import errno
import os
import secrets
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from importlib import resources
from pathlib import Path

from labutils.course.catalog import Lab
from labutils.errors import LabError
from labutils.paths import course_root

FIRST_PORT, PORTS = 8888, 100
START_LIMIT = 90  # seconds
NBGRADER = ("formgrader", "validate_assignment", "assignment_list", "course_list")  # parts of its server


def open_lab(
    lab: Lab,
    *,
    port: int | None = None,
    ip: str = "127.0.0.1",
    browser: bool = True,
    tell: Callable[[str], None] = print,
) -> int:
    """Runs JupyterLab in the foreground, with the lab in front, until it is stopped; gives back its exit code.

    port: 8888 by default, or the next free one; a port that was asked for must be free. tell: gets the address once
    JupyterLab answers. Raises LabError when the port is taken or the address is none of this machine's.
    """
    if not lab.notebook.exists():
        raise LabError(f"{lab.notebook.name} is not there yet: build it with `labs build {lab.number}`.")
    port = checked_port(ip, port) if port is not None else free_port(ip)
    token = os.environ.get("JUPYTER_TOKEN") or secrets.token_hex(16)
    server = subprocess.Popen(command(lab, port, ip, browser and _has_display()), env=server_environment(token))
    with _ended(server):
        host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(ip, f"[{ip}]" if ":" in ip else ip)
        address = f"http://{host}:{port}"
        if not _answers(server, address):
            raise LabError("JupyterLab did not start: what it says above tells why; `labs doctor` may tell more.")
        tell(f"{lab.title}: {address}{lab_url(lab)}?token={token}\nStop it with Ctrl-C.")
        return server.wait()


def command(lab: Lab, port: int, ip: str, browser: bool) -> list[str]:
    """The command that starts JupyterLab: on the course, the lab in front, with no question put to the network."""
    import zmq

    root = course_root()
    options: dict[str, object] = {
        "ServerApp.root_dir": root,
        "ServerApp.ip": ip,
        "ServerApp.port": port,
        "ServerApp.port_retries": 0,
        "ServerApp.open_browser": browser,
        "ServerApp.answer_yes": True,  # Ctrl-C stops it at once
        "LabApp.default_url": lab_url(lab),
        "LabApp.app_settings_dir": settings_folder(),
        "LabApp.workspaces_dir": root / "build" / "workspaces",  # the open tabs of other projects stay theirs
        "LabApp.news_url": None,
        "LabApp.check_for_updates_class": "jupyterlab.NeverCheckForUpdate",
        "LabApp.extension_manager": "readonly",
        "Application.log_level": "ERROR",
        # Where nbgrader is installed, for the teacher: its menus are none of a learner's (see also page_config.json).
        "ServerApp.jpserver_extensions": {f"nbgrader.server_extensions.{name}": False for name in NBGRADER},
    }
    if zmq.has("curve"):  # other users of this machine cannot read what passes between notebook and kernel
        options["KernelManager.transport_encryption"] = "auto"
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        options["ServerApp.allow_root"] = True  # containers; the token still guards it
    return [sys.executable, "-m", "jupyterlab", *(f"--{name}={value}" for name, value in options.items())]


def server_environment(token: str) -> dict[str, str]:
    """The server's environment variables: kernels and commands of this environment, labs in the course's build/."""
    variables = {name: value for name, value in os.environ.items() if name != "LABS_BUILD"}
    path = os.pathsep.join([str(Path(sys.executable).parent), variables.get("PATH", "")])
    return variables | {"PATH": path, "JUPYTER_TOKEN": token, "JUPYTER_PREFER_ENV_PATH": "1"}


def lab_url(lab: Lab) -> str:
    """The path of the lab's notebook in JupyterLab."""
    return f"/lab/tree/notebooks/{lab.notebook.name}"


def settings_folder() -> Path:
    """The folder of the settings that the course ships: defaults, over which a user's own settings win.

    >>> (settings_folder() / "overrides.json").exists()
    True
    """
    return Path(str(resources.files("labutils.course") / "jupyter"))


def checked_port(ip: str, port: int) -> int:
    """The port, if it can be had at that address; LabError says why not."""
    if not 1 <= port <= 65535:
        raise LabError(f"{port} is no port: choose one from 1024 to 65535.")
    if reason := _refusal(ip, port):
        raise LabError(f"Port {port} on {ip} {reason}: choose another one, or leave --port out.")
    return port


def free_port(ip: str) -> int:
    """The first port from 8888 on that can be had at that address."""
    for port in range(FIRST_PORT, FIRST_PORT + PORTS):
        if not _refusal(ip, port):
            return port
    raise LabError(f"No port from {FIRST_PORT} to {FIRST_PORT + PORTS - 1} is free: choose one with --port.")


def _refusal(ip: str, port: int) -> str | None:
    """Why the port cannot be had; LabError when the address cannot."""
    family = socket.AF_INET6 if ":" in ip else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        if os.name == "posix":  # what was just closed may be opened again; elsewhere the option means something else
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((ip, port))
        except OSError as error:
            if isinstance(error, socket.gaierror) or error.errno == errno.EADDRNOTAVAIL:
                raise LabError(f"{ip} is no address of this machine: leave --ip out, or give 0.0.0.0.") from None
            return "is taken" if error.errno == errno.EADDRINUSE else f"cannot be used ({error.strerror})"
    return None


def _answers(server: subprocess.Popen, address: str) -> bool:
    """Waits until the server answers; False when it ends before, or takes too long."""
    limit = time.monotonic() + START_LIMIT
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    while server.poll() is None and time.monotonic() < limit:
        try:
            with opener.open(f"{address}/api", timeout=2):
                return True
        except urllib.error.HTTPError:
            return True
        except OSError:
            time.sleep(0.15)
    return False


@contextlib.contextmanager
def _ended(server: subprocess.Popen) -> Iterator[None]:
    """Leaves no server behind, however the block ends."""
    try:
        yield
    finally:
        server.terminate()
        try:
            server.wait(timeout=15)
        except (subprocess.TimeoutExpired, KeyboardInterrupt):
            server.kill()
            server.wait()


def _has_display() -> bool:
    """Whether a browser has a screen to open on; without one, a text browser would take the terminal over."""
    if sys.platform != "linux" or "microsoft" in os.uname().release.lower():
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
