"""Where a matter goes: by the referral taken out of it, and by one that stays where it had followed that one's way."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from uuid import UUID

from events.description import Person
from events.envelope import Recorded, stream
from events.family import MatterRouted, RouteDetails
from events.referral import ReferralReceived
from hub.deciders.household import home_postcode
from hub.identity.brought import Brought, Telling, description, words
from hub.routing import Route, route


@dataclass(frozen=True, slots=True)
class Rerouted:
    """A matter that went where the submission taken out asked: `event` sends it anew, None if nobody else asks.

    Then the next referral does; `family_id` is the family whose queue is `queue` from now on.
    """

    family_id: UUID
    event: MatterRouted | None

    @property
    def queue(self) -> str | None:
        """The queue it goes to."""
        details = self.event.details if self.event else None
        return details.queue if isinstance(details, RouteDetails) else None


def route_of(telling: Telling, people: Mapping[UUID, Person]) -> Route | None:
    """Where this telling asks for help; nowhere if it asks for nothing. `people` are those it names."""
    told = telling.event
    if not isinstance(told, ReferralReceived):
        return None
    child = people[told.subject_id]
    on = telling.recorded.record.occurred_at.date()
    return route(home_postcode(people.values()), child.birth, child.year_group, on, unborn=child.unborn)


def routed(telling: Telling, family_id: UUID, matter_id: UUID, found: Route) -> MatterRouted:
    """The event of this route."""
    details = RouteDetails(queue=found.queue, reason=found.reason, rules=found.rules)
    return MatterRouted(family_id=family_id, matter_id=matter_id, submission_id=telling.submission_id, details=details)


def rerouted(brought: Brought) -> Rerouted | None:
    """What becomes of the matter left behind; None where it had gone another one's way."""
    here = brought.telling.event
    if _led_by(brought.streams[stream("family", here.family_id)], here.matter_id) != brought.submission_id:
        return None
    for telling, people in _stays(brought):
        found = route_of(telling, people)
        if found is not None:
            return Rerouted(here.family_id, routed(telling, here.family_id, here.matter_id, found))
    return Rerouted(here.family_id, None)


def _stays(brought: Brought) -> Iterator[tuple[Telling, dict[UUID, Person]]]:
    """The other referrals of the matter, with those they name; none of whom anybody was erased."""
    here = brought.telling.event
    for telling in brought.tellings(here.family_id):
        if telling.submission_id != brought.submission_id and telling.event.matter_id == here.matter_id:
            said = {each: words(description(brought.recorded(each), telling)) for each in telling.everybody}
            known = {each: person for each, person in said.items() if person is not None}
            if known.keys() == said.keys():
                yield telling, known


def _led_by(family: list[Recorded], matter_id: UUID) -> UUID | None:
    """The submission by which a matter went where it is; a route that does not say it came with the next referral."""
    led: UUID | None = None
    open_route = False
    for recorded in family:
        match recorded.event:
            case MatterRouted() as event if event.matter_id == matter_id:
                led, open_route = event.submission_id, event.submission_id is None
            case ReferralReceived() as event if event.matter_id == matter_id and open_route:
                led, open_route = event.submission_id, False
            case _:
                pass
    return led
