"""Who belongs to which family, who is named there without belonging to it, and of whom the hub is unsure.

All by the ids that intake gave, and without what was taken out.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Final, NamedTuple
from uuid import UUID

import orjson
from asyncpg import Record

from events.database import Connection
from projections.identity import IDENTITY
from projections.people import PEOPLE
from projections.reading import sql


class Link(NamedTuple):
    """That a person id belongs to a family id, since when, and how the hub knew."""

    family_id: UUID
    person_id: UUID
    since: datetime
    method: str | None
    score: int | None
    reasons: tuple[str, ...]


# Who was linked by what was taken out stays if anything else that was told in the family names them.
_STANDS: Final = sql(
    """NOT EXISTS (SELECT FROM {identity}.taken_out AS gone
                   WHERE gone.submission_id = member.submission_id AND gone.family_id = member.family_id)
       OR EXISTS (SELECT FROM {people}.named
                  WHERE named.family_id = member.family_id AND member.person_id = ANY(named.people)
                    AND NOT EXISTS (SELECT FROM {identity}.taken_out AS gone
                                    WHERE gone.submission_id = named.submission_id
                                      AND gone.family_id = named.family_id))""",
    IDENTITY,
    PEOPLE,
)
_OF_FAMILIES = sql(
    "SELECT * FROM {people}.member WHERE family_id = ANY($1::uuid[]) AND ({stands})", PEOPLE, stands=_STANDS
)
_OF_PEOPLE = sql(
    "SELECT * FROM {people}.member WHERE person_id = ANY($1::uuid[]) AND ({stands})", PEOPLE, stands=_STANDS
)
_NAMED = sql(
    """SELECT DISTINCT family_id, unnest(people) AS person_id FROM {people}.named
       WHERE family_id = ANY($1::uuid[])
         AND NOT EXISTS (SELECT FROM {identity}.taken_out AS gone
                         WHERE gone.submission_id = named.submission_id AND gone.family_id = named.family_id)""",
    PEOPLE,
    IDENTITY,
)
_IN_DOUBT = sql(
    """SELECT person_id, candidates FROM {identity}.doubt
       WHERE outcome IS NULL AND (person_id = ANY($1::uuid[]) OR candidates && $1::uuid[])""",
    IDENTITY,
)


async def links_of_families(connection: Connection, family_ids: Collection[UUID]) -> list[Link]:
    """Everybody who belongs to these families."""
    return [_link(row) for row in await connection.fetch(_OF_FAMILIES, list(family_ids))]


async def links_of_people(connection: Connection, person_ids: Collection[UUID]) -> list[Link]:
    """Every family that these people belong to."""
    return [_link(row) for row in await connection.fetch(_OF_PEOPLE, list(person_ids))]


async def named_in(connection: Connection, family_ids: Collection[UUID]) -> list[tuple[UUID, UUID]]:
    """Family and person of everybody whom something told in these families named."""
    return [(row["family_id"], row["person_id"]) for row in await connection.fetch(_NAMED, list(family_ids))]


async def in_doubt(connection: Connection, person_ids: Collection[UUID]) -> dict[UUID, set[UUID]]:
    """Whom each of these people may be one with, by either's id, until somebody decides."""
    found: dict[UUID, set[UUID]] = {}
    for row in await connection.fetch(_IN_DOUBT, list(person_ids)):
        for candidate in row["candidates"]:
            found.setdefault(row["person_id"], set()).add(candidate)
            found.setdefault(candidate, set()).add(row["person_id"])
    return found


def _link(row: Record) -> Link:
    reasons = tuple(orjson.loads(row["reasons"] or "[]"))
    return Link(row["family_id"], row["person_id"], row["since"], row["method"], row["score"], reasons)
