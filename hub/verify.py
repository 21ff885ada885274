"""Reads the whole log and names what is not as it was written: in each partition the first such place.

What is sealed proves itself: it opens under its own key, in its own event, or not at all. What stands in clear is held
against the topic where there is one, record by record, so a change in either of the two shows.
"""

from __future__ import annotations

from contextlib import aclosing
from typing import NamedTuple

from events.kafka_codec import Unreadable, sequence_of
from events.kafka_follower import KafkaFollower
from events.kafka_reader import Message, opened
from events.kafka_topics import Topics
from events.keys import KeyMissing
from events.log import Gap, Reader, Tampered
from events.published import Published
from hub.bootstrap import Hub
from hub.settings import Engine
from projections.opening import open_batch

JOURNAL = "journal"
MISSING = "is missing"
DIFFERS = "differs from the journal"


class Fault(NamedTuple):
    """A place of the log that is not as it was written. `store`: the journal, or the topic by its name."""

    store: str
    partition: int
    sequence: int
    what: str


async def verify(hub: Hub) -> list[Fault]:
    """Every partition of the journal, and of the topic with Kafka; empty if all is as it was written."""
    found: list[Fault | None] = []
    for partition, last in sorted((await hub.log.heads()).sequences.items()):
        found.append(await _in_journal(hub, partition, last))
        if hub.settings.engine is Engine.KAFKA:
            found.append(await _in_topic(hub, partition))
    return [fault for fault in found if fault is not None]


async def _in_journal(hub: Hub, partition: int, last: int) -> Fault | None:
    reader = Reader({partition: 0})
    async with aclosing(hub.log.follow(dict(reader.last), until_end=True)) as batches:
        async for records in batches:
            try:
                for record in records:
                    reader.accepts(record)
                bad = (await open_batch(records, hub.keys)).bad.get(partition)
            except Gap:
                return Fault(JOURNAL, partition, reader.last[partition] + 1, MISSING)
            except KeyMissing:
                return Fault(JOURNAL, partition, records[0].sequence, "one from here on names a key that is missing")
            if bad is not None:
                return Fault(JOURNAL, partition, bad[0].sequence, f"does not open: {type(bad[1]).__name__}")
    reached = reader.last[partition]
    return Fault(JOURNAL, partition, reached + 1, MISSING) if reached < last else None


async def _in_topic(hub: Hub, partition: int) -> Fault | None:
    """Up to what the relay has carried."""
    name = Topics(hub.settings.area).events
    topic = KafkaFollower(hub.log, hub.settings.kafka_bootstrap or "", name)
    reached = 0
    try:
        async with aclosing(topic.drain({partition: 0}, until_end=True)) as batches:
            async for messages in batches:
                different = await _different(hub, partition, messages)
                if different is not None:
                    return Fault(name, partition, different, DIFFERS)
                reached = sequence_of(messages[-1].headers)
    except Unreadable as failure:
        return Fault(name, partition, failure.place[1] if failure.place else reached + 1, "cannot be read")
    except Tampered:
        return Fault(name, partition, reached + 1, "one from here on stands there twice, and not the same")
    except Gap:
        return Fault(name, partition, reached + 1, MISSING)
    carried = (await Published(hub.pool, name).confirmed()).get(partition, 0)
    return Fault(name, partition, reached + 1, MISSING) if reached < carried else None


async def _different(hub: Hub, partition: int, messages: list[Message]) -> int | None:
    """The first sequence whose record is another one in the journal."""
    kept = await hub.log.read_sequences(partition, [sequence_of(message.headers) for message in messages])
    places = ((sequence_of(message.headers), message) for message in messages)
    return next((sequence for sequence, message in places if kept.get(sequence) != opened(message)), None)
