"""What both writing adapters share: turning a batch of appends into sealed records with their places."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

import uuid_utils.compat

from events.codec import basis_text, data_of
from events.envelope import Record
from events.log import Append, partition_of
from events.sealing import Key


@dataclass(frozen=True, slots=True)
class Prepared:
    """A record that lacks only its places: `(position, partition, sequence, stream_version)`."""

    record: Record
    partition: int


def keys_needed(appends: Sequence[Append]) -> set[UUID]:
    """Ids of the keys that the drafts will be sealed under."""
    return {draft.key_id for append in appends for draft in append.drafts if draft.key_id is not None}


def streams_touched(appends: Sequence[Append]) -> dict[str, int]:
    """How many events each stream gets; 0 for one that is only expected to be at a version."""
    count: dict[str, int] = {}
    for append in appends:
        for stream in append.expected:
            count.setdefault(stream, 0)
        for draft in append.drafts:
            count[draft.stream] = count.get(draft.stream, 0) + 1
    return count


def prepare(append: Append, keys: Mapping[UUID, Key], recorded_at: datetime, partitions: int) -> Iterator[Prepared]:
    """Sealed records of one append, their places still 0."""
    provenance = append.provenance
    basis = basis_text(provenance)
    for draft in append.drafts:
        event_id = uuid_utils.compat.uuid7()
        record = Record(
            position=0,
            partition=0,
            sequence=0,
            id=event_id,
            stream=draft.stream,
            stream_version=0,
            type=draft.event.event_name,
            version=draft.event.event_version,
            occurred_at=_utc(draft.occurred_at),
            recorded_at=recorded_at,
            agency=provenance.agency,
            actor=provenance.actor,
            basis=basis,
            purpose=provenance.purpose,
            correlation_id=provenance.correlation_id,
            causation_id=provenance.causation_id,
            key_id=draft.key_id if draft.event.details_type is not None else None,
            data=data_of(draft, event_id, keys),
        )
        yield Prepared(record, partition_of(draft.stream, partitions))


def _utc(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise ValueError("a time on the log needs an offset")
    return at.astimezone(UTC)


def placed(
    prepared: Sequence[Prepared],
    position: int,
    sequences: Mapping[int, int],
    versions: Mapping[str, int],
) -> list[Record]:
    """Records in their final places; the arguments are the last ones in use before them."""
    sequence = dict(sequences)
    version = dict(versions)
    records: list[Record] = []
    for offset, item in enumerate(prepared, start=1):
        stream = item.record.stream
        sequence[item.partition] += 1
        version[stream] += 1
        records.append(
            item.record._replace(
                position=position + offset,
                partition=item.partition,
                sequence=sequence[item.partition],
                stream_version=version[stream],
            )
        )
    return records
