"""What was told of people, by whom and when, without what was taken out: the ground of all that is shown of them.

Intake records a description only where it differs from the one before. So who named somebody without describing them
told what was described last, and that stays told when the submission that told it first is taken out.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

import orjson
from asyncpg import Record

from events.database import Connection
from projections.agencies import AGENCIES
from projections.describing import Described
from projections.identity import IDENTITY
from projections.people import PEOPLE
from projections.reading import sql


@dataclass(frozen=True, slots=True)
class Telling:
    """One agency's description of one person. `described` is None once erased."""

    person_id: UUID
    submission_id: UUID
    kind: str | None
    described: Described | None
    agency: str
    agency_title: str
    at: datetime
    position: int
    erased_since: datetime | None


_DESCRIPTIONS = sql(
    """SELECT description.*, coalesce(agency.title, description.recorded_by) AS title,
              EXISTS (SELECT FROM {identity}.taken_out_person AS gone
                      WHERE gone.submission_id = description.submission_id
                        AND gone.person_id = description.person_id) AS void
       FROM {people}.description LEFT JOIN {agencies}.agency ON agency.code = description.recorded_by
       WHERE description.person_id = ANY($1::uuid[]) ORDER BY description.position""",
    PEOPLE,
    AGENCIES,
    IDENTITY,
)
# One look into the index a person: of a whole list in one condition the planner thinks that it is half of the table.
_NAMINGS = sql(
    """SELECT asked.person_id, named.submission_id, named.told_by, named.told_at, named.position,
              coalesce(agency.title, named.told_by) AS title
       FROM unnest($1::uuid[]) AS asked (person_id)
       CROSS JOIN LATERAL (SELECT * FROM {people}.named WHERE people @> ARRAY[asked.person_id] OFFSET 0) AS named
       LEFT JOIN {agencies}.agency ON agency.code = named.told_by
       WHERE NOT EXISTS (SELECT FROM {identity}.taken_out AS gone
                         WHERE gone.submission_id = named.submission_id AND gone.family_id = named.family_id)
       ORDER BY named.position""",
    PEOPLE,
    AGENCIES,
    IDENTITY,
)


async def tellings(connection: Connection, person_ids: Collection[UUID]) -> dict[UUID, list[Telling]]:
    """What was told under each of these ids, in the order the hub learnt it; every id asked for is answered."""
    ids = list(set(person_ids))
    described: dict[UUID, list[Record]] = {person_id: [] for person_id in ids}
    for row in await connection.fetch(_DESCRIPTIONS, ids):
        described[row["person_id"]].append(row)
    named: dict[UUID, list[Record]] = {person_id: [] for person_id in ids}
    for row in await connection.fetch(_NAMINGS, ids):
        named[row["person_id"]].append(row)
    return {person_id: _told(described[person_id], named[person_id]) for person_id in ids}


def _told(described: Sequence[Record], named: Sequence[Record]) -> list[Telling]:
    found = [_telling(row) for row in described if not row["void"]]
    said_by = {(row["position"], row["recorded_by"]) for row in described if not row["void"]}
    own = {row["submission_id"] for row in described}
    positions = [row["position"] for row in described]
    for naming in named:
        before = bisect_left(positions, naming["position"])
        if naming["submission_id"] in own or not before:
            continue
        last = described[before - 1]
        if (last["position"], naming["told_by"]) not in said_by:
            said_by.add((last["position"], naming["told_by"]))
            found.append(_again(_telling(last), naming))
    return sorted(found, key=lambda telling: telling.position)


def _telling(row: Record) -> Telling:
    return Telling(
        person_id=row["person_id"],
        submission_id=row["submission_id"],
        kind=row["kind"],
        described=None if row["described"] is None else orjson.loads(row["described"]),
        agency=row["recorded_by"],
        agency_title=row["title"],
        at=row["described_at"],
        position=row["position"],
        erased_since=row["erased_since"],
    )


def _again(telling: Telling, naming: Record) -> Telling:
    return replace(
        telling,
        submission_id=naming["submission_id"],
        agency=naming["told_by"],
        agency_title=naming["title"],
        at=naming["told_at"],
        position=naming["position"],
    )
