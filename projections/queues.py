"""What waits in which queue: one entry a matter, and what nobody could place by rule.

An entry is folded from its family's stream alone. It keeps its referrals as JSON, because its status follows from all
of them: one withdrawn referral of two leaves the other waiting, and so does one that was taken out of the family.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from functools import partial
from typing import Final, NamedTuple
from uuid import UUID

from pydantic import TypeAdapter

from events.envelope import Erased, Recorded
from events.family import MatterRouted
from events.identity import SubmissionTakenOut
from events.referral import ReferralAcknowledged, ReferralAmended, ReferralReceived, ReferralWithdrawn
from events.submission import ReviewRaised
from projections.projection import Fold, Operation, Projection, Put, Row, Table

ENTRY = Table(
    "entry",
    (
        ("matter_id", "uuid"),
        ("family_id", "uuid"),
        ("queue", "text"),
        ("reason", "text"),
        ("rules", "text"),
        ("status", "text"),
        ("urgency", "text"),
        ("waiting_since", "timestamptz"),
        ("received_at", "timestamptz"),
        ("agency", "text"),
        ("subject_id", "uuid"),
        ("referrals", "text"),
        ("erased_since", "timestamptz"),
    ),
    indexes=("(queue, waiting_since, received_at, matter_id)", "(family_id)"),
)
REVIEW = Table(
    "review",
    (
        ("submission_id", "uuid"),
        ("reason", "text"),
        ("agency", "text"),
        ("occurred_at", "timestamptz"),
        ("received_at", "timestamptz"),
        ("erased_since", "timestamptz"),
    ),
    indexes=("(received_at)",),
    append_only=True,
)
QUEUES = Projection("queues", 2, (ENTRY, REVIEW))


class Status(StrEnum):
    """Where a matter stands: new while any referral of it has not been acknowledged."""

    NEW = "NEW"
    ACKNOWLEDGED = "ACKNOWLEDGED"
    WITHDRAWN = "WITHDRAWN"


URGENCIES: Final = ("ROUTINE", "SOON", "URGENT")


class EntryRow(NamedTuple):
    """A row of `entry`. `status` is None while the matter has been routed but holds no referral (any more)."""

    matter_id: UUID
    family_id: UUID
    queue: str | None = None
    reason: str | None = None
    rules: str | None = None
    status: str | None = None
    urgency: str | None = None
    waiting_since: datetime | None = None
    received_at: datetime | None = None
    agency: str | None = None
    subject_id: UUID | None = None
    referrals: str = "[]"
    erased_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """One referral of a matter, as a queue sees it; `urgency` is None once erased.

    `versions` are the urgencies of its first and its newer versions, by the submissions that told them, if there is
    more than one; `withdrawn_by` is the submission that took it back.
    """

    referral_id: UUID
    submission_id: UUID
    agency: str
    received_at: datetime
    subject_id: UUID | None = None
    urgency: str | None = None
    acknowledged_at: datetime | None = None
    withdrawn_at: datetime | None = None
    withdrawn_by: UUID | None = None
    versions: tuple[tuple[UUID, str | None], ...] = ()

    @property
    def waits(self) -> bool:
        """Whether its sender still waits for an answer."""
        return self.acknowledged_at is None and self.withdrawn_at is None


_LIST: Final = TypeAdapter(list[Asked])


def asked_of(referrals: str) -> list[Asked]:
    """The referrals kept in a row, in the order they came."""
    return _LIST.validate_json(referrals)


@QUEUES.on(MatterRouted)
def matter_routed(event: MatterRouted, recorded: Recorded) -> Iterable[Operation]:
    """The matter is in this queue now."""
    del recorded
    yield Fold(ENTRY, (event.matter_id,), partial(_routed, event))


def _routed(event: MatterRouted, row: Row | None) -> Row:
    entry = EntryRow(*row) if row else EntryRow(event.matter_id, event.family_id)
    if isinstance(event.details, Erased):
        return entry._replace(queue=None, reason=None, rules=None, erased_since=event.details.since)
    return entry._replace(queue=event.details.queue, reason=event.details.reason, rules=event.details.rules)


@QUEUES.on(ReferralReceived)
def referral_received(event: ReferralReceived, recorded: Recorded) -> Iterable[Operation]:
    """The sender waits from now on; since it came first, if it was put into another family before."""
    agency, received_at = recorded.record.agency, event.received_at or recorded.record.recorded_at

    def received(known: Asked | None) -> Asked:
        return replace(
            known or Asked(event.referral_id, event.submission_id, agency, received_at),
            subject_id=event.subject_id,
            urgency=_urgency(event),
        )

    yield Fold(ENTRY, (event.matter_id,), partial(_asked, event, received))


@QUEUES.on(ReferralAmended)
def referral_amended(event: ReferralAmended, recorded: Recorded) -> Iterable[Operation]:
    """A newer version may be more urgent; who has been answered stays answered."""
    agency, received_at = recorded.record.agency, recorded.record.recorded_at

    def amended(known: Asked | None) -> Asked:
        newer = (event.submission_id, _urgency(event))
        if known is None:
            return Asked(event.referral_id, event.submission_id, agency, received_at, urgency=newer[1])
        before = known.versions or ((known.submission_id, known.urgency),)
        versions = (*(version for version in before if version[0] != event.submission_id), newer)
        return replace(known, urgency=newer[1], versions=versions)

    yield Fold(ENTRY, (event.matter_id,), partial(_asked, event, amended))


@QUEUES.on(ReferralWithdrawn)
def referral_withdrawn(event: ReferralWithdrawn, recorded: Recorded) -> Iterable[Operation]:
    """Nobody waits for this one any more."""
    at = recorded.record.recorded_at

    def withdrawn(known: Asked | None) -> Asked | None:
        return known and replace(known, withdrawn_at=at, withdrawn_by=event.submission_id)

    yield Fold(ENTRY, (event.matter_id,), partial(_asked, event, withdrawn))


@QUEUES.on(ReferralAcknowledged)
def referral_acknowledged(event: ReferralAcknowledged, recorded: Recorded) -> Iterable[Operation]:
    """The first answer counts."""
    at = recorded.record.recorded_at

    def answered(known: Asked | None) -> Asked | None:
        return known and replace(known, acknowledged_at=known.acknowledged_at or at)

    yield Fold(ENTRY, (event.matter_id,), partial(_asked, event, answered))


@QUEUES.on(SubmissionTakenOut)
def submission_taken_out(event: SubmissionTakenOut, recorded: Recorded) -> Iterable[Operation]:
    """What it asked for is asked for elsewhere; what it changed is as it was before."""
    del recorded
    yield Fold(ENTRY, (event.matter_id,), partial(_without, event.submission_id))


def _without(submission_id: UUID, row: Row | None) -> Row | None:
    if row is None:
        return None
    entry = EntryRow(*row)
    left = [
        _unsaid(submission_id, asked) for asked in asked_of(entry.referrals) if asked.submission_id != submission_id
    ]
    return _summed(entry, left, entry.erased_since)


def _unsaid(submission_id: UUID, asked: Asked) -> Asked:
    if asked.withdrawn_by == submission_id:
        return replace(asked, withdrawn_at=None, withdrawn_by=None)
    versions = tuple(version for version in asked.versions if version[0] != submission_id)
    return replace(asked, urgency=versions[-1][1], versions=versions) if versions != asked.versions else asked


@QUEUES.on(ReviewRaised)
def review_raised(event: ReviewRaised, recorded: Recorded) -> Iterable[Operation]:
    """A person must look; what could be read of whom stands with the people."""
    record = recorded.record
    reason = None if isinstance(event.details, Erased) else event.details.reason
    since = event.details.since if isinstance(event.details, Erased) else None
    yield Put(REVIEW, (event.submission_id, reason, record.agency, record.occurred_at, record.recorded_at, since))


_About = ReferralReceived | ReferralAmended | ReferralWithdrawn | ReferralAcknowledged


def _asked(event: _About, change: Callable[[Asked | None], Asked | None], row: Row | None) -> Row:
    """The entry with one of its referrals changed, and everything that follows from them worked out again."""
    entry = EntryRow(*row) if row else EntryRow(event.matter_id, event.family_id)
    referrals = {asked.referral_id: asked for asked in asked_of(entry.referrals)}
    changed = change(referrals.get(event.referral_id))
    if changed is not None:
        referrals[changed.referral_id] = changed
    return _summed(entry, list(referrals.values()), _erased_since(event) or entry.erased_since)


def _summed(entry: EntryRow, referrals: list[Asked], erased_since: datetime | None) -> EntryRow:
    if not referrals:
        return EntryRow(entry.matter_id, entry.family_id, entry.queue, entry.reason, entry.rules)
    standing = [asked for asked in referrals if asked.withdrawn_at is None]
    waiting = [asked for asked in standing if asked.waits]
    status = Status.NEW if waiting else Status.ACKNOWLEDGED if standing else Status.WITHDRAWN
    urgencies = [asked.urgency for asked in standing or referrals if asked.urgency in URGENCIES]
    latest = max(standing or referrals, key=lambda asked: asked.received_at)
    return entry._replace(
        status=status.value,
        urgency=max(urgencies, key=URGENCIES.index) if urgencies else None,
        waiting_since=min((asked.received_at for asked in waiting), default=None),
        received_at=min(asked.received_at for asked in referrals),
        agency=latest.agency,
        subject_id=latest.subject_id or entry.subject_id,
        referrals=_LIST.dump_json(referrals, exclude_defaults=True).decode(),
        erased_since=erased_since,
    )


def _urgency(event: ReferralReceived | ReferralAmended) -> str | None:
    return None if isinstance(event.details, Erased) else event.details.urgency


def _erased_since(event: _About) -> datetime | None:
    details = getattr(event, "details", None)
    return details.since if isinstance(details, Erased) else None
