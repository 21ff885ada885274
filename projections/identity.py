"""Who is who: which identity a person or family id belongs to now, doubts, and what was taken out again.

Only ids that were ever moved have a row in the alias tables; every other id is an identity of its own. Nothing recorded
under an id is rewritten: queries ask here which ids are one (`belonging`), what is in doubt (`doubts`) and what was
decided (`identity_history`). No names stand here; reasons are sealed in the events and go with their keys.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from functools import partial
from typing import NamedTuple
from uuid import UUID

from events.doubt import DoubtOutcome, DoubtSettled, PersonDoubted
from events.envelope import Erased, Recorded
from events.identity import FamilyMerged, FamilySplit, PersonMerged, PersonSplit, SubmissionTakenOut
from projections.projection import Fold, Operation, Projection, Put, Row, Table
from projections.sealed import kept

_MOVED = (("belongs_to", "uuid"), ("decision_id", "uuid"), ("since", "timestamptz"))
PERSON_ALIAS = Table("person_alias", (("person_id", "uuid"), *_MOVED), indexes=("(belongs_to)",))
FAMILY_ALIAS = Table("family_alias", (("family_id", "uuid"), *_MOVED), indexes=("(belongs_to)",))
DOUBT = Table(
    "doubt",
    (
        ("doubt_id", "uuid"),
        ("person_id", "uuid"),
        ("family_id", "uuid"),
        ("submission_id", "uuid"),
        ("agency", "text"),
        ("occurred_at", "timestamptz"),
        ("raised_at", "timestamptz"),
        ("candidates", "uuid[]"),
        ("details", "text"),
        ("erased_since", "timestamptz"),
        ("outcome", "text"),
        ("same_as", "uuid"),
        ("decision_id", "uuid"),
        ("settled_at", "timestamptz"),
        ("settled_by", "text"),
        ("reason", "text"),
        ("settling_id", "uuid"),
        ("cause_id", "uuid"),
        ("again_by", "uuid"),
    ),
    indexes=("(raised_at) WHERE outcome IS NULL", "(family_id)", "(decision_id)", "(cause_id)"),
)
# What a submission told in a family, and of a person, is void. The rows hold nothing but their key, so that whatever
# streams say the same say it in any order.
TAKEN_OUT = Table("taken_out", (("submission_id", "uuid"), ("family_id", "uuid")), key=2)
TAKEN_OUT_PERSON = Table("taken_out_person", (("submission_id", "uuid"), ("person_id", "uuid")), key=2)
# One row an event: a decision is all rows of its id, and their streams come in any order.
DECISION = Table(
    "decision",
    (
        ("event_id", "uuid"),
        ("decision_id", "uuid"),
        ("kind", "text"),
        ("person_id", "uuid"),
        ("family_id", "uuid"),
        ("other_id", "uuid"),
        ("submission_id", "uuid"),
        ("undoes", "uuid"),
        ("at", "timestamptz"),
        ("position", "bigint"),
        ("agency", "text"),
        ("actor", "text"),
        ("reason", "text"),
        ("erased_since", "timestamptz"),
    ),
    indexes=("(decision_id)", "(undoes)", "(person_id)", "(family_id)", "(other_id)"),
    append_only=True,
)
IDENTITY = Projection("identity", 2, (PERSON_ALIAS, FAMILY_ALIAS, DOUBT, TAKEN_OUT, TAKEN_OUT_PERSON, DECISION))


class DecisionKind(StrEnum):
    """What was decided about who is who."""

    MERGED = "MERGED"
    SPLIT = "SPLIT"
    TAKEN_OUT = "TAKEN_OUT"
    DIFFERENT = "DIFFERENT"


class DoubtRow(NamedTuple):
    """A row of `doubt`. `details` is JSON of `DoubtDetails`; `outcome` is None while nobody has settled it.

    `settling_id`: the event that settled it. `cause_id`, `again_by`, of a doubt told anew: the event that had settled
    it before, and the decision that took that back.
    """

    doubt_id: UUID
    person_id: UUID
    family_id: UUID
    submission_id: UUID
    agency: str
    occurred_at: datetime
    raised_at: datetime
    candidates: tuple[UUID, ...]
    details: str | None = None
    erased_since: datetime | None = None
    outcome: str | None = None
    same_as: UUID | None = None
    decision_id: UUID | None = None
    settled_at: datetime | None = None
    settled_by: str | None = None
    reason: str | None = None
    settling_id: UUID | None = None
    cause_id: UUID | None = None
    again_by: UUID | None = None


class DecisionRow(NamedTuple):
    """A row of `decision`: of the person or family that was moved, or whose submission was taken out.

    `other_id` is the person or family that it belongs to from then on, or that took in what was taken out.
    """

    event_id: UUID
    decision_id: UUID
    kind: str
    person_id: UUID | None
    family_id: UUID | None
    other_id: UUID | None
    submission_id: UUID | None
    undoes: UUID | None
    at: datetime
    position: int
    agency: str
    actor: str
    reason: str | None
    erased_since: datetime | None


_Decided = PersonMerged | PersonSplit | FamilyMerged | FamilySplit | SubmissionTakenOut | DoubtSettled


@IDENTITY.on(PersonMerged)
def person_merged(event: PersonMerged, recorded: Recorded) -> Iterable[Operation]:
    """The newest word on a person's own stream is where they belong."""
    return _person_moved(event, recorded, DecisionKind.MERGED)


@IDENTITY.on(PersonSplit)
def person_split(event: PersonSplit, recorded: Recorded) -> Iterable[Operation]:
    """So is this one."""
    return _person_moved(event, recorded, DecisionKind.SPLIT)


@IDENTITY.on(FamilyMerged)
def family_merged(event: FamilyMerged, recorded: Recorded) -> Iterable[Operation]:
    """The newest word on a family's own stream is where it belongs."""
    return _family_moved(event, recorded, DecisionKind.MERGED)


@IDENTITY.on(FamilySplit)
def family_split(event: FamilySplit, recorded: Recorded) -> Iterable[Operation]:
    """So is this one."""
    return _family_moved(event, recorded, DecisionKind.SPLIT)


def _person_moved(event: PersonMerged | PersonSplit, recorded: Recorded, kind: DecisionKind) -> Iterable[Operation]:
    yield Put(PERSON_ALIAS, (event.person_id, event.belongs_to, event.decision_id, recorded.record.recorded_at))
    yield _decided(event, recorded, kind, person_id=event.person_id, other_id=event.belongs_to, undoes=event.undoes)


def _family_moved(event: FamilyMerged | FamilySplit, recorded: Recorded, kind: DecisionKind) -> Iterable[Operation]:
    yield Put(FAMILY_ALIAS, (event.family_id, event.belongs_to, event.decision_id, recorded.record.recorded_at))
    yield _decided(event, recorded, kind, family_id=event.family_id, other_id=event.belongs_to, undoes=event.undoes)


@IDENTITY.on(SubmissionTakenOut)
def submission_taken_out(event: SubmissionTakenOut, recorded: Recorded) -> Iterable[Operation]:
    """What it told here is void, of the family and of each of its people."""
    yield Put(TAKEN_OUT, (event.submission_id, event.family_id))
    for person_id in event.people:
        yield Put(TAKEN_OUT_PERSON, (event.submission_id, person_id))
    yield _decided(
        event,
        recorded,
        DecisionKind.TAKEN_OUT,
        family_id=event.family_id,
        other_id=event.into_family,
        submission_id=event.submission_id,
    )


@IDENTITY.on(PersonDoubted)
def person_doubted(event: PersonDoubted, recorded: Recorded) -> Iterable[Operation]:
    """Somebody has to decide."""
    record = recorded.record
    details, erased_since = kept(event)
    yield Put(
        DOUBT,
        DoubtRow(
            event.doubt_id,
            event.person_id,
            event.family_id,
            event.submission_id,
            record.agency,
            record.occurred_at,
            record.recorded_at,
            event.candidates,
            details,
            erased_since,
            cause_id=record.causation_id,
            again_by=record.correlation_id if record.causation_id else None,
        ),
    )


@IDENTITY.on(DoubtSettled)
def doubt_settled(event: DoubtSettled, recorded: Recorded) -> Iterable[Operation]:
    """Somebody has decided; that two are one moves one of them by an event of its own."""
    yield Fold(DOUBT, (event.doubt_id,), partial(_settled, event, recorded))
    if event.outcome is DoubtOutcome.DIFFERENT:
        yield _decided(event, recorded, DecisionKind.DIFFERENT, person_id=event.person_id)


def _settled(event: DoubtSettled, recorded: Recorded, row: Row | None) -> Row | None:
    """The first word counts; a doubt that was never raised is not one."""
    if row is None or DoubtRow(*row).outcome is not None:
        return row
    reason, _ = _reason(event)
    return DoubtRow(*row)._replace(
        outcome=event.outcome.value,
        same_as=event.same_as,
        decision_id=event.decision_id,
        settled_at=recorded.record.recorded_at,
        settled_by=recorded.record.actor,
        reason=reason,
        settling_id=recorded.record.id,
    )


def _decided(
    event: _Decided,
    recorded: Recorded,
    kind: DecisionKind,
    *,
    person_id: UUID | None = None,
    family_id: UUID | None = None,
    other_id: UUID | None = None,
    submission_id: UUID | None = None,
    undoes: UUID | None = None,
) -> Put:
    record = recorded.record
    place = (person_id, family_id, other_id, submission_id, undoes)
    by = (record.recorded_at, record.position, record.agency, record.actor)
    return Put(DECISION, DecisionRow(record.id, event.decision_id, kind.value, *place, *by, *_reason(event)))


def _reason(event: _Decided) -> tuple[str | None, datetime | None]:
    if isinstance(event.details, Erased):
        return None, event.details.since
    return event.details.reason, None
