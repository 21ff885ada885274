"""The one shape every agency's information takes before the hub decides: a `Submission`.

Connectors translate an agency's own file into submissions; `POST /v1/referrals` and `POST /v1/receipts` take them as
JSON. The agency is never in the body: it comes from the token. Canonical mapping: standards.md §2.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import AwareDatetime, Field

from events.basis import LawfulBasis, Purpose
from events.description import Adult, Answer, Code, CodedValue, Line, Person, Text, Words


class Urgency(StrEnum):
    """How soon the referrer asks for an answer."""

    ROUTINE = "ROUTINE"
    SOON = "SOON"
    URGENT = "URGENT"


class InformationKind(StrEnum):
    """The three types of the DfE-funded data exchange work."""

    INVOLVEMENT = "INVOLVEMENT"
    STATE = "STATE"
    EVENT = "EVENT"


class Change(StrEnum):
    """What a referral message does to its case; history is never deleted."""

    NEW = "NEW"
    UPDATE = "UPDATE"
    WITHDRAW = "WITHDRAW"
    VOID = "VOID"


class Source(Words):
    """Who wrote it, in the sender's own terms; the agency itself comes from its credentials."""

    system: Line | None = None
    message_id: Line | None = Field(default=None, description="the sender's own reference")
    case_reference: Line | None = Field(
        default=None, description="ties several messages to one case (BaRS Correlation-ID)"
    )
    organisation: Line | None = None
    practitioner: Line | None = None


class Fact(Words):
    """One thing told: a code in its scheme, a value, or a sentence."""

    name: Code
    value: Text
    code: CodedValue | None = None


class _Told(Words):
    """What a referral and an information receipt have in common."""

    source: Source = Source()
    lawful_basis: Annotated[tuple[LawfulBasis, ...], Field(min_length=1, max_length=6)]
    purpose: Purpose
    occurred_at: AwareDatetime = Field(description="when it happened, with an offset")
    subject: Person = Field(description="the child, or unborn child, this is about")
    siblings: Annotated[tuple[Person, ...], Field(max_length=30)] = ()
    adults: Annotated[tuple[Adult, ...], Field(max_length=30)] = ()
    facts: Annotated[tuple[Fact, ...], Field(max_length=200)] = ()


class Referral(_Told):
    """An agency asks for help for a family."""

    kind: Literal["referral"] = "referral"
    change: Change = Field(default=Change.NEW, description="anything but NEW needs `source.case_reference`")
    concerns: Annotated[tuple[CodedValue, ...], Field(max_length=100)] = ()
    concern: Text = Field(description="the concern in the referrer's words")
    request: Text | None = Field(default=None, description="what is asked for")
    family_agreement: Answer = Answer.NOT_ASKED
    urgency: Urgency = Urgency.ROUTINE


class InformationReceipt(_Told):
    """An agency tells something and asks for nothing."""

    kind: Literal["information"] = "information"
    information: InformationKind
    summary: Text = Field(description="one sentence a worker can read")


Submission = Referral | InformationReceipt


@dataclass(frozen=True, slots=True)
class ForReview:
    """A person must look: nothing is lost, nothing is guessed.

    `reason` is a stable code from `REVIEW_REASONS`; `found` is what could be read (personal, sealed).
    """

    reason: str
    found: dict[str, str]
    occurred_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Refusal:
    """The sender is told no, by a stable code and the place of the fault; never with personal data.

    `pointer` is a JSON Pointer, a CSV column or an XML path.
    """

    code: str
    detail: str
    pointer: str = ""


class FileRefused(Exception):
    """The whole file is refused, before any of it is acted on."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.code)
        self.refusal = refusal


@dataclass(frozen=True, slots=True)
class Item:
    """One part of a file: its number (row or pupil, from 1) and what became of reading it."""

    number: int
    read: Submission | ForReview | Refusal


REVIEW_REASONS: dict[str, str] = {
    "only-adult": "The only person named is an adult; the child is not known",
    "no-name": "Nobody in it has a name",
    "unmapped-grade": "The risk grade is not one this force has agreed",
    "unknown-shape": "The record has a shape the connector does not know",
    "not-a-child": "The person named is an adult at the date of the concern",
    "no-family": "It could not be tied to one family",
}
