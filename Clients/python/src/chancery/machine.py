"""The client's side of a connection, without input or output.

Bytes and the time go in, events come out; calls go in, bytes to send come out. ``docs/PROTOCOL.md`` is what it keeps to.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass

from . import chancery_pb2 as pb
from .errors import (
    CancelError,
    ChanceryError,
    ConflictError,
    DeadlineError,
    InvalidError,
    Processed,
    TooLargeError,
    UnavailableError,
    UnimplementedError,
    from_message,
    to_message,
)
from .events import Closed, Draining, Ended, Event, Failed, Ready, Received, Replied, Writable
from .frames import HEADER_LENGTH, Flag, Header, Kind, frame
from .messages import decode, encode

VERSION = 1
CONTROL_LENGTH = 4096
LEAST_FRAME_LENGTH = 4096
GREATEST_FRAME_LENGTH = 16 * 1024 * 1024
MAXIMUM_CREDIT = 1 << 62
# The largest DATA frame that we send: small enough that calls side by side share the connection fairly.
DATA_LENGTH = 64 * 1024
HELLO_SECONDS = 10.0
FRAME_SECONDS = 60.0
IDLE_SECONDS = 10.0
PONG_SECONDS = 5.0
PINGS = 100
PING_SECONDS = 10.0

_on_connection = {Kind.HELLO, Kind.PING, Kind.PONG, Kind.GOAWAY}
_on_stream = {Kind.REPLY, Kind.DATA, Kind.END}
_from_client = {Kind.REQUEST, Kind.CANCEL}
_kinds = frozenset(int(kind) for kind in Kind)


@dataclass(frozen=True, slots=True)
class Limits:
    """What one side allows the other. The defaults are the protocol's."""

    frame_length: int = 1024 * 1024
    streams: int = 128
    stream_credit: int = 256 * 1024
    connection_credit: int = 1024 * 1024


OUR_LIMITS = Limits(frame_length=GREATEST_FRAME_LENGTH)


@dataclass(slots=True)
class _Stream:
    """An open stream."""

    credit: int  # bytes that we may send
    window: int  # bytes that the server may send
    sending: bool  # our side is open
    replied: bool = False
    consumed: int = 0  # bytes taken by the caller and not granted again yet


class Connection:
    """A client's connection. No method blocks; a method for a stream that is over does nothing."""

    def __init__(self, now: float, *, cluster: str = "", software: str = "", limits: Limits = OUR_LIMITS) -> None:
        self._cluster = cluster
        self._limits = limits
        self._peer = Limits()
        self._ready = False
        self._closed = False
        self._drained_to: int | None = None
        self._streams: dict[int, _Stream] = {}
        self._last_stream = 0
        self._credit = 0
        self._window = limits.connection_credit
        self._consumed = 0
        self._in = bytearray()
        # Of the frame that is passed on or skipped as it comes: the stream of DATA, or None, and the bytes that are missing.
        self._passing: tuple[int | None, int] | None = None
        self._out = bytearray()
        self._events: list[Event] = []
        self._began = self._heard = now
        self._pinged: float | None = None
        self._token = 0
        self._pings: deque[float] = deque()
        self._frame_began: float | None = None
        hello = pb.Hello(
            min_version=VERSION,
            max_version=VERSION,
            max_frame_length=limits.frame_length,
            max_streams=limits.streams,
            initial_stream_credit=limits.stream_credit,
            initial_connection_credit=limits.connection_credit,
            software=software,
            cluster=cluster,
        )
        self._send(Kind.HELLO, 0, encode(hello))

    # ---- What can be asked ----

    @property
    def open_streams(self) -> int:
        """The number of calls under way."""
        return len(self._streams)

    @property
    def accepts(self) -> bool:
        """Whether calls may begin, now or when others are over."""
        return self._ready and not self._closed and self._drained_to is None

    @property
    def full(self) -> bool:
        """Whether the server allows no more calls at once."""
        return len(self._streams) >= self._peer.streams

    def take(self) -> bytes:
        """The bytes to send."""
        out = bytes(self._out)
        self._out.clear()
        return out

    # ---- Calls ----

    def open(
        self, method: int, body: bytes, *, more: bool = False, deadline: float | None = None, key: str = "", trace: bytes = b""
    ) -> int:
        """Begins a call and returns its stream. With ``more``, DATA and an END will follow. ``deadline`` is in seconds from now.

        ``key`` is the idempotency key, ``trace`` the trace parent of 25 bytes; empty: none.

        Raises UnavailableError when no call may begin now, and TooLargeError.
        """
        if not self.accepts or self.full:
            raise UnavailableError("the connection takes no more calls now", retryable=True, processed=Processed.NO)
        milliseconds = 0 if deadline is None else min(max(1, round(deadline * 1000)), (1 << 32) - 1)
        request = encode(pb.Request(deadline_ms=milliseconds, trace_parent=trace, idempotency_key=key, body=body))
        if len(request) > self._peer.frame_length:
            limit = str(self._peer.frame_length)
            raise TooLargeError(
                f"a request of {len(request)} bytes, where {limit} are allowed", processed=Processed.NO, details={"limit": limit}
            )
        self._last_stream += 1
        self._streams[self._last_stream] = _Stream(self._peer.stream_credit, self._limits.stream_credit, more)
        self._send(Kind.REQUEST, self._last_stream, request, flags=0 if more else Flag.LAST, method=method)
        return self._last_stream

    def send(self, stream: int, data: memoryview) -> int:
        """Sends as much of ``data`` as the credit allows and returns how much that was."""
        state = self._streams.get(stream)
        if state is None or not state.sending:
            return 0
        sent = 0
        while (length := min(len(data) - sent, state.credit, self._credit, self._peer.frame_length, DATA_LENGTH)) > 0:
            state.credit -= length
            self._credit -= length
            self._send(Kind.DATA, stream, data[sent : sent + length])
            sent += length
        return sent

    def end(self, stream: int) -> None:
        """Says that no more DATA follows."""
        state = self._streams.get(stream)
        if state is not None and state.sending:
            state.sending = False
            self._send(Kind.END, stream)

    def cancel(self, stream: int) -> list[Event]:
        """Gives a call up. The events are about the connection, which may be over with its last call."""
        if stream in self._streams:
            self._send(Kind.CANCEL, stream)
            self._over(stream)
        return self._take_events()

    def consumed(self, stream: int, length: int) -> None:
        """Says that so many bytes of a call's DATA are out of the way, also after its end."""
        if self._closed:
            return
        self._consumed += length
        if self._consumed * 2 >= self._limits.connection_credit:
            self._send(Kind.CREDIT, 0, encode(pb.Credit(bytes=self._consumed)))
            self._window += self._consumed
            self._consumed = 0
        state = self._streams.get(stream)
        if state is None:
            return
        state.consumed += length
        if state.consumed * 2 >= self._limits.stream_credit:
            self._send(Kind.CREDIT, stream, encode(pb.Credit(bytes=state.consumed)))
            state.window += state.consumed
            state.consumed = 0

    # ---- Time ----

    def next_tick(self) -> float:
        """When ``tick`` has something to do, if nothing is received before."""
        times = [self._heard + IDLE_SECONDS if self._pinged is None else self._pinged + PONG_SECONDS]
        if not self._ready:
            times = [self._began + HELLO_SECONDS]
        if self._frame_began is not None:
            times.append(self._frame_began + FRAME_SECONDS)
        return min(times)

    def tick(self, now: float) -> list[Event]:
        """Does what is due: a PING, or the end of a connection that is dead."""
        if self._closed:
            return []
        if self._frame_began is not None and now >= self._frame_began + FRAME_SECONDS:
            self._close(DeadlineError(f"a frame was not whole within {FRAME_SECONDS:g} s"), tell=True)
        elif not self._ready:
            if now >= self._began + HELLO_SECONDS:
                self._close(_lost(f"no HELLO came within {HELLO_SECONDS:g} s"), tell=True)
        elif self._pinged is not None:
            if now >= self._pinged + PONG_SECONDS:
                self._close(_lost("the server is silent and did not answer PING"), tell=True)
        elif now >= self._heard + IDLE_SECONDS:
            self._pinged = now
            self._token += 1
            self._send(Kind.PING, 0, encode(pb.Ping(token=self._token)))
        return self._take_events()

    # ---- The end ----

    def lost(self, error: ChanceryError | None = None) -> list[Event]:
        """The transport is gone: no byte comes any more."""
        if not self._closed:
            self._close(error or _lost("the connection was closed"))
        return self._take_events()

    def close(self) -> list[Event]:
        """Ends the connection, and the calls under way with it."""
        if not self._closed:
            for stream in list(self._streams):
                self._send(Kind.CANCEL, stream)
                self._over(stream, CancelError("the client was closed"))
            self._close(None)
        return self._take_events()

    # ---- Receiving ----

    def receive(self, data: bytes, now: float) -> list[Event]:
        """Takes bytes from the server."""
        if self._closed:
            return []
        self._heard = now
        self._pinged = None
        self._in += data
        try:
            self._read(now)
        except ChanceryError as error:
            self._close(error, tell=True)
        return self._take_events()

    def _read(self, now: float) -> None:
        at = 0
        try:
            while not self._closed:
                if self._passing is not None:
                    stream, missing = self._passing
                    length = min(missing, len(self._in) - at)
                    if missing and not length:
                        break
                    if stream is not None and length:
                        self._receive_data(stream, bytes(self._in[at : at + length]))
                    at += length
                    self._passing = (stream, missing - length) if missing > length else None
                    continue
                if len(self._in) - at >= HEADER_LENGTH:
                    header = Header.decode(memoryview(self._in)[at : at + HEADER_LENGTH])
                    self._check(header)
                    if header.kind == Kind.DATA or header.kind not in _kinds:
                        self._frame_began = None
                        if header.kind == Kind.DATA:
                            self._account(header)
                        self._passing = (header.stream if header.kind == Kind.DATA else None, header.length)
                        at += HEADER_LENGTH
                        continue
                    if len(self._in) - at >= HEADER_LENGTH + header.length:
                        self._frame_began = None
                        at += HEADER_LENGTH + header.length
                        self._receive_frame(header, bytes(self._in[at - header.length : at]), now)
                        continue
                if len(self._in) > at and self._frame_began is None:
                    self._frame_began = now
                break
        finally:
            del self._in[:at]

    def _check(self, header: Header) -> None:
        """Raises for a header that breaks a rule, before any byte of its body is kept."""
        kind, stream = header.kind, header.stream
        known = kind in _kinds
        large = self._ready and (kind in (Kind.REPLY, Kind.DATA) or not known)
        limit = self._limits.frame_length if large else CONTROL_LENGTH
        if header.length > limit:
            raise TooLargeError(f"a frame of {header.length} bytes, where {limit} are allowed", details={"limit": str(limit)})
        if not known:
            if not header.flags & Flag.IGNORABLE:
                raise InvalidError(f"frame of unknown kind {kind}")
            return
        if not self._ready and not (kind == Kind.HELLO or (kind == Kind.ERROR and stream == 0)):
            raise InvalidError(f"{Kind(kind).name} before HELLO")
        if kind in _from_client:
            raise InvalidError(f"{Kind(kind).name} from a server")
        if kind in _on_connection and stream != 0:
            raise InvalidError(f"{Kind(kind).name} on stream {stream}")
        if kind in _on_stream and stream == 0:
            raise InvalidError(f"{Kind(kind).name} on stream 0")
        if stream > self._last_stream and (kind in _on_stream or kind in (Kind.ERROR, Kind.CREDIT)):
            raise InvalidError(f"{Kind(kind).name} for stream {stream}, which was never opened")

    def _account(self, header: Header) -> None:
        """Takes a DATA frame off the credit."""
        if header.length > self._window:
            raise InvalidError(f"{header.length} bytes of DATA, where the connection's credit is {self._window}")
        self._window -= header.length
        state = self._streams.get(header.stream)
        if state is not None:
            if not state.replied:
                raise InvalidError("DATA before REPLY")
            if header.length > state.window:
                raise InvalidError(f"{header.length} bytes of DATA, where the stream's credit is {state.window}")
            state.window -= header.length

    def _receive_data(self, stream: int, data: bytes) -> None:
        if stream in self._streams:
            self._events.append(Received(stream, data))
        else:
            self.consumed(stream, len(data))

    def _receive_frame(self, header: Header, body: bytes, now: float) -> None:
        state = self._streams.get(header.stream)
        match header.kind:
            case Kind.HELLO:
                self._receive_hello(decode(pb.Hello, body))
            case Kind.REPLY if state is not None:
                if state.replied:
                    raise InvalidError("a second REPLY")
                state.replied = True
                last = bool(header.flags & Flag.LAST)
                self._events.append(Replied(header.stream, body, last))
                if last:
                    self._over(header.stream)
            case Kind.END if state is not None:
                if not state.replied:
                    raise InvalidError("END before REPLY")
                self._events.append(Ended(header.stream))
                self._over(header.stream)
            case Kind.ERROR:
                error = from_message(decode(pb.Error, body))
                if header.stream == 0:
                    self._close(error)
                elif state is not None:
                    self._over(header.stream, error)
            case Kind.CREDIT:
                self._receive_credit(header.stream, state, decode(pb.Credit, body).bytes)
            case Kind.PING:
                self._pings.append(now)
                while self._pings[0] <= now - PING_SECONDS:
                    self._pings.popleft()
                if len(self._pings) > PINGS:
                    raise InvalidError(f"more than {PINGS} PINGs in {PING_SECONDS:g} s")
                decode(pb.Ping, body)
                self._send(Kind.PONG, 0, body)
            case Kind.PONG:
                decode(pb.Ping, body)
            case Kind.GOAWAY:
                self._receive_goaway(decode(pb.GoAway, body))

    def _receive_hello(self, hello: pb.Hello) -> None:
        if self._ready:
            raise InvalidError("a second HELLO")
        if hello.min_version > hello.max_version or hello.max_version == 0:
            raise InvalidError(f"HELLO states the version range {hello.min_version} to {hello.max_version}")
        if not hello.min_version <= VERSION <= hello.max_version:
            raise UnimplementedError(
                f"no version in common: the server speaks {hello.min_version} to {hello.max_version}, the client {VERSION} to {VERSION}"
            )
        if hello.cluster and self._cluster and hello.cluster != self._cluster:
            raise ConflictError(f"the server is of cluster {hello.cluster}, the client of {self._cluster}")
        standard = Limits()
        length = hello.max_frame_length or standard.frame_length
        if length < LEAST_FRAME_LENGTH:
            raise InvalidError(f"max_frame_length is {length}, less than {LEAST_FRAME_LENGTH}")
        self._peer = Limits(
            frame_length=min(length, GREATEST_FRAME_LENGTH),
            streams=hello.max_streams or standard.streams,
            stream_credit=hello.initial_stream_credit or standard.stream_credit,
            connection_credit=hello.initial_connection_credit or standard.connection_credit,
        )
        if max(self._peer.stream_credit, self._peer.connection_credit) > MAXIMUM_CREDIT:
            raise InvalidError("more than 2^62 bytes of credit")
        self._credit = self._peer.connection_credit
        self._ready = True
        self._events.append(Ready(hello))

    def _receive_credit(self, stream: int, state: _Stream | None, amount: int) -> None:
        if amount == 0:
            raise InvalidError("CREDIT of no bytes")
        if stream == 0:
            self._credit += amount
        elif state is not None:
            state.credit += amount
        if max(self._credit, state.credit if state else 0) > MAXIMUM_CREDIT:
            raise InvalidError("more than 2^62 bytes of credit")
        self._events.append(Writable(stream))

    def _receive_goaway(self, message: pb.GoAway) -> None:
        if self._drained_to is not None and message.last_stream > self._drained_to:
            raise InvalidError("a GOAWAY that raises the last stream")
        self._drained_to = message.last_stream
        self._events.append(Draining(message.reason))
        refused = UnavailableError(f"the server stops: {message.reason}", retryable=True, processed=Processed.NO)
        self._over_all((stream for stream in list(self._streams) if stream > message.last_stream), refused)
        self._finish()

    # ---- Common ----

    def _send(self, kind: Kind, stream: int = 0, body: bytes | memoryview = b"", *, flags: int = 0, method: int = 0) -> None:
        self._out += frame(kind, stream, body, flags=flags, method=method)

    def _over(self, stream: int, error: ChanceryError | None = None) -> None:
        """Ends a stream, with ``error`` if it failed."""
        if self._streams.pop(stream, None) is not None and error is not None:
            self._events.append(Failed(stream, error))
        self._finish()

    def _over_all(self, streams: Iterable[int], error: ChanceryError) -> None:
        for stream in streams:
            del self._streams[stream]
            self._events.append(Failed(stream, error))

    def _finish(self) -> None:
        """Closes when the server stops and no call is left."""
        if self._drained_to is not None and not self._streams and not self._closed:
            self._close(None)

    def _close(self, error: ChanceryError | None, *, tell: bool = False) -> None:
        if tell and error is not None:
            self._send(Kind.ERROR, 0, encode(to_message(error)))
        self._closed = True
        self._in.clear()
        reason = str(error) if error else "the connection is closed"
        self._over_all(list(self._streams), UnavailableError(f"the connection was lost: {reason}", retryable=True))
        self._events.append(Closed(error))

    def _take_events(self) -> list[Event]:
        events, self._events = self._events, []
        return events


def _lost(message: str) -> UnavailableError:
    return UnavailableError(message, retryable=True)
