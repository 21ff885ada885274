"""What stays known of the people whom a submission described, once it is taken out: what others said, folded again."""

from __future__ import annotations

from uuid import UUID

from events.description import Person
from events.envelope import Recorded, stream
from hub.identity.brought import Brought, Telling, description, submission_of, taken_out_of, words
from hub.index import Index
from hub.matching.described import Described, describe_people


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


def kept(brought: Brought, person_id: UUID, index: Index) -> list[Described]:
    """Everything that is still said of somebody, the newest first, each in the household it was told with.

    As intake learnt it: what a submission only repeated counts as said by it, too. A description told in a family other
    than the person's own is compared without its household.
    """
    void = _void(brought, person_id)
    recorded = brought.recorded(person_id)
    found: list[tuple[int, Recorded | None, Recorded, Telling | None]] = []
    told: set[UUID | None] = set()
    for telling in brought.tellings(brought.family_of[person_id]):
        if person_id in telling.everybody and telling.submission_id not in void:
            told.add(telling.submission_id)
            said = description(recorded, telling)
            found.append((telling.recorded.record.position, said, telling.recorded, telling))
    elsewhere = [each for each in recorded if submission_of(each) not in told | void]
    found += [(each.record.position, each, each, None) for each in elsewhere]
    found.sort(key=lambda each: each[0], reverse=True)
    return [
        _described(brought, person, by.record.agency, telling, person_id, index)
        for _, said, by, telling in found
        if (person := words(said)) is not None
    ]


def _void(brought: Brought, person_id: UUID) -> set[UUID]:
    """Submissions that say nothing of somebody any more: a take-out stands in the person's own family."""
    gone = taken_out_of(brought.streams[stream("family", brought.family_of[person_id])])
    return {brought.submission_id} | {each for each, event in gone.items() if person_id in event.people}


def _described(
    brought: Brought, said: Person, agency: str, telling: Telling | None, person_id: UUID, index: Index
) -> Described:
    """With the others of the household, so far as their words stand."""
    others = [one for one in telling.everybody if one != person_id] if telling else []
    beside = [words(description(brought.recorded(one), telling)) for one in others] if telling else []
    return describe_people([said, *(each for each in beside if each is not None)], agency, index)[0]
