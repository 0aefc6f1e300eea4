"""A careful walk through a FlatBuffer: every read is checked, and every byte learns which part of the file it is.

The flatbuffers package reads any table, but checks nothing: in a damaged file it would follow an offset anywhere, or
loop over four thousand million elements. This walk refuses both, and keeps a map of who owns which byte.
Source: https://flatbuffers.dev/internals/ (vtables, offsets, vectors).
"""

import struct
from collections.abc import Iterator
from typing import Any

import numpy as np
from flatbuffers import number_types as N
from flatbuffers.encode import Get
from flatbuffers.table import Table

INT8, UINT8, INT32, UINT32 = N.Int8Flags, N.Uint8Flags, N.Int32Flags, N.Uint32Flags
INT64, UINT64, FLOAT32, BOOL = N.Int64Flags, N.Uint64Flags, N.Float32Flags, N.BoolFlags
OFFSET = 4  # bytes of an offset, and of the length before a vector


class Damaged(Exception):
    """An offset or a length that leads out of the file."""


class ByteMap:
    """The file's bytes, with the part of the file that each belongs to (part 0: belongs to none)."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        self.owner = np.zeros(len(content), np.uint8)
        self.parts = ["layout"]
        self.budget = 2 * len(content)  # elements that may be read in all; a healthy file stays far below

    def claim(self, start: int, length: int, part: str) -> None:
        if start < 0 or length < 0 or start + length > len(self.content):
            raise Damaged(f"{length:,} bytes at {start:,} leave the file")
        if part not in self.parts:
            self.parts.append(part)
        self.owner[start : start + length] = self.parts.index(part)

    def spend(self, elements: int) -> None:
        self.budget -= elements
        if self.budget < 0:
            raise Damaged("it lists more elements than it has room for")

    def sizes(self) -> dict[str, int]:
        """Bytes by part; their sum is the file's size."""
        counts = np.bincount(self.owner, minlength=len(self.parts))
        return {part: int(count) for part, count in zip(self.parts, counts, strict=True)}


class Node:
    """A table in the file. Fields are named by slot: the n-th field of a schema's table has slot 4 + 2n."""

    def __init__(self, bytemap: ByteMap, position: int, part: str) -> None:
        self.map, self.part, self.position = bytemap, part, position
        bytemap.claim(position, OFFSET, part)
        vtable = position - Get(N.SOffsetTFlags.packer_type, bytemap.content, position)
        bytemap.claim(vtable, 4, part)
        vtable_size, self.size = struct.unpack_from("<HH", bytemap.content, vtable)
        bytemap.claim(vtable, vtable_size, part)
        bytemap.claim(position, self.size, part)
        self._table = Table(bytemap.content, position)

    @classmethod
    def root(cls, bytemap: ByteMap, part: str) -> "Node":
        return cls(bytemap, struct.unpack_from("<I", bytemap.content, 0)[0], part)

    def _offset(self, slot: int, width: int) -> int:
        """Where the field's value stands inside the table, or 0 where the field is absent."""
        offset = self._table.Offset(slot)
        if offset and offset + width > self.size:
            raise Damaged(f"a field at {self.position + offset:,} leaves its table")
        return offset

    def scalar(self, slot: int, kind: Any, default: Any = 0) -> Any:
        offset = self._offset(slot, kind.bytewidth)
        return self._table.Get(kind, self.position + offset) if offset else default

    def table(self, slot: int, part: str) -> "Node | None":
        offset = self._offset(slot, OFFSET)
        return Node(self.map, self._table.Indirect(self.position + offset), part) if offset else None

    def text(self, slot: int, part: str) -> str:
        start, length = self._span(slot, 1, part)
        return self.map.content[start : start + length].decode("utf-8", "replace")

    def numbers(self, slot: int, kind: Any, part: str = "") -> np.ndarray:
        """A vector of numbers, shape (n,)."""
        start, length = self._span(slot, kind.bytewidth, part or self.part)
        return np.frombuffer(self.map.content, N.to_numpy_type(kind), length, start)

    def tables(self, slot: int, part: str) -> Iterator["Node"]:
        """The tables of a vector of tables, in order."""
        start, length = self._span(slot, OFFSET, part)
        for position in range(start, start + length * OFFSET, OFFSET):
            yield Node(self.map, self._table.Indirect(position), part)

    def _span(self, slot: int, width: int, part: str) -> tuple[int, int]:
        """Where a vector's elements begin, and how many there are; both 0 where the field is absent."""
        offset = self._offset(slot, OFFSET)
        if not offset:
            return 0, 0
        start = self._table.Indirect(self.position + offset)
        self.map.claim(start, OFFSET, "layout")
        length = struct.unpack_from("<I", self.map.content, start)[0]
        self.map.claim(start + OFFSET, length * width, part)
        self.map.spend(length)
        return start + OFFSET, length
