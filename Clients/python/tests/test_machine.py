"""The connection machine keeps to docs/PROTOCOL.md."""

from __future__ import annotations

import pytest

from chancery import chancery_pb2 as pb
from chancery.errors import (
    ChanceryError,
    ConflictError,
    InvalidError,
    Processed,
    TooLargeError,
    UnavailableError,
    UnimplementedError,
)
from chancery.events import Closed, Draining, Ended, Event, Failed, Ready, Received, Replied, Writable
from chancery.frames import HEADER_LENGTH, Flag, Header, Kind, frame
from chancery.machine import MAXIMUM_CREDIT, Connection, Limits
from chancery.messages import decode, encode


def hello(
    *, versions: tuple[int, int] = (1, 1), length: int = 0, streams: int = 0, credit: int = 0, connection: int = 0, cluster: str = ""
) -> bytes:
    message = pb.Hello(
        min_version=versions[0],
        max_version=versions[1],
        max_frame_length=length,
        max_streams=streams,
        initial_stream_credit=credit,
        initial_connection_credit=connection,
        cluster=cluster,
    )
    return frame(Kind.HELLO, 0, encode(message))


def credit(stream: int, amount: int) -> bytes:
    return frame(Kind.CREDIT, stream, encode(pb.Credit(bytes=amount)))


def goaway(last: int) -> bytes:
    return frame(Kind.GOAWAY, 0, encode(pb.GoAway(last_stream=last, reason="restart")))


def connected(greeting: bytes | None = None, limits: Limits | None = None) -> Connection:
    connection = Connection(0, limits=limits) if limits else Connection(0)
    (event,) = connection.receive(greeting or hello(), 0)
    assert isinstance(event, Ready)
    connection.take()
    return connection


def sent(connection: Connection) -> list[tuple[Header, bytes]]:
    """The frames that the machine sends."""
    data = connection.take()
    frames = []
    while data:
        header = Header.decode(data)
        frames.append((header, data[HEADER_LENGTH : HEADER_LENGTH + header.length]))
        data = data[HEADER_LENGTH + header.length :]
    return frames


def refused(connection: Connection, data: bytes) -> ChanceryError:
    """The error with which the machine ends the connection, and which it tells the server."""
    *_, event = connection.receive(data, 0)
    assert isinstance(event, Closed)
    assert event.error is not None
    header, body = sent(connection)[-1]
    assert (header.kind, header.stream) == (Kind.ERROR, 0)
    assert decode(pb.Error, body).code == event.error.code
    assert connection.receive(hello(), 0) == []
    return event.error


# ---- HELLO ----


def test_hello_is_sent_at_once_and_a_call_waits_for_the_servers() -> None:
    connection = Connection(0, cluster="c", software="s")
    ((header, body),) = sent(connection)
    message = decode(pb.Hello, body)
    assert (header.kind, header.stream, message.cluster, message.software) == (Kind.HELLO, 0, "c", "s")
    assert (message.min_version, message.max_version) == (1, 1)
    with pytest.raises(UnavailableError):
        connection.open(1, b"")
    connection.receive(hello(), 0)
    assert connection.open(1, b"") == 1


@pytest.mark.parametrize(
    ("greeting", "error"),
    [
        (hello(versions=(2, 3)), UnimplementedError),
        (hello(versions=(3, 1)), InvalidError),
        (hello(versions=(0, 0)), InvalidError),
        (hello(cluster="other"), ConflictError),
        (hello(length=4095), InvalidError),
        (hello(credit=MAXIMUM_CREDIT + 1), InvalidError),
        (hello(connection=MAXIMUM_CREDIT + 1), InvalidError),
        (frame(Kind.HELLO, 3, b""), InvalidError),
        (frame(Kind.HELLO, 0, b"\xff"), InvalidError),
        (frame(Kind.HELLO, 0, bytes(4097)), TooLargeError),
        (frame(Kind.PING, 0, b""), InvalidError),
        (frame(Kind.REPLY, 1, b""), InvalidError),
        (frame(Kind.ERROR, 1, b""), InvalidError),
        (Header(4097, 99, Flag.IGNORABLE, 0, 0).encode(), TooLargeError),
    ],
)
def test_a_wrong_beginning_is_refused(greeting: bytes, error: type[ChanceryError]) -> None:
    assert type(refused(Connection(0, cluster="c"), greeting)) is error


@pytest.mark.parametrize("greeting", [hello(versions=(0, 5)), hello(cluster="c"), hello(cluster=""), hello(length=1 << 31)])
def test_a_beginning_that_agrees_is_taken(greeting: bytes) -> None:
    (event,) = Connection(0, cluster="c").receive(greeting, 0)
    assert isinstance(event, Ready)


def test_a_server_may_refuse_before_its_hello() -> None:
    connection = Connection(0)
    error = pb.Error(code=8, message="starting", retryable=True, processed=1)
    (event,) = connection.receive(frame(Kind.ERROR, 0, encode(error)), 0)
    assert isinstance(event, Closed)
    assert isinstance(event.error, UnavailableError)
    assert event.error.processed is Processed.NO


def test_no_hello_within_ten_seconds_ends_the_connection() -> None:
    connection = Connection(5)
    assert connection.next_tick() == 15
    assert connection.tick(14.9) == []
    (event,) = connection.tick(15)
    assert isinstance(event, Closed)
    assert isinstance(event.error, UnavailableError)


# ---- Frames ----


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (frame(Kind.REQUEST, 4, b""), InvalidError),
        (frame(Kind.CANCEL, 1, b""), InvalidError),
        (frame(Kind.REPLY, 0, b""), InvalidError),
        (frame(Kind.DATA, 0, b""), InvalidError),
        (frame(Kind.END, 0, b""), InvalidError),
        (frame(Kind.REPLY, 2, b""), InvalidError),
        (frame(Kind.DATA, 2, b""), InvalidError),
        (frame(Kind.END, 2, b""), InvalidError),
        (frame(Kind.ERROR, 2, b""), InvalidError),
        (credit(2, 1), InvalidError),
        (credit(1, 0), InvalidError),
        (credit(1, MAXIMUM_CREDIT), InvalidError),
        (credit(0, MAXIMUM_CREDIT), InvalidError),
        (frame(Kind.PING, 1, b""), InvalidError),
        (frame(Kind.GOAWAY, 1, b""), InvalidError),
        (hello(), InvalidError),
        (frame(Kind.DATA, 1, b""), InvalidError),
        (frame(Kind.END, 1, b""), InvalidError),
        (frame(Kind.REPLY, 1, b"") * 2, InvalidError),
        (Header(0, 99, 0, 0, 0).encode(), InvalidError),
        (Header(0, 0, 0, 0, 0).encode(), InvalidError),
        (Header(16 * 1024 * 1024 + 1, Kind.REPLY, 0, 0, 1).encode(), TooLargeError),
        (Header(4097, Kind.ERROR, 0, 0, 1).encode(), TooLargeError),
        (Header(16 * 1024 * 1024 + 1, 99, Flag.IGNORABLE, 0, 1).encode(), TooLargeError),
        (goaway(5) + goaway(6), InvalidError),
        (frame(Kind.PING, 0, b"") * 101, InvalidError),
    ],
)
def test_what_breaks_a_rule_ends_the_connection(data: bytes, error: type[ChanceryError]) -> None:
    connection = connected()
    connection.open(48, b"", more=True)
    assert type(refused(connection, data)) is error


def test_a_broken_rule_fails_the_calls_under_way_of_which_it_is_not_known_whether_they_were_done() -> None:
    connection = connected()
    connection.open(48, b"")
    connection.open(48, b"")
    events = connection.receive(frame(Kind.REPLY, 9, b""), 0)
    failed = [event for event in events if isinstance(event, Failed)]
    assert [event.stream for event in failed] == [1, 2]
    assert all(event.error.processed is Processed.MAYBE and event.error.retryable for event in failed)


def test_an_unknown_frame_is_skipped_when_it_may_be() -> None:
    connection = Connection(0)
    unknown = Header(4000, 99, Flag.IGNORABLE, 7, 1234).encode() + bytes(4000)
    large = Header(300_000, 200, Flag.IGNORABLE, 0, 0).encode() + bytes(300_000)
    events: list[Event] = []
    for data in (unknown, hello(), large, unknown):
        events += connection.receive(data, 0)
    assert [type(event) for event in events] == [Ready]


def test_a_body_where_none_belongs_and_unknown_flags_mean_nothing() -> None:
    connection = connected()
    connection.open(17, b"")
    assert connection.receive(frame(Kind.REPLY, 1, b"", flags=0xFC), 0) == [Replied(1, b"", False)]
    assert connection.receive(frame(Kind.END, 1, b"abc", flags=0xFF), 0) == [Ended(1)]


def test_a_frame_other_than_data_must_be_whole_within_a_minute() -> None:
    connection = connected()
    for second in range(60):
        # Bytes come all the time, so the connection is not idle.
        assert connection.receive(frame(Kind.PONG, 0, bytes(80))[second : second + 1], second) == []
    (event,) = connection.tick(60)
    assert isinstance(event, Closed)
    assert event.error is not None
    assert "not whole" in str(event.error)


def test_a_slow_data_frame_is_no_fault() -> None:
    connection = connected()
    connection.open(17, b"")
    connection.receive(frame(Kind.REPLY, 1, b""), 0)
    slow = frame(Kind.DATA, 1, bytes(100))
    received = b""
    for second, byte in enumerate(slow):
        for event in connection.receive(bytes([byte]), second):
            assert isinstance(event, Received)
            received += event.data
        assert connection.tick(second) == []
    assert received == bytes(100)


# ---- Streams ----


def test_replies_come_in_any_order() -> None:
    connection = connected()
    streams = [connection.open(48, b"") for _ in range(3)]
    assert streams == [1, 2, 3]
    events = [event for stream in (3, 1, 2) for event in connection.receive(frame(Kind.REPLY, stream, b"", flags=Flag.LAST), 0)]
    assert events == [Replied(3, b"", True), Replied(1, b"", True), Replied(2, b"", True)]
    assert connection.open_streams == 0


def test_frames_of_a_stream_that_is_over_are_ignored() -> None:
    connection = connected()
    connection.open(48, b"")
    connection.cancel(1)
    late = [frame(Kind.REPLY, 1, b""), frame(Kind.END, 1), frame(Kind.ERROR, 1, b""), credit(1, 5)]
    events = [event for data in late for event in connection.receive(data, 0)]
    assert all(isinstance(event, Writable) for event in events)


def test_the_servers_last_frame_ends_what_the_client_sends() -> None:
    connection = connected()
    stream = connection.open(16, b"", more=True)
    assert connection.send(stream, memoryview(b"abc")) == 3
    connection.receive(frame(Kind.ERROR, stream, encode(pb.Error(code=6, message="enough"))), 0)
    connection.take()
    assert connection.send(stream, memoryview(b"abc")) == 0
    connection.end(stream)
    connection.cancel(stream)
    assert connection.take() == b""


def test_a_request_states_its_method_its_deadline_and_whether_more_follows() -> None:
    connection = connected()
    connection.open(16, b"x", more=True, deadline=1.5, key="k", trace=bytes(range(25)))
    connection.open(1, b"")
    (first, body), (second, other) = sent(connection)
    assert (first.kind, first.flags, first.method, first.stream) == (Kind.REQUEST, 0, 16, 1)
    assert decode(pb.Request, body) == pb.Request(deadline_ms=1500, trace_parent=bytes(range(25)), idempotency_key="k", body=b"x")
    assert (second.flags, second.method, second.stream) == (Flag.LAST, 1, 2)
    assert decode(pb.Request, other).deadline_ms == 0


def test_a_deadline_that_is_almost_over_is_not_stated_as_none() -> None:
    connection = connected()
    connection.open(1, b"", deadline=0.0001)
    ((_, body),) = sent(connection)
    assert decode(pb.Request, body).deadline_ms == 1


def test_no_more_calls_than_the_server_allows() -> None:
    connection = connected(hello(streams=2))
    connection.open(1, b"")
    connection.open(1, b"")
    assert connection.full
    with pytest.raises(UnavailableError):
        connection.open(1, b"")
    connection.receive(frame(Kind.REPLY, 1, b"", flags=Flag.LAST), 0)
    assert not connection.full


def test_a_request_beyond_the_servers_limit_is_not_sent() -> None:
    connection = connected(hello(length=4096))
    with pytest.raises(TooLargeError) as caught:
        connection.open(48, bytes(4096))
    assert caught.value.processed is Processed.NO
    assert connection.take() == b""
    assert connection.open(48, bytes(4000)) == 1


# ---- Credit ----


def test_data_is_sent_against_the_credit_of_stream_and_connection() -> None:
    connection = connected(hello(credit=10, connection=15))
    first, second = connection.open(16, b"", more=True), connection.open(16, b"", more=True)
    assert connection.send(first, memoryview(bytes(100))) == 10
    assert connection.send(second, memoryview(bytes(100))) == 5
    assert connection.receive(credit(second, 50), 0) == [Writable(second)]
    assert connection.send(second, memoryview(bytes(100))) == 0
    assert connection.receive(credit(0, 20), 0) == [Writable(0)]
    assert connection.send(first, memoryview(bytes(100))) == 0
    assert connection.send(second, memoryview(bytes(100))) == 20
    assert sum(header.length for header, _ in sent(connection) if header.kind == Kind.DATA) == 35


def test_no_data_frame_is_larger_than_the_server_allows() -> None:
    connection = connected(hello(length=4096))
    stream = connection.open(16, b"", more=True)
    connection.take()
    assert connection.send(stream, memoryview(bytes(10_000))) == 10_000
    assert [header.length for header, _ in sent(connection)] == [4096, 4096, 1808]


def test_a_server_that_sends_beyond_its_credit_is_refused_at_the_header() -> None:
    for limits in (Limits(stream_credit=100), Limits(connection_credit=100)):
        connection = connected(limits=limits)
        connection.open(17, b"")
        connection.receive(frame(Kind.REPLY, 1, b""), 0)
        assert connection.receive(frame(Kind.DATA, 1, bytes(60)), 0) == [Received(1, bytes(60))]
        assert "credit" in str(refused(connection, Header(41, Kind.DATA, 0, 0, 1).encode()))


def test_credit_is_granted_for_what_the_caller_has_taken() -> None:
    connection = connected(limits=Limits(stream_credit=100, connection_credit=400))
    connection.open(17, b"")
    connection.receive(frame(Kind.REPLY, 1, b"") + frame(Kind.DATA, 1, bytes(100)), 0)
    connection.take()
    connection.consumed(1, 49)
    assert connection.take() == b""
    connection.consumed(1, 1)
    assert connection.take() == credit(1, 50)
    assert connection.receive(frame(Kind.DATA, 1, bytes(50)), 0) == [Received(1, bytes(50))]


def test_bytes_of_streams_that_are_over_are_granted_to_the_connection_again() -> None:
    connection = connected(limits=Limits(stream_credit=100, connection_credit=100))
    connection.open(17, b"")
    connection.receive(frame(Kind.REPLY, 1, b""), 0)
    connection.cancel(1)
    connection.take()
    for _ in range(10):
        assert connection.receive(frame(Kind.DATA, 1, bytes(50)), 0) == []
        assert connection.take() == credit(0, 50)


# ---- PING, GOAWAY, the end ----


def test_a_ping_is_answered_with_its_body() -> None:
    connection = connected()
    body = encode(pb.Ping(token=77))
    connection.receive(frame(Kind.PING, 0, body) + frame(Kind.PING, 0, b""), 0)
    assert connection.take() == frame(Kind.PONG, 0, body) + frame(Kind.PONG, 0, b"")


def test_pings_are_counted_for_ten_seconds() -> None:
    connection = connected()
    for now in (0, 10, 20):
        assert connection.receive(frame(Kind.PING, 0, b"") * 100, now) == []


def test_a_silent_server_is_asked_and_then_taken_for_dead() -> None:
    connection = connected()
    connection.open(48, b"")
    connection.take()
    assert connection.next_tick() == 10
    assert connection.tick(10) == []
    ((header, body),) = sent(connection)
    assert header.kind == Kind.PING
    assert connection.next_tick() == 15
    assert connection.receive(frame(Kind.PONG, 0, body), 14) == []
    assert connection.tick(15) == []
    assert connection.tick(24) == []
    failed, closed = connection.tick(29)
    assert isinstance(failed, Failed)
    assert failed.error.processed is Processed.MAYBE
    assert isinstance(closed, Closed)


def test_goaway_frees_later_calls_at_once_and_lets_earlier_ones_end() -> None:
    connection = connected()
    for _ in range(3):
        connection.open(48, b"")
    draining, failed = connection.receive(goaway(2), 0)
    assert draining == Draining("restart")
    assert isinstance(failed, Failed)
    assert (failed.stream, failed.error.processed, failed.error.retryable) == (3, Processed.NO, True)
    with pytest.raises(UnavailableError):
        connection.open(48, b"")
    connection.receive(frame(Kind.PING, 0, b""), 0)
    assert connection.take().endswith(frame(Kind.PONG, 0, b""))
    connection.receive(frame(Kind.REPLY, 1, b"", flags=Flag.LAST), 0)
    assert connection.receive(frame(Kind.REPLY, 2, b"", flags=Flag.LAST), 0) == [Replied(2, b"", True), Closed(None)]


def test_a_later_goaway_may_lower_the_last_stream() -> None:
    connection = connected()
    connection.open(48, b"")
    connection.open(48, b"")
    assert connection.receive(goaway(2), 0) == [Draining("restart")]
    events = connection.receive(goaway(0), 0)
    assert [type(event) for event in events] == [Draining, Failed, Failed, Closed]


def test_a_connection_that_is_lost_fails_its_calls_once() -> None:
    connection = connected()
    connection.open(48, b"")
    assert [type(event) for event in connection.lost()] == [Failed, Closed]
    assert connection.lost() == []
    assert connection.tick(100) == []
    assert connection.receive(b"x", 0) == []


def test_closing_cancels_what_is_under_way() -> None:
    connection = connected()
    connection.open(48, b"")
    connection.take()
    events = connection.close()
    assert [type(event) for event in events] == [Failed, Closed]
    assert connection.take() == frame(Kind.CANCEL, 1)


def test_the_error_of_a_stream_says_all_that_is_known() -> None:
    connection = connected()
    connection.open(48, b"")
    message = pb.Error(code=99, message="new", retryable=True, retry_after_ms=1500, processed=2)
    message.details.add(key="limit", value="5")
    (event,) = connection.receive(frame(Kind.ERROR, 1, encode(message)), 0)
    assert isinstance(event, Failed)
    error = event.error
    assert type(error) is ChanceryError
    assert (error.code, error.retryable, error.retry_after, error.processed) == (99, True, 1.5, Processed.YES)
    assert error.details == {"limit": "5"}
