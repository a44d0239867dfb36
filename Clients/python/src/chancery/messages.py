"""Decoding and encoding of messages, as strictly as the protocol asks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Generic, TypeVar, cast

from google.protobuf.descriptor import Descriptor, FieldDescriptor
from google.protobuf.message import DecodeError, Message

from .errors import InternalError, InvalidError, TooLargeError

MAXIMUM_ELEMENTS = 131_072
MAXIMUM_DEPTH = 16
# The largest message that is taken out of DATA.
MAXIMUM_MESSAGE = 65 * 1024 * 1024

M = TypeVar("M", bound=Message)

_wire_types = {FieldDescriptor.TYPE_FIXED64: 1, FieldDescriptor.TYPE_FLOAT: 5}
_length_delimited = (FieldDescriptor.TYPE_STRING, FieldDescriptor.TYPE_BYTES, FieldDescriptor.TYPE_MESSAGE)


def encode(message: Message) -> bytes:
    """The bytes of a message: fields in the order of their numbers, maps in the order of their keys."""
    return message.SerializeToString(deterministic=True)


def decode(cls: type[M], data: bytes) -> M:
    """The message in ``data``. Raises InvalidError where the protocol does not allow what is there."""
    message = cls()
    try:
        message.ParseFromString(data)
    except DecodeError as error:
        raise InvalidError(f"a {message.DESCRIPTOR.name} cannot be decoded: {error}") from None
    # protobuf takes a known field with another wire type, and a group, for a field it does not know. And a message has more than the
    # allowed elements only when it is long. So what is short and known throughout needs no second look.
    size = message.ByteSize()
    message.DiscardUnknownFields()
    if message.ByteSize() != size or len(data) > 2 * MAXIMUM_ELEMENTS:
        _check(cast(Descriptor, message.DESCRIPTOR), memoryview(data), 1)
    return message


def _check(descriptor: Descriptor, data: memoryview, depth: int) -> None:
    """Raises InvalidError for groups, wrong wire types, too many elements and too deep a nesting, in well-formed bytes."""
    if depth > MAXIMUM_DEPTH:
        raise InvalidError(f"more than {MAXIMUM_DEPTH} nested messages")
    counts: dict[int, int] = {}
    at = 0
    while at < len(data):
        tag, at = _varint(data, at)
        number, wire_type = tag >> 3, tag & 7
        start = at
        if wire_type == 0:
            _, at = _varint(data, at)
        elif wire_type in (1, 5):
            at += 8 if wire_type == 1 else 4
        elif wire_type == 2:
            length, start = _varint(data, at)
            at = start + length
        else:
            raise InvalidError(f"field {number} of {descriptor.name} is a group")
        field = descriptor.fields_by_number.get(number)
        if field is None:
            continue
        if wire_type != (2 if field.type in _length_delimited else _wire_types.get(field.type, 0)):
            raise InvalidError(f"field {field.name} of {descriptor.name} has wire type {wire_type}")
        counts[number] = counts.get(number, 0) + 1
        if field.is_repeated and counts[number] > MAXIMUM_ELEMENTS:
            raise InvalidError(f"field {field.name} of {descriptor.name} has more than {MAXIMUM_ELEMENTS} elements")
        if field.message_type is not None:
            _check(field.message_type, data[start:at], depth + 1)


def _varint(data: memoryview | bytearray, at: int) -> tuple[int, int]:
    """The varint at a place where a whole one is, and the place after it."""
    value = shift = 0
    while True:
        byte = data[at]
        value |= (byte & 0x7F) << shift
        at += 1
        if byte < 0x80:
            return value, at
        shift += 7


class Delimited(Generic[M]):
    """Takes messages, each after its length as a varint, out of a stream of bytes."""

    def __init__(self, cls: type[M]) -> None:
        self._cls = cls
        self._buffer = bytearray()

    def feed(self, data: bytes) -> Iterator[M]:
        """The messages that are whole with ``data``."""
        self._buffer += data
        while (length := self._length()) is not None:
            size, start = length
            if size > MAXIMUM_MESSAGE:
                raise TooLargeError(f"a {self._cls.DESCRIPTOR.name} of {size} bytes", details={"limit": str(MAXIMUM_MESSAGE)})
            if len(self._buffer) < start + size:
                return
            message = decode(self._cls, bytes(self._buffer[start : start + size]))
            del self._buffer[: start + size]
            yield message

    def finish(self) -> None:
        """Raises InternalError when the stream ends within a message."""
        if self._buffer:
            raise InternalError(f"the stream ended within a {self._cls.DESCRIPTOR.name}")

    def _length(self) -> tuple[int, int] | None:
        if any(byte < 0x80 for byte in self._buffer[:10]):
            return _varint(self._buffer, 0)
        if len(self._buffer) >= 10:
            raise InvalidError("a length is longer than any varint")
        return None
