from __future__ import annotations

import asyncio
from dataclasses import replace
from uuid import UUID, uuid4

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition

from consumers.relay import run_relay
from consumers.relay_tail import TopicAndJournalDiffer
from events.database import Connection, Pool
from events.envelope import Record
from events.kafka_codec import headers_of, key_of, sequence_of
from events.kafka_log import KafkaLog
from events.log import Append, Gap, Tampered
from events.published import LeaseLost, Published, Run, runs_of
from tests.consumers.relaying import QUICK, Carrying
from tests.contracts.event_log import PARTITIONS, everything
from tests.events.facts import opened, told_by
from tests.waiting import LONG, ending, until

ALL = dict.fromkeys(range(PARTITIONS), 0)


@pytest.fixture
async def carrying(pool: Pool, kafka: str) -> Carrying:
    found = Carrying(pool, kafka)
    await found.install()
    return found


async def write(carrying: Carrying, count: int) -> None:
    await carrying.journal.append(Append(tuple(opened(uuid4()) for _ in range(count)), told_by()))


async def end_offsets(carrying: Carrying) -> dict[int, int]:
    consumer = AIOKafkaConsumer(bootstrap_servers=carrying.bootstrap)
    await consumer.start()
    ends = await consumer.end_offsets([TopicPartition(carrying.topic, p) for p in ALL])
    await consumer.stop()
    return {place.partition: end for place, end in ends.items()}


async def produce(carrying: Carrying, *records: Record) -> None:
    """Straight to the topic, as an intruder or a lost relay would."""
    producer = AIOKafkaProducer(bootstrap_servers=carrying.bootstrap, acks="all")
    await producer.start()
    for r in records:
        await producer.send_and_wait(carrying.topic, r.data, key_of(r), r.partition, headers=headers_of(r))
    await producer.stop()


class Unfenced(Published):
    """A lease that never says no: two relays are live at once."""

    async def take(self, holder: UUID, seconds: float) -> int | None:  # noqa: ARG002
        return 1

    async def _fence(self, connection: Connection, epoch: int, seconds: float) -> None:  # noqa: ARG002
        return None


async def test_the_topic_names_where_each_record_lies(carrying: Carrying) -> None:
    await write(carrying, 120)
    async with carrying.relay():
        await carrying.carried()

    places: dict[tuple[int, int], int] = {}
    async for messages in carrying.log.drain(ALL, until_end=True):
        places |= {(m.partition, sequence_of(m.headers)): m.offset for m in messages}

    assert len(places) == 120
    for (partition, sequence), offset in places.items():
        assert await carrying.published.offset_of(partition, sequence) == offset
    assert await carrying.published.offset_of(0, 10_000) is None


async def test_two_live_relays_write_a_topic_that_reads_the_same(carrying: Carrying) -> None:
    unfenced = Unfenced(carrying.journal._pool, carrying.topic)
    relays = [asyncio.create_task(run_relay(carrying.journal, unfenced, carrying.bootstrap, QUICK)) for _ in range(2)]

    async def copied() -> bool:
        await write(carrying, 20)
        return sum((await end_offsets(carrying)).values()) > sum((await carrying.journal.heads()).sequences.values())

    await until(copied, "both relays are at work: more on the topic than in the journal")
    await carrying.carried()
    for relay in relays:
        relay.cancel()
    await asyncio.gather(*relays, return_exceptions=True)

    assert await everything(carrying.log) == await everything(carrying.journal)


async def test_a_follower_that_starts_among_copies_finds_its_place(carrying: Carrying) -> None:
    await write(carrying, 200)
    records = await everything(carrying.journal)
    for partition in ALL:
        mine = [r for r in records if r.partition == partition]
        interleaved = [r for pair in zip(mine[20:], mine[15:], strict=False) for r in pair]
        await produce(carrying, *mine[:20], *mine[:15], *interleaved)
        for last in (0, 1, 14, 19, 20, 25, len(mine) - 1, len(mine)):
            found = [r async for batch in carrying.log.follow({partition: last}, until_end=True) for r in batch]
            assert found == mine[last:]


async def test_what_was_sent_but_not_noted_is_learnt_and_not_sent_again(carrying: Carrying, pool: Pool) -> None:
    await write(carrying, 100)
    async with carrying.relay():
        await carrying.carried()
    ends = await end_offsets(carrying)
    await pool.execute("UPDATE relay.confirmed SET sequence = sequence / 2")
    await pool.execute("DELETE FROM relay.published")

    await write(carrying, 40)
    async with carrying.relay():
        await carrying.carried()

    assert sum((await end_offsets(carrying)).values()) == sum(ends.values()) + 40
    assert await everything(carrying.log) == await everything(carrying.journal)


async def test_a_topic_that_lost_what_was_confirmed_stops_the_relay(carrying: Carrying) -> None:
    await write(carrying, 10)
    epoch = await carrying.published.take(uuid4(), -1)
    assert epoch is not None
    await carrying.published.confirm(epoch, [Run(0, 1, 5, -1)], -1)

    with pytest.raises(TopicAndJournalDiffer, match="has lost records"):
        await ending(run_relay(carrying.journal, carrying.published, carrying.bootstrap, QUICK), "the relay stops")


async def test_a_topic_that_knows_more_than_the_journal_stops_the_relay(carrying: Carrying) -> None:
    await write(carrying, 1)
    known = (await everything(carrying.journal))[0]
    await produce(carrying, known, known._replace(sequence=2, position=2))

    with pytest.raises(TopicAndJournalDiffer, match="journal has not"):
        await ending(run_relay(carrying.journal, carrying.published, carrying.bootstrap, QUICK), "the relay stops")


@pytest.mark.parametrize("behind", [0, 700])
async def test_a_copy_with_other_bytes_halts_the_reader(carrying: Carrying, behind: int) -> None:
    await write(carrying, PARTITIONS * (behind + 30))
    async with carrying.relay():
        await carrying.carried()
    records = [r for r in await everything(carrying.journal) if r.partition == 1]
    forged = records[len(records) - 1 - min(behind, len(records) - 1)]
    await produce(carrying, forged._replace(data=b'{"family_id":"another"}'))

    with pytest.raises(Tampered):
        await everything(carrying.log)


async def test_a_record_in_another_partition_halts_the_reader(carrying: Carrying) -> None:
    await write(carrying, 1)
    record = (await everything(carrying.journal))[0]
    other = (record.partition + 1) % PARTITIONS
    producer = AIOKafkaProducer(bootstrap_servers=carrying.bootstrap)
    await producer.start()
    await producer.send_and_wait(carrying.topic, record.data, key_of(record), other, headers=headers_of(record))
    await producer.stop()

    with pytest.raises(Tampered):
        await everything(carrying.log)


async def test_a_gap_at_the_end_is_told_and_one_that_is_filled_later_is_not(carrying: Carrying) -> None:
    await write(carrying, 60)
    records = [r for r in await everything(carrying.journal) if r.partition == 2]
    await produce(carrying, records[0], records[2])
    with pytest.raises(Gap):
        await everything(carrying.log)

    await produce(carrying, records[1])

    assert await everything(carrying.log) == records[:3]


async def test_a_relay_that_lost_its_lease_may_note_nothing(carrying: Carrying) -> None:
    first = await carrying.published.take(uuid4(), -1)
    second = await carrying.published.take(uuid4(), 30)
    assert first is not None
    assert second == first + 1

    assert await carrying.published.take(uuid4(), 30) is None
    with pytest.raises(LeaseLost):
        await carrying.published.confirm(first, [Run(0, 1, 1, -1)], 30)
    with pytest.raises(LeaseLost):
        await carrying.published.keep(first, 30)
    assert await carrying.published.confirmed() == {}


async def test_a_second_relay_waits_and_takes_over_at_once_when_the_first_stops(carrying: Carrying) -> None:
    patient = replace(QUICK, lease=4 * LONG)  # would it wait for the lease to run out, this test would give up
    async with carrying.relay(patient) as first:
        await write(carrying, 5)
        await carrying.carried()
        async with carrying.relay(replace(patient, lease=1.0)):
            first.cancel()
            await asyncio.wait([first])
            await write(carrying, 5)
            await carrying.carried()

    assert sum((await end_offsets(carrying)).values()) == 10


class DeafOnce(KafkaLog):
    """Its first consumer gives nothing, as one whose fetch task has died."""

    lives = 0

    def _consumer(self) -> AIOKafkaConsumer:
        consumer = super()._consumer()
        self.lives += 1
        if self.lives == 1:

            async def nothing(*_: object, **__: object) -> dict[TopicPartition, list[object]]:
                await asyncio.sleep(0.1)
                return {}

            consumer.getmany = nothing
        return consumer


async def test_a_consumer_that_gives_nothing_while_the_topic_grows_is_replaced(carrying: Carrying) -> None:
    log = DeafOnce(carrying.journal, carrying.bootstrap, carrying.topic, stuck_seconds=0.5)
    await write(carrying, 10)

    async def first_ten() -> list[Record]:
        seen: list[Record] = []
        async for batch in log.follow(ALL):
            seen += batch
            if len(seen) == 10:
                break
        return sorted(seen)

    async with carrying.relay():
        assert await ending(first_ten(), "ten records") == await everything(carrying.journal)
    assert log.lives == 2


def test_runs_break_where_copies_stand_between() -> None:
    assert runs_of(3, [(1, 0), (2, 1), (3, 4), (4, 5), (6, 7)]) == [
        Run(3, 1, 2, -1),
        Run(3, 3, 4, 1),
        Run(3, 6, 6, 1),
    ]
