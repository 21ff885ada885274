"""Opened events without what could tell where a protected person is: a protected address is shown to nobody."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final
from uuid import UUID

from events.database import Pool
from events.description import Person
from events.envelope import Details, Event, Recorded
from events.family import MatterRouted, RouteDetails
from events.person import PersonDetails, PersonRecorded
from events.referral import InformationDetails, ReferralDetails, ToldFact
from projections.hiding import hidden_families, hidden_people

PLACES: Final = frozenset({"incident-place", "where"})
"""Facts that can give an address away."""
PROTECTED: Final = "Address protected"


async def veiled(pool: Pool, opened: Sequence[Recorded]) -> list[Recorded]:
    """The same events; of people and families that are hidden no address, contact, place or reason of a queue."""
    people = {each.event.person_id for each in opened if isinstance(each.event, PersonRecorded)}
    families = {found for each in opened if (found := _family(each.event)) is not None}
    async with pool.acquire() as connection:
        hidden = await hidden_people(connection, people) | await hidden_families(connection, families)
    return [each._replace(event=_veiled(each.event, hidden)) for each in opened]


def _family(event: Event) -> UUID | None:
    found: UUID | None = getattr(event, "family_id", None)
    return found


def _veiled(event: Event, hidden: set[UUID]) -> Event:
    details: Any = getattr(event, "details", None)
    if isinstance(event, PersonRecorded) and isinstance(details, PersonDetails):
        open_to_all = event.person_id not in hidden
        said = {"child": _without_places(details.child), "adult": _without_places(details.adult)}
        return event if open_to_all else event.model_copy(update={"details": details.model_copy(update=said)})
    if _family(event) not in hidden or not isinstance(details, Details):
        return event
    if isinstance(event, MatterRouted) and isinstance(details, RouteDetails):
        return event.model_copy(update={"details": details.model_copy(update={"reason": PROTECTED})})
    if isinstance(details, ReferralDetails | InformationDetails):
        return event.model_copy(update={"details": details.model_copy(update={"facts": _facts(details.facts)})})
    return event


def _without_places(person: Person | None) -> Person | None:
    return person and person.model_copy(update={"address": None, "contacts": ()})


def _facts(facts: Iterable[ToldFact]) -> tuple[ToldFact, ...]:
    return tuple(each.model_copy(update={"value": PROTECTED}) if each.name in PLACES else each for each in facts)
