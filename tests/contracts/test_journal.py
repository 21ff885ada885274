from __future__ import annotations

import pytest_asyncio

from events.database import Pool
from events.keys import KeyFile, PostgresKeys
from events.postgres_log import PostgresLog
from tests.contracts.event_log import PARTITIONS, Built, EventLogContract
from tests.events.facts import now


class TestJournal(EventLogContract):
    @pytest_asyncio.fixture
    async def built(self, pool: Pool) -> Built:
        keys = PostgresKeys(pool, KeyFile(bytes(32)))
        log = PostgresLog(pool, keys, now, PARTITIONS)
        await log.install()
        return Built(log, keys)
