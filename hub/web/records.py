"""One id of a person or family at a time: what was told under it alone, before it was found to be one with others."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from events.database import Connection
from hub.web import dates, words
from projections.household import display_name, names
from projections.links import links_of_families
from projections.portrait import portrait
from projections.tellings import Telling, tellings


@dataclass(frozen=True, slots=True)
class PersonRecord:
    """What was told under one id: `told_by` are titles of agencies, `since` when the first of it was told."""

    person_id: UUID
    name: str
    born: str
    told_by: tuple[str, ...]
    since: datetime | None

    @property
    def words(self) -> str:
        """`Sam Madeup, born 9 April 2016`."""
        return f"{self.name}, {self.born}"

    @property
    def source(self) -> str:
        """`Told by Elm Pretend School since 3 November 2026`."""
        return _source(self.told_by, [self.since] if self.since else [])


@dataclass(frozen=True, slots=True)
class FamilyRecord:
    """Who was told of under one id of a family, in the order they came into it."""

    family_id: UUID
    people: tuple[PersonRecord, ...]
    kinds: tuple[str | None, ...]

    @property
    def words(self) -> str:
        """`Family of Sam Madeup`."""
        return words.called_family(zip((each.name for each in self.people), self.kinds, strict=True))

    @property
    def source(self) -> str:
        """`Told by Elm Pretend School since 3 November 2026`."""
        told_by = dict.fromkeys(title for each in self.people for title in each.told_by)
        return _source(told_by, [each.since for each in self.people if each.since])


async def family_records(connection: Connection, family_ids: Collection[UUID]) -> dict[UUID, FamilyRecord]:
    """In the order asked for; every id is answered."""
    people: dict[UUID, list[UUID]] = {family_id: [] for family_id in family_ids}
    for link in sorted(await links_of_families(connection, family_ids), key=lambda link: link.since):
        people[link.family_id].append(link.person_id)
    everybody = {person_id for found in people.values() for person_id in found}
    known = await records(connection, everybody)
    kinds = {person_id: named.kind for person_id, named in (await names(connection, everybody)).items()}
    return {
        family_id: FamilyRecord(family_id, tuple(known[each] for each in found), tuple(kinds[each] for each in found))
        for family_id, found in people.items()
    }


async def records(connection: Connection, person_ids: Collection[UUID]) -> dict[UUID, PersonRecord]:
    """In the order asked for; every id is answered."""
    told = await tellings(connection, person_ids)
    return {person_id: _record(person_id, told[person_id]) for person_id in person_ids}


def _source(told_by: Iterable[str], since: Collection[datetime]) -> str:
    titles = ", ".join(told_by)
    return f"Told by {titles}" + (f" since {dates.day(min(since))}" if since else "") if titles else ""


def _record(person_id: UUID, told: Collection[Telling]) -> PersonRecord:
    found = portrait(told)
    birth = found.person.birth.date if found.person.birth else None
    return PersonRecord(
        person_id,
        display_name(found.person, found.erased_since),
        dates.born(birth),
        tuple(dict.fromkeys(words.agency(each.agency, each.agency_title) for each in told)),
        min((each.at for each in told), default=None),
    )
