"""Messages are decoded as strictly as the protocol asks, and streams of them at any split."""

from __future__ import annotations

import pytest

from chancery import chancery_pb2 as pb
from chancery.errors import InternalError, InvalidError, TooLargeError
from chancery.messages import MAXIMUM_ELEMENTS, Delimited, decode, encode


def varint(value: int) -> bytes:
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*out, value])


def field(number: int, wire_type: int, body: bytes) -> bytes:
    return varint(number << 3 | wire_type) + body


def text(number: int, value: bytes) -> bytes:
    return field(number, 2, varint(len(value)) + value)


def test_unknown_fields_are_skipped() -> None:
    data = text(1, b"q") + field(99, 0, b"\x05") + text(98, b"xyz") + field(97, 1, bytes(8)) + field(96, 5, bytes(4))
    assert decode(pb.SearchRequest, data) == pb.SearchRequest(query="q")


@pytest.mark.parametrize(
    "data",
    [
        field(1, 0, b"\x05"),  # a text as a number
        text(2, b"abc"),  # a number as a text
        field(2, 5, bytes(4)),
        field(99, 3, field(99, 4, b"")),  # an unknown group
        field(1, 3, field(1, 4, b"")),  # a known field as a group
        text(1, b"\xff\xfe"),  # no UTF-8
        text(1, b"abc")[:-1],
        b"\x08",
        b"\x80" * 11,
        field(0, 0, b"\x01"),
    ],
)
def test_what_the_protocol_does_not_allow_is_refused(data: bytes) -> None:
    with pytest.raises(InvalidError):
        decode(pb.SearchRequest, data)


def test_a_wrong_wire_type_is_found_in_nested_messages_and_maps() -> None:
    bad_hit = text(2, text(9, text(1, b"not a number")))
    with pytest.raises(InvalidError):
        decode(pb.SearchReply, bad_hit)
    with pytest.raises(InvalidError):
        decode(pb.SubmitRequest, text(5, field(1, 0, b"\x01")))


def test_more_elements_than_allowed_are_refused() -> None:
    element = text(4, b"")
    assert len(decode(pb.SearchRequest, element * MAXIMUM_ELEMENTS).facets) == MAXIMUM_ELEMENTS
    with pytest.raises(InvalidError):
        decode(pb.SearchRequest, element * (MAXIMUM_ELEMENTS + 1))


def test_a_delimited_message_has_a_greatest_length() -> None:
    with pytest.raises(TooLargeError):
        list(Delimited(pb.JournalEntry).feed(varint(1 << 40)))
    with pytest.raises(InvalidError):
        list(Delimited(pb.JournalEntry).feed(b"\x80" * 10))


def test_a_stream_that_ends_within_a_message_is_refused() -> None:
    entry = encode(pb.JournalEntry(sequence=5))
    messages = Delimited(pb.JournalEntry)
    assert list(messages.feed(varint(len(entry)) + entry)) == [pb.JournalEntry(sequence=5)]
    messages.finish()
    assert list(messages.feed(varint(len(entry)) + entry[:1])) == []
    with pytest.raises(InternalError):
        messages.finish()
