"""A file that somebody handed in, on disk or in a zip, and how it is read: bounded, and by nothing that it says itself.

No link is followed and no size is believed. Paths out of zips are names, and nothing else: no file is opened by one.
"""

from __future__ import annotations

import io
import os
import stat
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from labutils.errors import LabError
from labutils.marking.submissions.names import shown

LIMIT = 512 * 2**20  # bytes of one file: a notebook with videos in it is smaller
STEP = 2**16
# Others can swell a few bytes to gigabytes in one step, and no learning platform writes them.
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


@dataclass(frozen=True)
class OnDisk:
    """A file, by its path. It is opened only if it is a plain file still, and no link."""

    path: Path

    @property
    def name(self) -> str:
        """Its own name, as it is shown."""
        return shown(self.path.name)

    def open(self, limit: int) -> BinaryIO:
        """The file itself: a zip of a whole class may be larger than a file may be."""
        flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
        try:
            descriptor = os.open(self.path, flags)
        except OSError as error:
            raise LabError(f"{self.name} cannot be read ({error.strerror}): ask for it anew.") from None
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            os.close(descriptor)
            raise LabError(f"{self.name} is no plain file: put the file itself there.")
        return os.fdopen(descriptor, "rb")

    def read(self, limit: int = LIMIT) -> bytes:
        """All of it; LabError where it is larger than the limit, or cannot be read."""
        with self.open(limit) as file:
            return read_bounded(file, self.name, limit)


@dataclass(frozen=True)
class Packed:
    """A file in a zip, by its place in the table of contents: a name may stand there twice."""

    archive: OnDisk | Packed
    place: int
    name: str

    def open(self, limit: int) -> BinaryIO:
        """What it holds, in memory."""
        return io.BytesIO(self.read(limit))

    def read(self, limit: int = LIMIT) -> bytes:
        """All of it; LabError where it is larger than the limit, damaged or encrypted."""
        with self.archive.open(limit) as file, opened(file, self.archive.name) as archive:
            members = archive.infolist()[self.place : self.place + 1]
            if not members:
                raise LabError(f"{self.name} is not in its zip any more: ask for it anew.")
            return read_member(archive, members[0], self.name, limit)


def opened(file: BinaryIO, name: str) -> zipfile.ZipFile:
    """The zip in an open file; LabError where it is damaged."""
    try:
        return zipfile.ZipFile(file)
    except Exception as error:  # zipfile raises whatever comes of damaged numbers: nine kinds of errors at least
        raise LabError(f"{name} is no whole zip ({_why(error)}): ask for it anew.") from None


def read_member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str, limit: int) -> bytes:
    """What a zip holds at one place; LabError where it is larger than the limit, damaged or encrypted."""
    if info.flag_bits & 1:
        raise LabError(f"{name} is encrypted: ask for it without a password.")
    if info.compress_type not in METHODS:
        raise LabError(f"{name} is packed in a way that is not read here: ask for a plain zip.")
    if info.file_size > limit:
        raise LabError(too_large(name, limit))
    try:
        with archive.open(info) as file:
            return read_bounded(file, name, limit)
    except LabError:
        raise
    except Exception as error:  # as above
        raise LabError(f"{name} cannot be unpacked ({_why(error)}): ask for it anew.") from None


def read_bounded(file: BinaryIO, name: str, limit: int) -> bytes:
    """All that is left of an open file; LabError where that is more than the limit."""
    content = bytearray()
    while piece := file.read(STEP):
        content += piece
        if len(content) > limit:
            raise LabError(too_large(name, limit))
    return bytes(content)


def too_large(name: str, limit: int) -> str:
    """The sentence for a file that is larger than it may be."""
    return f"{name} is larger than {limit / 2**20:,.0f} MB: ask for it with its outputs cleared."


def _why(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:80].rstrip(".")
