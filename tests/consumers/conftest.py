from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import pytest_asyncio
from aiokafka import AIOKafkaProducer

from consumers.app import intake_plan
from consumers.intake import TopicIntake
from consumers.intake_door import IntakeDoor
from events.database import Pool
from events.kafka_topics import Topics, create_topics
from hub.bootstrap import joined
from hub.clock import system_clock
from hub.settings import Settings
from tests.consumers.partner import AGENCY, Partner


@pytest_asyncio.fixture
async def partner(pool: Pool, kafka: str, tmp_path: Path) -> AsyncIterator[Partner]:
    settings = Settings(_env_file=None, data_dir=tmp_path, partitions=4)
    hub = joined(settings, system_clock, "", pool)
    await hub.log.install()
    await hub.agencies.register(AGENCY, "test")
    topics = Topics(f"t{uuid4().hex[:8]}")
    await create_topics(kafka, [intake_plan(topics.intake(AGENCY.code), 1)])
    door = IntakeDoor(hub.agencies, hub.intake, hub.files, hub.index, hub.clock, settings.body_limit)
    producer = AIOKafkaProducer(bootstrap_servers=kafka, max_request_size=4 << 20)
    await producer.start()
    yield Partner(hub, topics, kafka, producer, TopicIntake(pool, door, topics))
    await producer.stop()
