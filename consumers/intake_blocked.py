"""Records that even the client library cannot read: they stop its fetching, so they are found and stepped over here.

A header *name* that is not UTF-8 (which some client libraries send), a codec nobody has, or a damaged batch makes every
fetch of that partition fail, and holds up all partitions of the same consumer. What that fetch had read already, of
this partition and of others, is lost to its caller while the position moves on (measured: aiokafka 0.14). So every jump
in the offsets is looked into, one record at a time, before anything behind it is taken. Nothing of an unreadable record
can be had but its place, so its place is what `submission.refused` names.
"""

from __future__ import annotations

import struct
from collections.abc import AsyncGenerator, AsyncIterator, Mapping, Sequence
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass
from typing import Final

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import CorruptRecordException, UnsupportedCodecError

from consumers.intake_message import Incoming, Unreadable
from events.kafka_client import start, stop

_UNDECODABLE: Final = (ValueError, IndexError, struct.error, UnsupportedCodecError, CorruptRecordException)
_WAIT_MS: Final = 2_000
_MOST_AT_ONCE: Final = 1_000


@dataclass(frozen=True, slots=True)
class Probe:
    """A consumer of its own, asked about one partition at a time."""

    consumer: AIOKafkaConsumer

    async def behind(self, places: Mapping[tuple[str, int], int]) -> list[tuple[str, int]]:
        """Those partitions that hold records at or after the offset given, readable or not."""
        ends = await self.consumer.end_offsets([TopicPartition(*place) for place in places])
        found: list[tuple[str, int]] = []
        for place, offset in places.items():
            async with aclosing(self._one_by_one(*place, offset, ends[TopicPartition(*place)])) as records:
                if await anext(records, None) is not None:
                    found.append(place)
        return found

    async def blocked(self, topic: str, partition: int, offset: int) -> Sequence[Incoming]:
        """The records from `offset` up to and with those that cannot be read; none if nothing is in the way."""
        end = (await self.consumer.end_offsets([TopicPartition(topic, partition)]))[TopicPartition(topic, partition)]
        passed: list[Incoming] = []
        async with aclosing(self._one_by_one(topic, partition, offset, end)) as records:
            async for record in records:
                if any(isinstance(other, Unreadable) for other in passed[-1:]) and not isinstance(record, Unreadable):
                    return passed
                passed.append(record)
                if len(passed) == _MOST_AT_ONCE:
                    break
        return passed if any(isinstance(record, Unreadable) for record in passed) else ()

    async def between(self, topic: str, partition: int, offset: int, before: int) -> Sequence[Incoming]:
        """All records from `offset` on that lie before another; none where only a transaction's marks do."""
        async with aclosing(self._one_by_one(topic, partition, offset, before)) as records:
            return [record async for record in records]

    async def _one_by_one(self, topic: str, partition: int, offset: int, before: int) -> AsyncGenerator[Incoming, None]:
        place = TopicPartition(topic, partition)
        self.consumer.assign([place])
        self.consumer.seek(place, offset)
        while offset < before:
            try:
                found = (await self.consumer.getmany(place, timeout_ms=_WAIT_MS, max_records=1)).get(place, [])
            except _UNDECODABLE:
                yield Unreadable(topic, partition, offset)
                offset += 1
                self.consumer.seek(place, offset)
                continue
            if not found:
                if await self.consumer.position(place) >= before:  # marks of transactions alone
                    return
                raise TimeoutError
            if found[0].offset >= before:
                return
            yield found[0]
            offset = found[0].offset + 1


@asynccontextmanager
async def probe(bootstrap: str) -> AsyncIterator[Probe]:
    """A probe for the length of the block."""
    consumer = AIOKafkaConsumer(
        bootstrap_servers=bootstrap,
        client_id="hub-intake-probe",
        group_id=None,
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        isolation_level="read_committed",
    )
    try:
        await start(consumer)
        yield Probe(consumer)
    finally:
        await stop(consumer)


async def missing(bootstrap: str, topic: str, partition: int, offset: int, before: int) -> Sequence[Incoming]:
    """What lies between the place reached and a record that came too soon."""
    async with probe(bootstrap) as looking:
        return await looking.between(topic, partition, offset, before)
