"""The people of a row: which columns tell a child, a parent, a household; and who can be the subject at all.

A prefix is the part of the column's name before the field: `Parent 1` for `Parent 1 surname`, nothing for `Surname`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Final

from events.description import (
    Address,
    Adult,
    Birth,
    CodedValue,
    ContactPoint,
    Identifier,
    IdentifierScheme,
    Name,
    Person,
    Sex,
)
from hub import identifiers
from hub.connectors import dfe_codes
from hub.connectors.cells import CellRefused, Row
from hub.connectors.when import LONDON
from hub.submission import ForReview

_ADULT_AT: Final = 18
_LONGEST_IDENTIFIER: Final = 64
_LONGEST_POSTCODE: Final = 16
_LONGEST_YEAR_GROUP: Final = 8
_SCHEMES: Final = {
    "NHS number": IdentifierScheme.NHS_NUMBER,
    "UPN": IdentifierScheme.UPN,
    "Former UPN": IdentifierScheme.FORMER_UPN,
    "NI number": IdentifierScheme.NI_NUMBER,
}
_SCHOOL: Final = ("school URN", "DfE number", "school name", "school")
SEXES: Final = {
    "f": Sex.FEMALE,
    "female": Sex.FEMALE,
    "m": Sex.MALE,
    "male": Sex.MALE,
    "x": Sex.OTHER,
    "other": Sex.OTHER,
    "u": Sex.NOT_KNOWN,
    "unknown": Sex.NOT_KNOWN,
}


def child(row: Row, prefix: str = "", home: Address | None = None, *, unborn: bool = False) -> Person:
    """The child those columns tell; nameless if they are blank."""
    ethnicity = row.line(_column(prefix, "ethnicity"))
    return Person(
        name=name(row, prefix),
        birth=birth(row, prefix, expected=unborn),
        sex=row.choice(_column(prefix, "sex"), SEXES, Sex.NOT_KNOWN),
        unborn=unborn,
        ethnicity=coded_ethnicity(ethnicity) if ethnicity else None,
        language=row.line(_column(prefix, "home language")),
        school=next(filter(None, (row.line(_column(prefix, field)) for field in _SCHOOL)), None),
        year_group=year_group(row.line(_column(prefix, "year group"))),
        address=home,
        identifiers=numbers(row, prefix),
        restricted=home is not None and home.restricted,
    )


def adult(row: Row, prefix: str = "", home: Address | None = None, relationship: str | None = None) -> Adult | None:
    """The adult those columns tell, or None if they give no name."""
    known = name(row, prefix)
    if known == Name():
        return None
    restricted = home is not None and home.restricted
    contacts = tuple(
        ContactPoint(kind=kind, value=value, restricted=restricted)
        for kind in ("phone", "email")
        if (value := row.line(_column(prefix, kind)))
    )
    return Adult(
        name=known,
        birth=birth(row, prefix),
        address=home,
        contacts=contacts,
        identifiers=numbers(row, prefix),
        restricted=restricted,
        relationship=row.line(_column(prefix, "relationship")) or relationship,
        parental_responsibility=row.answer(_column(prefix, "parental responsibility")),
    )


def adults(row: Row, prefixes: tuple[str, ...], home: Address | None = None) -> tuple[Adult, ...]:
    """Those of the adults that have a name."""
    return tuple(found for prefix in prefixes if (found := adult(row, prefix, home)))


def children(row: Row, prefixes: tuple[str, ...], home: Address | None = None) -> tuple[Person, ...]:
    """Those of the children that have a name."""
    return tuple(found for prefix in prefixes if (found := child(row, prefix, home)).name != Name())


def name(row: Row, prefix: str = "") -> Name:
    """Legal, preferred and former names, as written."""
    return Name(
        family=row.line(_column(prefix, "surname")),
        given=row.line(_column(prefix, "forename")),
        middle=row.line(_column(prefix, "middle names")),
        preferred_family=row.line(_column(prefix, "preferred surname")),
        preferred_given=row.line(_column(prefix, "preferred forename")),
        former_family=row.line(_column(prefix, "former surname")),
        former_given=row.line(_column(prefix, "former forename")),
    )


def birth(row: Row, prefix: str = "", *, expected: bool = False) -> Birth | None:
    """The date of birth to the precision given."""
    born = row.partial(_column(prefix, "date of birth"))
    estimated = row.marker(_column(prefix, "date of birth estimated"))
    return Birth(date=born, estimated=estimated, expected=expected) if born else None


def address(row: Row) -> Address | None:
    """The household's address, None if the row tells none."""
    lines = tuple(line for n in (1, 2) if (line := row.line(f"Address line {n}")))
    return home_at(lines, row.line("Town"), row.line("Postcode"), restricted=row.marker("Restricted address"))


def home_at(
    lines: tuple[str, ...], town: str | None, postcode: str | None, *, restricted: bool = False, uprn: str | None = None
) -> Address | None:
    """An address with its postcode normalised; one too odd to be a postcode is kept as a line."""
    code = identifiers.postcode(postcode).value if postcode else None
    if postcode and code and len(code) > _LONGEST_POSTCODE:
        lines, code = (*lines, postcode), None
    if not (lines or town or code or restricted or uprn):
        return None
    return Address(lines=lines, town=town, postcode=code, restricted=restricted, uprn=uprn)


def numbers(row: Row, prefix: str = "") -> tuple[Identifier, ...]:
    """The identifiers a person's columns hold, each checked by its own rule."""
    found = ((scheme, row.line(_column(prefix, field))) for field, scheme in _SCHEMES.items())
    return tuple(number(scheme, value) for scheme, value in found if value)


def number(scheme: IdentifierScheme, value: str) -> Identifier:
    """A checked identifier. What is longer than any identifier is cut: it is invalid, and the raw copy has it whole."""
    return identifiers.checked(Identifier(scheme=scheme, value=value[:_LONGEST_IDENTIFIER]))


def coded_ethnicity(code: str) -> CodedValue:
    """A DfE ethnicity; unknown codes are kept, words instead of a code too."""
    return dfe_codes.coded(dfe_codes.ETHNICITY, code[:64])


def review(
    subject: Person, others: tuple[Adult, ...], at: datetime, found: Mapping[str, str], born_column: str
) -> ForReview | None:
    """Why a person has to look before this can be about a child; None if it can.

    Raises `CellRefused` when the child is born after the day it is about and is not said to be unborn.
    """
    nameless = subject.name.family is None and subject.name.given is None and not subject.unborn
    if nameless:
        return ForReview("only-adult" if others else "no-name", dict(found), at)
    if subject.birth is None or subject.birth.expected:
        return None
    on = at.astimezone(LONDON).date()
    if _filled(subject.birth.date, (1, 1)) > (on.year, on.month, on.day):
        raise CellRefused("born-later", "The date of birth is after the date of the record", born_column)
    if not is_child(subject.birth.date, on):
        return ForReview("not-a-child", dict(found), at)
    return None


def is_child(born: str, on: date) -> bool:
    """Whether somebody born then may be under 18 that day; of a partial date the latest day counts."""
    year, month, day = _filled(born, (12, 31))
    return (year + _ADULT_AT, month, day) > (on.year, on.month, on.day)


def year_group(text: str | None) -> str | None:
    """`Year 4` is `4`, `Reception` is `R`; other words longer than a year group stay in the raw copy only."""
    if text is None:
        return None
    year = text.casefold().removeprefix("year").strip()
    if year in {"r", "reception"}:
        return "R"
    return year.upper() if 0 < len(year) <= _LONGEST_YEAR_GROUP else None


def _filled(born: str, blanks: tuple[int, int]) -> tuple[int, ...]:
    """Year, month and day, with these in place of a month and a day that are not known."""
    parts = tuple(map(int, born.split("-")))
    return parts + blanks[len(parts) - 1 :]


def _column(prefix: str, field: str) -> str:
    return f"{prefix} {field}" if prefix else field[0].upper() + field[1:]
