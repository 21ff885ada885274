"""How people, places and identifiers are described, in submissions and in events alike.

Shapes follow standards.md §2, §4 and §5: legal, preferred and former names apart; dates keep the precision given;
a bad identifier is kept as supplied and marked invalid; blank is not "no".
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from enum import StrEnum
from typing import Annotated, Final, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

_FORBIDDEN: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_PARTIAL_DATE: Final = re.compile(r"[12][0-9]{3}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?")


def _plain(text: str) -> str:
    """NFC text without control characters: PostgreSQL refuses some, terminals obey others."""
    if text.isascii() and text.isprintable():
        return text
    if _FORBIDDEN.search(text):
        raise ValueError("control characters are not allowed")
    return unicodedata.normalize("NFC", text)


def _one_line(text: str) -> str:
    text = _plain(text)
    if "\n" in text or "\r" in text or "\t" in text:
        raise ValueError("must be a single line")
    return text


Line = Annotated[str, Field(max_length=700), AfterValidator(_one_line)]
Code = Annotated[str, Field(min_length=1, max_length=64), AfterValidator(_one_line)]
Text = Annotated[str, Field(max_length=65_536), AfterValidator(_plain)]


class Words(BaseModel):
    """Base of every described thing: frozen, strict, no unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Sex(StrEnum):
    """Administrative sex or gender as supplied."""

    FEMALE = "F"
    MALE = "M"
    OTHER = "X"
    NOT_KNOWN = "U"


class Answer(StrEnum):
    """A question's four different answers: blank is not "no" (standards.md §1)."""

    YES = "YES"
    NO = "NO"
    NOT_ASKED = "NOT_ASKED"
    NOT_KNOWN = "NOT_KNOWN"


class IdentifierScheme(StrEnum):
    """National identifiers a person can carry."""

    NHS_NUMBER = "NHS_NUMBER"
    UPN = "UPN"
    FORMER_UPN = "FORMER_UPN"
    NI_NUMBER = "NI_NUMBER"
    LOCAL = "LOCAL"


class Name(Words):
    """One name of a person; any part may be missing, accents and apostrophes stay as sent."""

    family: Line | None = None
    given: Line | None = None
    middle: Line | None = None
    preferred_family: Line | None = None
    preferred_given: Line | None = None
    former_family: Line | None = None
    former_given: Line | None = None


class Birth(Words):
    """Date of birth to the precision given: `2016`, `2016-04` or `2016-04-09`."""

    date: Annotated[str, Field(max_length=10)]
    estimated: bool = False
    expected: bool = Field(default=False, description="an unborn child's expected date")

    @model_validator(mode="after")
    def _a_calendar_date(self) -> Self:
        if not _PARTIAL_DATE.fullmatch(self.date):
            raise ValueError("must be YYYY, YYYY-MM or YYYY-MM-DD")
        if len(self.date) == len("YYYY-MM-DD"):
            date.fromisoformat(self.date)
        return self


class Address(Words):
    """Where somebody lives. `restricted`: shown to nobody, in no message (safe address)."""

    lines: tuple[Line, ...] = Field(default=(), max_length=10)
    town: Line | None = None
    postcode: Annotated[Line, Field(max_length=16)] | None = None
    uprn: Annotated[str, Field(pattern=r"^[0-9]{1,12}$")] | None = None
    restricted: bool = False


class ContactPoint(Words):
    """A telephone number or e-mail address."""

    kind: Annotated[str, Field(pattern="^(phone|email)$")]
    value: Line
    restricted: bool = False


class Identifier(Words):
    """An identifier as supplied; `valid` is set by the hub from the scheme's own check rule."""

    scheme: IdentifierScheme
    value: Annotated[Line, Field(min_length=1, max_length=64)]
    valid: bool | None = None
    verified: bool | None = None


class CodedValue(Words):
    """A code never travels without its scheme; unknown codes are kept."""

    scheme: Code
    code: Code
    text: Text | None = None


class Person(Words):
    """A child, or the part common to everybody."""

    name: Name = Name()
    birth: Birth | None = None
    sex: Sex = Sex.NOT_KNOWN
    unborn: bool = False
    ethnicity: CodedValue | None = None
    language: Line | None = None
    school: Line | None = Field(default=None, description="URN, DfE number or name of the setting")
    year_group: Annotated[Line, Field(max_length=8)] | None = Field(
        default=None, description="national curriculum year; R for Reception"
    )
    address: Address | None = None
    contacts: tuple[ContactPoint, ...] = Field(default=(), max_length=20)
    identifiers: tuple[Identifier, ...] = Field(default=(), max_length=20)
    restricted: bool = Field(default=False, description="address and contacts are shown to nobody")


class Adult(Person):
    """An adult of the household or around the child."""

    relationship: Line | None = None
    parental_responsibility: Answer = Answer.NOT_KNOWN
    role: Line | None = Field(default=None, description="role in a police incident, if any")
