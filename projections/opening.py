"""Opens a batch of records once for all read models, and finds the one record that does not open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple
from uuid import UUID

from pydantic import ValidationError

from events.catalogue import UnknownEvent
from events.codec import key_ids, opened
from events.envelope import Erased, Record, Recorded
from events.keys import KeyRing
from events.sealing import Key, SealBroken

UNDECODABLE = (UnknownEvent, SealBroken, ValidationError, ValueError, KeyError)
"""What the codec raises for a record that is not what it should be: intrusion, damage, or a log newer than the code."""


class Opened(NamedTuple):
    """Typed events in order; and for each partition with a bad record, that record, nothing behind it being opened."""

    recorded: list[Recorded]
    bad: dict[int, tuple[Record, Exception]]


async def open_batch(records: Sequence[Record], keys: KeyRing) -> Opened:
    """Open a batch of any partitions, its keys fetched in one go; raises `KeyMissing` and the key store's errors."""
    found = await keys.fetch(key_ids(records))
    try:
        return Opened(opened(records, found), {})
    except UNDECODABLE:
        return _one_by_one(records, found)


def _one_by_one(records: Sequence[Record], keys: Mapping[UUID, Key | Erased]) -> Opened:
    answer = Opened([], {})
    for record in records:
        if record.partition not in answer.bad:
            try:
                answer.recorded.extend(opened([record], keys))
            except UNDECODABLE as failure:
                answer.bad[record.partition] = (record, failure)
    return answer
