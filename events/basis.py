"""The legal words every event carries: lawful basis, purpose, sensitivity.

Dated code lists, not constants: a basis names the law it rests on and the span in which it may be used, so that an
old event stays readable after the law has moved (Children's Wellbeing and Schools Act 2026, DUAA 2025).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final


class LawfulBasis(StrEnum):
    """Codes of the laws that let personal data be held or disclosed (domain.md §8.3)."""

    ART6_1_C = "ART6_1_C"
    ART6_1_D = "ART6_1_D"
    ART6_1_E = "ART6_1_E"
    ART9_2_C = "ART9_2_C"
    ART9_2_G = "ART9_2_G"
    ART9_2_H = "ART9_2_H"
    ART10 = "ART10"
    CA1989_S17 = "CA1989_S17"
    CA1989_S47 = "CA1989_S47"
    CA2004_S10 = "CA2004_S10"
    CA2004_S11 = "CA2004_S11"
    VPA2024 = "VPA2024"
    DPA2018_P3 = "DPA2018_P3"


class Purpose(StrEnum):
    """Why information is shared; an agency is registered for some of these."""

    EARLY_HELP = "EARLY_HELP"
    EARLY_SUPPORT_0_5 = "EARLY_SUPPORT_0_5"
    OPERATION_ENCOMPASS = "OPERATION_ENCOMPASS"
    SAFEGUARDING = "SAFEGUARDING"
    ATTENDANCE = "ATTENDANCE"
    SCHOOL_ROLL = "SCHOOL_ROLL"
    SUPPORTING_FAMILIES = "SUPPORTING_FAMILIES"


class AgencyKind(StrEnum):
    """Kinds of partner agency named in the privacy notice, with police."""

    SCHOOL = "SCHOOL"
    NURSERY = "NURSERY"
    HEALTH = "HEALTH"
    YOUTH = "YOUTH"
    SPECIALIST_SUPPORT = "SPECIALIST_SUPPORT"
    DWP = "DWP"
    POLICE = "POLICE"
    CHARITY = "CHARITY"
    COUNCIL = "COUNCIL"


@dataclass(frozen=True, slots=True)
class BasisEntry:
    """One line of the dated list: what the code means and when it may be used."""

    code: LawfulBasis
    meaning: str
    valid_from: date
    valid_until: date | None = None


BASIS_LIST: Final[tuple[BasisEntry, ...]] = (
    BasisEntry(LawfulBasis.ART6_1_C, "UK GDPR Article 6(1)(c): legal obligation", date(2021, 1, 1)),
    BasisEntry(LawfulBasis.ART6_1_D, "UK GDPR Article 6(1)(d): vital interests", date(2021, 1, 1)),
    BasisEntry(LawfulBasis.ART6_1_E, "UK GDPR Article 6(1)(e): public task", date(2021, 1, 1)),
    BasisEntry(LawfulBasis.ART9_2_C, "UK GDPR Article 9(2)(c): vital interests", date(2021, 1, 1)),
    BasisEntry(LawfulBasis.ART9_2_G, "UK GDPR Article 9(2)(g): substantial public interest", date(2021, 1, 1)),
    BasisEntry(LawfulBasis.ART9_2_H, "UK GDPR Article 9(2)(h): health or social care", date(2021, 1, 1)),
    BasisEntry(LawfulBasis.ART10, "UK GDPR Article 10: criminal offence data", date(2021, 1, 1)),
    BasisEntry(LawfulBasis.CA1989_S17, "Children Act 1989, section 17", date(1991, 10, 14)),
    BasisEntry(LawfulBasis.CA1989_S47, "Children Act 1989, section 47", date(1991, 10, 14)),
    BasisEntry(LawfulBasis.CA2004_S10, "Children Act 2004, section 10", date(2005, 4, 1)),
    BasisEntry(LawfulBasis.CA2004_S11, "Children Act 2004, section 11", date(2005, 10, 1)),
    BasisEntry(LawfulBasis.VPA2024, "Victims and Prisoners Act 2024: Operation Encompass", date(2024, 5, 24)),
    BasisEntry(LawfulBasis.DPA2018_P3, "Data Protection Act 2018, Part 3: law enforcement", date(2018, 5, 25)),
)


def meaning(code: LawfulBasis) -> str:
    """The words a person reads for a basis code."""
    return _MEANING[code]


def in_force(code: LawfulBasis, on: date) -> bool:
    """Whether a basis could be relied on at that date."""
    entry = _ENTRY[code]
    return entry.valid_from <= on and (entry.valid_until is None or on <= entry.valid_until)


_ENTRY: Final = {entry.code: entry for entry in BASIS_LIST}
_MEANING: Final = {entry.code: entry.meaning for entry in BASIS_LIST}
