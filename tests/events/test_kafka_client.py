"""Clients of Kafka that are stopped while their user is being stopped."""

from __future__ import annotations

import asyncio

import pytest
from aiokafka import AIOKafkaConsumer, TopicPartition

from events.kafka_client import start, stop
from events.kafka_topics import TopicPlan, create_topics
from tests.waiting import ending


async def test_whoever_is_cancelled_while_stopping_a_consumer_ends(kafka: str) -> None:
    topic = TopicPlan("hub.stopped.events", 1)
    await create_topics(kafka, [topic])
    consumer = AIOKafkaConsumer(bootstrap_servers=kafka, enable_auto_commit=False)
    await start(consumer)
    consumer.assign([TopicPartition(topic.name, 0)])
    await consumer.getmany(timeout_ms=100)

    async def stop_and_go_on() -> None:
        await stop(consumer)
        await asyncio.Event().wait()

    task = asyncio.create_task(stop_and_go_on())
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await ending(task, "a cancelled task ends")
