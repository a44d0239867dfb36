"""The client, for asyncio."""

from __future__ import annotations

import asyncio
import io
import os
import re
import secrets
import ssl
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Generic, Self, TypeVar

from google.protobuf.message import Message

from . import chancery_pb2 as pb
from . import methods
from .download import Download
from .errors import ChanceryError, ConflictError, ForbiddenError, InternalError
from .jsonform import document_line
from .link import ALPN, Call, Link
from .messages import MAXIMUM_MESSAGE, Delimited, decode, encode
from .methods import Method, Service
from .pool import ATTEMPTS, Pool, pause
from .settings import Endpoint, Settings
from .tracing import trace_parent
from .version import SOFTWARE

CHUNK = 256 * 1024
JOURNAL_DOCUMENT = 1
JOURNAL_DELETION = 2

Request = TypeVar("Request", bound=Message)
Reply = TypeVar("Reply", bound=Message)
Followed = TypeVar("Followed", bound=Message)


@dataclass(frozen=True, slots=True)
class Answer(Generic[Reply]):
    """What one service node answered: ``reply``, or ``error``."""

    service: Service
    endpoint: Endpoint
    reply: Reply | None = None
    error: ChanceryError | None = None


class AsyncClient:
    """Talks to the services of one cluster over as many connections as they have nodes.

    ``settings`` are those of the ``chancery`` command unless given. ``timeout`` of a method is in seconds and holds for all its
    attempts; without one the service's own holds (60 s where nothing streams). ``traceparent`` is the W3C trace context
    (``00-TRACE-SPAN-FLAGS``) of what the call is made for; without one it is OpenTelemetry's current span, where that is installed and
    there is one, and an empty one is none. Every method raises ChanceryError.
    """

    def __init__(self, settings: Settings | None = None) -> None:
        settings = settings or Settings.load()
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.minimum_version = ssl.TLSVersion.TLSv1_3
        context.load_verify_locations(settings.ca)
        if settings.crl:
            context.load_verify_locations(settings.crl)
            context.verify_flags |= ssl.VerifyFlags.VERIFY_CRL_CHECK_CHAIN
        context.load_cert_chain(settings.certificate, settings.key)
        context.set_alpn_protocols([ALPN])
        endpoints = {Service.INGEST: settings.ingest, Service.INDEX: settings.index, Service.QUERY: settings.query}
        self._pools = {service: Pool(service, endpoints[service], context, settings.cluster, SOFTWARE) for service in Service}

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        await self.close()

    async def close(self) -> None:
        """Ends all calls and connections."""
        for pool in self._pools.values():
            await pool.close()

    # ---- Registering ----

    async def submit(
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
        """Registers a document: a file's path, or its bytes. Returns when it is durable.

        ``symbol`` and ``metadata`` say what the text does not, ``distribution`` ("general", "limited" …) also what it says less strictly;
        a document that has none is found only by callers cleared for everything. A ``sha256`` that the bytes do not have is refused. The
        same bytes again are the same document (``duplicate``); other bytes under the same symbol in the same language are its next
        ``version``. A language that the text does not show can be stated: ``metadata={"language": "fr"}``.

        All attempts have the same ``idempotency_key``, a random one unless given: for 24 hours the service refuses other bytes under it, so
        that a file which changes while a call is repeated is not registered twice. Give one of your own (at most 128 bytes) to repeat a
        call in a later run of the program. An empty one is none.
        """
        request = pb.SubmitRequest(
            file_name=file_name,
            media_type=media_type,
            symbol=symbol,
            metadata=metadata,
            distribution=distribution,
            sha256=_bytes(sha256, 32) if sha256 else b"",
        )
        if not isinstance(source, bytes):
            request.file_name = file_name or Path(source).name
        key = secrets.token_hex(16) if idempotency_key is None else idempotency_key
        deadline, trace = _deadline(timeout), trace_parent(traceparent)

        async def work(link: Link) -> pb.SubmitReply:
            file: BinaryIO = io.BytesIO(source) if isinstance(source, bytes) else await asyncio.to_thread(open, source, "rb")
            with file:
                request.size = file.seek(0, os.SEEK_END)
                file.seek(0)
                call = await link.open(methods.SUBMIT.number, encode(request), more=True, deadline=deadline, key=key, trace=trace)
                try:
                    while (chunk := await asyncio.to_thread(file.read, CHUNK)) and await call.send(chunk):
                        pass
                    call.end()
                    return decode(pb.SubmitReply, await call.reply())
                finally:
                    call.close()

        return await self._pools[Service.INGEST].run(work, safe=methods.SUBMIT.safe, deadline=deadline)

    async def delete(
        self, which: str | bytes, *, why: str, language: str = "", timeout: float | None = None, traceparent: str | None = None
    ) -> pb.DeleteReply:
        """Takes a document out of search, by symbol or id. The journal keeps it.

        A symbol that documents of several languages have needs a ``language`` ("fr"; "und" is one that is not known), or ConflictError is
        raised, with ``languages`` in its details.
        """
        symbol, document_id = _which(which)
        request = pb.DeleteRequest(symbol=symbol, document_id=document_id, why=why, language=language)
        return await self._ask(Service.INGEST, methods.DELETE, request, timeout, traceparent)

    async def original(self, sha256: str | bytes, *, timeout: float | None = None, traceparent: str | None = None) -> Download:
        """The file as it was submitted, by its SHA-256 (32 bytes or hexadecimal)."""
        digest = _bytes(sha256, 32)
        deadline = _deadline(timeout)
        request = pb.GetOriginalRequest(sha256=digest)
        call, reply = await self._stream(Service.INGEST, methods.GET_ORIGINAL, request, deadline, trace_parent(traceparent))
        return Download(call, reply, digest, deadline)

    # ---- Reading ----

    async def search(
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
        """Searches. What is 0 or empty is left to the service. A thorough search takes any of the plain words, and looks for what the best
        documents have in common too. A wrong query raises InvalidError with ``position`` and ``hint``.

        Languages, revisions and corrigenda of one paper are one hit, unless ``every_version`` is set: of those found it shows the one in the
        first of ``languages`` (["fr", "en"]; then English and the other official ones), of these the newest revision, and its ``versions``
        are the others. ``total`` counts all that are found.

        ``cursor`` is the ``next_cursor`` of an answer to the same query in the same order, and asks for the hits that follow.
        """
        request = pb.SearchRequest(
            query=query,
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
        )
        return await self._ask(Service.QUERY, methods.SEARCH, request, timeout, traceparent)

    async def search_all(
        self,
        query: str,
        *,
        sort: str = "-date",
        snippets: int = 0,
        page: int = 100,
        languages: tuple[str, ...] | list[str] = (),
        every_version: bool = False,
        traceparent: str | None = None,
    ) -> AsyncIterator[pb.Hit]:
        """All hits, fetched ``page`` at a time.

        By date none is missed and none comes twice, also while the index grows. By relevance ConflictError is raised when the scores
        have changed on the way.
        """
        cursor = b""
        while True:
            reply = await self.search(
                query,
                limit=page,
                sort=sort,
                snippets=snippets,
                cursor=cursor,
                languages=languages,
                every_version=every_version,
                traceparent=traceparent,
            )
            for hit in reply.hits:
                yield hit
            cursor = reply.next_cursor
            if not cursor:
                return

    async def explain(
        self, query: str, which: str | bytes, *, timeout: float | None = None, traceparent: str | None = None
    ) -> pb.ExplainReply:
        """How the score of a document, by symbol or id, comes about in the answer to a query."""
        symbol, document_id = _which(which)
        request = pb.ExplainRequest(query=query, symbol=symbol, document_id=document_id)
        return await self._ask(Service.QUERY, methods.EXPLAIN, request, timeout, traceparent)

    async def get(
        self,
        which: str | bytes,
        *,
        languages: tuple[str, ...] | list[str] = (),
        timeout: float | None = None,
        traceparent: str | None = None,
    ) -> pb.Document:
        """A document, by symbol or id (16 bytes or hexadecimal); of several that have the symbol the one in the first of ``languages`` that
        there is, or else in English or another."""
        symbol, document_id = _which(which)
        request = pb.GetRequest(symbol=symbol, document_id=document_id, languages=languages)
        deadline, trace = _deadline(timeout), trace_parent(traceparent)

        async def work(link: Link) -> pb.Document:
            call = await link.open(methods.GET.number, encode(request), deadline=deadline, trace=trace)
            try:
                reply = decode(pb.GetReply, await call.reply())
                data = bytearray()
                while (chunk := await call.chunk()) is not None:
                    data += chunk
                    if len(data) > min(reply.size, MAXIMUM_MESSAGE):
                        raise InternalError(f"a document longer than {min(reply.size, MAXIMUM_MESSAGE)} bytes came")
                if len(data) != reply.size:
                    raise InternalError(f"{len(data)} of {reply.size} bytes of a document came")
                return decode(pb.Document, bytes(data))
            finally:
                call.close()

        return await self._pools[Service.QUERY].run(work, safe=methods.GET.safe, deadline=deadline)

    async def suggest(
        self, field: str, prefix: str = "", *, limit: int = 0, timeout: float | None = None, traceparent: str | None = None
    ) -> list[pb.FacetValue]:
        """The values of a field that begin with ``prefix``, with the number of documents."""
        request = pb.SuggestRequest(field=field, prefix=prefix, limit=limit)
        return list((await self._ask(Service.QUERY, methods.SUGGEST, request, timeout, traceparent)).values)

    # ---- Every node ----

    async def health(self, *, timeout: float | None = None, traceparent: str | None = None) -> list[Answer[pb.HealthReply]]:
        """Whether each node of each service is ready."""
        return await self._ask_all(methods.HEALTH, pb.HealthRequest(), timeout, traceparent)

    async def status(self, *, timeout: float | None = None, traceparent: str | None = None) -> list[Answer[pb.StatusReply]]:
        """What each node of each service holds."""
        return await self._ask_all(methods.STATUS, pb.StatusRequest(), timeout, traceparent)

    async def verify(self, *, timeout: float | None = 3600, traceparent: str | None = None) -> list[Answer[pb.VerifyReply]]:
        """Has each node of each service check all that it holds, which takes its time."""
        return await self._ask_all(methods.VERIFY, pb.VerifyRequest(), timeout, traceparent)

    async def trace(self, trace_id: str | bytes, *, timeout: float | None = None) -> list[Answer[pb.TraceReply]]:
        """The spans that each node of each service remembers of a trace, by its id (16 bytes or hexadecimal)."""
        return await self._ask_all(methods.TRACE, pb.TraceRequest(trace_id=_bytes(trace_id, 16)), timeout, "")

    # ---- Following ----

    async def journal(
        self, *, after: int = 0, follow: bool = False, limit: int = 0, traceparent: str | None = None
    ) -> AsyncIterator[pb.JournalEntry]:
        """The journal's entries behind ``after``, at most ``limit`` (0: all). With ``follow``, also those to come, without end.

        Goes on where it was when a connection is lost; with ``follow``, however long the service is away.
        """
        last = after + limit
        journal_id: str | None = None

        def request() -> pb.ReadJournalRequest:
            return pb.ReadJournalRequest(after=after, follow=follow, limit=last - after if limit else 0)

        def check(reply: pb.ReadJournalReply) -> None:
            nonlocal journal_id
            if journal_id not in (None, reply.journal_id):
                raise ConflictError(f"journal {journal_id} was replaced by {reply.journal_id}")
            if reply.last < after:
                raise ConflictError(f"the journal ends at {reply.last}, before {after}: it is another one")
            journal_id = reply.journal_id

        trace = trace_parent(traceparent)
        async for entry in self._follow(Service.INGEST, methods.READ_JOURNAL, request, check, pb.JournalEntry, trace, endless=follow):
            if entry.sequence <= after:
                raise InternalError(f"journal entry {entry.sequence} came after {after}")
            after = entry.sequence
            yield entry

    async def manifests(self, *, have: int = 0, traceparent: str | None = None) -> AsyncIterator[pb.Manifest]:
        """The index's newest manifest, if its generation is not ``have``, then each new one, without end."""

        def request() -> pb.WatchManifestRequest:
            return pb.WatchManifestRequest(have=have)

        trace = trace_parent(traceparent)
        messages = self._follow(Service.INDEX, methods.WATCH_MANIFEST, request, lambda _: None, pb.Manifest, trace, endless=True)
        async for manifest in messages:
            have = manifest.generation
            yield manifest

    async def watch(self, *, after: int = 0, have: int = 0, traceparent: str | None = None) -> AsyncIterator[pb.JournalEntry | pb.Manifest]:
        """Follows what the client's role allows: the journal (index, operator), else the manifests (query)."""
        try:
            async for entry in self.journal(after=after, follow=True, traceparent=traceparent):
                yield entry
        except ForbiddenError:
            pass
        async for manifest in self.manifests(have=have, traceparent=traceparent):
            yield manifest

    async def export(self, *, traceparent: str | None = None) -> AsyncIterator[str]:
        """All documents, the newest version of each that is not deleted, as a line of JSON each.

        The journal is read twice: first for what is newest, then for the documents. What is registered meanwhile is left out.
        """
        newest: dict[bytes, int] = {}
        last = 0
        async for entry in self.journal(traceparent=traceparent):
            last = entry.sequence
            if entry.kind == JOURNAL_DOCUMENT:
                newest[entry.document_id] = entry.sequence
            elif entry.kind == JOURNAL_DELETION:
                newest.pop(entry.document_id, None)
        if not newest:
            return
        async for entry in self.journal(limit=last, traceparent=traceparent):
            if newest.get(entry.document_id) == entry.sequence:
                yield document_line(entry.document)

    # ---- Common ----

    async def _ask(
        self,
        service: Service,
        method: Method[Request, Reply],
        request: Request,
        timeout: float | None,
        traceparent: str | None,
        endpoint: Endpoint | None = None,
    ) -> Reply:
        """Calls a method that streams neither way."""
        deadline, trace = _deadline(timeout), trace_parent(traceparent)

        async def work(link: Link) -> Reply:
            call = await link.open(method.number, encode(request), deadline=deadline, trace=trace)
            try:
                return decode(method.reply, await call.reply())
            finally:
                call.close()

        return await self._pools[service].run(work, safe=method.safe, deadline=deadline, endpoint=endpoint)

    async def _ask_all(
        self, method: Method[Request, Reply], request: Request, timeout: float | None, traceparent: str | None
    ) -> list[Answer[Reply]]:
        async def ask(service: Service, endpoint: Endpoint) -> Answer[Reply]:
            try:
                return Answer(service, endpoint, reply=await self._ask(service, method, request, timeout, traceparent, endpoint))
            except ChanceryError as error:
                return Answer(service, endpoint, error=error)

        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(ask(service, endpoint)) for service, pool in self._pools.items() for endpoint in pool.endpoints]
        return [task.result() for task in tasks]

    async def _stream(
        self, service: Service, method: Method[Request, Reply], request: Request, deadline: float | None, trace: bytes
    ) -> tuple[Call, Reply]:
        """Begins a call whose reply has DATA after it. The caller closes it."""

        async def work(link: Link) -> tuple[Call, Reply]:
            call = await link.open(method.number, encode(request), deadline=deadline, trace=trace)
            try:
                return call, decode(method.reply, await call.reply())
            except BaseException:
                call.close()
                raise

        return await self._pools[service].run(work, safe=method.safe, deadline=deadline)

    async def _follow(
        self,
        service: Service,
        method: Method[Request, Reply],
        request: Callable[[], Request],
        check: Callable[[Reply], None],
        cls: type[Followed],
        trace: bytes,
        *,
        endless: bool,
    ) -> AsyncIterator[Followed]:
        """The messages in the DATA of a call that begins again with a new ``request`` when its connection is lost."""
        failures = 0
        begun = False
        while True:
            try:
                call, reply = await self._stream(service, method, request(), None, trace)
                try:
                    check(reply)
                    begun = True
                    messages = Delimited(cls)
                    while (chunk := await call.chunk()) is not None:
                        for message in messages.feed(chunk):
                            failures = 0
                            yield message
                    messages.finish()
                    return
                finally:
                    call.close()
            except ChanceryError as error:
                failures += 1
                if not error.retryable or not begun or (failures >= ATTEMPTS and not endless):
                    raise
                await asyncio.sleep(max(error.retry_after, pause(failures)))


def _deadline(timeout: float | None) -> float | None:
    """The loop's time at which a call that begins now is over."""
    return None if timeout is None else asyncio.get_running_loop().time() + timeout


def _which(which: str | bytes) -> tuple[str, bytes]:
    """A document's symbol or id, the other one empty. 32 hexadecimal digits are an id."""
    if isinstance(which, str) and not re.fullmatch(r"[0-9a-fA-F]{32}", which):
        return which, b""
    return "", _bytes(which, 16)


def _bytes(value: str | bytes, length: int) -> bytes:
    data = bytes.fromhex(value) if isinstance(value, str) else value
    if len(data) != length:
        raise ValueError(f"{length} bytes are needed, not {len(data)}")
    return data
