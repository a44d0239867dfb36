"""An original on its way to the caller."""

from __future__ import annotations

import asyncio
import hashlib
import os
from collections.abc import AsyncIterator
from pathlib import Path
from types import TracebackType
from typing import Self

from . import chancery_pb2 as pb
from .errors import InternalError
from .link import Call
from .pool import until


class Download:
    """The bytes of an original, to be read once: by ``async for``, ``read`` or ``save``.

    Size and SHA-256 are checked at the end: InternalError if they are not what they should be. A download that is not read to its end
    must be closed, by ``close`` or ``async with``.
    """

    def __init__(self, call: Call, reply: pb.GetOriginalReply, sha256: bytes, deadline: float | None) -> None:
        self.size: int = reply.size
        self.media_type: str = reply.media_type
        self.file_name: str = reply.file_name
        self._call = call
        self._sha256 = sha256
        self._deadline = deadline

    async def __aiter__(self) -> AsyncIterator[bytes]:
        digest = hashlib.sha256()
        size = 0
        try:
            while True:
                async with until(self._deadline):
                    chunk = await self._call.chunk()
                if chunk is None:
                    break
                size += len(chunk)
                if size > self.size:
                    break
                digest.update(chunk)
                yield chunk
        finally:
            self._call.close()
        if size != self.size or digest.digest() != self._sha256:
            raise InternalError(f"the original that came is not {self._sha256.hex()}")

    async def read(self) -> bytes:
        """All of it."""
        return b"".join([chunk async for chunk in self])

    async def save(self, path: str | os.PathLike[str]) -> None:
        """Writes it to a file, which appears under its name only when it is whole. A file that is there is replaced."""
        target = Path(path)
        part = target.with_name(f".{target.name}.part")
        try:
            with await asyncio.to_thread(open, part, "wb") as file:
                async for chunk in self:
                    await asyncio.to_thread(file.write, chunk)
            part.replace(target)
        finally:
            part.unlink(missing_ok=True)

    async def close(self) -> None:
        """Gives up what has not come."""
        self._call.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        await self.close()
