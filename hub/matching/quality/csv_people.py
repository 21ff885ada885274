"""A data set of one's own: a CSV with a truth column, so that an install can measure on people it knows.

Columns (UTF-8, comma, a header): `truth` (the same for one person), `submission` (rows described together), `role`
(`child` or `adult`), `given`, `family`; and, empty or left out where not known: `known` (`yes`: it is on the register
already), `middle`, `preferred`, `former_family`, `birth` (`YYYY`, `YYYY-MM` or a day), `estimated` (`yes`), `sex`
(`F` or `M`), `house` (`12 Invented Road`), `town`, `postcode`, `phone`, `email`, `nhs`, `upn`, `ni`, `school`,
`ethnicity`, `area`.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from pydantic import ValidationError

from events.description import Address, Adult, Birth, ContactPoint, Identifier, IdentifierScheme, Name, Person, Sex
from hub.matching.quality.told import Dataset, Submission, Told

NEEDED: Final = ("truth", "submission", "role", "given", "family")
COLUMNS: Final = frozenset(
    {*NEEDED, "known", "middle", "preferred", "former_family", "birth", "estimated", "sex", "house", "town", "postcode"}
    | {"phone", "email", "nhs", "upn", "ni", "school", "ethnicity", "area"}
)
_SCHEMES: Final = {"nhs": "NHS_NUMBER", "upn": "UPN", "ni": "NI_NUMBER"}
_GROUPS: Final = ("ethnicity", "sex", "area")

Row = dict[str, str]


class BadFile(Exception):
    """The file does not have the columns of a data set, or a row cannot be read."""


def csv_people(path: Path) -> Dataset:
    """The data set. Raises `BadFile`, which names columns and lines and nothing that stands in them."""
    with path.open(encoding="utf-8-sig", newline="") as stream:
        rows = csv.DictReader(stream)
        columns = set(rows.fieldnames or ())
        if missing := sorted(set(NEEDED) - columns):
            raise BadFile(f"columns are missing: {', '.join(missing)}")
        if unknown := sorted(columns - COLUMNS):
            raise BadFile(f"columns are not known: {', '.join(unknown)}")
        numbered = [
            (number, {key: (value or "").strip() for key, value in row.items()}) for number, row in enumerate(rows, 2)
        ]
    return Dataset(
        "csv",
        _submissions((number, row) for number, row in numbered if row.get("known") == "yes"),
        _submissions((number, row) for number, row in numbered if row.get("known") != "yes"),
        invented=False,
    )


def _submissions(rows: Iterable[tuple[int, Row]]) -> tuple[Submission, ...]:
    found: dict[str, list[Told]] = {}
    for number, row in rows:
        try:
            told = Told(_person(row), row["truth"], {kind: row[kind] for kind in _GROUPS if row.get(kind)})
        except ValidationError as fault:
            raise BadFile(f"line {number}: its {fault.title.lower()} cannot be read") from None
        found.setdefault(row["submission"], []).append(told)
    return tuple(map(tuple, found.values()))


def _person(row: Row) -> Person:
    def said(column: str) -> str | None:
        return row.get(column) or None

    kind, birth = (Adult if row["role"] == "adult" else Person), said("birth")
    lines = tuple(filter(None, (said("house"),)))
    return kind(
        name=Name(
            given=said("given"),
            family=said("family"),
            middle=said("middle"),
            preferred_given=said("preferred"),
            former_family=said("former_family"),
        ),
        birth=Birth(date=birth, estimated=row.get("estimated") == "yes") if birth else None,
        sex=Sex.FEMALE if row.get("sex") == "F" else Sex.MALE if row.get("sex") == "M" else Sex.NOT_KNOWN,
        school=said("school"),
        address=Address(lines=lines, town=said("town"), postcode=said("postcode"))
        if lines or said("postcode")
        else None,
        contacts=tuple(ContactPoint(kind=each, value=value) for each in ("phone", "email") if (value := said(each))),
        identifiers=tuple(
            Identifier(scheme=IdentifierScheme(scheme), value=value)
            for column, scheme in _SCHEMES.items()
            if (value := said(column))
        ),
    )
