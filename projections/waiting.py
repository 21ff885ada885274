"""Questions to the queues: what waits, since when, until when; how long each queue is; what a person must look at.

A matter stays in the queue of its own place when its family is merged with another one, and is shown as that family's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from asyncpg import Record

from events.database import Connection
from projections.agencies import AGENCIES
from projections.belonging import block_of_family
from projections.circle import gather
from projections.doubts import count_open
from projections.places import EVERY_QUEUE, TRIAGE
from projections.queues import QUEUES, Asked, Status, asked_of
from projections.reading import sql
from projections.working_days import due_on, overdue_before

PAGE_SIZE: Final = 25


@dataclass(frozen=True, slots=True)
class Filter:
    """Which entries are wanted; None means all. `urgency`: ROUTINE, SOON or URGENT; `agency`: its code."""

    queue: str | None = None
    status: Status | None = None
    urgency: str | None = None
    overdue: bool = False
    agency: str | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One matter in a queue.

    `family_id` is the id it was recorded under and can be acknowledged by, `belongs_to` the family's representative.
    `hidden`: the family is protected, so that `reason`, which tells where they live, is left out.
    `subject_id` is the child of its newest referral (name by `household.names`). `due_on`: by the end of that London
    day the oldest unanswered referral must be acknowledged; None when nobody waits. `reason`: why it is in this queue.
    """

    matter_id: UUID
    family_id: UUID
    belongs_to: UUID
    hidden: bool
    queue: str
    reason: str | None
    status: Status
    urgency: str | None
    received_at: datetime
    due_on: date | None
    overdue: bool
    agency: str
    agency_title: str
    subject_id: UUID | None
    referrals: tuple[Asked, ...]
    erased_since: datetime | None


@dataclass(frozen=True, slots=True)
class Page:
    """One page of entries, soonest due first, then those nobody waits for, newest first."""

    entries: tuple[Entry, ...]
    number: int
    pages: int
    total: int


@dataclass(frozen=True, slots=True)
class Count:
    """How long a queue is; `reviews` are items without a family yet, `doubts` people who may be known: in triage."""

    queue: str
    title: str
    new: int = 0
    acknowledged: int = 0
    withdrawn: int = 0
    overdue: int = 0
    reviews: int = 0
    doubts: int = 0


@dataclass(frozen=True, slots=True)
class Review:
    """A submission that a person must look at (what could be read of whom: `household.found_of`)."""

    submission_id: UUID
    reason: str | None
    agency: str
    agency_title: str
    occurred_at: datetime
    received_at: datetime
    due_on: date
    overdue: bool
    erased_since: datetime | None


_WHERE: Final = """WHERE entry.status IS NOT NULL AND entry.queue IS NOT NULL
         AND ($1::text IS NULL OR entry.queue = $1)
         AND ($2::text IS NULL OR entry.status = $2)
         AND ($3::text IS NULL OR entry.urgency = $3)
         AND ($4::timestamptz IS NULL OR entry.waiting_since < $4)
         AND ($5::text IS NULL OR entry.agency = $5)"""
_ENTRIES = sql(
    """SELECT entry.*, coalesce(agency.title, entry.agency) AS title
       FROM {queues}.entry LEFT JOIN {agencies}.agency ON agency.code = entry.agency
       {where}
       ORDER BY entry.waiting_since, entry.received_at DESC, entry.matter_id
       LIMIT $6 OFFSET $7""",
    QUEUES,
    AGENCIES,
    where=_WHERE,
)
_TOTAL = sql("SELECT count(*) FROM {queues}.entry {where}", QUEUES, where=_WHERE)
_OF_FAMILY = sql(
    """SELECT entry.*, coalesce(agency.title, entry.agency) AS title
       FROM {queues}.entry LEFT JOIN {agencies}.agency ON agency.code = entry.agency
       WHERE family_id = ANY($1::uuid[]) AND status IS NOT NULL AND queue IS NOT NULL
       ORDER BY entry.received_at DESC, entry.matter_id""",
    QUEUES,
    AGENCIES,
)
_COUNTS = sql(
    """SELECT queue,
              count(*) FILTER (WHERE status = 'NEW') AS new,
              count(*) FILTER (WHERE status = 'ACKNOWLEDGED') AS acknowledged,
              count(*) FILTER (WHERE status = 'WITHDRAWN') AS withdrawn,
              count(*) FILTER (WHERE waiting_since < $1) AS overdue
       FROM {queues}.entry WHERE status IS NOT NULL AND queue IS NOT NULL GROUP BY queue""",
    QUEUES,
)
_REVIEWS = sql(
    """SELECT review.*, coalesce(agency.title, review.agency) AS title
       FROM {queues}.review LEFT JOIN {agencies}.agency ON agency.code = review.agency
       ORDER BY received_at, submission_id LIMIT $1 OFFSET $2""",
    QUEUES,
    AGENCIES,
)
_REVIEW_COUNT = sql("SELECT count(*) FROM {queues}.review", QUEUES)


async def waiting(connection: Connection, wanted: Filter, now: datetime, page: int = 1) -> Page:
    """Page `page` (from 1) of what is wanted; a page behind the last one is the last one."""
    late = overdue_before(now) if wanted.overdue else None
    filters = (wanted.queue, wanted.status, wanted.urgency, late, wanted.agency)
    total: int = await connection.fetchval(_TOTAL, *filters)
    pages = max(1, -(-total // PAGE_SIZE))
    number = min(max(page, 1), pages)
    rows = await connection.fetch(_ENTRIES, *filters, PAGE_SIZE, (number - 1) * PAGE_SIZE)
    return Page(tuple(await _entries(connection, rows, now)), number, pages, total)


async def of_family(connection: Connection, family_id: UUID, now: datetime) -> list[Entry]:
    """The queue entries of the family that this id belongs to, newest first."""
    atoms = (await block_of_family(connection, family_id)).atoms
    return await _entries(connection, await connection.fetch(_OF_FAMILY, atoms), now)


async def counts(connection: Connection, now: datetime) -> list[Count]:
    """Every queue with its length, empty ones too, in the order of `places.EVERY_QUEUE`."""
    rows = {row["queue"]: row for row in await connection.fetch(_COUNTS, overdue_before(now))}
    reviews: int = await connection.fetchval(_REVIEW_COUNT)
    doubts = (await count_open(connection, now)).open
    return [
        Count(
            queue.code,
            queue.title,
            **{name: row[name] for name in ("new", "acknowledged", "withdrawn", "overdue")} if row else {},
            reviews=reviews if queue.code == TRIAGE else 0,
            doubts=doubts if queue.code == TRIAGE else 0,
        )
        for queue in EVERY_QUEUE.values()
        for row in (rows.get(queue.code),)
    ]


async def reviews(connection: Connection, now: datetime, page: int = 1) -> list[Review]:
    """What a person must look at, oldest first; page `page` from 1."""
    late = overdue_before(now)
    return [
        Review(
            submission_id=row["submission_id"],
            reason=row["reason"],
            agency=row["agency"],
            agency_title=row["title"],
            occurred_at=row["occurred_at"],
            received_at=row["received_at"],
            due_on=due_on(row["received_at"]),
            overdue=row["received_at"] < late,
            erased_since=row["erased_since"],
        )
        for row in await connection.fetch(_REVIEWS, PAGE_SIZE, (page - 1) * PAGE_SIZE)
    ]


async def _entries(connection: Connection, rows: Sequence[Record], now: datetime) -> list[Entry]:
    circle = await gather(connection, {row["family_id"] for row in rows})
    found = []
    for row in rows:
        family_id = circle.families[row["family_id"]].representative
        found.append(_entry(row, now, family_id, hidden=family_id in circle.guarded_families))
    return found


def _entry(row: Record, now: datetime, belongs_to: UUID, *, hidden: bool) -> Entry:
    since = row["waiting_since"]
    return Entry(
        matter_id=row["matter_id"],
        family_id=row["family_id"],
        belongs_to=belongs_to,
        hidden=hidden,
        queue=row["queue"],
        reason=None if hidden else row["reason"],
        status=Status(row["status"]),
        urgency=row["urgency"],
        received_at=row["received_at"],
        due_on=due_on(since) if since else None,
        overdue=since is not None and since < overdue_before(now),
        agency=row["agency"],
        agency_title=row["title"],
        subject_id=row["subject_id"],
        referrals=tuple(asked_of(row["referrals"])),
        erased_since=row["erased_since"],
    )
