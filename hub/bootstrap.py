"""The composition root: the only place that builds adapters and joins them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import asyncpg

from events import schema
from events.database import Pool
from events.keys import KeyFile, PostgresKeys
from events.postgres_log import PostgresLog
from hub.agencies import Agencies
from hub.clock import Clock, system_clock
from hub.engine.postgres import open_database
from hub.files import Files
from hub.index import Index, secret_file
from hub.intake import PostgresIntake
from hub.settings import Settings


class SchemaBehind(Exception):
    """The database lacks schema steps of this code: run `hub db upgrade`."""


@dataclass(frozen=True, slots=True)
class Hub:
    """The joined parts of one running hub."""

    settings: Settings
    clock: Clock
    dsn: str
    pool: Pool
    keys: PostgresKeys
    log: PostgresLog
    index: Index
    agencies: Agencies
    intake: PostgresIntake
    files: Files


@asynccontextmanager
async def open_hub(settings: Settings, clock: Clock = system_clock, *, upgrade: bool = False) -> AsyncIterator[Hub]:
    """The hub over its database; `upgrade` applies missing schema steps, else they raise `SchemaBehind`.

    Without `HUB_DATABASE_URL` the embedded PostgreSQL is started in `data_dir`, and its schema is always upgraded.
    """
    url = settings.database_url.get_secret_value() if settings.database_url else None
    data = None if url else settings.data_dir.expanduser() / "postgres"
    async with open_database(url, data) as dsn:
        await _ready_schema(dsn, upgrade=upgrade or url is None)
        async with asyncpg.create_pool(dsn, min_size=2, max_size=settings.pool_size) as pool:
            hub = joined(settings, clock, dsn, pool)
            await hub.log.install()
            yield hub


def joined(settings: Settings, clock: Clock, dsn: str, pool: Pool) -> Hub:
    """All parts over one pool."""
    keys = PostgresKeys(pool, KeyFile(secret_file(settings.key_dir / "data-keys.key")))
    log = PostgresLog(pool, keys, clock, settings.partitions)
    index = Index.at(settings.key_dir / "index.key")
    intake = PostgresIntake(pool, log, keys, index)
    return Hub(
        settings=settings,
        clock=clock,
        dsn=dsn,
        pool=pool,
        keys=keys,
        log=log,
        index=index,
        agencies=Agencies(pool, log, clock),
        intake=intake,
        files=Files(pool, log, keys, intake, index, clock),
    )


async def _ready_schema(dsn: str, *, upgrade: bool) -> None:
    connection = await asyncpg.connect(dsn)
    try:
        if upgrade:
            await schema.upgrade(connection)
        elif await schema.pending(connection):
            raise SchemaBehind
    finally:
        await connection.close()
