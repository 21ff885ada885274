"""Questions to the timeline: what happened in this family, newest first, by whom, of which kind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import orjson
from asyncpg import Record

from events.database import Connection
from projections.agencies import AGENCIES
from projections.reading import sql
from projections.timeline import TIMELINE, Kind
from projections.working_days import LONDON


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a timeline.

    `occurred_at` is when it happened, `recorded_at` when the hub learnt it. `subject_id` is whom it is about (name by
    `household.names`). `basis` are lawful-basis codes. `details` is what the event's sealed part said, in its own field
    names (`concern`, `concerns`, `request`, `urgency`, `summary`, `facts`, `source`, `reason`, `queue`, `reasons`, …),
    defaults left out; empty once `erased_since` is set.
    """

    event_id: UUID
    family_id: UUID
    matter_id: UUID | None
    subject_id: UUID | None
    submission_id: UUID | None
    referral_id: UUID | None
    kind: Kind
    what: str
    agency: str
    agency_title: str
    basis: tuple[str, ...]
    purpose: str
    occurred_at: datetime
    recorded_at: datetime
    position: int
    details: Mapping[str, Any]
    erased_since: datetime | None

    @property
    def day(self) -> date:
        """The day it happened on, in London: entries of one day stand together."""
        return self.occurred_at.astimezone(LONDON).date()

    @property
    def learnt_late(self) -> bool:
        """Whether the hub learnt it on a later day than it happened on."""
        return self.recorded_at.astimezone(LONDON).date() > self.day


@dataclass(frozen=True, slots=True)
class Teller:
    """An agency that stands on a timeline, and how often."""

    code: str
    title: str
    entries: int


_ENTRIES = sql(
    """SELECT entry.*, coalesce(agency.title, entry.agency) AS title
       FROM {timeline}.entry LEFT JOIN {agencies}.agency ON agency.code = entry.agency
       WHERE family_id = $1
         AND ($2::text IS NULL OR entry.agency = $2)
         AND ($3::text IS NULL OR entry.kind = $3)
         AND ($4::timestamptz IS NULL OR (occurred_at, position) < ($4, $5))
       ORDER BY occurred_at DESC, position DESC
       LIMIT $6""",
    TIMELINE,
    AGENCIES,
)
_TELLERS = sql(
    """SELECT entry.agency, coalesce(agency.title, entry.agency) AS title, count(*) AS entries
       FROM {timeline}.entry LEFT JOIN {agencies}.agency ON agency.code = entry.agency
       WHERE family_id = $1 GROUP BY 1, 2 ORDER BY 2""",
    TIMELINE,
    AGENCIES,
)


async def timeline(
    connection: Connection,
    family_id: UUID,
    *,
    agency: str | None = None,
    kind: Kind | None = None,
    before: Entry | None = None,
    limit: int = 200,
) -> list[Entry]:
    """Newest first; `before` is the last entry of the page before this one."""
    at, position = (before.occurred_at, before.position) if before else (None, None)
    rows = await connection.fetch(_ENTRIES, family_id, agency, kind, at, position, limit)
    return [_entry(row) for row in rows]


async def tellers(connection: Connection, family_id: UUID) -> list[Teller]:
    """The agencies on a family's timeline, for its filter."""
    return [Teller(*row) for row in await connection.fetch(_TELLERS, family_id)]


def _entry(row: Record) -> Entry:
    return Entry(
        event_id=row["event_id"],
        family_id=row["family_id"],
        matter_id=row["matter_id"],
        subject_id=row["subject_id"],
        submission_id=row["submission_id"],
        referral_id=row["referral_id"],
        kind=Kind(row["kind"]),
        what=row["what"],
        agency=row["agency"],
        agency_title=row["title"],
        basis=tuple(row["basis"].split()),
        purpose=row["purpose"],
        occurred_at=row["occurred_at"],
        recorded_at=row["recorded_at"],
        position=row["position"],
        details=orjson.loads(row["details"] or "{}"),
        erased_since=row["erased_since"],
    )
