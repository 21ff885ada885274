"""The topic reads like the journal whatever is killed on the way, and everything acknowledged arrives."""

from __future__ import annotations

import asyncio
import random
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from uuid import uuid4

import asyncpg
import pytest
from aiokafka import AIOKafkaProducer

from consumers.relay import Relay
from events.database import Pool, unavailable
from events.envelope import Record
from events.published import Run
from hub.engine.kafka import KafkaServer
from tests.consumers.relaying import QUICK, Carrying
from tests.contracts.event_log import PARTITIONS, everything
from tests.events.facts import one, opened
from tests.servers import own_postgres
from tests.waiting import ending, until

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


async def acknowledged(ledger: list[Record], more: int) -> None:
    """So many more have been acknowledged than there were."""
    wanted = len(ledger) + more

    async def there() -> bool:
        return len(ledger) >= wanted

    await until(there, f"{more} more acknowledged")


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

                async def carries(sofar: Mapping[int, int] = sofar) -> bool:
                    return await carrying.published.confirmed() != sofar

                await until(carries)
                await asyncio.sleep(chance.uniform(0, 0.3))
    async with carrying.relay():
        await assert_same_log(carrying, ledger)


async def test_a_killed_broker_loses_nothing(pool: Pool, kafka_server: KafkaServer) -> None:
    carrying, ledger = Carrying(pool, kafka_server.bootstrap), list[Record]()
    await carrying.install()
    async with carrying.relay():
        async with writing(carrying, ledger):
            for more in (40, 80):
                await acknowledged(ledger, more)
                await kafka_server.kill()
                await kafka_server.start()
        await assert_same_log(carrying, ledger)


async def test_while_kafka_is_away_intake_goes_on_and_the_relay_drains_after(
    pool: Pool, kafka_server: KafkaServer
) -> None:
    carrying, ledger = Carrying(pool, kafka_server.bootstrap), list[Record]()
    await carrying.install()
    async with carrying.relay():
        async with writing(carrying, ledger):
            await acknowledged(ledger, 40)
            await kafka_server.kill()
            await acknowledged(ledger, 400)
            assert await carrying.behind() > 0
            await kafka_server.start()
        await assert_same_log(carrying, ledger)


async def test_a_relay_stops_while_its_broker_does_not_answer(
    pool: Pool, kafka_server: KafkaServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    sending, send = asyncio.Event(), Relay._send

    async def told(relay: Relay, producer: AIOKafkaProducer, batch: Sequence[Record]) -> list[Run]:
        sending.set()
        return await send(relay, producer, batch)

    monkeypatch.setattr(Relay, "_send", told)
    carrying = Carrying(pool, kafka_server.bootstrap)
    await carrying.install()
    async with carrying.relay() as running:
        await carrying.journal.append(one(opened(uuid4())))
        await carrying.carried()
        await kafka_server.pause()
        sending.clear()
        await carrying.journal.append(one(opened(uuid4())))
        await ending(sending.wait(), "the relay sends")
        running.cancel()
        with suppress(asyncio.CancelledError):
            await ending(running, "the relay stops while its broker stands still")
        kafka_server.resume()


async def test_a_broker_that_stands_still_longer_than_the_relay_waits_leaves_no_gap_and_no_other_order(
    pool: Pool, kafka_server: KafkaServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was sent meanwhile may have arrived or not: it is sent again, and readers skip what came twice."""
    gave_up, pause = asyncio.Event(), Relay._pause

    async def told(relay: Relay) -> None:
        gave_up.set()
        await pause(relay)

    monkeypatch.setattr(Relay, "_pause", told)
    carrying, ledger = Carrying(pool, kafka_server.bootstrap), list[Record]()
    await carrying.install()
    async with carrying.relay(replace(QUICK, send=1.0)):
        async with writing(carrying, ledger):
            await until(carrying.published.confirmed, "the relay carries")
            await kafka_server.pause()
            await ending(gave_up.wait(), "the relay gives up")
            await acknowledged(ledger, 40)
            kafka_server.resume()
            await acknowledged(ledger, 40)
        await assert_same_log(carrying, ledger)


async def test_a_restarted_postgresql_is_found_again(kafka: str) -> None:
    async with (
        own_postgres() as server,
        asyncpg.create_pool(server.dsn, min_size=1, max_size=12, timeout=5) as pool,
    ):
        carrying, ledger = Carrying(pool, kafka), list[Record]()
        await carrying.install()
        async with carrying.relay():
            async with writing(carrying, ledger):
                await acknowledged(ledger, 40)
                await server.restart()
                await acknowledged(ledger, 40)
                await server.kill()
                await server.start()
                await acknowledged(ledger, 40)
            await assert_same_log(carrying, ledger)
        assert len({r.partition for r in ledger}) == PARTITIONS
