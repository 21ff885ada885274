"""Follows the topic that the relay fills, by the reader rule, from any place to its end and on."""

from __future__ import annotations

import asyncio
import struct
import time
from collections.abc import AsyncGenerator, Collection, Mapping
from contextlib import aclosing
from typing import Final

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import CorruptRecordException, UnsupportedCodecError

from events.envelope import Record
from events.kafka_client import start, stop
from events.kafka_codec import Unreadable, sequence_of
from events.kafka_reader import Message, PartitionReader, opened
from events.kafka_topics import MESSAGE_BYTES
from events.log import Gap, Tampered
from events.postgres_log import PostgresLog

# What the library raises for a batch that is damaged, packed in what it has not, or has a header name that is no UTF-8.
_UNDECODABLE: Final = (CorruptRecordException, UnsupportedCodecError, ValueError, IndexError, struct.error)
_JUMPS: Final = 16
_WAIT_MS: Final = 1_000


class KafkaFollower:
    """Reads the topic, obeying the reader rule, so copies, two relays at once and reordering do no harm.

    The topic alone is enough. The journal is asked only about copies too old to be remembered, where it has them.
    """

    def __init__(self, journal: PostgresLog, bootstrap: str, topic: str, *, stuck_seconds: float = 30.0) -> None:
        self._journal = journal
        self._bootstrap = bootstrap
        self._topic = topic
        self._stuck_seconds = stuck_seconds

    async def follow(
        self, after: Mapping[int, int], *, limit: int = 1_000, until_end: bool = False
    ) -> AsyncGenerator[list[Record], None]:
        """Batches of records behind `after`, from the topic; see the port.

        `until_end` stops at the end the topic had when this was called. Raises `Gap`, `Tampered`, `Unreadable`: all
        three mean halt and look.
        """
        async with aclosing(self.drain(after, limit=limit, until_end=until_end)) as accepted:
            async for messages in accepted:
                yield [opened(message) for message in messages]

    async def drain(
        self, after: Mapping[int, int], *, limit: int = 1_000, until_end: bool = False
    ) -> AsyncGenerator[list[Message], None]:
        """The same, not yet decoded: for whoever needs offsets, or decodes elsewhere."""
        readers = {partition: PartitionReader(last) for partition, last in after.items()}
        while True:
            async with aclosing(self._until_stuck(readers, limit, until_end=until_end)) as accepted:
                async for messages in accepted:
                    yield messages
            if until_end:
                if any(reader.ahead for reader in readers.values()):
                    raise Gap
                return

    async def _until_stuck(
        self, readers: Mapping[int, PartitionReader], limit: int, *, until_end: bool
    ) -> AsyncGenerator[list[Message], None]:
        """One consumer's life. It ends at the end of the topic, or when the consumer no longer gives what is there."""
        places = {TopicPartition(self._topic, partition): reader for partition, reader in readers.items()}
        consumer = self._consumer()
        try:
            await start(consumer)
            consumer.assign(list(places))
            ends = await self._seek(consumer, places)
            rewound: set[TopicPartition] = set()
            moved = time.monotonic()
            while not (until_end and await _reached(consumer, ends)):
                try:
                    got = await consumer.getmany(timeout_ms=100 if until_end else _WAIT_MS, max_records=limit)
                except _UNDECODABLE:  # always ends in `Unreadable`
                    async for messages in _up_to_damage(consumer, places, limit):
                        yield messages
                # A batch of many partitions costs its readers little more than a batch of one.
                together: list[Message] = []
                for place, messages in got.items():
                    reader = places[place]
                    together += reader.accept(messages)
                    if reader.ahead and place not in rewound:  # we may have started too far on: read again from before
                        rewound.add(place)
                        reader.ahead.clear()
                        consumer.seek(place, min(reader.last, ends[place]))
                    await self._compare_copies(reader)
                for first in range(0, len(together), limit):
                    yield together[first : first + limit]
                if got:
                    moved = time.monotonic()
                elif time.monotonic() - moved > self._stuck_seconds:
                    if await _stuck(consumer, places):
                        return
                    moved = time.monotonic()
        finally:
            await stop(consumer)

    def _consumer(self) -> AIOKafkaConsumer:
        return AIOKafkaConsumer(
            bootstrap_servers=self._bootstrap,
            client_id="hub-follower",
            group_id=None,  # our places are in PostgreSQL
            enable_auto_commit=False,
            auto_offset_reset="none",
            isolation_level="read_uncommitted",
            check_crcs=True,
            fetch_max_wait_ms=500,
            fetch_min_bytes=1,
            fetch_max_bytes=2 * MESSAGE_BYTES,
            max_partition_fetch_bytes=2 << 20,
            request_timeout_ms=20_000,
            retry_backoff_ms=200,
        )

    async def _seek(
        self, consumer: AIOKafkaConsumer, places: Mapping[TopicPartition, PartitionReader]
    ) -> dict[TopicPartition, int]:
        """To where each reader goes on; the topic's ends."""
        ends: dict[TopicPartition, int] = await consumer.end_offsets(list(places))
        for place, reader in places.items():
            consumer.seek(place, await self._start(consumer, place, reader.last, ends[place]))
        return ends

    async def _start(self, consumer: AIOKafkaConsumer, place: TopicPartition, last: int, end: int) -> int:
        """An offset at or before the record after `last`, near it.

        Every sequence takes at least one offset, so `last` lies at `last - 1` or later: later by as many copies as
        stand before it. Each look tells how many records at least are still to come. If that leads too far, the
        reader sees a gap and starts again at the safe place.
        """
        safe = min(last, end)  # where the record after `last` lies if there are no copies at all
        at = safe
        for _ in range(_JUMPS):
            if not 0 < at < end:
                return safe
            consumer.seek(place, at)
            found = await consumer.getmany(place, timeout_ms=_WAIT_MS, max_records=1)
            messages = found.get(place, [])
            if not messages:
                return safe
            sequence = sequence_of(messages[0].headers)
            if sequence > last:
                return at
            at += last + 1 - sequence
        return at

    async def _compare_copies(self, reader: PartitionReader) -> None:
        """Copies too old to be remembered are held against the journal, where it has them."""
        if not reader.copies:
            return
        copies = [opened(message) for message in reader.copies]
        reader.copies.clear()
        kept = await self._journal.read_sequences(copies[0].partition, [copy.sequence for copy in copies])
        if any(kept.get(copy.sequence, copy) != copy for copy in copies):
            raise Tampered


async def _up_to_damage(
    consumer: AIOKafkaConsumer, places: Mapping[TopicPartition, PartitionReader], limit: int
) -> AsyncGenerator[list[Message], None]:
    """Raises `Unreadable` at the record that the library could not read, once those before it are given.

    The library does not say where it is, so they are asked for one by one. What it had read already of other partitions
    is lost to us: their readers wait for it, and get it when they are followed again.
    """
    for place, reader in places.items():
        for _ in range(limit + 1):
            try:
                found = await consumer.getmany(place, timeout_ms=_WAIT_MS, max_records=1)
            except _UNDECODABLE:
                raise Unreadable("a message that cannot be decoded", (place.partition, reader.last + 1)) from None
            if not found:
                break
            if accepted := reader.accept(found[place]):
                yield accepted
    raise Unreadable("a message that cannot be decoded")


async def _stuck(consumer: AIOKafkaConsumer, places: Mapping[TopicPartition, PartitionReader]) -> bool:
    """Whether this consumer no longer gives what is there. Raises `Gap` where records wait for others before them."""
    if await _behind(consumer, places):
        return True
    if any(reader.ahead for reader in places.values()):
        raise Gap
    return False


async def _reached(consumer: AIOKafkaConsumer, ends: Mapping[TopicPartition, int]) -> bool:
    return all([await consumer.position(place) >= end for place, end in ends.items()])


async def _behind(consumer: AIOKafkaConsumer, places: Collection[TopicPartition]) -> bool:
    """Whether the topic has moved on while the consumer gave nothing (aiokafka issues 983 and 1037)."""
    try:
        ends = await asyncio.wait_for(consumer.end_offsets(list(places)), 10)
    except TimeoutError:
        return True
    return not await _reached(consumer, ends)
