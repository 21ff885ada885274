from __future__ import annotations

from datetime import UTC, datetime

import pytest

from events.basis import LawfulBasis, Purpose
from events.description import Answer, IdentifierScheme
from hub.connectors import school_referral
from hub.submission import Urgency
from tests.connectors.reading import facts, items, referral, refusal, review, sample, table

NAME = "school-referral"
ROW = {
    "Reference": "SR-1",
    "Date of referral": "09/03/2026",
    "Surname": "Invented",
    "Forename": "Robin",
    "Date of birth": "09/04/2016",
    "Reason": "Missing lessons",
}


def a_form(**cells: str) -> bytes:
    return table(school_referral.COLUMNS, ROW | {name.replace("_", " "): cell for name, cell in cells.items()})


def test_the_sample_form_asks_for_help_for_one_pupil() -> None:
    (item,) = sample(NAME, "invented.school-referral.csv")
    told = referral(item)
    assert (told.subject.name.family, told.subject.name.preferred_given) == ("O\u2019Invented-Nguyễn", "Rob")
    assert told.subject.birth is not None
    assert told.subject.birth.date == "2016-04-09"
    assert told.subject.school == "100000"
    assert told.subject.year_group == "4"
    assert told.subject.address is not None
    assert told.subject.address.postcode == "PE1 9VV"
    assert [(known.scheme, known.value, known.valid) for known in told.subject.identifiers] == [
        (IdentifierScheme.NHS_NUMBER, "9000000009", True),
        (IdentifierScheme.UPN, "B801200005001", True),
    ]
    assert told.subject.ethnicity is not None
    assert told.subject.ethnicity.text == "White and Black Caribbean"
    (parent,) = told.adults
    assert (parent.name.given, parent.relationship, parent.parental_responsibility) == ("Ashley", "mother", Answer.YES)
    assert facts(told, "sen-type") == [
        "Social, emotional and mental health",
        "Speech, language and communication needs",
    ]
    assert [(concern.scheme, concern.code) for concern in told.concerns] == [("CIN_PRIMARY_NEED", "N4")]
    assert told.concern == "Robin is missing lessons.\nTired most mornings."
    assert (told.family_agreement, told.urgency) == (Answer.YES, Urgency.SOON)
    assert told.occurred_at == datetime(2026, 3, 9, tzinfo=UTC)
    assert (told.source.message_id, told.source.organisation) == ("SR-0001", "Invented Primary")
    assert (told.purpose, told.lawful_basis) == (Purpose.EARLY_HELP, school_referral.AGREED_BASIS)


@pytest.mark.parametrize("name", ["O'Brien", "O\u2019Brien", "Nguyễn", "Łódź-Şahin", "A", "李", "X Æ A-12", "N" * 700])
def test_real_names_are_kept_as_sent(name: str) -> None:
    told = referral(items(NAME, a_form(Surname=name))[0])
    assert told.subject.name.family == name


def test_a_child_may_have_one_name_only() -> None:
    assert referral(items(NAME, a_form(Surname=""))[0]).subject.name.family is None


def test_a_formula_stays_the_text_it_is() -> None:
    told = referral(items(NAME, a_form(Reason='=HYPERLINK("http://example.org")', Forename="+Robin"))[0])
    assert (told.concern, told.subject.name.given) == ('=HYPERLINK("http://example.org")', "+Robin")


@pytest.mark.parametrize("number", ["3478526985", "not known", "9.43E+09", "9" * 200])
def test_a_bad_identifier_never_rejects_a_referral(number: str) -> None:
    told = referral(items(NAME, a_form(NHS_number=number, UPN="A801200005001"))[0])
    assert [(known.value, known.valid) for known in told.subject.identifiers] == [
        (number[:64], False),
        ("A801200005001", False),
    ]


def test_a_restricted_address_is_marked_on_everybody_who_lives_there() -> None:
    home = {"Postcode": "PE1 9VV", "Restricted_address": "yes"}
    parent = {"Parent_1_surname": "Invented", "Parent_1_phone": "01632 960001"}
    told = referral(items(NAME, a_form(**home, **parent))[0])
    assert told.subject.address is not None
    assert told.subject.address.restricted
    assert told.subject.restricted
    assert told.adults[0].restricted
    assert told.adults[0].contacts[0].restricted


def test_blank_agreement_is_not_known_and_blank_urgency_routine() -> None:
    told = referral(items(NAME, a_form())[0])
    assert (told.family_agreement, told.urgency) == (Answer.NOT_KNOWN, Urgency.ROUTINE)
    assert told.adults == ()


def test_the_sender_may_name_its_lawful_basis() -> None:
    told = referral(items(NAME, a_form(Lawful_basis="CA1989_S17"))[0])
    assert told.lawful_basis == (LawfulBasis.CA1989_S17,)


def test_unknown_codes_are_kept_without_a_meaning() -> None:
    told = referral(items(NAME, a_form(Ethnicity="PAKI", Concern_codes="N12"))[0])
    assert told.subject.ethnicity is not None
    assert (told.subject.ethnicity.code, told.subject.ethnicity.text) == ("PAKI", None)
    assert (told.concerns[0].code, told.concerns[0].text) == ("N12", None)


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ({"Surname": "", "Forename": ""}, "no-name"),
        ({"Surname": "", "Forename": "", "Parent_1_surname": "Invented"}, "only-adult"),
        ({"Date_of_birth": "09/03/2008"}, "not-a-child"),
    ],
)
def test_what_is_not_surely_about_a_child_is_for_a_person(cells: dict[str, str], reason: str) -> None:
    to_review = review(items(NAME, a_form(**cells))[0])
    assert to_review.reason == reason
    assert to_review.found["Reason"] == "Missing lessons"
    assert to_review.occurred_at == datetime(2026, 3, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("cells", "code", "column"),
    [
        ({"Date_of_birth": "09/04/16"}, "date-format", "Date of birth"),
        ({"Date_of_birth": "04/19/2016"}, "date-format", "Date of birth"),
        ({"Date_of_birth": "10/03/2026"}, "born-later", "Date of birth"),
        ({"Date_of_referral": ""}, "missing-value", "Date of referral"),
        ({"Reason": " "}, "missing-value", "Reason"),
        ({"Urgency": "whenever"}, "unknown-word", "Urgency"),
        ({"Family_agrees": "ok"}, "unknown-word", "Family agrees"),
        ({"Sex": "boy"}, "unknown-word", "Sex"),
        ({"Lawful_basis": "consent"}, "unknown-basis", "Lawful basis"),
        ({"Surname": "N" * 701}, "bad-text", "Surname"),
        ({"Reason": "bell \x07"}, "bad-text", "Reason"),
        ({"SEN_type": ";".join(["OTH"] * 201)}, "bad-value", "facts"),
    ],
)
def test_a_row_that_cannot_be_read_is_refused_by_its_column(cells: dict[str, str], code: str, column: str) -> None:
    refused = refusal(items(NAME, a_form(**cells))[0])
    assert (refused.code, refused.pointer) == (code, column)
