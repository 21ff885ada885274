"""What the hub refuses to start on, which setting it names, and how it says that a server is away."""

from __future__ import annotations

import asyncio
import os
import signal
from pathlib import Path

import asyncpg
import pytest
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from events.kafka_topics import TopicPlan, Topics
from tests.faults.install import PARTITIONS, Install
from tests.faults.program import Program
from tests.servers import own_postgres

pytestmark = pytest.mark.faults


async def ended(program: Program) -> tuple[int, str]:
    """The exit code and what it said."""
    await program.start()
    try:
        return await program.ended(), program.said
    finally:
        await program.kill()


async def both_ended(install: Install) -> list[tuple[int, str]]:
    """The web application and a worker, at the same time."""
    return list(await asyncio.gather(*(ended(install.program(name, name)) for name in ("serve", "work"))))


async def test_nothing_starts_on_a_postgresql_that_may_lose_what_it_acknowledged(tmp_path: Path) -> None:
    risky = ("fsync", "full_page_writes", "synchronous_commit")
    async with own_postgres(dict.fromkeys(risky, "off")) as server:
        install = Install(server.dsn, tmp_path)
        for code, said in await both_ended(install):
            assert code == 1, said
            assert "Traceback" not in said
            for setting in risky:
                assert f"{setting} is off, must be on" in said
                assert f"ALTER SYSTEM SET {setting} = on" in said


async def test_no_worker_starts_on_a_topic_that_forgets(database: str, tmp_path: Path, kafka: str) -> None:
    install = Install(database, tmp_path, kafka)
    plan = TopicPlan(Topics(install.settings.area).events, PARTITIONS)
    forgets = {"retention.ms": "604800000", "retention.bytes": "1000", "cleanup.policy": "compact"}
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka)
    await admin.start()
    await admin.create_topics([NewTopic(plan.name, PARTITIONS, 1, topic_configs=plan.settings | forgets)])
    await admin.close()

    code, said = await ended(install.program("work", "work"))

    assert code == 1, said
    assert "Traceback" not in said
    for setting, value in forgets.items():
        needed = plan.settings[setting]
        assert f"{plan.name} {setting} is {value}, must be {needed}. To mend it: kafka-configs.sh" in said
        assert f"--entity-name {plan.name} --add-config {setting}={needed}" in said


async def test_a_worker_whose_kafka_is_away_says_so_and_leaves_it_to_its_supervisor(
    database: str, tmp_path: Path
) -> None:
    code, said = await ended(Install(database, tmp_path, "127.0.0.1:1").program("work", "work"))

    assert code == 3, said
    assert "Cannot reach the database or Kafka" in said
    assert "Traceback" not in said


async def test_a_postgresql_that_is_starting_or_stopping_is_one_that_is_away(tmp_path: Path) -> None:
    async with own_postgres() as server:
        install = Install(server.dsn, tmp_path)
        guest = await asyncpg.connect(server.dsn)
        os.kill(server.pid, signal.SIGTERM)  # it waits for its guest and lets nobody in

        both = await both_ended(install)
        await guest.close()

    for code, said in both:
        assert code == 3, said
        assert "Cannot reach the database" in said
        assert "Traceback" not in said
