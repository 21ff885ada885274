"""Who people are: the only read model with names. Everything else knows people by surrogate id and joins when read.

One row a person, folded from that person's stream alone; who belongs to which family is the family's stream and so has
its own table. A protected person or address, or one in the same household, shows no address and no contacts: one
function, `household._shown`, decides it for every query. Protection once told stays.
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
from events.person import PersonDetails, PersonRecorded
from events.submission import ReviewRaised
from projections.describing import Described, described, former_names, merged, protected
from projections.projection import Fold, Operation, Projection, Put, Row, Table

PERSON = Table(
    "person",
    (
        ("person_id", "uuid"),
        ("kind", "text"),
        ("described", "text"),
        ("former_names", "text"),
        ("protected", "boolean"),
        ("recorded_by", "text"),
        ("described_at", "timestamptz"),
        ("erased_since", "timestamptz"),
    ),
)
MEMBER = Table(
    "member",
    (
        ("family_id", "uuid"),
        ("person_id", "uuid"),
        ("matter_id", "uuid"),
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
# What could be read of somebody whom nobody could place yet; it may hold names, so it stands here.
UNPLACED = Table("unplaced", (("submission_id", "uuid"), ("found", "text"), ("erased_since", "timestamptz")))
PEOPLE = Projection("people", 1, (PERSON, MEMBER, UNPLACED))


class PersonRow(NamedTuple):
    """A row of `person`. `described` and `former_names` are JSON; None and empty once erased."""

    person_id: UUID
    kind: str | None = None
    described: str | None = None
    former_names: str | None = None
    protected: bool = False
    recorded_by: str | None = None
    described_at: datetime | None = None
    erased_since: datetime | None = None


@PEOPLE.on(PersonRecorded)
def person_recorded(event: PersonRecorded, recorded: Recorded) -> Iterable[Operation]:
    """A later description updates an earlier one; a late one only fills in what nobody has said since."""
    if isinstance(event.details, Erased):
        yield Put(PERSON, PersonRow(event.person_id, erased_since=event.details.since))
    else:
        yield Fold(PERSON, (event.person_id,), partial(_described, event.person_id, event.details, recorded))


def _described(person_id: UUID, details: PersonDetails, recorded: Recorded, former: Row | None) -> Row:
    said = described(details.person)
    if former is None:
        row = PersonRow(person_id, described=_json(said), former_names="[]", protected=protected(said))
        return _said_by(recorded, details, row)
    row = PersonRow(*former)
    if row.described is None or row.described_at is None:
        return row  # erased: a copy delivered late brings nothing back
    before: Described = orjson.loads(row.described)
    late = recorded.at < row.described_at
    after = merged(before, said) if late else merged(said, before)
    row = row._replace(
        described=_json(after),
        former_names=_json(former_names(orjson.loads(row.former_names or "[]"), said if late else before, after)),
        protected=row.protected or protected(said),
    )
    return row if late else _said_by(recorded, details, row)


def _said_by(recorded: Recorded, details: PersonDetails, row: PersonRow) -> PersonRow:
    return row._replace(kind=details.kind.value, recorded_by=recorded.record.agency, described_at=recorded.at)


@PEOPLE.on(PersonLinked)
def person_linked(event: PersonLinked, recorded: Recorded) -> Iterable[Operation]:
    """Who belongs to the family, and how the hub knows."""
    record, details = recorded.record, event.details
    place = (event.family_id, event.person_id, event.matter_id, record.occurred_at, record.agency)
    if isinstance(details, Erased):
        yield Put(MEMBER, (*place, None, None, None, details.since))
    else:
        yield Put(MEMBER, (*place, details.method, details.score, _json(details.reasons), None))


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
