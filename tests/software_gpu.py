"""A GPU for tests: SwiftShader, a driver in software that Debian's chromium carries, or the environment's own."""

import ctypes
import os
import sys
from pathlib import Path

import pytest

DRIVER = Path(os.environ.get("VK_ICD_FILENAMES") or "/usr/lib/chromium/vk_swiftshader_icd.json")


def can_load(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


LOADER = "libvulkan.so.1"  # the system's, or the one that lies beside the driver
SYSTEM_WIDE = can_load(LOADER)

there = pytest.mark.skipif(
    not (sys.platform == "linux" and DRIVER.is_file() and (SYSTEM_WIDE or can_load(str(DRIVER.with_name(LOADER))))),
    reason=f"there is no Vulkan, or no {DRIVER}",
)
none = pytest.mark.skipif(sys.platform != "linux", reason="only Vulkan can be told to have no driver")


def use(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VK_ICD_FILENAMES", str(DRIVER))
    if not SYSTEM_WIDE:  # for the child processes, which look for it when they start
        monkeypatch.setenv("LD_LIBRARY_PATH", str(DRIVER.parent))


def hide_all(monkeypatch: pytest.MonkeyPatch) -> None:
    """As on a machine without any adapter."""
    for name in ("VK_ICD_FILENAMES", "VK_DRIVER_FILES"):
        monkeypatch.setenv(name, "/nonexistent/icd.json")
