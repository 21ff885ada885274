from __future__ import annotations

import codecs

import pytest

from hub.connectors import CONNECTORS, dwp, form, school_attendance, school_referral
from hub.connectors.table import MAX_ROW_BYTES
from tests.connectors.reading import SAMPLES, file_refused, items, receipt, referral, refusal, table

NAME = "school-referral"
COLUMNS = school_referral.COLUMNS
ROW = {
    "Reference": "SR-1",
    "Date of referral": "09/03/2026",
    "Surname": "Invented",
    "Forename": "Robin",
    "Date of birth": "09/04/2016",
    "Reason": "Missing lessons",
}


def test_columns_may_come_in_any_order_and_case_and_unknown_ones_are_ignored() -> None:
    header = ["SHOE SIZE", *(column.upper() for column in reversed(COLUMNS)), " "]
    body = table(header, {column.upper(): cell for column, cell in ROW.items()} | {"SHOE SIZE": "4"})
    assert referral(items(NAME, body)[0]).subject.name.given == "Robin"


def test_missing_required_columns_are_named() -> None:
    refused = file_refused(NAME, table([column for column in COLUMNS if column not in {"Surname", "Reason"}], {}))
    assert (refused.code, refused.detail) == ("missing-columns", "These columns are missing: Surname, Reason")


@pytest.mark.parametrize("name", ["school-referral", "school-attendance", "dwp", "form-csv", "police-ppn-ousedale"])
def test_another_table_is_refused_for_its_columns(name: str) -> None:
    assert file_refused(name, (SAMPLES / "school_census_addressesonroll.csv").read_bytes()).code == "missing-columns"


def test_a_header_name_that_is_there_twice_refuses_the_file() -> None:
    refused = file_refused(NAME, table([*COLUMNS, "reason "], ROW))
    assert refused.code == "doubled-columns"


def test_a_file_without_a_header_gives_none_of_its_data_away() -> None:
    refused = file_refused(NAME, b"Invented,Robin,Invented,09/04/2016\r\n")
    assert refused.code == "doubled-columns"
    assert "Invented" not in refused.detail


def test_a_ragged_row_is_refused_by_its_number() -> None:
    refused = file_refused(NAME, table(COLUMNS, ROW) + b"only,three,cells\r\n")
    assert (refused.code, refused.detail[:6]) == ("ragged-row", "Row 2 ")


def test_blank_rows_are_stepped_over_and_counted() -> None:
    body = table(COLUMNS, ROW) + b"," * (len(COLUMNS) - 1) + b"\r\n\r\n" + table(COLUMNS, ROW).split(b"\r\n", 1)[1]
    assert [item.number for item in items(NAME, body)] == [1, 4]


@pytest.mark.parametrize(("body", "code"), [(b"", "empty-file"), (table(COLUMNS), "no-rows")])
def test_a_file_with_nothing_in_it_is_refused(body: bytes, code: str) -> None:
    assert file_refused(NAME, body).code == code


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (table(COLUMNS, ROW).replace(b"Robin", b"Ro\x00bin"), "nul-byte"),
        (table(COLUMNS, ROW, encoding="utf-16"), "encoding"),
        (table(COLUMNS, ROW | {"Surname": "Invented\u00e9"}, encoding="latin-1"), "encoding"),
        (table(COLUMNS, ROW).replace(b"Robin", b"\xc0\xafRobin"), "encoding"),
        (table(COLUMNS, ROW).replace(b"Robin", b'"Robin'), "not-csv"),
        (table(COLUMNS, ROW).replace(b"Robin", b'"Ro"bin"'), "not-csv"),
        (table(COLUMNS, ROW).replace(b"\r\n", b"\r"), "not-csv"),
        (table(COLUMNS, ROW | {"Reason": "a" * 140_000}), "not-csv"),
        (table(COLUMNS, ROW) + b"," * (MAX_ROW_BYTES + 1), "row-too-long"),
        (table(COLUMNS, ROW) + b'"x\n",' * (MAX_ROW_BYTES // 4), "row-too-long"),
        (table([*COLUMNS, *(f"x{n}" for n in range(500))], ROW), "too-many-columns"),
    ],
)
def test_hostile_and_broken_files_are_refused_whole(body: bytes, code: str) -> None:
    assert file_refused(NAME, body).code == code


def test_a_byte_order_mark_is_no_part_of_the_first_column() -> None:
    assert referral(items(NAME, codecs.BOM_UTF8 + table(COLUMNS, ROW))[0]).source.message_id == "SR-1"


def test_windows_1252_is_read_where_it_is_agreed_unless_a_mark_says_utf8() -> None:
    row = {"Reference": "1", "Date": "09/03/2026", "NI number": "", "Surname": "Zoë", "Reason": "Rent"}
    row |= {"Child 1 surname": "Zoë", "Child 1 forename": "Siân"}
    told = receipt(items("dwp", table(dwp.COLUMNS, row, encoding="windows-1252"))[0])
    assert (told.subject.name.family, told.subject.name.given) == ("Zoë", "Siân")
    marked = codecs.BOM_UTF8 + table(dwp.COLUMNS, row, encoding="windows-1252")
    assert file_refused("dwp", marked).code == "encoding"


def test_a_reference_used_twice_refuses_the_second_row() -> None:
    first, second, third = items(NAME, table(COLUMNS, ROW, ROW, ROW | {"Reference": "SR-2"}))
    assert referral(first).source.message_id == "SR-1"
    assert (refusal(second).code, refusal(second).pointer) == ("repeated-reference", "Reference")
    assert referral(third).source.message_id == "SR-2"


def test_rows_without_a_reference_have_none_and_do_not_repeat() -> None:
    read = items(NAME, table(COLUMNS, ROW | {"Reference": ""}, ROW | {"Reference": " "}))
    assert [referral(item).source.message_id for item in read] == [None, None]


def test_one_bad_row_does_not_take_the_others_with_it() -> None:
    read = items(NAME, table(COLUMNS, ROW, ROW | {"Reference": "2", "Date of birth": "04/25/2016"}))
    assert referral(read[0]).subject.birth is not None
    assert refusal(read[1]).pointer == "Date of birth"


def test_no_csv_connector_asks_for_a_column_it_does_not_name() -> None:
    for module in (school_referral, school_attendance, dwp, form):
        assert set(module.REQUIRED) <= set(module.COLUMNS)
        assert len(set(module.COLUMNS)) == len(module.COLUMNS)


def test_every_connector_is_listed_under_its_own_name_with_its_own_suffix() -> None:
    assert all(connector.name == name for name, connector in CONNECTORS.items())
    suffixes = [suffix for connector in CONNECTORS.values() for suffix in connector.suffixes]
    assert len(set(suffixes)) == len(suffixes)
