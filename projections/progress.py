"""How far the read models have come: to wait for one's own change, to show lag, and to raise an alarm."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final, NamedTuple

from events.database import Connection, Pool
from events.envelope import Record
from projections.projection import Projection

_POLL_SECONDS: Final = (0.005, 0.05)

_LAG: Final = """
SELECT p.model, p.partition, greatest(h.last - p.sequence, 0) AS events, e.recorded_at AS oldest
FROM projection.position AS p JOIN log.head AS h USING (partition)
LEFT JOIN LATERAL (SELECT recorded_at FROM log.event WHERE partition = p.partition AND sequence = p.sequence + 1
                   LIMIT 1) AS e ON true
WHERE p.model = ANY($1::text[]) ORDER BY p.model, p.partition"""


class Lag(NamedTuple):
    """How far one read model is behind in one partition; `oldest`: when its next event was recorded, None if none."""

    model: str
    partition: int
    events: int
    oldest: datetime | None


class ParkedCount(NamedTuple):
    """What is parked for one read model."""

    model: str
    streams: int
    events: int


class Trouble(NamedTuple):
    """What stands still. `model` '*': a partition for all of them; `partition` -1: a read model as a whole."""

    model: str
    partition: int
    sequence: int | None
    error: str
    since: datetime


class Status(NamedTuple):
    """A snapshot for `hub status`, health checks and metrics; nothing in it is personal."""

    at: datetime
    lags: tuple[Lag, ...]
    parked: tuple[ParkedCount, ...]
    troubles: tuple[Trouble, ...]
    workers: int

    def lag(self, model: str) -> int:
        """Events that this read model has still to carry."""
        return sum(lag.events for lag in self.lags if lag.model == model)

    def oldest_seconds(self, model: str) -> float:
        """Age of its oldest event still to be carried; 0 if there is none."""
        waiting = [lag.oldest for lag in self.lags if lag.model == model and lag.oldest is not None]
        return max(0.0, (self.at - min(waiting)).total_seconds()) if waiting else 0.0


async def status(pool: Pool, projections: Iterable[Projection]) -> Status:
    """Where these read models stand now, by PostgreSQL's clock."""
    models = [projection.schema for projection in projections]
    async with pool.acquire() as connection, connection.transaction(isolation="repeatable_read", readonly=True):
        lags = await connection.fetch(_LAG, models)
        parked = await connection.fetch(
            """SELECT m.model, count(DISTINCT p.stream), count(p.stream)
               FROM unnest($1::text[]) AS m (model) LEFT JOIN projection.parked AS p ON p.model = m.model
               GROUP BY m.model ORDER BY m.model""",
            models,
        )
        troubles = await connection.fetch(
            """SELECT model, partition, sequence, error, since FROM projection.trouble
               WHERE model = '*' OR model = ANY($1::text[]) ORDER BY model, partition""",
            models,
        )
        at = await connection.fetchval("SELECT now()")
        workers = await connection.fetchval("SELECT count(*) FROM projection.worker WHERE expires_at > now()")
    return Status(
        at,
        tuple(Lag(*row) for row in lags),
        tuple(ParkedCount(*row) for row in parked),
        tuple(Trouble(*row) for row in troubles),
        workers,
    )


async def wait_for(
    pool: Pool, reached: Iterable[Record] | Mapping[int, int], projections: Iterable[Projection], seconds: float = 2.0
) -> bool:
    """Wait until these read models have carried these records (or partitions up to sequences); False if time ran out.

    A page waits like this after a command, so that people see their own change; a parked event counts as carried.
    """
    places = dict(reached) if isinstance(reached, Mapping) else _last_sequences(reached)
    models = [projection.schema for projection in projections]
    pause, longest = _POLL_SECONDS
    try:
        async with asyncio.timeout(seconds):
            while not await _carried(pool, models, places):
                await asyncio.sleep(pause)
                pause = min(longest, pause * 1.5)
    except TimeoutError:
        return False
    return True


def _last_sequences(records: Iterable[Record]) -> dict[int, int]:
    last: dict[int, int] = {}
    for record in records:
        last[record.partition] = max(record.sequence, last.get(record.partition, 0))
    return last


async def _carried(pool: Pool, models: list[str], places: Mapping[int, int]) -> bool:
    there = await pool.fetchval(
        """SELECT count(*) FROM projection.position AS p
           JOIN unnest($2::smallint[], $3::bigint[]) AS n (partition, sequence) ON n.partition = p.partition
           WHERE p.model = ANY($1::text[]) AND p.sequence >= n.sequence""",
        models,
        list(places),
        list(places.values()),
    )
    return bool(there == len(models) * len(places))


async def note_trouble(
    connection: Connection | Pool, model: str, partition: int, sequence: int | None, error: BaseException
) -> None:
    """Note what stands still and by which class of error."""
    await connection.execute(
        """INSERT INTO projection.trouble (model, partition, sequence, error) VALUES ($1, $2, $3, $4)
           ON CONFLICT (model, partition) DO UPDATE SET sequence = excluded.sequence, error = excluded.error""",
        model,
        partition,
        sequence,
        type(error).__name__,
    )


async def end_trouble(connection: Connection | Pool, model: str, partitions: Iterable[int]) -> None:
    """It moves again."""
    await connection.execute(
        "DELETE FROM projection.trouble WHERE model = $1 AND partition = ANY($2::smallint[])", model, list(partitions)
    )
