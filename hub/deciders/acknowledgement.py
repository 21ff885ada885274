"""Decides what an acknowledgement writes: one answer to every referral of a matter that still waits for one."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from events.envelope import Recorded
from events.referral import ReferralAcknowledged, ReferralReceived, ReferralWithdrawn


class NoSuchMatter(Exception):
    """The family has no referral in this matter."""


def acknowledged(history: Iterable[Recorded], matter_id: UUID) -> list[ReferralAcknowledged]:
    """The answers that are missing, none if everybody has been answered. Raises `NoSuchMatter`."""
    waiting: dict[UUID, ReferralAcknowledged] = {}
    known = False
    for _, event in history:
        match event:
            case ReferralReceived() if event.matter_id == matter_id:
                known = True
                waiting[event.referral_id] = ReferralAcknowledged(
                    referral_id=event.referral_id,
                    submission_id=event.submission_id,
                    family_id=event.family_id,
                    matter_id=event.matter_id,
                )
            case ReferralAcknowledged() | ReferralWithdrawn():
                waiting.pop(event.referral_id, None)
            case _:
                pass
    if not known:
        raise NoSuchMatter
    return list(waiting.values())
