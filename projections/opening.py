"""Opens a batch of records once for all read models, and finds the one record that does not open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from pydantic import ValidationError

from events.catalogue import UnknownEvent
from events.codec import key_ids, opened
from events.envelope import Record, Recorded
from events.keys import KeyRing
from events.log import Gap, Reader
from events.sealing import SealBroken

UNDECODABLE = (UnknownEvent, SealBroken, ValidationError, ValueError, KeyError)
"""What the codec raises for a record that is not what it should be: intrusion, damage, or a log newer than the code."""


class Undecodable(Exception):
    """The log holds a record that does not open."""


class Batch(NamedTuple):
    """Typed events of any partitions. `span`: for each partition the sequence before its first event, and its last.

    `bad` holds for each partition the record that does not open; nothing behind it is in the batch.
    """

    recorded: Sequence[Recorded]
    span: Mapping[int, tuple[int, int]]
    bad: Mapping[int, tuple[Record, Exception]]


def batch_of(recorded: Sequence[Recorded], bad: Mapping[int, tuple[Record, Exception]] | None = None) -> Batch:
    """A batch of these events; raises `Gap` where one is missing between two of a partition."""
    first: dict[int, int] = {}
    last: dict[int, int] = {}
    for event in recorded:
        _, partition, sequence, *_ = event.record
        if partition not in last:
            first[partition] = sequence - 1
        elif sequence != last[partition] + 1:
            raise Gap
        last[partition] = sequence
    return Batch(recorded, {partition: (first[partition], last[partition]) for partition in sorted(last)}, bad or {})


def behind(batch: Batch, positions: Mapping[int, int]) -> Batch:
    """The part of a batch that comes after these positions; raises `Gap` where it does not join on to them."""
    if all(positions.get(partition, 0) == after for partition, (after, _) in batch.span.items()):
        return batch
    reader = Reader(positions)
    return batch_of([event for event in batch.recorded if reader.accepts(event.record)])


async def open_batch(records: Sequence[Record], keys: KeyRing) -> Batch:
    """Open records of any partitions, their keys fetched in one go.

    Raises `Gap`, and the key store's errors.
    """
    found = await keys.fetch(key_ids(records))
    try:
        return batch_of(opened(records, found))
    except Gap:
        raise
    except UNDECODABLE:
        recorded: list[Recorded] = []
        bad: dict[int, tuple[Record, Exception]] = {}
        for record in records:
            if record.partition not in bad:
                try:
                    recorded += opened([record], found)
                except UNDECODABLE as failure:
                    bad[record.partition] = (record, failure)
        return batch_of(recorded, bad)
