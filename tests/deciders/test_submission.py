from __future__ import annotations

from datetime import timedelta

import pytest

from events.basis import LawfulBasis, Purpose
from events.description import Birth, Name, Person
from events.family import LinkDetails, MatterRouted, PersonLinked, RouteDetails
from events.person import PersonDetails, PersonRecorded
from events.referral import ReferralAmended, ReferralReceived, ReferralWithdrawn
from events.submission import ReviewDetails, ReviewRaised, SubmissionRefused
from hub.arrival import Outcome
from hub.matching.known import Known
from hub.submission import Change, ForReview, Refusal, Submission
from tests.deciders.deciding import decided, names
from tests.intake.words import (
    NOW,
    RULES,
    TRUST,
    a_child,
    a_receipt,
    a_referral,
    an_adult,
    an_arrival,
    case,
    nhs,
)

VALID_NHS = "9000000009"


def test_a_first_referral_opens_a_family_and_says_where_it_goes() -> None:
    decision = decided(an_arrival(a_referral(adults=(an_adult(),))), Known())
    assert decision.outcome is Outcome.ACCEPTED
    assert names(decision) == [
        "submission.accepted",
        "family.opened",
        "matter.opened",
        "family.person_linked",
        "person.recorded",
        "family.person_linked",
        "person.recorded",
        "matter.routed",
        "referral.received",
    ]


def test_every_personal_event_is_sealed_under_the_person_or_the_matter() -> None:
    decision = decided(an_arrival(a_referral(adults=(an_adult(),))), Known())
    assert decision.household is not None
    for draft in decision.drafts:
        match draft.event:
            case PersonRecorded(person_id=person):
                assert draft.key_id == person
            case PersonLinked() | MatterRouted() | ReferralReceived():
                assert draft.key_id == decision.household.matter_id
            case _:
                assert draft.event.details_type is None


def test_a_second_agency_with_the_same_nhs_number_joins_the_family_and_says_how() -> None:
    known = Known()
    first = decided(an_arrival(a_referral(a_child(identifiers=(nhs(VALID_NHS),)))), known)
    again = a_receipt(a_child("Samuel", "Inventedson-Madeupova", "2015-03-02", identifiers=(nhs("900 000 0009"),)))
    second = decided(an_arrival(again, TRUST), known)
    assert second.household is not None
    assert first.household is not None
    assert second.household.family_id == first.household.family_id
    assert names(second) == [
        "submission.accepted",
        "family.person_linked",
        "person.recorded",
        "information.received",
    ]
    [link] = [draft.event.details for draft in second.drafts if isinstance(draft.event, PersonLinked)]
    assert isinstance(link, LinkDetails)
    assert link.method == "PROBABILISTIC"
    assert link.score is not None
    assert link.model == RULES.model.sha256
    assert any(reason.startswith("NHS number is valid and the same") for reason in link.reasons)


def test_the_same_description_again_records_nobody_again() -> None:
    known = Known()
    decided(an_arrival(), known)
    assert names(decided(an_arrival(a_receipt()), known)) == ["submission.accepted", "information.received"]


@pytest.mark.parametrize("wrong", ["9000000000", "3478526985"])
def test_a_wrong_nhs_number_rejects_nothing_and_matches_nobody(wrong: str) -> None:
    known = Known()
    first = decided(an_arrival(a_referral(a_child("Sam", identifiers=(nhs(wrong),)))), known)
    second = decided(an_arrival(a_referral(a_child("Kim", identifiers=(nhs(wrong),)))), known)
    assert first.outcome is second.outcome is Outcome.ACCEPTED
    assert first.household is not None
    assert second.household is not None
    assert first.household.family_id != second.household.family_id
    [recorded] = [d.event for d in first.drafts if isinstance(d.event, PersonRecorded)]
    assert isinstance(recorded.details, PersonDetails)
    assert [(i.value, i.valid) for i in recorded.details.person.identifiers] == [(wrong, False)]


def test_accents_case_and_apostrophes_do_not_hide_an_equal_name() -> None:
    known = Known()
    first = decided(an_arrival(a_referral(a_child("Zoë", "O’Fictional"))), known)  # noqa: RUF001 - as a school sends it
    second = decided(an_arrival(a_referral(a_child("ZOE", "o'fictional", postcode="pe19vv"))), known)
    assert first.household is not None
    assert second.household is not None
    assert first.household.people == second.household.people


def test_an_adult_as_subject_is_for_a_person() -> None:
    decision = decided(an_arrival(a_referral(a_child(born="1990-01-01"))), Known())
    [raised] = [d.event for d in decision.drafts if isinstance(d.event, ReviewRaised)]
    assert isinstance(raised.details, ReviewDetails)
    assert raised.details.reason == "not-a-child"
    assert raised.details.found["given name"] == "Sam"


def test_eighteen_is_reached_on_the_birthday() -> None:
    day_before = a_referral(a_child(born="2008-11-26"))
    birthday = a_referral(a_child(born="2008-11-25"))
    assert decided(an_arrival(day_before), Known()).outcome is Outcome.ACCEPTED
    assert decided(an_arrival(birthday), Known()).outcome is Outcome.REVIEW


def test_nobody_named_is_for_a_person_but_an_unborn_child_is_not_nobody() -> None:
    nobody = a_referral(a_child(given=None, family=None))
    unborn = a_referral(Person(unborn=True, birth=Birth(date="2027-04", expected=True), name=Name()))
    assert decided(an_arrival(nobody), Known()).code == "no-name"
    assert decided(an_arrival(unborn), Known()).outcome is Outcome.ACCEPTED


@pytest.mark.parametrize(
    ("told", "code", "pointer"),
    [
        (a_referral(purpose=Purpose.SAFEGUARDING), "purpose-not-agreed", "/purpose"),
        (
            a_referral(lawful_basis=(LawfulBasis.ART6_1_E, LawfulBasis.ART10)),
            "basis-not-agreed",
            "/lawful_basis/1",
        ),
        (a_referral(occurred_at=NOW + timedelta(days=2)), "date-in-future", "/occurred_at"),
        (a_referral(a_child(born="2026-12-25")), "date-in-future", "/subject/birth/date"),
        (
            a_referral(adults=(an_adult(birth=Birth(date="2030-01-01")),)),
            "date-in-future",
            "/adults/0/birth/date",
        ),
        (a_referral(change=Change.WITHDRAW), "case-reference-missing", "/source/case_reference"),
        (
            a_referral(change=Change.WITHDRAW, source=case("never heard of")),
            "case-not-known",
            "/source/case_reference",
        ),
    ],
)
def test_a_refusal_names_the_fault_and_its_place(told: Submission, code: str, pointer: str) -> None:
    decision = decided(an_arrival(told), Known())
    assert (decision.outcome, decision.code, decision.pointer) == (Outcome.REFUSED, code, pointer)
    [refused] = [d.event for d in decision.drafts if isinstance(d.event, SubmissionRefused)]
    assert refused.code == code
    assert decision.detail


def test_an_update_amends_and_a_withdrawal_withdraws_the_referral_of_that_case() -> None:
    known = Known()
    first = decided(an_arrival(a_referral(source=case("C-1"))), known)
    update = decided(an_arrival(a_referral(change=Change.UPDATE, source=case("C-1"))), known)
    gone = decided(an_arrival(a_referral(change=Change.VOID, source=case("C-1"))), known)
    other = decided(an_arrival(a_referral(change=Change.VOID, source=case("C-1")), TRUST), known)
    [received] = [d.event for d in first.drafts if isinstance(d.event, ReferralReceived)]
    [amended] = [d.event for d in update.drafts if isinstance(d.event, ReferralAmended)]
    [withdrawn] = [d.event for d in gone.drafts if isinstance(d.event, ReferralWithdrawn)]
    assert received.referral_id == amended.referral_id == withdrawn.referral_id
    assert other.code == "case-not-known", "another agency's case is not this one's to change"


def test_only_the_first_referral_of_a_matter_is_routed_and_receipts_are_not() -> None:
    known = Known()
    told = decided(an_arrival(a_receipt()), known)
    first = decided(an_arrival(), known)
    second = decided(an_arrival(), known)
    assert "matter.routed" not in names(told)
    [routed] = [d.event for d in first.drafts if isinstance(d.event, MatterRouted)]
    assert isinstance(routed.details, RouteDetails)
    assert (routed.details.queue, routed.details.reason) == ("MASG_CENTRAL", "Lives in PE1")
    assert "matter.routed" not in names(second)


@pytest.mark.parametrize("told", [ForReview("unmapped-grade", {"grade": "PURPLE"}), Refusal("bad-date", "…", "DOB")])
def test_what_a_connector_could_not_read_keeps_its_outcome(told: ForReview | Refusal) -> None:
    decision = decided(an_arrival(told), Known())
    assert decision.outcome is (Outcome.REVIEW if isinstance(told, ForReview) else Outcome.REFUSED)
