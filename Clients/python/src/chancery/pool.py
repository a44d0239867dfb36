"""The connections to the endpoints of one service, and when a call is tried again."""

from __future__ import annotations

import asyncio
import random
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import TypeVar

from .errors import CancelError, ChanceryError, DeadlineError, Processed, UnavailableError
from .link import Link
from .methods import Service
from .settings import Endpoint

ATTEMPTS = 6
FIRST_PAUSE = 0.05
LONGEST_PAUSE = 2.0

T = TypeVar("T")


class _Place:
    """An endpoint and its connection."""

    def __init__(self, endpoint: Endpoint) -> None:
        self.endpoint = endpoint
        self.link: Link | None = None
        self.connecting = asyncio.Lock()
        self.waiting = 0
        self.failures = 0
        self.not_before = 0.0

    @property
    def load(self) -> int:
        return self.waiting + (self.link.load if self.link else 0)


class Pool:
    """Connections to the endpoints of one service: one each, made when it is needed and made anew when it is lost."""

    def __init__(self, service: Service, endpoints: tuple[Endpoint, ...], context: ssl.SSLContext, cluster: str, software: str) -> None:
        self.service = service
        self._places = [_Place(endpoint) for endpoint in endpoints]
        self._context = context
        self._cluster = cluster
        self._software = software
        self._links: set[Link] = set()
        self._closed = False

    @property
    def endpoints(self) -> list[Endpoint]:
        """All endpoints."""
        return [place.endpoint for place in self._places]

    async def run(
        self, work: Callable[[Link], Awaitable[T]], *, safe: bool, deadline: float | None = None, endpoint: Endpoint | None = None
    ) -> T:
        """Does ``work`` on a connection, again where an error allows it. ``deadline`` is the loop's time.

        Processed NO: any work may be done again; else only what is safe. Either way only when the error says that it can help.
        """
        async with until(deadline):
            for attempt in range(1, ATTEMPTS + 1):
                try:
                    return await work(await self._link(endpoint))
                except ChanceryError as error:
                    over = isinstance(error, (DeadlineError, CancelError))
                    may = error.retryable and not over and (safe or error.processed is Processed.NO)
                    if self._closed or not may or attempt == ATTEMPTS:
                        raise
                    seconds = max(error.retry_after, pause(attempt))
                    if deadline is not None and asyncio.get_running_loop().time() + seconds >= deadline:
                        raise
                await asyncio.sleep(seconds)
            raise AssertionError("the last attempt returns or raises")

    async def _link(self, endpoint: Endpoint | None) -> Link:
        if self._closed:
            raise UnavailableError("the client is closed", processed=Processed.NO)
        if not self._places:
            raise UnavailableError(f"the settings name no {self.service} service", processed=Processed.NO)
        place = self._choose(endpoint)
        place.waiting += 1
        try:
            async with place.connecting:
                if place.link is None or not place.link.usable:
                    place.link = await self._connect(place)
                return place.link
        finally:
            place.waiting -= 1

    def _choose(self, endpoint: Endpoint | None) -> _Place:
        """The less loaded of two endpoints taken at random; one that failed lately only when there is no other."""
        if endpoint is not None:
            return next(place for place in self._places if place.endpoint == endpoint)
        now = asyncio.get_running_loop().time()
        places = [place for place in self._places if place.not_before <= now]
        if not places:
            return min(self._places, key=lambda place: place.not_before)
        return min(random.sample(places, min(2, len(places))), key=lambda place: place.load)

    async def _connect(self, place: _Place) -> Link:
        try:
            link = await Link.connect(place.endpoint, self._context, cluster=self._cluster, software=self._software)
        except ChanceryError:
            place.failures += 1
            place.not_before = asyncio.get_running_loop().time() + pause(place.failures)
            raise
        place.failures = 0
        if self._closed:
            link.close()
            raise UnavailableError("the client is closed", processed=Processed.NO)
        # Beside the one in use there may be others whose server stops and lets their calls end.
        self._links = {other for other in self._links if not other.gone} | {link}
        return link

    async def close(self) -> None:
        """Ends all connections and the calls on them."""
        self._closed = True
        for link in self._links:
            link.close()
        for link in self._links:
            await link.closed()


def pause(times: int) -> float:
    """How long to wait after so many failures, in seconds: doubled each time, and half of it chance."""
    return float(min(FIRST_PAUSE * 2.0 ** (times - 1), LONGEST_PAUSE) * random.uniform(0.5, 1))


@asynccontextmanager
async def until(deadline: float | None) -> AsyncIterator[None]:
    """Ends what it holds at a time, with a DeadlineError."""
    try:
        async with asyncio.timeout_at(deadline):
            yield
    except TimeoutError:
        raise DeadlineError("the time for the call is over") from None
