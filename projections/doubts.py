"""Questions to the doubts: whom may the hub know already, since when does somebody have to decide, what was decided."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, NamedTuple
from uuid import UUID

from asyncpg import Record

from events.database import Connection
from events.doubt import DoubtDetails, DoubtedPair, DoubtOutcome, Reopened
from projections.agencies import AGENCIES
from projections.belonging import blocks_of_families, blocks_of_people
from projections.identity import IDENTITY
from projections.links import links_of_people
from projections.reading import sql
from projections.working_days import due_on, overdue_before

PAGE_SIZE: Final = 25


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody whom the new person may be.

    `family_ids` are the families they belong to now, by representative. `pair` is how they compare; None once erased.
    """

    person_id: UUID
    family_ids: tuple[UUID, ...]
    pair: DoubtedPair | None


@dataclass(frozen=True, slots=True)
class Settled:
    """How somebody decided: `same_as` is the candidate, None if none of them. `actor` is an opaque id."""

    outcome: DoubtOutcome
    same_as: UUID | None
    decision_id: UUID
    at: datetime
    actor: str
    reason: str | None


@dataclass(frozen=True, slots=True)
class Doubt:
    """A new person who may be known already, in a family of their own until somebody decides.

    Everybody by the id intake gave them (names by `household.names`). `due_on`: the London day by whose end somebody
    must have looked. `model` is the SHA-256, in hex, of the matching model. `why`: why a person must look, in a
    sentence; None once erased, or if it was not recorded. `reopened`: an earlier decision of it was taken back.
    `if_one_family`: the candidate that it is if that one's family is found to be theirs, where that is certain then.
    `settled` is None while it is open.
    """

    doubt_id: UUID
    person_id: UUID
    family_id: UUID
    submission_id: UUID
    agency: str
    agency_title: str
    occurred_at: datetime
    raised_at: datetime
    due_on: date
    overdue: bool
    candidates: tuple[Candidate, ...]
    why: str | None
    model: str | None
    reopened: Reopened | None
    if_one_family: UUID | None
    settled: Settled | None
    erased_since: datetime | None


@dataclass(frozen=True, slots=True)
class DoubtPage:
    """One page of open doubts, the oldest first."""

    doubts: tuple[Doubt, ...]
    number: int
    pages: int
    total: int


class DoubtCount(NamedTuple):
    """How many doubts are open, and how many of them should have been looked at."""

    open: int
    overdue: int


# A doubt about what was not this family's has gone with it: matching has looked at it again where it was put.
_OPEN: Final = sql(
    """FROM {identity}.doubt WHERE outcome IS NULL AND NOT EXISTS (
           SELECT FROM {identity}.taken_out AS gone
           WHERE gone.submission_id = doubt.submission_id AND gone.family_id = doubt.family_id)""",
    IDENTITY,
)
_COUNT = sql("SELECT count(*), count(*) FILTER (WHERE raised_at < $1) {open}", open=_OPEN)
_PAGE = sql("SELECT doubt_id {open} ORDER BY raised_at, doubt_id LIMIT $1 OFFSET $2", open=_OPEN)
_OF_FAMILIES = sql("SELECT doubt_id {open} AND family_id = ANY($1::uuid[]) ORDER BY raised_at, doubt_id", open=_OPEN)
_OF_SUBMISSION = sql(
    "SELECT doubt_id {open} AND submission_id = $1 AND doubt_id <> $2 ORDER BY raised_at, doubt_id", open=_OPEN
)
_DOUBTS = sql(
    """SELECT doubt.*, coalesce(agency.title, doubt.agency) AS title
       FROM {identity}.doubt LEFT JOIN {agencies}.agency ON agency.code = doubt.agency
       WHERE doubt_id = ANY($1::uuid[]) ORDER BY raised_at, doubt_id""",
    IDENTITY,
    AGENCIES,
)


async def count_open(connection: Connection, now: datetime) -> DoubtCount:
    """For the start page."""
    row = await connection.fetchrow(_COUNT, overdue_before(now))
    return DoubtCount(*row) if row is not None else DoubtCount(0, 0)


async def open_doubts(connection: Connection, now: datetime, page: int = 1) -> DoubtPage:
    """Page `page` (from 1) of what somebody must decide; a page behind the last one is the last one."""
    total = (await count_open(connection, now)).open
    pages = max(1, -(-total // PAGE_SIZE))
    number = min(max(page, 1), pages)
    rows = await connection.fetch(_PAGE, PAGE_SIZE, (number - 1) * PAGE_SIZE)
    return DoubtPage(await _doubts(connection, now, [row[0] for row in rows]), number, pages, total)


async def open_doubts_of(connection: Connection, now: datetime, atoms: Iterable[UUID]) -> tuple[Doubt, ...]:
    """Open doubts about people of these family ids (`Block.atoms`), for a family's page."""
    rows = await connection.fetch(_OF_FAMILIES, list(atoms))
    return await _doubts(connection, now, [row[0] for row in rows])


async def doubts_along(connection: Connection, of: Doubt, now: datetime) -> tuple[Doubt, ...]:
    """Other open doubts about people told of in the same submission, which an answer about the family would end."""
    rows = await connection.fetch(_OF_SUBMISSION, of.submission_id, of.doubt_id)
    found = await _doubts(connection, now, [row[0] for row in rows])
    return tuple(each for each in found if each.if_one_family is not None)


async def doubt(connection: Connection, doubt_id: UUID, now: datetime) -> Doubt | None:
    """One doubt, open or settled; None if it was never raised."""
    found = await _doubts(connection, now, [doubt_id])
    return found[0] if found else None


async def _doubts(connection: Connection, now: datetime, doubt_ids: Sequence[UUID]) -> tuple[Doubt, ...]:
    rows = await connection.fetch(_DOUBTS, doubt_ids) if doubt_ids else []
    families = await families_of(connection, {person_id for row in rows for person_id in row["candidates"]})
    return tuple(_doubt(row, families, overdue_before(now)) for row in rows)


async def families_of(connection: Connection, person_ids: Iterable[UUID]) -> dict[UUID, tuple[UUID, ...]]:
    """The families, by representative, that each of these people belongs to now."""
    blocks = await blocks_of_people(connection, set(person_ids))
    links = await links_of_people(connection, {atom for block in blocks.values() for atom in block.atoms})
    families = await blocks_of_families(connection, {link.family_id for link in links})
    by_atom: dict[UUID, set[UUID]] = {}
    for link in links:
        by_atom.setdefault(link.person_id, set()).add(families[link.family_id].representative)
    return {
        person_id: tuple(sorted(set[UUID]().union(*(by_atom.get(atom, ()) for atom in block.atoms))))
        for person_id, block in blocks.items()
    }


def _doubt(row: Record, families: dict[UUID, tuple[UUID, ...]], late: datetime) -> Doubt:
    details = None if row["details"] is None else DoubtDetails.model_validate_json(row["details"])
    pairs = {pair.person_id: pair for pair in details.pairs} if details else {}
    return Doubt(
        doubt_id=row["doubt_id"],
        person_id=row["person_id"],
        family_id=row["family_id"],
        submission_id=row["submission_id"],
        agency=row["agency"],
        agency_title=row["title"],
        occurred_at=row["occurred_at"],
        raised_at=row["raised_at"],
        due_on=due_on(row["raised_at"]),
        overdue=row["outcome"] is None and row["raised_at"] < late,
        candidates=tuple(
            Candidate(person_id, families.get(person_id, ()), pairs.get(person_id)) for person_id in row["candidates"]
        ),
        why=details.why or None if details else None,
        model=details.model if details else None,
        reopened=details.reopened if details else None,
        if_one_family=details.if_one_family if details else None,
        settled=_settled(row),
        erased_since=row["erased_since"],
    )


def _settled(row: Record) -> Settled | None:
    if row["outcome"] is None:
        return None
    outcome = DoubtOutcome(row["outcome"])
    return Settled(outcome, row["same_as"], row["decision_id"], row["settled_at"], row["settled_by"], row["reason"])
