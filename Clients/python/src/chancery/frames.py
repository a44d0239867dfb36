"""Frames: a header of 16 bytes, then a body."""

from __future__ import annotations

import enum
import struct
from typing import NamedTuple

HEADER_LENGTH = 16
_header = struct.Struct("<IBBHQ")


class Kind(enum.IntEnum):
    """What a frame is."""

    HELLO = 1
    REQUEST = 2
    REPLY = 3
    ERROR = 4
    DATA = 5
    END = 6
    CREDIT = 7
    CANCEL = 8
    PING = 9
    PONG = 10
    GOAWAY = 11


class Flag(enum.IntFlag):
    """Flags of a frame."""

    IGNORABLE = 1
    LAST = 2


class Header(NamedTuple):
    """The header of a frame. ``kind`` is a number, since a peer may send kinds that this client does not know."""

    length: int
    kind: int
    flags: int
    method: int
    stream: int

    @classmethod
    def decode(cls, data: bytes | bytearray | memoryview) -> Header:
        """The header in the first 16 bytes of ``data``."""
        return cls(*_header.unpack_from(data))

    def encode(self) -> bytes:
        """The 16 bytes."""
        return _header.pack(*self)


def frame(kind: Kind, stream: int = 0, body: bytes | bytearray | memoryview = b"", *, flags: int = 0, method: int = 0) -> bytes:
    """A whole frame."""
    return Header(len(body), kind, flags, method, stream).encode() + body
