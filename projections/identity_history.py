"""Questions to the decisions about who is who: what was merged, split or taken out of a family, by whom, and undone."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypeVar
from uuid import UUID

from asyncpg import Record

from events.database import Connection
from projections.belonging import block_of_family, blocks_of_families, blocks_of_people
from projections.identity import IDENTITY, DecisionKind
from projections.people import PEOPLE
from projections.reading import sql

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision, whatever number of ids it moved.

    `people` and `families` are all ids it speaks of, those that were moved and those they were moved to. `actor` is an
    opaque id. `reason` is None once erased. `undone_by` is the decision that took this one back, at `undone_at`.
    `stands`: something of it can still be taken back; what was taken out of a family cannot.
    """

    decision_id: UUID
    kind: DecisionKind
    at: datetime
    agency: str
    actor: str
    reason: str | None
    people: tuple[UUID, ...]
    families: tuple[UUID, ...]
    submission_id: UUID | None
    undoes: UUID | None
    undone_by: UUID | None
    undone_at: datetime | None
    stands: bool
    erased_since: datetime | None


_MEMBERS = sql("SELECT DISTINCT person_id FROM {people}.member WHERE family_id = ANY($1::uuid[])", PEOPLE)
# Ids that ever met these ones in a decision; of these, the decisions that brought them here or took them away. Where
# an id was before is its own row before: a split names only where to.
_ABOUT = sql(
    """WITH met AS (
           SELECT coalesce(person_id, family_id) AS id FROM {identity}.decision
           WHERE person_id = ANY($1::uuid[]) OR family_id = ANY($1::uuid[]) OR other_id = ANY($1::uuid[])),
       moves AS (
           SELECT decision_id, coalesce(person_id, family_id) AS id, other_id,
                  lag(other_id) OVER (
                      PARTITION BY person_id, family_id, kind IN ('MERGED', 'SPLIT') ORDER BY position) AS left_id
           FROM {identity}.decision
           WHERE person_id IN (SELECT id FROM met) OR family_id IN (SELECT id FROM met))
       SELECT DISTINCT decision_id FROM moves
       WHERE id = ANY($1::uuid[]) OR other_id = ANY($1::uuid[]) OR left_id = ANY($1::uuid[])""",
    IDENTITY,
)
# A settled doubt is also taken back by being told anew, which is all that there is of it where two were told apart.
_ROWS = sql(
    """SELECT decision.*, undoing.undone_by, undoing.at AS undone_at,
              coalesce(former.other_id, decision.person_id, decision.family_id) AS left_id
       FROM {identity}.decision
       LEFT JOIN LATERAL (
           SELECT later.decision_id AS undone_by, later.at FROM {identity}.decision AS later
           WHERE later.undoes = decision.decision_id
           UNION ALL
           SELECT again.again_by, again.raised_at FROM {identity}.doubt AS settled
           JOIN {identity}.doubt AS again ON again.cause_id = settled.settling_id
           WHERE settled.decision_id = decision.decision_id
           LIMIT 1) AS undoing ON true
       LEFT JOIN LATERAL (
           SELECT earlier.other_id FROM {identity}.decision AS earlier
           WHERE (earlier.person_id = decision.person_id OR earlier.family_id = decision.family_id)
             AND earlier.kind IN ('MERGED', 'SPLIT') AND earlier.position < decision.position
           ORDER BY earlier.position DESC LIMIT 1) AS former ON true
       WHERE decision.decision_id = ANY($1::uuid[]) ORDER BY decision.position""",
    IDENTITY,
)
_SETTLED = sql("SELECT DISTINCT decision_id FROM {identity}.doubt WHERE decision_id = ANY($1::uuid[])", IDENTITY)
_MOVED: Final = ("person_id", "family_id", "other_id", "left_id")
_WEIGHT: Final = (DecisionKind.TAKEN_OUT, DecisionKind.SPLIT, DecisionKind.MERGED, DecisionKind.DIFFERENT)


async def identity_history(connection: Connection, family_id: UUID) -> list[Decision]:
    """What was ever decided of this family and its people, newest first."""
    atoms = (await block_of_family(connection, family_id)).atoms
    people = [row[0] for row in await connection.fetch(_MEMBERS, atoms)]
    found = await connection.fetch(_ABOUT, [*atoms, *people])
    return await _decisions(connection, [row[0] for row in found])


async def decision(connection: Connection, decision_id: UUID) -> Decision | None:
    """One decision; None if there is none of this id."""
    found = await _decisions(connection, [decision_id])
    return found[0] if found else None


async def _decisions(connection: Connection, decision_ids: list[UUID]) -> list[Decision]:
    if not decision_ids:
        return []
    rows: dict[UUID, list[Record]] = {}
    for row in await connection.fetch(_ROWS, decision_ids):
        rows.setdefault(row["decision_id"], []).append(row)
    found = sorted(rows.values(), key=lambda of_one: of_one[0]["position"], reverse=True)
    settled = {row[0] for row in await connection.fetch(_SETTLED, decision_ids)}
    now = await _belonging(connection, [row for of_one in found for row in of_one])
    return [
        _decision(of_one, stands=of_one[0]["decision_id"] in settled or any(_stands(row, now) for row in of_one))
        for of_one in found
    ]


async def _belonging(connection: Connection, rows: Collection[Record]) -> dict[UUID, UUID]:
    """The present representative of every id that was moved, of where it went and of where it had been."""
    people = [row[name] for row in rows if row["person_id"] for name in _MOVED if row[name]]
    families = [row[name] for row in rows if row["family_id"] for name in _MOVED if row[name]]
    blocks = await blocks_of_people(connection, people) | await blocks_of_families(connection, families)
    return {each: block.representative for each, block in blocks.items()}


def _stands(row: Record, now: Mapping[UUID, UUID]) -> bool:
    """Whether who was found to be one is one with them still, or who was parted is apart from them still."""
    if row["kind"] == DecisionKind.MERGED:
        return now[row["person_id"] or row["family_id"]] == now[row["other_id"]]
    return row["kind"] == DecisionKind.SPLIT and now[row["other_id"]] != now[row["left_id"]]


def _decision(rows: list[Record], *, stands: bool) -> Decision:
    first = rows[0]
    kinds = {row["kind"] for row in rows}
    return Decision(
        decision_id=first["decision_id"],
        kind=next(kind for kind in _WEIGHT if kind in kinds),
        at=first["at"],
        agency=first["agency"],
        actor=first["actor"],
        reason=_first(row["reason"] for row in rows),
        people=_ids(id_ for row in rows if row["person_id"] for id_ in (row["person_id"], row["other_id"])),
        families=_ids(id_ for row in rows if row["family_id"] for id_ in (row["family_id"], row["other_id"])),
        submission_id=_first(row["submission_id"] for row in rows),
        undoes=_first(row["undoes"] for row in rows),
        undone_by=first["undone_by"],
        undone_at=first["undone_at"],
        stands=stands and first["undone_by"] is None,
        erased_since=_first(row["erased_since"] for row in rows),
    )


def _ids(found: Iterable[UUID | None]) -> tuple[UUID, ...]:
    """Each once, in the order of the events."""
    return tuple(dict.fromkeys(id_ for id_ in found if id_ is not None))


def _first(found: Iterable[T | None]) -> T | None:
    return next((each for each in found if each is not None), None)
