"""Parked events: what could not be applied, and what waits behind it (promises.md §2.5).

The bookkeeping only; the runner decides when. Parking happens in the transaction that moves the read model's position,
and its end in the one that writes the rows, so an event is always either applied, or parked, or ahead of the position.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import NamedTuple

from events.database import Connection, Pool
from projections.fold import Unapplied


class Caps(NamedTuple):
    """How much may be parked for one read model before it stops and raises the alarm."""

    streams: int = 1_000
    events_of_a_stream: int = 1_000


class TooManyParked(Exception):
    """More is parked than the caps allow: this is no single bad event but a bad release. The read model stops."""


class Parked(NamedTuple):
    """One parked event, by reference."""

    partition: int
    sequence: int
    stream: str
    stream_version: int
    attempts: int


async def waiting_streams(connection: Connection, model: str, partitions: Collection[int]) -> set[str]:
    """Streams of these partitions that have a parked event."""
    rows = await connection.fetch(
        "SELECT DISTINCT stream FROM projection.parked WHERE model = $1 AND partition = ANY($2::smallint[])",
        model,
        list(partitions),
    )
    return {row["stream"] for row in rows}


async def park(connection: Connection, model: str, unapplied: Sequence[Unapplied], caps: Caps) -> None:
    """Note these events; raises `TooManyParked`."""
    await connection.executemany(
        """INSERT INTO projection.parked (model, partition, sequence, stream, stream_version, error, next_try)
           VALUES ($1, $2, $3, $4, $5, $6, now() + interval '1 minute')""",
        [
            (
                model,
                record.partition,
                record.sequence,
                record.stream,
                record.stream_version,
                # The class alone: the text of an error may quote what it failed on.
                None if error is None else type(error).__name__,
            )
            for record, error in unapplied
        ],
    )
    streams, longest = await connection.fetchrow(
        """SELECT count(*), max(events) FROM
           (SELECT count(*) AS events FROM projection.parked WHERE model = $1 GROUP BY stream) AS s""",
        model,
    ) or (0, 0)
    if streams > caps.streams or longest > caps.events_of_a_stream:
        raise TooManyParked


async def due_streams(connection: Connection | Pool, model: str, partitions: Collection[int]) -> list[str]:
    """Streams whose next try has come, the longest waiting first."""
    rows = await connection.fetch(
        """SELECT stream FROM (SELECT DISTINCT ON (stream) stream, next_try, parked_at FROM projection.parked
                               WHERE model = $1 AND partition = ANY($2::smallint[]) ORDER BY stream, sequence) AS oldest
           WHERE next_try <= now() ORDER BY parked_at, stream""",
        model,
        list(partitions),
    )
    return [row["stream"] for row in rows]


async def parked_of(connection: Connection | Pool, model: str, stream: str) -> list[Parked]:
    """Parked events of one stream, oldest first."""
    rows = await connection.fetch(
        """SELECT partition, sequence, stream, stream_version, attempts FROM projection.parked
           WHERE model = $1 AND stream = $2 ORDER BY sequence""",
        model,
        stream,
    )
    return [Parked(*row) for row in rows]


async def unpark(connection: Connection, model: str, parked: Parked) -> None:
    """The event has been applied; the next one of its stream is now the one to try."""
    await connection.execute(
        "DELETE FROM projection.parked WHERE model = $1 AND partition = $2 AND sequence = $3",
        model,
        parked.partition,
        parked.sequence,
    )


async def put_off(connection: Connection | Pool, model: str, parked: Parked, error: BaseException) -> None:
    """It failed again: next time after twice as long, at most six hours."""
    await connection.execute(
        """UPDATE projection.parked SET error = $4, attempts = attempts + 1,
               next_try = now() + least(interval '1 minute' * power(2, least(attempts, 12)), interval '6 hours')
           WHERE model = $1 AND partition = $2 AND sequence = $3""",
        model,
        parked.partition,
        parked.sequence,
        type(error).__name__,
    )


async def retry_now(connection: Connection | Pool, model: str, stream: str | None = None) -> int:
    """Ask for a try as soon as possible, of one stream or of all; returns how many streams."""
    rows = await connection.fetch(
        """UPDATE projection.parked SET next_try = now()
           WHERE model = $1 AND ($2::text IS NULL OR stream = $2) RETURNING stream""",
        model,
        stream,
    )
    return len({row["stream"] for row in rows})


async def waiting_events(connection: Connection | Pool, model: str, *streams: str) -> int:
    """How many events of these streams wait: what makes a page say that it is incomplete."""
    count = await connection.fetchval(
        "SELECT count(*) FROM projection.parked WHERE model = $1 AND stream = ANY($2::text[])", model, streams
    )
    return int(count)


async def waiting_among(connection: Connection | Pool, model: str, streams: Collection[str]) -> set[str]:
    """Those of these streams that have an event waiting."""
    rows = await connection.fetch(
        "SELECT DISTINCT stream FROM projection.parked WHERE model = $1 AND stream = ANY($2::text[])",
        model,
        list(streams),
    )
    return {row["stream"] for row in rows}
