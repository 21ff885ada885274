from __future__ import annotations

import io
import json
from datetime import UTC, datetime

import pytest

from events.basis import LawfulBasis, Purpose
from events.description import Answer, Sex
from hub.connectors.bars import CONNECTOR_JSON, CONNECTOR_XML, read_bundle
from hub.connectors.bars_reader import Node
from hub.submission import Change, FileRefused, ForReview, InformationReceipt, Referral, Refusal, Urgency
from tests.connectors.bars_messages import (
    SAMPLES,
    US,
    a_message,
    a_referral,
    a_review,
    from_json,
    from_xml,
    safeguarding,
)

FULL_REFERRAL = "bars/servicerequest-request_referral_111-to-ED.json"
ANSWER = "bars/servicerequest-response_validation.json"


@pytest.mark.parametrize(
    ("sample", "outcome"),
    [
        (FULL_REFERRAL, "only-adult"),
        (ANSWER, "only-adult"),
        ("bars/booking-request_new.json", "REC_BAD_REQUEST:invariant"),
        ("bars/http-response_validation-request.json", "REC_BAD_REQUEST:invariant"),
        ("bars/prerelease_999-to-CAS_2021.json", "REC_BAD_REQUEST:invariant"),
        ("bars/service_request_search_result.json", "REC_BAD_REQUEST:invariant"),
        ("bars/MessageDefinition_CaseTransfer.json", "REC_BAD_REQUEST:invariant"),
        ("pds/RelatedPersonBundle.json", "REC_BAD_REQUEST:invariant"),
    ],
)
def test_a_published_bundle_ends_in_a_named_outcome(sample: str, outcome: str) -> None:
    raw = (SAMPLES / sample).read_bytes()

    CONNECTOR_JSON.check(io.BytesIO(raw))
    [item] = CONNECTOR_JSON.read(io.BytesIO(raw))

    assert item.number == 1
    match item.read:
        case ForReview(reason=reason):
            assert reason == outcome
        case Refusal(code=code):
            assert code == outcome
        case submission:
            pytest.fail(f"the patients of the samples are adults: {submission}")


@pytest.mark.parametrize("sample", [*SAMPLES.glob("ukcore/*.xml"), *SAMPLES.glob("operation_outcome/*.json")])
def test_a_published_resource_that_is_no_bundle_is_refused_by_its_type(sample: object) -> None:
    path = SAMPLES / str(sample)
    connector = CONNECTOR_XML if path.suffix == ".xml" else CONNECTOR_JSON

    with path.open("rb") as stream, pytest.raises(FileRefused) as refused:
        connector.check(stream)

    assert refused.value.refusal.code == "REC_BAD_REQUEST:structure"
    assert refused.value.refusal.pointer == "/resourceType"


def test_the_published_adult_is_kept_for_a_person_to_look_at_with_concern_and_invalid_number() -> None:
    review = a_review(from_json(json.loads((SAMPLES / FULL_REFERRAL).read_bytes())))

    assert review.occurred_at == datetime(2021, 10, 13, 9, 28, tzinfo=UTC)
    assert review.found["adults"] == "Julie Jones, Jack Grayson"
    assert review.found["identifiers"] == "3478526985"
    assert "Safeguarding flag: Child at risk" in review.found["concern"]
    assert "Pathway Selected: PW818, Nosebleeds without Injury" in review.found["concern"]


def test_given_the_published_referral_were_about_a_child_then_it_is_a_referral() -> None:
    message = json.loads((SAMPLES / FULL_REFERRAL).read_bytes())
    patient = next(e["resource"] for e in message["entry"] if e["resource"]["resourceType"] == "Patient")
    patient["birthDate"] = "2014-05-04"

    referral = a_referral(from_json(message))

    assert referral.subject.name.family == "Jones"
    assert [(each.value, each.verified, each.valid) for each in referral.subject.identifiers] == [
        ("3478526985", True, None)
    ]
    assert [(each.code, each.text) for each in referral.concerns] == [("SG", "Child at risk")]
    assert referral.source.organisation == "Sender Organization (RND)"
    assert referral.source.practitioner == "Marcy BLAKE"
    assert ("flag", "Reasonable Adjustment: Adjust for needle phobia") in [(f.name, f.value) for f in referral.facts]
    assert ("consent", "Direct Care, IMPLIED") in [(f.name, f.value) for f in referral.facts]
    assert from_xml(message) == referral


def test_a_new_active_request_is_a_referral_in_canonical_words() -> None:
    message = a_message(safeguarding("702953007", "Suspected child neglect"), request={"priority": "urgent"})

    referral = a_referral(from_json(message))

    assert referral.change is Change.NEW
    assert referral.occurred_at == datetime(2026, 9, 14, 8, 30, tzinfo=UTC)
    assert referral.lawful_basis == (LawfulBasis.ART6_1_E, LawfulBasis.ART9_2_H, LawfulBasis.CA2004_S10)
    assert referral.purpose is Purpose.EARLY_HELP
    assert referral.urgency is Urgency.URGENT
    assert referral.family_agreement is Answer.NOT_KNOWN
    assert referral.source.model_dump() == {
        "system": "Made-up PAS",
        "message_id": "22222222-0000-4000-8000-000000000000",
        "case_reference": "https://trust.example/Id/case-number|case-77",
        "organisation": "Invented Community Trust (RZZ99)",
        "practitioner": "Ada Pretend",
    }
    assert referral.subject.name.model_dump(exclude_none=True) == {
        "family": "Testerly-Moss",
        "given": "Orla",
        "middle": "Fern",
    }
    assert referral.subject.sex is Sex.FEMALE
    assert referral.subject.address is not None
    assert referral.subject.address.postcode == "PE1 9VV"
    assert [each.value for each in referral.subject.contacts] == ["01632 960001"]
    assert [each.code for each in referral.concerns] == ["702953007"]
    assert referral.concern == (
        "Reason: Orla is often hungry at the clinic.\nSafeguarding flag: Suspected child neglect: 702953007"
    )
    assert {fact.name: fact.value for fact in referral.facts} == {
        "encounter-status": "triaged",
        "reply-address": "http://fhir.nhs.uk/Id/dos-service-id|2000066666",
    }


def test_the_correlation_id_of_the_door_ties_the_case_whatever_its_case() -> None:
    read = read_bundle(a_message(reason="update"), correlation_id="ABCDEF00-0000-4000-8000-000000000000")

    referral = a_referral(read)
    assert referral.change is Change.UPDATE
    assert referral.source.case_reference == "abcdef00-0000-4000-8000-000000000000"


@pytest.mark.parametrize(
    ("reason", "status", "change"),
    [
        ("new", "active", Change.NEW),
        ("update", "active", Change.UPDATE),
        ("update", "revoked", Change.WITHDRAW),
        ("delete", "revoked", Change.WITHDRAW),
        ("delete", "active", Change.WITHDRAW),
        ("update", "entered-in-error", Change.VOID),
        ("delete", "entered-in-error", Change.VOID),
    ],
)
def test_reason_and_status_say_what_becomes_of_the_case(reason: str, status: str, change: Change) -> None:
    referral = a_referral(from_json(a_message(reason=reason, status=status)))

    assert referral.change is change
    assert referral.source.case_reference
    if change is not Change.NEW:
        assert referral.occurred_at == datetime(2026, 9, 15, 10, 0, tzinfo=UTC), "when the change was sent"


@pytest.mark.parametrize(
    "message",
    [
        a_message(reason="new", status="revoked"),
        a_message(reason="new", status="draft"),
        a_message(reason="update", status="completed"),
        a_message(reason="replace"),
        a_message(event="booking-request"),
        a_message(event="booking-response"),
        a_message(event="servicerequest-response", reason="delete"),
        a_message(request={"category": [{"coding": [{"code": "validation"}]}]}),
        a_message(request={"resourceType": "Appointment"}),
        a_message() | {"type": "searchset"},
        a_message() | {"entry": []},
        {"resourceType": "Bundle", "type": "message"},
    ],
)
def test_any_other_combination_is_refused_as_a_broken_invariant(message: Node) -> None:
    read = from_json(message)

    assert isinstance(read, Refusal)
    assert read.code == "REC_BAD_REQUEST:invariant"
    assert read.pointer.startswith("/entry/0/resource")


@pytest.mark.parametrize(("version", "taken"), [("1.35.0", True), ("1.0.0-alpha", True), ("2.0.0", False), ("3", True)])
def test_a_later_major_version_is_not_supported(version: str, taken: bool) -> None:  # noqa: FBT001
    read = from_json(a_message() | {"meta": {"versionId": version}})

    assert isinstance(read, Referral) is taken
    if not taken:
        assert isinstance(read, Refusal)
        assert read.code == "REC_UNPROCESSABLE_ENTITY:not-supported"


def test_a_message_for_somebody_else_is_forbidden() -> None:
    assert isinstance(read_bundle(a_message(), ours=frozenset({"X00HUB"})), Referral), "our ODS code, in any case"
    assert isinstance(read_bundle(a_message(), ours=frozenset({"2000055555"})), Referral), "our service id"

    read = read_bundle(a_message(), ours=frozenset({"RR8"}))

    assert isinstance(read, Refusal)
    assert read.code == "REC_FORBIDDEN:forbidden"
    assert str(US["identifier"]) not in read.detail


@pytest.mark.parametrize("key", ["eventCoding", "reason"])
def test_a_header_without_its_purpose_is_told_what_it_lacks(key: str) -> None:
    message = json.loads(json.dumps(a_message()))
    del message["entry"][0]["resource"][key]

    assert from_json(message) == Refusal(
        "REC_BAD_REQUEST:required", f"the header has no {key}", f"/entry/0/resource/{key}"
    )


def test_an_answer_is_an_information_receipt_that_names_what_it_answers() -> None:
    receipt = from_json(a_message(safeguarding("836881000000105"), event="servicerequest-response"))

    assert isinstance(receipt, InformationReceipt)
    facts = {fact.name: fact.value for fact in receipt.facts}
    assert facts["in-reply-to"] == "11111111-0000-4000-8000-000000000000"
    assert facts["response"] == "ok"
    assert facts["concern"] == "836881000000105"
    assert receipt.occurred_at == datetime(2026, 9, 15, 10, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "request_",
    [
        {"subject": {"reference": "urn:uuid:99999999-0000-4000-8000-000000000000"}},
        {"subject": {"identifier": {"value": "9990000018"}}},
        {"subject": {"reference": "urn:uuid:00000000-0000-4000-8000-00000000000f"}},
    ],
)
def test_a_subject_that_is_not_a_patient_of_the_bundle_goes_to_a_person(request_: Node) -> None:
    assert a_review(from_json(a_message(request=request_))).reason == "unknown-shape"


def test_when_two_entries_claim_the_subjects_address_nobody_is_guessed() -> None:
    message = json.loads(json.dumps(a_message()))
    message["entry"].append(message["entry"][2] | {"resource": {"resourceType": "Patient", "gender": "male"}})

    assert a_review(from_json(message)).reason == "unknown-shape"


def test_a_message_that_no_clock_dates_goes_to_a_person() -> None:
    message = a_message(request={"authoredOn": "2026-09"}) | {"timestamp": "2026-09-15T10:00:00"}

    review = a_review(from_json(message))

    assert (review.reason, review.occurred_at) == ("unknown-shape", None)
    assert review.found["patient"] == "Orla Fern Testerly-Moss"


def test_a_request_dated_by_the_day_happened_from_midnight_in_london() -> None:
    referral = a_referral(from_json(a_message(request={"authoredOn": "2026-09-14"})))

    assert referral.occurred_at == datetime(2026, 9, 13, 23, 0, tzinfo=UTC)


def test_more_than_our_words_allow_is_looked_at_by_a_person_and_not_cut() -> None:
    message = a_message(request={"reasonCode": [{"text": "x" * 70_000}]})

    review = a_review(from_json(message))

    assert review.reason == "unknown-shape"
    assert review.found["message"] == "22222222-0000-4000-8000-000000000000"
