"""What a MASG panel needs to know of each waiting family: where the matter was sent, and everything that was told.

Both tables follow the family's own stream. Names are joined when the pack is put together (`packing.pack`).
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from uuid import UUID

from events.envelope import Erased, Recorded
from events.family import MatterRouted
from events.referral import InformationReceived, ReferralAmended, ReferralReceived, ReferralWithdrawn
from projections.projection import Operation, Projection, Put, Table
from projections.sealed import kept

# Keyed by matter and not by locality: a matter sent elsewhere leaves the pack it was in.
ROUTE = Table(
    "route",
    (
        ("matter_id", "uuid"),
        ("family_id", "uuid"),
        ("locality", "text"),
        ("reason", "text"),
        ("event_id", "uuid"),
        ("position", "bigint"),
    ),
    indexes=("(locality)",),
)
TOLD = Table(
    "told",
    (
        ("event_id", "uuid"),
        ("family_id", "uuid"),
        ("matter_id", "uuid"),
        ("submission_id", "uuid"),
        ("referral_id", "uuid"),
        ("subject_id", "uuid"),
        ("kind", "text"),
        ("agency", "text"),
        ("basis", "text"),
        ("purpose", "text"),
        ("occurred_at", "timestamptz"),
        ("recorded_at", "timestamptz"),
        ("position", "bigint"),
        ("details", "text"),
        ("erased_since", "timestamptz"),
    ),
    indexes=("(family_id, position)",),
    append_only=True,
)
PANEL_PACK = Projection("panel_pack", 2, (ROUTE, TOLD))


class Told(StrEnum):
    """What an agency told, as a row keeps it."""

    REFERRAL = "REFERRAL"
    AMENDMENT = "AMENDMENT"
    WITHDRAWAL = "WITHDRAWAL"
    INFORMATION = "INFORMATION"


@PANEL_PACK.on(MatterRouted)
def matter_routed(event: MatterRouted, recorded: Recorded) -> Iterable[Operation]:
    """An erased route belongs to no panel."""
    place = (None, None) if isinstance(event.details, Erased) else (event.details.queue, event.details.reason)
    yield Put(ROUTE, (event.matter_id, event.family_id, *place, recorded.record.id, recorded.record.position))


@PANEL_PACK.on(ReferralReceived)
def referral_received(event: ReferralReceived, recorded: Recorded) -> Iterable[Operation]:
    """An agency asked for help."""
    yield _told(event, recorded, Told.REFERRAL, event.referral_id, event.subject_id)


@PANEL_PACK.on(ReferralAmended)
def referral_amended(event: ReferralAmended, recorded: Recorded) -> Iterable[Operation]:
    """The panel reads the newest version and is told that there was another."""
    yield _told(event, recorded, Told.AMENDMENT, event.referral_id, None)


@PANEL_PACK.on(ReferralWithdrawn)
def referral_withdrawn(event: ReferralWithdrawn, recorded: Recorded) -> Iterable[Operation]:
    """A withdrawn referral waits for no panel."""
    yield _told(event, recorded, Told.WITHDRAWAL, event.referral_id, None)


@PANEL_PACK.on(InformationReceived)
def information_received(event: InformationReceived, recorded: Recorded) -> Iterable[Operation]:
    """What was told before, or beside, is a previous contact."""
    yield _told(event, recorded, Told.INFORMATION, None, event.subject_id)


def _told(
    event: ReferralReceived | ReferralAmended | ReferralWithdrawn | InformationReceived,
    recorded: Recorded,
    kind: Told,
    referral_id: UUID | None,
    subject_id: UUID | None,
) -> Put:
    record = recorded.record
    details, erased_since = kept(event)
    received_at = event.received_at if isinstance(event, ReferralReceived) else None
    return Put(
        TOLD,
        (
            record.id,
            event.family_id,
            event.matter_id,
            event.submission_id,
            referral_id,
            subject_id,
            kind.value,
            record.agency,
            record.basis,
            record.purpose,
            record.occurred_at,
            received_at or record.recorded_at,
            record.position,
            details,
            erased_since,
        ),
    )
