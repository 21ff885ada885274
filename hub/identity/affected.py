"""Whom a link or a decision about identity concerned, and for how long it stood."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from events.doubt import DoubtSettled, PersonDoubted
from events.envelope import Recorded, stream
from events.family import PersonLinked
from events.identity import FamilyMerged, FamilySplit, PersonMerged, PersonSplit, SubmissionTakenOut
from events.referral import InformationReceived, ReferralReceived
from hub.bootstrap import Hub
from hub.identity import history
from hub.identity.reading import open_all, read_streams


@dataclass(frozen=True, slots=True)
class Span:
    """What stood from `since` (log position `first`) to `until`, when it was taken back; None: it stands."""

    since: datetime
    first: int
    until: datetime | None
    last: int | None

    def holds(self, recorded: Recorded) -> bool:
        """Whether an event was recorded while it stood."""
        return self.first <= recorded.record.position and not self.is_over(recorded)

    def is_over(self, recorded: Recorded) -> bool:
        """Whether it had been taken back by then."""
        return self.last is not None and recorded.record.position >= self.last


@dataclass(frozen=True, slots=True)
class Affected:
    """`submission_id`: whose content stood in the wrong family, where it is one submission's."""

    span: Span
    people: frozenset[UUID]
    families: frozenset[UUID]
    submission_id: UUID | None = None
    decision_id: UUID | None = None


async def affected_by(hub: Hub, event_id: UUID) -> Affected | None:
    """By the event of this id, or the decision; None if it linked nobody, told nothing and decided no identity."""
    record = await hub.log.find(event_id)
    found = await open_all(hub, [record] if record else await hub.log.read_correlated(event_id))
    for recorded in found:
        match recorded.event:
            case PersonLinked() as event:
                return await _linked(hub, recorded, event, {event.person_id}) if record else None
            case ReferralReceived() | InformationReceived() as event:
                return await _linked(hub, recorded, event, {event.subject_id, *event.people}) if record else None
            case SubmissionTakenOut() as event:
                return await _taken_out(hub, recorded, event)
            case PersonMerged() | PersonSplit() | FamilyMerged() | FamilySplit() | DoubtSettled() as event:
                return await _decided(hub, event.decision_id)
            case _:
                pass
    return None


async def _linked(
    hub: Hub, recorded: Recorded, event: PersonLinked | ReferralReceived | InformationReceived, people: set[UUID]
) -> Affected:
    """From the link, or from what was told of those linked before, until its submission was taken out."""
    family = (await read_streams(hub, [recorded.record.stream]))[recorded.record.stream]
    ends = [each for each in family if _takes_out(each, event.submission_id) and _after(each, recorded)]
    everybody, families = await _whole(hub, people, {event.family_id})
    return Affected(_span(recorded, ends), everybody, families, event.submission_id)


async def _taken_out(hub: Hub, recorded: Recorded, event: SubmissionTakenOut) -> Affected:
    """From when the submission was told there until it was taken out."""
    family = (await read_streams(hub, [recorded.record.stream]))[recorded.record.stream]
    told = [each for each in family if getattr(each.event, "submission_id", None) == event.submission_id]
    people, families = await _whole(hub, set(event.people), {event.family_id})
    return Affected(_span(told[0], [recorded]), people, families, event.submission_id, event.decision_id)


async def _decided(hub: Hub, decision_id: UUID) -> Affected:
    """From the decision until another one took it back."""
    told = await history.of_decision(hub, decision_id)
    people: set[UUID] = set()
    families: set[UUID] = set()
    settled: set[UUID] = set()
    for recorded in told.decided:
        match recorded.event:
            case PersonMerged() | PersonSplit() as event:
                people |= {event.person_id, event.belongs_to}
            case FamilyMerged() | FamilySplit() as event:
                families |= {event.family_id, event.belongs_to}
            case DoubtSettled() as event:
                settled.add(recorded.record.id)
                people.add(event.person_id)
                people |= _candidates(told.streams[recorded.record.stream], event.doubt_id)
            case _:
                pass
    ends = [each for each in told.events() if _undoes(each, decision_id, settled)]
    everybody, all_families = await _whole(hub, people, families)
    return Affected(_span(told.decided[0], ends), everybody, all_families, decision_id=decision_id)


def _candidates(told: list[Recorded], doubt_id: UUID) -> set[UUID]:
    doubts = [each.event for each in told if isinstance(each.event, PersonDoubted)]
    return {one for doubt in doubts if doubt.doubt_id == doubt_id for one in doubt.candidates}


def _undoes(recorded: Recorded, decision_id: UUID, settled: Collection[UUID]) -> bool:
    if isinstance(recorded.event, PersonDoubted):
        return recorded.record.causation_id in settled
    return getattr(recorded.event, "undoes", None) == decision_id


def _takes_out(recorded: Recorded, submission_id: UUID) -> bool:
    return isinstance(recorded.event, SubmissionTakenOut) and recorded.event.submission_id == submission_id


def _after(recorded: Recorded, other: Recorded) -> bool:
    return recorded.record.position > other.record.position


def _span(first: Recorded, ends: list[Recorded]) -> Span:
    last = min((each.record for each in ends), key=lambda record: record.position, default=None)
    since = first.record
    return Span(since.recorded_at, since.position, last.recorded_at if last else None, last.position if last else None)


async def _whole(hub: Hub, people: set[UUID], families: set[UUID]) -> tuple[frozenset[UUID], frozenset[UUID]]:
    """The whole present blocks of these people and of their families, and everybody in those families."""
    rows = await hub.pool.fetch(
        """SELECT other.person_id, other.family_id FROM decide.person AS own
           JOIN decide.person AS other ON other.person_id = own.belongs_to
               OR (other.belongs_to = own.belongs_to AND other.belongs_to <> other.person_id)
           WHERE own.person_id = ANY($1::uuid[])""",
        list(people),
    )
    asked = families | {row["family_id"] for row in rows}
    found = await hub.pool.fetch(
        """SELECT other.family_id FROM decide.family AS own
           JOIN decide.family AS other ON other.family_id = own.belongs_to
               OR (other.belongs_to = own.belongs_to AND other.belongs_to <> other.family_id)
           WHERE own.family_id = ANY($1::uuid[])""",
        list(asked),
    )
    whole = asked | {row["family_id"] for row in found}
    members = await hub.pool.fetch("SELECT person_id FROM decide.person WHERE family_id = ANY($1::uuid[])", list(whole))
    everybody = people | {row["person_id"] for row in rows} | {row["person_id"] for row in members}
    return frozenset(everybody), frozenset(whole)


def family_streams(affected: Affected) -> list[str]:
    """Names of the families' streams."""
    return [stream("family", each) for each in sorted(affected.families)]


def person_streams(affected: Affected) -> list[str]:
    """Names of the people's streams."""
    return [stream("person", each) for each in sorted(affected.people)]
