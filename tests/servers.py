"""A PostgreSQL of a test's own, to be killed, starved or set up badly; all others share the one of `conftest`."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

import asyncpg

from events.database import Connection
from events.schema import upgrade
from hub.engine.postgres import PostgresServer


async def upgraded(dsn: str) -> None:
    """The whole schema, where it is not there yet."""
    connection: Connection = await asyncpg.connect(dsn)
    try:
        await upgrade(connection)
    finally:
        await connection.close()


@asynccontextmanager
async def own_postgres(settings: Mapping[str, str] | None = None) -> AsyncIterator[PostgresServer]:
    """With the whole schema and nothing in it, set up with these settings beside ours."""
    async with PostgresServer(settings=settings or {}) as server:
        await upgraded(server.dsn)
        yield server
