"""What one submission brought, where it stands now: read from the streams of its family, its people and theirs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from events.description import Person
from events.doubt import DoubtSettled, PersonDoubted
from events.envelope import Erased, Recorded, stream
from events.identity import SubmissionTakenOut
from events.person import PersonRecorded
from events.referral import (
    InformationReceived,
    ReferralAcknowledged,
    ReferralAmended,
    ReferralReceived,
    ReferralWithdrawn,
)
from hub.bootstrap import Hub
from hub.identity.reading import open_all, read_streams

Told = ReferralReceived | InformationReceived


@dataclass(frozen=True, slots=True)
class Telling:
    """A referral or information, and the event it is told by."""

    recorded: Recorded
    event: Told

    @property
    def submission_id(self) -> UUID:
        """The submission it came with."""
        return self.event.submission_id

    @property
    def everybody(self) -> tuple[UUID, ...]:
        """Everybody named in it, the child first."""
        return tuple(dict.fromkeys((self.event.subject_id, *self.event.people)))


@dataclass(frozen=True, slots=True)
class Brought:
    """One submission in the family where it stands.

    `family_of`: the family that each person was made in. `streams` are those of all these families, of everybody it
    names, and of everybody named beside them.
    """

    telling: Telling
    family_of: dict[UUID, UUID]
    streams: dict[str, list[Recorded]]

    @property
    def submission_id(self) -> UUID:
        """The submission itself."""
        return self.telling.submission_id

    def tellings(self, family_id: UUID) -> Iterator[Telling]:
        """What stands in a family, this one included."""
        told = self.streams.get(stream("family", family_id), [])
        gone = taken_out_of(told)
        for recorded in told:
            if isinstance(recorded.event, ReferralReceived | InformationReceived):
                telling = Telling(recorded, recorded.event)
                if telling.submission_id not in gone:
                    yield telling

    def changes(self) -> Iterator[tuple[Recorded, ReferralAmended | ReferralWithdrawn]]:
        """What its sender sent later about the same referral, as far as it stands here."""
        family = self.streams[self.telling.recorded.record.stream]
        gone = taken_out_of(family)
        for recorded in family:
            event, told = recorded.event, self.telling.event
            if (
                isinstance(event, ReferralAmended | ReferralWithdrawn)
                and isinstance(told, ReferralReceived)
                and event.referral_id == told.referral_id
                and event.submission_id not in gone
            ):
                yield recorded, event

    def waits_since(self) -> datetime | None:
        """Since when the sender of a referral has been waiting for an answer; None if it was answered here."""
        told = self.telling.event
        if not isinstance(told, ReferralReceived):
            return None
        family = (each.event for each in self.streams[self.telling.recorded.record.stream])
        answered = (each.referral_id for each in family if isinstance(each, ReferralAcknowledged))
        return None if told.referral_id in answered else told.received_at or self.telling.recorded.record.recorded_at

    def in_doubt(self) -> bool:
        """Whether a doubt that it raised waits for somebody."""
        events = [each.event for told in self.streams.values() for each in told]
        settled = {event.doubt_id for event in events if isinstance(event, DoubtSettled)}
        raised = [
            each for each in events if isinstance(each, PersonDoubted) and each.submission_id == self.submission_id
        ]
        return any(event.doubt_id not in settled for event in raised)

    def named(self) -> set[UUID]:
        """Everybody who is named in what was told in these families."""
        events = [each.event for told in self.streams.values() for each in told]
        return {one for event in events if isinstance(event, Told) for one in (event.subject_id, *event.people)}

    def recorded(self, person_id: UUID) -> list[Recorded]:
        """All descriptions of somebody, oldest first."""
        told = self.streams.get(stream("person", person_id), [])
        return [each for each in told if isinstance(each.event, PersonRecorded)]


def taken_out_of(family: list[Recorded]) -> dict[UUID, SubmissionTakenOut]:
    """The submissions that were taken out of a family."""
    return {each.event.submission_id: each.event for each in family if isinstance(each.event, SubmissionTakenOut)}


def description(recorded: list[Recorded], telling: Telling) -> Recorded | None:
    """How a submission described somebody: its own words, or those recorded before that it only repeated."""
    own = [each for each in recorded if submission_of(each) == telling.submission_id]
    before = [each for each in recorded if each.record.position < telling.recorded.record.position]
    return next(reversed(own or before), None)


def words(recorded: Recorded | None) -> Person | None:
    """What a description says; None once erased."""
    if recorded is None or not isinstance(recorded.event, PersonRecorded) or isinstance(recorded.event.details, Erased):
        return None
    return recorded.event.details.person


def submission_of(recorded: Recorded) -> UUID | None:
    """The submission that an event came with."""
    return getattr(recorded.event, "submission_id", None)


async def brought_by(hub: Hub, submission_id: UUID) -> Brought | None:
    """What this submission brought, where it stands now; None if it brought nobody into a family."""
    taken = await hub.log.read_stream(stream("submission", submission_id))
    telling = await _told(hub, taken[0].correlation_id, submission_id) if taken else None
    streams: dict[str, list[Recorded]] = {}
    while telling is not None:
        place = telling.recorded.record.stream
        streams = await read_streams(hub, [place])
        gone = taken_out_of(streams[place]).get(submission_id)
        if gone is None:
            return await _with_its_people(hub, telling, streams)
        telling = await _told(hub, gone.decision_id, submission_id)
    return None


async def _told(hub: Hub, correlation_id: UUID, submission_id: UUID) -> Telling | None:
    """What one correlation told by one submission. A file's has thousands of records, so bytes are looked at first."""
    wanted = str(submission_id).encode()
    records = [record for record in await hub.log.read_correlated(correlation_id) if wanted in record.data]
    for recorded in await open_all(hub, records):
        event = recorded.event
        if isinstance(event, ReferralReceived | InformationReceived) and event.submission_id == submission_id:
            return Telling(recorded, event)
    return None


async def _with_its_people(hub: Hub, telling: Telling, streams: dict[str, list[Recorded]]) -> Brought:
    rows = await hub.pool.fetch(
        "SELECT person_id, family_id FROM decide.person WHERE person_id = ANY($1::uuid[])", list(telling.everybody)
    )
    family_of = {row["person_id"]: row["family_id"] for row in rows}
    families = {telling.event.family_id, *family_of.values()}
    streams |= await read_streams(hub, {stream("family", each) for each in families} - streams.keys())
    brought = Brought(telling, family_of, streams)
    streams |= await read_streams(hub, [stream("person", each) for each in brought.named() | set(telling.everybody)])
    for elsewhere in await _told_elsewhere(hub, brought):
        streams |= await read_streams(hub, {elsewhere.recorded.record.stream} - streams.keys())
    streams |= await read_streams(hub, {stream("person", each) for each in brought.named()} - streams.keys())
    return brought


async def _told_elsewhere(hub: Hub, brought: Brought) -> list[Telling]:
    """What described its people in families not read yet: with whom they were told there is compared, too."""
    families = [told for name, told in brought.streams.items() if name.startswith("family/")]
    known = {submission_of(each) for told in families for each in told}
    recorded = [each for person_id in brought.telling.everybody for each in brought.recorded(person_id)]
    found = []
    for each in recorded:
        submission_id = submission_of(each)
        if submission_id is not None and submission_id not in known:
            told = await _told(hub, each.record.correlation_id, submission_id)
            found += [told] if told is not None else []
    return found
