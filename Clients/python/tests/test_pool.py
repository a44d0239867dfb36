"""Where calls go and when they are tried again, against a server over real TLS that does as the test says."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Awaitable, Callable
from itertools import pairwise

import pytest

from chancery import (
    AsyncClient,
    ChanceryError,
    DeadlineError,
    Endpoint,
    InternalError,
    NotFoundError,
    OverloadedError,
    Processed,
    UnauthenticatedError,
    UnavailableError,
)
from chancery import chancery_pb2 as pb
from chancery.frames import Kind
from chancery.pool import ATTEMPTS
from deployment import Deployment
from scripted import Peer, scripted


def client(deployment: Deployment, *endpoints: Endpoint) -> AsyncClient:
    return AsyncClient(deployment.settings(query=endpoints, ingest=endpoints, index=endpoints))


class Count:
    """How often something was asked."""

    def __init__(self) -> None:
        self.calls = 0

    def failing(self, error: pb.Error) -> Callable[[Peer], Awaitable[None]]:
        """A script that refuses the first call of all, and answers the others."""

        async def script(peer: Peer) -> None:
            await peer.greet()
            while True:
                header, _ = await peer.request()
                self.calls += 1
                if self.calls == 1:
                    peer.send(Kind.ERROR, header.stream, error)
                else:
                    peer.send(Kind.REPLY, header.stream, b"", last=True)

        return script

    async def dropping(self, peer: Peer) -> None:
        """A script that breaks the connection at the first call of all, and answers the others."""
        await peer.greet()
        while True:
            header, _ = await peer.request()
            self.calls += 1
            if self.calls == 1:
                return peer.drop()
            peer.send(Kind.REPLY, header.stream, b"", last=True)


@pytest.mark.parametrize(
    ("error", "safe_again", "unsafe_again"),
    [
        (pb.Error(code=7, message="busy", retryable=True, processed=1), True, True),
        (pb.Error(code=8, message="stopping", retryable=True, processed=0), True, False),
        (pb.Error(code=8, message="stopping", retryable=True, processed=2), True, False),
        (pb.Error(code=77, message="a code to come", retryable=True, processed=1), True, True),
        (pb.Error(code=7, message="busy", retryable=False, processed=1), False, False),
        (pb.Error(code=1, message="wrong", processed=1), False, False),
        (pb.Error(code=9, message="too slow", retryable=True, processed=0), False, False),
    ],
)
async def test_a_call_is_repeated_when_it_helps_and_cannot_do_harm(
    error: pb.Error, safe_again: bool, unsafe_again: bool, deployment: Deployment
) -> None:
    async def search(client: AsyncClient) -> object:
        return await client.search("x")

    async def delete(client: AsyncClient) -> object:
        return await client.delete("A/74/1", why="test")

    for call, again in ((search, safe_again), (delete, unsafe_again)):
        count = Count()
        async with scripted(deployment, count.failing(error)) as endpoint, client(deployment, endpoint) as caller:
            if again:
                await call(caller)
                assert count.calls == 2
            else:
                with pytest.raises(ChanceryError) as caught:
                    await call(caller)
                assert count.calls == 1
                assert caught.value.code == error.code


async def test_a_call_whose_connection_broke_is_repeated_only_when_it_is_safe(deployment: Deployment) -> None:
    count = Count()
    async with scripted(deployment, count.dropping) as endpoint, client(deployment, endpoint) as caller:
        await caller.search("x")
        assert count.calls == 2
    count = Count()
    async with scripted(deployment, count.dropping) as endpoint, client(deployment, endpoint) as caller:
        with pytest.raises(UnavailableError) as caught:
            await caller.delete("A/74/1", why="test")
        assert caught.value.processed is Processed.MAYBE
        assert count.calls == 1


async def test_a_submission_has_one_key_in_all_its_attempts_and_the_next_another(deployment: Deployment) -> None:
    keys: list[str] = []

    async def script(peer: Peer) -> None:
        await peer.greet()
        while True:
            header, request = await peer.request()
            keys.append(request.idempotency_key)
            if len(keys) == 1:
                return peer.drop()
            peer.send(Kind.REPLY, header.stream, b"", last=True)

    async with scripted(deployment, script) as endpoint, client(deployment, endpoint) as caller:
        await caller.submit(b"one")
        await caller.submit(b"one")
        await caller.submit(b"one", idempotency_key="mine")
        await caller.submit(b"one", idempotency_key="")
    assert keys[0] == keys[1] != keys[2]
    assert all(len(key) == 32 for key in keys[:3])
    assert keys[3:] == ["mine", ""]


async def test_attempts_have_an_end_and_keep_to_the_servers_pause(deployment: Deployment) -> None:
    times: list[float] = []

    async def script(peer: Peer) -> None:
        await peer.greet()
        while True:
            header, _ = await peer.request()
            times.append(asyncio.get_running_loop().time())
            peer.send(Kind.ERROR, header.stream, pb.Error(code=7, message="busy", retryable=True, processed=1, retry_after_ms=200))

    async with scripted(deployment, script) as endpoint, client(deployment, endpoint) as caller:
        with pytest.raises(OverloadedError) as caught:
            await caller.search("x")
    assert len(times) == ATTEMPTS
    assert all(later - earlier > 0.19 for earlier, later in pairwise(times))
    assert caught.value.retry_after == 0.2


async def test_a_pause_beyond_the_deadline_is_not_waited_for(deployment: Deployment) -> None:
    async def script(peer: Peer) -> None:
        await peer.greet()
        header, _ = await peer.request()
        peer.send(Kind.ERROR, header.stream, pb.Error(code=7, message="busy", retryable=True, processed=1, retry_after_ms=60_000))
        await peer.request()

    async with scripted(deployment, script) as endpoint, client(deployment, endpoint) as caller:
        with pytest.raises(OverloadedError):
            await caller.search("x", timeout=30)


async def test_goaway_sends_later_calls_elsewhere_and_lets_earlier_ones_end(deployment: Deployment) -> None:
    connections = 0
    repeated = asyncio.Event()

    async def script(peer: Peer) -> None:
        nonlocal connections
        connections += 1
        await peer.greet()
        first, _ = await peer.request()
        if connections == 2:
            peer.send(Kind.REPLY, first.stream, pb.SearchReply(total=2), last=True)
            repeated.set()
            await peer.next()
        second, _ = await peer.request()
        peer.send(Kind.GOAWAY, 0, pb.GoAway(last_stream=first.stream, reason="restart"))
        await repeated.wait()
        peer.send(Kind.REPLY, second.stream, pb.SearchReply(total=666), last=True)  # nobody waits for it any more
        peer.send(Kind.REPLY, first.stream, pb.SearchReply(total=1), last=True)
        assert await peer.reader.read() == b"", "the client closes when the last call is over"

    async with scripted(deployment, script) as endpoint, client(deployment, endpoint) as caller:
        assert sorted(reply.total for reply in await asyncio.gather(caller.search("x"), caller.search("x"))) == [1, 2]
    assert connections == 2


async def test_the_less_loaded_of_two_endpoints_is_chosen_and_a_dead_one_is_avoided(deployment: Deployment) -> None:
    counts = [0, 0]
    release = asyncio.Event()

    def node(index: int) -> Callable[[Peer], Awaitable[None]]:
        async def script(peer: Peer) -> None:
            await peer.greet()
            while True:
                header, _ = await peer.request()
                counts[index] += 1
                if sum(counts) == 20:
                    release.set()
                asyncio.get_running_loop().create_task(answer(peer, header.stream))

        return script

    async def answer(peer: Peer, stream: int) -> None:
        await release.wait()
        peer.send(Kind.REPLY, stream, b"", last=True)

    async with scripted(deployment, node(0)) as one, scripted(deployment, node(1)) as two:
        async with client(deployment, one, two) as caller:
            await asyncio.gather(*(caller.search("x") for _ in range(20)))
        assert counts == [10, 10]
        dead = Endpoint("127.0.0.1", 1)
        async with client(deployment, dead, two) as caller:
            for _ in range(10):
                await caller.search("x")
        assert counts == [10, 20]


async def test_the_server_allows_no_more_calls_than_it_states_and_the_others_wait(deployment: Deployment) -> None:
    most = 0

    async def script(peer: Peer) -> None:
        nonlocal most
        await peer.greet(pb.Hello(min_version=1, max_version=1, max_streams=3))
        waiting: list[int] = []
        while True:
            header, _ = await peer.request()
            waiting.append(header.stream)
            most = max(most, len(waiting))
            if len(waiting) == 3 or header.stream > 9:
                for stream in reversed(waiting):
                    peer.send(Kind.REPLY, stream, b"", last=True)
                waiting.clear()

    async with scripted(deployment, script) as endpoint, client(deployment, endpoint) as caller:
        await asyncio.gather(*(caller.search("x") for _ in range(10)))
    assert most == 3


async def test_a_call_that_is_given_up_makes_room_for_one_that_waits(deployment: Deployment) -> None:
    begun = asyncio.Event()

    async def script(peer: Peer) -> None:
        await peer.greet(pb.Hello(min_version=1, max_version=1, max_streams=1))
        await peer.request()
        begun.set()
        header, _ = await peer.request()
        peer.send(Kind.REPLY, header.stream, pb.SearchReply(total=5), last=True)
        await peer.next()

    async with scripted(deployment, script) as endpoint, client(deployment, endpoint) as caller:
        first = asyncio.create_task(caller.search("x"))
        await begun.wait()
        second = asyncio.create_task(caller.search("x"))
        asyncio.get_running_loop().call_soon(first.cancel)
        assert (await asyncio.wait_for(second, 10)).total == 5


async def test_a_caller_who_gives_up_cancels_the_call(deployment: Deployment) -> None:
    begun, cancelled = asyncio.Event(), asyncio.Event()

    async def script(peer: Peer) -> None:
        await peer.greet()
        header, _ = await peer.request()
        begun.set()
        cancel, _ = await peer.until(Kind.CANCEL)
        assert cancel.stream == header.stream
        cancelled.set()
        await peer.next()

    async with scripted(deployment, script) as endpoint, client(deployment, endpoint) as caller:
        task = asyncio.create_task(caller.search("x"))
        await begun.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await asyncio.wait_for(cancelled.wait(), 10)


async def test_a_deadline_is_stated_and_kept_by_the_client_too(deployment: Deployment) -> None:
    cancelled = asyncio.Event()

    async def script(peer: Peer) -> None:
        await peer.greet()
        _, request = await peer.request()
        assert 200 < request.deadline_ms <= 300
        await peer.until(Kind.CANCEL)
        cancelled.set()
        await peer.next()

    async with scripted(deployment, script) as endpoint, client(deployment, endpoint) as caller:
        with pytest.raises(DeadlineError):
            await caller.search("x", timeout=0.3)
        await asyncio.wait_for(cancelled.wait(), 10)


async def test_a_download_keeps_its_deadline_and_checks_what_comes(deployment: Deployment) -> None:
    async def stalling(peer: Peer) -> None:
        await peer.greet()
        header, _ = await peer.request()
        peer.send(Kind.REPLY, header.stream, pb.GetOriginalReply(size=10))
        peer.send(Kind.DATA, header.stream, b"12345")
        await peer.until(Kind.CANCEL)

    async with scripted(deployment, stalling) as endpoint, client(deployment, endpoint) as caller:
        download = await caller.original(bytes(32), timeout=0.3)
        with pytest.raises(DeadlineError):
            await download.read()

    async def lying(peer: Peer) -> None:
        await peer.greet()
        while True:
            header, _ = await peer.request()
            peer.send(Kind.REPLY, header.stream, pb.GetOriginalReply(size=5))
            peer.send(Kind.DATA, header.stream, b"12345" if header.stream == 1 else b"123456")
            peer.send(Kind.END, header.stream)

    async with scripted(deployment, lying) as endpoint, client(deployment, endpoint) as caller:
        for _ in range(2):
            download = await caller.original(bytes(32))
            with pytest.raises(InternalError):
                await download.read()


async def test_following_goes_on_where_it_was_after_goaway_and_after_a_broken_connection(deployment: Deployment) -> None:
    asked: list[int] = []

    async def script(peer: Peer) -> None:
        await peer.greet()
        header, request = await peer.request()
        after = pb.ReadJournalRequest.FromString(request.body).after
        asked.append(after)
        peer.send(Kind.REPLY, header.stream, pb.ReadJournalReply(last=after + 2, journal_id="j"))
        for sequence in (after + 1, after + 2):
            body = pb.JournalEntry(sequence=sequence).SerializeToString()
            peer.send(Kind.DATA, header.stream, bytes([len(body)]) + body)
        if len(asked) == 1:
            peer.send(Kind.GOAWAY, 0, pb.GoAway(last_stream=header.stream, reason="restart"))
            peer.send(Kind.ERROR, header.stream, pb.Error(code=8, message="stopping", retryable=True))
            assert await peer.reader.read() == b"", "the client closes when the last call is over"
        elif len(asked) == 2:
            peer.writer.close()
        else:
            await peer.next()

    async with scripted(deployment, script) as endpoint, client(deployment, endpoint) as caller:
        sequences = []
        async for entry in caller.watch():
            assert isinstance(entry, pb.JournalEntry)
            sequences.append(entry.sequence)
            if len(sequences) == 6:
                break
    assert sequences == [1, 2, 3, 4, 5, 6]
    assert asked == [0, 2, 4]


async def test_watching_turns_to_the_manifests_when_the_journal_is_forbidden(deployment: Deployment) -> None:
    async def script(peer: Peer) -> None:
        await peer.greet()
        while True:
            header, request = await peer.request()
            if header.method == 18:
                peer.send(Kind.ERROR, header.stream, pb.Error(code=3, message="no", processed=1))
                continue
            assert pb.WatchManifestRequest.FromString(request.body).have == 7
            peer.send(Kind.REPLY, header.stream)
            body = pb.Manifest(generation=8).SerializeToString()
            peer.send(Kind.DATA, header.stream, bytes([len(body)]) + body)

    async with scripted(deployment, script) as endpoint, client(deployment, endpoint) as caller:
        async for manifest in caller.watch(have=7):
            assert manifest == pb.Manifest(generation=8)
            break


async def test_a_server_that_is_not_who_it_should_be_gets_no_request(deployment: Deployment) -> None:
    async def script(peer: Peer) -> None:
        await peer.greet()
        await peer.request()
        raise AssertionError("a request came")

    deployment.certificate("elsewhere", role="query", hosts="DNS:elsewhere.example")
    async with scripted(deployment, script, certificate="elsewhere") as endpoint, client(deployment, endpoint) as caller:
        with pytest.raises(UnauthenticatedError, match="mismatch") as caught:
            await caller.search("x")
        assert caught.value.processed is Processed.NO
    async with scripted(deployment, script, alpn=None) as endpoint, client(deployment, endpoint) as caller:
        with pytest.raises(UnavailableError, match="does not speak"):
            await caller.search("x")
    old = ssl.TLSVersion.TLSv1_2
    async with scripted(deployment, script, version=old) as endpoint, client(deployment, endpoint) as caller:
        # The alert that says why may be lost with the connection.
        with pytest.raises((UnauthenticatedError, UnavailableError)) as refused:
            await caller.search("x")
        assert refused.value.processed is Processed.NO


async def test_a_service_without_addresses_is_named(deployment: Deployment) -> None:
    async with AsyncClient(deployment.settings(ingest=(Endpoint("127.0.0.1", 1),))) as caller:
        with pytest.raises(UnavailableError, match="query"):
            await caller.search("x")
        with pytest.raises(UnavailableError, match="cannot be reached"):
            await caller.delete("A/74/1", why="test", timeout=1)


async def test_a_closed_client_ends_its_calls_and_takes_no_more(deployment: Deployment) -> None:
    begun = asyncio.Event()

    async def script(peer: Peer) -> None:
        await peer.greet()
        await peer.request()
        begun.set()
        await peer.next()

    async with scripted(deployment, script) as endpoint:
        caller = client(deployment, endpoint)
        task = asyncio.create_task(caller.search("x"))
        await begun.wait()
        await caller.close()
        with pytest.raises(ChanceryError, match="closed"):
            await task
        with pytest.raises(UnavailableError, match="closed"):
            await caller.search("x")


async def test_an_error_about_the_connection_is_that_of_its_calls(deployment: Deployment) -> None:
    async def script(peer: Peer) -> None:
        peer.send(Kind.ERROR, 0, pb.Error(code=4, message="nobody is here"))
        await peer.next()

    async with scripted(deployment, script) as endpoint, client(deployment, endpoint) as caller:
        with pytest.raises(NotFoundError, match="nobody is here"):
            await caller.search("x")
