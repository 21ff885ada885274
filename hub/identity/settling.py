"""Decides how a doubt ends: the doubted person is one of the candidates, or none of them."""

from __future__ import annotations

from uuid import UUID

from events.doubt import DoubtOutcome, DoubtSettled, PersonDoubted
from events.envelope import Recorded, stream
from events.identity import FamilyMerged, PersonMerged
from hub.identity.blocks import Moves
from hub.identity.commands import SettleDoubt
from hub.identity.known import Deciding, Decision, History, Known, pairs
from hub.identity.moving import families_moved, one_family, people_moved, present
from hub.identity.refusals import AlreadyDecided, AlreadyOne, NotACandidate, NothingKnown


def settle(command: SettleDoubt, history: History, known: Known, deciding: Deciding) -> Decision:
    """End the doubt. Raises `NothingKnown`, `AlreadyDecided`, `NotACandidate`, `AlreadyOne`."""
    told = history.streams[stream("person", command.person_id)]
    doubt = open_doubt(told, command.doubt_id)
    present(known.people, command.person_id)
    candidates = [each for each in doubt.candidates if each in known.people]
    people: Moves = {}
    families: Moves = {}
    distinct: frozenset[tuple[UUID, UUID]] = frozenset()
    if command.outcome is DoubtOutcome.SAME:
        same_as = _candidate(command.same_as, candidates, known)
        people = known.people.merge(same_as, command.person_id)
        if command.one_family:
            families = one_family(known, same_as, command.person_id)
    else:
        own = known.people.block(command.person_id)
        if own & set(candidates):
            raise AlreadyOne
        distinct = frozenset().union(*(pairs(own, known.people.block(each)) for each in candidates))
    settled = DoubtSettled(
        doubt_id=command.doubt_id,
        person_id=command.person_id,
        outcome=command.outcome,
        same_as=command.same_as if command.outcome is DoubtOutcome.SAME else None,
        decision_id=deciding.decision_id,
        details=deciding.details,
    )
    drafts = [
        deciding.draft(stream("person", command.person_id), settled, command.person_id),
        *people_moved(PersonMerged, people, deciding),
        *families_moved(FamilyMerged, families, known, deciding),
    ]
    return Decision([deciding.append(drafts, history.expected)], people, families, distinct)


def concerned(command: SettleDoubt, history: History) -> set[UUID]:
    """People whose blocks decide: the doubted one, the candidates, and whoever is named as the same."""
    doubts = [each.event for each in history.events() if isinstance(each.event, PersonDoubted)]
    candidates = {one for doubt in doubts if doubt.doubt_id == command.doubt_id for one in doubt.candidates}
    named = {command.same_as} if command.same_as is not None else set()
    return {command.person_id, *candidates, *named}


def open_doubt(told: list[Recorded], doubt_id: UUID) -> PersonDoubted:
    """The doubt, if nobody has settled it. Raises `NothingKnown`, `AlreadyDecided`."""
    found: PersonDoubted | None = None
    for recorded in told:
        match recorded.event:
            case PersonDoubted() as event if event.doubt_id == doubt_id:
                found = event
            case DoubtSettled() as event if event.doubt_id == doubt_id:
                raise AlreadyDecided(recorded.record.recorded_at)
            case _:
                pass
    if found is None:
        raise NothingKnown
    return found


def _candidate(same_as: UUID | None, candidates: list[UUID], known: Known) -> UUID:
    """Whom the doubted person is: a candidate, or somebody who is one with a candidate by now."""
    if same_as is None or same_as not in known.people:
        raise NotACandidate
    if not known.people.block(same_as) & set(candidates):
        raise NotACandidate
    return same_as
