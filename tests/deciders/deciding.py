"""Decides arrivals in tests, and says what came of it."""

from __future__ import annotations

from events.doubt import PersonDoubted
from events.family import LinkDetails, PersonLinked
from hub.arrival import Arrival
from hub.deciders.household import Household
from hub.deciders.submission import Deciding, Decision
from hub.matching.described import describe
from hub.matching.known import Known
from hub.submission import Submission
from tests.intake.words import INDEX, RULES


def decided(arrival: Arrival, known: Known) -> Decision:
    people = describe(arrival.read, arrival.agency.code, INDEX) if isinstance(arrival.read, Submission) else []
    return Deciding(known, INDEX, RULES.matching(known.size)).decide(arrival, people)


def household(arrival: Arrival, known: Known) -> Household:
    found = decided(arrival, known).household
    assert found is not None
    return found


def names(decision: Decision) -> list[str]:
    return [draft.event.event_name for draft in decision.drafts]


def doubts(found: Household) -> list[PersonDoubted]:
    return [draft.event for draft in found.drafts if isinstance(draft.event, PersonDoubted)]


def links(found: Household) -> list[LinkDetails]:
    events = [draft.event for draft in found.drafts if isinstance(draft.event, PersonLinked)]
    return [event.details for event in events if isinstance(event.details, LinkDetails)]
