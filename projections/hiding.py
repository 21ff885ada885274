"""Of whom no place may be shown by anything that opens events itself, without the read models' own queries."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from events.database import Connection
from events.description import Address
from projections.belonging import blocks_of_people
from projections.circle import gather
from projections.doubts import families_of
from projections.identity import IDENTITY
from projections.people import PEOPLE
from projections.portrait import is_protected
from projections.tellings import tellings


async def hidden_families(connection: Connection, family_ids: Collection[UUID]) -> dict[UUID, tuple[Address, ...]]:
    """Those of these families that are guarded (`Circle.guarded_families`); all of them where nobody can tell yet.

    With every address told of them, to be found in what others wrote.
    """
    if not await _can_tell(connection):
        return dict.fromkeys(family_ids, ())
    circle = await gather(connection, family_ids)
    return {
        each: circle.places_of(block.representative)
        for each, block in circle.families.items()
        if block.representative in circle.guarded_families
    }


async def hidden_people(connection: Connection, person_ids: Collection[UUID]) -> set[UUID]:
    """Those of these people who are protected themselves, or belong to a family that is guarded."""
    if not await _can_tell(connection):
        return set(person_ids)
    families = await families_of(connection, person_ids)
    guarded = await hidden_families(connection, {each for found in families.values() for each in found})
    blocks = await blocks_of_people(connection, person_ids)
    told = await tellings(connection, [atom for block in blocks.values() for atom in block.atoms])
    return {
        person_id
        for person_id, block in blocks.items()
        if guarded.keys() & set(families[person_id])
        or is_protected([telling for atom in block.atoms for telling in told[atom]])
    }


async def _can_tell(connection: Connection) -> bool:
    """Whether the read models are there at all: on a hub that has never worked they are not."""
    schemas = [IDENTITY.schema, PEOPLE.schema]
    query = "SELECT bool_and(to_regnamespace(name) IS NOT NULL) FROM unnest($1::text[]) AS name"
    return bool(await connection.fetchval(query, schemas))
