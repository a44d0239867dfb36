"""The client against all three real services: what is registered is found."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from chancery import (
    AsyncClient,
    Client,
    ConflictError,
    ForbiddenError,
    InvalidError,
    Manifest,
    NotFoundError,
    Processed,
    Service,
    Settings,
    UnavailableError,
)
from deployment import PRODUCTS, ROOT, SAMPLE, Deployment, Node, sample

missing = [f"chancery-{service}" for service in ("index", "query") if not (PRODUCTS / f"chancery-{service}").exists()]
pytestmark = pytest.mark.skipif(bool(missing), reason=f"not built: {', '.join(missing)}")


@dataclass
class Cluster:
    """One node of each service, two of query."""

    deployment: Deployment
    ingest: Node
    index: Node
    queries: list[Node]
    folder: Path

    def client(self, role: str = "operator") -> AsyncClient:
        return AsyncClient(self.settings(role))

    def settings(self, role: str = "operator") -> Settings:
        return self.deployment.settings(
            role, ingest=(self.ingest.endpoint,), index=(self.index.endpoint,), query=tuple(node.endpoint for node in self.queries)
        )

    def start_query(self, number: int, port: int = 0) -> Node:
        return self.deployment.start("query", "--index", str(self.index.endpoint), port=port, data=str(self.folder / f"query-{number}"))


@pytest.fixture(scope="module")
def cluster(deployment: Deployment, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """All services, with the sample registered and found."""
    folder = tmp_path_factory.mktemp("cluster")
    ingest = deployment.start("ingest", data=str(folder / "ingest"))
    index = deployment.start("index", "--ingest", str(ingest.endpoint), data=str(folder / "index"))
    cluster = Cluster(deployment, ingest, index, [], folder)
    cluster.queries = [cluster.start_query(number) for number in (1, 2)]
    with Client(cluster.settings()) as client:
        for path, symbol, metadata in sample():
            client.submit(path, symbol=symbol, metadata=metadata)
    asyncio.run(found(cluster, "", 13))
    yield cluster
    for node in (*cluster.queries, index, ingest):
        node.close()


async def found(cluster: Cluster, query: str, total: int) -> None:
    """Waits until each query node finds so many documents; the index's manifests say when to look again."""
    async with asyncio.timeout(60), cluster.client() as client:
        async for _ in ticks(client):
            totals = []
            for node in cluster.queries:
                settings = cluster.deployment.settings(query=(node.endpoint,))
                async with AsyncClient(settings) as one:
                    try:
                        totals.append((await one.search(query or "the OR a OR of")).total)
                    except UnavailableError:
                        totals.append(-1)
            if all(count == total for count in totals):
                return


async def ticks(client: AsyncClient) -> AsyncIterator[None]:
    """A beat at each manifest, and a few after it, since a query node needs a moment to take it over."""
    async for _ in client.manifests():
        for _ in range(50):
            yield
            await asyncio.sleep(0.02)


async def test_words_fields_and_phrases_find_the_paragraph(cluster: Cluster) -> None:
    async with cluster.client("reader") as client:
        reply = await client.search("symbol:A/74/565", facets=["organ", "year"], snippets=2)
        assert reply.total == 1
        (hit,) = reply.hits
        assert list(hit.symbols) == ["A/74/565", "S/2019/908"]
        assert (hit.kind, len(hit.document_id)) == ("letter", 16)
        assert [facet.field for facet in reply.facets] == ["organ", "year"]
        phrase = await client.search('"peace and security" kind:statement', limit=3)
        assert phrase.total >= 1
        snippet = phrase.hits[0].snippets[0]
        marked = [snippet.text.encode()[mark.start : mark.start + mark.length].decode().lower() for mark in snippet.highlights]
        assert "peace" in " ".join(marked)
        assert snippet.attribution


async def test_pages_are_parts_of_one_exact_total(cluster: Cluster) -> None:
    async with cluster.client("reader") as client:
        whole = await client.search("united nations", limit=1000, sort="-date")
        pages = [await client.search("united nations", limit=2, offset=offset, sort="-date") for offset in range(0, whole.total, 2)]
        assert [hit.document_id for page in pages for hit in page.hits] == [hit.document_id for hit in whole.hits]
        assert {page.total for page in pages} == {whole.total} == {len(whole.hits)}


async def test_a_wrong_query_is_refused_with_its_place_and_a_hint(cluster: Cluster) -> None:
    async with cluster.client("reader") as client:
        with pytest.raises(InvalidError) as caught:
            await client.search('kind:letter "never closed')
        assert int(caught.value.details["position"]) > 0
        assert caught.value.details["hint"]
        assert caught.value.details["hint"] in str(caught.value)
        assert caught.value.processed is Processed.NO


async def test_a_document_is_got_by_each_symbol_and_by_its_id(cluster: Cluster) -> None:
    async with cluster.client("reader") as client:
        document = await client.get("A/74/565")
        assert (document.kind, document.date, list(document.symbols)) == ("letter", "2019-11-27", ["A/74/565", "S/2019/908"])
        assert document == await client.get("S/2019/908") == await client.get(document.id) == await client.get(document.id.hex())
        original = await client.original(document.original_sha256)
        assert len(await original.read()) == document.original_bytes
        for nothing in ("A/99/1", bytes(16)):
            with pytest.raises(NotFoundError):
                await client.get(nothing)


async def test_all_hits_come_once_in_the_order_of_one_long_answer(cluster: Cluster) -> None:
    async with cluster.client("reader") as client:
        for sort in ("-date", "date", "relevance"):
            whole = await client.search("nations OR peace", limit=1000, sort=sort)
            assert len(whole.hits) > 5
            ids = [hit.document_id async for hit in client.search_all("nations OR peace", sort=sort, page=3)]
            assert ids == [hit.document_id for hit in whole.hits]
        first = await client.search("nations", limit=1)
        for query, sort, offset, cursor in (
            ("peace", "", 0, first.next_cursor),
            ("nations", "date", 0, first.next_cursor),
            ("nations", "", 1, first.next_cursor),
            ("nations", "", 0, first.next_cursor[:-1]),
        ):
            with pytest.raises(InvalidError):
                await client.search(query, limit=1, sort=sort, offset=offset, cursor=cursor)


async def test_a_score_is_explained(cluster: Cluster) -> None:
    async with cluster.client("reader") as client:
        query = '"peace and security" OR nation~ OR "united nations"~2'
        for hit in (await client.search(query, limit=3)).hits:
            reply = await client.explain(query, hit.document_id)
            assert (reply.found, reply.score, reply.document_id) == (True, hit.score, hit.document_id)
            assert reply.steps[0].value == pytest.approx(sum(step.value for step in reply.steps if step.level == 1))
        assert not (await client.explain("xylophone", "A/74/565")).found
        with pytest.raises(NotFoundError):
            await client.explain("peace", "A/99/1")


async def test_languages_and_revisions_of_one_paper_are_one_hit(cluster: Cluster) -> None:
    texts = {
        ("A/77/900", "en"): "The quokkas were counted, and the delegation says so.\n",
        ("A/77/900", "fr"): "Les quokkas ont été comptés, et la délégation le dit.\n",
        ("A/77/900/Rev.1", "en"): "The quokkas were counted again, and the delegation says so.\n",
    }
    async with cluster.client() as client:
        for (symbol, language), text in texts.items():
            sent = await client.submit(text.encode(), symbol=symbol, metadata={"language": language})
            assert (sent.version, sent.duplicate) == (1, False)
        await found(cluster, "quokkas", 3)
        reply = await client.search("quokkas", languages=["fr", "en"])
        (hit,) = reply.hits
        assert (reply.total, hit.language, list(hit.symbols)) == (3, "fr", ["A/77/900"])
        assert [(version.symbols[0], version.language) for version in hit.versions] == [("A/77/900/Rev.1", "en"), ("A/77/900", "en")]
        every = [hit async for hit in client.search_all("quokkas", page=2, every_version=True)]
        assert len(every) == 3
        assert not any(hit.versions for hit in every)
        assert [hit.language async for hit in client.search_all("quokkas", page=1, languages=("fr",))] == ["fr"]
        assert (await client.get("A/77/900", languages=["ru", "fr"])).language == "fr"
        assert (await client.get("A/77/900")).language == "en"
        with pytest.raises(InvalidError):
            await client.search("quokkas", languages=["French"])
        with pytest.raises(ConflictError) as caught:
            await client.delete("A/77/900", why="a test")
        assert caught.value.details["languages"] == "en, fr"
        for symbol, language in texts:
            assert (await client.delete(symbol, why="a test", language=language)).existed
        await found(cluster, "quokkas", 0)


async def test_values_are_suggested_with_their_number_of_documents(cluster: Cluster) -> None:
    async with cluster.client("reader") as client:
        values = await client.suggest("symbol", "A/C.")
        assert "A/C.1/80/L.63" in [value.value for value in values]
        assert all(value.count >= 1 for value in values)
        assert len(await client.suggest("symbol", "A/C.", limit=2)) == 2


async def test_a_role_follows_the_manifests_when_that_is_what_it_may(cluster: Cluster) -> None:
    async with cluster.client("query") as client:
        async for manifest in client.watch():
            assert isinstance(manifest, Manifest)
            assert manifest.documents >= 13
            break
    async with cluster.client("reader") as client:
        with pytest.raises(ForbiddenError):
            await anext(client.watch())


async def test_each_service_is_healthy_and_clean(cluster: Cluster) -> None:
    async with cluster.client() as client:
        health = await client.health()
        assert [answer.service for answer in health] == [Service.INGEST, Service.INDEX, Service.QUERY, Service.QUERY]
        assert all(answer.reply is not None and answer.reply.ready for answer in health)
        for answer in await client.verify():
            assert answer.reply is not None, answer.error
            assert answer.reply.clean, answer.reply.problems


async def test_searches_go_on_while_a_query_node_dies_and_comes_back(cluster: Cluster) -> None:
    node = cluster.queries[0]
    async with cluster.client("reader") as client:
        answers: asyncio.Queue[int] = asyncio.Queue()
        stopped = False

        async def search() -> None:
            while not stopped:
                answers.put_nowait((await client.search("symbol:A/74/565")).total)

        async def answered(count: int) -> None:
            while not answers.empty():
                assert answers.get_nowait() == 1
            for _ in range(count):
                assert await asyncio.wait_for(answers.get(), 30) == 1

        async with asyncio.TaskGroup() as group:
            for _ in range(8):
                group.create_task(search())
            for way in (Node.kill, Node.stop):
                await answered(50)
                way(node)
                await answered(200)
                await asyncio.to_thread(node.process.wait, 60)
                node = await asyncio.to_thread(cluster.start_query, 1, node.endpoint.port)
                cluster.queries[0] = node
            stopped = True


async def test_what_is_deleted_is_found_no_more(cluster: Cluster) -> None:
    async with cluster.client() as client:
        reply = await client.submit(b"An unmistakable xylophonic statement.\n\nThe delegation says so.\n")
        await found(cluster, "xylophonic", 1)
        assert (await client.get(reply.document_id)).id == reply.document_id
        await client.delete(reply.document_id, why="a test")
        await found(cluster, "xylophonic", 0)
        with pytest.raises(NotFoundError):
            await client.get(reply.document_id)


def test_the_example_of_the_readme_works(
    cluster: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    readme = (ROOT / "Clients/python/README.md").read_text("utf-8")
    example = re.search(r"^```python\n(.*?)^```", readme, re.MULTILINE | re.DOTALL)
    assert example is not None
    settings = cluster.settings()
    services = {name: [str(endpoint) for endpoint in getattr(settings, name)] for name in ("ingest", "index", "query")}
    texts = {name: getattr(settings, name) for name in ("certificate", "key", "ca", "cluster")}
    (tmp_path / "run").mkdir()
    (tmp_path / "run/client.json").write_text(json.dumps(services | texts))
    (tmp_path / "letter.pdf").write_bytes((SAMPLE / "A_80_L.38.pdf").read_bytes())
    monkeypatch.chdir(tmp_path)
    exec(example[1], {})
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "1 duplicate"
    assert any("A/74/565" in line for line in lines[1:])


def test_the_plain_client_searches_too(cluster: Cluster) -> None:
    with Client(cluster.settings("submitter")) as client:
        (hit,) = client.search("symbol:A/74/565").hits
        assert client.get(hit.document_id).id == hit.document_id
        assert client.get("A/74/565", languages=["fr"]).id == hit.document_id
        assert len(list(client.search_all("symbol:A/74/565", languages=["fr"], every_version=True))) == 1
        assert client.suggest("symbol", "A/74")[0].value == "A/74/565"
    with Client(cluster.settings("query")) as client:
        for manifest in client.manifests():
            assert manifest.generation > 0
            break
