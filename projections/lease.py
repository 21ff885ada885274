"""Leases: which worker process carries which partitions, with an epoch that unmasks a zombie.

Time is PostgreSQL's alone, so a worker's wrong clock harms nobody. A lease is not what keeps the rows right (moving the
position in the same transaction does that, see `runner`): it keeps two workers from doing the same work, and its epoch
tells one that was stopped for a while that the world went on without it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping
from contextlib import suppress
from typing import Final
from uuid import UUID, uuid4

from events.database import Connection, Pool

# Each partition is shared out among those who can read it. One more than a share is better than a partition of nobody.
_SHARE: Final = """SELECT coalesce(ceil(sum(1.0 / greatest(1, (
    SELECT count(*) FROM projection.worker AS w WHERE w.owner <> ALL(l.refused))))), 0)::int
FROM projection.lease AS l WHERE $1 <> ALL(l.refused)"""


class Leases:
    """The partitions one worker holds: `epochs` maps each to the epoch of its claim."""

    def __init__(self, pool: Pool, seconds: float = 10.0) -> None:
        self.owner: UUID = uuid4()
        self.seconds = seconds
        self.epochs: dict[int, int] = {}
        self._pool = pool
        self._turn = asyncio.Lock()

    async def install(self, partitions: Collection[int]) -> None:
        """Make the lease rows of these partitions where they are missing."""
        await self._pool.execute(
            "INSERT INTO projection.lease (partition) SELECT unnest($1::smallint[]) ON CONFLICT DO NOTHING",
            list(partitions),
        )

    async def renew(self) -> bool:
        """Keep what is held, claim what is free, give back what is more than a fair share; True if the set changed.

        To be called several times within `seconds`.
        """
        async with self._turn, self._pool.acquire() as connection, connection.transaction():
            before = dict(self.epochs)
            await connection.execute(
                """INSERT INTO projection.worker AS w (owner, expires_at) VALUES ($1, now() + $2 * interval '1 second')
                   ON CONFLICT (owner) DO UPDATE SET expires_at = excluded.expires_at""",
                self.owner,
                self.seconds,
            )
            await connection.execute("DELETE FROM projection.worker WHERE expires_at < now()")
            rows = await connection.fetch(
                """UPDATE projection.lease AS l SET expires_at = now() + $3 * interval '1 second'
                   FROM unnest($1::smallint[], $2::bigint[]) AS mine (partition, epoch)
                   WHERE l.partition = mine.partition AND l.epoch = mine.epoch RETURNING l.partition, l.epoch""",
                list(self.epochs),
                list(self.epochs.values()),
                self.seconds,
            )
            held = {row["partition"]: row["epoch"] for row in rows}
            share = await connection.fetchval(_SHARE, self.owner)
            if len(held) < share:
                held |= await _claim(connection, self.owner, self.seconds, share - len(held))
            for partition in sorted(held)[share:]:
                await connection.execute(
                    "UPDATE projection.lease SET owner = NULL, expires_at = '-infinity' WHERE partition = $1", partition
                )
                del held[partition]
        self._now_held(held)
        return held != before

    async def refuse(self, partition: int) -> None:
        """Give this partition back and never claim it again: another worker, of a newer release, may read on there."""
        async with self._turn:
            await self._pool.execute(
                """UPDATE projection.lease AS l SET owner = NULL, expires_at = '-infinity', refused = array_append(
                       ARRAY(SELECT w.owner FROM projection.worker AS w WHERE w.owner = ANY(l.refused)), $1)
                   WHERE l.partition = $2 AND l.epoch = $3""",
                self.owner,
                partition,
                self.epochs.get(partition, -1),
            )
            self.epochs.pop(partition, None)

    async def release(self) -> None:
        """Give everything back, so that others need not wait for the leases to expire."""
        epochs = dict(self.epochs)
        self._now_held({})
        with suppress(OSError):  # they will expire
            await self._pool.execute(
                """WITH gone AS (DELETE FROM projection.worker WHERE owner = $1)
                   UPDATE projection.lease AS l SET owner = NULL, expires_at = '-infinity'
                   FROM unnest($2::smallint[], $3::bigint[]) AS mine (partition, epoch)
                   WHERE l.partition = mine.partition AND l.epoch = mine.epoch""",
                self.owner,
                list(epochs),
                list(epochs.values()),
            )

    def _now_held(self, epochs: Mapping[int, int]) -> None:
        """In place, since carriers look at this mapping at each batch."""
        self.epochs.clear()
        self.epochs.update(epochs)


async def _claim(connection: Connection, owner: UUID, seconds: float, most: int) -> dict[int, int]:
    """Free partitions, at most so many, with the epochs of the new claims."""
    rows = await connection.fetch(
        """UPDATE projection.lease AS l
           SET owner = $1, epoch = l.epoch + 1, expires_at = now() + $2 * interval '1 second'
           FROM (SELECT partition FROM projection.lease WHERE expires_at < now() AND $1 <> ALL(refused)
                 ORDER BY partition LIMIT $3 FOR UPDATE SKIP LOCKED) AS free
           WHERE l.partition = free.partition RETURNING l.partition, l.epoch""",
        owner,
        seconds,
        most,
    )
    return {row["partition"]: row["epoch"] for row in rows}
