"""Opened events without what could tell where a protected person is: a protected address is shown to nobody."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from events.database import Pool
from events.description import Person
from events.envelope import Details, Event, Recorded
from events.family import MatterRouted, RouteDetails
from events.person import PersonDetails, PersonRecorded
from events.referral import InformationDetails, ReferralDetails, ToldFact
from hub.veil_words import Veil
from projections.hiding import hidden_families, hidden_people

PLACES: Final = frozenset({"incident-place", "where"})
"""Facts that can give an address away."""
PROTECTED: Final = "Address protected"
_TEXTS: Final = ("concern", "request", "summary", "reason")


async def veiled(pool: Pool, opened: Sequence[Recorded]) -> list[Recorded]:
    """The same events; of people and families that are hidden no address, contact, place or reason of a queue."""
    people = {each.event.person_id for each in opened if isinstance(each.event, PersonRecorded)}
    families = {found for each in opened if (found := _family(each.event)) is not None}
    async with pool.acquire() as connection:
        hidden = await hidden_people(connection, people)
        veils = {each: Veil(homes) for each, homes in (await hidden_families(connection, families)).items()}
    return [each._replace(event=_veiled(each.event, hidden, veils)) for each in opened]


def _family(event: Event) -> UUID | None:
    found: UUID | None = getattr(event, "family_id", None)
    return found


def _veiled(event: Event, hidden: set[UUID], veils: Mapping[UUID, Veil]) -> Event:
    details: Any = getattr(event, "details", None)
    if isinstance(event, PersonRecorded) and isinstance(details, PersonDetails):
        open_to_all = event.person_id not in hidden
        shown = {"child": _without_places(details.child), "adult": _without_places(details.adult)}
        return event if open_to_all else event.model_copy(update={"details": details.model_copy(update=shown)})
    family_id = _family(event)
    if family_id is None or family_id not in veils or not isinstance(details, Details):
        return event
    veil = veils[family_id]
    if isinstance(event, MatterRouted) and isinstance(details, RouteDetails):
        return event.model_copy(update={"details": details.model_copy(update={"reason": PROTECTED})})
    said: dict[str, Any] = {
        name: veil.over(text) for name in _TEXTS if isinstance(text := getattr(details, name, None), str)
    }
    if isinstance(details, ReferralDetails | InformationDetails):
        said["facts"] = _facts(details.facts, veil)
    return event.model_copy(update={"details": details.model_copy(update=said)})


def _without_places(person: Person | None) -> Person | None:
    return person and person.model_copy(update={"address": None, "contacts": ()})


def _facts(facts: Iterable[ToldFact], veil: Veil) -> tuple[ToldFact, ...]:
    return tuple(
        each.model_copy(update={"value": PROTECTED if each.name in PLACES else veil.over(each.value)}) for each in facts
    )
