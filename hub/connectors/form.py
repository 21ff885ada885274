"""Referral form of a nursery, charity, youth or specialist support service, as CSV or JSON.

One row (or one JSON object with the same names, in a list or alone) asks for help for one child; siblings on the form
are separate people of one household. `Setting type` is `nursery`, `charity`, `youth` or `specialist support`. `Child
unborn` `yes`: the date of birth is the expected one. `Concern ticks` are the ticked boxes, parted by `;`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import BinaryIO, Final

from events.basis import LawfulBasis, Purpose
from events.description import Answer
from hub import identifiers
from hub.connectors import facts, parties
from hub.connectors.cells import Row
from hub.connectors.contract import Connector, Read
from hub.connectors.table import Once, attempt, csv_connector
from hub.submission import FileRefused, Item, Referral, Refusal, Source

# Nurseries, charities and youth services co-operate under section 10; special category data as the agreement says.
AGREED_BASIS: Final = (LawfulBasis.ART6_1_E, LawfulBasis.ART9_2_G, LawfulBasis.CA2004_S10)
MAX_JSON_BYTES: Final = 1_048_576

_ADULT: Final = ("surname", "forename", "date of birth", "relationship", "parental responsibility", "phone", "email")
_SIBLING: Final = ("surname", "forename", "date of birth", "sex", "UPN", "NHS number")

COLUMNS: Final = (
    "Reference",
    "Date",
    "Setting name",
    "Setting type",
    "Ofsted number",
    "Charity number",
    "Referrer",
    "Child surname",
    "Child forename",
    "Child middle names",
    "Child preferred forename",
    "Child date of birth",
    "Child date of birth estimated",
    "Child unborn",
    "Child sex",
    "Child ethnicity",
    "Child home language",
    "Child UPN",
    "Child NHS number",
    "Child school",
    "Address line 1",
    "Address line 2",
    "Town",
    "Postcode",
    "Restricted address",
    *(f"Adult {n} {part}" for n in (1, 2) for part in _ADULT),
    *(f"Sibling {n} {part}" for n in (1, 2, 3, 4) for part in _SIBLING),
    "Concern ticks",
    "Concern",
    "Help asked for",
    "Family agrees",
    "Urgency",
    "Lawful basis",
)
REQUIRED: Final = ("Date", "Child surname", "Child forename", "Child date of birth", "Concern")

_ADULTS: Final = ("Adult 1", "Adult 2")
_SIBLINGS: Final = ("Sibling 1", "Sibling 2", "Sibling 3", "Sibling 4")
_LONGEST_LINE: Final = 700
_WORDS: Final = {True: "yes", False: "no", None: ""}
_SETTINGS: Final = {kind: kind for kind in ("nursery", "charity", "youth", "specialist support")}


def translate(row: Row) -> Read:
    """One form as one referral: its child is the subject, the other children its siblings."""
    at = row.instant("Date")
    home = parties.address(row)
    subject = parties.child(row, "Child", home, unborn=row.answer("Child unborn") is Answer.YES)
    household = parties.adults(row, _ADULTS, home)
    if to_review := parties.review(subject, household, at, row.found(), "Child date of birth"):
        return to_review
    return Referral(
        source=Source(message_id=row.line("Reference"), organisation=_setting(row), practitioner=row.line("Referrer")),
        lawful_basis=row.basis(AGREED_BASIS),
        purpose=Purpose.EARLY_HELP,
        occurred_at=at,
        subject=subject,
        siblings=parties.children(row, _SIBLINGS, home),
        adults=household,
        facts=facts.of_text("setting", row.choice("Setting type", _SETTINGS, None)),
        concerns=row.coded("Concern ticks", "FORM_TICK"),
        concern=row.needed("Concern"),
        request=row.text("Help asked for"),
        family_agreement=row.answer("Family agrees"),
        urgency=row.urgency("Urgency"),
    )


def _setting(row: Row) -> str | None:
    """The setting's name and its registration, normalised; a wrong registration refuses nothing."""
    ofsted = row.line("Ofsted number")
    charity = row.line("Charity number")
    parts = (
        row.line("Setting name"),
        f"Ofsted {identifiers.ofsted_number(ofsted).value}" if ofsted else None,
        f"charity {identifiers.charity_number(charity).value}" if charity else None,
    )
    return ", ".join(part for part in parts if part)[:_LONGEST_LINE] or None


def _json_rows(stream: BinaryIO) -> Iterator[Row]:
    """The forms of a JSON file, at most 1 MiB: flat objects of texts, booleans, whole numbers and nulls."""
    body = stream.read(MAX_JSON_BYTES + 1)
    if len(body) > MAX_JSON_BYTES:
        raise _refused("too-large", f"More than {MAX_JSON_BYTES} bytes: send the forms as CSV")
    try:
        told = json.loads(body.decode(), object_pairs_hook=_no_twins, parse_float=_no, parse_constant=_no)
    except (ValueError, RecursionError):
        raise _refused("not-json", "The file is not UTF-8 JSON, or a name is there twice in an object") from None
    forms = told if isinstance(told, list) else [told]
    if not forms:
        raise _refused("no-rows", "The file has no form in it")
    known = {column.casefold(): column for column in COLUMNS}
    for number, form in enumerate(forms, start=1):
        yield Row(number, _cells(form, number, known))


def _cells(form: object, number: int, known: dict[str, str]) -> dict[str, str]:
    if not isinstance(form, dict):
        raise _refused("not-a-form", f"Form {number} is not an object")
    cells: dict[str, str] = {}
    for key, value in form.items():
        column = known.get(key.casefold())
        if column is None:
            continue
        if column in cells or isinstance(value, list | dict):
            raise _refused("not-a-form", f"Form {number}: each name once, and texts only", column)
        cells[column] = _WORDS[value] if value is None or isinstance(value, bool) else str(value).strip()
    if missing := [column for column in REQUIRED if column not in cells]:
        raise _refused("missing-columns", f"Form {number} lacks: {', '.join(missing)}")
    return cells


def _no_twins(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name is there twice")
    return found


def _no(name: str) -> object:
    raise ValueError(name)


def _check_json(stream: BinaryIO) -> None:
    for _ in _json_rows(stream):
        pass


def _read_json(stream: BinaryIO) -> Iterator[Item]:
    once = Once("Reference")
    for row in _json_rows(stream):
        yield Item(row.number, once.refused(row) or attempt(translate, row))


def _refused(code: str, detail: str, pointer: str = "") -> FileRefused:
    return FileRefused(Refusal(code, detail, pointer))


CONNECTOR_CSV: Final = csv_connector(
    name="form-csv",
    title="Referral form of a setting (CSV)",
    suffix=".form.csv",
    columns=COLUMNS,
    required=REQUIRED,
    translate=translate,
)
CONNECTOR_JSON: Final = Connector(
    "form-json", "Referral form of a setting (JSON)", "application/json", (".form.json",), _check_json, _read_json
)
