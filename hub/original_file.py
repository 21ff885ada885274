"""A large original on its way through intake: written chunk by chunk as it arrives, read back as a stream.

Memory stays flat whatever the size, and nothing is ever on disk in clear.
"""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, BinaryIO, cast
from uuid import UUID

from events.database import Pool
from events.keys import PostgresKeys
from events.sealing import Key
from hub.originals import CHUNK, opened_chunk, sealed_chunk

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer


@dataclass(frozen=True, slots=True)
class OriginalFile:
    """A row of `original.file`: one file of an agency, known by its idempotency key."""

    agency: str
    idempotency: str
    submission_id: UUID
    received_at: datetime
    fingerprint: str | None
    attempt: UUID | None
    receipt: bytes | None


async def file_key(keys: PostgresKeys, pool: Pool, submission_id: UUID) -> Key:
    """The file's own key, made if it is new."""
    async with pool.acquire() as connection:
        return (await keys.ensure(connection, {submission_id}))[submission_id]


async def keep_chunks(pool: Pool, key: Key, submission_id: UUID, attempt: UUID, body: AsyncIterator[bytes]) -> None:
    """Write the body of one upload in sealed chunks."""
    number = 0
    async for data in rechunked(body):
        await pool.execute(
            "INSERT INTO original.chunk (submission_id, attempt, number, sealed) VALUES ($1, $2, $3, $4)",
            submission_id,
            attempt,
            number,
            sealed_chunk(data, key, submission_id, number),
        )
        number += 1


async def rechunked(body: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """The same bytes in pieces of `CHUNK`, the last one shorter; one empty piece for an empty body."""
    waiting = bytearray()
    sent = False
    async for piece in body:
        waiting += piece
        while len(waiting) >= CHUNK:
            yield bytes(waiting[:CHUNK])
            del waiting[:CHUNK]
            sent = True
    if waiting or not sent:
        yield bytes(waiting)


def open_original(pool: Pool, key: Key, original: OriginalFile) -> BinaryIO:
    """The file as a stream for a worker thread; call it in the event loop that owns the pool."""
    raw = _Chunks(pool, key, original, asyncio.get_running_loop())
    return cast("BinaryIO", io.BufferedReader(raw, buffer_size=1 << 16))


class _Chunks(io.RawIOBase):
    """Reads sealed chunks through the event loop, from another thread."""

    def __init__(self, pool: Pool, key: Key, original: OriginalFile, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__()
        self._pool = pool
        self._key = key
        self._original = original
        self._loop = loop
        self._number = 0
        self._left = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        if not self._left:
            self._left = memoryview(self._next())
        target = memoryview(buffer)
        count = min(len(target), len(self._left))
        target[:count] = self._left[:count]
        self._left = self._left[count:]
        return count

    def _next(self) -> bytes:
        sealed = asyncio.run_coroutine_threadsafe(self._fetch(), self._loop).result()
        if sealed is None:
            return b""
        plain = opened_chunk(sealed, self._key, self._original.submission_id, self._number)
        self._number += 1
        return plain

    async def _fetch(self) -> bytes | None:
        found: bytes | None = await self._pool.fetchval(
            "SELECT sealed FROM original.chunk WHERE submission_id = $1 AND attempt = $2 AND number = $3",
            self._original.submission_id,
            self._original.attempt,
            self._number,
        )
        return found
