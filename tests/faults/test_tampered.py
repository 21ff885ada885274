"""Records that somebody changed in the journal itself: nobody reads on there, everybody is told where, others go on."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import orjson
import pytest

from consumers.project import run_projector
from consumers.relay import run_relay
from consumers.work import events_topic
from events.codec import canonical, key_ids, opened
from events.database import Pool, Row
from events.kafka_topics import create_topics
from events.published import Published
from events.sealing import SealBroken
from hub.bootstrap import Hub, joined
from hub.clock import system_clock
from hub.settings import Engine, Settings
from hub.synth.referrals import referral_bodies
from hub.verify import verify
from projections import ALL
from projections.progress import status, wait_for
from tests.api.conftest import SCHOOL
from tests.consumers.relaying import QUICK
from tests.faults.reckoning import everything
from tests.faults.test_database_troubles import a_school
from tests.waiting import LONG, until

pytestmark = pytest.mark.faults
LATELY = datetime.now(UTC).date() - timedelta(days=14)


def sealed(row: Row) -> bytearray:
    return bytearray(base64.b64decode(orjson.loads(row["data"])["details"]))


def with_sealed(row: Row, details: bytearray) -> bytes:
    """The record's data with another sealed part."""
    return canonical(orjson.loads(row["data"]) | {"details": base64.b64encode(details).decode()})


def a_bit(row: Row, _: Row) -> tuple[object, bytes]:
    changed = sealed(row)
    changed[-1] ^= 1
    return row["key_id"], with_sealed(row, changed)


def a_bit_of_the_tag(row: Row, _: Row) -> tuple[object, bytes]:
    changed = sealed(row)
    changed[0] ^= 1
    return row["key_id"], with_sealed(row, changed)


def the_words_of_another(row: Row, other: Row) -> tuple[object, bytes]:
    return row["key_id"], with_sealed(row, sealed(other))


def the_words_and_key_of_another(row: Row, other: Row) -> tuple[object, bytes]:
    return other["key_id"], with_sealed(row, sealed(other))


def the_key_of_another(row: Row, other: Row) -> tuple[object, bytes]:
    return other["key_id"], row["data"]


@pytest.mark.parametrize(
    "change",
    [a_bit, a_bit_of_the_tag, the_words_of_another, the_words_and_key_of_another, the_key_of_another],
    ids=lambda change: change.__name__.replace("_", " "),
)
async def test_what_is_sealed_cannot_be_changed_moved_or_given_another_key_unseen(
    pool: Pool, tmp_path: Path, change: object
) -> None:
    assert callable(change)
    async with a_school(pool, tmp_path) as (hub, school):
        for body in referral_bodies(6, 3, LATELY):
            assert (await school.post("/v1/referrals", body)).status_code == 201
        row, other, *_ = await pool.fetch("SELECT * FROM log.event WHERE type = 'person.recorded' ORDER BY position")
        key_id, data = change(row, other)
        async with pool.acquire() as owner, owner.transaction():
            await owner.execute("SET LOCAL session_replication_role = replica")  # past the trigger that refuses it
            await owner.execute(
                "UPDATE log.event SET key_id = $2, data = $3 WHERE position = $1", row["position"], key_id, data
            )

        [record] = [each for each in await everything(hub.log) if each.position == row["position"]]
        with pytest.raises(SealBroken):
            opened([record], await hub.keys.fetch(key_ids([record])))

        assert await verify(hub) == [("journal", record.partition, record.sequence, "does not open: SealBroken")]

        projector = asyncio.create_task(run_projector(pool, hub.log, hub.keys, ALL))

        async def told() -> bool:
            troubles = (await status(pool, ALL)).troubles
            return [each[:4] for each in troubles] == [("*", record.partition, record.sequence, "SealBroken")]

        await until(told)
        heads = dict((await hub.log.heads()).sequences) | {record.partition: record.sequence - 1}
        assert await wait_for(pool, heads, ALL, LONG)
        carried = await pool.fetchval(
            "SELECT max(sequence) FROM projection.position WHERE partition = $1", record.partition
        )
        assert carried == record.sequence - 1, "nothing is skipped"
        assert {each.events for each in (await status(pool, ALL)).parked} == {0}
        projector.cancel()
        with suppress(asyncio.CancelledError):
            await projector


@asynccontextmanager
async def on_kafka(pool: Pool, folder: Path, bootstrap: str) -> AsyncIterator[tuple[Hub, Published]]:
    """A hub whose relay has carried the agencies of an invented week."""
    settings = Settings(
        area=f"t{uuid4().hex[:8]}", engine=Engine.KAFKA, kafka_bootstrap=bootstrap, partitions=4, data_dir=folder
    )
    hub = joined(settings, system_clock, "", pool)
    await hub.log.install()
    topic = events_topic(hub)
    await create_topics(bootstrap, [topic])
    for number in range(12):
        await hub.agencies.register(replace(SCHOOL, code=f"invented-{number}"), "test")
    published = Published(pool, topic.name)
    relay = asyncio.create_task(run_relay(hub.log, published, bootstrap, QUICK))

    async def carried() -> bool:
        heads, confirmed = (await hub.log.heads()).sequences, await published.confirmed()
        return all(confirmed.get(partition, 0) == last for partition, last in heads.items() if last)

    await until(carried)
    relay.cancel()
    await asyncio.wait({relay})
    yield hub, published


@pytest.mark.kafka
async def test_what_stands_in_clear_is_held_against_the_topic_and_each_place_is_named(
    pool: Pool, tmp_path: Path, kafka: str
) -> None:
    async with on_kafka(pool, tmp_path, kafka) as (hub, published):
        assert await verify(hub) == []
        first, second = await pool.fetch("SELECT * FROM log.event WHERE sequence = 2 ORDER BY partition LIMIT 2")

        async with pool.acquire() as owner, owner.transaction():
            await owner.execute("SET LOCAL session_replication_role = replica")
            await owner.execute("UPDATE log.event SET agency = 'another' WHERE position = $1", first["position"])
            await owner.execute("DELETE FROM log.event WHERE position = $1", second["position"])

        assert await verify(hub) == [
            (published.topic, first["partition"], 2, "differs from the journal"),
            ("journal", second["partition"], 2, "is missing"),
            (published.topic, second["partition"], 2, "differs from the journal"),
        ]


@pytest.mark.kafka
async def test_what_the_topic_has_lost_is_named(pool: Pool, tmp_path: Path, kafka: str) -> None:
    async with on_kafka(pool, tmp_path, kafka) as (hub, published):
        heads = {partition: last for partition, last in (await hub.log.heads()).sequences.items() if last}
        partition, last = heads.popitem()
        await pool.execute(
            "UPDATE relay.confirmed SET sequence = sequence + 1 WHERE topic = $1 AND partition = $2",
            published.topic,
            partition,
        )

        assert await verify(hub) == [(published.topic, partition, last + 1, "is missing")]
