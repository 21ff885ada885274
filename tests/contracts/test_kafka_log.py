from __future__ import annotations

from collections.abc import AsyncIterator

import pytest_asyncio

from events.database import Pool
from events.keys import KeyFile, PostgresKeys
from tests.consumers.relaying import Carrying
from tests.contracts.event_log import Built, EventLogContract


class TestKafkaLog(EventLogContract):
    @pytest_asyncio.fixture
    async def built(self, pool: Pool, kafka: str) -> AsyncIterator[Built]:
        carrying = Carrying(pool, kafka)
        await carrying.install()
        async with carrying.relay():
            yield Built(carrying.log, PostgresKeys(pool, KeyFile(bytes(32))), carrying.carried)
