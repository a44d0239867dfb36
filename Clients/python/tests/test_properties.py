"""Rules that hold for every split of the bytes and for every peer."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from chancery import chancery_pb2 as pb
from chancery.events import Closed, Event, Received, Writable
from chancery.frames import HEADER_LENGTH, Flag, Header, Kind, frame
from chancery.machine import Connection, Limits
from chancery.messages import Delimited, encode

settings.register_profile("chancery", deadline=None, print_blob=True)
settings.load_profile("chancery")

HELLO = frame(Kind.HELLO, 0, encode(pb.Hello(min_version=1, max_version=1)))
STREAMS = 3


@st.composite
def conversations(draw: st.DrawFn) -> bytes:
    """What a server may send on three streams, or may not: a violation at some place, or none."""
    frames = [HELLO]
    stream = st.integers(1, STREAMS + 1)
    for _ in range(draw(st.integers(0, 25))):
        kind = draw(st.sampled_from([*Kind, Kind.DATA, Kind.DATA, Kind.DATA, Kind.REPLY, Kind.REPLY]))
        match kind:
            case Kind.REPLY:
                frames.append(frame(kind, draw(stream), draw(st.binary(max_size=40)), flags=draw(st.sampled_from([0, 0, Flag.LAST]))))
            case Kind.DATA:
                frames.append(frame(kind, draw(stream), draw(st.binary(max_size=200))))
            case Kind.CREDIT:
                frames.append(frame(kind, draw(st.integers(0, STREAMS)), encode(pb.Credit(bytes=draw(st.integers(0, 1 << 40))))))
            case Kind.PING | Kind.PONG:
                frames.append(frame(kind, 0, encode(pb.Ping(token=draw(st.integers(0, 99))))))
            case Kind.GOAWAY:
                frames.append(frame(kind, 0, encode(pb.GoAway(last_stream=draw(st.integers(0, STREAMS))))))
            case Kind.ERROR:
                frames.append(frame(kind, draw(stream), encode(pb.Error(code=1, message="wrong"))))
            case Kind.HELLO | Kind.REQUEST | Kind.CANCEL if draw(st.booleans()):
                frames.append(frame(kind, draw(stream)))
            case Kind.END:
                frames.append(frame(kind, draw(stream)))
            case _:
                frames.append(Header(7, 77, Flag.IGNORABLE, 0, draw(stream)).encode() + b"ignored")
    return b"".join(frames)


def feed(pieces: list[bytes]) -> tuple[list[Event], Connection]:
    """The events of a connection with three calls, with neighbouring DATA joined."""
    connection = Connection(0, limits=Limits(stream_credit=2000, connection_credit=4000))
    events: list[Event] = []
    called = False
    for piece in pieces:
        for event in connection.receive(piece, 0):
            match event, events[-1] if events else None:
                case Received(stream, data), Received(previous, earlier) if stream == previous:
                    events[-1] = Received(stream, earlier + data)
                case _:
                    events.append(event)
        if events and not called:
            called = True
            for _ in range(STREAMS):
                if connection.accepts:
                    connection.open(17, b"", more=True)
    return events, connection


def pieces(data: bytes, places: list[int]) -> list[bytes]:
    cuts = [0, *sorted(place % (len(data) + 1) for place in places), len(data)]
    return [data[start:end] for start, end in pairwise(cuts)]


def comparable(events: list[Event]) -> list[str]:
    # An exception is equal only to itself: its text stands for it.
    return [str(event) for event in events]


@given(conversations(), st.lists(st.integers(0, 1 << 20), max_size=30))
def test_events_do_not_depend_on_how_the_bytes_are_split(data: bytes, places: list[int]) -> None:
    rest = data[len(HELLO) :]
    whole, _ = feed([HELLO, rest])
    split, _ = feed([*pieces(HELLO, places), *pieces(rest, places)])
    each, _ = feed([HELLO, *(rest[at : at + 1] for at in range(len(rest)))])
    assert comparable(split) == comparable(whole)
    assert comparable(each) == comparable(whole)


@given(st.binary(max_size=400), st.lists(st.integers(0, 400), max_size=8))
def test_no_bytes_raise_anything(data: bytes, places: list[int]) -> None:
    for first in ([], [HELLO]):
        events, connection = feed([*first, *pieces(data, places)])
        assert sum(isinstance(event, Closed) for event in events) <= 1
        connection.tick(1e9)


@given(conversations(), st.integers(0, 1 << 20), st.integers(0, 255))
def test_a_flipped_byte_raises_nothing(data: bytes, place: int, value: int) -> None:
    damaged = bytearray(data)
    damaged[place % len(data)] = value
    events, _ = feed([bytes(damaged)])
    assert sum(isinstance(event, Closed) for event in events) <= 1


@given(
    st.integers(1, 5000),
    st.integers(1, 5000),
    st.lists(st.tuples(st.integers(0, 2), st.integers(1, 3000)), max_size=40),
)
def test_data_never_exceeds_the_credit(stream_credit: int, connection_credit: int, steps: list[tuple[int, int]]) -> None:
    connection = Connection(0)
    hello = pb.Hello(min_version=1, max_version=1, initial_stream_credit=stream_credit, initial_connection_credit=connection_credit)
    connection.receive(frame(Kind.HELLO, 0, encode(hello)), 0)
    granted = {0: connection_credit, 1: stream_credit, 2: stream_credit}
    wanted = {connection.open(16, b"", more=True): 0, connection.open(16, b"", more=True): 0}
    sent = {0: 0, 1: 0, 2: 0}
    for stream, amount in steps:
        if stream == 0 or amount % 2:
            events = connection.receive(frame(Kind.CREDIT, stream, encode(pb.Credit(bytes=amount))), 0)
            assert events == [Writable(stream)]
            granted[stream] += amount
        else:
            wanted[stream] += amount
        for writer in (1, 2):
            length = connection.send(writer, memoryview(bytes(wanted[writer])))
            wanted[writer] -= length
            sent[writer] += length
            sent[0] += length
        assert all(sent[key] <= granted[key] for key in granted)
        # Nor is credit left lying while there is something to send.
        for writer in (1, 2):
            assert not wanted[writer] or sent[writer] == granted[writer] or sent[0] == granted[0]
    data = connection.take()
    total = 0
    while data:
        header = Header.decode(data)
        total += header.length if header.kind == Kind.DATA else 0
        data = data[HEADER_LENGTH + header.length :]
    assert total == sent[0]


@given(st.integers(1, 4000), st.lists(st.integers(1, 4000), max_size=40))
def test_a_server_that_keeps_to_its_credit_can_send_for_ever(window: int, lengths: list[int]) -> None:
    connection = Connection(0, limits=Limits(stream_credit=window, connection_credit=window))
    connection.receive(HELLO, 0)
    connection.open(17, b"")
    connection.receive(frame(Kind.REPLY, 1, b""), 0)
    connection.take()
    credit = {0: window, 1: window}
    for length in lengths:
        # When all that came is consumed, at least half of the window is there again.
        length = min(length, *credit.values())
        assert length > 0
        assert connection.receive(frame(Kind.DATA, 1, bytes(length)), 0) == [Received(1, bytes(length))]
        credit = {key: value - length for key, value in credit.items()}
        connection.consumed(1, length)
        data = connection.take()
        while data:
            header = Header.decode(data)
            credit[header.stream] += pb.Credit.FromString(data[HEADER_LENGTH : HEADER_LENGTH + header.length]).bytes
            data = data[HEADER_LENGTH + header.length :]
        assert all(window - value < max(1, window / 2) or window == 1 for value in credit.values())


@given(
    st.builds(Header, st.integers(0, 2**32 - 1), st.integers(0, 255), st.integers(0, 255), st.integers(0, 65535), st.integers(0, 2**64 - 1))
)
def test_a_header_comes_back(header: Header) -> None:
    assert len(header.encode()) == HEADER_LENGTH
    assert Header.decode(header.encode()) == header


@given(st.lists(st.builds(pb.JournalEntry, sequence=st.integers(0, 2**64 - 1), document_id=st.binary(max_size=300))), st.data())
def test_delimited_messages_come_back_at_any_split(entries: list[pb.JournalEntry], data: Any) -> None:
    stream = b""
    for entry in entries:
        body = encode(entry)
        length = len(body)
        stream += bytes([length & 0x7F | 0x80, length >> 7]) if length > 0x7F else bytes([length])
        stream += body
    messages = Delimited(pb.JournalEntry)
    split = pieces(stream, data.draw(st.lists(st.integers(0, 1 << 20), max_size=20)))
    assert [message for piece in split for message in messages.feed(piece)] == entries
    messages.finish()
