"""The client for programs without asyncio: the same client on an event loop in a thread of its own."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import AsyncIterator, Coroutine, Iterator, Mapping
from types import TracebackType
from typing import Any, Self, TypeVar

from . import chancery_pb2 as pb
from . import download
from .client import Answer, AsyncClient
from .errors import Processed, UnavailableError
from .settings import Settings

T = TypeVar("T")


class _Loop:
    """An event loop in a thread."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="chancery", daemon=True)
        self._thread.start()

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Runs work to its end. What interrupts the wait (Ctrl-C) cancels the work."""
        if self._loop.is_closed():
            work.close()
            raise UnavailableError("the client is closed", processed=Processed.NO)
        future = asyncio.run_coroutine_threadsafe(work, self._loop)
        try:
            return future.result()
        except BaseException:
            future.cancel()
            raise

    def iterate(self, items: AsyncIterator[T]) -> Iterator[T]:
        """The items one by one. Closing the iterator closes ``items``."""

        async def step() -> tuple[T] | None:
            try:
                return (await anext(items),)
            except StopAsyncIteration:
                return None

        async def close() -> None:
            aclose = getattr(items, "aclose", None)
            if aclose is not None:
                await aclose()

        try:
            while (item := self.run(step())) is not None:
                yield item[0]
        finally:
            self.run(close())

    def stop(self) -> None:
        """Ends the thread."""
        self.run(self._loop.shutdown_asyncgens())
        self.run(self._loop.shutdown_default_executor())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


class Download:
    """The bytes of an original; see ``download.Download``."""

    def __init__(self, loop: _Loop, inner: download.Download) -> None:
        self.size = inner.size
        self.media_type = inner.media_type
        self.file_name = inner.file_name
        self._loop = loop
        self._inner = inner

    def __iter__(self) -> Iterator[bytes]:
        return self._loop.iterate(aiter(self._inner))

    def read(self) -> bytes:
        """All of it."""
        return self._loop.run(self._inner.read())

    def save(self, path: str | os.PathLike[str]) -> None:
        """Writes it to a file, which appears under its name only when it is whole."""
        self._loop.run(self._inner.save(path))

    def close(self) -> None:
        """Gives up what has not come."""
        self._loop.run(self._inner.close())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()


class Client:
    """``AsyncClient`` without asyncio: the same methods, which block. Any number of threads may call one client."""

    def __init__(self, settings: Settings | None = None) -> None:
        self._client = AsyncClient(settings)
        self._loop = _Loop()
        self._closed = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Ends all calls and connections, and the thread."""
        if not self._closed:
            self._closed = True
            self._loop.run(self._client.close())
            self._loop.stop()

    def submit(
        self,
        source: str | os.PathLike[str] | bytes,
        *,
        symbol: str = "",
        metadata: Mapping[str, str] | None = None,
        file_name: str = "",
        media_type: str = "",
        distribution: str = "",
        sha256: str | bytes = b"",
        idempotency_key: str | None = None,
        timeout: float | None = None,
        traceparent: str | None = None,
    ) -> pb.SubmitReply:
        """Registers a document; see ``AsyncClient.submit``."""
        return self._loop.run(
            self._client.submit(
                source,
                symbol=symbol,
                metadata=metadata,
                file_name=file_name,
                media_type=media_type,
                distribution=distribution,
                sha256=sha256,
                idempotency_key=idempotency_key,
                timeout=timeout,
                traceparent=traceparent,
            )
        )

    def delete(
        self, which: str | bytes, *, why: str, language: str = "", timeout: float | None = None, traceparent: str | None = None
    ) -> pb.DeleteReply:
        """Takes a document out of search; see ``AsyncClient.delete``."""
        return self._loop.run(self._client.delete(which, why=why, language=language, timeout=timeout, traceparent=traceparent))

    def original(self, sha256: str | bytes, *, timeout: float | None = None, traceparent: str | None = None) -> Download:
        """The file as it was submitted; see ``AsyncClient.original``."""
        return Download(self._loop, self._loop.run(self._client.original(sha256, timeout=timeout, traceparent=traceparent)))

    def search(
        self,
        query: str,
        *,
        limit: int = 0,
        offset: int = 0,
        facets: tuple[str, ...] | list[str] = (),
        facet_limit: int = 0,
        sort: str = "",
        snippets: int = 0,
        cursor: bytes = b"",
        thorough: bool = False,
        languages: tuple[str, ...] | list[str] = (),
        every_version: bool = False,
        timeout: float | None = None,
        traceparent: str | None = None,
    ) -> pb.SearchReply:
        """Searches; see ``AsyncClient.search``."""
        return self._loop.run(
            self._client.search(
                query,
                limit=limit,
                offset=offset,
                facets=facets,
                facet_limit=facet_limit,
                sort=sort,
                snippets=snippets,
                cursor=cursor,
                thorough=thorough,
                languages=languages,
                every_version=every_version,
                timeout=timeout,
                traceparent=traceparent,
            )
        )

    def search_all(
        self,
        query: str,
        *,
        sort: str = "-date",
        snippets: int = 0,
        page: int = 100,
        languages: tuple[str, ...] | list[str] = (),
        every_version: bool = False,
        traceparent: str | None = None,
    ) -> Iterator[pb.Hit]:
        """All hits; see ``AsyncClient.search_all``."""
        return self._loop.iterate(
            self._client.search_all(
                query,
                sort=sort,
                snippets=snippets,
                page=page,
                languages=languages,
                every_version=every_version,
                traceparent=traceparent,
            )
        )

    def explain(self, query: str, which: str | bytes, *, timeout: float | None = None, traceparent: str | None = None) -> pb.ExplainReply:
        """How a score comes about; see ``AsyncClient.explain``."""
        return self._loop.run(self._client.explain(query, which, timeout=timeout, traceparent=traceparent))

    def get(
        self,
        which: str | bytes,
        *,
        languages: tuple[str, ...] | list[str] = (),
        timeout: float | None = None,
        traceparent: str | None = None,
    ) -> pb.Document:
        """A document; see ``AsyncClient.get``."""
        return self._loop.run(self._client.get(which, languages=languages, timeout=timeout, traceparent=traceparent))

    def suggest(
        self, field: str, prefix: str = "", *, limit: int = 0, timeout: float | None = None, traceparent: str | None = None
    ) -> list[pb.FacetValue]:
        """Values of a field; see ``AsyncClient.suggest``."""
        return self._loop.run(self._client.suggest(field, prefix, limit=limit, timeout=timeout, traceparent=traceparent))

    def health(self, *, timeout: float | None = None, traceparent: str | None = None) -> list[Answer[pb.HealthReply]]:
        """Whether each node is ready; see ``AsyncClient.health``."""
        return self._loop.run(self._client.health(timeout=timeout, traceparent=traceparent))

    def status(self, *, timeout: float | None = None, traceparent: str | None = None) -> list[Answer[pb.StatusReply]]:
        """What each node holds; see ``AsyncClient.status``."""
        return self._loop.run(self._client.status(timeout=timeout, traceparent=traceparent))

    def verify(self, *, timeout: float | None = 3600, traceparent: str | None = None) -> list[Answer[pb.VerifyReply]]:
        """Has each node check what it holds; see ``AsyncClient.verify``."""
        return self._loop.run(self._client.verify(timeout=timeout, traceparent=traceparent))

    def trace(self, trace_id: str | bytes, *, timeout: float | None = None) -> list[Answer[pb.TraceReply]]:
        """What each node remembers of a trace; see ``AsyncClient.trace``."""
        return self._loop.run(self._client.trace(trace_id, timeout=timeout))

    def journal(self, *, after: int = 0, follow: bool = False, limit: int = 0, traceparent: str | None = None) -> Iterator[pb.JournalEntry]:
        """The journal's entries; see ``AsyncClient.journal``."""
        return self._loop.iterate(self._client.journal(after=after, follow=follow, limit=limit, traceparent=traceparent))

    def manifests(self, *, have: int = 0, traceparent: str | None = None) -> Iterator[pb.Manifest]:
        """The index's manifests; see ``AsyncClient.manifests``."""
        return self._loop.iterate(self._client.manifests(have=have, traceparent=traceparent))

    def watch(self, *, after: int = 0, have: int = 0, traceparent: str | None = None) -> Iterator[pb.JournalEntry | pb.Manifest]:
        """Follows what the role allows; see ``AsyncClient.watch``."""
        return self._loop.iterate(self._client.watch(after=after, have=have, traceparent=traceparent))

    def export(self, *, traceparent: str | None = None) -> Iterator[str]:
        """All documents as lines of JSON; see ``AsyncClient.export``."""
        return self._loop.iterate(self._client.export(traceparent=traceparent))
