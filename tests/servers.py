"""The PostgreSQL that tests share, and one of a test's own, to be killed, starved or set up badly."""

from __future__ import annotations

import os
import shutil
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import asyncpg

from events.database import Connection
from events.schema import upgrade
from hub.engine.postgres import PostgresServer

MEMORY: Final = Path("/dev/shm")  # noqa: S108 - Linux's own; a private folder is made in it
MEMORY_NEEDED: Final = 3 << 30  # bytes; the suite's databases take less than a third


def in_database(dsn: str, name: str) -> str:
    """The same server's address with another database."""
    return urlunsplit(urlsplit(dsn)._replace(path=f"/{name}"))


async def run_sql(dsn: str, *statements: str) -> None:
    connection = await asyncpg.connect(dsn)
    try:
        for statement in statements:
            await connection.execute(statement)
    finally:
        await connection.close()


@asynccontextmanager
async def a_postgres() -> AsyncIterator[str]:
    """HUB_TEST_DSN, else our own in memory where there is room: no test kills this one, so no test needs its disk."""
    if given := os.environ.get("HUB_TEST_DSN"):
        yield given
        return
    roomy = MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > MEMORY_NEEDED
    async with PostgresServer(scratch=MEMORY if roomy else None, settings={"max_wal_size": "512MB"}) as server:
        yield server.dsn


@asynccontextmanager
async def a_copy(server: str, template: str) -> AsyncIterator[str]:
    """The address of a new database on this server with what the one called `template` holds; gone afterwards."""
    name = f"hub_test_{uuid4().hex}"
    # The files as they are and not through the write-ahead log, which takes ten times as long in memory, twice on disk.
    await run_sql(server, f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
    try:
        yield in_database(server, name)
    finally:
        await run_sql(server, f"DROP DATABASE {name} WITH (FORCE)")


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
