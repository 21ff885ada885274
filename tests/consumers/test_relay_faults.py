"""The topic reads like the journal whatever is killed on the way, and everything acknowledged arrives."""

from __future__ import annotations

import asyncio
import random
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import uuid4

import asyncpg
import pytest

from events.database import Pool, unavailable
from events.envelope import Record
from events.schema import upgrade
from hub.engine.kafka import KafkaServer
from hub.engine.postgres import PostgresServer
from tests.consumers.relaying import Carrying
from tests.contracts.event_log import PARTITIONS, everything
from tests.events.facts import one, opened

pytestmark = [pytest.mark.faults, pytest.mark.kafka]


@asynccontextmanager
async def writing(carrying: Carrying, ledger: list[Record]) -> AsyncIterator[None]:
    """Four clients append until the block ends; `ledger` holds what was acknowledged to them."""
    stop = asyncio.Event()

    async def write() -> None:
        while not stop.is_set():
            append = one(opened(uuid4()), key=uuid4().hex)
            while True:
                try:
                    ledger.extend(await carrying.journal.append(append))
                    break
                except Exception as failure:
                    if not unavailable(failure):
                        raise
                    await asyncio.sleep(0.05)
            await asyncio.sleep(0.005)

    async with asyncio.TaskGroup() as clients:
        for _ in range(4):
            clients.create_task(write())
        yield
        stop.set()


async def assert_same_log(carrying: Carrying, ledger: list[Record]) -> None:
    """What was acknowledged is on both, once, and both read the same."""
    await carrying.carried()
    records = await everything(carrying.journal)
    assert len(ledger) > 0
    assert set(ledger) == set(records)
    assert await everything(carrying.log) == records


@asynccontextmanager
async def relay_process(carrying: Carrying, dsn: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """A relay that is killed at the end of the block."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.consumers.relay_process", dsn, carrying.bootstrap, carrying.topic
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


@pytest.mark.parametrize("seed", range(2))
async def test_a_killed_relay_is_followed_by_another(pool: Pool, database: str, kafka: str, seed: int) -> None:
    carrying, ledger, chance = Carrying(pool, kafka), list[Record](), random.Random(seed)
    await carrying.install()

    async with writing(carrying, ledger):
        for _ in range(3):
            async with relay_process(carrying, database):
                sofar = await carrying.published.confirmed()
                async with asyncio.timeout(30):
                    while await carrying.published.confirmed() == sofar:  # noqa: ASYNC110 - another process works
                        await asyncio.sleep(0.02)
                await asyncio.sleep(chance.uniform(0, 0.3))
    async with carrying.relay():
        await assert_same_log(carrying, ledger)


async def test_a_killed_broker_loses_nothing(pool: Pool) -> None:
    async with KafkaServer() as broker:
        carrying, ledger = Carrying(pool, broker.bootstrap), list[Record]()
        await carrying.install()
        async with carrying.relay():
            async with writing(carrying, ledger):
                for pause in (0.5, 0.8):
                    await asyncio.sleep(pause)
                    await broker.kill()
                    await broker.start()
            await assert_same_log(carrying, ledger)


async def test_while_kafka_is_away_intake_goes_on_and_the_relay_drains_after(pool: Pool) -> None:
    async with KafkaServer() as broker:
        carrying, ledger = Carrying(pool, broker.bootstrap), list[Record]()
        await carrying.install()
        async with carrying.relay():
            async with writing(carrying, ledger):
                await asyncio.sleep(0.5)
                await broker.kill()
                before = len(ledger)
                await asyncio.sleep(6)
                assert len(ledger) > before
                assert await carrying.behind() > 0
                await broker.start()
            await assert_same_log(carrying, ledger)


async def test_a_relay_stops_within_seconds_while_its_broker_does_not_answer(pool: Pool) -> None:
    async with KafkaServer() as broker:
        carrying = Carrying(pool, broker.bootstrap)
        await carrying.install()
        async with carrying.relay() as running:
            await carrying.journal.append(one(opened(uuid4())))
            await carrying.carried()
            broker.pause()
            await carrying.journal.append(one(opened(uuid4())))
            await asyncio.sleep(0.3)
            running.cancel()
            done, _ = await asyncio.wait([running], timeout=12)
            broker.resume()
            assert done


async def test_a_restarted_postgresql_is_found_again(kafka: str) -> None:
    async with PostgresServer() as server:
        connection = await asyncpg.connect(server.dsn)
        await upgrade(connection, ["events"])
        await connection.close()
        async with asyncpg.create_pool(server.dsn, min_size=1, max_size=12, timeout=5) as pool:
            carrying, ledger = Carrying(pool, kafka), list[Record]()
            await carrying.install()
            async with carrying.relay():
                async with writing(carrying, ledger):
                    await asyncio.sleep(0.4)
                    await server.restart()
                    await asyncio.sleep(0.4)
                    await server.kill()
                    await server.start()
                    await asyncio.sleep(0.4)
                await assert_same_log(carrying, ledger)
            assert len({r.partition for r in ledger}) == PARTITIONS
