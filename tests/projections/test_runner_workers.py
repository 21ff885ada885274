"""Projector processes against faults: stopped past the lease, killed in the middle of a batch, several at once."""

from __future__ import annotations

import random
import signal
from collections.abc import AsyncIterator
from functools import partial

import pytest

from events.database import Pool
from events.envelope import Draft, Recorded
from events.log import Append
from hub.engine.process import stands_still
from projections.building import Sources
from projections.opening import open_batch
from projections.progress import status, wait_for
from projections.runner import Carrier
from tests.projections.small import matter, opened, registered, small
from tests.projections.worker import a_worker, open_sources
from tests.spec import in_memory, provenance, rows_of
from tests.waiting import LONG, until

LEASE = 1.0


@pytest.fixture
async def sources(database: str) -> AsyncIterator[Sources]:
    async with open_sources(database) as opened_sources:
        yield opened_sources


async def tell(sources: Sources, *drafts: Draft) -> None:
    await sources.log.append(Append(drafts, provenance()))


async def tell_much(sources: Sources, families: int, seed: int) -> None:
    chance = random.Random(seed)
    await tell(sources, *(opened(number) for number in range(families)))
    for of in range(6):
        numbers = chance.sample(range(families), families // 2)
        await tell(sources, *(matter(number, seed * 100 + of, step=of) for number in numbers))


async def then_rows_are_the_fold_of_the_log(sources: Sources) -> None:
    heads = await sources.log.heads()
    assert await wait_for(sources.pool, heads.sequences, [small()], LONG), "the read model did not get there"
    recorded: list[Recorded] = []
    async for records in sources.log.follow(dict.fromkeys(heads.sequences, 0), until_end=True):
        recorded += (await open_batch(records, sources.keys)).recorded
    assert await rows_of(sources.pool, small()) == in_memory(small(), recorded)


async def make_slow(pool: Pool) -> None:
    """Every write of the small read model takes its time, so that a signal finds it in the middle of a batch."""
    await Carrier(pool, small()).install()
    await pool.execute(
        """CREATE FUNCTION public.take_time() RETURNS trigger LANGUAGE plpgsql AS
           'BEGIN PERFORM pg_sleep(0.5); RETURN NULL; END';
           CREATE TRIGGER slow AFTER INSERT ON rm_small_1.family
           FOR EACH STATEMENT EXECUTE FUNCTION public.take_time()"""
    )


async def in_a_batch(pool: Pool) -> bool:
    """Whether a worker is in the middle of one: its transaction has written rows that nobody else sees yet."""
    return bool(await pool.fetchval("SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'"))


async def nobody_in_a_batch(pool: Pool) -> bool:
    return not await in_a_batch(pool)


async def two_hold_leases(pool: Pool) -> bool:
    return len(await holders(pool)) == 2


async def holders(pool: Pool) -> set[object]:
    rows = await pool.fetch("SELECT owner, epoch FROM projection.lease WHERE expires_at > now()")
    return {row["owner"] for row in rows}


async def two_by_two(pool: Pool) -> bool:
    """Whether two workers share the four: one that came first may hold more until it renews its leases."""
    counts = await pool.fetch("SELECT count(*) FROM projection.lease WHERE owner IS NOT NULL GROUP BY owner")
    return [row["count"] for row in counts] == [2, 2]


async def test_workers_share_the_partitions(database: str, sources: Sources) -> None:
    async with a_worker(database, LEASE), a_worker(database, LEASE):
        await until(partial(two_by_two, sources.pool))

        await tell_much(sources, 60, seed=1)

        await then_rows_are_the_fold_of_the_log(sources)
        assert (await status(sources.pool, [small()])).workers == 2


@pytest.mark.faults
async def test_a_worker_stopped_past_its_lease_wakes_as_a_zombie_and_changes_nothing(
    database: str, sources: Sources
) -> None:
    async with a_worker(database, LEASE) as first:
        await tell(sources, opened(1), registered("a", "A"))
        await then_rows_are_the_fold_of_the_log(sources)
        await make_slow(sources.pool)
        await tell_much(sources, 40, seed=2)
        await until(partial(in_a_batch, sources.pool))
        first.send_signal(signal.SIGSTOP)
        await stands_still(first.pid)
        old_holders = await holders(sources.pool)

        async with a_worker(database, LEASE):
            await tell_much(sources, 40, seed=3)
            await then_rows_are_the_fold_of_the_log(sources)
            assert not await holders(sources.pool) & old_holders

            first.send_signal(signal.SIGCONT)
            await until(partial(two_hold_leases, sources.pool))  # awake, it comes back for a share of its own
            await tell_much(sources, 40, seed=4)
            await then_rows_are_the_fold_of_the_log(sources)


@pytest.mark.faults
async def test_a_worker_killed_in_the_middle_of_a_batch_leaves_nothing_of_it(database: str, sources: Sources) -> None:
    await make_slow(sources.pool)
    async with a_worker(database, LEASE) as first:
        await tell_much(sources, 40, seed=5)
        await until(partial(in_a_batch, sources.pool))
        first.kill()
        await first.wait()
        await until(partial(nobody_in_a_batch, sources.pool))  # the server ends the dead client's transaction
    place = await sources.pool.fetchval("SELECT sum(sequence) FROM projection.position")
    assert await sources.pool.fetchval("SELECT count(*) FROM rm_small_1.visit") == place

    async with a_worker(database, LEASE):
        await then_rows_are_the_fold_of_the_log(sources)
