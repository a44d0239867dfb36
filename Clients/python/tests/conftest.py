"""Fixtures: certificates once, services for each test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from deployment import PRODUCTS, Deployment, Node


@pytest.fixture(scope="session")
def deployment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    """An authority and a certificate for each role."""
    deployment = Deployment(tmp_path_factory.mktemp("deployment"))
    yield deployment
    deployment.close()


@pytest.fixture
def start_ingest(deployment: Deployment, tmp_path: Path) -> Iterator[Callable[..., Node]]:
    """Starts an ingest service, anew on the same data each time within a test."""
    assert (PRODUCTS / "chancery-ingest").exists(), "chancery-ingest is not built: swift build --product chancery-ingest"
    nodes: list[Node] = []

    def start(*, port: int = 0, certificate: str | None = None) -> Node:
        nodes.append(deployment.start("ingest", port=port, certificate=certificate, data=str(tmp_path / "data-ingest")))
        return nodes[-1]

    yield start
    for node in nodes:
        node.close()


@pytest.fixture
def ingest(start_ingest: Callable[..., Node]) -> Node:
    """An ingest service without documents."""
    return start_ingest()
