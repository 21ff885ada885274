"""What became of each submission: what its sender may ask, and nothing about the family.

A row follows the submission's own stream; what the family's stream adds (where it was published, which queue, whether
it was acknowledged) stands in tables of its own and is joined when asked (`receipts.submission`). What was taken out of
a family is recorded again in another one: then the newest record counts.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from functools import partial
from typing import NamedTuple
from uuid import UUID

from events.envelope import Erased, Recorded
from events.family import MatterRouted
from events.referral import (
    InformationReceived,
    ReferralAcknowledged,
    ReferralAmended,
    ReferralReceived,
    ReferralWithdrawn,
)
from events.submission import ReviewRaised, SubmissionAccepted, SubmissionRefused
from projections.projection import Fold, Operation, Projection, Put, Row, Table

SUBMISSION = Table(
    "submission",
    (
        ("submission_id", "uuid"),
        ("correlation_id", "uuid"),
        ("agency", "text"),
        ("channel", "text"),
        ("format", "text"),
        ("part", "bigint"),
        ("received_at", "timestamptz"),
        ("outcome", "text"),
        ("code", "text"),
        ("event", "text"),
        ("partition", "bigint"),
        ("sequence", "bigint"),
        ("position", "bigint"),
        ("last_position", "bigint"),
    ),
    indexes=("(correlation_id, part)",),
)
TOLD = Table(
    "told",
    (
        ("submission_id", "uuid"),
        ("event_id", "uuid"),
        ("event", "text"),
        ("matter_id", "uuid"),
        ("referral_id", "uuid"),
        ("partition", "bigint"),
        ("sequence", "bigint"),
        ("position", "bigint"),
    ),
    key=2,
    append_only=True,
)
ANSWER = Table(
    "answer",
    (
        ("referral_id", "uuid"),
        ("acknowledged_at", "timestamptz"),
        ("acknowledged_by", "text"),
        ("actor", "text"),
    ),
)
ROUTE = Table("route", (("matter_id", "uuid"), ("queue", "text")))
SUBMISSIONS = Projection("submissions", 1, (SUBMISSION, TOLD, ANSWER, ROUTE))


class Outcome(StrEnum):
    """How a submission ended; every one ends as exactly one of these."""

    ACCEPTED = "accepted"
    REVIEW = "review"
    REFUSED = "refused"


class SubmissionRow(NamedTuple):
    """A row of `submission`; partition, sequence and position are those of its first event, named in `event`."""

    submission_id: UUID
    correlation_id: UUID
    agency: str
    channel: str
    format: str
    part: int
    received_at: datetime
    outcome: str
    code: str
    event: str
    partition: int
    sequence: int
    position: int
    last_position: int


@SUBMISSIONS.on(SubmissionAccepted)
def submission_accepted(event: SubmissionAccepted, recorded: Recorded) -> Iterable[Operation]:
    """Taken; a review may follow on the same stream."""
    yield Put(SUBMISSION, _row(event, recorded, Outcome.ACCEPTED, ""))


@SUBMISSIONS.on(SubmissionRefused)
def submission_refused(event: SubmissionRefused, recorded: Recorded) -> Iterable[Operation]:
    """Refused by name."""
    yield Put(SUBMISSION, _row(event, recorded, Outcome.REFUSED, event.code))


@SUBMISSIONS.on(ReviewRaised)
def review_raised(event: ReviewRaised, recorded: Recorded) -> Iterable[Operation]:
    """Taken, and waiting for a person."""
    reason = "" if isinstance(event.details, Erased) else event.details.reason
    position = recorded.record.position
    yield Fold(SUBMISSION, (event.submission_id,), partial(_in_review, reason, position))


def _in_review(reason: str, position: int, row: Row | None) -> Row | None:
    """A review without a submission that was taken before it is not a sender's business."""
    if row is None:
        return None
    return SubmissionRow(*row)._replace(outcome=Outcome.REVIEW.value, code=reason, last_position=position)


@SUBMISSIONS.on(ReferralReceived)
def referral_received(event: ReferralReceived, recorded: Recorded) -> Iterable[Operation]:
    """Where the referral stands on the log."""
    yield _told(recorded, event.submission_id, event.matter_id, event.referral_id)


@SUBMISSIONS.on(ReferralAmended)
def referral_amended(event: ReferralAmended, recorded: Recorded) -> Iterable[Operation]:
    """An amendment is a submission of its own; what becomes of the referral becomes of it."""
    yield _told(recorded, event.submission_id, event.matter_id, event.referral_id)


@SUBMISSIONS.on(ReferralWithdrawn)
def referral_withdrawn(event: ReferralWithdrawn, recorded: Recorded) -> Iterable[Operation]:
    """So is a withdrawal."""
    yield _told(recorded, event.submission_id, event.matter_id, event.referral_id)


@SUBMISSIONS.on(InformationReceived)
def information_received(event: InformationReceived, recorded: Recorded) -> Iterable[Operation]:
    """Nothing was asked, so no queue deals with it."""
    yield _told(recorded, event.submission_id, event.matter_id, None)


@SUBMISSIONS.on(ReferralAcknowledged)
def referral_acknowledged(event: ReferralAcknowledged, recorded: Recorded) -> Iterable[Operation]:
    """The first answer counts, in whichever of two families it was given."""
    record = recorded.record
    answer = (event.referral_id, record.recorded_at, record.agency, record.actor)
    yield Fold(ANSWER, (event.referral_id,), lambda row: min(row or answer, answer))


@SUBMISSIONS.on(MatterRouted)
def matter_routed(event: MatterRouted, recorded: Recorded) -> Iterable[Operation]:
    """Which queue deals with it."""
    del recorded
    yield Put(ROUTE, (event.matter_id, None if isinstance(event.details, Erased) else event.details.queue))


def _row(
    event: SubmissionAccepted | SubmissionRefused, recorded: Recorded, outcome: Outcome, code: str
) -> SubmissionRow:
    record = recorded.record
    return SubmissionRow(
        submission_id=event.submission_id,
        correlation_id=record.correlation_id,
        agency=record.agency,
        channel=event.channel,
        format=event.format,
        part=event.part,
        received_at=record.recorded_at,
        outcome=outcome.value,
        code=code,
        event=record.type,
        partition=record.partition,
        sequence=record.sequence,
        position=record.position,
        last_position=record.position,
    )


def _told(recorded: Recorded, submission_id: UUID, matter_id: UUID, referral_id: UUID | None) -> Put:
    record = recorded.record
    place = (record.partition, record.sequence, record.position)
    return Put(TOLD, (submission_id, record.id, record.type, matter_id, referral_id, *place))
