"""The broker's disk: full, or with a bit that is not what was written."""

from __future__ import annotations

import resource
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from consumers.project import ProjectorPace
from events.database import Pool
from events.envelope import Record
from events.kafka_codec import Unreadable
from events.log import Append
from hub.engine.kafka import KafkaServer
from hub.engine.process import EngineError
from projections.building import Sources
from projections.progress import status, wait_for
from tests.conftest import missing
from tests.consumers.relaying import Carrying, keys_in
from tests.consumers.test_relay_faults import acknowledged, assert_same_log, writing
from tests.contracts.event_log import everything
from tests.projections.small import SMALL, opened
from tests.projections.worker import projecting
from tests.spec import provenance
from tests.waiting import LONG, until

pytestmark = [pytest.mark.faults, pytest.mark.kafka]


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("broker")


@pytest_asyncio.fixture(scope="module")
async def broker(files: Path) -> AsyncIterator[KafkaServer]:
    """A broker whose files the test can reach."""
    try:
        async with KafkaServer(files) as server:
            yield server
            await server.kill()  # nobody needs its files any more
    except EngineError as failure:
        missing("Kafka from its own jars", failure)


async def test_while_the_brokers_disk_is_full_intake_goes_on_and_all_is_carried_once_there_is_room(
    pool: Pool, broker: KafkaServer
) -> None:
    carrying, ledger = Carrying(pool, broker.bootstrap), list[Record]()
    await carrying.install()
    async with carrying.relay():
        async with writing(carrying, ledger):
            await until(carrying.published.confirmed, "the relay carries")
            # From now on the system gives its every write an error, as a full disk does.
            resource.prlimit(broker.pid, resource.RLIMIT_FSIZE, (1, resource.RLIM_INFINITY))

            async def gave_up() -> bool:
                return not broker.running

            await until(gave_up)
            await acknowledged(ledger, 100)
            assert await carrying.behind() > 0
            await broker.start()
        await assert_same_log(carrying, ledger)


async def until_unreadable(carrying: Carrying, partition: int, read: list[Record]) -> tuple[int, int] | None:
    """The place that a reader of the partition names; `read` is filled with what came before."""
    try:
        async for batch in carrying.log.follow({partition: 0}, until_end=True):
            read += batch
    except Unreadable as told:
        return told.place
    return None


async def test_readers_halt_at_a_bit_that_is_not_what_was_written_and_the_other_partitions_go_on(
    pool: Pool, broker: KafkaServer, files: Path
) -> None:
    carrying = Carrying(pool, broker.bootstrap)
    await carrying.install()
    async with carrying.relay():
        for number in range(60):
            await carrying.journal.append(Append((opened(number),), provenance()))
            if not number % 20:
                await carrying.carried()  # so that they lie in several batches
        await carrying.carried()
    records = await everything(carrying.journal)
    damaged = records[30]
    [segment] = (files / f"{carrying.topic}-{damaged.partition}").glob("*.log")
    written = bytearray(segment.read_bytes())
    written[written.index(damaged.data)] ^= 1
    segment.write_bytes(written)

    before = list[Record]()
    place = await until_unreadable(carrying, damaged.partition, before)
    last = len(before)
    assert before == [r for r in records if r.partition == damaged.partition and r.sequence <= last]
    assert place == (damaged.partition, last + 1)
    assert 0 < last < damaged.sequence, "a batch is whole or nothing"

    pace = ProjectorPace(lease=2, first_wait=0.05, longest_wait=0.2)
    async with projecting(Sources(pool, carrying.log, keys_in(pool)), pace, SMALL):
        heads = dict((await carrying.journal.heads()).sequences)
        assert await wait_for(pool, heads | {damaged.partition: last}, [SMALL], LONG)

        async def told_of() -> bool:
            troubles = (await status(pool, [SMALL])).troubles
            return [each[:4] for each in troubles] == [("*", damaged.partition, last + 1, "Unreadable")]

        await until(told_of)
        assert (await status(pool, [SMALL])).lag(SMALL.schema) == heads[damaged.partition] - last, "nothing is skipped"
