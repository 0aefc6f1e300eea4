"""A GPU for tests: SwiftShader, a driver in software that Debian's chromium carries, or the environment's own."""

import ctypes
import os
import sys
from pathlib import Path

import pytest

DRIVER = Path(os.environ.get("VK_ICD_FILENAMES") or "/usr/lib/chromium/vk_swiftshader_icd.json")


def has_loader() -> bool:
    try:
        ctypes.CDLL("libvulkan.so.1")
    except OSError:
        return False
    return True


there = pytest.mark.skipif(
    not (sys.platform == "linux" and DRIVER.is_file() and has_loader()), reason=f"there is no Vulkan, or no {DRIVER}"
)
none = pytest.mark.skipif(sys.platform != "linux", reason="only Vulkan can be told to have no driver")


def use(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VK_ICD_FILENAMES", str(DRIVER))


def hide_all(monkeypatch: pytest.MonkeyPatch) -> None:
    """As on a machine without any adapter."""
    for name in ("VK_ICD_FILENAMES", "VK_DRIVER_FILES"):
        monkeypatch.setenv(name, "/nonexistent/icd.json")
