from __future__ import annotations

import asyncio

import psutil
import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import UnknownTopicOrPartitionError

from hub.engine.kafka import KafkaServer
from hub.engine.kafka_ladder import open_kafka
from hub.engine.process import EngineError
from tests.waiting import ending

pytestmark = pytest.mark.kafka


async def create(bootstrap: str, topic: str) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    await admin.create_topics([NewTopic(topic, num_partitions=1, replication_factor=1)])
    await admin.close()


async def test_what_was_acknowledged_survives_a_killed_broker(kafka_server: KafkaServer) -> None:
    await create(kafka_server.bootstrap, "kept")
    async with AIOKafkaProducer(bootstrap_servers=kafka_server.bootstrap, acks="all") as producer:
        await producer.send_and_wait("kept", b"before", partition=0)

    await kafka_server.kill()
    await kafka_server.start()

    consumer = AIOKafkaConsumer(bootstrap_servers=kafka_server.bootstrap, auto_offset_reset="earliest")
    await consumer.start()
    consumer.assign([TopicPartition("kept", 0)])
    assert (await ending(consumer.getone(), "what was sent before")).value == b"before"
    await consumer.stop()


async def test_a_misspelt_topic_is_an_error(kafka_server: KafkaServer) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka_server.bootstrap)
    await admin.start()
    (told,) = await admin.describe_topics(["hub.evnets"])
    await admin.close()

    assert told["error_code"] == UnknownTopicOrPartitionError.errno


async def test_a_paused_broker_answers_nothing_until_it_resumes(kafka_server: KafkaServer) -> None:
    await create(kafka_server.bootstrap, "paused")
    async with AIOKafkaProducer(bootstrap_servers=kafka_server.bootstrap, acks="all") as producer:
        await producer.send_and_wait("paused", b"1", partition=0)
        await kafka_server.pause()
        assert psutil.Process(kafka_server.pid).status() == psutil.STATUS_STOPPED
        waiting = await producer.send("paused", b"2", partition=0)
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(asyncio.shield(waiting), 1)
        kafka_server.resume()
        assert (await ending(waiting, "the resumed broker answers")).offset == 1


async def test_without_docker_and_java_the_error_says_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.delenv("JAVA_HOME", raising=False)

    with pytest.raises(EngineError, match=r"no Docker engine answers, and: Java 17 or newer is missing"):
        async with open_kafka():
            pass
