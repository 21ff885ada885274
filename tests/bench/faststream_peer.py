"""A peer: a plain FastStream handler with a pydantic model and one INSERT a message, as its tutorial shows.

`python -m tests.bench.faststream_peer PLACE EVENTS`
"""

from __future__ import annotations

import asyncio
import sys
import time
from uuid import UUID, uuid4

import asyncpg
import orjson
from aiokafka import AIOKafkaProducer
from faststream.kafka import KafkaBroker
from pydantic import BaseModel

from events.kafka_topics import TopicPlan, create_topics
from tests.bench.ground import Place, unpacked
from tests.bench.task import tell

_REASON = "attendance below 80 percent, " * 6


class Told(BaseModel):
    """A message."""

    id: UUID
    type: str
    source: str
    subject: str
    data: dict[str, str]


async def main(place: Place, events: int) -> None:
    """Fill a topic, then time the handler from the first message to the last."""
    topic = f"peer-{uuid4().hex[:8]}"
    await create_topics(place.kafka or "", [TopicPlan(topic, partitions=1)])
    await _produce(place.kafka or "", topic, events)
    began, done = 0.0, asyncio.Event()
    count = 0
    async with asyncpg.create_pool(place.dsn, min_size=2, max_size=4) as pool:
        await pool.execute("DROP TABLE IF EXISTS told; CREATE TABLE told (id uuid PRIMARY KEY, family text, what text)")
        broker = KafkaBroker(place.kafka or "", logger=None)

        @broker.subscriber(topic, group_id=topic, auto_offset_reset="earliest")
        async def carry(message: Told) -> None:
            nonlocal began, count
            began = began or time.perf_counter()
            await pool.execute(
                "INSERT INTO told VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
                message.id,
                message.subject,
                message.data["reason"],
            )
            count += 1
            if count == events:
                done.set()

        await broker.start()
        await done.wait()
        seconds = time.perf_counter() - began
        await broker.stop()
    tell(events=events, seconds=seconds)


async def _produce(bootstrap: str, topic: str, events: int) -> None:
    producer = AIOKafkaProducer(bootstrap_servers=bootstrap, acks="all", enable_idempotence=True, linger_ms=5)
    await producer.start()
    try:
        for number in range(events):
            told = Told(
                id=UUID(int=number),
                type="referral.received",
                source="urn:agency:invented-primary",
                subject=f"family/{number % 2_000}",
                data={"reason": _REASON},
            )
            await producer.send(topic, orjson.dumps(told.model_dump()), key=told.subject.encode())
        await producer.flush()
    finally:
        await producer.stop()


if __name__ == "__main__":
    asyncio.run(main(unpacked(sys.argv[1]), int(sys.argv[2])))
