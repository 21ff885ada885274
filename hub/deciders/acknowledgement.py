"""Decides what an acknowledgement writes: one answer to every referral of a matter that still waits for one."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from events.envelope import Recorded
from events.identity import SubmissionTakenOut
from events.referral import ReferralAcknowledged, ReferralReceived, ReferralWithdrawn


class NoSuchMatter(Exception):
    """The family has no referral in this matter."""


def acknowledged(history: Iterable[Recorded], matter_id: UUID) -> list[ReferralAcknowledged]:
    """The answers that are missing, none if everybody has been answered. Raises `NoSuchMatter`."""
    stands: dict[UUID, ReferralReceived] = {}
    done: set[UUID] = set()
    for _, event in history:
        match event:
            case ReferralReceived() if event.matter_id == matter_id:
                stands[event.referral_id] = event
            case ReferralAcknowledged() | ReferralWithdrawn():
                done.add(event.referral_id)
            case SubmissionTakenOut():  # it was about another family, and is answered there
                stands = {key: each for key, each in stands.items() if each.submission_id != event.submission_id}
            case _:
                pass
    if not stands:
        raise NoSuchMatter
    return [
        ReferralAcknowledged(
            referral_id=event.referral_id,
            submission_id=event.submission_id,
            family_id=event.family_id,
            matter_id=event.matter_id,
        )
        for event in stands.values()
        if event.referral_id not in done
    ]
