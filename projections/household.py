"""Questions to the people read model: who is in this family, what are these people called."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

import orjson
from asyncpg import Record

from events.database import Connection
from events.description import Adult, Name
from projections.agencies import AGENCIES
from projections.people import PEOPLE
from projections.reading import sql


@dataclass(frozen=True, slots=True)
class Member:
    """One person of a family, as it may be shown.

    `person` holds what was said of them (`Adult` has every field a child has). `hidden`: address and contacts are
    protected and left out here. `erased_since` set: nothing else is known. `reasons` say how the hub knew that the
    person belongs to the family, by `method` and `score` (hundredths of a bit).
    """

    person_id: UUID
    family_id: UUID
    kind: str | None
    person: Adult
    former_names: tuple[Name, ...]
    hidden: bool
    recorded_by: str | None
    recorded_by_title: str | None
    described_at: datetime | None
    since: datetime
    method: str | None
    score: int | None
    reasons: tuple[str, ...]
    erased_since: datetime | None

    @property
    def display_name(self) -> str:
        """What to call them on a page."""
        return display_name(self.person, self.erased_since)


@dataclass(frozen=True, slots=True)
class Named:
    """What a person is called, for lists that know people by id."""

    person_id: UUID
    display_name: str
    kind: str | None
    birth: str | None
    erased_since: datetime | None


_HOUSEHOLD = sql(
    """SELECT member.*, person.kind, person.described, person.former_names, person.protected, person.recorded_by,
              person.described_at, person.erased_since AS person_erased, agency.title
       FROM {people}.member
       LEFT JOIN {people}.person USING (person_id)
       LEFT JOIN {agencies}.agency ON agency.code = person.recorded_by
       WHERE member.family_id = ANY($1::uuid[])
       ORDER BY member.family_id, person.kind = 'CHILD' DESC NULLS LAST, person.described::json #>> '{{birth,date}}',
                member.person_id""",
    PEOPLE,
    AGENCIES,
)
_NAMES = sql(
    "SELECT person_id, kind, described, erased_since FROM {people}.person WHERE person_id = ANY($1::uuid[])", PEOPLE
)
_FOUND = sql("SELECT submission_id, found FROM {people}.unplaced WHERE submission_id = ANY($1::uuid[])", PEOPLE)


async def household(connection: Connection, family_id: UUID) -> list[Member]:
    """Everybody in the family: children first, the eldest first."""
    return (await households(connection, [family_id]))[family_id]


async def households(connection: Connection, family_ids: Collection[UUID]) -> dict[UUID, list[Member]]:
    """The same for many families at once; a family nobody knows is an empty list."""
    found: dict[UUID, list[Member]] = {family_id: [] for family_id in family_ids}
    guarded: set[UUID] = set()
    for row in await connection.fetch(_HOUSEHOLD, list(found)):
        found[row["family_id"]].append(
            Member(
                person_id=row["person_id"],
                family_id=row["family_id"],
                kind=row["kind"],
                person=_person(row["described"]),
                former_names=tuple(Name.model_validate(name) for name in orjson.loads(row["former_names"] or "[]")),
                hidden=False,
                recorded_by=row["recorded_by"],
                recorded_by_title=row["title"] or row["recorded_by"],
                described_at=row["described_at"],
                since=row["since"],
                method=row["method"],
                score=row["score"],
                reasons=tuple(orjson.loads(row["reasons"] or "[]")),
                erased_since=row["person_erased"],
            )
        )
        if row["protected"] is not False or row["person_erased"] is not None:
            guarded.add(row["family_id"])
    return {
        family_id: [_shown(member, guarded=family_id in guarded) for member in members]
        for family_id, members in found.items()
    }


async def names(connection: Connection, person_ids: Collection[UUID]) -> dict[UUID, Named]:
    """What these people are called; every id asked for is answered."""
    found = {row["person_id"]: row for row in await connection.fetch(_NAMES, list(set(person_ids)))}
    return {person_id: _named(person_id, found.get(person_id)) for person_id in person_ids}


async def found_of(connection: Connection, submission_ids: Collection[UUID]) -> dict[UUID, dict[str, str]]:
    """What could be read of the people in these review items, label to value; nothing for erased ones."""
    rows = await connection.fetch(_FOUND, list(submission_ids))
    return {row["submission_id"]: orjson.loads(row["found"]) for row in rows if row["found"] is not None}


def display_name(person: Adult, erased_since: datetime | None) -> str:
    """Preferred names before legal ones; somebody without a name still has words to be called by."""
    if erased_since is not None:
        return "Erased"
    name = person.name
    parts = (name.preferred_given or name.given, name.preferred_family or name.family)
    called = " ".join(part for part in parts if part)
    if called:
        return called
    return "Unborn child" if person.unborn else "Name not known"


def _shown(member: Member, *, guarded: bool) -> Member:
    """The one place that decides about addresses and contacts.

    If anybody in the family is protected, nobody's are shown: the child's address, told by a school that knows of no
    danger, would give away the mother's. So it is where nobody can tell any more (erased) or yet (their stream is not
    carried so far) whether somebody is.
    """
    person = member.person
    if guarded:
        return replace(member, hidden=True, person=person.model_copy(update={"address": None, "contacts": ()}))
    contacts = tuple(contact for contact in person.contacts if not contact.restricted)
    return replace(member, person=person.model_copy(update={"contacts": contacts}))


def _person(said: str | None) -> Adult:
    return Adult() if said is None else Adult.model_validate_json(said)


def _named(person_id: UUID, row: Record | None) -> Named:
    if row is None:
        return Named(person_id, "Name not known", None, None, None)
    person = _person(row["described"])
    birth = person.birth.date if person.birth else None
    return Named(person_id, display_name(person, row["erased_since"]), row["kind"], birth, row["erased_since"])
