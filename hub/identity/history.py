"""Reads what a decision about identity rests on, before its transaction; there the versions read are expected."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from events.doubt import DoubtSettled, PersonDoubted
from events.envelope import Recorded, stream
from events.identity import FamilyMerged, FamilySplit, PersonMerged, PersonSplit, SubmissionTakenOut
from hub.bootstrap import Hub
from hub.identity.brought import brought_by
from hub.identity.known import History
from hub.identity.reading import open_all, read_streams

DECIDED = (PersonMerged, PersonSplit, FamilyMerged, FamilySplit, DoubtSettled, SubmissionTakenOut)


async def of_people(hub: Hub, person_ids: Iterable[UUID]) -> History:
    """The streams of these people."""
    return History(await read_streams(hub, [stream("person", person_id) for person_id in person_ids]))


async def of_submission(hub: Hub, submission_id: UUID) -> History:
    """What a submission brought, and all streams that this was read from."""
    brought = await brought_by(hub, submission_id)
    return History(brought.streams if brought else {}, brought=brought)


async def of_decision(hub: Hub, decision_id: UUID) -> History:
    """What a decision wrote, and the whole streams it wrote to."""
    written = await open_all(hub, await hub.log.read_correlated(decision_id))
    decided = [each for each in written if _is_decided(each)]
    return History(await read_streams(hub, {each.record.stream for each in decided}), decided)


def _is_decided(recorded: Recorded) -> bool:
    """A person's decision, and a doubt told anew by one: that has a cause, and intake's has none."""
    again = isinstance(recorded.event, PersonDoubted) and recorded.record.causation_id is not None
    return again or isinstance(recorded.event, DECIDED)
