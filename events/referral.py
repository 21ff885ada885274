"""Facts about what agencies told: referrals, information receipts, and the answers they got."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from pydantic import Field

from events.description import Answer, CodedValue, Words
from events.envelope import Details, Erased, Event


class ToldFact(Words):
    """One thing told: a name, a value in words, a code in its scheme."""

    name: str
    value: str
    code: CodedValue | None = None


class SourceDetails(Words):
    """Who wrote it, in the sender's own terms."""

    system: str | None = None
    message_id: str | None = None
    case_reference: str | None = None
    organisation: str | None = None
    practitioner: str | None = None


class ReferralDetails(Details):
    """What a referrer said and asked for."""

    source: SourceDetails
    concerns: tuple[CodedValue, ...] = ()
    concern: str
    request: str | None = None
    family_agreement: Answer
    urgency: str
    facts: tuple[ToldFact, ...] = ()


class ReferralReceived(Event, name="referral.received", version=1):
    """An agency asked for help for a family.

    `received_at`, where it was recorded again because it had been taken for another family's: when it came first, from
    when its sender has been waiting. None where the time of recording is that time, or the sender was answered before.
    """

    referral_id: UUID
    submission_id: UUID
    family_id: UUID
    matter_id: UUID
    subject_id: UUID
    people: tuple[UUID, ...] = Field(default=(), description="everybody named in it, the child first")
    received_at: datetime | None = None
    details: ReferralDetails | Erased


class ReferralAmended(Event, name="referral.amended", version=1):
    """The referrer sent a newer version of an earlier referral; the earlier one stays on record."""

    referral_id: UUID
    submission_id: UUID
    family_id: UUID
    matter_id: UUID
    details: ReferralDetails | Erased


class WithdrawalDetails(Details):
    """Why a referral was taken back."""

    change: str
    reason: str


class ReferralWithdrawn(Event, name="referral.withdrawn", version=1):
    """The referrer took a referral back, or said it was sent by mistake."""

    referral_id: UUID
    submission_id: UUID
    family_id: UUID
    matter_id: UUID
    details: WithdrawalDetails | Erased


class ReferralAcknowledged(Event, name="referral.acknowledged", version=1):
    """Somebody in the receiving team told the referrer that it has arrived and is being looked at."""

    referral_id: UUID
    submission_id: UUID
    family_id: UUID
    matter_id: UUID


class InformationDetails(Details):
    """What an agency told without asking for anything."""

    source: SourceDetails
    information: str
    summary: str
    facts: tuple[ToldFact, ...] = ()


class InformationReceived(Event, name="information.received", version=1):
    """An agency told something about a family and asked for nothing."""

    submission_id: UUID
    family_id: UUID
    matter_id: UUID
    subject_id: UUID
    people: tuple[UUID, ...] = ()
    details: InformationDetails | Erased


class Channel(StrEnum):
    """The door a submission came through."""

    API = "API"
    FILE = "FILE"
    FHIR = "FHIR"
    KAFKA = "KAFKA"
