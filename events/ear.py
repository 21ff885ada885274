"""Wakes followers of the journal: one listening connection for all of them, however many there are."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from asyncpg import InterfaceError, PostgresError

from events.database import Pool, PooledConnection


class Ear:
    """Hears the notifications of one channel. A lost connection costs promptness, never an event: followers poll."""

    def __init__(self, pool: Pool, channel: str) -> None:
        self._pool = pool
        self._channel = channel
        self._listeners = 0
        self._connection: PooledConnection | None = None
        self._opening = asyncio.Lock()
        self._next = asyncio.Event()

    @property
    def next(self) -> asyncio.Event:
        """Set by the next notification: take it before looking, wait on it after finding nothing."""
        return self._next

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[None]:
        """Keeps the connection while at least one follower is inside."""
        self._listeners += 1
        try:
            await self._open()
            yield
        finally:
            self._listeners -= 1
            if self._listeners == 0:
                await self._close()

    async def wait(self, heard: asyncio.Event, seconds: float) -> None:
        """Until `heard` is set, but no longer than `seconds`."""
        await self._open()
        with suppress(TimeoutError):
            await asyncio.wait_for(heard.wait(), seconds)

    async def _open(self) -> None:
        async with self._opening:
            if self._connection is not None and not self._connection.is_closed():
                return
            await self._close()
            connection = await self._pool.acquire()
            try:
                await connection.add_listener(self._channel, self._notified)
            except BaseException:
                await self._pool.release(connection)
                raise
            self._connection = connection

    async def _close(self) -> None:
        connection, self._connection = self._connection, None
        if connection is None:
            return
        try:
            with suppress(InterfaceError, PostgresError, OSError):
                if not connection.is_closed():
                    await connection.remove_listener(self._channel, self._notified)
        finally:  # whatever happened: a connection that is not given back is lost to the pool
            with suppress(InterfaceError, PostgresError, OSError):
                await self._pool.release(connection)

    def _notified(self, *_: object) -> None:
        heard, self._next = self._next, asyncio.Event()
        heard.set()
