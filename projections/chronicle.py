"""Questions to the timeline: what happened in this family, newest first, by whom, of which kind.

Whichever of its ids is asked for, a family that was merged is shown whole; what was taken out is not shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

import orjson
from asyncpg import Record

from events.database import Connection
from projections.agencies import AGENCIES
from projections.belonging import block_of_family, blocks_of_people
from projections.identity import IDENTITY
from projections.links import links_of_families
from projections.reading import sql
from projections.timeline import TIMELINE, Kind
from projections.working_days import LONDON


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a timeline.

    `family_id` is the id it was recorded under, None for what was decided of a person. `occurred_at` is when it
    happened, `recorded_at` when the hub learnt it. `subject_id` is whom it is about (name by `household.names`).
    `basis` are lawful-basis codes. `details` is what the event's sealed part said, in its own field names (`concern`,
    `concerns`, `request`, `urgency`, `summary`, `facts`, `source`, `reason`, `queue`, `reasons`, …), defaults left out;
    empty once `erased_since` is set.
    """

    event_id: UUID
    family_id: UUID | None
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


# Under a person's id stand only entries that name no family.
_OF_FAMILY: Final = sql(
    """(family_id = ANY($1::uuid[]) OR (family_id IS NULL AND subject_id = ANY($2::uuid[])))
         AND NOT EXISTS (SELECT FROM {identity}.taken_out AS gone
                         WHERE gone.submission_id = entry.submission_id AND gone.family_id = entry.family_id)""",
    IDENTITY,
)
_ENTRIES = sql(
    """SELECT entry.*, coalesce(agency.title, entry.agency) AS title
       FROM {timeline}.entry LEFT JOIN {agencies}.agency ON agency.code = entry.agency
       WHERE {of_family}
         AND ($3::text IS NULL OR entry.agency = $3)
         AND ($4::text IS NULL OR entry.kind = $4)
         AND ($5::timestamptz IS NULL OR (occurred_at, position) < ($5, $6))
       ORDER BY occurred_at DESC, position DESC
       LIMIT $7""",
    TIMELINE,
    AGENCIES,
    of_family=_OF_FAMILY,
)
_TELLERS = sql(
    """SELECT entry.agency, coalesce(agency.title, entry.agency) AS title, count(*) AS entries
       FROM {timeline}.entry LEFT JOIN {agencies}.agency ON agency.code = entry.agency
       WHERE {of_family} GROUP BY 1, 2 ORDER BY 2""",
    TIMELINE,
    AGENCIES,
    of_family=_OF_FAMILY,
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
    ids = await _ids(connection, family_id)
    rows = await connection.fetch(_ENTRIES, *ids, agency, kind, at, position, limit)
    return [_entry(row) for row in rows]


async def tellers(connection: Connection, family_id: UUID) -> list[Teller]:
    """The agencies on a family's timeline, for its filter."""
    return [Teller(*row) for row in await connection.fetch(_TELLERS, *await _ids(connection, family_id))]


async def _ids(connection: Connection, family_id: UUID) -> tuple[list[UUID], list[UUID]]:
    """All ids of the family, and all ids of its people."""
    families = list((await block_of_family(connection, family_id)).atoms)
    people = {link.person_id for link in await links_of_families(connection, families)}
    blocks = await blocks_of_people(connection, people)
    return families, list({atom for block in blocks.values() for atom in block.atoms})


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
