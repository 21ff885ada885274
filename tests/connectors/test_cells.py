from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.basis import LawfulBasis
from events.description import Answer
from hub.connectors import when
from hub.connectors.cells import CellRefused, Row
from hub.connectors.parties import is_child, year_group


def row(**cells: str) -> Row:
    return Row(1, cells)


@given(st.dates(min_value=date(1900, 1, 1), max_value=date(2100, 12, 31)))
def test_a_date_is_read_day_first(on: date) -> None:
    assert when.day(f"{on:%d/%m/%Y}") == on


@pytest.mark.parametrize(
    "text",
    ["09/04/16", "04/25/2016", "2016-04-09", "9/4/2016", "29/02/2025", "00/01/2016", "01/01/0000", "01/01/9999",
     "09.04.2016", "٠٩/٠٤/٢٠١٦", "09/04/2016 ", "soon"],
)  # fmt: skip
def test_other_dates_are_refused_by_column_and_never_shown(text: str) -> None:
    with pytest.raises(CellRefused) as fault:
        row(Date=text).day("Date")
    assert fault.value.refusal.pointer == "Date"
    assert fault.value.refusal.code == "date-format"
    assert text not in fault.value.refusal.detail


@pytest.mark.parametrize(("text", "iso"), [("2016", "2016"), ("04/2016", "2016-04"), ("29/02/2016", "2016-02-29")])
def test_a_birth_date_keeps_the_precision_given(text: str, iso: str) -> None:
    assert row(born=text).partial("born") == iso


def test_a_date_is_midnight_of_london_and_a_time_its_clock() -> None:
    assert row(d="10/07/2026").instant("d") == datetime(2026, 7, 9, 23, tzinfo=UTC)
    assert row(d="10/01/2026", t="21:40").instant("d", "t") == datetime(2026, 1, 10, 21, 40, tzinfo=UTC)
    assert row(d="10/07/2026", t="21:40").instant("d", "t") == datetime(2026, 7, 10, 20, 40, tzinfo=UTC)


@pytest.mark.parametrize("text", ["25:00", "9:30", "21:60", "noon", "01:30"])
def test_a_time_that_does_not_exist_is_refused(text: str) -> None:
    with pytest.raises(CellRefused) as fault:
        row(d="29/03/2026", t=text).instant("d", "t")  # the clocks went forward at 01:00
    assert (fault.value.refusal.code, fault.value.refusal.pointer) == ("time-format", "t")


def test_of_an_hour_that_comes_twice_the_first_is_meant() -> None:
    assert when.instant(date(2026, 10, 25), time(1, 30)) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "answer"),
    [("", Answer.NOT_KNOWN), ("No", Answer.NO), ("YES", Answer.YES), ("not asked", Answer.NOT_ASKED)],
)
def test_blank_is_not_no(text: str, answer: Answer) -> None:
    assert row(a=text).answer("a") is answer


def test_a_word_that_is_no_answer_refuses_the_row() -> None:
    with pytest.raises(CellRefused) as fault:
        row(a="maybe Ms Invented").answer("a")
    assert fault.value.refusal.code == "unknown-word"
    assert "Invented" not in fault.value.refusal.detail


@pytest.mark.parametrize(("text", "set_"), [("", False), ("no", False), ("N", False), ("yes", True), ("ask DC", True)])
def test_a_protection_marker_fails_safe(text: str, *, set_: bool) -> None:
    assert row(m=text).marker("m") is set_


def test_lawful_bases_are_the_sender_s_own_or_else_those_agreed() -> None:
    agreed = (LawfulBasis.ART6_1_E,)
    assert row(**{"Lawful basis": ""}).basis(agreed) == agreed
    told = row(**{"Lawful basis": "art6_1_c; CA2004_S11;ART6_1_C"}).basis(agreed)
    assert told == (LawfulBasis.ART6_1_C, LawfulBasis.CA2004_S11)
    with pytest.raises(CellRefused) as fault:
        row(**{"Lawful basis": "consent"}).basis(agreed)
    assert fault.value.refusal.code == "unknown-basis"


@pytest.mark.parametrize("cell", ["a\x07b", "a" * 701])
def test_a_line_that_fits_nowhere_refuses_the_row(cell: str) -> None:
    with pytest.raises(CellRefused) as fault:
        row(name=cell).line("name")
    assert (fault.value.refusal.code, fault.value.refusal.pointer) == ("bad-text", "name")


@pytest.mark.parametrize(
    ("born", "child"),
    [
        ("2008-03-09", False),
        ("2008-03-10", True),
        ("2008-03", True),
        ("2008-02", False),
        ("2008", True),
        ("2007", False),
    ],
)
def test_somebody_is_a_child_until_the_eighteenth_birthday(born: str, *, child: bool) -> None:
    assert is_child(born, date(2026, 3, 9)) is child


@pytest.mark.parametrize(
    ("text", "year"), [("Year 4", "4"), ("Reception", "R"), ("r", "R"), ("n2", "N2"), ("sixth form centre", None)]
)
def test_a_year_group_is_short(text: str, year: str | None) -> None:
    assert year_group(text) == year
