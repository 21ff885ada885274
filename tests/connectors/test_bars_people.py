from __future__ import annotations

import json
from datetime import date

import pytest

from events.description import Address, Answer, Birth, ContactPoint, IdentifierScheme
from hub.connectors.bars_reader import Node
from hub.connectors.bars_times import is_adult
from hub.submission import Change, Referral
from tests.connectors.bars_messages import (
    CHILD,
    SAMPLES,
    a_message,
    a_referral,
    a_review,
    from_json,
    from_xml,
    safeguarding,
)

MOTHER: Node = {
    "resourceType": "RelatedPerson",
    "patient": {"reference": "urn:uuid:00000000-0000-4000-8000-00000000000c"},
    "relationship": [{"coding": [{"system": "http://terminology.hl7.org/CodeSystem/v3-RoleCode", "code": "MTH"}]}],
    "name": [{"family": "Testerly-Moss", "given": ["Bryony"]}],
    "telecom": [{"system": "phone", "value": "01632 960002"}, {"system": "fax", "value": "01632 960003"}],
    "address": [{"line": ["9 Hidden Lane"], "postalCode": "CB4 7CK"}],
}

IN_2024: Node = {"authoredOn": "2024-09-14T09:30:00+01:00"}  # the published periods end in 2025


def pds(sample: str) -> Node:
    found: Node = json.loads((SAMPLES / "pds" / sample).read_bytes())
    return found


def referred(*others: Node, **patient: object) -> Referral:
    return a_referral(from_json(a_message(*others, patient=CHILD | patient)))


def test_a_restricted_patient_of_pds_is_referred_without_a_trace_of_an_address() -> None:
    referral = a_referral(from_json(a_message(MOTHER, patient=pds("Sensitive_Patient.json"))))

    assert referral.subject.restricted
    assert referral.subject.address == Address(restricted=True)
    assert referral.subject.name.given == "Janet"
    assert [(each.value, each.verified) for each in referral.subject.identifiers] == [("9000000025", True)]


@pytest.mark.parametrize("whose", ["child", "mother", "bundle"])
def test_one_restricted_person_hides_the_addresses_and_numbers_of_all(whose: str) -> None:
    mark: Node = {"meta": {"security": [{"code": "R"}]}}
    patient = CHILD | {
        "contact": [{"name": {"family": "Aunt"}, "telecom": [{"system": "phone", "value": "01632 960009"}]}]
    }
    message = a_message(
        MOTHER | (mark if whose == "mother" else {}), patient=patient | (mark if whose == "child" else {})
    )

    referral = a_referral(from_json(message | (mark if whose == "bundle" else {})))

    everybody = (referral.subject, *referral.adults)
    assert len(everybody) == 3
    assert all(each.restricted and each.address == Address(restricted=True) for each in everybody)
    told = referral.model_dump_json()
    for secret in ("Invented Row", "PE1 9VV", "Hidden Lane", "CB4 7CK", "01632"):
        assert secret not in told


def test_an_unrestricted_patient_of_pds_keeps_home_address_uprn_and_contacts() -> None:
    message = a_message(patient=pds("Patient.json"), request=IN_2024)

    subject = a_referral(from_json(message)).subject

    assert subject.address == Address(
        lines=("1 Trevelyan Square", "Boar Lane", "City Centre", "Leeds", "West Yorkshire"),
        postcode="LS1 6AE",
        uprn="123456789012",
    )
    assert subject.contacts == (ContactPoint(kind="phone", value="01632960587"),), "the e-mail ended in 2022"
    assert subject.language == "French"
    assert not subject.restricted


def test_the_guardian_of_the_published_related_persons_is_an_adult_of_the_household() -> None:
    guardian: Node = pds("RelatedPersonBundle.json")["entry"][0]["resource"]  # type: ignore[index]

    [adult] = a_referral(from_json(a_message(guardian, request=IN_2024))).adults

    assert (adult.name.given, adult.name.family) == ("Jane", "Smith")
    assert adult.relationship == "Guardian of patient"
    assert adult.parental_responsibility is Answer.NOT_KNOWN
    assert [each.value for each in adult.contacts] == ["01632960587"]


@pytest.mark.parametrize(
    ("relationship", "shown", "responsibility"),
    [
        ([{"coding": [{"code": "MTH"}]}], "mother", Answer.NOT_KNOWN),
        ([{"coding": [{"code": "C", "display": "Emergency Contact"}]}], "Emergency Contact", Answer.NOT_KNOWN),
        ([{"coding": [{"code": "EP"}]}], "EP", Answer.NOT_KNOWN),
        ([{"text": "Father, has parental responsibility"}], "Father, has parental responsibility", Answer.YES),
        ([], None, Answer.NOT_KNOWN),
    ],
)
def test_a_contact_is_what_the_code_says_and_no_more(
    relationship: list[Node], shown: str | None, responsibility: Answer
) -> None:
    contact = {"relationship": relationship, "name": {"family": "Grayling", "given": ["Ned"]}}

    [adult] = referred(contact=[contact]).adults

    assert (adult.name.family, adult.relationship) == ("Grayling", shown)
    assert adult.parental_responsibility is responsibility


def test_a_contact_and_a_related_person_of_one_name_are_one_adult() -> None:
    contact = {
        "relationship": [{"coding": [{"code": "N"}]}],
        "name": {"family": "TESTERLY-MOSS", "given": ["Bryony"]},
        "telecom": [{"system": "email", "value": "bryony@example.test"}],
    }

    [adult] = referred(MOTHER, contact=[contact]).adults

    assert adult.relationship == "mother, next of kin"
    assert [each.value for each in adult.contacts] == ["01632 960002", "bryony@example.test"]


def test_a_contact_that_is_the_patient_in_person_gives_the_patients_own_numbers() -> None:
    self_contact = {
        "relationship": [{"coding": [{"code": "ONESELF"}]}],
        "telecom": [{"system": "phone", "value": "01632 960004"}],
    }

    referral = referred(contact=[self_contact])

    assert referral.adults == ()
    assert [each.value for each in referral.subject.contacts] == ["01632 960001", "01632 960004"]


def test_children_around_the_patient_are_siblings_and_grown_ones_adults() -> None:
    def related(given: str, **more: object) -> Node:
        return {"resourceType": "RelatedPerson", "name": [{"family": "Testerly", "given": [given]}]} | more

    brother = [{"coding": [{"code": "BRO"}]}]
    referral = referred(
        related("Ivo", relationship=brother),
        related("Wren", birthDate="2011"),
        related("Hal", relationship=brother, birthDate="1999-01-01"),
        related("Gone", relationship=brother, active=False),
        related("Past", relationship=brother, period={"end": "2025"}),
        related("Other", relationship=brother, patient={"reference": "urn:uuid:00000000-0000-4000-8000-00000000000f"}),
    )

    assert [each.name.given for each in referral.siblings] == ["Ivo", "Wren"]
    assert [(each.name.given, each.relationship) for each in referral.adults] == [("Hal", "BRO")]


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (
            [{"use": "usual", "family": "Common"}, {"use": "official", "family": "Legal"}],
            {"family": "Legal", "preferred_family": "Common"},
        ),
        ([{"use": "usual", "family": "Common"}, {"family": "Bare"}], {"family": "Common"}),
        (
            [{"family": "Ended", "period": {"end": "2020-01-01"}}, {"family": "Current"}],
            {"family": "Current", "former_family": "Ended"},
        ),
        (
            [{"use": "official", "family": "Now", "given": ["A"]}, {"use": "old", "family": "Then", "given": ["B"]}],
            {"family": "Now", "given": "A", "former_family": "Then", "former_given": "B"},
        ),
        (
            [{"use": "official", "family": "De la Cruz-O\u2019Brien"}, {"use": "nickname", "given": ["Zed"]}],
            {"family": "De la Cruz-O\u2019Brien", "preferred_given": "Zed"},
        ),
        ([{"use": "official", "family": "Only", "period": {"end": "2020"}}], {"family": "Only"}),
        ([{"text": "Somebody Unparted"}], {"family": "Somebody Unparted"}),
        ([{"given": ["Mononym"]}], {"given": "Mononym"}),
        ([{"family": "New\u0000born\nBaby"}], {"family": "New\ufffdborn Baby"}),
    ],
)
def test_the_name_is_chosen_as_uk_core_says(names: list[Node], expected: dict[str, str]) -> None:
    assert referred(name=names).subject.name.model_dump(exclude_none=True) == expected


@pytest.mark.parametrize(
    ("system", "code", "verified"),
    [
        ("https://fhir.hl7.org.uk/CodeSystem/UKCore-NHSNumberVerificationStatusEngland", "01", True),
        ("https://fhir.hl7.org.uk/CodeSystem/UKCore-NHSNumberVerificationStatus", "01", True),
        (
            "https://fhir.hl7.org.uk/CodeSystem/UKCore-NHSNumberVerificationStatus",
            "number-present-and-verified",
            True,
        ),
        ("https://fhir.hl7.org.uk/CodeSystem/UKCore-NHSNumberVerificationStatusEngland", "03", False),
        (None, None, None),
    ],
)
def test_every_published_way_to_say_verified_is_understood(
    system: str | None,
    code: str | None,
    verified: bool | None,  # noqa: FBT001
) -> None:
    status = {
        "url": "https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-NHSNumberVerificationStatus",
        "valueCodeableConcept": {"coding": [{"system": system, "code": code}]},
    }
    number: Node = {"system": "https://fhir.nhs.uk/Id/nhs-number", "value": "999 000 0019"}

    [identifier] = referred(identifier=[number | ({"extension": [status]} if code else {})]).subject.identifiers

    assert (identifier.scheme, identifier.value) == (IdentifierScheme.NHS_NUMBER, "999 000 0019"), "as supplied"
    assert (identifier.valid, identifier.verified) == (None, verified)


@pytest.mark.parametrize("system", ["UKCore-EthnicCategoryEngland", "UKCore-EthnicCategory"])
def test_both_systems_of_ethnic_category_are_one_scheme(system: str) -> None:
    category = {
        "url": "https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-EthnicCategory",
        "valueCodeableConcept": {
            "coding": [{"system": f"https://fhir.hl7.org.uk/CodeSystem/{system}", "code": "G", "display": "Mixed"}]
        },
    }

    ethnicity = referred(extension=[category]).subject.ethnicity

    assert ethnicity is not None
    assert (ethnicity.scheme, ethnicity.code, ethnicity.text) == ("NHS-ethnic-category", "G", "Mixed")


@pytest.mark.parametrize("given", ["2016", "2016-04", "2016-04-09"])
def test_a_birth_date_keeps_the_precision_given(given: str) -> None:
    assert referred(birthDate=given).subject.birth == Birth(date=given)


@pytest.mark.parametrize("given", ["09/04/2016", "2016-02-30", "20160409", "2126-04-09"])
def test_a_birth_date_that_cannot_be_is_told_as_sent(given: str) -> None:
    referral = referred(birthDate=given)

    assert referral.subject.birth is None
    assert ("birth-date-as-sent", given) in [(fact.name, fact.value) for fact in referral.facts]


def test_a_birth_date_some_months_ahead_is_that_of_an_unborn_child() -> None:
    subject = referred(birthDate="2027-01").subject

    assert subject.unborn
    assert subject.birth == Birth(date="2027-01", expected=True)


@pytest.mark.parametrize(
    ("born", "adult"),
    [
        ("2008-09-14", True),
        ("2008-09-15", False),
        ("2008-08", True),
        ("2008-09", False),
        ("2007", True),
        ("2008", False),
        ("2008-02-29", True),
    ],
)
def test_somebody_is_an_adult_only_when_certainly_eighteen(born: str, adult: bool) -> None:  # noqa: FBT001
    assert is_adult(Birth(date=born), date(2026, 9, 14)) is adult


def test_on_the_last_day_of_february_a_leap_child_is_not_yet_eighteen() -> None:
    assert not is_adult(Birth(date="2008-02-29"), date(2026, 2, 28))
    assert is_adult(Birth(date="2008-02-29"), date(2026, 3, 1))


def test_somebody_without_name_and_number_goes_to_a_person_unless_the_case_ties_them() -> None:
    nobody: Node = {"resourceType": "Patient", "gender": "male"}

    review = a_review(from_json(a_message(MOTHER, patient=nobody)))
    assert review.reason == "no-name"
    assert review.found["adults"] == "Bryony Testerly-Moss"

    later = a_referral(from_json(a_message(patient=nobody, reason="update")))
    assert later.change is Change.UPDATE


def test_no_safeguarding_issues_is_told_but_never_raised() -> None:
    referral = referred(safeguarding("861931000000100", "No safeguarding issues"))

    assert referral.concerns == ()
    assert "safeguarding" not in referral.concern.casefold()
    assert [fact.value for fact in referral.facts if fact.name == "safeguarding"] == [
        "No safeguarding issues: 861931000000100"
    ]


def test_flags_that_are_over_or_wrong_are_not_raised() -> None:
    referral = referred(
        safeguarding("702953007", status="inactive"),
        safeguarding("881081000000100", period={"end": "2026-09-13"}),
        safeguarding("300731000000106", status="entered-in-error"),
        safeguarding("836881000000105", period={"end": "2026-09-14"}),
        safeguarding("U"),
    )

    assert [each.code for each in referral.concerns] == ["836881000000105", "U"]
    past = [fact.code.code for fact in referral.facts if fact.name == "past-safeguarding-flag" and fact.code]
    assert past == ["702953007", "881081000000100"]


def test_conditions_notes_and_the_plan_are_told_in_the_order_of_the_message() -> None:
    referral = a_referral(
        from_json(
            a_message(
                {
                    "resourceType": "Condition",
                    "code": {"coding": [{"system": "urn:x", "code": "1", "display": "Asthma"}]},
                },
                {
                    "resourceType": "Condition",
                    "code": {"text": "Refuted thing"},
                    "verificationStatus": {"coding": [{"code": "refuted"}]},
                },
                {
                    "resourceType": "CarePlan",
                    "description": "Weekly visit",
                    "activity": [{"detail": {"description": "Weigh"}}],
                },
                request={"note": [{"text": "Second <b>note</b>"}], "reasonCode": []},
            )
        )
    )

    assert referral.concern == "Note: Second <b>note</b>\nCondition: Asthma\nPlan: Weekly visit\nPlan: Weigh"
    assert [each.code for each in referral.concerns] == ["1"]


def test_xml_says_the_same_as_json() -> None:
    messages = [
        a_message(MOTHER, safeguarding("702953007"), patient=pds("Patient.json")),
        a_message(MOTHER | {"active": False}, patient=pds("Sensitive_Patient.json")),
        a_message(event="servicerequest-response"),
        a_message(event="booking-request"),
        *(
            json.loads(path.read_bytes())
            for path in sorted(SAMPLES.glob("bars/*request*.json"))
            if "patch" not in path.name
        ),
    ]

    for message in messages:
        assert from_xml(message) == from_json(message)
