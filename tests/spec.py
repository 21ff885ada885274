"""Given/when/then for read models: `await given(PEOPLE, *drafts).then_rows(pool, {PERSON: [row, ...]})`.

What the words promise beyond the rows: everything is delivered twice, in batches and one by one, and changes nothing
the second time; the tables equal the fold in memory; the streams may arrive in another order; and with every key
destroyed no handler raises.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

import orjson

from events.basis import LawfulBasis, Purpose
from events.codec import key_ids, opened
from events.database import Pool
from events.envelope import Draft, Erased, Provenance, Record, Recorded
from events.keys import KeyRing, MemoryKeys
from events.log import Append, EventLog
from events.memory_log import MemoryLog
from projections.opening import batch_of
from projections.projection import Projection, Row, Table, fold_in_memory
from projections.runner import Carrier

AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
ERASED = Erased(since=datetime(2026, 9, 1, tzinfo=UTC))
Rows = dict[str, list[Row]]


def provenance(agency: str = "school.elm") -> Provenance:
    """Who tells, where a test does not care."""
    return Provenance(
        agency, "client-1", (LawfulBasis.CA2004_S10,), next(iter(Purpose)), UUID("00000000-0000-4000-8000-000000000001")
    )


@dataclass(frozen=True)
class Given:
    """A read model and the history it is shown."""

    projection: Projection
    history: Sequence[Append]

    def and_from(self, agency: str, *drafts: Draft) -> Given:
        """More history, told by this agency."""
        return Given(self.projection, (*self.history, Append(drafts, provenance(agency))))

    async def recorded(self) -> list[Recorded]:
        """The history as it stands on a log."""
        keys = MemoryKeys()
        log = MemoryLog(keys, lambda: AT)
        for append in self.history:
            await log.append(append)
        return await opened_all(log, keys)

    async def then_rows(self, pool: Pool, expected: Mapping[Table, Iterable[Row]]) -> None:
        """These rows stand in these tables, in any order. Leaves the tables filled, for the model's queries."""
        recorded = await self.recorded()
        carrier = Carrier(pool, self.projection, None)
        await carrier.install()
        await carrier.locate({event.record.partition for event in recorded})
        await carrier.apply(batch_of(recorded[: len(recorded) // 2]))
        for event in recorded:
            await carrier.apply(batch_of([event]))
        assert await carrier.apply(batch_of(recorded)) == 0, "a redelivery was applied"
        assert await pool.fetchval("SELECT count(*) FROM projection.parked") == 0, "an event could not be applied"

        stored = await rows_of(pool, self.projection)
        assert stored == in_memory(self.projection, recorded), "tables differ from the fold in memory"
        by_stream = sorted(recorded, key=lambda event: event.record.stream)
        backwards = sorted(recorded, key=lambda event: event.record.stream, reverse=True)
        for order in (by_stream, backwards):
            assert in_memory(self.projection, order) == stored, "rows depend on the order of streams"
        in_memory(self.projection, opened([e.record for e in recorded], dict.fromkeys(_keys(recorded), ERASED)))
        for table, rows in expected.items():
            assert stored[table.name] == _sorted(table, rows), table.name


def given(projection: Projection, *drafts: Draft) -> Given:
    """A read model and what one school told; add what others told by `and_from`."""
    return Given(projection, (Append(drafts, provenance()),) if drafts else ())


async def opened_all(log: EventLog, keys: KeyRing) -> list[Recorded]:
    """Everything on a log, in order."""
    records: list[Record] = []
    async for batch in log.follow(dict.fromkeys((await log.heads()).sequences, 0), until_end=True):
        records += batch
    return opened(records, await keys.fetch(key_ids(records)))


def in_memory(projection: Projection, recorded: Iterable[Recorded]) -> Rows:
    """The read model folded without a database."""
    rows = fold_in_memory({}, (operation for event in recorded for operation in projection.operations(event)))
    return {
        table.name: _sorted(table, (row for (name, _), row in rows.items() if name == table.name))
        for table in projection.tables
    }


async def rows_of(pool: Pool, projection: Projection, model: str | None = None) -> Rows:
    """The read model as it stands in its tables."""
    rows: Rows = {}
    for table in projection.tables:
        columns = ", ".join(f'"{name}"' for name in table.column_names)
        source = f'"{model or projection.schema}"."{table.name}"'
        rows[table.name] = _sorted(table, await pool.fetch(f"SELECT {columns} FROM {source}"))  # noqa: S608
    return rows


def _sorted(table: Table, rows: Iterable[Iterable[object]]) -> list[Row]:
    return sorted((_comparable(table, row) for row in rows), key=lambda row: repr(row[: table.key]))


def _comparable(table: Table, row: Iterable[object]) -> Row:
    """Arrays as tuples, JSON by its meaning: what PostgreSQL gives back equals what a handler gave."""
    return tuple(
        orjson.loads(str(value))
        if kind in {"json", "jsonb"} and value is not None
        else tuple(value)
        if isinstance(value, list)
        else str(value)
        if isinstance(value, str)
        else value
        for value, (_, kind) in zip(row, table.columns, strict=True)
    )


def _keys(recorded: Iterable[Recorded]) -> set[UUID]:
    return key_ids(event.record for event in recorded)
