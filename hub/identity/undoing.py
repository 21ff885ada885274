"""Decides what takes an earlier decision back, computed on the blocks as they are now.

A decision is undone at most once; an undo is a decision like any other, so it can be undone too.
"""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID, uuid4

from events.doubt import DoubtSettled, PersonDoubted, Reopened
from events.envelope import Draft, Erased, Recorded, stream
from events.identity import FamilyMerged, FamilySplit, PersonMerged, PersonSplit, SubmissionTakenOut
from events.log import Append
from hub.identity.blocks import Blocks, Moves
from hub.identity.commands import Undo
from hub.identity.known import Deciding, Decision, History, Known
from hub.identity.moving import families_moved, people_moved
from hub.identity.refusals import AlreadyDecided, ErasedSince, NothingKnown, NothingToUndo, TakeOutStands

Moved = PersonMerged | PersonSplit | FamilyMerged | FamilySplit


def undo(command: Undo, history: History, known: Known, deciding: Deciding) -> Decision:
    """Take it back as far as it stands. Raises `NothingKnown`, `AlreadyDecided`, `NothingToUndo`, `ErasedSince`."""
    if not history.decided:
        raise NothingKnown
    if any(isinstance(each.event, SubmissionTakenOut) for each in history.decided):
        raise TakeOutStands
    _not_undone_before(command.decision_id, history)
    people_kind, people = _taken_back(history, known.people, PersonMerged, PersonSplit)
    families_kind, families = _taken_back(history, known.families, FamilyMerged, FamilySplit)
    drafts = [
        *people_moved(people_kind, people, deciding, command.decision_id),
        *families_moved(families_kind, families, known, deciding, command.decision_id),
    ]
    appends = _doubted_again(history, deciding)
    if drafts:
        appends.insert(0, deciding.append(drafts, history.expected, history.decided[0].record.id))
    if not appends:
        raise NothingToUndo
    return Decision(appends, people, families, forget=command.decision_id)


def concerned(history: History) -> tuple[set[UUID], set[UUID]]:
    """People and families whose present blocks decide what can be taken back."""
    people: set[UUID] = set()
    families: set[UUID] = set()
    for recorded in history.decided:
        match recorded.event:
            case PersonMerged() | PersonSplit() as event:
                people |= {event.person_id, event.belongs_to, _before(history, recorded)}
            case FamilyMerged() | FamilySplit() as event:
                families |= {event.family_id, event.belongs_to, _before(history, recorded)}
            case _:
                pass
    return people, families


def _taken_back(
    history: History, blocks: Blocks, merge: type[PersonMerged | FamilyMerged], split: type[PersonSplit | FamilySplit]
) -> tuple[type, Moves]:
    """What was merged leaves again; what was split is one again. One decision only ever does one of them."""
    merged = _moves(each for each in history.decided if isinstance(each.event, merge))
    if merged:
        return split, blocks.unmerge(merged)
    parted = [each for each in history.decided if isinstance(each.event, split)]
    if parted:
        return merge, blocks.unsplit(_moves(parted), _before(history, parted[0]))
    return split, {}


def _moves(decided: Iterable[Recorded]) -> Moves:
    return {_who(each.event): each.event.belongs_to for each in decided if isinstance(each.event, Moved)}


def _who(event: Moved) -> UUID:
    return event.person_id if isinstance(event, PersonMerged | PersonSplit) else event.family_id


def _before(history: History, decided: Recorded) -> UUID:
    """The representative that an id belonged to before this event of its own stream."""
    belongs_to = UUID(decided.stream_id)
    for earlier in history.streams[decided.record.stream]:
        if earlier.record.stream_version >= decided.record.stream_version:
            break
        if isinstance(earlier.event, Moved):
            belongs_to = earlier.event.belongs_to
    return belongs_to


def _not_undone_before(decision_id: UUID, history: History) -> None:
    settled = {each.record.id for each in history.decided if isinstance(each.event, DoubtSettled)}
    for recorded in history.events():
        by_moving = isinstance(recorded.event, Moved) and recorded.event.undoes == decision_id
        if by_moving or (isinstance(recorded.event, PersonDoubted) and recorded.record.causation_id in settled):
            raise AlreadyDecided(recorded.record.recorded_at)


def _doubted_again(history: History, deciding: Deciding) -> list[Append]:
    """Once a settlement is taken back nobody has decided: the doubt is told anew, under a new id.

    It names the settling event as its cause, which is how that is known to be undone.
    """
    appends = []
    for settled in history.decided:
        if not isinstance(settled.event, DoubtSettled):
            continue
        person = stream("person", settled.event.person_id)
        for told in history.streams[person]:
            if isinstance(told.event, PersonDoubted) and told.event.doubt_id == settled.event.doubt_id:
                if isinstance(told.event.details, Erased):
                    raise ErasedSince
                reopened = Reopened(actor=deciding.actor, reason=deciding.details.reason)
                details = told.event.details.model_copy(update={"reopened": reopened})
                again = told.event.model_copy(update={"doubt_id": uuid4(), "details": details})
                draft = Draft(person, again, told.record.occurred_at, again.person_id)
                appends.append(deciding.again(told.record, draft, settled.record.id))
    return appends
