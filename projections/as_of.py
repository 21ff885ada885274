"""What a read model showed at a moment: its handlers over a few streams, folded in memory."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from events.codec import key_ids, opened
from events.envelope import Record
from events.keys import KeyRing
from events.log import EventLog
from projections.projection import Projection, Row, fold_in_memory


async def as_of(
    projection: Projection, log: EventLog, keys: KeyRing, streams: Iterable[str], known_at: datetime
) -> dict[str, list[Row]]:
    """Rows by table, in no order, from what the hub had recorded in these streams by `known_at`.

    Keys are those of today: what has been erased since reads as erased. Raises `UnknownEvent`, `SealBroken`.
    """
    records: list[Record] = []
    for stream in streams:
        records += [record for record in await log.read_stream(stream) if record.recorded_at <= known_at]
    records.sort(key=lambda record: record.position)
    rows: dict[str, list[Row]] = {table.name: [] for table in projection.tables}
    recorded = opened(records, await keys.fetch(key_ids(records)))
    operations = (operation for event in recorded for operation in projection.operations(event))
    for (table, _), row in fold_in_memory({}, operations).items():
        rows[table].append(row)
    return rows
