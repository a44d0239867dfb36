"""The client against the real ingest service."""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import signal
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from opentelemetry.sdk.trace import TracerProvider

from chancery import (
    AsyncClient,
    ChanceryError,
    Client,
    ConflictError,
    DeadlineError,
    Endpoint,
    ForbiddenError,
    InvalidError,
    JournalEntry,
    NotFoundError,
    Processed,
    Service,
    TooLargeError,
    UnauthenticatedError,
    UnavailableError,
    UnimplementedError,
)
from chancery import chancery_pb2 as pb
from chancery.methods import SUBMIT
from deployment import CLUSTER, SAMPLE, Deployment, Node, sample

LETTER = SAMPLE / "letter-2019-11-26.txt"
SYMBOL = "A/74/565–S/2019/908"  # noqa: RUF001

StartIngest = Callable[..., Node]


def paper(number: int) -> bytes:
    """A small paper that is its own."""
    return f"Statement number {number}.\n\nThe delegation has the honour to say so.\n".encode()


def long_paper() -> bytes:
    """A paper of many times the bytes that may be under way."""
    return b"".join(b"%d. Paragraph of a long statement, with some words in it.\n\n" % number for number in range(40_000))


def client(deployment: Deployment, node: Node, role: str = "operator", *, ca: str = "ca", cluster: str = CLUSTER) -> AsyncClient:
    return AsyncClient(deployment.settings(role, ingest=(node.endpoint,), ca=ca, cluster=cluster))


async def test_the_sample_is_registered_all_at_once_and_comes_back(deployment: Deployment, ingest: Node, tmp_path: Path) -> None:
    async with client(deployment, ingest, "submitter") as caller:
        papers = sample()
        assert len(papers) == 13
        replies = await asyncio.gather(*(caller.submit(path, symbol=symbol, metadata=data) for path, symbol, data in papers))
        assert sorted(reply.sequence for reply in replies) == list(range(1, 14))
        assert not any(reply.duplicate for reply in replies)
        letter = next(reply for (path, _, _), reply in zip(papers, replies, strict=True) if path == LETTER)
        assert (letter.kind, list(letter.symbols), letter.version) == ("letter", ["A/74/565", "S/2019/908"], 1)
        for (path, _, _), reply in zip(papers, replies, strict=True):
            content = path.read_bytes()
            assert reply.sha256 == hashlib.sha256(content).digest()
            download = await caller.original(reply.sha256.hex())
            assert (download.size, download.file_name) == (len(content), path.name)
            await download.save(tmp_path / path.name)
            assert (tmp_path / path.name).read_bytes() == content
        assert len(os.listdir(tmp_path)) == len(papers) + 1, "no part of a file is left beside the files and the service's data"


async def test_the_same_bytes_are_one_document_and_others_under_the_symbol_its_next_version(deployment: Deployment, ingest: Node) -> None:
    async with client(deployment, ingest) as caller:
        first = await caller.submit(LETTER, symbol=SYMBOL)
        again = await caller.submit(LETTER.read_bytes(), file_name="again.txt")
        assert (again.duplicate, again.document_id, again.sequence, again.version) == (True, first.document_id, 1, 1)
        changed = await caller.submit(LETTER.read_bytes() + b"\nCorrected.\n", symbol=SYMBOL)
        assert (changed.duplicate, changed.document_id, changed.version) == (False, first.document_id, 2)


async def test_a_key_that_was_used_for_other_bytes_is_refused(deployment: Deployment, ingest: Node) -> None:
    async with client(deployment, ingest, "submitter") as caller:
        first = await caller.submit(paper(1), idempotency_key="key-1")
        again = await caller.submit(paper(1), idempotency_key="key-1")
        assert (again.duplicate, again.sequence) == (True, first.sequence)
        with pytest.raises(ConflictError) as caught:
            await caller.submit(paper(2), idempotency_key="key-1")
        assert caught.value.processed is Processed.NO
        with pytest.raises(InvalidError, match="idempotency_key"):
            await caller.submit(paper(3), idempotency_key="k" * 129)
        assert (await caller.submit(paper(2))).sequence == 2


async def test_the_service_remembers_a_call_under_its_trace(deployment: Deployment, ingest: Node) -> None:
    trace, span = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"
    async with client(deployment, ingest) as caller:
        await caller.submit(paper(1), traceparent=f"00-{trace}-{span}-01")
        await caller.submit(paper(2), traceparent=f"00-{trace}-{span}-00")
        [node] = await caller.trace(trace)
        assert node.reply is not None
        submits = [found for found in node.reply.spans if found.name == "Submit"]
        assert [found.parent_id.hex() for found in submits] == [span], "a call whose trace is not sampled is not remembered"
        entry = await anext(caller.journal())
        assert entry.trace_parent[:16].hex() == trace
        with pytest.raises(ValueError, match="traceparent"):
            await caller.submit(paper(3), traceparent="b7ad6b7169203331")


def test_a_call_of_either_client_belongs_to_the_current_span(deployment: Deployment, ingest: Node) -> None:
    tracer = TracerProvider().get_tracer("test")
    with Client(deployment.settings(ingest=(ingest.endpoint,))) as plain, tracer.start_as_current_span("import") as span:
        plain.submit(paper(1))
        plain.submit(paper(2), traceparent="")

        async def submit() -> None:
            async with client(deployment, ingest) as caller:
                await caller.submit(paper(3))

        asyncio.run(submit())
        context = span.get_span_context()
        [node] = plain.trace(context.trace_id.to_bytes(16))
        assert node.reply is not None
        submits = [found for found in node.reply.spans if found.name == "Submit"]
        assert [found.parent_id for found in submits] == [context.span_id.to_bytes(8)] * 2


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("empty.txt", b""),
        ("latin.txt", b"caf\xe9 "),
        ("noise.bin", os.urandom(5000)),
        ("zeros.txt", bytes(100_000)),
        ("cut.pdf", b"%PDF-1.7\n1 0 obj\n<<"),
    ],
)
async def test_bad_input_is_refused_with_a_reason_and_harms_nobody(name: str, content: bytes, deployment: Deployment, ingest: Node) -> None:
    async with client(deployment, ingest, "submitter") as caller:
        with pytest.raises(InvalidError) as caught:
            await caller.submit(content, file_name=name)
        assert caught.value.processed is Processed.NO
        assert not caught.value.retryable
        assert len(caught.value.message) > 10
        assert (await caller.submit(paper(1))).sequence == 1


async def test_what_is_too_large_is_refused_before_it_is_sent(deployment: Deployment, ingest: Node, tmp_path: Path) -> None:
    huge = tmp_path / "huge"
    with huge.open("wb") as file:
        file.truncate(2 << 30)
    async with client(deployment, ingest) as caller:
        with pytest.raises(TooLargeError):
            await caller.submit(huge)
        with pytest.raises(TooLargeError) as caught:
            await caller.submit(paper(1), metadata={"k": "v" * 1_100_000})
        assert caught.value.details == {"limit": "1048576"}


async def test_a_digest_that_the_bytes_do_not_have_is_refused(deployment: Deployment, ingest: Node) -> None:
    async with client(deployment, ingest) as caller:
        digest = hashlib.sha256(paper(1)).hexdigest()
        with pytest.raises(InvalidError, match="SHA-256"):
            await caller.submit(paper(2), sha256=digest)
        assert (await caller.submit(paper(1), sha256=digest)).sequence == 1


async def test_a_large_file_passes_the_window_many_times(deployment: Deployment, ingest: Node, tmp_path: Path) -> None:
    path = tmp_path / "large.txt"
    path.write_bytes(long_paper())
    async with client(deployment, ingest) as caller:
        reply = await caller.submit(path)
        download = await caller.original(reply.sha256)
        assert download.size > 2 * 1024 * 1024
        assert await download.read() == path.read_bytes()


async def test_small_calls_are_answered_while_a_large_file_is_sent(deployment: Deployment, ingest: Node) -> None:
    async with client(deployment, ingest) as caller:
        upload = asyncio.create_task(caller.submit(long_paper()))
        answers = 0
        while not upload.done():
            assert (await caller.health())[0].reply is not None
            answers += 1
        assert answers > 1
        assert (await upload).sequence == 1


async def test_deleting_takes_a_document_out_once(deployment: Deployment, ingest: Node) -> None:
    async with client(deployment, ingest, "submitter") as caller:
        reply = await caller.submit(paper(1), symbol="A/99/1")
        deleted = await caller.delete("A/99/1", why="a test")
        assert (deleted.existed, deleted.sequence) == (True, 2)
        assert not (await caller.delete(reply.document_id, why="a test")).existed
        assert not (await caller.delete(reply.document_id.hex(), why="a test")).existed
        with pytest.raises(NotFoundError):
            await caller.delete("A/99/2", why="a test")
        with pytest.raises(NotFoundError):
            await caller.original(reply.sha256)
        assert (await caller.submit(paper(1), symbol="A/99/1")).version == 2


async def test_every_node_answers_and_one_that_is_not_there_is_an_error_of_its_own(deployment: Deployment, ingest: Node) -> None:
    settings = deployment.settings(ingest=(ingest.endpoint,), query=(Endpoint("127.0.0.1", 1),))
    async with AsyncClient(settings) as caller:
        await caller.submit(paper(1))
        health, missing = await caller.health(timeout=20)
        assert health.reply == pb.HealthReply(service="ingest", version=health.reply.version, ready=True) if health.reply else False
        assert (missing.service, missing.reply) == (Service.QUERY, None)
        assert isinstance(missing.error, UnavailableError)
        status = (await caller.status())[0].reply
        assert status is not None
        assert {figure.name: figure.value for figure in status.figures}["documents"] == "1"
        verified = (await caller.verify())[0].reply
        assert verified is not None
        assert (verified.clean, verified.checked) == (True, 1)


# ---- Following ----


async def test_watching_gives_what_is_there_and_what_comes_also_over_a_restart(deployment: Deployment, start_ingest: StartIngest) -> None:
    node = start_ingest()
    async with client(deployment, node) as caller:
        await caller.submit(paper(1))
        seen: list[int] = []
        async for entry in caller.watch():
            assert isinstance(entry, JournalEntry)
            seen.append(entry.sequence)
            if len(seen) == 1:
                await caller.submit(paper(2))
            elif len(seen) == 2:
                # Asked to stop, the service waits for the calls under way: a follower must not hold it up.
                node.stop()
                await asyncio.to_thread(node.process.wait, 10)
                node = start_ingest(port=node.endpoint.port)
                await caller.submit(paper(3))
            elif len(seen) == 3:
                node.kill()
                node = start_ingest(port=node.endpoint.port)
                await caller.submit(paper(4))
            else:
                break
    assert seen == [1, 2, 3, 4]


async def test_a_journal_that_was_replaced_is_not_followed(deployment: Deployment, start_ingest: StartIngest, tmp_path: Path) -> None:
    node = start_ingest()
    async with client(deployment, node) as caller:
        await caller.submit(paper(1))
        with pytest.raises(ConflictError, match="ends at 1"):
            await anext(caller.journal(after=7))
        entries = caller.journal(follow=True)
        assert (await anext(entries)).sequence == 1
        node.kill()
        (tmp_path / "data-ingest").rename(tmp_path / "gone")
        node = start_ingest(port=node.endpoint.port)
        await caller.submit(paper(1))
        with pytest.raises(ConflictError, match="replaced"):
            await anext(entries)


async def test_the_journal_is_read_from_any_place_to_any_length(deployment: Deployment, ingest: Node) -> None:
    async with client(deployment, ingest, "operator") as caller:
        for number in range(5):
            await caller.submit(paper(number))
        assert [entry.sequence async for entry in caller.journal()] == [1, 2, 3, 4, 5]
        assert [entry.sequence async for entry in caller.journal(after=1, limit=2)] == [2, 3]
        assert [entry.sequence async for entry in caller.journal(follow=True, limit=3)] == [1, 2, 3]
        assert [entry.sequence async for entry in caller.journal(after=5)] == []


async def test_an_export_is_the_newest_version_of_each_document_that_is_not_deleted(deployment: Deployment, ingest: Node) -> None:
    async with client(deployment, ingest) as caller:
        assert [line async for line in caller.export()] == []
        letter = await caller.submit(LETTER, symbol=SYMBOL, metadata={"box": "7"})
        await caller.submit(LETTER.read_bytes() + b"\nCorrected.\n", symbol=SYMBOL, metadata={"box": "8"})
        gone = await caller.submit(paper(1))
        kept = await caller.submit(paper(2))
        await caller.delete(gone.document_id, why="a test")
        lines = [line async for line in caller.export()]
    assert not any("\n" in line for line in lines)
    first, second = (json.loads(line) for line in lines)
    assert (first["id"], first["metadata"], first["kind"]) == (letter.document_id.hex(), {"box": "8"}, "letter")
    assert (first["symbols"], first["date"]) == (["A/74/565", "S/2019/908"], "2019-11-27")
    assert any("Corrected." in paragraph["text"] for paragraph in first["paragraphs"])
    assert (second["id"], second["sha256"]) == (kept.document_id.hex(), kept.sha256.hex())


# ---- What goes wrong ----


async def test_what_was_acknowledged_survives_kills_and_the_client_connects_anew(deployment: Deployment, start_ingest: StartIngest) -> None:
    node = start_ingest()
    acknowledged: dict[int, pb.SubmitReply] = {}
    news = asyncio.Condition()
    numbers = iter(range(1_000_000))
    stopped = False

    async with client(deployment, node) as caller:

        async def submit() -> None:
            while not stopped:
                number = next(numbers)
                acknowledged[number] = await caller.submit(paper(number))
                async with news:
                    news.notify_all()

        async def more(count: int) -> None:
            wanted = len(acknowledged) + count
            async with asyncio.timeout(60), news:
                await news.wait_for(lambda: len(acknowledged) >= wanted)

        async with asyncio.TaskGroup() as group:
            # Eight calls are always under way. Those cut off by a kill are repeated, since the same bytes are registered once.
            for _ in range(8):
                group.create_task(submit())
            for _ in range(3):
                await more(20)
                node.kill()
                node = await asyncio.to_thread(start_ingest, port=node.endpoint.port)
            await more(20)
            stopped = True
        for number, known in acknowledged.items():
            again = await caller.submit(paper(number))
            assert (again.duplicate, again.sequence, again.document_id) == (True, known.sequence, known.document_id)
        assert len({reply.sequence for reply in acknowledged.values()}) == len(acknowledged)
        verified = (await caller.verify())[0].reply
        assert verified is not None
        assert verified.clean, verified.problems


async def test_a_service_that_is_away_is_unavailable_and_found_again(deployment: Deployment, start_ingest: StartIngest) -> None:
    node = start_ingest()
    async with client(deployment, node) as caller:
        await caller.submit(paper(1))
        node.kill()
        with pytest.raises(UnavailableError) as caught:
            await caller.submit(paper(2), timeout=1)
        assert caught.value.processed is Processed.NO
        start_ingest(port=node.endpoint.port)
        assert (await caller.submit(paper(2))).sequence == 2


async def test_cancelling_a_task_cancels_its_call_and_no_other(deployment: Deployment, ingest: Node) -> None:
    async with client(deployment, ingest) as caller:
        begun = asyncio.Event()

        async def follow() -> None:
            async for _ in caller.journal(follow=True):
                begun.set()

        await caller.submit(paper(1))
        # More than the service allows at once: places must come free again.
        for _ in range(3):
            tasks = [asyncio.create_task(follow()) for _ in range(100)]
            await asyncio.wait_for(begun.wait(), 10)
            begun.clear()
            for task in tasks:
                task.cancel()
            assert all(isinstance(result, asyncio.CancelledError) for result in await asyncio.gather(*tasks, return_exceptions=True))
        assert (await caller.submit(paper(2))).sequence == 2


async def test_the_service_keeps_the_deadline_of_an_upload_that_stalls(deployment: Deployment, ingest: Node) -> None:
    async with client(deployment, ingest) as caller:
        pool = caller._pools[Service.INGEST]
        link = await pool._link(None)
        request = pb.SubmitRequest(file_name="slow.txt").SerializeToString()
        call = await link.open(SUBMIT.number, request, more=True, deadline=asyncio.get_running_loop().time() + 0.2)
        assert await call.send(b"half of it")
        with pytest.raises(DeadlineError) as caught:
            await asyncio.wait_for(call.reply(), 10)
        assert caught.value.message == "the deadline passed before the call was done", "the service's own words"
        assert not await call.send(b"the other half")
        with pytest.raises(DeadlineError):
            await caller.submit(paper(1), timeout=0.000001)


@pytest.mark.parametrize(
    ("role", "submits", "follows"),
    [("reader", False, False), ("query", False, False), ("index", False, True), ("submitter", True, False), ("operator", True, True)],
)
async def test_a_role_may_do_what_the_table_says(role: str, submits: bool, follows: bool, deployment: Deployment, ingest: Node) -> None:
    async with client(deployment, ingest, role) as caller:
        if submits:
            assert (await caller.submit(paper(1))).sequence == 1
        else:
            with pytest.raises(ForbiddenError, match="submitter") as caught:
                await caller.submit(paper(1))
            assert caught.value.processed is Processed.NO
        if follows:
            assert [entry.sequence async for entry in caller.journal()] == [1] * submits
        else:
            with pytest.raises(ForbiddenError, match="index"):
                await anext(caller.journal())


async def test_a_stranger_is_not_let_in_and_a_strange_service_gets_no_request(deployment: Deployment, ingest: Node) -> None:
    deployment.authority("other")
    deployment.certificate("stranger", role="operator", authority="other")
    async with client(deployment, ingest, "stranger") as caller:
        with pytest.raises(UnauthenticatedError, match="unknown ca") as caught:
            await caller.submit(paper(1))
        assert caught.value.processed is Processed.NO
    async with client(deployment, ingest, ca="other") as caller:
        with pytest.raises(UnauthenticatedError, match="not trusted"):
            await caller.submit(paper(1))


async def test_the_host_name_must_be_the_certificates(deployment: Deployment, start_ingest: StartIngest) -> None:
    deployment.certificate("named", role="ingest", hosts="DNS:localhost")
    node = start_ingest(certificate="named")
    async with client(deployment, node) as caller:
        with pytest.raises(UnauthenticatedError, match="mismatch"):
            await caller.submit(paper(1))
    by_name = Endpoint("localhost", node.endpoint.port)
    async with AsyncClient(deployment.settings(ingest=(by_name,))) as caller:
        assert (await caller.submit(paper(1))).sequence == 1


async def test_a_service_whose_certificate_is_revoked_is_not_believed(deployment: Deployment, start_ingest: StartIngest) -> None:
    deployment.certificate("revoked", role="ingest")
    node = start_ingest(certificate="revoked")
    settings = deployment.settings(ingest=(node.endpoint,))
    async with AsyncClient(settings) as caller:
        assert (await caller.submit(paper(1))).sequence == 1
    listed = replace(settings, crl=deployment.revoke("revoked"))
    async with AsyncClient(listed) as caller:
        with pytest.raises(UnauthenticatedError, match="revoked"):
            await caller.submit(paper(2))
    node.kill()
    async with AsyncClient(replace(listed, ingest=(start_ingest().endpoint,))) as caller:
        assert (await caller.submit(paper(2))).sequence == 2


async def test_another_cluster_is_not_reached_by_mistake(deployment: Deployment, ingest: Node) -> None:
    async with client(deployment, ingest, cluster="production") as caller:
        with pytest.raises(ConflictError, match="production"):
            await caller.submit(paper(1))
    async with client(deployment, ingest, cluster="") as caller:
        assert (await caller.submit(paper(1))).sequence == 1


async def test_a_method_of_another_service_is_not_known(deployment: Deployment, ingest: Node) -> None:
    async with AsyncClient(deployment.settings(query=(ingest.endpoint,))) as caller:
        with pytest.raises(UnimplementedError):
            await caller.search("x")


# ---- The plain client ----


def test_the_plain_client_does_the_same(deployment: Deployment, ingest: Node, tmp_path: Path) -> None:
    with Client(deployment.settings(ingest=(ingest.endpoint,))) as caller:
        reply = caller.submit(str(LETTER), symbol=SYMBOL, metadata={"box": "7"})
        assert caller.submit(LETTER).duplicate
        with caller.original(reply.sha256) as download:
            assert b"".join(download) == LETTER.read_bytes()
        caller.original(reply.sha256).save(tmp_path / "letter")
        assert (tmp_path / "letter").read_bytes() == caller.original(reply.sha256).read() == LETTER.read_bytes()
        caller.original(reply.sha256).close()
        assert [answer.service for answer in caller.health() + caller.status() + caller.verify()] == [Service.INGEST] * 3
        assert [json.loads(line)["id"] for line in caller.export()] == [reply.document_id.hex()]
        assert [entry.sequence for entry in caller.journal()] == [1]
        for entry in caller.watch():
            assert isinstance(entry, JournalEntry)
            break
        assert caller.delete(reply.document_id, why="a test").existed
        with pytest.raises(InvalidError):
            caller.submit(b"")
        with pytest.raises(FileNotFoundError):
            caller.submit(tmp_path / "missing")
    with pytest.raises(ChanceryError, match="closed"):
        caller.submit(b"x")
    caller.close()


def test_an_interrupt_cancels_the_call_that_is_waited_for(deployment: Deployment, ingest: Node) -> None:
    cancelled = threading.Event()

    async def wait() -> None:
        try:
            await asyncio.sleep(0.1)  # the caller waits by now
            signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)
            await asyncio.Event().wait()
        finally:
            cancelled.set()

    with Client(deployment.settings(ingest=(ingest.endpoint,))) as caller:
        with pytest.raises(KeyboardInterrupt):
            caller._loop.run(wait())
        assert cancelled.wait(10)
        assert caller.submit(paper(1)).sequence == 1


def test_many_threads_may_share_a_plain_client(deployment: Deployment, ingest: Node) -> None:
    with Client(deployment.settings(ingest=(ingest.endpoint,))) as caller, ThreadPoolExecutor(16) as threads:
        replies = list(threads.map(lambda number: caller.submit(paper(number)), range(64)))
    assert sorted(reply.sequence for reply in replies) == list(range(1, 65))
