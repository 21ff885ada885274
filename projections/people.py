"""Who people are: the only read model with names. Everything else knows people by surrogate id and joins when read.

What each agency said of a person stands in a row of its own and is made one when read (`tellings`), over all ids of an
identity and without what was taken out: so a merge, a split or a submission taken out is right at once and rewrites
nothing. What is shown of protected people, and of those who live with them, is decided when read too (`guarding`).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import partial
from typing import NamedTuple
from uuid import UUID

import orjson

from events.envelope import Erased, Recorded
from events.family import PersonLinked
from events.person import PersonRecorded
from events.referral import InformationReceived, ReferralReceived
from events.submission import ReviewRaised
from projections.describing import described
from projections.projection import Fold, Operation, Projection, Put, Row, Table

DESCRIPTION = Table(
    "description",
    (
        ("event_id", "uuid"),
        ("person_id", "uuid"),
        ("submission_id", "uuid"),
        ("kind", "text"),
        ("described", "text"),
        ("recorded_by", "text"),
        ("described_at", "timestamptz"),
        ("position", "bigint"),
        ("erased_since", "timestamptz"),
    ),
    indexes=("(person_id)",),
    append_only=True,
)
MEMBER = Table(
    "member",
    (
        ("family_id", "uuid"),
        ("person_id", "uuid"),
        ("matter_id", "uuid"),
        ("submission_id", "uuid"),
        ("since", "timestamptz"),
        ("linked_by", "text"),
        ("method", "text"),
        ("score", "bigint"),
        ("reasons", "text"),
        ("erased_since", "timestamptz"),
    ),
    key=2,
    indexes=("(person_id)",),
)
# Whom a submission named, and which child it was about: what an adult's relationship is told to.
NAMED = Table(
    "named",
    (
        ("event_id", "uuid"),
        ("submission_id", "uuid"),
        ("family_id", "uuid"),
        ("subject_id", "uuid"),
        ("people", "uuid[]"),
        ("told_by", "text"),
        ("told_at", "timestamptz"),
        ("position", "bigint"),
    ),
    indexes=("(family_id)", "USING gin (people) WITH (fastupdate = off)"),
    append_only=True,
)
# What could be read of somebody whom nobody could place yet; it may hold names, so it stands here.
UNPLACED = Table("unplaced", (("submission_id", "uuid"), ("found", "text"), ("erased_since", "timestamptz")))
PEOPLE = Projection("people", 2, (DESCRIPTION, MEMBER, NAMED, UNPLACED))


class DescriptionRow(NamedTuple):
    """A row of `description`. `described` is the JSON of `describing.described`; None once erased, as is `kind`."""

    event_id: UUID
    person_id: UUID
    submission_id: UUID
    kind: str | None
    described: str | None
    recorded_by: str
    described_at: datetime
    position: int
    erased_since: datetime | None = None


@PEOPLE.on(PersonRecorded)
def person_recorded(event: PersonRecorded, recorded: Recorded) -> Iterable[Operation]:
    """Kept as it was said; what is shown follows from all that was said."""
    record, details = recorded.record, event.details
    kind = said = since = None
    if isinstance(details, Erased):
        since = details.since
    else:
        kind, said = details.kind.value, _json(described(details.person))
    who = (record.id, event.person_id, event.submission_id)
    told = (record.agency, record.occurred_at, record.position)
    yield Put(DESCRIPTION, DescriptionRow(*who, kind, said, *told, since))


@PEOPLE.on(PersonLinked)
def person_linked(event: PersonLinked, recorded: Recorded) -> Iterable[Operation]:
    """Who belongs to the family, since when, and how the hub knew; how they were recognised later changes nothing."""
    record, details = recorded.record, event.details
    place = (event.family_id, event.person_id, event.matter_id, event.submission_id, record.occurred_at, record.agency)
    if isinstance(details, Erased):
        yield Put(MEMBER, (*place, None, None, None, details.since))
    else:
        row = (*place, details.method, details.score, _json(details.reasons), None)
        yield Fold(MEMBER, place[:2], partial(_first, row))


def _first(row: Row, former: Row | None) -> Row:
    return row if former is None else former


@PEOPLE.on(ReferralReceived)
def referral_received(event: ReferralReceived, recorded: Recorded) -> Iterable[Operation]:
    """Whom it named."""
    yield _named(event, recorded)


@PEOPLE.on(InformationReceived)
def information_received(event: InformationReceived, recorded: Recorded) -> Iterable[Operation]:
    """Whom it named."""
    yield _named(event, recorded)


def _named(event: ReferralReceived | InformationReceived, recorded: Recorded) -> Put:
    record = recorded.record
    people = tuple(dict.fromkeys((event.subject_id, *event.people)))
    told = (record.agency, record.occurred_at, record.position)
    return Put(NAMED, (record.id, event.submission_id, event.family_id, event.subject_id, people, *told))


@PEOPLE.on(ReviewRaised)
def review_raised(event: ReviewRaised, recorded: Recorded) -> Iterable[Operation]:
    """What a reviewer sees first of somebody who could not be placed."""
    del recorded
    if isinstance(event.details, Erased):
        yield Put(UNPLACED, (event.submission_id, None, event.details.since))
    else:
        yield Put(UNPLACED, (event.submission_id, _json(event.details.found), None))


def _json(value: object) -> str:
    return orjson.dumps(value).decode()
