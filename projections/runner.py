"""Carries events into one read model: rows and position in one transaction, whatever is thrown at it.

The first statement of every batch moves the position from where this carrier believes it to be, on the condition that
its leases still bear the epochs it knows. If anybody else was here meanwhile, or the process slept past its lease, that
moves no row, and everything is rolled back. So a record is applied once, however often it is delivered and by however
many workers: redelivery is a no-op, and a gap stops and is read again.

Rows: an event changes the rows of its stream, and where a row takes events of several streams (which reach it in no
fixed order) its operations must commute. Two workers may then meet on a row, so the transactions of one read model wait
for each other; decoding and planning, the greater part of the work, are outside of them.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping, Sequence
from typing import Final

import asyncpg

from events.database import UNAVAILABLE, Connection, Pool
from events.keys import KeyMissing, KeyRing
from events.log import EventLog
from projections import parking
from projections.fold import Folded, Planned, fold, keys_to_load, plan
from projections.opening import Batch, batch_of, behind, open_batch
from projections.projection import Projection
from projections.write import create_schema, load, write

INFRASTRUCTURE: Final = (
    *UNAVAILABLE,
    KeyMissing,
    asyncpg.TransactionRollbackError,
    asyncpg.ObjectNotInPrerequisiteStateError,
    asyncpg.InvalidTransactionStateError,
    asyncpg.exceptions.OutdatedSchemaCacheError,
    asyncpg.InvalidCachedStatementError,
)
"""Errors of the world around: tried again with a growing pause, never parked."""

BAD_DATA: Final = (
    asyncpg.DataError,
    asyncpg.IntegrityConstraintViolationError,
    asyncpg.ProgramLimitExceededError,
    TypeError,
    ValueError,  # and asyncpg's own refusal to encode a value, which is one
    OverflowError,
)
"""Errors of a row's own content: they come again however often it is tried, so the event is parked."""

# The position is written in the same transaction as the rows: if a crash loses the last moments, it loses both, and
# they are carried again from the log, which was made durable before. So waiting for the disk would buy nothing.
# A process that is stopped inside a transaction must not hold its locks for ever: the server ends it.
_PRELUDE: Final = """SET LOCAL synchronous_commit = off; SET LOCAL client_min_messages = warning;
SET LOCAL idle_in_transaction_session_timeout = '10s'"""

_MOVE: Final = """UPDATE projection.position AS p SET sequence = m.upto, moved_at = now()
FROM unnest($2::smallint[], $3::bigint[], $4::bigint[]) AS m (partition, after, upto)
WHERE p.model = $1 AND p.partition = m.partition AND p.sequence = m.after RETURNING p.partition"""

_MOVE_UNDER_LEASE: Final = """UPDATE projection.position AS p SET sequence = m.upto, moved_at = now()
FROM unnest($2::smallint[], $3::bigint[], $4::bigint[], $5::bigint[]) AS m (partition, after, upto, epoch)
JOIN projection.lease AS l ON l.partition = m.partition AND l.epoch = m.epoch
WHERE p.model = $1 AND p.partition = m.partition AND p.sequence = m.after RETURNING p.partition"""


class Overtaken(Exception):
    """A lease or a position is not what this carrier knew: somebody else was here. Look again where things stand."""


class Carrier:
    """Carries one read model, in this version's schema or in another one of the same shape (a rebuild's).

    `leases` maps partitions to epochs and may change between batches; None for a rebuild, which nobody else touches.
    """

    def __init__(
        self,
        pool: Pool,
        projection: Projection,
        leases: Mapping[int, int] | None = None,
        *,
        model: str | None = None,
        caps: parking.Caps = parking.Caps(),  # noqa: B008 - immutable
    ) -> None:
        self.projection = projection
        self.model = model or projection.schema
        self.positions: dict[int, int] = {}
        self._pool = pool
        self._leases = leases
        self._caps = caps
        self._turn = asyncio.Lock()

    async def install(self) -> None:
        """Make the tables where they are missing."""
        async with self._pool.acquire() as connection, connection.transaction():
            await connection.execute("SELECT pg_advisory_xact_lock(hashtextextended($1, 3))", self.model)
            if not await connection.fetchval("SELECT to_regnamespace($1) IS NOT NULL", self.model):
                await create_schema(connection, self.projection, self.model)

    async def locate(self, partitions: Collection[int]) -> dict[int, int]:
        """Read where these partitions stand; the answer, and from now on the place to go on from."""
        async with self._turn, self._pool.acquire() as connection:
            await connection.execute(
                """INSERT INTO projection.position (model, partition) SELECT $1, unnest($2::smallint[])
                   ON CONFLICT DO NOTHING""",
                self.model,
                list(partitions),
            )
            rows = await connection.fetch(
                """SELECT partition, sequence FROM projection.position
                   WHERE model = $1 AND partition = ANY($2::smallint[])""",
                self.model,
                list(partitions),
            )
            self.positions = {row["partition"]: row["sequence"] for row in rows}
            return dict(self.positions)

    async def apply(self, batch: Batch) -> int:
        """Carry what is new of a batch; returns how many events that was.

        Raises `Gap`, `Overtaken`, `TooManyParked`, and what the database raises for other causes than a row's content.
        """
        async with self._turn:
            fresh = behind(batch, self.positions)
            await self._carry(fresh)
            return len(fresh.recorded)

    async def retry_parked(self, log: EventLog, keys: KeyRing) -> int:
        """Try what is due again, oldest first within its stream; returns how many events were applied."""
        partitions = list(self.positions)
        applied = 0
        for stream in await parking.due_streams(self._pool, self.model, partitions):
            async with self._turn:
                applied += await self._retry_stream(stream, log, keys)
        return applied

    async def _carry(self, batch: Batch, refused: Exception | None = None) -> None:
        """One transaction; where a row's content is refused, halves, until the event that brought it stands alone."""
        if not batch.recorded:
            return
        planned = plan(self.projection, batch.recorded)
        if refused is not None:
            planned = [Planned(planned[0].record, refused)]
        try:
            async with self._pool.acquire() as connection, connection.transaction():
                await self._move(connection, batch.span)
                if planned:
                    await self._write_or_park(connection, planned, batch.span)
        except BAD_DATA as failure:
            if refused is not None:
                raise
            if len(batch.recorded) == 1:
                await self._carry(batch, failure)
            else:
                middle = len(batch.recorded) // 2
                await self._carry(batch_of(batch.recorded[:middle]))
                await self._carry(batch_of(batch.recorded[middle:]))
        else:
            self.positions.update({partition: upto for partition, (_, upto) in batch.span.items()})

    async def _write_or_park(
        self, connection: Connection, planned: Sequence[Planned], partitions: Collection[int]
    ) -> None:
        waiting = await parking.waiting_streams(connection, self.model, partitions)
        folded = await self._write(connection, planned, waiting)
        if folded.unapplied:
            await parking.park(connection, self.model, folded.unapplied, self._caps)

    async def _move(self, connection: Connection, moves: Mapping[int, tuple[int, int]]) -> None:
        """Take the new positions, and with them the right to write; raises `Overtaken`."""
        await connection.execute(_PRELUDE)
        places = (list(moves), [after for after, _ in moves.values()], [upto for _, upto in moves.values()])
        if self._leases is None:
            moved = await connection.fetch(_MOVE, self.model, *places)
        else:
            epochs = [self._leases.get(partition, -1) for partition in moves]
            moved = await connection.fetch(_MOVE_UNDER_LEASE, self.model, *places, epochs)
        if len(moved) != len(moves):
            raise Overtaken

    async def _write(self, connection: Connection, planned: Sequence[Planned], waiting: Collection[str]) -> Folded:
        await connection.execute("SELECT pg_advisory_xact_lock(hashtextextended($1, 2))", self.model)
        wanted = keys_to_load(planned)
        former = await load(connection, self.projection, self.model, wanted)
        folded = fold(self.projection, planned, former, waiting)
        await write(connection, self.projection, self.model, folded.rows, former, wanted)
        return folded

    async def _retry_stream(self, stream: str, log: EventLog, keys: KeyRing) -> int:
        parked = await parking.parked_of(self._pool, self.model, stream)
        if not parked:
            return 0
        records = await log.read_stream(stream, after=parked[0].stream_version - 1)
        by_version = {record.stream_version: record for record in records}
        for count, event in enumerate(parked):
            batch = await open_batch([by_version[event.stream_version]], keys)
            here = self.positions[event.partition]
            try:
                async with self._pool.acquire() as connection, connection.transaction():
                    await self._move(connection, {event.partition: (here, here)})
                    folded = await self._write(connection, plan(self.projection, batch.recorded), ())
                    await parking.unpark(connection, self.model, event)
                    _refuse(folded)
            except (_StillBad, *BAD_DATA) as failure:
                await parking.put_off(self._pool, self.model, event, failure.__cause__ or failure)
                return count
        return len(parked)


class _StillBad(Exception):
    """The handler raised again."""


def _refuse(folded: Folded) -> None:
    for _, error in folded.unapplied:
        raise _StillBad from error
