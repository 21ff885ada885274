"""What is really on the topic, beyond what was noted: learnt before a relay sends its first record."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import aclosing

from aiokafka import AIOKafkaConsumer, TopicPartition

from events.kafka_client import start, stop
from events.kafka_follower import KafkaFollower
from events.kafka_reader import Message, opened
from events.postgres_log import PostgresLog
from events.published import Run, runs_of


class TopicAndJournalDiffer(Exception):
    """One of the two stores has lost or changed records: restore it, or repair it from the other, before going on."""


async def learn_tail(
    topic: KafkaFollower, journal: PostgresLog, bootstrap: str, name: str, confirmed: Mapping[int, int]
) -> list[Run]:
    """Runs that are on the topic behind what was confirmed, each record equal to the journal's.

    A relay that was killed between Kafka's acknowledgement and its own note leaves such a tail. Raises
    `TopicAndJournalDiffer` if the topic ends before what was confirmed (an older copy of it was restored), or holds
    records that the journal has not (an older copy of that was).
    """
    await _refuse_shorter(bootstrap, name, confirmed)
    found: dict[int, list[tuple[int, int]]] = {partition: [] for partition in confirmed}
    async with aclosing(topic.drain(confirmed, until_end=True)) as batches:
        async for messages in batches:
            for partition in {message.partition for message in messages}:
                own = [message for message in messages if message.partition == partition]
                found[partition] += await _same_in_journal(journal, own)
    return [run for partition, places in found.items() for run in runs_of(partition, places)]


async def _same_in_journal(journal: PostgresLog, messages: list[Message]) -> list[tuple[int, int]]:
    records = [opened(message) for message in messages]
    kept = await journal.read_sequences(records[0].partition, [record.sequence for record in records])
    if any(kept.get(record.sequence) != record for record in records):
        raise TopicAndJournalDiffer("the topic holds records that the journal has not")
    return [(record.sequence, message.offset) for record, message in zip(records, messages, strict=True)]


async def _refuse_shorter(bootstrap: str, name: str, confirmed: Mapping[int, int]) -> None:
    consumer = AIOKafkaConsumer(bootstrap_servers=bootstrap, enable_auto_commit=False, auto_offset_reset="none")
    try:
        await start(consumer)
        places = [TopicPartition(name, partition) for partition in confirmed]
        consumer.assign(places)
        begins = await consumer.beginning_offsets(places)
        ends = await consumer.end_offsets(places)
    finally:
        await stop(consumer)
    for place in places:
        if begins[place] > 0 or ends[place] < confirmed[place.partition]:
            raise TopicAndJournalDiffer(f"partition {place.partition} of {name} has lost records")
