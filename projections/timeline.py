"""A family's timeline: everything told and everything done, on two clocks, with who told it and why it might be held.

Append-only: one entry an event, in the family's own order. The pattern file: table, handlers, query. What was decided
of a person names no family: it has none here, and is found by the person in every family they belong to (`chronicle`).
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from events.doubt import DoubtOutcome, DoubtSettled, PersonDoubted
from events.envelope import Erased, Recorded
from events.family import FamilyOpened, MatterOpened, MatterRouted, PersonLinked
from events.identity import FamilyMerged, FamilySplit, PersonMerged, PersonSplit, SubmissionTakenOut
from events.referral import (
    InformationReceived,
    ReferralAcknowledged,
    ReferralAmended,
    ReferralReceived,
    ReferralWithdrawn,
)
from projections.places import title
from projections.projection import Operation, Projection, Put, Table
from projections.sealed import kept

ENTRY = Table(
    "entry",
    (
        ("event_id", "uuid"),
        ("family_id", "uuid"),
        ("matter_id", "uuid"),
        ("subject_id", "uuid"),
        ("submission_id", "uuid"),
        ("referral_id", "uuid"),
        ("kind", "text"),
        ("what", "text"),
        ("agency", "text"),
        ("basis", "text"),
        ("purpose", "text"),
        ("occurred_at", "timestamptz"),
        ("recorded_at", "timestamptz"),
        ("position", "bigint"),
        ("details", "text"),
        ("erased_since", "timestamptz"),
    ),
    indexes=("(family_id, occurred_at DESC, position DESC)", "(subject_id) WHERE family_id IS NULL"),
    append_only=True,
)
TIMELINE = Projection("timeline", 2, (ENTRY,))
# Methods of links that make somebody a member; the others say how a later submission was known to be about them.
_NEW = frozenset({"NEW", "DOUBTFUL"})


class Kind(StrEnum):
    """What a reader filters by."""

    REFERRAL = "REFERRAL"
    INFORMATION = "INFORMATION"
    STATUS = "STATUS"


class Ids(NamedTuple):
    """Whom an entry is about and what it belongs to."""

    family: UUID | None
    matter: UUID | None = None
    subject: UUID | None = None
    submission: UUID | None = None
    referral: UUID | None = None


@TIMELINE.on(ReferralReceived)
def referral_received(event: ReferralReceived, recorded: Recorded) -> Iterable[Operation]:
    """An agency asked for help."""
    ids = Ids(event.family_id, event.matter_id, event.subject_id, event.submission_id, event.referral_id)
    yield _entry(recorded, ids, Kind.REFERRAL, "Referral received")


@TIMELINE.on(ReferralAmended)
def referral_amended(event: ReferralAmended, recorded: Recorded) -> Iterable[Operation]:
    """The earlier version stays where it was."""
    ids = Ids(event.family_id, event.matter_id, None, event.submission_id, event.referral_id)
    yield _entry(recorded, ids, Kind.REFERRAL, "Referral changed by its sender")


@TIMELINE.on(ReferralWithdrawn)
def referral_withdrawn(event: ReferralWithdrawn, recorded: Recorded) -> Iterable[Operation]:
    """A referral sent by mistake is said to be one."""
    ids = Ids(event.family_id, event.matter_id, None, event.submission_id, event.referral_id)
    void = not isinstance(event.details, Erased) and event.details.change == "VOID"
    what = "Referral sent by mistake, taken back" if void else "Referral withdrawn by its sender"
    yield _entry(recorded, ids, Kind.REFERRAL, what)


@TIMELINE.on(ReferralAcknowledged)
def referral_acknowledged(event: ReferralAcknowledged, recorded: Recorded) -> Iterable[Operation]:
    """The referrer was answered."""
    ids = Ids(event.family_id, event.matter_id, None, event.submission_id, event.referral_id)
    yield _entry(recorded, ids, Kind.STATUS, "Referral acknowledged")


@TIMELINE.on(InformationReceived)
def information_received(event: InformationReceived, recorded: Recorded) -> Iterable[Operation]:
    """An agency told something and asked for nothing."""
    ids = Ids(event.family_id, event.matter_id, event.subject_id, event.submission_id)
    yield _entry(recorded, ids, Kind.INFORMATION, "Information received")


@TIMELINE.on(FamilyOpened)
def family_opened(event: FamilyOpened, recorded: Recorded) -> Iterable[Operation]:
    """The hub learnt of the family."""
    yield _entry(recorded, Ids(event.family_id), Kind.STATUS, "Family first known")


@TIMELINE.on(MatterOpened)
def matter_opened(event: MatterOpened, recorded: Recorded) -> Iterable[Operation]:
    """Retention will count from its close."""
    yield _entry(recorded, Ids(event.family_id, event.matter_id), Kind.STATUS, "Matter opened")


@TIMELINE.on(MatterRouted)
def matter_routed(event: MatterRouted, recorded: Recorded) -> Iterable[Operation]:
    """Where help was asked for decides who is entitled to see it."""
    what = "Sent to a team" if isinstance(event.details, Erased) else f"Sent to {title(event.details.queue)}"
    ids = Ids(event.family_id, event.matter_id, submission=event.submission_id)
    yield _entry(recorded, ids, Kind.STATUS, what)


@TIMELINE.on(PersonLinked)
def person_linked(event: PersonLinked, recorded: Recorded) -> Iterable[Operation]:
    """How the hub knew that somebody belongs here: somebody new, or one who was known already."""
    ids = Ids(event.family_id, event.matter_id, event.person_id, event.submission_id)
    known = not isinstance(event.details, Erased) and event.details.method not in _NEW
    yield _entry(recorded, ids, Kind.STATUS, "Person recognised" if known else "Person added to the family")


@TIMELINE.on(PersonDoubted)
def person_doubted(event: PersonDoubted, recorded: Recorded) -> Iterable[Operation]:
    """Somebody has to decide who this is."""
    ids = Ids(event.family_id, None, event.person_id, event.submission_id)
    yield _entry(recorded, ids, Kind.STATUS, "May be somebody who is known already")


@TIMELINE.on(DoubtSettled)
def doubt_settled(event: DoubtSettled, recorded: Recorded) -> Iterable[Operation]:
    """That two are one is said by the merge that comes with it."""
    if event.outcome is DoubtOutcome.DIFFERENT:
        yield _entry(recorded, Ids(None, None, event.person_id), Kind.STATUS, "Found to be nobody known already")


@TIMELINE.on(PersonMerged)
def person_merged(event: PersonMerged, recorded: Recorded) -> Iterable[Operation]:
    """Two records of one person."""
    yield _entry(recorded, Ids(None, None, event.person_id), Kind.STATUS, "Found to be one with a person already known")


@TIMELINE.on(PersonSplit)
def person_split(event: PersonSplit, recorded: Recorded) -> Iterable[Operation]:
    """One record of two people."""
    yield _entry(recorded, Ids(None, None, event.person_id), Kind.STATUS, "Found to be another person")


@TIMELINE.on(FamilyMerged)
def family_merged(event: FamilyMerged, recorded: Recorded) -> Iterable[Operation]:
    """Two records of one family."""
    yield _entry(recorded, Ids(event.family_id), Kind.STATUS, "Found to be one with a family already known")


@TIMELINE.on(FamilySplit)
def family_split(event: FamilySplit, recorded: Recorded) -> Iterable[Operation]:
    """One record of two families."""
    yield _entry(recorded, Ids(event.family_id), Kind.STATUS, "Found to be another family")


@TIMELINE.on(SubmissionTakenOut)
def submission_taken_out(event: SubmissionTakenOut, recorded: Recorded) -> Iterable[Operation]:
    """The line bears no submission, because entries of this one are hidden."""
    ids = Ids(event.family_id, event.matter_id)
    yield _entry(recorded, ids, Kind.STATUS, "Taken out: it was not about this family")


def _entry(recorded: Recorded, ids: Ids, kind: Kind, what: str) -> Put:
    record = recorded.record
    details, erased_since = kept(recorded.event)
    return Put(
        ENTRY,
        (
            record.id,
            *ids,
            kind.value,
            what,
            record.agency,
            record.basis,
            record.purpose,
            record.occurred_at,
            record.recorded_at,
            record.position,
            details,
            erased_since,
        ),
    )
