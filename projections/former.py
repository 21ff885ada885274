"""Older versions of read models, kept for whoever still runs the program before this one, and dropped after that.

A new version is carried beside the old one, so that during a rolling upgrade old pages and old workers go on. After it
nobody reads the old tables, and names that stand there are kept for no purpose. They are dropped by hand
(`hub rebuild --drop-old`; `hub doctor` asks for it) and not by the swap or by a new worker: neither can know whether
pages of the old program still run elsewhere. What can be known is asked: this version has all that is on the log, and
no worker moved the old one of late. An old worker that comes back all the same finds no position, writes nothing, and
would make its tables anew, which the next look finds.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Final, NamedTuple

from events.database import Connection, Pool
from projections.projection import Projection

LATELY: Final = timedelta(minutes=10)
_BOOKKEEPING: Final = ("position", "parked", "trouble")


class Former(NamedTuple):
    """An older version of a read model: its schema, the present one, and why it must stay (empty: it need not)."""

    schema: str
    present: str
    needed: str


async def former_versions(
    connection: Connection, projections: Iterable[Projection], heads: Mapping[int, int]
) -> list[Former]:
    """What stands of older versions; `heads`: the last sequence of each partition of the log."""
    rows = await connection.fetch(
        """SELECT n.nspname AS schema, max(p.moved_at) > now() - $1::interval AS lately
           FROM pg_namespace AS n LEFT JOIN projection.position AS p ON p.model = n.nspname
           WHERE n.nspname LIKE 'rm\\_%' GROUP BY 1 ORDER BY 1""",
        LATELY,
    )
    found = []
    for projection in projections:
        behind = await _is_behind(connection, projection.schema, heads)
        for row in rows:
            if _is_older(row["schema"], projection):
                needed = "this version has not carried everything yet" if behind else ""
                lately = "a worker of the older program still carries it" if row["lately"] else ""
                found.append(Former(row["schema"], projection.schema, needed or lately))
    return found


async def drop_former(pool: Pool, projections: Sequence[Projection], heads: Mapping[int, int]) -> list[Former]:
    """Drop those that nobody needs; returns all that stood, those with a `needed` stand still."""
    async with pool.acquire() as connection:
        found = await former_versions(connection, projections, heads)
        for former in found:
            if not former.needed:
                await _drop(connection, former.schema)
    return found


async def _drop(connection: Connection, schema: str) -> None:
    """With its bookkeeping, after whoever writes there; who comes later finds no position to go on from."""
    async with connection.transaction():
        await connection.execute("SET LOCAL lock_timeout = '30s'")
        for table in _BOOKKEEPING:
            await connection.execute(f"DELETE FROM projection.{table} WHERE model = $1", schema)  # noqa: S608 - constant
        await connection.execute(f'DROP SCHEMA IF EXISTS "{schema}" CASCADE')


async def _is_behind(connection: Connection, model: str, heads: Mapping[int, int]) -> bool:
    rows = await connection.fetch("SELECT partition, sequence FROM projection.position WHERE model = $1", model)
    reached = {row["partition"]: row["sequence"] for row in rows}
    return any(reached.get(partition, 0) < sequence for partition, sequence in heads.items())


def _is_older(schema: str, projection: Projection) -> bool:
    """Also one that a rebuild which died has left."""
    match = re.fullmatch(rf"rm_{re.escape(projection.name)}_(\d+)(?:_next)?", schema)
    return match is not None and int(match[1]) < projection.version
