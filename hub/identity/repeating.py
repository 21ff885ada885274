"""Words of the submission taken out that another one, which stays, had only repeated."""

from __future__ import annotations

from uuid import UUID

from events.envelope import Recorded, stream
from hub.identity.brought import Brought, Telling, description, submission_of, taken_out_of, words


def repeated(brought: Brought, person_id: UUID) -> tuple[Recorded, Telling] | None:
    """The description of this submission, and the first one that stays in the person's family and only repeated it.

    Words that were recorded before are not recorded again, so without this submission they would be nobody's.
    """
    recorded = brought.recorded(person_id)
    own = description(recorded, brought.telling)
    said = words(own)
    if own is None or said is None or submission_of(own) != brought.submission_id:
        return None
    void = _void(brought, person_id)
    rest = [each for each in recorded if submission_of(each) not in void]
    described_by = {submission_of(each) for each in rest}
    for telling in brought.tellings(brought.family_of[person_id]):
        repeats = person_id in telling.everybody and telling.submission_id not in void | described_by
        if repeats and words(description(recorded, telling)) == said != words(description(rest, telling)):
            return own, telling
    return None


def _void(brought: Brought, person_id: UUID) -> set[UUID]:
    """Submissions that say nothing of somebody any more: a take-out stands in the person's own family."""
    gone = taken_out_of(brought.streams[stream("family", brought.family_of[person_id])])
    return {brought.submission_id} | {each for each, event in gone.items() if person_id in event.people}
