from __future__ import annotations

import asyncio
from functools import partial
from uuid import uuid4

import pytest_asyncio

from events.database import Pool
from events.envelope import Record
from events.keys import KeyFile, PostgresKeys
from events.log import Append
from events.postgres_log import PostgresLog
from tests.consumers.relaying import journal_in
from tests.contracts.event_log import PARTITIONS, Built, EventLogContract
from tests.events.facts import now, one, opened
from tests.waiting import ending, somebody_waits, until


class TestJournal(EventLogContract):
    @pytest_asyncio.fixture
    async def built(self, pool: Pool) -> Built:
        keys = PostgresKeys(pool, KeyFile(bytes(32)))
        log = PostgresLog(pool, keys, now, PARTITIONS)
        await log.install()
        return Built(log, keys)


async def test_who_waits_for_a_stream_holds_up_no_other_one(pool: Pool) -> None:
    """The heads are locked after the streams: else one stream that is taken would stop the whole log, or deadlock."""
    journal = journal_in(pool)
    await journal.install()
    family = uuid4()
    await journal.append(one(opened(family)))

    async with pool.acquire() as holding, holding.transaction():
        await holding.execute("SELECT FROM log.stream WHERE stream = $1 FOR UPDATE", f"family/{family}")
        behind = asyncio.create_task(appended(pool, journal, one(opened(family))))
        await until(partial(somebody_waits, pool))
        heads = await pool.fetch("SELECT last FROM log.head FOR UPDATE NOWAIT")
        [[other]] = await ending(appended(pool, journal, one(opened(uuid4()))), "another stream is written")
    [[waited]] = await ending(behind, "the stream is free")

    assert len(heads) == PARTITIONS + 1
    assert (other.position, waited.position) == (2, 3)
    assert (other.stream_version, waited.stream_version) == (1, 2)


async def appended(pool: Pool, journal: PostgresLog, append: Append) -> list[list[Record]]:
    async with pool.acquire() as connection, connection.transaction():
        return await journal.append_within(connection, [append])
