"""Questions to the people read model: who is in this family, what are these people called."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final
from uuid import UUID

import orjson

from events.database import Connection
from events.description import Adult, Name
from projections.belonging import blocks_of_people
from projections.circle import Circle, gather
from projections.homes import Home, homes
from projections.links import Link
from projections.people import PEOPLE
from projections.portrait import Portrait, portrait
from projections.reading import sql
from projections.tellings import tellings


@dataclass(frozen=True, slots=True)
class Member:
    """One person of a family, as it may be shown.

    `person_id` and `family_id` are the representatives of the identity; `atoms` are all ids of the person. `person`
    holds what was said of them (`Adult` has every field a child has), `homes` where they live and lived. `hidden`:
    address and contacts are protected and left out here. `erased_since` set: nothing else is known. `since`, `method`
    and `score` (hundredths of a bit) and `reasons` say how the hub first knew that the person belongs to the family.
    """

    person_id: UUID
    family_id: UUID
    atoms: tuple[UUID, ...]
    kind: str | None
    person: Adult
    homes: tuple[Home, ...]
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


_FOUND = sql("SELECT submission_id, found FROM {people}.unplaced WHERE submission_id = ANY($1::uuid[])", PEOPLE)
_LAST: Final = "9"


async def household(connection: Connection, family_id: UUID) -> list[Member]:
    """Everybody in the family that this id belongs to: children first, the eldest first."""
    return (await households(connection, [family_id]))[family_id]


async def households(connection: Connection, family_ids: Collection[UUID]) -> dict[UUID, list[Member]]:
    """The same for many families at once; a family nobody knows is an empty list."""
    circle = await gather(connection, family_ids)
    return {family_id: members_of(circle, block.representative) for family_id, block in circle.families.items()}


def members_of(circle: Circle, family_id: UUID) -> list[Member]:
    """Everybody in the family of this representative, as they may be shown."""
    guarded = family_id in circle.guarded_families
    links = circle.links.get(family_id, {})
    members = [_member(circle, family_id, person_id, found[0]) for person_id, found in links.items()]
    return [_shown(member, guarded=guarded) for member in sorted(members, key=_place)]


def _member(circle: Circle, family_id: UUID, person_id: UUID, link: Link) -> Member:
    found = circle.portraits[person_id]
    return Member(
        person_id=person_id,
        family_id=family_id,
        atoms=circle.atoms[person_id],
        kind=found.kind,
        person=found.person,
        homes=homes(circle.told[person_id]),
        former_names=found.former_names,
        hidden=False,
        recorded_by=found.by.agency if found.by else None,
        recorded_by_title=found.by.agency_title if found.by else None,
        described_at=found.by.at if found.by else None,
        since=link.since,
        method=link.method,
        score=link.score,
        reasons=link.reasons,
        erased_since=found.erased_since,
    )


def _place(member: Member) -> tuple[int, str, bytes]:
    """Children first, the eldest first; who is not known as either, or of no known birth, comes last."""
    order = {"CHILD": 0, "ADULT": 1}.get(member.kind or "", 2)
    return order, member.person.birth.date if member.person.birth else _LAST, member.person_id.bytes


async def names(connection: Connection, person_ids: Collection[UUID]) -> dict[UUID, Named]:
    """What these people are called; every id asked for is answered."""
    blocks = await blocks_of_people(connection, person_ids)
    told = await tellings(connection, [atom for block in blocks.values() for atom in block.atoms])
    return {
        person_id: _named(person_id, portrait(telling for atom in blocks[person_id].atoms for telling in told[atom]))
        for person_id in person_ids
    }


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
    """The one place that leaves out addresses and contacts; `Circle.guarded_families` decides of whom."""
    person = member.person
    if guarded:
        shown = person.model_copy(update={"address": None, "contacts": ()})
        return replace(member, hidden=True, person=shown, homes=())
    contacts = tuple(contact for contact in person.contacts if not contact.restricted)
    return replace(member, person=person.model_copy(update={"contacts": contacts}))


def _named(person_id: UUID, found: Portrait) -> Named:
    birth = found.person.birth.date if found.person.birth else None
    return Named(person_id, display_name(found.person, found.erased_since), found.kind, birth, found.erased_since)
