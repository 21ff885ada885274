"""What followed from a link or a decision about identity while it stood: what was shown, answered and looked at.

From the log and the decision tables. Families are those of the present blocks and of the decision itself. What was told
is shown on the family's page from the moment it is recorded, so every submission recorded there before the end counts.

Statements to families and frozen panel packs do not exist in this hub yet: none can be on record.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from events.access import PersonalDataRevealed
from events.envelope import Erased, Recorded
from events.family import MatterRouted
from events.identity import SubmissionTakenOut
from events.referral import InformationReceived, ReferralAcknowledged, ReferralReceived
from hub.bootstrap import Hub
from hub.identity.affected import Affected, affected_by, family_streams, person_streams
from hub.identity.reading import read_streams
from projections.places import LOCALITIES


@dataclass(frozen=True, slots=True)
class Queued:
    """A matter in a team's or panel's queue while it stood. `queue` is None once erased."""

    matter_id: UUID
    family_id: UUID
    queue: str | None
    since: datetime


@dataclass(frozen=True, slots=True)
class InPack:
    """A family in the pack of a panel's locality: packs are made when asked for, so from when it could be read."""

    locality: str
    family_id: UUID
    matter_id: UUID
    since: datetime


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """An answer that was sent to an agency."""

    referral_id: UUID
    agency: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Revealed:
    """Personal data that somebody opened from the log, for a reason that is sealed there."""

    event_id: UUID
    stream: str
    actor: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Shown:
    """Content of a submission, in this family. `wrong`: it is what was linked here, the others were shown beside it."""

    submission_id: UUID
    family_id: UUID
    agency: str
    since: datetime
    wrong: bool


@dataclass(frozen=True, slots=True)
class Consequences:
    """Everything, the earliest first. `until` is None while it stands. No names, no text, nothing that is sealed."""

    event_id: UUID
    decision_id: UUID | None
    since: datetime
    until: datetime | None
    families: tuple[UUID, ...]
    queues: tuple[Queued, ...]
    packs: tuple[InPack, ...]
    acknowledgements: tuple[Acknowledged, ...]
    reveals: tuple[Revealed, ...]
    submissions: tuple[Shown, ...]


async def consequences(hub: Hub, event_id: UUID) -> Consequences | None:
    """Of a link, a merge, a split, a settled doubt or a take-out, by the id of an event of it or of the decision."""
    affected = await affected_by(hub, event_id)
    if affected is None:
        return None
    streams = await read_streams(hub, family_streams(affected))
    queues = sorted((each for told in streams.values() for each in _queued(told, affected)), key=_since)
    asked: dict[UUID, datetime] = {}
    for told in streams.values():
        asked |= _asked(told, affected)
    return Consequences(
        event_id=event_id,
        decision_id=affected.decision_id,
        since=affected.span.since,
        until=affected.span.until,
        families=tuple(sorted(affected.families)),
        queues=tuple(queues),
        packs=tuple(
            InPack(each.queue, each.family_id, each.matter_id, max(each.since, asked[each.matter_id]))
            for each in queues
            if each.queue in LOCALITIES and each.matter_id in asked
        ),
        acknowledgements=tuple(each for told in streams.values() for each in _acknowledged(told, affected)),
        reveals=tuple(await _revealed(hub, affected)),
        submissions=tuple(sorted((s for told in streams.values() for s in _shown(told, affected)), key=_since)),
    )


def _since(one: Queued | Shown) -> datetime:
    return one.since


def _queued(told: list[Recorded], affected: Affected) -> Iterator[Queued]:
    """Where the matters of a family went; in a queue before the link, it counts from the link."""
    for each in told:
        if isinstance(each.event, MatterRouted) and not affected.span.is_over(each):
            queue = None if isinstance(each.event.details, Erased) else each.event.details.queue
            since = max(each.record.recorded_at, affected.span.since)
            yield Queued(each.event.matter_id, each.event.family_id, queue, since)


def _acknowledged(told: list[Recorded], affected: Affected) -> Iterator[Acknowledged]:
    agencies = {e.event.referral_id: e.record.agency for e in told if isinstance(e.event, ReferralReceived)}
    for each in told:
        if isinstance(each.event, ReferralAcknowledged) and affected.span.holds(each):
            agency = agencies.get(each.event.referral_id, each.record.agency)
            yield Acknowledged(each.event.referral_id, agency, each.record.recorded_at)


def _asked(told: list[Recorded], affected: Affected) -> dict[UUID, datetime]:
    """Matters that a referral was received for, and when the first was: without one no panel reads of it."""
    first: dict[UUID, datetime] = {}
    for each in told:
        if isinstance(each.event, ReferralReceived) and not affected.span.is_over(each):
            first.setdefault(each.event.matter_id, each.record.recorded_at)
    return first


def _shown(told: list[Recorded], affected: Affected) -> Iterator[Shown]:
    """What stood in a family at any time of the span."""
    taken_out = {e.event.submission_id: e.record.position for e in told if isinstance(e.event, SubmissionTakenOut)}
    for each in told:
        event, span = each.event, affected.span
        if not isinstance(event, ReferralReceived | InformationReceived) or span.is_over(each):
            continue
        if taken_out.get(event.submission_id, span.first + 1) > span.first:
            since = max(each.record.recorded_at, span.since)
            wrong = event.submission_id == affected.submission_id
            yield Shown(event.submission_id, event.family_id, each.record.agency, since, wrong)


async def _revealed(hub: Hub, affected: Affected) -> list[Revealed]:
    """Looks through the log of the span alone: a reveal has a stream of its own and names the one seen, in clear."""
    rows = await hub.pool.fetch(
        """SELECT id, convert_from(data, 'UTF8')::jsonb ->> 'stream_seen' AS seen, actor, recorded_at FROM log.event
           WHERE type = $1 AND position >= $2 AND ($3::bigint IS NULL OR position < $3)
             AND convert_from(data, 'UTF8')::jsonb ->> 'stream_seen' = ANY($4::text[]) ORDER BY position""",
        PersonalDataRevealed.event_name,
        affected.span.first,
        affected.span.last,
        [*family_streams(affected), *person_streams(affected)],
    )
    return [Revealed(row["id"], row["seen"], row["actor"], row["recorded_at"]) for row in rows]
