"""Which ids are one person or one family now: every query of a read model asks here before it reads its rows."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final, Self
from uuid import UUID

from events.database import Connection
from projections.identity import IDENTITY
from projections.reading import sql


@dataclass(frozen=True, slots=True)
class Block:
    """The ids that are one identity, called by its representative, which comes first."""

    representative: UUID
    atoms: tuple[UUID, ...]

    @classmethod
    def of(cls, representative: UUID, others: Collection[UUID]) -> Self:
        """The representative, then the others in the order of their bytes."""
        return cls(representative, (representative, *sorted(set(others) - {representative}, key=lambda id_: id_.bytes)))


_BLOCKS: Final = """SELECT asked.id, coalesce(own.belongs_to, asked.id) AS representative,
              array_agg(other.{id}) FILTER (WHERE other.{id} IS NOT NULL) AS others
       FROM unnest($1::uuid[]) AS asked (id)
       LEFT JOIN {identity}.{alias} AS own ON own.{id} = asked.id
       LEFT JOIN {identity}.{alias} AS other ON other.belongs_to = coalesce(own.belongs_to, asked.id)
       GROUP BY 1, 2"""
_FAMILIES = sql(_BLOCKS, IDENTITY, id="family_id", alias="family_alias")
_PEOPLE = sql(_BLOCKS, IDENTITY, id="person_id", alias="person_alias")


async def block_of_family(connection: Connection, family_id: UUID) -> Block:
    """The family that this id belongs to; an id that was never moved, or that nobody knows, is a block of its own."""
    return (await blocks_of_families(connection, [family_id]))[family_id]


async def block_of_person(connection: Connection, person_id: UUID) -> Block:
    """The same for a person."""
    return (await blocks_of_people(connection, [person_id]))[person_id]


async def blocks_of_families(connection: Connection, family_ids: Collection[UUID]) -> dict[UUID, Block]:
    """The same for many families; every id asked for is answered."""
    return await _blocks(connection, _FAMILIES, family_ids)


async def blocks_of_people(connection: Connection, person_ids: Collection[UUID]) -> dict[UUID, Block]:
    """The same for many people."""
    return await _blocks(connection, _PEOPLE, person_ids)


async def _blocks(connection: Connection, query: str, ids: Collection[UUID]) -> dict[UUID, Block]:
    if not ids:
        return {}
    rows = await connection.fetch(query, list(set(ids)))
    return {row["id"]: Block.of(row["representative"], row["others"] or ()) for row in rows}
