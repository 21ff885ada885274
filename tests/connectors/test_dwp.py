from __future__ import annotations

import pytest

from events.basis import Purpose
from events.description import IdentifierScheme
from hub.connectors import dwp
from hub.submission import InformationKind
from tests.connectors.reading import facts, items, receipt, refusal, review, sample, table

NAME = "dwp"
ROW = {
    "Reference": "D-1",
    "Date": "05/03/2026",
    "NI number": "AB123456C",
    "Surname": "Invented",
    "Forename": "Ashley",
    "Child 1 surname": "Invented",
    "Child 1 forename": "Robin",
    "Child 1 date of birth": "09/04/2016",
    "Reason": "Rent arrears",
}


def a_list(**cells: str) -> bytes:
    return table(dwp.COLUMNS, ROW | {name.replace("_", " "): cell for name, cell in cells.items()})


def test_the_sample_in_windows_1252_tells_of_a_claimant_s_children() -> None:
    told = receipt(sample(NAME, "invented.dwp.csv")[0])
    (claimant,) = told.adults
    assert claimant.name.family == "Inventé"
    assert claimant.relationship == "claimant"
    assert [(known.scheme, known.value, known.valid) for known in claimant.identifiers] == [
        (IdentifierScheme.NI_NUMBER, "AB123456C", True)
    ]
    assert told.subject.name.given == "Robin"
    assert told.subject.identifiers == ()
    assert [(child.name.given, child.birth and child.birth.date) for child in told.siblings] == [("Sky", "2019")]
    assert (told.information, told.purpose) == (InformationKind.STATE, Purpose.SUPPORTING_FAMILIES)
    assert facts(told, "concern") == ["Housing"]
    assert facts(told, "children-in-household") == ["2"]
    assert told.summary == "Rent arrears of three months"


def test_a_claimant_without_a_named_child_is_for_a_person() -> None:
    to_review = review(sample(NAME, "invented.dwp.csv")[1])
    assert to_review.reason == "only-adult"
    assert to_review.found["NI number"] == "QQ123456A"


@pytest.mark.parametrize(("number", "valid"), [("QQ123456A", False), ("AB123456", None), ("none held", False)])
def test_a_wrong_or_incomplete_ni_number_is_kept_and_not_relied_on(number: str, *, valid: bool | None) -> None:
    (claimant,) = receipt(items(NAME, a_list(NI_number=number))[0]).adults
    assert [(known.value, known.valid) for known in claimant.identifiers] == [(number, valid)]


def test_the_kind_may_be_involvement() -> None:
    told = receipt(items(NAME, a_list(Kind="Involvement"))[0])
    assert told.information is InformationKind.INVOLVEMENT


@pytest.mark.parametrize(
    ("cells", "code", "column"),
    [
        ({"Reference": ""}, "missing-value", "Reference"),
        ({"Date": "03/25/2026"}, "date-format", "Date"),
        ({"Date_of_birth": "1/2/90"}, "date-format", "Date of birth"),
        ({"Concern": "other"}, "unknown-word", "Concern"),
        ({"Kind": "event"}, "unknown-word", "Kind"),
        ({"Children": "two"}, "not-a-number", "Children"),
        ({"Reason": ""}, "missing-value", "Reason"),
    ],
)
def test_a_row_that_cannot_be_read_is_refused_by_its_column(cells: dict[str, str], code: str, column: str) -> None:
    refused = refusal(items(NAME, a_list(**cells))[0])
    assert (refused.code, refused.pointer) == (code, column)
