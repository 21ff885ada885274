"""Writes rows anew once the key of what they were made of is destroyed, so that a read model forgets what it sealed.

A row belongs to one stream, and its key does not depend on what is sealed (`tests/projections/test_all.py`): so the
stream, read as it reads now and folded from its beginning, gives each of its rows as it must be.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from events.codec import key_ids, opened
from events.database import Connection, Pool
from events.envelope import Record
from events.keys import PostgresKeys
from events.log import EventLog
from projections.parking import parked_of
from projections.projection import Key, Projection, Row, fold_in_memory
from projections.write import write


class NotYet(Exception):
    """The read model has not carried all that was said, or is being rebuilt: come back."""


class Told(NamedTuple):
    """A stream that holds something erased; `last` is the sequence of the last such event in its partition."""

    stream: str
    partition: int
    last: int


async def forget(pool: Pool, log: EventLog, keys: PostgresKeys, projection: Projection, told: Sequence[Told]) -> int:
    """Write the rows of these streams anew; returns how many. Raises `NotYet`.

    A read model that has carried everything that was sealed under the key cannot write any of it again: nothing more is
    sealed under it, and what is parked is put off until no process holds the key in its memory.
    """
    model = projection.schema
    async with pool.acquire() as connection, connection.transaction():
        if not await connection.fetchval("SELECT pg_try_advisory_xact_lock(hashtextextended($1, 4))", model):
            raise NotYet
        await connection.execute("SELECT pg_advisory_xact_lock(hashtextextended($1, 2))", model)
        rows = await connection.fetch("SELECT partition, sequence FROM projection.position WHERE model = $1", model)
        carried = {row["partition"]: row["sequence"] for row in rows}
        if any(carried.get(each.partition, 0) < each.last for each in told):
            raise NotYet
        count = 0
        for each in told:
            records = await _applied(connection, log, model, each.stream, carried[each.partition])
            found = await keys.fetch_anew(connection, key_ids(records))
            changes = (change for event in opened(records, found) for change in projection.operations(event))
            count += await _write(connection, projection, fold_in_memory({}, changes))
        return count


async def _applied(connection: Connection, log: EventLog, model: str, stream: str, carried: int) -> list[Record]:
    """Records of the stream that have made rows here."""
    waiting = await parked_of(connection, model, stream)
    if waiting:
        await connection.execute(
            """UPDATE projection.parked SET next_try = greatest(next_try, now() + interval '2 minutes')
               WHERE model = $1 AND stream = $2""",
            model,
            stream,
        )
        carried = min(carried, waiting[0].sequence - 1)
    return [record for record in await log.read_stream(stream) if record.sequence <= carried]


async def _write(connection: Connection, projection: Projection, rows: Mapping[tuple[str, Key], Row]) -> int:
    by_table: dict[str, dict[Key, Row | None]] = {table.name: {} for table in projection.tables}
    for (table, key), row in rows.items():
        by_table[table][key] = row
    gone: dict[str, dict[Key, Row | None]] = {name: dict.fromkeys(found) for name, found in by_table.items()}
    await write(connection, projection, projection.schema, gone, {}, {})
    await write(connection, projection, projection.schema, by_table, {}, by_table)
    return len(rows)
