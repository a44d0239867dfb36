"""A connection over TLS, for asyncio."""

from __future__ import annotations

import asyncio
import ssl
from collections import deque
from typing import cast

from .errors import ChanceryError, Processed, UnauthenticatedError, UnavailableError
from .events import Closed, Ended, Event, Failed, Ready, Received, Replied
from .machine import Connection
from .settings import Endpoint

ALPN = "chancery/1"
CONNECT_SECONDS = 10.0
SHUTDOWN_SECONDS = 2.0


class Link(asyncio.Protocol):
    """One connection to one endpoint, with any number of calls."""

    def __init__(self, endpoint: Endpoint, *, cluster: str, software: str) -> None:
        self.endpoint = endpoint
        self._loop = asyncio.get_running_loop()
        self._machine = Connection(self._loop.time(), cluster=cluster, software=software)
        self._transport: asyncio.Transport | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._calls: dict[int, Call] = {}
        self._ready: asyncio.Future[None] = self._loop.create_future()
        self._room = asyncio.Event()
        self._paused = False
        self._gone = asyncio.Event()

    @classmethod
    async def connect(cls, endpoint: Endpoint, context: ssl.SSLContext, *, cluster: str, software: str) -> Link:
        """A connection on which calls may begin. Every error says that nothing was processed."""
        loop = asyncio.get_running_loop()
        link = cls(endpoint, cluster=cluster, software=software)
        try:
            async with asyncio.timeout(CONNECT_SECONDS):
                await loop.create_connection(
                    lambda: link,
                    endpoint.host,
                    endpoint.port,
                    ssl=context,
                    server_hostname=endpoint.host,
                    ssl_shutdown_timeout=SHUTDOWN_SECONDS,
                )
                await link._ready
        except BaseException as error:
            link.close()
            if isinstance(error, ChanceryError):
                error.processed = Processed.NO
                raise
            if isinstance(error, OSError):
                raise _cannot_connect(endpoint, error) from error
            raise
        return link

    @property
    def load(self) -> int:
        """The number of calls under way."""
        return self._machine.open_streams

    @property
    def usable(self) -> bool:
        """Whether calls may begin."""
        return self._machine.accepts

    async def open(
        self, method: int, body: bytes, *, more: bool = False, deadline: float | None = None, key: str = "", trace: bytes = b""
    ) -> Call:
        """Begins a call; waits while the server allows no more. ``deadline`` is the loop's time. See ``Connection.open``."""
        while self._machine.accepts and self._machine.full:
            self._room.clear()
            await self._room.wait()
        remaining = None if deadline is None else deadline - self._loop.time()
        stream = self._machine.open(method, body, more=more, deadline=remaining, key=key, trace=trace)
        call = self._calls[stream] = Call(self, stream)
        self._flush()
        return call

    def close(self) -> None:
        """Ends the connection and the calls on it."""
        self._handle(self._machine.close())

    @property
    def gone(self) -> bool:
        """Whether the transport is closed."""
        return self._gone.is_set()

    async def closed(self) -> None:
        """Waits until the transport is closed."""
        await self._gone.wait()

    # ---- For calls ----

    def send(self, stream: int, data: memoryview) -> int:
        """Sends what may be sent now and returns how much that was."""
        sent = 0 if self._paused else self._machine.send(stream, data)
        self._flush()
        return sent

    def end(self, stream: int) -> None:
        """Says that no DATA follows."""
        self._machine.end(stream)
        self._flush()

    def cancel(self, stream: int) -> None:
        """Gives a call up."""
        self._calls.pop(stream, None)
        self._handle(self._machine.cancel(stream))
        self._room.set()

    def consumed(self, stream: int, length: int) -> None:
        """Says that a call's bytes are out of the way."""
        self._machine.consumed(stream, length)
        self._flush()

    # ---- asyncio.Protocol ----

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The handshake is done."""
        self._transport = cast(asyncio.Transport, transport)
        chosen = transport.get_extra_info("ssl_object").selected_alpn_protocol()
        if chosen != ALPN:
            self._handle(self._machine.lost(UnavailableError(f"{self.endpoint} does not speak {ALPN}")))
            return
        self._flush()

    def data_received(self, data: bytes) -> None:
        """Bytes have come."""
        self._handle(self._machine.receive(data, self._loop.time()))

    def connection_lost(self, exc: Exception | None) -> None:
        """The transport is gone."""
        refused = isinstance(exc, ssl.SSLError) and not self._ready.done()
        error = _refused(self.endpoint, exc) if refused else None
        self._handle(self._machine.lost(error))
        self._gone.set()

    def pause_writing(self) -> None:
        """The transport holds enough."""
        self._paused = True

    def resume_writing(self) -> None:
        """The transport takes more."""
        self._paused = False
        self._wake()

    # ---- Common ----

    def _handle(self, events: list[Event]) -> None:
        for event in events:
            match event:
                case Ready():
                    if not self._ready.done():
                        self._ready.set_result(None)
                case Closed(error):
                    self._over(error)
                case Replied() | Received() | Ended() | Failed():
                    call = self._calls.get(event.stream)
                    if call is not None:
                        call.take(event)
                        if call.over:
                            del self._calls[event.stream]
                    elif isinstance(event, Received):
                        self._machine.consumed(event.stream, len(event.data))
                case _:
                    self._wake()
        if events:
            self._room.set()
        self._flush()

    def _over(self, error: ChanceryError | None) -> None:
        self._flush()
        if self._timer is not None:
            self._timer.cancel()
        if self._transport is not None:
            self._transport.close()
        if not self._ready.done():
            self._ready.set_exception(error or UnavailableError(f"{self.endpoint} stops", retryable=True))
            self._ready.exception()  # connect may not be waiting any more

    def _wake(self) -> None:
        for call in self._calls.values():
            call.wake()

    def _flush(self) -> None:
        if self._transport is None or self._transport.is_closing():
            return
        out = self._machine.take()
        if out:
            self._transport.write(out)
        if self._timer is None or self._timer.when() > self._machine.next_tick():
            self._schedule()

    def _schedule(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = self._loop.call_at(self._machine.next_tick(), self._tick)

    def _tick(self) -> None:
        self._timer = None
        self._handle(self._machine.tick(self._loop.time()))


class Call:
    """One call. Only one task at a time may wait for it."""

    def __init__(self, link: Link, stream: int) -> None:
        self._link = link
        self._stream = stream
        self._reply: bytes | None = None
        self._chunks: deque[bytes] = deque()
        self._error: ChanceryError | None = None
        self._changed = asyncio.Event()
        self.over = False

    async def reply(self) -> bytes:
        """The body of the REPLY."""
        while self._reply is None:
            if self._error is not None:
                raise self._error
            await self._wait()
        return self._reply

    async def send(self, data: bytes | memoryview) -> bool:
        """Sends DATA as credit comes. False when the server has ended the call and wants no more."""
        view = memoryview(data)
        while view and not self.over:
            view = view[self._link.send(self._stream, view) :]
            if view and not self.over:
                await self._wait()
        return not self.over

    def end(self) -> None:
        """Says that no more DATA follows."""
        self._link.end(self._stream)

    async def chunk(self) -> bytes | None:
        """The next DATA; None after the last."""
        while not self._chunks:
            if self._error is not None:
                raise self._error
            if self.over:
                return None
            await self._wait()
        data = self._chunks.popleft()
        self._link.consumed(self._stream, len(data))
        return data

    def close(self) -> None:
        """Gives the call up if it is not over."""
        if not self.over:
            self.over = True
            self._link.cancel(self._stream)
        if self._chunks:
            self._link.consumed(self._stream, sum(map(len, self._chunks)))
            self._chunks.clear()

    # ---- For the link ----

    def take(self, event: Replied | Received | Ended | Failed) -> None:
        """Something has come."""
        match event:
            case Replied(_, body, last):
                self._reply = body
                self.over = last
            case Received(_, data):
                self._chunks.append(data)
            case Ended():
                self.over = True
            case Failed(_, error):
                self._error = error
                self.over = True
        self.wake()

    def wake(self) -> None:
        """Lets the waiting task look again."""
        self._changed.set()

    async def _wait(self) -> None:
        self._changed.clear()
        await self._changed.wait()


def _cannot_connect(endpoint: Endpoint, error: OSError) -> ChanceryError:
    if isinstance(error, ssl.SSLCertVerificationError):
        return UnauthenticatedError(f"{endpoint} is not trusted: {error.verify_message}", processed=Processed.NO)
    if isinstance(error, ssl.SSLError):
        return _refused(endpoint, error)
    if isinstance(error, TimeoutError):
        text = f"no connection within {CONNECT_SECONDS:g} s"
    else:
        text = error.strerror or str(error) or type(error).__name__
    return UnavailableError(f"{endpoint} cannot be reached: {text}", retryable=True, processed=Processed.NO)


def _refused(endpoint: Endpoint, error: Exception | None) -> ChanceryError:
    return UnauthenticatedError(f"{endpoint} refused the handshake: {error}", processed=Processed.MAYBE)
