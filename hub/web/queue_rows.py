"""Rows of a queue's page: everything worked out and in words, so that the template only lays it out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from hub.web import dates, words
from hub.web.told import PROTECTED
from projections.household import Named
from projections.queues import Status
from projections.waiting import Entry, Review


@dataclass(frozen=True, slots=True)
class Row:
    """One matter. `waits`: somebody still waits for an answer, so it can be acknowledged."""

    family_id: UUID
    matter_id: UUID
    name: str
    age: str
    received: str
    due: str
    overdue: bool
    status: str
    status_code: str
    urgency: str
    referrer: str
    why: str
    waits: bool


@dataclass(frozen=True, slots=True)
class ReviewRow:
    """One submission that a person must look at; `found` is what could be read of it, label and text."""

    why: str
    sender: str
    received: str
    due: str
    overdue: bool
    found: tuple[tuple[str, str], ...]


def rows(entries: Iterable[Entry], names: Mapping[UUID, Named], now: datetime) -> list[Row]:
    """In the order given."""
    return [_row(entry, names.get(entry.subject_id) if entry.subject_id else None, now) for entry in entries]


def review_rows(reviews: Iterable[Review], found: Mapping[UUID, Mapping[str, str]], now: datetime) -> list[ReviewRow]:
    """In the order given."""
    today = dates.london_day(now)
    return [
        ReviewRow(
            why=words.say(words.REVIEW, review.reason, "Erased"),
            sender=words.agency(review.agency, review.agency_title),
            received=dates.day(review.received_at),
            due=dates.due(review.due_on, today),
            overdue=review.overdue,
            found=tuple((words.say(words.FOUND, k), v) for k, v in found.get(review.submission_id, {}).items()),
        )
        for review in reviews
    ]


def _row(entry: Entry, child: Named | None, now: datetime) -> Row:
    today = dates.london_day(now)
    return Row(
        family_id=entry.family_id,
        matter_id=entry.matter_id,
        name=child.display_name if child else "Name not known",
        age=dates.age(child.birth if child else None, today),
        received=dates.day(entry.received_at),
        due=dates.due(entry.due_on, today) if entry.due_on else "Nobody is waiting",
        overdue=entry.overdue,
        status=words.say(words.STATUS, entry.status),
        status_code=entry.status.value,
        urgency=words.say(words.URGENCY, entry.urgency),
        referrer=words.agency(entry.agency, entry.agency_title),
        why=PROTECTED if entry.hidden else entry.reason or "Erased",
        waits=entry.status is Status.NEW,
    )
