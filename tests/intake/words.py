"""Submissions in domain words, for tests of intake: an invented school, children, and what was said of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from events.basis import AgencyKind, LawfulBasis, Purpose
from events.description import Address, Adult, Birth, Identifier, IdentifierScheme, Name, Person
from events.referral import Channel
from hub.arrival import Agency, Arrival
from hub.deciders.recognising import Rules
from hub.index import Index
from hub.matching.model import shipped
from hub.submission import (
    ForReview,
    InformationKind,
    InformationReceipt,
    Referral,
    Refusal,
    Source,
    Submission,
)

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
SCHOOL = Agency(
    "SCH-199001",
    AgencyKind.SCHOOL,
    "Invented Primary",
    "199001",
    frozenset({Purpose.EARLY_HELP, Purpose.ATTENDANCE}),
    frozenset({LawfulBasis.ART6_1_E, LawfulBasis.ART9_2_H}),
)
TRUST = replace(SCHOOL, code="NHS-X9Z", kind=AgencyKind.HEALTH, title="Madeup Trust", identifier="X9Z")
INDEX = Index(b"a test's own secret".ljust(32))
RULES = Rules(shipped(), 10, 500)


def nhs(value: str) -> Identifier:
    return Identifier(scheme=IdentifierScheme.NHS_NUMBER, value=value)


def ni(value: str) -> Identifier:
    return Identifier(scheme=IdentifierScheme.NI_NUMBER, value=value)


def a_child(
    given: str | None = "Sam", family: str | None = "Inventedson", born: str | None = "2015-02-03", **more: Any
) -> Person:
    address = Address(postcode=more.pop("postcode", "PE1 9VV"))
    birth = Birth(date=born) if born else None
    return Person(name=Name(given=given, family=family), birth=birth, address=address, **more)


def an_adult(given: str = "Alex", family: str = "Inventedson", **more: Any) -> Adult:
    return Adult(name=Name(given=given, family=family), **more)


def a_referral(child: Person | None = None, **more: Any) -> Referral:
    told: dict[str, Any] = {
        "lawful_basis": (LawfulBasis.ART6_1_E,),
        "purpose": Purpose.EARLY_HELP,
        "occurred_at": NOW,
        "subject": child or a_child(),
        "concern": "Sam is missing lessons.",
    }
    return Referral(**told | more)


def a_receipt(child: Person | None = None, **more: Any) -> InformationReceipt:
    told: dict[str, Any] = {
        "lawful_basis": (LawfulBasis.ART6_1_E,),
        "purpose": Purpose.EARLY_HELP,
        "occurred_at": NOW,
        "subject": child or a_child(),
        "information": InformationKind.STATE,
        "summary": "Attendance is 80 percent.",
    }
    return InformationReceipt(**told | more)


def case(reference: str) -> Source:
    return Source(case_reference=reference)


def an_arrival(
    read: Submission | ForReview | Refusal | None = None, agency: Agency = SCHOOL, key: str | None = None
) -> Arrival:
    told = read or a_referral()
    submission_id = uuid4()
    body = told.model_dump_json().encode() if isinstance(told, Submission) else repr(told).encode()
    return Arrival(
        agency=agency,
        actor="client-1",
        channel=Channel.API,
        format="referral",
        submission_id=submission_id,
        correlation_id=submission_id,
        received_at=NOW,
        idempotency=INDEX.hex("idempotency", agency.code, key or str(uuid4())),
        fingerprint=INDEX.hex("fingerprint", body),
        read=told,
        original=body,
    )
