"""The journal: `EventLog` on PostgreSQL, the default and, with Kafka, still the place that decides."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import nullcontext
from datetime import datetime
from typing import Final
from uuid import UUID

from events.coalesce import Coalesced
from events.database import Connection, Pool, unavailable
from events.ear import Ear
from events.envelope import Record
from events.keys import PostgresKeys
from events.log import Append, Heads, WrongVersion
from events.sealing import Key
from events.writing import Prepared, keys_needed, placed, prepare, streams_touched

CHANNEL: Final = "hub_log"
_GLOBAL: Final = -1
_COLUMNS: Final = Record._fields

_SELECT: Final = f"SELECT {', '.join(_COLUMNS)} FROM log.event"  # noqa: S608 - constant names
_FOLLOW: Final = f"""
SELECT e.* FROM unnest($1::smallint[], $2::bigint[]) AS place (part, after),
LATERAL (SELECT {", ".join(_COLUMNS)} FROM log.event
         WHERE partition = place.part AND sequence > place.after ORDER BY sequence LIMIT $3) AS e
ORDER BY e.position"""  # noqa: S608 - constant names


class PostgresLog:
    """`EventLog` on PostgreSQL. Appends of concurrent callers share one transaction."""

    def __init__(
        self,
        pool: Pool,
        keys: PostgresKeys,
        now: Callable[[], datetime],
        partitions: int,
        poll_seconds: float = 1.0,
    ) -> None:
        self._pool = pool
        self._keys = keys
        self._now = now
        self._partitions = partitions
        self._poll_seconds = poll_seconds
        self._ear = Ear(pool, CHANNEL)
        self._coalesced: Coalesced[Append, tuple[Record, ...]] = Coalesced(self._append_all, most=64)

    async def install(self) -> None:
        """Make the head rows of every partition. The count is fixed from then on; raises `ValueError`."""
        await self._pool.execute(
            """INSERT INTO log.head (partition, last)
               SELECT p, 0 FROM generate_series(-1, $1::int - 1) AS p ON CONFLICT DO NOTHING""",
            self._partitions,
        )
        count = await self._pool.fetchval("SELECT count(*) FROM log.head") - 1
        if count != self._partitions:
            message = f"this log was installed with {count} partitions, not {self._partitions}"
            raise ValueError(message)

    async def append(self, append: Append) -> tuple[Record, ...]:
        """Write it; returns the records. Raises `WrongVersion`, `KeyDestroyed`."""
        return await self._coalesced(append)

    def prepare(self, appends: Sequence[Append], keys: Mapping[UUID, Key]) -> list[list[Prepared]]:
        """The events of each sealed, without their places; `keys` are those of `keys_needed`."""
        now = self._now()
        return [list(prepare(append, keys, now, self._partitions)) for append in appends]

    async def append_within(
        self, connection: Connection, appends: Sequence[Append], prepared: Sequence[Sequence[Prepared]] | None = None
    ) -> list[list[Record]]:
        """Write them as the *last* statements of the caller's transaction; raises `WrongVersion`, `KeyDestroyed`.

        The head rows stay locked until the caller commits, so nothing slow may come after. `idempotency` is the
        caller's business here: a decision keeps its own table of keys. `prepared`: what `prepare` made of them, under
        keys that were ensured in this transaction.
        """
        if prepared is None:
            prepared = self.prepare(appends, await self._keys.ensure(connection, keys_needed(appends)))
        records = await self._write(connection, appends, [item for items in prepared for item in items])
        grouped: list[list[Record]] = []
        start = 0
        for items in prepared:
            grouped.append(records[start : start + len(items)])
            start += len(items)
        return grouped

    async def read_stream(self, stream: str, after: int = 0) -> list[Record]:
        """Records of one stream with a version above `after`, oldest first."""
        rows = await self._pool.fetch(
            f"{_SELECT} WHERE stream = $1 AND stream_version > $2 ORDER BY stream_version", stream, after
        )
        return [Record._make(row) for row in rows]

    async def read_correlated(self, correlation_id: UUID) -> list[Record]:
        """Records of everything that one command wrote, oldest first."""
        rows = await self._pool.fetch(f"{_SELECT} WHERE correlation_id = $1 ORDER BY position", correlation_id)
        return [Record._make(row) for row in rows]

    async def read_sequences(self, partition: int, sequences: Sequence[int]) -> dict[int, Record]:
        """Records of one partition by sequence, those there are."""
        rows = await self._pool.fetch(
            f"{_SELECT} WHERE partition = $1 AND sequence = ANY($2::bigint[])", partition, list(sequences)
        )
        return {row["sequence"]: Record._make(row) for row in rows}

    async def find(self, event_id: UUID) -> Record | None:
        """The record of one event id."""
        row = await self._pool.fetchrow(f"{_SELECT} WHERE id = $1", event_id)
        return None if row is None else Record._make(row)

    async def follow(
        self, after: Mapping[int, int], *, limit: int = 1_000, until_end: bool = False
    ) -> AsyncGenerator[list[Record], None]:
        """Batches of records behind `after`; see the port. Holds no connection while the caller works."""
        last = dict(after)
        async with nullcontext() if until_end else self._ear.listening():
            while True:
                heard = self._ear.next
                rows = await self._pool.fetch(_FOLLOW, list(last), list(last.values()), limit)
                if rows:
                    batch = [Record._make(row) for row in rows]
                    for record in batch:
                        last[record.partition] = record.sequence
                    yield batch
                elif until_end:
                    return
                else:
                    await self._ear.wait(heard, self._poll_seconds)

    async def heads(self) -> Heads:
        """Last position and sequences."""
        rows = await self._pool.fetch("SELECT partition, last FROM log.head")
        last = {row["partition"]: row["last"] for row in rows}
        position = last.pop(_GLOBAL)
        return Heads(position, last)

    async def _append_all(self, appends: Sequence[Append]) -> Sequence[tuple[Record, ...] | Exception]:
        """All in one transaction; if one of them does not fit, each in its own, so that it harms no other."""
        try:
            return await self._append_together(appends)
        except Exception as failure:
            if unavailable(failure):
                raise  # nobody's fault, and the outcome may be unknown: everybody must look before trying again
            if len(appends) == 1:
                return [failure]
        results: list[tuple[Record, ...] | Exception] = []
        for append in appends:
            try:
                results += await self._append_together([append])
            except Exception as failure:  # noqa: BLE001 - answered to the one caller it belongs to
                if unavailable(failure):
                    return [*results, *[failure] * (len(appends) - len(results))]
                results.append(failure)
        return results

    async def _append_together(self, appends: Sequence[Append]) -> list[tuple[Record, ...]]:
        async with self._pool.acquire() as connection, connection.transaction():
            done = await self._earlier(connection, appends)
            fresh: list[Append] = []
            for append in appends:
                if append.idempotency is None or append.idempotency not in done:
                    fresh.append(append)
                    if append.idempotency is not None:
                        done[append.idempotency] = ()  # a twin later in this batch gets this one's records
            written = await self.append_within(connection, fresh) if fresh else []
            results = {id(append): tuple(records) for append, records in zip(fresh, written, strict=True)}
            keyed = {append.idempotency: results[id(append)] for append in fresh if append.idempotency is not None}
            await connection.executemany(
                "INSERT INTO log.idempotency (key, first, last) VALUES ($1, $2, $3)",
                [(key, records[0].position, records[-1].position) for key, records in keyed.items()],
            )
            done |= keyed
            return [results[id(a)] if a.idempotency is None else done[a.idempotency] for a in appends]

    async def _earlier(self, connection: Connection, appends: Sequence[Append]) -> dict[str, tuple[Record, ...]]:
        """Results of idempotency keys that were used before, the keys locked against twins."""
        keys = sorted({append.idempotency for append in appends if append.idempotency is not None})
        if not keys:
            return {}
        await connection.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(k, 1)) FROM unnest($1::text[]) AS k", keys
        )
        rows = await connection.fetch(
            f"""SELECT i.key, {", ".join(f"e.{name}" for name in _COLUMNS)}
                FROM log.idempotency AS i JOIN log.event AS e ON e.position BETWEEN i.first AND i.last
                WHERE i.key = ANY($1::text[]) ORDER BY e.position""",  # noqa: S608 - constant names
            keys,
        )
        found: dict[str, tuple[Record, ...]] = {}
        for row in rows:
            found[row["key"]] = (*found.get(row["key"], ()), Record._make(tuple(row)[1:]))
        return found

    async def _write(
        self, connection: Connection, appends: Sequence[Append], prepared: Sequence[Prepared]
    ) -> list[Record]:
        """Take the places of all of them, and write them there."""
        counts: dict[int, int] = {_GLOBAL: len(prepared)}
        for item in prepared:
            counts[item.partition] = counts.get(item.partition, 0) + 1
        versions, heads = await self._take_places(connection, streams_touched(appends), counts)
        running = dict(versions)
        for append in appends:
            for stream, expected in append.expected.items():
                if running.get(stream) != expected:
                    raise WrongVersion
            for draft in append.drafts:
                running[draft.stream] += 1
        records = placed(prepared, heads.pop(_GLOBAL), heads, versions)
        await connection.copy_records_to_table("event", schema_name="log", columns=list(_COLUMNS), records=records)
        return records

    async def _take_places(
        self, connection: Connection, streams: Mapping[str, int], counts: Mapping[int, int]
    ) -> tuple[dict[str, int], dict[int, int]]:
        """So many of each stream and partition: the last ones in use before, of streams and of partitions.

        Locked in one order everywhere, so that no two writers deadlock: the streams, the global row, the partitions.
        """
        rows = await connection.fetch(
            """WITH stream AS (
                   INSERT INTO log.stream AS s (stream, version)
                   SELECT * FROM unnest($1::text[], $2::int[]) AS n (stream, version) ORDER BY 1
                   ON CONFLICT (stream) DO UPDATE SET version = s.version + excluded.version
                   RETURNING stream, version),
               n AS (SELECT * FROM unnest($3::smallint[], $4::bigint[]) AS n (partition, count)
                     WHERE (SELECT count(*) FROM stream) >= 0),  -- waits for the streams' locks
               locked AS (SELECT h.partition FROM log.head AS h WHERE h.partition IN (SELECT partition FROM n)
                          ORDER BY h.partition FOR UPDATE),
               head AS (
                   UPDATE log.head AS h SET last = h.last + n.count FROM n, locked
                   WHERE h.partition = n.partition AND h.partition = locked.partition
                   RETURNING h.partition, h.last, CASE WHEN h.partition = $5 THEN pg_notify($6, '') END)
               SELECT stream.stream, stream.version, head.partition, head.last
               FROM stream FULL JOIN head ON false""",
            list(streams),
            list(streams.values()),
            list(counts),
            list(counts.values()),
            _GLOBAL,
            CHANNEL,
        )
        return (
            {stream: version - streams[stream] for stream, version, _, _ in rows if stream is not None},
            {partition: last - counts[partition] for _, _, partition, last in rows if partition is not None},
        )
