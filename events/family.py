"""Facts about a family: its members, its matters, and where a matter goes for help."""

from __future__ import annotations

from uuid import UUID

from events.envelope import Details, Erased, Event


class FamilyOpened(Event, name="family.opened", version=1):
    """The hub learnt of a family it did not know."""

    family_id: UUID


class LinkDetails(Details):
    """How the hub knew that this person belongs here; replay never matches again.

    `score` is a match weight in hundredths of a bit (whole numbers only: the canonical profile has no floats).
    """

    method: str
    score: int | None = None
    reasons: tuple[str, ...] = ()
    model: str | None = None


class PersonLinked(Event, name="family.person_linked", version=1):
    """A person was found to belong to this family, by the method and reasons given."""

    family_id: UUID
    person_id: UUID
    matter_id: UUID
    submission_id: UUID
    details: LinkDetails | Erased


class MatterOpened(Event, name="matter.opened", version=1):
    """A span of help inside a family began with a first contact."""

    family_id: UUID
    matter_id: UUID


class RouteDetails(Details):
    """Where a matter was sent, by which rule, of which version of the place table."""

    queue: str
    reason: str
    rules: str


class MatterRouted(Event, name="matter.routed", version=1):
    """A matter was put into a team's or panel's queue. Events of before do not say by which `submission_id`."""

    family_id: UUID
    matter_id: UUID
    submission_id: UUID | None = None
    details: RouteDetails | Erased
