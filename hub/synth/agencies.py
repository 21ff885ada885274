"""The invented agencies: who tells the hub something, and what they are registered for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from events.basis import AgencyKind, LawfulBasis, Purpose
from hub.synth.places import AREAS, Area


@dataclass(frozen=True, slots=True)
class Agency:
    """One line for `hub agency add`. `identifier` is its URN, ODS code, Ofsted or charity number, force or office."""

    code: str
    kind: AgencyKind
    name: str
    identifier: str
    purposes: tuple[Purpose, ...]
    bases: tuple[LawfulBasis, ...]
    area: Area | None = None


@dataclass(frozen=True, slots=True)
class School(Agency):
    """A school has a DfE number too: authority (3) and establishment (4). `primary` ends after year 6."""

    establishment: str = ""
    primary: bool = True


_CARE: Final = (LawfulBasis.ART6_1_E, LawfulBasis.ART9_2_H, LawfulBasis.CA1989_S17, LawfulBasis.CA2004_S10)
_GUARD: Final = (*_CARE, LawfulBasis.ART6_1_C, LawfulBasis.ART9_2_G, LawfulBasis.CA2004_S11)
_CRIME: Final = (*_GUARD, LawfulBasis.ART10, LawfulBasis.DPA2018_P3, LawfulBasis.VPA2024)
_HELP: Final = (Purpose.EARLY_HELP, Purpose.SAFEGUARDING)
_LITTLE: Final = (*_HELP, Purpose.EARLY_SUPPORT_0_5)
_SCHOOLS: Final = (
    ("invented-primary", "Invented Primary School", True, 0),
    ("pretend-academy", "Pretend Academy", False, 0),
    ("madeupbridge-primary", "Madeupbridge Primary School", True, 1),
    ("fiction-college", "Kings Fiction College", False, 1),
    ("elyless-primary", "Elyless Primary School", True, 2),
    ("sohamish-college", "Sohamish College", False, 2),
    ("marchless-primary", "Marchless Primary School", True, 3),
    ("wisbecque-academy", "Wisbecque Academy", False, 3),
    ("huntingfiction-primary", "Huntingfiction Primary School", True, 4),
    ("nobodys-school", "St Nobody's School", False, 4),
    ("cambournish-primary", "Cambournish Primary School", True, 5),
    ("great-madeup-college", "Great Madeup Village College", False, 5),
)
SCHOOLS: Final = tuple(
    School(
        code,
        AgencyKind.SCHOOL,
        name,
        f"{199_001 + place}",
        (*_LITTLE, Purpose.ATTENDANCE, Purpose.SCHOOL_ROLL),
        _GUARD,
        AREAS[area],
        f"{9001 + place}",
        primary,
    )
    for place, (code, name, primary, area) in enumerate(_SCHOOLS)
)
NURSERY: Final = Agency(
    "madeup-nursery", AgencyKind.NURSERY, "Madeup Day Nursery", "EY999901", _LITTLE, _GUARD, AREAS[0]
)
HEALTH: Final = Agency("madeup-nhs", AgencyKind.HEALTH, "Madeup NHS Trust", "X9Z", _LITTLE, _GUARD)
POLICE: Final = tuple(
    Agency(f"{force}-police", AgencyKind.POLICE, name, force, (*_HELP, Purpose.OPERATION_ENCOMPASS), _CRIME)
    for force, name in (
        ("fenmarch", "Fenmarch Police (invented)"),
        ("ousedale", "Ousedale Constabulary (invented)"),
    )
)
JOBCENTRE: Final = Agency(
    "invented-dwp",
    AgencyKind.DWP,
    "Inventborough Jobcentre (invented)",
    "INVENTBOROUGH",
    (*_HELP, Purpose.SUPPORTING_FAMILIES),
    (LawfulBasis.ART6_1_E, LawfulBasis.ART9_2_G, LawfulBasis.CA2004_S10),
)
CHARITY: Final = Agency(
    "fictional-families", AgencyKind.CHARITY, "The Fictional Families Trust", "9999901", _LITTLE, _GUARD
)
YOUTH: Final = Agency("pretend-youth", AgencyKind.YOUTH, "Pretend Youth Service", "PRETEND-YOUTH", _HELP, _GUARD)
SPECIALIST: Final = Agency(
    "figment-support",
    AgencyKind.SPECIALIST_SUPPORT,
    "Figment Specialist Support",
    "FIGMENT-SUPPORT",
    _HELP,
    (*_GUARD, LawfulBasis.CA1989_S47),
)


def agencies() -> list[Agency]:
    """Everybody who tells something in an invented week, to be registered before it begins."""
    return [*SCHOOLS, NURSERY, HEALTH, *POLICE, JOBCENTRE, CHARITY, YOUTH, SPECIALIST]


def school_of(area: Area, *, primary: bool) -> School:
    """The school that children of a district attend."""
    return next(school for school in SCHOOLS if school.area is area and school.primary is primary)
