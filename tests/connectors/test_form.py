from __future__ import annotations

import json

import pytest

from events.description import Answer
from tests.connectors.reading import facts, file_refused, items, referral, refusal, review, sample

FORM = {
    "Reference": "F-1",
    "Date": "06/03/2026",
    "Setting type": "charity",
    "Child surname": "Madeup",
    "Child forename": "Sky",
    "Child date of birth": "01/05/2022",
    "Concern": "Often hungry",
}


def a_form(**cells: object) -> bytes:
    return json.dumps(FORM | {name.replace("_", " "): cell for name, cell in cells.items()}).encode()


def test_the_sample_form_of_a_nursery_names_the_whole_household() -> None:
    (item,) = sample("form-csv", "invented.form.csv")
    told = referral(item)
    assert told.subject.birth is not None
    assert (told.subject.birth.date, told.subject.birth.estimated) == ("2023", True)
    assert told.subject.identifiers == ()
    assert [(child.name.given, child.birth and child.birth.date) for child in told.siblings] == [
        ("Ash", "2018-05-01"),
        ("Bo", "2020-07"),
    ]
    assert {child.address for child in told.siblings} == {told.subject.address}
    assert [adult.relationship for adult in told.adults] == ["father"]
    assert [(tick.scheme, tick.code) for tick in told.concerns] == [("FORM_TICK", "housing"), ("FORM_TICK", "money")]
    assert told.concern == '=HYPERLINK("http://example.org","see")'
    assert told.source.organisation == "Invented Nursery, Ofsted EY123456, charity 1234567"
    assert told.family_agreement is Answer.NOT_ASKED
    assert facts(told, "setting") == ["nursery"]


def test_a_json_form_is_read_like_a_row() -> None:
    read = items(
        "form-json", b"[" + a_form() + b"," + a_form(Reference=2, Child_surname=None, Child_forename="Bo") + b"]"
    )
    assert [referral(item).subject.name.given for item in read] == ["Sky", "Bo"]
    assert [referral(item).source.message_id for item in read] == ["F-1", "2"]


def test_an_unborn_child_needs_no_name_and_may_be_expected_later() -> None:
    body = a_form(Child_surname="", Child_forename="", Child_unborn=True, Child_date_of_birth="07/2026")
    told = referral(items("form-json", body)[0])
    assert told.subject.unborn
    assert told.subject.birth is not None
    assert (told.subject.birth.date, told.subject.birth.expected) == ("2026-07", True)


def test_a_form_about_an_adult_only_is_for_a_person() -> None:
    body = a_form(Child_surname="", Child_forename="", Adult_1_surname="Madeup")
    assert review(items("form-json", body)[0]).reason == "only-adult"


def test_a_reference_used_twice_refuses_the_second_form() -> None:
    read = items("form-json", b"[" + a_form() + b"," + a_form() + b"]")
    assert refusal(read[1]).code == "repeated-reference"


def test_a_wrong_word_refuses_the_form() -> None:
    assert refusal(items("form-json", a_form(Setting_type="school"))[0]).pointer == "Setting type"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "not-json"),
        (b"[]", "no-rows"),
        (b"7", "not-a-form"),
        (a_form(Concern={"text": "nested"}), "not-a-form"),
        (a_form(concern="again"), "not-a-form"),
        (a_form().replace(b'"Concern"', b'"Worry"'), "missing-columns"),
        (a_form(Reference=1.5), "not-json"),
        (b'{"Reference": 1e400}', "not-json"),
        (b'{"Reference": "1", "\\u0052eference": "2"}', "not-json"),
        (b'{"Reference": NaN}', "not-json"),
        (b'{"Reference": ' + b"9" * 5000 + b"}", "not-json"),
        (b"[" * 100_000, "not-json"),
        (b'{"a":' * 100_000, "not-json"),
        (a_form().decode().encode("utf-16"), "not-json"),
        (a_form() + b" " * 1_048_576, "too-large"),
    ],
)
def test_hostile_and_broken_files_are_refused_whole(body: bytes, code: str) -> None:
    assert file_refused("form-json", body).code == code


def test_null_is_blank() -> None:
    refused = refusal(items("form-json", a_form(Concern=None))[0])
    assert (refused.code, refused.pointer) == ("missing-value", "Concern")


def test_a_lone_surrogate_refuses_the_form() -> None:
    body = a_form(Concern="x").replace(b'"x"', b'"\\ud800"')
    assert refusal(items("form-json", body)[0]).code == "bad-text"
