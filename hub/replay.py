"""The log played again for audit: a span of events through the read models' handlers, in memory.

Handlers are pure, so the same events give the same rows on any machine and day. Nothing stored is read but the log, and
nothing is changed. A digest is SHA-256 over the sorted rows as canonical text.
"""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from events.codec import key_ids, opened
from events.database import Pool
from events.envelope import Record
from hub.bootstrap import Hub
from projections.projection import Key, Projection, Row, fold_in_memory

_WHERE = """($1::text IS NULL OR stream = $1) AND position >= $2 AND ($3::bigint IS NULL OR position <= $3)
    AND ($4::timestamptz IS NULL OR recorded_at >= $4) AND ($5::timestamptz IS NULL OR recorded_at < $5)"""
_BATCH = 2_000


@dataclass(frozen=True, slots=True)
class Span:
    """Which events: of one stream or all, by position, by when the hub learnt of them. Times without zone are UTC."""

    stream: str | None = None
    from_position: int = 1
    to_position: int | None = None
    from_time: datetime | None = None
    to_time: datetime | None = None

    def since(self, time: datetime) -> Span:
        """The same, from this time on."""
        return replace(self, from_time=time)

    @property
    def arguments(self) -> tuple[object, ...]:
        """For the SQL above."""
        return self.stream, self.from_position, self.to_position, _utc(self.from_time), _utc(self.to_time)


@dataclass(frozen=True, slots=True)
class Plan:
    """What would be played: events by type, and which read models care for how many of them."""

    first: int | None
    last: int | None
    types: Mapping[str, int]
    models: Mapping[str, int]

    @property
    def events(self) -> int:
        """How many events."""
        return sum(self.types.values())

    def as_json(self) -> dict[str, object]:
        """With a stable shape."""
        return {
            "events": self.events,
            "first": self.first,
            "last": self.last,
            "types": dict(self.types),
            "models": dict(self.models),
        }

    def lines(self) -> Iterator[str]:
        """As a person reads it."""
        if not self.events:
            yield "No events are in this span."
            return
        yield f"{self.events} events, positions {self.first} to {self.last}"
        for name, count in self.types.items():
            yield f"  {name:28} {count:9}"
        for name, count in self.models.items():
            yield f"  read model {name:17} {count:9} handled"


@dataclass(slots=True)
class Played:
    """The rows that came of it, by (model, table, key)."""

    events: int = 0
    rows: dict[str, dict[tuple[str, Key], Row]] = field(default_factory=dict)

    def digests(self) -> dict[str, tuple[int, str]]:
        """Rows and digest of each `model.table` that has rows."""
        tables: dict[str, list[str]] = {}
        for model, rows in self.rows.items():
            for (table, _), row in rows.items():
                tables.setdefault(f"{model}.{table}", []).append(repr(tuple(_plain(value) for value in row)))
        return {
            name: (len(texts), hashlib.sha256("\n".join(sorted(texts)).encode()).hexdigest())
            for name, texts in sorted(tables.items())
        }

    def as_json(self) -> dict[str, object]:
        """With a stable shape."""
        return {
            "events": self.events,
            "tables": {name: {"rows": rows, "sha256": digest} for name, (rows, digest) in self.digests().items()},
        }

    def lines(self) -> Iterator[str]:
        """As a person reads it."""
        yield f"{self.events} events played"
        for name, (rows, digest) in self.digests().items():
            yield f"  {name:24} {rows:9} rows  sha256 {digest}"


async def survey(pool: Pool, span: Span, projections: Sequence[Projection]) -> Plan:
    """What `play` would do."""
    rows = await pool.fetch(
        f"""SELECT type, count(*), min(position), max(position) FROM log.event WHERE {_WHERE}
            GROUP BY type ORDER BY type""",  # noqa: S608 - our own text
        *span.arguments,
    )
    types = {row["type"]: row["count"] for row in rows}
    handled = {
        projection.name: sum(types.get(kind.event_name, 0) for kind in projection.handlers)
        for projection in projections
    }
    first = min((row["min"] for row in rows), default=None)
    return Plan(first, max((row["max"] for row in rows), default=None), types, handled)


async def play(
    hub: Hub, span: Span, projections: Sequence[Projection], progress: Callable[[int], None] = lambda _done: None
) -> Played:
    """Fold the span. Raises `UnknownEvent` or `SealBroken` where a record does not open."""
    played = Played(rows={projection.name: {} for projection in projections})
    async for records in _records(hub.pool, span):
        events = opened(records, await hub.keys.fetch(key_ids(records)))
        for projection in projections:
            rows = played.rows[projection.name]
            fold_in_memory(rows, (step for event in events for step in projection.operations(event)))
        played.events += len(events)
        progress(played.events)
    return played


async def _records(pool: Pool, span: Span) -> AsyncIterator[list[Record]]:
    after = span.from_position - 1
    while True:
        bounded = replace(span, from_position=after + 1)
        rows = await pool.fetch(
            f"SELECT {', '.join(Record._fields)} FROM log.event WHERE {_WHERE} ORDER BY position LIMIT {_BATCH}",  # noqa: S608 - our own text
            *bounded.arguments,
        )
        if not rows:
            return
        yield [Record._make(row) for row in rows]
        after = rows[-1]["position"]


def _utc(time: datetime | None) -> datetime | None:
    return time.replace(tzinfo=UTC) if time is not None and time.tzinfo is None else time


def _plain(value: Any) -> object:  # noqa: ANN401 - whatever a column holds
    """Text that does not depend on the driver's types."""
    if isinstance(value, list | tuple):
        return tuple(_plain(item) for item in value)
    return value if isinstance(value, int | float | bytes) or value is None else str(value)
