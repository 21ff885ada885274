from __future__ import annotations

import pytest

from events.basis import LawfulBasis, Purpose
from hub.connectors import dfe_codes, school_attendance
from hub.submission import InformationKind
from tests.connectors.reading import facts, items, receipt, refusal, sample, table

NAME = "school-attendance"
ROW = {
    "Reference": "SA-1",
    "Surname": "Invented",
    "Forename": "Robin",
    "Date of birth": "09/04/2016",
    "Date": "02/03/2026",
}


def a_week(codes: str, **cells: str) -> bytes:
    return table(school_attendance.COLUMNS, ROW | {"Record": "attendance", "Attendance codes": codes} | cells)


def a_suspension(**cells: str) -> bytes:
    suspension = {"Record": "Suspension", "Category": "suspension", "Reason 1": "PP"}
    return table(school_attendance.COLUMNS, ROW | suspension | cells)


def test_the_sample_tells_a_week_and_a_suspension() -> None:
    week, suspension = (receipt(item) for item in sample(NAME, "invented.school-attendance.csv"))
    assert week.information is InformationKind.STATE
    assert week.summary == "Missed 4 of 8 possible sessions, 2 of them unauthorised"
    assert facts(week, "attendance-codes") == ["/ \\ / \\ N N I I X #"]
    assert facts(week, "until") == ["2026-03-06"]
    assert (week.purpose, week.lawful_basis) == (Purpose.ATTENDANCE, school_attendance.AGREED_BASIS)
    assert suspension.information is InformationKind.EVENT
    assert suspension.summary.startswith("Suspended: Persistent or general disruptive behaviour; Verbal abuse")
    assert facts(suspension, "sessions-lost") == ["4"]
    assert suspension.lawful_basis == (LawfulBasis.ART6_1_C, LawfulBasis.ART9_2_G)


@pytest.mark.parametrize("code", [*dfe_codes.SESSIONS])
def test_every_register_code_is_known(code: str) -> None:
    assert "not known" not in receipt(items(NAME, a_week(code))[0]).summary


@pytest.mark.parametrize(
    ("codes", "summary"),
    [
        ("/ L V", "Missed 0 of 3 possible sessions, 0 of them unauthorised"),
        ("y1 Y7 Q", "Missed 0 of 0 possible sessions, 0 of them unauthorised"),
        ("G O U N E", "Missed 5 of 5 possible sessions, 4 of them unauthorised"),
        ("H J Y /", "Missed 0 of 1 possible sessions, 0 of them unauthorised; 3 with a code that is not known"),
    ],
)
def test_sessions_are_counted_by_what_their_code_says(codes: str, summary: str) -> None:
    assert receipt(items(NAME, a_week(codes))[0]).summary == summary


def test_an_exclusion_reason_travels_with_its_scheme() -> None:
    told = receipt(items(NAME, a_suspension(**{"Reason 1": "DS", "Reason 2": "QQ", "Category": "permanent"}))[0])
    reasons = [fact.code for fact in told.facts if fact.name == "exclusion-reason"]
    assert [(code.scheme, code.code, code.text) for code in reasons if code] == [
        ("DFE_EXCLUSION_REASON", "DS", "Abuse relating to disability"),
        ("DFE_EXCLUSION_REASON", "QQ", None),
    ]
    assert told.summary == "Permanently excluded: Abuse relating to disability; QQ"


def test_a_suspension_without_a_reason_is_still_told() -> None:
    assert receipt(items(NAME, a_suspension(**{"Reason 1": ""}))[0]).summary == "Suspended"


@pytest.mark.parametrize(
    ("body", "code", "column"),
    [
        (a_week("/", Record=""), "missing-value", "Record"),
        (a_week("/", Record="detention"), "unknown-word", "Record"),
        (a_week(""), "missing-value", "Attendance codes"),
        (a_week("/ " * 181), "too-many-codes", "Attendance codes"),
        (a_suspension(Category=""), "missing-value", "Category"),
        (a_suspension(Category="fixed"), "unknown-word", "Category"),
        (a_suspension(**{"Sessions lost": "two"}), "not-a-number", "Sessions lost"),
        (a_suspension(**{"End date": "3/3/26"}), "date-format", "End date"),
    ],
)
def test_a_row_that_cannot_be_read_is_refused_by_its_column(body: bytes, code: str, column: str) -> None:
    refused = refusal(items(NAME, body)[0])
    assert (refused.code, refused.pointer) == (code, column)
