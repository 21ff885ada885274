"""A journal, its topic and running relays, for tests."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from uuid import uuid4

from consumers.relay import RelayPace, run_relay
from events.database import Pool, unavailable
from events.kafka_log import KafkaLog
from events.kafka_topics import TopicPlan, Topics, create_topics
from events.keys import KeyFile, PostgresKeys
from events.postgres_log import PostgresLog
from events.published import Published
from tests.events.facts import now
from tests.waiting import ending, until

PARTITIONS = 4
QUICK = RelayPace(lease=2.0, send=10.0, first_wait=0.05, longest_wait=0.5, chunk=50)


def keys_in(pool: Pool) -> PostgresKeys:
    return PostgresKeys(pool, KeyFile(bytes(32)))


def journal_in(pool: Pool) -> PostgresLog:
    return PostgresLog(pool, keys_in(pool), now, PARTITIONS)


class Carrying:
    """One install on Kafka: what the relay needs, and a reader of its topic."""

    def __init__(self, pool: Pool, bootstrap: str, journal: PostgresLog | None = None) -> None:
        self.topic = Topics(f"t{uuid4().hex[:8]}").events
        self.bootstrap = bootstrap
        self.journal = journal or journal_in(pool)
        self.published = Published(pool, self.topic)
        self.log = KafkaLog(self.journal, bootstrap, self.topic)

    async def install(self) -> None:
        await create_topics(self.bootstrap, [TopicPlan(self.topic, PARTITIONS)])
        await self.journal.install()

    @asynccontextmanager
    async def relay(self, pace: RelayPace = QUICK) -> AsyncIterator[asyncio.Task[None]]:
        """A relay in this process."""
        running = asyncio.create_task(run_relay(self.journal, self.published, self.bootstrap, pace))
        try:
            yield running
        finally:
            running.cancel()
            with suppress(asyncio.CancelledError):
                await ending(running, "the relay stops")

    async def behind(self) -> int:
        """How many records are not yet confirmed; -1 while PostgreSQL is away."""
        try:
            heads, confirmed = await self.journal.heads(), await self.published.confirmed()
        except Exception as failure:
            if unavailable(failure):
                return -1
            raise
        return sum(last - confirmed.get(partition, 0) for partition, last in heads.sequences.items())

    async def carried(self) -> None:
        """Returns when everything in the journal is confirmed."""

        async def all_confirmed() -> bool:
            return await self.behind() == 0

        await until(all_confirmed)
