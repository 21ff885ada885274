"""Decides how a doubt ends: the doubted person is one of the candidates, or none of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from events.doubt import DoubtOutcome, DoubtSettled, PersonDoubted
from events.envelope import Draft, Recorded, stream
from events.identity import FamilyMerged, PersonMerged
from hub.identity.blocks import Moves
from hub.identity.commands import SettleDoubt
from hub.identity.known import Deciding, Decision, History, Known, pairs
from hub.identity.moving import families_moved, one_family, people_moved, present
from hub.identity.refusals import AlreadyDecided, AlreadyOne, NotACandidate, NothingKnown


@dataclass(frozen=True, slots=True)
class _Ending:
    """One doubt that ends: of whom, and as whom."""

    doubt_id: UUID
    person_id: UUID
    same_as: UUID | None


def settle(command: SettleDoubt, history: History, known: Known, deciding: Deciding) -> Decision:
    """End the doubt, and those that end with it.

    Raises `NothingKnown`, `AlreadyDecided`, `NotACandidate`, `AlreadyOne`.
    """
    same = command.outcome is DoubtOutcome.SAME
    endings = [_Ending(command.doubt_id, command.person_id, command.same_as if same else None)]
    endings += [_Ending(each.doubt_id, each.person_id, each.candidate if same else None) for each in command.along]
    doubts = [_open(ending, history, known) for ending in endings]
    if len({each.submission_id for each in doubts}) != 1:
        raise NothingKnown
    people, families = _moved(command, endings, doubts, known) if same else ({}, {})
    drafts = [
        *(_settled(ending, command.outcome, deciding) for ending in endings),
        *people_moved(PersonMerged, people, deciding),
        *families_moved(FamilyMerged, families, known, deciding),
    ]
    distinct = frozenset[tuple[UUID, UUID]]() if same else frozenset().union(*(_apart(each, known) for each in doubts))
    return Decision([deciding.append(drafts, history.expected)], people, families, distinct)


def doubted(command: SettleDoubt) -> list[UUID]:
    """Whose doubts end."""
    return [command.person_id, *(each.person_id for each in command.along)]


def concerned(command: SettleDoubt, history: History) -> set[UUID]:
    """People whose blocks decide: the doubted ones, the candidates, and whoever is named as the same."""
    ending = {command.doubt_id, *(each.doubt_id for each in command.along)}
    doubts = [each.event for each in history.events() if isinstance(each.event, PersonDoubted)]
    candidates = {one for doubt in doubts if doubt.doubt_id in ending for one in doubt.candidates}
    named = {each.candidate for each in command.along} | ({command.same_as} if command.same_as is not None else set())
    return {*doubted(command), *candidates, *named}


def _open(ending: _Ending, history: History, known: Known) -> PersonDoubted:
    found = open_doubt(history.streams[stream("person", ending.person_id)], ending.doubt_id)
    present(known.people, ending.person_id)
    return found


def _moved(
    command: SettleDoubt, endings: Sequence[_Ending], doubts: Sequence[PersonDoubted], known: Known
) -> tuple[Moves, Moves]:
    """Each doubted person joins the one they are, and their family that of the first, if the families are one."""
    if command.along and not command.one_family:
        raise NotACandidate
    people, moves = known.people, Moves()
    for ending, doubt in zip(endings, doubts, strict=True):
        candidates = [each for each in doubt.candidates if each in known.people]
        moved = people.merge(_candidate(ending.same_as, candidates, known), ending.person_id)
        people = people.after(moved)
        moves |= moved
    first = endings[0]
    if not command.one_family or first.same_as is None:
        return moves, {}
    return moves, one_family(known, first.same_as, first.person_id)


def _apart(doubt: PersonDoubted, known: Known) -> frozenset[tuple[UUID, UUID]]:
    own = known.people.block(doubt.person_id)
    candidates = [each for each in doubt.candidates if each in known.people]
    if own & set(candidates):
        raise AlreadyOne
    return frozenset().union(*(pairs(own, known.people.block(each)) for each in candidates))


def _settled(ending: _Ending, outcome: DoubtOutcome, deciding: Deciding) -> Draft:
    settled = DoubtSettled(
        doubt_id=ending.doubt_id,
        person_id=ending.person_id,
        outcome=outcome,
        same_as=ending.same_as,
        decision_id=deciding.decision_id,
        details=deciding.details,
    )
    return deciding.draft(stream("person", ending.person_id), settled, ending.person_id)


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
