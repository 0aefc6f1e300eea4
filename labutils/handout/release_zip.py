"""A release as a zip: the same bytes for the same files, whenever and wherever it is packed."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path

DATE = (2020, 1, 1, 0, 0, 0)  # of every file; 1980, where zips begin, is 1979 in some time zones, and pip refuses that

TORN = (OSError, ValueError, EOFError, RuntimeError, zipfile.BadZipFile, zlib.error)  # what reading one may raise


def packed(files: Mapping[str, bytes], top: str) -> bytes:
    """The zip of these files, by their names with "/", below one folder that is called `top`.

    >>> packed({"b": b"2", "a": b"1"}, "x") == packed({"a": b"1", "b": b"2"}, "x")
    True
    """
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(f"{top}/{name}", DATE)
            entry.create_system = 3  # Unix, on Windows too
            entry.external_attr = 0o100644 << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, files[name])
    return out.getvalue()


def unpacked(path: Path) -> dict[str, bytes]:
    """The files of such a zip, without the folder; none where it is missing, torn, or another kind of file."""
    try:
        with zipfile.ZipFile(path) as archive:
            return {name.partition("/")[2]: archive.read(name) for name in archive.namelist() if name[-1:] != "/"}
    except TORN:
        return {}


def one_file(path: Path, name: str) -> bytes:
    """One file of such a zip, without reading the others; b"" where it is not there."""
    try:
        with zipfile.ZipFile(path) as archive:
            found = next((each for each in archive.namelist() if each.partition("/")[2] == name), None)
            return archive.read(found) if found else b""
    except TORN:
        return b""
