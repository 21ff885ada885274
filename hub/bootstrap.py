"""The composition root: the only place that builds adapters and joins them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import asyncpg

from events import schema
from events.database import Connection, Pool
from events.kafka_log import KafkaLog
from events.kafka_topics import Topics
from events.keys import KeyFile, PostgresKeys
from events.log import EventLog
from events.postgres_log import PostgresLog
from hub.agencies import Agencies
from hub.clock import Clock, system_clock
from hub.deciders.recognising import Rules
from hub.engine.postgres import open_database
from hub.files import Files
from hub.index import Index, secret_file
from hub.intake import PostgresIntake
from hub.matching.model import shipped
from hub.refold import Refold, waiting
from hub.settings import Engine, Settings
from projections import ALL
from projections.building import Sources


class SchemaBehind(Exception):
    """The database lacks schema steps of this code, or what they are to fold again: run `hub db upgrade`."""


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

    Keys of those whose erasure is on the log are destroyed before anything is served (promises.md §2.7). Without
    `HUB_DATABASE_URL` the embedded PostgreSQL is started in `data_dir`, and its schema is always upgraded.
    """
    url = settings.database_url.get_secret_value() if settings.database_url else None
    data = None if url else settings.data_dir.expanduser() / "postgres"
    async with open_database(url, data) as dsn:
        await _ready_schema(dsn, upgrade=upgrade or url is None)
        async with asyncpg.create_pool(dsn, min_size=2, max_size=settings.pool_size, reset=_tidied) as pool:
            hub = joined(settings, clock, dsn, pool)
            await hub.log.install()
            await hub.keys.destroy_again()
            if upgrade or url is None:
                await refold(hub).all()
            elif await waiting(pool):
                raise SchemaBehind
            yield hub


def joined(settings: Settings, clock: Clock, dsn: str, pool: Pool) -> Hub:
    """All parts over one pool."""
    keys = PostgresKeys(pool, KeyFile(secret_file(settings.key_dir / "data-keys.key")))
    log = PostgresLog(pool, keys, clock, settings.partitions)
    index = Index.at(settings.key_dir / "index.key")
    rules = Rules(shipped(), settings.match_false_links, settings.match_missed_links)
    intake = PostgresIntake(pool, log, keys, index, rules)
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


def refold(hub: Hub) -> Refold:
    """Folds again from the log what a schema step has put on the list."""
    return Refold(hub.pool, hub.log, hub.keys, hub.index)


def read_log(settings: Settings, journal: PostgresLog) -> EventLog:
    """Where projectors and rebuilds read: the journal, or the topic."""
    if settings.engine is Engine.KAFKA:
        return KafkaLog(journal, settings.kafka_bootstrap or "", Topics(settings.area).events)
    return journal


@dataclass(frozen=True, slots=True)
class RebuildSources:
    """Opens what a rebuild reads and writes; every process of a rebuild gets a copy and opens its own."""

    settings: Settings
    dsn: str

    @asynccontextmanager
    async def __call__(self) -> AsyncIterator[Sources]:
        """Pool, log and keys for one process."""
        async with asyncpg.create_pool(self.dsn, min_size=2, max_size=len(ALL) + 4) as pool:
            hub = joined(self.settings, system_clock, self.dsn, pool)
            yield Sources(pool, read_log(self.settings, hub.log), hub.keys)


async def _tidied(connection: Connection) -> None:
    """What asyncpg resets when a connection comes back (settings, cursors, locks of a session) is never used here.

    So it costs nothing unless something was left open: a round trip of each batch.
    """
    if connection.is_in_transaction():
        await connection.execute("ROLLBACK")


async def _ready_schema(dsn: str, *, upgrade: bool) -> None:
    connection = await asyncpg.connect(dsn)
    try:
        if upgrade:
            await schema.upgrade(connection)
        elif await schema.pending(connection):
            raise SchemaBehind
    finally:
        await connection.close()
