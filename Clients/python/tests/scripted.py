"""A server over real TLS that does as a test says: what a well-behaved service cannot be made to do."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from google.protobuf.message import Message

from chancery import Endpoint
from chancery import chancery_pb2 as pb
from chancery.frames import HEADER_LENGTH, Flag, Header, Kind, frame
from chancery.messages import encode
from deployment import Deployment


class Peer:
    """One connection, seen from the server."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer

    async def greet(self, hello: pb.Hello | None = None) -> None:
        """Exchanges HELLO."""
        self.send(Kind.HELLO, 0, hello or pb.Hello(min_version=1, max_version=1))
        header, _ = await self.next()
        assert header.kind == Kind.HELLO

    def send(self, kind: Kind, stream: int = 0, body: Message | bytes = b"", *, last: bool = False) -> None:
        """Sends a frame."""
        data = body if isinstance(body, bytes) else encode(body)
        self.writer.write(frame(kind, stream, data, flags=Flag.LAST if last else 0))

    async def next(self) -> tuple[Header, bytes]:
        """The next frame."""
        header = Header.decode(await self.reader.readexactly(HEADER_LENGTH))
        return header, await self.reader.readexactly(header.length)

    async def request(self) -> tuple[Header, pb.Request]:
        """The next REQUEST; what comes before it is dropped."""
        while True:
            header, body = await self.next()
            if header.kind == Kind.REQUEST:
                return header, pb.Request.FromString(body)

    async def until(self, kind: Kind) -> tuple[Header, bytes]:
        """The next frame of a kind; what comes before it is dropped."""
        while True:
            header, body = await self.next()
            if header.kind == kind:
                return header, body

    def drop(self) -> None:
        """Breaks the connection."""
        self.writer.transport.abort()


@asynccontextmanager
async def scripted(
    deployment: Deployment,
    script: Callable[[Peer], Awaitable[None]],
    *,
    certificate: str = "ingest",
    alpn: str | None = "chancery/1",
    version: ssl.TLSVersion = ssl.TLSVersion.TLSv1_3,
) -> AsyncIterator[Endpoint]:
    """A server that runs ``script`` for each connection. What the script raises fails the test."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(deployment.folder / f"{certificate}.crt", deployment.folder / f"{certificate}.key")
    context.load_verify_locations(deployment.folder / "ca.crt")
    context.verify_mode = ssl.CERT_REQUIRED
    context.maximum_version = version
    if alpn is not None:
        context.set_alpn_protocols([alpn])
    failures: list[Exception] = []
    tasks: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        tasks.add(task)
        try:
            await script(Peer(reader, writer))
        except (asyncio.IncompleteReadError, ConnectionError):
            pass  # the client went
        except Exception as error:
            failures.append(error)
        finally:
            writer.transport.abort()
            tasks.discard(task)

    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=context)
    try:
        yield Endpoint("127.0.0.1", server.sockets[0].getsockname()[1])
    finally:
        server.close()
        for task in list(tasks):
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    assert not failures, failures
