"""Facts about who is who: merges, splits, and submissions taken out again.

The ids that intake gave to people and families are never changed and nothing recorded under them moves. An identity is
a block of such ids, called by one of them. A merge or a split says of one id which block it belongs to from now on: one
event for each id whose block changes, on that id's own stream, all of one decision in one append under one
`decision_id`. So the present state of an id is its newest event, and every decision can be undone by another one.
"""

from __future__ import annotations

from uuid import UUID

from events.envelope import Details, Erased, Event


class DecisionDetails(Details):
    """What the person who decided gave as the reason."""

    reason: str


class PersonMerged(Event, name="person.merged", version=1):
    """A person was found to be the one who is called `belongs_to`. `undoes` is the decision taken back by it."""

    person_id: UUID
    belongs_to: UUID
    decision_id: UUID
    undoes: UUID | None = None
    details: DecisionDetails | Erased


class PersonSplit(Event, name="person.split", version=1):
    """A person was found not to be who they were taken for, and belongs to `belongs_to` from now on."""

    person_id: UUID
    belongs_to: UUID
    decision_id: UUID
    undoes: UUID | None = None
    details: DecisionDetails | Erased


class FamilyMerged(Event, name="family.merged", version=1):
    """A family was found to be one with the family called `belongs_to`. Sealed under its newest matter's key."""

    family_id: UUID
    belongs_to: UUID
    decision_id: UUID
    undoes: UUID | None = None
    details: DecisionDetails | Erased


class FamilySplit(Event, name="family.split", version=1):
    """A family was found to be another one than it was taken for, and belongs to `belongs_to` from now on."""

    family_id: UUID
    belongs_to: UUID
    decision_id: UUID
    undoes: UUID | None = None
    details: DecisionDetails | Erased


class SubmissionTakenOut(Event, name="submission.taken_out", version=1):
    """What this submission told was not about this family: it is recorded again in `into_family`, and void here.

    On the family's stream, sealed under the matter's key. `people` are the ids here whose descriptions by this
    submission are void.
    """

    submission_id: UUID
    family_id: UUID
    matter_id: UUID
    people: tuple[UUID, ...]
    into_family: UUID
    decision_id: UUID
    details: DecisionDetails | Erased
