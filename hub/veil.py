"""Opened events without what could tell where a protected person is: a protected address is shown to nobody."""

from __future__ import annotations

import re
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
_TEXTS: Final = ("concern", "request", "summary", "reason")
_STREETS: Final = (
    "Avenue|Close|Court|Crescent|Drive|Gardens|Grove|House|Lane|Mews|Place|Refuge|Rise|Road|Row|Square|Street|Terrace"
    "|Walk|Way|Yard"
)
# Every repetition is bounded, so that no text of an agency makes the search slow.
_PLACE: Final = re.compile(
    rf"""\b\d{{1,5}}[a-z]?,?\s{{1,3}}(?-i:(?:[A-Z][\w'\u2019-]{{0,30}}\s{{1,3}}){{0,3}}(?:{_STREETS})\b) # 7 New Lane
         |\b[a-z]{{1,2}}\d[a-z\d]?\s{{0,3}}\d[a-z]{{2}}\b                     # a postcode
         |(?<!\d)(?:\+\s?44|0)(?:[\s()-]{{0,3}}\d){{9,10}}(?!\d)              # a telephone number
         |[\w.+-]{{1,64}}@[\w-]{{1,63}}(?:\.[\w-]{{1,63}}){{1,5}}               # an e-mail address
    """,
    re.IGNORECASE | re.VERBOSE,
)


async def veiled(pool: Pool, opened: Sequence[Recorded]) -> list[Recorded]:
    """The same events; of people and families that are hidden no address, contact, place or reason of a queue."""
    people = {each.event.person_id for each in opened if isinstance(each.event, PersonRecorded)}
    families = {found for each in opened if (found := _family(each.event)) is not None}
    async with pool.acquire() as connection:
        hidden = await hidden_people(connection, people) | await hidden_families(connection, families)
    return [each._replace(event=_veiled(each.event, hidden)) for each in opened]


def without_places(text: str) -> str:
    """Free text without what looks like a street, a postcode, a telephone number or an e-mail address.

    What does not look like one stays: the name of a house or a village cannot be told from another word.
    """
    return _PLACE.sub("[protected]", text)


def _family(event: Event) -> UUID | None:
    found: UUID | None = getattr(event, "family_id", None)
    return found


def _veiled(event: Event, hidden: set[UUID]) -> Event:
    details: Any = getattr(event, "details", None)
    if isinstance(event, PersonRecorded) and isinstance(details, PersonDetails):
        open_to_all = event.person_id not in hidden
        shown = {"child": _without_places(details.child), "adult": _without_places(details.adult)}
        return event if open_to_all else event.model_copy(update={"details": details.model_copy(update=shown)})
    if _family(event) not in hidden or not isinstance(details, Details):
        return event
    if isinstance(event, MatterRouted) and isinstance(details, RouteDetails):
        return event.model_copy(update={"details": details.model_copy(update={"reason": PROTECTED})})
    said: dict[str, Any] = {
        name: without_places(text) for name in _TEXTS if isinstance(text := getattr(details, name, None), str)
    }
    if isinstance(details, ReferralDetails | InformationDetails):
        said["facts"] = _facts(details.facts)
    return event.model_copy(update={"details": details.model_copy(update=said)})


def _without_places(person: Person | None) -> Person | None:
    return person and person.model_copy(update={"address": None, "contacts": ()})


def _facts(facts: Iterable[ToldFact]) -> tuple[ToldFact, ...]:
    return tuple(
        each.model_copy(update={"value": PROTECTED if each.name in PLACES else without_places(each.value)})
        for each in facts
    )
