"""Whether two copies of a read model are the same: a digest of each table for any order of rows, and which rows differ.

The digest is the sum of 64-bit hashes of the rows' text, so a doubled, missing or changed row shows. Differences are
told by key, which is surrogate ids and codes; never by content.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import NamedTuple

from events.database import Connection
from projections.projection import Projection, Table

# How a value reads as text must not depend on the session.
_FIXED_TEXT = "SET LOCAL timezone = 'UTC'; SET LOCAL datestyle = 'ISO'; SET LOCAL extra_float_digits = 1"


class Digest(NamedTuple):
    """Row count and sum of row hashes of one table."""

    rows: int
    hashes: int


class TableDifference(NamedTuple):
    """What differs in one table: digests, and the first differing keys as text."""

    table: str
    live: Digest
    rebuilt: Digest
    keys: tuple[str, ...]


async def digests(connection: Connection, projection: Projection, schema: str) -> dict[str, Digest]:
    """Digest of every table, by name."""
    found: dict[str, Digest] = {}
    async with connection.transaction():
        await connection.execute(_FIXED_TEXT)
        for table in projection.tables:
            row = await connection.fetchrow(
                f"""SELECT count(*), coalesce(sum(hashtextextended(t::text, 0)), 0)::text
                    FROM "{schema}"."{table.name}" AS t"""  # noqa: S608 - names from our own code
            )
            found[table.name] = Digest(row[0], int(row[1])) if row is not None else Digest(0, 0)
    return found


async def differences(
    live: Connection, rebuilt: Connection, projection: Projection, schemas: tuple[str, str], most_keys: int = 20
) -> list[TableDifference]:
    """Tables whose rows differ between the two schemas, each read through its own connection and snapshot."""
    ours, theirs = await digests(live, projection, schemas[0]), await digests(rebuilt, projection, schemas[1])
    found: list[TableDifference] = []
    for table in projection.tables:
        if ours[table.name] != theirs[table.name]:
            keys = await _differing_keys(
                _hashes(live, table, schemas[0]), _hashes(rebuilt, table, schemas[1]), most_keys
            )
            found.append(TableDifference(table.name, ours[table.name], theirs[table.name], keys))
    return found


async def _hashes(connection: Connection, table: Table, schema: str) -> AsyncIterator[tuple[str, int]]:
    key = "concat_ws('|', " + ", ".join(f't."{name}"' for name in table.key_names) + ')::text COLLATE "C"'
    async with connection.transaction():
        await connection.execute(_FIXED_TEXT)
        query = f'SELECT {key}, hashtextextended(t::text, 0) FROM "{schema}"."{table.name}" AS t ORDER BY 1'  # noqa: S608
        async for row in connection.cursor(query, prefetch=5_000):
            yield row[0], row[1]


async def _differing_keys(
    left: AsyncIterator[tuple[str, int]], right: AsyncIterator[tuple[str, int]], most: int
) -> tuple[str, ...]:
    """Keys on one side alone or with other content, by merging the two sorted streams: memory stays flat."""
    found: list[str] = []
    ours, theirs = await anext(left, None), await anext(right, None)
    while len(found) < most and (ours is not None or theirs is not None):
        if theirs is None or (ours is not None and ours[0] < theirs[0]):
            found.append(ours[0] if ours else "")
            ours = await anext(left, None)
        elif ours is None or theirs[0] < ours[0]:
            found.append(theirs[0])
            theirs = await anext(right, None)
        else:
            if ours[1] != theirs[1]:
                found.append(ours[0])
            ours, theirs = await anext(left, None), await anext(right, None)
    return tuple(found)
