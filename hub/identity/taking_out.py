"""Decides what taking a submission out of a family writes: that it is void there, and all of it again elsewhere.

Compensating events: nothing is rewritten. What is recorded again keeps its submission, referral, time, teller and
basis, and names the original event as its cause; the family, the matter and the people are new, under new keys.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID, uuid4

from events.description import Person
from events.envelope import Draft, Erased, Event, Recorded, stream
from events.family import FamilyOpened, LinkDetails, MatterOpened, PersonLinked
from events.identity import SubmissionTakenOut
from events.log import Append
from events.person import PersonRecorded
from events.referral import ReferralReceived
from hub.identity.brought import Brought, description, words
from hub.identity.known import Deciding, Decision, History, Known, pairs
from hub.identity.refusals import DoubtOpen, ErasedSince, NothingToTakeOut
from hub.identity.repeating import repeated
from hub.identity.rerouting import Rerouted, rerouted, route_of, routed
from hub.identity.taken_tables import Folded, TakenOut
from hub.index import Index
from hub.matching.described import describe_people
from hub.refold import said
from hub.routing import Route

_LINK = LinkDetails(method="DECIDED", reasons=("What was told was taken out of another family",))


@dataclass(frozen=True, slots=True)
class _Into:
    """Where a submission goes: new ids, the new id of each person, and how it described them."""

    family_id: UUID
    matter_id: UUID
    new: dict[UUID, UUID]
    people: dict[UUID, Person]


def take_out(history: History, known: Known, deciding: Deciding, index: Index) -> Decision:
    """Void it here, record it there. Raises `NothingToTakeOut`, `DoubtOpen`, `ErasedSince`."""
    brought = history.brought
    if brought is None:
        raise NothingToTakeOut
    if brought.in_doubt():
        raise DoubtOpen
    into = _Into(uuid4(), uuid4(), {each: uuid4() for each in brought.telling.everybody}, _described(brought))
    goes = route_of(brought.telling, into.people)
    left = rerouted(brought)
    appends = [
        deciding.append([*_void(brought, into, known, deciding), *_rerouted(left, deciding)], history.expected),
        deciding.append(_opened(brought, into, goes, deciding), causation_id=brought.telling.recorded.record.id),
        *_described_there(brought, into, deciding),
        *_told_again(brought, into, deciding),
        *_kept_here(brought, deciding),
    ]
    distinct = frozenset[tuple[UUID, UUID]]().union(
        *(pairs(known.people.block(old), [new]) for old, new in into.new.items())
    )
    return Decision(appends, distinct=distinct, taken_out=_rows(brought, into, goes, left, index))


def _described(brought: Brought) -> dict[UUID, Person]:
    people = {}
    for person_id in brought.telling.everybody:
        person = words(description(brought.recorded(person_id), brought.telling))
        if person is None:
            raise ErasedSince
        people[person_id] = person
    return people


def _void(brought: Brought, into: _Into, known: Known, deciding: Deciding) -> Iterator[Draft]:
    """In the family, with what changed the referral later; and in those of people it names who belong elsewhere."""
    here = brought.telling.event.family_id
    people: dict[UUID, list[UUID]] = {here: []}
    for person_id in brought.telling.everybody:
        people.setdefault(brought.family_of[person_id], []).append(person_id)
    voided = [(brought.submission_id, family_id, found) for family_id, found in people.items()]
    voided += [(change.submission_id, here, []) for _, change in brought.changes()]
    for submission_id, family_id, found in voided:
        matter_id = brought.telling.event.matter_id if family_id == here else known.matter_of[family_id]
        event = SubmissionTakenOut(
            submission_id=submission_id,
            family_id=family_id,
            matter_id=matter_id,
            people=tuple(found),
            into_family=into.family_id,
            decision_id=deciding.decision_id,
            details=deciding.details,
        )
        yield deciding.draft(stream("family", family_id), event, matter_id)


def _rerouted(left: Rerouted | None, deciding: Deciding) -> Iterator[Draft]:
    """In the family: the matter goes by what stays in it."""
    if left is not None and left.event is not None:
        yield deciding.draft(stream("family", left.family_id), left.event, left.event.matter_id)


def _opened(brought: Brought, into: _Into, goes: Route | None, deciding: Deciding) -> list[Draft]:
    """The new family, its matter, everybody in it, and where the matter goes."""
    events: list[Event] = [
        FamilyOpened(family_id=into.family_id),
        MatterOpened(family_id=into.family_id, matter_id=into.matter_id),
    ]
    for person_id in into.new.values():
        linked = PersonLinked(
            family_id=into.family_id,
            person_id=person_id,
            matter_id=into.matter_id,
            submission_id=brought.submission_id,
            details=_LINK,
        )
        events.append(linked)
    if goes is not None:
        events.append(routed(brought.telling, into.family_id, into.matter_id, goes))
    return [deciding.draft(stream("family", into.family_id), event, into.matter_id) for event in events]


def _described_there(brought: Brought, into: _Into, deciding: Deciding) -> Iterator[Append]:
    """Everybody as this submission described them, by its own teller also where it only repeated another's words."""
    told = brought.telling.recorded.record
    for old, new in into.new.items():
        original = description(brought.recorded(old), brought.telling)
        if original is not None and isinstance(original.event, PersonRecorded):
            event = PersonRecorded(person_id=new, submission_id=brought.submission_id, details=original.event.details)
            yield deciding.again(told, Draft(stream("person", new), event, told.occurred_at, new), original.record.id)


def _told_again(brought: Brought, into: _Into, deciding: Deciding) -> Iterator[Append]:
    """What was told, and what its sender sent later about it. An acknowledgement is not: the new team has to look."""
    place: dict[str, object] = {"family_id": into.family_id, "matter_id": into.matter_id}
    event = brought.telling.event
    people = {"subject_id": into.new[event.subject_id], "people": tuple(into.new[each] for each in event.people)}
    since = {"received_at": brought.waits_since()} if isinstance(event, ReferralReceived) else {}
    again: list[tuple[Recorded, Event]] = [(brought.telling.recorded, event.model_copy(update=place | people | since))]
    again += [(original, change.model_copy(update=place)) for original, change in brought.changes()]
    for original, told in again:
        if isinstance(getattr(told, "details", None), Erased):
            raise ErasedSince
        draft = Draft(stream("family", into.family_id), told, original.record.occurred_at, into.matter_id)
        yield deciding.again(original.record, draft, original.record.id)


def _kept_here(brought: Brought, deciding: Deciding) -> Iterator[Append]:
    """A description that a submission which stays had only repeated: it is that one's from now on."""
    for person_id in brought.telling.everybody:
        found = repeated(brought, person_id)
        if found is not None:
            original, telling = found
            event = original.event.model_copy(update={"submission_id": telling.submission_id})
            record = telling.recorded.record
            draft = Draft(stream("person", person_id), event, record.occurred_at, person_id)
            yield deciding.again(record, draft, original.record.id)


def _rows(brought: Brought, into: _Into, goes: Route | None, left: Rerouted | None, index: Index) -> TakenOut:
    """What the decision tables hold from now on."""
    described = describe_people(list(into.people.values()), brought.telling.recorded.record.agency, index)
    told = brought.telling.event
    leaving = {(brought.submission_id, family_id) for family_id in (told.family_id, *brought.family_of.values())}
    stays = said(brought.streams, index, leaving)
    return TakenOut(
        family_id=into.family_id,
        matter_id=into.matter_id,
        queue=goes.queue if goes else None,
        rerouted={left.family_id: left.queue} if left else {},
        referral=told.referral_id if isinstance(told, ReferralReceived) else None,
        out_of=told.family_id,
        new=[Folded(into.new[old], [each]) for old, each in zip(into.people, described, strict=True)],
        left=[Folded(each, stays.get(each, [])) for each in into.people],
    )
