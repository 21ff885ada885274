from __future__ import annotations

from uuid import uuid4

import pytest
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from events.database import Pool
from events.durability import DataAtRisk, findings_of, postgres_findings, require_durable_postgres
from events.kafka_topics import (
    TopicPlan,
    Topics,
    create_topics,
    kafka_findings,
    require_durable_topics,
    topic_findings,
)


async def test_a_server_that_keeps_what_it_acknowledges_passes(pool: Pool) -> None:
    async with pool.acquire() as connection:
        assert await postgres_findings(connection) == []
        await require_durable_postgres(connection)


async def test_a_session_that_does_not_wait_for_the_disk_is_refused_with_the_way_to_mend_it(pool: Pool) -> None:
    async with pool.acquire() as connection:
        await connection.execute("SET synchronous_commit = off")

        with pytest.raises(DataAtRisk, match=r"synchronous_commit is off, must be on.*ALTER SYSTEM") as refused:
            await require_durable_postgres(connection)

        await connection.execute("RESET synchronous_commit")
    assert [finding.setting for finding in refused.value.findings] == ["synchronous_commit"]


def test_every_setting_that_loses_data_is_named() -> None:
    found = findings_of({"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"})

    assert [finding.setting for finding in found] == ["fsync", "full_page_writes", "synchronous_commit"]
    assert findings_of({"synchronous_commit": "remote_apply"}) == []


async def test_topics_made_by_the_hub_pass_its_own_check(kafka: str) -> None:
    plan = TopicPlan(Topics(f"t{uuid4().hex[:8]}").events, 3)

    assert [finding.found for finding in await kafka_findings(kafka, [plan])] == ["missing"]
    await create_topics(kafka, [plan])
    await create_topics(kafka, [plan])

    assert await kafka_findings(kafka, [plan]) == []


async def test_a_topic_that_forgets_is_refused_with_the_way_to_mend_it(kafka: str) -> None:
    plan = TopicPlan(Topics(f"t{uuid4().hex[:8]}").events, 4)
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka)
    await admin.start()
    careless = {"cleanup.policy": "compact", "retention.ms": "604800000"}
    await admin.create_topics([NewTopic(plan.name, 2, 1, topic_configs=careless)])
    await admin.close()

    with pytest.raises(DataAtRisk, match=r"retention.ms=-1") as refused:
        await require_durable_topics(kafka, [plan])

    settings = {finding.setting.removeprefix(f"{plan.name} ") for finding in refused.value.findings}
    assert settings == {"partitions", "cleanup.policy", "retention.ms", "max.message.bytes"}


def test_three_copies_need_two_in_step() -> None:
    plan = TopicPlan("hub.cp.events", 8, replication=3)

    findings = topic_findings(plan, {**plan.settings, "min.insync.replicas": "1"})

    assert [(f.found, f.needed) for f in findings] == [("1", "2 or more")]
    assert topic_findings(plan, {**plan.settings, "min.insync.replicas": "3"}) == []


def test_the_agency_of_an_intake_topic_is_in_its_name() -> None:
    topics = Topics("cp")

    assert topics.agency(topics.intake("fen-primary")) == "fen-primary"
    for other in ("hub.cp.events", "intake.other.fen-primary", "intake.cp.", "x.intake.cp.fen-primary"):
        with pytest.raises(ValueError, match="not an intake topic"):
            topics.agency(other)
