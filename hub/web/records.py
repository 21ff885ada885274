"""One id of a person at a time: what was told under it alone, before anybody said that it is one with others."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from events.database import Connection
from hub.web import dates, words
from projections.household import display_name
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
        since = f" since {dates.day(self.since)}" if self.since else ""
        return f"Told by {', '.join(self.told_by)}{since}" if self.told_by else ""


async def records(connection: Connection, person_ids: Collection[UUID]) -> dict[UUID, PersonRecord]:
    """In the order asked for; every id is answered."""
    told = await tellings(connection, person_ids)
    return {person_id: _record(person_id, told[person_id]) for person_id in person_ids}


def _record(person_id: UUID, told: Collection[Telling]) -> PersonRecord:
    found = portrait(told)
    birth = found.person.birth.date if found.person.birth else None
    return PersonRecord(
        person_id,
        display_name(found.person, found.erased_since),
        f"born {dates.birth(birth)}" if birth else "birth not known",
        tuple(dict.fromkeys(words.agency(each.agency, each.agency_title) for each in told)),
        min((each.at for each in told), default=None),
    )
