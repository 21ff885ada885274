from __future__ import annotations

from datetime import UTC, datetime

import pytest

from events.basis import LawfulBasis, Purpose
from events.description import Answer
from hub.connectors import police_encompass, police_ppn
from hub.connectors.police_forces import FORCES
from hub.submission import InformationKind, Urgency
from tests.connectors.reading import facts, items, receipt, referral, refusal, review, sample, table

PPN = "police-ppn-fenmarch"
ENCOMPASS = "police-encompass-fenmarch"
COLUMNS = {force.force: force for force in FORCES}
ROW = {
    "Notice reference": "PPN-1",
    "Encompass reference": "E-1",
    "Incident number": "INC-1",
    "Incident date": "28/03/2026",
    "Risk grade": "GREEN",
    "Support requested": "Family support",
    "Child 1 surname": "Invented",
    "Child 1 forename": "Robin",
    "Child 1 DOB": "09/04/2016",
}


def a_notice(**cells: str) -> bytes:
    row = ROW | {name.replace("_", " "): cell for name, cell in cells.items()}
    columns = COLUMNS["fenmarch"].ppn.columns()
    return table(columns, {name: cell for name, cell in row.items() if name in columns})


def an_encompass(**cells: str) -> bytes:
    row = ROW | {name.replace("_", " "): cell for name, cell in cells.items()}
    columns = COLUMNS["fenmarch"].encompass.columns()
    return table(columns, {name: cell for name, cell in row.items() if name in columns})


def test_each_child_of_a_notice_is_a_submission_with_the_same_incident() -> None:
    robin, sky, other = sample(PPN, "invented.police-ppn-fenmarch.csv")
    first, second = referral(robin), referral(sky)
    assert [item.number for item in (robin, sky, other)] == [1, 2, 3]
    assert (first.subject.name.given, second.subject.name.given) == ("Robin", "Sky")
    assert first.siblings == (second.subject,)
    assert second.siblings == (first.subject,)
    assert (first.source.message_id, second.source.message_id) == ("PPN-1/1", "PPN-1/2")
    assert first.source.case_reference == second.source.case_reference == "INC-77"
    assert (facts(first, "present"), facts(second, "present")) == (["yes"], ["no"])
    assert facts(first, "voice") == ["I was upstairs"]
    assert facts(second, "voice") == []


def test_a_notice_tells_roles_grade_time_and_what_is_asked() -> None:
    told = referral(sample(PPN, "invented.police-ppn-fenmarch.csv")[0])
    assert [(adult.name.given, adult.role) for adult in told.adults] == [("Ashley", "victim"), ("Jo", "perpetrator")]
    assert [adult.address for adult in told.adults] == [None, None]
    assert (facts(told, "risk-grade"), facts(told, "risk-level")) == (["Amber"], ["MEDIUM"])
    assert told.urgency is Urgency.SOON
    assert told.occurred_at == datetime(2026, 3, 28, 21, 40, tzinfo=UTC)
    assert (told.request, told.family_agreement) == ("Family support", Answer.NOT_ASKED)
    assert (told.purpose, told.lawful_basis) == (Purpose.SAFEGUARDING, police_ppn.AGREED_BASIS)


def test_a_marac_marker_restricts_everybody_in_the_notice() -> None:
    told = referral(sample(PPN, "invented.police-ppn-fenmarch.csv")[0])
    assert facts(told, "marac") == ["yes"]
    assert all(person.restricted for person in (told.subject, *told.siblings, *told.adults))
    assert told.subject.address is not None
    assert told.subject.address.restricted
    assert told.adults[0].contacts[0].restricted


@pytest.mark.parametrize("cells", [{"MARAC": "see log"}, {"Safe_address": "yes"}])
def test_protection_holds_without_an_address(cells: dict[str, str]) -> None:
    assert referral(items(PPN, a_notice(**cells))[0]).subject.restricted


def test_without_a_marker_nobody_is_restricted() -> None:
    told = referral(items(PPN, a_notice(MARAC="no", Safe_address=""))[0])
    assert not told.subject.restricted
    assert facts(told, "marac") == []


@pytest.mark.parametrize("grade", ["Purple", "", "LOW", "green?"])
def test_a_grade_that_is_not_agreed_is_for_a_person_and_never_low(grade: str) -> None:
    assert review(items(PPN, a_notice(Risk_grade=grade))[0]).reason == "unmapped-grade"


@pytest.mark.parametrize(
    ("grade", "level", "urgency"),
    [("Red", "HIGH", Urgency.URGENT), ("AMBER", "MEDIUM", Urgency.SOON), ("green", "STANDARD", Urgency.ROUTINE)],
)
def test_an_agreed_grade_is_kept_as_written_and_normalised(grade: str, level: str, urgency: Urgency) -> None:
    told = referral(items(PPN, a_notice(Risk_grade=grade))[0])
    assert (facts(told, "risk-grade"), facts(told, "risk-level"), told.urgency) == ([grade], [level], urgency)


def test_a_notice_that_asks_for_nothing_is_information() -> None:
    told = receipt(items(PPN, a_notice(Support_requested="", Circumstances="Shouting heard"))[0])
    assert (told.information, told.summary) == (InformationKind.EVENT, "Shouting heard")


def test_a_role_that_is_not_mapped_is_kept_as_written() -> None:
    told = referral(items(PPN, a_notice(Adult_1_surname="Madeup", Adult_1_role="Neighbour"))[0])
    assert [adult.role for adult in told.adults] == ["Neighbour"]


def test_another_force_has_its_own_columns_and_fixed_roles() -> None:
    columns = COLUMNS["ousedale"].ppn.columns()
    row = {
        "PPN_REF": "P-1",
        "CRIME_REF": "C-1",
        "OCCURRED_DATE": "28/03/2026",
        "ACTION_REQUESTED": "Early help",
        "DASH_LEVEL": "High",
        "CH2_SURNAME": "Madeup",
        "CH2_FORENAME": "Lee",
        "CH2_DOB": "2014",
        "VIC_SURNAME": "Madeup",
        "SUS_SURNAME": "Invented",
    }
    told = referral(items("police-ppn-ousedale", table(columns, row))[0])
    assert told.subject.name.given == "Lee"
    assert told.source.message_id == "P-1/2"
    assert [adult.role for adult in told.adults] == ["victim", "perpetrator"]


def test_a_notice_about_adults_only_is_for_a_person() -> None:
    body = a_notice(Child_1_surname="", Child_1_forename="", Child_1_DOB="", Adult_1_surname="Madeup")
    (item,) = items(PPN, body)
    assert review(item).reason == "only-adult"


def test_a_repeated_notice_is_refused_once_for_all_its_children() -> None:
    body = a_notice(Child_2_surname="Invented", Child_2_forename="Sky")
    read = items(PPN, body + body.split(b"\r\n", 1)[1])
    assert [item.number for item in read] == [1, 2, 3]
    assert refusal(read[2]).pointer == "Notice reference"


@pytest.mark.parametrize(
    ("cells", "code", "column"),
    [
        ({"Incident_date": "03/28/2026"}, "date-format", "Incident date"),
        ({"Incident_time": "9pm"}, "time-format", "Incident time"),
        ({"Incident_number": ""}, "missing-value", "Incident number"),
        ({"Notice_reference": ""}, "missing-value", "Notice reference"),
        ({"Child_1_present": "upstairs"}, "unknown-word", "Child 1 present"),
        ({"Child_1_DOB": "2030"}, "born-later", "Child 1 DOB"),
        ({"Lawful_basis": "consent"}, "unknown-basis", "Lawful basis"),
    ],
)
def test_a_notice_that_cannot_be_read_is_refused_by_its_column(cells: dict[str, str], code: str, column: str) -> None:
    refused = refusal(items(PPN, a_notice(**cells))[0])
    assert (refused.code, refused.pointer) == (code, column)


def test_the_one_sentence_kind_of_encompass_notice_is_enough() -> None:
    (item,) = sample("police-encompass-ousedale", "invented.police-encompass-ousedale.csv")
    told = receipt(item)
    assert told.summary == "Police attended a domestic abuse incident; the child was not present"
    assert (facts(told, "present"), facts(told, "welfare-check")) == (["no"], ["no"])
    assert told.occurred_at == datetime(2026, 6, 14, 22, 15, tzinfo=UTC)
    assert (told.information, told.purpose) == (InformationKind.EVENT, Purpose.OPERATION_ENCOMPASS)
    assert told.lawful_basis == police_encompass.AGREED_BASIS
    assert LawfulBasis.VPA2024 in told.lawful_basis


def test_encompass_tells_a_home_educated_child_and_blank_presence_as_not_known() -> None:
    told = receipt(items(ENCOMPASS, an_encompass(Child_1_home_educated="yes"))[0])
    assert facts(told, "home-educated") == ["yes"]
    assert facts(told, "present") == []
    assert told.summary.endswith("whether the child was present is not known")


def test_every_force_has_a_connector_for_each_notice() -> None:
    assert {connector.name for connector in (*police_ppn.CONNECTORS, *police_encompass.CONNECTORS)} == {
        f"police-{kind}-{force.force}" for kind in ("ppn", "encompass") for force in FORCES
    }


def test_no_column_of_a_force_tells_two_things() -> None:
    for force in FORCES:
        for notice in (force.ppn, force.encompass):
            assert set(notice.required()) <= set(notice.columns())
