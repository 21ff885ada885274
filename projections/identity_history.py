"""Questions to the decisions about who is who: what was merged, split or taken out of a family, by whom, and undone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypeVar
from uuid import UUID

from asyncpg import Record

from events.database import Connection
from projections.belonging import block_of_family
from projections.identity import IDENTITY, DecisionKind
from projections.people import PEOPLE
from projections.reading import sql

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision, whatever number of ids it moved.

    `people` and `families` are all ids it speaks of, those that were moved and those they were moved to. `actor` is an
    opaque id. `reason` is None once erased. `undone_by` is the newest decision that took this one back.
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
_ROWS = sql(
    """SELECT decision.*, undoing.decision_id AS undone_by
       FROM {identity}.decision
       LEFT JOIN LATERAL (SELECT later.decision_id FROM {identity}.decision AS later
                          WHERE later.undoes = decision.decision_id
                          ORDER BY later.position DESC LIMIT 1) AS undoing ON true
       WHERE decision.decision_id = ANY($1::uuid[]) ORDER BY decision.position""",
    IDENTITY,
)
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
    rows: dict[UUID, list[Record]] = {}
    for row in await connection.fetch(_ROWS, decision_ids) if decision_ids else ():
        rows.setdefault(row["decision_id"], []).append(row)
    found = sorted(rows.values(), key=lambda of_one: of_one[0]["position"], reverse=True)
    return [_decision(of_one) for of_one in found]


def _decision(rows: list[Record]) -> Decision:
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
        erased_since=_first(row["erased_since"] for row in rows),
    )


def _ids(found: Iterable[UUID | None]) -> tuple[UUID, ...]:
    """Each once, in the order of the events."""
    return tuple(dict.fromkeys(id_ for id_ in found if id_ is not None))


def _first(found: Iterable[T | None]) -> T | None:
    return next((each for each in found if each is not None), None)
