"""Questions to the submissions: what became of what I sent? Only ever answered to the agency that sent it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from asyncpg import Record

from events.database import Connection
from projections.agencies import AGENCIES
from projections.places import title
from projections.reading import sql
from projections.submissions import SUBMISSIONS, Outcome


@dataclass(frozen=True, slots=True)
class Published:
    """Where one event stands on the log: its type, partition, the sequence in that partition, and global position."""

    event: str
    partition: int
    sequence: int
    position: int


@dataclass(frozen=True, slots=True)
class Status:
    """What became of one submission, or of one part of a file.

    All its events stand from `first_position` to `last_position` on the log, without others between as long as it has
    not been taken out of a family and recorded again; `published` are
    the first of them and the one that says what was told. `code` names a refusal or a review. `queue` is where the
    family's matter waits, None where nothing was asked. `acknowledged_by` is the title of the agency that answered.
    """

    submission_id: UUID
    correlation_id: UUID
    agency: str
    channel: str
    format: str
    part: int
    received_at: datetime
    outcome: Outcome
    code: str
    first_position: int
    last_position: int
    published: tuple[Published, ...]
    queue: str | None
    queue_title: str | None
    acknowledged_at: datetime | None
    acknowledged_by: str | None


@dataclass(frozen=True, slots=True)
class FileStatus:
    """What became of a file or message, by the id of its receipt: how many of its parts ended how."""

    correlation_id: UUID
    received_at: datetime
    parts: int
    accepted: int
    review: int
    refused: int
    acknowledged: int
    first_position: int
    last_position: int


# What was taken out of one family and recorded again in another one is where the newest record is.
_TOLD: Final = sql(
    """LATERAL (SELECT * FROM {submissions}.told
               WHERE told.submission_id = submission.submission_id
               ORDER BY told.position DESC LIMIT 1) AS told ON true""",
    SUBMISSIONS,
)
_STATUS: Final = sql(
    """SELECT submission.*, told.event AS told_event, told.partition AS told_partition,
              told.sequence AS told_sequence, told.position AS told_position, route.queue,
              answer.acknowledged_at, coalesce(agency.title, answer.acknowledged_by) AS acknowledged_by
       FROM {submissions}.submission
       LEFT JOIN {told}
       LEFT JOIN {submissions}.route ON route.matter_id = told.matter_id AND told.referral_id IS NOT NULL
       LEFT JOIN {submissions}.answer ON answer.referral_id = told.referral_id
       LEFT JOIN {agencies}.agency ON agency.code = answer.acknowledged_by""",
    SUBMISSIONS,
    AGENCIES,
    told=_TOLD,
)
_ONE = sql("{status} WHERE submission.submission_id = $1 AND submission.agency = $2", status=_STATUS)
_PARTS = sql(
    """{status}
       WHERE submission.correlation_id = $1 AND submission.agency = $2 AND submission.part > $3
         AND ($4::text IS NULL OR submission.outcome = $4)
       ORDER BY submission.part LIMIT $5""",
    status=_STATUS,
)
_FILE = sql(
    """SELECT min(submission.received_at) AS received_at, count(*) AS parts,
              count(*) FILTER (WHERE outcome = 'accepted') AS accepted,
              count(*) FILTER (WHERE outcome = 'review') AS review,
              count(*) FILTER (WHERE outcome = 'refused') AS refused,
              count(answer.referral_id) AS acknowledged,
              min(submission.position) AS first_position,
              max(greatest(submission.last_position, told.position)) AS last_position
       FROM {submissions}.submission
       LEFT JOIN {told}
       LEFT JOIN {submissions}.answer ON answer.referral_id = told.referral_id
       WHERE submission.correlation_id = $1 AND submission.agency = $2""",
    SUBMISSIONS,
    told=_TOLD,
)


async def submission(connection: Connection, submission_id: UUID, agency: str) -> Status | None:
    """What became of it; None if it is not known, or another agency's."""
    row = await connection.fetchrow(_ONE, submission_id, agency)
    return None if row is None else _status(row)


async def file_status(connection: Connection, correlation_id: UUID, agency: str) -> FileStatus | None:
    """What became of a whole file or message; None if it is not known, or another agency's."""
    row = await connection.fetchrow(_FILE, correlation_id, agency)
    return None if row is None or not row["parts"] else FileStatus(correlation_id, **dict(row))


async def parts(
    connection: Connection,
    correlation_id: UUID,
    agency: str,
    *,
    outcome: Outcome | None = None,
    after: int = -1,
    limit: int = 100,
) -> list[Status]:
    """Parts of a file in order; `after` is the number of the last part of the page before this one."""
    return [_status(row) for row in await connection.fetch(_PARTS, correlation_id, agency, after, outcome, limit)]


def _status(row: Record) -> Status:
    published = [Published(row["event"], row["partition"], row["sequence"], row["position"])]
    last: int = row["last_position"]
    if row["told_event"] is not None:
        told = Published(row["told_event"], row["told_partition"], row["told_sequence"], row["told_position"])
        published.append(told)
        last = max(last, told.position)
    return Status(
        submission_id=row["submission_id"],
        correlation_id=row["correlation_id"],
        agency=row["agency"],
        channel=row["channel"],
        format=row["format"],
        part=row["part"],
        received_at=row["received_at"],
        outcome=Outcome(row["outcome"]),
        code=row["code"],
        first_position=row["position"],
        last_position=last,
        published=tuple(published),
        queue=row["queue"],
        queue_title=title(row["queue"]) if row["queue"] else None,
        acknowledged_at=row["acknowledged_at"],
        acknowledged_by=row["acknowledged_by"],
    )
