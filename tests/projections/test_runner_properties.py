"""Whatever the deliveries, the restarts, the hash seed and the time zone: the same rows."""

from __future__ import annotations

import asyncio
import os
import random
import sys
from pathlib import Path

import pytest

from events.database import Pool
from events.envelope import Recorded
from events.log import Append, Gap
from projections.digest import digests
from projections.opening import batch_of
from projections.runner import Carrier
from tests.projections.small import SMALL, matter, opened, registered, suspended
from tests.projections.worker import open_sources
from tests.spec import given, in_memory, provenance, rows_of

ROOT = Path(__file__).parents[2]


async def a_history(chance: random.Random) -> list[Recorded]:
    """A few families and agencies whose events are told in a random order."""
    drafts = [matter(number, of, step=of) for number in range(12) for of in range(8)]
    drafts += [registered(f"agency.{number}", f"Agency {number}") for number in range(6)]
    chance.shuffle(drafts)
    drafts += [suspended("agency.1"), registered("agency.2", "Agency two"), suspended("agency.3")]
    return await given(SMALL, *(opened(number) for number in range(12)), *drafts).recorded()


def deliveries(history: list[Recorded], chance: random.Random) -> list[list[Recorded]]:
    """Each record one to five times, in pieces of any length, in any order, some of them torn."""
    pieces: list[list[Recorded]] = []
    by_partition: dict[int, list[Recorded]] = {}
    for event in history:
        by_partition.setdefault(event.record.partition, []).append(event)
    for events in by_partition.values():
        for _ in range(chance.randint(1, 5)):
            start = 0
            while start < len(events):
                length = chance.randint(1, 30)
                pieces.append(events[start : start + length])
                start += length
    chance.shuffle(pieces)
    return [first + second for first, second in zip(pieces, pieces[1:] + pieces[:1], strict=True)]


@pytest.mark.parametrize("seed", range(5))
async def test_any_deliveries_across_restarts_give_the_rows_of_one_delivery(pool: Pool, seed: int) -> None:
    chance = random.Random(seed)
    history = await a_history(chance)
    await Carrier(pool, SMALL).install()
    parts = {event.record.partition for event in history}
    carrier = Carrier(pool, SMALL)
    await carrier.locate(parts)
    refused = 0
    for _ in range(200):
        for piece in deliveries(history, chance):
            if chance.random() < 0.1:  # a restart: what is known of positions is what the database says
                carrier = Carrier(pool, SMALL)
                await carrier.locate(parts)
            try:
                await carrier.apply(batch_of(piece))
            except Gap:
                refused += 1
        if sum((await carrier.locate(parts)).values()) == len(history):
            break

    assert refused, "no delivery came out of turn: this test tested nothing"
    assert await rows_of(pool, SMALL) == in_memory(SMALL, history)
    assert await pool.fetchval("SELECT count(*) FROM projection.parked") == 0


DIGEST = """
import asyncio, sys
from projections.digest import digests
from projections.opening import open_batch
from projections.runner import Carrier
from tests.projections.small import SMALL
from tests.projections.worker import open_sources

async def main() -> None:
    async with open_sources(sys.argv[1]) as sources:
        carrier = Carrier(sources.pool, SMALL, model=sys.argv[2])
        await carrier.install()
        await carrier.locate(range(4))
        async for records in sources.log.follow(carrier.positions, limit=int(sys.argv[3]), until_end=True):
            await carrier.apply(await open_batch(records, sources.keys))
        async with sources.pool.acquire() as connection:
            print(await digests(connection, SMALL, sys.argv[2]))

asyncio.run(main())
"""


async def test_hash_seed_time_zone_and_batch_size_do_not_show_in_the_rows(database: str) -> None:
    async with open_sources(database) as sources:
        drafts = [draft for n in range(40) for draft in (opened(n), matter(n, 1), matter(n, 2, step=70))]
        await sources.log.append(Append(tuple(drafts), provenance()))
    answers: set[bytes] = set()
    for number, (seed, zone, size) in enumerate(
        [("0", "UTC", 1_000), ("1", "Asia/Kathmandu", 7), ("random", "America/St_Johns", 1)]
    ):
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-c", DIGEST, database, f"rm_small_{number}", str(size),
            cwd=ROOT, stdout=asyncio.subprocess.PIPE, env={**os.environ, "PYTHONHASHSEED": seed, "TZ": zone},
        )  # fmt: skip
        output, _ = await process.communicate()
        assert process.returncode == 0
        answers.add(output)

    assert len(answers) == 1, "the digest depends on something else than the log"
    assert b"rows=120" in answers.pop()


async def test_a_digest_sees_a_doubled_and_a_swapped_value(pool: Pool) -> None:
    await given(SMALL, opened(1), opened(2), registered("a", "A")).then_rows(pool, {})

    async def digest() -> object:
        async with pool.acquire() as connection:
            return await digests(connection, SMALL, "rm_small_1")

    before = await digest()
    await pool.execute("UPDATE rm_small_1.agency SET title = 'B'")
    changed = await digest()
    await pool.execute("UPDATE rm_small_1.agency SET title = 'A'")

    assert changed != before
    assert await digest() == before
