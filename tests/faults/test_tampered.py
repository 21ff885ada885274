"""Records that somebody changed in the journal itself: nobody reads on there, everybody is told where, others go on."""

from __future__ import annotations

import asyncio
import base64
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import orjson
import pytest

from consumers.project import run_projector
from events.codec import canonical, key_ids, opened
from events.database import Pool, Row
from events.sealing import SealBroken
from hub.synth.referrals import referral_bodies
from projections import ALL
from projections.progress import status, wait_for
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
