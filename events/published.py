"""What is known to be on Kafka, and which relay may say so: lease, confirmed sequences, offsets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple
from uuid import UUID

from events.database import Connection, Pool


class LeaseLost(Exception):
    """Another relay took over: what this one would note is no longer its business."""


class Run(NamedTuple):
    """Records of one partition that Kafka acknowledged: sequences `first` to `last`, at offsets sequence + `shift`."""

    partition: int
    first: int
    last: int
    shift: int


def runs_of(partition: int, places: Sequence[tuple[int, int]]) -> list[Run]:
    """Runs of (sequence, offset) pairs in sequence order."""
    runs: list[Run] = []
    for sequence, offset in places:
        shift = offset - sequence
        if runs and runs[-1].last == sequence - 1 and runs[-1].shift == shift:
            runs[-1] = runs[-1]._replace(last=sequence)
        else:
            runs.append(Run(partition, sequence, sequence, shift))
    return runs


class Published:
    """The relay's notes about one topic."""

    def __init__(self, pool: Pool, topic: str) -> None:
        self._pool = pool
        self.topic = topic

    async def take(self, holder: UUID, seconds: float) -> int | None:
        """The lease's new epoch if it was free or run out, by the database's clock; None if somebody else holds it."""
        epoch: int | None = await self._pool.fetchval(
            """INSERT INTO relay.lease AS l (name, epoch, holder, until)
               VALUES ($1, 1, $2, now() + $3 * interval '1 second')
               ON CONFLICT (name) DO UPDATE
               SET epoch = l.epoch + 1, holder = excluded.holder, until = excluded.until
               WHERE l.until < now() OR l.holder = excluded.holder
               RETURNING epoch""",
            self.topic,
            holder,
            seconds,
        )
        return epoch

    async def keep(self, epoch: int, seconds: float) -> None:
        """Hold the lease longer; raises `LeaseLost`."""
        async with self._pool.acquire() as connection:
            await self._fence(connection, epoch, seconds)

    async def release(self, epoch: int) -> None:
        """Let the next one take it at once."""
        await self._pool.execute(
            "UPDATE relay.lease SET until = now() - interval '1 second' WHERE name = $1 AND epoch = $2",
            self.topic,
            epoch,
        )

    async def confirm(self, epoch: int, runs: Sequence[Run], seconds: float) -> None:
        """Note acknowledged runs, the lease's epoch checked first; raises `LeaseLost`."""
        async with self._pool.acquire() as connection, connection.transaction():
            await self._fence(connection, epoch, seconds)
            await self.note(connection, runs)

    async def note(self, connection: Connection, runs: Sequence[Run]) -> None:
        """Note acknowledged runs; a place never goes back."""
        latest: dict[int, int] = {}
        for run in runs:
            latest[run.partition] = max(run.last, latest.get(run.partition, 0))
            if not await connection.fetchval(
                """UPDATE relay.published SET last = $4
                   WHERE topic = $1 AND partition = $2 AND last = $3 - 1 AND shift = $5 RETURNING true""",
                self.topic,
                run.partition,
                run.first,
                run.last,
                run.shift,
            ):
                await connection.execute(
                    """INSERT INTO relay.published (topic, partition, first, last, shift) VALUES ($1, $2, $3, $4, $5)
                       ON CONFLICT DO NOTHING""",
                    self.topic,
                    *run,
                )
        await connection.execute(
            """INSERT INTO relay.confirmed AS c (topic, partition, sequence)
               SELECT $1, * FROM unnest($2::smallint[], $3::bigint[])
               ON CONFLICT (topic, partition) DO UPDATE SET sequence = greatest(c.sequence, excluded.sequence)""",
            self.topic,
            list(latest),
            list(latest.values()),
        )

    async def confirmed(self) -> Mapping[int, int]:
        """The last acknowledged sequence of each partition that has one."""
        rows = await self._pool.fetch("SELECT partition, sequence FROM relay.confirmed WHERE topic = $1", self.topic)
        return {row["partition"]: row["sequence"] for row in rows}

    async def offset_of(self, partition: int, sequence: int) -> int | None:
        """Where a record lies on the topic; None if it is not there yet."""
        offset: int | None = await self._pool.fetchval(
            """SELECT $3 + shift FROM relay.published
               WHERE topic = $1 AND partition = $2 AND first <= $3 AND last >= $3 ORDER BY first DESC LIMIT 1""",
            self.topic,
            partition,
            sequence,
        )
        return offset

    async def _fence(self, connection: Connection, epoch: int, seconds: float) -> None:
        held = await connection.fetchval(
            """UPDATE relay.lease SET until = now() + $3 * interval '1 second'
               WHERE name = $1 AND epoch = $2 RETURNING true""",
            self.topic,
            epoch,
            seconds,
        )
        if not held:
            raise LeaseLost
