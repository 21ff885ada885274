"""What was acknowledged stays, once, without gaps, whatever is killed."""

from __future__ import annotations

import asyncio
import random
import sys
from functools import partial
from uuid import uuid4

import asyncpg
import pytest

from events.database import Pool, unavailable
from events.envelope import Record
from events.postgres_log import PostgresLog
from tests.consumers.relaying import journal_in
from tests.contracts.event_log import PARTITIONS, assert_without_gaps, everything
from tests.events.facts import one, opened
from tests.servers import own_postgres
from tests.waiting import ending, until

pytestmark = pytest.mark.faults


async def keys_in(pool: Pool) -> dict[str, int]:
    """Every idempotency key on record with its number of events."""
    rows = await pool.fetch("SELECT key, last - first + 1 AS events FROM log.idempotency")
    return {row["key"]: row["events"] for row in rows}


async def append_surely(journal: PostgresLog, key: str) -> None:
    """Ask until there is an answer, with the same key, as every client must."""
    append = one(opened(uuid4()), key=key)
    while True:
        try:
            await journal.append(append)
        except Exception as failure:
            if not unavailable(failure):
                raise
            await asyncio.sleep(0.05)
        else:
            return


async def follow_surely(journal: PostgresLog, seen: list[Record], enough: int) -> None:
    """Follow everything, going on from the last record seen after each interruption."""
    after = dict.fromkeys(range(PARTITIONS), 0)
    while len(seen) < enough:
        try:
            async for batch in journal.follow(after):
                seen += batch
                after |= {record.partition: record.sequence for record in batch}
                if len(seen) >= enough:
                    return
        except Exception as failure:
            if not unavailable(failure):
                raise
            await asyncio.sleep(0.05)


async def seen_so_many(seen: list[Record], wanted: int) -> bool:
    return len(seen) >= wanted


@pytest.mark.parametrize("seed", range(3))
async def test_a_writer_killed_loses_nothing_it_acknowledged(pool: Pool, database: str, seed: int) -> None:
    journal = journal_in(pool)
    await journal.install()
    chance = random.Random(seed)
    ledger: list[str] = []

    for name in ("first", "second"):
        writer = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.events.writer_process", database, name, stdout=asyncio.subprocess.PIPE
        )
        assert writer.stdout is not None
        ledger += [(await writer.stdout.readline()).decode().strip() for _ in range(chance.randint(20, 120))]
        writer.kill()
        rest = (await writer.stdout.read()).decode().split("\n")[:-1]  # a last half line was never told
        ledger += rest
        await writer.wait()

    kept = await keys_in(pool)
    records = await everything(journal)
    assert set(ledger) <= kept.keys()
    assert set(kept.values()) == {1}
    assert len(records) == len(kept)
    assert_without_gaps(records)


async def test_a_killed_postmaster_loses_nothing_and_doubles_nothing() -> None:
    async with own_postgres() as server, asyncpg.create_pool(server.dsn, min_size=1, max_size=8, timeout=5) as pool:
        journal = journal_in(pool)
        await journal.install()
        keys = [f"key-{number}" for number in range(240)]
        seen: list[Record] = []
        follower = asyncio.create_task(follow_surely(journal, seen, len(keys)))

        async def write(mine: list[str]) -> None:
            for key in mine:
                await append_surely(journal, key)
                await asyncio.sleep(0.01)

        async def strike() -> None:
            for reached in (40, 120):
                await until(partial(seen_so_many, seen, reached))
                await server.kill()
                await server.start()

        await asyncio.gather(strike(), *(write(keys[start::8]) for start in range(8)))
        await ending(follower, "the follower has seen everything")

        kept = await keys_in(pool)
        records = await everything(journal)
        assert kept == dict.fromkeys(keys, 1)
        assert_without_gaps(records)
        assert sorted(seen) == records


async def test_transactions_rolled_back_at_random_leave_no_gap(pool: Pool) -> None:
    journal = journal_in(pool)
    await journal.install()

    async def write(seed: int) -> int:
        chance, count = random.Random(seed), 0
        for _ in range(20):
            roll_back = chance.random() < 0.4
            appends = [one(opened(uuid4())) for _ in range(chance.randint(1, 3))]
            async with pool.acquire() as connection:
                transaction = connection.transaction()
                await transaction.start()
                await journal.append_within(connection, appends)
                await (transaction.rollback() if roll_back else transaction.commit())
            count += 0 if roll_back else len(appends)
        return count

    seen: list[Record] = []
    writers = [asyncio.create_task(write(seed)) for seed in range(16)]
    async with asyncio.timeout(60):
        while not all(writer.done() for writer in writers):
            after = dict.fromkeys(range(PARTITIONS), 0)
            after |= {p: max([r.sequence for r in seen if r.partition == p], default=0) for p in after}
            seen += [r async for batch in journal.follow(after, until_end=True) for r in batch]
    written = sum(writer.result() for writer in writers)

    records = await everything(journal)
    assert len(records) == written
    assert_without_gaps(records)
    assert sorted(seen) == records[: len(seen)]
